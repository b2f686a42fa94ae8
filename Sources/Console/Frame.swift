/// A size or a place on the screen, in cells.
package struct Size: Equatable, Hashable, Sendable {
    package var columns: Int
    package var rows: Int
    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// What a piece of text means.
///
/// A theme says how that looks; no pane names a colour.
package enum Role: String, CaseIterable, Sendable {
    case text, strong, muted, border, focus, title, key, ok, warning, critical, bypass, drill, graph, graphOver,
        selection, bar
}

/// A piece of one row in one role.
package struct Run: Equatable, Sendable {
    package var text: String
    package var role: Role
    package init(_ text: String, _ role: Role = .text) {
        self.text = text
        self.role = role
    }
}

/// One drawn screen: exactly `size.rows` rows, each exactly `size.columns` cells wide, every character one cell.
package struct Frame: Equatable, Sendable {
    package var size: Size
    package var rows: [[Run]]
    /// Where the real cursor is parked, for screen readers: column and row from 0; nil hides it.
    package var cursor: (column: Int, row: Int)? { cursorPlace.map { ($0.columns, $0.rows) } }
    package var cursorPlace: Size?
    /// The terminal's title.
    package var title: String

    package init(size: Size, rows: [[Run]], cursorPlace: Size? = nil, title: String = "nines") {
        self.size = size
        self.rows = rows
        self.cursorPlace = cursorPlace
        self.title = title
    }
}

/// What was pressed, as the console understands it.
package enum Key: Equatable, Hashable, Sendable {
    case character(Character)
    case enter, escape, tab, backTab, backspace, up, down, left, right, pageUp, pageDown, home, end
    case control(Character)
    /// Text pasted in one go: acted on in text fields only.
    case paste(String)
    /// The mouse's main button went down at a cell, from 0.
    case click(column: Int, row: Int)
    case wheel(up: Bool)
}

/// What the console asks of the loop that runs it.
package enum Effect: Equatable, Sendable {
    case quit
    case send(EngineCommand)
    case redraw
    case suspend
    case bell
    /// Writes the text to the clipboard by OSC 52.
    case copy(String)
    /// A notification of the desktop, where the terminal passes it on.
    case notify(String)
}

/// Which glyphs the terminal can show.
package enum GlyphSet: String, Sendable { case unicode, ascii }
