/// Big digits: half blocks three or four rows high, or three rows of strokes where only ASCII can be shown.
enum Figures {
    enum Scale { case small, large }

    /// The text in big digits, one string a row; blanks for characters that have no shape.
    ///
    /// All rows have the same width: three cells a digit (four when large), one between.
    static func rows(_ text: String, _ scale: Scale, _ glyphs: GlyphSet) -> [String] {
        if glyphs == .ascii { return strokes(text) }
        let shapes = text.compactMap { (scale == .small ? small : large)[$0] }
        let pixels = scale == .small ? 6 : 8
        return stride(from: 0, to: pixels, by: 2).map { y in
            shapes.map { shape in
                let (upper, lower) = (Array(row(shape, y)), Array(row(shape, y + 1)))
                return String(
                    upper.indices.map { x in
                        switch (upper[x] == "#", x < lower.count && lower[x] == "#") {
                        case (true, true): "█"
                        case (true, false): "▀"
                        case (false, true): "▄"
                        case (false, false): " "
                        }
                    }
                )
            }
            .joined(separator: " ")
        }
    }

    private static func row(_ shape: [String], _ y: Int) -> String {
        y < shape.count ? shape[y] : String(repeating: " ", count: shape[0].count)
    }

    private static func strokes(_ text: String) -> [String] {
        let shapes = text.compactMap { ascii[$0] }
        return (0..<3).map { y in shapes.map { $0[y] }.joined(separator: " ") }
    }

    private static let small: [Character: [String]] = [
        "0": ["###", "# #", "# #", "# #", "###"],
        "1": ["## ", " # ", " # ", " # ", "###"],
        "2": ["###", "  #", "###", "#  ", "###"],
        "3": ["###", "  #", "###", "  #", "###"],
        "4": ["# #", "# #", "###", "  #", "  #"],
        "5": ["###", "#  ", "###", "  #", "###"],
        "6": ["###", "#  ", "###", "# #", "###"],
        "7": ["###", "  #", "  #", "  #", "  #"],
        "8": ["###", "# #", "###", "# #", "###"],
        "9": ["###", "# #", "###", "  #", "###"],
        ".": [" ", " ", " ", " ", "#"],
        ",": [" ", " ", " ", " ", "#", "#"],
        ":": [" ", "#", " ", "#", " "],
        "-": ["  ", "  ", "##", "  ", "  "],
        "—": ["   ", "   ", "###", "   ", "   "],
    ]

    private static let large: [Character: [String]] = [
        "0": ["####", "#  #", "#  #", "#  #", "#  #", "#  #", "####"],
        "1": [" ## ", "  # ", "  # ", "  # ", "  # ", "  # ", " ###"],
        "2": ["####", "   #", "   #", "####", "#   ", "#   ", "####"],
        "3": ["####", "   #", "   #", " ###", "   #", "   #", "####"],
        "4": ["#  #", "#  #", "#  #", "####", "   #", "   #", "   #"],
        "5": ["####", "#   ", "#   ", "####", "   #", "   #", "####"],
        "6": ["####", "#   ", "#   ", "####", "#  #", "#  #", "####"],
        "7": ["####", "   #", "   #", "   #", "   #", "   #", "   #"],
        "8": ["####", "#  #", "#  #", "####", "#  #", "#  #", "####"],
        "9": ["####", "#  #", "#  #", "####", "   #", "   #", "####"],
        ".": [" ", " ", " ", " ", " ", " ", "#"],
        ",": [" ", " ", " ", " ", " ", " ", "#", "#"],
        ":": [" ", " ", "#", " ", "#", " ", " "],
        "-": ["   ", "   ", "   ", "###", "   ", "   ", "   "],
        "—": ["    ", "    ", "    ", "####", "    ", "    ", "    "],
    ]

    private static let ascii: [Character: [String]] = [
        "0": [" _ ", "| |", "|_|"],
        "1": ["   ", "  |", "  |"],
        "2": [" _ ", " _|", "|_ "],
        "3": [" _ ", " _|", " _|"],
        "4": ["   ", "|_|", "  |"],
        "5": [" _ ", "|_ ", " _|"],
        "6": [" _ ", "|_ ", "|_|"],
        "7": [" _ ", "  |", "  |"],
        "8": [" _ ", "|_|", "|_|"],
        "9": [" _ ", "|_|", " _|"],
        ".": [" ", " ", "."],
        ",": [" ", " ", ","],
        ":": [" ", ".", "."],
        "-": ["  ", "__", "  "],
        "—": ["   ", "___", "   "],
    ]
}
