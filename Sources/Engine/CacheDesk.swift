import Crypto
import FrontDoor
import Logging
import Routing
import SLO
import Settings
import Storage
import Synchronization
import Wire

// NFC is in no smaller library.
import Foundation

/// The response cache: what may go through it, what it holds, and which answers under way are shared.
///
/// Never fails a request: where the ledger can't be read or written, there is no stored answer.
final class CacheDesk: Sendable {
    private let table: RouteTable
    private let config: NinesConfig
    private let ledger: Ledger
    private let logger: Logger
    /// Since it was trimmed; what an earlier run left counts too.
    private let hasGrown = Mutex(true)
    private let shared = Mutex<[[UInt8]: [CacheSlot.Shape: SharedAnswer]]>([:])

    init(_ table: RouteTable, ledger: Ledger, logger: Logger) {
        self.table = table
        config = table.config
        self.ledger = ledger
        self.logger = logger
    }

    /// Where the answer to a request is kept, or why it isn't; nil where the feature has no cache.
    func slot(for asking: Asking, _ journey: Journey) -> Result<CacheSlot, CacheRefused>? {
        let (chat, groups, control) = (asking.chat, asking.groups, asking.control)
        let policy = config.cachePolicy(journey.feature)
        guard policy.isEnabled else { return nil }
        guard journey.traffic != .drill else { return .failure(CacheRefused(.drill)) }
        guard !control.mustNotStore else { return .failure(CacheRefused(.noStore)) }
        // What is sent again for a tenant comes without its key, and names it.
        let tenant = journey.traffic == .live ? table.owner(of: asking.request) : asking.request.header(.tenant)
        var scope = CacheKeyText.Scope(tenant: tenant ?? journey.tenant, feature: journey.feature)
        scope.headers = journey.passedHeaders.map { ($0.name, $0.value) } + [("group", groups[0].name)]
        let text: CacheKeyText
        do throws(Uncacheable) {
            text = try CacheKeyText(chat, scope, level: CacheLevel(policy.level)) {
                $0.precomposedStringWithCanonicalMapping
            }
        } catch {
            return .failure(CacheRefused(.unsafe(error)))
        }
        return .success(
            CacheSlot(
                key: Array(SHA256.hash(data: text.bytes)),
                lifetime: CacheLifetime(policy),
                control: control,
                isStream: chat.stream,
                wantsUsage: text.wantsUsage,
                deployments: Set(groups[0].deployments.map(\.id.name))
            )
        )
    }

    // MARK: Stored answers

    /// The tenant's answer to a request, unless nobody wants it any more.
    ///
    /// That of a request which this one waited for, booked as `awaited`, is new however short its lifetime.
    func find(_ slot: CacheSlot, _ journey: Journey, awaited: RequestRecord? = nil) -> FoundAnswer? {
        guard let entry = ledger.cached(slot.key, tenant: journey.tenant, now: journey.wallTime),
            let answer = try? StoredAnswer(entry.body, endpoint: journey.endpoint)
        else { return nil }
        let age = Duration.milliseconds(max(0, journey.wallTime - entry.created))
        var freshness = slot.lifetime.freshness(at: age, slot.control)
        if let awaited, entry.created == awaited.end { freshness = .fresh }
        guard freshness != .expired else { return nil }
        // Whoever gave it is not the group's any more.
        if !slot.deployments.contains(entry.deployment) {
            guard slot.lifetime.staleIfError != nil else { return nil }
            freshness = .ifError
        }
        return FoundAnswer(entry: entry, answer: answer, age: age, freshness: freshness)
    }

    /// Keeps an answer that came to its end; gives why not.
    ///
    /// `body` is a whole answer's; a streamed one is in `shared`.
    func keep(_ shared: SharedAnswer, body: [UInt8]?, _ slot: CacheSlot, of record: RequestRecord) -> CacheRefusal? {
        guard let deployment = record.deployment, slot.deployments.contains(deployment),
            !record.degraded.contains(where: ["continued", "truncate", "cheaper"].contains)
        else { return .makeshift }
        let endpoint: Endpoint = record.format == .anthropic ? .messages : .chat
        let raw = body ?? shared.bytes
        // A stream takes some hundred bytes of events for a few of text, a document far less.
        guard raw.count / (body == nil ? 256 : 4) <= config.cache.maxEntrySize else { return .tooLarge }
        let answer: StoredAnswer
        do throws(Uncacheable) {
            answer =
                body == nil
                ? try StoredAnswer(stream: raw, endpoint: endpoint) : try StoredAnswer(raw, endpoint: endpoint)
        } catch {
            return .unsafe(error)
        }
        let body = answer.body
        guard body.count <= config.cache.maxEntrySize else { return .tooLarge }
        var entry = CacheEntry(
            key: slot.key,
            tenant: record.tenant,
            feature: record.feature,
            created: record.end,
            ttl: slot.lifetime.ttl.microseconds / 1_000,
            body: body
        )
        entry.group = record.group
        entry.deployment = deployment
        entry.provider = record.provider ?? ""
        entry.headers = "[\(record.degraded.map(jsonString).joined(separator: ","))]"
        entry.cost = record.cost
        entry.latencyMicros = record.totalMicros
        ledger.store(entry)
        hasGrown.withLock { $0 = true }
        return nil
    }

    /// Deletes what nobody wants any more, and what is over the size; nothing where nothing came since the last time.
    func trim(now: Int64) throws(LedgerError) {
        guard
            hasGrown.withLock({ grown in
                defer { grown = false }
                return grown
            })
        else { return }
        let policies = [config.cache.policy] + config.features.map(\.cache)
        let longest = policies.filter(\.isEnabled).map { CacheLifetime($0).longest }.max() ?? .zero
        try ledger.trimCache(
            toBytes: Int(clamping: config.cache.maxSize),
            olderThan: now - longest.microseconds / 1_000
        )
    }

    // MARK: Answers under way

    /// One client's place at an answer.
    struct Place {
        let answer: SharedAnswer
        let reader: SharedAnswer.Reader
        /// The answer is this client's to ask for.
        let isFirst: Bool
        /// Under way for the same question in other shapes, with a place at each: what they leave in the cache is this
        /// client's answer too.
        var others: [(answer: SharedAnswer, reader: SharedAnswer.Reader)] = []
    }

    /// A place among the readers of an answer under way, or else the start of one that others may join.
    func joinOrStart(_ slot: CacheSlot) -> Place {
        shared.withLock { shared in
            let underWay = shared[slot.key] ?? [:]
            if let answer = underWay[slot.shape], let reader = answer.join() {
                return Place(answer: answer, reader: reader, isFirst: false)
            }
            let (answer, reader) = SharedAnswer.start()
            shared[slot.key, default: [:]][slot.shape] = answer
            let others = underWay.filter { $0.key != slot.shape }.values
                .compactMap { other in other.join().map { (other, $0) } }
            return Place(answer: answer, reader: reader, isFirst: true, others: others)
        }
    }

    /// A place at an answer that nobody else may join.
    func startAlone() -> Place {
        let (answer, reader) = SharedAnswer.start()
        return Place(answer: answer, reader: reader, isFirst: true)
    }

    /// Nobody may join it any more.
    func close(_ slot: CacheSlot, _ answer: SharedAnswer) {
        shared.withLock { shared in
            guard shared[slot.key]?[slot.shape] === answer else { return }
            shared[slot.key]?[slot.shape] = nil
            if shared[slot.key]?.isEmpty == true { shared[slot.key] = nil }
        }
    }
}

extension RequestRecord {
    /// UTC milliseconds.
    fileprivate var end: Int64 { at + totalMicros / 1_000 }
}

/// A reason as an error.
struct CacheRefused: Error {
    let reason: CacheRefusal
    init(_ reason: CacheRefusal) { self.reason = reason }
}

extension CacheLevel {
    init(_ level: NinesConfig.CachePolicy.Level) {
        self =
            switch level {
            case .exact: .exact
            case .safe: .safe
            case .aggressive: .aggressive
            }
    }
}

extension CacheLifetime {
    init(_ policy: NinesConfig.CachePolicy) {
        self.init(
            ttl: policy.ttl,
            staleWhileRevalidate: policy.staleWhileRevalidate,
            staleIfError: policy.staleIfError
        )
    }
}
