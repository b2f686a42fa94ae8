import CNcurses
import Console

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The keyboard and the mouse, as ncurses reads them.
extension Screen {
    /// Everything that ncurses has to give now, and whether that was anything at all: some of it means nothing to us.
    func keys() -> (inputs: [KeyInput], isAny: Bool) {
        var inputs: [KeyInput] = []
        var isAny = false
        while inputs.count < 4096 {
            var value: wint_t = 0
            switch wget_wch(cnc_keyboard(), &value) {
            case OK: inputs.append(.scalar(UInt32(truncatingIfNeeded: value)))
            case KEY_CODE_YES: if let input = special(Int32(truncatingIfNeeded: value)) { inputs.append(input) }
            default: return (inputs, isAny)
            }
            isAny = true
        }
        return (inputs, isAny)
    }

    private func special(_ code: Int32) -> KeyInput? {
        switch code {
        case KEY_UP: .key(.up)
        case KEY_DOWN: .key(.down)
        case KEY_LEFT: .key(.left)
        case KEY_RIGHT: .key(.right)
        case KEY_PPAGE: .key(.pageUp)
        case KEY_NPAGE: .key(.pageDown)
        case KEY_HOME: .key(.home)
        case KEY_END: .key(.end)
        case KEY_BTAB: .key(.backTab)
        case KEY_BACKSPACE: .key(.backspace)
        case KEY_ENTER: .key(.enter)
        case KEY_MOUSE: mouse()
        case Int32(CNC_KEY_PASTE_BEGIN): .pasteBegin
        case Int32(CNC_KEY_PASTE_END): .pasteEnd
        default: nil
        }
    }

    private func mouse() -> KeyInput? {
        var column: Int32 = 0
        var row: Int32 = 0
        switch Int(cnc_mouse_event(&column, &row)) {
        case Int(CNC_CLICK): return .key(.click(column: Int(column), row: Int(row)))
        case Int(CNC_WHEEL_UP): return .key(.wheel(up: true))
        case Int(CNC_WHEEL_DOWN): return .key(.wheel(up: false))
        default: return nil
        }
    }
}
