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

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A whole router on loopback: two simulated providers, engine, ledger in memory, front door, and a client.
///
/// The primary is given up early; the secondary has all the time that a busy machine may need.
struct House {
    let primary: SimulatedProvider
    let secondary: SimulatedProvider
    let engine: Engine
    let ledger: Ledger
    let client: CurlUpstream
    let url: String

    struct Plan {
        /// Primary and secondary in one order with weights 9 and 1, as tutorials have it.
        var isTutorial = false
        var cooldown: Duration = .seconds(30)
        var tenants: [NinesConfig.Tenant] = []
        var masterKey: Credential?
        var primaryKeys: Set<String> = ["sk-primary"]
        var drillDirectory = FileManager.default.temporaryDirectory.appendingPathComponent("nines-drills").path
        var latency = LatencyProfile.zero
        var primaryFormat = SimulatedProviderConfiguration.Format.openAI
        var secondaryFormat = SimulatedProviderConfiguration.Format.openAI
    }

    /// Opens the house, runs `body`, and closes it whatever happened.
    static func with<Result>(_ plan: Plan = Plan(), _ body: (House) async throws -> Result) async throws -> Result {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let primary = try await SimulatedProvider.start(
            SimulatedProviderConfiguration(
                name: "one",
                format: plan.primaryFormat,
                acceptedKeys: plan.primaryKeys,
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
                latency: plan.latency
            ),
            logger: logger
        )
        let ledger = try Ledger.open(path: ":memory:", objectives: .init())
        let client = try CurlUpstream()
        let engine = Engine(
            config: config(plan, primary.baseURL, secondary.baseURL),
            ledger: ledger,
            upstream: client,
            loops: MultiThreadedEventLoopGroup.singleton,
            identity: EngineIdentity(version: "test", startedAt: wallMilliseconds(), listen: ""),
            seed: 1,
            logger: logger
        )
        engine.restoreSwitches(override: nil)
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        let door = Door(gateway: engine, address: .network(host: "127.0.0.1", port: 0), logger: logger) {
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
                        apiBase: first,
                        credential: Credential(name: "ONE_KEY", secret: Secret("sk-primary")),
                        order: plan.isTutorial ? nil : 1,
                        weight: plan.isTutorial ? 9 : nil,
                        timeout: .milliseconds(1_500),
                        streamTimeout: .milliseconds(400)
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
        return config
    }

    // MARK: A client

    struct Reply {
        let status: Int
        let headers: [String: String]
        let text: String
        /// A streamed answer that has a finish reason and its end mark; a document with a finish reason.
        var isComplete: Bool {
            status == 200 && text.contains("\"finish_reason\":\"stop\"")
                && (headers["content-type"]?.hasPrefix("text/event-stream") != true || text.contains("data: [DONE]"))
        }
    }

    func ask(
        stream: Bool = false,
        model: String = "assistant",
        body: String? = nil,
        path: String = "/v1/chat/completions",
        method: String = "POST",
        headers: [HeaderField] = []
    ) async throws -> Reply {
        let text = body ?? Self.body(stream: stream, model: model)
        let request = UpstreamRequest(
            method: method,
            url: url + path,
            headers: [HeaderField("content-type", "application/json")] + headers,
            body: Array(text.utf8),
            timeout: .seconds(120)
        )
        let answer = try await client.collect(request, limit: 8 << 20)
        return Reply(
            status: answer.status,
            headers: Dictionary(answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
            text: String(decoding: answer.body, as: UTF8.self)
        )
    }

    static func body(stream: Bool, model: String = "assistant") -> String {
        """
        {"model":"\(model)","stream":\(stream),"stream_options":{"include_usage":true},\
        "messages":[{"role":"user","content":"Say something."}]}
        """
    }

    /// What the ledger holds of the request that `reply` answers.
    func record(of reply: Reply) async throws -> RequestRecord? {
        try await ledger.flush()
        return try ledger.request(id: reply.headers["x-nines-request-id"] ?? "")
    }
}
