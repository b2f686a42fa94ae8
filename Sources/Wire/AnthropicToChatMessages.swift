extension OpenAIRequestWriter {
    mutating func messages() throws(Untranslatable) -> [JSONValue] {
        var out: [JSONValue] = []
        if let system = source["system"] {
            let text = try texts(system).joined(separator: "\n\n")
            if !text.isEmpty { out.append(["role": "system", "content": .string(text)]) }
        }
        let messages = source["messages"]?.elements ?? []
        for message in messages {
            let content = message["content"] ?? ""
            switch message["role"]?.text {
            case "user"?: out += try user(content)
            case "assistant"?: out += try assistant(content)
            case "system"?:
                out.append(["role": "system", "content": .string(try texts(content).joined(separator: "\n\n"))])
            default:
                throw Untranslatable(
                    "messages",
                    "a message is by the user, the assistant or the system",
                    isMalformed: true
                )
            }
        }
        if messages.last?["role"] == "assistant", out.last?["tool_calls"] == nil {
            note("prefill")
            out.append(["role": "user", "content": .string(AnthropicRequestWriter.continuation)])
        }
        return out
    }

    /// The texts of a content that holds nothing else.
    private func texts(_ content: JSONValue) throws(Untranslatable) -> [String] {
        if let text = content.text { return text.isEmpty ? [] : [text] }
        var out: [String] = []
        for block in content.elements ?? [] {
            guard block["type"] == "text", let text = block["text"]?.text else {
                throw Untranslatable("system", "only text can be carried over")
            }
            if !text.isEmpty { out.append(text) }
        }
        return out
    }

    // MARK: User

    /// Tool results first, as messages of their own, then what the user says.
    private mutating func user(_ content: JSONValue) throws(Untranslatable) -> [JSONValue] {
        if let text = content.text { return [["role": "user", "content": .string(text)]] }
        var results: [JSONValue] = []
        var parts: [JSONValue] = []
        for block in content.elements ?? [] {
            guard block["type"] == "tool_result" else {
                parts.append(try part(block))
                continue
            }
            let result = try toolResult(block)
            results.append([
                "role": "tool", "tool_call_id": .string(ids.sending(block["tool_use_id"]?.text ?? "")),
                "content": .string(result.text),
            ])
            parts += result.parts
        }
        guard !parts.isEmpty else { return results }
        if parts.count == 1, let text = parts[0]["text"] { return results + [["role": "user", "content": text]] }
        return results + [["role": "user", "content": .array(parts)]]
    }

    /// A tool's message holds text alone: images go into the user's.
    private mutating func toolResult(_ block: JSONValue) throws(Untranslatable) -> (text: String, parts: [JSONValue]) {
        if block["is_error"]?.bool == true { note("tool_result.is_error") }
        guard let content = block["content"] else { return ("", []) }
        if let text = content.text { return (text, []) }
        var texts: [String] = []
        var others: [JSONValue] = []
        for inner in content.elements ?? [] {
            let part = try part(inner)
            if let text = part["text"]?.text { texts.append(text) } else { others.append(part) }
        }
        if !others.isEmpty { note("tool_result.content") }
        return (texts.joined(separator: "\n"), others)
    }

    private func part(_ block: JSONValue) throws(Untranslatable) -> JSONValue {
        let source = block["source"] ?? [:]
        switch (block["type"]?.text, source["type"]?.text) {
        case ("text"?, _): return ["type": "text", "text": block["text"] ?? ""]
        case ("image"?, "base64"?): return ["type": "image_url", "image_url": ["url": .string(dataURL(source))]]
        case ("image"?, "url"?): return ["type": "image_url", "image_url": ["url": source["url"] ?? ""]]
        case ("document"?, "base64"?):
            let name = block["title"] ?? "document.pdf"
            return ["type": "file", "file": ["filename": name, "file_data": .string(dataURL(source))]]
        case ("document"?, "text"?):
            let text = [block["title"]?.text, source["data"]?.text].compactMap { $0 }.joined(separator: "\n\n")
            return ["type": "text", "text": .string(text)]
        case ("document"?, "content"?):
            let text = try texts(source["content"] ?? "").joined(separator: "\n")
            return ["type": "text", "text": .string(text)]
        case ("search_result"?, _):
            let found = try texts(block["content"] ?? []).joined(separator: "\n")
            let head = [block["title"]?.text, block["source"]?.text].compactMap { $0 }.joined(separator: " ")
            return ["type": "text", "text": .string("\(head)\n\(found)")]
        case (let type, _):
            throw Untranslatable("messages", "a block of type '\(type ?? "")' with this source can't be carried over")
        }
    }

    private func dataURL(_ source: JSONValue) -> String {
        "data:\(source["media_type"]?.text ?? "");base64,\(source["data"]?.text ?? "")"
    }

    // MARK: Assistant

    private mutating func assistant(_ content: JSONValue) throws(Untranslatable) -> [JSONValue] {
        if let text = content.text { return [["role": "assistant", "content": .string(text)]] }
        var text = ""
        var calls: [JSONValue] = []
        for block in content.elements ?? [] {
            switch block["type"]?.text {
            case "text"?: text += block["text"]?.text ?? ""
            case "tool_use"?:
                let name = names.sending(block["name"]?.text ?? "")
                calls.append([
                    "id": .string(ids.sending(block["id"]?.text ?? "")), "type": "function",
                    "function": [
                        "name": .string(name), "arguments": .string((block["input"] ?? [:]).rendered),
                    ],
                ])
            // Another model can't read it.
            case "thinking"?, "redacted_thinking"?: continue
            case let type: throw Untranslatable("messages", "a block of type '\(type ?? "")' can't be carried over")
            }
        }
        guard !text.isEmpty || !calls.isEmpty else { return [] }
        var message: JSONValue = ["role": "assistant", "content": text.isEmpty ? .null : .string(text)]
        if !calls.isEmpty { message = message.setting("tool_calls", to: .array(calls)) }
        return [message]
    }
}
