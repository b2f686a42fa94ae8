import SLO

/// Whose events a rollup row counts; empty names are not told apart, or there is none.
struct SeriesKey: Hashable, Sendable {
    enum Scope: String {
        /// All requests of one traffic class.
        case total
        /// Requests by all dimensions.
        case request
        /// Attempts at one deployment.
        case attempt
    }

    var scope: Scope
    var traffic: Traffic
    var mode = ""
    var tenant = ""
    var feature = ""
    var group = ""
    var deployment = ""
    var provider = ""

    static func total(of request: RequestRecord) -> Self {
        Self(scope: .total, traffic: request.traffic)
    }

    static func detail(of request: RequestRecord) -> Self {
        Self(
            scope: .request,
            traffic: request.traffic,
            mode: request.mode.rawValue,
            tenant: request.tenant,
            feature: request.feature,
            group: request.group,
            deployment: request.deployment ?? "",
            provider: request.provider ?? ""
        )
    }

    static func attempts(of request: RequestRecord, deployment: String, provider: String) -> Self {
        Self(
            scope: .attempt,
            traffic: request.traffic,
            mode: request.mode.rawValue,
            group: request.group,
            deployment: deployment,
            provider: provider
        )
    }
}

/// A batch, summed: what it adds to the rollup tables of one grain.
struct Rollup {
    /// Row of a rollup table.
    struct Slot: Hashable {
        let series: Int64
        /// UTC seconds, aligned.
        let start: Int64
    }

    struct BucketSlot: Hashable {
        let slot: Slot
        let bucket: Int
    }

    private(set) var counts: [Slot: EventCounts] = [:]
    private(set) var latencies: [BucketSlot: Int] = [:]

    mutating func add(_ events: EventCounts, latencyMicros: Int64?, to slot: Slot) {
        counts[slot, default: EventCounts()] += events
        guard let latencyMicros else { return }
        let bucket = LatencyHistogram.bucket(microseconds: latencyMicros)
        latencies[BucketSlot(slot: slot, bucket: bucket), default: 0] += 1
    }

    /// The same in coarser rows.
    func coarsened(to grain: Grain) -> Self {
        var coarse = Self()
        for (slot, events) in counts {
            let wide = Slot(series: slot.series, start: grain.start(of: slot.start))
            coarse.counts[wide, default: EventCounts()] += events
        }
        for (place, count) in latencies {
            let wide = Slot(series: place.slot.series, start: grain.start(of: place.slot.start))
            coarse.latencies[BucketSlot(slot: wide, bucket: place.bucket), default: 0] += count
        }
        return coarse
    }
}

extension RequestRecord {
    /// What this request adds to the counts of the series that it belongs to.
    func counts(latencyTarget: Int64) -> EventCounts {
        var counts = EventCounts()
        counts.requests = 1
        counts.valid = valid ? 1 : 0
        counts.good = good ? 1 : 0
        counts.saved = isSaved ? 1 : 0
        counts.cut = outcome == .cut ? 1 : 0
        counts.lost = outcome == .lost ? 1 : 0
        counts.rejected = outcome == .rejected ? 1 : 0
        counts.cancelled = outcome == .cancelled ? 1 : 0
        counts.hits = valid && cache == .hit ? 1 : 0
        counts.stale = valid && cache == .stale ? 1 : 0
        counts.joined = valid && cache == .joined ? 1 : 0
        counts.degraded = degraded.isEmpty ? 0 : 1
        counts.attempts = attempts
        if let latencyMicros {
            counts.latencySamples = 1
            counts.latencyFast = latencyMicros <= latencyTarget ? 1 : 0
        }
        counts.metered = tokensIn == nil && tokensOut == nil ? 0 : 1
        counts.tokensIn = tokensIn ?? 0
        counts.tokensOut = tokensOut ?? 0
        counts.tokensCacheRead = tokensCacheRead ?? 0
        counts.tokensCacheWrite = tokensCacheWrite ?? 0
        addCost(to: &counts)
        return counts
    }

    private func addCost(to counts: inout EventCounts) {
        let isOwnAnswer = cache == .off || cache == .miss
        if let cost {
            counts.cost = Int(cost)
            counts.priced = valid && isOwnAnswer ? 1 : 0
            counts.estimated = costIsEstimated ? 1 : 0
        } else {
            counts.unpriced = attempts > 0 && isOwnAnswer && (valid || outcome == .cancelled) ? 1 : 0
        }
    }

    /// Every attempt: the recorded ones, or else the one that succeeded at once.
    var allAttempts: [AttemptRecord] {
        guard attemptRecords.isEmpty, attempts > 0, let deployment else { return attemptRecords }
        var only = AttemptRecord(ordinal: 1, deployment: deployment, provider: provider ?? "")
        only.status = status
        only.failure = good || !valid ? nil : outcome.rawValue
        only.firstTokenMicros = firstTokenMicros
        only.totalMicros = totalMicros
        return [only]
    }

    /// What one attempt adds to the counts of its deployment.
    ///
    /// The last attempt of a request that the client got wrong or left says nothing about the deployment: not valid.
    func counts(attempt: AttemptRecord, isLast: Bool, latencyMicros: Int64?, latencyTarget: Int64) -> EventCounts {
        var counts = EventCounts()
        counts.requests = 1
        counts.attempts = 1
        // A route that was skipped because its format can't hold the request was never asked, one that was outrun was not
        // heard out.
        let isClients =
            attempt.failure == "unsupported" || attempt.failure == AttemptRecord.hedgedOut
            || isLast && (outcome == .rejected || outcome == .cancelled)
        counts.valid = isClients ? 0 : 1
        counts.good = !isClients && attempt.failure == nil ? 1 : 0
        if let latencyMicros {
            counts.latencySamples = 1
            counts.latencyFast = latencyMicros <= latencyTarget ? 1 : 0
        }
        return counts
    }
}
