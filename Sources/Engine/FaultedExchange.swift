import Drills
import Routing
import Synchronization
import Upstream
import Wire

extension Tampering {
    /// Sends the request as the fault lets it go, and gives the answer as the fault lets it come.
    func open(_ request: UpstreamRequest, to deployment: Deployment, _ upstream: any Upstream) -> any UpstreamExchange {
        switch fault {
        case .blockHost(.refused): return upstream.open(request.blocked("http://127.0.0.1:9/"))
        case .blockHost(.dns): return upstream.open(request.blocked("http://nines-drill.invalid/"))
        case .blockHost(.blackHole):
            // Without a socket an address for documentation has to do (TEST-NET-1, RFC 5737).
            return upstream.open(request.blocked(Sinkhole.url ?? "http://192.0.2.1/"))
        case .status(let status):
            return ScriptedAnswer(status: status, body: injectedBody(status, format: deployment.format))
        case .slowFirstToken(let delay):
            return LateExchange(upstream.open(request), delay: delay, limit: request.timeout) { isIn }
        case .cutMidStream(let chunks):
            return CutExchange(upstream.open(request), after: chunks) { isIn }
        case .garbledAnswer:
            return GarbledExchange(upstream.open(request)) { isIn }
        case .revokeKey, .modelNotFound:
            return upstream.open(request)
        }
    }
}

extension UpstreamRequest {
    /// To where nobody answers: the discard port of this machine (RFC 863), the sinkhole, a name that can't exist (RFC 6761).
    fileprivate func blocked(_ url: String) -> UpstreamRequest {
        var blocked = self
        blocked.url = url
        // Whoever does listen gets nothing to read.
        blocked.body = Array("{}".utf8)
        blocked.headers = []
        return blocked
    }
}

/// A provider's own error document for `status`, as its API has it.
func injectedBody(_ status: Int, format: WireFormat) -> String {
    switch format {
    case .openAI:
        let (type, code, message) = openAIError(status)
        return
            "{\"error\":{\"message\":\"\(message)\",\"type\":\"\(type)\",\"param\":null,\"code\":\(code.map { "\"\($0)\"" } ?? "null")}}"
    case .anthropic:
        let (type, message) = anthropicError(status)
        return
            "{\"type\":\"error\",\"error\":{\"type\":\"\(type)\",\"message\":\"\(message)\"},\"request_id\":\"req_drill\"}"
    }
}

private func openAIError(_ status: Int) -> (type: String, code: String?, message: String) {
    switch status {
    case 401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided: sk-***.")
    case 403: ("invalid_request_error", "model_not_found", "You do not have access to this model.")
    case 404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it.")
    case 429: ("requests", "rate_limit_exceeded", "Rate limit reached for requests per min (RPM).")
    case 503: ("service_unavailable_error", "server_is_overloaded", "The server is overloaded. Please try again later.")
    case 400..<500: ("invalid_request_error", nil, "The request was refused.")
    default: ("server_error", nil, "The server had an error processing your request.")
    }
}

private func anthropicError(_ status: Int) -> (type: String, message: String) {
    switch status {
    case 401: ("authentication_error", "invalid x-api-key")
    case 402: ("billing_error", "There's an issue with your billing")
    case 403: ("permission_error", "Your API key does not have permission to use the specified resource.")
    case 404: ("not_found_error", "model: drill")
    case 413: ("request_too_large", "Request exceeds the maximum size")
    case 429: ("rate_limit_error", "This request would exceed the rate limit for your organization")
    case 400..<500: ("invalid_request_error", "The request was refused.")
    case 504: ("timeout_error", "Request timed out")
    case 529: ("overloaded_error", "Overloaded")
    default: ("api_error", "Internal server error")
    }
}

/// An answer that nobody was asked for.
private final class ScriptedAnswer: UpstreamExchange {
    private let events: Mutex<[UpstreamEvent]?>

    init(status: Int, body: String) {
        let headers = [HeaderField("content-type", "application/json")]
        events = Mutex([.head(status: status, headers: headers), .bytes(Array(body.utf8)), .end(TransferTimings())])
    }

    func next() async throws(TransportError) -> [UpstreamEvent]? {
        events.withLock { events in
            defer { events = nil }
            return events
        }
    }

    func cancel() {}
    var wasSent: Bool { false }
}

/// An answer of which nothing comes before `delay`, unless the fault is taken out.
private final class LateExchange: UpstreamExchange {
    private let exchange: any UpstreamExchange
    private let start = ContinuousClock.now
    private let delay: Duration
    private let limit: Duration
    private let isIn: @Sendable () -> Bool
    private let isCancelled = Atomic(false)
    private static let step: Duration = .milliseconds(20)

    /// `limit` is the whole exchange's: it runs out while nothing comes.
    init(
        _ exchange: any UpstreamExchange,
        delay: Duration,
        limit: Duration,
        isIn: @escaping @Sendable () -> Bool
    ) {
        self.exchange = exchange
        self.delay = delay
        self.limit = limit
        self.isIn = isIn
    }

    func next() async throws(TransportError) -> [UpstreamEvent]? {
        while ContinuousClock.now - start < delay, isIn() {
            if isCancelled.load(ordering: .relaxed) || Task.isCancelled { break }
            if ContinuousClock.now - start >= limit {
                exchange.cancel()
                throw TransportError(.timeout, "nothing came within the limit")
            }
            try? await Task.sleep(for: Self.step)
        }
        return try await exchange.next()
    }

    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
        exchange.cancel()
    }

    var wasSent: Bool { exchange.wasSent }
}

/// A stream that dies after so many events, a document that dies before its end.
private final class CutExchange: UpstreamExchange {
    private struct State {
        var splitter = EventStream()
        var left: Int
        var isStream = true
        var isCut = false
        /// The fault was taken out meanwhile: all that comes now passes.
        var isOut = false
    }
    private let exchange: any UpstreamExchange
    private let isIn: @Sendable () -> Bool
    private let state: Mutex<State>

    init(_ exchange: any UpstreamExchange, after chunks: Int, isIn: @escaping @Sendable () -> Bool) {
        self.exchange = exchange
        self.isIn = isIn
        // A stream's first event names the role, or opens the message: it is no content.
        state = Mutex(State(left: chunks + 1))
    }

    func next() async throws(TransportError) -> [UpstreamEvent]? {
        if state.withLock({ $0.isCut }) { throw TransportError(.reset, "the connection was reset") }
        guard let events = try await exchange.next() else { return nil }
        let isIn = isIn()
        let passed = state.withLock { state in
            state.isOut = state.isOut || !isIn
            return Self.pass(events, &state)
        }
        if state.withLock({ $0.isCut }) {
            exchange.cancel()
            if passed.isEmpty { throw TransportError(.reset, "the connection was reset") }
        }
        return passed
    }

    private static func pass(_ events: [UpstreamEvent], _ state: inout State) -> [UpstreamEvent] {
        var passed: [UpstreamEvent] = []
        for event in events where !state.isCut {
            switch event {
            case .head(let status, let headers):
                state.isStream = headers.contains {
                    $0.name == "content-type" && $0.value.hasPrefix("text/event-stream")
                }
                passed.append(event)
                // What is refused is no stream to cut.
                if status != 200 { state.left = .max }
            case .bytes(let bytes) where state.left == .max: passed.append(.bytes(bytes))
            case .bytes(let bytes) where !state.isStream && state.isOut: passed.append(.bytes(bytes))
            case .bytes(let bytes) where !state.isStream:
                passed.append(.bytes(Array(bytes.prefix(bytes.count / 2))))
                state.isCut = true
            case .bytes(let bytes):
                var kept: [UInt8] = []
                for piece in (try? state.splitter.feed(bytes)) ?? [] where !state.isCut {
                    kept += piece.raw
                    if piece.data != nil, !state.isOut { state.left -= 1 }
                    state.isCut = state.left < 0
                }
                if !kept.isEmpty { passed.append(.bytes(kept)) }
            case .end: passed.append(event)
            }
        }
        return passed.filter { $0 != .bytes([]) }
    }

    func cancel() { exchange.cancel() }
    var wasSent: Bool { exchange.wasSent }
}

/// An answer whose words are turned by thirteen letters: well-formed, of status 200, and wrong.
private final class GarbledExchange: UpstreamExchange {
    private let exchange: any UpstreamExchange
    private let isIn: @Sendable () -> Bool
    /// Nil once the fault was taken out.
    private let garbler = Mutex<Garbler?>(Garbler())

    init(_ exchange: any UpstreamExchange, isIn: @escaping @Sendable () -> Bool) {
        self.exchange = exchange
        self.isIn = isIn
    }

    func next() async throws(TransportError) -> [UpstreamEvent]? {
        guard let events = try await exchange.next() else { return nil }
        let isIn = isIn()
        return garbler.withLock { garbler in
            if !isIn { garbler = nil }
            return events.map { event in
                guard case .bytes(let bytes) = event else { return event }
                return .bytes(bytes.map { garbler?.turned($0) ?? $0 })
            }
        }
    }

    func cancel() { exchange.cancel() }
    var wasSent: Bool { exchange.wasSent }
}

/// Finds the JSON strings named `content` and `text` in bytes as they pass, wherever these are cut.
struct Garbler {
    private var string: [UInt8] = []
    private var isInString = false
    private var isEscaped = false
    private var escapeLeft = 0
    /// The string before the colon that was passed last.
    private var name: [UInt8] = []
    private var isGarbling = false

    mutating func turned(_ byte: UInt8) -> UInt8 {
        guard isInString else {
            switch byte {
            case UInt8(ascii: "\""):
                isInString = true
                isGarbling = name.elementsEqual("content".utf8) || name.elementsEqual("text".utf8)
                string = []
            case UInt8(ascii: ":"): name = string
            case UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "["): name = []
            default: break
            }
            return byte
        }
        if escapeLeft > 0 {
            escapeLeft -= 1
            return byte
        }
        if isEscaped {
            isEscaped = false
            if byte == UInt8(ascii: "u") { escapeLeft = 4 }
            return byte
        }
        switch byte {
        case UInt8(ascii: "\\"): isEscaped = true
        case UInt8(ascii: "\""):
            isInString = false
            if isGarbling { string = [] }
        default:
            if string.count < 16 { string.append(byte) }
            if isGarbling { return Self.rotated(byte) }
        }
        return byte
    }

    private static func rotated(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): (byte - 97 + 13) % 26 + 97
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): (byte - 65 + 13) % 26 + 65
        default: byte
        }
    }
}
