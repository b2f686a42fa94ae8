import GRDB
import SLO
import Testing

@testable import Storage

/// What an auditor reads with SQL is what the screen shows.
struct ViewsTests {
    /// Traffic up to the real now, since that is what the views go by.
    private func ledger(seed: UInt64, count: Int = 1_500) async throws -> Ledger {
        let ledger = try memoryLedger()
        let requests = randomRequests(count, before: wallClockMilliseconds(), days: 33, seed: seed)
        for request in requests { ledger.record(request) }
        for request in randomRequests(300, before: wallClockMilliseconds(), days: 0.2, seed: seed + 100) {
            ledger.record(request)
        }
        try await ledger.flush()
        return ledger
    }

    @Test func objectiveQueriesCountAllThatWasServed() async throws {
        let ledger = try await ledger(seed: 4)
        let counts = try ledger.counts(from: 0, to: wallClockMilliseconds() + 60_000, traffic: .live)
        for (sql, count) in [
            (ObjectiveQueries.valid, counts.valid), (ObjectiveQueries.good, counts.good),
            (ObjectiveQueries.timed, counts.latencySamples), (ObjectiveQueries.fast, counts.latencyFast),
        ] {
            #expect(try ledger.read { try Int.fetchOne($0, sql: sql) } == count)
            #expect(count > 0)
        }
        let (until, mean) = try ledger.read { db in
            (
                try Int64.fetchOne(db, sql: "SELECT until FROM sli_30d") ?? 0,
                try Double.fetchOne(db, sql: ObjectiveQueries.meanCost) ?? 0
            )
        }
        let cost = try #require(try ledger.headline(now: until * 1_000).window.costPerRequest)
        #expect(abs(mean - cost / 1e9) < cost / 1e12)
    }

    @Test("sli_30d and budget_30d agree with the program on random traffic", arguments: [1, 2, 3] as [UInt64])
    func headline(seed: UInt64) async throws {
        let ledger = try await ledger(seed: seed)
        let row = try #require(
            try ledger.read { db in
                try Row.fetchOne(db, sql: "SELECT * FROM sli_30d")
            }
        )
        let until: Int64 = row["until"]
        let headline = try ledger.headline(now: until * 1_000)
        let counts = headline.window.counts
        for (column, count) in [
            ("requests", counts.requests), ("valid", counts.valid), ("good", counts.good), ("bad", counts.bad),
            ("saved", counts.saved), ("cut", counts.cut), ("rejected", counts.rejected),
            ("cancelled", counts.cancelled),
            ("latency_n", counts.latencySamples), ("cost_nano", counts.cost), ("cost_n", counts.priced),
            ("unpriced", counts.unpriced),
        ] {
            #expect(row[column] == count, "\(column)")
            #expect(count > 0, "\(column)")
        }
        #expect(counts.latencySamples == headline.window.latency.samples)
        #expect(row["success_rate"] == headline.window.successRate)
        #expect(row["latency_share_in_target"] == headline.window.fastShare)
        #expect(row["cost_nano_per_request"] == headline.window.costPerRequest)
        for (column, q) in [("latency_p50_s", 0.5), ("latency_p95_s", 0.95), ("latency_p99_s", 0.99)] {
            let seconds = try #require(headline.window.latency.quantile(q)) / .seconds(1)
            #expect(abs(row[column] - seconds) < 1e-9, "\(column)")
        }
    }

    @Test func budget() async throws {
        let ledger = try await ledger(seed: 9)
        let row = try #require(try ledger.read { db in try Row.fetchOne(db, sql: "SELECT * FROM budget_30d") })
        let until: Int64 = row["until"]
        let headline = try ledger.headline(now: until * 1_000)
        for (column, value) in [
            ("remaining", headline.budget.remaining), ("burn_1h", headline.burnRate1h),
            ("burn_6h", headline.burnRate6h),
            ("allowed", headline.budget.allowed), ("target", 0.995),
        ] {
            #expect(abs(row[column] - (try #require(value))) < 1e-9, "\(column)")
        }
    }

    @Test func spend() async throws {
        let ledger = try await ledger(seed: 5)
        let (until, rows) = try ledger.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT *, CAST(strftime('%s', 'now') AS INTEGER) AS until FROM spend_by_feature"
            )
            return (try #require(rows.first)["until"] as Int64, rows)
        }
        let day = try ledger.spendByFeature(now: until * 1_000)
        let month = try ledger.spendByFeature(now: until * 1_000, window: .seconds(30 * 86_400))
        #expect(rows.count == 7)
        for row in rows {
            let feature: String = row["feature"]
            let thirty = try #require(month.first { $0.feature == feature })
            #expect(row["cost_nano_30d"] == thirty.cost)
            #expect(row["requests_30d"] == thirty.requests)
            #expect(row["unpriced_30d"] == thirty.unpriced)
            let today = try #require(day.first { $0.feature == feature })
            #expect(row["cost_nano_24h"] == today.cost)
            #expect(row["requests_24h"] == today.requests)
        }
        #expect(rows.map { $0["feature"] } == month.map(\.feature))
    }

    /// The rollups against the rows themselves, by the same windows.
    @Test func rollupsAgreeWithTheRows() async throws {
        let ledger = try await ledger(seed: 7)
        let now = wallClockMilliseconds()
        for seconds in [60, 3_600, 5 * 3_600 + 61, 86_400, 9 * 86_400, 30 * 86_400] as [Int64] {
            let edge: Grain = seconds > 7 * 86_400 ? .hour : .minute
            let from = edge.start(of: now / 1_000 - seconds) * 1_000
            let row = try #require(
                try ledger.read { db in
                    try Row.fetchOne(
                        db,
                        sql: """
                            SELECT count(*), total(valid), total(good), total(cost_nano), count(latency_us), total(tokens_out)
                            FROM request WHERE traffic = 'live' AND at >= ?
                            """,
                        arguments: [from]
                    )
                }
            )
            let counts = try ledger.indicators(now: now, window: .seconds(seconds)).counts
            #expect(row[0] == counts.requests)
            #expect(row[1] == counts.valid)
            #expect(row[2] == counts.good)
            #expect(row[3] == counts.cost)
            #expect(row[4] == counts.latencySamples)
            #expect(row[5] == counts.tokensOut)
        }
    }

    @Test func anEmptyLedgerHasNoNumbers() throws {
        let ledger = try memoryLedger()
        let headline = try ledger.headline(now: someTime)
        #expect(headline.successStanding == .noData)
        #expect(headline.latencyStanding == .noData)
        #expect(headline.costStanding == .noData)
        #expect(headline.budgetStanding == .noData)
        let row = try #require(try ledger.read { db in try Row.fetchOne(db, sql: "SELECT * FROM sli_30d") })
        #expect(row["requests"] == 0)
        #expect(row["success_rate"] as Double? == nil)
        #expect(row["latency_p95_s"] as Double? == nil)
    }

    @Test func drillsAndProbesStandApart() async throws {
        let ledger = try memoryLedger()
        for traffic in Traffic.allCases {
            for mode in RoutingMode.allCases {
                var request = goodRequest("\(traffic) \(mode)")
                (request.traffic, request.mode) = (traffic, mode)
                ledger.record(request)
            }
        }
        try await ledger.flush()
        #expect(try ledger.headline(now: someTime).window.counts.requests == 2)
        #expect(try ledger.indicators(now: someTime, window: .seconds(60), traffic: .drill).counts.requests == 2)
    }
}
