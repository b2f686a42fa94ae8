/// Tool names as the providers take them: letters, digits, `_` and `-`, up to a length.
struct AnthropicToolNames {
    private let limit: Int
    private var sent: [String: String] = [:]
    private var taken: Set<String> = []
    /// From the name sent to the client's own, where they differ.
    private(set) var original: [String: String] = [:]

    /// Anthropic takes 128 characters, OpenAI 64.
    init(limit: Int = 128) { self.limit = limit }

    /// What to call the tool that the client calls `name`; the same each time, and no other tool's.
    mutating func sending(_ name: String) -> String {
        if let known = sent[name] { return known }
        let clean = String(
            decoding: name.utf8.prefix(limit).map { Self.isAllowed($0) ? $0 : UInt8(ascii: "_") },
            as: UTF8.self
        )
        var candidate = clean.isEmpty ? "tool" : clean
        var number = 2
        while taken.contains(candidate) {
            candidate = clean.prefix(limit - 8) + "_\(number)"
            number += 1
        }
        taken.insert(candidate)
        sent[name] = candidate
        if candidate != name { original[candidate] = name }
        return candidate
    }

    static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// The tool calls of the assistant's last turn that still want a result.
struct OpenCalls {
    /// From the client's id to ours, in order where an id was given twice.
    private var open: [String: [String]] = [:]
    private var taken: Set<String> = []

    /// The assistant's next turn: what was not answered before can't be any more.
    mutating func begin() { open = [:] }

    /// An id for the call that Anthropic takes, and that no call before had: some servers count from 0 in each answer.
    mutating func add(_ id: String) -> String {
        let clean = String(
            decoding: id.utf8.prefix(64).map { AnthropicToolNames.isAllowed($0) ? $0 : UInt8(ascii: "_") },
            as: UTF8.self
        )
        var candidate = clean.isEmpty ? "call" : clean
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(clean)_\(number)"
            number += 1
        }
        open[id, default: []].append(candidate)
        return candidate
    }

    /// The id of the call that is answered now; nil for one that was never made or has its answer.
    mutating func answer(_ id: String) -> String? {
        guard let first = open[id]?.first else { return nil }
        open[id]?.removeFirst()
        return first
    }
}

extension AnthropicRequestWriter {
    mutating func tools() throws(Untranslatable) -> JSONValue? {
        guard let tools = source["tools"]?.elements, !tools.isEmpty else { return nil }
        let allowed = allowedTools
        var out: [JSONValue] = []
        for tool in tools {
            guard tool["type"]?.text ?? "function" == "function", let function = tool["function"],
                let name = function["name"]?.text
            else { throw Untranslatable("tools", "only function tools can be carried over") }
            // Named even where it is left out, so that the history's names stay the same.
            let sent = names.sending(name)
            if let allowed, !allowed.contains(name) { continue }
            var members: [JSONValue.Member] = [.init("name", .string(sent))]
            if let description = function["description"] { members.append(.init("description", description)) }
            // A strict tool may be refused for keywords that OpenAI takes.
            if function["strict"]?.bool == true { note("tools.strict") }
            let schema = AnthropicSchema.toolInput(function["parameters"])
            if schema.isChanged { note("tools.parameters") }
            members.append(.init("input_schema", schema.value))
            if let mark = tool["cache_control"] ?? function["cache_control"] {
                members.append(.init("cache_control", mark))
            }
            out.append(.object(members))
        }
        return out.isEmpty ? nil : .array(out)
    }

    /// `tool_choice` may narrow the list for one request.
    private var allowedTools: Set<String>? {
        guard let choice = source["tool_choice"], choice["type"] == "allowed_tools" else { return nil }
        let tools = (choice["allowed_tools"] ?? choice)["tools"]?.elements ?? []
        return Set(tools.compactMap { ($0["function"] ?? $0)["name"]?.text })
    }

    /// A history with tool calls needs tools, even where none may be called any more.
    mutating func placeholderTools(for conversation: AnthropicConversation) -> JSONValue? {
        var seen: [String] = []
        for block in conversation.turns.flatMap(\.blocks) where block["type"] == "tool_use" {
            if let name = block["name"]?.text, !seen.contains(name) { seen.append(name) }
        }
        guard !seen.isEmpty else { return nil }
        return .array(seen.map { ["name": .string($0), "input_schema": AnthropicSchema.toolInput(nil).value] })
    }

    mutating func toolChoice(hasTools: Bool, hasPlaceholders: Bool) throws(Untranslatable) -> JSONValue? {
        if hasPlaceholders { return ["type": "none"] }
        guard hasTools else { return nil }
        let choice = source["tool_choice"]
        let mode = choice?.text ?? (choice?["allowed_tools"] ?? [:])["mode"]?.text
        let tool = choice?["type"] == "function" ? (choice?["function"] ?? [:])["name"]?.text : nil
        var out: JSONValue
        switch (mode, tool) {
        case ("none"?, _): return ["type": "none"]
        case ("required"?, _):
            out = forced(["type": "any"], else: "Call at least one of the tools.")
        case (_, let tool?):
            let name = names.sending(tool)
            out = forced(["type": "tool", "name": .string(name)], else: "Call the tool \(name).")
        case ("auto"?, _): out = ["type": "auto"]
        case (nil, nil) where choice == nil: out = ["type": "auto"]
        default: throw Untranslatable("tool_choice", "this choice can't be carried over")
        }
        let isSingle = source["parallel_tool_calls"]?.bool == false
        if isSingle { out = out.setting("disable_parallel_tool_use", to: .bool(true)) }
        // Auto is what is taken without being said.
        return choice == nil && !isSingle ? nil : out
    }

    private mutating func forced(_ choice: JSONValue, else demand: String) -> JSONValue {
        if capabilities.takesForcedTools { return choice }
        note("tool_choice")
        instructions.append(demand)
        return ["type": "auto"]
    }

    // MARK: Calls and results in the history

    mutating func toolUses(_ message: JSONValue, _ calls: inout OpenCalls) throws(Untranslatable) -> [JSONValue] {
        var out: [JSONValue] = []
        for call in message["tool_calls"]?.elements ?? [] {
            guard let function = call["function"], let name = function["name"]?.text else {
                throw Untranslatable("messages", "only calls of function tools can be carried over")
            }
            out.append([
                "type": "tool_use", "id": .string(calls.add(call["id"]?.text ?? "")),
                "name": .string(names.sending(name)), "input": input(function["arguments"]?.text ?? ""),
            ])
        }
        return out
    }

    private mutating func input(_ arguments: String) -> JSONValue {
        let input = toolInput(arguments)
        if !input.isWhole { note("tool_calls.arguments") }
        return input.value
    }

    /// A result without its call stays as text: Anthropic refuses the block.
    mutating func toolResult(_ message: JSONValue, _ calls: inout OpenCalls) throws(Untranslatable) -> [JSONValue] {
        let content = try contentBlocks(of: message.removing("cache_control"))
        guard let id = calls.answer(message["tool_call_id"]?.text ?? "") else {
            note("tool_results")
            return content
        }
        var members: [JSONValue.Member] = [.init("type", "tool_result"), .init("tool_use_id", .string(id))]
        if !content.isEmpty { members.append(.init("content", .array(content))) }
        if message["is_error"]?.bool == true { members.append(.init("is_error", .bool(true))) }
        if let mark = message["cache_control"] { members.append(.init("cache_control", mark)) }
        return [.object(members)]
    }
}

/// The input of a tool call from the text of its arguments, which may be no JSON, or no object; the input is always one.
func toolInput(_ arguments: String) -> (value: JSONValue, isWhole: Bool) {
    guard arguments.contains(where: { !$0.isWhitespace }) else { return ([:], true) }
    if case .object(let members)? = try? JSONValue(Array(arguments.utf8)) { return (.object(members), true) }
    return (["arguments": .string(arguments)], false)
}
