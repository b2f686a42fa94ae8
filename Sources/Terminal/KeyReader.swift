import Console

/// What ncurses read, before it means anything.
enum KeyInput: Equatable {
    /// A Unicode scalar that is no part of a known sequence.
    case scalar(UInt32)
    case key(Key)
    case pasteBegin, pasteEnd
}

/// Turns what ncurses read into keys: gathers pastes, and sees that a torn escape sequence presses nothing.
///
/// Over a slow link `ESC` and `OA` may come apart; as three keys, `A` would be a command. So after a lone ESC what looks
/// like the rest of a sequence is swallowed. A value: times are milliseconds that the caller hands in.
struct KeyReader {
    private enum State {
        case ready
        /// ESC was read; what follows in the same batch tells what it is.
        case escape
        /// A lone ESC was reported as a key at this time.
        case afterEscape(Int64)
        /// Inside the rest of a torn sequence since this time.
        case controlSequence(Int64, parameters: [UInt32])
        /// Bytes still to swallow.
        case swallow(Int64, count: Int)
        case paste(Int64)
    }

    /// How long the rest of a sequence is waited for after its last byte, in milliseconds.
    static let patience: Int64 = 150
    /// A paste whose end never comes is over after so many milliseconds of silence.
    static let pastePatience: Int64 = 1000
    /// Scalars kept of one paste.
    static let longestPaste = 65_536

    private var state = State.ready
    private var pasted: [Unicode.Scalar] = []

    /// When `idle` has something to do; nil when it has not.
    var deadline: Int64? {
        if case .paste(let last) = state { return last + Self.pastePatience }
        return nil
    }

    mutating func read(_ input: KeyInput, at time: Int64) -> [Key] {
        if case .paste = state { return readPasted(input, at: time) }
        switch input {
        case .pasteBegin:
            let before = endBatch(at: time)
            beginPaste(at: time)
            return before
        case .pasteEnd:
            return endBatch(at: time)
        case .key(let key):
            let before = endBatch(at: time)
            state = .ready
            return before + [key]
        case .scalar(let scalar):
            return readScalar(scalar, at: time)
        }
    }

    /// Nothing more is waiting: an ESC that stands last was the key.
    mutating func endBatch(at time: Int64) -> [Key] {
        guard case .escape = state else { return [] }
        state = .afterEscape(time)
        return [.escape]
    }

    /// Gives up on a paste that has been silent for too long.
    mutating func idle(at time: Int64) -> [Key] {
        guard let deadline, time >= deadline else { return [] }
        return endPaste()
    }

    private mutating func readScalar(_ scalar: UInt32, at time: Int64) -> [Key] {
        switch state {
        case .escape:
            // Another sequence than terminfo knows, read in one piece: no key of ours.
            if beginsSequence(scalar, at: time) { return [] }
            return endBatch(at: time) + readScalar(scalar, at: time)
        case .afterEscape(let last) where time - last <= Self.patience:
            if beginsSequence(scalar, at: time) { return [] }
        case .swallow(let last, let count) where time - last <= Self.patience:
            state = count > 1 ? .swallow(time, count: count - 1) : .ready
            return []
        case .controlSequence(let last, let parameters) where time - last <= Self.patience:
            continueSequence(scalar, after: parameters, at: time)
            return []
        default: break
        }
        state = scalar == 0x1B ? .escape : .ready
        return key(scalar).map { [$0] } ?? []
    }

    private mutating func beginsSequence(_ scalar: UInt32, at time: Int64) -> Bool {
        switch scalar {
        case UInt32(UInt8(ascii: "O")): state = .swallow(time, count: 1)
        case UInt32(UInt8(ascii: "[")): state = .controlSequence(time, parameters: [])
        default: return false
        }
        return true
    }

    /// ECMA-48: parameters and intermediates are 0x20 to 0x3F, the final byte is 0x40 to 0x7E.
    private mutating func continueSequence(_ scalar: UInt32, after parameters: [UInt32], at time: Int64) {
        switch scalar {
        case 0x20...0x3F where parameters.count < 32:
            state = .controlSequence(time, parameters: parameters + [scalar])
        case UInt32(UInt8(ascii: "~")) where parameters.elementsEqual("200".utf8.map(UInt32.init)):
            beginPaste(at: time)
        case UInt32(UInt8(ascii: "M")) where parameters.isEmpty:
            // The old mouse report: button, column and row follow, one byte each.
            state = .swallow(time, count: 3)
        default:
            state = .ready
        }
    }

    private mutating func beginPaste(at time: Int64) {
        pasted = []
        state = .paste(time)
    }

    private mutating func endPaste() -> [Key] {
        state = .ready
        return [.paste(String(String.UnicodeScalarView(pasted)))]
    }

    private mutating func readPasted(_ input: KeyInput, at time: Int64) -> [Key] {
        state = .paste(time)
        switch input {
        case .pasteEnd: return endPaste()
        case .key(.enter): take("\n")
        case .key(.tab): take("\t")
        case .scalar(0x0A), .scalar(0x0D): take("\n")
        case .scalar(0x09): take("\t")
        case .scalar(let value):
            if let scalar = Unicode.Scalar(value), !isControl(scalar) { take(scalar) }
        case .key, .pasteBegin: break
        }
        return []
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if pasted.count < Self.longestPaste { pasted.append(scalar) }
    }

    /// The key of a scalar that stands alone; nil for ESC, which is not yet a key, and for what we have no use for.
    private func key(_ scalar: UInt32) -> Key? {
        switch scalar {
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x08, 0x7F: return .backspace
        case 0x01...0x1A: return .control(Character(Unicode.Scalar(UInt8(scalar) + 0x60)))
        default:
            guard let scalar = Unicode.Scalar(scalar), !isControl(scalar) else { return nil }
            return .character(Character(scalar))
        }
    }
}

/// Controls of ASCII and of Latin-1: to a terminal they are orders, not text.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
}
