import SLO

/// Whose events a rollup row counts; empty names are not told apart, or there is none.
struct SeriesKey: Hashable, Sendable {
    enum Scope: String {
        /// All requests of one traffic class.
        case total
        /// Requests of one traffic class by one name, and nothing else told apart.
        case tenant, feature, group, provider
        /// Requests by everything.
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

    /// The sums that a series of scope `request` is part of.
    var sums: [Self] {
        [
            Self(scope: .total, traffic: traffic), Self(scope: .tenant, traffic: traffic, tenant: tenant),
            Self(scope: .feature, traffic: traffic, feature: feature),
            Self(scope: .group, traffic: traffic, group: group),
            Self(scope: .provider, traffic: traffic, provider: provider),
        ]
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

    /// Adds what each series counts to others.
    mutating func add(_ other: Self, to sums: (Int64) -> [Int64]) {
        for (slot, events) in other.counts {
            for series in sums(slot.series) {
                counts[Slot(series: series, start: slot.start), default: EventCounts()] += events
            }
        }
        for (place, count) in other.latencies {
            for series in sums(place.slot.series) {
                let slot = Slot(series: series, start: place.slot.start)
                latencies[BucketSlot(slot: slot, bucket: place.bucket), default: 0] += count
            }
        }
    }

    /// Sorts what begins at a time or later from the rest.
    func split(from time: Int64, recent: inout Self, old: inout Self) {
        for (slot, events) in counts {
            if slot.start >= time { recent.counts[slot] = events } else { old.counts[slot] = events }
        }
        for (place, count) in latencies {
            if place.slot.start >= time { recent.latencies[place] = count } else { old.latencies[place] = count }
        }
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
        counts.cachedGood = good && (cache == .hit || cache == .stale) ? 1 : 0
        counts.excluded = maintenance == nil ? 0 : 1
        counts.avoidedCost = Int(avoidedCost ?? 0)
        counts.avoidedMicros = Int(avoidedMicros ?? 0)
        addCost(to: &counts)
        return counts
    }

    private func addCost(to counts: inout EventCounts) {
        let isOwnAnswer = cache == .off || cache == .miss
        if let cost {
            counts.cost = Int(cost)
            // What maintenance excludes was paid for all the same: its cost stays in the mean.
            counts.priced = (valid || maintenance != nil) && isOwnAnswer ? 1 : 0
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
