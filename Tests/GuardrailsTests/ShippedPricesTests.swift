import Testing

@testable import Guardrails

/// The table against the providers' pages as collected in November 2026: dollars per million tokens.
struct ShippedPricesTests {
    /// 2026-11-15: all of the table's changes but those of 2027 lie behind.
    static let now = Guardrails.utcMilliseconds(year: 2026, month: 11, day: 15)

    private func find(_ provider: String, _ model: String, at: Int64 = now) -> PriceRow? {
        PriceTable.shipped.history(provider: provider, model: model)?.row(at: at)
    }

    private func price(_ dollars: [Double]) -> TokenPrice {
        let nano = dollars.map { Int64(($0 * 1_000_000_000).rounded()) }
        return TokenPrice(
            input: nano[0],
            output: nano[1],
            cacheRead: nano.dropFirst(2).first,
            cacheWrite: nano.dropFirst(3).first,
            cacheWriteLong: nano.dropFirst(4).first
        )
    }

    @Test(
        "in, out, read from the cache, written for 5 minutes, for an hour",
        arguments: [
            ("anthropic", "claude-opus-5", [5, 25, 0.50, 6.25, 10]),
            ("anthropic", "claude-opus-5-5", [4, 20, 0.20, 5, 8]),
            ("anthropic", "claude-sonnet-5", [2, 10, 0.20, 2.50, 4]),
            ("anthropic", "claude-sonnet-5-5", [2, 10, 0.10, 2.50, 4]),
            ("anthropic", "claude-sonnet-4-6", [3, 15, 0.30, 3.75, 6]),
            ("anthropic", "claude-sonnet-4-5", [3, 15, 0.30, 3.75, 6]),
            ("anthropic", "claude-haiku-4-5", [1, 5, 0.10, 1.25, 2]),
            ("anthropic", "claude-haiku-5-5", [0.10, 0.50, 0.01, 0.125, 0.20]),
            ("anthropic", "claude-fable-5-1", [10, 50, 0.25, 12.5, 20]),
            ("openai", "gpt-5.6-sol", [4, 20, 0.40, 5]), ("openai", "gpt-5.6-terra", [2, 12, 0.20, 2.50]),
            ("openai", "gpt-5.6-luna", [0.20, 1.20, 0.02, 0.25]), ("openai", "gpt-5.5", [5, 30, 0.50]),
            ("openai", "gpt-5.4", [2.5, 15, 0.25]), ("openai", "gpt-5.4-mini", [0.75, 4.5, 0.075]),
            ("openai", "gpt-5.4-nano", [0.20, 1.25, 0.02]), ("openai", "gpt-5", [1.25, 10, 0.125]),
            ("openai", "gpt-5-mini", [0.25, 2, 0.025]), ("openai", "gpt-5-nano", [0.05, 0.40, 0.005]),
            ("openai", "gpt-4.1", [2, 8, 0.5]), ("openai", "gpt-4.1-mini", [0.4, 1.6, 0.1]),
            ("openai", "gpt-4.1-nano", [0.1, 0.4, 0.025]), ("openai", "gpt-4o", [2.5, 10, 1.25]),
            ("openai", "gpt-4o-mini", [0.15, 0.6, 0.075]), ("openai", "gpt-4o-2024-05-13", [5, 15]),
            ("openai", "text-embedding-3-small", [0.02, 0]), ("openai", "text-embedding-3-large", [0.13, 0]),
            ("gemini", "gemini-2.5-pro", [1.25, 10, 0.125]), ("gemini", "gemini-2.5-flash", [0.30, 2.5, 0.03]),
            ("gemini", "gemini-2.5-flash-lite", [0.10, 0.4, 0.01]),
            ("gemini", "gemini-3.8-flash", [0.75, 3.75, 0.075]),
            ("mistral", "mistral-large-2512", [0.5, 1.5, 0.05]),
            ("mistral", "mistral-small-2603", [0.15, 0.6, 0.015]),
            ("groq", "openai/gpt-oss-120b", [0.15, 0.6, 0.075]),
            ("groq", "openai/gpt-oss-20b", [0.075, 0.3, 0.0375]),
            ("deepseek", "deepseek-v4-pro", [0.66, 1.98, 0.022]),
        ] as [(String, String, [Double])]
    )
    func base(provider: String, model: String, dollars: [Double]) throws {
        let row = try #require(find(provider, model))
        #expect(row.price == price(dollars))
        #expect(row.source.hasSuffix("2026-11") && row.maxInputTokens != nil)
    }

    @Test(
        "beyond a length of input",
        arguments: [
            ("anthropic", "claude-sonnet-4-5", 200_000, [6, 22.5, 0.6, 7.5, 12]),
            ("anthropic", "claude-haiku-5-5", 100_000, [0.5, 2.5, 0.05, 0.625, 1]),
            ("openai", "gpt-5.6-sol", 272_000, [8, 30, 0.8, 10]), ("openai", "gpt-5.5", 272_000, [10, 45, 1]),
            ("openai", "gpt-5.4", 272_000, [5, 22.5, 0.5]),
            ("gemini", "gemini-2.5-pro", 200_000, [2.5, 15, 0.25]),
        ] as [(String, String, Int, [Double])]
    )
    func tier(provider: String, model: String, above: Int, dollars: [Double]) throws {
        let row = try #require(find(provider, model))
        #expect(row.price(forInput: above) == row.price)
        #expect(row.price(forInput: above + 1) == price(dollars))
    }

    @Test(
        "prices that change",
        arguments: [
            ("openai", "gpt-5.6-sol", (2026, 8, 21), 5, 4), ("openai", "gpt-5.6-terra", (2026, 7, 30), 2.5, 2),
            ("openai", "gpt-5.6-luna", (2026, 7, 30), 1, 0.2), ("gemini", "gemini-3.8-flash", (2027, 1, 1), 0.75, 1.5),
            ("deepseek", "deepseek-v4-pro", (2026, 8, 17), 0.435, 0.66),
        ] as [(String, String, (Int64, Int64, Int64), Double, Double)]
    )
    func change(provider: String, model: String, on day: (Int64, Int64, Int64), before: Double, after: Double) throws {
        let moment = Guardrails.utcMilliseconds(year: day.0, month: day.1, day: day.2)
        #expect(find(provider, model, at: moment - 1)?.price.input == price([before, 0]).input)
        #expect(find(provider, model, at: moment)?.price.input == price([after, 0]).input)
    }

    @Test func theLongInputPremiumOfSonnet46Ended() throws {
        let end = Guardrails.utcMilliseconds(year: 2026, month: 3, day: 13)
        #expect(find("anthropic", "claude-sonnet-4-6", at: end - 1)?.price(forInput: 200_001).input == 6_000_000_000)
        #expect(find("anthropic", "claude-sonnet-4-6", at: end)?.price(forInput: 200_001).input == 3_000_000_000)
    }

    @Test func deepseeksPeakHours() {
        let peak = Self.now + 2 * 3_600_000
        #expect(find("deepseek", "deepseek-v4-pro", at: peak)?.price == price([1.32, 3.96, 0.044]))
        let before = Guardrails.utcMilliseconds(year: 2026, month: 8, day: 1) + 2 * 3_600_000
        #expect(find("deepseek", "deepseek-v4-pro", at: before)?.price.input == 435_000_000)
    }

    /// 2,000 tokens in, 500 out, in micro-dollars: the reference of the cost objective.
    @Test(
        "a reference request",
        arguments: [
            ("openai", "gpt-5.5", 25_000), ("anthropic", "claude-opus-5", 22_500),
            ("anthropic", "claude-opus-5-5", 18_000), ("openai", "gpt-5.6-sol", 18_000),
            ("anthropic", "claude-sonnet-4-6", 13_500), ("openai", "gpt-5.4", 12_500),
            ("openai", "gpt-5.6-terra", 10_000), ("openai", "gpt-4o", 10_000), ("anthropic", "claude-sonnet-5", 9_000),
            ("anthropic", "claude-haiku-4-5", 4_500), ("gemini", "gemini-3.8-flash", 3_375),
            ("openai", "gpt-4o-mini", 600), ("groq", "openai/gpt-oss-120b", 600),
        ] as [(String, String, Int64)]
    )
    func reference(provider: String, model: String, micro: Int64) throws {
        let counts = try #require(TokenCounts(input: 2_000, output: 500))
        #expect(find(provider, model)?.cost(of: counts) == micro * 1_000)
    }

    @Test func everyRowIsWhole() {
        for row in PriceTable.shipped.rows {
            let prices = [row.price] + row.tiers.map(\.price)
            #expect(prices.allSatisfy { $0.input > 0 && $0.cacheRead > 0 && $0.cacheRead <= $0.input }, "\(row.model)")
            #expect(prices.allSatisfy { $0.output > 0 || row.model.contains("embedding") }, "\(row.model)")
        }
    }
}
