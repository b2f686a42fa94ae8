import Testing

@testable import Routing

/// What opens a breaker by its share of failures, and what keeps it from flapping.
struct TripTests {
    private static let policy = RoutingPolicy()
    private let a = deployment("a")
    private var breakers = Breakers()

    private mutating func book(_ isOK: Bool, at now: Duration) -> Bool {
        if isOK {
            breakers.succeeded(a, asProbe: false, policy: Self.policy, now: now, sentAt: now)
            return false
        }
        return breakers.failed(a, failure(.server), asProbe: false, policy: Self.policy, now: now, sentAt: now) != nil
    }

    @Test(
        "a share of failures trips, however spread",
        arguments: [
            // one failure in so many, milliseconds between two attempts, at which attempt it trips
            (4, 100, 20), (3, 100, 21), (2, 100, 20), (4, 2_800, 20), (5, 100, nil), (10, 100, nil),
            // Too few within the minute to say anything.
            (4, 3_500, nil), (2, 10_000, nil),
        ] as [(Int, Int, Int?)]
    )
    mutating func ratio(oneIn: Int, gap: Int, at: Int?) {
        let tripped = (1...400).first { book(!$0.isMultiple(of: oneIn), at: .milliseconds($0 * gap)) }
        #expect(tripped == at)
    }

    @Test mutating func whatWasLongAgoCountsNoMore() {
        // Nineteen attempts, nine of them failed: one too few to tell.
        for number in 1...19 { #expect(!book(!number.isMultiple(of: 2), at: .seconds(number))) }
        for number in 0..<20 { #expect(!book(true, at: .seconds(100 + number))) }
        #expect(!book(false, at: .seconds(121)))
    }

    @Test mutating func onceClosedTheCountStartsAnew() {
        for number in 1...20 { _ = book(!number.isMultiple(of: 4), at: .seconds(number)) }
        #expect(breakers.openBreaker(of: a) != nil)
        breakers.takeProbe(of: a)
        var policy = Self.policy
        policy.failBack = .immediate
        breakers.succeeded(a, asProbe: true, policy: policy, now: .seconds(51))
        #expect(!book(false, at: .seconds(52)))
    }

    @Test("counts are exact, in buckets", arguments: 0..<8) func counts(lane: Int) {
        var draws = Draws(seed: UInt64(lane))
        var recent = RecentAttempts()
        var all: [(second: Int, isFailure: Bool)] = []
        var now = 0
        for _ in 0..<300 {
            now += draws.next() < 0.7 ? 0 : Int(draws.next() * (draws.next() < 0.02 ? 90 : 4))
            let isFailure = draws.next() < 0.3
            recent.add(isFailure: isFailure, at: .seconds(now))
            all.append((now, isFailure))
            let since = (now / 5 - 11) * 5
            let seen = all.filter { $0.second >= since }
            let counts = recent.counts(at: .seconds(now))
            #expect(counts == .init(attempts: seen.count, failures: seen.count { $0.isFailure }))
        }
    }

    /// Fails at once whenever it is let back in, so long after it closed.
    @Test(
        "who falls again soon stays out longer, within bounds",
        arguments: [
            (.server, 10, [30, 60, 120, 240, 240]), (.server, 299, [30, 60, 120, 240, 240]),
            (.server, 300, [30, 30, 30, 30]), (.credential, 10, [30, 60, 120, 240, 240]),
            (.timeout, 10, [30, 60, 120, 240, 240]),
        ] as [(FailureClass, Int, [Int])]
    )
    mutating func flapping(kind: FailureClass, after: Int, cooldowns: [Int]) {
        var policy = Self.policy
        policy.allowedFails = 0
        var now = Duration.seconds(1)
        for expected in cooldowns {
            breakers.failed(a, failure(kind), asProbe: false, policy: policy, now: now)
            #expect(breakers.admission(of: a, now: now) == .out(until: now + .seconds(expected), cause: failure(kind)))
            now += .seconds(expected)
            breakers.takeProbe(of: a)
            breakers.succeeded(a, asProbe: true, policy: policy, now: now)
            now += .seconds(after)
        }
    }

    @Test mutating func theOperatorsOwnCooldownIsNoLongerThanHeSaid() {
        let slow = deployment("a", cooldown: .seconds(900))
        for round in 0..<3 {
            let now = Duration.seconds(1_000 * round)
            breakers.failed(slow, failure(.credential), asProbe: false, policy: Self.policy, now: now)
            #expect(breakers.admission(of: slow, now: now + .seconds(900)) == .probe)
            breakers.takeProbe(of: slow)
            breakers.succeeded(slow, asProbe: true, policy: Self.policy, now: now + .seconds(950))
        }
    }

    /// Alone, one that fails a quarter of the requests is better than nobody: none but those that it fails twice are lost.
    @Test("a deployment that is alone is never benched by a share", arguments: [0, 1]) func alone(retries: Int) {
        var policy = Self.policy
        policy.numRetries = retries
        let group = ModelGroup(name: "g", deployments: [deployment("a")])
        var breakers = Breakers()
        var attempts = 0
        var lost = 0
        for number in 0..<200 {
            let end = serve([group], &breakers, policy: policy, seed: 1, startedAt: .milliseconds(number * 400)) { _ in
                attempts += 1
                return attempts.isMultiple(of: 4) ? failure(.server) : nil
            }
            lost += end.served == nil ? 1 : 0
        }
        #expect(breakers.openBreaker(of: group.deployments[0]) != nil)
        #expect(lost == (retries == 0 ? 50 : 0))
    }

    /// The same on the way back.
    @Test func aloneOneFailureOnTheWayBackCostsOneRequest() {
        var policy = Self.policy
        policy.numRetries = 0
        let group = ModelGroup(name: "g", deployments: [a])
        var breakers = Breakers()
        breakers.failed(a, failure(.timeout), asProbe: false, policy: policy, now: .zero)
        var answers: [AttemptFailure?] = [nil, failure(.server), nil, nil, nil]
        let served = (0..<5).map { number in
            serve([group], &breakers, policy: policy, seed: 1, startedAt: .milliseconds(30_000 + number * 300)) { _ in
                answers.removeFirst()
            }
            .served != nil
        }
        #expect(served == [true, false, true, true, true])
    }
}
