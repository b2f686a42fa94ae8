package import Console
package import SLO
package import Settings
package import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a config and a ledger say together, whether an engine runs or not: what a console shows of the past.
package struct LedgerReport: Sendable {
    package let config: NinesConfig
    package let ledger: Ledger

    /// The figures are those of `ledger.objectives`, over their window.
    package init(config: NinesConfig, ledger: Ledger) {
        self.config = config
        self.ledger = ledger
    }

    /// A console's view without providers, routes, live requests and whatever else only an engine has.
    ///
    /// With a filter, headline and budget are of that part of the traffic, and nobody's share of it is told.
    package func snapshot(now: Int64, of filter: SeriesFilter = .all) throws(LedgerError) -> EngineSnapshot {
        var snapshot = EngineSnapshot()
        snapshot.takenAt = now
        snapshot.windowDays = max(1, Int(ledger.objectives.window.components.seconds / 86_400))
        if let since = Engine.bypassSince(in: ledger) { (snapshot.mode, snapshot.modeSince) = (.bypass, since) }
        let headline = try ledger.headline(now: now, of: filter)
        let midnight = now / 86_400_000 * 86_400_000
        let today = try ledger.counts(from: midnight, to: midnight + 86_400_000, of: filter).cost
        snapshot.headline = EngineSnapshot.Headline(headline, today: Int64(today))
        snapshot.requestsTotal = headline.window.counts.requests
        snapshot.budget = try budgetView(headline, now: now, of: filter)
        if filter == .all {
            snapshot.budget.spenders = try spenders(now: now)
            snapshot.cache = try cacheView(now: now)
        }
        snapshot.alerts = try alertBook().rows(now: now)
        snapshot.sinks = try sinkRows()
        return snapshot
    }

    /// All but the burn-down and who spent it.
    func budgetView(
        _ headline: SLO.Headline,
        now: Int64,
        of filter: SeriesFilter = .all
    ) throws(LedgerError) -> EngineSnapshot.BudgetView {
        var view = EngineSnapshot.BudgetView()
        view.burns = try burns(now: now, of: filter)
        let verdict = config.budgetPolicy.verdict(headline.budget, recent: headline.recentBudget)
        view.policy = .init(verdict.stance)
        view.reason = verdict.stance == .open ? "" : verdict.reasons.joined(separator: "; ")
        view.maintenance = try ledger.maintenance(endingAfter: now)
            .filter { ($0.cancelled ?? .max) > $0.from }
            .map { .init(from: $0.from, to: min($0.to, $0.cancelled ?? $0.to), reason: $0.reason) }
            .filter { $0.to > now }
        return view
    }

    private func burns(now: Int64, of filter: SeriesFilter) throws(LedgerError) -> [EngineSnapshot.BudgetView.Burn] {
        let limits: [Duration: Double] = [
            .seconds(300): 14.4, .seconds(3_600): 14.4, .seconds(21_600): 6, .seconds(259_200): 1,
        ]
        let windows = ErrorBudget.burnWindows
        return zip(windows, try ledger.indicators(now: now, windows: windows, of: filter)).map { window, indicators in
            EngineSnapshot.BudgetView.Burn(
                window: Int(window.components.seconds),
                rate: indicators.budget(target: ledger.objectives.success).burnRate,
                limit: limits[window]
            )
        }
    }

    /// Who has spent the error budget of the objectives' window: features and providers, the largest shares first.
    func spenders(now: Int64) throws(LedgerError) -> [EngineSnapshot.BudgetView.Spender] {
        var spenders: [EngineSnapshot.BudgetView.Spender] = []
        for dimension in [Dimension.provider, .feature] {
            let slices = try ledger.slices(by: dimension, now: now, window: ledger.objectives.window)
            let all = slices.reduce(0) { $0 + $1.counts.bad }
            spenders += slices.filter { $0.counts.bad > 0 }.sorted { $0.counts.bad > $1.counts.bad }.prefix(4)
                .map {
                    EngineSnapshot.BudgetView.Spender(
                        kind: dimension.rawValue,
                        name: $0.name.isEmpty ? "no route" : $0.name,
                        failures: $0.counts.bad,
                        share: Double($0.counts.bad) / Double(max(1, all))
                    )
                }
        }
        return spenders
    }

    /// The alerts as an engine last left them.
    package func alertBook() throws(LedgerError) -> AlertBook {
        AlertBook(config, state: try ledger.alertStates()[AlertDesk.stateKey])
    }

    /// The sinks of the config, and what waits for them.
    private func sinkRows() throws(LedgerError) -> [EngineSnapshot.SinkRow] {
        let stats = Dictionary(try ledger.outbox().map { ($0.sink, $0) }, uniquingKeysWith: { first, _ in first })
        let names = config.pagers.filter { $0.sink != .terminal }.map(\.name) + config.exports.map(\.name)
        return names.map {
            EngineSnapshot.SinkRow(
                name: $0,
                waiting: stats[$0]?.waiting ?? 0,
                failed: stats[$0]?.failed ?? 0,
                problem: stats[$0]?.error
            )
        }
    }

    /// Whether a change may ship now.
    package func gate(now: Int64) throws(LedgerError) -> BudgetPolicy.Verdict {
        let headline = try ledger.headline(now: now)
        return config.budgetPolicy.gate(
            headline.budget,
            recent: headline.recentBudget,
            firingPages: try alertBook().firingPages,
            drill: try ledger.openDrills().last?.id
        )
    }
}

extension AlertBook {
    /// The rules of a config, and how they stood when `state` was stored; nil or unreadable: at their beginning.
    init(_ config: NinesConfig, state: String?) {
        let rules = AlertRule.all(AlertSettings(config.alerts), objectives: config.objectives)
        let stored = state.flatMap { try? JSONDecoder().decode(AlertBook.State.self, from: Data($0.utf8)) }
        self.init(rules: rules, state: stored ?? AlertBook.State())
    }
}
