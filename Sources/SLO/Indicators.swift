/// Events counted in one window; they add up over windows and series.
package struct EventCounts: Equatable, Sendable {
    /// Client requests, settled.
    package var requests = 0
    package var valid = 0
    package var good = 0
    /// Good, though the first attempt failed.
    package var saved = 0
    /// Broke after content had been sent.
    package var cut = 0
    /// No route answered.
    package var lost = 0
    /// The client's own mistake; not valid.
    package var rejected = 0
    /// The client left.
    package var cancelled = 0
    /// Valid and answered from a fresh cache entry.
    package var hits = 0
    /// Valid and answered from an old cache entry, because no provider could.
    package var stale = 0
    /// Valid and answered with another request's answer.
    package var joined = 0
    /// Changed by a guardrail before it was sent.
    package var degraded = 0
    package var attempts = 0
    package var latencySamples = 0
    /// Latency samples within the target that was promised when they were taken.
    package var latencyFast = 0
    /// Requests whose provider reported tokens.
    package var metered = 0
    package var tokensIn = 0
    package var tokensOut = 0
    package var tokensCacheRead = 0
    package var tokensCacheWrite = 0
    /// Nano-dollars, of valid requests or not: what was billed is spent.
    package var cost = 0
    /// Valid, not from a cache, and of known cost: what the mean cost divides by.
    package var priced = 0
    /// A provider served it at an unknown price; not in the mean.
    package var unpriced = 0
    /// Of the known costs, how many rest on estimated tokens.
    package var estimated = 0
    /// Good, and answered from a cache entry, fresh or old.
    package var cachedGood = 0
    /// Not valid, because they fell into declared maintenance.
    package var excluded = 0
    /// Nano-dollars that answers from the cache did not cost.
    package var avoidedCost = 0
    /// Microseconds that clients did not wait, thanks to the cache.
    package var avoidedMicros = 0

    package init() {}

    /// Valid and not good.
    package var bad: Int { valid - good }

    /// Written out, since this runs several times a request.
    package static func += (left: inout Self, right: Self) {
        left.requests += right.requests
        left.valid += right.valid
        left.good += right.good
        left.saved += right.saved
        left.cut += right.cut
        left.lost += right.lost
        left.rejected += right.rejected
        left.cancelled += right.cancelled
        left.hits += right.hits
        left.stale += right.stale
        left.joined += right.joined
        left.degraded += right.degraded
        left.attempts += right.attempts
        left.latencySamples += right.latencySamples
        left.latencyFast += right.latencyFast
        left.metered += right.metered
        left.tokensIn += right.tokensIn
        left.tokensOut += right.tokensOut
        left.tokensCacheRead += right.tokensCacheRead
        left.tokensCacheWrite += right.tokensCacheWrite
        left.cost += right.cost
        left.priced += right.priced
        left.unpriced += right.unpriced
        left.estimated += right.estimated
        left.cachedGood += right.cachedGood
        left.excluded += right.excluded
        left.avoidedCost += right.avoidedCost
        left.avoidedMicros += right.avoidedMicros
    }
}

/// What was measured in one window: counts, and the latency that clients saw.
package struct Indicators: Equatable, Sendable {
    package var counts: EventCounts
    package var latency: LatencyHistogram

    package init(counts: EventCounts = EventCounts(), latency: LatencyHistogram = LatencyHistogram()) {
        self.counts = counts
        self.latency = latency
    }

    /// Good over valid; nil without valid requests.
    package var successRate: Double? { share(counts.good, of: counts.valid) }

    /// Good over valid among what the cache did not answer, so that hits can't hide a failing provider; nil without such.
    package var freshSuccessRate: Double? {
        share(counts.good - counts.cachedGood, of: counts.valid - counts.hits - counts.stale)
    }

    /// Share of latency samples within the target; nil without samples.
    package var fastShare: Double? { share(counts.latencyFast, of: counts.latencySamples) }

    /// Mean cost in nano-dollars; nil where no cost is known.
    ///
    /// What failed, cancelled and hedged attempts cost is in it; cached answers neither cost nor count.
    package var costPerRequest: Double? { share(counts.cost, of: counts.priced) }

    /// The p95 of the histogram, on the side of `target` where the exact count of fast samples puts it.
    ///
    /// The histogram is off by up to 1 %: within that of the target it can't tell a miss from a hit, but `latencyFast` can.
    /// What the count moves comes closer to the exact p95, never farther. Beyond 1 % the histogram stands, since counts may
    /// be from before a change of the target. Nil without samples.
    package func p95(target: Duration) -> Duration? {
        guard let p95 = latency.quantile(Standing.latencyShare), counts.latencySamples == latency.samples else {
            return latency.quantile(Standing.latencyShare)
        }
        guard abs(p95 / target - 1) <= 2 * LatencyHistogram.relativeError else { return p95 }
        let isFast = ErrorBudget(good: counts.latencyFast, valid: counts.latencySamples, target: Standing.latencyShare)
        let isMissed = (isFast.remaining ?? 0) < 0
        return isMissed ? max(p95, target + .microseconds(1)) : min(p95, target)
    }

    package func budget(target: Double) -> ErrorBudget {
        ErrorBudget(good: counts.good, valid: counts.valid, target: target)
    }

    private func share(_ part: Int, of whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
