/// The plan of one request: a value that yields the next attempt, given what failed so far, or gives up.
///
/// Within a group: the lowest `order` first; within one order a draw by weight. When a group is used up, its fallbacks
/// follow. Then whoever cools down after a passing failure, then who named a short time to wait. Never the same deployment
/// twice, but for retries and after a wait. The engine's loop is the only loop that retries.
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
        /// When it was given out: what `Breakers` calls `sentAt`.
        package let startedAt: Duration
    }

    package enum Step: Sendable, Equatable {
        case attempt(Attempt)
        /// Only a provider is left that named a short time, or that another request is asking right now: come back after
        /// it, with `afterWait`.
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

    /// A `retry-after` up to this, and up to half of the time left, is waited for once, where no other deployment is left.
    package static let longestWait: Duration = .seconds(10)
    /// How long to wait at a time for another request's probe, and how often.
    private static let probePolls = (every: Duration.milliseconds(250), most: 20)

    private let groups: [ModelGroup]
    private let policy: RoutingPolicy
    private let startedAt: Duration
    private var draws: Draws
    private var tried: Set<DeploymentID> = []
    /// By group.
    private var retries: [Int]
    private var lastGroup = 0
    private var last: (attempt: Attempt, failure: AttemptFailure)?
    private var attempts = 0
    private var waitedFor: Deployment?
    private var polls = 0

    /// A plan for the model group that stands first in `groups`; its fallbacks follow in order.
    package init(groups: [ModelGroup], policy: RoutingPolicy, startedAt: Duration, seed: UInt64) {
        self.groups = groups
        self.policy = policy
        self.startedAt = startedAt
        self.draws = Draws(seed: seed)
        self.retries = groups.map { _ in 0 }
    }

    /// Books the failure of the attempt that `next` gave last.
    package mutating func failed(_ attempt: Attempt, _ failure: AttemptFailure) { last = (attempt, failure) }

    /// What to do now.
    ///
    /// Takes the probe in `breakers` where the step is one.
    package mutating func next(_ breakers: inout Breakers, now: Duration) -> Step {
        if let last, !last.failure.kind.failsOver {
            return giveUp(breakers, now, isRequestFault: last.failure.kind.isClientFault)
        }
        guard timeLeft(now) > .zero else { return giveUp(breakers, now, isDeadlineOver: true) }
        if let last, let retry = retry(last.attempt, last.failure, breakers, now) { return .attempt(retry) }
        // From the first group on each time: somebody may have come back since.
        for index in groups.indices {
            if let attempt = pick(in: index, &breakers, now) { return .attempt(attempt) }
        }
        if let attempt = lastResort(&breakers, now) { return .attempt(attempt) }
        if let time = wait(breakers, now) { return .wait(time) }
        return giveUp(breakers, now)
    }

    /// The attempt that follows a `wait`; nil where `next` must be asked again.
    ///
    /// Of many that waited for one deployment, one is the probe.
    package mutating func afterWait(_ breakers: inout Breakers, now: Duration) -> Attempt? {
        guard let deployment = waitedFor, !tried.contains(deployment.id), timeLeft(now) > .zero else { return nil }
        switch breakers.admission(of: deployment, now: now) {
        case .admitted: return choose(deployment, in: group(of: deployment), isProbe: false, &breakers, now)
        case .probe: return choose(deployment, in: group(of: deployment), isProbe: true, &breakers, now)
        case .out: return nil
        }
    }

    private func timeLeft(_ now: Duration) -> Duration { startedAt + policy.deadline - now }

    private func group(of deployment: Deployment) -> Int {
        groups.firstIndex { $0.deployments.contains { $0.id == deployment.id } } ?? 0
    }

    private mutating func retry(
        _ attempt: Attempt,
        _ failure: AttemptFailure,
        _ breakers: Breakers,
        _ now: Duration
    ) -> Attempt? {
        let deployment = attempt.deployment
        guard failure.kind.isRetryable, !attempt.isProbe,
            retries[lastGroup] < deployment.numRetries ?? policy.numRetries,
            breakers.admission(of: deployment, now: now) == .admitted
        else { return nil }
        retries[lastGroup] += 1
        return self.attempt(deployment, .retry, isProbe: false, now)
    }

    private mutating func pick(in group: Int, _ breakers: inout Breakers, _ now: Duration) -> Attempt? {
        let open = groups[group].deployments.filter { !tried.contains($0.id) }
        for order in Set(open.map { $0.order ?? .max }).sorted() {
            let tier = open.filter { ($0.order ?? .max) == order }
            let due = tier.first { breakers.admission(of: $0, now: now) == .probe }
            let drawn = draw(tier.filter { breakers.admission(of: $0, now: now) == .admitted })
            // One whose time is up gets its probe from the next fresh request; one in trouble goes where it is safe.
            if let drawn, due == nil || attempts > 0 {
                return choose(drawn, in: group, isProbe: false, &breakers, now)
            }
            if let due { return choose(due, in: group, isProbe: true, &breakers, now) }
        }
        return nil
    }

    /// Nobody is left who is known to work: rather than lose the request, ask one that is cooling down after a passing
    /// failure, unless somebody is asking it now or did within the last second.
    private mutating func lastResort(_ breakers: inout Breakers, _ now: Duration) -> Attempt? {
        for (index, group) in groups.enumerated() {
            let candidates = group.deployments.filter { deployment in
                !tried.contains(deployment.id)
                    && breakers.isOutForPassing(deployment, age: .seconds(1), now: now)
            }
            let first = candidates.min { $0.order ?? .max < $1.order ?? .max }
            if let first { return choose(first, in: index, isProbe: true, &breakers, now) }
        }
        return nil
    }

    /// How long to wait for the first that may answer again: who named a short time, else whom another request is asking.
    private mutating func wait(_ breakers: Breakers, _ now: Duration) -> Duration? {
        let limit = min(Self.longestWait, timeLeft(now) / 2)
        if waitedFor == nil, let (deployment, time) = soonest(breakers, now), time <= limit {
            waitedFor = deployment
            tried.remove(deployment.id)
            return time
        }
        let isProbed = groups.flatMap(\.deployments).contains { deployment in
            guard case .out(nil, _) = breakers.admission(of: deployment, now: now) else { return false }
            return !tried.contains(deployment.id)
        }
        guard isProbed, polls < Self.probePolls.most else { return nil }
        polls += 1
        return min(Self.probePolls.every, limit)
    }

    /// Who named a time after which to come back, and how long that is from now.
    private func soonest(_ breakers: Breakers, _ now: Duration) -> (Deployment, Duration)? {
        let named = groups.flatMap(\.deployments).compactMap { deployment -> (Deployment, Duration)? in
            switch breakers.admission(of: deployment, now: now) {
            case .out(let until?, let cause?) where cause.kind == .rateLimited && cause.retryAfter != nil:
                return (deployment, until - now)
            case .admitted:
                // No breaker keeps it out where the cooldown is 0.
                guard let last, last.attempt.deployment.id == deployment.id, last.failure.kind == .rateLimited else {
                    return nil
                }
                return last.failure.retryAfter.map { (deployment, $0) }
            case .out, .probe: return nil
            }
        }
        return named.min { $0.1 < $1.1 }
    }

    private mutating func choose(
        _ deployment: Deployment,
        in group: Int,
        isProbe: Bool,
        _ breakers: inout Breakers,
        _ now: Duration
    ) -> Attempt {
        if isProbe { breakers.takeProbe(of: deployment) }
        tried.insert(deployment.id)
        lastGroup = group
        let reason: Reason =
            if deployment.id == waitedFor?.id { .wait } else if isProbe { .probe } else if group > 0 {
                .fallback
            } else { attempts == 0 ? .first : .failover }
        return attempt(deployment, reason, isProbe: isProbe, now)
    }

    private mutating func attempt(_ deployment: Deployment, _ reason: Reason, isProbe: Bool, _ now: Duration) -> Attempt
    {
        attempts += 1
        let timeout = min(deployment.timeout ?? policy.timeout, timeLeft(now))
        return Attempt(
            deployment: deployment,
            reason: reason,
            isProbe: isProbe,
            timeout: timeout,
            streamTimeout: min(deployment.streamTimeout ?? policy.streamTimeout, timeout),
            startedAt: now
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
        // Rounding may leave a rest; it never goes to one that must not be drawn.
        return zip(candidates, weights).reversed().first { $0.1 > 0 }?.0
    }

    private func giveUp(
        _ breakers: Breakers,
        _ now: Duration,
        isRequestFault: Bool = false,
        isDeadlineOver: Bool = false
    ) -> Step {
        var skipped: [Skipped] = []
        var retryAfter: Duration?
        var seen: Set<DeploymentID> = []
        for deployment in groups.flatMap(\.deployments) where seen.insert(deployment.id).inserted {
            guard case .out(let until, let cause) = breakers.admission(of: deployment, now: now) else { continue }
            // What fails in passing is asked again within a second, as a last resort.
            let wait = until.map { cause?.kind.isPassing == true ? min($0 - now, .seconds(1)) : $0 - now }
            if let wait { retryAfter = min(retryAfter ?? wait, wait) }
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
