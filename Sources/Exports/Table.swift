import Wire

/// Rows with names, as `nines export` writes them; a row may come later than its table, so that millions stream.
package struct TableFormat: Sendable {
    package let columns: [String]
    package init(columns: [String]) { self.columns = columns }

    /// CSV's first line.
    package var csvHeader: String { csvLine(columns.map { .text($0) }) }

    /// One line of CSV (RFC 4180), with its line end; numbers plain, what is unknown empty.
    ///
    /// A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
    package func csvLine(_ row: [TableCell]) -> String {
        row.map(\.csv).joined(separator: ",") + "\r\n"
    }

    /// One row as a JSON object, members in the order of the columns; a row that is too short lacks the last ones.
    package func json(_ row: [TableCell]) -> String {
        JSONValue.object(zip(columns, row).map { .init($0, $1.json) }).text
    }
}

package enum TableCell: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case number(Double)
    /// Nano-dollars, written as dollars.
    case money(Int64)
    case bool(Bool)
    case unknown

    fileprivate var csv: String {
        switch self {
        case .text(let text): quoted(guarded(text))
        case .integer(let value): "\(value)"
        case .number(let value): value.isFinite ? "\(value)" : ""
        case .money(let nano): dollars(nano: nano)
        case .bool(let value): "\(value)"
        case .unknown: ""
        }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .integer(let value): .whole(value)
        case .number(let value): .real(value)
        case .money(let nano): .number(dollars(nano: nano))
        case .bool(let value): .bool(value)
        case .unknown: .null
        }
    }
}

/// Spreadsheets skip blanks and take full-width forms for the same signs.
private func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first(where: { $0 != " " }) else { return text }
    return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) ? "'" + text : text
}

private func quoted(_ text: String) -> String {
    let special = text.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
    guard special || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
    return "\""
        + text.unicodeScalars.reduce(into: "") { out, scalar in
            out += scalar == "\"" ? "\"\"" : String(scalar)
        } + "\""
}
