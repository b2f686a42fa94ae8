/// What the ledger says of one stretch of a drill; users' requests only.
package struct PeriodFigures: Codable, Equatable, Sendable {
    package var requests = 0
    package var failed = 0
    package var retried = 0
    package var failedOver = 0
    /// Answered by the secondary: those failed over, and those for which the primary was no choice any more.
    package var bySecondary = 0
    package var stale = 0
    /// Streams that broke after their first content.
    package var cut = 0
    /// As the success objective counts.
    package var valid = 0
    package var good = 0
    /// As the latency objective measures; nil without a sample.
    package var p50: Duration?
    package var p95: Duration?
    package var p99: Duration?
    /// Nano-dollars, of the requests whose price is known, and how many these are.
    package var spend: Int64 = 0
    package var priced = 0

    package init() {}

    /// A fraction; nil without a valid request.
    package var success: Double? { valid > 0 ? Double(good) / Double(valid) : nil }
    /// Nano-dollars; nil without a request whose price is known.
    package var costPerRequest: Double? { priced > 0 ? Double(spend) / Double(priced) : nil }
}

/// An error budget at one moment.
package struct BudgetFigures: Codable, Equatable, Sendable {
    /// Failures in the window, and how many its traffic allows.
    package var bad: Int
    package var allowed: Double

    package init(bad: Int, allowed: Double) {
        self.bad = bad
        self.allowed = allowed
    }

    /// 1 untouched, 0 spent, below 0 overspent; nil without traffic.
    package var remaining: Double? { allowed > 0 ? 1 - Double(bad) / allowed : nil }

    package var policy: Policy? {
        remaining.map { $0 <= 0 ? .freeze : $0 < Self.caution ? .caution : .normal }
    }

    /// Below this share of the budget, change with care: the same line below which no drill starts by default.
    package static let caution = 0.25

    /// What the error-budget policy allows (Google SRE Workbook, appendix B).
    package enum Policy: String, Codable, Sendable {
        case normal, caution, freeze

        package var words: String {
            switch self {
            case .normal: "releases go on"
            case .caution: "less than a quarter is left: change with care, no more drills"
            case .freeze: "the budget is spent: no changes but fixes and security, until it is back"
            }
        }
    }
}

/// All that a report needs from the ledger.
package struct LedgerFigures: Codable, Equatable, Sendable {
    package var before = PeriodFigures()
    package var during = PeriodFigures()
    package var after = PeriodFigures()
    package var budgetBefore = BudgetFigures(bad: 0, allowed: 0)
    package var budgetAfter = BudgetFigures(bad: 0, allowed: 0)
    /// Of the objectives; success a fraction, cost in nano-dollars per request.
    package var successTarget: Double
    package var latencyTarget: Duration
    package var costTarget: Int64
    /// Of the objectives.
    package var window: Duration?
    /// Until the budget is spent, at the rate of the last hours; nil where it lasts.
    package var exhaustedIn: Duration?
    /// Of the drill, in the order in which they fired.
    package var alerts: [AlertCourse] = []
    /// Alerts that fired between opening and closing, and not by the drill.
    package var foreignAlerts: [String] = []
    /// Alerts that said meanwhile that they have no data.
    package var alertsWithoutData: [String] = []
    /// What the tagged probe requests of the drill cost, nano-dollars.
    package var probeSpend: Int64 = 0
    /// Requests that a reader may want to look up.
    package var evidence: [String] = []
    /// For the curves; in order of time.
    package var curve: [CurvePoint] = []

    package init(successTarget: Double, latencyTarget: Duration, costTarget: Int64) {
        self.successTarget = successTarget
        self.latencyTarget = latencyTarget
        self.costTarget = costTarget
    }

    /// Failures of users during and after the fault, cut streams included.
    package var lost: Int { during.failed + during.cut + after.failed + after.cut }

    /// Failures of the drill over what the window allows; nil without traffic.
    ///
    /// By the drill's own failures: what left the window meanwhile is not earned by it.
    package var budgetSpent: Double? {
        budgetAfter.allowed > 0 ? Double(max(0, lost)) / budgetAfter.allowed : nil
    }

    /// The same in time: how long all requests would have to fail to spend as much (of 216 minutes in 30 days for
    /// 99.5 %); nil where either is unknown.
    package var outageEquivalent: Duration? {
        guard let window, let spent = budgetSpent else { return nil }
        return window * (spent * (1 - successTarget))
    }

    /// Cost of the priced requests during the fault above what they would have cost before, nano-dollars.
    package var extraSpend: Double? {
        guard let before = before.costPerRequest, let during = during.costPerRequest else { return nil }
        return (during - before) * Double(self.during.priced)
    }
}

/// One alert of a drill, from its firing on; times in UTC milliseconds, nil where it did not come to that.
package struct AlertCourse: Codable, Equatable, Sendable {
    package let alert: String
    package let fired: Int64
    package var acknowledged: Int64?
    package var acknowledgedBy: String?
    package var resolved: Int64?

    package init(alert: String, fired: Int64) {
        self.alert = alert
        self.fired = fired
    }
}

/// One point of the report's curves.
package struct CurvePoint: Codable, Equatable, Sendable {
    /// Since the drill opened; below zero before it.
    package let at: Duration
    /// Nil without a sample.
    package let p95: Duration?
    package let success: Double?

    package init(at: Duration, p95: Duration?, success: Double?) {
        self.at = at
        self.p95 = p95
        self.success = success
    }
}
