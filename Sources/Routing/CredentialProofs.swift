/// Which credentials were seen to work a moment ago, and who is finding out about the others.
///
/// A credential that is not proven gets one pilot: the others that would use it hold for its verdict, so that a refused
/// key is met by one request, not by all that came at once.
struct CredentialProofs: Sendable {
    /// How long an answer that was no refusal proves a credential.
    static let validity: Duration = .seconds(1)

    private struct Proof {
        var provedAt: Duration?
        /// When the pilot was sent; nil once its verdict is in.
        var pilotAt: Duration?
        /// Nobody has had an answer with it yet, or its last was a refusal.
        var isUnknown = true
    }

    /// By the credential's name.
    private var proofs: [String: Proof] = [:]

    mutating func prove(_ name: String, at now: Duration) {
        proofs[name] = Proof(provedAt: now, isUnknown: false)
    }

    /// It was refused, or nobody can say any more: the next request is a pilot.
    mutating func forget(_ name: String) { proofs[name] = nil }

    /// The pilot came back without a verdict: the next request takes its place.
    mutating func releasePilot(_ name: String) { proofs[name]?.pilotAt = nil }

    /// A request takes the credential: the first to do so is its pilot.
    mutating func take(_ name: String, now: Duration) {
        let proof = proofs[name]
        guard !isFresh(proof?.provedAt, now), !isFresh(proof?.pilotAt, now) else { return }
        // A first pilot that took longer than anybody held for says that the provider is slow, not that the key is bad.
        proofs[name] = Proof(pilotAt: now, isUnknown: proof.map { $0.isUnknown && $0.pilotAt == nil } ?? true)
    }

    /// How much longer to hold for the pilot; nil where nobody need.
    func hold(_ name: String, now: Duration, _ grace: PilotGrace) -> Duration? {
        guard let proof = proofs[name], let pilotAt = proof.pilotAt else { return nil }
        let end = pilotAt + (proof.isUnknown ? grace.first : grace.later)
        return now < end ? end - now : nil
    }

    private func isFresh(_ time: Duration?, _ now: Duration) -> Bool { time.map { now < $0 + Self.validity } ?? false }
}
