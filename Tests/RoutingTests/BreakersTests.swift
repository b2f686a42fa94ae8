import Testing

@testable import Routing

struct BreakersTests {
    static let policy = {
        var policy = RoutingPolicy()
        policy.allowedFails = 3
        policy.cooldown = .seconds(30)
        return policy
    }()

    private static let model = Breakers.Key.model("m", endpoint: "https://one.test", credential: "K")

    private let a = deployment("a", key: "K", base: "https://one.test")
    private var breakers = Breakers()

    private mutating func fail(
        _ target: Deployment,
        _ kind: FailureClass,
        at time: Int,
        probe: Bool = false,
        retryAfter: Duration? = nil,
        sentAt: Int? = nil
    )
        -> Breakers.Key?
    {
        breakers.failed(
            target,
            failure(kind, retryAfter: retryAfter),
            asProbe: probe,
            policy: Self.policy,
            now: .seconds(time),
            sentAt: sentAt.map { .seconds($0) }
        )
    }

    @discardableResult
    private mutating func succeed(_ target: Deployment, at time: Int, probe: Bool = false, sentAt: Int? = nil) -> Bool {
        breakers.succeeded(
            target,
            asProbe: probe,
            policy: Self.policy,
            now: .seconds(time),
            sentAt: sentAt.map { .seconds($0) }
        )
    }

    private func state(_ target: Deployment, at time: Int) -> String {
        switch breakers.admission(of: target, now: .seconds(time)) {
        case .admitted: "admitted"
        case .probe: "probe"
        case .out(let until, let cause):
            "out \(until.map { "until \($0.components.seconds)" } ?? "being probed") \(cause?.kind.rawValue ?? "-")"
        }
    }

    @Test(
        "how many failures in a row open it, what of, and how long",
        arguments: [
            (.credential, 1, .credential("K"), 30), (.billing, 1, .credential("K"), 30),
            (.unreachable, 1, .endpoint("https://one.test"), 30),
            (.rateLimited, 1, model, 30), (.timeout, 1, .deployment(DeploymentID("a")), 30),
            (.model, 1, model, 30), (.permission, 1, .deployment(DeploymentID("a")), 30),
            (.region, 1, .region("https://one.test", provider: "openai"), 30),
            (.server, 4, .deployment(DeploymentID("a")), 30), (.overloaded, 4, .deployment(DeploymentID("a")), 30),
            (.reset, 4, .deployment(DeploymentID("a")), 30), (.badAnswer, 4, .deployment(DeploymentID("a")), 30),
            (.midStream, 4, .deployment(DeploymentID("a")), 30), (.request, nil, nil, 0), (.context, nil, nil, 0),
            (.policy, nil, nil, 0),
            (.cancelled, nil, nil, 0),
        ] as [(FailureClass, Int?, Breakers.Key?, Int)]
    )
    mutating func opens(kind: FailureClass, count: Int?, key: Breakers.Key?, cooldown: Int) {
        for number in 1...(count ?? 20) {
            #expect(state(a, at: 0) == "admitted")
            #expect(fail(a, kind, at: 0) == (number == count ? key : nil))
        }
        guard count != nil else { return #expect(state(a, at: 0) == "admitted") }
        #expect(state(a, at: cooldown - 1) == "out until \(cooldown) \(kind.rawValue)")
        #expect(state(a, at: cooldown) == "probe")
        #expect(breakers.openBreaker(of: a)?.key == key)
    }

    @Test(
        "it opens no wider than what failed",
        arguments: [
            // key and endpoint of the other; is it out as well?
            (.credential, "K", "https://two.test", true), (.credential, "L", "https://one.test", false),
            (.billing, "K", "https://two.test", true), (.unreachable, "L", "https://one.test", true),
            (.unreachable, "K", "https://two.test", false),
            (.rateLimited, "K", "https://one.test", true), (.rateLimited, "L", "https://one.test", false),
            (.rateLimited, "K", "https://two.test", false), (.timeout, "K", "https://one.test", false),
            (.model, "K", "https://one.test", true), (.model, "L", "https://one.test", false),
            (.region, "L", "https://one.test", true), (.region, "K", "https://two.test", false),
            (.permission, "K", "https://one.test", false),
        ] as [(FailureClass, String, String, Bool)]
    )
    mutating func scope(kind: FailureClass, key: String, base: String, isOut: Bool) {
        _ = fail(a, kind, at: 0)
        #expect(
            state(deployment("b", key: key, base: base), at: 1)
                == (isOut ? "out until 30 \(kind.rawValue)" : "admitted")
        )
    }

    @Test mutating func aSuccessBetweenStartsTheCountAnew() {
        for _ in 0..<3 { #expect(fail(a, .server, at: 0) == nil) }
        #expect(succeed(a, at: 0) == false)
        for _ in 0..<3 { #expect(fail(a, .server, at: 1) == nil) }
        #expect(fail(a, .server, at: 1) == .deployment(a.id))
    }

    @Test mutating func oneProbeUnderManyCallers() {
        _ = fail(a, .credential, at: 0)
        let callers = ["a", "b", "c"].map { deployment($0, key: "K", base: "https://\($0).test") }
        #expect(callers.allSatisfy { breakers.admission(of: $0, now: .seconds(30)) == .probe })
        breakers.takeProbe(of: callers[1])
        #expect(callers.map { state($0, at: 30) } == Array(repeating: "out being probed credential", count: 3))
        #expect(callers.map { state($0, at: 9_999) } == Array(repeating: "out being probed credential", count: 3))
        // Who is not the prober can neither close it nor give the probe back.
        let others: [Deployment] = [callers[0], callers[2]]
        for other in others {
            #expect(succeed(other, at: 31, probe: true) == false)
            #expect(succeed(other, at: 31) == false)
            breakers.releaseProbe(of: other, now: .seconds(31))
            #expect(fail(other, .credential, at: 31, probe: true) == nil)
            #expect(fail(other, .credential, at: 31) == nil)
        }
        #expect(state(callers[0], at: 31) == "out being probed credential")
        #expect(succeed(callers[1], at: 31, probe: true) == true)
        #expect(callers.map { state($0, at: 31) } == ["admitted", "admitted", "admitted"])
    }

    @Test mutating func aReleasedProbeMayBeTakenAtOnce() {
        _ = fail(a, .timeout, at: 0)
        breakers.takeProbe(of: a)
        breakers.releaseProbe(of: a, now: .seconds(31))
        #expect(state(a, at: 31) == "probe")
    }

    @Test(
        "a probe that fails",
        arguments: [
            // was out for, probe failed with, the deployment then, another of the same key, another of the same endpoint
            (.credential, .credential, "out until 130 credential", "out until 130 credential", "admitted"),
            (.credential, .server, "out until 130 server", "probe", "admitted"),
            (.credential, .unreachable, "out until 130 unreachable", "probe", "out until 130 unreachable"),
            (.unreachable, .credential, "out until 130 credential", "out until 130 credential", "probe"),
            (.unreachable, .unreachable, "out until 130 unreachable", "admitted", "out until 130 unreachable"),
            (.server, .server, "out until 130 server", "admitted", "admitted"),
            (.timeout, .rateLimited, "out until 130 rate_limited", "admitted", "admitted"),
            // The request was at fault: that says nothing of the deployment.
            (.timeout, .request, "probe", "admitted", "admitted"), (.credential, .policy, "probe", "probe", "admitted"),
        ] as [(FailureClass, FailureClass, String, String, String)]
    )
    mutating func failedProbe(
        was: FailureClass,
        now kind: FailureClass,
        own: String,
        sameKey: String,
        sameEndpoint: String
    ) {
        for _ in 0..<4 { _ = fail(a, was, at: 0) }
        breakers.takeProbe(of: a)
        _ = fail(a, kind, at: 100, probe: true)
        #expect(state(a, at: 100) == own)
        #expect(state(deployment("b", key: "K", base: "https://two.test"), at: 100) == sameKey)
        #expect(state(deployment("c", key: "L", base: "https://one.test"), at: 100) == sameEndpoint)
    }

    @Test mutating func stragglersMoveNothing() {
        _ = fail(a, .timeout, at: 10)
        // Sent before it opened, answered while it is open.
        #expect(succeed(a, at: 11, sentAt: 5) == false)
        #expect(fail(a, .timeout, at: 11, sentAt: 5) == nil)
        #expect(state(a, at: 12) == "out until 40 timeout")
        breakers.takeProbe(of: a)
        #expect(fail(a, .timeout, at: 41, sentAt: 9) == nil)
        #expect(succeed(a, at: 41, probe: true) == true)
        // Sent before it opened, answered after it closed again.
        #expect(fail(a, .timeout, at: 42, sentAt: 9) == nil)
        #expect(state(a, at: 42) == "admitted")
        #expect(fail(a, .timeout, at: 43, sentAt: 42) == .deployment(a.id))
    }

    @Test mutating func aProbeClosesNothingThatOpenedAfterItLeft() {
        let sibling = deployment("b", key: "K", base: "https://two.test")
        _ = fail(a, .timeout, at: 0)
        breakers.takeProbe(of: a)
        _ = fail(sibling, .credential, at: 31)
        #expect(succeed(a, at: 32, probe: true) == true)
        #expect(state(a, at: 32) == "out until 61 credential")
    }

    @Test mutating func whatIsClearedStaysClear() {
        _ = fail(a, .credential, at: 0)
        breakers.takeProbe(of: a)
        breakers.clear(a)
        #expect(state(a, at: 1) == "admitted")
        // The probe that was on its way comes back with the old news.
        #expect(fail(a, .credential, at: 2, probe: true) == nil)
        #expect(succeed(a, at: 2, probe: true) == false)
        #expect(state(a, at: 2) == "admitted")
    }

    @Test(
        "how long it stays open",
        arguments: [
            (.rateLimited, .seconds(7), 30, 7), (.rateLimited, .milliseconds(300), 30, 1),
            (.rateLimited, .seconds(86_400), 30, 300),
            (.rateLimited, nil, 30, 30),
            (.unreachable, nil, 5, 5), (.timeout, .seconds(2), 30, 2),
            // Nobody asks a refused key sooner because of a header.
            (.credential, .seconds(1), 30, 30), (.billing, .seconds(120), 30, 120), (.model, .seconds(86_400), 30, 300),
            // The operator's own figure is not cut.
            (.credential, nil, 900, 900), (.timeout, nil, 900, 900),
        ] as [(FailureClass, Duration?, Int, Int)]
    )
    mutating func cooldown(kind: FailureClass, retryAfter: Duration?, configured: Int, expected: Int) {
        let target = deployment("a", cooldown: .seconds(configured))
        _ = fail(target, kind, at: 0, retryAfter: retryAfter)
        #expect(state(target, at: 0) == "out until \(expected) \(kind.rawValue)")
    }

    @Test(
        "probes that time out come more rarely, others don't",
        arguments: [(.timeout, [30, 60, 120, 120]), (.credential, [30, 30, 30, 30])] as [(FailureClass, [Int])]
    )
    mutating func backOff(kind: FailureClass, waits: [Int]) {
        _ = fail(a, kind, at: 0)
        #expect(state(a, at: 0) == "out until \(waits[0]) \(kind.rawValue)")
        for wait in waits.dropFirst() {
            breakers.takeProbe(of: a)
            _ = fail(a, kind, at: 1_000, probe: true)
            #expect(state(a, at: 1_000) == "out until \(1_000 + wait) \(kind.rawValue)")
        }
        #expect(breakers.openBreaker(of: a)?.breaker.since == .zero)
        breakers.takeProbe(of: a)
        succeed(a, at: 1_500, probe: true)
        _ = fail(a, kind, at: 2_000)
        #expect(state(a, at: 2_000) == "out until 2030 \(kind.rawValue)")
        #expect(breakers.openBreaker(of: a)?.breaker.since == .seconds(2_000))
    }

    @Test("without a cooldown nobody is ever benched", arguments: FailureClass.allCases)
    mutating func noCooldown(kind: FailureClass) {
        let target = deployment("a", cooldown: .zero)
        for _ in 0..<10 { #expect(fail(target, kind, at: 0) == nil) }
        #expect(state(target, at: 0) == "admitted")
    }

    @Test mutating func whatKeepsItOutLongestIsNamed() {
        _ = fail(a, .timeout, at: 0)
        _ = fail(deployment("b", key: "K", base: "https://two.test"), .credential, at: 10)
        #expect(state(a, at: 20) == "out until 40 credential")
        #expect(state(a, at: 35) == "out until 40 credential")
        #expect(state(a, at: 40) == "probe")
    }

    @Test mutating func withoutACredentialItsOwnBreakerOpens() {
        let bare = Deployment(
            id: DeploymentID("o"),
            provider: "ollama",
            format: .openAI,
            model: "m",
            apiBase: "http://localhost:1",
            credential: nil
        )
        #expect(fail(bare, .credential, at: 0) == .deployment(bare.id))
    }
}
