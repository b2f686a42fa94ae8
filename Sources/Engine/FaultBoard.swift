import Routing
import Synchronization

/// Faults that a drill put in, each a lease: past its expiry it does nothing, whoever forgot it.
///
/// They live in memory alone, so that a process that ends, however it ends, leaves nothing broken behind.
package final class FaultBoard: Sendable {
    /// What a provider is shown in place of a revoked key: well-formed, and nobody's.
    static let revokedKey = Secret("sk-nines-drill-revoked-key-0000000000000000")

    private let leases = Mutex<[String: ContinuousClock.Instant]>([:])

    /// The named credential is replaced by one that no provider knows, until `expiry`.
    func revoke(credential: String, until expiry: ContinuousClock.Instant) {
        leases.withLock { $0[credential] = expiry }
    }

    func restore(credential: String) { leases.withLock { $0[credential] = nil } }

    /// The key to send to `deployment`.
    func key(for deployment: Deployment, now: ContinuousClock.Instant) -> Secret? {
        guard let credential = deployment.credential else { return nil }
        let isRevoked = leases.withLock { $0[credential.name].map { now < $0 } ?? false }
        return isRevoked ? Self.revokedKey : credential.secret
    }
}
