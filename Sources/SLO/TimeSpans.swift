/// A stretch of wall time: UTC milliseconds, the end not included.
package struct TimeSpan: Hashable, Sendable {
    package let from: Int64
    package let to: Int64

    /// An end before the start, as after a clock that went back, makes an empty span.
    package init(from: Int64, to: Int64) {
        self.from = from
        self.to = max(from, to)
    }

    package var duration: Duration { .milliseconds(to - from) }
}

extension Sequence<TimeSpan> {
    /// How much of `whole` they cover together; what two of them share counts once.
    package func covered(of whole: TimeSpan) -> Duration {
        var covered: Int64 = 0
        var end = whole.from
        for span in sorted(by: { $0.from < $1.from }) {
            let from = Swift.max(span.from, end)
            let to = Swift.min(span.to, whole.to)
            guard from < to else { continue }
            covered += to - from
            end = to
        }
        return .milliseconds(covered)
    }
}
