import Testing

@testable import Routing

/// What must hold when many requests run at once over one set of breakers, hedges and holds for pilots included.
struct ManyRequestsLawTests {
    @Test(arguments: 0..<8) func laws(lane: Int) {
        for round in 0..<25 {
            var world = World(seed: UInt64(lane * 1_000 + round))
            world.run()
            #expect(world.broken.isEmpty, "lane \(lane), round \(round): \(world.broken.prefix(3))")
            #expect(world.served > 0 || world.lost > 0)
        }
    }
}

/// Thirty requests within half a minute, on groups, limits and answers that a seed decides.
private struct World {
    struct UnderWay {
        let attempt: RequestPlan.Attempt
        let endsAt: Duration
        let failure: AttemptFailure?
    }

    struct Request {
        var plan: RequestPlan
        let startedAt: Duration
        let continues: Bool
        let shops: Bool
        /// When it acts next, of its own.
        var wakesAt: Duration?
        var hedgesAt: Duration?
        var underWay: [UnderWay] = []
        var attempts: [RequestPlan.Attempt] = []
        var failures: [(of: Deployment, kind: FailureClass)] = []

        /// The earliest of its events; nil when it is over.
        var nextAt: Duration? {
            (underWay.map(\.endsAt) + [wakesAt, hedgesAt].compactMap { $0 }).min()
        }
    }

    private var draws: Draws
    private let groups: [ModelGroup]
    private let policy: RoutingPolicy
    private var breakers = Breakers()
    private var requests: [Request] = []
    private var now = Duration.zero
    private(set) var broken: [String] = []
    private(set) var served = 0
    private(set) var lost = 0

    init(seed: UInt64) {
        var local = Draws(seed: seed)
        func upTo(_ bound: Int) -> Int { Int(local.next() * Double(bound)) }
        var names = ["a", "b", "c", "d", "e"][...]
        let groups = (0...upTo(2)).map { index in
            let members = (0...upTo(3)).compactMap { _ in names.popFirst() }.map { name in
                deployment(
                    name,
                    order: [nil, 1, 2][upTo(3)],
                    weight: [nil, 1, 9][upTo(3)],
                    key: ["K", "L", name][upTo(3)],
                    base: ["x", name][upTo(2)],
                    cooldown: upTo(6) == 0 ? .zero : nil,
                    window: [nil, 8_000, 200_000][upTo(3)],
                    region: [nil, "eu"][upTo(2)]
                )
            }
            return ModelGroup(name: "g\(index)", deployments: members)
        }
        var policy = RoutingPolicy()
        policy.numRetries = upTo(3)
        policy.allowedFails = upTo(4)
        policy.cooldown = .seconds([1, 5, 30][upTo(3)])
        policy.deadline = .seconds([1, 5, 75][upTo(3)])
        policy.hedgeAfter = [nil, .milliseconds(300)][upTo(2)]
        policy.failBack = [.ramp, .immediate][upTo(2)]
        let gap = [1, 100, 1_000][upTo(3)]
        let requests = (0..<30).map { number in
            let start = Duration.milliseconds(number * gap)
            let (shops, continues) = (upTo(2) == 0, upTo(2) == 0)
            let plan = RequestPlan(
                groups: groups,
                policy: policy,
                startedAt: start,
                seed: UInt64(upTo(1 << 30)),
                shopsRefusals: shops,
                continuesStreams: continues
            )
            return Request(plan: plan, startedAt: start, continues: continues, shops: shops, wakesAt: start)
        }
        draws = local
        (self.groups, self.policy, self.requests) = (groups, policy, requests)
    }

    mutating func run() {
        for _ in 0..<20_000 {
            let due = requests.indices.compactMap { index in requests[index].nextAt.map { (index, $0) } }
            guard let (index, time) = due.min(by: { $0.1 < $1.1 }) else { return checkTheEnd() }
            now = max(now, time)
            act(index)
        }
        broken.append("never ends")
    }

    private mutating func below(_ bound: Int) -> Int { Int(draws.next() * Double(bound)) }

    private mutating func act(_ index: Int) {
        if let ended = requests[index].underWay.firstIndex(where: { $0.endsAt <= now }) { return end(index, ended) }
        if let time = requests[index].hedgesAt, time <= now {
            requests[index].hedgesAt = nil
            guard let hedge = requests[index].plan.hedge(&breakers, now: now) else { return }
            if hedge.isProbe || hedge.reason != .hedge { broken.append("a hedge as \(hedge.reason)") }
            return begin(hedge, index)
        }
        requests[index].wakesAt = nil
        if let again = requests[index].plan.afterWait(&breakers, now: now) { return begin(again, index) }
        switch requests[index].plan.next(&breakers, now: now) {
        case .attempt(let attempt): begin(attempt, index)
        case .wait(let time):
            if time <= .zero && requests[index].attempts.isEmpty { broken.append("waits for nothing") }
            requests[index].wakesAt = now + time
        case .giveUp(let end): check(end, requests[index])
        }
    }

    private mutating func begin(_ attempt: RequestPlan.Attempt, _ index: Int) {
        let name = attempt.deployment.id
        let request = requests[index]
        let isAgain = request.attempts.contains { $0.deployment.id == name }
        if isAgain && attempt.reason != .retry && attempt.reason != .wait { broken.append("\(name) twice") }
        if attempt.timeout <= .zero { broken.append("\(name) after the deadline") }
        if !request.failures.contains(where: { $0.kind == .midStream }), now - request.startedAt >= policy.deadline {
            broken.append("\(name) after the deadline")
        }
        if request.underWay.count > 1 { broken.append("a third beside two") }
        let probes = requests.flatMap(\.underWay).filter { $0.attempt.isProbe && $0.attempt.deployment.id == name }
        if attempt.isProbe && !probes.isEmpty { broken.append("two probes of \(name)") }
        if let refused = request.failures.first(where: { $0.kind == .context })?.of,
            attempt.deployment.contextWindow ?? 0 <= refused.contextWindow ?? .max
        {
            broken.append("\(name) is no larger than \(refused.id)")
        }
        let failure = answer(attempt)
        requests[index].attempts.append(attempt)
        requests[index].underWay.append(
            UnderWay(attempt: attempt, endsAt: now + .milliseconds(1 + below(900)), failure: failure)
        )
        requests[index].hedgesAt = policy.hedgeAfter.map { now + $0 }
    }

    private mutating func answer(_ attempt: RequestPlan.Attempt) -> AttemptFailure? {
        // Each is well or not for seconds on end.
        let era = Int(now / .seconds(7)) + attempt.deployment.id.name.utf8.reduce(0) { $0 + Int($1) }
        let kinds = FailureClass.allCases.filter { $0 != .cancelled && $0 != .unsupported }
        switch era % 3 {
        case 0: return nil
        case 1: return below(3) == 0 ? failure(kinds[below(kinds.count)]) : nil
        default:
            let retryAfter: Duration? = below(3) == 0 ? .milliseconds([0, 100, 2_000, 15_000][below(4)]) : nil
            return failure(kinds[(era + below(2)) % kinds.count], retryAfter: retryAfter)
        }
    }

    private mutating func end(_ index: Int, _ position: Int) {
        let done = requests[index].underWay.remove(at: position)
        let deployment = done.attempt.deployment
        guard let failure = done.failure else {
            served += 1
            breakers.succeeded(
                deployment,
                asProbe: done.attempt.isProbe,
                policy: policy,
                now: now,
                sentAt: done.attempt.startedAt
            )
            for loser in requests[index].underWay {
                breakers.releasePilot(of: loser.attempt.deployment)
                if loser.attempt.isProbe { breakers.releaseProbe(of: loser.attempt.deployment, now: now) }
            }
            requests[index].underWay = []
            (requests[index].wakesAt, requests[index].hedgesAt) = (nil, nil)
            return
        }
        requests[index].failures.append((deployment, failure.kind))
        breakers.failed(
            deployment,
            failure,
            asProbe: done.attempt.isProbe,
            policy: policy,
            now: now,
            sentAt: done.attempt.startedAt
        )
        requests[index].plan.failed(done.attempt, failure)
        if requests[index].underWay.isEmpty { (requests[index].wakesAt, requests[index].hedgesAt) = (now, nil) }
    }

    /// Nobody was given up while somebody who is known to work had not been asked.
    private mutating func check(_ end: RequestPlan.GiveUp, _ request: Request) {
        lost += 1
        let kinds = request.failures.map(\.kind)
        let isFinal =
            kinds.contains(.request) || kinds.contains(.policy) && !request.shops
            || kinds.contains(.midStream) && !request.continues
        if end.isRequestFault && !kinds.contains(where: \.isClientFault) {
            broken.append("nobody said that it is at fault")
        }
        guard !isFinal && !end.isDeadlineOver else { return }
        let refused = request.failures.filter { $0.kind == .context }.map { $0.of.contextWindow ?? .max }.max()
        for deployment in groups.flatMap(\.deployments) {
            let isTried = request.attempts.contains { $0.deployment.id == deployment.id }
            let fits = refused.map { deployment.contextWindow ?? 0 > $0 } ?? true
            guard !isTried && fits else { continue }
            let admission = breakers.admission(of: deployment, now: now)
            if admission == .admitted || admission == .probe { broken.append("lost, and \(deployment.id) is free") }
        }
    }

    private mutating func checkTheEnd() {
        for deployment in groups.flatMap(\.deployments) {
            if case .out(nil, _) = breakers.admission(of: deployment, now: now) {
                broken.append("\(deployment.id) is being probed for ever")
            }
        }
    }
}
