import FrontDoor
import Routing
import Storage
import Upstream
import Wire

extension Engine {
    /// The router out of the way: the request goes to the primary with host, key and model name replaced and nothing
    /// else touched, and its answer comes back as it is.
    ///
    /// Counted in the ledger, judged by nobody.
    func bypass(
        _ request: InboundRequest,
        _ chat: ChatRequest,
        _ primary: Deployment,
        _ journey: Journey
    ) async -> OutboundResponse {
        var journey = journey
        guard primary.format == (chat.endpoint.api == .openAI ? .openAI : .anthropic) else {
            settle(journey, Ending(outcome: .rejected, status: 400, error: "the primary speaks another format"))
            return refuse(.bypassFormat(primary, chat.endpoint), requestID: journey.id, api: chat.endpoint.api)
        }
        journey.begin(primary, why: .first)
        changeInFlight(by: 1, of: primary.id)
        var sent = request.headers.filter { isPassed($0.name) }.map { HeaderField($0.name, $0.value) }
        if let key = primary.credential?.secret {
            sent.append(
                primary.format == .anthropic
                    ? HeaderField("x-api-key", key.reveal()) : HeaderField("authorization", "Bearer \(key.reveal())")
            )
        }
        let exchange = upstream.open(
            UpstreamRequest(
                url: primary.url(of: chat.endpoint),
                headers: sent,
                body: chat.body(model: primary.model),
                connectTimeout: .seconds(10),
                timeout: .seconds(600)
            )
        )
        journey.departure.onLeave { exchange.cancel() }
        var status = 0
        var answerHeaders: [HeaderField] = []
        var first: [UInt8] = []
        var hasEnded = false
        var isEventStream = false
        do throws(TransportError) {
            // What is no stream is told whole, with what it cost.
            while status == 0 || first.isEmpty || !isEventStream && first.count < AttemptRunner.answerLimit, !hasEnded,
                let events = try await exchange.next()
            {
                for event in events {
                    switch event {
                    case .head(let code, let fields):
                        (status, answerHeaders) = (code, fields)
                        isEventStream = WholeAnswer(status: code, headers: fields, body: []).isEventStream
                    case .bytes(let bytes): first += bytes
                    case .end: hasEnded = true
                    }
                }
            }
        } catch {
            return unreachable(error, primary, journey)
        }
        let firstByte = journey.elapsed
        let finished = journey
        let passed = answerHeaders.filter { isReturned($0.name) }.map { (name: $0.name, value: $0.value) }
        var headers = passed + [("x-nines-request-id", journey.id)] + ninesHeaders(journey, primary)
        if hasEnded, !isEventStream {
            let outcome = Ending(outcome: status == 200 ? .complete : .rejected, status: status, servedBy: primary)
            let record = settleBypass(journey, outcome, reader: StreamReader(chat.endpoint), body: first)
            if status == 200, let cost = record.cost { headers.append(("x-nines-cost-usd", dollars(cost))) }
            return OutboundResponse(status: status, headers: headers, body: .bytes(first))
        }
        let body: @concurrent @Sendable (inout any BodyWriter) async throws -> Void = {
            [self, status, first, hasEnded, isEventStream] writer in
            var reader = StreamReader(chat.endpoint)
            var collected = isEventStream ? [] : first
            var outcome = Ending(outcome: status == 200 ? .complete : .rejected, status: status, servedBy: primary)
            outcome.firstToken = isEventStream ? firstByte : nil
            defer { settleBypass(finished, outcome, reader: reader, body: collected) }
            if isEventStream { reader.feed(first) }
            do {
                try await writer.write(first)
                var isOver = hasEnded
                while !isOver, let events = try await exchange.next() {
                    for event in events {
                        if case .end = event { isOver = true }
                        guard case .bytes(let bytes) = event else { continue }
                        if isEventStream { reader.feed(bytes) } else { collected += bytes }
                        try await writer.write(bytes)
                    }
                }
            } catch {
                exchange.cancel()
                outcome.outcome = finished.departure.isGone ? .cancelled : .cut
                throw error
            }
        }
        return OutboundResponse(status: status, headers: headers, body: .stream(body))
    }

    @discardableResult
    private func settleBypass(_ journey: Journey, _ outcome: Ending, reader: StreamReader, body: [UInt8])
        -> RequestRecord
    {
        var journey = journey
        var ending = outcome
        let facts = try? journey.endpoint.facts(of: body)
        ending.usage = reader.usage ?? facts?.usage
        ending.contentBytes = max(reader.contentBytes, facts?.contentBytes ?? 0)
        if outcome.status != 200 {
            let parsed = ProviderErrorBody(body)
            let kind = classify(
                status: outcome.status,
                type: parsed?.type,
                code: parsed?.code,
                message: parsed?.message
            )
            if ending.outcome != .cancelled { ending.outcome = kind.isClientFault ? .rejected : .lost }
            ending.error = "HTTP \(outcome.status)"
            let failure = AttemptFailure(kind, status: outcome.status, detail: "HTTP \(outcome.status)")
            journey.end(status: outcome.status, failure: failure)
        } else {
            let isStream = reader.hasSpoken || reader.failure != nil || body.isEmpty
            let isWhole =
                isStream
                ? reader.isComplete && reader.failure == nil : facts?.isComplete == true && facts?.error == nil
            if outcome.outcome == .complete, !isWhole { ending.outcome = reader.hasSpoken ? .cut : .lost }
            let isCut = ending.outcome == .cut || ending.outcome == .lost
            let cut = isCut ? AttemptFailure(.midStream, status: 200, detail: "the answer broke off") : nil
            journey.end(status: 200, firstToken: outcome.firstToken, failure: cut)
        }
        if let deployment = outcome.servedBy { changeInFlight(by: -1, of: deployment.id) }
        return settle(journey, ending)
    }

    private func unreachable(_ error: TransportError, _ primary: Deployment, _ journey: Journey) -> OutboundResponse {
        var journey = journey
        changeInFlight(by: -1, of: primary.id)
        let failure = AttemptFailure(error.kind.failureClass, detail: redacted(error.detail, secrets: table.secrets))
        journey.end(status: nil, failure: failure)
        if journey.departure.isGone { return departed(journey) }
        settle(journey, Ending(outcome: .lost, status: 502, error: failure.detail))
        let answer = GatewayError(
            status: 502,
            type: "api_connection_error",
            code: "bypass_unreachable",
            message: "Bypass is on and the primary '\(primary.id)' can't be reached: \(failure.detail).",
            isRetryable: true,
            attempts: journey.errorLines
        )
        var response = refuse(answer, requestID: journey.id, api: journey.endpoint.api)
        response.headers += ninesHeaders(journey, primary)
        return response
    }

    /// All but what belongs to one connection, to the caller's key, or to us.
    private func isPassed(_ name: String) -> Bool {
        let name = name.lowercased()
        return !hopHeaders.contains(name) && name != "authorization" && name != "x-api-key" && name != "host"
            && name != "content-length" && name != "accept-encoding" && !name.hasPrefix("x-nines-")
    }

    private func isReturned(_ name: String) -> Bool {
        !hopHeaders.contains(name) && name != "content-length" && name != "content-encoding" && name != "set-cookie"
    }
}

private let hopHeaders: Set<String> = [
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade",
    "expect",
]

extension GatewayError {
    fileprivate static func bypassFormat(_ primary: Deployment, _ endpoint: Endpoint) -> GatewayError {
        let (asked, spoken) = endpoint.api == .openAI ? ("OpenAI", "Anthropic") : ("Anthropic", "OpenAI")
        return GatewayError(
            status: 400,
            type: "invalid_request_error",
            code: "bypass_format",
            message: "Bypass is on, and the primary '\(primary.id)' speaks \(spoken)'s format, not \(asked)'s: "
                + "end the bypass, or call it in its own."
        )
    }
}
