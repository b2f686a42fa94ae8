import Testing

@testable import Routing

/// The way back of a deployment whose probe succeeded.
struct RampTests {
    private static let a = deployment("a", order: 1)
    private static let group = ModelGroup(name: "g", deployments: [a, deployment("b", order: 2)])

    /// As they are right after the probe, at time zero.
    private static func recovered(_ failBack: FailBack = .ramp, from kind: FailureClass = .timeout) -> Breakers {
        var breakers = Breakers()
        var policy = RoutingPolicy()
        policy.failBack = failBack
        breakers.failed(a, failure(kind), asProbe: false, policy: policy, now: .seconds(-30))
        breakers.takeProbe(of: a)
        breakers.succeeded(a, asProbe: true, policy: policy, now: .zero)
        return breakers
    }

    @Test(
        "it grows by successes and time, or by time alone",
        arguments: [
            // seconds between successes, shares right after each of them
            (1, [0.1, 0.1, 0.1, 0.1, 0.25, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 1]),
            (5, [0.1, 0.1, 0.1, 0.25, 0.25, 0.25, 0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 1]),
            (30, [0.1, 0.25, 0.25, 0.5, 0.5, 1]), (100, [0.25, 1]),
        ] as [(Int, [Double])]
    )
    func grows(gap: Int, shares: [Double]) {
        var breakers = Self.recovered()
        #expect(breakers.share(of: Self.a, now: .zero) == 0.1)
        for (number, share) in shares.enumerated() {
            let now = Duration.seconds(gap * (number + 1))
            breakers.succeeded(Self.a, asProbe: false, policy: RoutingPolicy(), now: now, sentAt: now)
            #expect(breakers.share(of: Self.a, now: now) == share, "after \(number + 1)")
        }
    }

    @Test mutating func manyAtOnceAreNoReasonToHurry() {
        var breakers = Self.recovered()
        for _ in 0..<500 { breakers.succeeded(Self.a, asProbe: false, policy: RoutingPolicy(), now: .seconds(4)) }
        #expect(breakers.share(of: Self.a, now: .seconds(4)) == 0.1)
    }

    @Test("requests follow the share", arguments: [(0, 0.1), (60, 0.25), (120, 0.5), (180, 1.0)])
    func draws(second: Int, share: Double) {
        let start = Self.recovered()
        var firsts = 0
        for seed in 0..<4_000 as Range<UInt64> {
            var names: Set<String> = []
            // The same seed, the same choice.
            for _ in 0..<2 {
                var breakers = start
                var plan = RequestPlan(
                    groups: [Self.group],
                    policy: RoutingPolicy(),
                    startedAt: .seconds(second),
                    seed: seed &* 0x9E37_79B9_7F4A_7C15
                )
                guard case .attempt(let attempt) = plan.next(&breakers, now: .seconds(second)) else { continue }
                #expect(attempt.reason == .first && !attempt.isProbe)
                names.insert(attempt.deployment.id.name)
            }
            #expect(names.count == 1)
            firsts += names == ["a"] ? 1 : 0
        }
        // Five standard deviations of a binomial are at most 158.
        #expect(abs(Double(firsts) - 4_000 * share) <= (share == 1 ? 0 : 158))
    }

    @Test func immediateGivesAllAtOnce() {
        #expect(Self.recovered(.immediate).share(of: Self.a, now: .zero) == 1)
    }

    @Test(
        "one failure on the way back opens it again",
        arguments: [FailureClass.server, .midStream, .badAnswer, .timeout]
    )
    func reopens(kind: FailureClass) {
        var breakers = Self.recovered(from: .credential)
        let opened = breakers.failed(Self.a, failure(kind), asProbe: false, policy: RoutingPolicy(), now: .seconds(1))
        #expect(opened == .deployment(Self.a.id))
        var later = Self.recovered()
        #expect(
            later.failed(Self.a, failure(.server), asProbe: false, policy: RoutingPolicy(), now: .seconds(181)) == nil
        )
    }

    @Test func aBadRequestIsNoFailureOfTheirs() {
        var breakers = Self.recovered()
        #expect(
            breakers.failed(Self.a, failure(.request), asProbe: false, policy: RoutingPolicy(), now: .seconds(1)) == nil
        )
        #expect(breakers.share(of: Self.a, now: .seconds(1)) == 0.1)
    }
}
