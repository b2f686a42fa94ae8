/// The papers' Markdown as HTML, so that both say the same.
///
/// Known are headings, paragraphs, flat lists, tables, quotes, fenced code, rules, and images alone on their lines; within
/// lines what `MarkdownLine` knows.
struct MarkdownPage {
    let link: (String) -> String
    /// Drawings by the address that images have in the Markdown.
    let images: [String: String]
    private var lines: ArraySlice<Substring>

    static func html(
        _ markdown: String,
        images: [String: String] = [:],
        link: @escaping (String) -> String = { $0 }
    ) -> String {
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        var page = Self(link: link, images: images, lines: lines[...])
        var blocks: [String] = []
        while let block = page.block() { blocks.append(block) }
        return blocks.joined(separator: "\n")
    }

    private mutating func block() -> String? {
        lines = lines.drop { $0.isBlank }
        guard let first = lines.first else { return nil }
        switch Kind(first, before: lines.dropFirst().first) {
        case .heading(let level): return heading(level)
        case .code: return code()
        case .rule:
            lines.removeFirst()
            return "<hr>"
        case .list: return list("ul") { $0.hasPrefix("- ") ? $0.dropFirst(2) : nil }
        case .steps:
            let number = first.prefix { $0.isNumber }
            return list(number == "1" ? "ol" : "ol start=\"\(number)\"") { $0.step }
        case .quote:
            let inner = taken { $0.hasPrefix(">") }.map { $0.dropFirst($0.hasPrefix("> ") ? 2 : 1) }
            return
                "<blockquote>\n\(Self.html(inner.joined(separator: "\n"), images: images, link: link))\n</blockquote>"
        case .image: return figures()
        case .table: return table()
        case .text: return paragraph()
        }
    }

    private enum Kind: Equatable {
        case heading(Int)
        case code, rule, list, steps, quote, image, table, text

        init(_ line: Substring, before next: Substring?) {
            let marks = line.prefix { $0 == "#" }.count
            if (1...4).contains(marks), line.dropFirst(marks).first == " " {
                self = .heading(marks)
            } else if line.hasPrefix("```") {
                self = .code
            } else if line.count > 2, line.allSatisfy({ $0 == "-" }) {
                self = .rule
            } else if line.hasPrefix("- ") {
                self = .list
            } else if line.step != nil {
                self = .steps
            } else if line.hasPrefix(">") {
                self = .quote
            } else if line.hasPrefix("![") {
                self = .image
            } else if line.hasPrefix("|"),
                next.map({ $0.hasPrefix("|") && $0.allSatisfy { "|-: ".contains($0) } }) ?? false
            {
                self = .table
            } else {
                self = .text
            }
        }
    }

    private func inline(_ text: some StringProtocol) -> String { MarkdownLine.html(text, link: link) }

    /// Lines from here on that `isWanted`.
    private mutating func taken(_ isWanted: (Substring) -> Bool) -> ArraySlice<Substring> {
        let taken = lines.prefix(while: isWanted)
        lines = lines.dropFirst(taken.count)
        return taken
    }

    private mutating func heading(_ level: Int) -> String {
        let text = lines.removeFirst().dropFirst(level + 1)
        return "<h\(level)>\(inline(text))</h\(level)>"
    }

    private mutating func paragraph() -> String {
        var text = [lines.removeFirst()]
        while let line = lines.first, !line.isBlank, Kind(line, before: lines.dropFirst().first) == .text {
            text.append(lines.removeFirst())
        }
        return "<p>\(inline(text.joined(separator: "\n")))</p>"
    }

    private mutating func code() -> String {
        let opening = lines.removeFirst()
        let fence = opening.prefix { $0 == "`" }
        let code = taken { !($0.hasPrefix(fence) && $0.allSatisfy { $0 == "`" }) }
        lines = lines.dropFirst()
        return "<pre><code>\(Markup.html(code.joined(separator: "\n")))\n</code></pre>"
    }

    /// Lines that are indented go on with the item above.
    private mutating func list(_ tag: String, item: (Substring) -> Substring?) -> String {
        var items: [String] = []
        while let line = lines.first {
            if let text = item(line) {
                items.append(String(text))
            } else if line.hasPrefix("  "), !line.isBlank {
                items[items.count - 1] += "\n" + line.drop { $0 == " " }
            } else {
                break
            }
            lines.removeFirst()
        }
        return "<\(tag)>\n" + items.map { "<li>\(inline($0))</li>\n" }.joined() + "</\(tag.prefix(2))>"
    }

    private mutating func figures() -> String {
        let figures = taken { $0.hasPrefix("![") }.map { line in
            let text = line.dropFirst(2).prefix { $0 != "]" }
            let address = line.dropFirst(2 + text.count + 2).prefix { $0 != ")" }
            let drawing = images[String(address)] ?? "<p>\(inline(text))</p>"
            return "<figure>\n\(drawing)\n</figure>\n"
        }
        return "<div class=\"figures\">\n\(figures.joined())</div>"
    }

    private mutating func table() -> String {
        let head = lines.removeFirst().cells
        let isNumber = lines.removeFirst().cells.map { $0.hasSuffix(":") }
        let columns = head.indices.map { $0 < isNumber.count && isNumber[$0] }
        let top = row(head, "th", isNumber: columns)
        var body = ""
        for line in taken({ $0.hasPrefix("|") }) { body += row(line.cells, "td", isNumber: columns) }
        return "<table>\n<thead>\n\(top)</thead>\n<tbody>\n\(body)</tbody>\n</table>"
    }

    /// Cells that are missing are empty, those too many are left out.
    private func row(_ cells: [String], _ tag: String, isNumber: [Bool]) -> String {
        let html = isNumber.enumerated().map { index, isNumber in
            let text = index < cells.count ? inline(cells[index]) : ""
            return "<\(tag)\(isNumber ? " class=\"number\"" : "")>\(text)</\(tag)>"
        }
        return "<tr>\(html.joined())</tr>\n"
    }
}

extension Substring {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// What follows `1. `.
    fileprivate var step: Substring? {
        let number = prefix { $0.isASCII && $0.isNumber }
        let rest = dropFirst(number.count)
        return number.isEmpty || !rest.hasPrefix(". ") ? nil : rest.dropFirst(2)
    }

    /// Of a table's row; a bar after a backslash is text.
    fileprivate var cells: [String] {
        var cells = [""]
        var isEscaped = false
        for character in dropFirst() {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        if cells.last?.allSatisfy(\.isWhitespace) ?? false { cells.removeLast() }
        return cells.map { cell in
            let start = cell.drop { $0 == " " }
            return String(start.reversed().drop { $0 == " " }.reversed())
        }
    }
}
