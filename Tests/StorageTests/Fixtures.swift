import Foundation
import GRDB
import SLO
import Testing

@testable import Storage

/// SplitMix64: the same numbers every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// 2026-03-04 12:34:56.789 UTC.
let someTime: Int64 = 1_772_627_696_789

/// A folder of this test's own, removed with it.
final class Scratch {
    let folder: URL
    var path: String { folder.appending(path: "state/nines.db").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "nines-ledger-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A connection of somebody else's.
    func connect(_ path: String? = nil) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path ?? self.path, configuration: configuration)
    }
}

func memoryLedger(_ objectives: Objectives = Objectives()) throws -> Ledger {
    try Ledger.open(path: ":memory:", objectives: objectives)
}

/// A request that went well, with every field told apart.
func goodRequest(_ id: String = "r1", at: Int64 = someTime) -> RequestRecord {
    var request = RequestRecord(id: id, at: at)
    request.tenant = "acme"
    request.feature = "summarise"
    request.group = "assistant"
    request.stream = true
    request.deployment = "openai/gpt-5.4-mini"
    request.provider = "openai"
    request.attempts = 1
    request.firstTokenMicros = 412_000
    request.totalMicros = 2_900_000
    request.latencyMicros = 412_000
    request.tokensIn = 1_200
    request.tokensOut = 340
    request.cost = 4_100_000
    request.cache = .miss
    return request
}

/// The same, after the first deployment refused its key.
func savedRequest(_ id: String = "r2", at: Int64 = someTime) -> RequestRecord {
    var request = goodRequest(id, at: at)
    request.deployment = "anthropic/claude-haiku-4-5"
    request.provider = "anthropic"
    request.attempts = 2
    request.failedOver = true
    request.firstTokenMicros = 640_000
    request.latencyMicros = 640_000
    var refused = AttemptRecord(ordinal: 1, deployment: "openai/gpt-5.4-mini", provider: "openai")
    refused.status = 401
    refused.failure = "credential"
    refused.totalMicros = 40_000
    refused.detail = "invalid_api_key"
    refused.why = "first by order"
    var answered = AttemptRecord(ordinal: 2, deployment: "anthropic/claude-haiku-4-5", provider: "anthropic")
    answered.status = 200
    answered.startMicros = 41_000
    answered.firstTokenMicros = 599_000
    answered.totalMicros = 2_800_000
    answered.why = "failover: credential"
    request.attemptRecords = [refused, answered]
    return request
}

/// Traffic of all kinds, spread over the `days` before `end`.
func randomRequests(_ count: Int, before end: Int64, days: Double, seed: UInt64) -> [RequestRecord] {
    var generator = SeededGenerator(state: seed)
    return (0..<count).map { number in
        let at = end - Int64(Double.random(in: 0...days, using: &generator) * 86_400_000)
        var request = Int.random(in: 0..<10, using: &generator) == 0 ? savedRequest(at: at) : goodRequest(at: at)
        request.id = "\(seed)-\(number)"
        request.tenant = ["acme", "globex", "initech"].randomElement(using: &generator) ?? ""
        request.feature = "feature \(Int.random(in: 0..<7, using: &generator))"
        request.traffic = Int.random(in: 0..<20, using: &generator) == 0 ? .drill : .live
        request.mode = Int.random(in: 0..<9, using: &generator) == 0 ? .bypass : .routed
        request.outcome = RequestOutcome.allCases.randomElement(using: &generator) ?? .complete
        request.valid = request.outcome != .rejected && request.outcome != .cancelled
        request.good = request.outcome == .complete
        request.latencyMicros = request.good ? Int64.random(in: 20_000...6_000_000, using: &generator) : nil
        request.cost =
            Int.random(in: 0..<8, using: &generator) == 0 ? nil : Int64.random(in: 0...30_000_000, using: &generator)
        request.cache = [.miss, .miss, .miss, .hit, .stale].randomElement(using: &generator) ?? .off
        return request
    }
}
