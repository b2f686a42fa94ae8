package import SLO

/// One metric with all its series, in Prometheus's terms.
package struct MetricFamily: Sendable, Equatable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package var name: String
    /// One sentence; the unit is in the name.
    package var help: String
    package var kind: Kind
    package var series: [MetricSeries]

    package init(_ name: String, _ kind: Kind, _ help: String, _ series: [MetricSeries]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.series = series
    }
}

/// One set of labels and what it measures.
package struct MetricSeries: Sendable, Equatable {
    /// In the order in which they are written; names are unique.
    package var labels: [MetricLabel]
    package var value: MetricValue

    package init(_ labels: [MetricLabel], _ value: MetricValue) {
        self.labels = labels
        self.value = value
    }

    package init(_ labels: [MetricLabel], _ count: Int) { self.init(labels, .number(Double(count))) }
}

package struct MetricLabel: Sendable, Hashable {
    package var name: String
    package var value: String
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

package enum MetricValue: Sendable, Equatable {
    case number(Double)
    case histogram(LatencyBuckets)
}

/// Latencies counted for Prometheus: cumulative buckets, one of them exactly at the target.
package struct LatencyBuckets: Sendable, Equatable {
    /// Seconds, rising; the bucket without a bound is `count`.
    package var bounds: [Double]
    /// One for each bound: samples no longer than it.
    package var cumulative: [Int]
    /// Seconds, within 1 %.
    package var sum: Double
    package var count: Int

    /// Seconds: from a cache hit to a long answer.
    static let usualBounds: [Double] = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

    /// Read off `histogram`, whose buckets are 1 % wide, so that each bound acts as if it were up to 1 % off.
    package init(_ histogram: LatencyHistogram, target: Duration) {
        let target = target / .seconds(1)
        bounds = (Self.usualBounds.filter { $0 != target } + (target > 0 ? [target] : [])).sorted()
        cumulative = bounds.map { histogram.count(atMost: .seconds($0)) }
        sum = histogram.counts.sorted { $0.key < $1.key }.reduce(0) { sum, entry in
            sum + LatencyHistogram.microseconds(bucket: entry.key) * Double(entry.value) / 1e6
        }
        count = histogram.samples
    }
}
