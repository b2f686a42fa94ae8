extension String {
    /// Without white space at both ends.
    var trimmed: String {
        let isBlank = { (character: Character) in character.isWhitespace }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }

    /// What a person typed or pasted, as one line of at most `limit` characters.
    ///
    /// Without control characters and those that turn the direction of writing.
    package func oneLine(limit: Int = 500) -> String {
        let plain = map { character -> Character in
            if character.isWhitespace { return " " }
            return character.unicodeScalars.contains(where: isUnsafe) ? "·" : character
        }
        return String(String(plain).trimmed.prefix(limit))
    }

    /// Controls, and what turns the direction of the text around it (Unicode Standard Annex 9).
    private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || [0x200E, 0x200F, 0x061C].contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}

/// Words and numbers as a person reads them, the same in every report.
package enum Words {
    /// `07:05`, minutes and seconds.
    static func clock(_ time: Duration) -> String {
        let seconds = max(0, time.components.seconds)
        return pad(seconds / 60) + ":" + pad(seconds % 60)
    }

    /// `+0:21`, later or earlier than planned.
    static func delta(_ time: Duration) -> String {
        let seconds = Int64(time.inSeconds.rounded(.toNearestOrAwayFromZero))
        return (seconds < 0 ? "-" : "+") + "\(abs(seconds) / 60):" + pad(abs(seconds) % 60)
    }

    /// `310 ms`, `1.84 s`, `12.4 s`, `2 min 05 s`.
    package static func length(_ time: Duration) -> String {
        let milliseconds = time.inMilliseconds
        if milliseconds < 1_000 { return "\(milliseconds) ms" }
        if milliseconds < 10_000 { return decimal(Double(milliseconds) / 1_000, 2) + " s" }
        if milliseconds < 60_000 { return decimal(Double(milliseconds) / 1_000, 1) + " s" }
        let seconds = (milliseconds + 500) / 1_000
        return "\(seconds / 60) min " + pad(seconds % 60) + " s"
    }

    /// `99.87 %`, `-1,639.2 %`: cut, not rounded, so that what misses its target never reads as the target.
    package static func percent(_ share: Double, _ digits: Int = 2) -> String { percent(share, digits, .down) }

    /// The same of what must stay small: no digit less than it is.
    static func percentAtMost(_ share: Double, _ digits: Int = 2) -> String { percent(share, digits, .up) }

    private static func percent(_ share: Double, _ digits: Int, _ rule: FloatingPointRoundingRule) -> String {
        let scale = Double((0..<digits).reduce(1) { product, _ in product * 10 })
        // What the binary fraction is off by is no digit: 0.9987 * 10,000 is 9,986.999….
        let slack = rule == .down ? 1e-6 : -1e-6
        return grouped(decimal((share * 100 * scale + slack).rounded(rule) / scale, digits)) + " %"
    }

    /// `$0.0093`, from nano-dollars: four digits after the point, two from ten dollars on.
    package static func money(_ nano: Double) -> String {
        let dollars = abs(nano) / 1e9
        return (nano < 0 ? "-$" : "$") + grouped(decimal(dollars, dollars < 10 ? 4 : 2))
    }

    /// `1,204.5`: thousands apart.
    static func grouped(_ number: String) -> String {
        let sign = number.prefix { $0 == "-" }
        let digits = number.dropFirst(sign.count).prefix { $0.isNumber }
        var whole = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { whole += "," }
            whole.append(digit)
        }
        return sign + whole + number.dropFirst(sign.count + digits.count)
    }

    /// A decimal fraction with exactly so many digits.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "?" }
        let scale = (0..<digits).reduce(Int64(1)) { product, _ in product * 10 }
        let units = Int64((abs(value) * Double(scale)).rounded(.toNearestOrAwayFromZero))
        let fraction = String(units % scale + scale).dropFirst()
        return (value < 0 && units > 0 ? "-" : "") + "\(units / scale)" + (digits > 0 ? "." + fraction : "")
    }

    /// `2026-11-27 14:05:09 UTC`, from UTC milliseconds.
    static func date(_ wall: Int64) -> String { day(wall) + " " + time(wall) + " UTC" }

    /// `2026-11-27T14:05:09.250Z` (RFC 3339).
    static func stamp(_ wall: Int64) -> String {
        let thousandths = String((wall % 1_000 + 1_000) % 1_000 + 1_000).dropFirst()
        return day(wall) + "T" + time(wall) + "." + thousandths + "Z"
    }

    /// `2026-11-27`.
    ///
    /// Days to the civil calendar: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    static func day(_ wall: Int64) -> String {
        let days = floorDivide(wall, 86_400_000) + 719_468
        let era = floorDivide(days, 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return String(String(year + 10_000).dropFirst()) + "-" + pad(month) + "-" + pad(day)
    }

    /// `14:05:09`, UTC.
    static func time(_ wall: Int64) -> String {
        let seconds = floorDivide(wall, 1_000) - floorDivide(wall, 86_400_000) * 86_400
        return pad(seconds / 3_600) + ":" + pad(seconds / 60 % 60) + ":" + pad(seconds % 60)
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        value >= 0 ? value / by : -((-value + by - 1) / by)
    }

    static func pad(_ value: some BinaryInteger) -> String { value < 10 ? "0\(value)" : "\(value)" }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
