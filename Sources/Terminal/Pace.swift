/// When to draw: at once for keys, ten times a second at most for data, on the second for clocks, never while frozen.
///
/// A value: `now` is monotonic milliseconds, `wall` is UTC milliseconds since 1970.
struct Pace {
    /// Between two frames that only new data asked for.
    static let dataInterval: Int64 = 100
    /// Between two frames of a window that is being dragged.
    static let resizeInterval: Int64 = 33

    private var due: Int64? = 0
    private var hasData = false
    private var lastPaint: Int64 = .min / 2
    private var lastSecond: Int64 = .min

    /// Something that the user did must show now.
    mutating func keyCame(now: Int64) { due = now }

    /// The first data is what an empty screen waits for: it is drawn at once.
    mutating func dataCame() {
        ask(hasData ? lastPaint + Self.dataInterval : lastPaint)
        hasData = true
    }

    mutating func sizeChanged() { ask(lastPaint + Self.resizeInterval) }

    private mutating func ask(_ time: Int64) { due = min(due ?? time, time) }

    /// Whether to draw now.
    func isDue(now: Int64, wall: Int64, isFrozen: Bool) -> Bool {
        if let due, now >= due { return true }
        return !isFrozen && second(wall) != lastSecond
    }

    mutating func painted(now: Int64, wall: Int64) {
        due = nil
        lastPaint = now
        lastSecond = second(wall)
    }

    /// Milliseconds until `isDue` may change by itself; -1: never.
    func timeout(now: Int64, wall: Int64, isFrozen: Bool) -> Int32 {
        var wait: Int64?
        if let due { wait = max(0, due - now) }
        if !isFrozen {
            let tick = second(wall) == lastSecond ? (second(wall) + 1) * 1000 - wall : 0
            wait = min(wait ?? tick, tick)
        }
        return wait.map { Int32(clamping: $0) } ?? -1
    }

    private func second(_ wall: Int64) -> Int64 {
        let (quotient, remainder) = wall.quotientAndRemainder(dividingBy: 1000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
