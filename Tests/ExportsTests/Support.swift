import Exports
import Foundation
import Logging
import Routing
import Synchronization
import Testing
import Upstream
import Wire

/// A Monday afternoon in 2026; UTC milliseconds.
let noon: Int64 = 1_790_000_000_000

/// A clock that stands still until it is set; sleeping sets it.
final class ManualClock: Sendable {
    private let time = Mutex(noon)
    var now: Int64 {
        get { time.withLock(\.self) }
        set { time.withLock { $0 = newValue } }
    }
    var clock: DeliveryClock {
        DeliveryClock(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.now += Int64(duration / .milliseconds(1))
                await Task.yield()
            }
        )
    }
}

/// The protocol's promises in memory.
final class MemoryOutbox: Outbox {
    struct Row: Equatable {
        var item: OutboxItem
        var notBefore: Int64 = 0
        var error: String?
    }
    struct Contents: Equatable {
        var rows: [Row] = []
        var done: [Int64] = []
        var dropped: [Int64: String] = [:]
        var lastID: Int64 = 0
        /// Calls of `done` that are to fail.
        var refusals = 0
    }
    struct Busy: Error {}
    private let contents = Mutex(Contents())

    var now: Contents { contents.withLock(\.self) }

    func refuse(_ calls: Int) { contents.withLock { $0.refusals = calls } }

    @discardableResult
    func put(_ sink: String, key: String, at: Int64 = noon, _ payload: [UInt8]) -> Int64 {
        contents.withLock { contents in
            contents.lastID += 1
            let item = OutboxItem(id: contents.lastID, sink: sink, key: key, createdAt: at, payload: payload)
            contents.rows.append(Row(item: item))
            return contents.lastID
        }
    }

    func put(_ sink: String, _ notices: [AlertNotice]) {
        for notice in notices { put(sink, key: notice.dedupKey, at: notice.at, notice.payload) }
    }

    func put(_ sink: String, _ records: [CallRecord]) {
        for record in records { put(sink, key: record.id, record.payload) }
    }

    func due(sink: String, now: Int64, limit: Int) async throws -> [OutboxItem] {
        contents.withLock { contents in
            let rows = contents.rows.filter { $0.item.sink == sink }
            return rows.prefix { $0.notBefore <= now || $0.notBefore - now > 3_600_000 }.prefix(limit).map(\.item)
        }
    }

    func done(_ ids: [Int64]) async throws {
        try contents.withLock { contents in
            guard contents.refusals == 0 else {
                contents.refusals -= 1
                throw Busy()
            }
            contents.done += ids
            contents.rows.removeAll { ids.contains($0.item.id) }
        }
    }

    func retry(_ ids: [Int64], at: Int64, error: String) async throws {
        contents.withLock { contents in
            for index in contents.rows.indices where ids.contains(contents.rows[index].item.id) {
                contents.rows[index].item.attempts += 1
                contents.rows[index].notBefore = at
                contents.rows[index].error = error
            }
        }
    }

    func drop(_ ids: [Int64], reason: String) async throws {
        contents.withLock { contents in
            for id in ids { contents.dropped[id] = reason }
            contents.rows.removeAll { ids.contains($0.item.id) }
        }
    }
}

/// A worker over a receiver, libcurl and a manual clock.
struct Workplace {
    let outbox = MemoryOutbox()
    let clock = ManualClock()
    let curl: CurlUpstream
    let worker: DeliveryWorker

    init(_ sinks: [any Sink], limit: @escaping @Sendable (UpstreamRequest) -> Duration? = { _ in nil }) throws {
        curl = try CurlUpstream(configuration: .init(proxy: ""))
        worker = DeliveryWorker(
            sinks: sinks,
            outbox: outbox,
            upstream: ImpatientUpstream(upstream: curl, limit: limit),
            clock: clock.clock,
            seed: 7,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Delivers, and lets time pass where the worker waits, until nothing waits or it was asked for `passes` times.
    func drain(passes: Int = 500) async {
        for _ in 0..<passes {
            guard let next = await worker.deliverNow() else { return }
            clock.now = max(clock.now, next)
        }
    }
}

func notice(
    _ number: Int = 1,
    key: String = "latency",
    _ state: AlertNotice.State = .triggered,
    severity: AlertNotice.Severity = .page
) -> AlertNotice {
    var notice = AlertNotice(
        id: "n-\(number)",
        dedupKey: key,
        rule: "latency",
        severity: severity,
        state: state,
        title: "p95 latency over target",
        startedAt: noon - 900_000,
        at: noon
    )
    notice.unit = .seconds
    notice.value = 2.614
    notice.threshold = 2.5
    notice.samples = 1_204
    notice.windowSeconds = 900
    return notice
}

func json(_ bytes: [UInt8]) throws -> JSONValue { try JSONValue(bytes) }
func json(_ text: String) throws -> JSONValue { try JSONValue(Array(text.utf8)) }

extension JSONValue {
    /// What stands at a path such as `payload.severity` or `blocks.0.text`.
    func at(_ path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, part in
            if let index = Int(part), case .array(let elements)? = value {
                return elements.indices.contains(index) ? elements[index] : nil
            }
            return value?[String(part)]
        }
    }

    func string(_ path: String) -> String? {
        guard case .string(let text)? = at(path) else { return nil }
        return text
    }
}

/// What a request says, header by name in lower case.
extension UpstreamRequest {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Gives single requests another time limit, so that a test of silence is short.
struct ImpatientUpstream: Upstream {
    let upstream: any Upstream
    let limit: @Sendable (UpstreamRequest) -> Duration?
    func open(_ request: UpstreamRequest) -> any UpstreamExchange {
        var request = request
        if let limit = limit(request) { request.timeout = limit }
        return upstream.open(request)
    }
}
