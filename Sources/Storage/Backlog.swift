/// How the ledger does, for the operator.
package struct LedgerHealth: Sendable, Equatable {
    /// UTC milliseconds of the last batch that reached the file; nil before the first.
    package var lastWrite: Int64?
    /// Requests in memory that are not in the file yet.
    package var backlog = 0
    /// Requests dropped since the start, because the file could not be written and memory was full.
    package var lost = 0
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
    private static let mostEvents = 1_000

    struct Batch {
        var requests: ArraySlice<RequestRecord> = []
        var events: [EventRecord] = []
        var isEmpty: Bool { requests.isEmpty && events.isEmpty }
    }

    private var requests: [RequestRecord] = []
    private var events: [EventRecord] = []
    /// Taken, and neither written nor given back.
    private var writing = 0
    private var health = LedgerHealth()

    init(most: Int = 100_000) {
        self.most = most
    }

    var isEmpty: Bool { requests.isEmpty && events.isEmpty }

    var report: LedgerHealth {
        var report = health
        report.backlog = requests.count + writing
        return report
    }

    mutating func add(_ request: RequestRecord, corrections: Int) {
        health.corrected += corrections
        if requests.count + writing < most {
            requests.append(request)
        } else {
            health.lost += 1
        }
    }

    mutating func add(_ event: EventRecord) {
        if events.count < Self.mostEvents { events.append(event) }
    }

    mutating func take() -> Batch {
        let batch = Batch(requests: requests[...], events: events)
        writing = requests.count
        requests = []
        events = []
        return batch
    }

    mutating func wrote(_ count: Int, repeated: Int, at now: Int64) {
        writing -= count
        health.repeated += repeated
        health.lastWrite = now
        health.error = nil
    }

    /// Puts what could not be written back in front.
    mutating func giveBack(_ batch: Batch, because error: LedgerError) {
        requests.insert(contentsOf: batch.requests, at: 0)
        events.insert(contentsOf: batch.events, at: 0)
        writing = 0
        health.error = error.description
    }
}
