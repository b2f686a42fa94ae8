/// Tokens of one answer, by class.
///
/// OpenAI's prompt count includes what was read from the provider's cache.
package struct TokenUsage: Equatable, Sendable {
    package var input: Int
    package var output: Int
    /// Part of `input`.
    package var cacheRead: Int
    /// Part of `input`.
    package var cacheWrite: Int
    /// Part of `cacheWrite`: what stays for an hour, and costs more for it.
    package var cacheWriteLong: Int
    package init(input: Int, output: Int, cacheRead: Int = 0, cacheWrite: Int = 0, cacheWriteLong: Int = 0) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.cacheWriteLong = cacheWriteLong
    }
}

/// What matters of one OpenAI chat chunk, or of a whole chat completion; other formats are read into the same.
package struct ChatAnswer: Equatable, Sendable {
    /// Text, refusal, tool call, audio or reasoning that is not empty.
    package var hasContent = false
    /// Choices seen, by index, and which of them have a finish reason.
    ///
    /// An empty one is none, and neither is `error`, as OpenRouter says of an answer that broke off.
    package var choices: Set<Int> = []
    package var finished: Set<Int> = []
    /// Nil where the input's or the output's count is missing or makes no sense: an unknown count is not zero.
    package var usage: TokenUsage?
    /// Bytes of the generated content's JSON, as a base for an estimate where no usage is given.
    package var contentBytes = 0
    /// An `error` member that is not null: a failure under status 200.
    package var error: ProviderErrorBody?

    init() {}

    /// Reads one chunk (`delta`) or completion (`message`); fields of any other name pass unread.
    /// - Throws: where `bytes` is no JSON object.
    package init(_ bytes: [UInt8]) throws(JSONError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in try read(bytes) }
    }

    /// Every choice that began has a finish reason.
    package var isComplete: Bool { !choices.isEmpty && choices == finished }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var scanner = JSONScanner(bytes)
        try scanner.members { (key, scanner) throws(JSONError) in
            if scanner.matches(key, "choices"), scanner.next() == UInt8(ascii: "[") {
                try scanner.elements { (scanner) throws(JSONError) in try readChoice(&scanner, bytes) }
            } else if scanner.matches(key, "usage"), scanner.next() == UInt8(ascii: "{") {
                usage = try readUsage(&scanner, bytes) ?? usage
            } else if scanner.matches(key, "error"), scanner.next() != UInt8(ascii: "n") {
                error = try ProviderErrorBody(errorValue: &scanner, bytes)
            } else {
                try scanner.value()
            }
        }
        try scanner.end()
    }

    private mutating func readChoice(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>)
        throws(JSONError)
    {
        guard scanner.next() == UInt8(ascii: "{") else {
            try scanner.value()
            return
        }
        var index = 0
        var isFinished = false
        try scanner.members { (key, scanner) throws(JSONError) in
            if scanner.matches(key, "delta") || scanner.matches(key, "message"), scanner.next() == UInt8(ascii: "{") {
                try readContent(&scanner, bytes)
                return
            }
            let value = try scanner.value()
            if scanner.matches(key, "index") {
                index = value.integer(in: bytes) ?? 0
            } else if scanner.matches(key, "finish_reason") {
                isFinished = value.kind == .string && value.range.count > 2 && value.text(in: bytes) != "error"
            } else if scanner.matches(key, "text") {
                noteContent(value, bytes)
            }
        }
        choices.insert(index)
        if isFinished { finished.insert(index) }
    }

    private mutating func readContent(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>)
        throws(JSONError)
    {
        try scanner.members { (key, scanner) throws(JSONError) in
            let value = try scanner.value()
            if isContent(key, scanner) { noteContent(value, bytes) }
        }
    }

    /// A role, or a field that nobody knows, may open a stream before the model has said anything.
    private func isContent(_ key: Range<Int>, _ scanner: JSONScanner) -> Bool {
        scanner.matches(key, "content") || scanner.matches(key, "tool_calls") || scanner.matches(key, "refusal")
            || scanner.matches(key, "reasoning_content") || scanner.matches(key, "reasoning")
            || scanner.matches(key, "audio")
            || scanner.matches(key, "function_call")
    }

    private mutating func noteContent(_ value: JSONScanner.Value, _ bytes: UnsafeBufferPointer<UInt8>) {
        let inner = value.range.dropFirst().dropLast()
        switch value.kind {
        case .string: guard !inner.isEmpty else { return }
        case .array, .object: guard inner.contains(where: { !Self.isSpace(bytes[$0]) }) else { return }
        case .number, .boolTrue, .boolFalse, .null: return
        }
        hasContent = true
        contentBytes += inner.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private func readUsage(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError)
        -> TokenUsage?
    {
        var input: Int?
        var output: Int?
        var cacheRead: Int?
        var cacheWrite: Int?
        try scanner.members { (key, scanner) throws(JSONError) in
            if scanner.matches(key, "prompt_tokens_details"), scanner.next() == UInt8(ascii: "{") {
                try scanner.members { (key, scanner) throws(JSONError) in
                    let count = Self.count(try scanner.value(), bytes)
                    if scanner.matches(key, "cached_tokens") { cacheRead = count }
                    if scanner.matches(key, "cache_write_tokens") { cacheWrite = count }
                }
                return
            }
            let count = Self.count(try scanner.value(), bytes)
            if scanner.matches(key, "prompt_tokens") { input = count }
            if scanner.matches(key, "completion_tokens") { output = count }
        }
        guard let input, let output else { return nil }
        return TokenUsage(input: input, output: output, cacheRead: cacheRead ?? 0, cacheWrite: cacheWrite ?? 0)
    }

    /// A count of tokens, up to a billion; nil for anything that can't be one.
    ///
    /// The bound is ours: a hundred times the largest context window, and small enough that sums of costs stay exact.
    private static func count(_ value: JSONScanner.Value, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        value.integer(in: bytes).flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
    }
}
