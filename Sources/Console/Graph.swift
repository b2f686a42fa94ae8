/// A line over time with its target as a dotted line, drawn in braille dots (two across, four down a cell), or in ASCII strokes.
struct Graph {
    /// Which side of the target is bad.
    enum Bad { case above, below }

    /// One value a dot column, oldest first; nil leaves a gap.
    var values: [Double?]
    var target: Double
    var bad: Bad
    /// The values at the bottom and the top edge; what lies outside is drawn at the edge.
    var range: ClosedRange<Double>
    /// Dot columns a value, 1 or more.
    var stretch = 1.0

    /// How many values fit into `columns` cells.
    static func capacity(columns: Int, stretch: Double = 1) -> Int {
        max(0, Numbers.whole(Double(2 * columns) / max(1, stretch) + 0.001))
    }

    func draw(on canvas: inout Canvas, in rect: Rect) {
        guard rect.width > 0, rect.height > 0 else { return }
        if canvas.glyphs == .ascii { drawStrokes(on: &canvas, in: rect) } else { drawDots(on: &canvas, in: rect) }
    }

    private func isBad(_ value: Double) -> Bool { bad == .above ? value > target : value < target }

    /// The step counted from the top that a value falls on.
    private func level(_ value: Double, of steps: Int) -> Int {
        let span = range.upperBound - range.lowerBound
        guard span > 0, value.isFinite else { return steps - 1 }
        let share = (value - range.lowerBound) / span
        return steps - 1 - min(steps - 1, max(0, Numbers.whole(share * Double(steps - 1) + 0.5)))
    }

    /// The newest values, one a column, right-aligned.
    private func columns(_ count: Int) -> [Double?] {
        (0..<count).map { column in
            let index = values.count - 1 - Numbers.whole(Double(count - 1 - column) / max(1, stretch))
            return values.indices.contains(index) ? values[index] : nil
        }
    }

    private func drawDots(on canvas: inout Canvas, in rect: Rect) {
        let (width, height) = (rect.width, rect.height)
        var bits = Array(repeating: UInt32(0), count: width * height)
        var over = Array(repeating: false, count: width * height)
        var previous: Int?
        for (x, value) in columns(2 * width).enumerated() {
            guard let value else {
                previous = nil
                continue
            }
            let y = level(value, of: 4 * height)
            // From the neighbour's height to one's own, so that the line holds together.
            let from = previous.map { $0 < y ? $0 + 1 : ($0 > y ? $0 - 1 : y) } ?? y
            for dot in min(from, y)...max(from, y) {
                let cell = dot / 4 * width + x / 2
                bits[cell] |= Self.dot(x % 2, dot % 4)
                if isBad(value) { over[cell] = true }
            }
            previous = y
        }
        let line = level(target, of: 4 * height)
        for cell in bits.indices {
            let (column, row) = (rect.x + cell % width, rect.y + cell / width)
            if bits[cell] != 0 {
                canvas.set(Self.braille(bits[cell]), over[cell] ? .graphOver : .graph, column, row)
            } else if cell / width == line / 4 {
                canvas.set(Self.braille(Self.dot(0, line % 4)), .muted, column, row)
            }
        }
    }

    private static func dot(_ x: Int, _ y: Int) -> UInt32 {
        let left: [UInt32] = [0x01, 0x02, 0x04, 0x40]
        let right: [UInt32] = [0x08, 0x10, 0x20, 0x80]
        return x == 0 ? left[y] : right[y]
    }

    private static func braille(_ bits: UInt32) -> Unicode.Scalar { Unicode.Scalar(0x2800 + bits) ?? " " }

    /// Three heights a cell, one cell for two values.
    private func drawStrokes(on canvas: inout Canvas, in rect: Rect) {
        let (width, height) = (rect.width, rect.height)
        let pairs = columns(2 * width)
        let line = level(target, of: 3 * height)
        var previous: Int?
        for x in 0..<width {
            canvas.set(".", .muted, rect.x + x, rect.y + line / 3)
            guard let value = pairs[2 * x + 1] ?? pairs[2 * x] else {
                previous = nil
                continue
            }
            let y = level(value, of: 3 * height)
            let role: Role = isBad(value) ? .graphOver : .graph
            if let previous, abs(previous / 3 - y / 3) > 1 {
                let (top, bottom) = (min(previous, y) / 3 + 1, max(previous, y) / 3)
                for row in top..<bottom { canvas.set("|", role, rect.x + x, rect.y + row) }
            }
            canvas.set(["'", "-", "_"][y % 3], role, rect.x + x, rect.y + y / 3)
            previous = y
        }
    }
}
