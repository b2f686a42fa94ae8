/// Who is out, since when and why: one breaker for each credential, endpoint and deployment that failed.
///
/// A value: time is handed in as the duration since any fixed moment. A breaker opens no wider than what failed, lets one
/// probe through when its time is up, and closes only when that probe succeeds: answers to requests that were sent before
/// it opened move nothing.
package struct Breakers: Sendable {
    package enum Key: Hashable, Sendable {
        /// By the credential's name.
        case credential(String)
        /// By the base address.
        case endpoint(String)
        case deployment(DeploymentID)
    }

    package struct Breaker: Equatable, Sendable {
        package enum State: Equatable, Sendable {
            case closed
            /// Nobody is sent there before `until`.
            case open(until: Duration)
            /// One probe is on its way.
            case halfOpen
        }
        package fileprivate(set) var state = State.closed
        /// The failure that opened it last.
        package fileprivate(set) var cause: AttemptFailure?
        package fileprivate(set) var since: Duration = .zero
        /// Nil where it never was.
        fileprivate(set) var lastOpened: Duration?
        fileprivate var consecutiveFailures = 0
        /// Openings in a row without a success between.
        fileprivate var trips = 0
        /// Whose attempt is the probe, while half-open.
        fileprivate var prober: DeploymentID?
    }

    /// Whether a deployment may be tried now.
    package enum Admission: Equatable, Sendable {
        case admitted
        /// Its time is up: the caller that takes it is the one probe.
        case probe
        /// Out until then (nil while a probe is on its way), for that cause.
        case out(until: Duration?, cause: AttemptFailure?)
    }

    /// Waits longer than this are cut: a provider's `retry-after: 86400` must not bench it for a day.
    package static let longestCooldown: Duration = .seconds(300)

    private var breakers: [Key: Breaker] = [:]

    package init() {}

    /// Where several breakers keep it out, the one that does so longest is named.
    package func admission(of deployment: Deployment, now: Duration) -> Admission {
        var latest: Duration?
        var cause: AttemptFailure?
        var isBeingProbed = false
        var isDue = false
        for key in Self.keys(of: deployment) {
            guard let breaker = breakers[key] else { continue }
            switch breaker.state {
            case .closed: continue
            case .open(let until) where until <= now: isDue = true
            case .open(let until):
                guard until > latest ?? .zero else { continue }
                (latest, cause) = (until, breaker.cause)
            case .halfOpen:
                isBeingProbed = true
                if latest == nil { cause = breaker.cause }
            }
        }
        if latest != nil || isBeingProbed { return .out(until: latest, cause: cause) }
        return isDue ? .probe : .admitted
    }

    /// Marks the caller's attempt as the probe: every open breaker of `deployment` goes half-open, its time up or not.
    package mutating func takeProbe(of deployment: Deployment) {
        for key in Self.keys(of: deployment) {
            guard case .open? = breakers[key]?.state else { continue }
            breakers[key]?.state = .halfOpen
            breakers[key]?.prober = deployment.id
        }
    }

    /// Gives a probe back unanswered (the client left): the next request may probe at once.
    package mutating func releaseProbe(of deployment: Deployment, now: Duration) {
        for key in probed(by: deployment) { breakers[key]?.state = .open(until: now) }
    }

    /// Books a success; `sentAt` is when the request left, nil where that is unknown.
    ///
    /// Returns true where it closed a breaker.
    @discardableResult
    package mutating func succeeded(_ deployment: Deployment, asProbe: Bool, sentAt: Duration? = nil) -> Bool {
        let probed = asProbe ? probed(by: deployment) : []
        for key in probed { close(key) }
        for key in Self.keys(of: deployment) where breakers[key]?.state == .closed && !isStale(sentAt, key) {
            close(key)
        }
        return !probed.isEmpty
    }

    /// Books a failure; `sentAt` is when the request left, nil where that is unknown.
    ///
    /// Returns the key of the breaker that it opened, if it did. A probe that fails for another reason than the one that
    /// kept its deployment out opens what that reason is about, and gives the rest back to be probed again.
    @discardableResult
    package mutating func failed(
        _ deployment: Deployment,
        _ failure: AttemptFailure,
        asProbe: Bool,
        policy: RoutingPolicy,
        now: Duration,
        sentAt: Duration? = nil
    ) -> Key? {
        let probed = asProbe ? probed(by: deployment) : []
        // Cleared by hand while the probe was on its way.
        if asProbe && probed.isEmpty { return nil }
        for key in probed { breakers[key]?.state = .open(until: now) }
        guard let key = Self.key(failure.kind.scope, of: deployment) else { return nil }
        var breaker = breakers[key] ?? Breaker()
        guard probed.contains(key) || breaker.state == .closed && !isStale(sentAt, key) else { return nil }
        breaker.consecutiveFailures += 1
        let cooldown = deployment.cooldown ?? policy.cooldown
        let isEnough = asProbe || failure.kind.benchesAtOnce || breaker.consecutiveFailures > policy.allowedFails
        if isEnough && cooldown > .zero {
            breaker.trips += 1
            breaker.state = .open(until: now + Self.cooldown(cooldown, failure: failure, trips: breaker.trips))
            breaker.cause = failure
            breaker.lastOpened = now
            breaker.since = breaker.trips == 1 ? now : breaker.since
        }
        breakers[key] = breaker
        return isEnough && cooldown > .zero ? key : nil
    }

    /// Forgets what is known of `deployment`: the next request may try it.
    ///
    /// Used by hand and when a drill restores.
    package mutating func clear(_ deployment: Deployment) {
        for key in Self.keys(of: deployment) { breakers[key] = nil }
    }

    /// The widest breaker that keeps `deployment` out, or would; nil where all is closed.
    package func openBreaker(of deployment: Deployment) -> (key: Key, breaker: Breaker)? {
        for key in Self.keys(of: deployment) {
            if let breaker = breakers[key], breaker.state != .closed { return (key, breaker) }
        }
        return nil
    }

    /// Whether all that keeps `deployment` out are passing failures, the last of them at least `age` ago.
    func isOutForPassing(_ deployment: Deployment, age: Duration, now: Duration) -> Bool {
        let open = Self.keys(of: deployment).compactMap { breakers[$0] }.filter { $0.state != .closed }
        return !open.isEmpty
            && open.allSatisfy { breaker in
                guard let cause = breaker.cause, let opened = breaker.lastOpened else { return false }
                return breaker.state != .halfOpen && cause.kind.isPassing && opened + age <= now
            }
    }

    private func probed(by deployment: Deployment) -> [Key] {
        Self.keys(of: deployment).filter {
            breakers[$0]?.state == .halfOpen && breakers[$0]?.prober == deployment.id
        }
    }

    /// Whether a request that left at `sentAt` knows nothing of what happened since the breaker opened.
    private func isStale(_ sentAt: Duration?, _ key: Key) -> Bool {
        guard let sentAt, let opened = breakers[key]?.lastOpened else { return false }
        return sentAt < opened
    }

    private mutating func close(_ key: Key) {
        let lastOpened = breakers[key]?.lastOpened
        breakers[key] = Breaker()
        breakers[key]?.lastOpened = lastOpened
    }

    /// From the widest to the narrowest.
    private static func keys(of deployment: Deployment) -> [Key] {
        let credential = deployment.credential.map { [Key.credential($0.name)] } ?? []
        return credential + [.endpoint(deployment.apiBase), .deployment(deployment.id)]
    }

    private static func key(_ scope: BreakerScope, of deployment: Deployment) -> Key? {
        switch scope {
        case .none: nil
        case .endpoint: .endpoint(deployment.apiBase)
        case .deployment: .deployment(deployment.id)
        case .credential: deployment.credential.map { .credential($0.name) } ?? .deployment(deployment.id)
        }
    }

    /// A probe that times out costs a client its first-token limit, so those come ever more rarely, up to four times the
    /// cooldown; a refused key answers at once and is asked again at the plain pace.
    ///
    /// A provider's own word counts instead, from a second to `longestCooldown`; it can't make a refused key, an empty
    /// account or a missing model be asked sooner.
    private static func cooldown(_ base: Duration, failure: AttemptFailure, trips: Int) -> Duration {
        if let retryAfter = failure.retryAfter {
            let named = min(max(retryAfter, .seconds(1)), longestCooldown)
            return failure.kind == .rateLimited || failure.kind.isPassing ? named : max(named, base)
        }
        let factor = failure.kind == .timeout ? 1 << min(trips - 1, 2) : 1
        return min(base * factor, max(base, longestCooldown))
    }
}
