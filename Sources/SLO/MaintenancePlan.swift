/// Time in which events are not to count for the objectives, as a person wishes it and the rules allow it.
///
/// Declared beforehand or not at all: the past can't be. What is accepted inside is `EventClass.maintenance`.
package struct MaintenancePlan: Hashable, Sendable {
    package let span: TimeSpan
    package let reason: String

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

    /// Times are UTC milliseconds; spaces before the reason are dropped.
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
    }
}
