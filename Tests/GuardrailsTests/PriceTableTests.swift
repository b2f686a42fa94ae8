import Testing

@testable import Guardrails

private func row(_ provider: String, _ model: String, _ input: Int64, from: Int64? = nil) -> PriceRow {
    PriceRow(
        provider: provider,
        model: model,
        price: TokenPrice(input: input, output: input),
        from: from,
        source: "test"
    )
}

struct PriceTableTests {
    static let table = PriceTable([
        row("openai", "gpt-4o", 1), row("openai", "gpt-4o-2024-05-13", 2), row("anthropic", "claude-haiku-4-5", 3),
        row("mistral", "mistral-large-2512", 4), row("groq", "openai/gpt-oss-20b", 5), row("openai", "gpt-5", 6),
    ])

    @Test(
        "a dated name costs what the name costs, any other unknown name is unknown",
        arguments: [
            ("openai", "gpt-4o", 1), ("openai", "openai/gpt-4o", 1), ("openai", "gpt-4o-2024-08-06", 1),
            ("openai", "openai/gpt-4o-2024-08-06", 1), ("openai", "gpt-4o-2024-05-13", 2),
            ("openai", "openai/gpt-4o-2024-05-13", 2), ("anthropic", "claude-haiku-4-5", 3),
            ("anthropic", "claude-haiku-4-5-20251001", 3), ("mistral", "mistral-large-2512", 4),
            ("groq", "openai/gpt-oss-20b", 5), ("groq", "groq/openai/gpt-oss-20b", 5),
            ("openai", "gpt-5-2025-08-07", 6),
            // Elsewhere the same model may cost another price.
            ("azure", "gpt-4o", nil), ("openrouter", "openai/gpt-4o", nil), ("openai", "gpt-oss-20b", nil),
            ("groq", "gpt-oss-20b", nil), ("", "gpt-4o", nil), ("openai", "", nil), ("openai", "openai/", nil),
            ("openai", "gpt-4o-mini", nil), ("openai", "gpt-4o-0613", nil), ("openai", "gpt-4o-latest", nil),
            ("openai", "gpt-5-2025-08-07-mini", nil), ("openai", "gpt-5-0815-mini", nil),
            ("mistral", "mistral-large-2411", nil), ("mistral", "mistral-large", nil),
            ("openai", "gpt-4o-2024", nil), ("openai", "gpt-4o-2024-08", nil), ("openai", "gpt-4o-24-08-06", nil),
            ("openai", "gpt--4o-2024-08-06", nil), ("openai", "gpt-4o-", nil), ("openai", "GPT-4o", nil),
            ("openai", "ft:gpt-4o-2024-08-06:acme", nil), ("openai", "-20251001", nil), ("openai", "2024-08-06", nil),
            ("openai", "gpt-4o-٢٠٢٤-٠٨-٠٦", nil), ("anthropic", "claude-haiku-4-5@20251001", nil), ("openai", "-", nil),
        ] as [(String, String, Int64?)]
    )
    func lookup(provider: String, model: String, input: Int64?) {
        #expect(Self.table.history(provider: provider, model: model)?.row(at: 0)?.price.input == input)
    }

    @Test func importedRowsReplaceAModelsWholeHistory() {
        let table = PriceTable([row("a", "x", 1), row("a", "x", 2, from: 100), row("a", "y", 3)])
            .replacing(with: [row("a", "x", 9), row("b", "x", 8)])
        #expect(table.rows.map(\.price.input) == [9, 3, 8])
        #expect(table.history(provider: "a", model: "x")?.row(at: 200)?.price.input == 9)
    }

    @Test(
        "longest inputs",
        arguments: [
            ("anthropic", "claude-haiku-4-5-20251001", 200_000), ("openai", "gpt-5.6-sol", 922_000),
            ("gemini", "gemini-2.5-pro", 1_048_576), ("openai", "gpt-9", nil), ("azure", "gpt-4o", nil),
        ] as [(String, String, Int?)]
    )
    func window(provider: String, model: String, expected: Int?) {
        #expect(PriceTable.shipped.contextWindow(provider: provider, model: model) == expected)
    }
}

struct PriceHistoryTests {
    @Test(
        "the row of a request's own moment counts",
        arguments: [
            (Int64.min, 1), (-1, 1), (999, 1), (1_000, 2), (1_999, 2), (2_000, nil), (2_999, nil), (3_000, 4),
            (.max, 4),
        ] as [(Int64, Int64?)]
    )
    func dates(at: Int64, input: Int64?) {
        var ended = row("a", "x", 2, from: 1_000)
        ended.until = 2_000
        var first = row("a", "x", 1)
        first.until = 1_000
        let history = PriceHistory([row("a", "x", 4, from: 3_000), ended, first])
        #expect(history.row(at: at)?.price.input == input)
        let million = TokenCounts(input: 1_000_000, output: 0)
        #expect(history.cost(of: million, at: at) == input)
    }

    /// A budget's window sums what each request cost when it was accepted.
    @Test func aPriceThatChangesInMidWindow() throws {
        let history = try #require(PriceTable.shipped.history(provider: "gemini", model: "gemini-3.8-flash"))
        let newYear = Guardrails.utcMilliseconds(year: 2027, month: 1, day: 1)
        let counts = TokenCounts(input: 2_000, output: 500)
        let costs = stride(from: newYear - 2, to: newYear + 2, by: 1).compactMap { history.cost(of: counts, at: $0) }
        #expect(costs == [3_375_000, 3_375_000, 6_750_000, 6_750_000])
    }

    @Test func anUnknownPriceOrAReportThatMakesNoSenseIsNoCost() {
        #expect(PriceHistory([]).cost(of: TokenCounts(input: 1, output: 1), at: 0) == nil)
        #expect(PriceHistory([row("a", "x", 1)]).cost(of: TokenCounts(input: -1, output: 1), at: 0) == nil)
    }

    @Test(
        "a price by the hour, UTC",
        arguments: [
            (0, 0, 1), (0, 59, 1), (1, 0, 2), (3, 59, 2), (4, 0, 1), (5, 59, 1), (6, 0, 2), (9, 59, 2), (10, 0, 1),
            (23, 59, 1),
        ] as [(Int64, Int64, Int64)]
    )
    func hours(hour: Int64, minute: Int64, input: Int64) {
        var peak = row("a", "x", 2)
        peak.hours = [1..<4, 6..<10]
        let history = PriceHistory([peak, row("a", "x", 1, from: -1_000_000_000_000)])
        let ofDay = (hour * 60 + minute) * 60_000
        for day in [Int64(0), 20_000, -3] {
            #expect(history.row(at: day * 86_400_000 + ofDay)?.price.input == input)
        }
    }

    @Test(
        "beyond a tier the whole request is repriced",
        arguments: [
            (0, 0), (99_999, 99_999), (100_000, 100_000), (100_001, 200_002), (200_000, 400_000),
            (200_001, 600_003), (1_000_000_000_000, 3_000_000_000_000),
        ] as [(Int, Int64)]
    )
    func tiers(input: Int, cost: Int64) throws {
        let tiers = [(200_000, 3), (100_000, 2)].map { above, dollars in
            PriceRow.Tier(above: above, price: TokenPrice(input: dollars * 1_000_000, output: 0))
        }
        let row = PriceRow(
            provider: "a",
            model: "x",
            price: TokenPrice(input: 1_000_000, output: 0),
            tiers: tiers,
            source: ""
        )
        #expect(row.cost(of: try #require(TokenCounts(input: input, output: 0))) == cost)
        #expect(row.worstCost(input: input, output: 0) == cost)
        // What was read from the cache is input, too.
        let read = try #require(TokenCounts(input: 0, output: 0, cacheRead: input))
        #expect(row.cost(of: read) == cost)
    }

    @Test(
        "days",
        arguments: [
            (1970, 1, 1, 0), (1970, 3, 1, 59), (2000, 2, 29, 11_016), (2026, 8, 21, 20_686), (2027, 1, 1, 20_819),
            (1969, 12, 31, -1), (2100, 3, 1, 47_541),
        ] as [(Int64, Int64, Int64, Int64)]
    )
    func civil(year: Int64, month: Int64, day: Int64, days: Int64) {
        #expect(Guardrails.utcMilliseconds(year: year, month: month, day: day) == days * 86_400_000)
    }
}
