/// What the router needs to know of a request to a model; the rest of the body stays unread and untouched.
package struct ChatRequest: Sendable {
    package let endpoint: Endpoint
    package let body: [UInt8]
    /// What the client calls the model: a group's name.
    package let model: String
    package let stream: Bool
    /// `max_completion_tokens`, else `max_tokens`, else `max_output_tokens`; nil where none is an integer.
    package let maxOutputTokens: Int?
    /// `metadata.tags` and `tags`, as LiteLLM's clients send them.
    package let tags: [String]
    /// Answers asked for at once: `n`, at least 1.
    package let choices: Int
    /// Every value of a `model` key in `body`, quotes included.
    private let modelRanges: [Range<Int>]
    /// The values that bound the answer.
    private let limits: [OutputLimit]
    /// Anthropic's `thinking`, and in it `budget_tokens`.
    private let thinking: Range<Int>?
    private let thinkingBudget: OutputLimit?
    /// The closing brace.
    private let end: Int

    /// A count of tokens, and where it stands.
    fileprivate struct OutputLimit {
        let field: OutputField
        let range: Range<Int>
        /// Nil where it is no integer.
        let tokens: Int?
    }

    /// What bounds an answer: Anthropic and most others read `max_tokens`, OpenAI's newer models the second alone, its
    /// Responses API the third.
    package enum OutputField: String, Sendable {
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case maxOutputTokens = "max_output_tokens"
    }

    /// Why a body is no request: what to tell the client, and the parameter at fault.
    package struct Problem: Error, Equatable, Sendable {
        package let message: String
        package let parameter: String?
    }

    /// The body, asking for the answer in one piece.
    package var unstreamed: [UInt8] {
        guard stream, let tree = try? JSONValue(body) else { return body }
        return tree.removing("stream").removing("stream_options").bytes
    }

    package init(_ body: [UInt8], endpoint: Endpoint = .chat) throws(Problem) {
        var found = Fields()
        do {
            try body.withUnsafeBufferPointer { (bytes) throws(JSONError) in try found.read(bytes) }
        } catch {
            let place = body.isEmpty ? "The body is empty" : "The body is not valid JSON: at byte \(error.offset)"
            throw Problem(message: "\(place), expected \(error.expected).", parameter: nil)
        }
        guard let model = found.model else {
            throw Problem(message: "Missing required parameter: 'model' must be a string.", parameter: "model")
        }
        guard found.hasMessages || !endpoint.takesMessages else {
            throw Problem(
                message: "Missing required parameter: 'messages' must be a non-empty array.",
                parameter: "messages"
            )
        }
        guard let stream = found.stream else {
            throw Problem(message: "Invalid type for 'stream': expected a boolean.", parameter: "stream")
        }
        self.endpoint = endpoint
        self.body = body
        self.model = model
        self.modelRanges = found.modelRanges
        self.stream = stream && endpoint.streams
        let given = { (field: OutputField) in found.limits.last { $0.field == field }?.tokens }
        self.maxOutputTokens = given(.maxCompletionTokens) ?? given(.maxTokens) ?? given(.maxOutputTokens)
        self.tags = found.tags
        self.choices = max(1, found.choices ?? 1)
        self.limits = found.limits
        self.thinking = found.thinking
        self.thinkingBudget = found.thinkingBudget
        self.end = found.end
    }

    /// The original bytes with another model name, and `extra` (members of a JSON object, as text without its braces) put
    /// behind the last member.
    ///
    /// Where the client gives `model` more than once every one is replaced, whichever a provider reads. Where it sends a
    /// field that `extra` also has, `extra` stands last and counts: it is the operator's.
    package func body(model: String, extra: String? = nil) -> [UInt8] {
        let name = jsonString(model)
        return body(replacing: modelRanges.map { ($0, name) }, adding: extra)
    }

    /// The request with an answer of at most `limit` tokens; every other byte stays.
    ///
    /// A limit of the client's that is higher is lowered. Where it has none, `field` is set. Anthropic's thinking, which has
    /// to fit into the limit, gets half of it, and is turned off where that is less than Anthropic's least, 1,024 tokens.
    package func limitingOutput(to limit: Int, field: OutputField) -> ChatRequest {
        var edits = limits.filter { $0.tokens ?? 0 > limit }.map { ($0.range, "\(limit)") }
        var extra: String?
        if !limits.contains(where: { $0.tokens != nil }) {
            let unread = limits.filter { $0.field == field }
            edits = unread.map { ($0.range, "\(limit)") }
            if unread.isEmpty { extra = "\"\(field.rawValue)\":\(limit)" }
        }
        if let budget = thinkingBudget, let thinking, budget.tokens ?? 0 >= limit {
            edits.append(limit >= 2_048 ? (budget.range, "\(limit / 2)") : (thinking, #"{"type":"disabled"}"#))
        }
        guard !edits.isEmpty || extra != nil else { return self }
        edits.sort { $0.0.lowerBound < $1.0.lowerBound }
        return (try? ChatRequest(body(replacing: edits, adding: extra), endpoint: endpoint)) ?? self
    }

    /// The original bytes with others in place of some, in ascending order, and `extra` behind the last member.
    func body(replacing edits: [(Range<Int>, String)], adding extra: String? = nil) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(edits.reduce(body.count + (extra?.utf8.count ?? 0) + 1) { $0 + $1.1.utf8.count })
        var copied = 0
        for (range, text) in edits {
            out.append(contentsOf: body[copied..<range.lowerBound])
            out.append(contentsOf: text.utf8)
            copied = range.upperBound
        }
        out.append(contentsOf: body[copied..<end])
        if let extra, !extra.isEmpty {
            out.append(UInt8(ascii: ","))
            out.append(contentsOf: extra.utf8)
        }
        out.append(contentsOf: body[end...])
        return out
    }
}

/// The members that matter, as they are met.
///
/// Of a key given twice, the last counts, as with JSON parsers at large.
private struct Fields {
    var model: String?
    var modelRanges: [Range<Int>] = []
    /// Nil where the last one given is no boolean.
    var stream: Bool? = false
    var limits: [ChatRequest.OutputLimit] = []
    var thinking: Range<Int>?
    var thinkingBudget: ChatRequest.OutputLimit?
    var choices: Int?
    var hasMessages = false
    var tags: [String] = []
    var end = 0

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var scanner = JSONScanner(bytes)
        guard let first = scanner.next() else { throw JSONError(offset: 0, expected: "a JSON object") }
        guard first == UInt8(ascii: "{") else { throw JSONError(offset: scanner.position, expected: "a JSON object") }
        try scanner.members { (key, scanner) throws(JSONError) in
            if scanner.matches(key, "metadata"), scanner.next() == UInt8(ascii: "{") {
                try scanner.members { (key, scanner) throws(JSONError) in
                    let isTags = scanner.matches(key, "tags")
                    try readTags(isTags, &scanner, bytes)
                }
                return
            }
            if scanner.matches(key, "tags") { return try readTags(true, &scanner, bytes) }
            if scanner.matches(key, "messages") { return try readMessages(&scanner) }
            if scanner.matches(key, "thinking"), scanner.next() == UInt8(ascii: "{") {
                return try readThinking(&scanner, bytes)
            }
            let value = try scanner.value()
            note(key, value, scanner, bytes)
        }
        end = scanner.position - 1
        try scanner.end()
    }

    private mutating func readTags(
        _ wanted: Bool,
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
        guard wanted, scanner.next() == UInt8(ascii: "[") else {
            try scanner.value()
            return
        }
        try scanner.elements { (scanner) throws(JSONError) in
            let value = try scanner.value()
            if let tag = value.text(in: bytes), tags.count < 16 { tags.append(tag) }
        }
    }

    private mutating func readMessages(_ scanner: inout JSONScanner) throws(JSONError) {
        hasMessages = false
        guard scanner.next() == UInt8(ascii: "[") else {
            try scanner.value()
            return
        }
        try scanner.elements { (scanner) throws(JSONError) in
            try scanner.value()
            hasMessages = true
        }
    }

    private mutating func note(
        _ key: Range<Int>,
        _ value: JSONScanner.Value,
        _ scanner: JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        if scanner.matches(key, "model") {
            model = value.text(in: bytes)
            modelRanges.append(value.range)
        } else if scanner.matches(key, "stream") {
            stream = Self.flag(value)
        } else if scanner.matches(key, "max_tokens") {
            limits.append(.init(field: .maxTokens, range: value.range, tokens: value.integer(in: bytes)))
        } else if scanner.matches(key, "max_completion_tokens") {
            limits.append(.init(field: .maxCompletionTokens, range: value.range, tokens: value.integer(in: bytes)))
        } else if scanner.matches(key, "max_output_tokens") {
            limits.append(.init(field: .maxOutputTokens, range: value.range, tokens: value.integer(in: bytes)))
        } else if scanner.matches(key, "n") {
            choices = value.integer(in: bytes)
        }
    }

    private mutating func readThinking(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
        let start = scanner.position
        thinkingBudget = nil
        try scanner.members { (key, scanner) throws(JSONError) in
            let value = try scanner.value()
            guard scanner.matches(key, "budget_tokens") else { return }
            thinkingBudget = .init(field: .maxTokens, range: value.range, tokens: value.integer(in: bytes))
        }
        thinking = start..<scanner.position
    }

    private static func flag(_ value: JSONScanner.Value) -> Bool? {
        switch value.kind {
        case .boolTrue: true
        case .boolFalse, .null: false
        case .object, .array, .string, .number: nil
        }
    }
}
