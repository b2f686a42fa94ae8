/// One way in which a provider, or the network before it, fails.
///
/// `chunks` counts content pieces: with 0 the role delta is still sent. A request that doesn't stream gets the nearest
/// thing: an answer cut or stalled half-way, or status 200 with an error in the body.
package enum ProviderFault: Sendable, Hashable {
    // Answers with a status.
    /// 401 for every key.
    case revokedKey
    case forbidden
    /// 402; in OpenAI's format with OpenRouter's body, whose code is an integer.
    case billing
    /// 400 in Anthropic's words, whatever the format: the 400 that must fail over.
    case emptyBalance
    /// 429 that no waiting mends.
    case quotaExhausted
    /// 429; seconds for the `retry-after` header.
    case rateLimited(retryAfter: Int?)
    /// Any status from 500; 502 and 503 with the integer code of OpenAI's edge.
    case serverError(status: Int)
    /// 503 `server_is_overloaded` from OpenAI, 529 from Anthropic.
    case overloaded
    /// 429 for a load that grew too fast.
    case slowDown
    case modelNotFound
    /// 404 for the path, whatever the model.
    case pathNotFound
    case contextTooLong
    case contentPolicy
    case badRequest

    // Silence.
    /// Takes the request and never answers.
    case hang
    case hangAfterHeaders
    /// Role delta, then a keep-alive every half second, for ever.
    case roleDeltaThenSilence
    /// Waits before the headers, then answers well.
    case slowHeaders(Duration)
    /// Headers at once, then waits before the first event.
    case slowFirstToken(Duration)
    /// As `slowFirstToken`, with a keep-alive every half second.
    case keepAlivesThenAnswer(Duration)
    /// Waits this long before every token.
    case slowDrip(Duration)

    // A connection that breaks.
    /// Nobody listens. Lasts until it is mended; open connections are closed.
    case refuseConnections
    /// RST before any byte.
    case reset
    /// FIN before any byte.
    case closeWithoutAnswer
    /// FIN between two events, the chunked body unfinished.
    case cutAfter(chunks: Int)
    /// FIN in the middle of an event, or of the JSON document.
    case cutJSON
    case stallAfter(chunks: Int)
    /// As `stallAfter`, with a keep-alive every half second, for ever.
    case keepAlivesAfter(chunks: Int)

    // An answer that is none.
    /// One event that is not JSON, then on to the regular end.
    case malformedChunkAfter(chunks: Int)
    case errorEventFirst
    case errorEventAfter(chunks: Int)
    /// The body ends in order, without a finish reason and without `[DONE]`.
    case cleanEndWithoutFinish(afterChunks: Int)
    /// `[DONE]` (Anthropic: `message_stop`) without a finish reason.
    case doneWithoutFinish(afterChunks: Int)
    case emptyStream
    /// Status 200 and no byte.
    case emptyBody
    /// Status 200 and a web page, as a captive portal sends it.
    case html200

    /// What a newcomer breaks with one key: each shows a failover within seconds.
    package static let demo: [ProviderFault] = [
        .revokedKey, .serverError(status: 503), .hang, .slowFirstToken(.seconds(8)),
    ]

    /// True where the whole host is struck and not only generation: the model list answers through the others, as it did in
    /// OpenAI's outage of 2023-11-08.
    var strikesEveryPath: Bool {
        switch self {
        case .revokedKey, .forbidden, .hang, .refuseConnections, .reset, .closeWithoutAnswer: true
        default: false
        }
    }

    /// Content pieces before the fault; nil where it doesn't depend on them.
    var piecesBefore: Int? {
        switch self {
        case .cutAfter(let chunks), .stallAfter(let chunks), .keepAlivesAfter(let chunks),
            .malformedChunkAfter(let chunks), .errorEventAfter(let chunks), .cleanEndWithoutFinish(let chunks),
            .doneWithoutFinish(let chunks):
            max(chunks, 0)
        case .cutJSON: 1
        default: nil
        }
    }
}

extension ProviderFault: CustomStringConvertible {
    /// A few words for a screen or a log.
    package var description: String {
        switch self {
        case .revokedKey: "key revoked (401)"
        case .forbidden: "forbidden (403)"
        case .billing: "billing (402)"
        case .emptyBalance: "empty balance (400)"
        case .quotaExhausted: "quota exhausted (429)"
        case .rateLimited(let seconds): "rate limited (429" + (seconds.map { ", retry after \($0) s" } ?? "") + ")"
        case .serverError(let status): "server error (\(status))"
        case .overloaded: "overloaded"
        case .slowDown: "slow down (429)"
        case .modelNotFound: "model not found (404)"
        case .pathNotFound: "path not found (404)"
        case .contextTooLong: "context too long (400)"
        case .contentPolicy: "content policy (400)"
        case .badRequest: "bad request (400)"
        case .hang: "hangs"
        case .hangAfterHeaders: "hangs after the headers"
        case .roleDeltaThenSilence: "silent after the role delta"
        case .slowHeaders(let delay): "slow headers (\(delay))"
        case .slowFirstToken(let delay): "slow first token (\(delay))"
        case .keepAlivesThenAnswer(let delay): "keep-alives before the answer (\(delay))"
        case .slowDrip(let pause): "slow drip (\(pause) a token)"
        case .refuseConnections: "refuses connections"
        case .reset: "resets connections"
        case .closeWithoutAnswer: "closes without an answer"
        case .cutAfter(let chunks): "cut after \(chunks) chunks"
        case .cutJSON: "cut in mid-JSON"
        case .stallAfter(let chunks): "stalls after \(chunks) chunks"
        case .keepAlivesAfter(let chunks): "keep-alives alone after \(chunks) chunks"
        case .malformedChunkAfter(let chunks): "malformed chunk after \(chunks)"
        case .errorEventFirst: "error event first"
        case .errorEventAfter(let chunks): "error event after \(chunks) chunks"
        case .cleanEndWithoutFinish(let chunks): "ends without a finish reason after \(chunks) chunks"
        case .doneWithoutFinish(let chunks): "done without a finish reason after \(chunks) chunks"
        case .emptyStream: "empty stream"
        case .emptyBody: "empty body"
        case .html200: "web page with status 200"
        }
    }
}
