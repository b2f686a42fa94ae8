import GRDB
package import SLO

/// What is measured, read from the rollups: no request row is touched.
///
/// `now` is UTC milliseconds. A window ends now and is exact to the minute, the one under way included; beyond seven days it
/// begins with a whole hour, and of several names at once (`SeriesFilter`) it always does. Requests handed over but not yet written (some 30 ms) are not in it, and
/// neither are those that a clock ahead of ours dated into the future.
extension Ledger {
    /// The windows of the burn-rate alerts and of the plain ones, shortest first.
    package static let alertWindows: [Duration] = [5, 15, 30, 60, 120, 360, 1_440, 4_320].map { .seconds($0 * 60) }

    /// The four headline numbers over the objectives' window: live traffic, the bypass included.
    package func headline(now: Int64, of filter: SeriesFilter = .all) throws(LedgerError) -> Headline {
        let choice = SeriesChoice(filter, traffic: .live)
        return try read { db in
            Headline(
                objectives: objectives,
                window: try Self.indicators(db, choice, choice.spans(objectives.window, now: now)),
                lastHour: try Self.counts(db, choice, choice.spans(.seconds(3_600), now: now)),
                lastSixHours: try Self.counts(db, choice, choice.spans(.seconds(6 * 3_600), now: now))
            )
        }
    }

    /// Everything measured in the window that ends now.
    package func indicators(
        now: Int64,
        window: Duration,
        of filter: SeriesFilter = .all,
        traffic: Traffic? = .live
    ) throws(LedgerError) -> Indicators {
        let choice = SeriesChoice(filter, traffic: traffic)
        return try read { db in try Self.indicators(db, choice, choice.spans(window, now: now)) }
    }

    /// The same for several windows at once, in their order, of one state of the file: what alerts are judged by.
    package func indicators(
        now: Int64,
        windows: [Duration] = alertWindows,
        of filter: SeriesFilter = .all,
        traffic: Traffic? = .live
    ) throws(LedgerError) -> [Indicators] {
        let choice = SeriesChoice(filter, traffic: traffic)
        return try read { db in
            try windows.map { try Self.indicators(db, choice, choice.spans($0, now: now)) }
        }
    }

    /// Counts from one UTC millisecond up to, not including, another, both brought down to their minute (or hour).
    ///
    /// Of all classes of traffic unless one is named, since this is what caps on spend are judged by.
    package func counts(
        from: Int64,
        to: Int64,
        of filter: SeriesFilter = .all,
        traffic: Traffic? = nil
    ) throws(LedgerError) -> EventCounts {
        let choice = SeriesChoice(filter, traffic: traffic)
        let finest = choice.finest
        let spans = Span.covering(
            from: finest.start(of: max(from, 0) / 1_000),
            to: finest.start(of: max(to, 0) / 1_000),
            finest: finest
        )
        return try read { db in try Self.counts(db, choice, spans) }
    }

    /// Nano-dollars of requests accepted from one UTC millisecond up to, not including, another, exactly; of all classes of
    /// traffic.
    ///
    /// Where sums don't tell so short a stretch apart, the requests themselves are added up, as far back as they are kept.
    package func spent(from: Int64, to: Int64, of filter: SeriesFilter = .all) throws(LedgerError) -> Int64 {
        let grain = SeriesChoice(filter, traffic: nil).finest.rawValue * 1_000
        guard !from.isMultiple(of: grain) || !to.isMultiple(of: grain) else {
            return Int64(try counts(from: from, to: to, of: filter).cost)
        }
        return try read { db in
            let sql = """
                SELECT coalesce(sum(cost_nano), 0) FROM request WHERE at >= ?1 AND at < ?2
                    AND (?3 IS NULL OR tenant = ?3) AND (?4 IS NULL OR feature = ?4) AND (?5 IS NULL OR grp = ?5)
                    AND (?6 IS NULL OR provider = ?6) AND (?7 IS NULL OR deployment = ?7)
                """
            let names = [filter.tenant, filter.feature, filter.group, filter.provider, filter.deployment]
            return try Int64.fetchOne(db, sql: sql, arguments: [from, to] + StatementArguments(names)) ?? 0
        }
    }

    /// Nano-dollars spent since midnight UTC, drills and probes included.
    package func spentToday(now: Int64) throws(LedgerError) -> Int64 {
        let midnight = Grain.day.start(of: now / 1_000)
        return Int64(try counts(from: midnight * 1_000, to: (midnight + Grain.day.rawValue) * 1_000).cost)
    }

    // MARK: For the other files of the target

    static func indicators(_ db: Database, _ choice: SeriesChoice, _ spans: [Span]) throws -> Indicators {
        var indicators = Indicators(counts: try counts(db, choice, spans))
        for span in spans {
            let sql = """
                SELECT bucket, sum(n) FROM \(span.grain.latencies)
                WHERE series IN \(choice.ids) AND start >= ? AND start < ? GROUP BY bucket
                """
            let rows = try Row.fetchCursor(
                try db.cachedStatement(sql: sql),
                arguments: choice.arguments + [span.from, span.to]
            )
            while let row = try rows.next() { indicators.latency.add(bucket: row[0], count: row[1]) }
        }
        return indicators
    }

    static func counts(_ db: Database, _ choice: SeriesChoice, _ spans: [Span]) throws -> EventCounts {
        var counts = EventCounts()
        for span in spans {
            let sql = """
                SELECT \(CountColumn.sums) FROM \(span.grain.counts) WHERE series IN \(choice.ids) AND start >= ? AND start < ?
                """
            let statement = try db.cachedStatement(sql: sql)
            let row = try Row.fetchOne(statement, arguments: choice.arguments + [span.from, span.to])
            if let row { counts += EventCounts(row, from: 0) }
        }
        return counts
    }
}
