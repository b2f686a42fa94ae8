/// The line in a report by which a change to it shows.
///
/// The digest is taken over the whole text with 64 zeros where its own digits stand. It guards against accidents and
/// careless edits; who recomputes it can forge it, which is why the journal's last hash is in the report too.
package enum Checksum {
    static let zeros = mark + String(repeating: "0", count: 64)
    private static let mark = "sha256:"

    /// Fills in the digest where `zeros` stands last.
    static func sealed(_ text: String, hash: Journal.Hash) -> String {
        let digest = Words.hex(hash(Array(text.utf8)))
        guard let range = digits(text) else { return text }
        return text.replacingCharacters(in: range, with: digest)
    }

    package enum Finding: Equatable, Sendable { case intact, altered, absent }

    /// Whether a report is as it was written.
    package static func verify(_ text: String, hash: Journal.Hash) -> Finding {
        guard let range = digits(text) else { return .absent }
        let claimed = String(text[range])
        let zeroed = text.replacingCharacters(in: range, with: String(repeating: "0", count: 64))
        return Words.hex(hash(Array(zeroed.utf8))) == claimed ? .intact : .altered
    }

    /// Digits after the last mark.
    private static func digits(_ text: String) -> Range<String.Index>? {
        guard let mark = text.ranges(of: mark).last else { return nil }
        let digits = text[mark.upperBound...].prefix { $0.isHexDigit && $0.isASCII }
        return digits.isEmpty ? nil : digits.startIndex..<digits.endIndex
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
        String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
