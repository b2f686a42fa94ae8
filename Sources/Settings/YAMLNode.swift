/// A YAML value with its place: aliases followed, merge keys applied, types not yet decided.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// `isPlain` is false for quoted and block text, which is never null, a number or a truth value.
        case scalar(String, isPlain: Bool)
        case list([YAMLNode])
        case map([Entry])
    }

    struct Entry: Sendable {
        let key: String
        let place: Place
        let value: YAMLNode
    }

    let place: Place
    let content: Content

    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    var isText: Bool {
        guard case .scalar = content else { return false }
        return true
    }

    /// What stands here, for "found ...": short, and nothing that looks like a key.
    var found: String {
        switch content {
        case .list: "a list"
        case .map: "a mapping"
        case .scalar where isNull: "nothing"
        case .scalar(let text, _): quoted(text)
        }
    }
}

/// A text in quotes for a message; what is long, unprintable or may be a secret is only described.
func quoted(_ text: String) -> String {
    let isPrintable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    let isSecretive = text.hasPrefix("sk-") || text.contains("@")
    guard text.count <= 40, isPrintable, !isSecretive else { return "a text of \(text.count) characters" }
    return "'\(text)'"
}
