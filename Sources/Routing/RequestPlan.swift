/// A repeatable source of draws (SplitMix64, Steele, Lea and Flood 2014).
package struct Draws: Sendable {
    private var state: UInt64
    package init(seed: UInt64) { state = seed }
    /// Uniform in 0..<1.
    package mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}

/// The plan of one request: a value that yields the next attempt, given what failed so far, or gives up.
///
/// Within a group: the lowest `order` first; within one order a draw by weight; never the same deployment twice, but for
/// retries. When a group is used up, its fallbacks follow. The engine's loop is the only loop that retries.
package struct RequestPlan: Sendable {
    /// Why a deployment was chosen.
    package enum Reason: String, Sendable, Equatable {
        case first, retry, failover, fallback, probe, wait
    }

    package struct Attempt: Sendable, Equatable {
        package let deployment: Deployment
        package let reason: Reason
        /// The one attempt that finds out whether the deployment works again.
        package let isProbe: Bool
        /// From the attempt's start to the last byte, where the answer is not streamed.
        package let timeout: Duration
        /// From the attempt's start to the first content token of a stream.
        package let streamTimeout: Duration
    }

    package enum Step: Sendable, Equatable {
        case attempt(Attempt)
        /// Only this provider is left, and it named a short time: come back after it.
        case wait(Duration)
        case giveUp(GiveUp)
    }

    package struct GiveUp: Sendable, Equatable {
        /// The request itself is at fault: the provider's own answer is the client's.
        package var isRequestFault: Bool
        /// Who was not asked, and why.
        package var skipped: [Skipped]
        /// When the first of them may be asked again, from now; nil where none is out.
        package var retryAfter: Duration?
        package var isDeadlineOver: Bool
    }

    package struct Skipped: Sendable, Equatable {
        package let deployment: DeploymentID
        package let cause: AttemptFailure?
    }

    /// A `retry-after` up to this is waited for once, where no other deployment is left.
    package static let longestWait: Duration = .seconds(10)

    private let groups: [ModelGroup]
    private let policy: RoutingPolicy
    private let startedAt: Duration
    private var draws: Draws
    private var groupIndex = 0
    private var tried: Set<DeploymentID> = []
    private var retries = 0
    private var last: (attempt: Attempt, failure: AttemptFailure)?
    private var attempts = 0
    private var hasWaited = false

    /// A plan for the model group that stands first in `groups`; its fallbacks follow in order.
    package init(groups: [ModelGroup], policy: RoutingPolicy, startedAt: Duration, seed: UInt64) {
        self.groups = groups
        self.policy = policy
        self.startedAt = startedAt
        self.draws = Draws(seed: seed)
    }

    /// Books the failure of the attempt that `next` gave last.
    package mutating func failed(_ attempt: Attempt, _ failure: AttemptFailure) { last = (attempt, failure) }

    /// What to do now.
    ///
    /// Takes the probe in `breakers` where the step is one.
    package mutating func next(_ breakers: inout Breakers, now: Duration) -> Step {
        let left = startedAt + policy.deadline - now
        if let last {
            guard last.failure.kind.failsOver else { return giveUp(breakers, now, isRequestFault: true) }
            guard left > .zero else { return giveUp(breakers, now, isDeadlineOver: true) }
            if let retry = retry(last.attempt, last.failure, breakers, left, now) { return .attempt(retry) }
        }
        while groupIndex < groups.count {
            if let attempt = pick(&breakers, left, now) { return .attempt(attempt) }
            groupIndex += 1
            retries = 0
        }
        if let last, let wait = last.failure.retryAfter, last.failure.kind == .rateLimited, !hasWaited,
            wait <= min(Self.longestWait, left / 2)
        {
            hasWaited = true
            groupIndex = groups.count
            return .wait(wait)
        }
        return giveUp(breakers, now)
    }

    /// The attempt that follows a `wait`.
    package mutating func afterWait(_ breakers: inout Breakers, now: Duration) -> Attempt? {
        guard let deployment = last?.attempt.deployment else { return nil }
        breakers.takeProbe(of: deployment)
        return attempt(deployment, .wait, isProbe: true, left: startedAt + policy.deadline - now)
    }

    private mutating func retry(
        _ attempt: Attempt,
        _ failure: AttemptFailure,
        _ breakers: Breakers,
        _ left: Duration,
        _ now: Duration
    ) -> Attempt? {
        let deployment = attempt.deployment
        guard failure.kind.isRetryable, !attempt.isProbe, retries < deployment.numRetries ?? policy.numRetries else {
            return nil
        }
        guard breakers.admission(of: deployment, now: now) == .admitted else { return nil }
        retries += 1
        return self.attempt(deployment, .retry, isProbe: false, left: left)
    }

    private mutating func pick(_ breakers: inout Breakers, _ left: Duration, _ now: Duration) -> Attempt? {
        let group = groups[groupIndex]
        let open = group.deployments.filter { !tried.contains($0.id) }
        for order in Set(open.map { $0.order ?? .max }).sorted() {
            let tier = open.filter { ($0.order ?? .max) == order }
            if let deployment = draw(tier.filter { breakers.admission(of: $0, now: now) == .admitted }) {
                // A deployment whose time is up gets its probe from the first request that would have gone there.
                let probe = tier.first { $0.id != deployment.id && breakers.admission(of: $0, now: now) == .probe }
                return choose(probe ?? deployment, isProbe: probe != nil, &breakers, left)
            }
            if let probe = tier.first(where: { breakers.admission(of: $0, now: now) == .probe }) {
                return choose(probe, isProbe: true, &breakers, left)
            }
        }
        return lastResort(open, &breakers, left, now)
    }

    /// Nobody is left who is known to work: rather than lose the request, ask one that is cooling down after a passing
    /// failure, unless somebody is asking it now or did within the last second.
    private mutating func lastResort(
        _ open: [Deployment],
        _ breakers: inout Breakers,
        _ left: Duration,
        _ now: Duration
    ) -> Attempt? {
        let candidate = open.first { deployment in
            guard case .out(.some, let cause?) = breakers.admission(of: deployment, now: now) else { return false }
            guard let breaker = breakers.openBreaker(of: deployment)?.breaker, breaker.lastOpened + .seconds(1) <= now
            else {
                return false
            }
            return [.overloaded, .server, .unreachable, .reset, .timeout, .badAnswer].contains(cause.kind)
        }
        return candidate.flatMap { choose($0, isProbe: true, &breakers, left) }
    }

    private mutating func choose(
        _ deployment: Deployment,
        isProbe: Bool,
        _ breakers: inout Breakers,
        _ left: Duration
    ) -> Attempt {
        if isProbe { breakers.takeProbe(of: deployment) }
        tried.insert(deployment.id)
        let reason: Reason = isProbe ? .probe : attempts == 0 ? .first : groupIndex > 0 ? .fallback : .failover
        return attempt(deployment, reason, isProbe: isProbe, left: left)
    }

    private mutating func attempt(_ deployment: Deployment, _ reason: Reason, isProbe: Bool, left: Duration) -> Attempt
    {
        attempts += 1
        let timeout = min(deployment.timeout ?? policy.timeout, left)
        return Attempt(
            deployment: deployment,
            reason: reason,
            isProbe: isProbe,
            timeout: timeout,
            streamTimeout: min(deployment.streamTimeout ?? policy.streamTimeout, timeout)
        )
    }

    /// One of `candidates`, by weight; those without one count as 0 where any has one, and are drawn only when alone.
    private mutating func draw(_ candidates: [Deployment]) -> Deployment? {
        guard candidates.count > 1 else { return candidates.first }
        let anyWeighted = candidates.contains { ($0.weight ?? 0) > 0 }
        let weights = candidates.map { anyWeighted ? max($0.weight ?? 0, 0) : 1 }
        var point = draws.next() * weights.reduce(0, +)
        for (candidate, weight) in zip(candidates, weights) {
            point -= weight
            if point < 0 { return candidate }
        }
        return candidates.last
    }

    private func giveUp(
        _ breakers: Breakers,
        _ now: Duration,
        isRequestFault: Bool = false,
        isDeadlineOver: Bool = false
    ) -> Step {
        var skipped: [Skipped] = []
        var retryAfter: Duration?
        for deployment in groups.flatMap(\.deployments) {
            guard case .out(let until, let cause) = breakers.admission(of: deployment, now: now) else { continue }
            if let until { retryAfter = min(retryAfter ?? until - now, until - now) }
            if !tried.contains(deployment.id) { skipped.append(Skipped(deployment: deployment.id, cause: cause)) }
        }
        return .giveUp(
            GiveUp(
                isRequestFault: isRequestFault,
                skipped: skipped,
                retryAfter: retryAfter,
                isDeadlineOver: isDeadlineOver
            )
        )
    }
}
