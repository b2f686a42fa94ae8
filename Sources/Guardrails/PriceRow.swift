/// One row of the price table: what a model's tokens cost from a day on, and who says so.
package struct PriceRow: Hashable, Sendable, Codable {
    /// Prices from a length of input on; the whole request costs them, not only what lies beyond.
    package struct Tier: Hashable, Sendable, Codable {
        /// Input tokens; one more, and the tier holds.
        package var above: Int
        package var price: TokenPrice

        package init(above: Int, price: TokenPrice) {
            self.above = above
            self.price = price
        }
    }

    /// Prefix in the config (`openai`, `groq`): one model may cost another price elsewhere.
    package var provider: String
    /// As the provider calls it, without the prefix.
    package var model: String
    package var price: TokenPrice
    /// Ascending.
    package var tiers: [Tier]
    /// First moment that it holds, UTC milliseconds; nil: since ever.
    package var from: Int64?
    /// First moment that it no longer holds; nil: until a later row.
    package var until: Int64?
    /// Hours of the UTC day in which it holds, such as `1..<4`; empty: all.
    package var hours: [Range<Int>]
    /// Longest input in tokens, where known.
    package var maxInputTokens: Int?
    /// Longest output in tokens, where known.
    package var maxOutputTokens: Int?
    /// Who says so, and when it was looked up.
    package var source: String

    package init(
        provider: String,
        model: String,
        price: TokenPrice,
        tiers: [Tier] = [],
        from: Int64? = nil,
        until: Int64? = nil,
        hours: [Range<Int>] = [],
        maxInputTokens: Int? = nil,
        maxOutputTokens: Int? = nil,
        source: String
    ) {
        self.provider = provider
        self.model = model
        self.price = price
        self.tiers = tiers.sorted { $0.above < $1.above }
        self.from = from
        self.until = until
        self.hours = hours
        self.maxInputTokens = maxInputTokens
        self.maxOutputTokens = maxOutputTokens
        self.source = source
    }

    /// The price that a request with so many input tokens is billed at.
    package func price(forInput tokens: Int) -> TokenPrice {
        tiers.last { tokens > $0.above }?.price ?? price
    }

    /// What an answer costs, in nano-dollars.
    package func cost(of counts: TokenCounts) -> Int64 {
        price(forInput: counts.totalInput).cost(of: counts)
    }

    /// The most that a request of so many tokens can cost, in nano-dollars.
    package func worstCost(input: Int, output: Int, longCache: Bool = false) -> Int64 {
        price(forInput: input).worstCost(input: input, output: output, longCache: longCache)
    }

    func holds(at milliseconds: Int64) -> Bool {
        guard milliseconds >= from ?? .min, until.map({ milliseconds < $0 }) ?? true else { return false }
        guard !hours.isEmpty else { return true }
        let ofDay = milliseconds % Guardrails.dayMilliseconds
        let hour = Int((ofDay < 0 ? ofDay + Guardrails.dayMilliseconds : ofDay) / 3_600_000)
        return hours.contains { $0.contains(hour) }
    }
}

/// What one model costs over time.
package struct PriceHistory: Hashable, Sendable {
    package let rows: [PriceRow]

    package init(_ rows: [PriceRow]) { self.rows = rows }

    /// One price for all time, as a config may set it for a deployment.
    package init(fixed price: TokenPrice, provider: String, model: String, source: String) {
        rows = [PriceRow(provider: provider, model: model, price: price, source: source)]
    }

    /// The row that holds at that moment (UTC milliseconds): of several the one for fewer hours, then the latest.
    ///
    /// Nil where the price of that time is unknown.
    package func row(at milliseconds: Int64) -> PriceRow? {
        rows.filter { $0.holds(at: milliseconds) }.max {
            ($0.hours.isEmpty ? 0 : 1, $0.from ?? .min) < ($1.hours.isEmpty ? 0 : 1, $1.from ?? .min)
        }
    }

    /// What an answer costs whose request was accepted then, in nano-dollars; nil where that is unknown.
    package func cost(of counts: TokenCounts?, at milliseconds: Int64) -> Int64? {
        guard let counts else { return nil }
        return row(at: milliseconds)?.cost(of: counts)
    }
}
