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
}
