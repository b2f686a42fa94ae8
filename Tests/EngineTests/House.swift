import Console
import Engine
import FrontDoor
import Guardrails
import Logging
import NIOPosix
import Routing
import SLO
import Settings
import Simulator
import Storage
import Upstream
import Wire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A whole router on loopback: two simulated providers, engine, ledger in memory, front door, and a client.
///
/// Both providers have all the time that a busy machine may need, but for a primary that the plan gives less.
struct House {
    let primary: SimulatedProvider
    let secondary: SimulatedProvider
    let engine: Engine
    let ledger: Ledger
    let client: CurlUpstream
    let tap: Tap
    let url: String

    /// Switches the primary's key.
    static let adminKey = "sk-admin-of-one"

    struct Plan {
        /// Primary and secondary in one order with weights 9 and 1, as tutorials have it.
        var isTutorial = false
        var cooldown: Duration = .seconds(30)
        /// The primary's limits.
        var timeout: Duration = .seconds(60)
        var streamTimeout: Duration = .seconds(60)
        var tenants: [NinesConfig.Tenant] = []
        var masterKey: Credential?
        var origins: [String] = []
        var primaryKeys: Set<String> = ["sk-primary"]
        var drillDirectory = FileManager.default.temporaryDirectory.appendingPathComponent("nines-drills").path
        var latency = LatencyProfile.zero
        /// Slow enough that the first content is on its way before what comes next.
        static let slow = LatencyProfile(
            medianFirstToken: .zero,
            firstTokenSigma: 0,
            tokensPerSecond: 10,
            medianAnswerTokens: 16,
            answerSigma: 0
        )
        /// A plan whose primary is given up early, where silence is what is tested.
        static func failing(
            _ kind: String,
            _ formats: (SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format) = (
                .openAI, .openAI
            )
        ) -> Plan {
            var plan = Plan(primaryFormat: formats.0, secondaryFormat: formats.1)
            if kind == "timeout" { (plan.timeout, plan.streamTimeout) = (.seconds(3), .milliseconds(1_500)) }
            return plan
        }
        var primaryFormat = SimulatedProviderConfiguration.Format.openAI
        var secondaryFormat = SimulatedProviderConfiguration.Format.openAI
        var secondaryLatency: LatencyProfile?
        var connectTimeout: Duration?
        /// `:memory:`, or a file that a later house may open again.
        var database = ":memory:"
        /// In place of the primary's own address.
        var primaryURL: String?
        /// Drills run so many times faster; nil: at their own pace.
        var drillSpeed: Double?
        /// The only models that the primary serves; empty: any.
        var primaryModels: [String] = []
        /// The last word on the config.
        var adjust: @Sendable (inout NinesConfig) -> Void = { _ in }
    }

    /// Opens the house, runs `body`, and closes it whatever happened.
    ///
    /// A few at a time: hundreds at once on two cores would miss limits that are no part of what they test.
    static func with<Result>(_ plan: Plan = Plan(), _ body: (House) async throws -> Result) async throws -> Result {
        await places.take()
        do {
            let result = try await open(plan, body)
            await places.giveBack()
            return result
        } catch {
            await places.giveBack()
            throw error
        }
    }

    private static let places = Places(count: 8)

    private static func open<Result>(_ plan: Plan, _ body: (House) async throws -> Result) async throws -> Result {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let primary = try await SimulatedProvider.start(
            SimulatedProviderConfiguration(
                name: "one",
                format: plan.primaryFormat,
                acceptedKeys: plan.primaryKeys,
                admin: .init(key: House.adminKey, keys: ["key_one": "sk-primary"]),
                models: plan.primaryModels,
                latency: plan.latency
            ),
            logger: logger
        )
        let secondary = try await SimulatedProvider.start(
            SimulatedProviderConfiguration(
                name: "two",
                format: plan.secondaryFormat,
                acceptedKeys: ["sk-secondary"],
                seed: 2,
                latency: plan.secondaryLatency ?? plan.latency
            ),
            logger: logger
        )
        let ledger = try Ledger.open(path: plan.database, objectives: .init())
        let client = try CurlUpstream()
        let tap = Tap(client)
        let engine = Engine(
            config: config(plan, primary.baseURL, secondary.baseURL),
            ledger: ledger,
            upstream: tap,
            loops: MultiThreadedEventLoopGroup.singleton,
            identity: EngineIdentity(version: "test", startedAt: wallMilliseconds(), listen: ""),
            seed: 1,
            logger: logger,
            demo: plan.drillSpeed == nil ? nil : NoDemo(),
            drillFactor: plan.drillSpeed
        )
        engine.restoreSwitches(override: nil)
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let door = Door(
            gateway: engine,
            address: .network(host: "127.0.0.1", port: 0),
            origins: plan.origins,
            logger: logger
        ) {
            opened.yield($0 ?? 0)
        }
        let running = Task { try await door.run() }
        let writer = Task { await ledger.run() }
        var iterator = ports.makeAsyncIterator()
        let port = await iterator.next() ?? 0
        let house = House(
            primary: primary,
            secondary: secondary,
            engine: engine,
            ledger: ledger,
            client: client,
            tap: tap,
            url: "http://127.0.0.1:\(port)"
        )
        func close() async {
            running.cancel()
            writer.cancel()
            _ = await writer.value
            await client.shutdown()
            await primary.stop()
            await secondary.stop()
        }
        do {
            let result = try await body(house)
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }

    private static func config(_ plan: Plan, _ first: String, _ second: String) -> NinesConfig {
        var config = NinesConfig()
        config.groups = [
            ModelGroup(
                name: "assistant",
                deployments: [
                    Deployment(
                        id: DeploymentID("one"),
                        provider: "one",
                        format: plan.primaryFormat == .openAI ? .openAI : .anthropic,
                        model: "gpt-5.4-mini",
                        apiBase: plan.primaryURL ?? first,
                        credential: Credential(name: "ONE_KEY", secret: Secret("sk-primary")),
                        order: plan.isTutorial ? nil : 1,
                        weight: plan.isTutorial ? 9 : nil,
                        timeout: plan.timeout,
                        streamTimeout: plan.streamTimeout
                    ),
                    Deployment(
                        id: DeploymentID("two"),
                        provider: "two",
                        format: plan.secondaryFormat == .openAI ? .openAI : .anthropic,
                        model: plan.secondaryFormat == .openAI ? "gpt-5.4" : "claude-haiku-4-5",
                        apiBase: second,
                        credential: Credential(name: "TWO_KEY", secret: Secret("sk-secondary")),
                        order: plan.isTutorial ? nil : 2,
                        weight: plan.isTutorial ? 1 : nil,
                        timeout: .seconds(60),
                        streamTimeout: .seconds(60)
                    ),
                ]
            )
        ]
        for id in ["one", "two"] {
            config.prices[DeploymentID(id)] = TokenPrice(input: 750_000_000, output: 4_500_000_000)
        }
        config.policy.cooldown = plan.cooldown
        config.tenants = plan.tenants
        config.masterKey = plan.masterKey
        config.drill.directory = plan.drillDirectory
        config.policy.connectTimeout = plan.connectTimeout ?? config.policy.connectTimeout
        plan.adjust(&config)
        return config
    }

    /// Stands for the demo, in which drills may be shortened.
    private struct NoDemo: DemoSwitch {
        var view: EngineSnapshot.DemoView { .init(target: "", faults: [], rate: 0) }
        func inject(_ fault: String?) -> Bool { false }
    }

    // MARK: A client

    struct Reply {
        let status: Int
        let headers: [String: String]
        let text: String
        let endpoint: Endpoint
        /// A streamed answer that has a finish reason and its end mark; a document with a finish reason.
        var isComplete: Bool {
            let isStream = headers["content-type"]?.hasPrefix("text/event-stream") == true
            let (reason, end) =
                switch endpoint {
                case .chat, .completions: ("\"finish_reason\":\"stop\"", "data: [DONE]")
                case .messages: ("\"stop_reason\":\"end_turn\"", "event: message_stop")
                case .responses: ("\"status\":\"completed\"", "event: response.completed")
                case .embeddings: ("\"embedding\":[", "")
                case .countTokens: ("\"input_tokens\":", "")
                }
            return status == 200 && text.contains(reason) && (!isStream || text.contains(end))
        }
        /// An answer that broke off and says so, without any sign of a regular end.
        var isToldBroken: Bool {
            let ends = [
                "[DONE]", "\"finish_reason\":\"stop\"", "message_stop", "\"stop_reason\":\"", "response.completed",
            ]
            return status == 200 && text.contains("\"stream_interrupted\"") && !ends.contains(where: text.contains)
        }
    }

    func ask(
        _ endpoint: Endpoint = .chat,
        stream: Bool = false,
        model: String = "assistant",
        body: String? = nil,
        path: String? = nil,
        method: String = "POST",
        headers: [HeaderField] = []
    ) async throws -> Reply {
        let text = body ?? Self.body(endpoint, stream: stream, model: model)
        let request = UpstreamRequest(
            method: method,
            url: url + (path ?? "/v1\(endpoint.path)"),
            headers: [HeaderField("content-type", "application/json")] + headers,
            body: Array(text.utf8),
            timeout: .seconds(120)
        )
        let answer = try await client.collect(request, limit: 8 << 20)
        return Reply(
            status: answer.status,
            headers: Dictionary(answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
            text: String(decoding: answer.body, as: UTF8.self),
            endpoint: endpoint
        )
    }

    /// A request that is under way; its client may leave.
    func open(stream: Bool) -> any UpstreamExchange {
        let headers = [HeaderField("content-type", "application/json")]
        return client.open(
            UpstreamRequest(
                url: "\(url)/v1/chat/completions",
                headers: headers,
                body: Array(Self.body(stream: stream).utf8),
                timeout: .seconds(120)
            )
        )
    }

    /// The one request that the ledger holds, as soon as it is there.
    func onlyRecord() async throws -> RequestRecord {
        while true {
            try await ledger.flush()
            if let record = try ledger.recentRequests().first { return record }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits for what must come, however slow the machine is.
    func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// Does something again and again until it has had its effect.
    func until(awaiting work: () async -> Void, _ condition: () throws -> Bool) async throws {
        while try !condition() {
            await work()
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    static func body(_ endpoint: Endpoint = .chat, stream: Bool, model: String = "assistant") -> String {
        let messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Say something.\"}]"
        let own =
            switch endpoint {
            case .chat: "\"stream_options\":{\"include_usage\":true},\(messages)"
            case .messages: "\"max_tokens\":1000,\(messages)"
            case .countTokens: messages
            case .completions: "\"stream_options\":{\"include_usage\":true},\"prompt\":\"Say something.\""
            case .responses, .embeddings: "\"input\":\"Say something.\""
            }
        return "{\"model\":\"\(model)\",\"stream\":\(stream),\(own)}"
    }

    /// Who comes while all are taken waits.
    private actor Places {
        private var free: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []
        init(count: Int) { free = count }
        func take() async {
            guard free == 0 else { return free -= 1 }
            await withCheckedContinuation { waiting.append($0) }
        }
        func giveBack() {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
    }

    /// What the ledger holds of the request that `reply` answers.
    func record(of reply: Reply) async throws -> RequestRecord? {
        try await ledger.flush()
        return try ledger.request(id: reply.headers["x-nines-request-id"] ?? "")
    }
}
