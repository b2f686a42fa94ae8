extension Engine {
    /// A new id: time in front, so that ids sort as they came; unique by 40 random bits beside it.
    static func makeRequestID(at time: Int64) -> String {
        let random = String(UInt64.random(in: 0..<(1 << 40)), radix: 36)
        return "req_\(String(time, radix: 36))\(String(repeating: "0", count: 8 - random.count))\(random)"
    }

    /// When the request of that id came, UTC milliseconds; nil where it is no id of ours.
    package static func timeOfRequest(id: String) -> Int64? {
        let digits = id.dropFirst(4)
        guard id.hasPrefix("req_"), digits.utf8.count == 16, Int64(digits.suffix(8), radix: 36) != nil else {
            return nil
        }
        return Int64(digits.prefix(8), radix: 36)
    }
}
