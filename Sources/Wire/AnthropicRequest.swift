/// A request that another format can't hold.
package struct Untranslatable: Error, Equatable, Sendable {
    /// The parameter at fault, by its name in the client's format.
    package let parameter: String
    package let reason: String
    /// No deployment could take it, whatever its format: the client's mistake.
    ///
    /// Otherwise this route alone is to be skipped.
    package let isMalformed: Bool

    package init(_ parameter: String, _ reason: String, isMalformed: Bool = false) {
        self.parameter = parameter
        self.reason = reason
        self.isMalformed = isMalformed
    }
}

/// An OpenAI chat request, written as an Anthropic messages request for one model.
///
/// Written so that Anthropic does not answer 400 to what OpenAI would have taken: what has no equal there is left out or
/// rewritten, and named in `degraded`.
package struct AnthropicRequest: Equatable, Sendable {
    package let body: [UInt8]
    /// OpenAI's names of what was left out or changed, each once: lower-case words fit for a header.
    package let degraded: [String]
    /// From the tool names in `body` to the client's own, where they differ.
    package let toolNames: [String: String]

    /// Writes `chat` for the provider's `model`.
    ///
    /// `defaultMaxTokens` serves where the client gives no limit, since Anthropic must have one; the model's own maximum
    /// bounds it. `cacheLifetime` (`5m` or `1h`) marks the end of the tools and of the system prompt for Anthropic's cache,
    /// unless the client sets marks of its own. `extra` holds the deployment's own members, as JSON text without braces;
    /// what the request says wins.
    package init(
        chat: ChatRequest,
        model: String,
        capabilities: AnthropicCapabilities,
        stream: Bool,
        defaultMaxTokens: Int,
        cacheLifetime: String? = nil,
        extra: String? = nil
    ) throws(Untranslatable) {
        let source: JSONValue
        do {
            source = try JSONValue(chat.body)
        } catch {
            throw Untranslatable("messages", "expected \(error.expected) at byte \(error.offset)", isMalformed: true)
        }
        var writer = AnthropicRequestWriter(source, capabilities)
        if let cacheLifetime, !source.holds(key: "cache_control") {
            writer.cacheMark = ["type": "ephemeral", "ttl": .string(cacheLifetime)]
        }
        var body = try writer.body(
            model: model,
            limit: chat.maxOutputTokens,
            stream: stream,
            defaultMaxTokens: defaultMaxTokens
        )
        if let extra, case .object(let members)? = try? JSONValue(Array("{\(extra)}".utf8)) {
            for member in members where body[member.key] == nil { body = body.setting(member.key, to: member.value) }
        }
        self.body = body.bytes
        self.degraded = writer.degraded
        self.toolNames = writer.names.original
    }
}

/// Writes one Anthropic request and keeps account of what it could not carry over.
struct AnthropicRequestWriter {
    let source: JSONValue
    let capabilities: AnthropicCapabilities
    private(set) var degraded: [String] = []
    var names = AnthropicToolNames()
    /// What marks the stable blocks for the provider's cache.
    var cacheMark: JSONValue?
    /// Sentences of ours that stand in for parameters that Anthropic lacks; the last part of the system prompt.
    var instructions: [String] = []

    init(_ source: JSONValue, _ capabilities: AnthropicCapabilities) {
        self.source = source
        self.capabilities = capabilities
    }

    mutating func note(_ what: String) {
        if !degraded.contains(what) { degraded.append(what) }
    }

    mutating func body(model: String, limit: Int?, stream: Bool, defaultMaxTokens: Int) throws(Untranslatable)
        -> JSONValue
    {
        try refuseWhatHasNoEqual()
        let maxTokens = maxTokens(limit, default: defaultMaxTokens)
        let tools = try tools()
        let format = format()
        var conversation = try conversation(prefill: capabilities.takesPrefill && format == nil)
        let toolsUsed = tools ?? placeholderTools(for: conversation)
        let choice = try toolChoice(hasTools: tools != nil, hasPlaceholders: tools == nil && toolsUsed != nil)
        let isForced = ["any", "tool"].contains(choice?["type"]?.text ?? "")
        let reasoning = reasoning(maxTokens: maxTokens, isForced: isForced, conversation)
        conversation.system = markingLast(of: conversation.system)
        conversation.system += instructions.map { ["type": "text", "text": .string($0)] }

        var out: [JSONValue.Member] = [.init("model", .string(model)), .init("max_tokens", .integer(maxTokens))]
        func add(_ key: String, _ value: JSONValue?) {
            if let value { out.append(.init(key, value)) }
        }
        add("system", conversation.system.isEmpty ? nil : .array(conversation.system))
        add("messages", .array(conversation.turns.map(\.json)))
        add("tools", (toolsUsed?.elements).map { .array(markingLast(of: $0)) })
        add("tool_choice", choice)
        add("stop_sequences", try stopSequences())
        for (key, value) in sampling(isThinkingByBudget: reasoning.thinking?["budget_tokens"] != nil) {
            add(key, value)
        }
        add("thinking", reasoning.thinking)
        var output: [JSONValue.Member] = []
        if let effort = reasoning.effort { output.append(.init("effort", .string(effort))) }
        if let format { output.append(.init("format", format)) }
        add("output_config", output.isEmpty ? nil : .object(output))
        add("metadata", userID().map { ["user_id": .string($0)] })
        add("cache_control", source["cache_control"])
        if stream { add("stream", .bool(true)) }
        noteTheRest()
        return .object(out)
    }

    private func markingLast(of blocks: [JSONValue]) -> [JSONValue] {
        guard let cacheMark, let last = blocks.last else { return blocks }
        return blocks.dropLast() + [last.setting("cache_control", to: cacheMark)]
    }

    // MARK: Limits and sampling

    private mutating func maxTokens(_ wanted: Int?, default fallback: Int) -> Int {
        let cap = capabilities.maxOutputTokens
        if let wanted, (1...cap).contains(wanted) { return wanted }
        note("max_tokens")
        guard let wanted, wanted > cap else { return max(1, min(fallback, cap)) }
        return cap
    }

    private mutating func sampling(isThinkingByBudget: Bool) -> [(String, JSONValue)] {
        var out: [(String, JSONValue)] = []
        // Thinking by budget goes with the default temperature only.
        let takes = capabilities.takesSampling && !isThinkingByBudget
        if let temperature = source["temperature"]?.double {
            if takes {
                // Anthropic's range ends at 1, OpenAI's at 2.
                if temperature > 1 || temperature < 0 { note("temperature") }
                let inRange =
                    (0...1).contains(temperature) ? source["temperature"] : .number(temperature > 1 ? "1" : "0")
                out.append(("temperature", inRange ?? .number("1")))
            } else if temperature != 1 {
                note("temperature")
            }
        }
        if let share = source["top_p"]?.double, share != 1 {
            // From 4.5 on the two don't go together.
            if takes, out.isEmpty, (0...1).contains(share), let value = source["top_p"] {
                out.append(("top_p", value))
            } else {
                note("top_p")
            }
        }
        if let count = source["top_k"]?.integer {
            if takes, count > 0 { out.append(("top_k", .integer(count))) } else { note("top_k") }
        }
        return out
    }

    private mutating func stopSequences() throws(Untranslatable) -> JSONValue? {
        guard let stop = source["stop"] else { return nil }
        let wanted = stop.text.map { [$0] } ?? stop.elements?.compactMap(\.text) ?? []
        // A sequence of white space alone is refused.
        let accepted = wanted.filter { $0.contains { !$0.isWhitespace } }
        if accepted.count < wanted.count { note("stop") }
        return accepted.isEmpty ? nil : .array(accepted.map { .string($0) })
    }

    /// An opaque name of the user; names that tell who it is don't leave the house.
    private mutating func userID() -> String? {
        let name = source["user"] == nil ? "safety_identifier" : "user"
        guard let user = source[name]?.text, !user.isEmpty else { return nil }
        let isOpaque = user.utf8.count <= 256 && !user.contains { $0 == "@" || $0.isWhitespace || $0 == "+" }
        if !isOpaque { note(name) }
        return isOpaque ? user : nil
    }

    // MARK: Reasoning

    /// `thinking` and `output_config.effort`.
    private mutating func reasoning(
        maxTokens: Int,
        isForced: Bool,
        _ conversation: AnthropicConversation
    ) -> (thinking: JSONValue?, effort: String?) {
        guard let wanted = source["reasoning_effort"]?.text else { return (nil, nil) }
        guard ["none", "minimal", "low", "medium", "high", "xhigh", "max"].contains(wanted) else {
            note("reasoning_effort")
            return (nil, nil)
        }
        if wanted == "none" { return leastReasoning() }
        let effort = capabilities.efforts.isEmpty ? nil : nearestEffort(wanted)
        switch capabilities.thinking {
        case .unsupported:
            note("reasoning_effort")
            return (nil, nil)
        case .budget:
            let budget = [
                "minimal": 1_024, "low": 1_024, "medium": 2_048, "high": 4_096, "xhigh": 8_192, "max": 16_384,
            ]
            let tokens = min(budget[wanted] ?? 1_024, maxTokens - 1)
            // Anthropic's own thinking blocks, which OpenAI's format can't hold, would have to stand before a tool call
            // that goes on, and neither a forced tool nor a prefill goes with a budget.
            guard tokens >= 1_024, !isForced, !conversation.endsInToolResults, !conversation.endsInAssistant else {
                note("reasoning_effort")
                return (nil, effort)
            }
            return (["type": "enabled", "budget_tokens": .integer(tokens)], effort)
        case .adaptive: return (isForced ? nil : ["type": "adaptive"], effort)
        case .alwaysOn, .betweenTools: return (nil, effort)
        }
    }

    private mutating func leastReasoning() -> (thinking: JSONValue?, effort: String?) {
        switch capabilities.thinking {
        case .unsupported, .budget: return (nil, nil)
        case .adaptive: return (["type": "disabled"], nil)
        case .betweenTools: return (["type": "between_tools"], nil)
        case .alwaysOn:
            note("reasoning_effort")
            return (nil, capabilities.efforts.first)
        }
    }

    private mutating func nearestEffort(_ wanted: String) -> String? {
        if capabilities.efforts.contains(wanted) { return wanted }
        note("reasoning_effort")
        return wanted == "minimal" ? capabilities.efforts.first : capabilities.efforts.last { $0 == "high" }
    }

    // MARK: What has no equal

    private func refuseWhatHasNoEqual() throws(Untranslatable) {
        if let count = source["n"]?.integer, count != 1 {
            throw Untranslatable("n", "Anthropic gives one answer a request")
        }
        for old in ["functions", "function_call"] where source[old] != nil {
            throw Untranslatable(old, "only tools can be carried over")
        }
        if source["modalities"]?.elements?.contains("audio") == true || source["audio"] != nil {
            throw Untranslatable("modalities", "Anthropic does not speak")
        }
        if source["web_search_options"] != nil {
            throw Untranslatable("web_search_options", "the search of OpenAI's models has no equal")
        }
    }

    /// Names every parameter that changes the answer and is not carried over.
    private mutating func noteTheRest() {
        let carried: Set<String> = [
            "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature",
            "top_p",
            "top_k", "stop", "user", "safety_identifier", "n", "tools", "tool_choice", "parallel_tool_calls",
            "response_format", "reasoning_effort", "modalities", "cache_control",
        ]
        let silent: Set<String> = [
            "metadata", "store", "tags", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention",
        ]
        for member in source.members ?? [] where !carried.contains(member.key) && !silent.contains(member.key) {
            if !isNeutral(member) { note(Self.isPlain(member.key) ? member.key : "other") }
        }
    }

    private func isNeutral(_ member: JSONValue.Member) -> Bool {
        switch (member.key, member.value) {
        case (_, .null), (_, .bool(false)), ("service_tier", "auto"), ("service_tier", "default"): true
        case ("verbosity", "medium"): true
        case ("logit_bias", .object(let biases)): biases.isEmpty
        case ("frequency_penalty", .number), ("presence_penalty", .number), ("top_logprobs", .number):
            member.value.double == 0
        default: false
        }
    }

    /// Fit for a header's list.
    static func isPlain(_ name: String) -> Bool {
        (1...40).contains(name.utf8.count)
            && name.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains($0) }
    }
}
