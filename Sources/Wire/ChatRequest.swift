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
    /// Every value of a `model` key in `body`, quotes included.
    private let modelRanges: [Range<Int>]
    /// The closing brace.
    private let end: Int

    /// Why a body is no request: what to tell the client, and the parameter at fault.
    package struct Problem: Error, Equatable, Sendable {
        package let message: String
        package let parameter: String?
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
        self.maxOutputTokens = found.maxCompletionTokens ?? found.maxTokens ?? found.maxResponseTokens
        self.tags = found.tags
        self.end = found.end
    }

    /// The original bytes with another model name, and `extra` (members of a JSON object, as text without its braces) put
    /// behind the last member.
    ///
    /// Where the client gives `model` more than once every one is replaced, whichever a provider reads. Where it sends a
    /// field that `extra` also has, `extra` stands last and counts: it is the operator's.
    package func body(model: String, extra: String? = nil) -> [UInt8] {
        var out: [UInt8] = []
        let name = jsonString(model)
        out.reserveCapacity(body.count + name.utf8.count + (extra?.utf8.count ?? 0) + 1)
        var copied = 0
        for range in modelRanges {
            out.append(contentsOf: body[copied..<range.lowerBound])
            out.append(contentsOf: name.utf8)
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
    var maxTokens: Int?
    var maxCompletionTokens: Int?
    var maxResponseTokens: Int?
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
            maxTokens = value.integer(in: bytes)
        } else if scanner.matches(key, "max_completion_tokens") {
            maxCompletionTokens = value.integer(in: bytes)
        } else if scanner.matches(key, "max_output_tokens") {
            maxResponseTokens = value.integer(in: bytes)
        }
    }

    private static func flag(_ value: JSONScanner.Value) -> Bool? {
        switch value.kind {
        case .boolTrue: true
        case .boolFalse, .null: false
        case .object, .array, .string, .number: nil
        }
    }
}
