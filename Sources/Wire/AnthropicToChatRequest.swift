/// An Anthropic messages request, written as an OpenAI chat request for one model.
package struct OpenAIRequest: Equatable, Sendable {
    package let body: [UInt8]
    /// Anthropic's names of what was left out or changed, each once.
    package let degraded: [String]
    /// From the tool names in `body` to the client's own, where they differ.
    package let toolNames: [String: String]

    /// Writes `messages`, the body of an Anthropic client, for a `model` of `provider` (the prefix in the config:
    /// `openai`, `azure`, `groq`).
    ///
    /// `extra` as with `AnthropicRequest`. A streamed answer is asked to end with its usage, which Anthropic's clients
    /// always get.
    package init(
        messages: ChatRequest,
        model: String,
        provider: String,
        stream: Bool,
        extra: String? = nil
    ) throws(Untranslatable) {
        let source: JSONValue
        do {
            source = try JSONValue(messages.body)
        } catch {
            throw Untranslatable("messages", "expected \(error.expected) at byte \(error.offset)", isMalformed: true)
        }
        var writer = OpenAIRequestWriter(source, OpenAICapabilities(provider: provider, model: model))
        var body = try writer.body(model: model, stream: stream)
        if let extra, case .object(let members)? = try? JSONValue(Array("{\(extra)}".utf8)) {
            for member in members where body[member.key] == nil { body = body.setting(member.key, to: member.value) }
        }
        self.body = body.bytes
        self.degraded = writer.degraded
        self.toolNames = writer.names.original
    }
}

/// In what OpenAI's own models differ from the many that only speak its format.
struct OpenAICapabilities {
    /// OpenAI's own endpoint or Azure's.
    var isOpenAI: Bool
    /// A model that reasons takes an effort, and neither sampling nor stop sequences.
    var reasons: Bool
    /// An endpoint that refuses fields it does not know.
    var isStrict: Bool

    init(provider: String, model: String) {
        isOpenAI = ["openai", "azure"].contains(provider)
        let isReasoner = ["o1", "o3", "o4", "gpt-5", "gpt-6"].contains { model.hasPrefix($0) }
        reasons = isOpenAI && isReasoner && !model.contains("-chat")
        isStrict = provider == "mistral"
    }
}

/// Ids of tool calls as the provider takes them: OpenAI's end at 40 characters, Mistral's are nine letters or digits.
struct ToolCallIDs {
    let isStrict: Bool
    private var sent: [String: String] = [:]

    init(isStrict: Bool) { self.isStrict = isStrict }

    /// What to call the call of that id; the same each time.
    mutating func sending(_ id: String) -> String {
        if let known = sent[id] { return known }
        let digits = String(sent.count + 1)
        let short = "call" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        let new = isStrict || id.utf8.count > 40 ? short : id
        sent[id] = new
        return new
    }
}

/// Writes one chat request and keeps account of what it could not carry over.
struct OpenAIRequestWriter {
    let source: JSONValue
    let capabilities: OpenAICapabilities
    private(set) var degraded: [String] = []
    var names = AnthropicToolNames(limit: 64)
    var ids: ToolCallIDs

    init(_ source: JSONValue, _ capabilities: OpenAICapabilities) {
        self.source = source
        self.capabilities = capabilities
        ids = ToolCallIDs(isStrict: capabilities.isStrict)
    }

    mutating func note(_ what: String) {
        if !degraded.contains(what) { degraded.append(what) }
    }

    mutating func body(model: String, stream: Bool) throws(Untranslatable) -> JSONValue {
        for key in ["container", "mcp_servers"] where source[key] != nil {
            throw Untranslatable(key, "only Anthropic has it")
        }
        var out: [JSONValue.Member] = [.init("model", .string(model))]
        func add(_ key: String, _ value: JSONValue?) {
            if let value { out.append(.init(key, value)) }
        }
        if let limit = source["max_tokens"]?.integer {
            // 0 fills Anthropic's cache and answers nothing.
            guard limit > 0 else { throw Untranslatable("max_tokens", "must be at least 1 for this route") }
            add(capabilities.isOpenAI ? "max_completion_tokens" : "max_tokens", .integer(limit))
        }
        let tools = try tools()
        add("messages", .array(try messages()))
        add("tools", tools)
        if tools != nil { for (key, value) in try toolChoice() { add(key, value) } }
        for (key, value) in sampling() { add(key, value) }
        add("stop", stop())
        add("reasoning_effort", reasoningEffort())
        add("response_format", responseFormat())
        if !capabilities.isStrict { add("user", (source["metadata"] ?? [:])["user_id"]) }
        if stream {
            add("stream", .bool(true))
            if !capabilities.isStrict { add("stream_options", ["include_usage": .bool(true)]) }
        }
        noteTheRest()
        return .object(out)
    }

    private mutating func sampling() -> [(String, JSONValue)] {
        var out: [(String, JSONValue)] = []
        for key in ["temperature", "top_p"] {
            guard let value = source[key], let number = value.double else { continue }
            if !capabilities.reasons { out.append((key, value)) } else if number != 1 { note(key) }
        }
        if source["top_k"] != nil { note("top_k") }
        return out
    }

    private mutating func stop() -> JSONValue? {
        guard let sequences = source["stop_sequences"]?.elements, !sequences.isEmpty else { return nil }
        guard !capabilities.reasons else {
            note("stop_sequences")
            return nil
        }
        // OpenAI takes four.
        if sequences.count > 4 { note("stop_sequences") }
        return .array(Array(sequences.prefix(4)))
    }

    private mutating func reasoningEffort() -> JSONValue? {
        let thinking = source["thinking"] ?? [:]
        let effort = (source["output_config"] ?? [:])["effort"]?.text
        let isAsked = ["enabled", "adaptive"].contains(thinking["type"]?.text ?? "")
        guard capabilities.reasons else {
            if isAsked { note("thinking") }
            if effort != nil { note("output_config.effort") }
            return nil
        }
        switch (effort, thinking["budget_tokens"]?.integer) {
        case ("low"?, _), ("medium"?, _), ("high"?, _): return effort.map { .string($0) }
        case (_?, _):
            // Not every model goes beyond.
            note("output_config.effort")
            return "high"
        case (nil, let budget?): return .string(budget < 2_048 ? "low" : budget < 8_192 ? "medium" : "high")
        case (nil, nil): return nil
        }
    }

    private mutating func responseFormat() -> JSONValue? {
        guard let format = (source["output_config"] ?? [:])["format"], let schema = format["schema"] else { return nil }
        // Without strictness every schema is taken, with it those that leave nothing open.
        let strict = Self.isClosed(schema)
        if !strict { note("output_config.format") }
        return ["type": "json_schema", "json_schema": ["name": "answer", "strict": .bool(strict), "schema": schema]]
    }

    /// Each object in it names all its properties as required, and no others are allowed.
    private static func isClosed(_ schema: JSONValue) -> Bool {
        switch schema {
        case .object(let members):
            if let properties = schema["properties"]?.members {
                let required = Set(schema["required"]?.elements?.compactMap(\.text) ?? [])
                guard schema["additionalProperties"]?.bool == false, required == Set(properties.map(\.key)) else {
                    return false
                }
            }
            return members.allSatisfy { isClosed($0.value) }
        case .array(let elements): return elements.allSatisfy(isClosed)
        default: return true
        }
    }

    private mutating func noteTheRest() {
        let known: Set<String> = [
            "model", "messages", "system", "max_tokens", "stream", "temperature", "top_p", "top_k", "stop_sequences",
            "tools",
            "tool_choice", "thinking", "output_config", "metadata", "cache_control", "tags", "diagnostics",
        ]
        for member in source.members ?? [] where !known.contains(member.key) && member.value != .null {
            if member.key == "service_tier", member.value == "auto" { continue }
            note(AnthropicRequestWriter.isPlain(member.key) ? member.key : "other")
        }
    }
}

// MARK: Tools

extension OpenAIRequestWriter {
    mutating func tools() throws(Untranslatable) -> JSONValue? {
        guard let tools = source["tools"]?.elements, !tools.isEmpty else { return nil }
        var out: [JSONValue] = []
        for tool in tools {
            guard tool["type"]?.text ?? "custom" == "custom", let name = tool["name"]?.text else {
                throw Untranslatable("tools", "a tool that Anthropic runs or defines can't be carried over")
            }
            if tool["strict"]?.bool == true { note("tools.strict") }
            var function: [JSONValue.Member] = [.init("name", .string(names.sending(name)))]
            if let description = tool["description"] { function.append(.init("description", description)) }
            function.append(.init("parameters", tool["input_schema"] ?? ["type": "object", "properties": [:]]))
            out.append(["type": "function", "function": .object(function)])
        }
        return .array(out)
    }

    mutating func toolChoice() throws(Untranslatable) -> [(String, JSONValue)] {
        guard let choice = source["tool_choice"] else { return [] }
        var out: [(String, JSONValue)] = []
        switch choice["type"]?.text {
        case "auto"?: out.append(("tool_choice", "auto"))
        case "any"?: out.append(("tool_choice", "required"))
        case "none"?: out.append(("tool_choice", "none"))
        case "tool"?:
            let name = names.sending(choice["name"]?.text ?? "")
            out.append(("tool_choice", ["type": "function", "function": ["name": .string(name)]]))
        default: throw Untranslatable("tool_choice", "this choice can't be carried over", isMalformed: true)
        }
        if choice["disable_parallel_tool_use"]?.bool == true { out.append(("parallel_tool_calls", .bool(false))) }
        return out
    }
}
