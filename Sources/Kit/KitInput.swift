package import SLO

/// Everything that the papers say.
///
/// Nil means "not known": a paper then says so or marks a blank, it never fills one in. Times are UTC milliseconds, money is
/// nano-dollars, shares are fractions.
package struct KitInput: Sendable {
    /// When the papers are made.
    package var now: Int64
    /// Of the program that makes them.
    package var version: String
    /// The client whose traffic alone the figures hold; nil for all.
    package var tenant: String?
    /// The ledger is a demo's: providers and traffic are simulated.
    package var isDemo = false
    package var blanks = KitBlanks()

    package var objectives: Objectives
    /// Over the objectives' window; nil where the ledger can't be read.
    package var headline: Headline?
    /// When the ledger begins; nil where it is empty.
    package var ledgerBegins: Int64?
    /// The days of the window, oldest first.
    package var days: [KitDay] = []
    /// Failures of the window by cause ("no route answered"), and by feature.
    package var failuresByCause: [String: Int] = [:]
    package var failuresByFeature: [String: Int] = [:]
    /// Stretches of the window in which nothing was measured.
    package var gaps: [TimeSpan] = []
    /// Declared windows that touch the objectives' window or are yet to come.
    package var maintenance: [KitMaintenance] = []
    /// How long the ledger keeps what; nil where that isn't known.
    package var retention: KitRetention?
    /// Requests that declared windows took out of the figures; nil where that isn't known.
    package var excluded: Int?

    package var policy = BudgetPolicy()
    /// Those that are on.
    package var alerts: [AlertRule] = []
    /// All of the config, with the papers' traffic in the window; nil without a config.
    package var groups: [KitGroup]?
    /// By their order in the config.
    package var features: [KitFeature] = []
    package var cache: KitCache?
    /// Nil where the history can't be read; a history without drills is none yet.
    package var drills: KitDrills?
    package var script: KitScript?

    /// The running config as YAML without secrets, and comments on its keys by path: `nines.slo.window`.
    package var config: String?
    package var configNotes: [String: String] = [:]
    /// A config of two providers to start from, as YAML.
    package var starter: String?
    package var worker: KitWorker?

    package init(now: Int64, version: String, objectives: Objectives) {
        self.now = now
        self.version = version
        self.objectives = objectives
    }
}

/// What no ledger knows, as `nines.kit` in the config says it; nil stays a marked blank.
package struct KitBlanks: Sendable {
    /// Below a success rate, so much of the month's fee is credited; both fractions.
    package struct Credit: Sendable {
        package var below: Double
        package var credit: Double

        package init(below: Double, credit: Double) {
            self.below = below
            self.credit = credit
        }
    }

    /// Who promises, what for, and who answers for it.
    package var company: String?
    package var service: String?
    package var owner: String?
    /// Who settles a dispute about the error budget.
    package var escalation: String?
    /// Where a client reports an incident.
    package var contact: String?
    /// `2027-01-31`.
    package var effective: String?
    package var review: String?
    /// How long after a miss a claim may be made.
    package var claimWithin: Duration?
    /// How long before it maintenance is declared.
    package var maintenanceNotice: Duration?
    /// From the highest rate down.
    package var credits: [Credit] = []

    package init() {}
}

/// One day of the window.
package struct KitDay: Sendable {
    /// UTC milliseconds of its midnight.
    package var start: Int64
    /// Nil where nothing was measured: no traffic, or a gap.
    package var indicators: Indicators?

    package init(start: Int64, indicators: Indicators?) {
        self.start = start
        self.indicators = indicators
    }
}

/// A declared window.
package struct KitMaintenance: Sendable {
    package var span: TimeSpan
    package var reason: String
    /// When it was declared, UTC milliseconds.
    package var declared: Int64

    package init(span: TimeSpan, reason: String, declared: Int64) {
        self.span = span
        self.reason = reason
        self.declared = declared
    }
}

/// How long the ledger keeps a request's row, and the sums of a day.
package struct KitRetention: Sendable {
    package var requests: Duration
    package var days: Duration

    package init(requests: Duration, days: Duration) {
        self.requests = requests
        self.days = days
    }
}

/// How long answers are kept.
package struct KitCache: Sendable {
    package var fresh: Duration
    /// Served for so long after that where no provider can answer; nil never.
    package var staleIfError: Duration?
    /// Served for so long after `fresh` while a new one is fetched; nil never.
    package var staleWhileRevalidate: Duration?

    package init(fresh: Duration, staleIfError: Duration?, staleWhileRevalidate: Duration? = nil) {
        self.fresh = fresh
        self.staleIfError = staleIfError
        self.staleWhileRevalidate = staleWhileRevalidate
    }
}

/// The service worker that the front door serves, and how a page talks to it.
package struct KitWorker: Sendable {
    /// Its script.
    package var text: String
    /// The header of an answer that says that it is an offline copy, and its value then.
    package var markHeader: String
    package var markValue: String
    /// JavaScript that a page runs once the worker is registered, and when its user signs out; `worker`, `userId` and
    /// `tell(worker, message)` are in scope.
    package var onReady: String
    package var onSignOut: String

    package init(text: String, markHeader: String, markValue: String, onReady: String, onSignOut: String) {
        self.text = text
        self.markHeader = markHeader
        self.markValue = markValue
        self.onReady = onReady
        self.onSignOut = onSignOut
    }
}

extension KitWorker {
    /// The one that comes with Nines.
    package static let shipped = KitWorker(
        text: String(decoding: PackageResources.sw_js, as: UTF8.self),
        markHeader: "x-nines-offline-copy",
        markValue: "true",
        onReady: "await tell(worker, { nines: \"user\", user: userId });",
        onSignOut: "await tell(worker, { nines: \"sign-out\", user: userId });"
    )
}
