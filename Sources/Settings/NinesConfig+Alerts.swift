extension NinesConfig {
    /// What alerts, after how long and how loudly.
    package struct Alerts: Sendable, Hashable {
        package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
            case ticket, page

            package static func < (a: Self, b: Self) -> Bool { a == .ticket && b == .page }
        }

        /// An objective that is missed.
        package struct Rule<Threshold: Sendable & Hashable>: Sendable, Hashable {
            /// The length of the trailing window that is looked at (`for`).
            package var window: Duration
            /// Nil: off.
            package var severity: Severity? = .page
            /// Nil: the objective itself.
            package var threshold: Threshold?

            package init(window: Duration) { self.window = window }
        }

        /// A feature whose mean tokens or cost have left their own past.
        package struct Drift: Sendable, Hashable {
            /// Now over then.
            package var ratio = 1.5
            /// The stretch that is compared with.
            package var baseline: Duration = .seconds(7 * 86_400)
            package var severity = Severity.ticket
            package init() {}
        }

        /// Slower than the threshold at the 95th percentile.
        package var latency = Rule<Duration>(window: .seconds(900))
        /// A smaller share of good requests than the threshold, a fraction.
        package var success = Rule<Double>(window: .seconds(300))
        /// Dearer on average than the threshold, in nano-dollars.
        package var cost = Rule<Int64>(window: .seconds(900))
        /// Whether the pairs of burn rates alert.
        package var burnRate = true
        /// Nil: off.
        package var drift: Drift? = Drift()
        /// Shares of a spending budget at which it alerts, ascending; empty: off.
        package var budget = [0.8, 1.0]
        /// Nil: off.
        package var failover: Severity? = .ticket
        package var keyRevoked: Severity? = .page
        /// How long all must be well before an alert resolves.
        package var clearAfter: Duration = .seconds(300)
        package init() {}
    }

    /// When the spent share of the error budget changes what may be done; fractions.
    package struct ErrorBudgetPolicy: Sendable, Hashable {
        /// Spent so far, changes are made with care.
        package var caution = 0.5
        /// Spent so far, changes stop.
        package var freeze = 1.0
        /// Spent by one incident, it needs a postmortem: a fifth in Google's SRE Workbook, appendix B.
        package var postmortem = 0.2
        package init() {}
    }
}
