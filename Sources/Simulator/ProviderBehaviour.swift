import NIOCore

/// One request as it came off the wire.
struct ProviderRequest: Sendable {
    var method: String
    /// Without the query.
    var path: String
    /// From `Authorization: Bearer` or `x-api-key`.
    var key: String?
    var body = ByteBuffer()
}

/// A request with its number, counted from 0, and the fault that was in when it came.
struct Arrival: Sendable {
    var ordinal: Int
    var fault: ProviderFault?
}

/// Decides every answer of one provider; a value, the same for the same configuration, arrival and request.
struct ProviderBehaviour: Sendable {
    /// What was decided, with what the log wants to know of the request.
    struct Decision: Sendable {
        var script: Script
        var model: String?
        var streams = false
    }

    private let configuration: SimulatedProviderConfiguration
    private let fixed: (document: Script, stream: Script)?

    init(_ configuration: SimulatedProviderConfiguration) {
        self.configuration = configuration
        fixed = configuration.fixedAnswer ? Self.fixedAnswers(of: configuration) : nil
    }

    /// True where `fault` would act on this request: a wrong key never gets so far, and uses up no fault.
    func isSubject(_ request: ProviderRequest, to fault: ProviderFault) -> Bool {
        accepts(request.key) && (generates(request) || fault.strikesEveryPath)
    }

    func decide(_ request: ProviderRequest, _ arrival: Arrival) -> Decision {
        if let fixed, arrival.fault == nil, accepts(request.key), generates(request) {
            let streams = request.asksForStream
            return Decision(script: streams ? fixed.stream : fixed.document, streams: streams)
        }
        guard accepts(request.key) else {
            return Decision(script: refusal(subject(request, arrival).refusedKey, arrival))
        }
        if generates(request) { return generation(request, arrival) }
        return Decision(script: listing(request, arrival))
    }

    /// The answer to a body that is too large to read.
    func refuseBody(_ request: ProviderRequest, _ arrival: Arrival) -> Decision {
        let answer = subject(request, arrival).refusedRequest(status: 413, "Request exceeds the maximum size")
        return Decision(script: refusal(answer, arrival))
    }

    private func accepts(_ key: String?) -> Bool {
        guard let accepted = configuration.acceptedKeys else { return true }
        return key.map(accepted.contains) ?? false
    }

    private func generates(_ request: ProviderRequest) -> Bool {
        guard request.method == "POST" else { return false }
        return switch configuration.format {
        case .openAI: request.path == "/v1/chat/completions" || request.path == "/v1/embeddings"
        case .anthropic: request.path == "/v1/messages"
        }
    }

    private func generation(_ request: ProviderRequest, _ arrival: Arrival) -> Decision {
        var subject = subject(request, arrival)
        guard let wanted = try? GenerationRequest(json: Array(buffer: request.body)) else {
            return Decision(script: refusal(subject.refusedRequest(status: 400, Self.unreadable), arrival))
        }
        subject.model = wanted.model ?? ""
        var decision = Decision(script: Script(), model: wanted.model, streams: wanted.streams)
        if let answer = arrival.fault.flatMap(subject.answer) ?? complaint(about: wanted, at: request.path, subject) {
            decision.script = refusal(answer, arrival)
        } else if request.path == "/v1/embeddings" {
            decision.script = embeddings(wanted, subject, arrival)
        } else {
            decision.script = answer(wanted, subject, arrival)
        }
        return decision
    }

    /// What is wrong with a request that could be read; nil for nothing.
    private func complaint(
        about wanted: GenerationRequest,
        at path: String,
        _ subject: ErrorSubject
    ) -> ErrorAnswer? {
        guard let model = wanted.model else {
            return subject.refusedRequest(status: 400, "you must provide a model parameter")
        }
        guard configuration.models.isEmpty || configuration.models.contains(model) else { return subject.unknownModel }
        let field = path == "/v1/embeddings" ? "input" : "messages"
        guard path == "/v1/embeddings" ? !wanted.inputs.isEmpty : wanted.hasMessages else {
            return subject.refusedRequest(
                status: 400,
                code: "missing_required_parameter",
                "Missing required parameter: '\(field)'."
            )
        }
        if configuration.format == .anthropic, wanted.tokenLimit == nil {
            return subject.refusedRequest(status: 400, "max_tokens: Field required")
        }
        if let limit = wanted.tokenLimit, limit < 1 {
            return subject.refusedRequest(
                status: 400,
                code: "integer_below_min_value",
                "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got \(limit) instead."
            )
        }
        return nil
    }

    private func answer(_ wanted: GenerationRequest, _ subject: ErrorSubject, _ arrival: Arrival) -> Script {
        var random = SeededRandom(seed: configuration.seed, ordinal: arrival.ordinal)
        let firstToken = configuration.latency.firstToken(using: &random)
        let draft = draft(wanted, arrival, using: &random)
        let performance = Performance(
            writer: writer(draft),
            pieces: draft.pieces,
            headers: headers(arrival),
            error: subject.streamError,
            firstToken: firstToken,
            latency: configuration.latency
        )
        return wanted.streams
            ? performance.stream(arrival.fault, using: &random) : performance.document(arrival.fault, using: &random)
    }

    private func draft(
        _ wanted: GenerationRequest,
        _ arrival: Arrival,
        using random: inout SeededRandom
    ) -> Draft {
        // A fault after n pieces needs an answer that has more.
        let drawn = max(
            configuration.latency.answerTokens(using: &random),
            (arrival.fault?.piecesBefore).map { $0 + 2 } ?? 0
        )
        var pieces = Prose.pieces(wanted.wantsJSON ? max(drawn - 2, 1) : drawn, using: &random)
        if wanted.wantsJSON { pieces = [#"{\"simulated\":true,\"text\":\""#] + pieces + [#"\"}"#] }
        let count = min(pieces.count, wanted.tokenLimit ?? pieces.count)
        let model = wanted.model ?? ""
        return Draft(
            id: id(arrival),
            model: model.contains("simulated") ? model : model + "-simulated",
            created: 1_767_225_600 + arrival.ordinal,
            promptTokens: wanted.promptTokens,
            pieces: Array(pieces.prefix(count)),
            isCutShort: count < pieces.count,
            includesUsage: wanted.includesUsage
        )
    }

    private func writer(_ draft: Draft) -> any AnswerWriter {
        switch configuration.format {
        case .openAI: OpenAIWriter(draft)
        case .anthropic: AnthropicWriter(draft)
        }
    }

    private func id(_ arrival: Arrival) -> String {
        "simulated\(String(configuration.seed, radix: 16))x\(arrival.ordinal)"
    }

    private func headers(_ arrival: Arrival) -> [String] {
        let name = configuration.format == .openAI ? "x-request-id" : "request-id"
        return ["\(name): req_\(id(arrival))", "server: nines-simulator"]
    }

    private func subject(_ request: ProviderRequest, _ arrival: Arrival) -> ErrorSubject {
        ErrorSubject(
            format: configuration.format,
            model: "",
            key: request.key,
            requestID: "req_\(id(arrival))"
        )
    }

    private func refusal(_ answer: ErrorAnswer, _ arrival: Arrival) -> Script {
        .document(answer.status, answer.body, headers: answer.headers + headers(arrival))
    }

    private static let unreadable =
        "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was sent was "
        + "not valid JSON."
}

// What isn't generation.
extension ProviderBehaviour {
    /// The model list, or 404.
    private func listing(_ request: ProviderRequest, _ arrival: Arrival) -> Script {
        let subject = subject(request, arrival)
        if let fault = arrival.fault, isSubject(request, to: fault) {
            if let answer = subject.answer(to: fault) { return refusal(answer, arrival) }
            if let script = Performance.silence(fault) { return script }
        }
        guard request.method == "GET", request.path == "/v1/models" else {
            return refusal(
                subject.refusedRequest(status: 404, "Invalid URL (\(request.method) \(request.path))"),
                arrival
            )
        }
        let names = configuration.models.isEmpty ? ["simulated"] : configuration.models
        let rows = names.map {
            switch configuration.format {
            case .openAI:
                #"{"id":\#(quoted($0)),"object":"model","created":1767225600,"owned_by":\#(quoted(configuration.name))}"#
            case .anthropic:
                #"{"type":"model","id":\#(quoted($0)),"display_name":\#(quoted($0)),"created_at":"2026-01-01T00:00:00Z"}"#
            }
        }
        let list = rows.joined(separator: ",")
        return .document(
            200,
            configuration.format == .openAI
                ? #"{"object":"list","data":[\#(list)]}"# : #"{"data":[\#(list)],"has_more":false}"#,
            headers: headers(arrival)
        )
    }

    /// Unit vectors that depend on the text alone, after the time of a first token.
    private func embeddings(_ wanted: GenerationRequest, _ subject: ErrorSubject, _ arrival: Arrival) -> Script {
        var random = SeededRandom(seed: configuration.seed, ordinal: arrival.ordinal)
        let size = min(max(wanted.dimensions ?? 64, 1), 4096)
        let rows = wanted.inputs.enumerated().map { index, text in
            let seed = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            var direction = SeededRandom(seed: seed)
            let raw = (0..<size).map { _ in direction.unit() - 0.5 }
            let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let values = raw.map { "\($0 / norm)" }.joined(separator: ",")
            return #"{"object":"embedding","index":\#(index),"embedding":[\#(values)]}"#
        }
        let usage = #"{"prompt_tokens":\#(wanted.promptTokens),"total_tokens":\#(wanted.promptTokens)}"#
        let body =
            #"{"object":"list","data":[\#(rows.joined(separator: ","))],"#
            + #""model":\#(quoted((wanted.model ?? "") + "-simulated")),"usage":\#(usage)}"#
        let plain = Performance.BareDocument(
            body: body,
            headers: headers(arrival),
            delay: configuration.latency.firstToken(using: &random),
            error: subject.streamError
        )
        return plain.script(arrival.fault)
    }

    private static func fixedAnswers(of configuration: SimulatedProviderConfiguration) -> (Script, Script) {
        var slow = configuration
        slow.fixedAnswer = false
        slow.latency = .zero
        slow.models = []
        slow.acceptedKeys = nil
        let path = configuration.format == .openAI ? "/v1/chat/completions" : "/v1/messages"
        func script(stream: Bool) -> Script {
            let body = #"""
                {"model":"simulated","max_tokens":1000,"stream":\#(stream),"stream_options":{"include_usage":true},
                "messages":[{"role":"user","content":"simulated"}]}
                """#
            let request = ProviderRequest(method: "POST", path: path, body: ByteBuffer(string: body))
            return ProviderBehaviour(slow).decide(request, Arrival(ordinal: 0)).script
        }
        return (script(stream: false), script(stream: true))
    }
}

extension ProviderRequest {
    /// Finds `"stream": true` without reading the JSON.
    ///
    /// Within a string the quotation marks would be escaped.
    fileprivate var asksForStream: Bool {
        body.withUnsafeReadableBytes { bytes in
            Self.streamMarks.contains { mark in
                bytes.indices.dropLast(mark.count - 1).contains { start in
                    bytes[start] == mark[0] && bytes[start..<start + mark.count].elementsEqual(mark)
                }
            }
        }
    }

    private static let streamMarks = [Array("\"stream\":true".utf8), Array("\"stream\": true".utf8)]
}
