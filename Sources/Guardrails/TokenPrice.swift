/// What a model's tokens cost, in nano-dollars per million tokens (one dollar a million is 1,000,000,000).
///
/// Absolute by class: what a read from the cache costs next to plain input differs from model to model.
package struct TokenPrice: Hashable, Sendable, Codable {
    package var input: Int64
    package var output: Int64
    /// Input read from the provider's prompt cache.
    package var cacheRead: Int64
    /// Input written to it for five minutes, or for the one lifetime that the provider has.
    package var cacheWrite: Int64
    /// Input written to it for an hour.
    package var cacheWriteLong: Int64
    /// Output that the client doesn't see.
    package var reasoning: Int64

    /// A class without a price of its own costs what its kind costs: cached input as input, reasoning as output.
    package init(
        input: Int64,
        output: Int64,
        cacheRead: Int64? = nil,
        cacheWrite: Int64? = nil,
        cacheWriteLong: Int64? = nil,
        reasoning: Int64? = nil
    ) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead ?? input
        self.cacheWrite = cacheWrite ?? input
        self.cacheWriteLong = cacheWriteLong ?? cacheWrite ?? input
        self.reasoning = reasoning ?? output
    }

    /// What one answer costs, in nano-dollars, rounded once (half up).
    ///
    /// Where more was read and written than `counts.input` says, that alone counts; likewise reasoning and output. Prices
    /// below 0 count as 0; the result is bounded by `Int64`.
    package func cost(of counts: TokenCounts) -> Int64 {
        let terms = [
            (counts.plainInput, input), (counts.cacheRead, cacheRead), (counts.cacheWrite, cacheWrite),
            (counts.cacheWriteLong, cacheWriteLong), (max(0, counts.output - counts.reasoning), output),
            (counts.reasoning, reasoning),
        ]
        var sum: UInt128 = 0
        for (count, price) in terms where price > 0 {
            let (next, overflow) = sum.addingReportingOverflow(UInt128(count) * UInt128(price))
            sum = overflow ? .max : next
        }
        return Int64(clamping: sum / 1_000_000 + (sum % 1_000_000 >= 500_000 ? 1 : 0))
    }

    /// The most that a request of so many tokens can cost: nothing read from the cache, and all input written to it where
    /// writing costs more.
    ///
    /// `longCache` says that the request may ask for an hour in the provider's cache.
    package func worstCost(input: Int, output: Int, longCache: Bool = false) -> Int64 {
        let dearest = max(self.input, cacheWrite, longCache ? cacheWriteLong : 0)
        let price = TokenPrice(input: dearest, output: max(self.output, reasoning))
        return TokenCounts(input: max(0, input), output: max(0, output)).map(price.cost(of:)) ?? 0
    }
}
