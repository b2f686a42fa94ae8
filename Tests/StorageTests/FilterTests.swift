import GRDB
import SLO
import Testing

@testable import Storage

/// Windows of a part of the traffic, checked against the rows and the views.
struct FilterTests {
    private static func ledger(seed: UInt64) async throws -> Ledger {
        let ledger = try memoryLedger()
        let now = wallClockMilliseconds()
        for var request in randomRequests(900, before: now, days: 33, seed: seed)
            + randomRequests(300, before: now, days: 0.1, seed: seed + 100)
        {
            if request.cache == .hit { (request.avoidedCost, request.avoidedMicros) = (2_000_000, 700_000) }
            if request.id.hasSuffix("7") { request.maintenance = "m-1" }
            ledger.record(request)
        }
        try await ledger.flush()
        return ledger
    }

    @Test(
        "a filter's window is what its rows add up to",
        arguments: [
            (SeriesFilter.all, "1"), (SeriesFilter(tenant: "acme"), "tenant = 'acme'"),
            (SeriesFilter(feature: "feature 3"), "feature = 'feature 3'"),
            (SeriesFilter(group: "assistant"), "grp = 'assistant'"),
            (SeriesFilter(provider: "anthropic"), "provider = 'anthropic'"),
            (SeriesFilter(tenant: "globex", provider: "openai"), "tenant = 'globex' AND provider = 'openai'"),
            (SeriesFilter(tenant: "nobody"), "0"),
        ]
    )
    func filters(filter: SeriesFilter, condition: String) async throws {
        let ledger = try await Self.ledger(seed: 21)
        let now = wallClockMilliseconds()
        for seconds in [3_600, 86_400, 30 * 86_400] as [Int64] {
            let grain: Grain = filter.names.count > 1 || seconds > 7 * 86_400 ? .hour : .minute
            let row = try #require(
                try ledger.read { db in
                    try Row.fetchOne(
                        db,
                        sql: """
                            SELECT count(*), total(valid), total(good), total(cost_nano), count(latency_us),
                                total(good AND cache IN ('hit', 'stale')), count(maintenance), total(avoided_nano)
                            FROM request WHERE traffic = 'live' AND at >= ? AND \(condition)
                            """,
                        arguments: [grain.start(of: now / 1_000 - seconds) * 1_000]
                    )
                }
            )
            let indicators = try ledger.indicators(now: now, window: .seconds(seconds), of: filter)
            let counts = indicators.counts
            #expect(
                [
                    counts.requests, counts.valid, counts.good, counts.cost, counts.latencySamples, counts.cachedGood,
                    counts.excluded, counts.avoidedCost,
                ] == (0..<8).map { row[$0] }
            )
            #expect(indicators.latency.samples == counts.latencySamples)
            #expect(try ledger.indicators(now: now, windows: [.seconds(seconds)], of: filter) == [indicators])
            if seconds > 86_400, condition != "0" { #expect(counts.excluded > 0) }
        }
    }

    @Test("slices add up to the whole, and each equals its filter", arguments: Dimension.allCases)
    func slices(by dimension: Dimension) async throws {
        let ledger = try await Self.ledger(seed: 22)
        let now = wallClockMilliseconds()
        let month = Duration.seconds(30 * 86_400)
        let slices = try ledger.slices(by: dimension, now: now, window: month, latency: true)
        var sum = Indicators()
        for slice in slices {
            sum.counts += slice.counts
            sum.latency.merge(slice.indicators.latency)
            var filter = SeriesFilter()
            switch dimension {
            case .tenant: filter.tenant = slice.name
            case .feature: filter.feature = slice.name
            case .group: filter.group = slice.name
            case .provider: filter.provider = slice.name
            }
            #expect(try ledger.indicators(now: now, window: month, of: filter) == slice.indicators)
        }
        #expect(try ledger.indicators(now: now, window: month) == sum)
    }

    /// By the hour, since two names are told apart: the windows begin with the same one.
    @Test func slicesOfOneTenant() async throws {
        let ledger = try await Self.ledger(seed: 23)
        let now = wallClockMilliseconds()
        let acme = SeriesFilter(tenant: "acme")
        let slices = try ledger.slices(by: .feature, now: now, window: .seconds(86_400), of: acme)
        #expect(slices.count > 2)
        for slice in slices {
            let both = SeriesFilter(tenant: "acme", feature: slice.name)
            #expect(try ledger.indicators(now: now, window: .seconds(86_400), of: both).counts == slice.counts)
        }
    }

    @Test("the views of each dimension agree with the program", arguments: Dimension.allCases)
    func views(of dimension: Dimension) async throws {
        let ledger = try await Self.ledger(seed: 24)
        let view = "sli_by_\(dimension.rawValue)_30d"
        let rows = try ledger.read { db in try Row.fetchAll(db, sql: "SELECT * FROM \(view)") }
        let until: Int64 = try #require(rows.first)["until"]
        let slices = try ledger.slices(
            by: dimension,
            now: until * 1_000,
            window: .seconds(30 * 86_400),
            latency: true
        )
        #expect(rows.map { $0[dimension.scope.column] } == slices.map(\.name))
        for (row, slice) in zip(rows, slices) { try expect(row, equals: slice.indicators) }
    }

    @Test func viewOfWindows() async throws {
        let ledger = try await Self.ledger(seed: 25)
        let rows = try ledger.read { db in try Row.fetchAll(db, sql: "SELECT * FROM sli_by_window") }
        let until: Int64 = try #require(rows.first)["until"]
        let windows = try ledger.indicators(now: until * 1_000)
        #expect(rows.map { $0["window_s"] } == Ledger.alertWindows.map(\.components.seconds))
        for (row, indicators) in zip(rows, windows) { try expect(row, equals: indicators) }
    }

    @Test func viewsOfDriftBurnDownAndSpend() async throws {
        let ledger = try await Self.ledger(seed: 26)
        let (until, drift, burnDown, spend) = try ledger.read { db in
            (
                try Int64.fetchOne(db, sql: "SELECT CAST(strftime('%s', 'now') AS INTEGER)") ?? 0,
                try Row.fetchAll(db, sql: "SELECT * FROM drift"),
                try Row.fetchAll(db, sql: "SELECT * FROM burn_down_30d"),
                try Row.fetchAll(db, sql: "SELECT feature, sum(cost_nano) AS cost FROM spend_by_day GROUP BY 1")
            )
        }
        let now = until * 1_000
        let figures = try ledger.drift(now: now)
        #expect(drift.map { $0["feature"] } == figures.map(\.name))
        for (row, figure) in zip(drift, figures) {
            #expect(row["requests"] == figure.recent.requests)
            #expect(row["requests_before"] == figure.baseline.requests)
            let mean = Indicators(counts: figure.baseline).costPerRequest
            #expect(row["cost_nano_before"] == mean)
        }
        let points = try ledger.burnDown(now: now).dropLast()
        #expect(burnDown.map { $0["at"] } == points.map { $0.at / 1_000 })
        for (row, point) in zip(burnDown, points) {
            #expect(row["good"] == point.budget.good)
            #expect(row["valid"] == point.budget.valid)
        }
        #expect(points.count == 31 && points.contains { $0.budget.bad > 0 })
        let trends = try ledger.spend(by: .feature, now: now, points: 60)
        #expect(spend.count == trends.count)
        for trend in trends {
            let row = spend.first { $0["feature"] == trend.name }
            #expect(row?["cost"] == trend.cost.reduce(0, +))
        }
    }

    @Test func theBurnDownEndsWithTheHeadline() async throws {
        let ledger = try await Self.ledger(seed: 27)
        let now = wallClockMilliseconds()
        for step in [3_600, 86_400] as [Int64] {
            let points = try ledger.burnDown(now: now, step: .seconds(step))
            #expect(points.last?.budget == (try ledger.headline(now: now).budget))
            #expect(points.count == Int(30 * 86_400 / step) + 2)
        }
    }

    @Test func hitsDoNotHideAFailingProvider() async throws {
        let ledger = try memoryLedger()
        for number in 0..<10 {
            var request = goodRequest("\(number)")
            if number < 8 { request.cache = .hit } else { (request.outcome, request.good) = (.lost, number == 8) }
            ledger.record(request)
        }
        try await ledger.flush()
        let window = try ledger.headline(now: someTime).window
        #expect(window.successRate == 0.9)
        #expect(window.freshSuccessRate == 0.5)
    }

    @Test func namesBeyondTheLimitAreCountedTogether() async throws {
        let ledger = try memoryLedger()
        for number in 0..<1_500 {
            var request = goodRequest("\(number)")
            request.feature = "feature \(number)"
            ledger.record(request)
        }
        try await ledger.flush()
        let slices = try ledger.slices(by: .feature, now: someTime, window: .seconds(60))
        #expect(slices.count == 1_001)
        #expect(slices.first { $0.name == "(other)" }?.counts.requests == 500)
        #expect(try ledger.request(id: "1499")?.feature == "feature 1499")
        #expect(try ledger.indicators(now: someTime, window: .seconds(60)).counts.requests == 1_500)
    }

    @Test func requestsInPages() async throws {
        let ledger = try memoryLedger()
        let requests = (0..<25).map { goodRequest("\($0)", at: someTime + Int64($0 / 3)) }
        for request in requests.reversed() { ledger.record(request) }
        try await ledger.flush()
        var bookmark = Ledger.Bookmark(since: someTime + 2)
        var seen: [String] = []
        while true {
            let page = try ledger.requests(after: bookmark, limit: 4)
            guard !page.requests.isEmpty else { break }
            seen += page.requests.map(\.id)
            bookmark = page.next
        }
        #expect(seen.count == 19)
        #expect(Set(seen) == Set((6..<25).map(String.init)))
        #expect(try ledger.requests(after: bookmark, tenant: "acme").requests.isEmpty)
        #expect(try ledger.requests(after: .init(since: 0), tenant: "nobody").requests.isEmpty)
        #expect(try ledger.requests(after: .init(since: 0), tenant: "acme").requests.count == 25)
    }

    private func expect(_ row: Row, equals indicators: Indicators) throws {
        for column in CountColumn.all.dropFirst() {
            #expect(row[column.name] == indicators.counts[keyPath: column.path], "\(column.name)")
        }
        #expect(row["requests"] == indicators.counts.requests)
        #expect(row["success_rate"] == indicators.successRate)
        #expect(row["fresh_success_rate"] == indicators.freshSuccessRate)
        #expect(row["cost_nano_per_request"] == indicators.costPerRequest)
        #expect(row["latency_share_in_target"] == indicators.fastShare)
        for (column, q) in [("latency_p50_s", 0.5), ("latency_p95_s", 0.95), ("latency_p99_s", 0.99)] {
            let seconds: Double? = row[column]
            let expected = indicators.latency.quantile(q).map { $0 / .seconds(1) }
            #expect((seconds == nil) == (expected == nil))
            if let seconds, let expected { #expect(abs(seconds - expected) < 1e-9, "\(column)") }
        }
    }
}
