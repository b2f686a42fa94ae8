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

    /// Sums that are in the minutes and not yet in the hours and days.
    private var unsummed = UnsummedHours()

    /// What a batch did, once its transaction is committed.
    struct Outcome {
        /// Requests that were there already, and are not counted again.
        var repeated = 0
        fileprivate var hours = UnsummedHours.Sums()
    }

    var hasUnsummed: Bool { !unsummed.isEmpty }

    /// Must follow a rolled back transaction.
    mutating func rollBack() { series.forget() }

    /// Must follow a committed transaction.
    mutating func commit(_ outcome: Outcome) { unsummed.commit(outcome.hours) }

    /// Writes requests with all that they add to the rollups; `now` is UTC seconds.
    ///
    /// Hours and days of late are written every second or so, or when told to by `summing`: most of a batch's work would be
    /// to count one more in the same row of theirs.
    mutating func write(
        _ requests: ArraySlice<RequestRecord>,
        to db: Database,
        now: Int64,
        summing: Bool
    ) throws -> Outcome {
        series.bound()
        try unsummed.prepare(db)
        var details = Rollup()
        var minutes = Rollup()
        var outcome = Outcome()
        var rows = try RowStatement(db, sql: Self.insertRequest)
        for request in requests {
            let names = SeriesKey.detail(of: request)
            try insert(request, series: try series.id(of: names, in: db), with: &rows)
            guard db.changesCount > 0 else {
                outcome.repeated += 1
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
        try minutes.upsert(.minute, in: db)
        // By everything at once only from the hour on: so many series a minute would be most of the file.
        var ofDetails = Rollup()
        ofDetails.add(details.coarsened(to: .hour), to: series.own)
        try ofDetails.upsert(.hour, in: db)
        outcome.hours = try unsummed.add(
            hours: minutes.coarsened(to: .hour),
            ofDetails: ofDetails,
            now: now,
            summing: summing,
            to: db
        )
        return outcome
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

    // MARK: Rows

    private static let insertRequest = """
        INSERT INTO request_row (id, at, series, format, stream, attempts, failed_over, outcome, status, valid, good,
            first_token_us, total_us, latency_us, tokens_in, tokens_out, tokens_cache_read, tokens_cache_write,
            cost_nano, cost_is_estimated, cache, degraded, drill, error, maintenance, tags, avoided_nano, avoided_us,
            cache_why)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
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
        try row.bind(request.cacheWhy)
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
