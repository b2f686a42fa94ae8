import Foundation
import GRDB
import SLO
import Testing

@testable import Storage

/// What a question costs in a file of a month of traffic: rows looked at, not time, which is the machine's.
struct FullLedgerTests {
    /// Fills the rollups as `perMinute` requests a minute of 10 tenants, 10 features and 2 providers would, without their rows.
    static func fill(_ ledger: Ledger, days: Int, perMinute: Int, now: Int64) throws {
        let end = now / 86_400_000 * 86_400 + 86_400
        let start = end - Int64(days) * 86_400
        try ledger.transaction { db in
            var book = SeriesBook()
            var sums: [Int64: Int] = [:]
            for tenant in 0..<10 {
                for feature in 0..<10 {
                    for (provider, share) in [("openai", 9), ("anthropic", 1)] {
                        var request = goodRequest()
                        (request.tenant, request.feature) = ("tenant \(tenant)", "feature \(feature)")
                        request.provider = provider
                        let family = try book.family(of: .detail(of: request), in: db)
                        for series in book.sums(family) { sums[series, default: 0] += share }
                        for series in book.own(family) { sums[series] = -share }
                    }
                }
            }
            for (series, share) in sums.sorted(by: { $0.key < $1.key }) {
                let isDetail = share < 0
                for grain in Grain.allCases where !isDetail || grain != .minute {
                    // As upkeep leaves it.
                    let start = grain == .minute ? max(start, end - 9 * 86_400) : start
                    let n = max(perMinute * Int(grain.rawValue / 60) * abs(share) / 1_000, 1)
                    let columns = CountColumn.all.map {
                        ["n", "valid", "good", "latency_n", "cost_n"].contains($0.name) ? n : 0
                    }
                    // So many different buckets do n latencies fall into, of 300 that are in use, roughly.
                    let buckets = max(Int(300 * (1 - exp(-Double(n) / 180))), 1)
                    try db.execute(
                        sql: """
                            WITH RECURSIVE slot AS (SELECT \(start) AS start UNION ALL
                                SELECT start + \(grain.rawValue) FROM slot WHERE start + \(grain.rawValue) < \(end))
                            INSERT INTO \(grain.counts)
                                SELECT \(series), start, \(columns.map(\.description).joined(separator: ", ")) FROM slot;
                            WITH RECURSIVE slot AS (SELECT \(start) AS start UNION ALL
                                SELECT start + \(grain.rawValue) FROM slot WHERE start + \(grain.rawValue) < \(end)),
                            bucket AS (SELECT 600 AS b UNION ALL SELECT b + 1 FROM bucket WHERE b < \(600 + buckets - 1))
                            INSERT INTO \(grain.latencies) SELECT \(series), start, b, \(max(n / buckets, 1)) FROM slot, bucket;
                            """
                    )
                }
            }
        }
    }

    @Test func aWindowNeverScans() async throws {
        let ledger = try memoryLedger()
        for filter in [SeriesFilter.all, SeriesFilter(tenant: "a"), SeriesFilter(tenant: "a", feature: "b")] {
            let choice = SeriesChoice(filter, traffic: .live)
            for span in choice.spans(.seconds(30 * 86_400), now: someTime) {
                for table in [span.grain.counts, span.grain.latencies] {
                    let plan = try ledger.read { db in
                        try Row.fetchAll(
                            db,
                            sql: """
                                EXPLAIN QUERY PLAN SELECT sum(n) FROM \(table)
                                WHERE series IN \(choice.ids) AND start >= ? AND start < ?
                                """,
                            arguments: choice.arguments + [span.from, span.to]
                        )
                    }
                    let steps = plan.map { $0["detail"] as String }
                    #expect(
                        steps.contains {
                            $0.contains("SEARCH \(table) USING PRIMARY KEY (series=? AND start>? AND start<?)")
                        }
                    )
                    #expect(!steps.contains { $0.contains("SCAN") && $0.contains(table) })
                }
            }
        }
    }

    /// A month is at most 30 days, twice 23 hours and 59 minutes of one series, however many series there are.
    @Test func aHeadlineReadsFewRows() async throws {
        let ledger = try memoryLedger()
        try Self.fill(ledger, days: 3, perMinute: 20, now: someTime)
        for filter in [SeriesFilter.all, SeriesFilter(tenant: "tenant 3"), SeriesFilter(feature: "feature 7")] {
            let choice = SeriesChoice(filter, traffic: .live)
            let rows = try ledger.read { db in
                try choice.spans(.seconds(2 * 86_400), now: someTime).reduce(0) { sum, span in
                    sum
                        + (try Int.fetchOne(
                            db,
                            sql:
                                "SELECT count(*) FROM \(span.grain.counts) WHERE series IN \(choice.ids) AND start >= ? AND start < ?",
                            arguments: choice.arguments + [span.from, span.to]
                        ) ?? 0)
                }
            }
            #expect(rows > 0 && rows <= 1 + 2 * 23 + 2 * 59)
        }
    }

    /// Ten million requests over 30 days; asked for by name: `NINES_FULL_LEDGER=FILE swift test --filter tenMillion`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["NINES_FULL_LEDGER"] != nil))
    func tenMillion() async throws {
        let path = try #require(ProcessInfo.processInfo.environment["NINES_FULL_LEDGER"])
        let clock = ContinuousClock()
        let now = wallClockMilliseconds()
        var ledger = try Ledger.open(path: path, objectives: Objectives())
        if try ledger.headline(now: now).window.counts.requests == 0 {
            print("fill", try clock.measure { try Self.fill(ledger, days: 31, perMinute: 231, now: now) })
        }
        func measure(_ what: String, _ body: () throws -> Void) throws {
            let times = try (0..<9).map { _ in try clock.measure(body) }.sorted()
            print(what, "median", times[4], "worst", times[8])
        }
        try measure("open") { ledger = try Ledger.open(path: path, objectives: Objectives()) }
        print("requests", try ledger.headline(now: now).window.counts.requests)
        try measure("headline") { _ = try ledger.headline(now: now) }
        try measure("headline of a tenant") { _ = try ledger.headline(now: now, of: SeriesFilter(tenant: "tenant 3")) }
        let both = SeriesFilter(tenant: "tenant 3", feature: "feature 3")
        try measure("headline of two names") { _ = try ledger.headline(now: now, of: both) }
        try measure("alert windows") { _ = try ledger.indicators(now: now) as [Indicators] }
        try measure("drift") { _ = try ledger.drift(now: now) }
        try measure("burn-down by days") { _ = try ledger.burnDown(now: now) }
        try measure("burn-down by hours") { _ = try ledger.burnDown(now: now, step: .seconds(3_600)) }
        let month = Duration.seconds(30 * 86_400)
        try measure("features with latency") {
            _ = try ledger.slices(by: .feature, now: now, window: month, latency: true)
        }
        try measure("features") { _ = try ledger.slices(by: .feature, now: now, window: month) }
        try measure("spend of features by days") { _ = try ledger.spend(by: .feature, now: now) }
        try measure("spend of a tenant's features") {
            _ = try ledger.spend(by: .feature, now: now, of: SeriesFilter(tenant: "tenant 3"))
        }
        try ledger.write { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size]
        print("bytes", size ?? 0)
    }
}
