import Console
import Terminal

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Shows every key on a row of its own, as `<name>`, below a row with a clock and one in every role; some keys misbehave.
struct Probe: Screenplay {
    var theme = "color"
    var isFrozen = false
    private var lines: [String] = []
    private var snapshots = 0
    private var replies = 0

    static let styles: [String: [Role: ScreenStyle]] = [
        "color": [
            .text: ScreenStyle(foreground: 252),
            .strong: ScreenStyle(foreground: 231, bold: true),
            .muted: ScreenStyle(foreground: 244, dim: true),
            .ok: ScreenStyle(foreground: 75),
            .warning: ScreenStyle(foreground: 221),
            .critical: ScreenStyle(foreground: 203, bold: true),
            .selection: ScreenStyle(foreground: 231, background: 24),
            .bypass: ScreenStyle(foreground: 16, background: 221, bold: true),
            .title: ScreenStyle(foreground: 75, underline: true),
        ],
        "other": [.text: ScreenStyle(foreground: 1, background: 7)],
    ]

    mutating func receive(_ message: Message) -> [Effect] {
        switch message {
        case .snapshot: snapshots += 1
        case .reply(let reply):
            replies += 1
            lines.append("<reply:\(reply.message)>")
        case .lost(let reason, _): lines.append("<lost:\(reason)>")
        }
        return []
    }

    mutating func handle(_ key: Key, now: Int64) -> [Effect] {
        lines.append("<\(name(key))>")
        switch key {
        case .character("q"), .control("c"): return [.quit]
        case .character("z"), .control("z"): return [.suspend]
        case .character("r"), .control("l"): return [.redraw]
        case .character("b"): return [.bell]
        case .character("c"): return [.copy("copied text")]
        case .character("N"): return [.notify("a page; \u{1B}\\x")]
        case .character("e"): return [.send(.bypass(true))]
        case .character("t"): theme = theme == "color" ? "other" : "color"
        case .character("f"):
            isFrozen.toggle()
            lines.append("<snapshots:\(snapshots)>")
        case .character("n"): lines = []
        default: misbehave(key)
        }
        return []
    }

    private func misbehave(_ key: Key) {
        switch key {
        case .character("E"): _ = write(STDERR_FILENO, "said on standard error\n", 23)
        case .character("S"): raise(SIGSEGV)
        case .character("A"): abort()
        case .character("T"): print([1, 2][lines.count + 2])
        case .character("O"): print(endless(1))
        case .character("W"): crashOnThread()
        case .character("H"):
            _ = write(STDOUT_FILENO, "HUNG", 4)
            while true { sleep(60) }
        default: break
        }
    }

    func frame(size: Size, now: Int64) -> Frame {
        let shown = lines.suffix(max(0, size.rows - 3))
        var rows: [[Run]] = [clock(now)]
        rows.append([Run("│", .border)] + Role.allCases.map { Run($0.rawValue + " ", $0) } + [Run("█▌⣿")])
        rows += shown.map { [Run($0, .strong)] }
        while rows.count < size.rows { rows.append([Run(String(repeating: " ", count: size.columns))]) }
        return Frame(
            size: size,
            rows: Array(rows.prefix(size.rows)),
            cursorPlace: Size(columns: 2, rows: 1),
            title: "probe – \(size.columns)x\(size.rows)"
        )
    }

    private func clock(_ now: Int64) -> [Run] {
        isFrozen ? [Run("FROZEN", .warning)] : [Run("second \(now / 1000) snapshots \(snapshots)", .muted)]
    }

    private func name(_ key: Key) -> String {
        switch key {
        case .character(let character): String(character)
        case .control(let character): "ctrl-\(character)"
        case .paste(let text):
            "paste:" + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "|")
        case .click(let column, let row): "click:\(column),\(row)"
        case .wheel(let up): up ? "wheel:up" : "wheel:down"
        default: "\(key)"
        }
    }
}

/// Overflows the stack.
private func endless(_ depth: Int) -> Int { depth == 0 ? 0 : endless(depth + 1) + depth }

private func crashOnThread() {
    thread {
        let few = [1, 2]
        print(few[few.count + Int(getpid())])
    }
}

func thread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    #if canImport(Darwin)
        var handle: pthread_t?
    #else
        var handle = pthread_t()
    #endif
    pthread_create(
        &handle,
        nil,
        { argument in
            guard let argument = argument as UnsafeMutableRawPointer? else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        },
        box
    )
}

/// Posts a snapshot every few milliseconds.
struct Feed {
    let mailbox: Mailbox

    func start() {
        let mailbox = mailbox
        thread {
            var snapshot = EngineSnapshot()
            while true {
                snapshot.sequence += 1
                mailbox.post(.snapshot(snapshot))
                usleep(10_000)
            }
        }
    }
}
