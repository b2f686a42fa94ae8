import CNcurses

/// Text made safe for a row of cells.
enum CellText {
    /// Keeps what a terminal shows as text, as far as `cells` reach.
    ///
    /// Controls become `?`; marks that reorder or join text, and all else that takes no cell, are left out. With
    /// `asciiOnly` everything beyond ASCII becomes `?`.
    ///
    /// - Returns: The text and the cells that it takes.
    static func clip(_ text: String, to cells: Int, asciiOnly: Bool) -> (text: String, cells: Int) {
        // Most text is this: nothing to look at twice.
        let bytes = text.utf8
        if bytes.count <= cells, bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) { return (text, bytes.count) }
        var kept = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let (shown, width) = cell(scalar, asciiOnly: asciiOnly)
            guard width > 0 else { continue }
            guard used + width <= cells else { break }
            kept.append(shown)
            used += width
        }
        return (String(kept), used)
    }

    private static func cell(_ scalar: Unicode.Scalar, asciiOnly: Bool) -> (Unicode.Scalar, Int) {
        if isControl(scalar) { return ("?", 1) }
        if scalar.isASCII { return (scalar, 1) }
        let width = Int(cnc_width(scalar.value))
        if asciiOnly { return ("?", width == 0 ? 0 : 1) }
        return (scalar, isReordering(scalar) ? 0 : width)
    }

    /// Unicode's explicit directional marks (UAX #9): with them text can show another order than it has.
    private static func isReordering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
