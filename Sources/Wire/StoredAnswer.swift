/// A finished answer of text, as the cache keeps it: OpenAI's chat completion or Anthropic's message, whichever the client
/// was given, and whether it came whole or as a stream.
///
/// It can be given again either way.
package struct StoredAnswer: Sendable, Equatable {
    /// `chat` or `messages`.
    package let endpoint: Endpoint
    let document: JSONValue

    /// The document's bytes: what is stored.
    package var body: [UInt8] { document.bytes }

    /// Reads a whole answer, or what was stored.
    ///
    /// - Throws: why it must not be given again.
    package init(_ body: [UInt8], endpoint: Endpoint) throws(Uncacheable) {
        guard let document = try? JSONValue(body) else { throw .unreadable }
        try self.init(document, endpoint)
    }

    /// Reads a whole stream, from its first event to its end mark.
    ///
    /// - Throws: why it must not be given again.
    package init(stream: [UInt8], endpoint: Endpoint) throws(Uncacheable) {
        // What was relayed is whole events, each below the relay's own limit.
        var splitter = EventStream(limit: .max)
        guard let events = try? splitter.feed(stream), !splitter.hasRemainder else { throw .unfinished }
        var reader: any StoredStreamReader = endpoint == .messages ? StoredMessageReader() : StoredChatReader()
        for event in events {
            guard let data = event.data else { continue }
            if data.elementsEqual("[DONE]".utf8) {
                reader.end()
                continue
            }
            guard let value = try? JSONValue(data), value.members != nil else { throw .unreadable }
            guard value["error"] == nil, value["type"] != "error" else { throw .unfinished }
            try reader.read(value)
        }
        try self.init(try reader.document(), endpoint)
    }

    private init(_ document: JSONValue, _ endpoint: Endpoint) throws(Uncacheable) {
        switch endpoint {
        case .chat: try Self.check(completion: document)
        case .messages: try Self.check(message: document)
        case .countTokens, .completions, .responses, .embeddings: throw .endpoint
        }
        self.document = document
        self.endpoint = endpoint
    }

    /// The answer as one document under another id; `created` in seconds since 1970.
    package func whole(id: String, created: Int64) -> [UInt8] { renamed(id, created).bytes }

    /// The answer as the stream of its format: few events, and no pauses.
    ///
    /// `includesUsage`: the client of a chat stream asked for the usage chunk; there is none where no usage is known.
    package func stream(id: String, created: Int64, includesUsage: Bool) -> [UInt8] {
        let renamed = renamed(id, created)
        return endpoint == .messages ? messageStream(renamed) : chatStream(renamed, includesUsage)
    }

    private func renamed(_ id: String, _ created: Int64) -> JSONValue {
        let prefix = endpoint == .messages ? "msg_" : "chatcmpl-"
        let named = document.setting("id", to: .string(prefix + id))
        return endpoint == .messages ? named : named.setting("created", to: .number(String(created)))
    }
}

/// Puts a stream's events together to the document that the same answer would have been.
protocol StoredStreamReader {
    mutating func read(_ event: JSONValue) throws(Uncacheable)
    /// The end mark.
    mutating func end()
    /// - Throws: where the stream did not come to its end.
    func document() throws(Uncacheable) -> JSONValue
}

/// Texts and lists that come in pieces, in the order in which they began.
struct GrowingObject {
    private var keys: [String] = []
    private var texts: [String: String] = [:]
    private var lists: [String: [JSONValue]] = [:]

    mutating func add(_ piece: String, to key: String) {
        note(key)
        texts[key, default: ""] += piece
    }

    mutating func add(_ elements: [JSONValue], to key: String) {
        note(key)
        lists[key, default: []] += elements
    }

    private mutating func note(_ key: String) {
        if texts[key] == nil, lists[key] == nil { keys.append(key) }
    }

    /// `base` with what came behind what it has.
    func added(to base: JSONValue) -> JSONValue {
        keys.reduce(base) { object, key in
            if let text = texts[key] { return object.setting(key, to: .string((object[key]?.text ?? "") + text)) }
            return object.setting(key, to: .array((object[key]?.elements ?? []) + (lists[key] ?? [])))
        }
    }
}
