import Synchronization
import Upstream

/// The exchanges of one request that are under way at once, to be cancelled together when the client leaves.
final class OpenExchanges: Sendable {
    private struct State {
        var exchanges: [any UpstreamExchange] = []
        var isCancelled = false
    }
    private let state = Mutex(State())

    func add(_ exchange: any UpstreamExchange) {
        let isLate = state.withLock { state in
            state.exchanges.append(exchange)
            return state.isCancelled
        }
        if isLate { exchange.cancel() }
    }

    func cancel() {
        let exchanges = state.withLock { state in
            state.isCancelled = true
            return state.exchanges
        }
        for exchange in exchanges { exchange.cancel() }
    }
}
