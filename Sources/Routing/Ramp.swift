/// The way back of a deployment that works again: a growing share of the requests that it would get.
///
/// A step lasts until it has seen enough successes, and for a while; where traffic is thin, time alone ends it. A failure
/// on the way opens the breaker again, which is not decided here.
struct Ramp: Equatable, Sendable {
    static let shares = [0.1, 0.25, 0.5]
    /// A step ends after this many successes and at least this time, or after the longest time without a failure.
    static let successesAStep = 5
    static let shortestStep: Duration = .seconds(5)
    static let longestStep: Duration = .seconds(60)

    private var step = 0
    private var since: Duration
    private var successes = 0

    init(since: Duration) { self.since = since }

    /// 0.1 to 1; 1 once the ramp is over.
    func share(at now: Duration) -> Double {
        let step = step + passedByTime(now)
        return step < Self.shares.count ? Self.shares[step] : 1
    }

    mutating func succeeded(at now: Duration) {
        let passed = passedByTime(now)
        if passed > 0 { self = Ramp(step: step + passed, since: since + Self.longestStep * passed) }
        successes += 1
        guard successes >= Self.successesAStep, now - since >= Self.shortestStep else { return }
        self = Ramp(step: step + 1, since: now)
    }

    private init(step: Int, since: Duration) {
        self.step = step
        self.since = since
    }

    private func passedByTime(_ now: Duration) -> Int {
        min(Self.shares.count, max(0, Int((now - since) / Self.longestStep)))
    }
}
