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
            let figures = ([chart.timeline] + chart.curves).map { "<figure>\n\($0)\n</figure>" }
            // The curves share their axis: no page parts them.
            return figures.prefix(1) + ["<div class=\"charts\">"] + figures.dropFirst() + ["</div>"]
        case .table(let header, let rows):
            let isShort = (rows.first ?? header).indices.map { column in
                (rows + [header]).allSatisfy { column >= $0.count || $0[column].count <= shortCell }
            }
            func row(_ cells: [String], _ tag: (Int) -> String) -> String {
                let cells = cells.enumerated().map { index, cell in
                    "<\(tag(index))\(space(cell, isShort: isShort[index]))>\(escaped(cell))</\(tag(index))>"
                }
                return "<tr>\(cells.joined())</tr>"
            }
            let head = header.isEmpty ? [] : ["<thead>\(row(header) { _ in "th" })</thead>"]
            let lines = rows.map { cells in row(cells) { $0 == 0 && header.isEmpty ? "th" : "td" } }
            return ["<table>"] + head + ["<tbody>"] + lines + ["</tbody>", "</table>"]
        }
    }

    /// Characters up to which a column stays on one line.
    private static let shortCell = 20

    /// Where a cell's text may break: a column of short ones nowhere, a word that no column holds anywhere.
    private static func space(_ cell: String, isShort: Bool) -> String {
        if isShort { return " class=\"short\"" }
        return cell.split(separator: " ").contains { $0.count > 2 * shortCell } ? " class=\"long\"" : ""
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
    ///
    /// What paper asks for stands last, so that nothing overrides it.
    private static let style = """
        @page { size: A4; margin: 14mm 16mm; }
        :root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --paper: #ffffff;
          --accent: #224455; --fault: #d9480f; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9aa4af; --line: #3d444d;
          --paper: #0d1117; --accent: #8ab8cc; --fault: #ff9248; } }
        body { font: 10.5pt/1.45 "Helvetica Neue", Helvetica, Arial, sans-serif; color: var(--ink);
          background: var(--paper); max-width: 50rem; margin: 2rem auto; padding: 0 1.2rem; }
        h1 { font-size: 1.7em; line-height: 1.2; margin: 0 0 .7em; padding-bottom: .35em;
          border-bottom: 2px solid var(--accent); overflow-wrap: break-word; }
        h2 { font-size: 1.15em; margin: 1.5em 0 .4em; color: var(--accent); }
        p, ul, table { margin: .5em 0; } ul { padding-left: 1.4em; } p, li { overflow-wrap: break-word; }
        table { border-collapse: collapse; width: 100%; font-size: .92em; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; vertical-align: top; padding: .3em .8em .3em 0; border-bottom: 1px solid var(--line);
          overflow-wrap: break-word; }
        th { font-weight: 600; } thead th { border-bottom: 1.5px solid var(--accent); }
        .short { white-space: nowrap; } .long { overflow-wrap: anywhere; }
        figure { margin: .8em 0; } svg { display: block; width: 100%; height: auto; }
        footer { margin: 2em 0; color: var(--dim); overflow-wrap: anywhere; font-size: .8em; }
        @media print {
          :root { color-scheme: light; --ink: #000000; --dim: #444444; --line: #bbbbbb; --paper: #ffffff;
            --accent: #224455; --fault: #d9480f; }
          body { max-width: none; margin: 0; padding: 0; font-size: 8.8pt; line-height: 1.3; }
          h1 { margin-bottom: .5em; } h2 { margin: 1em 0 .2em; } p, ul, table { margin: .3em 0; }
          th, td { padding: .16em .8em .16em 0; } figure { margin: 2mm 0; } footer { margin: 1.2em 0 0; }
          h1, h2, p:has(+ table), p:has(+ ul) { break-after: avoid; }
          tr, li, figure, .charts, table:not(:has(tr:nth-child(16))) { break-inside: avoid; }
          thead { display: table-header-group; }
        }
        """
}
