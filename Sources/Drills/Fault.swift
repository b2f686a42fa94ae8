/// One way to break a provider, or the road to it, on purpose.
///
/// The router applies it under a `Lease`; a stored key is never touched.
package enum Fault: Codable, Equatable, Hashable, Sendable {
    case revokeKey(Revocation)
    case blockHost(Block)
    /// The first token comes so much later.
    case slowFirstToken(Duration)
    /// Answered with this HTTP status and the provider's own error body for it, without asking the provider.
    case status(Int)
    /// The connection dies after so many content chunks.
    case cutMidStream(afterChunks: Int)
    /// The model name is changed into one that the provider doesn't have.
    case modelNotFound
    /// Status 200 and a garbled text: what no objective of ours sees.
    case garbledAnswer

    /// Who refuses the key.
    package enum Revocation: String, Codable, CaseIterable, Hashable, Sendable {
        /// The router sends a well-formed key that the provider doesn't know, for as long as the lease lasts.
        case inRouterMemory = "router"
        /// The provider's admin interface switches the key off, and on again.
        case atProvider = "provider"
        /// A person switches it off in the provider's dashboard; Nines watches for the first refusal.
        case byHand = "hand"
    }

    /// How a host can't be reached.
    package enum Block: String, Codable, CaseIterable, Hashable, Sendable {
        case refused
        /// Packets go nowhere, so that only the connect limit ends it; played by the router, which sends none.
        case blackHole = "black_hole"
        /// The name resolves to nothing.
        case dns
    }

    /// What the router does with the first failure, and so what a drill waits for.
    package enum Signature: String, Codable, Sendable {
        case keyRefused = "key_refused"
        case notReachable = "not_reachable"
        case noFirstToken = "no_first_token"
        case rateLimited = "rate_limited"
        case serverError = "server_error"
        case requestRefused = "request_refused"
        case brokenStream = "broken_stream"
        case modelNotFound = "model_not_found"
        /// No failure at all.
        case unseen
    }
}

extension Fault {
    package var signature: Signature {
        switch self {
        case .revokeKey: .keyRefused
        case .blockHost: .notReachable
        case .slowFirstToken: .noFirstToken
        case .status(429): .rateLimited
        case .status(let status): status < 500 ? .requestRefused : .serverError
        case .cutMidStream: .brokenStream
        case .modelNotFound: .modelNotFound
        case .garbledAnswer: .unseen
        }
    }

    /// As a title: `revoke the key`.
    package var title: String {
        switch self {
        case .revokeKey(.inRouterMemory): "revoke the key"
        case .revokeKey(.atProvider): "revoke the key at the provider"
        case .revokeKey(.byHand): "revoke the key by hand"
        case .blockHost(.refused): "refuse connections"
        case .blockHost(.blackHole): "swallow packets"
        case .blockHost(.dns): "fail name resolution"
        case .slowFirstToken(let delay): "first token \(Words.length(delay)) late"
        case .status(let status): "answer \(status)"
        case .cutMidStream(let chunks): "cut streams after \(chunks) chunks"
        case .modelNotFound: "ask for a model that does not exist"
        case .garbledAnswer: "garble answers"
        }
    }

    package var expectation: String {
        switch signature {
        case .keyRefused: "the provider answers 401 once, the key is benched, the next deployment answers"
        case .notReachable: "no connection; the next deployment answers within the connect limit"
        case .noFirstToken: "the first-token limit ends the attempt, the next deployment answers"
        case .rateLimited: "429; the deployment cools down, the next one answers"
        case .serverError: "one retry, then the next deployment answers"
        case .requestRefused: "a refusal that is the provider's fault; the next deployment must answer"
        case .brokenStream: "streams end with an explicit error event, never as if they were complete"
        case .modelNotFound: "404; the model cools down there, the next deployment answers"
        case .unseen: "nothing: every objective stays green, which is the lesson"
        }
    }

    /// What puts it right again.
    package var undo: String {
        switch self {
        case .revokeKey(.inRouterMemory): "the router sends the stored key again"
        case .revokeKey(.atProvider): "the admin interface switches the key on again"
        case .revokeKey(.byHand): "switch the key on again in the provider's dashboard"
        default: "the router drops the fault"
        }
    }

    /// Reaches beyond the router: outlives it, and is whole again only when a probe has shown it.
    package var isExternal: Bool { self == .revokeKey(.atProvider) || self == .revokeKey(.byHand) }

    /// Nines itself can undo it.
    package var isReversible: Bool { self != .revokeKey(.byHand) }

    /// The provider itself fails; otherwise the router plays its part.
    package var isReal: Bool {
        switch self {
        case .revokeKey, .modelNotFound, .blockHost(.refused), .blockHost(.blackHole): true
        default: false
        }
    }

    /// What a person must type for it to go in; nil where pressing the key is enough.
    package func typedConfirmation(provider: String) -> String? { isExternal ? provider : nil }

    /// How long a lease may be: long enough to be seen, no longer than the ten minutes of `drill.max_fault`'s default
    /// unless the operator's own configuration allows more.
    package static let shortestLease: Duration = .seconds(5)
    package static let longestLease: Duration = .seconds(3_600)
    package static let defaultLease: Duration = .seconds(600)

    /// What is wrong with its figures; nil where nothing is.
    package var problem: String? {
        switch self {
        case .slowFirstToken(let delay):
            delay > .zero && delay <= .seconds(300) ? nil : "a delay must be above 0 and at most 300 seconds"
        case .status(let status): (400...599).contains(status) ? nil : "a status must be from 400 to 599"
        case .cutMidStream(let chunks): (0...10_000).contains(chunks) ? nil : "chunks must be from 0 to 10000"
        default: nil
        }
    }
}
