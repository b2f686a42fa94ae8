package import Drills
package import Routing
import Synchronization

/// What a drill has broken: one lease, which ends by the clock whoever forgot it.
///
/// It lives in memory alone, so that a process that ends, however it ends, leaves nothing broken behind. The clock goes on
/// while the machine sleeps, and every request looks at it: no timer has to fire for a fault to end.
package final class FaultBoard: Sendable {
    /// What a provider is shown in place of a revoked key: well-formed, and nobody's.
    static let revokedKey = Secret("sk-nines-drill-revoked-key-0000000000000000")

    private struct State {
        var lease: Lease?
        /// Where the lease's target is reached.
        var address: String?
        var end = ContinuousClock.now
        /// Told apart from the lease before: what was begun under that one ends with it.
        var number = 0
        var draws: Draws
    }
    private let state: Mutex<State>

    /// `seed` is that of the draws where only a share of the traffic is met.
    package init(seed: UInt64) { state = Mutex(State(draws: Draws(seed: seed))) }

    /// Breaks it until `end`, in place of the lease before; `address` is the target's API base.
    package func put(_ lease: Lease, address: String?, until end: ContinuousClock.Instant) {
        state.withLock { state in
            state.lease = lease
            state.address = address
            state.end = end
            state.number += 1
        }
    }

    /// Takes everything out, answers that are held back included.
    package func clear() {
        state.withLock { state in
            state.lease = nil
            state.number += 1
        }
    }

    /// Until it ends by itself; nil where nothing is broken.
    package func left(_ now: ContinuousClock.Instant) -> Duration? {
        state.withLock { $0.lease != nil && now < $0.end ? $0.end - now : nil }
    }

    /// Whether anything in force may meet `deployment`.
    func meets(_ deployment: Deployment, now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard let lease = state.lease, now < state.end else { return false }
            return lease.mix.contains { lease.meets(deployment, $0, address: state.address) }
        }
    }

    /// What becomes of one attempt at `deployment`; nil where it is left alone.
    package func tampering(with deployment: Deployment, now: ContinuousClock.Instant) -> Tampering? {
        state.withLock { state in
            guard let lease = state.lease, now < state.end else { return nil }
            let parts = lease.mix.filter { lease.meets(deployment, $0, address: state.address) }
            guard !parts.isEmpty else { return nil }
            // One draw for all parts: their shares lie side by side.
            var draw = state.draws.next()
            for part in parts {
                if draw < part.share { return Tampering(part.fault, board: self, number: state.number) }
                draw -= part.share
            }
            return nil
        }
    }

    /// Whether the lease of that number still holds.
    func holds(_ number: Int) -> Bool {
        state.withLock { $0.number == number && $0.lease != nil && ContinuousClock.now < $0.end }
    }
}

extension Lease {
    /// A key and a host are broken for everyone who needs them.
    func meets(_ deployment: Deployment, _ part: Scenario.Ingredient, address: String?) -> Bool {
        switch part.place {
        case .secondary: return deployment.id.name == target.secondary
        case .domain: if deployment.provider == target.provider { return true }
        case .primary: break
        }
        if deployment.id.name == target.deployment { return true }
        switch part.fault {
        case .revokeKey: return target.credential != nil && deployment.credential?.name == target.credential
        case .blockHost: return deployment.apiBase == address
        default: return false
        }
    }
}

/// One attempt that meets a fault.
package struct Tampering: Sendable {
    package let fault: Fault
    private let board: FaultBoard
    private let number: Int

    init(_ fault: Fault, board: FaultBoard, number: Int) {
        self.fault = fault
        self.board = board
        self.number = number
    }

    /// The fault is still to act, not taken out meanwhile.
    var isIn: Bool { board.holds(number) }

    /// The deployment as it is asked: by a model name that it doesn't have, where that is the fault.
    func changed(_ deployment: Deployment) -> Deployment {
        guard case .modelNotFound = fault else { return deployment }
        var changed = deployment
        changed.model += "-drill-404"
        return changed
    }

    /// The key to send in place of `key`.
    func key(_ key: Secret?) -> Secret? {
        switch fault {
        case .revokeKey(.inRouterMemory): key.map { _ in FaultBoard.revokedKey }
        // Nobody at a wrong address must see it.
        case .blockHost: nil
        default: key
        }
    }
}
