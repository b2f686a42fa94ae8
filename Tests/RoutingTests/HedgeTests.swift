import Testing

@testable import Routing

/// A second attempt while the first is under way.
struct HedgeTests {
    private static let group = ModelGroup(
        name: "g",
        deployments: [deployment("a", order: 1), deployment("b", order: 2), deployment("c", order: 3)]
    )
    private static let others = ModelGroup(name: "h", deployments: [deployment("d")])
    private var breakers = Breakers()
    private var plan = RequestPlan(groups: [group, others], policy: policy(), startedAt: .zero, seed: 1)

    private static func policy(hedgeAfter: Duration? = .milliseconds(400)) -> RoutingPolicy {
        var policy = RoutingPolicy()
        policy.hedgeAfter = hedgeAfter
        policy.allowedFails = 0
        return policy
    }

    private mutating func next(at now: Duration = .seconds(1)) -> RequestPlan.Attempt? {
        if case .attempt(let attempt) = plan.next(&breakers, now: now) { attempt } else { nil }
    }

    private mutating func hedge(at now: Duration = .seconds(1)) -> RequestPlan.Attempt? {
        plan.hedge(&breakers, now: now)
    }

    @Test mutating func theNextOneOfTheGroupStartsBeside() throws {
        #expect(hedge() == nil, "nothing is under way")
        #expect(next()?.deployment.id.name == "a")
        let second = try #require(hedge())
        #expect(second.deployment.id.name == "b" && second.reason == .hedge && !second.isProbe)
        #expect(hedge() == nil, "never a third")
    }

    @Test mutating func offMeansNone() {
        plan = RequestPlan(groups: [Self.group], policy: Self.policy(hedgeAfter: nil), startedAt: .zero, seed: 1)
        #expect(next() != nil)
        #expect(hedge() == nil)
    }

    @Test(
        "who is passed over",
        arguments: ["out", "due", "on the way back", "its key is being tried out", "tried", "another group"]
    )
    mutating func passedOver(why: String) throws {
        let b = Self.group.deployments[1]
        let now = Duration.seconds(100)
        switch why {
        case "out", "due", "on the way back":
            breakers.failed(b, failure(.timeout), asProbe: false, policy: Self.policy(), now: .seconds(80))
            if why == "on the way back" {
                breakers.takeProbe(of: b)
                breakers.succeeded(b, asProbe: true, policy: Self.policy(), now: now)
            }
        case "its key is being tried out": breakers.take(b, now: now)
        default: break
        }
        let start = why == "due" ? Duration.seconds(110) : now
        let groups =
            why == "another group"
            ? [ModelGroup(name: "g", deployments: [Self.group.deployments[0], b]), Self.others] : [Self.group]
        plan = RequestPlan(groups: groups, policy: Self.policy(), startedAt: start, seed: 1)
        #expect(next(at: start)?.deployment.id.name == "a")
        if why == "tried" || why == "another group" {
            let second = try #require(hedge(at: start))
            #expect(second.deployment == b)
            plan.failed(second, failure(.server))
            #expect(hedge(at: start)?.deployment.id.name == (why == "tried" ? "c" : nil))
        } else {
            #expect(hedge(at: start)?.deployment.id.name == "c")
        }
    }

    @Test("both fail, in any order, and the plan goes on", arguments: [true, false])
    mutating func bothFail(firstFirst: Bool) throws {
        let first = try #require(next())
        let second = try #require(hedge())
        let order = firstFirst ? [first, second] : [second, first]
        plan.failed(order[0], failure(.timeout))
        guard case .wait = plan.next(&breakers, now: .seconds(2)) else { return #expect(Bool(false)) }
        plan.failed(order[1], failure(.timeout))
        let third = try #require(next(at: .seconds(2)))
        #expect(third.deployment.id.name == "c" && third.reason == .failover)
        plan.failed(third, failure(.timeout))
        #expect(next(at: .seconds(3))?.deployment.id.name == "d")
    }

    @Test(
        "what either of two says counts",
        arguments: [
            // first, second, then: who is asked, or how it ends
            (.request, .server, "rejected"), (.server, .request, "rejected"), (.policy, .timeout, "rejected"),
            (.credential, .server, "b retry"), (.server, .credential, "a retry"), (.server, .server, "b retry"),
            (.timeout, .credential, "c failover"), (.context, .timeout, "rejected"),
        ] as [(FailureClass, FailureClass, String)]
    )
    mutating func either(first: FailureClass, second: FailureClass, then: String) throws {
        var policy = Self.policy()
        policy.allowedFails = 3
        plan = RequestPlan(groups: [Self.group], policy: policy, startedAt: .zero, seed: 1)
        let one = try #require(next())
        let two = try #require(hedge())
        plan.failed(one, failure(first))
        plan.failed(two, failure(second))
        switch plan.next(&breakers, now: .seconds(2)) {
        case .attempt(let attempt): #expect("\(attempt.deployment.id) \(attempt.reason)" == then)
        case .giveUp(let end): #expect(then == (end.isRequestFault ? "rejected" : "lost"))
        case .wait: #expect(Bool(false))
        }
    }

    @Test mutating func theLoserIsWithdrawn() throws {
        plan = RequestPlan(
            groups: [Self.group],
            policy: Self.policy(),
            startedAt: .zero,
            seed: 1,
            continuesStreams: true
        )
        let first = try #require(next())
        let second = try #require(hedge())
        plan.withdraw(first)
        plan.failed(second, failure(.midStream))
        #expect(next(at: .seconds(9))?.deployment.id.name == "c")
    }

    @Test mutating func afterTheDeadlineNobodyStarts() {
        #expect(next() != nil)
        #expect(hedge(at: .seconds(75)) == nil)
    }
}
