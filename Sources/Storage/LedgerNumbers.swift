import GRDB
package import SLO

/// What is measured, read from the rollups: no request row is touched.
extension Ledger {
    /// The four headline numbers over the objectives' window.
    ///
    /// Live traffic, the bypass included. To the minute, the one under way included. Requests handed over but not yet
    /// written (some 30 ms) are not in it.
    package func headline(now: Int64) throws(LedgerError) -> Headline {
        try read { db in
            Headline(
                objectives: objectives,
                window: try Self.indicators(db, last: objectives.window, now: now, traffic: .live),
                lastHour: try Self.counts(db, last: .seconds(3_600), now: now, traffic: .live),
                lastSixHours: try Self.counts(db, last: .seconds(6 * 3_600), now: now, traffic: .live)
            )
        }
    }

    /// Everything measured in the window that ends now, of one class of traffic.
    package func indicators(now: Int64, window: Duration, traffic: Traffic = .live) throws(LedgerError) -> Indicators {
        try read { db in try Self.indicators(db, last: window, now: now, traffic: traffic) }
    }

    /// Nano-dollars spent since midnight UTC, drills and probes included.
    package func spentToday(now: Int64) throws(LedgerError) -> Int64 {
        try read { db in
            let midnight = Grain.day.start(of: now / 1_000)
            let sql = """
                SELECT coalesce(sum(cost_nano), 0) FROM sli_day
                WHERE series IN (SELECT id FROM series WHERE scope = 'total') AND start = ?
                """
            return try Int64.fetchOne(db, sql: sql, arguments: [midnight]) ?? 0
        }
    }

    /// Consecutive steps of live traffic, oldest first, the one under way last; nil where nothing was settled.
    ///
    /// Steps are aligned to multiples of `step`, which is brought up to whole minutes.
    package func trend(now: Int64, step: Duration, points: Int) throws(LedgerError) -> [Indicators?] {
        let seconds = max((step.components.seconds + 59) / 60, 1) * 60
        let end = (now / 1_000 / seconds + 1) * seconds
        let from = end - seconds * Int64(max(points, 0))
        let grain = Grain.allCases.last { seconds.isMultiple(of: $0.rawValue) } ?? .minute
        return try read { db in
            var steps = [Indicators?](repeating: nil, count: max(points, 0))
            let source = "WHERE series IN \(Self.totals) AND start >= ? AND start < ? GROUP BY 1"
            let arguments: StatementArguments = [from, seconds, Traffic.live.rawValue, from, end]
            let counts = try Row.fetchCursor(
                db,
                sql: "SELECT (start - ?) / ?, \(CountColumn.sums) FROM \(grain.counts) \(source)",
                arguments: arguments
            )
            while let row = try counts.next() {
                steps[row[0]] = Indicators(counts: EventCounts(row, from: 1))
            }
            let latencies = try Row.fetchCursor(
                db,
                sql: "SELECT (start - ?) / ?, bucket, sum(n) FROM \(grain.latencies) \(source), 2",
                arguments: arguments
            )
            while let row = try latencies.next() {
                steps[row[0]]?.latency.add(bucket: row[1], count: row[2])
            }
            return steps
        }
    }

    /// Series of one traffic class's totals; its argument is the class.
    private static let totals = "(SELECT id FROM series WHERE scope = 'total' AND traffic = ?)"

    private static func indicators(
        _ db: Database,
        last window: Duration,
        now: Int64,
        traffic: Traffic
    ) throws -> Indicators {
        var latency = LatencyHistogram()
        for span in Span.last(window, now: now) {
            let sql = """
                SELECT bucket, sum(n) FROM \(span.grain.latencies)
                WHERE series IN \(totals) AND start >= ? AND start < ? GROUP BY bucket
                """
            let statement = try db.cachedStatement(sql: sql)
            let rows = try Row.fetchCursor(statement, arguments: [traffic.rawValue, span.from, span.to])
            while let row = try rows.next() { latency.add(bucket: row[0], count: row[1]) }
        }
        return Indicators(counts: try counts(db, last: window, now: now, traffic: traffic), latency: latency)
    }

    private static func counts(_ db: Database, last window: Duration, now: Int64, traffic: Traffic) throws
        -> EventCounts
    {
        var counts = EventCounts()
        for span in Span.last(window, now: now) {
            let sql = """
                SELECT \(CountColumn.sums) FROM \(span.grain.counts) WHERE series IN \(totals) AND start >= ? AND start < ?
                """
            let statement = try db.cachedStatement(sql: sql)
            let row = try Row.fetchOne(statement, arguments: [traffic.rawValue, span.from, span.to])
            if let row { counts += EventCounts(row, from: 0) }
        }
        return counts
    }
}
