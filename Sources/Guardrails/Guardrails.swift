/// What a request may cost, before and after: prices, cost of an answer, caps and what is done when one is passed.
///
/// Values only: prices come in as data, time as UTC milliseconds, spend as sums. Nothing here reads a file or a clock, and
/// nothing is remembered but what its caller keeps. Money is nano-dollars, a price nano-dollars per million tokens.
package enum Guardrails {
    static let dayMilliseconds: Int64 = 86_400_000

    /// Midnight UTC of that day in the Gregorian calendar, in milliseconds since 1970.
    ///
    /// Howard Hinnant's `days_from_civil`; `month` and `day` are taken to be a real date's.
    static func utcMilliseconds(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * dayMilliseconds
    }
}

extension Int64 {
    /// The sum, held at the ends of the range.
    func saturatingAdd(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}
