import Testing

@testable import Guardrails

struct PriceTableTests {
    static let table = PriceTable([
        "gpt-4o": TokenPrice(input: 1, output: 1), "gpt-4o-2024-05-13": TokenPrice(input: 2, output: 2),
        "claude-haiku-4-5": TokenPrice(input: 3, output: 3), "mistral-large-2512": TokenPrice(input: 4, output: 4),
        "openai/gpt-oss-20b": TokenPrice(input: 5, output: 5), "gpt-5": TokenPrice(input: 6, output: 6),
        "": TokenPrice(input: 7, output: 7),
    ])

    @Test(
        "a dated name costs what the name costs, any other unknown name is unknown",
        arguments: [
            ("gpt-4o", 1), ("gpt-4o-2024-08-06", 1), ("gpt-4o-2024-05-13", 2), ("claude-haiku-4-5", 3),
            ("claude-haiku-4-5-20251001", 3), ("mistral-large-2512", 4), ("openai/gpt-oss-20b", 5),
            ("gpt-5-2025-08-07", 6),
            ("gpt-4o-mini", nil), ("gpt-4o-0613", nil), ("gpt-4o-latest", nil), ("gpt-5-2025-08-07-mini", nil),
            ("gpt-5-0815-mini", nil),
            ("mistral-large-2411", nil), ("mistral-large", nil), ("gpt-4o-2024", nil), ("gpt-4o-2024-08", nil),
            ("gpt-4o-24-08-06", nil),
            ("gpt--4o-2024-08-06", nil), ("gpt-4o-", nil), ("GPT-4o", nil), ("ft:gpt-4o-2024-08-06:acme", nil),
            ("-20251001", 7), ("20251001", 7),
            ("gpt-4o-٢٠٢٤-٠٨-٠٦", nil), ("claude-haiku-4-5@20251001", nil), ("2024-08-06", 7), ("-", nil),
        ] as [(String, Int64?)]
    )
    func lookup(model: String, input: Int64?) { #expect(Self.table[model]?.input == input) }

    /// Dollars per million tokens, as the providers' pages say: in, out, read from the cache, written to it.
    @Test(
        "the shipped prices",
        arguments: [
            ("claude-opus-5", 5, 25, 0.50, 6.25), ("claude-opus-5-5", 4, 20, 0.20, 5),
            ("claude-sonnet-5", 2, 10, 0.20, 2.50),
            ("claude-sonnet-5-5", 2, 10, 0.10, 2.50), ("claude-sonnet-4-6", 3, 15, 0.30, 3.75),
            ("claude-haiku-4-5", 1, 5, 0.10, 1.25),
            ("claude-fable-5-1", 10, 50, 0.25, 12.5), ("gpt-5.6-terra", 2, 12, 0.20, 2.50),
            ("gpt-5.6-luna", 0.20, 1.20, 0.02, 0.25),
            ("gpt-5.4", 2.5, 15, 0.25, 2.5), ("gpt-5.4-mini", 0.75, 4.5, 0.075, 0.75),
            ("gpt-5.4-nano", 0.20, 1.25, 0.02, 0.20),
            ("gpt-5", 1.25, 10, 0.125, 1.25), ("gpt-5-mini", 0.25, 2, 0.025, 0.25),
            ("gpt-5-nano", 0.05, 0.40, 0.005, 0.05),
            ("gpt-4.1", 2, 8, 0.5, 2), ("gpt-4.1-mini", 0.4, 1.6, 0.1, 0.4), ("gpt-4.1-nano", 0.1, 0.4, 0.025, 0.1),
            ("gpt-4o", 2.5, 10, 1.25, 2.5), ("gpt-4o-mini", 0.15, 0.6, 0.075, 0.15),
            ("gemini-2.5-flash", 0.30, 2.5, 0.03, 0.30),
            ("gemini-2.5-flash-lite", 0.10, 0.4, 0.01, 0.10), ("gemini-3.8-flash", 0.75, 3.75, 0.075, 0.75),
            ("mistral-large-2512", 0.5, 1.5, 0.05, 0.5),
            ("mistral-small-2603", 0.15, 0.6, 0.015, 0.15), ("openai/gpt-oss-120b", 0.15, 0.6, 0.075, 0.15),
            ("openai/gpt-oss-20b", 0.075, 0.3, 0.0375, 0.075),
        ] as [(String, Double, Double, Double, Double)]
    )
    func shipped(model: String, input: Double, output: Double, read: Double, written: Double) throws {
        let price = try #require(PriceTable.shipped[model])
        let nano = { (dollars: Double) in Int64((dollars * 1_000_000_000).rounded()) }
        #expect(
            price
                == TokenPrice(
                    input: nano(input),
                    output: nano(output),
                    cacheRead: nano(read),
                    cacheWrite: nano(written)
                )
        )
    }

    @Test(
        "a price that depends on the prompt's length is left out",
        arguments: [
            "gpt-5.6-sol", "gpt-5.5", "gemini-2.5-pro", "claude-sonnet-4-5", "claude-haiku-5-5", "deepseek-v4-pro",
        ]
    )
    func tiered(model: String) { #expect(PriceTable.shipped[model] == nil) }
}
