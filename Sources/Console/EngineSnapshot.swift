/// Everything that a console shows, as one value: what the embedded engine hands over and what a socket carries.
///
/// Times are UTC milliseconds since 1970 unless the name says otherwise; money is nano-dollars; shares are fractions of 1.
package struct EngineSnapshot: Codable, Equatable, Sendable {
    /// Counts up by one a snapshot.
    package var sequence = 0
    package var takenAt: Int64 = 0
    package var startedAt: Int64 = 0
    package var version = ""
    /// `127.0.0.1:4000`.
    package var listen = ""
    package var isDemo = false
    package var mode: Mode = .live
    package var modeSince: Int64 = 0
    /// The SLO's window, in days.
    package var windowDays = 30
    package var routes: [Route] = []
    package var headline = Headline()
    /// The same numbers over shorter windows, shortest first.
    package var windows: [WindowView] = []
    /// How the error budget of the SLO's window went, and what that means.
    package var budget = BudgetView()
    /// Every alert rule, the loudest first.
    package var alerts: [AlertRow] = []
    /// One for each step that the engine keeps, finest first.
    package var trends: [Trend] = []
    package var providers: [ProviderRow] = []
    /// Newest first, 200 at most.
    package var requests: [RequestRow] = []
    /// All requests that the ledger holds within the window.
    package var requestsTotal = 0
    package var inFlight = 0
    /// What happened, newest first, 100 at most.
    package var events: [Event] = []
    /// Spend of the last 24 hours by feature, by tenant and by provider, largest first.
    package var spend: [SpendRow] = []
    package var spendByTenant: [SpendRow] = []
    package var spendByProvider: [SpendRow] = []
    /// The caps in force, the fullest first.
    package var caps: [CapRow] = []
    /// What caps led to in the last 24 hours.
    package var degradations: [DegradationRow] = []
    /// How well the tokens of prompts are estimated, by model.
    package var estimators: [EstimatorRow] = []
    /// Where alerts and exports go.
    package var sinks: [SinkRow] = []
    /// Nil where no answer is kept and no request is deferred.
    package var cache: CacheView?
    /// The drill under way, or the one just ended.
    package var drill: DrillView?
    /// What there was before it, and what there is to choose from.
    package var drills = DrillHistoryView()
    package var demo: DemoView?
    /// What the operator should know about the engine itself: a ledger that can't be written, an unset key.
    package var warnings: [String] = []

    package init() {}

    package enum Mode: String, Codable, Sendable { case live, bypass, drill }

    /// Who answers for one model group.
    package struct Route: Codable, Equatable, Sendable {
        package var group: String
        package var primary: String
        /// Who gets the next request; nil when every deployment is out.
        package var serving: String?
        package var servingSince: Int64
        /// The others, in the order in which they would be tried.
        package var then: [String]
        package init(group: String, primary: String, serving: String?, servingSince: Int64, then: [String]) {
            self.group = group
            self.primary = primary
            self.serving = serving
            self.servingSince = servingSince
            self.then = then
        }
    }

    /// How an indicator stands against its target.
    package enum Verdict: String, Codable, Sendable {
        case ok, warning, critical
        /// Nothing was measured in the window.
        case noData
        /// Too few samples to say.
        case tooFew
    }

    /// The four numbers, over the SLO's window.
    package struct Headline: Codable, Equatable, Sendable {
        package var latency = Latency()
        package var success = Success()
        package var cost = Cost()
        package var budget = Budget()
        package init() {}

        package struct Latency: Codable, Equatable, Sendable {
            package var verdict = Verdict.noData
            /// Seconds; nil without samples.
            package var p95: Double?
            /// Seconds.
            package var target = 2.5
            /// Share of samples under the target.
            package var underTarget: Double?
            package var samples = 0
            /// `first token` or `complete answer`.
            package var of = "first token"
            package init() {}
        }
        package struct Success: Codable, Equatable, Sendable {
            package var verdict = Verdict.noData
            package var rate: Double?
            package var target = 0.995
            package var valid = 0
            /// Valid and not good.
            package var lost = 0
            /// Good, though the first attempt failed.
            package var saved = 0
            package init() {}
        }
        package struct Cost: Codable, Equatable, Sendable {
            package var verdict = Verdict.noData
            /// Nano-dollars a request, mean.
            package var perRequest: Double?
            /// Nano-dollars a request.
            package var target = 15_000_000.0
            /// Since midnight UTC.
            package var today: Int64 = 0
            package var samples = 0
            /// Requests whose price is unknown: they are not in the mean.
            package var unpriced = 0
            package init() {}
        }
        package struct Budget: Codable, Equatable, Sendable {
            package var verdict = Verdict.noData
            /// Below 0 when overspent.
            package var remaining: Double?
            /// Observed error ratio over the allowed one; nil without traffic in that window.
            package var burn1h: Double?
            package var burn6h: Double?
            package var failures = 0
            /// Failures that the budget allows at this traffic.
            package var allowed = 0.0
            /// Seconds until it is spent at the 6 h burn rate; nil where it does not shrink.
            package var exhaustedIn: Double?
            package init() {}
        }
    }

    /// A graph's points at one step, oldest first; nil where nothing was measured.
    ///
    /// All four have the same length.
    package struct Trend: Codable, Equatable, Sendable {
        /// Seconds a point.
        package var step: Int
        /// Seconds.
        package var p95: [Double?]
        package var success: [Double?]
        /// Nano-dollars a request.
        package var cost: [Double?]
        package var budget: [Double?]
        package init(
            step: Int,
            p95: [Double?] = [],
            success: [Double?] = [],
            cost: [Double?] = [],
            budget: [Double?] = []
        ) {
            self.step = step
            self.p95 = p95
            self.success = success
            self.cost = cost
            self.budget = budget
        }
    }

    /// One deployment.
    ///
    /// Rates and shares cover the last 15 minutes.
    package struct ProviderRow: Codable, Equatable, Sendable {
        package enum State: String, Codable, Sendable {
            case ok
            /// Serves, but not as it should.
            case degraded
            /// Not tried until its time is up.
            case coolingDown
            /// Its key was refused: not tried until a probe succeeds.
            case benched
            /// One request is finding out whether it works again.
            case probing
            /// Nothing was sent to it yet.
            case idle
        }
        package var id: String
        package var provider: String
        package var model: String
        package var group: String
        package var isPrimary: Bool
        package var state: State
        package var since: Int64
        /// When a cooling deployment may be probed; nil otherwise.
        package var until: Int64?
        package var p50: Double?
        package var p95: Double?
        package var okRate: Double?
        package var share: Double
        package var attempts: Int
        package var errors: Int
        package var inFlight: Int
        /// `closed`, `open`, `half-open`.
        package var breaker: String
        /// `401 credential: invalid_api_key`; nil when it never failed.
        package var lastFailure: String?
        package var lastFailureAt: Int64?
        /// The share of its requests that it gets on its way back; nil where it gets all.
        package var ramp: Double?
        /// What keeps it out: `key OPENAI_API_KEY: 401 invalid_api_key`; nil while it serves.
        package var outBecause: String?
        package init(
            id: String,
            provider: String,
            model: String,
            group: String,
            isPrimary: Bool,
            state: State,
            since: Int64,
            until: Int64? = nil,
            p50: Double? = nil,
            p95: Double? = nil,
            okRate: Double? = nil,
            share: Double = 0,
            attempts: Int = 0,
            errors: Int = 0,
            inFlight: Int = 0,
            breaker: String = "closed",
            lastFailure: String? = nil,
            lastFailureAt: Int64? = nil
        ) {
            self.id = id
            self.provider = provider
            self.model = model
            self.group = group
            self.isPrimary = isPrimary
            self.state = state
            self.since = since
            self.until = until
            self.p50 = p50
            self.p95 = p95
            self.okRate = okRate
            self.share = share
            self.attempts = attempts
            self.errors = errors
            self.inFlight = inFlight
            self.breaker = breaker
            self.lastFailure = lastFailure
            self.lastFailureAt = lastFailureAt
        }
    }

    package struct RequestRow: Codable, Equatable, Sendable {
        package enum Outcome: String, Codable, Sendable {
            case ok
            /// Good, after a failed attempt elsewhere.
            case savedByFailover
            /// The client's own mistake.
            case rejected
            /// The client left.
            case cancelled
            /// Broke after content had been sent.
            case cut
            /// Every route failed.
            case lost
        }
        package var id: String
        /// When it ended, so that the newest stands first.
        package var at: Int64
        package var tenant: String
        package var feature: String
        package var group: String
        /// Deployment that answered; nil when none did.
        package var servedBy: String?
        package var outcome: Outcome
        package var status: Int
        package var attempts: Int
        package var stream: Bool
        /// Milliseconds; nil where no token came.
        package var firstToken: Double?
        /// Milliseconds.
        package var total: Double
        package var tokensIn: Int?
        package var tokensOut: Int?
        /// Nano-dollars; nil where the price is unknown.
        package var cost: Int64?
        package var isBypass: Bool
        /// One sentence an attempt, as `AttemptStory` tells them: `openai 401 credential after 12 ms (first choice)`.
        package var trail: [String]
        /// What follows is nil where an older engine does not say.
        ///
        /// Counts for the success objective, and was served as promised.
        package var isValid: Bool?
        package var isGood: Bool?
        package var costIsEstimated: Bool?
        package var tokensCacheRead: Int?
        package var tokensCacheWrite: Int?
        /// What was left out, changed or joined to answer at all.
        package var degraded: [String]?
        /// `off`, `miss`, `hit`, `stale`, `joined`.
        package var cache: String?
        /// Why the cache was not asked, or the answer not stored: one word.
        package var cacheWhy: String?
        /// Nano-dollars and milliseconds that a stored or shared answer saved.
        package var savedCost: Int64?
        package var savedTime: Double?
        /// The format that the client spoke: `openai`, `anthropic`.
        package var format: String?
        package var drill: String?
        package var error: String?
        package init(
            id: String,
            at: Int64,
            tenant: String,
            feature: String,
            group: String,
            servedBy: String?,
            outcome: Outcome,
            status: Int,
            attempts: Int,
            stream: Bool,
            firstToken: Double?,
            total: Double,
            tokensIn: Int?,
            tokensOut: Int?,
            cost: Int64?,
            isBypass: Bool = false,
            trail: [String] = []
        ) {
            self.id = id
            self.at = at
            self.tenant = tenant
            self.feature = feature
            self.group = group
            self.servedBy = servedBy
            self.outcome = outcome
            self.status = status
            self.attempts = attempts
            self.stream = stream
            self.firstToken = firstToken
            self.total = total
            self.tokensIn = tokensIn
            self.tokensOut = tokensOut
            self.cost = cost
            self.isBypass = isBypass
            self.trail = trail
        }
    }

    package struct Event: Codable, Equatable, Sendable {
        package enum Weight: String, Codable, Sendable { case info, good, warning, critical }
        package var at: Int64
        package var weight: Weight
        package var text: String
        package init(at: Int64, weight: Weight, text: String) {
            self.at = at
            self.weight = weight
            self.text = text
        }
    }

    package struct SpendRow: Codable, Equatable, Sendable {
        /// The feature, tenant or provider.
        package var name: String
        package var cost: Int64
        package var requests: Int
        package init(name: String, cost: Int64, requests: Int) {
            self.name = name
            self.cost = cost
            self.requests = requests
        }
    }

    /// The demo's own switch: what is wrong with the simulated primary now, and what can be.
    package struct DemoView: Codable, Equatable, Sendable {
        package struct Fault: Codable, Equatable, Sendable {
            package var id: String
            /// `key revoked: it answers 401`.
            package var label: String
            package init(id: String, label: String) {
                self.id = id
                self.label = label
            }
        }
        /// Deployment that breaks.
        package var target: String
        /// Fault id in force; nil while it is well.
        package var fault: String?
        package var since: Int64
        package var faults: [Fault]
        /// Requests a second that the demo's traffic makes.
        package var rate: Double
        package init(target: String, fault: String? = nil, since: Int64 = 0, faults: [Fault], rate: Double) {
            self.target = target
            self.fault = fault
            self.since = since
            self.faults = faults
            self.rate = rate
        }
    }
}

/// What a console may ask of the engine.
package enum EngineCommand: Codable, Equatable, Sendable {
    case bypass(Bool)
    /// Lets a cooling or benched deployment be tried at once.
    case clearCooldown(deployment: String)
    /// Breaks the demo's primary, or with nil mends it.
    case demoFault(String?)
    case drill(DrillCommand)
    /// Somebody has seen the alert and is on it.
    /// `by` is the person who does it; nil: nobody said.
    case acknowledge(alert: String, by: String? = nil)
    /// Keeps an alert from paging for so many seconds; 0 ends that.
    case mute(alert: String, seconds: Int)
    /// A deferred request is not sent any more.
    case cancelDeferred(id: String)
    /// Stored answers of a tenant, a feature, or both are deleted; with neither, all.
    case purgeCache(tenant: String?, feature: String?)
}

/// The engine's word on a command: carried out, or why not.
package struct CommandReply: Codable, Equatable, Sendable {
    package var ok: Bool
    package var message: String
    package init(ok: Bool, message: String) {
        self.ok = ok
        self.message = message
    }
}
