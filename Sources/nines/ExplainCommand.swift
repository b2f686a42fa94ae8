import ArgumentParser
import Console
import Engine
import Settings
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The life of one request, from the ledger: every attempt, why, and what it cost. Needs no engine."
    )
    @Argument(help: ArgumentHelp("As in the x-nines-request-id header.", valueName: "request-id")) var id: String
    @OptionGroup var options: CommonOptions
    @Flag(help: "The same as JSON.") var json = false

    func run() throws {
        let surroundings = Surroundings()
        let hasConfig = surroundings.locate(options).path != nil
        // The database alone is enough.
        let config =
            hasConfig || options.db == nil
            ? try surroundings.config(options, purpose: .check, isQuiet: true)
            : nil
        let path = try surroundings.database(options, config)
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure("there is no database \(path): set --db, or --config to the config that names it")
        }
        let ledger = try Ledger.openToRead(path: path)
        guard let record = try ledger.request(id: id) else { throw Failure(unknown(path)) }
        let deferred = try later(ledger)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            print(String(decoding: try encoder.encode(RequestDocument(record, deferred: deferred)), as: UTF8.self))
        } else {
            print(RequestStory(EngineSnapshot.RequestRow(record), deferred: deferred).text)
        }
    }

    /// What came of a request that was put off, while that is kept.
    private func later(_ ledger: Ledger) throws -> String? {
        guard let request = try ledger.deferred(id: id, tenant: nil) else { return nil }
        let kept = "at \(timeText(request.at)), kept until \(timeText(request.expires))"
        switch request.state {
        case .waiting:
            return "\(kept): waiting, \(request.attempts == 0 ? "not sent yet" : "tried \(request.attempts) times")"
        case .cancelled: return "\(kept): cancelled before it had an answer"
        case .done, .failed:
            let by = Engine.answering(request)
            let time = try by.flatMap { try ledger.request(id: $0)?.at ?? Engine.timeOfRequest(id: $0) }
            let end = request.state == .done ? "answered" : "refused"
            let status = request.answerStatus.map { " with \($0)" } ?? ""
            return "\(kept): \(end)\(status)\(time.map { " at \(timeText($0))" } ?? "")\(by.map { ", by \($0)" } ?? "")"
        }
    }

    private func unknown(_ path: String) -> String {
        let text = "the database \(path) holds no request '\(id)'"
        guard let time = Engine.timeOfRequest(id: id) else {
            return "\(text): ids look like req_ and 16 letters and digits, as in the x-nines-request-id header"
        }
        let day = timeText(time)
        return
            "\(text). By its id it came at \(day): an older row may have been deleted, and another engine writes another database (--db, --config)"
    }
}

/// One request and its attempts with the ledger's names, as `nines explain --json` prints them.
private struct RequestDocument: Encodable {
    let id: String
    /// ISO 8601, UTC.
    let time: String
    let tenant: String
    let feature: String
    let modelGroup: String
    let traffic: String
    let mode: String
    let format: String
    let stream: Bool
    let deployment: String?
    let provider: String?
    let failedOver: Bool
    let outcome: String
    let status: Int
    let valid: Bool
    let good: Bool
    let firstTokenMs: Double?
    let totalMs: Double
    let tokensIn: Int?
    let tokensOut: Int?
    let tokensCacheRead: Int?
    let tokensCacheWrite: Int?
    let costNano: Int64?
    let costIsEstimated: Bool
    let cache: String
    let cacheWhy: String?
    let avoidedNano: Int64?
    let avoidedMs: Double?
    let degraded: [String]
    let drill: String?
    let error: String?
    /// What came of it later, where it was put off.
    let deferred: String?
    let attempts: [Attempt]
    /// The sentences of `nines explain`.
    let story: [String]

    struct Attempt: Encodable {
        let ordinal: Int
        let deployment: String
        let provider: String
        let why: String
        let status: Int?
        let failure: String?
        let startMs: Double
        let firstTokenMs: Double?
        let totalMs: Double
        let detail: String?

        init(_ record: AttemptRecord) {
            ordinal = record.ordinal
            deployment = record.deployment
            provider = record.provider
            why = record.why
            status = record.status
            failure = record.failure
            startMs = milliseconds(record.startMicros)
            firstTokenMs = record.firstTokenMicros.map(milliseconds)
            totalMs = milliseconds(record.totalMicros)
            detail = record.detail
        }
    }

    init(_ record: RequestRecord, deferred: String?) {
        id = record.id
        time = preciseTime(record.at)
        tenant = record.tenant
        feature = record.feature
        modelGroup = record.group
        traffic = record.traffic.rawValue
        mode = record.mode.rawValue
        format = record.format.rawValue
        stream = record.stream
        deployment = record.deployment
        provider = record.provider
        failedOver = record.failedOver
        outcome = record.outcome.rawValue
        status = record.status
        valid = record.valid
        good = record.good
        firstTokenMs = record.firstTokenMicros.map(milliseconds)
        totalMs = milliseconds(record.totalMicros)
        tokensIn = record.tokensIn
        tokensOut = record.tokensOut
        tokensCacheRead = record.tokensCacheRead
        tokensCacheWrite = record.tokensCacheWrite
        costNano = record.cost
        costIsEstimated = record.costIsEstimated
        cache = record.cache.rawValue
        cacheWhy = record.cacheWhy
        avoidedNano = record.avoidedCost
        avoidedMs = record.avoidedMicros.map(milliseconds)
        degraded = record.degraded
        drill = record.drill
        error = record.error
        self.deferred = deferred
        attempts = record.knownAttempts.map(Attempt.init)
        story = EngineSnapshot.RequestRow(record).trail
    }
}

private func milliseconds(_ micros: Int64) -> Double { Double(micros) / 1_000 }
