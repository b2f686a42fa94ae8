/// Tokens of one answer by class, as a provider reports them.
package struct TokenCounts: Hashable, Sendable {
    /// All input, what was read from or written to the provider's cache included.
    package let input: Int
    /// All output, reasoning included.
    package let output: Int
    package let cacheRead: Int
    /// Written for five minutes, or for the one lifetime that the provider has.
    package let cacheWrite: Int
    /// Written for an hour.
    package let cacheWriteLong: Int
    package let reasoning: Int

    /// Nil where a count is below zero: such a report is no report, and its cost is unknown.
    package init?(
        input: Int,
        output: Int,
        cacheRead: Int = 0,
        cacheWrite: Int = 0,
        cacheWriteLong: Int = 0,
        reasoning: Int = 0
    ) {
        guard min(input, output, cacheRead, cacheWrite, cacheWriteLong, reasoning) >= 0 else { return nil }
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.cacheWriteLong = cacheWriteLong
        self.reasoning = reasoning
    }

    /// All input, also where a provider's total leaves out its cache; held at `Int.max`.
    package var totalInput: Int { max(input, cached) }

    /// Input that has nothing to do with the cache.
    var plainInput: Int { max(0, input - cached) }

    private var cached: Int {
        [cacheWrite, cacheWriteLong].reduce(cacheRead) { sum, count in
            let (next, overflow) = sum.addingReportingOverflow(count)
            return overflow ? .max : next
        }
    }
}
