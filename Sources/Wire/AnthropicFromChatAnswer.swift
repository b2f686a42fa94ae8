/// An OpenAI chat completion, written as an Anthropic message.
package struct AnthropicMessage: Sendable {
    /// The message, or Anthropic's error document where the provider sent an error under status 200.
    package let body: [UInt8]
    /// What the completion said.
    package let facts: ChatAnswer

    /// Reads `completion`; `id` and `model` are what the client is told, `toolNames` is the request's.
    ///
    /// Reasoning is left out: Anthropic's clients send it back, and no signature of it would hold there.
    /// - Throws: where `completion` is no JSON object.
    package init(
        _ completion: [UInt8],
        toolNames: [String: String] = [:],
        id: String,
        model: String
    ) throws(JSONError) {
        facts = try ChatAnswer(completion)
        if let error = facts.error {
            let message = error.message ?? "The provider sent an error."
            body = Array(
                anthropicErrorDocument(type: "api_error", code: error.code, message: message, requestID: nil).utf8
            )
            return
        }
        let source = try JSONValue(completion)
        let choice = source["choices"]?.elements?.first ?? [:]
        let message = choice["message"] ?? [:]
        let calls = message["tool_calls"]?.elements ?? []
        let stop = anthropicStopReason(openAI: choice["finish_reason"]?.text, hasCalls: !calls.isEmpty)
        let text = (message["content"]?.text ?? "") + (message["refusal"]?.text ?? "")
        var content: [JSONValue] = text.isEmpty ? [] : [["type": "text", "text": .string(text)]]
        for call in calls {
            let function = call["function"] ?? [:]
            let name = function["name"]?.text ?? ""
            content.append([
                "type": "tool_use", "id": call["id"] ?? "", "name": .string(toolNames[name] ?? name),
                "input": toolInput(function["arguments"]?.text ?? "").value,
            ])
        }
        let usage = AnthropicUsage(openAI: source["usage"]) ?? AnthropicUsage()
        body = anthropicMessage(id: id, model: model, content: content, stop: stop, usage).bytes
    }
}

func anthropicMessage(id: String, model: String, content: [JSONValue], stop: String?, _ usage: AnthropicUsage)
    -> JSONValue
{
    [
        "id": .string(id), "type": "message", "role": "assistant", "model": .string(model), "content": .array(content),
        "stop_reason": stop.map { .string($0) } ?? .null, "stop_sequence": .null, "usage": usage.anthropic,
    ]
}

/// Anthropic's `stop_reason` for OpenAI's `finish_reason`; nil where the answer is not finished.
func anthropicStopReason(openAI finish: String?, hasCalls: Bool) -> String? {
    switch finish {
    // OpenRouter says so where its provider failed.
    case nil, "error"?: nil
    case "length"?: "max_tokens"
    case "content_filter"?: "refusal"
    case "tool_calls"?, "function_call"?: "tool_use"
    default: hasCalls ? "tool_use" : "end_turn"
    }
}

extension AnthropicUsage {
    init() {}

    /// OpenAI's counts; nil where `usage` is no object.
    init?(openAI usage: JSONValue?) {
        guard let usage, usage.members != nil else { return nil }
        func count(_ value: JSONValue?) -> Int { min(max(value?.integer ?? 0, 0), 1 << 40) }
        let details = usage["prompt_tokens_details"] ?? [:]
        cacheRead = count(details["cached_tokens"])
        cacheWrite = count(details["cache_write_tokens"])
        input = max(0, count(usage["prompt_tokens"]) - cacheRead - cacheWrite)
        output = count(usage["completion_tokens"])
        thinking = (usage["completion_tokens_details"] ?? [:])["reasoning_tokens"]?.integer
    }

    var anthropic: JSONValue {
        [
            "input_tokens": .integer(input), "cache_creation_input_tokens": .integer(cacheWrite),
            "cache_read_input_tokens": .integer(cacheRead), "output_tokens": .integer(output),
        ]
    }
}
