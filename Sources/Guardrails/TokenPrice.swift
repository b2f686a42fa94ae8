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

    /// What one answer costs, in nano-dollars, rounded once (half up).
    ///
    /// `input` is all input tokens, those read from or written to the provider's cache included; where more were read and
    /// written than that, they alone count. Counts and prices below 0 count as 0; the result is bounded by `Int64`.
    package func cost(input: Int, output: Int, cacheRead: Int = 0, cacheWrite: Int = 0) -> Int64 {
        let (input, read, written) = (Self.magnitude(input), Self.magnitude(cacheRead), Self.magnitude(cacheWrite))
        let cached = read + written
        let plain = input > cached ? input - cached : 0
        let terms = [
            (plain, self.input), (read, self.cacheRead), (written, self.cacheWrite),
            (Self.magnitude(output), self.output),
        ]
        // Four products of 63 bits each fit.
        let sum = terms.reduce(UInt128(0)) { $0 + $1.0 * Self.magnitude(Int($1.1)) }
        return Int64(clamping: (sum + 500_000) / 1_000_000)
    }

    private static func magnitude(_ count: Int) -> UInt128 { UInt128(max(0, count)) }
}
