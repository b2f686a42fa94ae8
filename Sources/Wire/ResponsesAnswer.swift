extension ChatAnswer {
    /// Reads an OpenAI response that is not streamed.
    ///
    /// One that goes on in the background (`queued`, `in_progress`) is a whole answer too.
    /// - Throws: where `body` is no JSON object.
    package init(response body: [UInt8]) throws(JSONError) {
        self.init(response: try JSONValue(object: body))
    }

    private init(response: JSONValue) {
        self.init()
        usage = TokenUsage(response: response["usage"])
        if let output = response["output"]?.elements, !output.isEmpty {
            hasContent = true
            contentBytes = output.reduce(0) { $0 + $1.bytes.count }
        }
        switch response["status"]?.text {
        case "failed"?: error = ProviderErrorBody(response.bytes) ?? ProviderErrorBody(type: "server_error")
        case "completed"?, "incomplete"?, "queued"?, "in_progress"?: note(isFinished: true)
        case nil where response["error"] != nil: error = ProviderErrorBody(response.bytes)
        default: note(isFinished: hasContent)
        }
    }

    /// Reads one event of a response's stream: finished with `response.completed` or `response.incomplete` alone.
    ///
    /// - Throws: where `event` is no JSON object.
    package init(responseEvent event: [UInt8]) throws(JSONError) {
        let event = try JSONValue(object: event)
        switch event["type"]?.text {
        case "response.completed"?, "response.incomplete"?:
            self.init(response: event["response"] ?? [:])
            hasContent = false
            contentBytes = 0
            note(isFinished: true)
        case "response.failed"?:
            self.init()
            error = ProviderErrorBody((event["response"] ?? [:]).bytes) ?? ProviderErrorBody(type: "server_error")
        case "error"?:
            self.init()
            let inner: JSONValue = event["error"] ?? event.removing("type")
            error =
                ProviderErrorBody(JSONValue.object([.init("error", inner)]).bytes)
                ?? ProviderErrorBody(type: "server_error")
        case let type?:
            self.init()
            note(isFinished: false)
            if type.hasSuffix(".delta"), let delta = event["delta"]?.text, !delta.isEmpty {
                hasContent = true
                contentBytes = delta.utf8.count
            } else if type == "response.output_item.added" {
                // A tool at work; what a message or a thought says comes in deltas.
                hasContent = !["message", "reasoning"].contains((event["item"] ?? [:])["type"]?.text ?? "message")
            }
        case nil: try self.init(event.bytes)
        }
    }

    /// Reads an answer with embeddings, which has no output tokens.
    ///
    /// - Throws: where `body` is no JSON object.
    package init(embeddings body: [UInt8]) throws(JSONError) {
        self.init()
        let answer = try JSONValue(object: body)
        if answer["error"] != nil { error = ProviderErrorBody(body) ?? ProviderErrorBody(type: "server_error") }
        usage = (answer["usage"] ?? [:])["prompt_tokens"]?.count.map { TokenUsage(input: $0, output: 0) }
        note(isFinished: answer["data"]?.elements?.isEmpty == false)
    }

    /// Reads Anthropic's count of a request's tokens, which costs none.
    ///
    /// - Throws: where `body` is no JSON object.
    package init(tokenCount body: [UInt8]) throws(JSONError) {
        self.init()
        let answer = try JSONValue(object: body)
        error = AnthropicErrorEvent(answer)?.body
        usage = TokenUsage(input: 0, output: 0)
        note(isFinished: answer["input_tokens"]?.count != nil)
    }

    /// One choice, which most formats have.
    private mutating func note(isFinished: Bool) {
        choices = [0]
        finished = isFinished ? [0] : []
    }
}

extension TokenUsage {
    /// Counts as OpenAI's responses have them; nil where the input's or the output's is missing.
    fileprivate init?(response usage: JSONValue?) {
        guard let input = usage?["input_tokens"]?.count, let output = usage?["output_tokens"]?.count else { return nil }
        let details = usage?["input_tokens_details"]
        self.init(
            input: input,
            output: output,
            cacheRead: details?["cached_tokens"]?.count ?? 0,
            cacheWrite: details?["cache_write_tokens"]?.count ?? 0
        )
    }
}

extension JSONValue {
    /// - Throws: where `bytes` is no JSON object.
    fileprivate init(object bytes: [UInt8]) throws(JSONError) {
        try self.init(bytes)
        guard members != nil else { throw JSONError(offset: 0, expected: "an object") }
    }

    /// A count of tokens, bounded as `ChatAnswer` bounds them.
    fileprivate var count: Int? { integer.flatMap { (0...1_000_000_000).contains($0) ? $0 : nil } }
}

extension GatewayError {
    /// The `error` event of a response's stream, with the document of other endpoints beside its own members: OpenAI's SDKs
    /// raise by `error`.
    func responseEvent(requestID: String?, sequence: Int) -> [UInt8] {
        let document = try? JSONValue(Array(openAIBody(requestID: requestID).utf8))
        let event: JSONValue = [
            "type": "error", "sequence_number": .integer(sequence), "code": code.map { .string($0) } ?? .null,
            "message": .string(message), "param": .null, "error": document?["error"] ?? [:],
        ]
        return Array("event: error\ndata: \(event.rendered)\n\n".utf8)
    }
}
