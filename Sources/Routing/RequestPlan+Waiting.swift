/// What one request has waited for so far.
struct Waits: Sendable {
    /// Who named a short time after which to come back.
    fileprivate var named: Deployment?
    /// Whether it was so short that waiting was better than going elsewhere.
    fileprivate var wasBrief = false
    /// For another request's probe.
    fileprivate var probePolls = 0
    /// For another request's first use of a credential.
    fileprivate var heldSince: Duration?

    func isOver(for deployment: Deployment) -> Bool { deployment.id == named?.id }
}

extension RequestPlan {
    /// How long to wait at a time for another request's probe, and how often.
    private static let probePolls = (every: Duration.milliseconds(250), most: 20)

    /// The attempt that follows a `wait`; nil where `next` must be asked again.
    ///
    /// Of many that waited for one deployment, one is the probe.
    package mutating func afterWait(_ breakers: inout Breakers, now: Duration) -> Attempt? {
        guard let deployment = waits.named, !tried.contains(deployment.id), timeLeft(now) > .zero else { return nil }
        switch breakers.admission(of: deployment, now: now) {
        case .admitted: return choose(deployment, isProbe: false, &breakers, now)
        case .probe: return choose(deployment, isProbe: true, &breakers, now)
        case .out: return nil
        }
    }

    /// A provider that says "again in a moment" is asked again, once: where that is sooner than another one would answer.
    mutating func briefWait(_ breakers: Breakers, _ now: Duration) -> Duration? {
        guard waits.named == nil else { return nil }
        for (attempt, failure) in ended {
            guard let time = failure.briefWait, time <= timeLeft(now) / 2, !attempt.isProbe,
                fits(attempt.deployment), breakers.admission(of: attempt.deployment, now: now) == .admitted
            else { continue }
            return wait(time, for: attempt.deployment, isBrief: true)
        }
        return nil
    }

    /// Nobody is left who is known to work: rather than lose the request, ask one that only fails too often, as any request
    /// may; else one that is cooling down after a passing failure, unless somebody is asking it now or did within the last
    /// second.
    mutating func lastResort(_ breakers: inout Breakers, _ now: Duration) -> Attempt? {
        for index in groups.indices {
            let mostlyWell = untried(in: index).filter { breakers.isOutButMostlyWell($0) }
            let first = mostlyWell.min { $0.order ?? .max < $1.order ?? .max }
            if let first { return choose(first, isProbe: false, &breakers, now) }
        }
        for index in groups.indices {
            let candidates = untried(in: index).filter {
                breakers.isOutForPassing($0, age: .seconds(1), now: now)
            }
            let first = candidates.min { $0.order ?? .max < $1.order ?? .max }
            if let first { return choose(first, isProbe: true, &breakers, now) }
        }
        return nil
    }

    /// How long to wait for the first that may answer again: who named a short time, else whom another request is asking.
    mutating func wait(_ breakers: Breakers, _ now: Duration) -> Duration? {
        let limit = min(Self.longestWait, timeLeft(now) / 2)
        if waits.named == nil || waits.wasBrief, let (deployment, time) = soonest(breakers, now), time <= limit {
            return wait(time, for: deployment, isBrief: false)
        }
        let isProbed = groups.indices.flatMap(untried).contains { deployment in
            guard case .out(nil, _) = breakers.admission(of: deployment, now: now) else { return false }
            return true
        }
        guard isProbed, waits.probePolls < Self.probePolls.most else { return nil }
        waits.probePolls += 1
        return min(Self.probePolls.every, limit)
    }

    /// How long to hold for the verdict on the credential of `deployment`, at a time; nil once it is in, or took too long.
    mutating func hold(for deployment: Deployment, _ breakers: Breakers, _ now: Duration) -> Duration? {
        var grace = policy.pilotGrace
        if attempts > 0 { grace.first = grace.later }
        guard let time = breakers.pilotHold(of: deployment, now: now, grace) else { return nil }
        let since = waits.heldSince ?? now
        let rest = min(time, since + min(max(grace.first, grace.later), policy.deadline / 4) - now)
        guard rest > .zero else { return nil }
        waits.heldSince = since
        // An eighth of what was waited already: little is added to a verdict that comes soon, few look often for a late one.
        return min(max(.milliseconds(1), (now - since) / 8), rest)
    }

    private mutating func wait(_ time: Duration, for deployment: Deployment, isBrief: Bool) -> Duration {
        waits.named = deployment
        waits.wasBrief = isBrief
        tried.remove(deployment.id)
        return time
    }

    /// Who named a time after which to come back, and how long that is from now.
    private func soonest(_ breakers: Breakers, _ now: Duration) -> (Deployment, Duration)? {
        let named = all.filter(fits).compactMap { deployment -> (Deployment, Duration)? in
            switch breakers.admission(of: deployment, now: now) {
            case .out(let until?, let cause?) where cause.kind == .rateLimited && cause.retryAfter != nil:
                return (deployment, until - now)
            case .admitted:
                // No breaker keeps it out where the cooldown is 0.
                let own = ended.last { $0.attempt.deployment.id == deployment.id && $0.failure.kind == .rateLimited }
                return own?.failure.retryAfter.map { (deployment, $0) }
            case .out, .probe: return nil
            }
        }
        return named.min { $0.1 < $1.1 }
    }
}
