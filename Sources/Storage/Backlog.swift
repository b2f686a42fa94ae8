/// How the ledger does, for the operator.
package struct LedgerHealth: Sendable, Equatable {
    /// UTC milliseconds of the last batch that reached the file; nil before the first.
    package var lastWrite: Int64?
    /// Requests in memory that are not in the file yet.
    package var backlog = 0
    /// Requests dropped since the start, because the file could not be written and memory was full.
    package var lost = 0
    /// Events, outbox items and cache entries dropped for the same reason.
    package var lostErrands = 0
    /// Fields since the start that could not be true and were mended or made unknown.
    package var corrected = 0
    /// Requests since the start whose id was in the file already; they are not counted twice.
    package var repeated = 0
    /// Why the last write failed, and what to do; nil when it didn't.
    package var error: String?
}

/// What is settled and not yet in the file.
struct Backlog {
    /// So many requests wait for a file that can't be written, about 100 MB; later ones are lost, and counted.
    private let most: Int
    /// So many of the rest, and so many bytes of cached answers among them.
    static let mostErrands = 20_000
    private static let mostAnswerBytes = 64 << 20

    struct Batch {
        var requests: ArraySlice<RequestRecord> = []
        var errands: [Errand] = []
        var isEmpty: Bool { requests.isEmpty && errands.isEmpty }
    }

    private var requests: [RequestRecord] = []
    private var errands: [Errand] = []
    /// Requests taken, and neither written nor given back.
    private var writing = 0
    private var health = LedgerHealth()
    /// Cached answers that the file doesn't have yet, so that they can be read at once.
    private var answers: [[UInt8]: (entry: CacheEntry, serial: Int)] = [:]
    private var answerBytes = 0
    private var serial = 0

    init(most: Int = 100_000) {
        self.most = most
    }

    var isEmpty: Bool { requests.isEmpty && errands.isEmpty }

    var report: LedgerHealth {
        var report = health
        report.backlog = requests.count + writing
        return report
    }

    mutating func add(_ request: RequestRecord, corrections: Int, outbox: [OutboxItem] = []) {
        health.corrected += corrections
        guard requests.count + writing < most else {
            health.lost += 1
            return
        }
        requests.append(request)
        for item in outbox { add(.outbox(item)) }
    }

    mutating func add(_ errand: Errand) {
        // That an answer was used may be forgotten: it must not take the place of what may not.
        if case .touch = errand, errands.count >= Self.mostErrands / 4 { return }
        if errands.count < Self.mostErrands { errands.append(errand) } else { health.lostErrands += 1 }
    }

    /// A cached answer, which `answer` gives from now on.
    mutating func store(_ entry: CacheEntry) {
        guard answerBytes + entry.size <= Self.mostAnswerBytes, errands.count < Self.mostErrands else {
            health.lostErrands += 1
            return
        }
        serial += 1
        answerBytes += entry.size - (answers[entry.key]?.entry.size ?? 0)
        answers[entry.key] = (entry, serial)
        errands.append(.store(entry, serial: serial))
    }

    func answer(_ key: [UInt8]) -> CacheEntry? { answers[key]?.entry }

    /// Forgets answers on their way to the file that no longer may be given.
    mutating func dropAnswers(where isGone: (CacheEntry) -> Bool) {
        for (key, answer) in answers where isGone(answer.entry) { forget(key) }
        errands.removeAll { if case .store(let entry, _) = $0 { isGone(entry) } else { false } }
    }

    /// The next requests, and everything else with the first of them: never a request without what was handed over with it.
    mutating func take() -> Batch {
        let batch = Batch(requests: requests[...], errands: errands)
        writing = requests.count
        requests = []
        errands = []
        return batch
    }

    mutating func wrote(_ count: Int, repeated: Int, errands: [Errand] = [], at now: Int64) {
        writing -= count
        health.repeated += repeated
        health.lastWrite = now
        health.error = nil
        for case .store(let entry, let serial) in errands where answers[entry.key]?.serial == serial {
            forget(entry.key)
        }
    }

    /// Puts what could not be written back in front.
    mutating func giveBack(_ batch: Batch, because error: LedgerError) {
        requests.insert(contentsOf: batch.requests, at: 0)
        errands.insert(contentsOf: batch.errands, at: 0)
        writing = 0
        health.error = error.description
    }

    private mutating func forget(_ key: [UInt8]) {
        answerBytes -= answers.removeValue(forKey: key)?.entry.size ?? 0
    }
}
