/// Everything that the answer to a request depends on, as one text: two requests with the same text get the same answer from
/// the cache, and its hash is their key.
///
/// In it are the level, the tenant, the feature, the endpoint, the headers that change what a provider does, and the request
/// without what changes no answer: whether it is streamed, who asks, labels, and marks for the provider's own cache. A member
/// that nobody knows counts. Sampling parameters count as they are written: their defaults differ between providers.
package struct CacheKeyText: Sendable, Equatable {
    package let bytes: [UInt8]
    /// The client asked for the usage chunk of a stream.
    package let wantsUsage: Bool

    /// Whose answers may be shared, and what besides the body decides them.
    package struct Scope: Sendable {
        package var tenant: String
        package var feature: String
        /// Names in lower case.
        package var headers: [(name: String, value: String)]
        package init(tenant: String, feature: String, headers: [(name: String, value: String)] = []) {
            self.tenant = tenant
            self.feature = feature
            self.headers = headers
        }
    }

    /// `nfc` gives a string's Unicode Normalization Form C.
    ///
    /// - Throws: what in the request is unsafe to cache.
    package init(
        _ request: ChatRequest,
        _ scope: Scope,
        level: CacheLevel,
        nfc: @escaping (String) -> String
    ) throws(Uncacheable) {
        guard request.endpoint == .chat || request.endpoint == .messages else { throw .endpoint }
        guard request.choices == 1 else { throw .choices }
        guard let tree = (try? JSONValue(request.body))?.withoutRepeats else { throw .unreadable }
        if let reason = Uncacheable(request: tree) { throw reason }
        wantsUsage = tree["stream_options"]?["include_usage"] == .bool(true)
        let headers = scope.headers.map { JSONValue.array([.string($0.name), .string($0.value)]) }
        let whole: JSONValue = [
            "cache": "1", "level": .string(level.rawValue), "tenant": .string(scope.tenant),
            "feature": .string(scope.feature), "endpoint": .string(request.endpoint.path), "headers": .array(headers),
            "request": CacheKeyWriter(level: level, nfc: nfc).reduced(tree),
        ]
        bytes = try whole.canonicalBytes()
    }
}

/// Leaves out of a request what changes no answer.
private struct CacheKeyWriter {
    let level: CacheLevel
    let nfc: (String) -> String

    private static let idle: Set<String> = [
        "stream", "stream_options", "user", "safety_identifier", "metadata", "tags", "store", "prompt_cache_key",
        "prompt_cache_options", "prompt_cache_retention", "cache_control",
    ]

    /// What leaving the member out means too, at every provider; numbers as `canonicalNumber` writes them.
    private static let defaults: [String: [JSONValue]] = [
        "n": [.number("1e0")], "logprobs": [.bool(false)], "presence_penalty": [.number("0")],
        "frequency_penalty": [.number("0")], "logit_bias": [[:]], "response_format": [["type": "text"]],
        "modalities": [["text"]], "tools": [[]], "functions": [[]], "tool_choice": ["none", "auto"],
        "parallel_tool_calls": [.bool(true), .bool(false)], "stop": [[]], "stop_sequences": [[]],
        "service_tier": ["auto"],
    ]

    func reduced(_ tree: JSONValue) -> JSONValue {
        let kept = (tree.members ?? []).filter { member in !Self.idle.contains(member.key) }
        return .object(kept.filter { !isDefault($0) }.map { .init($0.key, value(of: $0)) })
    }

    private func isDefault(_ member: JSONValue.Member) -> Bool {
        guard level != .exact else { return false }
        if member.value == .null { return true }
        guard let defaults = Self.defaults[member.key] else { return false }
        if case .number(let text) = member.value, let number = canonicalNumber(text) {
            return defaults.contains(.number(number))
        }
        return defaults.contains(member.value)
    }

    private func value(of member: JSONValue.Member) -> JSONValue {
        switch (member.key, member.value) {
        case ("messages", .array(let messages)): .array(messages.map(message))
        case ("system", _): content(member.value, isText: true)
        case ("stop", .string) where level != .exact: [member.value]
        default: member.value
        }
    }

    /// What the assistant said stands as it is: it comes from the client's memory, not from somebody's typing.
    private func message(_ message: JSONValue) -> JSONValue {
        guard let members = message.members else { return message }
        let isText = message["role"]?.text != "assistant"
        return .object(
            members.filter { level == .exact || $0.value != .null }.map { member in
                member.key == "content" ? .init("content", content(member.value, isText: isText)) : member
            }
        )
    }

    private func content(_ content: JSONValue, isText: Bool) -> JSONValue {
        switch content {
        case .string(let text) where level != .exact: [part(["type": "text", "text": .string(text)], isText)]
        case .array(let parts): .array(parts.map { part($0, isText) })
        default: content
        }
    }

    private func part(_ part: JSONValue, _ isText: Bool) -> JSONValue {
        let bare = part.removing("cache_control")
        guard isText, bare["type"] == "text", let text = bare["text"]?.text else { return bare }
        return bare.setting("text", to: .string(level.normal(text, nfc: nfc)))
    }
}
