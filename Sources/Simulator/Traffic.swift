import Synchronization

/// How one request of the traffic ended, as its sender saw it.
package enum TrafficResult: Sendable, Hashable {
    case served
    /// Why, for a person.
    case failed(String)
}

/// Believable clients: sends the requests of a seed at a rate that can be changed while it runs.
package final class Traffic: Sendable {
    /// What became of the requests so far.
    package struct Counts: Sendable, Equatable {
        package internal(set) var sent = 0
        package internal(set) var served = 0
        package internal(set) var failed = 0
        package var inFlight: Int { sent - served - failed }
    }

    private let configuration: TrafficConfiguration
    private let clock: any Clock<Duration>
    private let send: @Sendable (TrafficRequest) async -> TrafficResult
    private let state: Mutex<(rate: Double, counts: Counts)>

    /// Sends nothing before `run`.
    ///
    /// `send` is called off the caller's actor, up to `maxInFlight` times at once; it must return soon after its task is cancelled.
    package init(
        configuration: TrafficConfiguration,
        clock: any Clock<Duration> = ContinuousClock(),
        send: @escaping @Sendable (TrafficRequest) async -> TrafficResult
    ) {
        self.configuration = configuration
        self.clock = clock
        self.send = send
        state = Mutex((configuration.rate, Counts()))
    }

    /// Mean requests a second from now on; 0 or less pauses.
    package var rate: Double {
        get { state.withLock { $0.rate } }
        set { state.withLock { $0.rate = newValue } }
    }

    package var counts: Counts { state.withLock { $0.counts } }

    /// Sends until its task is cancelled, then cancels what is in flight and returns when that has ended.
    @concurrent
    package func run() async { await run(on: clock) }

    private func run<Ticks: Clock>(on clock: Ticks) async where Ticks.Duration == Duration {
        var plan = TrafficPlan(configuration)
        var pacer = Pacer(clock: clock)
        await withTaskGroup(of: Void.self) { group in
            var open = 0
            while true {
                let (gap, request) = plan.next()
                guard await pacer.wait(gap, rate: { self.rate }) else { break }
                if open >= max(configuration.maxInFlight, 1) {
                    await group.next()
                    open -= 1
                }
                guard group.addTaskUnlessCancelled(operation: { await self.perform(request) }) else { break }
                open += 1
            }
            group.cancelAll()
        }
    }

    private func perform(_ request: TrafficRequest) async {
        state.withLock { $0.counts.sent += 1 }
        let result = await send(request)
        state.withLock {
            switch result {
            case .served: $0.counts.served += 1
            case .failed: $0.counts.failed += 1
            }
        }
    }
}

/// Turns gaps of a plan into moments of a clock.
///
/// Keeps deadlines, not delays, so that late wake-ups don't lower the rate.
private struct Pacer<Ticks: Clock> where Ticks.Duration == Duration {
    private let clock: Ticks
    private let start: Ticks.Instant
    private var deadline: Ticks.Instant

    init(clock: Ticks) {
        self.clock = clock
        start = clock.now
        deadline = start
    }

    /// Waits until `gap` arrivals were due at the rate of each moment; false where the task was cancelled.
    ///
    /// In slices, so that a new rate is felt at once and the wave is followed.
    mutating func wait(_ gap: Double, rate: () -> Double) async -> Bool {
        var due = gap
        while due > 0 {
            let rate = TrafficPlan.wave(rate(), at: start.duration(to: deadline))
            let expected = rate * (Self.slice / .seconds(1))
            let isLast = expected >= due
            deadline = deadline.advanced(by: isLast ? .seconds(due / rate) : Self.slice)
            due = isLast ? 0 : due - expected
            do { try await clock.sleep(until: deadline, tolerance: nil) } catch { return false }
            if Task.isCancelled { return false }
        }
        // What fell due while the machine slept, or while everything allowed was in flight, is not made up for.
        if deadline.duration(to: clock.now) > .milliseconds(250) { deadline = clock.now }
        return true
    }

    private static var slice: Duration { .milliseconds(100) }
}
