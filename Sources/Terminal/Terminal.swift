package import Console

/// The one edge that owns ncurses: the screen, the keyboard, and giving the terminal back.
///
/// It draws the frames of a `Screenplay` and hands it keys and messages. It knows no pane, no engine and no theme file,
/// starts no task, and never waits for a terminal that stopped reading.

/// What the loop draws and feeds: the console, or a test's stand-in.
package protocol Screenplay {
    /// What a key asks for; `now` is UTC milliseconds since 1970.
    mutating func handle(_ key: Key, now: Int64) -> [Effect]
    mutating func frame(size: Size, now: Int64) -> Frame
    /// Returns what the message asks of the terminal.
    mutating func receive(_ message: Message) -> [Effect]
    /// The theme's name: when it changes, styles are asked for again.
    var theme: String { get }
    /// While true there is no tick, and snapshots draw nothing.
    var isFrozen: Bool { get }
}

/// What reaches the console from elsewhere in the program.
package enum Message: Sendable {
    case snapshot(EngineSnapshot)
    case reply(CommandReply)
    /// The engine is gone; `at` is UTC milliseconds since 1970.
    case lost(reason: String, at: Int64)
}

/// Why the console closed.
package enum StopReason: Equatable, Sendable {
    /// The user asked.
    case quit
    /// SIGTERM, SIGINT or SIGHUP.
    case signal(Int32)
    /// The terminal was closed under us.
    case terminalGone
    /// The program asked, through the mailbox.
    case asked(String)
}

/// How one role looks.
package struct ScreenStyle: Equatable, Sendable {
    /// Index in the 256-colour palette (below 16: the terminal's own ANSI colours); -1 is the terminal's default.
    package var foreground: Int
    package var background: Int
    package var bold: Bool
    package var dim: Bool
    package var underline: Bool
    package var reverse: Bool

    package init(
        foreground: Int = -1,
        background: Int = -1,
        bold: Bool = false,
        dim: Bool = false,
        underline: Bool = false,
        reverse: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.bold = bold
        self.dim = dim
        self.underline = underline
        self.reverse = reverse
    }
}

/// What the user wants of the terminal, beyond what the terminal can do.
package struct TerminalOptions: Sendable {
    package enum Color: String, CaseIterable, Sendable {
        case auto, never
        case sixteen = "16"
        case full = "256"
    }
    package var color: Color
    /// True writes nothing but ASCII, whatever the locale; nil and false write what the locale allows.
    package var ascii: Bool?
    package var environment: [String: String]
    package var mouse: Bool
    /// Where standard error goes while the console owns the terminal, appended.
    ///
    /// Nil keeps it aside and repeats it when the screen is closed. A standard error that is no terminal stays as it is.
    package var errorLog: String?

    package init(
        color: Color = .auto,
        ascii: Bool? = nil,
        environment: [String: String],
        mouse: Bool = true,
        errorLog: String? = nil
    ) {
        self.color = color
        self.ascii = ascii
        self.environment = environment
        self.mouse = mouse
        self.errorLog = errorLog
    }
}

/// Why there can be no console; the program has its plain line mode then.
package enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The terminal can't show a console; nothing was written to it.
    case unusable(String)
    /// A call of the operating system failed.
    case system(doing: String, code: Int32)

    package var description: String {
        switch self {
        case .unusable(let why): why
        case .system(let doing, let code): "\(doing): \(errorText(code))"
        }
    }
}
