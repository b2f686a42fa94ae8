import GRDB
package import SLO

/// The part of the traffic that has one name.
package struct Slice: Sendable, Equatable {
    /// Of the tenant, feature, group or provider; empty where there was none, `(other)` for names beyond the thousandth.
    package let name: String
    package var indicators: Indicators
    package var counts: EventCounts { indicators.counts }
}

/// What a feature cost.
package struct FeatureSpend: Sendable, Equatable {
    package let feature: String
    /// Nano-dollars of known cost.
    package let cost: Int64
    package let requests: Int
    /// Requests among them whose price is unknown.
    package let unpriced: Int
}

/// How one feature (or tenant, ...) did lately, beside its own past.
package struct Drift: Sendable, Equatable {
    package let name: String
    package let recent: EventCounts
    /// Of the window before the recent one.
    package let baseline: EventCounts
}

extension Ledger {
    /// The window that ends now, told apart by a dimension, in the order of names.
    ///
    /// With `latency` the histograms too, which is what takes time: some milliseconds a name over 30 days.
    package func slices(
        by dimension: Dimension,
        now: Int64,
        window: Duration,
        of filter: SeriesFilter = .all,
        traffic: Traffic? = .live,
        latency: Bool = false
    ) throws(LedgerError) -> [Slice] {
        try read { db in
            let choice = SeriesChoice(filter, by: dimension, traffic: traffic)
            return try Self.slices(db, dimension, choice, choice.spans(window, now: now), latency: latency)
        }
    }

    /// Counts of the window that ends now and of the one before it, told apart by a dimension; names of either.
    package func drift(
        by dimension: Dimension = .feature,
        now: Int64,
        recent: Duration = .seconds(6 * 3_600),
        baseline: Duration = .seconds(7 * 86_400),
        of filter: SeriesFilter = .all
    ) throws(LedgerError) -> [Drift] {
        try read { db in
            let choice = SeriesChoice(filter, by: dimension, traffic: .live)
            let spans = choice.spans(recent, now: now)
            let before = (spans.first?.from ?? 0) - 1
            let old = try Self.slices(
                db,
                dimension,
                choice,
                choice.spans(baseline, now: before * 1_000),
                latency: false
            )
            let new = try Self.slices(db, dimension, choice, spans, latency: false)
            let past = Dictionary(uniqueKeysWithValues: old.map { ($0.name, $0.counts) })
            let present = Dictionary(uniqueKeysWithValues: new.map { ($0.name, $0.counts) })
            return Set(past.keys).union(present.keys).sorted().map {
                Drift(name: $0, recent: present[$0, default: EventCounts()], baseline: past[$0, default: EventCounts()])
            }
        }
    }

    /// Spend by feature in the window that ends now, largest first, drills and probes included.
    package func spendByFeature(
        now: Int64,
        window: Duration = .seconds(86_400),
        limit: Int = 100
    ) throws(LedgerError) -> [FeatureSpend] {
        try slices(by: .feature, now: now, window: window, traffic: nil)
            .sorted { ($1.counts.cost, $1.counts.requests, $0.name) < ($0.counts.cost, $0.counts.requests, $1.name) }
            .prefix(limit)
            .map {
                FeatureSpend(
                    feature: $0.name,
                    cost: Int64($0.counts.cost),
                    requests: $0.counts.requests,
                    unpriced: $0.counts.unpriced
                )
            }
    }

    private static func slices(
        _ db: Database,
        _ dimension: Dimension,
        _ choice: SeriesChoice,
        _ spans: [Span],
        latency: Bool
    ) throws -> [Slice] {
        var slices: [String: Slice] = [:]
        let column = "s.\(dimension.scope.column)"
        for span in spans {
            let source = "s.id IN \(choice.ids) AND m.start >= ? AND m.start < ? GROUP BY \(column)"
            let arguments = choice.arguments + [span.from, span.to]
            let counts = try Row.fetchCursor(
                try db.cachedStatement(
                    sql: """
                        SELECT \(column), \(CountColumn.sums)
                        FROM series AS s JOIN \(span.grain.counts) AS m ON m.series = s.id WHERE \(source)
                        """
                ),
                arguments: arguments
            )
            while let row = try counts.next() {
                slices[row[0], default: Slice(name: row[0], indicators: Indicators())].indicators.counts += EventCounts(
                    row,
                    from: 1
                )
            }
            guard latency else { continue }
            let latencies = try Row.fetchCursor(
                try db.cachedStatement(
                    sql: """
                        SELECT \(column), m.bucket, sum(m.n)
                        FROM series AS s JOIN \(span.grain.latencies) AS m ON m.series = s.id WHERE \(source), m.bucket
                        """
                ),
                arguments: arguments
            )
            while let row = try latencies.next() {
                slices[row[0]]?.indicators.latency.add(bucket: row[1], count: row[2])
            }
        }
        return slices.values.sorted { $0.name < $1.name }
    }
}
