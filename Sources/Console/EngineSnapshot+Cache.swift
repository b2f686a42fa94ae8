extension EngineSnapshot {
    /// Since when no provider can be reached, where that is the mode to show; nil where the bypass or a drill is, or where
    /// one can.
    package var offlineSince: Int64? {
        guard mode == .live, let cache, cache.mode == .offline else { return nil }
        return cache.since
    }

    /// The response cache, whether any provider can be reached, and the requests that wait until one can.
    package struct CacheView: Codable, Equatable, Sendable {
        package enum Mode: String, Codable, Sendable {
            case live
            /// No route can be reached.
            case offline
        }

        package var mode = Mode.live
        /// When the mode began.
        package var since: Int64 = 0
        /// What clients get while offline: `stored answers, the rest is deferred`; empty while live.
        package var serving = ""
        /// False where no feature keeps answers: only the mode and what is deferred mean anything then.
        package var isEnabled = true

        /// Seconds that the counts, the hit rate and what was saved cover.
        package var window = 86_400
        /// Requests answered by a fresh stored answer.
        package var hits = 0
        /// Requests that had to go to a provider.
        package var misses = 0
        /// Requests answered by an answer past its time.
        package var stale = 0
        /// Requests given the answer of an identical one in flight.
        package var joined = 0
        /// Hits, stale and joined of all that asked; nil where none did.
        package var hitRate: Double?
        /// The hit rate over the window in equal stretches, oldest first; nil where nothing asked, empty where it isn't kept.
        package var trend: [Double?] = []

        package var entries = 0
        package var bytes = 0
        /// Bytes that the entries may take.
        package var limit = 0
        /// What the answers served from the cache would have cost.
        package var savedCost: Int64 = 0
        /// Milliseconds that clients did not have to wait.
        package var savedTime = 0.0
        /// What the providers' own prompt caches took off the price.
        package var providerSavedCost: Int64 = 0

        /// Requests accepted and not sent yet.
        package var waiting = 0
        /// When the oldest of them was accepted; nil where none waits.
        package var oldest: Int64?
        /// How many may wait.
        package var waitingLimit = 0
        /// Oldest first, 100 at most.
        package var deferred: [Deferred] = []
        package init(isEnabled: Bool = true) { self.isEnabled = isEnabled }

        /// A request that was accepted while no provider could be reached.
        package struct Deferred: Codable, Equatable, Sendable {
            package var id: String
            package var feature: String
            package var tenant: String
            /// When it was accepted.
            package var at: Int64
            /// `waiting`, `sending`, `done`, `failed`, `cancelled`.
            package var state: String
            package init(id: String, feature: String, tenant: String, at: Int64, state: String = "waiting") {
                self.id = id
                self.feature = feature
                self.tenant = tenant
                self.at = at
                self.state = state
            }
        }
    }
}
