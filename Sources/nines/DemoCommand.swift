import ArgumentParser
import Console
import Engine
import Guardrails
import Logging
import Routing
import Settings
import Simulator
import Synchronization
import Terminal
import UnixSignals
import Upstream

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Two simulated providers on loopback, traffic, and the real router between. Needs no key and no network."
    )
    @Option(help: "Makes traffic and answers repeatable.") var seed: UInt64 = 7
    @Option(help: "Requests a second.") var rps = 8.0
    @Flag(help: "Without a screen: serve until stopped.") var headless = false
    @Option(help: ArgumentHelp("The port of the demo's front door.", valueName: "port")) var port = 4100
    @Option(help: ArgumentHelp("Drills are so many times faster than half an hour.", valueName: "N"))
    var drillFactor: Double?
    @OptionGroup var recording: RecordOptions
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes a number from 0 to 65535") }
        guard drillFactor.map({ (1...60).contains($0) }) ?? true else {
            throw ValidationError("--drill-factor takes a number from 1 to 60")
        }
        guard rps >= 0, rps <= 1_000 else { throw ValidationError("--rps takes a number from 0 to 1000") }
    }

    @MainActor
    func run() async throws {
        let surroundings = Surroundings()
        let world = try DemoWorld.Place(surroundings, database: options.db, port: port)
        let log = "\(world.database).log"
        let theme = (try? surroundings.config(options, purpose: .check, isQuiet: true))?.theme ?? Themes.defaultName
        let session = ConsoleSession(
            surroundings: surroundings,
            isAttached: false,
            theme: theme,
            errorLog: log,
            recorder: try recording.recorder()
        )
        let isPlain = headless || session.obstacle != nil
        // Plain lines on standard output tell what happens already.
        let logger = headless ? errorLogger(.notice) : isPlain ? errorLogger(.error) : fileLogger(log)
        let demo = try await DemoWorld.start(
            world,
            seed: seed,
            rate: rps,
            drillFactor: drillFactor,
            signals: isPlain,
            logger: logger
        )
        if headless {
            printError("demo on http://127.0.0.1:\(world.port)/v1, control socket \(world.socket)")
            printError("providers and traffic are simulated; the router between them is real")
            try await demo.host.wait()
        } else if let obstacle = session.obstacle {
            try await runPlain(demo.host, because: obstacle)
        } else {
            try await runEmbedded(demo.host, session)
        }
        await demo.stop()
    }
}

/// The demo: its providers, its traffic, and an engine like any other between them.
struct DemoWorld: Sendable {
    /// Where the demo keeps what it writes: never where the operator's own engine does.
    struct Place: Sendable {
        let database: String
        let socket: String
        let reports: String
        let port: Int

        private static func folder(_ surroundings: Surroundings) -> String {
            let state = surroundings.environment["XDG_STATE_HOME"] ?? "\(surroundings.home)/.local/state"
            return "\(state)/nines/demo"
        }

        /// Of the demo that wrote last; nil where none ran.
        static func lastDatabase(_ surroundings: Surroundings) -> String? {
            let folder = folder(surroundings)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".db") }.map { "\(folder)/\($0)" }.max {
                written($0) < written($1)
            }
        }

        private static func written(_ path: String) -> Date {
            (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date) ?? .distantPast
        }

        init(_ surroundings: Surroundings, database: String?, port: Int) throws {
            let folder = Self.folder(surroundings)
            self.port = port > 0 && portIsFree(port) ? port : freePort()
            self.database = database ?? "\(folder)/nines-\(self.port).db"
            socket = surroundings.socket(port: self.port, database: self.database)
            reports = "\(folder)/drills"
            try makePrivateFolder(of: self.database)
            // A demo begins at the beginning.
            if database == nil {
                for suffix in ["", "-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: self.database + suffix)
                }
            }
        }
    }

    let host: EngineHost
    private let providers: [SimulatedProvider]
    private let traffic: TaskBox

    static func start(_ place: Place, seed: UInt64, rate: Double, drillFactor: Double?, signals: Bool, logger: Logger)
        async throws -> DemoWorld
    {
        let primary = try await SimulatedProvider.start(
            SimulatedProviderConfiguration(
                name: "northwind (simulated)",
                acceptedKeys: ["sk-demo-primary"],
                admin: .init(key: adminKey, keys: [keyID: "sk-demo-primary"]),
                models: ["gpt-5.4-mini"],
                seed: seed,
                latency: .quick
            ),
            logger: logger
        )
        let secondary = try await SimulatedProvider.start(
            SimulatedProviderConfiguration(
                name: "southwind (simulated)",
                format: .anthropic,
                acceptedKeys: ["sk-demo-secondary"],
                seed: seed &+ 1,
                latency: .thoughtful
            ),
            logger: logger
        )
        let faults = DemoFaults(primary: primary, rate: rate)
        let sending = TaskBox()
        let host = try await EngineHost.start(
            EngineHost.Plan(
                config: config(place, primary, secondary),
                database: place.database,
                socket: place.socket,
                seed: seed,
                demo: faults,
                drillFactor: drillFactor,
                signals: signals ? [.sigterm, .sigint, .sighup] : [],
                // The clients leave first, so that nobody waits for their answers.
                onStop: { sending.cancel() }
            ),
            logger: logger
        )
        // The clients' connections are theirs: the router's figures are not mixed with them.
        let client = try CurlUpstream()
        let url = "http://127.0.0.1:\(place.port)/v1/chat/completions"
        let traffic = Traffic(configuration: TrafficConfiguration(seed: seed, rate: rate, models: ["assistant"])) {
            request in
            await send(request, to: url, through: client)
        }
        sending.hold(Task.detached { await traffic.run() })
        return DemoWorld(host: host, providers: [primary, secondary], traffic: sending)
    }

    func stop() async {
        traffic.cancel()
        for provider in providers { await provider.stop() }
    }

    private static let adminKey = "sk-demo-admin"
    private static let keyID = "apikey_demo"

    /// What an operator would have written, with the simulated providers in the places of real ones.
    private static func config(_ place: Place, _ primary: SimulatedProvider, _ secondary: SimulatedProvider)
        -> NinesConfig
    {
        var config = NinesConfig()
        config.port = place.port
        // A drill of five minutes has none to wait for an alert to clear.
        config.alerts.clearAfter = .seconds(5)
        config.groups = [
            ModelGroup(
                name: "assistant",
                deployments: [
                    Deployment(
                        id: DeploymentID("northwind"),
                        provider: "northwind",
                        format: .openAI,
                        model: "gpt-5.4-mini",
                        apiBase: primary.baseURL,
                        credential: Credential(name: "NORTHWIND_KEY", secret: Secret("sk-demo-primary")),
                        order: 1
                    ),
                    Deployment(
                        id: DeploymentID("southwind"),
                        provider: "southwind",
                        format: .anthropic,
                        model: "claude-sonnet-5",
                        apiBase: secondary.baseURL,
                        credential: Credential(name: "SOUTHWIND_KEY", secret: Secret("sk-demo-secondary")),
                        order: 2,
                        // It takes its time; that alone must not look like a second failure.
                        streamTimeout: .seconds(5)
                    ),
                ]
            )
        ]
        // Its providers sell nothing: their tokens cost what those of the models that they stand for do.
        for (id, provider, model) in [
            ("northwind", "openai", "gpt-5.4-mini"), ("southwind", "anthropic", "claude-sonnet-5"),
        ] {
            let history = PriceTable.shipped.history(provider: provider, model: model)
            config.prices[DeploymentID(id)] = history?.row(at: 0)?.price
        }
        // Enough for hours of its traffic, so that the caps show and none acts.
        for (name, dollars) in [("chat", 400), ("summarise", 300)] as [(String, Int64)] {
            var feature = Feature(name: name)
            feature.budget = NinesConfig.Budget(amount: dollars * 1_000_000_000, period: .seconds(86_400))
            feature.onExceed = [.truncate, .reject]
            config.features.append(feature)
        }
        // For a person's own requests: simulated traffic never repeats itself.
        var cached = Feature(name: "faq")
        cached.cache.isEnabled = true
        config.features.append(cached)
        // A newcomer should see the primary come back while still looking.
        config.policy.cooldown = .seconds(8)
        config.drill.directory = place.reports
        // The primary's key can be switched off as at a real provider: by the call of Anthropic's Admin API.
        config.drill.admin["northwind"] = NinesConfig.KeyAdmin(
            form: .anthropic,
            key: Credential(name: "NORTHWIND_ADMIN_KEY", secret: Secret(adminKey)),
            keyID: keyID,
            apiBase: primary.adminURL
        )
        return config
    }

    private static func send(_ request: TrafficRequest, to url: String, through client: CurlUpstream) async
        -> TrafficResult
    {
        let exchange = client.open(
            UpstreamRequest(
                url: url,
                headers: [
                    HeaderField("content-type", "application/json"), HeaderField("x-nines-tenant", request.tenant),
                    HeaderField("x-nines-feature", request.feature),
                ],
                body: request.body,
                timeout: .seconds(120)
            )
        )
        var status = 0
        do throws(TransportError) {
            while let events = try await exchange.next() {
                if case .head(let code, _)? = events.first { status = code }
            }
        } catch {
            return .failed(error.detail)
        }
        return status == 200 ? .served : .failed("HTTP \(status)")
    }
}

/// A task that is started after those who may cancel it.
private final class TaskBox: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)
    func hold(_ task: Task<Void, Never>) { self.task.withLock { $0 = task } }
    func cancel() { task.withLock { $0?.cancel() } }
}

/// The demo's `x`: breaks and mends the simulated primary.
final class DemoFaults: DemoSwitch {
    private let primary: SimulatedProvider
    private let rate: Double
    private let state = Mutex<(fault: String?, since: Int64)>((nil, 0))

    private static let faults: [(id: String, label: String, fault: ProviderFault)] = [
        ("revoked", "key revoked: it answers 401", .revokedKey),
        ("503", "503: it has no room", .serverError(status: 503)),
        ("hang", "hangs: it takes requests and never answers", .hang),
        ("slow", "slow first token: after 8 s", .slowFirstToken(.seconds(8))),
        ("refuse", "connections refused: nobody listens", .refuseConnections),
        ("cut", "streams cut: after five words", .cutAfter(chunks: 5)),
    ]

    init(primary: SimulatedProvider, rate: Double) {
        self.primary = primary
        self.rate = rate
    }

    var view: EngineSnapshot.DemoView {
        let (fault, since) = state.withLock { $0 }
        return EngineSnapshot.DemoView(
            target: "northwind",
            fault: fault,
            since: since,
            faults: Self.faults.map { EngineSnapshot.DemoView.Fault(id: $0.id, label: $0.label) },
            rate: rate
        )
    }

    func inject(_ fault: String?) -> Bool {
        guard let fault else {
            primary.inject(nil)
            state.withLock { $0 = (nil, wallMilliseconds()) }
            return true
        }
        guard let known = Self.faults.first(where: { $0.id == fault }) else { return false }
        primary.inject(known.fault)
        state.withLock { $0 = (fault, wallMilliseconds()) }
        return true
    }
}
