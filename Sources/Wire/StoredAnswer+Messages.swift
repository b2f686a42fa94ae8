extension StoredAnswer {
    static func check(message: JSONValue) throws(Uncacheable) {
        guard message["type"] == "message", let content = message["content"]?.elements else { throw .unfinished }
        let kinds = content.map { $0["type"]?.text ?? "" }
        guard !kinds.contains(where: { $0.contains("tool") }) else { throw .tools }
        switch message["stop_reason"]?.text {
        case "end_turn"?, "stop_sequence"?: break
        case "refusal"?: throw .refusal
        case "tool_use"?: throw .tools
        default: throw .unfinished
        }
        let isText = kinds.allSatisfy { ["text", "thinking", "redacted_thinking"].contains($0) }
        let hasText = content.contains { $0["type"] == "text" && $0["text"]?.text?.isEmpty == false }
        guard isText, hasText else { throw .notText }
    }

    /// Each block at once, between the message's start and its stop.
    func messageStream(_ message: JSONValue) -> [UInt8] {
        var out: [UInt8] = []
        func write(_ type: String, _ members: JSONValue.Member...) {
            out += "event: \(type)\ndata: ".utf8
            out += JSONValue.object([.init("type", .string(type))] + members).bytes
            out += "\n\n".utf8
        }
        let usage = message["usage"] ?? [:]
        let end = ["stop_reason", "stop_sequence", "stop_details"].compactMap { key in
            message.members?.last { $0.key == key }
        }
        var start = message.setting("content", to: []).setting(
            "usage",
            to: usage.setting("output_tokens", to: .integer(0))
        )
        for member in end { start = start.setting(member.key, to: .null) }
        write("message_start", .init("message", start))
        for (index, block) in (message["content"]?.elements ?? []).enumerated() {
            let place = JSONValue.Member("index", .integer(index))
            let (opening, deltas) = Self.pieces(of: block)
            write("content_block_start", place, .init("content_block", opening))
            for delta in deltas { write("content_block_delta", place, .init("delta", delta)) }
            write("content_block_stop", place)
        }
        write("message_delta", .init("delta", .object(end)), .init("usage", usage))
        write("message_stop")
        return out
    }

    /// A block as it begins, and what is then added to it.
    private static func pieces(of block: JSONValue) -> (opening: JSONValue, deltas: [JSONValue]) {
        var opening = block
        var deltas: [JSONValue] = []
        for (key, type) in StoredMessageReader.growing {
            guard let text = block[key]?.text, block["type"] != "redacted_thinking" else { continue }
            opening = opening.setting(key, to: "")
            if !text.isEmpty { deltas.append(["type": .string(type), key: .string(text)]) }
        }
        if let citations = block["citations"]?.elements {
            opening = opening.setting("citations", to: [])
            deltas += citations.map { ["type": "citations_delta", "citation": $0] }
        }
        return (opening, deltas)
    }
}

/// Puts the events of an Anthropic message together.
struct StoredMessageReader: StoredStreamReader {
    /// Members of a block that grow, and the deltas that they grow by.
    static let growing = [("thinking", "thinking_delta"), ("signature", "signature_delta"), ("text", "text_delta")]

    private var message: JSONValue?
    private var blocks: [(opening: JSONValue, rest: GrowingObject)] = []
    private var hasEnded = false

    mutating func end() {}

    mutating func read(_ event: JSONValue) throws(Uncacheable) {
        switch event["type"]?.text {
        case "message_start"?: message = event["message"]
        case "content_block_start"?:
            guard event["index"]?.integer == blocks.count, let block = event["content_block"] else { throw .notText }
            blocks.append((block, GrowingObject()))
        case "content_block_delta"?: try grow(event["delta"] ?? [:], at: event["index"]?.integer ?? -1)
        case "message_delta"?:
            for member in event["delta"]?.members ?? [] { set(member.key, to: member.value) }
            var usage = message?["usage"] ?? [:]
            for member in event["usage"]?.members ?? [] { usage = usage.setting(member.key, to: member.value) }
            set("usage", to: usage)
        case "message_stop"?: hasEnded = true
        case "content_block_stop"?, "ping"?: break
        default: throw .notText
        }
    }

    private mutating func set(_ key: String, to value: JSONValue) { message = message?.setting(key, to: value) }

    private mutating func grow(_ delta: JSONValue, at index: Int) throws(Uncacheable) {
        guard blocks.indices.contains(index) else { throw .notText }
        let type = delta["type"]?.text ?? ""
        if let (key, _) = Self.growing.first(where: { $0.1 == type }) {
            blocks[index].rest.add(delta[key]?.text ?? "", to: key)
        } else if type == "citations_delta", let citation = delta["citation"] {
            blocks[index].rest.add([citation], to: "citations")
        } else {
            throw type == "input_json_delta" ? .tools : .notText
        }
    }

    func document() throws(Uncacheable) -> JSONValue {
        guard hasEnded, let message else { throw .unfinished }
        return message.setting("content", to: .array(blocks.map { $0.rest.added(to: $0.opening) }))
    }
}
