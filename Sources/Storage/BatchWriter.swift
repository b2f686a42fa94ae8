import GRDB
import SLO

/// Puts a batch of settled requests into the tables; the caller opens and ends the transaction.
struct BatchWriter {
    let latencyTarget: Int64
    let latencyOf: Objectives.LatencyKind
    private var series = SeriesBook()

    init(objectives: Objectives) {
        let micros = (objectives.latencyP95 / .microseconds(1)).rounded()
        latencyTarget = Int64(min(max(micros, 0), 1e15))
        latencyOf = objectives.latencyOf
    }

    mutating func forgetSeries() { series.forget() }

    /// Writes requests with all that they add to the rollups; returns how many were there already, and not counted again.
    mutating func write(_ requests: ArraySlice<RequestRecord>, to db: Database) throws -> Int {
        series.bound()
        var details = Rollup()
        var minutes = Rollup()
        var known = 0
        var rows = try RowStatement(db, sql: Self.insertRequest)
        for request in requests {
            let names = SeriesKey.detail(of: request)
            try insert(request, series: try series.id(of: names, in: db), with: &rows)
            guard db.changesCount > 0 else {
                known += 1
                continue
            }
            if !request.attemptRecords.isEmpty { try insertAttempts(of: request, number: db.lastInsertedRowID, in: db) }
            let slot = Rollup.Slot(
                series: try series.family(of: names, in: db),
                start: Grain.minute.start(of: request.at / 1_000)
            )
            let counts = request.counts(latencyTarget: latencyTarget)
            details.add(counts, latencyMicros: request.latencyMicros, to: slot)
            try addAttempts(of: request, start: slot.start, to: &minutes, in: db)
        }
        minutes.add(details, to: series.sums)
        try Self.upsert(minutes, .minute, in: db)
        // By everything at once only from the hour on: so many series a minute would be most of the file.
        var hours = minutes.coarsened(to: .hour)
        hours.add(details.coarsened(to: .hour), to: series.own)
        try Self.upsert(hours, .hour, in: db)
        try Self.upsert(hours.coarsened(to: .day), .day, in: db)
        return known
    }

    // MARK: Rollups

    private mutating func addAttempts(
        of request: RequestRecord,
        start: Int64,
        to minutes: inout Rollup,
        in db: Database
    ) throws {
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
            let slot = Rollup.Slot(series: try series.id(of: key, in: db), start: start)
            minutes.add(counts, latencyMicros: latency, to: slot)
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

    private static let insertRequest = """
        INSERT INTO request_row (id, at, series, format, stream, attempts, failed_over, outcome, status, valid, good,
            first_token_us, total_us, latency_us, tokens_in, tokens_out, tokens_cache_read, tokens_cache_write,
            cost_nano, cost_is_estimated, cache, degraded, drill, error, maintenance, tags, avoided_nano, avoided_us)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
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
        try row.bind(request.maintenance)
        try row.bind(request.tags.isEmpty ? nil : JSONList.text(request.tags))
        try row.bind(request.avoidedCost)
        try row.bind(request.avoidedMicros)
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
