import ArgumentParser
import Console
import Engine
import Logging
import Routing
import Settings
import Storage
import Terminal
import UnixSignals
import Upstream

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the console with the engine in it; attach where one serves already."
    )
    @OptionGroup var recording: RecordOptions
    @OptionGroup var options: CommonOptions

    func run() async throws { try await Self.openConsole(options, recorder: try recording.recorder()) }

    /// The console with the engine in it, or over the one that serves already.
    @MainActor
    static func openConsole(_ options: CommonOptions, inDrill: Bool = false, recorder: Recorder? = nil) async throws {
        let surroundings = Surroundings()
        guard surroundings.locate(options).path != nil else {
            print(
                "No config yet.\n  nines demo    see it work: two simulated providers, no key, no network\n  nines init    write a config to start from"
            )
            return
        }
        // Whoever only looks at an engine that runs already needs none of its keys.
        let known = try surroundings.config(options, purpose: .check, isQuiet: true)
        let database = try surroundings.database(options, known)
        let socket = surroundings.socket(port: known.port, database: database)
        let client = ControlClient(upstream: try CurlUpstream(), socket: socket)
        if await client.isAlive() {
            let session = ConsoleSession(
                surroundings: surroundings,
                isAttached: true,
                theme: known.theme,
                errorLog: nil,
                startsInDrill: inDrill,
                recorder: recorder
            )
            if let obstacle = session.obstacle {
                throw Failure("\(obstacle)")
            }
            return try await runAttached(client, session)
        }
        let config = try surroundings.config(options)
        let log = "\(database).log"
        let session = ConsoleSession(
            surroundings: surroundings,
            isAttached: false,
            theme: config.theme,
            errorLog: log,
            startsInDrill: inDrill,
            recorder: recorder
        )
        let host = try await EngineHost.start(
            EngineHost.Plan(
                config: config,
                database: database,
                socket: socket,
                bypassOverride: try surroundings.bypassOverride(),
                signals: session.obstacle == nil ? [] : [.sigterm, .sigint, .sighup]
            ),
            logger: session.obstacle == nil ? fileLogger(log) : errorLogger(.error)
        )
        if let obstacle = session.obstacle { return try await runPlain(host, because: obstacle) }
        try await runEmbedded(host, session)
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Engine and front door without a screen.")
    @OptionGroup var options: CommonOptions

    func run() async throws {
        let surroundings = Surroundings()
        let config = try surroundings.config(options)
        let database = try surroundings.database(options, config)
        let host = try await EngineHost.start(
            EngineHost.Plan(
                config: config,
                database: database,
                socket: surroundings.socket(port: config.port, database: database),
                bypassOverride: try surroundings.bypassOverride(),
                signals: [.sigterm, .sigint, .sighup]
            ),
            logger: errorLogger(.notice)
        )
        printError(
            "nines \(ninesVersion) listens on \(host.engine.config.authority), ledger \(database)"
        )
        try await host.wait()
        printError("stopped in order")
    }
}

struct Attach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The console over a running engine.")
    @OptionGroup var recording: RecordOptions
    @OptionGroup var options: CommonOptions
    @Option(help: ArgumentHelp("The engine's control socket.", valueName: "path")) var socket: String?
    @Flag(help: "Look, and change nothing.") var readOnly = false

    @MainActor
    func run() async throws {
        let surroundings = Surroundings()
        let config = socket == nil ? try surroundings.config(options, purpose: .check, isQuiet: true) : nil
        let path: String
        if let socket {
            path = socket
        } else {
            path = surroundings.socket(port: config?.port ?? 4000, database: try surroundings.database(options, config))
        }
        let client = ControlClient(upstream: try CurlUpstream(), socket: path)
        _ = try await client.snapshot()
        let theme = config?.theme ?? Themes.defaultName
        let session = ConsoleSession(
            surroundings: surroundings,
            isAttached: true,
            theme: theme,
            errorLog: nil,
            readOnly: readOnly,
            recorder: try recording.recorder()
        )
        if let obstacle = session.obstacle { throw Failure("\(obstacle)") }
        try await runAttached(client, session)
    }
}

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a commented config to start from.")
    @OptionGroup var options: CommonOptions
    @Flag(help: "Overwrite an existing file.") var force = false

    func run() throws {
        let path = options.config ?? "nines.yaml"
        if FileManager.default.fileExists(atPath: path), !force {
            throw Failure("\(path) exists already; 'nines init --force' overwrites it")
        }
        do {
            try Data(starterConfig.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Failure("can't write \(path): \(error)")
        }
        print("wrote \(path)\nNext: set the keys that it names, then 'nines check' and 'nines'.")
    }
}

struct Bypass: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take the router out of the way, or put it back. Stays until someone ends it, restarts included."
    )
    enum Action: String, ExpressibleByArgument, CaseIterable { case on, off, status }
    @Argument(help: "on, off or status.") var action: Action
    @OptionGroup var options: CommonOptions
    @Option(help: ArgumentHelp("The engine's control socket.", valueName: "path")) var socket: String?

    func run() async throws {
        let client = try control(options, socket: socket)
        if await client.isAlive() {
            if action == .status {
                let snapshot = try await client.snapshot()
                return print(snapshot.mode == .bypass ? "on" : "off")
            }
            let reply = try await client.perform(.bypass(action == .on))
            guard reply.ok else { throw Failure(reply.message) }
            return print(reply.message)
        }
        if let socket { throw Failure("no engine answers on \(socket)") }
        let surroundings = Surroundings()
        let config = try surroundings.config(options, purpose: .check, isQuiet: true)
        let ledger = try Ledger.open(path: try surroundings.database(options, config), objectives: config.objectives)
        switch action {
        case .status: print(Engine.bypassSince(in: ledger) == nil ? "off" : "on")
        case .on, .off:
            try Engine.storeBypass(action == .on, in: ledger, now: wallMilliseconds())
            print("bypass is \(action.rawValue) (no engine runs; it counts from the next start)")
        }
    }
}

/// The client of the engine that serves this config.
func control(_ options: CommonOptions, socket: String?) throws -> ControlClient {
    let upstream = try CurlUpstream()
    if let socket { return ControlClient(upstream: upstream, socket: socket) }
    let surroundings = Surroundings()
    let config = try surroundings.config(options, purpose: .check, isQuiet: true)
    let database = try surroundings.database(options, config)
    return ControlClient(upstream: upstream, socket: surroundings.socket(port: config.port, database: database))
}

struct Env: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the exports that an application needs; with the bypass on, the primary's own. Needs no engine."
    )
    enum Shell: String, ExpressibleByArgument, CaseIterable { case sh, fish }
    @OptionGroup var options: CommonOptions
    @Option(help: "sh or fish.") var shell = Shell.sh

    func run() async throws {
        let surroundings = Surroundings()
        let config = try surroundings.config(options, purpose: .check, isQuiet: true)
        var isBypassed = try surroundings.bypassOverride() ?? false
        if surroundings.environment["BYPASS_ROUTER"] ?? "" == "" {
            isBypassed = try await isBypassOn(surroundings, config)
        }
        for (name, value) in variables(config, isBypassed: isBypassed) {
            print(shell == .sh ? "export \(name)=\(value)" : "set -gx \(name) \(value)")
        }
    }

    /// As the ledger has it; where that can't be read, as a running engine says, since the way out when the router
    /// misbehaves must not depend on a healthy ledger.
    private func isBypassOn(_ surroundings: Surroundings, _ config: NinesConfig) async throws -> Bool {
        let path = try surroundings.database(options, config)
        let problem: String
        do throws(LedgerError) {
            if FileManager.default.fileExists(atPath: path) {
                let ledger = try Ledger.open(path: path, objectives: config.objectives)
                return try ledger.setting(Engine.bypassKey) != nil
            }
            problem = "there is no ledger \(path)"
        } catch {
            problem = "\(error)"
        }
        let socket = surroundings.socket(port: config.port, database: path)
        let client = ControlClient(upstream: try CurlUpstream(), socket: socket)
        if await client.isAlive() { return try await client.snapshot().mode == .bypass }
        if FileManager.default.fileExists(atPath: path) {
            printError(
                "warning: can't tell whether the bypass is on (\(problem)), so these are the router's own. 'BYPASS_ROUTER=true nines env' prints the primary's."
            )
        }
        return false
    }

    private func variables(_ config: NinesConfig, isBypassed: Bool) -> [(String, String)] {
        guard let group = config.groups.first, let primary = group.primary else { return [] }
        let reference = { (name: String?) -> String in
            // A literal key in the config has a path for a name, and no variable to refer to.
            guard let name, !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
                return "'set-your-key-here'"
            }
            return "\"$\(name)\""
        }
        if isBypassed {
            let base = primary.format == .anthropic ? "\(primary.apiBase)/v1" : primary.apiBase
            return [
                ("OPENAI_BASE_URL", quoted(base)), ("OPENAI_API_KEY", reference(primary.credential?.name)),
                ("OPENAI_MODEL", quoted(primary.model)),
            ]
        }
        let key = config.tenants.first?.key ?? config.masterKey
        return [
            ("OPENAI_BASE_URL", quoted("http://\(config.authority)/v1")),
            ("OPENAI_API_KEY", key == nil ? "'not-needed'" : reference(key?.name)),
            ("OPENAI_MODEL", quoted(group.name)),
        ]
    }

    private func quoted(_ text: String) -> String {
        // In single quotes sh knows no escapes, fish knows \\ and \'.
        shell == .sh
            ? "'" + text.replacing("'", with: "'\\''") + "'"
            : "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What this terminal can do, and where Nines keeps its files."
    )
    @OptionGroup var options: CommonOptions

    func run() throws {
        let surroundings = Surroundings()
        let able = capabilities(environment: surroundings.environment)
        let location = surroundings.locate(options)
        let rows = [
            ("nines", ninesVersion),
            ("terminal", "\(able.term.isEmpty ? "TERM is not set" : able.term), \(able.columns)x\(able.rows)"),
            ("console", able.why.map { "no: \($0)" } ?? "yes"),
            ("colours", able.noColor ? "none (NO_COLOR)" : "\(able.colors)"),
            ("glyphs", able.isUTF8 ? "UTF-8" : "ASCII (\(able.locale))"),
            ("tmux, ssh", "\(able.isTmux ? "tmux" : "no tmux"), \(able.isRemote ? "over SSH" : "local")"),
            ("config", location.path ?? "none (looked for \(location.searched.joined(separator: ", ")))"),
            ("database", (try? surroundings.database(options, nil)) ?? "none"),
        ]
        for (name, value) in rows { print(name + String(repeating: " ", count: 11 - name.count) + value) }
    }
}
