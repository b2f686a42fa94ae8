/// What a model's tokens cost, in nano-dollars per million tokens (one dollar a million is 1,000,000,000).
package struct TokenPrice: Hashable, Sendable {
    package var input: Int64
    package var output: Int64
    /// Input read from the provider's prompt cache.
    package var cacheRead: Int64
    /// Input written to it.
    package var cacheWrite: Int64

    package init(input: Int64, output: Int64, cacheRead: Int64? = nil, cacheWrite: Int64? = nil) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead ?? input
        self.cacheWrite = cacheWrite ?? input
    }

    /// What one answer costs, in nano-dollars, rounded once.
    ///
    /// Counts below 0 count as 0; the result is bounded by `Int64`.
    ///
    /// `input` is all input tokens, those read from or written to the provider's cache included.
    package func cost(input: Int, output: Int, cacheRead: Int = 0, cacheWrite: Int = 0) -> Int64 {
        let read = max(0, cacheRead)
        let written = max(0, cacheWrite)
        let plain = max(0, max(0, input) - read - written)
        let terms: [(Int, Int64)] = [
            (plain, self.input), (read, self.cacheRead), (written, self.cacheWrite), (max(0, output), self.output),
        ]
        let sum = terms.reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1) }
        return Int64(clamping: (sum + 500_000) / 1_000_000)
    }
}
