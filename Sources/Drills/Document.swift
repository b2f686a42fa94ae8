/// A report before it is Markdown or HTML: headings, tables, lists and lines of plain text.
struct Document {
    let title: String
    let sections: [Section]
    /// The last line, which holds the checksum.
    let footer: String

    struct Section {
        let title: String
        let blocks: [Block]

        init(_ title: String, _ blocks: [Block]) {
            self.title = title
            self.blocks = blocks
        }
    }

    enum Block {
        case line(String)
        /// An empty header: a table of names and values.
        case table([String], [[String]])
        case list([String])
        /// Where the charts stand in HTML; nothing in Markdown.
        case charts
    }
}

struct MarkdownText {
    let text: String

    init(_ document: Document) {
        var lines = ["# " + Self.escaped(document.title)]
        for section in document.sections {
            lines += ["", "## " + Self.escaped(section.title)]
            for block in section.blocks { lines += Self.lines(block) }
        }
        text = (lines + ["", document.footer]).joined(separator: "\n") + "\n"
    }

    private static func lines(_ block: Document.Block) -> [String] {
        switch block {
        case .charts: return []
        case .line(let line): return ["", escaped(line)]
        case .list(let items): return [""] + items.map { "- " + escaped($0) }
        case .table(let header, let rows):
            let width = header.isEmpty ? rows.first?.count ?? 0 : header.count
            let head = header.isEmpty ? Array(repeating: "", count: width) : header
            return [""] + [head, Array(repeating: "---", count: width)].map(row) + rows.map { row($0.map(escaped)) }
        }
    }

    private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    /// What people typed must not become a heading, a link, a cell or HTML.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            case "\\", "|", "`", "*", "_", "[", "]", "#", "~": result += "\\" + String(character)
            case "\n", "\r", "\r\n": result += " "
            default: result.append(character)
            }
        }
        return result
    }
}

struct HTMLText {
    let text: String

    init(_ document: Document, chart: CloseoutChart) {
        var body = ["<h1>\(Self.escaped(document.title))</h1>"]
        for section in document.sections {
            body += ["<section>", "<h2>\(Self.escaped(section.title))</h2>"]
            for block in section.blocks { body += Self.lines(block, chart) }
            body.append("</section>")
        }
        text = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(document.title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            \(body.joined(separator: "\n"))
            <footer>\(Self.escaped(document.footer))</footer>
            </body>
            </html>

            """
    }

    private static func lines(_ block: Document.Block, _ chart: CloseoutChart) -> [String] {
        switch block {
        case .line(let line): return ["<p>\(escaped(line))</p>"]
        case .list(let items): return ["<ul>"] + items.map { "<li>\(escaped($0))</li>" } + ["</ul>"]
        case .charts:
            return ["<figure>", chart.timeline, "</figure>"] + chart.curves.map { "<figure>\n\($0)\n</figure>" }
        case .table(let header, let rows):
            let head =
                header.isEmpty
                ? [] : ["<thead><tr>" + header.map { "<th>\(escaped($0))</th>" }.joined() + "</tr></thead>"]
            let lines = rows.map { row in
                let first = header.isEmpty ? "th" : "td"
                return "<tr>"
                    + row.enumerated().map { index, cell in
                        let tag = index == 0 ? first : "td"
                        return "<\(tag)>\(escaped(cell))</\(tag)>"
                    }.joined() + "</tr>"
            }
            return ["<table>"] + head + ["<tbody>"] + lines + ["</tbody>", "</table>"]
        }
    }

    /// For text and for attributes in double or single quotes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// One column, readable on a screen and on A4; no fonts, scripts or pictures from elsewhere.
    private static let style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --paper: #ffffff;
          --accent: #0b5cad; --fault: #d9480f; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa4af; --line: #3d444d;
          --paper: #0d1117; --accent: #6cb6ff; --fault: #ff9248; } }
        @media print { :root { --ink: #000000; --dim: #444444; --line: #bbbbbb; --paper: #ffffff; --accent: #0b5cad;
          --fault: #d9480f; } body { max-width: none; margin: 0; font-size: 10pt; } a { color: inherit; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
          margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; break-after: avoid; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0;
          border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        thead { display: table-header-group; } tr, figure { break-inside: avoid; } th { font-weight: 600; }
        figure { margin: 1rem 0; } svg { width: 100%; height: auto; } footer { margin: 2rem 0; color: var(--dim);
          overflow-wrap: anywhere; font-size: .85rem; }
        """
}
