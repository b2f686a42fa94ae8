/// OpenAI's chunks, written as Anthropic's event stream while they pass.
///
/// `message_stop` comes only after a finish reason, and an error ends everything with an `error` event. Usage stands in
/// `message_delta`, since OpenAI tells it last; `message_start` holds zeros.
package struct AnthropicEventWriter: Sendable {
    private enum Open: Equatable {
        case text
        /// OpenAI's index of the call.
        case call(Int)
    }

    /// As the provider told it; nil before.
    package var usage: TokenUsage? { counts?.tokens }
    package private(set) var error: ProviderErrorBody?
    /// An event was no JSON, out of order, or larger than 4 MiB; `error` then is in our words.
    package private(set) var isMalformed = false
    /// `message_stop` is written.
    package private(set) var isDone = false

    private let toolNames: [String: String]
    private let id: String
    private let model: String
    private var splitter = EventStream()
    private var counts: AnthropicUsage?
    private var hasStarted = false
    private var open: Open?
    /// Index of the open block, or of the next.
    private var block = 0
    private var calls: Set<Int> = []
    private var finish: String?

    /// As with `AnthropicMessage`.
    package init(toolNames: [String: String] = [:], id: String, model: String) {
        self.toolNames = toolNames
        self.id = id
        self.model = model
    }

    /// The events that `bytes` complete.
    package mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
        guard error == nil, !isDone else { return [] }
        var out: [UInt8] = []
        do {
            for event in try splitter.feed(bytes) { out += feed(event) }
        } catch {
            fail("an event over 4 MiB", to: &out)
        }
        return out
    }

    /// What closes the message where the provider ended without `[DONE]`; nothing without a finish reason.
    package mutating func end() -> [UInt8] {
        var out: [UInt8] = []
        if error == nil, !isDone { finish(to: &out) }
        return out
    }

    /// The events that one event gives.
    package mutating func feed(_ event: EventStream.Event) -> [UInt8] {
        var out: [UInt8] = []
        guard error == nil, !isDone else { return out }
        guard let data = event.data else {
            if hasStarted { write("ping", [], to: &out) }
            return out
        }
        if data.elementsEqual("[DONE]".utf8) {
            finish(to: &out)
        } else if let chunk = try? JSONValue(data), chunk.members != nil {
            read(chunk, to: &out)
        } else {
            fail("an event is not JSON", to: &out)
        }
        return out
    }

    private mutating func read(_ chunk: JSONValue, to out: inout [UInt8]) {
        if chunk["error"] != nil {
            return fail(ProviderErrorBody(chunk.bytes) ?? ProviderErrorBody(type: "api_error"), to: &out)
        }
        start(to: &out)
        counts = AnthropicUsage(openAI: chunk["usage"]) ?? counts
        for choice in chunk["choices"]?.elements ?? [] where choice["index"]?.integer ?? 0 == 0 {
            let delta = choice["delta"] ?? [:]
            writeText(delta["content"]?.text, to: &out)
            writeText(delta["refusal"]?.text, to: &out)
            for call in delta["tool_calls"]?.elements ?? [] { write(call: call, to: &out) }
            finish = choice["finish_reason"]?.text ?? finish
        }
        if finish == "error" {
            fail(ProviderErrorBody(type: "api_error", message: "The provider broke off."), to: &out)
        }
    }

    // MARK: Blocks

    private mutating func writeText(_ text: String?, to out: inout [UInt8]) {
        guard let text, !text.isEmpty else { return }
        if open != .text { openBlock(.text, ["type": "text", "text": ""], to: &out) }
        write(delta: ["type": "text_delta", "text": .string(text)], to: &out)
    }

    private mutating func write(call: JSONValue, to out: inout [UInt8]) {
        guard error == nil else { return }
        let index = call["index"]?.integer ?? 0
        let function = call["function"] ?? [:]
        if open != .call(index) {
            // Blocks come one after the other: one that is closed stays closed.
            guard calls.insert(index).inserted else { return fail("a tool call goes on after the next", to: &out) }
            let name = function["name"]?.text ?? ""
            let block: JSONValue = [
                "type": "tool_use", "id": .string(call["id"]?.text ?? "call_\(index)"),
                "name": .string(toolNames[name] ?? name), "input": [:],
            ]
            openBlock(.call(index), block, to: &out)
        }
        if let part = function["arguments"]?.text, !part.isEmpty {
            write(delta: ["type": "input_json_delta", "partial_json": .string(part)], to: &out)
        }
    }

    private mutating func openBlock(_ kind: Open, _ content: JSONValue, to out: inout [UInt8]) {
        closeBlock(to: &out)
        open = kind
        write("content_block_start", [.init("index", .integer(block)), .init("content_block", content)], to: &out)
    }

    private mutating func closeBlock(to out: inout [UInt8]) {
        guard open != nil else { return }
        write("content_block_stop", [.init("index", .integer(block))], to: &out)
        open = nil
        block += 1
    }

    private func write(delta: JSONValue, to out: inout [UInt8]) {
        write("content_block_delta", [.init("index", .integer(block)), .init("delta", delta)], to: &out)
    }

    // MARK: Start and ends

    private mutating func start(to out: inout [UInt8]) {
        guard !hasStarted else { return }
        hasStarted = true
        let message = anthropicMessage(id: id, model: model, content: [], stop: nil, AnthropicUsage())
        write("message_start", [.init("message", message)], to: &out)
    }

    private mutating func finish(to out: inout [UInt8]) {
        guard let stop = anthropicStopReason(openAI: finish, hasCalls: !calls.isEmpty) else { return }
        closeBlock(to: &out)
        let delta: JSONValue = ["stop_reason": .string(stop), "stop_sequence": .null]
        let usage = (counts ?? AnthropicUsage()).anthropic
        write("message_delta", [.init("delta", delta), .init("usage", usage)], to: &out)
        write("message_stop", [], to: &out)
        isDone = true
    }

    private mutating func fail(_ what: String, to out: inout [UInt8]) {
        isMalformed = true
        fail(ProviderErrorBody(type: "api_error", message: "The provider's stream is malformed: \(what)."), to: &out)
    }

    private mutating func fail(_ error: ProviderErrorBody, to out: inout [UInt8]) {
        self.error = error
        let document = anthropicErrorDocument(
            type: "api_error",
            code: error.code,
            message: error.message ?? "The provider sent an error.",
            requestID: nil
        )
        out += "event: error\ndata: \(document)\n\n".utf8
    }

    private func write(_ type: String, _ members: [JSONValue.Member], to out: inout [UInt8]) {
        out += "event: \(type)\ndata: ".utf8
        out += JSONValue.object([.init("type", .string(type))] + members).bytes
        out += "\n\n".utf8
    }
}
