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
            #expect(house.engine.perform(.drill(.open)).ok)
            #expect(house.engine.perform(.bypass(true)).ok)
            #expect(!house.engine.perform(.drill(.induce)).ok)
            let reply = try await house.ask()
            #expect(reply.isComplete)
        }
    }
}

struct DrillTests {
    @Test func revokeFailOverRestoreReport() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await House.with(House.Plan(drillDirectory: folder)) { house in
            let engine = house.engine
            #expect(!engine.perform(.drill(.induce)).ok)
            #expect(engine.perform(.drill(.open)).ok)
            #expect(engine.perform(.drill(.induce)).ok)
            let during = try await house.ask()
            #expect(during.isComplete)
            #expect(during.headers["x-nines-deployment"] == "two")
            #expect(during.headers["x-nines-mode"] == "drill")
            #expect(house.primary.calls.last?.status == 401, "the provider itself must have refused the key")
            #expect(engine.snapshot().drill?.timeToFailover != nil)
            #expect(!engine.perform(.drill(.close)).ok)
            #expect(engine.perform(.drill(.restore)).ok)
            let back = try await house.ask()
            #expect(back.headers["x-nines-deployment"] == "one")
            let drill = try #require(engine.snapshot().drill)
            #expect(drill.phase == .restored && drill.lost == 0 && drill.failedOver == 1)
            let report = try String(contentsOfFile: try #require(drill.report), encoding: .utf8)
            #expect(report.contains("| Verdict | pass |"))
            #expect(!report.contains("sk-"))
            #expect(engine.perform(.drill(.close)).ok)
            #expect(engine.snapshot().drill == nil)
        }
    }

    @Test func abortAndShutdownRestoreFirst() async throws {
        try await House.with { house in
            for end in [{ _ = house.engine.perform(.drill(.abort)) }, { house.engine.restoreAll() }] {
                _ = house.engine.perform(.drill(.open))
                _ = house.engine.perform(.drill(.induce))
                let during = try await house.ask()
                #expect(during.headers["x-nines-deployment"] == "two")
                end()
                let after = try await house.ask()
                #expect(after.headers["x-nines-deployment"] == "one")
                _ = house.engine.perform(.drill(.close))
            }
        }
    }

    @Test func aCrashDuringADrillIsTold() async throws {
        try await House.with { house in
            _ = house.engine.perform(.drill(.open))
            _ = house.engine.perform(.drill(.induce))
            // Another start on the same ledger, as after a crash: faults live in memory and are gone.
            house.engine.restoreSwitches(override: nil)
            #expect(house.engine.snapshot().events.contains { $0.text.contains("ended during a drill") })
        }
    }
}
