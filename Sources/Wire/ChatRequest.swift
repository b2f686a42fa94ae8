/// What the router needs to know of a chat request; the rest of the body stays unread and untouched.
package struct ChatRequest: Sendable {
    package let body: [UInt8]
    /// What the client calls the model: a group's name.
    package let model: String
    package let stream: Bool
    /// `max_completion_tokens`, else `max_tokens`; nil where neither is given.
    package let maxOutputTokens: Int?
    /// `metadata.tags` and `tags`, as LiteLLM's clients send them.
    package let tags: [String]
    /// The model's value in `body`, quotes included.
    private let modelRange: Range<Int>
    /// Just behind the opening brace.
    private let insertion: Int

    /// Why a body is no chat request: what to tell the client, and the parameter at fault.
    package struct Problem: Error, Equatable, Sendable {
        package let message: String
        package let parameter: String?
    }

    package init(_ body: [UInt8]) throws(Problem) {
        var found = Fields()
        do {
            try body.withUnsafeBufferPointer { (bytes) throws(JSONError) in try found.read(bytes) }
        } catch {
            let place = body.isEmpty ? "The body is empty" : "The body is not valid JSON: at byte \(error.offset)"
            throw Problem(message: "\(place), expected \(error.expected).", parameter: nil)
        }
        guard let modelRange = found.modelRange, let model = found.model else {
            throw Problem(message: "Missing required parameter: 'model' must be a string.", parameter: "model")
        }
        guard found.hasMessages else {
            throw Problem(
                message: "Missing required parameter: 'messages' must be a non-empty array.",
                parameter: "messages"
            )
        }
        if let ambiguous = found.ambiguousParameter {
            throw Problem(
                message: "'\(ambiguous)' must be given once, its name without escapes: readers would differ.",
                parameter: ambiguous
            )
        }
        if let wrong = found.wrongParameter {
            throw Problem(message: "Invalid type for '\(wrong)'.", parameter: wrong)
        }
        self.body = body
        self.model = model
        self.modelRange = modelRange
        self.stream = found.stream
        self.maxOutputTokens = found.maxCompletionTokens ?? found.maxTokens
        self.tags = found.tags
        self.insertion = found.insertion
    }

    /// The original bytes with another model name, and `extra` (members of a JSON object, as text without its braces)
    /// put in front.
    package func body(model: String, extra: String? = nil) -> [UInt8] {
        var out: [UInt8] = []
        let name = jsonString(model)
        out.reserveCapacity(body.count + name.utf8.count + (extra?.utf8.count ?? 0) + 2)
        out.append(contentsOf: body[..<insertion])
        if let extra, !extra.isEmpty {
            out.append(contentsOf: extra.utf8)
            out.append(UInt8(ascii: ","))
        }
        out.append(contentsOf: body[insertion..<modelRange.lowerBound])
        out.append(contentsOf: name.utf8)
        out.append(contentsOf: body[modelRange.upperBound...])
        return out
    }
}

/// The members that matter, as they are met.
///
/// A key that decides where a request goes may stand once: of two, some providers' parsers take the first and some the
/// last, and a client could have another model served than the one that was accounted for.
private struct Fields {
    var model: String?
    var modelRange: Range<Int>?
    var stream = false
    var maxTokens: Int?
    var maxCompletionTokens: Int?
    var hasMessages = false
    var tags: [String] = []
    var insertion = 0
    var wrongParameter: String?
    var ambiguousParameter: String?
    private var seen: Set<String> = []

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var scanner = JSONScanner(bytes)
        guard let first = scanner.next() else { throw JSONError(offset: 0, expected: "a JSON object") }
        guard first == UInt8(ascii: "{") else { throw JSONError(offset: scanner.position, expected: "a JSON object") }
        insertion = scanner.position + 1
        try scanner.members { (key, scanner) throws(JSONError) in
            noteRepetition(of: key, scanner, bytes)
            if scanner.matches(key, "metadata"), scanner.next() == UInt8(ascii: "{") {
                try scanner.members { (key, scanner) throws(JSONError) in
                    let isTags = scanner.matches(key, "tags")
                    try readTags(isTags, &scanner, bytes)
                }
                return
            }
            if scanner.matches(key, "tags") { return try readTags(true, &scanner, bytes) }
            let value = try scanner.value()
            note(key, value, scanner, bytes)
        }
        try scanner.end()
    }

    private mutating func noteRepetition(
        of key: Range<Int>,
        _ scanner: JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        let isEscaped = bytes[key].contains(UInt8(ascii: "\\"))
        let quoted = JSONScanner.Value(kind: .string, range: key.lowerBound - 1..<key.upperBound + 1)
        for name in Self.decisive where isEscaped || scanner.matches(key, name) {
            let text = "\(name)"
            if isEscaped, quoted.text(in: bytes) != text { continue }
            if isEscaped || !seen.insert(text).inserted { ambiguousParameter = text }
        }
    }

    private static let decisive: [StaticString] = ["model", "messages", "stream"]

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

    private mutating func note(
        _ key: Range<Int>,
        _ value: JSONScanner.Value,
        _ scanner: JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        if scanner.matches(key, "model") {
            model = value.text(in: bytes)
            modelRange = model == nil ? nil : value.range
        } else if scanner.matches(key, "stream") {
            if value.kind != .boolTrue && value.kind != .boolFalse && value.kind != .null { wrongParameter = "stream" }
            stream = value.kind == .boolTrue
        } else if scanner.matches(key, "messages") {
            hasMessages = value.kind == .array && value.range.count > 2
        } else if scanner.matches(key, "max_tokens") {
            maxTokens = value.integer(in: bytes)
        } else if scanner.matches(key, "max_completion_tokens") {
            maxCompletionTokens = value.integer(in: bytes)
        }
    }
}
