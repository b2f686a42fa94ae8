/// Where a JSON text goes wrong: byte offset from its start, and what was expected there.
package struct JSONError: Error, Equatable, Sendable {
    package let offset: Int
    package let expected: String
}

/// Reads JSON in place, without building a tree: checks the grammar (RFC 8259) and gives byte ranges.
///
/// Pass-through must keep unknown fields, number forms and key order, so nothing is ever decoded and encoded again;
/// Foundation's coders can't say where a value stands. Nesting beyond `depthLimit` is refused; that the text is UTF-8 is
/// not checked, as the provider reads the same bytes again.
package struct JSONScanner {
    package enum Kind: Sendable { case object, array, string, number, boolTrue, boolFalse, null }

    /// One value: what it is, and its bytes, without the white space around.
    package struct Value: Sendable {
        package let kind: Kind
        package let range: Range<Int>
    }

    package static let depthLimit = 512

    private let bytes: UnsafeBufferPointer<UInt8>
    package private(set) var position: Int

    package init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Reads one value and leaves the position behind it.
    ///
    /// Keeps its own stack of brackets: half a thousand nested calls don't fit the half megabyte of a thread on Darwin.
    @discardableResult
    package mutating func value() throws(JSONError) -> Value {
        skipSpace()
        let start = position
        var closers: [UInt8] = []
        let kind = try part(&closers)
        while let closer = closers.last {
            skipSpace()
            if take(closer) {
                closers.removeLast()
                continue
            }
            try expect(UInt8(ascii: ","), closer == UInt8(ascii: "}") ? "',' or '}'" : "',' or ']'")
            if closer == UInt8(ascii: "}") { try key() }
            try part(&closers)
        }
        return Value(kind: kind, range: start..<position)
    }

    /// Reads a scalar, an empty container, or the beginning of another up to and including its first part.
    @discardableResult
    private mutating func part(_ closers: inout [UInt8]) throws(JSONError) -> Kind {
        var outermost: Kind?
        while true {
            skipSpace()
            let kind = try opening()
            outermost = outermost ?? kind
            guard kind == .object || kind == .array else { return outermost ?? kind }
            let closer = kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")
            guard closers.count < Self.depthLimit else { throw failure("less nesting than \(Self.depthLimit) levels") }
            skipSpace()
            if take(closer) { return outermost ?? kind }
            closers.append(closer)
            if kind == .object { try key() }
        }
    }

    /// Reads a scalar, or the bracket that opens a container.
    private mutating func opening() throws(JSONError) -> Kind {
        switch peek() {
        case UInt8(ascii: "{"):
            position += 1
            return .object
        case UInt8(ascii: "["):
            position += 1
            return .array
        case UInt8(ascii: "\""):
            try string()
            return .string
        case UInt8(ascii: "t"):
            try literal("true")
            return .boolTrue
        case UInt8(ascii: "f"):
            try literal("false")
            return .boolFalse
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        default:
            try number()
            return .number
        }
    }

    /// Reads a key and its colon; gives the bytes between the quotes.
    @discardableResult
    private mutating func key() throws(JSONError) -> Range<Int> {
        skipSpace()
        let start = position
        guard peek() == UInt8(ascii: "\"") else { throw failure("a key in double quotes") }
        try string()
        let key = start + 1..<position - 1
        skipSpace()
        try expect(UInt8(ascii: ":"), "':'")
        return key
    }

    /// Reads an object; `body` gets each key's bytes (between the quotes, escapes as they stand) and must read the value.
    package mutating func members(
        _ body: (Range<Int>, inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        skipSpace()
        try expect(UInt8(ascii: "{"), "an object")
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        while true {
            let key = try key()
            skipSpace()
            try body(key, &self)
            skipSpace()
            if take(UInt8(ascii: "}")) { return }
            try expect(UInt8(ascii: ","), "',' or '}'")
        }
    }

    /// Reads an array; `body` must read each element.
    package mutating func elements(
        _ body: (inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        skipSpace()
        try expect(UInt8(ascii: "["), "an array")
        skipSpace()
        if take(UInt8(ascii: "]")) { return }
        while true {
            skipSpace()
            try body(&self)
            skipSpace()
            if take(UInt8(ascii: "]")) { return }
            try expect(UInt8(ascii: ","), "',' or ']'")
        }
    }

    /// Makes sure that nothing but white space follows.
    package mutating func end() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw failure("the end of the text") }
    }

    /// The first byte of the value that comes next, without reading it; nil at the end.
    package mutating func next() -> UInt8? {
        skipSpace()
        return peek()
    }

    /// Whether the key at `range` is `text`, which is plain ASCII.
    ///
    /// A key may be written with escapes (`"\u006dodel"`), and every provider reads it as if it were not: so must we.
    package func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard range.count >= length, range.count <= length * 6 else { return false }
        let key = UnsafeBufferPointer(rebasing: bytes[range])
        return text.withUTF8Buffer { wanted in
            if range.count == length { return key.elementsEqual(wanted) }
            return key.contains(UInt8(ascii: "\\")) && unescaped(key).utf8.elementsEqual(wanted)
        }
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ expected: String) -> JSONError { JSONError(offset: position, expected: expected) }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(JSONError) {
        guard take(byte) else { throw failure(what) }
    }

    private mutating func literal(_ text: StaticString) throws(JSONError) {
        let range = position..<min(position + text.utf8CodeUnitCount, bytes.count)
        guard matches(range, text) else { throw failure("a JSON value") }
        position = range.upperBound
    }

    private mutating func string() throws(JSONError) {
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                try escape()
            case 0..<0x20:
                throw failure("no raw control character in a string")
            default:
                position += 1
            }
        }
        throw failure("the closing quote of a string")
    }

    private mutating func escape() throws(JSONError) {
        position += 1
        switch peek() {
        case UInt8(ascii: "u"):
            position += 1
            for _ in 0..<4 {
                guard let byte = peek(), hexValue(byte) != nil else { throw failure("four hexadecimal digits") }
                position += 1
            }
        case .some(let byte) where "\"\\/bfnrt".utf8.contains(byte):
            position += 1
        default:
            throw failure("a valid escape")
        }
    }

    private mutating func number() throws(JSONError) {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) {
            guard digits() > 0 else {
                position = start
                throw failure("a JSON value")
            }
        }
        if take(UInt8(ascii: ".")) {
            guard digits() > 0 else { throw failure("a digit") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw failure("a digit") }
        }
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }
}

func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
}
