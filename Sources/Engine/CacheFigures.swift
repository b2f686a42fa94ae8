package import Storage
import Guardrails
import Routing
import SLO
import Settings

/// What the cache did in a day, as the ledger has it: live traffic of the features that have one, or had one then.
package struct CacheFigures: Sendable, Equatable {
    package var hits = 0
    package var stale = 0
    package var joined = 0
    /// Valid requests that went to a provider.
    package var misses = 0
    /// Nano-dollars.
    package var savedCost: Int64 = 0
    /// Milliseconds.
    package var savedTime = 0.0
    /// Nano-dollars that the providers' own prompt caches took off, what writing them cost subtracted.
    package var providerSavedCost: Int64 = 0

    /// Served from the cache, of all; nil where nobody asked.
    package var hitRate: Double? {
        let served = hits + stale + joined
        return served + misses > 0 ? Double(served) / Double(served + misses) : nil
    }

    mutating func add(_ counts: EventCounts) {
        hits += counts.hits
        stale += counts.stale
        joined += counts.joined
        misses += max(0, counts.valid - counts.hits - counts.stale - counts.joined)
        savedCost += Int64(counts.avoidedCost)
        savedTime += Double(counts.avoidedMicros) / 1_000
    }
}

extension LedgerReport {
    /// Of the last 24 hours.
    package func cacheFigures(now: Int64) throws(LedgerError) -> CacheFigures {
        let day: Duration = .seconds(86_400)
        var figures = CacheFigures()
        for slice in try ledger.slices(by: .feature, now: now, window: day)
        where slice.counts.hits + slice.counts.stale + slice.counts.joined > 0
            || config.cachePolicy(slice.name).isEnabled
        {
            figures.add(slice.counts)
        }
        let table = RouteTable(config, imported: (try? ledger.importedPrices()) ?? [])
        for deployment in table.deployments.values {
            guard let price = table.prices(of: deployment)?.row(at: now)?.price else { continue }
            let filter = SeriesFilter(deployment: deployment.id.name)
            let counts = try ledger.counts(from: now - 86_400_000, to: now + 60_000, of: filter)
            let read = (price.input - price.cacheRead) / 1_000 * Int64(counts.tokensCacheRead)
            let written = (price.cacheWrite - price.input) / 1_000 * Int64(counts.tokensCacheWrite)
            figures.providerSavedCost += (read - written) / 1_000
        }
        return figures
    }
}

extension NinesConfig {
    /// What holds for answers of that feature.
    func cachePolicy(_ feature: String) -> CachePolicy { self.feature(feature)?.cache ?? cache.policy }
}
