import Settings
import Testing

struct FuzzTests {
    /// Whatever becomes of a file, it is answered with diagnostics inside it.
    @Test("mutated files never crash", arguments: 1...4)
    func mutations(seed: UInt64) {
        let origins = [starterConfig, tutorial, oneDeployment].map { Array($0.utf8) }
        var random = SplitMix(state: seed)
        for _ in 0..<600 {
            var bytes = origins[Int.random(in: 0..<origins.count, using: &random)]
            for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
            let text = String(decoding: bytes, as: UTF8.self)
            let count = text.unicodeScalars.count { $0 == "\n" } + 1
            let loaded = load(text, purpose: .serve)
            for diagnostic in loaded.diagnostics {
                #expect((1...count).contains(diagnostic.line) && diagnostic.column >= 1, "\(diagnostic)")
            }
            #expect((loaded.config == nil) == loaded.diagnostics.contains { $0.severity == .error })
        }
    }

    @Test(
        "deep and wide files are answered",
        arguments: [
            String(repeating: "[", count: 20_000),
            String(repeating: "{a: ", count: 3_000),
            String(repeating: "- ", count: 5_000) + "a",
            (0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
                + (1...9).map {
                    "\(Character(UnicodeScalar(97 + $0)!)): &\(Character(UnicodeScalar(97 + $0)!)) ["
                        + Array(repeating: "*\(Character(UnicodeScalar(96 + $0)!))", count: 9).joined(separator: ",")
                        + "]\n"
                }.joined(),
        ]
    )
    func extremes(text: String) {
        let loaded = load(text)
        #expect(loaded.config == nil && !loaded.diagnostics.isEmpty)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(Array("\t[]{}:#&*!|>'\"%@-\r\n".utf8).randomElement(using: &random) ?? 0, at: index)
        case 3: bytes.removeSubrange(index..<min(bytes.count, index + 20))
        default:
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let line = Int.random(in: 0..<lines.count, using: &random)
            lines.insert(lines[line], at: Int.random(in: 0...lines.count, using: &random))
            bytes = Array(lines.joined(separator: [0x0A]))
        }
    }
}

/// Steele, Lea and Flood's SplitMix64: the same numbers on every machine.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
