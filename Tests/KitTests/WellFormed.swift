/// A page's mistakes, as far as a browser would have to guess: tags that don't nest, attributes without quotes or twice,
/// bare `&` and `<`, ids that are given twice.
struct WellFormed {
    private(set) var mistakes: [String] = []
    private(set) var links: [String] = []
    private(set) var sources: [String] = []
    private var open: [String] = []
    private var rest: Substring

    private static let void: Set = ["meta", "br", "hr", "input", "img", "link"]
    private static let raw: Set = ["script", "style"]

    init(_ html: String) {
        rest = html[...]
        while let next = rest.first {
            if next == "<" { readTag() } else { readText() }
        }
        if !open.isEmpty { mistakes.append("not closed: \(open)") }
    }

    private mutating func readText() {
        let text = rest.prefix { $0 != "<" }
        rest = rest.dropFirst(text.count)
        check(text)
        if text.contains(">") { mistakes.append("a bare > in: \(text)") }
    }

    private mutating func check(_ text: Substring) {
        for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            let name = part.prefix { $0 != ";" }
            if !["amp", "lt", "gt", "quot"].contains(name) || name.count == part.count {
                mistakes.append("bare & in: \(text)")
            }
        }
    }

    private mutating func readTag() {
        rest = rest.dropFirst()
        if rest.hasPrefix("!doctype html>") { return rest = rest.dropFirst(14) }
        let isEnd = rest.first == "/"
        if isEnd { rest = rest.dropFirst() }
        let name = String(rest.prefix { $0.isLetter || $0.isNumber })
        guard let first = name.first, first.isLowercase else {
            return mistakes.append("a bare < before: \(rest.prefix(20))")
        }
        rest = rest.dropFirst(name.count)
        if isEnd {
            if open.popLast() != name { mistakes.append("</\(name)> closes another") }
            if rest.first == ">" { rest = rest.dropFirst() } else { mistakes.append("</\(name) goes on") }
            return
        }
        let isClosed = readAttributes(of: name)
        if !isClosed, !Self.void.contains(name) { open.append(name) }
        if Self.raw.contains(name) { skip(to: "</\(name)>") }
    }

    private mutating func skip(to end: String) {
        while !rest.isEmpty, !rest.hasPrefix(end) { rest = rest.dropFirst() }
    }

    /// Whether the tag closes itself.
    private mutating func readAttributes(of tag: String) -> Bool {
        var seen: Set<String> = []
        while let next = rest.first {
            rest = rest.dropFirst()
            if next == ">" { return false }
            if next == "/", rest.first == ">" {
                rest = rest.dropFirst()
                return true
            }
            guard next.isWhitespace else {
                mistakes.append("in <\(tag)>: \(next)")
                continue
            }
            let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == ":" })
            guard !name.isEmpty else { continue }
            rest = rest.dropFirst(name.count)
            if !seen.insert(name).inserted { mistakes.append("\(name) twice in <\(tag)>") }
            guard rest.first == "=" else { continue }
            guard rest.dropFirst().first == "\"" else {
                mistakes.append("\(name) has no quotes")
                continue
            }
            let value = rest.dropFirst(2).prefix { $0 != "\"" }
            rest = rest.dropFirst(value.count + 3)
            check(value)
            if name == "href" { links.append(String(value)) }
            if name == "src" { sources.append(String(value)) }
        }
        mistakes.append("<\(tag) never ends")
        return false
    }
}
