import Foundation
import SLO
import Testing

/// SplitMix64: the same numbers every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct LatencyHistogramTests {
    /// Latencies over the whole range, thick at the bottom of each power of two.
    private func samples(_ count: Int, seed: UInt64) -> [Int64] {
        var generator = SeededGenerator(state: seed)
        return (0..<count).map { _ in
            let width = Int.random(in: 0...31, using: &generator)
            return min(Int64(1) << width + Int64.random(in: 0..<(1 << width), using: &generator), 3_600_000_000)
        }
    }

    private func histogram(_ samples: some Sequence<Int64>) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for sample in samples { histogram.add(microseconds: sample) }
        return histogram
    }

    @Test("a quantile is within 1 % of the exact one", arguments: [1, 2, 19, 20, 21, 1_000, 20_000])
    func quantileError(count: Int) throws {
        for seed in UInt64(1)...5 {
            let samples = samples(count, seed: seed)
            let histogram = histogram(samples)
            let sorted = samples.sorted()
            for percent in [1, 7, 25, 50, 90, 95, 99, 100] {
                let exact = Double(sorted[(percent * count + 99) / 100 - 1])
                let estimate = try #require(histogram.quantile(Double(percent) / 100)) / .microseconds(1)
                #expect(abs(estimate - exact) <= exact * 0.010_001, "p\(percent) of \(count), seed \(seed)")
            }
        }
    }

    @Test func everyBucketReportsWhatItHolds() {
        for bucket in 0...LatencyHistogram.lastBucket {
            let value = LatencyHistogram.microseconds(bucket: bucket)
            // Below 100 us a whole microsecond is as far as the next bucket.
            if value > 101 { #expect(LatencyHistogram.bucket(microseconds: Int64(value)) == bucket) }
        }
    }

    @Test func mergingIsAdditionInAnyOrder() {
        let samples = samples(9_000, seed: 42)
        let parts = [samples[..<10], samples[10..<4_000], samples[4_000...]].map { histogram($0) }
        let whole = histogram(samples)
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            var merged = LatencyHistogram()
            for part in order { merged.merge(parts[part]) }
            #expect(merged == whole)
        }
        #expect(whole.samples == 9_000)
    }

    @Test(
        "outside of 1 us to 1 h the end buckets count",
        arguments: [
            (Int64.min, 0), (-1, 0), (0, 0), (1, 0), (2, 35),
            (3_600_000_000, LatencyHistogram.lastBucket), (.max, LatencyHistogram.lastBucket),
        ] as [(Int64, Int)]
    )
    func ends(microseconds: Int64, bucket: Int) {
        #expect(LatencyHistogram.bucket(microseconds: microseconds) == bucket)
    }

    @Test func nothingMeasuredIsNothing() {
        let empty = LatencyHistogram()
        #expect(empty.quantile(0.95) == nil)
        #expect(empty.count(atMost: .seconds(1)) == 0)
        var still = empty
        still.add(bucket: 3, count: 0)
        #expect(still == empty)
    }

    @Test func countUnderALimit() {
        let histogram = histogram([100_000, 2_000_000, 2_400_000, 2_600_000, 9_000_000])
        #expect(histogram.count(atMost: .milliseconds(2_500)) == 3)
        #expect(histogram.count(atMost: .seconds(60)) == 5)
        #expect(histogram.count(atMost: .milliseconds(99)) == 0)
    }

    /// Skewed as latencies are: lognormal about a second, every tenth an incident of three to ten.
    private func latencies(_ count: Int, seed: UInt64) -> [Int64] {
        var generator = SeededGenerator(state: seed)
        return (0..<count).map { _ in
            // The sum of twelve draws is as good as normal.
            let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
            let slow = Int.random(in: 0..<10, using: &generator) == 0 ? Double.random(in: 3...10, using: &generator) : 1
            return Int64(1_000_000 * slow * exp(0.55 * normal))
        }
    }

    @Test(
        "merged hours of skewed latencies: every quantile within 1 % of the exact one",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func skewed(seed: UInt64) throws {
        let samples = latencies(5_000, seed: seed)
        var merged = LatencyHistogram()
        for start in stride(from: 0, to: samples.count, by: 70) {
            merged.merge(histogram(samples[start..<min(start + 70, samples.count)]))
        }
        let sorted = samples.sorted()
        for percent in 1...100 {
            let exact = Double(sorted[(percent * samples.count + 99) / 100 - 1])
            let estimate = try #require(merged.quantile(Double(percent) / 100)) / .microseconds(1)
            #expect(abs(estimate - exact) <= exact * 0.010_001)
        }
    }

    @Test("the share under a target and the p95 never contradict each other", arguments: 1...4 as ClosedRange<UInt64>)
    func shareAndQuantileAgree(seed: UInt64) throws {
        let samples = latencies(999, seed: seed)
        let merged = histogram(samples)
        let p95 = try #require(merged.quantile(0.95))
        for milliseconds in stride(from: 500, to: 9_000, by: 37) {
            let target = Duration.milliseconds(milliseconds)
            // 950 of 999 is the rank of the p95.
            #expect((merged.count(atMost: target) >= 950) == (p95 <= target))
            let count = merged.count(atMost: target)
            let least = samples.count { Double($0) * 1.010_101 < Double(milliseconds) * 1_000 * 0.999_999 }
            let most = samples.count { Double($0) * 0.99 <= Double(milliseconds) * 1_000 * 1.000_001 }
            #expect(least <= count && count <= most, "as if the target were up to 1 % off")
        }
    }

    @Test(
        "the p95 stands on the side of the target on which the exact count is",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func p95NearTheTarget(seed: UInt64) throws {
        let samples = latencies(2_000, seed: seed)
        let exact = samples.sorted()[1_899]
        for offset in [-1, 1] + (-60...60).map({ $0 * 1_000 }) as [Int64] {
            let target = exact + offset
            var indicators = Indicators(latency: histogram(samples))
            indicators.counts.latencySamples = samples.count
            indicators.counts.latencyFast = samples.count { $0 <= target }
            let p95 = try #require(indicators.p95(target: .microseconds(target)))
            #expect((p95 <= .microseconds(target)) == (exact <= target))
            #expect(abs(p95 / .microseconds(exact) - 1) <= 0.010_001)
        }
    }

    @Test func countsFromBeforeAChangeOfTheTargetMoveNothingFar() {
        var indicators = Indicators(latency: histogram(Array(repeating: 5_000_000, count: 100)))
        (indicators.counts.latencySamples, indicators.counts.latencyFast) = (100, 100)
        let p95 = indicators.p95(target: .milliseconds(2_500))
        #expect(p95 == indicators.latency.quantile(0.95))
        #expect(Indicators().p95(target: .seconds(1)) == nil)
    }
}
