import Foundation
import GRDB
import SLO
import Testing

@testable import Storage

/// Files that earlier versions wrote, as `sqlite3 FILE .dump` gave them (without the table of buckets, which is computed).
struct MigrationTests {
    private func oldLedger(in scratch: Scratch) throws {
        let dump = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/ledger-1.sql")
        let path = URL(filePath: scratch.path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        try scratch.connect().inDatabase { db in
            // The connection is in no transaction of its own: the dump brings one.
            try db.execute(sql: try String(contentsOf: dump, encoding: .utf8))
            for bucket in 0...LatencyHistogram.lastBucket {
                let microseconds = LatencyHistogram.microseconds(bucket: bucket)
                try db.execute(sql: "INSERT INTO latency_bucket VALUES (?, ?)", arguments: [bucket, microseconds])
            }
            try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = 1")
        }
    }

    @Test func aLedgerOfSchema1Opens() async throws {
        let scratch = try Scratch()
        try oldLedger(in: scratch)
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        #expect(try ledger.setting("bypass") == "1772627696789")
        #expect(try ledger.recentEvents().map(\.text) == ["openai to anthropic"])
        #expect(try ledger.recentRequests().count == 12)
        #expect(try ledger.request(id: "11-9")?.attemptRecords.count == 2)
        let month = Duration.seconds(30 * 86_400)
        let whole = try ledger.indicators(now: someTime, window: month)
        #expect(whole.counts.requests == 12)
        #expect(whole.counts.cost == 195_521_444)
        // What it could not tell apart then, it can now.
        for dimension in Dimension.allCases {
            for window in [Duration.seconds(86_400), month] {
                var sum = Indicators()
                for slice in try ledger.slices(by: dimension, now: someTime, window: window, latency: true) {
                    sum.counts += slice.counts
                    sum.latency.merge(slice.indicators.latency)
                }
                #expect(try ledger.indicators(now: someTime, window: window) == sum, "\(dimension)")
            }
        }
        let globex = try ledger.indicators(now: someTime, window: month, of: SeriesFilter(tenant: "globex"))
        #expect(globex.counts.requests == 5)
    }

    @Test func itGoesOnBeingWritten() async throws {
        let scratch = try Scratch()
        try oldLedger(in: scratch)
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        var request = goodRequest("new")
        request.tenant = "globex"
        (request.tags, request.maintenance) = (["a, b", "c"], "m-1")
        ledger.record(request)
        try await ledger.flush()
        let filter = SeriesFilter(tenant: "globex")
        #expect(try ledger.indicators(now: someTime, window: .seconds(30 * 86_400), of: filter).counts.requests == 6)
        let found = try #require(try ledger.request(id: "new"))
        #expect(found.tags == ["a, b", "c"])
        #expect(found.maintenance == "m-1" && !found.valid && found.latencyMicros == nil)
        #expect(try ledger.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Schema.version)
    }

    /// A released migration that changes would leave old files behind.
    @Test func everyViewCanBeAsked() throws {
        let ledger = try memoryLedger()
        let views = try ledger.read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE type = 'view'")
        }
        #expect(views.count >= 17)
        for view in views {
            _ = try ledger.read { try Row.fetchAll($0, sql: "SELECT * FROM \(view)") }
        }
    }
}
