import NIOCore

/// One request as it came off the wire.
struct ProviderRequest: Sendable {
    var method: String
    /// Without the query.
    var path: String
    /// From `Authorization: Bearer` or `x-api-key`.
    var key: String?
    /// The key was switched off.
    var isRevoked = false
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

    let configuration: SimulatedProviderConfiguration
    private let fixed: FixedAnswers?

    init(_ configuration: SimulatedProviderConfiguration) {
        self.configuration = configuration
        fixed = configuration.fixedAnswer ? FixedAnswers(of: configuration) : nil
    }

    /// True where `fault` would act on this request: a wrong key never gets so far, and uses up no fault.
    func isSubject(_ request: ProviderRequest, to fault: ProviderFault) -> Bool {
        accepts(request) && (service(request) != nil || fault.strikesEveryPath)
    }

    func decide(_ request: ProviderRequest, _ arrival: Arrival) -> Decision {
        if let fixed, arrival.fault == nil, accepts(request), service(request) != nil {
            return fixed.decide(request)
        }
        guard accepts(request) else {
            return Decision(script: refusal(subject(request, arrival).refusedKey, arrival))
        }
        if let service = service(request) { return generation(request, service, arrival) }
        return Decision(script: listing(request, arrival))
    }

    /// The answer to a body that is too large to read.
    func refuseBody(_ request: ProviderRequest, _ arrival: Arrival) -> Decision {
        let answer = subject(request, arrival).refusedRequest(status: 413, "Request exceeds the maximum size")
        return Decision(script: refusal(answer, arrival))
    }

    private func accepts(_ request: ProviderRequest) -> Bool {
        guard !request.isRevoked else { return false }
        guard let accepted = configuration.acceptedKeys else { return true }
        return request.key.map(accepted.contains) ?? false
    }

    private func service(_ request: ProviderRequest) -> Service? {
        request.method == "POST" ? Service(configuration.format, path: request.path) : nil
    }

    private func generation(_ request: ProviderRequest, _ service: Service, _ arrival: Arrival) -> Decision {
        var subject = subject(request, arrival)
        guard let wanted = try? GenerationRequest(json: Array(buffer: request.body)) else {
            return Decision(script: refusal(subject.refusedRequest(status: 400, Self.unreadable), arrival))
        }
        subject.model = wanted.model ?? ""
        var decision = Decision(script: Script(), model: wanted.model, streams: wanted.streams)
        if let answer = arrival.fault.flatMap(subject.answer) ?? complaint(about: wanted, service, subject) {
            decision.script = refusal(answer, arrival)
        } else {
            switch service {
            case .embeddings: decision.script = embeddings(wanted, subject, arrival)
            case .countTokens: decision.script = tokenCount(wanted, subject, arrival)
            case .chat, .completions, .responses, .messages:
                decision.script = answer(wanted, service, subject, arrival)
            }
        }
        return decision
    }

    /// What is wrong with a request that could be read; nil for nothing.
    private func complaint(
        about wanted: GenerationRequest,
        _ service: Service,
        _ subject: ErrorSubject
    ) -> ErrorAnswer? {
        guard let model = wanted.model else {
            return subject.refusedRequest(status: 400, "you must provide a model parameter")
        }
        guard configuration.models.isEmpty || configuration.models.contains(model) else { return subject.unknownModel }
        if let field = service.missingField(in: wanted) {
            return subject.refusedRequest(
                status: 400,
                code: "missing_required_parameter",
                "Missing required parameter: '\(field)'."
            )
        }
        if service == .messages, wanted.tokenLimit == nil {
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

    private func answer(
        _ wanted: GenerationRequest,
        _ service: Service,
        _ subject: ErrorSubject,
        _ arrival: Arrival
    ) -> Script {
        var random = SeededRandom(seed: configuration.seed, ordinal: arrival.ordinal)
        let firstToken = configuration.latency.firstToken(using: &random)
        let draft = draft(wanted, arrival, using: &random)
        let performance = Performance(
            writer: service.writer(draft),
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
            includesUsage: wanted.includesUsage,
            cacheLifetime: wanted.cacheLifetime
        )
    }

    private func id(_ arrival: Arrival) -> String {
        "simulated\(String(configuration.seed, radix: 16))x\(arrival.ordinal)"
    }

    func headers(_ arrival: Arrival) -> [String] {
        let name = configuration.format == .openAI ? "x-request-id" : "request-id"
        return ["\(name): req_\(id(arrival))", "server: nines-simulator"]
    }

    func subject(_ request: ProviderRequest, _ arrival: Arrival) -> ErrorSubject {
        ErrorSubject(
            format: configuration.format,
            model: "",
            key: request.key,
            requestID: "req_\(id(arrival))"
        )
    }

    func refusal(_ answer: ErrorAnswer, _ arrival: Arrival) -> Script {
        .document(answer.status, answer.body, headers: answer.headers + headers(arrival))
    }

    private static let unreadable =
        "We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was sent was "
        + "not valid JSON."
}
