/// What a provider's error body says, whatever its envelope.
///
/// Each value is at most a thousand characters, and may echo a key: redact before showing.
package struct ProviderErrorBody: Equatable, Sendable {
    /// The kind of error, also where it is called `status` (Gemini).
    package var type: String?
    /// The most telling code: the provider's own word where there is one, else the digits of an integer code.
    package var code: String?
    package var message: String?

    package init(type: String? = nil, code: String? = nil, message: String? = nil) {
        self.type = type
        self.code = code
        self.message = message
    }

    /// Reads a whole body; nil where it is none of these.
    ///
    /// `{"error": {...}}` (OpenAI, Anthropic, Azure, Gemini, OpenRouter), the same in an array (Gemini's OpenAI endpoint),
    /// `{"error": "text"}`, the same members at top level (Mistral), and `{"detail": ...}` (FastAPI). Of a body that breaks
    /// off, what was read until then.
    package init?(_ body: [UInt8]) {
        var found = ProviderErrorBody()
        var flat = ProviderErrorBody()
        body.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            let readOne = { (scanner: inout JSONScanner) throws(JSONError) in
                try scanner.members { (key, scanner) throws(JSONError) in
                    if scanner.matches(key, "error") {
                        try found.readError(&scanner, bytes)
                    } else {
                        try flat.read(key, &scanner, bytes)
                    }
                }
            }
            if scanner.next() == UInt8(ascii: "[") {
                try? scanner.elements(readOne)
            } else {
                try? readOne(&scanner)
            }
        }
        if found == ProviderErrorBody() { found = flat }
        guard found != ProviderErrorBody() else { return nil }
        self = found
    }

    /// Reads the value of an `error` member, an object or a plain text; empty for any other.
    init(errorValue scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        try readError(&scanner, bytes)
    }

    private mutating func readError(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>)
        throws(JSONError)
    {
        guard scanner.next() == UInt8(ascii: "{") else {
            message = bounded(try scanner.value().text(in: bytes)) ?? message
            return
        }
        try scanner.members { (key, scanner) throws(JSONError) in try read(key, &scanner, bytes) }
    }

    private mutating func read(
        _ key: Range<Int>,
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) {
        // Anthropic's and Gemini's details, OpenRouter's metadata, Azure's inner error.
        if scanner.matches(key, "details") || scanner.matches(key, "metadata") || scanner.matches(key, "innererror") {
            return try readFiner(&scanner, bytes)
        }
        if scanner.matches(key, "detail"), scanner.next() == UInt8(ascii: "[") {
            return try readDetail(&scanner, bytes)
        }
        let value = try scanner.value()
        let text = bounded(value.text(in: bytes))
        if scanner.matches(key, "type") { type = text ?? type }
        if scanner.matches(key, "status") { type = type ?? text }
        if scanner.matches(key, "code") { code = code ?? text ?? value.integer(in: bytes).map { "\($0)" } }
        if scanner.matches(key, "message") { message = text ?? message }
        if scanner.matches(key, "detail") { message = message ?? text }
    }

    /// A finer code stands one level deeper, in an object or in a list of them.
    ///
    /// It takes the place of a missing or numeric one.
    private mutating func readFiner(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>)
        throws(JSONError)
    {
        switch scanner.next() {
        case UInt8(ascii: "["):
            try scanner.elements { (scanner) throws(JSONError) in
                if scanner.next() == UInt8(ascii: "{") {
                    try readFiner(&scanner, bytes)
                } else {
                    try scanner.value()
                }
            }
        case UInt8(ascii: "{"):
            try scanner.members { (key, scanner) throws(JSONError) in
                let value = try scanner.value()
                let isCode =
                    scanner.matches(key, "error_code") || scanner.matches(key, "reason")
                    || scanner.matches(key, "error_type") || scanner.matches(key, "code")
                if isCode { refine(bounded(value.text(in: bytes))) }
                // OpenRouter's moderation names no code, but shows what it objects to.
                if scanner.matches(key, "flagged_input") { refine("flagged_input") }
            }
        default: try scanner.value()
        }
    }

    private mutating func refine(_ finer: String?) {
        guard let finer, !finer.isEmpty, code.map({ Int($0) != nil }) ?? true else { return }
        code = finer
    }

    /// FastAPI's list of faults: the first one's text.
    private mutating func readDetail(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>)
        throws(JSONError)
    {
        try scanner.elements { (scanner) throws(JSONError) in
            guard scanner.next() == UInt8(ascii: "{") else {
                try scanner.value()
                return
            }
            try scanner.members { (key, scanner) throws(JSONError) in
                let value = try scanner.value()
                if scanner.matches(key, "msg") { message = message ?? bounded(value.text(in: bytes)) }
            }
        }
    }
}

private func bounded(_ text: String?) -> String? {
    text.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(1_000))) }
}
