/// Figures as the papers write them; where a figure must be cut, it is cut against us.
enum KitText {
    /// Where what doesn't fit the last place goes.
    enum Rounding { case down, up, nearest }

    /// `1,204`.
    static func count(_ value: Int) -> String {
        var text = ""
        for (index, digit) in String(value.magnitude).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }

    /// With so many places; `?` for what is no number.
    static func fixed(_ value: Double, _ places: Int, _ rounding: Rounding = .nearest) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        // The small term undoes what the binary fraction lost: 0.9987 * 10,000 is 9,986.999….
        let slack = 1e-6
        let exact = value * scale
        let scaled =
            switch rounding {
            case .down: (exact + slack).rounded(.down)
            case .up: (exact - slack).rounded(.up)
            case .nearest: exact.rounded()
            }
        guard abs(scaled) < 1e15 else { return "?" }
        let digits = String(Int(abs(scaled)))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let whole = count(Int(padded.dropLast(places)) ?? 0)
        return (scaled < 0 ? "-" : "") + whole + (places > 0 ? ".\(padded.suffix(places))" : "")
    }

    /// Failures that a target allows: `1,204`, below ten `0.8`, cut.
    static func allowance(_ value: Double) -> String {
        value < 10 ? trimmed(fixed(value, 1, .down)) : fixed(value, 0, .down)
    }

    /// `99.61 %`, cut.
    static func percent(_ fraction: Double, places: Int = 2, _ rounding: Rounding = .down) -> String {
        fixed(fraction * 100, places, rounding) + " %"
    }

    /// `99.5 %`: a share that somebody set, without needless zeros.
    static func share(_ fraction: Double) -> String { trimmed(fixed(fraction * 100, 4)) + " %" }

    /// `$0.015`: exact, without needless zeros.
    static func dollars(_ nano: Int64) -> String {
        let (whole, rest) = nano.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(rest)
        let fraction = String(repeating: "0", count: 9 - digits.count) + digits
        let amount = cents("\(count(Int(whole))).\(fraction)")
        return (nano < 0 ? "-$" : "$") + amount
    }

    /// `$0.00214`: rounded up, to five places below a dollar and to cents above.
    static func roundedDollars(_ nano: Double) -> String {
        let value = abs(nano) / 1e9
        return (nano < 0 ? "-$" : "$") + (value < 1 ? cents(fixed(value, 5, .up)) : fixed(value, 2, .up))
    }

    /// `612 ms`, `2.5 s`: rounded up.
    static func seconds(_ duration: Duration) -> String {
        let value = duration / .seconds(1)
        return value < 1 ? fixed(value * 1_000, 0, .up) + " ms" : trimmed(fixed(value, value < 100 ? 2 : 0, .up)) + " s"
    }

    /// `30 days`, `15 minutes`: in the largest unit that leaves no rest; one day is 24 hours.
    static func span(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        for (unit, length) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] as [(String, Int64)]
        where seconds >= length && seconds.isMultiple(of: length) && !(unit == "day" && seconds == length) {
            return plural(Int(seconds / length), unit)
        }
        return plural(Int(seconds), "second")
    }

    /// `48 h`, `2 h 05 min`, rounded up to minutes.
    static func long(_ duration: Duration) -> String {
        let minutes = Int((duration / .seconds(60)).rounded(.up))
        let (hours, rest) = minutes.quotientAndRemainder(dividingBy: 60)
        guard hours > 0 else { return "\(rest) min" }
        return "\(count(hours)) h" + (rest > 0 ? " \(two(Int64(rest))) min" : "")
    }

    /// `20 days`, `47 h 10 min`: cut to whole days from two on, else to minutes.
    static func atLeast(_ duration: Duration) -> String {
        let days = Int((duration / .seconds(86_400)).rounded(.down))
        guard days < 2 else { return plural(days, "day") }
        return long(.seconds(60) * (duration / .seconds(60)).rounded(.down))
    }

    /// `1 request`, `12 requests`.
    static func plural(_ value: Int, _ noun: String, _ nouns: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? noun : nouns ?? noun + "s")"
    }

    /// `a`, `a and b`, `a, b and c`.
    static func listed(_ items: [String], _ word: String = "and") -> String {
        guard items.count > 1, let last = items.last else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " \(word) \(last)"
    }

    /// `2026-12-01`, of UTC milliseconds; Howard Hinnant's `civil_from_days`.
    static func date(_ milliseconds: Int64) -> String {
        let days = floored(milliseconds, by: 86_400_000).quotient
        let (era, dayOfEra) = floored(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(two(month))-\(two(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1))"
    }

    /// `2026-12-01 08:30`.
    static func moment(_ milliseconds: Int64) -> String {
        let minutes = floored(milliseconds, by: 86_400_000).rest / 60_000
        return "\(date(milliseconds)) \(two(minutes / 60)):\(two(minutes % 60))"
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// `4.50`, `0.015`: of an amount of dollars only the zeros beyond cents are needless.
    private static func cents(_ number: String) -> String {
        let short = trimmed(number)
        guard let point = short.firstIndex(of: ".") else { return short }
        return short[point...].count == 2 ? short + "0" : short
    }

    /// Without zeros behind the last place that says something.
    static func trimmed(_ number: String) -> String {
        guard number.contains(".") else { return number }
        let cut = number.reversed().drop { $0 == "0" }
        return String((cut.first == "." ? cut.dropFirst() : cut[...]).reversed())
    }
}
