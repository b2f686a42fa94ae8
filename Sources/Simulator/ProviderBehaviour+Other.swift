// What isn't generation.
extension ProviderBehaviour {
    /// The model list, or 404.
    func listing(_ request: ProviderRequest, _ arrival: Arrival) -> Script {
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
    func embeddings(_ wanted: GenerationRequest, _ subject: ErrorSubject, _ arrival: Arrival) -> Script {
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
        return document(body, subject, arrival, using: &random)
    }

    /// How many tokens a request has, after the time of a first token.
    func tokenCount(_ wanted: GenerationRequest, _ subject: ErrorSubject, _ arrival: Arrival) -> Script {
        var random = SeededRandom(seed: configuration.seed, ordinal: arrival.ordinal)
        return document(#"{"input_tokens":\#(wanted.promptTokens)}"#, subject, arrival, using: &random)
    }

    private func document(
        _ body: String,
        _ subject: ErrorSubject,
        _ arrival: Arrival,
        using random: inout SeededRandom
    ) -> Script {
        let plain = Performance.BareDocument(
            body: body,
            headers: headers(arrival),
            delay: configuration.latency.firstToken(using: &random),
            error: subject.streamError
        )
        return plain.script(arrival.fault)
    }
}
