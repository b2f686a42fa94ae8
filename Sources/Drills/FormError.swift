/// What is wrong in a script or an incident profile that somebody wrote, and where.
package struct FormError: Error, Equatable, Sendable {
    package struct Problem: Equatable, Sendable {
        /// `phases[3].steps[1].evidence`; counted from 0, as in the file's own structure.
        package let place: String
        /// What is wrong, and what was expected.
        package let text: String
    }

    /// All of them, in the order of the file.
    package let problems: [Problem]

    package var description: String { problems.map { "\($0.place): \($0.text)" }.joined(separator: "\n") }
}

/// Collects what is wrong while a form is read.
struct FormReader {
    private(set) var problems: [FormError.Problem] = []

    mutating func complain(_ place: String, _ text: String) {
        problems.append(FormError.Problem(place: place, text: text))
    }

    /// One of an enumeration's words.
    mutating func word<Word: RawRepresentable & CaseIterable>(_ text: String?, _ place: String) -> Word?
    where Word.RawValue == String {
        if let word = text.flatMap(Word.init(rawValue:)) { return word }
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        complain(place, (text.map { "'\($0)' is not known; " } ?? "is missing; ") + "expected one of \(known)")
        return nil
    }

    /// Seconds within bounds; nil and a complaint where they are not.
    mutating func seconds(_ value: Double?, _ place: String, in range: ClosedRange<Double>) -> Duration? {
        guard let value else {
            complain(place, "is missing; expected seconds")
            return nil
        }
        guard range.contains(value) else {
            complain(
                place,
                "\(value) is out of range; expected \(Words.decimal(range.lowerBound, 0)) to "
                    + "\(Words.decimal(range.upperBound, 0)) seconds"
            )
            return nil
        }
        return .milliseconds(Int64((value * 1_000).rounded()))
    }

    mutating func line(_ text: String?, _ place: String) -> String {
        let line = (text ?? "").oneLine(limit: 300)
        if line.isEmpty { complain(place, "is missing; expected a line of text") }
        return line
    }

    func finish() throws(FormError) {
        guard problems.isEmpty else { throw FormError(problems: problems) }
    }
}
