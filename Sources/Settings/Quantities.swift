/// `250ms`, `2s`, `15m`, `24h`, `30d`, `1w`; nil for anything else, negatives and what is beyond 292 years included.
package func parseDuration(_ text: String) -> Duration? {
    let nanoseconds: [(unit: String, factor: Int64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ]
    guard let (number, unit) = splitUnit(text), let factor = nanoseconds.first(where: { $0.unit == unit })?.factor,
        let amount = product(number, factor)
    else { return nil }
    return .nanoseconds(amount)
}

/// The stretch of a budget: `hour`, `day`, `week`, `month` (30 days), LiteLLM's `1mo`, or a duration of at least 1 s.
func parsePeriod(_ text: String) -> Duration? {
    let days = ["day": 1, "week": 7, "month": 30]
    if text == "hour" { return .seconds(3600) }
    if let count = days[text] { return .seconds(count * 86_400) }
    if text.hasSuffix("mo"), let count = Int32(text.dropLast(2)), count > 0 {
        return .seconds(Int(count) * 30 * 86_400)
    }
    return parseDuration(text).flatMap { $0 >= .seconds(1) ? $0 : nil }
}

/// Whether a text is a day of the calendar, `2028-02-29`.
package func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
        let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else { return false }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
}

/// LiteLLM's seconds: a plain number or a duration with its unit; at most `ValueType.maxDuration`.
func parseSeconds(_ text: String, allowsZero: Bool) -> Duration? {
    let plain = DecimalNumber(text).flatMap { $0.scaled(by: 9) }.map { Duration.nanoseconds($0) }
    guard let length = plain ?? parseDuration(text), length <= ValueType.maxDuration else { return nil }
    return length > .zero || (allowsZero && length == .zero) ? length : nil
}

/// Nano-dollars of `$0.015` or `0.015`.
func parseMoney(_ text: String) -> Int64? {
    DecimalNumber(text.hasPrefix("$") ? String(text.dropFirst()) : text)?.scaled(by: 9)
}

/// A fraction between 0 and 1, from `99.5%` or `0.995`; the ends themselves only where `withEnds`.
func parseShare(_ text: String, withEnds: Bool) -> Double? {
    let number = text.hasSuffix("%") ? DecimalNumber(String(text.dropLast()) + "e-2") : DecimalNumber(text)
    guard let fraction = number?.double, (0...1).contains(fraction) else { return nil }
    return withEnds || (fraction > 0 && fraction < 1) ? fraction + 0 : nil
}

/// Bytes of `512MB` (a thousand thousands) or `512MiB`; above 0.
func parseSize(_ text: String) -> Int64? {
    let bytes: [(unit: String, factor: Int64)] = [
        ("b", 1), ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
    ]
    guard let (number, unit) = splitUnit(text.lowercased()),
        let factor = bytes.first(where: { $0.unit == unit })?.factor,
        let amount = product(number, factor), amount > 0
    else { return nil }
    return amount
}

/// The number and the letters that end a text: `1.5h`, `512 MB`.
private func splitUnit(_ text: String) -> (number: DecimalNumber, unit: String)? {
    let unit = String(text.reversed().prefix { $0.isASCII && $0.isLetter }.reversed())
    var head = text.dropLast(unit.count)
    if head.last == " " { head.removeLast() }
    guard !unit.isEmpty, let number = DecimalNumber(String(head)), !number.isNegative else { return nil }
    return (number, unit)
}

/// `number * factor`, rounded to a whole; nil where it does not fit.
private func product(_ number: DecimalNumber, _ factor: Int64) -> Int64? {
    let (digits, overflow) = number.digits.multipliedReportingOverflow(by: UInt128(factor))
    guard !overflow else { return nil }
    return DecimalNumber(digits: digits, exponent: number.exponent).scaled(by: 0)
}

extension Duration {
    /// In the largest unit that leaves no rest: `90s`, `24h`, `30d`; from milliseconds up.
    package var shortText: String {
        let milliseconds = Int64(self / .milliseconds(1))
        for (unit, factor) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)] as [(String, Int64)]
        where milliseconds >= factor && milliseconds % factor == 0 {
            return "\(milliseconds / factor)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}

extension Double {
    /// Without `.0`.
    var shortText: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}
