import Routing
import Upstream
import Wire

extension Sink {
    /// Sends one request and says what its answer means; `now` is UTC milliseconds, for dates in `retry-after`.
    func send(_ request: UpstreamRequest, through upstream: any Upstream, now: Int64) async -> SinkAnswer {
        let exchange = upstream.open(request)
        var head: (status: Int, headers: [HeaderField])?
        var body: [UInt8] = []
        do {
            while body.count < answerLimit, let events = try await exchange.next() {
                for event in events {
                    switch event {
                    case .head(let status, let headers): head = (status, headers)
                    case .bytes(let bytes): body += bytes
                    case .end: break
                    }
                }
            }
        } catch {
            // The head has decided; a body that breaks off after it takes nothing back.
            guard head != nil else { return failure(error) }
        }
        exchange.cancel()
        guard let head else { return SinkAnswer(meaning: .unknown, words: "no answer") }
        return answer(status: head.status, headers: head.headers, body: body, now: now)
    }

    /// What an HTTP answer means.
    func answer(status: Int, headers: [HeaderField], body: [UInt8], now: Int64) -> SinkAnswer {
        // A café's login page also says 200.
        if (200..<300).contains(status), isWebPage(body) {
            return SinkAnswer(meaning: .later(nil), words: "\(status) with a web page: something else answered")
        }
        let wait = retryAfter(now: now / 1_000) { name in headers.first { $0.name == name }?.value }
        let words = describe(status: status, body: body)
        switch status {
        case 200..<300: return SinkAnswer(meaning: .delivered(complaint(in: body).map(clean)), words: "\(status)")
        case 401, 403, 404, 407, 410: return SinkAnswer(meaning: .sinkRefused, words: words)
        case 500 where wait == nil: return SinkAnswer(meaning: .choked, words: words)
        case 408, 425, 429, 500...: return SinkAnswer(meaning: .later(wait), words: words)
        case 400..<500: return SinkAnswer(meaning: .itemRefused, words: words)
        default: return SinkAnswer(meaning: .later(nil), words: words + ": redirects are not followed")
        }
    }

    private func failure(_ error: TransportError) -> SinkAnswer {
        let words = clean("\(error.kind.rawValue): \(error.detail)")
        switch error.kind {
        case .dns, .refused, .connectTimeout, .tls: return SinkAnswer(meaning: .later(nil), words: words)
        case .malformed: return SinkAnswer(meaning: .later(nil), words: words)
        case .reset, .truncated, .timeout, .cancelled: return SinkAnswer(meaning: .unknown, words: words)
        }
    }

    private func describe(status: Int, body: [UInt8]) -> String {
        guard !body.isEmpty, !isWebPage(body) else { return "\(status)" }
        return "\(status): " + clean(String(decoding: body, as: UTF8.self))
    }

    private func clean(_ text: String) -> String { redacted(text, secrets: secrets, limit: 160) }
}

/// Bytes of an answer that are read; the rest is of no interest.
private let answerLimit = 64 << 10

private func isWebPage(_ body: [UInt8]) -> Bool {
    let start = String(decoding: body.prefix(256), as: UTF8.self).drop(while: \.isWhitespace).lowercased()
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
}
