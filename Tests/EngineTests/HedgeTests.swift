import Console
import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing

/// A second attempt beside a late first one: the first to speak wins.
struct HedgeTests {
    private static func plan(_ hedgeAfter: Duration = .milliseconds(30)) -> House.Plan {
        var plan = House.Plan()
        plan.adjust = { $0.policy.hedgeAfter = hedgeAfter }
        return plan
    }

    @Test("a silent first is outrun, and nothing is held against it", arguments: [false, true])
    func theHedgeWins(stream: Bool) async throws {
        try await House.with(Self.plan()) { house in
            house.primary.inject(stream ? .roleDeltaThenSilence : .hang)
            let reply = try await house.ask(stream: stream)
            #expect(reply.isComplete, "\(reply.text)")
            #expect(reply.headers["x-nines-deployment"] == "two")
            #expect(reply.headers["x-nines-failover"] == "false")
            #expect(reply.headers["x-nines-attempts"] == "2")
            let record = try #require(try await house.record(of: reply))
            #expect(record.attemptRecords.map(\.failure) == [AttemptRecord.hedgedOut, nil])
            #expect(record.attemptRecords.map(\.why) == ["first", "hedge"])
            #expect(record.good && !record.failedOver)
            #expect(house.engine.snapshot().requests.first?.outcome == .ok)
            // Both are paid for, the loser's part by estimate.
            let booked = try #require(record.attemptRecords.first?.detail)
            #expect(booked.contains("booked at $0.0"), "\(booked)")
            #expect(record.costIsEstimated && record.cost ?? 0 > 0)
            #expect(house.engine.snapshot().providers.allSatisfy { $0.breaker == "closed" })
            try await house.until { house.primary.calls.first?.ending == .peerHungUp }
        }
    }

    @Test("a first that speaks after all wins over its hedge", arguments: [false, true])
    func theFirstWins(stream: Bool) async throws {
        try await House.with(Self.plan()) { house in
            house.primary.inject(.slowHeaders(.milliseconds(600)))
            house.secondary.inject(.hang)
            let reply = try await house.ask(stream: stream)
            #expect(reply.isComplete, "\(reply.text)")
            #expect(reply.headers["x-nines-deployment"] == "one")
            let record = try #require(try await house.record(of: reply))
            #expect(record.attemptRecords.map(\.failure) == [nil, AttemptRecord.hedgedOut])
            try await house.until { house.secondary.calls.first?.ending == .peerHungUp }
        }
    }

    @Test func aHedgeThatFailsLeavesTheFirstItsTime() async throws {
        try await House.with(Self.plan()) { house in
            house.primary.inject(.slowHeaders(.seconds(3)))
            house.secondary.inject(.revokedKey)
            let reply = try await house.ask(stream: true)
            #expect(reply.isComplete && reply.headers["x-nines-deployment"] == "one", "\(reply.text)")
            let record = try #require(try await house.record(of: reply))
            #expect(record.attemptRecords.map(\.failure) == [nil, "credential"])
        }
    }

    @Test func aFastFirstIsNeverHedged() async throws {
        try await House.with(Self.plan(.seconds(60))) { house in
            for _ in 0..<5 {
                let reply = try await house.ask(stream: true)
                #expect(reply.isComplete && reply.headers["x-nines-attempts"] == "1")
            }
            #expect(house.secondary.callCount == 0)
        }
    }

    @Test func aFailureBeforeTheHedgeFailsOverAtOnce() async throws {
        try await House.with(Self.plan(.seconds(60))) { house in
            house.primary.inject(.revokedKey)
            let reply = try await house.ask(stream: true)
            #expect(reply.isComplete && reply.headers["x-nines-failover"] == "true")
        }
    }
}
