/// A config as a paper may show it.
enum ConfigText {
    /// With `notes` behind the keys that they belong to, and without what looks like a secret.
    ///
    /// Whoever hands the config in has taken its secrets out; that nothing but a reference stays behind a key that names a
    /// secret is the second lock on the same door.
    static func shown(_ yaml: String, notes: [String: String]) -> String {
        var path: [BlockKey] = []
        var hidden: Int?
        var shown: [String] = []
        for line in yaml.split(separator: "\n", omittingEmptySubsequences: false) {
            // The lines of a secret that is written as a block of text.
            if let indent = hidden, line.isEmpty || line.prefix(while: { $0 == " " }).count > indent { continue }
            hidden = nil
            let masked = masked(line)
            shown.append(masked)
            guard let key = BlockKey(line) else { continue }
            path.removeAll { $0.indent >= key.indent }
            path.append(key)
            if isSecret(key.name), key.isText { hidden = key.indent }
            if let note = notes[path.map(\.name).joined(separator: ".")], !line.contains(" #") {
                shown[shown.count - 1] += "  # " + String(note.map { $0.isNewline ? " " : $0 })
            }
        }
        return shown.joined(separator: "\n")
    }

    /// Endings of keys whose values are secrets, or addresses that carry one.
    private static let secretEndings = [
        "key", "key_id", "secret", "token", "password", "authorization", "credentials", "url", "webhook", "dsn",
    ]

    private static func isSecret(_ name: String) -> Bool { secretEndings.contains { name.lowercased().hasSuffix($0) } }

    private static func masked(_ line: Substring) -> String {
        var rest = line
        var shown = ""
        while let colon = rest.firstIndex(of: ":") {
            let before = rest[..<colon].reversed()
            let isQuoted = before.first == "\"" || before.first == "'"
            let name = before.drop { $0 == "\"" || $0 == "'" }.prefix { $0.isLetter || $0 == "_" }.reversed()
            shown += rest[...colon]
            rest = rest[rest.index(after: colon)...]
            guard isSecret(String(name)), isQuoted || rest.first == " " else { continue }
            let body = rest.drop { $0 == " " }
            let value = value(of: body, isFlow: shown.contains("{"))
            let text = value.filter { $0 != "\"" && $0 != "'" }
            guard !text.isEmpty, !text.hasPrefix("os.environ/"), !text.hasPrefix("{"), !text.hasPrefix("#") else {
                continue
            }
            shown += " \"[removed]\""
            rest = body[value.endIndex...]
        }
        return shown + rest
    }

    /// The value at the start of `body`, its quotes included.
    private static func value(of body: Substring, isFlow: Bool) -> Substring {
        if let quote = body.first, quote == "\"" || quote == "'" {
            let text = body.dropFirst().prefix { $0 != quote }
            return body.prefix(text.count + 2)
        }
        let ends = isFlow ? body.firstIndex { $0 == "," || $0 == "}" } : body.firstRange(of: " #")?.lowerBound
        let value = body[..<(ends ?? body.endIndex)]
        return value.dropLast(value.reversed().prefix { $0 == " " }.count)
    }

    /// `name:` at the start of a line in block style; an item's dash counts as indentation.
    private struct BlockKey {
        let indent: Int
        let name: String
        /// Its value is the block of text below.
        let isText: Bool

        init?(_ line: Substring) {
            let text = line.drop { $0 == " " || $0 == "-" }
            let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
            let rest = text.dropFirst(name.count)
            guard !name.isEmpty, rest == ":" || rest.hasPrefix(": ") else { return nil }
            indent = line.count - text.count
            self.name = String(name)
            isText = rest.dropFirst(2).first.map { $0 == "|" || $0 == ">" } ?? false
        }
    }
}
