import Console
import Drills
import Engine
import Guardrails
import Routing
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

/// The response cache, from the client's side and from the ledger's.
struct CacheTests {
    /// A cache for all features, after `adjust`.
    static func plan(
        _ format: SimulatedProviderConfiguration.Format = .openAI,
        _ adjust: @escaping @Sendable (inout NinesConfig) -> Void = { _ in }
    ) -> House.Plan {
        var plan = House.Plan(primaryFormat: format, secondaryFormat: format)
        plan.adjust = { config in
            config.cache.policy.isEnabled = true
            adjust(&config)
        }
        return plan
    }

    /// Every answer is too old at once, but good for when no route gives another.
    static let oldAtOnce: @Sendable (inout NinesConfig) -> Void = { $0.cache.policy.ttl = .zero }

    static let conversation = #""messages":[{"role":"user","content":"Say something."}]"#

    /// A fault ends with its lease: no copy of what it spoilt stays behind.
    @Test("what came through a drill's fault is not kept", arguments: [false, true])
    func garbled(isStream: Bool) async throws {
        try await House.with(Self.plan()) { house in
            let target = DrillTarget(provider: "one", deployment: "one", credential: nil, secondary: "two")
            let lease = Lease(
                drill: "a drill",
                stage: 0,
                mix: [.init(.garbledAnswer)],
                target: target,
                length: .seconds(60)
            )
            house.engine.faults.put(lease, address: nil, until: .now + .seconds(60))
            let spoilt = try await house.ask(stream: isStream)
            let why = try await house.record(of: spoilt)?.cacheWhy
            #expect(spoilt.isComplete && why == "drill")
            house.engine.faults.clear()
            let whole = try await house.ask(stream: isStream)
            #expect(whole.headers["x-nines-cache"] == "miss" && Self.words(of: whole) != Self.words(of: spoilt))
            #expect(try await house.ask().headers["x-nines-cache"] == "hit")
        }
    }

    // MARK: Hits

    @Test("one entry serves whole and streamed", arguments: [Endpoint.chat, .messages], [false, true])
    func oneEntry(endpoint: Endpoint, firstIsStream: Bool) async throws {
        try await House.with(Self.plan(endpoint == .chat ? .openAI : .anthropic)) { house in
            let first = try await house.ask(endpoint, stream: firstIsStream)
            #expect(first.isComplete && first.headers["x-nines-cache"] == "miss")
            #expect(first.headers["age"] == nil)
            let cost = try await house.record(of: first)?.cost
            for stream in [firstIsStream, !firstIsStream] {
                let hit = try await house.ask(endpoint, stream: stream)
                #expect(hit.isComplete, "\(hit.text)")
                #expect(hit.headers["x-nines-cache"] == "hit" && hit.headers["age"] != nil)
                #expect(hit.headers["x-nines-failover"] == "false" && hit.headers["x-nines-deployment"] == "one")
                #expect(Self.words(of: hit) == Self.words(of: first))
                let record = try #require(try await house.record(of: hit))
                #expect(record.cache == .hit && record.cost == 0 && record.attempts == 0 && record.deployment == nil)
                #expect(record.good && !record.failedOver && record.latencyMicros == nil)
                #expect(record.avoidedCost == cost)
                #expect(record.avoidedMicros != nil)
            }
            #expect(house.primary.callCount == 1)
        }
    }

    /// The text of an answer, whatever its form.
    private static func words(of reply: House.Reply) -> String {
        let bytes = Array(reply.text.utf8)
        let isStream = reply.headers["content-type"]?.hasPrefix("text/event-stream") == true
        let answer =
            isStream
            ? try? StoredAnswer(stream: bytes, endpoint: reply.endpoint)
            : try? StoredAnswer(bytes, endpoint: reply.endpoint)
        let whole = answer.map { String(decoding: $0.whole(id: "x", created: 0), as: UTF8.self) } ?? reply.text
        let mark = reply.endpoint == .chat ? "\"content\":\"" : "\"text\":\""
        return whole.components(after: mark)
    }

    @Test func offUnlessTheConfigSaysSo() async throws {
        try await House.with { house in
            for _ in 0..<2 {
                let reply = try await house.ask()
                #expect(reply.headers["x-nines-cache"] == "off")
            }
            #expect(house.primary.callCount == 2)
        }
    }

    @Test("a feature's own word counts", arguments: [false, true])
    func ofOneFeature(isOn: Bool) async throws {
        let plan = Self.plan { config in
            var feature = Feature(name: "summarise")
            feature.cache = config.cache.policy
            feature.cache.isEnabled = isOn
            config.cache.policy.isEnabled = !isOn
            config.features = [feature]
        }
        try await House.with(plan) { house in
            for _ in 0..<2 { _ = try await house.ask(headers: [HeaderField("x-nines-feature", "summarise")]) }
            #expect(house.primary.callCount == (isOn ? 1 : 2))
            for _ in 0..<2 { _ = try await house.ask(headers: [HeaderField("x-nines-feature", "other")]) }
            #expect(house.primary.callCount == 3)
        }
    }

    @Test("the request's cache-control", arguments: [("no-cache", "miss"), ("no-store", "off"), ("max-age=60", "hit")])
    func control(header: String, use: String) async throws {
        try await House.with(Self.plan()) { house in
            _ = try await house.ask()
            let reply = try await house.ask(headers: [HeaderField("cache-control", header)])
            #expect(reply.isComplete && reply.headers["x-nines-cache"] == use)
            #expect(house.primary.callCount == (use == "hit" ? 1 : 2))
            if use == "off" { #expect(try await house.record(of: reply)?.cacheWhy == "no_store") }
        }
    }

    @Test func bypassTouchesNothing() async throws {
        try await House.with(Self.plan()) { house in
            _ = try await house.ask()
            _ = house.engine.perform(.bypass(true))
            #expect(try await house.ask().headers["x-nines-cache"] == "off")
            #expect(house.primary.callCount == 2)
        }
    }

    // MARK: What is not kept

    static let unkept: [(body: String, why: String)] = [
        (#"{"model":"assistant","n":2,\#(conversation)}"#, "choices"),
        (#"{"model":"assistant","tools":[{"type":"function","function":{"name":"f"}}],\#(conversation)}"#, "tools"),
        (#"{"model":"assistant","max_tokens":2,\#(conversation)}"#, "unfinished"),
        (#"{"model":"assistant","stream":true,"max_tokens":2,\#(conversation)}"#, "unfinished"),
    ]

    @Test("unsafe to keep, and the ledger says why", arguments: unkept)
    func notKept(body: String, why: String) async throws {
        try await House.with(Self.plan()) { house in
            for _ in 0..<2 {
                let reply = try await house.ask(body: body)
                #expect(reply.status == 200, "\(reply.text)")
                #expect(try await house.record(of: reply)?.cacheWhy == why)
            }
            #expect(house.primary.callCount == 2)
            #expect(try house.ledger.cacheStats().isEmpty)
        }
    }

    @Test("too large to keep", arguments: [false, true])
    func tooLarge(stream: Bool) async throws {
        try await House.with(Self.plan { $0.cache.maxEntrySize = 100 }) { house in
            let reply = try await house.ask(stream: stream)
            #expect(try await house.record(of: reply)?.cacheWhy == "too_large")
            #expect(try house.ledger.cacheStats().isEmpty)
        }
    }

    static let broken: [(ProviderFault, Bool)] = [
        (.serverError(status: 500), false), (.contentPolicy, false), (.badRequest, true), (.cutAfter(chunks: 2), true),
        (.errorEventAfter(chunks: 1), true), (.cutJSON, false),
    ]

    @Test("errors, refusals and broken answers", arguments: broken)
    func nothingOfThatSort(fault: ProviderFault, stream: Bool) async throws {
        try await House.with(Self.plan()) { house in
            for provider in [house.primary, house.secondary] { provider.inject(fault) }
            _ = try await house.ask(stream: stream)
            try await house.ledger.flush()
            #expect(try house.ledger.cacheStats().isEmpty)
            for provider in [house.primary, house.secondary] { provider.inject(nil) }
        }
    }

    /// A fallback group's answer stands in for the moment, and is nobody's answer tomorrow.
    @Test func aMakeshiftIsNotKept() async throws {
        let plan = Self.plan { config in
            let deployments = config.groups[0].deployments
            config.groups = [
                ModelGroup(name: "assistant", deployments: [deployments[0]], fallbacks: ["other"]),
                ModelGroup(name: "other", deployments: [deployments[1]]),
            ]
        }
        try await House.with(plan) { house in
            house.primary.inject(.revokedKey)
            let reply = try await house.ask()
            #expect(reply.isComplete && reply.headers["x-nines-deployment"] == "two")
            #expect(try await house.record(of: reply)?.cacheWhy == "makeshift")
        }
    }

    // MARK: Tenants

    @Test("tenants share neither rows nor joins", arguments: [false, true])
    func tenantsApart(atOnce: Bool) async throws {
        try await House.with(Self.plan()) { house in
            house.tap.isClosed = atOnce
            let replies = try await withThrowingTaskGroup(of: House.Reply.self) { group in
                for tenant in ["acme!", "acme?", "acme!"] {
                    let ask = { @Sendable in try await house.ask(headers: [HeaderField("x-nines-tenant", tenant)]) }
                    if atOnce {
                        group.addTask { try await ask() }
                    } else {
                        let reply = try await ask()
                        group.addTask { reply }
                    }
                }
                if atOnce { try await house.until { house.engine.snapshot().inFlight == 3 } }
                house.tap.isClosed = false
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.allSatisfy { $0.isComplete })
            #expect(house.primary.callCount == 2)
            try await house.ledger.flush()
            // Names so odd that the ledger can't tell them apart.
            let kept = try house.ledger.cacheStats().map(\.entries)
            #expect(kept == [2])
        }
    }

    // MARK: At once

    @Test("fifty identical requests make one call", arguments: [false, true])
    func fiftyAtOnce(stream: Bool) async throws {
        try await House.with(Self.plan()) { house in
            let replies = try await Self.atOnce(50, house, stream: stream)
            #expect(replies.allSatisfy { $0.isComplete })
            #expect(Set(replies.map(\.text)).count == 1)
            #expect(Set(replies.compactMap { $0.headers["x-nines-request-id"] }).count == 50)
            #expect(house.primary.callCount == 1 && house.secondary.callCount == 0)
            let uses = replies.compactMap { $0.headers["x-nines-cache"] }
            #expect(uses.filter { $0 == "miss" }.count == 1 && uses.filter { $0 == "joined" }.count == 49)
            try await house.ledger.flush()
            let records = try house.ledger.recentRequests()
            #expect(records.count == 50 && records.allSatisfy { $0.good })
            #expect(records.filter { $0.cost ?? 0 > 0 }.count == 1)
            #expect(
                records.filter { $0.cache == .joined }.allSatisfy { $0.avoidedCost ?? 0 > 0 && $0.latencyMicros == nil }
            )
        }
    }

    /// The three shapes of one question: whole, streamed, and streamed without the usage chunk.
    private static let shapes = [
        House.body(stream: false), House.body(stream: true),
        House.body(stream: true).replacing(#""stream_options":{"include_usage":true},"#, with: ""),
    ]

    @Test("fifty identical requests in three shapes make one call", arguments: 0..<3)
    func allShapesAtOnce(first: Int) async throws {
        try await House.with(Self.plan { $0.policy.deadline = .seconds(1_000) }) { house in
            house.tap.isClosed = true
            let replies = try await withThrowingTaskGroup(of: House.Reply.self) { group in
                for number in 0..<50 {
                    group.addTask { try await house.ask(body: Self.shapes[(first + number) % 3]) }
                    if number == 0 { try await house.until { house.primary.callCount == 1 } }
                }
                try await house.until { house.engine.snapshot().inFlight == 50 }
                house.tap.isClosed = false
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.allSatisfy { $0.isComplete } && Set(replies.map { Self.words(of: $0) }).count == 1)
            #expect(house.primary.callCount == 1 && house.secondary.callCount == 0)
            let uses = replies.compactMap { $0.headers["x-nines-cache"] }
            #expect(uses.filter { $0 == "miss" }.count == 1 && uses.filter { $0 == "joined" }.count == 49)
            #expect(Set(replies.compactMap { $0.headers["x-nines-request-id"] }).count == 50)
            try await house.ledger.flush()
            let records = try house.ledger.recentRequests()
            #expect(records.count == 50 && records.allSatisfy { $0.good })
            let joined = records.filter { $0.cache == .joined }
            #expect(joined.count == 49 && joined.allSatisfy { $0.cost == 0 && $0.latencyMicros == nil })
            #expect(Set(joined.map(\.avoidedCost)) == Set(records.filter { $0.cache == .miss }.map(\.cost)))
            #expect(joined.allSatisfy { $0.avoidedMicros == nil })
        }
    }

    @Test("a failure is not shared across shapes: those who wait make one call of their own")
    func theOtherShapeFails() async throws {
        try await House.with(Self.plan { $0.policy.deadline = .seconds(1_000) }) { house in
            house.tap.isClosed = true
            house.primary.inject(.badRequest)
            async let first = house.ask(body: Self.shapes[0])
            try await house.until { house.primary.callCount == 1 }
            house.primary.inject(nil)
            let replies = try await withThrowingTaskGroup(of: House.Reply.self) { group in
                for _ in 0..<8 { group.addTask { try await house.ask(body: Self.shapes[1]) } }
                try await house.until { house.engine.snapshot().inFlight == 9 }
                house.tap.isClosed = false
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(try await first.status == 400)
            #expect(replies.allSatisfy { $0.isComplete }, "\(replies.map(\.text))")
            #expect(replies.filter { $0.headers["x-nines-cache"] == "miss" }.count == 1)
            #expect(house.primary.callCount == 2 && house.secondary.callCount == 0)
        }
    }

    @Test("who waits for another shape leaves alone, and waits no longer than for a token of its own")
    func waitingIsBounded() async throws {
        var plan = Self.plan()
        plan.streamTimeout = .milliseconds(100)
        try await House.with(plan) { house in
            house.tap.isClosed = true
            let whole = house.open(stream: false)
            try await house.until { house.primary.callCount == 1 }
            async let stream = house.ask(stream: true)
            try await house.until { house.primary.callCount + house.secondary.callCount > 1 }
            house.tap.isClosed = false
            #expect(try await stream.isComplete)
            whole.cancel()
        }
        try await House.with(Self.plan { $0.policy.deadline = .seconds(1_000) }) { house in
            house.tap.isClosed = true
            async let whole = house.ask(stream: false)
            try await house.until { house.primary.callCount == 1 }
            let stream = house.open(stream: true)
            try await house.until { house.engine.snapshot().inFlight == 2 }
            stream.cancel()
            try await house.until { house.engine.snapshot().inFlight == 1 }
            house.tap.isClosed = false
            #expect(try await whole.isComplete && house.primary.callCount == 1)
            try await house.ledger.flush()
            let left = try #require(try house.ledger.recentRequests().first { $0.stream })
            #expect(left.outcome == .cancelled && left.cost == 0)
        }
    }

    /// Every event loop does something that was asked later than what came before.
    private static func passTime(_ house: House) async throws {
        for _ in 0..<3 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try await house.ask(path: "/v1/models", method: "GET") } }
                try await group.waitForAll()
            }
        }
    }

    /// The same request so many times, all under way before the provider says anything.
    private static func atOnce(_ count: Int, _ house: House, stream: Bool) async throws -> [House.Reply] {
        house.tap.isClosed = true
        return try await withThrowingTaskGroup(of: House.Reply.self) { group in
            for _ in 0..<count { group.addTask { try await house.ask(stream: stream) } }
            try await house.until { house.engine.snapshot().inFlight == count }
            house.tap.isClosed = false
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("the one who asked leaves, those who joined stay", arguments: [false, true], [false, true])
    func leaderLeaves(stream: Bool, joinsStream: Bool) async throws {
        try await House.with(Self.plan { $0.policy.deadline = .seconds(1_000) }) { house in
            house.tap.isClosed = true
            let leader = house.open(stream: stream)
            try await house.until { house.primary.callCount == 1 }
            async let joined = house.ask(stream: joinsStream)
            try await house.until { house.engine.snapshot().inFlight == 2 }
            try await Self.passTime(house)
            leader.cancel()
            try await Self.passTime(house)
            house.tap.isClosed = false
            let reply = try await joined
            #expect(reply.isComplete && reply.headers["x-nines-cache"] == "joined")
            #expect(house.primary.callCount == 1)
            try await house.ledger.flush()
            let records = try house.ledger.recentRequests()
            #expect(records.count == 2)
            let left = try #require(records.first { $0.cache == .miss })
            #expect(left.outcome == .cancelled && !left.valid && left.cost ?? 0 > 0)
            #expect(try await house.record(of: reply)?.good == true)
            #expect(try await house.ask(stream: stream).headers["x-nines-cache"] == "hit")
        }
    }

    @Test("when the last one has left, the call is cancelled")
    func allLeave() async throws {
        try await House.with(Self.plan()) { house in
            house.primary.inject(.hang)
            let clients = (0..<2).map { _ in house.open(stream: true) }
            try await house.until { house.engine.snapshot().inFlight == 2 && house.primary.callCount == 1 }
            for client in clients { client.cancel() }
            try await house.until { house.primary.calls.first?.ending == .peerHungUp }
            try await house.until { house.engine.snapshot().inFlight == 0 }
        }
    }

    @Test("who joined gets the outcome of a failure too", arguments: [false, true])
    func leaderFails(stream: Bool) async throws {
        try await House.with(Self.plan()) { house in
            for provider in [house.primary, house.secondary] { provider.inject(.serverError(status: 500)) }
            let replies = try await Self.atOnce(8, house, stream: stream)
            #expect(replies.allSatisfy { $0.status == 503 && $0.text.contains("all_routes_failed") })
            try await house.ledger.flush()
            let records = try house.ledger.recentRequests()
            #expect(records.allSatisfy { $0.outcome == .lost && !$0.good })
        }
    }

    // MARK: Too old

    @Test("no route answers: the old answer, marked", arguments: [false, true])
    func staleOnError(stream: Bool) async throws {
        try await House.with(Self.plan(.openAI, Self.oldAtOnce)) { house in
            _ = try await house.ask()
            for provider in [house.primary, house.secondary] { provider.inject(.refuseConnections) }
            for provider in [house.primary, house.secondary] { await provider.settle() }
            let reply = try await house.ask(stream: stream)
            #expect(reply.isComplete && reply.headers["x-nines-cache"] == "stale", "\(reply.text)")
            #expect(reply.headers["age"] != nil && reply.headers["warning"] != nil)
            let record = try #require(try await house.record(of: reply))
            #expect(record.cache == .stale && record.good && !record.isSaved && record.latencyMicros == nil)
            #expect(record.attempts > 0 && record.deployment == nil)
            // The client's own fault is no reason for an old answer, and another question has none.
            let other = try await house.ask(body: #"{"model":"assistant","messages":[{"role":"user","content":"?"}]}"#)
            #expect(other.status == 503)
        }
    }

    @Test("what was given by who is no longer asked is old", arguments: [false, true])
    func fromWhoIsNoLongerAskedIsOld(standsIn: Bool) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "nines-\(UInt32.random(in: 0 ... .max)).db"
        )
        var plan = Self.plan()
        plan.database = path.path
        try await House.with(plan) { house in
            _ = try await house.ask()
            try await house.ledger.flush()
        }
        plan.adjust = { config in
            config.cache.policy.isEnabled = true
            if !standsIn { config.cache.policy.staleIfError = nil }
            let group = config.groups[0]
            config.groups[0] = ModelGroup(name: group.name, deployments: Array(group.deployments.dropFirst()))
        }
        try await House.with(plan) { house in
            house.secondary.inject(.badRequest)
            #expect(try await house.ask().status == 400)
            house.secondary.inject(.overloaded)
            #expect(try await house.ask().status == (standsIn ? 200 : 503))
            house.secondary.inject(nil)
            _ = house.engine.perform(.clearCooldown(deployment: "two"))
            for use in ["miss", "hit"] {
                let reply = try await house.ask()
                #expect(reply.headers["x-nines-cache"] == use && reply.headers["x-nines-deployment"] == "two")
            }
        }
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path.path + end) }
    }

    @Test func olderThanStaleIfErrorIsNotServed() async throws {
        let plan = Self.plan { config in
            config.cache.policy.ttl = .zero
            config.cache.policy.staleIfError = .zero
        }
        try await House.with(plan) { house in
            _ = try await house.ask()
            for provider in [house.primary, house.secondary] { provider.inject(.revokedKey) }
            #expect(try await house.ask().status == 503)
        }
    }

    @Test func staleWhileRevalidating() async throws {
        let plan = Self.plan { config in
            config.cache.policy.ttl = .zero
            config.cache.policy.staleWhileRevalidate = .seconds(60)
        }
        try await House.with(plan) { house in
            let first = try await house.ask()
            let second = try await house.ask()
            #expect(second.headers["x-nines-cache"] == "stale" && Self.words(of: second) == Self.words(of: first))
            try await house.until { house.primary.callCount == 2 && house.engine.snapshot().inFlight == 0 }
            try await house.ledger.flush()
            let records = try house.ledger.recentRequests()
            #expect(records.filter { $0.traffic == .probe }.map(\.cache) == [.miss])
            #expect(records.filter { $0.traffic == .live }.count == 2)
        }
    }

    /// The ladder's step was taken for a request that failed, not for the answer from before.
    @Test func whatTheLadderDidIsNotTheOldAnswers() async throws {
        let plan = Self.plan { config in
            var feature = Feature(name: "summarise")
            feature.cache = config.cache.policy
            feature.cache.ttl = .zero
            feature.budget = NinesConfig.Budget(amount: 18_050_000, period: .seconds(86_400))
            (feature.onExceed, feature.cheaper) = ([.cheaper, .reject], "mini")
            config.features = [feature]
            let group = config.groups[0]
            guard let second = group.deployments.last else { return }
            config.prices[second.id] = TokenPrice(input: 0, output: 0)
            config.groups = [
                ModelGroup(name: group.name, deployments: Array(group.deployments.prefix(1))),
                ModelGroup(name: "mini", deployments: [second]),
            ]
        }
        try await House.with(plan) { house in
            let headers = [HeaderField("x-nines-feature", "summarise")]
            let body = #"{"model":"assistant","max_tokens":4000,\#(Self.conversation)}"#
            #expect(try await house.ask(body: body, headers: headers).headers["x-nines-deployment"] == "one")
            house.secondary.inject(.serverError(status: 500))
            await house.secondary.settle()
            let reply = try await house.ask(body: body, headers: headers)
            #expect(reply.isComplete && reply.headers["x-nines-cache"] == "stale", "\(reply.text)")
            #expect(reply.headers["x-nines-degraded"] == nil && house.secondary.callCount > 0)
        }
    }

    @Test func theLaddersCachedAnswer() async throws {
        let plan = Self.plan { config in
            var feature = Feature(name: "summarise")
            feature.cache = config.cache.policy
            feature.cache.ttl = .zero
            feature.budget = NinesConfig.Budget(amount: 18_050_000, period: .seconds(86_400))
            feature.onExceed = [.cached, .reject]
            config.features = [feature]
        }
        try await House.with(plan) { house in
            let headers = [HeaderField("x-nines-feature", "summarise")]
            let body = #"{"model":"assistant","max_tokens":4000,\#(Self.conversation)}"#
            #expect(try await house.ask(body: body, headers: headers).headers["x-nines-cache"] == "miss")
            let reply = try await house.ask(body: body, headers: headers)
            #expect(reply.isComplete && reply.headers["x-nines-cache"] == "stale", "\(reply.text)")
            #expect(reply.headers["x-nines-degraded"] == "cached")
            #expect(house.primary.callCount == 1)
            let record = try #require(try await house.record(of: reply))
            #expect(record.degraded == ["cached"] && record.cost == 0)
        }
    }
}

extension String {
    /// Up to the next quote.
    fileprivate func components(after mark: String) -> String {
        guard let start = firstRange(of: mark) else { return self }
        return String(self[start.upperBound...].prefix { $0 != "\"" })
    }

    private func firstRange(of mark: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(mark) { return index..<self.index(index, offsetBy: mark.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
