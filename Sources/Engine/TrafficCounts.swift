import Exports
import SLO
import Storage

/// Live requests counted since the start, for `GET /metrics`: bounded, whatever names clients make up.
struct TrafficCounts: Sendable {
    /// Rows of requests; what comes later is counted under `other`.
    static let rowLimit = 2_000
    /// Names of one kind that keep theirs.
    static let nameLimit = 50

    private struct Key: Hashable {
        var tenant: String
        var feature: String
        var group: String
        var provider: String
        var outcome: String
        var servedFrom: String
    }

    /// Of one deployment.
    struct Attempts: Sendable {
        /// By result: `success` or the class of the failure, in the order of first use.
        var results: [(result: String, count: Int)] = []
        var firstToken = LatencyHistogram()
    }

    private(set) var rows: [Metrics.Requests] = []
    private(set) var latency: [(group: String, histogram: LatencyHistogram)] = []
    private(set) var attempts: [String: Attempts] = [:]
    private(set) var failovers = 0
    private(set) var caches: [CacheUse: Int] = [:]
    private var index: [Key: Int] = [:]
    private var tenants: Set<String> = []
    private var features: Set<String> = []

    mutating func add(_ record: RequestRecord) {
        guard record.traffic == .live else { return }
        let row = row(of: record)
        rows[row].count += 1
        rows[row].good += record.good ? 1 : 0
        rows[row].cost &+= record.cost ?? 0
        rows[row].tokensIn &+= record.tokensIn ?? 0
        rows[row].tokensOut &+= record.tokensOut ?? 0
        rows[row].tokensCacheRead &+= record.tokensCacheRead ?? 0
        rows[row].tokensCacheWrite &+= record.tokensCacheWrite ?? 0
        failovers += record.failedOver ? 1 : 0
        caches[record.cache, default: 0] += 1
        if let sample = record.latencyMicros { addLatency(sample, group: record.group) }
        for attempt in record.knownAttempts { add(attempt) }
    }

    private mutating func addLatency(_ micros: Int64, group: String) {
        let place = latency.firstIndex { $0.group == group } ?? latency.endIndex
        if place == latency.endIndex { latency.append((group, LatencyHistogram())) }
        latency[place].histogram.add(microseconds: micros)
    }

    private mutating func add(_ attempt: AttemptRecord) {
        let result = attempt.failure ?? "success"
        var counts = attempts[attempt.deployment] ?? Attempts()
        attempts[attempt.deployment] = nil
        let place = counts.results.firstIndex { $0.result == result } ?? counts.results.endIndex
        if place == counts.results.endIndex { counts.results.append((result, 0)) }
        counts.results[place].count += 1
        if let micros = attempt.firstTokenMicros { counts.firstToken.add(microseconds: micros) }
        attempts[attempt.deployment] = counts
    }

    /// Where the request is counted.
    private mutating func row(of record: RequestRecord) -> Int {
        var key = Key(
            tenant: Self.bounded(record.tenant, &tenants),
            feature: Self.bounded(record.feature, &features),
            group: record.group,
            provider: record.provider ?? "",
            outcome: record.outcome.rawValue,
            servedFrom: record.servedFrom
        )
        if index[key] == nil, rows.count >= Self.rowLimit { (key.tenant, key.feature) = ("other", "other") }
        if let known = index[key] { return known }
        index[key] = rows.count
        rows.append(
            Metrics.Requests(
                tenant: key.tenant,
                feature: key.feature,
                group: key.group,
                provider: key.provider,
                outcome: key.outcome,
                servedFrom: key.servedFrom,
                count: 0,
                good: 0
            )
        )
        return rows.count - 1
    }

    private static func bounded(_ name: String, _ known: inout Set<String>) -> String {
        if known.contains(name) { return name }
        guard known.count < nameLimit else { return "other" }
        known.insert(name)
        return name
    }
}

extension RequestRecord {
    /// `provider`, `cache`, `stale`, `joined`, `none`.
    fileprivate var servedFrom: String {
        switch cache {
        case .hit: "cache"
        case .stale: "stale"
        case .joined: "joined"
        case .off, .miss: deployment == nil ? "none" : "provider"
        }
    }
}
