import NIOCore
import Synchronization
import Upstream

/// Cancels an exchange when its deadline passes; moving the deadline costs a store, not a timer.
final class Watchdog: Sendable {
    private struct State {
        var deadline: NIODeadline
        var hasFired = false
        var isStopped = false
        var isHeld = false
    }
    private let state: Mutex<State>
    private let loop: any EventLoop
    private let exchange: any UpstreamExchange

    init(_ exchange: any UpstreamExchange, limit: Duration, loop: any EventLoop) {
        self.exchange = exchange
        self.loop = loop
        let deadline = NIODeadline.now() + TimeAmount(limit)
        state = Mutex(State(deadline: deadline))
        arm(deadline)
    }

    /// Whether it was this watchdog that cancelled the exchange.
    var hasFired: Bool { state.withLock { $0.hasFired } }

    /// From now on, `limit` may pass.
    func extend(_ limit: Duration) {
        let deadline = NIODeadline.now() + TimeAmount(limit)
        let isEarlier = state.withLock { state in
            state.isHeld = false
            defer { state.deadline = deadline }
            return deadline < state.deadline
        }
        if isEarlier { arm(deadline) }
    }

    /// Doesn't fire until the next `extend`: what takes time now is not the exchange's doing.
    ///
    /// False where it has fired already.
    @discardableResult
    func hold() -> Bool {
        state.withLock { state in
            state.isHeld = true
            return !state.hasFired
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }

    private func arm(_ deadline: NIODeadline) {
        loop.scheduleTask(deadline: deadline) { [weak self] in self?.check() }
    }

    private func check() {
        enum Action { case none, fire, wait(NIODeadline) }
        let action = state.withLock { state -> Action in
            if state.isStopped || state.hasFired { return .none }
            if state.deadline > .now() { return .wait(state.deadline) }
            if state.isHeld { return .wait(.now() + .seconds(1)) }
            state.hasFired = true
            return .fire
        }
        switch action {
        case .none: break
        case .fire: exchange.cancel()
        case .wait(let deadline): arm(deadline)
        }
    }
}
