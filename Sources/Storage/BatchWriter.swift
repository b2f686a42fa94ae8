import GRDB
import SLO

/// Puts a batch of settled requests into the tables; the caller opens and ends the transaction.
struct BatchWriter {
    let latencyTarget: Int64
    let latencyOf: Objectives.LatencyKind
    /// Ids of series known to be in the file.
    ///
    /// A rolled back transaction must clear it.
    private var series: [SeriesKey: Int64] = [:]
    /// A bound on memory, not on the file: names come from clients.
    private static let mostKnownSeries = 50_000

    init(objectives: Objectives) {
        let micros = (objectives.latencyP95 / .microseconds(1)).rounded()
        latencyTarget = Int64(min(max(micros, 0), 1e15))
        latencyOf = objectives.latencyOf
    }

    mutating func forgetSeries() {
        series.removeAll()
    }

    /// Writes requests with all that they add to the rollups; returns how many were there already, and not counted again.
    mutating func write(_ requests: ArraySlice<RequestRecord>, to db: Database) throws -> Int {
        if series.count > Self.mostKnownSeries { forgetSeries() }
        var minutes = Rollup()
        var known = 0
        var rows = try RowStatement(db, sql: Self.insertRequest)
        for request in requests {
            let detail = try id(of: .detail(of: request), in: db)
            try insert(request, series: detail, with: &rows)
            guard db.changesCount > 0 else {
                known += 1
                continue
            }
            if !request.attemptRecords.isEmpty { try insertAttempts(of: request, number: db.lastInsertedRowID, in: db) }
            try add(request, detail: detail, to: &minutes, in: db)
        }
        try Self.upsert(minutes, .minute, in: db)
        try Self.upsert(minutes.coarsened(to: .hour), .hour, in: db)
        try Self.upsert(minutes.coarsened(to: .day), .day, in: db)
        return known
    }

    func write(_ events: [EventRecord], to db: Database) throws {
        guard !events.isEmpty else { return }
        var rows = try RowStatement(db, sql: "INSERT INTO event (at, kind, text) VALUES (?, ?, ?)")
        for event in events {
            rows.start()
            try rows.bind(event.at)
            try rows.bind(event.kind)
            try rows.bind(event.text)
            try rows.execute()
        }
    }

    // MARK: Rollups

    private mutating func add(_ request: RequestRecord, detail: Int64, to minutes: inout Rollup, in db: Database) throws
    {
        let minute = Grain.minute.start(of: request.at / 1_000)
        let counts = request.counts(latencyTarget: latencyTarget)
        for series in [try id(of: .total(of: request), in: db), detail] {
            minutes.add(counts, latencyMicros: request.latencyMicros, to: .init(series: series, start: minute))
        }
        let attempts = request.allAttempts
        for (index, attempt) in attempts.enumerated() {
            let key = SeriesKey.attempts(of: request, deployment: attempt.deployment, provider: attempt.provider)
            let latency = latency(of: attempt, in: request)
            let counts = request.counts(
                attempt: attempt,
                isLast: index == attempts.count - 1,
                latencyMicros: latency,
                latencyTarget: latencyTarget
            )
            minutes.add(counts, latencyMicros: latency, to: .init(series: try id(of: key, in: db), start: minute))
        }
    }

    /// How long the deployment itself took, without the attempts before it; nil where that doesn't count.
    private func latency(of attempt: AttemptRecord, in request: RequestRecord) -> Int64? {
        guard request.latencyMicros != nil, attempt.failure == nil else { return nil }
        if request.attemptRecords.isEmpty { return request.latencyMicros }
        return request.stream && latencyOf == .firstToken ? attempt.firstTokenMicros : attempt.totalMicros
    }

    private static func upsert(_ rollup: Rollup, _ grain: Grain, in db: Database) throws {
        var counts = try RowStatement(db, sql: upsertCounts[grain, default: ""])
        for (slot, events) in rollup.counts {
            counts.start()
            try counts.bind(slot.series)
            try counts.bind(slot.start)
            for column in CountColumn.all { try counts.bind(events[keyPath: column.path]) }
            try counts.execute()
        }
        var latencies = try RowStatement(db, sql: upsertLatency[grain, default: ""])
        for (place, count) in rollup.latencies {
            latencies.start()
            try latencies.bind(place.slot.series)
            try latencies.bind(place.slot.start)
            try latencies.bind(place.bucket)
            try latencies.bind(count)
            try latencies.execute()
        }
    }

    private static let upsertCounts = Dictionary(
        uniqueKeysWithValues: Grain.allCases.map { grain in
            let names = CountColumn.all.map(\.name)
            let sql = """
                INSERT INTO \(grain.counts) (series, start, \(names.joined(separator: ", ")))
                VALUES (?, ?, \(names.map { _ in "?" }.joined(separator: ", ")))
                ON CONFLICT (series, start) DO UPDATE SET \(names.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
                """
            return (grain, sql)
        }
    )

    private static let upsertLatency = Dictionary(
        uniqueKeysWithValues: Grain.allCases.map { grain in
            let sql = """
                INSERT INTO \(grain.latencies) (series, start, bucket, n) VALUES (?, ?, ?, ?)
                ON CONFLICT (series, start, bucket) DO UPDATE SET n = n + excluded.n
                """
            return (grain, sql)
        }
    )

    // MARK: Rows

    private mutating func id(of key: SeriesKey, in db: Database) throws -> Int64 {
        if let id = series[key] { return id }
        let arguments: StatementArguments = [
            key.scope.rawValue, key.traffic.rawValue, key.mode, key.tenant, key.feature, key.group, key.deployment,
            key.provider,
        ]
        let columns = "scope, traffic, mode, tenant, feature, grp, deployment, provider"
        try db.execute(
            sql: "INSERT INTO series (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            arguments: arguments
        )
        let id = try Int64.fetchOne(
            db,
            sql: "SELECT id FROM series WHERE (\(columns)) = (?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: arguments
        )
        guard let id else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a series vanished") }
        series[key] = id
        return id
    }

    private static let insertRequest = """
        INSERT INTO request_row (id, at, series, format, stream, attempts, failed_over, outcome, status, valid, good,
            first_token_us, total_us, latency_us, tokens_in, tokens_out, tokens_cache_read, tokens_cache_write,
            cost_nano, cost_is_estimated, cache, degraded, drill, error)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """

    private func insert(_ request: RequestRecord, series: Int64, with row: inout RowStatement) throws {
        row.start()
        try row.bind(request.id)
        try row.bind(request.at)
        try row.bind(series)
        try row.bind(request.format.rawValue)
        try row.bind(request.stream)
        try row.bind(request.attempts)
        try row.bind(request.failedOver)
        try row.bind(request.outcome.rawValue)
        try row.bind(request.status)
        try row.bind(request.valid)
        try row.bind(request.good)
        try row.bind(request.firstTokenMicros)
        try row.bind(request.totalMicros)
        try row.bind(request.latencyMicros)
        try row.bind(request.tokensIn)
        try row.bind(request.tokensOut)
        try row.bind(request.tokensCacheRead)
        try row.bind(request.tokensCacheWrite)
        try row.bind(request.cost)
        try row.bind(request.costIsEstimated)
        try row.bind(request.cache.rawValue)
        try row.bind(request.degraded.isEmpty ? nil : request.degraded.joined(separator: ","))
        try row.bind(request.drill)
        try row.bind(request.error)
        try row.execute()
    }

    private func insertAttempts(of request: RequestRecord, number: Int64, in db: Database) throws {
        var row = try RowStatement(
            db,
            sql: """
                INSERT INTO attempt_row (request, ordinal, deployment, provider, status, failure, start_us, first_token_us,
                    total_us, detail, why)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
        )
        for attempt in request.attemptRecords {
            row.start()
            try row.bind(number)
            try row.bind(attempt.ordinal)
            try row.bind(attempt.deployment)
            try row.bind(attempt.provider)
            try row.bind(attempt.status)
            try row.bind(attempt.failure)
            try row.bind(attempt.startMicros)
            try row.bind(attempt.firstTokenMicros)
            try row.bind(attempt.totalMicros)
            try row.bind(attempt.detail)
            try row.bind(attempt.why)
            try row.execute()
        }
    }
}
