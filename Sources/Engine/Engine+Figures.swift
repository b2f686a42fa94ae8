import Console
import Exports
import Logging
package import SLO
package import Settings
import Storage
import Synchronization

/// What a console shows and nobody needs anew each second.
struct SlowFigures: Sendable {
    /// UTC milliseconds; 0 before the first look.
    var taken: Int64 = 0
    var tookLong: Int64 = 0
    var windows: [EngineSnapshot.WindowView] = []
    var spend: [EngineSnapshot.SpendRow] = []
    var spendByTenant: [EngineSnapshot.SpendRow] = []
    var spendByProvider: [EngineSnapshot.SpendRow] = []
    var trends: [EngineSnapshot.Trend] = []
    var burnDown: [Double?] = []
    var burnDownStep = 86_400
    var spenders: [EngineSnapshot.BudgetView.Spender] = []
    var cache: EngineSnapshot.CacheView?

    /// Milliseconds.
    static let age: Int64 = 3_000
    static let longAge: Int64 = 15_000
    /// Windows that a console may choose beside that of the objectives; seconds.
    static let windowLengths = [900, 3_600, 21_600, 86_400, 604_800]
    /// Steps and counts of points of the trends behind them: 10 minutes, an hour, 6 hours.
    static let trendSteps = [(600, 144), (3_600, 168), (21_600, 124)]
}

extension Engine {
    func fillSlowFigures(_ snapshot: inout EngineSnapshot, now: Int64) throws(LedgerError) {
        var figures = slowFigures.withLock { $0 }
        // A clock that was set back makes figures look as if they came from the future.
        if abs(now - figures.taken) >= SlowFigures.age {
            figures.taken = now
            figures.windows = try windowViews(now: now)
            figures.spend = try spend(by: .feature, now: now)
            figures.spendByTenant = try spend(by: .tenant, now: now)
            figures.cache = try report.cacheView(now: now)
            figures.spendByProvider = try spend(by: .provider, now: now)
            if abs(now - figures.tookLong) >= SlowFigures.longAge {
                figures.tookLong = now
                figures.trends = []
                for (step, points) in SlowFigures.trendSteps {
                    figures.trends.append(try trend(now: now, step: step, points: points))
                }
                (figures.burnDown, figures.burnDownStep) = try burnDown(now: now)
                figures.spenders = try report.spenders(now: now)
            }
            slowFigures.withLock { [figures] in $0 = figures }
        }
        snapshot.windows = figures.windows
        snapshot.cache = upToDate(figures.cache)
        snapshot.spend = figures.spend
        snapshot.spendByTenant = figures.spendByTenant
        snapshot.spendByProvider = figures.spendByProvider
        snapshot.trends += figures.trends
        snapshot.budget.burnDown = figures.burnDown
        snapshot.budget.burnDownStep = figures.burnDownStep
        snapshot.budget.spenders = figures.spenders
    }

    private func windowViews(now: Int64) throws(LedgerError) -> [EngineSnapshot.WindowView] {
        let objectives = config.objectives
        let lengths = SlowFigures.windowLengths.filter { .seconds($0) < objectives.window }
        let indicators = try ledger.indicators(now: now, windows: lengths.map { .seconds($0) })
        return zip(lengths, indicators).map { length, window in
            // The budget is that of the objectives' window; the console leaves this one out.
            let headline = SLO.Headline(
                objectives: objectives,
                window: window,
                lastHour: EventCounts(),
                lastSixHours: EventCounts()
            )
            return EngineSnapshot.WindowView(
                seconds: length,
                headline: EngineSnapshot.Headline(headline, today: Int64(window.counts.cost))
            )
        }
    }

    /// A point a day over the objectives' window; while there are only some days, one an hour over the last three.
    private func burnDown(now: Int64) throws(LedgerError) -> (points: [Double?], step: Int) {
        let days = try ledger.burnDown(now: now).map(\.budget.remaining)
        guard days.count(where: { $0 != nil }) <= 3 else { return (days, 86_400) }
        return (try ledger.burnDown(now: now, step: .seconds(3_600)).suffix(72).map(\.budget.remaining), 3_600)
    }

    private func spend(by dimension: Dimension, now: Int64) throws(LedgerError) -> [EngineSnapshot.SpendRow] {
        try ledger.slices(by: dimension, now: now, window: .seconds(86_400), traffic: nil)
            .sorted { ($1.counts.cost, $0.name) < ($0.counts.cost, $1.name) }
            .prefix(12)
            .map {
                EngineSnapshot.SpendRow(
                    name: $0.name.isEmpty ? "nobody" : $0.name,
                    cost: Int64($0.counts.cost),
                    requests: $0.counts.requests
                )
            }
    }

    func trend(now: Int64, step: Int, points: Int) throws(LedgerError) -> EngineSnapshot.Trend {
        let steps = try ledger.trend(now: now, step: .seconds(step), points: points)
        var trend = EngineSnapshot.Trend(step: step)
        for step in steps {
            trend.p95.append(step?.p95(target: config.objectives.latencyP95)?.inSeconds)
            trend.success.append(step?.successRate)
            trend.cost.append(step?.costPerRequest)
            trend.budget.append(step?.budget(target: config.objectives.success).remaining.map { max(-1, $0) })
        }
        return trend
    }

    /// The sinks of the config, with what the outbox holds for them.
    func sinkRows() throws(LedgerError) -> [EngineSnapshot.SinkRow] {
        let health = deliveries.worker.health
        guard !health.isEmpty else { return [] }
        let stats = Dictionary(try ledger.outbox().map { ($0.sink, $0) }, uniquingKeysWith: { first, _ in first })
        return health.map { sink in
            EngineSnapshot.SinkRow(
                name: sink.id,
                waiting: stats[sink.id]?.waiting ?? 0,
                failed: stats[sink.id]?.failed ?? 0,
                problem: sink.standing == .ok ? nil : sink.lastError ?? sink.standing.rawValue
            )
        }
    }
}

extension NinesConfig {
    package var budgetPolicy: BudgetPolicy {
        var policy = BudgetPolicy()
        (policy.caution, policy.freeze, policy.postmortem) = (
            errorBudget.caution, errorBudget.freeze, errorBudget.postmortem
        )
        return policy
    }
}

extension EngineSnapshot.BudgetView.Policy {
    init(_ stance: BudgetPolicy.Stance) {
        self =
            switch stance {
            case .open: .open
            case .caution: .caution
            case .frozen: .frozen
            }
    }
}
