/// What is wrong in a script or an incident profile that somebody wrote, and where.
package struct FormError: Error, Equatable, Sendable {
    package struct Problem: Equatable, Sendable {
        /// `phases[3].steps[1].evidence`; counted from 0, as in the file's own structure.
        package let place: String
        /// What is wrong, and what was expected.
        package let text: String

        package init(place: String, text: String) {
            self.place = place
            self.text = text
        }
    }

    /// All of them, in the order of the file.
    package let problems: [Problem]

    package init(problems: [Problem]) { self.problems = problems }

    package var description: String { problems.map { "\($0.place): \($0.text)" }.joined(separator: "\n") }
}

/// A form that knows its keys, so that whoever reads the file finds a wrong one.
package protocol KeyedForm: Codable {
    /// Of each mapping, by where it stands: `""` for the top, `stages[].faults[]`.
    static var keys: [String: [String]] { get }
}

/// Collects what is wrong while a form is read.
struct FormReader {
    /// In which a file gives a time.
    enum TimeUnit: String {
        case seconds, minutes
    }

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

    /// A time within bounds that are given in its own unit; nil and a complaint where it is not.
    mutating func time(
        _ value: Double?,
        _ unit: TimeUnit,
        _ place: String,
        in range: ClosedRange<Double>
    ) -> Duration? {
        guard let value else {
            complain(place, "is missing; expected \(unit.rawValue)")
            return nil
        }
        guard range.contains(value) else {
            let bounds = "\(plain(range.lowerBound)) to \(plain(range.upperBound)) \(unit.rawValue)"
            complain(place, "\(plain(value)) is out of range; expected \(bounds)")
            return nil
        }
        return .milliseconds(Int64((value * (unit == .minutes ? 60_000 : 1_000)).rounded()))
    }

    /// Whole numbers as a person writes them.
    private func plain(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }

    mutating func line(_ text: String?, _ place: String) -> String {
        let line = (text ?? "").oneLine(limit: 300)
        if line.isEmpty { complain(place, "is missing; expected a line of text") }
        return line
    }

    func finish() throws(FormError) {
        guard problems.isEmpty else { throw FormError(problems: problems) }
    }
}
