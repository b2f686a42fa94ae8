/// How long one rollup row is; the raw value is in seconds.
enum Grain: Int64, CaseIterable {
    case minute = 60
    case hour = 3_600
    case day = 86_400

    /// Table of event counts.
    var counts: String { "sli_\(self)" }
    /// Table of latency buckets.
    var latencies: String { "latency_\(self)" }

    /// The start of the row that holds a time at or after 1970.
    func start(of seconds: Int64) -> Int64 { seconds / rawValue * rawValue }
}

/// Rows of one grain from `from` up to, not including, `to`; seconds, aligned.
struct Span: Equatable {
    let grain: Grain
    let from: Int64
    let to: Int64

    /// The fewest rows that cover a time exactly: days inside, hours at the edges, minutes at the ends.
    ///
    /// Both ends are whole minutes. At most 58 minutes and 23 hours at each end.
    static func covering(from: Int64, to: Int64, grain: Grain = .day, finest: Grain = .minute) -> [Self] {
        guard from < to else { return [] }
        guard grain != finest, let finer = grain.finer else { return [Span(grain: grain, from: from, to: to)] }
        let first = grain.start(of: from + grain.rawValue - 1)
        let last = grain.start(of: to)
        guard first < last else { return covering(from: from, to: to, grain: finer, finest: finest) }
        return covering(from: from, to: first, grain: finer, finest: finest)
            + [Span(grain: grain, from: first, to: last)]
            + covering(from: last, to: to, grain: finer, finest: finest)
    }

    /// Longer windows begin with a whole hour, so that minutes need not be kept for as long.
    static let longestByTheMinute = Duration.seconds(7 * 86_400)

    /// The window that ends now, to the minute: the minute under way counts, and so does the one that `window` began in.
    ///
    /// Likewise to the hour, at its beginning where it is longer than `longestByTheMinute`, at both ends where hours are the
    /// `finest` rows.
    static func last(_ window: Duration, now: Int64, finest: Grain = .minute) -> [Self] {
        let end = now / 1_000
        let begin = max(end - window.components.seconds, 0)
        let edge = window > longestByTheMinute ? Grain.hour : finest
        return covering(from: edge.start(of: begin), to: finest.start(of: end) + finest.rawValue, finest: finest)
    }
}

extension Grain {
    fileprivate var finer: Self? {
        switch self {
        case .minute: nil
        case .hour: .minute
        case .day: .hour
        }
    }
}
