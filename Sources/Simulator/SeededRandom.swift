#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Random numbers that depend on the seed alone: SplitMix64 (Steele, Lea, Flood 2014).
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// The generator of one member of a sequence: whoever asks first, number 7 always draws the same.
    package init(seed: UInt64, ordinal: Int) {
        var mixer = SeededRandom(seed: UInt64(truncatingIfNeeded: ordinal) &* 0xD134_2543_DE82_EF95)
        state = seed ^ mixer.next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in 0 ..< 1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Exponential with mean 1: the gaps of a Poisson process of rate 1.
    package mutating func exponential() -> Double { -log(1 - unit()) }

    /// Lognormal with the given median; `sigma` is the standard deviation of its logarithm, 0 gives the median itself.
    package mutating func logNormal(median: Double, sigma: Double) -> Double {
        // Box-Muller; both draws happen whatever sigma is, so that a profile never shifts the rest of the sequence.
        let radius = (-2 * log(1 - unit())).squareRoot()
        let normal = radius * cos(2 * Double.pi * unit())
        return median * exp(sigma * normal)
    }

    /// One of `choices`, which must not be empty.
    package mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int(unit() * Double(choices.count))]
    }
}
