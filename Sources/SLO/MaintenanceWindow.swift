/// Time declared beforehand in which events don't count for the objectives.
///
/// Times are UTC milliseconds. Only `init` makes one from a person's wish, so that the past can't be declared; what is
/// read back from storage is checked by the same law: it must have been declared before it began.
package struct MaintenanceWindow: Hashable, Sendable, Codable {
    package let span: TimeSpan
    package let reason: String
    package let declaredAt: Int64

    /// Clauses commonly exclude up to four hours of maintenance a month.
    package static let longest: Duration = .seconds(4 * 3_600)
    /// Farther ahead it is a slip of the pen.
    package static let farthest: Duration = .seconds(366 * 86_400)
    package static let longestReason = 200

    /// Why a window can't be declared.
    package enum Refusal: Error, Equatable, Sendable, CaseIterable {
        case inThePast, empty, tooLong, tooFar, noReason, longReason

        /// What is wrong and what to do.
        package var text: String {
            switch self {
            case .inThePast: "maintenance must be declared before it begins: choose a start in the future"
            case .empty: "maintenance must end after it begins"
            case .tooLong: "maintenance can last 4 h at most: declare a shorter window"
            case .tooFar: "maintenance can begin a year ahead at most: check the date"
            case .noReason: "maintenance needs a reason: clients read it beside the excluded count"
            case .longReason: "a reason has one line and 200 characters at most"
            }
        }
    }

    package init(from: Int64, to: Int64, reason: String, now: Int64) throws(Refusal) {
        let words = reason.drop(while: \.isWhitespace)
        guard from > now else { throw .inThePast }
        guard to > from else { throw .empty }
        // Far-off numbers must not overflow: whoever writes them is refused, not crashed on.
        let (length, isLong) = to.subtractingReportingOverflow(from)
        let (ahead, isFar) = from.subtractingReportingOverflow(now)
        guard !isFar, .milliseconds(ahead) <= Self.farthest else { throw .tooFar }
        guard !isLong, .milliseconds(length) <= Self.longest else { throw .tooLong }
        guard !words.isEmpty else { throw .noReason }
        guard words.count <= Self.longestReason, !words.contains(where: \.isNewline) else { throw .longReason }
        span = TimeSpan(from: from, to: to)
        self.reason = String(words)
        declaredAt = now
    }

    private init(span: TimeSpan, reason: String, declaredAt: Int64) {
        self.span = span
        self.reason = reason
        self.declaredAt = declaredAt
    }

    /// Excludes an event accepted at `time`.
    package func excludes(_ time: Int64) -> Bool { declaredAt < span.from && span.contains(time) }

    /// The window that is left when it is called off: cut short where it has begun, empty where it has not; nil where it is
    /// over, since what was excluded stays so.
    package func calledOff(at now: Int64) -> Self? {
        guard now < span.to else { return nil }
        return Self(span: TimeSpan(from: span.from, to: now), reason: reason, declaredAt: declaredAt)
    }
}
