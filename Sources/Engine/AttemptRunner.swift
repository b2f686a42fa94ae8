import FrontDoor
import NIOCore
import Routing
import Upstream
import Wire

/// What one attempt came to.
enum AttemptResult: Sendable {
    /// A whole answer that is one.
    case answer(WholeAnswer)
    /// A stream that has spoken: from here on, nothing can be taken back.
    case speaking(SpeakingStream)
    /// `answer` is the provider's own, for where the request is at fault.
    case failed(AttemptFailure, answer: WholeAnswer?)
}

/// What one attempt came to, and what it may have cost where its answer is not the one that counts.
struct AttemptReport: Sendable {
    let result: AttemptResult
    /// Nil where nothing that is billed can have happened, or the answer itself tells.
    let spent: Spent?
}

/// Status, headers and body as a provider gave them.
struct WholeAnswer: Sendable {
    var status: Int
    var headers: [HeaderField]
    var body: [UInt8]
    var facts: ChatAnswer?
}

/// A stream whose first content has been seen and not yet sent on.
struct SpeakingStream: Sendable {
    let exchange: any UpstreamExchange
    let watchdog: Watchdog
    let headers: [HeaderField]
    /// Everything up to and including the first content, as it came.
    var held: [UInt8]
    var reader: StreamReader
    /// The provider ended the transfer already.
    var hasEnded: Bool
    /// Accept to first content.
    let firstToken: Duration
    /// Number of the attempt in the journey.
    var attemptNumber = 0
}

/// Sends one request to one deployment and finds out what came of it.
///
/// Decides nothing about the next attempt.
struct AttemptRunner: Sendable {
    /// Largest answer that is not streamed.
    static let answerLimit = 64 << 20
    /// A stream that speaks may go on so long: only silence ends it earlier.
    ///
    /// Two to three times what the longest answers of today's models take.
    static let streamLimit: Duration = .seconds(3_600)

    /// How the record of an answer begins whose class is a guess.
    static let unclassified = "unclassified: "

    let upstream: any Upstream
    let loop: any EventLoop
    let secrets: [String]
    let connectTimeout: Duration
    /// Seconds since 1970, for `retry-after` dates.
    let wallSeconds: Int64

    /// `onOpen` gets the exchange before anything is waited for, `onHead` the status as soon as it is there.
    func run(
        _ attempt: RequestPlan.Attempt,
        _ dialect: Dialect,
        isStream: Bool,
        key: Secret?,
        tampering: Tampering? = nil,
        _ journey: Journey,
        onOpen: @Sendable (any UpstreamExchange) -> Void,
        onHead: @Sendable (Int) -> Void
    ) async -> AttemptReport {
        let request = UpstreamRequest(
            url: dialect.url,
            headers: dialect.headers(key: key, isStream: isStream, client: journey.passedHeaders),
            body: dialect.body,
            connectTimeout: connectTimeout,
            timeout: isStream ? Self.streamLimit : attempt.timeout
        )
        let exchange = tampering?.open(request, to: attempt.deployment, upstream) ?? upstream.open(request)
        onOpen(exchange)
        let watchdog = isStream ? Watchdog(exchange, limit: attempt.streamTimeout, loop: loop) : nil
        var answer = WholeAnswer(status: 0, headers: [], body: [])
        var reader = dialect.streamReader()
        let result = await result(exchange, watchdog, dialect, &answer, &reader, journey, onHead)
        return AttemptReport(result: result, spent: spent(result, exchange, answer, reader))
    }

    /// A provider bills what it was given and what it said; one that refused, or was never reached, bills nothing.
    private func spent(
        _ result: AttemptResult,
        _ exchange: any UpstreamExchange,
        _ answer: WholeAnswer,
        _ reader: StreamReader
    ) -> Spent? {
        switch result {
        case .answer: return nil
        case .speaking(let stream):
            return Spent(usage: stream.reader.usage, contentBytes: stream.reader.contentBytes)
        case .failed(let failure, _):
            if reader.usage != nil || reader.contentBytes > 0 {
                return Spent(usage: reader.usage, contentBytes: reader.contentBytes)
            }
            let isAtWork = answer.status == 0 || answer.status == 200
            switch failure.kind {
            // Given up while the other side was at work.
            case .cancelled, .timeout:
                return isAtWork && exchange.wasSent ? Spent(contentBytes: answer.body.count) : nil
            // Cut within an answer that had been made.
            case .reset:
                return answer.status == 200 && !answer.body.isEmpty ? Spent(contentBytes: answer.body.count) : nil
            default: return nil
            }
        }
    }

    private func result(
        _ exchange: any UpstreamExchange,
        _ watchdog: Watchdog?,
        _ dialect: Dialect,
        _ answer: inout WholeAnswer,
        _ reader: inout StreamReader,
        _ journey: Journey,
        _ onHead: @Sendable (Int) -> Void
    ) async -> AttemptResult {
        do throws(TransportError) {
            while let events = try await exchange.next() {
                for event in events {
                    switch event {
                    case .head(let status, let headers):
                        answer.status = status
                        answer.headers = headers
                        onHead(status)
                    case .bytes(let bytes):
                        guard answer.isEventStream, let watchdog else {
                            answer.body += bytes
                            if answer.body.count > Self.answerLimit {
                                exchange.cancel()
                                return .failed(AttemptFailure(.badAnswer, detail: "answer over 64 MiB"), answer: nil)
                            }
                            continue
                        }
                        reader.feed(bytes)
                        if let failure = reader.failure {
                            exchange.cancel()
                            watchdog.stop()
                            return .failed(redact(failure), answer: nil)
                        }
                    case .end:
                        reader.finish()
                    }
                }
                if reader.hasEnded, reader.hasSpoken, !reader.isComplete {
                    watchdog?.stop()
                    let what = "the stream ended without a finish reason"
                    return .failed(AttemptFailure(.badAnswer, status: 200, detail: what), answer: nil)
                }
                if reader.hasSpoken, let watchdog {
                    // The first-token limit is kept; the relay sets the next one.
                    guard watchdog.hold() else { return .failed(tooLate, answer: nil) }
                    return .speaking(
                        SpeakingStream(
                            exchange: exchange,
                            watchdog: watchdog,
                            headers: answer.headers,
                            held: reader.takeReady(),
                            reader: reader,
                            hasEnded: reader.hasEnded,
                            firstToken: journey.elapsed
                        )
                    )
                }
            }
        } catch {
            watchdog?.stop()
            return .failed(failure(error, exchange, watchdog, journey.departure), answer: nil)
        }
        watchdog?.stop()
        return judge(answer, reader: reader, dialect, wasStream: watchdog != nil)
    }

    /// What a complete transfer without content, or one that was never a stream, means.
    private func judge(
        _ answer: WholeAnswer,
        reader: StreamReader,
        _ dialect: Dialect,
        wasStream: Bool
    ) -> AttemptResult {
        guard answer.status == 200 else {
            var told = answer
            told.body = dialect.errorDocument(answer.body, status: answer.status)
            return .failed(refusal(answer, dialect), answer: told.redacted(secrets))
        }
        if wasStream {
            if let failure = reader.failure { return .failed(redact(failure), answer: nil) }
            if let error = (try? dialect.answer(answer.body))?.facts.error {
                return .failed(errorInBody(error), answer: nil)
            }
            let what = answer.isEventStream ? "the stream ended before any content" : "the answer is no event stream"
            return .failed(AttemptFailure(.badAnswer, status: 200, detail: what), answer: nil)
        }
        guard let (body, facts) = try? dialect.answer(answer.body) else {
            let what = answer.body.isEmpty ? "the body is empty" : "the body is not JSON"
            return .failed(AttemptFailure(.badAnswer, status: 200, detail: what), answer: nil)
        }
        if let error = facts.error { return .failed(errorInBody(error), answer: nil) }
        guard facts.isComplete else {
            return .failed(
                AttemptFailure(.badAnswer, status: 200, detail: "the answer is unfinished"),
                answer: nil
            )
        }
        var whole = answer
        whole.body = body
        whole.facts = facts
        return .answer(whole)
    }

    private func refusal(_ answer: WholeAnswer, _ dialect: Dialect) -> AttemptFailure {
        let body = ProviderErrorBody(answer.body)
        if dialect.isUnserved(answer.status, body) {
            let said = describe(body).map { ": \($0)" } ?? ""
            let what = "/v1\(dialect.endpoint.path) is not served there (\(answer.status)\(said))"
            return AttemptFailure(.unsupported, status: answer.status, detail: what)
        }
        let (kind, isKnown) = classification(
            status: answer.status,
            type: body?.type,
            code: body?.code,
            message: body?.message
        )
        let named = Dictionary(answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        return AttemptFailure(
            kind,
            status: answer.status,
            retryAfter: retryAfter(now: wallSeconds) { named[$0] },
            detail: (isKnown ? "" : Self.unclassified) + (describe(body) ?? "HTTP \(answer.status)")
        )
    }

    private func errorInBody(_ error: ProviderErrorBody) -> AttemptFailure {
        let status = error.code.flatMap(Int.init)
        let known = classify(status: status ?? 500, type: error.type, code: error.code, message: error.message)
        let kind: FailureClass = known == .server || known == .request ? .badAnswer : known
        return AttemptFailure(kind, status: 200, detail: describe(error) ?? "an error in the body of a 200")
    }

    private func describe(_ body: ProviderErrorBody?) -> String? {
        guard let body else { return nil }
        let words = [body.code ?? body.type, body.message].compactMap { $0 }
        return words.isEmpty ? nil : redacted(words.joined(separator: ": "), secrets: secrets)
    }

    private func redact(_ failure: AttemptFailure) -> AttemptFailure {
        var failure = failure
        failure.detail = redacted(failure.detail, secrets: secrets)
        return failure
    }

    private var tooLate: AttemptFailure { AttemptFailure(.timeout, detail: "no content token within the limit") }

    private func failure(
        _ error: TransportError,
        _ exchange: any UpstreamExchange,
        _ watchdog: Watchdog?,
        _ departure: Departure
    ) -> AttemptFailure {
        if watchdog?.hasFired == true {
            // Where packets vanish, the limit of a stream may run out before that of connecting.
            guard exchange.wasSent else {
                return AttemptFailure(.unreachable, detail: "no connection within the limit")
            }
            return tooLate
        }
        if departure.isGone { return AttemptFailure(.cancelled, detail: "the client left") }
        return AttemptFailure(error.kind.failureClass, detail: redacted(error.detail, secrets: secrets))
    }
}

extension TransportError.Kind {
    /// What a broken transfer means for the router.
    var failureClass: FailureClass {
        switch self {
        case .dns, .refused, .connectTimeout, .tls: .unreachable
        case .reset, .truncated: .reset
        case .timeout: .timeout
        case .cancelled: .cancelled
        case .malformed: .badAnswer
        }
    }
}

extension WholeAnswer {
    var isEventStream: Bool {
        status == 200 && headers.contains { $0.name == "content-type" && $0.value.hasPrefix("text/event-stream") }
    }

    /// The same answer with a body that shows no key.
    func redacted(_ secrets: [String]) -> WholeAnswer {
        var answer = self
        answer.body = Array(Wire.redacted(String(decoding: body, as: UTF8.self), secrets: secrets, limit: 100_000).utf8)
        return answer
    }
}
