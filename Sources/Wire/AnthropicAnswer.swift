/// An Anthropic message, written as an OpenAI chat completion.
package struct AnthropicAnswer: Sendable {
    /// The completion, or OpenAI's error document where the provider sent an error under status 200.
    package let body: [UInt8]
    /// What the completion says: complete only where the message had a stop reason.
    package let facts: ChatAnswer

    /// Reads `message`; `id`, `created` (seconds since 1970) and `model` are what the client is told, `toolNames` is the
    /// request's.
    ///
    /// - Throws: where `message` is no JSON object.
    package init(
        _ message: [UInt8],
        toolNames: [String: String] = [:],
        id: String,
        created: Int64,
        model: String
    ) throws(JSONError) {
        let message = try JSONValue(message)
        guard message.members != nil else { throw JSONError(offset: 0, expected: "an object") }
        if let error = AnthropicErrorEvent(message) {
            body = Array(openAIErrorDocument(error.body, status: 200).utf8)
        } else {
            body = Self.completion(message, toolNames, id: id, created: created, model: model).bytes
        }
        var facts = try ChatAnswer(body)
        // OpenAI's counts don't tell for how long the cache was written.
        facts.usage = AnthropicUsage(message["usage"])?.soundTokens
        self.facts = facts
    }

    private static func completion(
        _ source: JSONValue,
        _ toolNames: [String: String],
        id: String,
        created: Int64,
        model: String
    ) -> JSONValue {
        let blocks = source["content"]?.elements ?? []
        let text = joined(blocks, "text")
        let reasoning = joined(blocks, "thinking")
        let calls = blocks.filter { $0["type"] == "tool_use" }.map { call(for: $0, toolNames) }
        let refusal = (source["stop_details"] ?? [:])["explanation"]?.text
        var message: [JSONValue.Member] = [
            .init("role", "assistant"),
            .init("content", text.isEmpty && !calls.isEmpty ? .null : .string(text)),
            .init("refusal", refusal.map { .string($0) } ?? .null),
        ]
        if !reasoning.isEmpty { message.append(.init("reasoning_content", .string(reasoning))) }
        if !calls.isEmpty { message.append(.init("tool_calls", .array(calls))) }
        let stop = source["content"]?.elements == nil ? nil : source["stop_reason"]?.text
        var choice: JSONValue = [
            "index": .integer(0), "message": .object(message), "logprobs": .null,
            "finish_reason": stop.map { .string(openAIFinishReason(anthropic: $0)) } ?? .null,
        ]
        // Unfinished, which OpenAI has no word for.
        if stop == "pause_turn" { choice = choice.setting("native_finish_reason", to: "pause_turn") }
        var out: JSONValue = [
            "id": .string(id), "object": "chat.completion", "created": .number(String(created)),
            "model": .string(model),
            "choices": [choice],
        ]
        if let usage = AnthropicUsage(source["usage"]) { out = out.setting("usage", to: usage.openAI) }
        return out
    }

    private static func joined(_ blocks: [JSONValue], _ type: String) -> String {
        blocks.filter { $0["type"]?.text == type }.compactMap { $0[type]?.text }.joined()
    }

    private static func call(for block: JSONValue, _ toolNames: [String: String]) -> JSONValue {
        let name = block["name"]?.text ?? ""
        return [
            "id": block["id"] ?? "", "type": "function",
            "function": [
                "name": .string(toolNames[name] ?? name), "arguments": .string((block["input"] ?? [:]).rendered),
            ],
        ]
    }
}

/// OpenAI's `finish_reason` for Anthropic's `stop_reason`.
func openAIFinishReason(anthropic stop: String) -> String {
    switch stop {
    case "max_tokens", "model_context_window_exceeded": "length"
    case "tool_use": "tool_calls"
    case "refusal": "content_filter"
    default: "stop"
    }
}

/// An `error` document or event of Anthropic's.
struct AnthropicErrorEvent {
    var body: ProviderErrorBody

    /// Nil for anything else.
    init?(_ value: JSONValue) {
        guard value["type"] == "error" || value["error"] != nil else { return nil }
        body = ProviderErrorBody(value.bytes) ?? ProviderErrorBody(type: "api_error")
    }
}

/// Anthropic's token counts, as they build up in the course of a stream.
struct AnthropicUsage: Equatable, Sendable {
    var input = 0
    var cacheWrite = 0
    /// Part of `cacheWrite`: what stays for an hour.
    var cacheWriteLong = 0
    var cacheRead = 0
    var output = 0
    var thinking: Int?
    /// No count was one that can't be: below zero, or beyond a billion.
    private(set) var isSound = true

    init?(_ usage: JSONValue?) {
        guard let usage, usage.members != nil else { return nil }
        update(usage)
    }

    /// Counts are totals: each one given replaces the one before.
    mutating func update(_ usage: JSONValue) {
        func count(_ key: String, _ old: Int) -> Int {
            guard let count = usage[key]?.integer else { return old }
            guard (0...1_000_000_000).contains(count) else {
                isSound = false
                return old
            }
            return count
        }
        input = count("input_tokens", input)
        cacheWrite = count("cache_creation_input_tokens", cacheWrite)
        if let hour = (usage["cache_creation"] ?? [:])["ephemeral_1h_input_tokens"]?.integer {
            cacheWriteLong = min(max(hour, 0), cacheWrite)
        }
        cacheRead = count("cache_read_input_tokens", cacheRead)
        output = count("output_tokens", output)
        thinking = (usage["output_tokens_details"] ?? [:])["thinking_tokens"]?.integer ?? thinking
    }

    /// As `tokens`, where they make sense: an unknown count is not zero.
    var soundTokens: TokenUsage? { isSound ? tokens : nil }

    /// Anthropic's input leaves out what the cache read or wrote; OpenAI's holds it.
    var tokens: TokenUsage {
        TokenUsage(
            input: input + cacheWrite + cacheRead,
            output: output,
            cacheRead: cacheRead,
            cacheWrite: cacheWrite,
            cacheWriteLong: min(cacheWriteLong, cacheWrite)
        )
    }

    var openAI: JSONValue {
        [
            "prompt_tokens": .integer(tokens.input), "completion_tokens": .integer(output),
            "total_tokens": .integer(tokens.input + output),
            "prompt_tokens_details": [
                "cached_tokens": .integer(cacheRead), "cache_write_tokens": .integer(cacheWrite),
                "audio_tokens": .integer(0),
            ],
            "completion_tokens_details": [
                "reasoning_tokens": .integer(thinking ?? 0), "audio_tokens": .integer(0),
                "accepted_prediction_tokens": .integer(0), "rejected_prediction_tokens": .integer(0),
            ],
        ]
    }
}
