import Settings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// UTC milliseconds of `+2h`, counted from `base`, or of an ISO 8601 time such as `2027-01-31T22:00Z`; nil for anything
/// else.
///
/// A time without an offset is UTC, a day alone its midnight; seconds may be left out.
func parsedTime(_ text: String, from base: Int64) -> Int64? {
    if text.hasPrefix("+") {
        return parseDuration(String(text.dropFirst())).flatMap { length in
            let (time, isFar) = base.addingReportingOverflow(Int64(length / .milliseconds(1)))
            return isFar ? nil : time
        }
    }
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let day = parts.first, isDate(day) else { return nil }
    guard parts.count == 2 else { return milliseconds(day, "00:00:00Z") }
    guard let (clock, zone) = divided(parts[1]) else { return nil }
    // The standard library's format wants seconds, and would let an hour 24 pass.
    let digits = clock.split(separator: ":", omittingEmptySubsequences: false)
    let limits = [23, 59, 59]
    guard (2...3).contains(digits.count),
        zip(digits, limits).allSatisfy({ $0.count == 2 && (Int($0) ?? 99) <= $1 && $0.first != "+" && $0.first != "-" })
    else { return nil }
    return milliseconds(day, clock + (digits.count == 2 ? ":00" : "") + zone)
}

/// A time of day and its offset, `Z` where there is none.
private func divided(_ text: String) -> (clock: String, zone: String)? {
    if text.hasSuffix("Z") { return (String(text.dropLast()), "Z") }
    guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return (text, "Z") }
    let offset = text[sign...].dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard offset.map(\.count) == [2, 2], (Int(offset[0]) ?? 99) <= 18, (Int(offset[1]) ?? 99) <= 59 else { return nil }
    return (String(text[..<sign]), String(text[sign...]))
}

private func milliseconds(_ day: String, _ rest: String) -> Int64? {
    guard let date = try? Date("\(day)T\(rest)", strategy: .iso8601) else { return nil }
    return Int64((date.timeIntervalSince1970 * 1_000).rounded())
}

/// `2027-01-31T22:00:00Z`.
func timeText(_ time: Int64) -> String { Date(timeIntervalSince1970: Double(time) / 1_000).formatted(.iso8601) }

/// `2027-01-31T22:00:00.123Z`.
func preciseTime(_ time: Int64) -> String {
    Date(timeIntervalSince1970: Double(time) / 1_000).formatted(
        Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    )
}

/// A duration as it is written on the command line; nil where it is none, or none at all.
func parsedLength(_ text: String) -> Duration? { parseDuration(text).flatMap { $0 > .zero ? $0 : nil } }
