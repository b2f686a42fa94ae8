/// Anthropic's event stream, written as OpenAI's chunks while it passes.
///
/// What comes out is a stream that tells the truth as OpenAI's clients read it: the finish reason and `[DONE]` come only
/// with `message_stop` after a stop reason, and an error ends everything with a chunk that holds `error`. A malformed event
/// is such an error.
package struct AnthropicStreamTranslator: Sendable {
    private struct Block {
        /// Place among the tool calls.
        var call: Int
        /// Arguments that came with the block's start, where none followed.
        var input: JSONValue
        var hasArguments = false
    }

    /// Counts so far: the input from the first event on, the output as of the last report.
    package var usage: TokenUsage? { counts?.soundTokens }
    /// The provider has reported its final counts; before, the output's is not to be trusted.
    package private(set) var isUsageFinal = false
    /// What the provider's `error` event, or a malformed one, said.
    package private(set) var error: ProviderErrorBody?
    /// An event was no JSON, or larger than 4 MiB; `error` then is in our words.
    package private(set) var isMalformed = false
    /// `[DONE]` is written.
    package private(set) var isDone = false
    /// A block has content, one of a kind that OpenAI's format lacks included.
    package private(set) var hasContent = false
    /// `message_stop` came, with a stop reason before it or without.
    package private(set) var hasStopped = false
    /// The stop reason has been told, and perhaps not yet the end.
    package var hasStopReason: Bool { stopReason != nil }

    private static let keepAlive = ": keep-alive\n\n"

    private let toolNames: [String: String]
    private let includeUsage: Bool
    private let opening: String
    private let closing: String
    private var splitter = EventStream()
    private var counts: AnthropicUsage?
    private var hasRole = false
    private var calls = 0
    private var blocks: [Int: Block] = [:]
    private var stopReason: String?
    private var refusal: String?

    /// `includeUsage`: the client asked for a last chunk with usage (`stream_options.include_usage`); the rest as with
    /// `AnthropicAnswer`.
    package init(
        toolNames: [String: String] = [:],
        includeUsage: Bool,
        id: String,
        created: Int64,
        model: String
    ) {
        self.toolNames = toolNames
        self.includeUsage = includeUsage
        opening =
            "data: {\"id\":\(jsonString(id)),\"object\":\"chat.completion.chunk\",\"created\":\(created)"
            + ",\"model\":\(jsonString(model)),\"choices\":["
        closing = includeUsage ? "],\"usage\":null}\n\n" : "]}\n\n"
    }

    /// The chunks that `bytes` complete.
    package mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
        guard error == nil, !isDone else { return [] }
        do {
            var out: [UInt8] = []
            for event in try splitter.feed(bytes) { out += feed(event) }
            return out
        } catch {
            return malformed("an event over 4 MiB")
        }
    }

    /// The chunks that one event gives.
    package mutating func feed(_ event: EventStream.Event) -> [UInt8] {
        guard error == nil, !isDone else { return [] }
        // A comment keeps the client's connection alive as it keeps ours.
        guard let data = event.data else { return Array(Self.keepAlive.utf8) }
        guard let value = try? JSONValue(data), value.members != nil else { return malformed("an event is not JSON") }
        var out = ""
        write(value, type: value["type"]?.text ?? event.name, to: &out)
        return Array(out.utf8)
    }

    private mutating func malformed(_ what: String) -> [UInt8] {
        isMalformed = true
        var out = ""
        fail(ProviderErrorBody(type: "api_error", message: "The provider's stream is malformed: \(what)."), to: &out)
        return Array(out.utf8)
    }

    private mutating func write(_ event: JSONValue, type: String, to out: inout String) {
        switch type {
        case "message_start":
            if let usage = (event["message"] ?? [:])["usage"] { note(usage) }
            writeRole(to: &out)
        case "content_block_start": start(event, to: &out)
        case "content_block_delta": delta(event, to: &out)
        case "content_block_stop": stop(event["index"]?.integer ?? 0, to: &out)
        case "message_delta":
            let delta = event["delta"] ?? [:]
            stopReason = delta["stop_reason"]?.text ?? stopReason
            refusal = (delta["stop_details"] ?? [:])["explanation"]?.text ?? refusal
            if let usage = event["usage"] {
                note(usage)
                isUsageFinal = true
            }
        case "message_stop": finish(to: &out)
        case "ping": out += Self.keepAlive
        case "error": fail(AnthropicErrorEvent(event)?.body ?? ProviderErrorBody(type: "api_error"), to: &out)
        default: break
        }
    }

    private mutating func note(_ usage: JSONValue) {
        if counts == nil { counts = AnthropicUsage(usage) } else { counts?.update(usage) }
    }

    // MARK: Blocks

    private mutating func start(_ event: JSONValue, to out: inout String) {
        let block = event["content_block"] ?? [:]
        let type = block["type"]?.text ?? ""
        if !type.isEmpty, block[type]?.text != "" { hasContent = true }
        switch type {
        case "text": writeText("content", block["text"], to: &out)
        case "thinking": writeText("reasoning_content", block["thinking"], to: &out)
        case "tool_use":
            let name = block["name"]?.text ?? ""
            let call: JSONValue = [
                "index": .integer(calls), "id": block["id"] ?? "", "type": "function",
                "function": ["name": .string(toolNames[name] ?? name), "arguments": ""],
            ]
            blocks[event["index"]?.integer ?? 0] = Block(call: calls, input: block["input"] ?? [:])
            calls += 1
            write(delta: ["tool_calls": [call]], to: &out)
        default: break
        }
    }

    private mutating func delta(_ event: JSONValue, to out: inout String) {
        let delta = event["delta"] ?? [:]
        if delta.members?.contains(where: { $0.key != "type" && $0.value.text?.isEmpty == false }) == true {
            hasContent = true
        }
        switch delta["type"]?.text {
        case "text_delta": writeText("content", delta["text"], to: &out)
        case "thinking_delta": writeText("reasoning_content", delta["thinking"], to: &out)
        case "input_json_delta":
            let index = event["index"]?.integer ?? 0
            guard let call = blocks[index]?.call, let part = delta["partial_json"]?.text, !part.isEmpty else { return }
            blocks[index]?.hasArguments = true
            write(arguments: part, of: call, to: &out)
        default: break
        }
    }

    private mutating func stop(_ index: Int, to out: inout String) {
        guard let block = blocks.removeValue(forKey: index), !block.hasArguments else { return }
        write(arguments: block.input.rendered, of: block.call, to: &out)
    }

    // MARK: Ends

    private mutating func finish(to out: inout String) {
        hasStopped = true
        guard let stopReason else { return }
        for index in blocks.keys.sorted() { stop(index, to: &out) }
        if let refusal { writeText("refusal", .string(refusal), to: &out) }
        writeRole(to: &out)
        let native = stopReason == "pause_turn" ? ",\"native_finish_reason\":\"pause_turn\"" : ""
        out += opening + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":"
        out += jsonString(openAIFinishReason(anthropic: stopReason)) + native + "}" + closing
        if includeUsage, let counts { out += opening + "],\"usage\":\(counts.openAI.rendered)}\n\n" }
        out += "data: [DONE]\n\n"
        isDone = true
    }

    private mutating func fail(_ error: ProviderErrorBody, to out: inout String) {
        self.error = error
        out += "data: \(openAIErrorDocument(error, status: 500))\n\n"
    }

    // MARK: Chunks

    private mutating func writeRole(to out: inout String) {
        guard !hasRole else { return }
        hasRole = true
        chunk("{\"role\":\"assistant\",\"content\":\"\"}", to: &out)
    }

    private mutating func writeText(_ key: String, _ text: JSONValue?, to out: inout String) {
        guard let text = text?.text, !text.isEmpty else { return }
        writeRole(to: &out)
        chunk("{\"\(key)\":\(JSONValue.string(text).rendered)}", to: &out)
    }

    private mutating func write(arguments: String, of call: Int, to out: inout String) {
        let function: JSONValue = ["arguments": .string(arguments)]
        write(delta: ["tool_calls": [["index": .integer(call), "function": function]]], to: &out)
    }

    private mutating func write(delta: JSONValue, to out: inout String) {
        writeRole(to: &out)
        chunk(delta.rendered, to: &out)
    }

    private func chunk(_ delta: String, to out: inout String) {
        out += opening + "{\"index\":0,\"delta\":\(delta),\"logprobs\":null,\"finish_reason\":null}" + closing
    }
}
