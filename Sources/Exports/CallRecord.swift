#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One settled request, as collectors of calls are told about it.
package struct CallRecord: Sendable, Equatable, Codable {
    /// The request's id.
    package var id: String
    /// When it was accepted; UTC milliseconds.
    package var at: Int64
    package var tenant = ""
    package var feature = ""
    /// What the client asked for.
    package var group = ""
    /// Who answered; nil when nobody did.
    package var provider: String?
    package var deployment: String?
    /// The model that answered, by the provider's name.
    package var model: String?
    package var stream = false
    /// `complete`, `cut`, `lost`, `rejected`, `cancelled`.
    package var outcome: String
    /// HTTP status that the client got.
    package var status = 200
    /// One line, free of secrets.
    package var error: String?
    package var attempts = 1
    /// The provider or deployment that failed before another one answered.
    package var failoverFrom: String?
    /// From accept to the first content token.
    package var firstTokenMicros: Int64?
    /// From accept to the end.
    package var totalMicros: Int64 = 0
    /// All input, that from and to the provider's cache included.
    package var tokensIn: Int?
    package var tokensOut: Int?
    package var tokensCacheRead: Int?
    package var tokensCacheWrite: Int?
    /// Nano-dollars; nil where the price is unknown.
    package var cost: Int64?
    package var costIsEstimated = false
    /// `off`, `miss`, `hit`, `stale`, `joined`.
    package var cache = "off"
    /// The client's, and `drill` or `probe` for traffic that is no client's.
    package var tags: [String] = []
    /// The request's messages (JSON) or text; nil unless the export asks for prompts.
    package var prompt: String?
    package var answer: String?

    package init(id: String, at: Int64, outcome: String) {
        self.id = id
        self.at = at
        self.outcome = outcome
    }

    /// The record as it is kept in the outbox.
    package var payload: [UInt8] { encoded(self) }

    /// Nil where `payload` is no record.
    package init?(payload: [UInt8]) {
        guard let record = try? JSONDecoder().decode(Self.self, from: Data(payload)) else { return nil }
        self = record
    }
}

extension CallRecord {
    /// Input tokens that came from no cache and went into none.
    var plainTokensIn: Int? {
        tokensIn.map { max(0, $0 - (tokensCacheRead ?? 0) - (tokensCacheWrite ?? 0)) }
    }

    /// UTC milliseconds.
    var endedAt: Int64 { at + max(totalMicros, 0) / 1_000 }

    var firstTokenAt: Int64? { firstTokenMicros.map { at + max($0, 0) / 1_000 } }

    /// Nobody answered, or not to the end.
    var isFailed: Bool { outcome == "lost" || outcome == "cut" }

    /// What the record is about, by names that can be filtered by; empty ones are left out.
    var properties: [(name: String, value: String)] {
        let all: [(String, String?)] = [
            ("request_id", id), ("tenant", tenant), ("feature", feature), ("group", group), ("provider", provider),
            ("deployment", deployment), ("outcome", outcome), ("cache", cache), ("attempts", "\(attempts)"),
            ("stream", "\(stream)"), ("failover_from", failoverFrom),
            ("cost_is_estimated", cost == nil ? nil : "\(costIsEstimated)"),
        ]
        return all.compactMap { name, value in
            value.flatMap { $0.isEmpty ? nil : (name, clipped(oneLine($0), to: 200)) }
        }
    }
}

/// Most of a prompt or an answer that an export carries; bytes.
let textLimit = 64 << 10
