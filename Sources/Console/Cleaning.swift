// What comes from the engine holds names and messages of clients and providers: none of it is trusted. Texts lose what
// isn't one plain cell, numbers that no arithmetic could carry are bent to ones that it can.

extension EngineSnapshot {
    /// The same snapshot, safe to measure, add and draw.
    func cleaned() -> EngineSnapshot {
        var safe = self
        safe.takenAt = takenAt.asTime
        safe.startedAt = startedAt.asTime
        safe.modeSince = modeSince.asTime
        safe.version = Text.clean(version)
        safe.listen = Text.clean(listen)
        safe.windowDays = windowDays.asCount
        safe.requestsTotal = requestsTotal.asCount
        safe.inFlight = inFlight.asCount
        safe.headline = headline.cleaned()
        safe.routes = routes.prefix(100).map { $0.cleaned() }
        safe.trends = trends.prefix(20).map { $0.cleaned() }
        safe.providers = providers.prefix(200).map { $0.cleaned() }
        safe.requests = requests.prefix(500).map { $0.cleaned() }
        safe.events = events.prefix(500).map { Event(at: $0.at.asTime, weight: $0.weight, text: Text.clean($0.text)) }
        safe.windows = windows.prefix(20).map {
            WindowView(seconds: max(1, $0.seconds.asCount), headline: $0.headline.cleaned())
        }
        safe.budget = budget.cleaned()
        safe.alerts = alerts.prefix(200).map { $0.cleaned() }
        safe.spend = spend.cleaned()
        safe.spendByTenant = spendByTenant.cleaned()
        safe.spendByProvider = spendByProvider.cleaned()
        safe.caps = caps.prefix(200).map { $0.cleaned() }
        safe.degradations = degradations.prefix(200).map {
            DegradationRow(
                feature: Text.clean($0.feature),
                what: Text.clean($0.what),
                requests: $0.requests.asCount
            )
        }
        safe.estimators = estimators.prefix(200).map {
            EstimatorRow(
                model: Text.clean($0.model),
                samples: $0.samples.asCount,
                error: $0.error.finite,
                ratio: $0.ratio.finite
            )
        }
        safe.sinks = sinks.prefix(50).map { $0.cleaned() }
        safe.warnings = warnings.prefix(50).map { Text.clean($0) }
        safe.cache = cache?.cleaned()
        safe.drill = drill?.cleaned()
        safe.drills = drills.cleaned()
        safe.demo = demo?.cleaned()
        return safe
    }
}

extension EngineSnapshot.Headline {
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.latency.p95 = latency.p95.finite
        safe.latency.target = latency.target.finite
        safe.latency.underTarget = latency.underTarget.finite
        safe.latency.samples = latency.samples.asCount
        safe.latency.of = Text.clean(latency.of)
        safe.success.rate = success.rate.finite
        safe.success.target = success.target.finite
        safe.success.valid = success.valid.asCount
        safe.success.lost = success.lost.asCount
        safe.success.saved = success.saved.asCount
        safe.cost.perRequest = cost.perRequest.finite
        safe.cost.target = cost.target.finite
        safe.cost.today = cost.today.asMoney
        safe.cost.samples = cost.samples.asCount
        safe.cost.unpriced = cost.unpriced.asCount
        safe.budget.remaining = budget.remaining.finite
        safe.budget.burn1h = budget.burn1h.finite
        safe.budget.burn6h = budget.burn6h.finite
        safe.budget.failures = budget.failures.asCount
        safe.budget.allowed = budget.allowed.finite
        safe.budget.exhaustedIn = budget.exhaustedIn.finite
        return safe
    }
}

extension EngineSnapshot.CacheView {
    /// Ids go back to the engine as they came, and are not drawn.
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.since = since.asTime
        safe.serving = Text.clean(serving)
        safe.window = max(1, window.asCount)
        (safe.hits, safe.misses) = (hits.asCount, misses.asCount)
        (safe.stale, safe.joined) = (stale.asCount, joined.asCount)
        safe.hitRate = hitRate.finite
        safe.trend = trend.suffix(1_000).map(\.finite)
        (safe.entries, safe.bytes, safe.limit) = (entries.asCount, bytes.asCount, limit.asCount)
        (safe.savedCost, safe.providerSavedCost) = (savedCost.asMoney, providerSavedCost.asMoney)
        safe.savedTime = savedTime.finite
        (safe.waiting, safe.waitingLimit) = (waiting.asCount, waitingLimit.asCount)
        safe.oldest = oldest?.asTime
        safe.deferred = deferred.prefix(100).map {
            .init(
                id: $0.id,
                feature: Text.clean($0.feature),
                tenant: Text.clean($0.tenant),
                at: $0.at.asTime,
                state: Text.clean($0.state, limit: 12)
            )
        }
        return safe
    }
}

extension EngineSnapshot.BudgetView {
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.reason = Text.clean(reason)
        safe.burns = burns.prefix(20).map {
            Burn(window: max(1, $0.window.asCount), rate: $0.rate.finite, limit: $0.limit.finite)
        }
        safe.spenders = spenders.prefix(50).map {
            Spender(
                kind: Text.clean($0.kind),
                name: Text.clean($0.name),
                failures: $0.failures.asCount,
                share: max(0, min(1, $0.share.finite))
            )
        }
        safe.burnDown = burnDown.suffix(4000).map(\.finite)
        safe.burnDownStep = max(1, burnDownStep.asCount)
        safe.maintenance = maintenance.prefix(20).map {
            Maintenance(from: $0.from.asTime, to: $0.to.asTime, reason: Text.clean($0.reason))
        }
        return safe
    }
}

extension EngineSnapshot.AlertRow {
    // The id goes back to the engine as it came; it is never drawn.
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.title = Text.clean(title)
        safe.since = since.asTime
        safe.value = Text.clean(value, limit: 40)
        safe.threshold = Text.clean(threshold, limit: 40)
        safe.samples = samples.asCount
        safe.window = window.asCount
        safe.text = Text.clean(text, limit: 1_000)
        safe.mutedUntil = mutedUntil?.asTime
        safe.clearing = clearing.map { Text.clean($0) }
        return safe
    }
}

extension EngineSnapshot.CapRow {
    fileprivate func cleaned() -> Self {
        Self(
            kind: Text.clean(kind),
            name: Text.clean(name),
            limit: limit.asMoney,
            spent: spent.asMoney,
            reserved: reserved.asMoney,
            resetsAt: resetsAt?.asTime
        )
    }
}

extension EngineSnapshot.SinkRow {
    fileprivate func cleaned() -> Self {
        Self(
            name: Text.clean(name),
            waiting: waiting.asCount,
            failed: failed.asCount,
            problem: problem.map { Text.clean($0) }
        )
    }
}

extension [EngineSnapshot.SpendRow] {
    fileprivate func cleaned() -> Self {
        prefix(200).map {
            Element(name: Text.clean($0.name), cost: $0.cost.asMoney, requests: $0.requests.asCount)
        }
    }
}

extension EngineSnapshot.Route {
    fileprivate func cleaned() -> Self {
        Self(
            group: Text.clean(group),
            primary: Text.clean(primary),
            serving: serving.map { Text.clean($0) },
            servingSince: servingSince.asTime,
            then: then.prefix(50).map { Text.clean($0) }
        )
    }
}

extension EngineSnapshot.Trend {
    fileprivate func cleaned() -> Self {
        func safe(_ values: [Double?]) -> [Double?] { values.suffix(4000).map(\.finite) }
        return Self(
            step: max(1, step.asCount),
            p95: safe(p95),
            success: safe(success),
            cost: safe(cost),
            budget: safe(budget)
        )
    }
}

extension EngineSnapshot.ProviderRow {
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.id = Text.clean(id)
        safe.provider = Text.clean(provider)
        safe.model = Text.clean(model)
        safe.group = Text.clean(group)
        safe.since = since.asTime
        safe.until = until?.asTime
        safe.p50 = p50.finite
        safe.p95 = p95.finite
        safe.okRate = okRate.finite
        safe.share = max(0, min(1, share.finite))
        safe.attempts = attempts.asCount
        safe.errors = errors.asCount
        safe.inFlight = inFlight.asCount
        safe.breaker = Text.clean(breaker)
        safe.lastFailure = lastFailure.map { Text.clean($0) }
        safe.lastFailureAt = lastFailureAt?.asTime
        safe.ramp = ramp?.finite
        safe.outBecause = outBecause.map { Text.clean($0) }
        return safe
    }
}

extension EngineSnapshot.RequestRow {
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.id = Text.clean(id)
        safe.at = at.asTime
        safe.tenant = Text.clean(tenant)
        safe.feature = Text.clean(feature)
        safe.group = Text.clean(group)
        safe.servedBy = servedBy.map { Text.clean($0) }
        safe.status = status.asCount
        safe.attempts = attempts.asCount
        safe.firstToken = firstToken.finite
        safe.total = total.finite
        safe.tokensIn = tokensIn?.asCount
        safe.tokensOut = tokensOut?.asCount
        safe.cost = cost?.asMoney
        safe.trail = trail.prefix(50).map { Text.clean($0) }
        safe.tokensCacheRead = tokensCacheRead?.asCount
        safe.tokensCacheWrite = tokensCacheWrite?.asCount
        safe.degraded = degraded?.prefix(50).map { Text.clean($0) }
        safe.cache = cache.map { Text.clean($0) }
        safe.cacheWhy = cacheWhy.map { Text.clean($0) }
        safe.savedCost = savedCost?.asMoney
        safe.savedTime = savedTime?.finite
        safe.format = format.map { Text.clean($0) }
        safe.drill = drill.map { Text.clean($0) }
        safe.error = error.map { Text.clean($0) }
        return safe
    }
}

extension EngineSnapshot.DemoView {
    fileprivate func cleaned() -> Self {
        Self(
            target: Text.clean(target),
            fault: fault,
            since: since.asTime,
            // Ids go back to the engine as they came; only labels are drawn.
            faults: faults.prefix(9).map { Fault(id: $0.id, label: Text.clean($0.label)) },
            rate: rate.finite
        )
    }
}

extension Int64 {
    /// Between 1970 and the end of 9999.
    var asTime: Int64 { Swift.min(253_402_300_799_000, Swift.max(0, self)) }
    /// Between minus and plus a billion dollars.
    fileprivate var asMoney: Int64 { Swift.min(1_000_000_000_000_000_000, Swift.max(-1_000_000_000_000_000_000, self)) }
}

extension Int {
    var asCount: Int { Swift.min(1_000_000_000_000, Swift.max(0, self)) }
}

extension Double {
    var finite: Double { isFinite ? Swift.min(1e15, Swift.max(-1e15, self)) : 0 }
}

extension Double? {
    var finite: Double? { flatMap { $0.isFinite ? $0.finite : nil } }
}
