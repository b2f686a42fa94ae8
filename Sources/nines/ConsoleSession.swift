import ArgumentParser
import Console
import Engine
import Foundation
import Terminal

/// The pure console as the terminal's loop wants it.
struct ConsolePlay: Screenplay {
    var state: ConsoleState
    var theme: String { state.theme }
    var isFrozen: Bool { state.isFrozen }

    mutating func handle(_ key: Key, now: Int64) -> [Effect] { state.handle(key, now: now) }
    mutating func frame(size: Size, now: Int64) -> Frame { state.frame(size: size, now: now) }
    mutating func receive(_ message: Message) -> [Effect] {
        switch message {
        case .snapshot(let snapshot): return state.receive(snapshot)
        case .reply(let reply): state.receive(reply)
        case .lost(let reason, let at): state.lost(reason: reason, at: at)
        }
        return []
    }
}

/// One console on this terminal, over an engine in this process or over a socket.
@MainActor
struct ConsoleSession {
    let surroundings: Surroundings
    let isAttached: Bool
    let theme: String
    let errorLog: String?
    var startsInDrill = false
    var readOnly = false
    /// Where snapshots go beside the screen; nil for nowhere.
    var recorder: Recorder?
    /// UTC milliseconds: what ages on the screen are measured against.
    var now: @Sendable () -> Int64 = wallMilliseconds

    /// Why there can be no console here; nil where there can.
    var obstacle: String? { capabilities(environment: surroundings.environment).why }

    /// Runs until the user or a signal ends it.
    func run(_ mailbox: Mailbox, perform: @escaping @Sendable (EngineCommand) -> Void) throws -> StopReason {
        // For `top -H` and its likes: on Linux the main actor's thread is not the process's first.
        Thread.current.name = "console"
        let able = capabilities(environment: surroundings.environment)
        let themes = loadThemes()
        let depth: Theme.Depth =
            able.noColor ? .mono : able.colors >= 256 ? .full : able.colors >= 16 ? .sixteen : .eight
        var play = ConsolePlay(
            state: ConsoleState(
                options: ConsoleOptions(
                    glyphs: able.glyphs(ascii: nil),
                    isAttached: isAttached,
                    themeNames: themes.map(\.name),
                    theme: Themes.named(theme, in: themes)?.name ?? Themes.defaultName,
                    readOnly: readOnly,
                    person: surroundings.person
                ),
                inDrill: startsInDrill
            )
        )
        let stop = try runConsole(
            &play,
            mailbox: mailbox,
            options: TerminalOptions(environment: surroundings.environment, errorLog: errorLog),
            styles: { name in
                guard let theme = Themes.named(name, in: themes) else { return [:] }
                return Dictionary(
                    uniqueKeysWithValues: Role.allCases.map { ($0, ScreenStyle(theme.style($0, depth: depth))) }
                )
            },
            now: now,
            perform: perform
        )
        if let farewell = play.state.farewell { print(farewell) }
        return stop
    }

    /// The built-in themes, and those of the user's folder; one that is wrong is named and left out.
    private func loadThemes() -> [Theme] {
        let base = surroundings.environment["XDG_CONFIG_HOME"] ?? "\(surroundings.home)/.config"
        let folder = "\(base)/nines/themes"
        var themes = Themes.builtIn
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
        where name.hasSuffix(".yaml") {
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else { continue }
            do throws(ThemeError) {
                let theme = try Themes.parse(text, file: "\(folder)/\(name)", inheriting: themes)
                themes.removeAll { $0.name == theme.name }
                themes.append(theme)
            } catch {
                printError("\(error)")
            }
        }
        if Themes.named(theme, in: themes) == nil {
            let names = themes.map(\.name).joined(separator: ", ")
            printError("there is no theme '\(theme)': using \(Themes.defaultName). There are \(names).")
        }
        return themes
    }
}

extension ScreenStyle {
    init(_ style: Theme.Style) {
        let index = { (color: Theme.Color) -> Int in
            switch color {
            case .terminalDefault: -1
            case .palette(let index): Int(index)
            }
        }
        self.init(
            foreground: index(style.foreground),
            background: index(style.background),
            bold: style.bold,
            dim: style.dim,
            underline: style.underline,
            reverse: style.reverse
        )
    }
}

/// Runs the console over an engine in this process, then ends the engine in order.
@MainActor
func runEmbedded(_ host: EngineHost, _ session: ConsoleSession) async throws {
    let mailbox = try Mailbox()
    let engine = host.engine
    let feed = Task.detached {
        for await snapshot in engine.watch() {
            session.recorder?.write(snapshot)
            mailbox.post(.snapshot(snapshot))
        }
    }
    let watch = Task.detached {
        // The engine ends only when asked, so an end here is a failure that must not leave an empty screen.
        do {
            try await host.wait()
            mailbox.stop(reason: .asked("the engine stopped"))
        } catch {
            mailbox.stop(reason: .asked("the engine stopped: \(error)"))
        }
    }
    let stop: StopReason
    do {
        stop = try session.run(mailbox) { command in
            Task.detached(executorPreference: WaitingExecutor("console")) {
                mailbox.post(.reply(await engine.carryOut(command)))
            }
        }
    } catch {
        feed.cancel()
        await host.stop()
        throw error
    }
    feed.cancel()
    let last = engine.snapshot()
    if !last.isDemo, last.inFlight > 0 {
        print("finishing requests under way, 30 s at most ...")
    }
    await host.stop()
    watch.cancel()
    try conclude(stop)
}

/// Runs the console over an engine that serves elsewhere.
@MainActor
func runAttached(_ client: ControlClient, _ session: ConsoleSession) async throws {
    let mailbox = try Mailbox()
    let feed = Task.detached {
        while !Task.isCancelled {
            do {
                try await client.follow { snapshot in
                    session.recorder?.write(snapshot)
                    mailbox.post(.snapshot(snapshot))
                }
                mailbox.post(.lost(reason: "the engine ended the connection", at: wallMilliseconds()))
            } catch {
                mailbox.post(.lost(reason: "\(error)", at: wallMilliseconds()))
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }
    let stop = try session.run(mailbox) { command in
        Task.detached {
            do {
                mailbox.post(.reply(try await client.perform(command)))
            } catch {
                mailbox.post(.reply(CommandReply(ok: false, message: "\(error)")))
            }
        }
    }
    feed.cancel()
    try conclude(stop)
}

/// Where no console can be: what happens, and the four numbers every ten seconds, as plain lines on standard output.
///
/// For dumb terminals, pipes and screen readers; ends with a signal.
func runPlain(_ host: EngineHost, because obstacle: String) async throws {
    printError("\(obstacle); plain lines instead, Ctrl-C ends")
    let lines = Task.detached {
        var log = PlainLog()
        for await snapshot in host.engine.watch() {
            for line in log.lines(for: snapshot) { print(line) }
            flushOutput()
        }
    }
    try await host.wait()
    lines.cancel()
}

func conclude(_ stop: StopReason) throws {
    switch stop {
    case .quit, .terminalGone: break
    case .signal(let number): throw ExitCode(128 + number)
    case .asked(let reason): throw Failure(reason)
    }
}
