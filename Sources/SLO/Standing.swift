/// How one headline number stands against its target.
///
/// Critical means that the target is missed. Warning means close to it: less than a quarter of the budget is left, or,
/// for cost, more than nine tenths of the target. Few samples prove nothing, hence the two states below the others.
package enum Standing: Equatable, Sendable {
    /// Nothing was measured.
    case noData
    /// Something was, but too little to say.
    case tooFew
    case ok
    case warning
    case critical

    /// Of latency samples, so many must be within the target: that is what a p95 within the target means.
    package static let latencyShare = 0.95
    /// Below so many latency samples, the 95 % interval of a p95 spans 84 to 156 % of the true one or more (lognormal, sigma 0.55).
    package static let fewestLatencySamples = 100
    package static let fewestRequests = 20
    /// From so many requests on, a single failure is no longer a miss at 99.5 %.
    package static let plentyOfRequests = 200
    /// Below `plentyOfRequests`, fewer failures than this prove nothing: four make a false page at 99.9 % true success a
    /// matter of decades, two one of days.
    package static let fewestFailures = 4
    /// Less than this fraction of a budget left is a warning.
    package static let lowBudget = 0.25
    /// More than this fraction of the cost target is a warning.
    package static let costMargin = 0.9
    /// A budget that is spent within this fraction of its window is a warning.
    package static let soon = 0.1

    /// Of latency: 95 of 100 samples must be within the target.
    ///
    /// Judged by the share that is fast, which is exact; a p95 read from buckets may be 1 % off.
    package static func latency(fast: Int, samples: Int) -> Self {
        guard samples > 0 else { return .noData }
        guard samples >= fewestLatencySamples else { return .tooFew }
        return budget(ErrorBudget(good: fast, valid: samples, target: latencyShare).remaining)
    }

    /// Of the success rate, and of the error budget, which is the same number seen from the other end.
    ///
    /// Below 200 requests a missed target with fewer than 4 failures is `tooFew`.
    package static func success(_ budget: ErrorBudget) -> Self {
        guard budget.valid > 0 else { return .noData }
        guard budget.valid >= fewestRequests else { return .tooFew }
        let standing = self.budget(budget.remaining)
        let isProven = budget.valid >= plentyOfRequests || budget.bad >= fewestFailures
        return standing == .ok || isProven ? standing : .tooFew
    }

    /// Of the error budget, with the last hours (`recent`) taken in: errors that, going on, would spend what is left within a
    /// tenth of the window are a warning too, if there are enough of them to mean anything.
    package static func budget(_ budget: ErrorBudget, recent: ErrorBudget) -> Self {
        let standing = success(budget)
        guard standing == .ok, success(recent) == .critical else { return standing }
        guard let remaining = budget.remaining, let burnRate = recent.burnRate else { return standing }
        return burnRate * soon > remaining ? .warning : .ok
    }

    /// Of the mean cost of a request against its target, both in nano-dollars.
    package static func cost(perRequest: Double?, samples: Int, target: Int64) -> Self {
        guard let perRequest, samples > 0 else { return .noData }
        guard samples >= fewestRequests else { return .tooFew }
        if perRequest > Double(target) { return .critical }
        return perRequest > Double(target) * costMargin ? .warning : .ok
    }

    private static func budget(_ remaining: Double?) -> Self {
        guard let remaining else { return .noData }
        if remaining < 0 { return .critical }
        return remaining < lowBudget ? .warning : .ok
    }
}
