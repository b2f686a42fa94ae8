/// Text that must not be read as markup.
enum Markup {
    /// Safe in a line of Markdown, whatever it holds; line breaks become spaces.
    ///
    /// An underscore inside a word (`burn_rate_1h`) is none of Markdown's and stays as it is.
    static func markdown(_ text: String) -> String {
        let line = Array(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }.filter(isShown))
        return String(
            line.indices.flatMap { index in isMarkup(at: index, in: line) ? ["\\", line[index]] : [line[index]] }
        )
    }

    /// The same, but pairs of backticks stay, so that what they enclose reads as code.
    static func prose(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        let isCode = { (part: Substring) in
            !part.isEmpty && part.allSatisfy { $0 != "|" && $0 != "\\" && !$0.isNewline && isShown($0) }
        }
        let codes = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
        guard !parts.count.isMultiple(of: 2), codes.allSatisfy(isCode) else { return markdown(text) }
        return parts.enumerated()
            .map { $0.offset.isMultiple(of: 2) ? markdown(String($0.element)) : "`\($0.element)`" }.joined()
    }

    private static func isMarkup(at index: Int, in line: [Character]) -> Bool {
        let isBetweenWords = { (place: Int) in
            place > 0 && place + 1 < line.count && line[place - 1].isWordPart && line[place + 1].isWordPart
        }
        switch line[index] {
        case "\\", "`", "*", "[", "]", "<", ">", "|", "~": return true
        case "_": return !isBetweenWords(index)
        case "&": return index + 1 < line.count && (line[index + 1].isLetter || line[index + 1] == "#")
        case "#", "+", "-": return index == 0
        default: return false
        }
    }

    /// Safe in HTML's text and in an attribute between double quotes.
    static func html(_ text: some StringProtocol) -> String {
        text.reduce(into: "") { html, character in
            switch character {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case _ where !isShown(character): break
            default: html.append(character)
            }
        }
    }

    /// One cell of a CSV after RFC 4180; a text that a spreadsheet would take for a formula gets a quote before it.
    static func csv(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let cell = isFormula ? "'" + text : text
        guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
        return "\"" + cell.flatMap { $0 == "\"" ? "\"\"" : String($0) } + "\""
    }

    /// A block of code in Markdown; its fence is longer than any run of backticks in it.
    static func block(_ code: String, of language: String) -> String {
        let longest = code.split { $0 != "`" }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(code)\(code.hasSuffix("\n") ? "" : "\n")\(fence)"
    }

    /// Neither a control character nor one that turns the direction of what follows.
    private static func isShown(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A: true
            case 0x00...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: false
            default: true
            }
        }
    }
}

extension Character {
    fileprivate var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
