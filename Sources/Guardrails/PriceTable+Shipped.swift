extension PriceTable {
    /// The table that comes with the program.
    ///
    /// Prices, tiers, dates and hours: genai-prices 0.2.3, the collected price pages of the providers, agreeing with LiteLLM's
    /// cost map 1.106.2; longest inputs and outputs: that map. Both as of November 2026.
    package static let shipped = PriceTable(anthropic + openAI + others)

    private static let source = "genai-prices 0.2.3 and LiteLLM 1.106.2, 2026-11"

    /// Dollars per million tokens: input, output, read from the cache, written to it, written for an hour.
    private struct Dollars: ExpressibleByArrayLiteral {
        let price: TokenPrice

        init(arrayLiteral dollars: Double...) {
            // A nano-dollar more than half is far beyond what a Double loses here.
            let nano = dollars.map { Int64($0 * 1_000_000_000 + 0.5) }
            price = TokenPrice(
                input: nano[0],
                output: nano[1],
                cacheRead: nano.count > 2 ? nano[2] : nil,
                cacheWrite: nano.count > 3 ? nano[3] : nil,
                cacheWriteLong: nano.count > 4 ? nano[4] : nil
            )
        }
    }

    private static func row(
        _ provider: String,
        _ model: String,
        _ dollars: Dollars,
        above: Int = 0,
        _ tier: Dollars? = nil,
        from: Int64? = nil,
        hours: [Range<Int>] = [],
        input: Int,
        output: Int? = nil
    ) -> PriceRow {
        PriceRow(
            provider: provider,
            model: model,
            price: dollars.price,
            tiers: tier.map { [PriceRow.Tier(above: above, price: $0.price)] } ?? [],
            from: from,
            hours: hours,
            maxInputTokens: input,
            maxOutputTokens: output,
            source: source
        )
    }

    private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        Guardrails.utcMilliseconds(year: year, month: month, day: day)
    }

    private static func claude(
        _ model: String,
        _ dollars: Dollars,
        above: Int = 0,
        _ tier: Dollars? = nil,
        from: Int64? = nil,
        input: Int = 1_000_000,
        output: Int = 128_000
    ) -> PriceRow {
        row("anthropic", model, dollars, above: above, tier, from: from, input: input, output: output)
    }

    private static let anthropic = [
        claude("claude-opus-5", [5, 25, 0.5, 6.25, 10]),
        claude("claude-opus-5-5", [4, 20, 0.2, 5, 8]),
        claude("claude-sonnet-5", [2, 10, 0.2, 2.5, 4]),
        claude("claude-sonnet-5-5", [2, 10, 0.1, 2.5, 4]),
        claude("claude-sonnet-4-6", [3, 15, 0.3, 3.75, 6], above: 200_000, [6, 22.5, 0.6, 7.5, 12]),
        // The premium for long inputs ended.
        claude("claude-sonnet-4-6", [3, 15, 0.3, 3.75, 6], from: day(2026, 3, 13)),
        claude(
            "claude-sonnet-4-5",
            [3, 15, 0.3, 3.75, 6],
            above: 200_000,
            [6, 22.5, 0.6, 7.5, 12],
            input: 200_000,
            output: 64_000
        ),
        claude("claude-haiku-4-5", [1, 5, 0.1, 1.25, 2], input: 200_000, output: 64_000),
        claude("claude-haiku-5-5", [0.1, 0.5, 0.01, 0.125, 0.2], above: 100_000, [0.5, 2.5, 0.05, 0.625, 1]),
        claude("claude-fable-5-1", [10, 50, 0.25, 12.5, 20]),
    ]

    private static func gpt(
        _ model: String,
        _ dollars: Dollars,
        above272k tier: Dollars? = nil,
        from: Int64? = nil,
        input: Int,
        output: Int = 128_000
    ) -> PriceRow {
        row("openai", model, dollars, above: 272_000, tier, from: from, input: input, output: output)
    }

    private static let openAI = [
        gpt("gpt-5.6-sol", [5, 30, 0.5, 6.25], above272k: [10, 45, 1, 12.5], input: 922_000),
        gpt("gpt-5.6-sol", [4, 20, 0.4, 5], above272k: [8, 30, 0.8, 10], from: day(2026, 8, 21), input: 922_000),
        gpt("gpt-5.6-terra", [2.5, 15, 0.25, 3.125], above272k: [5, 22.5, 0.5, 6.25], input: 922_000),
        gpt("gpt-5.6-terra", [2, 12, 0.2, 2.5], above272k: [4, 18, 0.4, 5], from: day(2026, 7, 30), input: 922_000),
        gpt("gpt-5.6-luna", [1, 6, 0.1, 1.25], above272k: [2, 9, 0.2, 2.5], input: 922_000),
        gpt(
            "gpt-5.6-luna",
            [0.2, 1.2, 0.02, 0.25],
            above272k: [0.4, 1.8, 0.04, 0.5],
            from: day(2026, 7, 30),
            input: 922_000
        ),
        gpt("gpt-5.5", [5, 30, 0.5], above272k: [10, 45, 1], input: 1_050_000),
        gpt("gpt-5.4", [2.5, 15, 0.25], above272k: [5, 22.5, 0.5], input: 1_050_000),
        gpt("gpt-5.4-mini", [0.75, 4.5, 0.075], input: 272_000),
        gpt("gpt-5.4-nano", [0.2, 1.25, 0.02], input: 272_000),
        gpt("gpt-5", [1.25, 10, 0.125], input: 272_000),
        gpt("gpt-5-mini", [0.25, 2, 0.025], input: 272_000),
        gpt("gpt-5-nano", [0.05, 0.4, 0.005], input: 272_000),
        gpt("gpt-4.1", [2, 8, 0.5], input: 1_047_576, output: 32_768),
        gpt("gpt-4.1-mini", [0.4, 1.6, 0.1], input: 1_047_576, output: 32_768),
        gpt("gpt-4.1-nano", [0.1, 0.4, 0.025], input: 1_047_576, output: 32_768),
        gpt("gpt-4o", [2.5, 10, 1.25], input: 128_000, output: 16_384),
        gpt("gpt-4o-2024-05-13", [5, 15], input: 128_000, output: 4_096),
        gpt("gpt-4o-mini", [0.15, 0.6, 0.075], input: 128_000, output: 16_384),
        row("openai", "text-embedding-3-small", [0.02, 0], input: 8_191),
        row("openai", "text-embedding-3-large", [0.13, 0], input: 8_191),
    ]

    private static func gemini(
        _ model: String,
        _ dollars: Dollars,
        above200k tier: Dollars? = nil,
        from: Int64? = nil
    ) -> PriceRow {
        row("gemini", model, dollars, above: 200_000, tier, from: from, input: 1_048_576, output: 65_536)
    }

    private static func deepseek(_ dollars: Dollars, from: Int64?, hours: [Range<Int>] = []) -> PriceRow {
        row("deepseek", "deepseek-v4-pro", dollars, from: from, hours: hours, input: 1_000_000, output: 393_216)
    }

    private static let others = [
        gemini("gemini-2.5-pro", [1.25, 10, 0.125], above200k: [2.5, 15, 0.25]),
        gemini("gemini-2.5-flash", [0.3, 2.5, 0.03]),
        gemini("gemini-2.5-flash-lite", [0.1, 0.4, 0.01]),
        gemini("gemini-3.8-flash", [0.75, 3.75, 0.075]),
        gemini("gemini-3.8-flash", [1.5, 7.5, 0.15], from: day(2027, 1, 1)),
        row("mistral", "mistral-large-2512", [0.5, 1.5, 0.05], input: 262_144, output: 262_144),
        row("mistral", "mistral-small-2603", [0.15, 0.6, 0.015], input: 262_144, output: 262_144),
        row("groq", "openai/gpt-oss-120b", [0.15, 0.6, 0.075], input: 131_072, output: 65_536),
        row("groq", "openai/gpt-oss-20b", [0.075, 0.3, 0.0375], input: 131_072, output: 65_536),
        deepseek([0.435, 0.87, 0.003625], from: nil),
        deepseek([0.66, 1.98, 0.022], from: day(2026, 8, 17)),
        // Peak hours; since 2026-08-23 not on Beijing's weekends, when this is an upper bound.
        deepseek([1.32, 3.96, 0.044], from: day(2026, 8, 17), hours: [1..<4, 6..<10]),
    ]
}
