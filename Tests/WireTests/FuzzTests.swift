import Foundation
import Testing

@testable import Wire

/// Nothing that comes over the wire may trap: every parser, on real texts with bytes changed and on noise.
struct FuzzTests {
    /// For a long run, set `NINES_FUZZ_ROUNDS`, as `AnthropicFuzzTests` does.
    private static let rounds = ProcessInfo.processInfo.environment["NINES_FUZZ_ROUNDS"].flatMap(Int.init) ?? 2_000

    static let seeds = [
        #"{"model":"m","messages":[{"role":"user","content":"h\u00e9\ud83d\ude00"}],"stream":true,"metadata":{"tags":["a"]},"max_tokens":5}"#,
        #"{"id":"c","choices":[{"index":0,"delta":{"content":"x","tool_calls":[{"index":0}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":1}}}"#,
        #"{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}],"metadata":{"flagged_input":"x"}}}"#,
        "event: x\r\ndata: {\"a\":1}\r\n\r\n: c\n\ndata: [DONE]\n\n", "Sun, 06 Nov 1994 08:49:37 GMT",
        "Bearer sk-abc123 eyJhbGci", "1e5",
    ]

    @Test(arguments: 0..<4) func nothingTraps(lane: Int) {
        var random = Seeded(UInt64(100 + lane))
        for _ in 0..<Self.rounds {
            var bytes = Array(random.pick(Self.seeds).utf8)
            for _ in 0...random.below(3) { bytes = mutated(bytes, &random, alphabet: #"{}[]",:\u dataerro019-+.eE*"#) }
            if random.below(4) == 0 { bytes = bytes.map { random.below(20) == 0 ? UInt8(random.below(256)) : $0 } }
            if random.below(4) == 0 { bytes = Array(bytes.prefix(random.below(bytes.count + 1))) }
            read(bytes, &random)
        }
    }

    private func read(_ bytes: [UInt8], _ random: inout Seeded) {
        if let request = try? ChatRequest(bytes) { #expect((try? ChatRequest(request.body(model: "n"))) != nil) }
        if let answer = try? ChatAnswer(bytes) { #expect(answer.finished.isSubset(of: answer.choices)) }
        _ = ProviderErrorBody(bytes)
        var stream = EventStream(limit: 64)
        _ = try? stream.feed(bytes)
        let text = bytes.asText
        #expect(redacted(text, secrets: ["abc1", "model"], limit: 40).unicodeScalars.count <= 40)
        let wait = retryAfter(now: Int64(random.below(2_000_000_000))) { $0 == "retry-after" ? text : nil }
        #expect(wait.map { $0 >= .zero } ?? true)
    }
}
