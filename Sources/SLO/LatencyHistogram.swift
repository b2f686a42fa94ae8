/// Counts of latencies in logarithmic buckets: any quantile within 1 % of the exact one, whatever was merged.
///
/// Bucket `i` holds `gamma^(i-1) < microseconds <= gamma^i` with `gamma = (1 + a) / (1 - a)` and `a = 1 %`; what it
/// reports is `2 gamma^i / (gamma + 1)`, which is within `a` of everything inside. Covers 1 us to 1 h in 1,102 buckets;
/// what is shorter or longer falls into the first or last one. Sparse: empty buckets take no room.
/// Merging is addition, so that the order does not matter and a window is the sum of its parts.
///
/// Source: Masson, Rim, Lee, "DDSketch: A fast and fully-mergeable quantile sketch with relative-error guarantees", 2019.
package struct LatencyHistogram: Equatable, Sendable {
    /// How far a reported value may be off, as a fraction.
    ///
    /// Stored buckets depend on it: another value needs another table.
    package static let relativeError = 0.01
    private static let gamma = (1 + relativeError) / (1 - relativeError)

    /// Upper bounds in microseconds, one a bucket.
    ///
    /// A table, because a logarithm differs in its last digit from one C library to the next, and with it the bucket.
    private static let upperBounds: [Double] = {
        var bounds = [1.0]
        var last = 1.0
        while last < 3_600_000_000 {
            last *= gamma
            bounds.append(last)
        }
        return bounds
    }()

    /// Buckets are numbered from 0 to here.
    package static var lastBucket: Int { upperBounds.count - 1 }

    /// Samples by bucket; no zero counts.
    package private(set) var counts: [Int: Int] = [:]
    package private(set) var samples = 0

    package init() {}

    /// Where a latency of so many microseconds is counted.
    package static func bucket(microseconds: Int64) -> Int {
        let value = Double(microseconds)
        var low = 0
        var high = lastBucket
        while low < high {
            let middle = (low + high) / 2
            if upperBounds[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What a bucket reports, in microseconds; a number outside the table counts as the nearest bucket.
    package static func microseconds(bucket: Int) -> Double {
        2 * upperBounds[min(max(bucket, 0), lastBucket)] / (gamma + 1)
    }

    package mutating func add(microseconds: Int64) {
        add(bucket: Self.bucket(microseconds: microseconds), count: 1)
    }

    /// Adds so many samples at once; a count below 1 adds nothing.
    package mutating func add(bucket: Int, count: Int) {
        guard count > 0 else { return }
        counts[bucket, default: 0] += count
        samples += count
    }

    package mutating func merge(_ other: Self) {
        for (bucket, count) in other.counts { add(bucket: bucket, count: count) }
    }

    /// The latency that a share `q` (0...1) of the samples does not exceed; nil without samples.
    ///
    /// Nearest rank: the sample of rank `ceil(q n)`, counted from 1.
    package func quantile(_ q: Double) -> Duration? {
        guard samples > 0 else { return nil }
        // 0.07 * 100 is a little over 7: less than any share that matters is taken off.
        let wanted = (q * Double(samples) - 1e-6).rounded(.up)
        let rank = Int(min(max(wanted, 1), Double(samples)))
        var seen = 0
        for bucket in counts.keys.sorted() {
            seen += counts[bucket, default: 0]
            if seen >= rank { return .microseconds(Self.microseconds(bucket: bucket)) }
        }
        return nil
    }

    /// How many samples are no longer than `limit`, which acts as if it were up to 1 % off.
    ///
    /// A bucket counts wholly, as if all its samples were what it reports: so that this and `quantile` never contradict each
    /// other. A quantile is within `limit` exactly if at least its rank of samples is.
    package func count(atMost limit: Duration) -> Int {
        let limit = limit / .microseconds(1)
        return counts.reduce(0) { sum, entry in
            Self.microseconds(bucket: entry.key) <= limit ? sum + entry.value : sum
        }
    }
}
