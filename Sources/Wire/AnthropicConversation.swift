/// Turns by user and assistant in alternation, with the system prompt apart, as Anthropic wants them.
struct AnthropicConversation {
    struct Turn {
        var isAssistant: Bool
        var blocks: [JSONValue]

        var json: JSONValue { ["role": isAssistant ? "assistant" : "user", "content": .array(blocks)] }
    }

    var system: [JSONValue] = []
    var turns: [Turn] = []

    var endsInAssistant: Bool { turns.last?.isAssistant == true }

    var endsInToolResults: Bool {
        guard let last = turns.last, !last.isAssistant else { return false }
        return last.blocks.first?["type"] == "tool_result"
    }

    /// Adds to the last turn where it is the same speaker's; nothing where there is nothing.
    mutating func append(isAssistant: Bool, _ blocks: [JSONValue]) {
        guard !blocks.isEmpty else { return }
        if let last = turns.indices.last, turns[last].isAssistant == isAssistant {
            turns[last].blocks += blocks
        } else {
            turns.append(Turn(isAssistant: isAssistant, blocks: blocks))
        }
    }
}

extension AnthropicRequestWriter {
    /// The messages as turns; `prefill` says whether the last may be the assistant's.
    mutating func conversation(prefill: Bool) throws(Untranslatable) -> AnthropicConversation {
        var out = AnthropicConversation()
        var calls = OpenCalls()
        for message in source["messages"]?.elements ?? [] {
            switch message["role"]?.text {
            case "system", "developer":
                // The prompt stands before the conversation, so an instruction from its middle moves.
                if !out.turns.isEmpty { note("system_position") }
                out.system += try contentBlocks(of: message, texts: true)
            case "user":
                if message["name"] != nil { note("name") }
                out.append(isAssistant: false, try contentBlocks(of: message))
            case "assistant":
                if message["function_call"] != nil {
                    throw Untranslatable("messages", "only tool calls can be carried over, not function calls")
                }
                if !out.endsInAssistant { calls.begin() }
                out.append(isAssistant: true, try contentBlocks(of: message, texts: true) + toolUses(message, &calls))
            case "tool":
                out.append(isAssistant: false, try toolResult(message, &calls))
            case let role:
                throw Untranslatable(
                    "messages",
                    "no role '\(role ?? "")' can be carried over",
                    isMalformed: role == nil
                )
            }
        }
        answerOpenCalls(&out)
        settleEnds(&out, prefill: prefill)
        return out
    }

    /// Puts tool results first in their turn, and in place of one that is missing an empty one: each call needs one.
    private mutating func answerOpenCalls(_ out: inout AnthropicConversation) {
        var index = 0
        while index < out.turns.count {
            defer { index += 1 }
            guard out.turns[index].isAssistant else { continue }
            let called = out.turns[index].blocks.compactMap { $0["type"] == "tool_use" ? $0["id"]?.text : nil }
            guard !called.isEmpty else { continue }
            if index + 1 == out.turns.count { out.turns.append(.init(isAssistant: false, blocks: [])) }
            let isResult = { (block: JSONValue) in block["type"] == "tool_result" }
            let blocks = out.turns[index + 1].blocks
            let answered = Set(blocks.compactMap { $0["tool_use_id"]?.text })
            let missing = called.filter { !answered.contains($0) }
            if !missing.isEmpty { note("tool_results") }
            let invented = missing.map { (id: String) -> JSONValue in
                ["type": "tool_result", "tool_use_id": .string(id), "content": "No result.", "is_error": .bool(true)]
            }
            out.turns[index + 1].blocks = blocks.filter(isResult) + invented + blocks.filter { !isResult($0) }
        }
    }

    /// The first turn is the user's, and the last one too where the model does not go on with the assistant's.
    private mutating func settleEnds(_ out: inout AnthropicConversation, prefill: Bool) {
        if out.turns.isEmpty, let last = out.system.popLast() {
            // A system prompt alone is a question.
            note("system_position")
            out.turns = [.init(isAssistant: false, blocks: [last])]
        }
        if out.turns.first?.isAssistant ?? true {
            note("first_message")
            out.turns.insert(.init(isAssistant: false, blocks: [Self.text("(no message)")]), at: 0)
        }
        guard out.endsInAssistant else { return }
        if prefill {
            stripEnd(&out)
        } else {
            note("prefill")
            out.append(isAssistant: false, [Self.text(Self.continuation)])
        }
    }

    /// White space at the end of a prefill is refused.
    private func stripEnd(_ out: inout AnthropicConversation) {
        guard var last = out.turns.popLast(), let block = last.blocks.last, let text = block["text"]?.text else {
            return
        }
        let kept = text.lastIndex { !$0.isWhitespace }.map { text[...$0] } ?? ""
        last.blocks[last.blocks.count - 1] = block.setting("text", to: .string(String(kept)))
        out.turns.append(last)
    }

    /// Stands in for a prefill where a model can't go on with one.
    static let continuation = "Go on with your last message exactly where it stops. Repeat nothing of it."

    static func text(_ text: String) -> JSONValue { ["type": "text", "text": .string(text)] }
}
