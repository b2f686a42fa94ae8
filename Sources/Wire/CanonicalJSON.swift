extension JSONValue {
    /// The one text that equal values share.
    ///
    /// Members are sorted by the bytes of their keys, which stand once (`withoutRepeats`); numbers have one form; there is no
    /// white space.
    /// - Throws: `unreadable` where a string holds U+FFFD, which also stands for what was no Unicode: other text may have
    ///   become the same.
    func canonicalBytes() throws(Uncacheable) -> [UInt8] {
        var out: [UInt8] = []
        try writeCanonical(to: &out)
        return out
    }

    private func writeCanonical(to out: inout [UInt8]) throws(Uncacheable) {
        switch self {
        case .null, .bool: out += bytes
        case .number(let text): out += (canonicalNumber(text) ?? text).utf8
        case .string(let text): try Self.writeCanonical(text, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                try element.writeCanonical(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in Self.sorted(members).enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                try Self.writeCanonical(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                try member.value.writeCanonical(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func writeCanonical(_ text: String, to out: inout [UInt8]) throws(Uncacheable) {
        // U+FFFD is 0xEF 0xBF 0xBD.
        if text.utf8.contains(0xEF), text.unicodeScalars.contains("\u{FFFD}") { throw .unreadable }
        write(text, to: &out)
    }

    private static func sorted(_ members: [Member]) -> [Member] {
        members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// The same value where of a key given twice the last alone is left, as JSON parsers at large have it.
    ///
    /// By bytes: Swift compares strings by meaning, to which `é` in one scalar and in two are equal.
    var withoutRepeats: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.withoutRepeats))
        case .object(let members):
            var seen: Set<[UInt8]> = []
            let last = members.reversed().filter { seen.insert(Array($0.key.utf8)).inserted }
            return .object(last.reversed().map { Member($0.key, $0.value.withoutRepeats) })
        default: return self
        }
    }
}

/// `digits` `e` `exponent`, without zeros at either end of the digits: `1`, `1.0` and `10e-1` are all `1e0`; exact, since no
/// number passes through floating point.
///
/// Nil where the exponent is out of range: the number's own text then stands for it.
func canonicalNumber(_ text: String) -> String? {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard let mantissa = parts.first, var exponent = parts.count > 1 ? Int(parts[1]) : 0,
        exponent.magnitude < 1 << 40
    else { return nil }
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = halves.count > 1 ? halves[1] : ""
    var digits = (halves[0] + fraction).drop { $0 == "0" }
    exponent -= fraction.utf8.count
    while digits.last == "0" {
        digits.removeLast()
        exponent += 1
    }
    return digits.isEmpty ? "0" : "\(isNegative ? "-" : "")\(digits)e\(exponent)"
}
