/// Numbers as text, for reasons and alerts.
enum Figures {
    /// With so many decimals; `?` for what is no number.
    static func decimal(_ value: Double, places: Int) -> String {
        let power = (0..<places).reduce(1.0) { power, _ in power * 10 }
        let scaled = (abs(value) * power).rounded()
        guard scaled < 1e15 else { return "?" }
        let digits = String(Int64(scaled))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
    }

    /// `90 s`, `5 min`, `6 h`, `3 d`: in the largest unit that leaves no rest.
    static func duration(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        for (unit, length) in [("d", 86_400), ("h", 3_600), ("min", 60)] as [(String, Int64)]
        where seconds >= length && seconds.isMultiple(of: length) && !(unit == "d" && seconds == length) {
            return "\(seconds / length) \(unit)"
        }
        return "\(seconds) s"
    }
}
