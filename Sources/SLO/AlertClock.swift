/// When an evaluation happens, by both clocks.
package struct Moment: Equatable, Sendable {
    /// UTC milliseconds; may jump.
    package let wall: Int64
    /// Since some fixed moment of this process, sleep included; never goes back.
    package let uptime: Duration

    package init(wall: Int64, uptime: Duration) {
        self.wall = wall
        self.uptime = uptime
    }
}

/// What passed between two evaluations, whatever the wall clock did.
///
/// Within a process the uptime counts; over a restart the wall clock has to do, and time that it says ran backwards is none.
package struct AlertClock: Equatable, Sendable, Codable {
    private var wall: Int64?
    /// Left out of what is stored: another process has another uptime.
    private var uptime: Duration?
    /// Time since the wall clock was set back; nil where that is long ago.
    private(set) var sinceSetBack: Duration?

    private enum CodingKeys: String, CodingKey { case wall, sinceSetBack }

    /// More than this without an evaluation is a gap: two ticks of 60 s were missed.
    package static let longestTick: Duration = .seconds(150)
    /// A wall clock that goes back by less is being corrected, not set.
    static let slack: Duration = .seconds(60)
    private static let longestSettling: Duration = .seconds(86_400)

    package init() {}

    struct Passage {
        /// Never negative.
        var elapsed: Duration = .zero
        /// Nothing was seen for a while before this evaluation.
        var gap: Gap?
    }

    mutating func pass(to now: Moment) -> Passage {
        defer { (wall, uptime) = (now.wall, now.uptime) }
        guard let wall else { return Passage() }
        let byWall = Duration.milliseconds(now.wall.subtractingReportingOverflow(wall).partialValue)
        let byUptime = uptime.map { max(.zero, now.uptime - $0) }
        let elapsed = byUptime ?? max(.zero, byWall)
        age(by: elapsed, isSetBack: byWall - (byUptime ?? .zero) < .zero - Self.slack)
        guard max(elapsed, byWall) > Self.longestTick else { return Passage(elapsed: elapsed) }
        let cause: Gap.Cause = byUptime == nil ? .downtime : elapsed > Self.longestTick ? .sleep : .clock
        return Passage(elapsed: elapsed, gap: Gap(span: TimeSpan(from: wall, to: now.wall), cause: cause))
    }

    private mutating func age(by elapsed: Duration, isSetBack: Bool) {
        if isSetBack {
            sinceSetBack = .zero
        } else if let since = sinceSetBack {
            sinceSetBack = since + elapsed < Self.longestSettling ? since + elapsed : nil
        }
    }
}

extension AlertClock {
    /// Time in which Nines saw nothing: neither failure nor success.
    package struct Gap: Hashable, Sendable {
        package enum Cause: String, Sendable {
            /// The machine slept, or the process stood still.
            case sleep
            /// Nines was not running.
            case downtime
            /// The wall clock was set forward: nothing was missed, but no event bears these times.
            case clock
        }

        package let span: TimeSpan
        package let cause: Cause
    }
}
