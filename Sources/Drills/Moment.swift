/// When something happened in a drill, on both of its clocks.
package struct Moment: Codable, Equatable, Sendable {
    /// Since the drill opened, on a clock that nobody sets and that goes on while the machine sleeps.
    package let elapsed: Duration
    /// UTC milliseconds.
    package let wall: Int64

    package init(elapsed: Duration, wall: Int64) {
        self.elapsed = elapsed
        self.wall = wall
    }

    static func - (end: Moment, start: Moment) -> Duration { end.elapsed - start.elapsed }
}

extension Duration {
    /// Rounded down; what a journal keeps of a time.
    var inMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }

    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
