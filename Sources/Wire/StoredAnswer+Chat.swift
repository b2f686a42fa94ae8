extension StoredAnswer {
    static func check(completion: JSONValue) throws(Uncacheable) {
        guard completion["error"] == nil, let choices = completion["choices"]?.elements else { throw .unfinished }
        guard choices.count == 1, choices[0]["index"]?.integer ?? 0 == 0 else { throw .choices }
        let message = choices[0]["message"] ?? [:]
        guard message["refusal"]?.text ?? "" == "" else { throw .refusal }
        for key in ["tool_calls", "function_call"] where message[key] ?? [] != [] { throw .tools }
        guard message["audio"] == nil else { throw .audio }
        switch choices[0]["finish_reason"]?.text {
        case "stop"?: break
        case "content_filter"?: throw .refusal
        case "tool_calls"?, "function_call"?: throw .tools
        default: throw .unfinished
        }
        guard let text = message["content"]?.text, !text.isEmpty else { throw .notText }
    }

    /// The role, the content at once, the finish reason, the usage, the end mark.
    func chatStream(_ completion: JSONValue, _ includesUsage: Bool) -> [UInt8] {
        let choice = completion["choices"]?.elements?.first ?? [:]
        let content = (choice["message"]?.members ?? []).filter { $0.key != "role" && $0.value != .null }
        let usage = includesUsage ? completion["usage"] : nil
        var out: [UInt8] = []
        func write(_ choices: [JSONValue], usage: JSONValue?) {
            var chunk: [JSONValue.Member] = StoredChatReader.identity(of: completion)
            chunk.insert(.init("object", "chat.completion.chunk"), at: min(1, chunk.count))
            chunk.append(.init("choices", .array(choices)))
            if let usage { chunk.append(.init("usage", usage)) }
            out += Array("data: ".utf8) + JSONValue.object(chunk).bytes + Array("\n\n".utf8)
        }
        func write(_ delta: [JSONValue.Member], logprobs: JSONValue = .null, finish: JSONValue = .null) {
            let choice: JSONValue = [
                "index": .integer(0), "delta": .object(delta), "logprobs": logprobs, "finish_reason": finish,
            ]
            write([choice], usage: usage.map { _ in .null })
        }
        write([.init("role", "assistant"), .init("content", "")])
        write(content, logprobs: choice["logprobs"] ?? .null)
        write([], finish: choice["finish_reason"] ?? "stop")
        if let usage { write([], usage: usage) }
        return out + Array("data: [DONE]\n\n".utf8)
    }
}

/// Puts the chunks of a chat completion together.
struct StoredChatReader: StoredStreamReader {
    private var identity: [JSONValue.Member] = []
    private var message = GrowingObject()
    private var logprobs: [JSONValue] = []
    private var finish: JSONValue?
    private var usage: JSONValue?
    private var hasEnded = false

    /// What says whose answer it is, in a chunk as in a whole completion.
    static func identity(of document: JSONValue) -> [JSONValue.Member] {
        ["id", "created", "model", "service_tier", "system_fingerprint", "provider"].compactMap { key in
            document[key].map { JSONValue.Member(key, $0) }
        }
    }

    mutating func end() { hasEnded = true }

    mutating func read(_ chunk: JSONValue) throws(Uncacheable) {
        if identity.isEmpty { identity = Self.identity(of: chunk) }
        usage = chunk["usage"] ?? usage
        for choice in chunk["choices"]?.elements ?? [] {
            guard choice["index"]?.integer ?? 0 == 0 else { throw .choices }
            finish = choice["finish_reason"] ?? finish
            logprobs += choice["logprobs"]?["content"]?.elements ?? []
            for member in choice["delta"]?.members ?? [] where member.key != "role" { try add(member) }
        }
    }

    /// Text and lists grow; whatever else has content can't be put together here.
    private mutating func add(_ member: JSONValue.Member) throws(Uncacheable) {
        switch member.value {
        case .null, "", []: return
        case _ where member.key == "tool_calls" || member.key == "function_call": throw .tools
        case .string(let piece): message.add(piece, to: member.key)
        case .array(let more): message.add(more, to: member.key)
        default: throw .notText
        }
    }

    func document() throws(Uncacheable) -> JSONValue {
        guard hasEnded, let finish else { throw .unfinished }
        let base: JSONValue = ["role": "assistant", "content": "", "refusal": .null]
        let choice: JSONValue = [
            "index": .integer(0), "message": message.added(to: base),
            "logprobs": logprobs.isEmpty ? .null : ["content": .array(logprobs), "refusal": .null],
            "finish_reason": finish,
        ]
        var members = identity
        members.insert(.init("object", "chat.completion"), at: min(1, members.count))
        members.append(.init("choices", [choice]))
        if let usage { members.append(.init("usage", usage)) }
        return .object(members)
    }
}
