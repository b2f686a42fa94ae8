import Testing

@testable import Guardrails

struct TokenPriceTests {
    /// One dollar a million tokens in, ten out, a tenth for what is read from the cache, a quarter more for what is written.
    static let price = TokenPrice(
        input: 1_000_000_000,
        output: 10_000_000_000,
        cacheRead: 100_000_000,
        cacheWrite: 1_250_000_000
    )

    @Test(
        "what an answer costs, in nano-dollars",
        arguments: [
            // input, output, read, written
            (0, 0, 0, 0, 0), (1, 0, 0, 0, 1_000), (0, 1, 0, 0, 10_000), (1_000, 500, 0, 0, 6_000_000),
            (1_000, 0, 1_000, 0, 100_000), (1_000, 0, 400, 0, 640_000), (1_000, 0, 0, 1_000, 1_250_000),
            (1_000, 0, 400, 200, 690_000), (1_000_000, 1_000_000, 0, 0, 11_000_000_000),
            // More from the cache than there was input: that alone counts.
            (100, 0, 400, 200, 290_000),
            (-5, -5, -5, -5, 0), (-5, 1, 0, 0, 10_000), (1_000, 0, -400, 0, 1_000_000),
        ] as [(Int, Int, Int, Int, Int64)]
    )
    func cost(input: Int, output: Int, read: Int, written: Int, expected: Int64) {
        #expect(Self.price.cost(input: input, output: output, cacheRead: read, cacheWrite: written) == expected)
    }

    @Test(
        "rounded once, half up",
        arguments: [
            // nano-dollars per million tokens in and out, tokens in and out
            (499_999, 0, 1, 0, 0), (500_000, 0, 1, 0, 1), (1_499_999, 0, 1, 0, 1), (1_500_000, 0, 1, 0, 2),
            // Each part alone would be rounded down, or up.
            (400_000, 400_000, 1, 1, 1), (600_000, 600_000, 1, 1, 1), (250_000, 250_000, 1, 1, 1),
            (250_000, 249_999, 1, 1, 0),
            (37_500_000, 0, 1, 0, 38), (37_500_000, 0, 3, 0, 113),
        ] as [(Int64, Int64, Int, Int, Int64)]
    )
    func rounding(input: Int64, output: Int64, tokensIn: Int, tokensOut: Int, expected: Int64) {
        #expect(TokenPrice(input: input, output: output).cost(input: tokensIn, output: tokensOut) == expected)
    }

    @Test("extremes are bounded, never trap", arguments: [Int.max, Int.min], [Int64.max, Int64.min])
    func extremes(count: Int, price: Int64) {
        let price = TokenPrice(input: price, output: price, cacheRead: price, cacheWrite: price)
        let most = count > 0 && price.input > 0
        for (read, written) in [(count, count), (0, 0), (count, 0), (0, count), (-1, count)] {
            #expect(price.cost(input: count, output: count, cacheRead: read, cacheWrite: written) == (most ? .max : 0))
            #expect(price.cost(input: 0, output: 0, cacheRead: read, cacheWrite: written) >= 0)
        }
    }

    @Test func withoutACachePriceTheInputsCounts() {
        let plain = TokenPrice(input: 7_000_000, output: 1)
        #expect(plain.cacheRead == 7_000_000 && plain.cacheWrite == 7_000_000)
        #expect(plain.cost(input: 10, output: 0, cacheRead: 4, cacheWrite: 3) == plain.cost(input: 10, output: 0))
    }
}
