/// How far two prompts may differ and still be the same to the cache; the config's words.
package enum CacheLevel: String, Sendable, CaseIterable {
    /// Equal JSON values.
    case exact
    /// Also after Unicode NFC, with one kind of line break, without blanks at the ends of lines and blank lines around the
    /// text; a text is the same as one part, and a parameter left out the same as its default.
    case safe
    /// Also with other case and inner blanks: not for code, YAML or poetry.
    case aggressive

    /// The text of a prompt as it stands in the key.
    ///
    /// `nfc` gives a string's Unicode Normalization Form C (UAX 15); it is asked only where there is something to compose.
    func normal(_ text: String, nfc: (String) -> String) -> String {
        guard self != .exact else { return text }
        // Below U+0300, the first combining character, every string is in NFC.
        let isComposed = text.utf8.allSatisfy { $0 < 0xCC }
        let lines = trimmedLines(isComposed ? text : nfc(text))
        guard self == .aggressive else { return lines.joined(separator: "\n") }
        return lines.joined(separator: " ").lowercased().split { $0.isWhitespace }.joined(separator: " ")
    }
}

/// The lines without blanks at their ends, and without blank lines before the first and after the last that has text.
///
/// By scalar: to Swift, CR and LF together are one character.
private func trimmedLines(_ text: String) -> [String] {
    var lines: [Substring.UnicodeScalarView] = []
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    var index = start
    while true {
        let isEnd = index == scalars.endIndex
        guard isEnd || scalars[index] == "\n" || scalars[index] == "\r" else {
            index = scalars.index(after: index)
            continue
        }
        var line = scalars[start..<index]
        while line.last == " " || line.last == "\t" { line.removeLast() }
        lines.append(line)
        if isEnd { break }
        let next = scalars.index(after: index)
        let isPair = scalars[index] == "\r" && next < scalars.endIndex && scalars[next] == "\n"
        index = isPair ? scalars.index(after: next) : next
        start = index
    }
    let blank = lines.prefix { $0.isEmpty }.count
    return lines.dropFirst(blank).reversed().drop { $0.isEmpty }.reversed().map { String($0) }
}
