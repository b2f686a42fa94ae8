/// Pseudo-prose from a fixed list of words: reads like a report, says nothing.
enum Prose {
    /// `count` pieces that make sentences when joined; each stands for one token.
    ///
    /// Plain ASCII, nothing to escape in JSON.
    static func pieces(_ count: Int, using random: inout SeededRandom) -> [String] {
        var pieces: [String] = []
        pieces.reserveCapacity(max(count, 0))
        var leftInSentence = 0
        while pieces.count < count {
            let opens = leftInSentence == 0
            if opens { leftInSentence = 6 + Int(random.unit() * 9) }
            let word = opens ? random.pick(openings) : random.pick(words)
            leftInSentence -= 1
            pieces.append((pieces.isEmpty ? "" : " ") + word + (leftInSentence == 0 ? "." : ""))
        }
        return pieces
    }

    static func text(words count: Int, using random: inout SeededRandom) -> String {
        pieces(count, using: &random).joined()
    }

    private static let openings = [
        "The", "Our", "Each", "This", "A", "Every", "Most", "Another", "One", "That", "Their", "Some",
    ]

    private static let words = [
        "order", "report", "invoice", "customer", "service", "window", "region", "account", "ticket", "shipment",
        "contract", "meeting", "device", "schedule", "summary", "request", "number", "morning", "team", "supplier",
        "warehouse", "payment", "forecast", "quarter", "reply", "question", "answer", "note", "draft", "review",
        "arrived", "changed", "follows", "needs", "shows", "covers", "matches", "moved", "remains", "improves",
        "confirms", "replaces", "explains", "includes", "starts", "ends", "early", "late", "clear", "small",
        "steady", "recent", "second", "regular", "open", "final", "careful", "short", "spare", "quiet", "and", "with",
        "before", "after", "for", "from", "within", "without", "under", "about", "while", "because", "until", "the",
        "a", "its", "their", "of", "to", "in", "on", "by",
    ]
}
