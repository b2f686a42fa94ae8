import Exports
import FrontDoor
import Routing
import SLO
import Settings
import Storage
import Synchronization
import Wire

extension Engine {
    /// `GET /metrics`: open on loopback, elsewhere for the master key alone, since it names every tenant and its spend.
    func metrics(_ request: InboundRequest) -> OutboundResponse {
        guard config.listensOnLoopback || isMaster(request.key) else {
            return refuse(.metricsNeedTheMasterKey, api: request.api)
        }
        let text = prometheusText(figures(now: wallMilliseconds()).families)
        return OutboundResponse(
            status: 200,
            headers: [("content-type", prometheusMediaType)],
            body: .bytes(Array(text.utf8))
        )
    }

    private func isMaster(_ key: String?) -> Bool {
        guard let master = config.masterKey?.secret.reveal(), !master.isEmpty else { return false }
        return key == master
    }

    /// What the ledger can't tell at the moment is left out: an absent series is not zero.
    private func figures(now: Int64) -> Metrics {
        var metrics = Metrics()
        metrics.version = identity.version
        metrics.startedAt = identity.startedAt
        metrics.objectives = config.objectives
        let counts = telemetry.traffic
        metrics.requests = counts.rows
        metrics.latency = counts.latency
        metrics.failovers = counts.failovers
        metrics.deployments = deployments(counts.attempts)
        metrics.requestsInFlight = router.withLock { $0.underWay.count }
        metrics.bypassIsOn = switches.withLock { $0.isBypassOn }
        metrics.drillIsRunning = desk.openID != nil
        metrics.isOffline = offlineSince != nil
        metrics.cacheRequests = [CacheUse.hit, .miss, .stale, .joined].map { ($0.rawValue, counts.caches[$0] ?? 0) }
        metrics.deferredWaiting = try? ledger.waitingDeferred().count
        if let headline = try? ledger.headline(now: now) {
            metrics.successRate = headline.window.successRate
            metrics.errorBudgetRemaining = headline.budget.remaining
        }
        metrics.burnRates = burnRates(now: now)
        metrics.alertsFiring = alertsFiring
        let waiting = (try? ledger.outbox()) ?? []
        metrics.deliveries = deliveries.worker.health.map { health in
            Metrics.Delivery(health: health, waiting: waiting.first { $0.sink == health.id }?.waiting ?? 0)
        }
        return metrics
    }

    private func deployments(_ counts: [String: TrafficCounts.Attempts]) -> [Metrics.Deployment] {
        let breakers = router.withLock { $0.breakers }
        return config.groups.flatMap(\.deployments).map { deployment in
            let isOut = if case .out = breakers.admission(of: deployment, now: uptime) { true } else { false }
            let counts = counts[deployment.id.name]
            return Metrics.Deployment(
                name: deployment.id.name,
                provider: deployment.provider,
                isUp: !isOut,
                attempts: counts?.results ?? [],
                firstToken: counts?.firstToken ?? LatencyHistogram()
            )
        }
    }

    private func burnRates(now: Int64) -> [(window: String, rate: Double)] {
        let windows = ErrorBudget.burnWindows
        guard let indicators = try? ledger.indicators(now: now, windows: windows) else { return [] }
        return zip(["5m", "1h", "6h", "3d"], indicators).compactMap { name, indicators in
            indicators.budget(target: config.objectives.success).burnRate.map { (name, $0) }
        }
    }

    /// Muted and acknowledged ones included.
    private var alertsFiring: [(severity: String, count: Int)] {
        let firing = alerts.book.withLock { $0.alerts.compactMap(\.alert.episode?.severity) }
        return Severity.allCases.map { severity in (severity.rawValue, firing.count { $0 == severity }) }
    }
}

extension GatewayError {
    fileprivate static let metricsNeedTheMasterKey = GatewayError(
        status: 401,
        type: "invalid_request_error",
        code: "invalid_api_key",
        message: "Beyond loopback /metrics asks for general_settings.master_key as a bearer token."
    )
}
