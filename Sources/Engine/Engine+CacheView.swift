import Console
import SLO
import Settings
import Storage
import Synchronization

extension Engine {
    /// Whether anybody can be reached is told at once, whenever the rest was looked up.
    func upToDate(_ view: EngineSnapshot.CacheView?) -> EngineSnapshot.CacheView? {
        let offline = offlineSince
        guard view != nil || offline != nil else { return nil }
        var view = view ?? EngineSnapshot.CacheView(isEnabled: false)
        view.mode = offline == nil ? .live : .offline
        view.since = offline ?? onlineSince
        view.serving = offline == nil ? "" : offlineService
        return view
    }
}

extension LedgerReport {
    /// The cache and what waits for the network; nil where neither says anything.
    func cacheView(now: Int64) throws(LedgerError) -> EngineSnapshot.CacheView? {
        let isEnabled = config.cache.policy.isEnabled || config.features.contains { $0.cache.isEnabled }
        let waiting = try ledger.waitingDeferred()
        guard isEnabled || waiting.count > 0 else { return nil }
        var view = EngineSnapshot.CacheView()
        view.isEnabled = isEnabled
        if isEnabled { try fillFigures(&view, now: now) }
        view.waiting = waiting.count
        view.oldest = waiting.oldest
        view.waitingLimit = Deferral.most
        view.deferred = try ledger.deferred(limit: 100).map {
            .init(id: $0.id, feature: $0.feature, tenant: $0.tenant, at: $0.at, state: $0.state.rawValue)
        }
        return view
    }

    private func fillFigures(_ view: inout EngineSnapshot.CacheView, now: Int64) throws(LedgerError) {
        let figures = try cacheFigures(now: now)
        (view.hits, view.misses, view.stale, view.joined) = (
            figures.hits, figures.misses, figures.stale, figures.joined
        )
        view.hitRate = figures.hitRate
        (view.savedCost, view.savedTime) = (figures.savedCost, figures.savedTime)
        view.providerSavedCost = figures.providerSavedCost
        view.trend = try ledger.trend(now: now, step: .seconds(3_600), points: 24).map { step in
            guard let counts = step?.counts, counts.valid > 0 else { return nil }
            return Double(counts.hits + counts.stale + counts.joined) / Double(counts.valid)
        }
        let stats = try ledger.cacheStats()
        view.entries = stats.reduce(0) { $0 + $1.entries }
        view.bytes = stats.reduce(0) { $0 + $1.bytes }
        view.limit = Int(clamping: config.cache.maxSize)
    }
}
