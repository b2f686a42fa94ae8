/// `$0.015`, `$50`: nano-dollars as dollars, without needless zeros.
func dollars(_ nano: Int64) -> String {
    let sign = nano < 0 ? "-" : ""
    let (whole, rest) = nano.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    guard rest > 0 else { return "\(sign)$\(whole)" }
    var digits = String(rest)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(sign)$\(whole).\(digits)"
}

/// `1h`, `30d`: milliseconds in the largest unit that leaves no rest.
func periodText(_ milliseconds: Int64) -> String {
    for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] as [(String, Int64)]
    where milliseconds >= length && milliseconds % length == 0 {
        return "\(milliseconds / length)\(unit)"
    }
    return "\(milliseconds)ms"
}

/// `2026-12-01T00:00:00Z` of UTC milliseconds since 1970, fractions of a second left off.
///
/// Howard Hinnant's `civil_from_days`.
func utcText(_ milliseconds: Int64) -> String {
    func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (days, ofDay) = floored(milliseconds, by: Guardrails.dayMilliseconds)
    let (era, dayOfEra) = floored(days + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let seconds = ofDay / 1_000
    return "\(year)-\(two(month))-\(two(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))"
        + "T\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))Z"
}
