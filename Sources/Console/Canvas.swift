/// A part of the screen, in cells from the top left.
struct Rect: Equatable, Sendable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    func inset(_ columns: Int, _ rows: Int) -> Rect {
        Rect(x: x + columns, y: y + rows, width: max(0, width - 2 * columns), height: max(0, height - 2 * rows))
    }

    func contains(column: Int, row: Int) -> Bool {
        (x..<(x + max(0, width))).contains(column) && (y..<(y + max(0, height))).contains(row)
    }

    /// `columns` x `rows` in the middle, no larger than this.
    func centered(_ columns: Int, _ rows: Int) -> Rect {
        let (w, h) = (min(columns, width), min(rows, height))
        return Rect(x: x + (width - w) / 2, y: y + (height - h) / 2, width: w, height: h)
    }
}

/// The screen while it is being drawn: one scalar and one role a cell.
///
/// Whatever falls outside is dropped.
struct Canvas {
    let size: Size
    let glyphs: GlyphSet
    private var scalars: [Unicode.Scalar]
    private var roles: [Role]

    init(size: Size, glyphs: GlyphSet) {
        self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        self.glyphs = glyphs
        let cells = self.size.columns * self.size.rows
        scalars = Array(repeating: " ", count: cells)
        roles = Array(repeating: .text, count: cells)
    }

    mutating func set(_ scalar: Unicode.Scalar, _ role: Role, _ column: Int, _ row: Int) {
        guard column >= 0, row >= 0, column < size.columns, row < size.rows else { return }
        let cell = row * size.columns + column
        scalars[cell] = safe(scalar)
        roles[cell] = role
    }

    private func safe(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if (0x20...0x7E).contains(scalar.value) { return scalar }
        if glyphs == .ascii { return GlyphSet.ascii(for: scalar) }
        return Text.isNarrow(scalar) ? scalar : "?"
    }

    /// Writes from `column` on, at most `width` cells.
    mutating func put(_ text: String, _ role: Role, _ column: Int, _ row: Int, width: Int = .max) {
        var x = column
        let end = width > size.columns ? size.columns : min(size.columns, column + width)
        for scalar in text.unicodeScalars {
            guard x < end else { return }
            set(scalar, role, x, row)
            x += 1
        }
    }

    /// Writes a line into `width` cells; where it is longer, the last cell is `…`.
    mutating func put(_ line: Line, _ column: Int, _ row: Int, width: Int) {
        guard width > 0 else { return }
        var x = column
        for run in line.runs {
            put(run.text, run.role, x, row, width: column + width - x)
            x += Text.width(run.text)
            guard x > column + width else { continue }
            set("…", run.role, column + width - 1, row)
            return
        }
    }

    /// Lines from the top of `rect` on, as many as fit.
    mutating func put(_ lines: [Line], in rect: Rect) {
        for (index, line) in lines.prefix(max(0, rect.height)).enumerated() {
            put(line, rect.x, rect.y + index, width: rect.width)
        }
    }

    mutating func fill(_ rect: Rect, _ scalar: Unicode.Scalar = " ", _ role: Role = .text) {
        for row in rect.y..<(rect.y + max(0, rect.height)) {
            for column in rect.x..<(rect.x + max(0, rect.width)) { set(scalar, role, column, row) }
        }
    }

    /// Gives every cell of `rect` the role; the text stays.
    ///
    /// With `only`, just the cells in one of those roles.
    mutating func repaint(_ rect: Rect, _ role: Role, only: Set<Role>? = nil) {
        for row in max(0, rect.y)..<max(0, min(size.rows, rect.y + rect.height), rect.y) {
            for column in max(0, rect.x)..<max(0, min(size.columns, rect.x + rect.width), rect.x) {
                let cell = row * size.columns + column
                if let only, !only.contains(roles[cell]) { continue }
                roles[cell] = role
            }
        }
    }

    mutating func horizontal(_ column: Int, _ row: Int, width: Int, _ role: Role = .border) {
        for x in column..<(column + max(0, width)) { set("─", role, x, row) }
    }

    /// A rounded frame with a title let into the top edge, something at its right end, and a note in the bottom edge.
    mutating func box(_ rect: Rect, border: Role, title: Line = Line(), right: Line = Line(), bottom: Line = Line()) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        let (last, floor) = (rect.x + rect.width - 1, rect.y + rect.height - 1)
        horizontal(rect.x + 1, rect.y, width: rect.width - 2, border)
        horizontal(rect.x + 1, floor, width: rect.width - 2, border)
        for row in (rect.y + 1)..<floor {
            set("│", border, rect.x, row)
            set("│", border, last, row)
        }
        set("╭", border, rect.x, rect.y)
        set("╮", border, last, rect.y)
        set("╰", border, rect.x, floor)
        set("╯", border, last, floor)
        let room = rect.width - 6
        let shown = min(title.width, room)
        if title.width > 0, room > 0 { inlay(title, rect.x + 2, rect.y, width: shown) }
        if right.width > 0, shown + right.width + 1 <= room {
            inlay(right, last - 3 - right.width, rect.y, width: right.width)
        }
        if bottom.width > 0, bottom.width <= room { inlay(bottom, last - 3 - bottom.width, floor, width: bottom.width) }
    }

    private mutating func inlay(_ line: Line, _ column: Int, _ row: Int, width: Int) {
        set(" ", .text, column, row)
        put(line, column + 1, row, width: width)
        set(" ", .text, column + width + 1, row)
    }

    /// The finished rows, neighbours of one role joined into one run.
    func rows() -> [[Run]] {
        (0..<size.rows).map { row in
            var runs: [Run] = []
            var bytes: [UInt8] = []
            bytes.reserveCapacity(size.columns * 3)
            let end = (row + 1) * size.columns
            for cell in (end - size.columns)..<end {
                let scalar = scalars[cell]
                if scalar.isASCII {
                    bytes.append(UInt8(truncatingIfNeeded: scalar.value))
                } else {
                    bytes += scalar.utf8
                }
                if cell + 1 < end, roles[cell + 1] == roles[cell] { continue }
                runs.append(Run(String(decoding: bytes, as: UTF8.self), roles[cell]))
                bytes.removeAll(keepingCapacity: true)
            }
            return runs
        }
    }
}
