/// A config as a paper may show it.
enum ConfigText {
    /// With `notes` behind the keys that they belong to, and without what looks like a secret.
    ///
    /// Whoever hands the config in has taken its secrets out; that nothing but a reference stays behind a key that names a
    /// secret is the second lock on the same door.
    static func shown(_ yaml: String, notes: [String: String]) -> String {
        var path: [(indent: Int, name: String)] = []
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let masked = masked(line)
            guard let key = BlockKey(line) else { return masked }
            path.removeAll { $0.indent >= key.indent }
            path.append((key.indent, key.name))
            guard let note = notes[path.map(\.name).joined(separator: ".")], !line.contains(" #") else { return masked }
            return masked + "  # " + note.map { $0.isNewline ? " " : String($0) }.joined()
        }
        return lines.joined(separator: "\n")
    }

    /// Keys whose values are secrets, or addresses that carry one.
    private static let secretEndings = ["key", "secret", "token", "password", "authorization", "url", "webhook"]

    private static func masked(_ line: Substring) -> String {
        var rest = line
        var shown = ""
        while let colon = rest.firstIndex(of: ":") {
            let after = rest.index(after: colon)
            let value = rest[after...].prefix { $0 != "," && $0 != "}" && $0 != "#" }
            let name = rest[..<colon].reversed().prefix { $0.isLetter || $0 == "_" }.reversed()
            let isSecret = secretEndings.contains { String(name).lowercased().hasSuffix($0) }
            let text = value.filter { !" \"'".contains($0) }
            guard isSecret, value.first == " ", !text.isEmpty, !isReference(text) else {
                shown += rest[...colon]
                rest = rest[after...]
                continue
            }
            shown += rest[...colon] + " \"[removed]\"" + String(value.reversed().prefix { $0 == " " })
            rest = rest[value.endIndex...]
        }
        return shown + rest
    }

    /// The name of a variable instead of what it holds.
    private static func isReference(_ value: String) -> Bool {
        value.hasPrefix("os.environ/") || value.hasPrefix("{")
    }

    /// `name:` at the start of a line in block style; an item's dash counts as indentation.
    private struct BlockKey {
        let indent: Int
        let name: String

        init?(_ line: Substring) {
            let text = line.drop { $0 == " " || $0 == "-" }
            let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
            let rest = text.dropFirst(name.count)
            guard !name.isEmpty, rest == ":" || rest.hasPrefix(": ") else { return nil }
            indent = line.count - text.count
            self.name = String(name)
        }
    }
}
