/// A JSON text as a tree, for where one format is rewritten as another.
///
/// Objects keep the order of their members, numbers the form in which they were written. What is passed on unchanged
/// goes through `JSONScanner` alone and never becomes a tree.
package indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// The number's text.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Equatable, Sendable {
        package var key: String
        package var value: JSONValue
        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// Deepest nesting of a tree; a deeper text is refused, so that walking a tree can't exhaust a small stack.
    static let depthLimit = 200

    /// - Throws: where `bytes` is no JSON text, or is nested deeper than 200 levels.
    package init(_ bytes: [UInt8]) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
            var scanner = JSONScanner(bytes)
            let value = try JSONValue(&scanner, bytes, depth: 0)
            try scanner.end()
            return value
        }
    }

    private init(_ scanner: inout JSONScanner, _ bytes: UnsafeBufferPointer<UInt8>, depth: Int) throws(JSONError) {
        guard depth < Self.depthLimit else {
            throw JSONError(offset: scanner.position, expected: "less nesting than \(Self.depthLimit) levels")
        }
        switch scanner.next() {
        case UInt8(ascii: "{"):
            var members: [Member] = []
            try scanner.members { (key, scanner) throws(JSONError) in
                let quoted = JSONScanner.Value(kind: .string, range: key.lowerBound - 1..<key.upperBound + 1)
                let name = quoted.text(in: bytes) ?? ""
                members.append(Member(name, try JSONValue(&scanner, bytes, depth: depth + 1)))
            }
            self = .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try scanner.elements { (scanner) throws(JSONError) in
                elements.append(try JSONValue(&scanner, bytes, depth: depth + 1))
            }
            self = .array(elements)
        default:
            let value = try scanner.value()
            switch value.kind {
            case .string: self = .string(value.text(in: bytes) ?? "")
            case .boolTrue: self = .bool(true)
            case .boolFalse: self = .bool(false)
            case .number:
                self = .number(String(decoding: UnsafeBufferPointer(rebasing: bytes[value.range]), as: UTF8.self))
            case .null, .object, .array: self = .null
            }
        }
    }
}

extension JSONValue {
    static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

    /// The member of that name; nil where this is no object, or the member is absent or null.
    ///
    /// Of a key given twice the last counts.
    package subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self, let member = members.last(where: { $0.key == key }),
            member.value != .null
        else { return nil }
        return member.value
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The integer; nil for fractions, numbers out of range and any other kind.
    var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    var double: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }

    var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The texts of an array; nil for any other kind.
    package var strings: [String]? { elements.map { $0.compactMap(\.text) } }

    var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The same object with `key` set, in its place where it was there already.
    func setting(_ key: String, to value: JSONValue) -> JSONValue {
        var members = self.members ?? []
        if let index = members.lastIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Member(key, value))
        }
        return .object(members)
    }

    /// Whether an object somewhere in it has that member.
    func holds(key: String) -> Bool {
        switch self {
        case .array(let elements): elements.contains { $0.holds(key: key) }
        case .object(let members): members.contains { $0.key == key || $0.value.holds(key: key) }
        default: false
        }
    }

    func removing(_ key: String) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members.filter { $0.key != key })
    }
}

extension JSONValue {
    /// The tree as JSON text in UTF-8, without white space.
    package var bytes: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    var rendered: String { String(decoding: bytes, as: UTF8.self) }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .number(let text): out += text.utf8
        case .string(let text): Self.write(text, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// Most strings, and megabytes of image among them, need no escape.
    static func write(_ text: String, to out: inout [UInt8]) {
        let needsEscape = text.utf8.contains {
            $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
        }
        guard !needsEscape else {
            out += jsonString(text).utf8
            return
        }
        out.append(UInt8(ascii: "\""))
        out += text.utf8
        out.append(UInt8(ascii: "\""))
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
