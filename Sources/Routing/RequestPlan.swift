/// The plan of one request: a value that yields the next attempt, given what failed so far, or gives up.
///
/// Within a group: the lowest `order` first; within one order a draw by weight. When a group is used up, its fallbacks
/// follow. Then whoever cools down after a passing failure, then who named a short time to wait. Never the same deployment
/// twice, but for retries and after a wait. The engine's loop is the only loop that retries.
package struct RequestPlan: Sendable {
    /// Why a deployment was chosen.
    package enum Reason: String, Sendable, Equatable {
        case first, retry, failover, fallback, probe, wait, hedge
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
        /// Come back after it, with `afterWait`: a provider named a short time, another request is finding out about the
        /// key or the deployment right now, or an attempt is still under way.
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

    let groups: [ModelGroup]
    let policy: RoutingPolicy
    private let shopsRefusals: Bool
    private let continuesStreams: Bool
    /// The deadline runs from here.
    private var startedAt: Duration
    var draws: Draws
    var tried: Set<DeploymentID> = []
    var attempts = 0
    private var underWay: Set<DeploymentID> = []
    /// Those that failed since `next` gave an attempt: two where one was a hedge.
    var ended: [(attempt: Attempt, failure: AttemptFailure)] = []
    /// By group.
    private var retries: [Int]
    var waits = Waits()
    /// The largest window that refused the request as too long; `Int.max` where an unknown one did.
    private var refusedWindow: Int?
    private var isRefused = false
    /// Nothing may follow what was booked.
    private var isOver = false
    /// Content had reached the client when its stream broke, and another deployment is to go on.
    private var isBroken = false

    /// A plan for the model group that stands first in `groups`; its fallbacks follow in order.
    ///
    /// `shopsRefusals`: content that one deployment refuses is offered to the next. `continuesStreams`: a stream that broke
    /// after content is continued on the next. Both are a feature's choice.
    package init(
        groups: [ModelGroup],
        policy: RoutingPolicy,
        startedAt: Duration,
        seed: UInt64,
        shopsRefusals: Bool = false,
        continuesStreams: Bool = false
    ) {
        self.groups = groups
        self.policy = policy
        self.shopsRefusals = shopsRefusals
        self.continuesStreams = continuesStreams
        self.startedAt = startedAt
        self.draws = Draws(seed: seed)
        self.retries = groups.map { _ in 0 }
    }

    /// Books the failure of an attempt that `next`, `afterWait` or `hedge` gave; of two under way, in any order.
    package mutating func failed(_ attempt: Attempt, _ failure: AttemptFailure) {
        withdraw(attempt)
        ended.append((attempt, failure))
        switch failure.kind {
        case .context: refusedWindow = max(refusedWindow ?? 0, attempt.deployment.contextWindow ?? .max)
        case .policy:
            isRefused = true
            isOver = isOver || !shopsRefusals
        case .request, .cancelled: (isRefused, isOver) = (true, true)
        case .midStream:
            isBroken = true
            isOver = isOver || !continuesStreams
        case .credential, .billing, .rateLimited, .overloaded, .server, .unreachable, .reset, .timeout, .model,
            .permission, .region, .unsupported, .badAnswer:
            break
        }
    }

    /// Books that nobody needs an attempt's answer any more: it lost to the other of two.
    package mutating func withdraw(_ attempt: Attempt) { underWay.remove(attempt.deployment.id) }

    /// What to do now.
    ///
    /// Takes the probe in `breakers` where the step is one. While an attempt is under way there is nothing to do but wait.
    package mutating func next(_ breakers: inout Breakers, now: Duration) -> Step {
        guard underWay.isEmpty else { return .wait(.milliseconds(8)) }
        let anybodyFits = all.contains(where: fits)
        guard !isOver, anybodyFits else {
            return giveUp(breakers, now, isRequestFault: isRefused || !anybodyFits)
        }
        // The deadline bounds the time to content; what was sent already had its own.
        if isBroken { (startedAt, isBroken) = (now, false) }
        guard timeLeft(now) > .zero else {
            return giveUp(breakers, now, isRequestFault: isRefused, isDeadlineOver: true)
        }
        if let retry = retry(breakers, now) { return .attempt(retry) }
        if let time = briefWait(breakers, now) { return .wait(time) }
        // From the first group on each time: somebody may have come back since.
        for index in groups.indices {
            if let step = pick(in: index, &breakers, now) { return step }
        }
        if let attempt = lastResort(&breakers, now) { return .attempt(attempt) }
        if let time = wait(breakers, now) { return .wait(time) }
        return giveUp(breakers, now, isRequestFault: isRefused)
    }

    /// A second attempt beside the one that is under way and late; nil where nobody is free for it.
    ///
    /// An untried deployment of the same group that is known to work: never a probe, nobody on the way back, nobody whose
    /// key is being tried out, and never a third.
    package mutating func hedge(_ breakers: inout Breakers, now: Duration) -> Attempt? {
        guard policy.hedgeAfter != nil, !isOver, timeLeft(now) > .zero, underWay.count == 1,
            let group = groups.firstIndex(where: { $0.deployments.contains { underWay.contains($0.id) } })
        else { return nil }
        let free = untried(in: group).filter {
            breakers.admission(of: $0, now: now) == .admitted && breakers.share(of: $0, now: now) == 1
                && breakers.pilotHold(of: $0, now: now, policy.pilotGrace) == nil
        }
        for tier in tiers(of: free) {
            if let drawn = draw(tier) { return choose(drawn, .hedge, isProbe: false, &breakers, now) }
        }
        return nil
    }

    var all: [Deployment] { groups.flatMap(\.deployments) }

    func timeLeft(_ now: Duration) -> Duration { startedAt + policy.deadline - now }

    /// Whether the request isn't known to be too long for it.
    ///
    /// Once a deployment has said so, only windows that are known to be larger than its own count; an unknown one is not
    /// known to be larger, nor is any larger than an unknown one.
    func fits(_ deployment: Deployment) -> Bool {
        guard let refusedWindow else { return true }
        return deployment.contextWindow ?? 0 > refusedWindow
    }

    private mutating func retry(_ breakers: Breakers, _ now: Duration) -> Attempt? {
        for (attempt, failure) in ended.reversed() {
            let deployment = attempt.deployment
            let group = group(of: deployment)
            guard failure.kind.isRetryable, !attempt.isProbe, fits(deployment),
                retries[group] < deployment.numRetries ?? policy.numRetries,
                breakers.admission(of: deployment, now: now) == .admitted || breakers.isOutButMostlyWell(deployment)
            else { continue }
            retries[group] += 1
            return begin(deployment, .retry, isProbe: false, now)
        }
        return nil
    }

    func group(of deployment: Deployment) -> Int {
        groups.firstIndex { $0.deployments.contains { $0.id == deployment.id } } ?? 0
    }

    mutating func choose(
        _ deployment: Deployment,
        _ reason: Reason? = nil,
        isProbe: Bool,
        _ breakers: inout Breakers,
        _ now: Duration
    ) -> Attempt {
        if isProbe { breakers.takeProbe(of: deployment) }
        breakers.take(deployment, now: now)
        tried.insert(deployment.id)
        let usual: Reason =
            if waits.isOver(for: deployment) { .wait } else if isProbe { .probe } else if group(of: deployment) > 0 {
                .fallback
            } else { attempts == 0 ? .first : .failover }
        return begin(deployment, reason ?? usual, isProbe: isProbe, now)
    }

    private mutating func begin(_ deployment: Deployment, _ reason: Reason, isProbe: Bool, _ now: Duration) -> Attempt {
        attempts += 1
        underWay.insert(deployment.id)
        if reason != .hedge { ended = [] }
        let configured = deployment.timeout ?? policy.timeout
        let left = timeLeft(now)
        // Where all that is left would go to this one, a silent one must leave half of it to somebody else.
        let hasOthers = groups.contains { $0.deployments.contains { !tried.contains($0.id) } }
        let timeout = configured < left ? configured : hasOthers ? left / 2 : left
        return Attempt(
            deployment: deployment,
            reason: reason,
            isProbe: isProbe,
            timeout: timeout,
            streamTimeout: min(deployment.streamTimeout ?? policy.streamTimeout, timeout),
            startedAt: now
        )
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
        for deployment in all where fits(deployment) && seen.insert(deployment.id).inserted {
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
