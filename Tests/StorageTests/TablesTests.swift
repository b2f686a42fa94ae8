import Foundation
import GRDB
import SLO
import Synchronization
import Testing

@testable import Storage

/// What is kept beside the requests.
struct TablesTests {
    @Test func alerts() throws {
        let ledger = try memoryLedger()
        let fired = AlertEvent(
            at: 5,
            key: "latency",
            kind: "fired",
            severity: "page",
            text: "p95 4.1 s",
            body: #"{"n":120}"#
        )
        let item = OutboxItem(sink: "pagerduty", kind: "trigger", dedup: "latency", body: "{}", at: 5)
        try ledger.saveAlert(key: "latency", state: #"{"firing":true}"#, events: [fired], outbox: [item])
        try ledger.saveAlert(key: "cost", state: "{}")
        try ledger.saveAlert(key: "cost", state: nil)
        #expect(try ledger.alertStates() == ["latency": #"{"firing":true}"#])
        #expect(try ledger.alertEvents() == [fired])
        #expect(try ledger.alertEvents(key: "cost").isEmpty)
        #expect(try ledger.alertEvents(since: 6).isEmpty)
        #expect(try ledger.due(sink: "pagerduty", now: 10).map(\.item) == [item])
    }

    @Test func maintenance() throws {
        let ledger = try memoryLedger()
        let window = try ledger.declareMaintenance(id: "m-1", from: 100, to: 200, reason: "upgrade", now: 50)
        #expect([99, 100, 199, 200].map(window.covers) == [false, true, true, false])
        #expect(throws: MaintenanceRefusal.inThePast) {
            try ledger.declareMaintenance(id: "m-2", from: 40, to: 200, reason: "", now: 50)
        }
        #expect(throws: MaintenanceRefusal.endsBeforeItBegins) {
            try ledger.declareMaintenance(id: "m-2", from: 60, to: 60, reason: "", now: 50)
        }
        #expect(throws: LedgerError.self) {
            try ledger.declareMaintenance(id: "m-1", from: 60, to: 70, reason: "twice", now: 50)
        }
        #expect(try ledger.maintenance() == [window])
        #expect(try ledger.maintenance(endingAfter: 200).isEmpty)
        #expect(try ledger.cancelMaintenance(id: "m-1", now: 150))
        #expect(try !ledger.cancelMaintenance(id: "m-1", now: 160))
        #expect(try ledger.maintenance().map { [$0.covers(149), $0.covers(150)] } == [[true, false]])
        #expect(try !ledger.cancelMaintenance(id: "nobody", now: 1))
    }

    @Test func anOutboxKeepsItsOrder() async throws {
        let ledger = try memoryLedger()
        for (kind, key) in [("trigger", "a"), ("resolve", "a"), ("trigger", "b"), ("export", nil)] {
            ledger.enqueue(OutboxItem(sink: "hook", kind: kind, dedup: key, body: "{}", at: 1))
        }
        ledger.enqueue(OutboxItem(sink: "other", kind: "x", body: "{}", at: 1))
        try await ledger.flush()
        let first = try ledger.due(sink: "hook", now: 100)
        #expect(first.map(\.item.kind) == ["trigger", "resolve", "trigger", "export"])
        try ledger.retry([first[1].id], at: 50_000, now: 200, error: "503")
        // Nothing overtakes what waits for its time.
        #expect(try ledger.due(sink: "hook", now: 49_999).map(\.item.kind) == ["trigger"])
        try ledger.delivered([first[0].id, first[2].id], now: 200)
        #expect(try ledger.due(sink: "hook", now: 49_999).isEmpty)
        let again = try ledger.due(sink: "hook", now: 50_000)
        #expect(again.map(\.attempts) == [1, 0])
        try ledger.giveUp([again[0].id], now: 50_001, error: "410")
        try ledger.delivered([again[1].id], now: 50_003)
        let hook = try #require(try ledger.outbox().first)
        #expect((hook.delivered, hook.failed, hook.waiting, hook.lastDelivery) == (3, 1, 0, 50_003))
        #expect(try ledger.due(sink: "hook", now: 60_000).isEmpty)
        #expect(try ledger.outbox().map(\.sink) == ["hook", "other"])
    }

    @Test func whatWaitsForASinkThatIsNoMoreIsGivenUp() async throws {
        let ledger = try memoryLedger()
        for sink in ["slack", "webhook"] {
            for number in 0..<3 { ledger.enqueue(OutboxItem(sink: sink, kind: "\(number)", body: "{}", at: 1)) }
        }
        try await ledger.flush()
        try ledger.giveUpAll(but: ["slack", "webhook-1"], now: 10)
        try ledger.giveUpAll(but: ["slack", "webhook-1"], now: 20)
        let stats = try ledger.outbox()
        #expect(stats.map(\.sink) == ["slack", "webhook"])
        #expect(stats.map(\.waiting) == [3, 0] && stats.map(\.failed) == [0, 3])
        #expect(stats.map(\.error) == [nil, "the config has no sink of this name"])
    }

    @Test func anOutboxIsBoundedAndBelievesNoLongWait() async throws {
        let scratch = try Scratch()
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        for number in 0..<OutboxTables.mostWaiting + 5 {
            ledger.enqueue(OutboxItem(sink: "s", kind: "\(number)", body: "{}", at: 1))
        }
        try await ledger.flush()
        let stats = try #require(try ledger.outbox().first)
        #expect((stats.waiting, stats.dropped) == (OutboxTables.mostWaiting, 5))
        let waiting = try ledger.due(sink: "s", now: 100, limit: 2)
        #expect(waiting.map(\.item.kind) == ["5", "6"])
        try ledger.retry([waiting[0].id], at: 1_000, now: 100, error: "503")
        #expect(try ledger.due(sink: "s", now: 999).isEmpty)
        // A clock set back by a day makes no wait of a day.
        #expect(try ledger.due(sink: "s", now: 100 - 86_400_000, limit: 1).map(\.item.kind) == ["5"])
    }

    @Test func aRequestAndItsExportAreWrittenTogether() async throws {
        let scratch = try Scratch()
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        for number in 0..<2_500 {
            ledger.record(
                goodRequest("\(number)"),
                outbox: [OutboxItem(sink: "langfuse", kind: "request", body: "\(number)", at: 1)]
            )
        }
        try await ledger.flush()
        #expect(try ledger.outbox().first?.waiting == 2_500)
        #expect(try ledger.recentRequests(limit: 3_000).count == 2_500)
    }

    @Test func runsAndGaps() throws {
        let ledger = try memoryLedger()
        #expect(try ledger.lastRun() == nil)
        #expect(try ledger.beginRun(id: "1", version: "1.0", now: 1_000_000) == nil)
        #expect(try ledger.beat(run: "1", now: 1_030_000) == nil)
        let slept = Gap(since: 1_030_000, until: 2_000_000, why: .asleep)
        #expect(try ledger.beat(run: "1", now: 2_000_000) == slept)
        // The clock is set back: no gap, and none when it goes on from there.
        #expect(try ledger.beat(run: "1", now: 1_500_000) == nil)
        #expect(try ledger.beat(run: "1", now: 1_530_000) == nil)
        let died = Gap(since: 1_530_000, until: 3_000_000, why: .died)
        #expect(try ledger.beginRun(id: "2", version: "1.1", now: 3_000_000) == died)
        try ledger.endRun(id: "2", now: 3_100_000)
        #expect(try ledger.beginRun(id: "3", version: "1.1", now: 3_110_000) == nil)
        try ledger.endRun(id: "3", now: 3_120_000)
        #expect(try ledger.lastRun()?.stopped == 3_120_000)
        let stopped = Gap(since: 3_120_000, until: 9_000_000, why: .stopped)
        #expect(try ledger.beginRun(id: "4", version: "1.1", now: 9_000_000) == stopped)
        #expect(try ledger.gaps(from: 0, to: .max) == [slept, died, stopped].sorted { $0.since < $1.since })
        #expect(try ledger.gaps(from: 2_500_000, to: 3_120_000) == [died])
    }

    @Test func theCacheAnswersAtOnceAndKeepsTenantsApart() async throws {
        let ledger = try memoryLedger()
        var entry = CacheEntry(key: [1, 2, 3], tenant: "acme", feature: "chat", created: 10, ttl: 5, body: [0, 255])
        (entry.cost, entry.latencyMicros, entry.headers) = (7, 8, #"{"a":"b"}"#)
        ledger.store(entry)
        #expect(ledger.cached([1, 2, 3], tenant: "acme", now: 20) == entry)
        #expect(ledger.cached([1, 2, 3], tenant: "globex", now: 20) == nil)
        try await ledger.flush()
        // From the file.
        ledger.recent.withLock { $0.removeAll() }
        entry.hits = 1
        #expect(ledger.cached([1, 2, 3], tenant: "acme", now: 20) == entry)
        #expect(ledger.cached([1, 2, 3], tenant: "globex", now: 20) == nil)
        #expect(ledger.cached([9], tenant: "acme", now: 20) == nil)
        entry.body = [4]
        entry.hits = 0
        ledger.store(entry)
        #expect(ledger.cached([1, 2, 3], tenant: "acme", now: 20)?.body == [4])
        try await ledger.flush()
        #expect(ledger.cached([1, 2, 3], tenant: "acme", now: 20)?.body == [4])
        #expect(try ledger.cacheStats().map(\.entries) == [1])
    }

    @Test func theCacheIsPurgedAndTrimmed() async throws {
        let scratch = try Scratch()
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        let size = CacheEntry(key: [], tenant: "", feature: "", created: 0, ttl: 0, body: [1]).size
        for number in 0..<100 as Range<UInt8> {
            let tenant = number < 50 ? "acme" : "globex"
            let feature = number.isMultiple(of: 2) ? "even" : "odd"
            ledger.store(
                CacheEntry(key: [number], tenant: tenant, feature: feature, created: Int64(number), ttl: 1, body: [1])
            )
        }
        try await ledger.flush()
        #expect(try ledger.purgeCache(tenant: "acme", feature: "odd") == 25)
        #expect(try ledger.trimCache(toBytes: .max, olderThan: 10) == 5)
        // What was used last stays.
        #expect(ledger.cached([10], tenant: "acme", now: 1_000) != nil)
        try await ledger.flush()
        #expect(try ledger.trimCache(toBytes: 3 * size) == 67)
        #expect(
            [10, 98, 99].allSatisfy { ledger.cached([$0], tenant: $0 < 50 ? "acme" : "globex", now: 1_001) != nil }
        )
        ledger.store(CacheEntry(key: [200], tenant: "acme", feature: "odd", created: 0, ttl: 1, body: [1]))
        try ledger.purgeCache()
        #expect(ledger.cached([200], tenant: "acme", now: 1) == nil)
        try await ledger.flush()
        #expect(try ledger.cacheStats().isEmpty)
    }

    @Test func aDrillsJournalOnlyGrows() throws {
        let ledger = try memoryLedger()
        var drill = DrillRow(id: "d1", started: 10, title: "Friday", state: "running")
        func line(_ ordinal: Int, drill: String = "d1") -> DrillEvent {
            DrillEvent(
                drill: drill,
                ordinal: ordinal,
                at: Int64(ordinal),
                kind: "note",
                body: "{}",
                previousHash: [UInt8(ordinal) - 1],
                hash: [UInt8(ordinal)]
            )
        }
        try ledger.append([line(1), line(2)], drill: drill)
        #expect(try ledger.openDrills() == [drill])
        for wrong in [2, 4] { #expect(throws: LedgerError.self) { try ledger.append([line(wrong)]) } }
        // All or nothing.
        #expect(throws: LedgerError.self) { try ledger.append([line(3), line(3)]) }
        try ledger.append([line(3)])
        try ledger.append([line(1, drill: "d2")])
        #expect(try ledger.drillEvents("d1") == [line(1), line(2), line(3)])
        #expect(try ledger.lastDrillEvent("d1") == line(3))
        #expect(try ledger.lastDrillEvent("d3") == nil)
        for sql in ["UPDATE drill_event SET body = ''", "DELETE FROM drill_event"] {
            #expect(throws: LedgerError.self) { try ledger.write { try $0.execute(sql: sql) } }
        }
        (drill.ended, drill.state) = (99, "completed")
        try ledger.save(drill)
        #expect(try ledger.drills() == [drill])
        #expect(try ledger.drill(id: "d1") == drill)
        #expect(try ledger.openDrills().isEmpty)
        try ledger.savePaper(drill: "d1", name: "closeout.md", text: "one")
        try ledger.savePaper(drill: "d1", name: "closeout.md", text: "two")
        #expect(try ledger.papers(drill: "d1") == ["closeout.md": "two"])
    }

    @Test func deferredRequests() async throws {
        let ledger = try memoryLedger()
        func request(_ id: String, at: Int64) -> DeferredRequest {
            DeferredRequest(id: id, tenant: "acme", feature: "f", at: at, expires: 1_000_000, path: "/p", body: [1])
        }
        for number in 1...3 { #expect(try ledger.deferRequest(request("\(number)", at: Int64(number)), most: 3)) }
        #expect(try !ledger.deferRequest(request("4", at: 4), most: 3))
        #expect(try !ledger.deferRequest(request("4", at: 4), most: 9, mostOfTenant: 3))
        let waiting = try ledger.waitingDeferred()
        #expect(waiting == (3, 1))
        // What is listed is listed without bodies.
        #expect(try ledger.deferred(limit: 1).map(\.body) == [[]])
        #expect(try ledger.takeDeferred(now: 10, for: .seconds(1), limit: 2).map(\.id) == ["1", "2"])
        #expect(try ledger.takeDeferred(now: 11).map(\.id) == ["3"])
        try ledger.retryDeferred(id: "3", at: 20, now: 11)
        #expect(try ledger.takeDeferred(now: 20).map(\.attempts) == [1])
        #expect(try ledger.cancelDeferred(id: "2", tenant: "acme"))
        #expect(try !ledger.cancelDeferred(id: "1", tenant: "globex"))
        #expect(try ledger.finishDeferred(id: "1", status: 200, headers: "{}", body: [7]))
        #expect(try !ledger.finishDeferred(id: "2", status: 200, headers: "{}", body: []))
        #expect(try ledger.deferred(id: "1", tenant: "acme")?.answer == [7])
        #expect(try ledger.deferred(id: "1", tenant: "acme")?.state == .done)
        #expect(try ledger.deferred(id: "1", tenant: "globex") == nil)
        #expect(try ledger.deferred(.cancelled).map(\.id) == ["2"])
        #expect(try ledger.deferred().map(\.id) == ["3"])
        for time in [50, 60] as [Int64] { ledger.noteFetched(id: "1", at: time) }
        try await ledger.flush()
        #expect(try ledger.deferred(.done).map(\.fetched) == [50])
        #expect(try ledger.deferred(id: "3", tenant: nil)?.fetched == nil)
        try ledger.upkeep(now: 2_000_000)
        #expect(try ledger.deferred(.done).isEmpty)
    }

    @Test func upkeepKeepsEveryNumberOfTheWindow() async throws {
        let ledger = try memoryLedger()
        for request in randomRequests(600, before: someTime, days: 80, seed: 31) { ledger.record(request) }
        try await ledger.flush()
        let before = (
            try ledger.headline(now: someTime), try ledger.burnDown(now: someTime),
            try ledger.slices(by: .tenant, now: someTime, window: .seconds(30 * 86_400), latency: true)
        )
        try ledger.upkeep(now: someTime)
        #expect(try ledger.headline(now: someTime) == before.0)
        #expect(try ledger.burnDown(now: someTime) == before.1)
        let slices = try ledger.slices(by: .tenant, now: someTime, window: .seconds(30 * 86_400), latency: true)
        #expect(slices == before.2)
        let oldest = try ledger.read { try Int64.fetchOne($0, sql: "SELECT min(start) FROM sli_minute") }
        #expect(try #require(oldest) > someTime / 1_000 - 9 * 86_400)
        #expect(try ledger.recentRequests(limit: 1_000).allSatisfy { $0.at >= someTime - 30 * 86_400_000 })
    }
}
