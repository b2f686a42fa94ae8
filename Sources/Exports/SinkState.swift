import Routing

/// How a sink is doing, for the screen and the metrics.
package struct SinkHealth: Sendable, Equatable {
    package enum Standing: String, Sendable {
        /// The last request got through, or there was none.
        case ok
        /// It does not answer as it should, which may pass, or it refused the last item.
        case failing
        /// The key or the address is wrong: a person has to act. It is tried again every quarter of an hour.
        case refused
    }
    package var id: String
    package var standing = Standing.ok
    /// Items since the start.
    package var delivered = 0
    /// Items given up since the start.
    package var dropped = 0
    /// Items that were sent again after a request that may have arrived, where the sink can't tell.
    package var possibleDuplicates = 0
    /// Requests in a row that failed.
    package var failures = 0
    /// One line, free of secrets; stays after a recovery.
    package var lastError: String?
    /// UTC milliseconds.
    package var lastDeliveredAt: Int64?
    /// Not before; UTC milliseconds.
    package var nextTryAt: Int64?

    package init(id: String) { self.id = id }
}

/// What the worker remembers of one sink, and how it decides; a value, so that each rule has its test.
///
/// A failing sink holds its whole queue (nothing overtakes), and nobody else's. Three cases go past the head:
/// 1. It is refused as such (4xx): dropped, once it stands alone.
/// 2. It is older than three days: dropped.
/// 3. The sink has answered 500 to it six times: the first item of another key is tried in its place. If that one gets
///    through, the fault is the head's, which is dropped at its next 500.
struct SinkState {
    private(set) var health: SinkHealth
    private let maximumBatch: Int
    private var draws: Draws
    /// Items a request: halved while a batch is refused, so that the culprit ends up alone.
    private(set) var batch: Int
    /// Sent once without an answer; a second time is the last.
    private(set) var unanswered: Set<Int64> = []
    /// The sink is asked with a harmless request first.
    private(set) var needsProbe = false
    /// How often the sink has answered 500 to an item.
    private var choked: [Int64: Int] = [:]
    /// Items that it choked on, while a later one got through.
    private var suspects: Set<Int64> = []

    init(id: String, batchLimit: Int, draws: Draws) {
        health = SinkHealth(id: id)
        maximumBatch = max(batchLimit, 1)
        batch = maximumBatch
        self.draws = draws
    }

    /// How long an item is kept; milliseconds.
    static let maximumAge: Int64 = 3 * 86_400_000
    /// Longest wait that is kept to, a sink's own wish included; milliseconds.
    static let longestWait: Int64 = 3_600_000
    private static let longestBackoff: Int64 = 900_000
    private static let patience = 6

    /// Whether a request may be made; a time far ahead means that the clock was set back.
    func isOpen(at now: Int64) -> Bool {
        guard let next = health.nextTryAt else { return true }
        return next <= now || next - now > Self.longestWait
    }

    /// Whether the item is past its time.
    func isTooOld(_ item: OutboxItem, at now: Int64) -> Bool { now - item.createdAt > Self.maximumAge }

    /// Where in a queue to begin: at its head, or every other time past it, to find out whether the head is to blame.
    func start(in queue: [OutboxItem]) -> Int {
        guard let head = queue.first, choked[head.id, default: 0] >= Self.patience, !suspects.contains(head.id),
            health.failures % 2 == 1
        else { return 0 }
        return queue.firstIndex { $0.key != head.key } ?? 0
    }

    /// The queue from its start, as long as one request may be; doubtful items are sent by themselves.
    func batch(of queue: [OutboxItem]) -> [OutboxItem] {
        guard let head = queue.first, !suspects.contains(head.id) else { return Array(queue.prefix(1)) }
        let isInDoubt = unanswered.contains(head.id)
        return Array(queue.prefix { unanswered.contains($0.id) == isInDoubt }.prefix(batch))
    }

    /// What becomes of the items of one request.
    enum Settlement: Equatable {
        case done([Int64])
        case retry([Int64], at: Int64, error: String)
        case drop([Int64], reason: String)
        /// At once again, in smaller parts.
        case split
    }

    /// Takes in what a sink said to `items`, sent at `now`; `passed` is the item that they were tried in place of.
    mutating func settle(
        _ answer: SinkAnswer,
        items: [OutboxItem],
        passed: OutboxItem? = nil,
        mayRepeat: Bool,
        spacing: Duration,
        now: Int64
    ) -> Settlement {
        let ids = items.map(\.id)
        switch answer.meaning {
        case .delivered(let complaint):
            succeeded(count: ids.count, complaint: complaint, spacing: spacing, now: now)
            forget(ids)
            if let passed { suspects.insert(passed.id) }
            return .done(ids)
        case .itemRefused:
            guard ids.count == 1 else {
                batch = max(1, ids.count / 2)
                return .split
            }
            health.failures = 0
            // The key may be what is refused; the next success says that it is not.
            health.standing = .failing
            return drop(ids, reason: answer.words)
        case .sinkRefused:
            failed(.refused, answer.words, wait: .milliseconds(Self.longestBackoff), now: now)
        case .later(let wait):
            failed(.failing, answer.words, wait: wait, now: now)
        case .choked:
            if ids.count == 1, suspects.contains(ids[0]) {
                return drop(ids, reason: "others get through, this one does not: " + answer.words)
            }
            for id in ids { choked[id, default: 0] += 1 }
            batch = max(1, ids.count / 2)
            failed(.failing, answer.words, wait: nil, now: now)
        case .unknown:
            failed(.failing, answer.words, wait: nil, now: now)
            if !mayRepeat { return unanswered(ids, answer.words) }
        }
        return .retry(ids, at: health.nextTryAt ?? now, error: answer.words)
    }

    /// Takes in what the sink said to its probe.
    mutating func settleProbe(_ answer: SinkAnswer, now: Int64) {
        if answer.isAlive {
            needsProbe = false
        } else {
            failed(answer.meaning == .sinkRefused ? .refused : .failing, answer.words, wait: nil, now: now)
        }
    }

    mutating func drop(_ ids: [Int64], reason: String) -> Settlement {
        health.dropped += ids.count
        health.lastError = reason
        forget(ids)
        return .drop(ids, reason: reason)
    }

    private mutating func unanswered(_ ids: [Int64], _ words: String) -> Settlement {
        needsProbe = true
        if ids.contains(where: unanswered.contains) {
            return drop(ids, reason: "sent twice without an answer: " + words)
        }
        unanswered.formUnion(ids)
        health.possibleDuplicates += ids.count
        return .retry(ids, at: health.nextTryAt ?? 0, error: words)
    }

    private mutating func forget(_ ids: [Int64]) {
        unanswered.subtract(ids)
        suspects.subtract(ids)
        for id in ids { choked[id] = nil }
    }

    private mutating func succeeded(count: Int, complaint: String?, spacing: Duration, now: Int64) {
        health.standing = .ok
        health.failures = 0
        health.delivered += count
        health.lastDeliveredAt = now
        if let complaint { health.lastError = complaint }
        let pause = Int64(spacing / .milliseconds(1))
        health.nextTryAt = pause > 0 ? now + pause : nil
        batch = min(maximumBatch, batch * 2)
    }

    private mutating func failed(_ standing: SinkHealth.Standing, _ words: String, wait: Duration?, now: Int64) {
        health.standing = standing
        health.failures += 1
        health.lastError = words
        let asked = wait.map { Int64(min($0, .milliseconds(Self.longestWait)) / .milliseconds(1)) }
        health.nextTryAt = now + max(asked ?? backoff(), 1_000)
    }

    /// A second to 2, then to 4, to 8, at last to a quarter of an hour, drawn evenly, so that not all come back at once.
    private mutating func backoff() -> Int64 {
        let longest = min(Self.longestBackoff, 1_000 << Int64(min(health.failures, 20)))
        return 1_000 + Int64(draws.next() * Double(longest - 1_000))
    }
}
