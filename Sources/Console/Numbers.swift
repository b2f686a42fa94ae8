/// Figures as the console writes them: few forms, steady widths, never rounded in our own favour.
enum Numbers {
    /// A whole number that any `Double` can become without a trap.
    static func whole(_ value: Double) -> Int {
        guard value.isFinite else { return 0 }
        return Int(max(-1e15, min(1e15, value)))
    }

    /// `decimals` places, rounded half away from zero, thousands separated.
    static func fixed(_ value: Double, _ decimals: Int, truncating: Bool = false) -> String {
        let scale = power(decimals)
        let magnitude = abs(value.isFinite ? value : 0) * Double(scale)
        // The small term undoes what the binary fraction lost: 0.9987 * 10,000 is 9,986.999….
        let units = whole(truncating ? magnitude + 1e-6 : magnitude + 0.5)
        let sign = value < 0 && units > 0 ? "-" : ""
        guard decimals > 0 else { return sign + count(units) }
        let fraction = String(units % scale)
        return sign + count(units / scale) + "." + String(repeating: "0", count: decimals - fraction.utf8.count)
            + fraction
    }

    private static func power(_ decimals: Int) -> Int {
        var result = 1
        for _ in 0..<decimals { result *= 10 }
        return result
    }

    /// `1,204`.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        guard digits.utf8.count > 3 else { return value < 0 ? "-" + digits : digits }
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.utf8.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// At most four cells: `980`, `12k`, `3.4M`.
    static func short(_ value: Int) -> String {
        switch value {
        case ..<10_000: count(value).count > 4 ? fixed(Double(value) / 1000, 1) + "k" : count(value)
        case ..<1_000_000: count(value / 1000) + "k"
        case ..<10_000_000: fixed(Double(value) / 1_000_000, 1) + "M"
        default: count(value / 1_000_000) + "M"
        }
    }

    /// A latency and its unit apart: `1.84` `s`, `612` `ms`.
    static func latency(_ seconds: Double) -> (figure: String, unit: String) {
        switch seconds {
        case ..<0.9995: (fixed(seconds * 1000, 0), "ms")
        case ..<9.995: (fixed(seconds, 2), "s")
        case ..<99.95: (fixed(seconds, 1), "s")
        default: (fixed(seconds, 0), "s")
        }
    }

    /// `1.84 s` or `612 ms`.
    static func seconds(_ value: Double?) -> String {
        guard let value else { return "—" }
        let (figure, unit) = latency(value)
        return figure + " " + unit
    }

    /// A request's time: `0.61 s`, below a tenth of a second `12 ms`.
    static func elapsed(milliseconds: Double?) -> String {
        guard let milliseconds else { return "—" }
        if milliseconds < 100 { return fixed(milliseconds, 0) + " ms" }
        let value = milliseconds / 1000
        return fixed(value, value < 99.995 ? 2 : 0) + " s"
    }

    /// `99.87`: cut, not rounded, so that 100 means every one; below 0 away from it.
    static func percentFigure(_ share: Double, _ decimals: Int = 2) -> String {
        let scale = Double(power(decimals))
        return fixed((share * 100 * scale + 1e-6).rounded(.down) / scale, decimals)
    }

    static func percent(_ share: Double?, _ decimals: Int = 2) -> String {
        share.map { percentFigure($0, decimals) + " %" } ?? "—"
    }

    /// Money a request without its sign: `0.0049`, below a tenth of a cent `.00042`.
    static func priceFigure(_ nanoDollars: Double) -> String {
        let dollars = nanoDollars / 1e9
        switch abs(dollars) {
        case 100...: return fixed(dollars, 0)
        case 1...: return fixed(dollars, 2)
        case 0.001...: return fixed(dollars, 4)
        case 0: return "0.0000"
        default: return String(fixed(dollars, 5).drop { $0 == "0" })
        }
    }

    static func price(_ nanoDollars: Double?) -> String {
        nanoDollars.map { "$" + priceFigure($0) } ?? "—"
    }

    /// `$14.20`; what is less than a cent as a price, so that it isn't nothing.
    static func money(_ nanoDollars: Int64) -> String {
        (10_000..<10_000_000).contains(nanoDollars.magnitude)
            ? price(Double(nanoDollars)) : "$" + fixed(Double(nanoDollars) / 1e9, 2)
    }

    /// `96 MB`: bytes in thousands.
    static func bytes(_ count: Int) -> String {
        switch count {
        case ..<1_000: "\(count) B"
        case ..<1_000_000: fixed(Double(count) / 1e3, 0) + " kB"
        case ..<1_000_000_000: fixed(Double(count) / 1e6, 0) + " MB"
        default: fixed(Double(count) / 1e9, 1) + " GB"
        }
    }

    /// A ratio to the allowed: `0.4×`.
    static func burn(_ rate: Double?) -> String {
        guard let rate else { return "—" }
        return fixed(rate, rate < 99.95 ? 1 : 0) + "×"
    }

    /// One unit that fits: `48 s`, `12 m`, `5 h`, `31 d`.
    static func span(seconds: Double) -> String {
        switch seconds {
        case ..<100: fixed(seconds, 0, truncating: true) + " s"
        case ..<5_400: fixed(seconds / 60, 0) + " m"
        case ..<172_800: fixed(seconds / 3_600, 0) + " h"
        default: fixed(seconds / 86_400, 0) + " d"
        }
    }

    /// The smallest of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that isn't below the value.
    static func niceCeiling(_ value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 1 }
        var unit = 1.0
        while unit * 10 <= value, unit < 1e18 { unit *= 10 }
        while unit > value, unit > 1e-12 { unit /= 10 }
        let steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]
        return unit * (steps.first { $0 * unit >= value * (1 - 1e-9) } ?? 10)
    }
}

/// UTC from milliseconds since 1970, by arithmetic.
enum Clock {
    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func secondsOfDay(_ time: Int64) -> Int64 {
        let seconds = time / 1000 % 86_400
        return seconds < 0 ? seconds + 86_400 : seconds
    }

    /// `14:03`.
    static func minutes(_ time: Int64) -> String {
        let seconds = secondsOfDay(time)
        return two(seconds / 3600) + ":" + two(seconds / 60 % 60)
    }

    /// `14:03:27`.
    static func seconds(_ time: Int64) -> String {
        minutes(time) + ":" + two(secondsOfDay(time) % 60)
    }

    /// `14:03:27.412`.
    static func millis(_ time: Int64) -> String {
        let rest = String((time % 1000 + 1000) % 1000)
        return seconds(time) + "." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }

    /// `Mon`.
    ///
    /// The first of January 1970 was a Thursday.
    static func weekday(_ time: Int64) -> String {
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        return names[Int((time / 86_400_000 % 7 + 7) % 7)]
    }

    /// `2026-11-23`, in the Gregorian calendar (Hinnant's `civil_from_days`).
    static func date(_ time: Int64) -> String {
        let days = (time >= 0 ? time : time - 86_399_999) / 86_400_000 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(two(month))-\(two(dayOfYear - (153 * shifted + 2) / 5 + 1))"
    }

    /// `13:41`, or `Mon 13:41` where it isn't today.
    static func since(_ time: Int64, now: Int64) -> String {
        time / 86_400_000 == now / 86_400_000 ? minutes(time) : weekday(time) + " " + minutes(time)
    }

    /// `12:47`, from an hour on `1:02:47`.
    static func stopwatch(_ seconds: Double) -> String {
        let whole = Int64(Numbers.whole(max(0, seconds)))
        let rest = two(whole / 60 % 60) + ":" + two(whole % 60)
        return whole < 3600 ? rest : "\(whole / 3600):" + rest
    }
}
