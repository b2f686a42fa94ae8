package import Exports
import Logging
import Routing
package import Settings
package import Storage
import Synchronization
import Upstream

/// What leaves the machine beside requests: alerts to pagers, calls to collectors, by way of the ledger's outbox.
final class Deliveries: Sendable {
    let worker: DeliveryWorker
    private let hasNews = Mutex(false)

    init(_ config: NinesConfig, ledger: Ledger, upstream: any Upstream, seed: UInt64, logger: Logger) {
        worker = DeliveryWorker(
            sinks: config.pagers.compactMap(\.sinkOutside) + config.exports.map(\.sink) as [any Exports.Sink],
            outbox: LedgerOutbox(ledger: ledger),
            upstream: upstream,
            clock: DeliveryClock(now: wallMilliseconds),
            seed: seed,
            logger: logger
        )
    }

    /// Something was put into the outbox.
    func wake() { worker.wake() }

    /// Something will be in the outbox with the ledger's next batch.
    func expect() { hasNews.withLock { $0 = true } }

    /// Wakes the worker where something was expected; once a second, so that a busy router does not ring for each request.
    func ring() {
        let news = hasNews.withLock { news in
            defer { news = false }
            return news
        }
        if news { worker.wake() }
    }
}

extension Engine {
    /// Sends what the outbox holds; until cancelled.
    package func deliver() async {
        await deliveries.worker.run()
        // Without sinks it returns at once, and a service that ends would end all others.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(86_400)) }
    }
}

extension NinesConfig.Pager {
    /// Nil for the terminal: the console is that pager.
    package var sinkOutside: (any Exports.Sink)? {
        let pager: Exports.Pager
        switch sink {
        case .terminal: return nil
        case .pagerDuty(let key, let url):
            pager = .pagerDuty(routingKey: key.secret.reveal(), endpoint: url.reveal())
        case .slack(let url): pager = .slack(url: url.reveal())
        case .ntfy(let url, let token): pager = .ntfy(url: url.reveal(), token: token?.secret.reveal())
        case .webhook(let url, let secret): pager = .webhook(url: url.reveal(), secret: secret?.secret.reveal())
        }
        return PagerSink(id: name, pager: pager)
    }
}

extension NinesConfig.Export {
    var sink: any Exports.Sink {
        let collector: Collector =
            switch service {
            case .langfuse(let publicKey, let secret, .otlp):
                .langfuse(host: host, publicKey: publicKey, secretKey: secret.secret.reveal())
            case .langfuse(let publicKey, let secret, .legacy):
                .langfuseLegacy(host: host, publicKey: publicKey, secretKey: secret.secret.reveal())
            case .helicone(let key): .helicone(key: key.secret.reveal(), host: host)
            }
        return CollectorSink(id: name, collector: collector)
    }
}

/// The ledger's outbox as the delivery worker wants it.
package struct LedgerOutbox: Exports.Outbox {
    let ledger: Ledger
    package init(ledger: Ledger) { self.ledger = ledger }

    package func due(sink: String, now: Int64, limit: Int) throws -> [Exports.OutboxItem] {
        try ledger.due(sink: sink, now: now, limit: limit).map { waiting in
            Exports.OutboxItem(
                id: waiting.id,
                sink: sink,
                key: waiting.item.dedup ?? "\(waiting.id)",
                createdAt: waiting.item.at,
                attempts: waiting.attempts,
                payload: Array(waiting.item.body.utf8)
            )
        }
    }

    package func done(_ ids: [Int64]) throws { try ledger.delivered(ids, now: wallMilliseconds()) }

    package func retry(_ ids: [Int64], at time: Int64, error: String) throws {
        try ledger.retry(ids, at: time, now: wallMilliseconds(), error: error)
    }

    package func drop(_ ids: [Int64], reason: String) throws {
        try ledger.giveUp(ids, now: wallMilliseconds(), error: reason)
    }
}

extension Engine {
    /// The settled request as every configured collector is to be told about it.
    func exported(_ record: RequestRecord, _ deployment: Deployment?) -> [Storage.OutboxItem] {
        guard !config.exports.isEmpty else { return [] }
        let body = String(decoding: CallRecord(record, model: deployment?.model).payload, as: UTF8.self)
        return config.exports.map {
            Storage.OutboxItem(sink: $0.name, kind: "call", body: body, at: record.at)
        }
    }
}

extension CallRecord {
    /// A settled request as collectors are told about it.
    init(_ record: RequestRecord, model: String?) {
        self.init(id: record.id, at: record.at, outcome: record.outcome.rawValue)
        tenant = record.tenant
        feature = record.feature
        group = record.group
        provider = record.provider
        deployment = record.deployment
        self.model = model
        stream = record.stream
        status = record.status
        error = record.error
        attempts = record.attempts
        failoverFrom = record.failedOver ? record.attemptRecords.first?.deployment : nil
        firstTokenMicros = record.firstTokenMicros
        totalMicros = record.totalMicros
        (tokensIn, tokensOut) = (record.tokensIn, record.tokensOut)
        (tokensCacheRead, tokensCacheWrite) = (record.tokensCacheRead, record.tokensCacheWrite)
        (cost, costIsEstimated) = (record.cost, record.costIsEstimated)
        cache = record.cache.rawValue
        tags = record.tags + (record.traffic == .live ? [] : [record.traffic.rawValue])
    }
}
