import Wire

/// `text` on one line: control characters become blanks.
func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
}

/// `text` without control characters other than line feeds.
func withoutControls(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) && $0 != "\n" ? " " : $0 }))
}

/// At most `limit` scalars, the last an ellipsis where some are missing.
func clipped(_ text: String, to limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…"
}

/// At most `limit` bytes of UTF-8, cut between scalars; what is missing is said.
func clipped(_ text: String, bytes limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    let mark = "… [cut]"
    var room = limit - mark.utf8.count
    let kept = text.unicodeScalars.prefix { scalar in
        room -= UTF8.width(scalar)
        return room >= 0
    }
    return String(String.UnicodeScalarView(kept)) + mark
}

/// `number` with so many decimals, rounded half away from zero; `?` for what is no number.
func fixed(_ number: Double, places: Int) -> String {
    let scale = (0..<places).reduce(Int64(1)) { product, _ in product * 10 }
    guard let scaled = Int64(exactly: (number * Double(scale)).rounded()) else { return "?" }
    let whole = "\(scaled.magnitude / scale.magnitude)"
    let sign = scaled < 0 ? "-" : ""
    guard places > 0 else { return sign + whole }
    let rest = "\(scaled.magnitude % scale.magnitude)"
    return sign + whole + "." + String(repeating: "0", count: places - rest.count) + rest
}

/// Nano-dollars as dollars, exactly and without trailing zeros: `0.00104`.
func dollars(nano: Int64) -> String {
    let whole = nano.magnitude / 1_000_000_000
    let rest = "\(nano.magnitude % 1_000_000_000)"
    var digits = String(repeating: "0", count: 9 - rest.count) + rest
    while digits.last == "0" { digits.removeLast() }
    return (nano < 0 ? "-" : "") + "\(whole)" + (digits.isEmpty ? "" : "." + digits)
}

/// `2026-09-21T14:13:20.400Z` from UTC milliseconds since 1970.
///
/// Civil from days: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
func timestamp(_ milliseconds: Int64) -> String {
    let days = floored(milliseconds, 86_400_000)
    let shifted = days.quotient + 719_468
    let (era, day) = floored(shifted, 146_097)
    let yearOfEra = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let time = days.remainder
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2)
        + "T" + padded(time / 3_600_000, 2) + ":" + padded(time / 60_000 % 60, 2) + ":" + padded(time / 1_000 % 60, 2)
        + "." + padded(time % 1_000, 3) + "Z"
}

/// `2026-09-21 14:13:20 UTC`, for people.
func shownTime(_ milliseconds: Int64) -> String {
    let text = timestamp(milliseconds)
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " UTC"
}

extension JSONValue {
    static func whole(_ value: some BinaryInteger) -> JSONValue { .number("\(value)") }

    /// Null for what JSON has no form for.
    static func real(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number("\(value)")
    }

    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
}

private func floored(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
