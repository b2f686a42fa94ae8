import Console
import Engine
import NIOCore
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

/// No provider can be reached: a state with a beginning and an end, and requests that wait for it.
struct OfflineTests {
    private static let mayWait = [HeaderField("x-nines-defer", "allow")]

    private static func key(_ tenant: String) -> [HeaderField] {
        [HeaderField("authorization", "Bearer sk-\(tenant)")]
    }

    private static func disconnect(_ house: House, _ isOff: Bool = true) async {
        for provider in [house.primary, house.secondary] {
            provider.inject(isOff ? .refuseConnections : nil)
            await provider.settle()
        }
    }

    @Test func beginsWithTheFirstFailureAndEndsWithTheFirstAnswer() async throws {
        try await House.with(CacheTests.plan()) { house in
            let before = wallMilliseconds()
            _ = try await house.ask()
            #expect(house.engine.snapshot().cache?.mode == .live)
            await Self.disconnect(house)
            let other = #"{"model":"assistant","messages":[{"role":"user","content":"Something else."}]}"#
            #expect(try await house.ask(body: other).status == 503)
            let view = try #require(house.engine.snapshot().cache)
            #expect(view.mode == .offline && view.since >= before && !view.serving.isEmpty)
            #expect(house.engine.snapshot().offlineSince == view.since)
            let figures = try await house.ask(path: "/metrics", method: "GET").text
            for line in [
                "nines_offline 1", "nines_deferred_waiting 0", "nines_cache_requests_total{result=\"miss\"} 2",
            ] {
                #expect(figures.contains("\n\(line)\n"), "\(line)")
            }
            #expect(try await house.ask().headers["x-nines-cache"] == "hit")
            await house.engine.probeNetwork()
            #expect(house.engine.snapshot().cache?.mode == .offline)
            await Self.disconnect(house, false)
            await house.engine.probeNetwork()
            #expect(house.engine.snapshot().offlineSince == nil)
            // The breakers, which would hold for half a minute, are closed with it.
            #expect(try await house.ask(body: other).isComplete)
            let kinds = house.engine.snapshot().events.map(\.text)
            #expect(kinds.contains { $0.hasPrefix("offline:") } && kinds.contains { $0.hasPrefix("online again") })
        }
    }

    @Test("one provider that can't be reached, or one that fails, is no network", arguments: [false, true])
    func notOffline(isUnreachable: Bool) async throws {
        try await House.with(CacheTests.plan()) { house in
            house.primary.inject(isUnreachable ? .refuseConnections : .serverError(status: 500))
            house.secondary.inject(isUnreachable ? .serverError(status: 500) : .hang)
            await house.primary.settle()
            let exchange = house.open(stream: false)
            try await house.until { house.secondary.callCount > 0 }
            await house.engine.probeNetwork()
            #expect(house.engine.snapshot().cache?.mode == .live)
            exchange.cancel()
        }
    }

    /// The limit of a stream is no longer than that of connecting, and what it ends is no slow provider.
    @Test func packetsVanish() async throws {
        let silent = try await FaultTableTests.listener { $0.eventLoop.makeSucceededVoidFuture() }
        // The TLS handshake never comes about.
        var plan = House.Plan(streamTimeout: .milliseconds(300), connectTimeout: .seconds(60))
        plan.primaryURL = "https://127.0.0.1:\(silent.localAddress?.port ?? 0)/v1"
        plan.adjust = { config in
            let group = config.groups[0]
            config.groups[0] = ModelGroup(name: group.name, deployments: Array(group.deployments.prefix(1)))
        }
        try await House.with(plan) { house in
            let reply = try await house.ask(stream: true, headers: Self.mayWait)
            #expect(reply.status == 202, "\(reply.text)")
            let tried = try await house.record(of: reply)?.attemptRecords ?? []
            #expect(!tried.isEmpty && tried.allSatisfy { $0.failure == "unreachable" })
            #expect(house.engine.snapshot().cache?.mode == .offline)
        }
        try await silent.close()
    }

    // MARK: Deferred requests

    @Test("accepted, sent when the network is back, fetched by id", arguments: [false, true], [false, true])
    func deferred(stream: Bool, cached: Bool) async throws {
        var plan = cached ? CacheTests.plan() : House.Plan()
        plan.cooldown = .milliseconds(1)
        try await House.with(plan) { house in
            await Self.disconnect(house)
            let reply = try await house.ask(stream: stream, headers: Self.mayWait)
            #expect(reply.status == 202, "\(reply.text)")
            let id = try #require(reply.headers["x-nines-request-id"])
            let path = "/v1/deferred/\(id)"
            #expect(reply.headers["location"] == path && reply.text.contains("\"url\":\"\(path)\""))
            let record = try #require(try await house.record(of: reply))
            #expect(record.outcome == .lost && record.status == 202 && !record.good)
            await house.engine.sendDeferred()
            #expect(try await house.ask(path: path, method: "GET").status == 202)
            #expect(house.engine.snapshot().cache?.waiting == 1)

            await Self.disconnect(house, false)
            await house.engine.probeNetwork()
            try await house.until(awaiting: { await house.engine.sendDeferred() }) {
                try house.ledger.deferred(.waiting).isEmpty
            }
            #expect(try house.ledger.deferred(id: id, tenant: nil)?.fetched == nil)
            let answer = try await house.ask(path: path, method: "GET")
            #expect(answer.isComplete && answer.headers["content-type"]?.hasPrefix("application/json") == true)
            #expect(answer.headers["x-nines-request-id"] == id)
            try await house.ledger.flush()
            #expect(try house.ledger.deferred(.done).map { $0.fetched != nil } == [true])
            let sent = try house.ledger.recentRequests().filter { $0.traffic == .probe }
            #expect(sent.contains { $0.outcome == .complete && $0.cost ?? 0 > 0 })
            #expect(try await house.ask(path: path, method: "DELETE").status == 409)
        }
    }

    /// A slow answer keeps no other one waiting.
    @Test func sentAtOnce() async throws {
        try await House.with { house in
            await Self.disconnect(house)
            for _ in 0..<3 { #expect(try await house.ask(headers: Self.mayWait).status == 202) }
            await Self.disconnect(house, false)
            await house.engine.probeNetwork()
            let before = house.tap.sent.count
            house.tap.isClosed = true
            async let round: Void = house.engine.sendDeferred()
            try await house.until { house.tap.sent.count == before + 3 }
            house.tap.isClosed = false
            await round
            #expect(try house.ledger.deferred(.done).count == 3)
        }
    }

    @Test func oneTenantLeavesRoomForOthers() async throws {
        let tenants = ["acme", "zenith"].map {
            NinesConfig.Tenant(id: $0, key: Credential(name: $0, secret: Secret("sk-\($0)")))
        }
        try await House.with(House.Plan(tenants: tenants)) { house in
            for number in 0..<250 {
                let request = DeferredRequest(
                    id: "\(number)",
                    tenant: "acme",
                    feature: "f",
                    at: wallMilliseconds(),
                    expires: .max,
                    path: "/v1/chat/completions",
                    body: []
                )
                _ = try house.ledger.deferRequest(request)
            }
            await Self.disconnect(house)
            for (tenant, status) in [("acme", 503), ("zenith", 202)] {
                #expect(try await house.ask(headers: Self.mayWait + Self.key(tenant)).status == status)
            }
        }
    }

    @Test func onlyWhereTheClientAllowsItAndNobodyCanBeReached() async throws {
        try await House.with { house in
            for provider in [house.primary, house.secondary] { provider.inject(.serverError(status: 500)) }
            let failing = try await house.ask(headers: Self.mayWait)
            #expect(failing.status == 503)
            await Self.disconnect(house)
            let unasked = try await house.ask()
            #expect(unasked.status == 503)
        }
    }

    @Test func theTenantsAlone() async throws {
        let tenants = ["acme", "zenith"].map {
            NinesConfig.Tenant(id: $0, key: Credential(name: $0, secret: Secret("sk-\($0)")))
        }
        try await House.with(House.Plan(tenants: tenants)) { house in
            await Self.disconnect(house)
            let reply = try await house.ask(headers: Self.mayWait + Self.key("acme"))
            let path = "/v1/deferred/\(reply.headers["x-nines-request-id"] ?? "")"
            let unknown = try await house.ask(path: path, method: "GET")
            #expect(unknown.status == 401)
            for method in ["GET", "DELETE"] {
                let other = try await house.ask(path: path, method: method, headers: Self.key("zenith"))
                #expect(other.status == 404)
            }
            let own202 = try await house.ask(path: path, method: "GET", headers: Self.key("acme"))
            #expect(own202.status == 202)
            let own200 = try await house.ask(path: path, method: "DELETE", headers: Self.key("acme"))
            #expect(own200.status == 200)
            let own410 = try await house.ask(path: path, method: "GET", headers: Self.key("acme"))
            #expect(own410.status == 410)
            #expect(try house.ledger.deferred(.waiting).isEmpty)
        }
    }

    /// What the client said of the cache holds for the answer that comes later.
    @Test func whatIsNotToBeStoredIsNot() async throws {
        var plan = House.Plan()
        plan.adjust = { $0.cache.policy.isEnabled = true }
        try await House.with(plan) { house in
            await Self.disconnect(house)
            _ = try await house.ask(headers: Self.mayWait + [HeaderField("cache-control", "no-store")])
            await Self.disconnect(house, false)
            await house.engine.probeNetwork()
            try await house.until(awaiting: { await house.engine.sendDeferred() }) {
                try house.ledger.deferred(.waiting).isEmpty
            }
            #expect(try await house.ask().headers["x-nines-cache"] == "miss")
        }
    }

    @Test func cancelledByTheOperator() async throws {
        try await House.with { house in
            await Self.disconnect(house)
            let reply = try await house.ask(headers: Self.mayWait)
            let id = reply.headers["x-nines-request-id"] ?? ""
            #expect(house.engine.perform(.cancelDeferred(id: id)).ok)
            #expect(!house.engine.perform(.cancelDeferred(id: id)).ok)
        }
    }

    /// What was accepted is on the disk before the client hears of it.
    @Test func outlivesTheProcess() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "nines-\(UInt32.random(in: 0 ... .max)).db"
        )
        var plan = House.Plan()
        plan.database = path.path
        let id = try await House.with(plan) { house in
            await Self.disconnect(house)
            return try await house.ask(headers: Self.mayWait).headers["x-nines-request-id"] ?? ""
        }
        try await House.with(plan) { house in
            try await house.until(awaiting: { await house.engine.sendDeferred() }) {
                try house.ledger.deferred(.waiting).isEmpty
            }
            #expect(try await house.ask(path: "/v1/deferred/\(id)", method: "GET").isComplete)
        }
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path.path + end) }
    }
}
