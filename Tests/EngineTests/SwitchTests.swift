import Console
import Engine
import Simulator
import Storage
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct BypassTests {
    @Test("straight to the primary, whatever it answers", arguments: [false, true])
    func bypassIsThePrimaryAlone(stream: Bool) async throws {
        try await House.with { house in
            #expect(house.engine.perform(.bypass(true)).ok)
            let good = try await house.ask(stream: stream)
            #expect(good.isComplete)
            #expect(good.headers["x-nines-mode"] == "bypass")
            #expect((good.headers["x-nines-cost-usd"] == nil) == stream)
            house.primary.inject(.revokedKey)
            let refused = try await house.ask(stream: stream)
            #expect(refused.status == 401)
            #expect(refused.text.contains("invalid_api_key"))
            #expect(house.secondary.callCount == 0)
            let goodRecord = try await house.record(of: good)
            #expect(goodRecord?.mode == .bypass)
            let refusedRecord = try await house.record(of: refused)
            #expect(refusedRecord?.good == false)
            #expect(house.engine.perform(.bypass(false)).ok)
            let after = try await house.ask(stream: stream)
            #expect(after.isComplete)
        }
    }

    @Test func survivesARestartAndEndsByHandOnly() async throws {
        try await House.with { house in
            #expect(Engine.bypassSince(in: house.ledger) == nil)
            _ = house.engine.perform(.bypass(true))
            #expect(Engine.bypassSince(in: house.ledger) != nil)
            house.engine.restoreSwitches(override: nil)
            #expect(house.engine.snapshot().mode == .bypass)
            house.engine.restoreSwitches(override: false)
            #expect(house.engine.snapshot().mode == .live)
            #expect(Engine.bypassSince(in: house.ledger) == nil)
        }
    }
}

extension BypassTests {
    /// `BYPASS_ROUTER=false` is a use of the switch: it ends what an earlier run stored.
    @Test func theLastUseCountsAlsoOverWhatIsStored() async throws {
        try await House.with { house in
            try Engine.storeBypass(true, in: house.ledger, now: 1)
            house.engine.restoreSwitches(override: false)
            #expect(house.engine.snapshot().mode == .live)
            #expect(Engine.bypassSince(in: house.ledger) == nil)
        }
    }

    @Test func noDrillReachesBypassedRequests() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "failover")
            #expect(house.engine.snapshot().drill?.isFaultIn == true)
            #expect(house.engine.perform(.bypass(true)).ok)
            #expect(house.engine.snapshot().drill?.isFaultIn == false)
            let reply = try await house.ask()
            #expect(reply.isComplete)
            let next = await crew.send(.open(scenario: "revoke-key", isCompressed: false))
            #expect(!next.ok)
        }
    }
}
