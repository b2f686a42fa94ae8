import GRDB
import SLO

/// One column of the rollups and the count that it holds.
struct CountColumn: Sendable {
    let name: String
    let path: any WritableKeyPath<EventCounts, Int> & Sendable

    /// In the order in which they stand in the tables; new ones go to the end.
    static let all: [Self] = [
        Self(name: "n", path: \.requests),
        Self(name: "valid", path: \.valid),
        Self(name: "good", path: \.good),
        Self(name: "saved", path: \.saved),
        Self(name: "cut", path: \.cut),
        Self(name: "lost", path: \.lost),
        Self(name: "rejected", path: \.rejected),
        Self(name: "cancelled", path: \.cancelled),
        Self(name: "hit", path: \.hits),
        Self(name: "stale", path: \.stale),
        Self(name: "joined", path: \.joined),
        Self(name: "degraded", path: \.degraded),
        Self(name: "attempts", path: \.attempts),
        Self(name: "latency_n", path: \.latencySamples),
        Self(name: "latency_fast", path: \.latencyFast),
        Self(name: "metered", path: \.metered),
        Self(name: "tokens_in", path: \.tokensIn),
        Self(name: "tokens_out", path: \.tokensOut),
        Self(name: "tokens_cache_read", path: \.tokensCacheRead),
        Self(name: "tokens_cache_write", path: \.tokensCacheWrite),
        Self(name: "cost_nano", path: \.cost),
        Self(name: "cost_n", path: \.priced),
        Self(name: "unpriced", path: \.unpriced),
        Self(name: "estimated", path: \.estimated),
        Self(name: "cached_good", path: \.cachedGood),
        Self(name: "excluded", path: \.excluded),
        Self(name: "avoided_nano", path: \.avoidedCost),
        Self(name: "avoided_us", path: \.avoidedMicros),
    ]

    /// How many of them a file of schema 1 has.
    static let first = 24

    /// `total` gives floating point, `sum` gives NULL for no rows: this gives an integer always.
    static let sums = all.map { "coalesce(sum(\($0.name)), 0)" }.joined(separator: ", ")
}

extension EventCounts {
    /// From columns in the order of `CountColumn.all`.
    init(_ row: Row, from first: Int) {
        self.init()
        for (offset, column) in CountColumn.all.enumerated() { self[keyPath: column.path] = row[first + offset] }
    }
}
