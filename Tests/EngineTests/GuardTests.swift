import Console
import Engine
import Guardrails
import Logging
import NIOPosix
import Routing
import SLO
import Settings
import Simulator
import Storage
import Testing
import Upstream
import Wire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Caps and limits, from the client's side and from the ledger's.
struct GuardTests {
    /// A dollar a million tokens out, and nothing in: an answer cut at eight tokens costs 8,000 nano-dollars, exactly what
    /// was held for it.
    private static let price = TokenPrice(input: 0, output: 1_000_000_000)
    private static let answer: Int64 = 8_000

    private static func plan(
        _ format: SimulatedProviderConfiguration.Format = .openAI,
        database: String = ":memory:",
        _ adjust: @escaping @Sendable (inout NinesConfig) -> Void
    ) -> House.Plan {
        var plan = House.Plan(primaryFormat: format, secondaryFormat: format)
        plan.database = database
        plan.adjust = { config in
            config.prices = [DeploymentID("one"): price, DeploymentID("two"): price]
            adjust(&config)
        }
        return plan
    }

    private static func feature(_ name: String, _ adjust: (inout Feature) -> Void) -> Feature {
        var feature = Feature(name: name)
        adjust(&feature)
        return feature
    }

    private static func budget(_ answers: Int64) -> NinesConfig.Budget {
        NinesConfig.Budget(amount: answers * answer, period: .seconds(30 * 86_400))
    }

    private static let conversation = #""messages":[{"role":"user","content":"Say something."}]"#
    private static let short = #"{"model":"assistant","max_tokens":8,"# + conversation + "}"
    private static let shortStream =
        #"{"model":"assistant","stream":true,"stream_options":{"include_usage":true},"max_tokens":8,"# + conversation
        + "}"

    private static func asFeature(_ name: String) -> [HeaderField] { [HeaderField("x-nines-feature", name)] }

    // MARK: Budgets

    enum Owner: String, CaseIterable { case feature, unnamed, tenant, provider, deployment }

    private static func cap(_ owner: Owner, at answers: Int64, in config: inout NinesConfig) {
        switch owner {
        case .feature: config.features = [feature("summarise") { $0.budget = budget(answers) }]
        case .unnamed: config.features = [feature("default") { $0.budget = budget(answers) }]
        case .tenant:
            var tenant = NinesConfig.Tenant(id: "acme", key: Credential(name: "ACME", secret: Secret("sk-acme")))
            tenant.budget = budget(answers)
            config.tenants = [tenant]
        case .provider: config.providerBudgets = ["one": budget(answers), "two": budget(0)]
        case .deployment:
            config.deploymentBudgets = [DeploymentID("one"): budget(answers), DeploymentID("two"): budget(0)]
        }
    }

    private static let headers =
        asFeature("summarise") + [HeaderField("authorization", "Bearer sk-acme")]

    @Test(
        "forty at once against a cap that fits five: five, and none after a restart",
        arguments: Owner.allCases,
        [(Endpoint.chat, false), (.chat, true), (.messages, false), (.messages, true)]
    )
    func fortyAtOnce(owner: Owner, kind: (endpoint: Endpoint, stream: Bool)) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + end) } }
        let format: SimulatedProviderConfiguration.Format = kind.endpoint == .messages ? .anthropic : .openAI
        let plan = Self.plan(format, database: file) { Self.cap(owner, at: 5, in: &$0) }
        let body = kind.stream ? Self.shortStream : Self.short
        let statuses = try await House.with(plan) { house in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await house.ask(kind.endpoint, body: body, headers: Self.headers).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try await house.ledger.flush()
            let cap = try #require(house.engine.snapshot().caps.first { $0.limit > 0 })
            #expect(cap.spent == 5 * Self.answer && cap.reserved == 0)
            return statuses
        }
        #expect(statuses.filter { $0 == 200 }.count == 5)
        #expect(statuses.filter { $0 == 429 }.count == 35)
        try await House.with(plan) { house in
            let cap = try #require(house.engine.snapshot().caps.first { $0.limit > 0 })
            #expect(cap.spent == 5 * Self.answer && cap.reserved == 0)
            let reply = try await house.ask(kind.endpoint, body: body, headers: Self.headers)
            #expect(reply.status == 429)
        }
    }

    @Test("a spent budget is told with its numbers and when it is whole again", arguments: [Endpoint.chat, .messages])
    func spentBudget(endpoint: Endpoint) async throws {
        let format: SimulatedProviderConfiguration.Format = endpoint == .messages ? .anthropic : .openAI
        try await House.with(Self.plan(format) { Self.cap(.feature, at: 1, in: &$0) }) { house in
            let first = try await house.ask(endpoint, body: Self.short, headers: Self.headers)
            #expect(first.status == 200)
            let second = try await house.ask(endpoint, body: Self.short, headers: Self.headers)
            #expect(second.status == 429)
            #expect(second.headers["x-should-retry"] == "false")
            let wait = try #require(second.headers["retry-after"].flatMap(Int.init))
            #expect((1...30 * 86_400).contains(wait))
            for part in ["budget of feature summarise is $0.000008 every 30d", "whole again at", "budget_exceeded"] {
                #expect(second.text.contains(part), "\(second.text)")
            }
            #expect(second.text.contains(endpoint == .chat ? "insufficient_quota" : "rate_limit_error"))
            let record = try #require(try await house.record(of: second))
            #expect(record.outcome == .rejected && !record.valid && record.cost == 0 && record.attempts == 0)
            #expect(record.error?.hasPrefix("capped: The budget of feature summarise") == true)
            let rows = house.engine.snapshot().degradations
            #expect(rows == [.init(feature: "summarise", what: "rejected", requests: 1)])
            let ledger = try house.ledger.degradations(from: 0, to: .max)
            #expect(ledger.map(\.degraded) == [["rejected"]])
            // Another feature has its own purse.
            let other = try await house.ask(endpoint, body: Self.short, headers: Self.asFeature("other"))
            #expect(other.status == 200)
        }
    }

    @Test func whatFailedGivesBackWhatItHeld() async throws {
        let plan = Self.plan { Self.cap(.feature, at: 5, in: &$0) }
        try await House.with(plan) { house in
            house.primary.inject(.badRequest)
            await house.primary.settle()
            for _ in 0..<20 {
                #expect(try await house.ask(body: Self.short, headers: Self.headers).status == 400)
            }
            house.primary.inject(nil)
            await house.primary.settle()
            #expect(try await house.ask(body: Self.short, headers: Self.headers).status == 200)
            let cap = try #require(house.engine.snapshot().caps.first)
            #expect(cap.spent == Self.answer && cap.reserved == 0)
        }
    }

    @Test func aClosedDeploymentIsLeftOutAndTheOthersServe() async throws {
        let plan = Self.plan { $0.providerBudgets = ["one": Self.budget(1)] }
        try await House.with(plan) { house in
            var served: [String?] = []
            for _ in 0..<3 {
                let reply = try await house.ask(body: Self.short)
                served.append(reply.headers["x-nines-deployment"])
                #expect(reply.headers["x-nines-failover"] == "false")
            }
            #expect(served == ["one", "two", "two"])
        }
    }

    @Test func theBypassIsNeverBlockedAndStillCounted() async throws {
        let plan = Self.plan { Self.cap(.feature, at: 1, in: &$0) }
        try await House.with(plan) { house in
            #expect(house.engine.perform(.bypass(true)).ok)
            for _ in 0..<3 {
                let reply = try await house.ask(body: Self.short, headers: Self.headers)
                #expect(reply.status == 200)
            }
            #expect(house.engine.snapshot().caps.first?.spent == 3 * Self.answer)
            #expect(house.engine.perform(.bypass(false)).ok)
            let refused = try await house.ask(body: Self.short, headers: Self.headers)
            #expect(refused.status == 429)
        }
    }

    /// What a `kill -9` leaves: the file, and nothing of what was held.
    @Test func nothingIsHeldAfterAKill() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + end) } }
        let plan = Self.plan(database: file) { Self.cap(.tenant, at: 5, in: &$0) }
        try await House.with(plan) { house in
            _ = try await house.ask(body: Self.short, headers: Self.headers)
            try await house.ledger.flush()
            house.primary.inject(.hang)
            await house.primary.settle()
            let hanging = Task { try await house.ask(body: Self.short, headers: Self.headers) }
            try await house.until { house.engine.snapshot().caps.first?.reserved == Self.answer }
            let ledger = try Ledger.open(path: file, objectives: .init())
            let next = Engine(
                config: house.engine.config,
                ledger: ledger,
                upstream: house.tap,
                loops: MultiThreadedEventLoopGroup.singleton,
                identity: EngineIdentity(version: "test", startedAt: wallMilliseconds(), listen: ""),
                seed: 1,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            )
            let cap = try #require(next.snapshot().caps.first)
            #expect(cap.spent == Self.answer && cap.reserved == 0)
            hanging.cancel()
            house.primary.inject(nil)
        }
    }

    /// The bound of a price stands in the middle of a window: each request costs what held when it was accepted.
    @Test func aPriceThatChangesMidWindow() async throws {
        let now = wallMilliseconds()
        let dear = TokenPrice(input: 0, output: 2_000_000_000)
        let rows = [
            PriceRow(provider: "one", model: "gpt-5.4-mini", price: Self.price, until: now, source: "test"),
            PriceRow(provider: "one", model: "gpt-5.4-mini", price: dear, from: now, source: "test"),
        ]
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + end) } }
        let ledger = try Ledger.open(path: file, objectives: .init())
        try ledger.keep(rows)
        var old = RequestRecord(id: "req_before", at: now - 1)
        (old.feature, old.provider, old.deployment) = ("summarise", "one", "one")
        old.cost = Self.answer
        ledger.record(old)
        try await ledger.flush()
        let plan = Self.plan(database: file) { config in
            config.prices = [DeploymentID("two"): dear]
            Self.cap(.feature, at: 4, in: &config)
        }
        try await House.with(plan) { house in
            let statuses = [
                try await house.ask(body: Self.short, headers: Self.headers).status,
                try await house.ask(body: Self.short, headers: Self.headers).status,
            ]
            #expect(statuses == [200, 429])
            #expect(house.engine.snapshot().caps.first?.spent == 3 * Self.answer)
        }
    }

    @Test func theSumsComeBackToTheLedgers() async throws {
        let plan = Self.plan { Self.cap(.feature, at: 5, in: &$0) }
        try await House.with(plan) { house in
            _ = try await house.ask(body: Self.short, headers: Self.headers)
            await house.engine.compareGuards()
            #expect(house.engine.snapshot().caps.first?.spent == Self.answer)
            // Spend that this engine has not seen: another one wrote to the same file.
            var record = RequestRecord(id: "req_elsewhere", at: Int64(Date().timeIntervalSince1970 * 1_000))
            record.feature = "summarise"
            record.cost = 3 * Self.answer
            house.ledger.record(record)
            await house.engine.compareGuards()
            #expect(house.engine.snapshot().caps.first?.spent == 4 * Self.answer)
        }
    }

    // MARK: One request

    @Test func aRequestThatIsTooDearIsRefused() async throws {
        let plan = Self.plan { $0.features = [Self.feature("summarise") { $0.maxCostPerRequest = 7_000 }] }
        try await House.with(plan) { house in
            let reply = try await house.ask(body: Self.short, headers: Self.headers)
            #expect(reply.status == 400)
            #expect(reply.headers["x-should-retry"] == "false")
            #expect(reply.text.contains("feature 'summarise'. The request could cost $0.000008"))
            #expect(reply.text.contains("max_cost_per_request_exceeded"))
        }
    }

    @Test("no limit of its own is limited, by the provider's field", arguments: ["one", "openai"])
    func answersAreLimited(provider: String) async throws {
        let plan = Self.plan { config in
            config.features = [Self.feature("default") { $0.maxOutputTokens = 8 }]
            config.groups = config.groups.map { group in
                let deployments = group.deployments.map { deployment in
                    var renamed = deployment
                    renamed.provider = provider
                    return renamed
                }
                return ModelGroup(name: group.name, deployments: deployments)
            }
        }
        try await House.with(plan) { house in
            let body = #"{"model":"assistant","# + Self.conversation + "}"
            let reply = try await house.ask(body: body)
            #expect(reply.status == 200)
            #expect(try await house.record(of: reply)?.tokensOut == 8)
            // The client asked for no more than it got.
            #expect(reply.headers["x-nines-degraded"] == nil)
            let sent = house.tap.sent.last?.text ?? ""
            #expect(sent.contains(provider == "openai" ? #""max_completion_tokens":8"# : #""max_tokens":8"#), "\(sent)")
            let greedy = try await house.ask(body: #"{"model":"assistant","max_tokens":900,"# + Self.conversation + "}")
            #expect(greedy.headers["x-nines-degraded"] == "max_tokens")
        }
    }

    @Test(
        "a long conversation is cut, or goes to the cheaper group, as the ladder says",
        arguments: [Endpoint.chat, .messages]
    )
    func ladder(endpoint: Endpoint) async throws {
        let format: SimulatedProviderConfiguration.Format = endpoint == .messages ? .anthropic : .openAI
        let old = String(repeating: "old words ", count: 400)
        let body =
            #"{"model":"assistant","max_tokens":8,"messages":[{"role":"user","content":"\#(old)"},"#
            + #"{"role":"assistant","content":"yes"},{"role":"user","content":"Say something."}]}"#
        let plan = Self.plan(format) { config in
            config.features = [
                Self.feature("cut") { ($0.maxInputTokens, $0.onExceed) = (100, [.truncate]) },
                Self.feature("strict") { ($0.maxInputTokens, $0.onExceed) = (100, [.reject]) },
                Self.feature("saving") {
                    ($0.maxCostPerRequest, $0.onExceed, $0.cheaper) = (7_000, [.cached, .cheaper], "mini")
                },
            ]
            guard let second = config.groups.first?.deployments.last else { return }
            config.prices[second.id] = TokenPrice(input: 0, output: 100_000_000)
            config.groups = config.groups.map {
                ModelGroup(name: $0.name, deployments: Array($0.deployments.prefix(1)))
            }
            config.groups.append(ModelGroup(name: "mini", deployments: [second]))
        }
        try await House.with(plan) { house in
            let cut = try await house.ask(endpoint, body: body, headers: Self.asFeature("cut"))
            #expect(cut.status == 200 && cut.headers["x-nines-degraded"] == "truncate")
            #expect(house.tap.sent.last?.text.contains("old words") == false)
            #expect(try await house.record(of: cut)?.degraded == ["truncate"])
            let strict = try await house.ask(endpoint, body: body, headers: Self.asFeature("strict"))
            #expect(strict.status == 400 && strict.text.contains("at most 100"))
            let saving = try await house.ask(endpoint, body: Self.short, headers: Self.asFeature("saving"))
            #expect(saving.headers["x-nines-deployment"] == "two" && saving.headers["x-nines-degraded"] == "cheaper")
            let rows = Set(house.engine.snapshot().degradations.map { "\($0.feature) \($0.what) \($0.requests)" })
            #expect(rows == ["cut truncate 1", "strict rejected 1", "saving cheaper 1"])
        }
    }

    @Test("the other endpoints are measured too", arguments: [Endpoint.completions, .responses, .embeddings])
    func otherEndpoints(endpoint: Endpoint) async throws {
        let plan = Self.plan { $0.features = [Self.feature("default") { $0.maxInputTokens = 50 }] }
        try await House.with(plan) { house in
            #expect(try await house.ask(endpoint).status == 200)
            let long = String(repeating: "many words ", count: 200)
            let key = endpoint == .completions ? "prompt" : "input"
            let reply = try await house.ask(endpoint, body: #"{"model":"assistant","\#(key)":"\#(long)"}"#)
            #expect(reply.status == 400 && reply.text.contains("max_input_tokens_exceeded"), "\(reply.text)")
        }
    }

    // MARK: Prices and estimates

    @Test func anUnknownPriceIsAWarningAndAnUnknownCost() async throws {
        var plan = House.Plan()
        plan.adjust = { config in
            config.prices = [:]
            config.features = [Self.feature("default") { $0.budget = Self.budget(0) }]
        }
        try await House.with(plan) { house in
            let reply = try await house.ask(body: Self.short)
            #expect(reply.status == 200)
            #expect(reply.headers["x-nines-cost-usd"] == nil)
            let record = try #require(try await house.record(of: reply))
            #expect(record.cost == nil)
            let warnings = house.engine.snapshot().warnings.filter { $0.hasPrefix("no price for ") }
            #expect(warnings.count == 2)
            #expect(warnings.first?.hasPrefix("no price for one (one/gpt-5.4-mini)") == true)
        }
    }

    @Test func importedPricesCountFromTheNextStart() async throws {
        let ledger = try Ledger.open(path: ":memory:", objectives: .init())
        try ledger.keep([
            PriceRow(provider: "one", model: "m", price: Self.price, maxInputTokens: 77, source: "test"),
            PriceRow(provider: "openai", model: "gpt-4o", price: Self.price, source: "test"),
        ])
        var config = NinesConfig()
        let deployment = { (id: String, provider: String, model: String) in
            Deployment(
                id: DeploymentID(id),
                provider: provider,
                format: .openAI,
                model: model,
                apiBase: "http://127.0.0.1:9/v1",
                credential: nil
            )
        }
        let (own, taken) = (deployment("own", "one", "m"), deployment("taken", "openai", "gpt-4o"))
        let (set, shipped) = (deployment("set", "openai", "gpt-4o"), deployment("shipped", "openai", "gpt-4.1"))
        config.groups = [ModelGroup(name: "g", deployments: [own, taken, set, shipped])]
        config.prices[set.id] = TokenPrice(input: 1, output: 2)
        let table = RouteTable(config, imported: try ledger.importedPrices())
        #expect(table.prices(of: own)?.row(at: 0)?.price == Self.price)
        #expect(table.prices(of: taken)?.row(at: 0)?.price == Self.price)
        #expect(table.prices(of: set)?.row(at: 0)?.price == config.prices[set.id])
        #expect(table.prices(of: shipped)?.row(at: 0)?.price.input == 2_000_000_000)
        #expect(table.deployments[own.id]?.contextWindow == 77)
        #expect(table.deployments[shipped.id]?.contextWindow == 1_047_576)
        #expect(table.unpriced(at: 0).isEmpty)
    }

    @Test func reportedTokensTeachTheEstimator() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + end) } }
        let plan = Self.plan(database: file) { _ in }
        let learnt = try await House.with(plan) { house in
            for stream in [false, true] { _ = try await house.ask(stream: stream) }
            let rows = house.engine.snapshot().estimators
            #expect(rows.map(\.model) == ["one/gpt-5.4-mini"] && rows.first?.samples == 2)
            await house.engine.compareGuards()
            return rows
        }
        try await House.with(plan) { house in #expect(house.engine.snapshot().estimators == learnt) }
    }

    /// What a provider reports in place of sound counts, by format: the cost is then an estimate, and no cap overflows.
    @Test(
        "usage that can't be is no usage",
        arguments: [Endpoint.chat, .messages],
        ["-5", "NaN", "1e400", "99999999999999999999", "1.5", "null", "\"12\""]
    )
    func absurdUsage(endpoint: Endpoint, count: String) async throws {
        let isChat = endpoint == .chat
        let plan = Self.plan(isChat ? .openAI : .anthropic) { Self.cap(.feature, at: 3, in: &$0) }
        let answer =
            isChat
            ? #"{"id":"a","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Four words it is."},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":\#(count)}}"#
            : #"{"id":"a","type":"message","role":"assistant","content":[{"type":"text","text":"Four words it is."}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":\#(count)}}"#
        try await House.with(plan) { house in
            house.tap.answerNext(answer, isStream: false)
            let reply = try await house.ask(endpoint, body: Self.short, headers: Self.headers)
            let cap = try #require(house.engine.snapshot().caps.first)
            #expect(cap.reserved == 0 && (0...cap.limit).contains(cap.spent))
            let record = try #require(try await house.record(of: reply))
            #expect((0...1_000).contains(record.tokensOut ?? 0) && (record.cost ?? 0) >= 0)
            #expect(try await house.ask(endpoint, body: Self.short, headers: Self.headers).status == 200)
        }
    }

    @Test func tenThousandFeatureNamesShareOneCap() async throws {
        let plan = Self.plan { config in
            config.features = [Self.feature("late") { _ in }, Self.feature("default") { $0.budget = Self.budget(2) }]
        }
        try await House.with(plan) { house in
            var statuses: [Int] = []
            for number in 0..<4 {
                let headers = Self.asFeature("feature-\(number)")
                statuses.append(try await house.ask(body: Self.short, headers: headers).status)
            }
            #expect(statuses == [200, 200, 429, 429])
            #expect(try await house.ask(body: Self.short, headers: Self.asFeature("late")).status == 200)
            #expect(house.engine.snapshot().caps.first?.spent == 2 * Self.answer)
            await house.engine.compareGuards()
            #expect(house.engine.snapshot().caps.first?.spent == 2 * Self.answer)
        }
    }
}
