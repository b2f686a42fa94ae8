import Testing

@testable import Guardrails

struct GuardrailSheetTests {
    private func route(_ provider: String, _ model: String) -> SheetFeature.Route {
        let now = Guardrails.utcMilliseconds(year: 2026, month: 11, day: 15)
        let price = PriceTable.shipped.history(provider: provider, model: model)?.row(at: now)
        return SheetFeature.Route(group: "assistant", deployment: model, model: model, price: price)
    }

    private func feature(_ routes: [SheetFeature.Route], hits: Double = 0, requests: Int = 10_000) -> SheetFeature {
        SheetFeature(
            name: "summarise",
            limits: FeatureLimits(ladder: [.truncate, .reject]),
            budget: SpendCap(owner: .feature("summarise"), amount: 50_000_000_000, period: .seconds(30 * 86_400)),
            inputTokens: 2_000,
            outputTokens: 500,
            requests: requests,
            cacheHits: hits,
            routes: routes
        )
    }

    /// 2,000 tokens in, 500 out, against 1.5 cents a request.
    @Test(
        "what keeps a request inside the objective",
        arguments: [
            ("openai", "gpt-5.5", 166), ("anthropic", "claude-opus-5", 200), ("openai", "gpt-5.4", 666),
            ("openai", "gpt-5.6-terra", 916), ("anthropic", "claude-haiku-4-5", 2_600),
            ("openai", "gpt-4o-mini", 24_500),
            ("anthropic", "claude-fable-5-1", nil), ("openai", "gpt-9", nil),
        ] as [(String, String, Int?)]
    )
    func output(provider: String, model: String, tokens: Int?) {
        let row = feature([route(provider, model)]).rows(target: 15_000_000).first
        #expect(row?.outputInTarget == tokens)
    }

    @Test func aFailoverThatBreaksTheCostObjective() throws {
        let rows = feature([route("anthropic", "claude-sonnet-5"), route("openai", "gpt-5.5"), route("x", "y")])
            .rows(target: 15_000_000)
        #expect(rows.map(\.cost) == [9_000_000, 25_000_000, nil])
        #expect(rows.map(\.failoverDifference) == [0, 16_000_000, nil])
        #expect(rows.map(\.shareOfTarget) == [0.6, 25.0 / 15, nil])
        #expect(rows.map(\.costOf30Days) == [90_000_000_000, 250_000_000_000, nil])
        #expect(rows.map(\.shareOfBudget) == [1.8, 5, nil])
        #expect(rows.map(\.warnAt) == [40_000_000_000, 40_000_000_000, 40_000_000_000])
        #expect(rows[0].onExceed == [.truncate, .reject])
    }

    @Test func whatAnAssumedCacheIsWorth() throws {
        let row = try #require(feature([route("anthropic", "claude-sonnet-5")], hits: 0.5).rows(target: nil).first)
        #expect(row.cost == 7_200_000 && row.costWithoutCache == 9_000_000)
        #expect(row.shareOfTarget == nil && row.outputInTarget == nil)
    }

    @Test("absurd figures don't trap", arguments: [Int.min, 0, Int.max], [Double.nan, -1, 2, .infinity])
    func absurd(number: Int, hits: Double) {
        var feature = feature([route("openai", "gpt-5.5")], hits: hits, requests: number)
        feature.inputTokens = max(0, number)
        feature.outputTokens = max(0, number)
        let row = feature.rows(target: .max).first
        #expect(row.map { ($0.cost ?? 0) >= 0 && ($0.costOf30Days ?? 0) >= 0 } == true)
    }
}
