import CNcurses
import Console

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The terminal in curses mode: owns ncurses from `init` to `close`.
///
/// One at a time, on the main thread.
@MainActor
final class Screen {
    let terminal: Int32
    /// Readable when a signal came.
    let signals: Int32
    private(set) var outlet: Outlet
    private(set) var size: Size

    private let abilities: Capabilities
    private let asciiOnly: Bool
    private let depth: ColorDepth
    private let errors: ErrorStream?
    private var pairs: [Pair: Int16] = [:]
    private var looks: [Role: Look] = [:]
    private var shown: Frame?
    private var shownTheme: String?
    private var shownTitle: String?
    private var hasPushedTitle = false
    /// The terminal is the shell's again.
    private var hasLeft = false

    private struct Pair: Hashable {
        var foreground: Int
        var background: Int
    }

    init(options: TerminalOptions) throws(TerminalError) {
        let descriptor = openTerminal()
        abilities = capabilities(environment: options.environment, terminal: descriptor, color: options.color)
        guard let descriptor, abilities.why == nil else {
            if let descriptor { closeDescriptor(descriptor) }
            throw .unusable(abilities.why ?? "no console: this is not a terminal")
        }
        terminal = descriptor
        outlet = Outlet(terminal: descriptor)
        size = Size(columns: abilities.columns, rows: abilities.rows)
        asciiOnly = abilities.glyphs(ascii: options.ascii) == .ascii
        depth = ColorDepth(terminalColors: abilities.colors, noColor: abilities.noColor, wish: options.color)
        cnc_set_character_locale(abilities.locale)
        signals = cnc_guard_begin(descriptor, Self.restore(abilities))
        guard signals >= 0 else {
            let code = errno
            closeDescriptor(descriptor)
            throw .system(doing: "cannot read the terminal's modes", code: code)
        }
        cnc_guard_arm(true)
        guard cnc_open(abilities.entry, descriptor) else {
            cnc_guard_cooked()
            cnc_guard_end()
            closeDescriptor(descriptor)
            throw .unusable("no console: ncurses does not start on TERM=\(abilities.entry); try TERM=xterm-256color")
        }
        cnc_guard_learn_raw()
        errors = ErrorStream(log: options.errorLog)
        prepareKeyboard(mouse: options.mouse)
        prepareColors()
        resize(to: size)
        enter()
    }

    private func prepareKeyboard(mouse: Bool) {
        set_escdelay(Int32(abilities.escapeDelay))
        cnc_define_keys()
        if mouse { cnc_mouse_on() }
    }

    private func prepareColors() {
        // Without start_color ncurses sends no colour sequence at all, not even the one that resets them.
        guard depth != .mono else { return }
        start_color()
        if use_default_colors() != OK { assume_default_colors(COLOR_WHITE, COLOR_BLACK) }
    }

    private static func restore(_ abilities: Capabilities) -> String {
        guard abilities.isANSI else { return abilities.leave }
        return abilities.leave + Escapes.restore + (abilities.isXtermLike ? Escapes.popTitle : "")
    }

    /// What ncurses does not switch on by itself.
    private func enter() {
        if abilities.isXtermLike, !hasPushedTitle { outlet.put(Escapes.pushTitle) }
        hasPushedTitle = true
        shownTitle = nil
        if abilities.isANSI { outlet.put(Escapes.pasteOn) }
        shown = nil
    }

    /// Leaves curses mode, as far as the terminal still takes bytes.
    private func leave() {
        cnc_leave()
        collect()
        if abilities.isANSI { outlet.put(Escapes.pasteOff) }
        if abilities.isXtermLike { outlet.put(Escapes.popTitle) }
        hasPushedTitle = false
        outlet.send(patience: 500)
        cnc_guard_cooked()
        cnc_guard_arm(false)
        hasLeft = true
    }

    /// Gives the terminal back as it was found.
    func close() {
        if !hasLeft { leave() }
        cnc_guard_end()
        errors?.close()
        cnc_close()
        closeDescriptor(terminal)
    }

    /// Stops the program as Ctrl-Z does elsewhere; returns when it goes on.
    func suspend() {
        leave()
        cnc_guard_stop_job()
        cnc_guard_forget_signal(SIGCONT)
        // A stopped job that is told to end is in the background: to touch the terminal would stop it once more.
        if !cnc_guard_is_ending() { takeBack() }
    }

    /// Takes the terminal again after the program was stopped.
    func takeBack() {
        hasLeft = false
        cnc_guard_arm(true)
        cnc_guard_raw()
        enter()
        fitTerminal()
        cnc_repaint_all()
    }

    /// Forgets what the terminal shows: the next frame is sent whole.
    func repaintAll() {
        shown = nil
        cnc_repaint_all()
    }

    /// Takes over the terminal's size where it has changed.
    func fitTerminal() {
        guard let (columns, rows) = terminalSize(terminal) else { return }
        let now = Size(columns: columns, rows: rows)
        guard now != size else { return }
        resize(to: now)
    }

    private func resize(to size: Size) {
        self.size = size
        resizeterm(Int32(size.rows), Int32(size.columns))
        repaintAll()
    }

    func send() {
        collect()
        outlet.send()
    }

    func ringBell() { outlet.put(Escapes.bell) }

    /// Too long a text rings the bell instead.
    func copy(_ text: String) {
        guard abilities.isXtermLike else { return ringBell() }
        if let sequence = Escapes.copy(text, isTmux: abilities.isTmux) { outlet.put(sequence) } else { ringBell() }
    }

    func notify(_ text: String) {
        guard abilities.isXtermLike else { return }
        outlet.put(Escapes.notify(text, isTmux: abilities.isTmux))
    }

    private func collect() {
        let size = cnc_output_size()
        guard size > 0 else { return }
        outlet.put(
            [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                count = cnc_output_take(buffer.baseAddress, size)
            }
        )
    }
}

// MARK: - Drawing

extension Screen {
    /// Sends what differs from the frame before; nothing where nothing does.
    func show(_ frame: Frame, theme: String, styles: (String) -> [Role: ScreenStyle]) {
        if theme != shownTheme {
            shownTheme = theme
            shown = nil
            resolve(styles(theme))
        }
        guard frame != shown, !hasLeft else { return }
        draw(frame)
        place(frame.cursor)
        collect()
        wnoutrefresh(cnc_screen())
        doupdate()
        let changed = cnc_output_size() > 0
        if changed, abilities.isANSI { outlet.put(Escapes.beginFrame) }
        collect()
        if changed, abilities.isANSI { outlet.put(Escapes.endFrame) }
        if abilities.isXtermLike, frame.title != shownTitle {
            shownTitle = frame.title
            outlet.put(Escapes.title(frame.title, asciiOnly: asciiOnly))
        }
        shown = frame
        outlet.send()
    }

    private func draw(_ frame: Frame) {
        let old = shown?.size == frame.size ? shown?.rows : nil
        for row in 0..<size.rows {
            let runs = row < frame.rows.count ? frame.rows[row] : []
            if let old, row < old.count, old[row] == runs { continue }
            draw(runs, row: row)
        }
    }

    private func draw(_ runs: [Run], row: Int) {
        let screen = cnc_screen()
        wmove(screen, Int32(row), 0)
        var column = 0
        for run in runs where column < size.columns {
            apply(run.role)
            let (text, cells) = CellText.clip(run.text, to: size.columns - column, asciiOnly: asciiOnly)
            // ERR after the last cell of the screen, which is drawn all the same.
            waddnstr(screen, text, -1)
            column += cells
        }
        guard column < size.columns else { return }
        apply(.text)
        waddnstr(screen, String(repeating: " ", count: size.columns - column), -1)
    }

    private func place(_ cursor: (column: Int, row: Int)?) {
        curs_set(cursor == nil ? 0 : 1)
        guard let cursor else { return }
        let column = min(max(cursor.column, 0), size.columns - 1)
        let row = min(max(cursor.row, 0), size.rows - 1)
        wmove(cnc_screen(), Int32(row), Int32(column))
    }

    private func resolve(_ styles: [Role: ScreenStyle]) {
        let base = styles[.text] ?? ScreenStyle()
        looks = styles.mapValues { depth.look(of: $0, over: base) }
    }

    private func apply(_ role: Role) {
        guard let look = looks[role] ?? looks[.text] else { return cnc_set_style(0, 0) }
        var flags = 0
        if look.bold { flags |= CNC_BOLD }
        if look.dim { flags |= CNC_DIM }
        if look.underline { flags |= CNC_UNDERLINE }
        if look.reverse { flags |= CNC_REVERSE }
        cnc_set_style(Int32(flags), pair(look))
    }

    /// The colour pair of a look; 0, the terminal's own colours, where ncurses has no more.
    private func pair(_ look: Look) -> Int16 {
        guard depth != .mono, look.foreground >= 0 || look.background >= 0 else { return 0 }
        let wanted = Pair(foreground: look.foreground, background: look.background)
        if let known = pairs[wanted] { return known }
        let number = Int16(pairs.count + 1)
        // A pair that failed would be drawn as the terminal's black on black.
        let isMade = init_pair(number, Int16(wanted.foreground), Int16(wanted.background)) == OK
        pairs[wanted] = isMade ? number : 0
        return isMade ? number : 0
    }
}
