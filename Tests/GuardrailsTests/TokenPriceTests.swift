import Testing

@testable import Guardrails

struct TokenPriceTests {
    /// One dollar a million tokens in, ten out, a tenth for what is read from the cache, a quarter more for what is written,
    /// twice as much where it is kept for an hour.
    static let price = TokenPrice(
        input: 1_000_000_000,
        output: 10_000_000_000,
        cacheRead: 100_000_000,
        cacheWrite: 1_250_000_000,
        cacheWriteLong: 2_000_000_000
    )

    @Test(
        "what an answer costs, in nano-dollars",
        arguments: [
            // input, output, read, written, written for an hour
            (0, 0, 0, 0, 0, 0), (1, 0, 0, 0, 0, 1_000), (0, 1, 0, 0, 0, 10_000), (1_000, 500, 0, 0, 0, 6_000_000),
            (1_000, 0, 1_000, 0, 0, 100_000), (1_000, 0, 400, 0, 0, 640_000), (1_000, 0, 0, 1_000, 0, 1_250_000),
            (1_000, 0, 0, 0, 1_000, 2_000_000), (1_000, 0, 400, 200, 0, 690_000), (1_000, 0, 400, 200, 100, 790_000),
            (1_000_000, 1_000_000, 0, 0, 0, 11_000_000_000),
            // More from the cache than there was input: that alone counts.
            (100, 0, 400, 200, 0, 290_000),
        ] as [(Int, Int, Int, Int, Int, Int64)]
    )
    func cost(input: Int, output: Int, read: Int, written: Int, long: Int, expected: Int64) throws {
        let counts = TokenCounts(
            input: input,
            output: output,
            cacheRead: read,
            cacheWrite: written,
            cacheWriteLong: long
        )
        #expect(Self.price.cost(of: try #require(counts)) == expected)
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
    func rounding(input: Int64, output: Int64, tokensIn: Int, tokensOut: Int, expected: Int64) throws {
        let counts = try #require(TokenCounts(input: tokensIn, output: tokensOut))
        #expect(TokenPrice(input: input, output: output).cost(of: counts) == expected)
    }

    @Test("a count below zero is no report", arguments: 0..<6)
    func negative(place: Int) {
        var counts = [Int](repeating: 1, count: 6)
        for wrong in [-1, Int.min] {
            counts[place] = wrong
            let report = TokenCounts(
                input: counts[0],
                output: counts[1],
                cacheRead: counts[2],
                cacheWrite: counts[3],
                cacheWriteLong: counts[4],
                reasoning: counts[5]
            )
            #expect(report == nil)
        }
    }

    @Test(
        "extremes are bounded, never trap",
        arguments: [0, 1, Int.max - 1, Int.max],
        [Int64.max, 1, 0, -1, Int64.min]
    )
    func extremes(count: Int, price: Int64) throws {
        let price = TokenPrice(input: price, output: price)
        for flags in 0..<64 {
            func pick(_ bit: Int) -> Int { flags & 1 << bit == 0 ? 0 : count }
            let counts = try #require(
                TokenCounts(
                    input: pick(0),
                    output: pick(1),
                    cacheRead: pick(2),
                    cacheWrite: pick(3),
                    cacheWriteLong: pick(4),
                    reasoning: pick(5)
                )
            )
            let cost = price.cost(of: counts)
            let isAbsurd = count > 1 && price.input == .max && flags != 0
            #expect(isAbsurd ? cost == .max : cost >= 0)
            let row = PriceRow(
                provider: "",
                model: "",
                price: price,
                tiers: [.init(above: 5, price: price)],
                source: ""
            )
            #expect(row.cost(of: counts) == cost)
        }
        #expect(price.worstCost(input: count, output: count, longCache: true) >= 0)
    }

    /// Exact against sums of `UInt128` by hand, on random counts and prices that a bill may hold.
    @Test func exactOnRandomBills() throws {
        var random = Seeded(1)
        for _ in 0..<2_000 {
            let prices = (0..<4).map { _ in Int64.random(in: 0...1_000_000_000_000, using: &random) }
            let price = TokenPrice(input: prices[0], output: prices[1], cacheRead: prices[2], cacheWrite: prices[3])
            let read = Int.random(in: 0...1_000_000, using: &random)
            let written = Int.random(in: 0...1_000_000, using: &random)
            let plain = Int.random(in: 0...1_000_000, using: &random)
            let output = Int.random(in: 0...1_000_000, using: &random)
            let counts = try #require(
                TokenCounts(input: plain + read + written, output: output, cacheRead: read, cacheWrite: written)
            )
            let terms = zip([plain, output, read, written], prices).map { Int128($0) * Int128($1) }
            let twice = terms.reduce(0, +) * 2
            let cost = Int128(price.cost(of: counts)) * 2_000_000
            #expect(cost - twice <= 1_000_000 && twice - cost < 1_000_000)
        }
    }

    @Test func withoutAPriceOfItsOwnAClassCostsItsKinds() throws {
        let plain = TokenPrice(input: 7_000_000, output: 3)
        #expect([plain.cacheRead, plain.cacheWrite, plain.cacheWriteLong] == [7_000_000, 7_000_000, 7_000_000])
        #expect(plain.reasoning == 3)
        #expect(TokenPrice(input: 1, output: 1, cacheWrite: 9).cacheWriteLong == 9)
    }

    @Test func reasoningWithItsOwnPrice() throws {
        let price = TokenPrice(input: 0, output: 1_000_000, reasoning: 3_000_000)
        #expect(price.cost(of: try #require(TokenCounts(input: 0, output: 10, reasoning: 4))) == 6 + 12)
        #expect(price.cost(of: try #require(TokenCounts(input: 0, output: 3, reasoning: 4))) == 12)
    }

    @Test("no answer costs more than the worst case", arguments: [false, true])
    func worstCase(longCache: Bool) throws {
        var random = Seeded(1)
        for _ in 0..<500 {
            let input = Int.random(in: 0...10_000, using: &random)
            let read = Int.random(in: 0...input, using: &random)
            let written = Int.random(in: 0...(input - read), using: &random)
            let long = longCache ? Int.random(in: 0...(input - read - written), using: &random) : 0
            let counts = TokenCounts(
                input: input,
                output: 100,
                cacheRead: read,
                cacheWrite: written,
                cacheWriteLong: long
            )
            let worst = Self.price.worstCost(input: input, output: 100, longCache: longCache)
            #expect(Self.price.cost(of: try #require(counts)) <= worst)
        }
    }
}
