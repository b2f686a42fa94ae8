import GRDB
package import SLO

/// How one deployment did: attempts, not requests.
package struct DeploymentStats: Sendable, Equatable {
    package let deployment: String
    package let provider: String
    /// Of attempts: `requests` are attempts, `bad` those that failed by the deployment's fault.
    package var indicators: Indicators
}

extension Ledger {
    /// Attempts by deployment in the window that ends now, in the order of their names.
    package func deployments(
        now: Int64,
        window: Duration = .seconds(900),
        traffic: Traffic = .live
    ) throws(LedgerError) -> [DeploymentStats] {
        try read { db in
            var stats: [String: DeploymentStats] = [:]
            for span in Span.last(window, now: now) {
                let source =
                    "WHERE s.scope = 'attempt' AND s.traffic = ? AND m.start >= ? AND m.start < ? GROUP BY s.deployment"
                let arguments: StatementArguments = [traffic.rawValue, span.from, span.to]
                let counts = try Row.fetchCursor(
                    db,
                    sql: """
                        SELECT s.deployment, max(s.provider), \(CountColumn.sums)
                        FROM series AS s JOIN \(span.grain.counts) AS m ON m.series = s.id \(source)
                        """,
                    arguments: arguments
                )
                while let row = try counts.next() {
                    let name: String = row[0]
                    var known =
                        stats[name] ?? DeploymentStats(deployment: name, provider: row[1], indicators: Indicators())
                    known.indicators.counts += EventCounts(row, from: 2)
                    stats[name] = known
                }
                let latencies = try Row.fetchCursor(
                    db,
                    sql: """
                        SELECT s.deployment, m.bucket, sum(m.n)
                        FROM series AS s JOIN \(span.grain.latencies) AS m ON m.series = s.id \(source), m.bucket
                        """,
                    arguments: arguments
                )
                while let row = try latencies.next() {
                    stats[row[0]]?.indicators.latency.add(bucket: row[1], count: row[2])
                }
            }
            return stats.values.sorted { $0.deployment < $1.deployment }
        }
    }

    /// The last requests with their attempts, newest first.
    package func recentRequests(limit: Int = 200) throws(LedgerError) -> [RequestRecord] {
        try requests(where: "1 ORDER BY at DESC, number DESC LIMIT ?", arguments: [limit])
    }

    /// One request with its attempts; nil when the ledger does not hold it.
    package func request(id: String) throws(LedgerError) -> RequestRecord? {
        try requests(where: "id = ?", arguments: [id]).first
    }

    /// The last events, newest first.
    package func recentEvents(limit: Int = 100) throws(LedgerError) -> [EventRecord] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: "SELECT at, kind, text FROM event ORDER BY at DESC, id DESC LIMIT ?",
                arguments: [limit]
            )
            .map { EventRecord(at: $0[0], kind: $0[1], text: $0[2]) }
        }
    }

    /// Where the next page of requests begins.
    package struct Bookmark: Sendable, Equatable {
        var at: Int64
        var number: Int64
        /// Before the first request that was accepted at a time or later; UTC milliseconds.
        package init(since time: Int64) {
            at = time
            number = 0
        }
    }

    /// Requests in the order in which they were accepted, with their attempts, and where to go on; an empty page is the last.
    ///
    /// Of one tenant where one is named. Each page is a read of its own, so that the writer is never held up.
    package func requests(
        after bookmark: Bookmark,
        limit: Int = 1_000,
        tenant: String? = nil
    ) throws(LedgerError) -> (requests: [RequestRecord], next: Bookmark) {
        var next = bookmark
        let page = try requests(
            where: "(at, number) > (?, ?) AND (?3 IS NULL OR tenant = ?3) ORDER BY at, number LIMIT ?",
            arguments: [bookmark.at, bookmark.number, tenant, limit]
        ) { row in (next.at, next.number) = (row["at"], row["number"]) }
        return (page, next)
    }

    private func requests(
        where condition: String,
        arguments: StatementArguments,
        onLast: (Row) -> Void = { _ in }
    ) throws(LedgerError) -> [RequestRecord] {
        try read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM request WHERE \(condition)", arguments: arguments)
            if let last = rows.last { onLast(last) }
            let numbers = rows.map { ($0["number"] as Int64).description }.joined(separator: ", ")
            let attempts = try Row.fetchAll(
                db,
                sql: "SELECT * FROM attempt_row WHERE request IN (\(numbers)) ORDER BY request, ordinal"
            )
            let byRequest = Dictionary(grouping: attempts) { $0["request"] as Int64 }
            return rows.map { row in
                var request = RequestRecord(row)
                request.attemptRecords = byRequest[row["number"], default: []].map(AttemptRecord.init(_:))
                return request
            }
        }
    }
}

extension RequestRecord {
    /// From a row of the view `request`, without the attempts.
    ///
    /// A word that a newer version wrote reads as the default.
    fileprivate init(_ row: Row) {
        self.init(id: row["id"], at: row["at"])
        tenant = row["tenant"]
        feature = row["feature"]
        group = row["grp"]
        traffic = Traffic(rawValue: row["traffic"]) ?? traffic
        mode = RoutingMode(rawValue: row["mode"]) ?? mode
        format = ClientFormat(rawValue: row["format"]) ?? format
        stream = row["stream"]
        deployment = row["deployment"]
        provider = row["provider"]
        attempts = row["attempts"]
        failedOver = row["failed_over"]
        outcome = RequestOutcome(rawValue: row["outcome"]) ?? outcome
        status = row["status"]
        valid = row["valid"]
        good = row["good"]
        firstTokenMicros = row["first_token_us"]
        totalMicros = row["total_us"]
        latencyMicros = row["latency_us"]
        tokensIn = row["tokens_in"]
        tokensOut = row["tokens_out"]
        tokensCacheRead = row["tokens_cache_read"]
        tokensCacheWrite = row["tokens_cache_write"]
        cost = row["cost_nano"]
        costIsEstimated = row["cost_is_estimated"]
        cache = CacheUse(rawValue: row["cache"]) ?? cache
        cacheWhy = row["cache_why"]
        degraded = (row["degraded"] as String?)?.split(separator: ",").map(String.init) ?? []
        drill = row["drill"]
        error = row["error"]
        maintenance = row["maintenance"]
        tags = JSONList.list(row["tags"])
        avoidedCost = row["avoided_nano"]
        avoidedMicros = row["avoided_us"]
    }
}

extension AttemptRecord {
    fileprivate init(_ row: Row) {
        self.init(ordinal: row["ordinal"], deployment: row["deployment"], provider: row["provider"])
        status = row["status"]
        failure = row["failure"]
        startMicros = row["start_us"]
        firstTokenMicros = row["first_token_us"]
        totalMicros = row["total_us"]
        detail = row["detail"]
        why = row["why"]
    }
}
