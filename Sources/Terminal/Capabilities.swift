import CNcurses
package import Console

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// What this terminal can do, found without starting curses and without writing a byte to it.
package struct Capabilities: Equatable, Sendable {
    /// The console can run here.
    package var isUsable: Bool { why == nil }
    /// Why it can't, and what to do; nil where it can.
    package var why: String?
    /// `TERM` as the environment has it.
    package var term: String
    /// The terminfo entry in use: another than `term` where a better one of the same family is known to fit.
    package var entry: String
    /// Colours of that entry, 0 where it has none; `noColor` is not yet counted in.
    package var colors: Int
    /// `NO_COLOR` is set and not empty.
    package var noColor: Bool
    /// The locale encodes as UTF-8; where not, nothing but ASCII is written.
    package var isUTF8: Bool
    /// The locale in force, `C` where the environment names none or one that this machine lacks.
    package var locale: String
    package var columns: Int
    package var rows: Int
    package var isTmux: Bool
    /// Over SSH.
    package var isRemote: Bool
    /// Standard output is a terminal too; where it isn't, `nines | tee` may want plain lines.
    package var isOutputTerminal: Bool

    /// Private modes (`CSI ?`) may be sent.
    var isANSI: Bool
    /// Ends curses mode, from terminfo.
    var leave: String

    /// Which glyphs to draw with; the user's own wish for ASCII is stronger than the locale.
    package func glyphs(ascii: Bool?) -> GlyphSet { isUTF8 && ascii != true ? .unicode : .ascii }

    /// Milliseconds to wait for the rest of a key's sequence: more where bytes travel far.
    package var escapeDelay: Int { isRemote || isTmux ? 100 : 50 }

    /// The family of terminals that take a title and the clipboard's OSC 52.
    var isXtermLike: Bool {
        let families = ["xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "wezterm", "ghostty", "st-"]
        return isANSI && families.contains { entry.hasPrefix($0) }
    }
}

/// Reads what the terminal can do from the environment, terminfo and the terminal itself.
///
/// Not while a console runs.
package func capabilities(environment: [String: String]) -> Capabilities {
    let terminal = openTerminal()
    defer { if let terminal { close(terminal) } }
    return capabilities(environment: environment, terminal: terminal, color: .auto)
}

func capabilities(
    environment: [String: String],
    terminal: Int32?,
    color: TerminalOptions.Color
) -> Capabilities {
    func value(_ name: String) -> String { environment[name] ?? "" }
    let term = value("TERM")
    let (entry, facts) = terminfo(term, wantsColor: wantsFullColor(environment, color))
    let locale = characterLocale(environment)
    let size = terminal.flatMap(terminalSize) ?? (columns: 80, rows: 24)
    return Capabilities(
        why: obstacle(term: term, facts: facts, hasTerminal: terminal != nil),
        term: term,
        entry: entry,
        colors: Int(facts.colors),
        noColor: !value("NO_COLOR").isEmpty,
        isUTF8: cnc_locale_is_utf8(locale),
        locale: locale,
        columns: size.columns,
        rows: size.rows,
        isTmux: !value("TMUX").isEmpty,
        isRemote: !value("SSH_CONNECTION").isEmpty,
        isOutputTerminal: isatty(STDOUT_FILENO) == 1,
        isANSI: facts.is_ansi,
        leave: withUnsafeBytes(of: facts.leave) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    )
}

private func obstacle(term: String, facts: cnc_terminal, hasTerminal: Bool) -> String? {
    let plain = "run it in a terminal, or use its plain commands (nines status)"
    if !hasTerminal { return "no console: this is not a terminal; \(plain)" }
    if term.isEmpty { return "no console: TERM is not set; try TERM=xterm-256color" }
    if term == "dumb" { return "no console: TERM=dumb has no cursor; \(plain)" }
    if !facts.is_known {
        return "no console: this machine has no terminfo entry for TERM=\(term); try TERM=xterm-256color"
    }
    if !facts.can_place_cursor { return "no console: TERM=\(term) cannot place the cursor; \(plain)" }
    return nil
}

private func describe(_ term: String) -> cnc_terminal {
    var facts = cnc_terminal()
    cnc_describe(term, &facts)
    return facts
}

/// The entry to use for a `TERM`: itself, or its relative with 256 colours where the terminal is known to have them, or
/// the family's own where this machine has never heard of a newer member (`xterm-kitty` on an old server).
private func terminfo(_ term: String, wantsColor: Bool) -> (String, cnc_terminal) {
    guard !term.isEmpty, term != "dumb" else { return (term, cnc_terminal()) }
    let facts = describe(term)
    if facts.is_known {
        let richer = term + "-256color"
        if wantsColor, facts.can_place_cursor, facts.colors < 256, case let other = describe(richer), other.is_known {
            return (richer, other)
        }
        return (term, facts)
    }
    for family in ["xterm", "tmux", "screen"] where term.hasPrefix(family + "-") {
        let relative = family + "-256color"
        if case let other = describe(relative), other.is_known { return (relative, other) }
    }
    return (term, facts)
}

private func wantsFullColor(_ environment: [String: String], _ color: TerminalOptions.Color) -> Bool {
    switch color {
    case .full: true
    case .never, .sixteen: false
    case .auto: ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    }
}

/// The locale for characters that the environment asks for, or `C.UTF-8` where it asks for UTF-8 in a language that
/// this machine lacks (usual over SSH).
private func characterLocale(_ environment: [String: String]) -> String {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
    guard let name = names.first(where: { !$0.isEmpty }) else { return "C" }
    if cnc_locale_is_utf8(name) { return name }
    let codeset = name.lowercased().filter { $0 != "-" }
    return codeset.hasSuffix("utf8") && cnc_locale_is_utf8("C.UTF-8") ? "C.UTF-8" : "C"
}
