import Wire

/// `value` as a YAML document in block style, which ends with a line feed.
///
/// Every text stands in double quotes with JSON's escapes, which YAML 1.2 reads alike, so that none is taken for a number.
func yaml(_ value: JSONValue) -> String { block(value, indent: 0).joined(separator: "\n") + "\n" }

private func block(_ value: JSONValue, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    switch value {
    case .object(let members) where !members.isEmpty:
        return members.flatMap { member -> [String] in
            guard member.value.isBlock else { return [margin + member.key.key + ": " + member.value.text] }
            return [margin + member.key.key + ":"] + block(member.value, indent: indent + 2)
        }
    case .array(let elements) where !elements.isEmpty:
        return elements.flatMap { element -> [String] in
            var lines = block(element, indent: indent + 2)
            lines[0] = margin + "- " + lines[0].dropFirst(indent + 2)
            return lines
        }
    default: return [margin + value.text]
    }
}

extension JSONValue {
    fileprivate var isBlock: Bool {
        switch self {
        case .object(let members): !members.isEmpty
        case .array(let elements): !elements.isEmpty
        default: false
        }
    }
}

extension String {
    /// Letters alone need no quotes.
    fileprivate var key: String {
        utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) } ? self : jsonString(self)
    }
}
