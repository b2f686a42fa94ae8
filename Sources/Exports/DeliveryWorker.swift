package import Logging
import Routing
package import Upstream

/// Brings what the outbox holds to the sinks, one task for each, so that a dead one delays nobody else.
///
/// What every sink can rely on:
/// - items come in the order in which they were put in, so a trigger before its resolution, also after a day of silence;
/// - each is sent until the sink takes it, refuses it (4xx), or it is three days old; nothing is left out or joined;
/// - no answer means that it is sent again: the receiver tells a repeat by `dedup_key` (PagerDuty) or `Idempotency-Key`
///   (webhook); Langfuse, which can't, gets an item at most twice, and the second time counts in `possibleDuplicates`.
package final class DeliveryWorker: Sendable {
    private let couriers: [SinkCourier]

    /// `seed` spreads the retries; sinks share `upstream`.
    package init(
        sinks: [any Sink],
        outbox: any Outbox,
        upstream: any Upstream,
        clock: DeliveryClock,
        seed: UInt64,
        logger: Logger
    ) {
        couriers = sinks.enumerated().map { index, sink in
            let draws = Draws(seed: seed &+ UInt64(index))
            return SinkCourier(sink, outbox: outbox, upstream: upstream, clock: clock, draws: draws, logger: logger)
        }
    }

    /// Delivers until the task is cancelled; what is under way then stays in the outbox.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for courier in couriers { group.addTask { await courier.run() } }
        }
    }

    /// Something was put into the outbox; from any thread, costs nothing.
    package func wake() {
        for courier in couriers { courier.bell.ring() }
    }

    /// Delivers to each sink in turn what can be delivered now, and returns when to look again (UTC milliseconds).
    ///
    /// Nil: when something is put in. For a worker that nobody runs (`nines alerts test`), and for tests.
    @discardableResult
    package func deliverNow() async -> Int64? {
        var next: [Int64] = []
        for courier in couriers {
            if let time = await courier.deliver() { next.append(time) }
        }
        return next.min()
    }

    /// In the order of the sinks.
    package var health: [SinkHealth] { couriers.map(\.health) }
}
