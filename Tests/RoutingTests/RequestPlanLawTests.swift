import Testing

@testable import Routing

/// What must hold for every config, every sequence of failures and every history.
struct RequestPlanLawTests {
    @Test(arguments: 0..<8) func laws(lane: Int) {
        for round in 0..<150 {
            var draws = Draws(seed: UInt64(lane * 10_000 + round))
            let below = { (bound: Int) in Int(draws.next() * Double(bound)) }
            let groups = randomGroups(below)
            var policy = RoutingPolicy()
            policy.numRetries = below(3)
            policy.allowedFails = below(4)
            policy.cooldown = .seconds([0, 1, 5, 30][below(4)])
            policy.deadline = .seconds([1, 10, 75][below(3)])
            var breakers = Breakers()
            var now = Duration.zero
            for _ in 0..<12 {
                let health = (0..<20).map { _ in below(3) }
                check(groups, policy, &breakers, &now, seed: UInt64(below(1 << 30))) { id in
                    guard let number = id.utf8.first.map(Int.init), health[number % 20] > 0 else { return nil }
                    let kinds = FailureClass.failingOver + [.request]
                    let retryAfter: Duration? = below(4) == 0 ? .milliseconds(below(15_000)) : nil
                    return health[number % 20] == 2
                        ? failure(kinds[below(kinds.count)], retryAfter: retryAfter)
                        : below(2) == 0 ? nil : failure(.server)
                }
                now += .milliseconds(below(20_000))
            }
        }
    }

    private func randomGroups(_ below: (Int) -> Int) -> [ModelGroup] {
        var names = ["a", "b", "c", "d", "e", "f"][...]
        return (0...below(2)).map { index in
            let members = (0...below(3)).compactMap { _ in names.popFirst() }.map { name in
                deployment(
                    name,
                    order: [nil, 1, 2][below(3)],
                    weight: [nil, 0, 1, 9][below(4)],
                    key: ["K", "L", name][below(3)],
                    base: ["x", "y", name][below(3)],
                    retries: [nil, 0, 2][below(3)],
                    cooldown: below(4) == 0 ? .zero : nil
                )
            }
            return ModelGroup(name: "g\(index)", deployments: members)
        }
    }

    private func check(
        _ groups: [ModelGroup],
        _ policy: RoutingPolicy,
        _ breakers: inout Breakers,
        _ now: inout Duration,
        seed: UInt64,
        answer: (String) -> AttemptFailure?
    ) {
        let all = groups.flatMap(\.deployments)
        var lastFailure: AttemptFailure?
        let outcome = serve(groups, &breakers, policy: policy, seed: seed, startedAt: now) { id in
            lastFailure = answer(id)
            return lastFailure
        }
        now = outcome.now
        // It ends.
        #expect(outcome.served != nil || outcome.end != nil)
        // Each once, but for retries and one that was waited for.
        let fresh = outcome.attempts.filter { $0.reason != .retry && $0.reason != .wait }.map(\.deployment.id)
        #expect(Set(fresh).count == fresh.count)
        #expect(outcome.attempts.filter { $0.reason == .wait }.count <= 2)
        for group in groups {
            let retries = outcome.attempts.filter { attempt in
                attempt.reason == .retry && group.deployments.contains(attempt.deployment)
            }
            let most = group.deployments.map { $0.numRetries ?? policy.numRetries }.max() ?? 0
            #expect(retries.count <= most)
        }
        // Time never runs out under an attempt's feet.
        #expect(outcome.attempts.allSatisfy { $0.timeout > .zero && $0.streamTimeout <= $0.timeout })
        // Every probe was given back: nobody is half-open after the request.
        for deployment in all {
            if case .out(nil, _) = breakers.admission(of: deployment, now: now) {
                #expect(Bool(false), "\(deployment.id) is stuck")
            }
        }
        guard let end = outcome.end else { return }
        #expect(end.isRequestFault == (lastFailure?.kind.isClientFault ?? false))
        guard !end.isRequestFault && !end.isDeadlineOver else { return }
        // Nobody healthy was passed over.
        let tried = Set(outcome.attempts.map(\.deployment.id))
        for deployment in all where !tried.contains(deployment.id) {
            guard case .out(let until?, _) = breakers.admission(of: deployment, now: now) else {
                #expect(Bool(false), "\(deployment.id) could have been asked")
                continue
            }
            #expect(end.skipped.contains { $0.deployment == deployment.id })
            #expect(end.retryAfter.map { $0 > .zero && $0 <= until - now } ?? false)
        }
    }
}
