/// What stands in one line of Markdown, as HTML.
///
/// Known are `**strong**`, `*emphasis*`, `` `code` ``, links and backslashes before punctuation. All else is text: no HTML
/// in a template or in a name is ever obeyed.
struct MarkdownLine {
    /// Where a link of the Markdown leads in the page.
    let link: (String) -> String
    private var rest: Substring
    private var html = ""

    private init(_ text: some StringProtocol, link: @escaping (String) -> String) {
        self.link = link
        rest = Substring(text)
    }

    static func html(_ text: some StringProtocol, link: @escaping (String) -> String) -> String {
        var line = Self(text, link: link)
        while let next = line.rest.first { line.read(next) }
        return line.html
    }

    private mutating func read(_ next: Character) {
        let start = rest
        rest.removeFirst()
        switch next {
        case "\\" where rest.first.map { $0.isASCII && ($0.isPunctuation || $0.isSymbol) } ?? false:
            html += Markup.html(String(rest.removeFirst()))
        // A percent sign alone at the start of a line looks lost.
        case " " where rest.first == "%": html += "\u{A0}"
        case "`": html += enclosed(by: "`").map { "<code>\(Markup.html($0))</code>" } ?? "`"
        case "*" where rest.first == "*":
            rest.removeFirst()
            html += enclosed(by: "**").map { "<strong>\(Self.html($0, link: link))</strong>" } ?? "**"
        case "*": html += enclosed(by: "*").map { "<em>\(Self.html($0, link: link))</em>" } ?? "*"
        case "[":
            guard let anchor = anchor() else {
                rest = start.dropFirst()
                return html += "["
            }
            html += anchor
        default: html += Markup.html(String(next))
        }
    }

    /// `text](address)`.
    private mutating func anchor() -> String? {
        guard let text = enclosed(by: "]"), rest.first == "(" else { return nil }
        rest.removeFirst()
        guard let address = enclosed(by: ")"), Self.isSafe(address) else { return nil }
        return "<a href=\"\(Markup.html(link(String(address))))\">\(Self.html(text, link: link))</a>"
    }

    /// What comes before the next `mark` that no backslash stands before; both are then read.
    private mutating func enclosed(by mark: String) -> Substring? {
        var place = rest.startIndex
        while place < rest.endIndex {
            let isCode = mark == "`"
            if !isCode, rest[place] == "\\" {
                place = rest.index(place, offsetBy: 2, limitedBy: rest.endIndex) ?? rest.endIndex
                continue
            }
            if rest[place...].hasPrefix(mark), place > rest.startIndex {
                defer { rest = rest[rest.index(place, offsetBy: mark.count)...] }
                return rest[..<place]
            }
            place = rest.index(after: place)
        }
        return nil
    }

    /// To the web, to an address for mail, or to another file: never to a script.
    static func isSafe(_ address: some StringProtocol) -> Bool {
        let scheme = address.prefix { $0 != ":" && $0 != "/" && $0 != "#" }
        guard scheme.endIndex < address.endIndex, address[scheme.endIndex] == ":" else { return true }
        return ["http", "https", "mailto"].contains(scheme.lowercased())
    }
}
