/// Keeps what a provider or a client made up from poisoning sums that are kept for a year.
extension RequestRecord {
    /// More than any model takes or gives at once.
    private static let mostTokens = 100_000_000
    /// A thousand dollars: nine million of them still fit a 64-bit sum.
    private static let highestCost: Int64 = 1_000_000_000_000
    private static let longestMicros: Int64 = 7 * 86_400 * 1_000_000
    /// The last millisecond of the year 9999, beyond which SQLite has no dates.
    private static let latest: Int64 = 253_402_300_799_999
    private static let longestName = 200
    private static let mostTags = 20
    private static let longestText = 1_000

    /// Mends what can't be true; returns how many fields that took.
    ///
    /// A token count or cost that is negative or absurd becomes unknown, never zero: an unknown is shown as one.
    /// Times are brought into range, names and texts are cut.
    mutating func correct() -> Int {
        var corrections = 0
        func keep<Value>(_ value: inout Value?, where isSound: (Value) -> Bool) {
            guard let known = value, !isSound(known) else { return }
            value = nil
            corrections += 1
        }
        func clamp(_ value: inout Int64, to range: ClosedRange<Int64>) {
            guard !range.contains(value) else { return }
            value = min(max(value, range.lowerBound), range.upperBound)
            corrections += 1
        }
        func clamp(_ value: inout Int64?, to range: ClosedRange<Int64>) {
            guard var known = value, !range.contains(known) else { return }
            clamp(&known, to: range)
            value = known
        }
        func cut(_ text: inout String, to limit: Int) {
            guard text.utf8.count > limit else { return }
            text = String(decoding: text.utf8.prefix(limit), as: UTF8.self)
            corrections += 1
        }
        func cut(_ text: inout String?, to limit: Int) {
            guard var known = text, known.utf8.count > limit else { return }
            cut(&known, to: limit)
            text = known
        }

        let tokens = 0...Self.mostTokens
        keep(&tokensIn) { tokens.contains($0) }
        keep(&tokensOut) { tokens.contains($0) }
        keep(&tokensCacheRead) { tokens.contains($0) }
        keep(&tokensCacheWrite) { tokens.contains($0) }
        keep(&cost) { (0...Self.highestCost).contains($0) }
        keep(&avoidedCost) { (0...Self.highestCost).contains($0) }

        let micros = 0...Self.longestMicros
        clamp(&at, to: 0...Self.latest)
        clamp(&totalMicros, to: micros)
        clamp(&firstTokenMicros, to: micros)
        clamp(&latencyMicros, to: micros)
        clamp(&avoidedMicros, to: micros)

        cut(&id, to: Self.longestName)
        cut(&tenant, to: Self.longestName)
        cut(&feature, to: Self.longestName)
        cut(&group, to: Self.longestName)
        cut(&deployment, to: Self.longestName)
        cut(&provider, to: Self.longestName)
        cut(&drill, to: Self.longestName)
        cut(&maintenance, to: Self.longestName)
        cut(&error, to: Self.longestText)
        if tags.count > Self.mostTags {
            tags.removeLast(tags.count - Self.mostTags)
            corrections += 1
        }
        for index in tags.indices { cut(&tags[index], to: Self.longestName) }

        if maintenance != nil { (valid, good, latencyMicros) = (false, false, nil) }

        if good && !valid {
            good = false
            corrections += 1
        }
        for index in attemptRecords.indices {
            clamp(&attemptRecords[index].startMicros, to: micros)
            clamp(&attemptRecords[index].firstTokenMicros, to: micros)
            clamp(&attemptRecords[index].totalMicros, to: micros)
            cut(&attemptRecords[index].detail, to: Self.longestText)
            cut(&attemptRecords[index].why, to: Self.longestText)
        }
        return corrections
    }
}
