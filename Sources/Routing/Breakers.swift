/// Who is out, since when and why: one breaker for each credential, endpoint and deployment that failed.
///
/// A value: time is handed in as the duration since any fixed moment. A breaker opens no wider than what failed, lets one
/// probe through when its time is up, and closes only when a probe succeeds: answers to requests that were sent before it
/// opened move nothing.
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
        fileprivate(set) var lastOpened: Duration = .zero
        fileprivate var consecutiveFailures = 0
        /// Openings in a row without a success between.
        fileprivate var trips = 0
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

    package func admission(of deployment: Deployment, now: Duration) -> Admission {
        var result = Admission.admitted
        for key in Self.keys(of: deployment) {
            guard let breaker = breakers[key] else { continue }
            switch breaker.state {
            case .closed: continue
            case .halfOpen: return .out(until: nil, cause: breaker.cause)
            case .open(let until) where until > now: return .out(until: until, cause: breaker.cause)
            case .open: result = .probe
            }
        }
        return result
    }

    /// Marks the caller's attempt as the probe: every open breaker of `deployment` goes half-open, its time up or not.
    package mutating func takeProbe(of deployment: Deployment) {
        for key in Self.keys(of: deployment) {
            guard case .open? = breakers[key]?.state else { continue }
            breakers[key]?.state = .halfOpen
        }
    }

    /// Gives a probe back unanswered (the client left): the next request may probe at once.
    package mutating func releaseProbe(of deployment: Deployment, now: Duration) {
        for key in Self.keys(of: deployment) where breakers[key]?.state == .halfOpen {
            breakers[key]?.state = .open(until: now)
        }
    }

    /// Books a success.
    ///
    /// Returns true where it closed a breaker.
    @discardableResult
    package mutating func succeeded(_ deployment: Deployment, asProbe: Bool) -> Bool {
        var hasClosed = false
        for key in Self.keys(of: deployment) {
            guard let breaker = breakers[key] else { continue }
            if asProbe, breaker.state != .closed {
                breakers[key] = nil
                hasClosed = true
            } else if breaker.state == .closed {
                breakers[key] = nil
            }
        }
        return hasClosed
    }

    /// Books a failure.
    ///
    /// Returns the key of the breaker that it opened, if it did.
    @discardableResult
    package mutating func failed(
        _ deployment: Deployment,
        _ failure: AttemptFailure,
        asProbe: Bool,
        policy: RoutingPolicy,
        now: Duration
    ) -> Key? {
        let key = Self.key(failure.kind.scope, of: deployment)
        if asProbe {
            // What the probe was about stays out a little longer, unless it fails again for its own reason below.
            for other in Self.keys(of: deployment) where breakers[other]?.state == .halfOpen {
                breakers[other]?.state = .open(until: now + (deployment.cooldown ?? policy.cooldown))
            }
        }
        guard let key else { return nil }
        var breaker = breakers[key] ?? Breaker()
        defer { breakers[key] = breaker }
        guard asProbe || breaker.state == .closed else { return nil }
        breaker.consecutiveFailures += 1
        guard asProbe || failure.kind.benchesAtOnce || breaker.consecutiveFailures > policy.allowedFails else {
            return nil
        }
        let cooldown = deployment.cooldown ?? policy.cooldown
        guard cooldown > .zero else { return nil }
        breaker.trips += 1
        breaker.state = .open(until: now + Self.cooldown(cooldown, failure: failure, trips: breaker.trips))
        breaker.cause = failure
        breaker.lastOpened = now
        breaker.since = breaker.trips == 1 ? now : breaker.since
        return key
    }

    /// Forgets what is known of `deployment`: the next request may try it.
    ///
    /// Used by hand and when a drill restores.
    package mutating func clear(_ deployment: Deployment) {
        for key in Self.keys(of: deployment) { breakers[key] = nil }
    }

    /// The breaker that keeps `deployment` out, or would; nil where all is closed.
    package func openBreaker(of deployment: Deployment) -> (key: Key, breaker: Breaker)? {
        for key in Self.keys(of: deployment) {
            if let breaker = breakers[key], breaker.state != .closed { return (key, breaker) }
        }
        return nil
    }

    private static func keys(of deployment: Deployment) -> [Key] {
        var keys: [Key] = [.deployment(deployment.id), .endpoint(deployment.apiBase)]
        if let credential = deployment.credential { keys.append(.credential(credential.name)) }
        return keys
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
    private static func cooldown(_ base: Duration, failure: AttemptFailure, trips: Int) -> Duration {
        if let retryAfter = failure.retryAfter { return min(max(retryAfter, .seconds(1)), longestCooldown) }
        let factor = failure.kind == .timeout ? 1 << min(trips - 1, 2) : 1
        return min(base * factor, longestCooldown)
    }
}
