/// The life of one request in words: what `nines explain` prints and the console's detail page shows.
package struct RequestStory: Equatable, Sendable {
    package struct Fact: Equatable, Sendable {
        /// Empty, like `value`, for a blank line.
        package var name: String
        package var value: String
    }

    package let id: String
    package let facts: [Fact]
    /// One sentence an attempt.
    package let attempts: [String]

    /// `deferred` is what came of it later, where it was put off.
    package init(_ row: EngineSnapshot.RequestRow, deferred: String? = nil) {
        id = row.id
        attempts = row.trail
        var who = Self.who(row)
        if let deferred { who.insert(Fact(name: "deferred", value: deferred), at: 1) }
        facts = who + [Fact(name: "", value: "")] + Self.figures(row)
    }

    /// Plain lines, for a terminal or a file.
    package var text: String {
        var lines = ["request \(id)", ""]
        for fact in facts { lines.append(fact.name.isEmpty ? "" : Text.fit(fact.name, 14) + fact.value) }
        lines += ["", attempts.count == 1 ? "1 attempt" : "\(attempts.count) attempts"]
        for (index, attempt) in attempts.enumerated() { lines.append("  \(index + 1). \(attempt)") }
        return lines.joined(separator: "\n")
    }

    private static func who(_ row: EngineSnapshot.RequestRow) -> [Fact] {
        // A row is filed under its end.
        let accepted = row.at - Int64(Numbers.whole(row.total))
        var facts = [
            Fact(name: "outcome", value: outcome(row)),
            Fact(
                name: "accepted",
                value: "\(Clock.weekday(accepted)) \(Clock.date(accepted)) \(Clock.millis(accepted)) UTC"
            ),
            Fact(name: "tenant", value: row.tenant),
            Fact(name: "feature", value: row.feature),
            Fact(name: "model group", value: row.group),
        ]
        if let format = row.format { facts.append(Fact(name: "asked in", value: "\(format)'s format")) }
        facts.append(
            Fact(name: "answered by", value: row.servedBy ?? (isServedFromCache(row) ? "the cache" : "nobody"))
        )
        facts.append(Fact(name: "status", value: String(row.status) + (row.stream ? ", streamed" : "")))
        if let counted = counted(row) { facts.append(Fact(name: "counted as", value: counted)) }
        if row.isBypass {
            let bypass = "went straight to the primary: no cache, no retry, no failover"
            facts.append(Fact(name: "bypass", value: bypass))
        }
        if let drill = row.drill { facts.append(Fact(name: "drill", value: "\(drill) was under way")) }
        if let degraded = row.degraded, !degraded.isEmpty {
            facts.append(Fact(name: "degraded", value: degraded.joined(separator: ", ")))
        }
        if let error = row.error { facts.append(Fact(name: "error", value: error)) }
        return facts
    }

    private static func figures(_ row: EngineSnapshot.RequestRow) -> [Fact] {
        var facts = [
            Fact(
                name: "first token",
                value: row.firstToken.map { Numbers.elapsed(milliseconds: $0) + " after it was accepted" } ?? "none"
            ),
            Fact(name: "total", value: Numbers.elapsed(milliseconds: row.total)),
            Fact(name: "tokens", value: tokens(row)),
            Fact(name: "cost", value: cost(row)),
        ]
        if let cache = cache(row) { facts.append(Fact(name: "cache", value: cache)) }
        return facts
    }

    private static func isServedFromCache(_ row: EngineSnapshot.RequestRow) -> Bool {
        ["hit", "stale", "joined"].contains(row.cache)
    }

    private static func cache(_ row: EngineSnapshot.RequestRow) -> String? {
        guard let use = row.cache, use != "off" || row.cacheWhy != nil else { return nil }
        var text = use
        if let why = row.cacheWhy { text += use == "off" ? ", not asked: \(why)" : ", not stored: \(why)" }
        let saved = [
            row.savedCost.map(price), row.savedTime.map { Numbers.elapsed(milliseconds: $0) },
        ].compactMap(\.self)
        return saved.isEmpty ? text : "\(text); saved \(saved.joined(separator: " and "))"
    }

    private static func tokens(_ row: EngineSnapshot.RequestRow) -> String {
        guard row.tokensIn != nil || row.tokensOut != nil else { return "not known" }
        let count = { (tokens: Int?) in tokens.map(Numbers.count) ?? "—" }
        var text = "\(count(row.tokensIn)) in, \(count(row.tokensOut)) out"
        let cached = [(row.tokensCacheRead, "read from"), (row.tokensCacheWrite, "written to")]
            .compactMap { tokens, verb in tokens.flatMap { $0 > 0 ? "\(Numbers.count($0)) \(verb)" : nil } }
        if !cached.isEmpty { text += " (\(cached.joined(separator: ", ")) the provider's prompt cache)" }
        return text
    }

    private static func cost(_ row: EngineSnapshot.RequestRow) -> String {
        guard let cost = row.cost else { return "not known: no price for this model, or nothing that could be counted" }
        return price(cost) + (row.costIsEstimated == true ? ", estimated" : "")
    }

    /// With a zero before the point, for which a sentence has room.
    private static func price(_ nanoDollars: Int64) -> String {
        let figure = Numbers.priceFigure(Double(nanoDollars))
        return "$" + (figure.hasPrefix(".") ? "0" : "") + figure
    }

    /// In the words of the taxonomy: valid, good.
    private static func counted(_ row: EngineSnapshot.RequestRow) -> String? {
        guard let isValid = row.isValid, let isGood = row.isGood else { return nil }
        if isValid { return isGood ? "valid, good" : "valid, not good: it spends the error budget" }
        return "not valid: no event of the success objective"
    }

    private static func outcome(_ row: EngineSnapshot.RequestRow) -> String {
        switch row.outcome {
        case .ok: "● good"
        case .savedByFailover: "● good, saved by failover: the first attempt had failed"
        case .rejected: "○ rejected: the client's own mistake, not counted against the router"
        case .cancelled: "○ the client left before the end"
        case .cut: "■ cut: it broke after content had been sent"
        case .lost: "■ lost: every route failed"
        }
    }
}
