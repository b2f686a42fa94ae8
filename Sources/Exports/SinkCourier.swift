import Logging
import Routing
import Synchronization
import Upstream

/// Brings one sink its items; `deliver` is called by one task at a time.
final class SinkCourier: Sendable {
    let bell = Doorbell()
    private let sink: any Sink
    private let outbox: any Outbox
    private let upstream: any Upstream
    private let clock: DeliveryClock
    private let logger: Logger
    private let state: Mutex<SinkState>
    /// What the outbox could not be told yet; told before anything else is sent, or an item would be sent twice.
    private let untold = Mutex<[SinkState.Settlement]>([])

    /// Looks at the outbox at least so often, should a bell be missed.
    private static let idle = Duration.seconds(60)
    /// After the outbox failed; milliseconds.
    private static let outboxPause: Int64 = 5_000
    /// Items that are looked at together.
    private static let view = 100

    init(
        _ sink: any Sink,
        outbox: any Outbox,
        upstream: any Upstream,
        clock: DeliveryClock,
        draws: Draws,
        logger: Logger
    ) {
        self.sink = sink
        self.outbox = outbox
        self.upstream = upstream
        self.clock = clock
        self.logger = logger
        state = Mutex(SinkState(id: sink.id, batchLimit: sink.batchLimit, draws: draws))
    }

    var health: SinkHealth { state.withLock(\.health) }

    func run() async {
        while !Task.isCancelled {
            let pause = await deliver().map { Duration.milliseconds($0 - clock.now()) } ?? Self.idle
            await bell.wait(atMost: min(max(pause, .zero), Self.idle), clock)
        }
    }

    /// Delivers what can be delivered now.
    ///
    /// - Returns: when to look again, UTC milliseconds; nil when nothing waits.
    func deliver() async -> Int64? {
        let next = await deliverUntilStopped()
        // A cancelled task could not write what it has just delivered, and it would be sent again after the next start.
        if Task.isCancelled { await Task { try? await self.tell() }.value }
        return next
    }

    private func deliverUntilStopped() async -> Int64? {
        while !Task.isCancelled {
            do {
                try await tell()
                let now = clock.now()
                guard state.withLock({ $0.isOpen(at: now) }) else { return health.nextTryAt }
                let queue = try await outbox.due(sink: sink.id, now: now, limit: Self.view)
                guard !queue.isEmpty else { return nil }
                await step(queue, now: now)
            } catch {
                logger.error("the outbox can't be read or written: \(error)", metadata: ["sink": "\(sink.id)"])
                return clock.now() + Self.outboxPause
            }
        }
        return nil
    }

    /// One request at most.
    private func step(_ queue: [OutboxItem], now: Int64) async {
        let expired = queue.prefix { item in state.withLock { $0.isTooOld(item, at: now) } }.map(\.id)
        guard expired.isEmpty else { return settle(now) { $0.drop(expired, reason: "older than three days") } }
        if state.withLock(\.needsProbe), let probe = sink.probe {
            let answer = await sink.send(probe, through: upstream, now: now)
            let settledAt = clock.now()
            state.withLock { $0.settleProbe(answer, now: settledAt) }
            return
        }
        let start = state.withLock { $0.start(in: queue) }
        await send(Array(queue[start...]), passed: start > 0 ? queue[0] : nil, now: now)
    }

    private func send(_ queue: [OutboxItem], passed: OutboxItem?, now: Int64) async {
        // A pager sees what follows, a collector as much as one request may hold.
        let offered = sink.batchLimit == 1 ? queue : state.withLock { $0.batch(of: queue) }
        guard case .request(let request, let count) = sink.prepare(offered, now: now) else {
            return settle(now) { $0.drop([queue[0].id], reason: "unreadable: written by another version") }
        }
        let answer = await sink.send(request, through: upstream, now: now)
        let items = Array(queue.prefix(max(count, 1)))
        let (mayRepeat, spacing, answeredAt) = (sink.probe == nil, sink.spacing, clock.now())
        settle(answeredAt) {
            $0.settle(answer, items: items, passed: passed, mayRepeat: mayRepeat, spacing: spacing, now: answeredAt)
        }
    }

    private func settle(_ now: Int64, _ decide: (inout SinkState) -> SinkState.Settlement) {
        let (before, settlement, after) = state.withLock { state in
            let before = state.health.standing
            let settlement = decide(&state)
            return (before, settlement, state.health)
        }
        untold.withLock { $0.append(settlement) }
        report(before, settlement, after)
    }

    private func tell() async throws {
        while let next = untold.withLock({ $0.first }) {
            switch next {
            case .done(let ids): try await outbox.done(ids)
            case .retry(let ids, let at, let error): try await outbox.retry(ids, at: at, error: error)
            case .drop(let ids, let reason): try await outbox.drop(ids, reason: reason)
            case .split: break
            }
            untold.withLock { _ = $0.removeFirst() }
        }
    }

    /// A line when something changes, not one a try.
    private func report(
        _ before: SinkHealth.Standing,
        _ settlement: SinkState.Settlement,
        _ after: SinkHealth
    ) {
        let about: Logger.Metadata = ["sink": "\(sink.id)"]
        if case .drop(let ids, let reason) = settlement {
            logger.error("\(ids.count) not delivered: \(reason)", metadata: about)
        }
        guard before != after.standing else { return }
        switch after.standing {
        case .ok: logger.notice("delivers again", metadata: about)
        case .failing: logger.warning("does not deliver: \(after.lastError ?? "")", metadata: about)
        case .refused: logger.error("refuses us, check its key and address: \(after.lastError ?? "")", metadata: about)
        }
    }
}
