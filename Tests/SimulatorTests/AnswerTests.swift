import Foundation
import NIOCore
import Testing

@testable import Simulator

/// What a healthy provider puts on the wire.
struct AnswerTests {
    @Test func documentHasTheShapeOfOpenAI() async throws {
        try await withProvider { provider in
            let answer = try provider.ask(chat())
            #expect(answer.status == 200)
            #expect(answer.end == .closed && answer.isWhole)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.headers["x-request-id"] == "req_simulated7x0")
            #expect(answer.document["object"] as? String == "chat.completion")
            #expect(answer.document["model"] as? String == "m-1-simulated")
            #expect(answer.document["system_fingerprint"] as? String == "fp_simulated")
            #expect(answer.text?.hasSuffix(".") == false || answer.text?.isEmpty == false)
            #expect(answer.finish == "stop")
            #expect(answer.usage["prompt_tokens"] as? Int == 5)
            #expect(answer.usage["completion_tokens"] as? Int == 16)
            #expect(answer.usage["total_tokens"] as? Int == 21)
        }
    }

    @Test func streamGivesRoleThenContentThenFinish() async throws {
        try await withProvider { provider in
            let answer = try provider.ask(chat(stream: true))
            #expect(answer.status == 200 && answer.isWhole)
            #expect(answer.headers["content-type"] == "text/event-stream; charset=utf-8")
            #expect(answer.events.first?.contains(#""delta":{"role":"assistant","content":"","refusal":null}"#) == true)
            #expect(answer.pieces.count == 16)
            #expect(answer.finishes == ["stop"])
            #expect(answer.events.last == "[DONE]")
            #expect(!answer.body.contains("usage"))
        }
    }

    @Test func streamAndDocumentOfOneArrivalSayTheSame() async throws {
        var texts: [String] = []
        for streams in [true, false] {
            try await withProvider { provider in
                let answer = try provider.ask(chat(stream: streams))
                texts.append(answer.text ?? answer.pieces.joined())
            }
        }
        #expect(texts[0] == texts[1])
    }

    @Test func usageChunkComesOnlyWhenAskedFor() async throws {
        try await withProvider { provider in
            let answer = try provider.ask(chat(stream: true, extra: #","stream_options":{"include_usage":true}"#))
            let last = try #require(answer.documents.last)
            #expect((last["choices"] as? [Any])?.isEmpty == true)
            #expect((last["usage"] as? [String: Any])?["completion_tokens"] as? Int == 16)
            #expect(answer.documents.dropLast().allSatisfy { $0["usage"] is NSNull })
        }
    }

    @Test(arguments: ["max_tokens", "max_completion_tokens"])
    func tokenLimitCutsTheAnswer(field: String) async throws {
        try await withProvider { provider in
            let document = try provider.ask(chat(extra: #","\#(field)":5"#))
            #expect(document.finish == "length")
            #expect(document.usage["completion_tokens"] as? Int == 5)
            let stream = try provider.ask(chat(stream: true, extra: #","\#(field)":5"#))
            #expect(stream.pieces.count == 5 && stream.finishes == ["length"])
        }
    }

    @Test func wantedJSONIsJSON() async throws {
        try await withProvider { provider in
            let answer = try provider.ask(chat(extra: #","response_format":{"type":"json_object"}"#))
            let document = WireAnswer.object(answer.text ?? "")
            #expect(document?["simulated"] as? Bool == true)
        }
    }

    @Test func anthropicDocumentAndStream() async throws {
        try await withProvider(.checked(.anthropic)) { provider in
            let document = try provider.ask(message())
            #expect(document.headers["request-id"] == "req_simulated7x0")
            #expect(document.document["stop_reason"] as? String == "end_turn")
            #expect(document.usage["output_tokens"] as? Int == 16)

            let stream = try provider.ask(message(stream: true))
            let types = stream.documents.compactMap { $0["type"] as? String }
            #expect(types.prefix(3) == ["message_start", "content_block_start", "ping"])
            #expect(types.dropFirst(3).prefix(16).allSatisfy { $0 == "content_block_delta" })
            #expect(types.suffix(3) == ["content_block_stop", "message_delta", "message_stop"])
            #expect(stream.body.components(separatedBy: "\n").filter { $0.hasPrefix("event: ") }.count == types.count)
        }
    }

    @Test func embeddingsAreUnitVectorsOfTheText() async throws {
        try await withProvider { provider in
            let answer = try provider.ask(
                post("/v1/embeddings", #"{"model":"e","input":["a","b","a"],"dimensions":8}"#)
            )
            let rows = (answer.document["data"] as? [[String: Any]] ?? []).compactMap { $0["embedding"] as? [Double] }
            #expect(rows.count == 3 && rows.allSatisfy { $0.count == 8 })
            #expect(rows.first == rows.last && rows[0] != rows[1])
            #expect(abs(rows[0].reduce(0) { $0 + $1 * $1 } - 1) < 1e-9)
        }
    }

    @Test func modelListNamesWhatIsServed() async throws {
        var configuration = SimulatedProviderConfiguration.checked()
        configuration.models = ["m-1", "m-2"]
        try await withProvider(configuration) { provider in
            let list = try provider.ask(get("/v1/models"))
            #expect((list.document["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String } == ["m-1", "m-2"])
            try #expect(provider.ask(chat()).status == 200)
            let unknown = try provider.ask(
                post("/v1/chat/completions", #"{"model":"m-3","messages":[{"content":"x"}]}"#)
            )
            #expect(unknown.status == 404 && unknown.error["code"] as? String == "model_not_found")
        }
    }

    @Test func sameSeedSameBytes() async throws {
        var wires: [[String]] = []
        for seed in [7, 7, 8] as [UInt64] {
            var configuration = SimulatedProviderConfiguration.checked()
            configuration.seed = seed
            try await withProvider(configuration) { provider in
                wires.append(try [chat(stream: true), chat(), chat(stream: true)].map { try provider.ask($0).raw })
            }
        }
        #expect(wires[0] == wires[1])
        #expect(wires[0] != wires[2])
        #expect(wires[0][0] != wires[0][2])
    }

    @Test func delaysDependOnSeedAndArrivalAlone() {
        var configuration = SimulatedProviderConfiguration(name: "test", seed: 3, latency: .quick)
        let body = #"{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}"#
        let request = ProviderRequest(method: "POST", path: "/v1/chat/completions", body: .init(string: body))
        func script(_ ordinal: Int) -> Script {
            ProviderBehaviour(configuration).decide(request, Arrival(ordinal: ordinal)).script
        }
        #expect(script(4) == script(4))
        #expect(script(4) != script(5))
        let before = script(4)
        configuration.seed = 4
        #expect(script(4) != before)
    }

    @Test func paceFollowsTheProfile() {
        var random = SeededRandom(seed: 1)
        let first = (0..<2_000).map { _ in LatencyProfile.quick.firstToken(using: &random) }.sorted()
        #expect(first[1_000] > .milliseconds(350) && first[1_000] < .milliseconds(410))
        let gaps = (0..<2_000).map { _ in LatencyProfile.quick.gap(using: &random) }.reduce(.zero, +) / 2_000
        #expect(gaps > .milliseconds(8.6) && gaps < .milliseconds(9.6))
        let tokens = (0..<2_000).map { _ in LatencyProfile.quick.answerTokens(using: &random) }.sorted()
        #expect((100...120).contains(tokens[1_000]))
    }

    @Test func fixedAnswerServesBothShapes() async throws {
        var configuration = SimulatedProviderConfiguration.checked()
        configuration.fixedAnswer = true
        try await withProvider(configuration) { provider in
            let document = try provider.ask(chat())
            #expect(document.finish == "stop" && document.isWhole)
            let stream = try provider.ask(chat(stream: true))
            #expect(stream.pieces.joined() == document.text && stream.events.last == "[DONE]")
            try #expect(provider.ask(chat()).raw == document.raw)
            try #expect(provider.ask(chat(key: "sk-wrong-key-9999")).status == 401)
            provider.inject(.overloaded)
            try #expect(provider.ask(chat()).status == 503)
        }
    }
}
