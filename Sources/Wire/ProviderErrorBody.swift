/// What a provider's error body says, whatever its envelope.
///
/// Values are bounded, and may echo a key: redact before showing.
package struct ProviderErrorBody: Equatable, Sendable {
    package var type: String?
    /// A string's value, or the digits of an integer code.
    package var code: String?
    package var message: String?

    package init(type: String? = nil, code: String? = nil, message: String? = nil) {
        self.type = type
        self.code = code
        self.message = message
    }

    /// Reads `{"error": {...}}`, `{"error": "text"}`, or the same members at top level (Mistral); nil for anything else.
    package init?(_ body: [UInt8]) {
        var found: ProviderErrorBody?
        body.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            var flat = ProviderErrorBody()
            try? scanner.members { (key, scanner) throws(JSONError) in
                if scanner.matches(key, "error") {
                    found = try ProviderErrorBody(errorValue: &scanner, bytes)
                } else {
                    try flat.read(key, &scanner, bytes)
                }
            }
            if found == nil, flat != ProviderErrorBody() { found = flat }
        }
        guard let found else { return nil }
        self = found
    }

    /// Reads the value of an `error` member, an object or a plain text.
    init(errorValue scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        guard scanner.next() == UInt8(ascii: "{") else {
            message = try scanner.value().text(in: bytes)
            return
        }
        var body = ProviderErrorBody()
        try scanner.members { (key, scanner) throws(JSONError) in try body.read(key, &scanner, bytes) }
        self = body
    }

    private mutating func read(
        _ key: Range<Int>,
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
        // Anthropic's and Azure's finer code stands one level deeper.
        if scanner.matches(key, "details"), scanner.next() == UInt8(ascii: "{") {
            try scanner.members { (key, scanner) throws(JSONError) in
                let value = try scanner.value()
                if scanner.matches(key, "error_code") { code = value.text(in: bytes) ?? code }
            }
            return
        }
        let value = try scanner.value()
        let text = value.text(in: bytes) ?? value.integer(in: bytes).map { "\($0)" }
        guard let text = text.map({ String($0.prefix(1_000)) }) else { return }
        if scanner.matches(key, "type") { type = text }
        if scanner.matches(key, "status") { type = type ?? text }
        if scanner.matches(key, "code") { code = code ?? text }
        if scanner.matches(key, "message") { message = text }
    }
}
