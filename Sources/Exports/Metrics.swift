package import SLO

/// What `GET /metrics` tells: counts since the start, and how things are now.
///
/// Names that clients choose (feature, tenant) are bounded: the first `labelLimit` keep theirs, later ones are `other`, so
/// that a thousand made-up names do not become a thousand series. Rows come in a lasting order (that of first use), or
/// counters would jump between series.
package struct Metrics: Sendable {
    /// Requests with the same labels.
    package struct Requests: Sendable {
        package var tenant: String
        package var feature: String
        package var group: String
        /// Empty where nobody answered.
        package var provider: String
        package var outcome: String
        /// `provider`, `cache`, `stale`, `joined`, `none`.
        package var servedFrom: String
        package var count: Int
        package var good: Int
        /// Nano-dollars.
        package var cost: Int64
        package var tokensIn: Int
        package var tokensOut: Int
        package var tokensCacheRead: Int
        package var tokensCacheWrite: Int

        package init(
            tenant: String,
            feature: String,
            group: String,
            provider: String,
            outcome: String,
            servedFrom: String,
            count: Int,
            good: Int,
            cost: Int64 = 0,
            tokensIn: Int = 0,
            tokensOut: Int = 0,
            tokensCacheRead: Int = 0,
            tokensCacheWrite: Int = 0
        ) {
            self.tenant = tenant
            self.feature = feature
            self.group = group
            self.provider = provider
            self.outcome = outcome
            self.servedFrom = servedFrom
            self.count = count
            self.good = good
            self.cost = cost
            self.tokensIn = tokensIn
            self.tokensOut = tokensOut
            self.tokensCacheRead = tokensCacheRead
            self.tokensCacheWrite = tokensCacheWrite
        }
    }

    /// One deployment of the config.
    package struct Deployment: Sendable {
        package var name: String
        package var provider: String
        /// Takes traffic now.
        package var isUp: Bool
        /// By result: `success` or the class of the failure.
        package var attempts: [(result: String, count: Int)]
        /// To the first content token, of its own attempts.
        package var firstToken: LatencyHistogram

        package init(
            name: String,
            provider: String,
            isUp: Bool,
            attempts: [(result: String, count: Int)],
            firstToken: LatencyHistogram
        ) {
            self.name = name
            self.provider = provider
            self.isUp = isUp
            self.attempts = attempts
            self.firstToken = firstToken
        }
    }

    /// A pager or an export.
    package struct Delivery: Sendable {
        package var health: SinkHealth
        /// Items that wait.
        package var waiting: Int
        package init(health: SinkHealth, waiting: Int) {
            self.health = health
            self.waiting = waiting
        }
    }

    package var version = ""
    /// UTC milliseconds.
    package var startedAt: Int64 = 0
    package var requests: [Requests] = []
    /// What the latency objective counts, by group.
    package var latency: [(group: String, histogram: LatencyHistogram)] = []
    package var deployments: [Deployment] = []
    package var failovers = 0
    package var requestsInFlight = 0
    package var bypassIsOn = false
    package var drillIsRunning = false
    /// No provider can be reached.
    package var isOffline = false
    /// Requests by what the cache had for them: `hit`, `miss`, `stale`, `joined`.
    package var cacheRequests: [(result: String, count: Int)] = []
    /// Requests accepted and not sent yet; nil where the ledger can't tell.
    package var deferredWaiting: Int?
    package var objectives = Objectives()
    /// Over the objectives' window; nil without traffic.
    package var successRate: Double?
    /// 1 untouched, 0 spent, below 0 overspent.
    package var errorBudgetRemaining: Double?
    /// By window, as it is named: `5m`, `1h`.
    package var burnRates: [(window: String, rate: Double)] = []
    /// By severity.
    package var alertsFiring: [(severity: String, count: Int)] = []
    package var deliveries: [Delivery] = []
    package var labelLimit = 50

    package init() {}
}
