/// Who is out, since when and why: one breaker for each credential, endpoint, region, model and deployment that failed.
///
/// A value: time is handed in as the duration since any fixed moment. A breaker opens no wider than what failed, lets one
/// probe through when its time is up, and closes only when that probe succeeds: answers to requests that were sent before
/// it opened move nothing. What closes gets its load back by and by; what soon opens again stays out longer.
package struct Breakers: Sendable {
    package enum Key: Hashable, Sendable {
        /// By the credential's name.
        case credential(String)
        /// By the base address.
        case endpoint(String)
        /// By the provider's name, and the region's or, where the config names none, the base address.
        case region(String, provider: String)
        /// A model as one credential sees it there; deployments of several groups may share it.
        case model(String, endpoint: String, credential: String?)
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
        /// Openings in a row of which each came soon after the last closing.
        fileprivate var relapses = 0
        fileprivate var closedAt: Duration?
        /// Open because others do better, by its share of failures or on the way back: it still answers most requests.
        fileprivate var isMostlyWell = false
        /// The way back since `closedAt`; nil once it is over.
        fileprivate var ramp: Ramp?
        /// Since it closed last.
        fileprivate var recent = RecentAttempts()
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
    /// Of the last minute's attempts at a deployment, this share failed, of at least so many: it is benched, however the
    /// failures are spread.
    package static let errorShare = (most: 0.25, of: 20)
    /// A breaker that opens again within this time of closing flaps; one that stays closed for longer starts anew.
    package static let steadyAfter: Duration = .seconds(300)

    private var breakers: [Key: Breaker] = [:]
    private var proofs = CredentialProofs()

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

    /// The share of its requests that `deployment` gets: below 1 while it is on its way back.
    package func share(of deployment: Deployment, now: Duration) -> Double {
        Self.keys(of: deployment).compactMap { breakers[$0]?.ramp?.share(at: now) }.min() ?? 1
    }

    /// Books a success; `sentAt` is when the request left, nil where that is unknown.
    ///
    /// Returns true where it closed a breaker.
    @discardableResult
    package mutating func succeeded(
        _ deployment: Deployment,
        asProbe: Bool,
        policy: RoutingPolicy,
        now: Duration,
        sentAt: Duration? = nil
    ) -> Bool {
        proved(deployment, now: now)
        let probed = asProbe ? probed(by: deployment) : []
        for key in probed { close(key, policy, now) }
        for key in Self.keys(of: deployment) where breakers[key]?.state == .closed && !isStale(sentAt, key) {
            breakers[key]?.consecutiveFailures = 0
            breakers[key]?.ramp?.succeeded(at: now)
            if breakers[key]?.ramp?.share(at: now) == 1 { breakers[key]?.ramp = nil }
        }
        let own = Key.deployment(deployment.id)
        if !isStale(sentAt, own) { breakers[own, default: Breaker()].recent.add(isFailure: false, at: now) }
        return !probed.isEmpty
    }

    /// Books a failure; `sentAt` is when the request left, nil where that is unknown.
    ///
    /// Returns the key of the breaker that it opened, if it did. A probe that fails for another reason than the one that
    /// kept its deployment out opens what that reason is about, and gives the rest back to be probed again. One failure is
    /// enough on the way back.
    @discardableResult
    package mutating func failed(
        _ deployment: Deployment,
        _ failure: AttemptFailure,
        asProbe: Bool,
        policy: RoutingPolicy,
        now: Duration,
        sentAt: Duration? = nil
    ) -> Key? {
        noteCredential(of: deployment, failure, now)
        let probed = asProbe ? probed(by: deployment) : []
        // Cleared by hand while the probe was on its way.
        if asProbe && probed.isEmpty { return nil }
        for key in probed { breakers[key]?.state = .open(until: now) }
        guard let key = Self.key(failure.kind.scope, of: deployment) else { return nil }
        var breaker = breakers[key] ?? Breaker()
        guard probed.contains(key) || breaker.state == .closed && !isStale(sentAt, key) else { return nil }
        breaker.consecutiveFailures += 1
        // Wider ones open at once, or by failures in a row.
        if case .deployment = key { breaker.recent.add(isFailure: true, at: now) }
        let isDown = failure.benchesAtOnce || breaker.consecutiveFailures > policy.allowedFails
        let isEnough = isDown || asProbe || share(of: deployment, now: now) < 1 || breaker.failsTooOften(now)
        let cooldown = deployment.cooldown ?? policy.cooldown
        let opens = isEnough && cooldown > .zero
        if opens {
            breaker.isMostlyWell = !isDown && (!asProbe || breaker.isMostlyWell)
            breaker.open(for: failure, cooldown, now)
        }
        breakers[key] = breaker
        return opens ? key : nil
    }

    // MARK: One attempt on a refused key

    /// The provider answered with anything but a refusal of the key: a stream's headers say so before its end does.
    package mutating func proved(_ deployment: Deployment, now: Duration) {
        if let name = deployment.credential?.name { proofs.prove(name, at: now) }
    }

    /// An attempt at `deployment` came to nothing (the client left, nothing was sent): if it was its credential's pilot,
    /// the next one is.
    package mutating func releasePilot(of deployment: Deployment) {
        if let name = deployment.credential?.name { proofs.releasePilot(name) }
    }

    /// A request is about to be sent there.
    mutating func take(_ deployment: Deployment, now: Duration) {
        if let name = deployment.credential?.name { proofs.take(name, now: now) }
    }

    /// How much longer to hold for the first answer to the credential of `deployment`; nil where nobody need.
    func pilotHold(of deployment: Deployment, now: Duration, _ grace: PilotGrace) -> Duration? {
        deployment.credential.flatMap { proofs.hold($0.name, now: now, grace) }
    }

    private mutating func noteCredential(of deployment: Deployment, _ failure: AttemptFailure, _ now: Duration) {
        guard let name = deployment.credential?.name else { return }
        switch failure.kind {
        case .credential, .billing, .permission: proofs.forget(name)
        case _ where failure.status != nil: proofs.prove(name, at: now)
        default: proofs.releasePilot(name)
        }
    }

    /// Forgets what is known of `deployment`: the next request may try it.
    ///
    /// Used by hand and when a drill restores.
    package mutating func clear(_ deployment: Deployment) {
        for key in Self.keys(of: deployment) { breakers[key] = nil }
    }

    /// Closes what opened because a host could not be reached: it was the network, and no provider has to be spared.
    package mutating func networkIsBack() {
        breakers = breakers.filter { $0.value.state == .closed || $0.value.cause?.kind != .unreachable }
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

    /// Whether all that keeps `deployment` out is that it fails too often: better than nobody.
    func isOutButMostlyWell(_ deployment: Deployment) -> Bool {
        let open = Self.keys(of: deployment).compactMap { breakers[$0] }.filter { $0.state != .closed }
        return !open.isEmpty && open.allSatisfy(\.isMostlyWell)
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

    private mutating func close(_ key: Key, _ policy: RoutingPolicy, _ now: Duration) {
        var closed = Breaker()
        closed.lastOpened = breakers[key]?.lastOpened
        closed.relapses = breakers[key]?.relapses ?? 0
        closed.closedAt = now
        closed.ramp = policy.failBack == .ramp ? Ramp(since: now) : nil
        breakers[key] = closed
    }

    /// From the widest to the narrowest.
    private static func keys(of deployment: Deployment) -> [Key] {
        let credential = deployment.credential.map { [Key.credential($0.name)] } ?? []
        return credential
            + [.region, .endpoint, .model, .deployment].compactMap { key($0, of: deployment) }
    }

    private static func key(_ scope: BreakerScope, of deployment: Deployment) -> Key? {
        switch scope {
        case .none: nil
        case .endpoint: .endpoint(deployment.apiBase)
        case .region: .region(deployment.region ?? deployment.apiBase, provider: deployment.provider)
        case .model:
            .model(deployment.model, endpoint: deployment.apiBase, credential: deployment.credential?.name)
        case .deployment: .deployment(deployment.id)
        case .credential: deployment.credential.map { .credential($0.name) } ?? .deployment(deployment.id)
        }
    }
}

extension Breakers.Breaker {
    fileprivate func failsTooOften(_ now: Duration) -> Bool {
        let counts = recent.counts(at: now)
        let (most, least) = Breakers.errorShare
        return counts.attempts >= least && Double(counts.failures) >= most * Double(counts.attempts)
    }

    fileprivate mutating func open(for failure: AttemptFailure, _ cooldown: Duration, _ now: Duration) {
        if state == .closed {
            let isSoon = closedAt.map { now - $0 < Breakers.steadyAfter } ?? false
            relapses = isSoon ? relapses + 1 : 0
        }
        trips += 1
        state = .open(until: now + self.cooldown(cooldown, failure))
        cause = failure
        lastOpened = now
        since = trips == 1 ? now : since
        ramp = nil
        recent = RecentAttempts()
    }

    /// How long it stays open: `base`, longer for some, or the provider's own word.
    ///
    /// A probe that times out costs a client its first-token limit, so those come ever more rarely, up to four times the
    /// cooldown; a refused key answers at once and is asked again at the plain pace. Who fails again soon after being let
    /// back in stays out twice as long each time, up to eight times.
    ///
    /// A provider's own word counts instead, from a second to `longestCooldown`; it can't make a refused key, an empty
    /// account or a missing model be asked sooner.
    private func cooldown(_ base: Duration, _ failure: AttemptFailure) -> Duration {
        let longest = Breakers.longestCooldown
        let factor = (failure.kind == .timeout ? 1 << min(trips - 1, 2) : 1) << min(relapses, 3)
        let own = min(base * factor, max(base, longest))
        guard let retryAfter = failure.retryAfter else { return own }
        let named = min(max(retryAfter, .seconds(1)), longest)
        return failure.kind == .rateLimited || failure.kind.isPassing ? named : max(named, own)
    }
}
