/// How many of the attempts of the last minute failed, counted in buckets of five seconds: exact, in constant memory.
struct RecentAttempts: Equatable, Sendable {
    struct Counts: Equatable {
        var attempts = 0
        var failures = 0
    }

    private struct Bucket: Equatable {
        /// Buckets since time zero; an older number is an old bucket that was not needed since.
        var number: Int64
        var counts = Counts()
    }

    private static let secondsABucket: Int64 = 5
    private static let most = 12

    /// Never more than `most`, in no order.
    private var buckets: [Bucket] = []

    mutating func add(isFailure: Bool, at now: Duration) {
        let number = Self.number(now)
        let index = buckets.firstIndex { $0.number == number } ?? begin(number)
        buckets[index].counts.attempts += 1
        buckets[index].counts.failures += isFailure ? 1 : 0
    }

    /// Those of the last 55 to 60 seconds: of the twelve buckets, the one of `now` included.
    func counts(at now: Duration) -> Counts {
        let first = Self.number(now) - Int64(Self.most) + 1
        var sum = Counts()
        for bucket in buckets where bucket.number >= first {
            sum.attempts += bucket.counts.attempts
            sum.failures += bucket.counts.failures
        }
        return sum
    }

    /// A fresh bucket, in the oldest one's place once all are taken.
    private mutating func begin(_ number: Int64) -> Int {
        if buckets.count == Self.most, let oldest = buckets.indices.min(by: { buckets[$0].number < buckets[$1].number })
        {
            buckets[oldest] = Bucket(number: number)
            return oldest
        }
        buckets.append(Bucket(number: number))
        return buckets.count - 1
    }

    private static func number(_ now: Duration) -> Int64 { now.components.seconds / secondsABucket }
}
