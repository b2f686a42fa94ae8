import Foundation
import Synchronization
import Testing

@testable import Simulator

struct TrafficTests {
    private static let configuration = TrafficConfiguration(seed: 5, rate: 10, models: ["assistant"])

    private func requests(_ count: Int, seed: UInt64 = 5) -> [(gap: Double, request: TrafficRequest)] {
        var configuration = Self.configuration
        configuration.seed = seed
        var plan = TrafficPlan(configuration)
        return (0..<count).map { _ in plan.next() }
    }

    @Test func sameSeedSameSequence() {
        let first = requests(200)
        let second = requests(200)
        #expect(first.map(\.request) == second.map(\.request) && first.map(\.gap) == second.map(\.gap))
        #expect(first.map(\.request) != requests(200, seed: 6).map(\.request))
        #expect(first.map(\.request.ordinal) == Array(0..<200))
    }

    @Test func gapsAreExponentialWithMeanOne() {
        let gaps = requests(4_000).map(\.gap)
        let mean = gaps.reduce(0, +) / 4_000
        #expect(abs(mean - 1) < 0.06)
        // A Poisson process leaves e⁻¹ of its gaps above the mean.
        #expect(abs(Double(gaps.count { $0 > 1 }) / 4_000 - exp(-1)) < 0.03)
    }

    @Test func sharesAreThoseOfTheFeatures() {
        let drawn = requests(4_000).map(\.request)
        #expect(abs(Double(drawn.count(where: \.stream)) / 4_000 - 0.7) < 0.03)
        for feature in TrafficFeature.usual {
            let share = Double(drawn.count { $0.feature == feature.name }) / 4_000
            #expect(abs(share - feature.weight / 100) < 0.03, "\(feature.name)")
        }
        for tenant in ["acme", "bolt", "cove"] {
            #expect(drawn.count { $0.tenant == tenant } > 1_200)
        }
    }

    @Test func bodiesAreRequestsThatAProviderAnswers() throws {
        for request in requests(300).map(\.request) {
            let body = try #require(WireAnswer.object(String(decoding: request.body, as: UTF8.self)))
            #expect(body["model"] as? String == "assistant")
            #expect((body["stream"] as? Bool ?? false) == request.stream)
            let messages = try #require(body["messages"] as? [[String: String]])
            #expect(messages.first?["role"] == "system" && messages.last?["role"] == "user")
            let read = try GenerationRequest(json: request.body)
            #expect(read.streams == request.stream && read.tokenLimit != nil)
        }
        let sizes = Dictionary(grouping: requests(500).map(\.request), by: \.feature).mapValues { group in
            group.map(\.body.count).sorted()[group.count / 2]
        }
        try #expect(#require(sizes["summarise"]) > 10 * (try #require(sizes["classify"])))
    }

    @Test func someClassificationsRepeat() {
        let bodies = requests(2_000).map(\.request).filter { $0.feature == "classify" }.map(\.body)
        #expect(Set(bodies).count <= 60 && bodies.count > 200)
    }

    @Test func waveStaysWithinAQuarterOfTheRate() {
        let rates = (0..<180).map { TrafficPlan.wave(8, at: .seconds($0)) }
        #expect(rates.allSatisfy { (6...10).contains($0) })
        #expect(rates.max() ?? 0 > 9.8 && rates.min() ?? 10 < 6.2)
        #expect(abs(rates.reduce(0, +) / 180 - 8) < 0.01)
        #expect(TrafficPlan.wave(-1, at: .zero) == 0)
    }

    @Test func runKeepsTheRate() async {
        let clock = SkippingClock()
        let traffic = Traffic(configuration: Self.configuration, clock: clock) { _ in .served }
        await clock.run(traffic, for: .seconds(360))
        // 3600 expected, with a standard deviation of 60.
        #expect((3_350...3_850).contains(traffic.counts.sent))
        #expect(traffic.counts.served == traffic.counts.sent && traffic.counts.inFlight == 0)
    }

    @Test func rateCanBeChangedAndPaused() async {
        let clock = SkippingClock()
        let traffic = Traffic(configuration: Self.configuration, clock: clock) { _ in .failed("no") }
        traffic.rate = 0
        await clock.run(traffic, for: .seconds(60))
        #expect(traffic.counts.sent == 0)
        traffic.rate = 100
        await clock.run(traffic, for: .seconds(90))
        #expect((8_500...9_500).contains(traffic.counts.failed))
    }

    @Test func neverMoreInFlightThanAllowed() async {
        var configuration = Self.configuration
        configuration.maxInFlight = 3
        let most = Mutex((now: 0, most: 0))
        let clock = SkippingClock()
        let traffic = Traffic(configuration: configuration, clock: clock) { _ in
            most.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            for _ in 0..<50 { await Task.yield() }
            most.withLock { $0.now -= 1 }
            return .served
        }
        await clock.run(traffic, for: .seconds(20))
        #expect(most.withLock { $0.most } == 3)
    }

    @Test func cancellingEndsWhatIsInFlight() async throws {
        let started = Mutex(0)
        let traffic = Traffic(
            configuration: TrafficConfiguration(rate: 1_000, maxInFlight: 4, models: ["assistant"])
        ) { _ in
            started.withLock { $0 += 1 }
            do { try await Task.sleep(for: .seconds(3_600)) } catch { return .failed("cancelled") }
            return .served
        }
        let running = Task { await traffic.run() }
        try await eventually("four are in flight") { started.withLock { $0 } == 4 }
        running.cancel()
        await running.value
        #expect(traffic.counts.failed == 4)
    }
}

/// A clock whose sleepers wake at once, at the time that they asked for.
private final class SkippingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (a: Instant, b: Instant) -> Bool { a.offset < b.offset }
    }

    private let time = Mutex(Duration.zero)
    private let limit = Mutex(Duration.zero)

    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        if deadline.offset > limit.withLock({ $0 }) { throw CancellationError() }
        time.withLock { $0 = max($0, deadline.offset) }
        await Task.yield()
    }

    /// Runs `traffic` until so much of this clock's time has passed.
    func run(_ traffic: Traffic, for duration: Duration) async {
        let end = now.offset + duration
        limit.withLock { $0 = end }
        await traffic.run()
    }
}
