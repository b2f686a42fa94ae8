import Testing

@testable import Routing

/// Many requests at once, and a credential of which nobody knows whether it works.
struct PilotTests {
    private static let key = deployment("a", order: 1, key: "K")
    private static let group = ModelGroup(name: "g", deployments: [key, deployment("b", order: 2, key: "L")])
    private var breakers = Breakers()
    private var plans: [RequestPlan] = []

    private mutating func arrive(_ count: Int, at now: Duration) {
        plans += (0..<count).map {
            RequestPlan(groups: [Self.group], policy: RoutingPolicy(), startedAt: now, seed: UInt64($0))
        }
    }

    /// Who got an attempt at `now`; the others wait.
    private mutating func ask(at now: Duration) -> [(plan: Int, attempt: RequestPlan.Attempt)] {
        plans.indices.compactMap { index in
            guard case .attempt(let attempt) = plans[index].next(&breakers, now: now) else { return nil }
            return (index, attempt)
        }
    }

    private mutating func fail(_ target: Deployment, _ kind: FailureClass, status: Int? = nil, at now: Duration) {
        let seen = AttemptFailure(kind, status: status, detail: "test")
        breakers.failed(target, seen, asProbe: false, policy: RoutingPolicy(), now: now)
    }

    @Test("one attempt on a revoked key", arguments: [2, 40, 200])
    mutating func revoked(count: Int) {
        arrive(count, at: .zero)
        let pilots = ask(at: .zero)
        #expect(pilots.map(\.attempt.deployment) == [Self.key])
        plans.removeFirst()
        #expect(ask(at: .milliseconds(1_999)).isEmpty)
        fail(Self.key, .credential, status: 401, at: .milliseconds(1_999))
        // The first of them is the pilot of the other key.
        #expect(ask(at: .milliseconds(1_999)).map(\.attempt.deployment.id.name) == ["b"])
        breakers.proved(Self.group.deployments[1], now: .milliseconds(2_000))
        plans.removeFirst()
        let others = ask(at: .milliseconds(2_000))
        #expect(others.count == count - 2 && others.allSatisfy { $0.attempt.deployment.id.name == "b" })
    }

    @Test(
        "what ends the wait for the pilot",
        arguments: [
            // the pilot's end, its status, how many of the others go on at once
            (nil, 200, 39), (.server, 500, 39), (.rateLimited, 429, 1), (.reset, nil, 1), (.cancelled, nil, 1),
        ] as [(FailureClass?, Int?, Int)]
    )
    mutating func verdicts(end: FailureClass?, status: Int?, goOn: Int) {
        arrive(40, at: .zero)
        #expect(ask(at: .zero).count == 1)
        plans.removeFirst()
        let now = Duration.milliseconds(3)
        if end == .cancelled { breakers.releasePilot(of: Self.key) }
        if let end, end != .cancelled { fail(Self.key, end, status: status, at: now) }
        if end == nil { breakers.proved(Self.key, now: now) }
        #expect(ask(at: now).count == goOn)
    }

    @Test(
        "the wait is bounded: long for a key that never was answered or was refused last, short for one that worked",
        arguments: [(nil, 2_000), (true, 100), (false, 2_000)] as [(Bool?, Int)]
    )
    mutating func theWaitIsBounded(worked: Bool?, grace: Int) {
        let start = Duration.seconds(500)
        if worked == true { breakers.proved(Self.key, now: .zero) }
        if worked == false {
            fail(Self.key, .credential, status: 401, at: .zero)
            breakers.clear(Self.key)
        }
        arrive(40, at: start)
        #expect(ask(at: start).count == 1)
        plans.removeFirst()
        #expect(ask(at: start + .milliseconds(grace - 1)).isEmpty)
        // Of a provider that slow, nothing is learned by holding again.
        #expect(ask(at: start + .milliseconds(grace)).count == 39)
        plans = []
        arrive(5, at: start + .milliseconds(grace + 300))
        #expect(ask(at: start + .milliseconds(grace + 400)).count == 5)
    }

    @Test mutating func whoFailedAlreadyHoldsShortlyForTheNextKey() {
        arrive(2, at: .zero)
        breakers.proved(Self.key, now: .zero)
        for (index, attempt) in ask(at: .zero) {
            fail(Self.key, .overloaded, status: 503, at: .zero)
            plans[index].failed(attempt, AttemptFailure(.permission, detail: "test"))
        }
        #expect(ask(at: .milliseconds(1)).count == 1)
        plans.removeFirst()
        #expect(ask(at: .milliseconds(100)).isEmpty)
        #expect(ask(at: .milliseconds(101)).count == 1)
    }

    @Test mutating func nobodyHoldsAwayItsOwnTime() {
        arrive(1, at: .zero)
        #expect(ask(at: .zero).count == 1)
        var policy = RoutingPolicy()
        policy.deadline = .milliseconds(400)
        plans = [RequestPlan(groups: [Self.group], policy: policy, startedAt: .zero, seed: 1)]
        #expect(ask(at: .zero).isEmpty)
        #expect(ask(at: .milliseconds(100)).count == 1)
    }

    @Test mutating func waitsGrowAndAddUpToTheGrace() {
        arrive(1, at: .zero)
        #expect(ask(at: .zero).count == 1)
        arrive(1, at: .zero)
        var now = Duration.zero
        var waits: [Duration] = []
        while case .wait(let time) = plans[1].next(&breakers, now: now), waits.count < 100 {
            waits.append(time)
            now += time
        }
        #expect(
            waits.prefix(10) == Array(repeating: .milliseconds(1), count: 9) + [.microseconds(1_125)]
        )
        #expect(waits.count < 60 && waits.reduce(.zero, +) == .seconds(2))
    }

    /// With cooldowns off every refusal makes the next request a pilot: none waits for more than one grace in all.
    @Test mutating func nobodyWaitsForOnePilotAfterTheOther() {
        arrive(1, at: .zero)
        for round in 0...3 {
            let now = Duration.milliseconds(600 * round)
            breakers.take(Self.key, now: now)
            guard case .wait = plans[0].next(&breakers, now: now) else { return #expect(Bool(false)) }
            breakers.releasePilot(of: Self.key)
        }
        breakers.take(Self.key, now: .seconds(2))
        guard case .attempt = plans[0].next(&breakers, now: .seconds(2)) else { return #expect(Bool(false)) }
    }

    @Test(
        "a proven key holds nobody, for a second",
        arguments: [(0, 40), (999, 40), (1_000, 1)]
    )
    mutating func proven(age: Int, goOn: Int) {
        breakers.proved(Self.key, now: .zero)
        arrive(40, at: .milliseconds(age))
        #expect(ask(at: .milliseconds(age)).count == goOn)
    }

    @Test mutating func whoHasNoKeyNeverWaits() {
        let bare = Deployment(
            id: DeploymentID("o"),
            provider: "ollama",
            format: .openAI,
            model: "m",
            apiBase: "http://localhost:1",
            credential: nil
        )
        plans = (0..<40).map {
            let group = ModelGroup(name: "g", deployments: [bare])
            return RequestPlan(groups: [group], policy: RoutingPolicy(), startedAt: .zero, seed: UInt64($0))
        }
        #expect(ask(at: .zero).count == 40)
    }

    /// Waiting for the verdict on one key moves nobody to another: the draw stays what it was.
    @Test func theDrawIsKept() {
        let pair = [deployment("a", weight: 1), deployment("b", weight: 1)]
        for seed in 0..<100 as Range<UInt64> {
            func first(holding: Bool) -> String? {
                var breakers = Breakers()
                pair.forEach { breakers.proved($0, now: .zero) }
                var now = Duration.zero
                if holding {
                    now = .seconds(2)
                    pair.forEach { breakers.take($0, now: now) }
                }
                let groups = [ModelGroup(name: "g", deployments: pair)]
                var plan = RequestPlan(groups: groups, policy: RoutingPolicy(), startedAt: now, seed: seed)
                for _ in 0..<100 {
                    switch plan.next(&breakers, now: now) {
                    case .attempt(let attempt): return attempt.deployment.id.name
                    case .wait(let time): now += time
                    case .giveUp: return nil
                    }
                }
                return nil
            }
            #expect(first(holding: true) == first(holding: false))
        }
    }
}
