package import Console
import Routing
import SLO
import Settings
import Storage
import Synchronization

/// Who serves a group, and since when.
struct ServingSince: Sendable {
    var deployment: String?
    /// UTC milliseconds.
    var since: Int64
}

extension Engine {
    /// How often a console sees new figures, at rest; a change that matters is shown within a tenth of it.
    static let tick: Duration = .seconds(1)

    /// Publishes snapshots while somebody looks; runs until cancelled.
    package func publishSnapshots() async {
        var sequence = 0
        var sinceLast = Self.tick
        while !Task.isCancelled {
            if hub.hasViewers, hub.takeKick() || sinceLast >= Self.tick {
                sequence += 1
                hub.publish(snapshot(sequence: sequence))
                sinceLast = .zero
            }
            let pause = hub.hasViewers ? Self.tick / 10 : Self.tick / 4
            sinceLast += pause
            try? await Task.sleep(for: pause)
        }
        hub.close()
    }

    /// Snapshots for one console: one at once, since nobody should look at an empty screen for a tick, then the
    /// published ones.
    package func watch() -> AsyncStream<EngineSnapshot> { hub.subscribe(first: snapshot()) }

    /// Everything that a console shows, now.
    package func snapshot(sequence: Int = 0) -> EngineSnapshot {
        let now = wallMilliseconds()
        var snapshot = EngineSnapshot()
        snapshot.sequence = sequence
        snapshot.takenAt = now
        snapshot.startedAt = identity.startedAt
        snapshot.version = identity.version
        snapshot.listen = identity.listen
        snapshot.isDemo = demo != nil
        snapshot.windowDays = max(1, Int(config.objectives.window.components.seconds / 86_400))
        let switches = switches.withLock { $0 }
        snapshot.drill = drillView()
        snapshot.drills = drillHistoryView(now: now)
        snapshot.mode = switches.isBypassOn ? .bypass : snapshot.drill?.isFaultIn == true ? .drill : .live
        snapshot.modeSince = switches.isBypassOn ? switches.bypassSince : identity.startedAt
        snapshot.routes = routes(now: now)
        snapshot.inFlight = router.withLock { $0.underWay.count }
        snapshot.demo = demo?.view
        fillFromLedger(&snapshot, now: now)
        fillFromGuards(&snapshot, now: now)
        telemetry.fill(&snapshot, budget: snapshot.headline.budget.remaining)
        snapshot.trends.sort { $0.step < $1.step }
        snapshot.alerts = alerts.book.withLock(\.self).rows(now: now)
        return snapshot
    }

    private func fillFromLedger(_ snapshot: inout EngineSnapshot, now: Int64) {
        let health = ledger.health
        if let error = health.error { snapshot.warnings.append("ledger: \(error)") }
        if health.lost > 0 { snapshot.warnings.append("ledger: \(health.lost) requests could not be kept") }
        if health.lostErrands > 0 {
            snapshot.warnings.append("ledger: \(health.lostErrands) events, deliveries or answers could not be kept")
        }
        do throws(LedgerError) {
            let headline = try ledger.headline(now: now)
            snapshot.headline = EngineSnapshot.Headline(headline, today: try ledger.spentToday(now: now))
            snapshot.requestsTotal = headline.window.counts.requests
            snapshot.providers = providers(try ledger.deployments(now: now), now: now)
            snapshot.trends.append(try trend(now: now, step: 60, points: Telemetry.points))
            snapshot.budget = try report.budgetView(headline, now: now)
            try fillSlowFigures(&snapshot, now: now)
            snapshot.sinks = try sinkRows()
        } catch {
            snapshot.providers = providers([], now: now)
            snapshot.warnings.append("ledger: \(error)")
        }
    }

    // MARK: Who serves

    func routes(now: Int64) -> [EngineSnapshot.Route] {
        config.groups.map { group in
            let order = group.inOrder
            let admissions = router.withLock { state in
                order.map { state.breakers.admission(of: $0, now: uptime) }
            }
            let index = admissions.firstIndex { if case .out = $0 { false } else { true } }
            let current = index.map { order[$0].id.name }
            let since = serving.withLock { book in
                if book[group.name]?.deployment != current || book[group.name] == nil {
                    let start = book[group.name] == nil ? identity.startedAt : now
                    book[group.name] = ServingSince(deployment: current, since: start)
                }
                return book[group.name]?.since ?? now
            }
            return EngineSnapshot.Route(
                group: group.name,
                primary: group.primary?.id.name ?? "",
                serving: current,
                servingSince: since,
                then: order.map(\.id.name).filter { $0 != current }
            )
        }
    }

    // MARK: Providers

    private func providers(_ stats: [DeploymentStats], now: Int64) -> [EngineSnapshot.ProviderRow] {
        let byName = Dictionary(stats.map { ($0.deployment, $0.indicators) }, uniquingKeysWith: { first, _ in first })
        let total = stats.reduce(0) { $0 + $1.indicators.counts.good }
        let (breakers, inFlight) = router.withLock { ($0.breakers, $0.inFlight) }
        return config.groups.flatMap { group in
            group.inOrder.map { deployment in
                row(deployment, group, byName[deployment.id.name], total, breakers, inFlight[deployment.id] ?? 0, now)
            }
        }
    }

    private func row(
        _ deployment: Deployment,
        _ group: ModelGroup,
        _ figures: Indicators?,
        _ total: Int,
        _ breakers: Breakers,
        _ inFlight: Int,
        _ now: Int64
    ) -> EngineSnapshot.ProviderRow {
        let attempts = figures?.counts.requests ?? 0
        var row = EngineSnapshot.ProviderRow(
            id: deployment.id.name,
            provider: deployment.provider,
            model: deployment.model,
            group: group.name,
            isPrimary: deployment.id == group.primary?.id,
            state: attempts == 0 ? .idle : .ok,
            since: identity.startedAt,
            p50: figures?.latency.quantile(0.5)?.inSeconds,
            p95: figures?.latency.quantile(0.95)?.inSeconds,
            okRate: figures?.successRate,
            share: total > 0 ? Double(figures?.counts.good ?? 0) / Double(total) : 0,
            attempts: attempts,
            errors: figures?.counts.bad ?? 0,
            inFlight: inFlight
        )
        // Nineteen of twenty: below that, a person should look.
        if attempts >= 20, let rate = row.okRate, rate < 0.95 { row.state = .degraded }
        let share = breakers.share(of: deployment, now: uptime)
        if share < 1 { row.ramp = share }
        guard let (key, breaker) = breakers.openBreaker(of: deployment) else { return row }
        row.ramp = nil
        row.outBecause = reason(key, breaker)
        row.since = now - (uptime - breaker.since).microseconds / 1_000
        switch breaker.state {
        case .closed: break
        case .halfOpen:
            row.state = .probing
            row.breaker = "half-open"
        case .open(let until):
            row.breaker = "open"
            row.until = now + (until - uptime).microseconds / 1_000
            row.state = .coolingDown
            if case .credential = key { row.state = .benched }
        }
        return row
    }
}

extension Engine {
    /// What keeps a deployment out, and why: `key OPENAI_API_KEY: 401 invalid_api_key`.
    private func reason(_ key: Breakers.Key, _ breaker: Breakers.Breaker) -> String {
        let what =
            switch key {
            case .credential(let name): "key \(name)"
            case .endpoint(let address): address
            case .region(let region, let provider): "\(provider) in \(region)"
            case .model, .deployment: "itself"
            }
        return "\(what): \(breaker.cause?.summary ?? "not known")"
    }
}

extension EngineSnapshot.Verdict {
    init(_ standing: Standing) {
        self =
            switch standing {
            case .noData: .noData
            case .tooFew: .tooFew
            case .ok: .ok
            case .warning: .warning
            case .critical: .critical
            }
    }
}

extension EngineSnapshot.Headline {
    init(_ headline: SLO.Headline, today: Int64) {
        self.init()
        let window = headline.window
        let objectives = headline.objectives
        latency.verdict = .init(headline.latencyStanding)
        latency.p95 = window.latency.quantile(0.95)?.inSeconds
        latency.target = objectives.latencyP95.inSeconds
        latency.underTarget = window.fastShare
        latency.samples = window.counts.latencySamples
        latency.of = objectives.latencyOf == .firstToken ? "first token" : "complete answer"
        success.verdict = .init(headline.successStanding)
        success.rate = window.successRate
        success.target = objectives.success
        success.valid = window.counts.valid
        success.lost = window.counts.bad
        success.saved = window.counts.saved
        cost.verdict = .init(headline.costStanding)
        cost.perRequest = window.costPerRequest
        cost.target = Double(objectives.costPerRequest)
        cost.today = today
        cost.samples = window.counts.priced
        cost.unpriced = window.counts.unpriced
        budget.verdict = .init(headline.budgetStanding)
        budget.remaining = headline.budget.remaining
        budget.burn1h = headline.burnRate1h
        budget.burn6h = headline.burnRate6h
        budget.failures = headline.budget.bad
        budget.allowed = headline.budget.allowed
        budget.exhaustedIn = headline.timeToExhaustion?.inSeconds
    }
}
