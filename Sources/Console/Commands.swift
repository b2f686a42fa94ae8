/// The nine panes, by the digit that focuses them.
enum Pane: Int, CaseIterable, Sendable {
    case latency = 1
    case success, cost, budget, providers, events, requests, spend, alerts

    var title: String {
        switch self {
        case .latency: "p95 latency"
        case .success: "success rate"
        case .cost: "cost per request"
        case .budget: "error budget left"
        case .providers: "providers"
        case .events: "what happened"
        case .requests: "requests"
        case .spend: "spend by feature"
        case .alerts: "alerts"
        }
    }

    var shortTitle: String {
        switch self {
        case .latency: "p95"
        case .success: "success"
        case .cost: "cost"
        case .budget: "budget"
        case .spend: "spend"
        default: title
        }
    }

    var isHeadline: Bool { rawValue <= 4 }
}

/// Everything that a key can ask for.
enum Command: String, CaseIterable, Sendable {
    case help, breakPrimary, bypass, drill, abort, open, back, nextPane, previousPane, pane, up, down, left, right
    case pageUp, pageDown, first, last, filter, follow, clear, acknowledge, mute, copy, shorter, longer, auto, freeze,
        theme, redraw
    case suspend, quit, cache, palette
    case note, todo, decide, undo, skip, hold, roles, find, closeFinding, side, speed, dashboard
}

/// One row of the table that drives the keys, the footer and the help.
struct CommandEntry: Sendable {
    enum Section: String, CaseIterable, Sendable {
        case look = "Look", act = "Act", move = "Move", program = "Program", drill = "In a drill"
    }

    let command: Command
    let section: Section
    let keys: [Key]
    /// The keys as they are written: `Enter z`.
    let label: String
    /// One or two words for the footer.
    let word: String
    let help: String

    static let all = everywhere + inDrill

    /// On the drill's screen these come first.
    private static let inDrill: [CommandEntry] = [
        entry(.note, .drill, ["n"], "n", "note", "a note for the journal, stamped when the key is pressed"),
        entry(.todo, .drill, ["t"], "t", "todo", "something to follow up"),
        entry(.decide, .drill, ["c"], "c", "decision", "what was decided"),
        entry(.find, .drill, ["F"], "F", "finding", "something to mend: what, which kind, whose, until when"),
        entry(.closeFinding, .drill, ["x"], "x", "close finding", "the marked finding is mended; then y closes it"),
        entry(.undo, .drill, ["u"], "u", "undo", "take the last answer back, as a correction"),
        entry(.skip, .drill, ["s"], "s", "skip", "leave this step out, with a reason"),
        entry(.hold, .drill, ["H"], "H", "hold", "the lead holds the drill, or goes on; the clock doesn't stop"),
        entry(.roles, .drill, ["r"], "r", "roles", "take a role: lead, operator, scribe; or give your name"),
        entry(
            .side,
            .drill,
            [.tab, .backTab],
            "Tab",
            "more",
            "live figures, stop rules, measured, findings, history in turn; before a drill: the history in full"
        ),
        entry(.speed, .drill, ["f"], "f", "speed", "in the demo: thirty minutes, or five"),
        entry(.dashboard, .drill, ["v"], "v", "dashboard", "back to the panes; the drill goes on"),
    ]

    private static let everywhere: [CommandEntry] = [
        entry(.help, .look, ["?"], "?", "help", "this page"),
        entry(
            .pane,
            .look,
            Pane.allCases.map { .character(Character(String($0.rawValue))) },
            "1-9",
            "pane",
            "focus a pane; the same digit again opens it in full"
        ),
        entry(.open, .look, [.enter, "z"], "Enter z", "open", "the focused pane in full; on a row: its details"),
        entry(.back, .look, [.escape], "Esc", "back", "close, clear the filter, go back; never quits, never acts"),
        entry(
            .filter,
            .look,
            ["/"],
            "/",
            "filter",
            "show only requests that hold a text in any column; ! at its head turns it round"
        ),
        entry(.follow, .look, ["f"], "f", "follow", "back to the newest request"),
        entry(.shorter, .look, ["-"], "-", "shorter", "figures and curves over a shorter window"),
        entry(.longer, .look, ["+", "="], "+ =", "window", "figures and curves over a longer window"),
        entry(
            .auto,
            .look,
            ["0"],
            "0",
            "auto",
            "back to the window of the objectives; the curves cover the time since the start"
        ),
        entry(.freeze, .look, ["p", " "], "p Space", "freeze", "hold the display still; counting goes on"),
        entry(.theme, .look, ["t"], "t", "theme", "choose the colours, with a preview; Esc puts back what was"),
        entry(.palette, .look, [":"], ":", "command", "every command by its name: a few letters, then Enter"),
        entry(.cache, .look, ["C"], "C", "cache", "hit rate, what it saved, what is served offline, deferred requests"),
        entry(.copy, .look, ["y"], "y", "copy", "the selected row to the clipboard of your terminal"),
        entry(
            .bypass,
            .act,
            ["b"],
            "b",
            "bypass",
            "the router out of the way, or back in: shows the effect, then y does it"
        ),
        entry(
            .breakPrimary,
            .act,
            ["x"],
            "x",
            "break the primary",
            "the demo's own switch: break the simulated primary, or mend it"
        ),
        entry(
            .drill,
            .act,
            ["d"],
            "d",
            "drill",
            "the drill: break the primary on purpose, watch the failover, restore, report"
        ),
        entry(
            .abort,
            .act,
            ["!"],
            "!",
            "abort drill",
            "then y: take the fault out at once and end the drill; from any screen"
        ),
        entry(
            .clear,
            .act,
            ["c"],
            "c",
            "clear cooldown",
            "let the selected deployment be tried at once, or cancel the selected deferred request; then y does it"
        ),
        entry(
            .acknowledge,
            .act,
            ["a"],
            "a",
            "acknowledge",
            "the selected alert, in a drill the loudest: somebody is on it; it pages no more"
        ),
        entry(.mute, .act, ["m"], "m", "mute", "the selected alert, for a time that you choose"),
        entry(.nextPane, .move, [.tab], "Tab", "pane", "the next pane"),
        entry(.previousPane, .move, [.backTab], "Shift-Tab", "back", "the pane before"),
        entry(.up, .move, ["k", .up], "k Up", "up", "a row up"),
        entry(.down, .move, ["j", .down], "j Down", "down", "a row down"),
        entry(.left, .move, ["h", .left], "h Left", "left", "the pane before"),
        entry(.right, .move, ["l", .right], "l Right", "right", "the next pane"),
        entry(.pageUp, .move, [.pageUp, .control("u")], "PgUp Ctrl-U", "page up", "a page up"),
        entry(.pageDown, .move, [.pageDown, .control("d")], "PgDn Ctrl-D", "page down", "a page down"),
        entry(
            .first,
            .move,
            ["g", .home],
            "g Home",
            "newest",
            "the first row; in the requests: the newest, and follow"
        ),
        entry(.last, .move, ["G", .end], "G End", "oldest", "the last row"),
        entry(.redraw, .program, [.control("l")], "Ctrl-L", "redraw", "draw the screen afresh"),
        entry(
            .suspend,
            .program,
            [.control("z")],
            "Ctrl-Z",
            "suspend",
            "back to the shell, where that stops no router"
        ),
        entry(
            .quit,
            .program,
            ["q", .control("c")],
            "q Ctrl-C",
            "quit",
            "leave; asks first where leaving would end or leave something"
        ),
    ]

    private static func entry(
        _ command: Command,
        _ section: Section,
        _ keys: [Key],
        _ label: String,
        _ word: String,
        _ help: String
    ) -> CommandEntry {
        CommandEntry(command: command, section: section, keys: keys, label: label, word: word, help: help)
    }

    static let byKey = table(everywhere)
    static let byDrillKey = table(inDrill)

    private static func table(_ entries: [CommandEntry]) -> [Key: Command] {
        entries.reduce(into: [:]) { table, entry in
            for key in entry.keys { table[key] = entry.command }
        }
    }

    static let byCommand: [Command: CommandEntry] = all.reduce(into: [:]) { $0[$1.command] = $1 }
}

extension Key: ExpressibleByUnicodeScalarLiteral {
    package init(unicodeScalarLiteral value: Unicode.Scalar) { self = .character(Character(value)) }
}

extension ConsoleState {
    /// Why a command can't be carried out now; nil where it can.
    func obstacle(to command: Command) -> String? {
        switch command {
        case .drill, .dashboard: return latest == nil ? "no word from the engine yet" : nil
        case .cache: return latest == nil ? "no word from the engine yet" : nil
        case .bypass, .abort, .clear, .breakPrimary, .acknowledge, .mute, .note, .todo, .decide, .find, .closeFinding,
            .undo, .skip, .hold, .roles:
            if let lost { return "the engine can't be reached (\(lost.reason)): nothing was sent" }
            if latest == nil { return "no word from the engine yet" }
            // The bypass box opens all the same, to say what it would do.
            if options.readOnly, command != .bypass { return "read-only: this console was started with --read-only" }
            return obstacleOfState(to: command)
        case .follow: return isFollowing ? "already following the newest request" : nil
        case .copy: return selectedText == nil ? "nothing is selected: j and k choose a row in 5, 6, 7 or 9" : nil
        case .shorter, .longer, .auto: return shown?.windows.isEmpty != false ? "there is one window only" : nil
        case .suspend:
            return options.isAttached
                ? nil : "Ctrl-Z would stop the router: use nines serve and nines attach, or tmux"
        case .speed: return latest?.isDemo == true && !isDrillOpen ? nil : "only the demo's drill can be shortened"
        case .side:
            guard isInDrill else { return "that is a key of the drill's screen: d" }
            return isChoosingDrill || !drillSides.isEmpty ? nil : "everything that there is stands on the screen"
        case .filter: return shown == nil ? "there are no requests yet" : nil
        default: return nil
        }
    }

    private func obstacleOfState(to command: Command) -> String? {
        switch command {
        case .breakPrimary where latest?.demo == nil: "only the demo breaks its primary; d drills a real one"
        case .abort where !isDrillOpen: "no drill is open"
        case .abort where !canAbort: "there is nothing left to abort: the drill is to be closed out"
        case .roles where isInDrill && isChoosingDrill: nil
        case .closeFinding where isDrillOpen && openFindings.isEmpty: "no finding is open"
        case .note, .todo, .decide, .find, .closeFinding, .undo, .skip, .hold, .roles:
            isDrillOpen ? nil : isInDrill ? "no drill is open" : "that is a key of the drill's screen: d"
        case .clear where detail == .cache:
            selectedDeferred == nil
                ? "no request is deferred"
                : selectedDeferred?.state == "waiting"
                    ? nil : "it is \(selectedDeferred?.state ?? "gone"): nothing to cancel"
        // Who drills doesn't leave the drill for an alert.
        case .acknowledge where isInDrill: firingAlert == nil ? "no alert is firing" : nil
        case .clear where focus != .providers && detail?.isProvider != true:
            "choose a deployment first: 5, then j and k"
        case .acknowledge where focus != .alerts && detail?.isAlert != true,
            .mute where focus != .alerts && detail?.isAlert != true:
            "choose an alert first: 9, then j and k"
        case .acknowledge where selectedAlert == nil, .mute where selectedAlert == nil: "there is no alert here"
        case .acknowledge where selectedAlert?.state != .firing:
            "\(selectedAlert?.title ?? "it") isn't firing: there is nothing to acknowledge"
        case .clear where selectedProvider == nil: "there is no deployment here"
        case .clear where ![.coolingDown, .benched].contains(selectedProvider?.state):
            "\(selectedProvider?.id ?? "it") is in use: there is no cooldown to clear"
        default: nil
        }
    }
}
