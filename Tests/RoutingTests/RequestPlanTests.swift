import Testing

@testable import Routing

struct RequestPlanTests {
    @Test func weightsAreDrawnAsWritten() {
        var counts: [String: Int] = [:]
        let group = ModelGroup(
            name: "g",
            deployments: [
                deployment("a", weight: 9), deployment("b", weight: 1), deployment("c", weight: 0), deployment("d"),
            ]
        )
        for seed in 0..<10_000 as Range<UInt64> {
            var breakers = Breakers()
            var plan = RequestPlan(
                groups: [group],
                policy: RoutingPolicy(),
                startedAt: .zero,
                seed: seed &* 0x9E37_79B9_7F4A_7C15
            )
            guard case .attempt(let attempt) = plan.next(&breakers, now: .zero) else { continue }
            counts[attempt.deployment.id.name, default: 0] += 1
        }
        // Five standard deviations of a binomial are 150.
        #expect(counts.keys.sorted() == ["a", "b"])
        #expect((8_850...9_150).contains(counts["a"] ?? 0))
    }

    @Test func withoutWeightsAllAreAlike() {
        var counts: [String: Int] = [:]
        let group = ModelGroup(name: "g", deployments: ["a", "b", "c", "d"].map { deployment($0) })
        for seed in 0..<10_000 as Range<UInt64> {
            var breakers = Breakers()
            var plan = RequestPlan(groups: [group], policy: RoutingPolicy(), startedAt: .zero, seed: seed)
            guard case .attempt(let attempt) = plan.next(&breakers, now: .zero) else { continue }
            counts[attempt.deployment.id.name, default: 0] += 1
        }
        #expect(counts.count == 4 && counts.values.allSatisfy { (2_280...2_720).contains($0) })
    }

    /// What LiteLLM loses four of five requests with: weight 9 and 1, one retry, no order.
    @Test("the tutorial's config loses nothing", arguments: FailureClass.failingOver)
    func tutorial(kind: FailureClass) {
        let group = ModelGroup(name: "g", deployments: [deployment("a", weight: 9), deployment("b", weight: 1)])
        for seed in 0..<300 as Range<UInt64> {
            var breakers = Breakers()
            for request in 0..<20 {
                let end = serve(
                    [group],
                    &breakers,
                    seed: seed &* 1_000 &+ UInt64(request),
                    startedAt: .seconds(request * 3)
                ) {
                    $0 == "a" ? failure(kind) : nil
                }
                #expect(end.served == "b")
                #expect(end.attempts.count <= 3)
            }
        }
    }

    @Test func timesAreTheDeploymentsOwnAndNeverPastTheDeadline() throws {
        var policy = RoutingPolicy()
        policy.deadline = .seconds(10)
        let own = Deployment(
            id: DeploymentID("a"),
            provider: "p",
            format: .openAI,
            model: "m",
            apiBase: "x",
            credential: nil,
            order: 1,
            timeout: .seconds(4),
            streamTimeout: .seconds(5)
        )
        let group = ModelGroup(name: "g", deployments: [own, deployment("b", order: 2)])
        var breakers = Breakers()
        var plan = RequestPlan(groups: [group], policy: policy, startedAt: .seconds(100), seed: 1)
        guard case .attempt(let first) = plan.next(&breakers, now: .seconds(100)) else { return #expect(Bool(false)) }
        #expect(first.timeout == .seconds(4) && first.streamTimeout == .seconds(4) && first.startedAt == .seconds(100))
        plan.failed(first, failure(.timeout))
        guard case .attempt(let second) = plan.next(&breakers, now: .seconds(109)) else { return #expect(Bool(false)) }
        #expect(second.timeout == .seconds(1) && second.streamTimeout == .seconds(1))
        plan.failed(second, failure(.timeout))
        guard case .giveUp(let end) = plan.next(&breakers, now: .seconds(110)) else { return #expect(Bool(false)) }
        #expect(end.isDeadlineOver && !end.isRequestFault)
    }

    @Test func aDeadlineOfNothingAttemptsNothing() {
        var breakers = Breakers()
        var plan = RequestPlan(
            groups: [ModelGroup(name: "g", deployments: [deployment("a")])],
            policy: RoutingPolicy(),
            startedAt: .zero,
            seed: 1
        )
        guard case .giveUp(let end) = plan.next(&breakers, now: .seconds(75)) else { return #expect(Bool(false)) }
        #expect(end.isDeadlineOver)
    }

    /// Twenty requests wait for one provider's short limit: one asks, the others follow its answer.
    @Test func manyWaitersSendOneProbe() {
        let group = ModelGroup(name: "g", deployments: [deployment("a")])
        var breakers = Breakers()
        breakers.failed(
            group.deployments[0],
            failure(.rateLimited, retryAfter: .seconds(2)),
            asProbe: false,
            policy: RoutingPolicy(),
            now: .zero
        )
        var plans = (0..<20).map {
            RequestPlan(groups: [group], policy: RoutingPolicy(), startedAt: .milliseconds(500), seed: $0)
        }
        for index in plans.indices {
            #expect(plans[index].next(&breakers, now: .milliseconds(500)) == .wait(.milliseconds(1_500)))
        }
        let first = plans.indices.compactMap { plans[$0].afterWait(&breakers, now: .seconds(2)) }
        #expect(first.count == 1 && first.first?.isProbe == true && first.first?.reason == .wait)
        for index in plans.indices.dropFirst() {
            #expect(plans[index].next(&breakers, now: .seconds(2)) == .wait(.milliseconds(250)))
        }
        breakers.succeeded(
            group.deployments[0],
            asProbe: true,
            policy: RoutingPolicy(),
            now: .milliseconds(2_250)
        )
        for index in plans.indices.dropFirst() {
            let attempt = plans[index].afterWait(&breakers, now: .milliseconds(2_250))
            #expect(attempt?.isProbe == false && attempt?.reason == .wait)
        }
    }
}

/// What became of one request that was driven to its end.
struct Outcome {
    var served: String?
    var attempts: [RequestPlan.Attempt] = []
    var end: RequestPlan.GiveUp?
    var now: Duration
}

/// Drives one request as the engine does; an attempt takes 100 ms.
func serve(
    _ groups: [ModelGroup],
    _ breakers: inout Breakers,
    policy: RoutingPolicy = RoutingPolicy(),
    seed: UInt64,
    startedAt: Duration,
    answer: (String) -> AttemptFailure?
) -> Outcome {
    var plan = RequestPlan(groups: groups, policy: policy, startedAt: startedAt, seed: seed)
    var outcome = Outcome(now: startedAt)
    while outcome.attempts.count < 100 {
        var step = plan.next(&breakers, now: outcome.now)
        if case .wait(let time) = step {
            outcome.now += time
            if let attempt = plan.afterWait(&breakers, now: outcome.now) { step = .attempt(attempt) }
        }
        switch step {
        case .wait: continue
        case .giveUp(let end):
            outcome.end = end
            return outcome
        case .attempt(let attempt):
            outcome.attempts.append(attempt)
            outcome.now += .milliseconds(100)
            guard let failure = answer(attempt.deployment.id.name) else {
                breakers.succeeded(
                    attempt.deployment,
                    asProbe: attempt.isProbe,
                    policy: policy,
                    now: outcome.now,
                    sentAt: attempt.startedAt
                )
                outcome.served = attempt.deployment.id.name
                return outcome
            }
            breakers.failed(
                attempt.deployment,
                failure,
                asProbe: attempt.isProbe,
                policy: policy,
                now: outcome.now,
                sentAt: attempt.startedAt
            )
            plan.failed(attempt, failure)
        }
    }
    return outcome
}
