/// How long a provider asks to wait: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3).
///
/// `now` is seconds since 1970, UTC, for dates; `value` looks up a header by its name in lower case. Nil where there is
/// none, or it makes no sense; never negative.
package func retryAfter(now: Int64, _ value: (String) -> String?) -> Duration? {
    if let text = value("retry-after-ms"), let milliseconds = Double(text), milliseconds >= 0, milliseconds < 1e12 {
        return .milliseconds(Int64(milliseconds))
    }
    guard let text = value("retry-after") else { return nil }
    if let seconds = Double(text) {
        return seconds >= 0 && seconds < 1e9 ? .milliseconds(Int64(seconds * 1_000)) : nil
    }
    return httpDate(text).map { .seconds(max(0, $0 - max(0, now))) }
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`; nil for any other form.
private func httpDate(_ text: String) -> Int64? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int64(parts[1]), let year = Int64(parts[3]) else { return nil }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let time = parts[4].split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
    guard let month = months.firstIndex(of: String(parts[2])), (1...31).contains(day), (1970...9999).contains(year),
        time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2])
    else { return nil }
    // Days from civil: Howard Hinnant, chrono-compatible low-level date algorithms.
    let shifted = month < 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * Int64((month + 10) % 12) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return days * 86_400 + time[0] * 3_600 + time[1] * 60 + time[2]
}
