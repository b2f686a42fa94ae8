import Console
import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing
import Upstream

/// Alerts from a failure on the wire to a pager's request.
struct AlertTests {
    private static let plan = {
        var plan = House.Plan()
        plan.adjust = { config in
            config.pagers = [
                NinesConfig.Pager(
                    name: "webhook",
                    sink: .webhook(url: Secret("http://127.0.0.1:9/hook/T0KEN-OF-THE-HOOK"), secret: nil)
                )
            ]
        }
        return plan
    }()

    @Test func aRefusedKeyPagesOnceAndNamesTheKey() async throws {
        try await House.with(Self.plan) { house in
            house.primary.inject(.revokedKey)
            #expect(try await house.ask().isComplete)
            try await house.ledger.flush()
            house.engine.judgeAlerts()
            house.engine.judgeAlerts()
            let rows = house.engine.snapshot().alerts
            #expect(rows.first?.id == "key_refused:ONE_KEY")
            #expect(rows.first?.state == .firing)
            #expect(rows.contains { $0.id == "failover:assistant" && $0.state == .firing })
            #expect(rows.contains { $0.id == "success" && $0.state == .tooFew })
            let waiting = try house.ledger.due(sink: "webhook", now: 0)
            #expect(waiting.map(\.item.dedup).count == 2, "the key and the failover, once each")
            #expect(waiting.allSatisfy { !$0.item.body.contains("sk-primary") && !$0.item.body.contains("T0KEN") })
            #expect(try house.ledger.alertEvents().map(\.kind) == ["fired", "fired"])
        }
    }

    @Test func aPagerIsToldAndTheOutboxIsEmpty() async throws {
        try await House.with(Self.plan) { house in
            house.primary.inject(.revokedKey)
            #expect(try await house.ask().isComplete)
            let before = house.tap.sent.count
            for _ in 0..<2 { house.tap.answerNext("{}", isStream: false) }
            house.engine.judgeAlerts()
            let worker = Task { await house.engine.deliver() }
            while try !house.ledger.due(sink: "webhook", now: 0).isEmpty { await Task.yield() }
            worker.cancel()
            await worker.value
            let told = house.tap.sent.dropFirst(before)
            #expect(told.map(\.url) == Array(repeating: "http://127.0.0.1:9/hook/T0KEN-OF-THE-HOOK", count: 2))
            #expect(told.contains { $0.text.contains("ONE_KEY") })
            #expect(told.allSatisfy { !$0.text.contains("sk-primary") })
        }
    }

    @Test func whatAPersonDoesIsKept() async throws {
        try await House.with(Self.plan) { house in
            house.primary.inject(.revokedKey)
            #expect(try await house.ask().isComplete)
            house.engine.judgeAlerts()
            let id = "key_refused:ONE_KEY"
            #expect(house.engine.perform(.acknowledge(alert: id)).ok)
            #expect(house.engine.snapshot().alerts.first { $0.id == id }?.state == .acknowledged)
            #expect(!house.engine.perform(.acknowledge(alert: id)).ok)
            #expect(!house.engine.perform(.acknowledge(alert: "no such alert")).ok)
            #expect(house.engine.perform(.mute(alert: "latency", seconds: 900)).ok)
            #expect(house.engine.snapshot().alerts.first { $0.id == "latency" }?.state == .muted)
            let state = try #require(try house.ledger.alertStates()["book"])
            #expect(state.contains("operator"))
        }
    }

    @Test func whatFallsIntoMaintenanceCountsApart() async throws {
        try await House.with { house in
            let now = wallMilliseconds()
            try house.ledger.declareMaintenance(id: "m", from: now + 40, to: now + 600_000, reason: "move", now: now)
            let upkeep = Task { await house.engine.keepHouse() }
            var record: RequestRecord?
            while record?.maintenance == nil {
                record = try await house.record(of: house.ask())
                if record?.maintenance == nil { await Task.yield() }
            }
            upkeep.cancel()
            await upkeep.value
            #expect(record?.valid == false)
            #expect(record?.outcome == .complete)
        }
    }
}
