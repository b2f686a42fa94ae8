/// Prices by model name, in nano-dollars per million tokens.
///
/// Source: the providers' price pages as collected by genai-prices 0.2.3 and LiteLLM's cost map 1.106.2, November 2026.
/// Models whose price depends on the prompt's length or the time of day are left out: an unknown price is shown as unknown.
package struct PriceTable: Sendable {
    private let prices: [String: TokenPrice]

    package init(_ prices: [String: TokenPrice]) { self.prices = prices }

    /// The price of `model`, also where the name ends with a date (`gpt-4o-2024-08-06`, `claude-haiku-4-5-20251001`).
    ///
    /// Nil where unknown. Anything else in a name (`-mini`, `-0613`) may mean another price.
    package subscript(model: String) -> TokenPrice? {
        if let price = prices[model] { return price }
        let parts = model.split(separator: "-", omittingEmptySubsequences: false)
        for lengths in [[8], [4, 2, 2]] {
            let date = parts.suffix(lengths.count)
            guard date.map(\.utf8.count) == lengths, date.allSatisfy(Self.isDigits) else { continue }
            return prices[parts.dropLast(lengths.count).joined(separator: "-")]
        }
        return nil
    }

    private static func isDigits(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    package static let shipped = PriceTable([
        "claude-opus-5": TokenPrice(
            input: 5_000_000_000,
            output: 25_000_000_000,
            cacheRead: 500_000_000,
            cacheWrite: 6_250_000_000
        ),
        "claude-opus-5-5": TokenPrice(
            input: 4_000_000_000,
            output: 20_000_000_000,
            cacheRead: 200_000_000,
            cacheWrite: 5_000_000_000
        ),
        "claude-sonnet-5": TokenPrice(
            input: 2_000_000_000,
            output: 10_000_000_000,
            cacheRead: 200_000_000,
            cacheWrite: 2_500_000_000
        ),
        "claude-sonnet-5-5": TokenPrice(
            input: 2_000_000_000,
            output: 10_000_000_000,
            cacheRead: 100_000_000,
            cacheWrite: 2_500_000_000
        ),
        "claude-sonnet-4-6": TokenPrice(
            input: 3_000_000_000,
            output: 15_000_000_000,
            cacheRead: 300_000_000,
            cacheWrite: 3_750_000_000
        ),
        "claude-haiku-4-5": TokenPrice(
            input: 1_000_000_000,
            output: 5_000_000_000,
            cacheRead: 100_000_000,
            cacheWrite: 1_250_000_000
        ),
        "claude-fable-5-1": TokenPrice(
            input: 10_000_000_000,
            output: 50_000_000_000,
            cacheRead: 250_000_000,
            cacheWrite: 12_500_000_000
        ),
        "gpt-5.6-terra": TokenPrice(
            input: 2_000_000_000,
            output: 12_000_000_000,
            cacheRead: 200_000_000,
            cacheWrite: 2_500_000_000
        ),
        "gpt-5.6-luna": TokenPrice(
            input: 200_000_000,
            output: 1_200_000_000,
            cacheRead: 20_000_000,
            cacheWrite: 250_000_000
        ),
        "gpt-5.4": TokenPrice(input: 2_500_000_000, output: 15_000_000_000, cacheRead: 250_000_000),
        "gpt-5.4-mini": TokenPrice(input: 750_000_000, output: 4_500_000_000, cacheRead: 75_000_000),
        "gpt-5.4-nano": TokenPrice(input: 200_000_000, output: 1_250_000_000, cacheRead: 20_000_000),
        "gpt-5": TokenPrice(input: 1_250_000_000, output: 10_000_000_000, cacheRead: 125_000_000),
        "gpt-5-mini": TokenPrice(input: 250_000_000, output: 2_000_000_000, cacheRead: 25_000_000),
        "gpt-5-nano": TokenPrice(input: 50_000_000, output: 400_000_000, cacheRead: 5_000_000),
        "gpt-4.1": TokenPrice(input: 2_000_000_000, output: 8_000_000_000, cacheRead: 500_000_000),
        "gpt-4.1-mini": TokenPrice(input: 400_000_000, output: 1_600_000_000, cacheRead: 100_000_000),
        "gpt-4.1-nano": TokenPrice(input: 100_000_000, output: 400_000_000, cacheRead: 25_000_000),
        "gpt-4o": TokenPrice(input: 2_500_000_000, output: 10_000_000_000, cacheRead: 1_250_000_000),
        "gpt-4o-2024-05-13": TokenPrice(input: 5_000_000_000, output: 15_000_000_000),
        "gpt-4o-mini": TokenPrice(input: 150_000_000, output: 600_000_000, cacheRead: 75_000_000),
        "gemini-2.5-flash": TokenPrice(input: 300_000_000, output: 2_500_000_000, cacheRead: 30_000_000),
        "gemini-2.5-flash-lite": TokenPrice(input: 100_000_000, output: 400_000_000, cacheRead: 10_000_000),
        "gemini-3.8-flash": TokenPrice(input: 750_000_000, output: 3_750_000_000, cacheRead: 75_000_000),
        "mistral-large-2512": TokenPrice(input: 500_000_000, output: 1_500_000_000, cacheRead: 50_000_000),
        "mistral-small-2603": TokenPrice(input: 150_000_000, output: 600_000_000, cacheRead: 15_000_000),
        "openai/gpt-oss-120b": TokenPrice(input: 150_000_000, output: 600_000_000, cacheRead: 75_000_000),
        "openai/gpt-oss-20b": TokenPrice(input: 75_000_000, output: 300_000_000, cacheRead: 37_500_000),
    ])
}
