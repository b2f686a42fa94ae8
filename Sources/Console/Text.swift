/// Text as the screen counts it: one Unicode scalar is one cell.
///
/// That holds because everything from outside passes `clean` before it is measured, and because the canvas refuses
/// every scalar that `isNarrow` doesn't know.
enum Text {
    /// Whether a terminal draws the scalar in exactly one cell, left to right, by itself.
    ///
    /// A short list of what is safe everywhere, not the whole of Unicode: what isn't here becomes `?`.
    static func isNarrow(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: true
        case 0xA1...0x2FF: scalar.value != 0xAD
        case 0x370...0x377, 0x37A...0x37F, 0x384...0x38A, 0x38C, 0x38E...0x3A1, 0x3A3...0x3FF: true
        case 0x400...0x482, 0x48A...0x52F: true
        case 0x2010...0x2027, 0x2030...0x205E: true
        case 0x20A0...0x20BF: true
        case 0x2190...0x2193, 0x2200...0x22FF: true
        case 0x2500...0x25FC: true
        case 0x2713, 0x2717: true
        case 0x2800...0x28FF: true
        default: false
        }
    }

    /// The text without what could move the cursor, turn the direction or take another width than it seems.
    ///
    /// White space of any kind becomes a space; control, format and combining scalars go; anything else that isn't
    /// known to be one cell wide becomes `?`. Cut after `limit` scalars.
    static func clean(_ text: String, limit: Int = 400) -> String {
        if text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit { break }
            guard let kept = replacement(of: scalar) else { continue }
            scalars.append(kept)
            count += 1
        }
        return String(scalars)
    }

    private static func replacement(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if isNarrow(scalar) { return scalar }
        if scalar.properties.isWhitespace { return " " }
        switch scalar.properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark, .spacingMark, .surrogate: return nil
        default: return "?"
        }
    }

    /// The cells that the text takes.
    ///
    /// Counts the bytes that start a scalar, which is several times faster than decoding them.
    static func width(_ text: String) -> Int {
        var count = 0
        for byte in text.utf8 where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// The first `width` cells, the last of them `…` where something was cut.
    static func clip(_ text: String, to width: Int) -> String {
        guard width > 0 else { return "" }
        guard Self.width(text) > width else { return text }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text.unicodeScalars.prefix(width - 1))
        view.append("…")
        return String(view)
    }

    /// The same, cut between two words where there are some.
    static func clipWords(_ text: String, to width: Int) -> String {
        guard Self.width(text) > width, let first = wrap(text, to: width - 2).first, Self.width(first) * 2 > width
        else {
            return clip(text, to: width)
        }
        return first + " …"
    }

    /// Exactly `width` cells: clipped, or filled with blanks on the right or, with `toRight`, on the left.
    static func fit(_ text: String, _ width: Int, toRight: Bool = false) -> String {
        guard width > 0 else { return "" }
        let missing = width - Self.width(text)
        if missing < 0 { return clip(text, to: width) }
        let blanks = String(repeating: " ", count: missing)
        return toRight ? blanks + text : text + blanks
    }

    /// Broken at blanks into lines of at most `width` cells; a longer word is cut hard.
    static func wrap(_ text: String, to width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        var line = ""
        var used = 0
        for piece in text.split(separator: " ") {
            var word = String(piece)
            var length = Self.width(word)
            if used > 0, used + 1 + length > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            while length > width {
                lines.append(String(String.UnicodeScalarView(word.unicodeScalars.prefix(width))))
                word = String(String.UnicodeScalarView(word.unicodeScalars.dropFirst(width)))
                length -= width
            }
            line += used > 0 ? " " + word : word
            used += used > 0 ? 1 + length : length
        }
        if used > 0 { lines.append(line) }
        return lines
    }

    /// Broken after every `width` cells and nowhere else.
    static func cut(_ text: String, to width: Int) -> [String] {
        guard width > 0, !text.isEmpty else { return [] }
        var rest = text.unicodeScalars[...]
        var lines: [String] = []
        while !rest.isEmpty {
            lines.append(String(String.UnicodeScalarView(rest.prefix(width))))
            rest = rest.dropFirst(width)
        }
        return lines
    }

    /// As many of the parts as fit, in order, with ` · ` between.
    static func joined(_ parts: [String], width: Int) -> String {
        var text = ""
        for part in parts where !part.isEmpty {
            let longer = text.isEmpty ? part : text + " · " + part
            if Self.width(longer) > width { break }
            text = longer
        }
        return text
    }

    /// Whether `text` holds `part`, ASCII letters compared without case.
    static func holds(_ text: String, _ part: String) -> Bool {
        let haystack = Array(text.lowercased().utf8)
        let needle = Array(part.lowercased().utf8)
        guard !needle.isEmpty else { return true }
        guard haystack.count >= needle.count else { return false }
        return (0...(haystack.count - needle.count)).contains { start in
            haystack[start] == needle[0] && haystack[start..<(start + needle.count)].elementsEqual(needle)
        }
    }
}

/// One row of text in several roles, built from left to right.
struct Line: Equatable {
    private(set) var runs: [Run] = []
    private(set) var width = 0

    init() {}
    init(_ text: String, _ role: Role = .text) { add(text, role) }

    mutating func add(_ text: String, _ role: Role = .text) {
        guard !text.isEmpty else { return }
        runs.append(Run(text, role))
        width += Text.width(text)
    }

    /// A column of exactly `width` cells.
    mutating func column(_ text: String, _ width: Int, _ role: Role = .text, toRight: Bool = false) {
        guard width > 0 else { return }
        runs.append(Run(Text.fit(text, width, toRight: toRight), role))
        self.width += width
    }

    mutating func space(_ count: Int = 1) {
        guard count > 0 else { return }
        add(String(repeating: " ", count: count))
    }

    mutating func add(_ other: Line) {
        runs += other.runs
        width += other.width
    }

    /// Blanks up to a column.
    mutating func tab(to column: Int) { space(column - width) }

    /// `other` against the right edge of `width` cells, where it fits with a blank before it.
    mutating func right(_ other: Line, in width: Int) {
        guard self.width + other.width + (self.width > 0 ? 1 : 0) <= width else { return }
        tab(to: width - other.width)
        add(other)
    }
}
