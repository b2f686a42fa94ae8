import Dispatch
import Drills
import Routing
import SLO
import Storage
import Synchronization

/// The drill under way, if any, and the one queue on which everything happens to it, in order.
///
/// Requests hand over what they saw and go on; what a person does waits for its answer. Writing to the ledger may take
/// long: it happens here, and never on an event loop or while a request waits.
final class DrillDesk: Sendable {
    let queue = DispatchQueue(label: "nines.drill", qos: .userInitiated)
    let book = Mutex(DrillBook())
    /// For every request: id of the drill whose fault was put in and that is not closed out yet.
    private let tag = Mutex<String?>(nil)

    /// The last call that switches a key at its provider: the next one waits for it, so that they arrive in order.
    let keySwitch = Mutex<Task<Void, Never>?>(nil)

    var openID: String? { tag.withLock { $0 } }

    /// Keeps the drill as it is now, and what requests must know of it.
    func keep(_ drill: Drill?) {
        book.withLock { $0.drill = drill }
        let isTagged = drill.map { $0.wasInduced && !$0.isOver && $0.phase.kind != .closeout } ?? false
        tag.withLock { $0 = isTagged ? drill?.plan.id : nil }
    }

    /// Does `work` on the queue and waits for it without holding a thread.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}

/// What is known of the drill.
struct DrillBook: Sendable {
    var drill: Drill?
    var file: DrillFile?
    var openedAt = ContinuousClock.now
    /// The end of the chain, and what of it the ledger would not take yet.
    var last: JournalEntry?
    var unwritten: [JournalEntry] = []
    var meter = DrillMeter()
    /// Deliveries of each pager before the test.
    var pagersBefore: [String: Int]?
    var probesUnderWay = 0
    /// Wishes to restore that are carried out, and wait for their line.
    var restoresAsked = 0
    var nextProbeIsStream = false
    var history = DrillHistory([])
    var historyRows: [DrillRow] = []
    var openFindings: [Finding] = []
    /// Reports whose folder could not be written.
    var unfiled: Set<String> = []
    var lastFiling = ContinuousClock.now

    var elapsed: Duration { ContinuousClock.now - openedAt }
}

/// Users' and probes' requests of the last five minutes, and what happened since the fault went in.
struct DrillMeter: Sendable {
    private struct Sample: Sendable {
        let at: ContinuousClock.Instant
        let isLive: Bool
        let isValid: Bool
        let isGood: Bool
        let latency: Int64?
        let cost: Int64?
    }

    /// Sums of a stretch up to now.
    struct Sum: Sendable {
        var requests = 0
        var valid = 0
        var good = 0
        var p95: Duration?
        /// Nano-dollars; nil where no price is known.
        var cost: Double?
        var success: Double? { valid > 0 ? Double(good) / Double(valid) : nil }

        init() {}

        init(_ indicators: Indicators, target: Duration) {
            let counts = indicators.counts
            (requests, valid, good) = (counts.requests, counts.valid, counts.good)
            (p95, cost) = (indicators.p95(target: target), indicators.costPerRequest)
        }
    }

    /// What a report compares the fault with.
    static let baseline: Duration = .seconds(900)

    private static let length: Duration = .seconds(300)
    private static let most = 50_000

    private var samples: [Sample] = []
    /// Users' requests since the fault went in.
    private(set) var requests = 0
    private(set) var failedOver = 0
    private(set) var bySecondary = 0
    private(set) var lost = 0
    private(set) var secondaryAttempts = 0
    private(set) var secondaryErrors = 0
    private(set) var spend: Int64 = 0
    /// Users' quarter of an hour before the fault went in; nil until it is read.
    var before: Sum?
    /// UTC milliseconds at which it went in; nil before that.
    private var since: Int64?
    /// Of the drill's own requests: nano-dollars, and how many.
    private(set) var probeSpend: Int64 = 0
    private(set) var probes = 0

    mutating func add(_ record: RequestRecord, at now: ContinuousClock.Instant, secondary: String, isTagged: Bool) {
        let isLive = record.traffic == .live
        samples.append(
            Sample(
                at: now,
                isLive: isLive,
                isValid: record.valid,
                isGood: record.good,
                latency: record.latencyMicros,
                cost: record.cost
            )
        )
        if samples.count > Self.most { samples.removeFirst(Self.most / 2) }
        if !isLive {
            probeSpend += record.cost ?? 0
            probes += 1
        }
        if isTagged { count(record, secondary) }
        guard isLive, let since, record.at >= since else { return }
        requests += 1
        spend += record.cost ?? 0
        if record.failedOver, record.good { failedOver += 1 }
        if record.deployment == secondary, record.good { bySecondary += 1 }
        if record.outcome == .lost || record.outcome == .cut { lost += 1 }
    }

    private mutating func count(_ record: RequestRecord, _ secondary: String) {
        guard !record.attemptRecords.isEmpty else {
            if record.deployment == secondary { secondaryAttempts += 1 }
            return
        }
        for attempt in record.attemptRecords where attempt.deployment == secondary {
            secondaryAttempts += 1
            if let kind = attempt.failure.flatMap(FailureClass.init), kind != .unsupported, !kind.isClientFault {
                secondaryErrors += 1
            }
        }
    }

    /// Another drill opens: of the one before only the requests are kept, which are a baseline.
    func reopened() -> DrillMeter {
        var meter = DrillMeter()
        meter.samples = samples
        return meter
    }

    /// The fault goes in: what is counted from now on is its doing.
    ///
    /// - Parameter now: UTC milliseconds.
    mutating func begin(at now: Int64) {
        (before, since) = (nil, now)
        (requests, failedOver, bySecondary, lost) = (0, 0, 0, 0)
        (secondaryAttempts, secondaryErrors, spend) = (0, 0, 0)
    }

    /// Probes, and what failing over costs more than before.
    var drillSpend: Int64 {
        let extra = before?.cost.map { Double(spend) - $0 * Double(requests) } ?? 0
        return probeSpend + Int64(max(0, extra))
    }

    /// Users' last five minutes.
    func recent() -> Sum { sum(of: Self.length, isLive: true, now: .now) }

    func sum(of length: Duration, isLive: Bool?, now: ContinuousClock.Instant) -> Sum {
        var sum = Sum()
        var latencies: [Int64] = []
        var (cost, priced) = (0.0, 0)
        for sample in samples.reversed() {
            if now - sample.at > length { break }
            if let isLive, sample.isLive != isLive { continue }
            sum.requests += 1
            if sample.isValid { sum.valid += 1 }
            if sample.isGood { sum.good += 1 }
            if let latency = sample.latency { latencies.append(latency) }
            if let price = sample.cost {
                cost += Double(price)
                priced += 1
            }
        }
        if priced > 0 { sum.cost = cost / Double(priced) }
        // The nearest rank.
        latencies.sort()
        let rank = max(0, Int((Double(latencies.count) * 0.95).rounded(.up)) - 1)
        if !latencies.isEmpty { sum.p95 = .microseconds(latencies[rank]) }
        return sum
    }

    /// Forgets what is too old.
    mutating func prune(_ now: ContinuousClock.Instant) {
        let old = samples.prefix { now - $0.at > Self.length }.count
        if old > 0 { samples.removeFirst(old) }
    }
}
