import Foundation
import Testing

@testable import Wire

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: 0..<choices.count, using: &self)] }
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// Whatever comes in, what goes out is well-formed, and nothing traps.
struct AnthropicFuzzTests {
    /// For a long run, set `NINES_FUZZ_ROUNDS`: the same seeds, further along.
    private static let rounds = ProcessInfo.processInfo.environment["NINES_FUZZ_ROUNDS"].flatMap(Int.init) ?? 400

    private static let events = [
        #"{"type":"message_start","message":{"usage":{"input_tokens":-5,"output_tokens":99999999999999999999}}}"#,
        #"{"type":"message_start","message":null}"#, #"{"type":"ping"}"#,
        #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a\u0000\ud800"}}"#,
        #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":7,"name":"f","input":[1]}}"#,
        #"{"type":"content_block_start","index":-9223372036854775808,"content_block":{"type":"tool_use"}}"#,
        #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"é😀\n\"\\"}}"#,
        #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\""}}"#,
        #"{"type":"content_block_delta","index":1e9,"delta":7}"#, #"{"type":"content_block_stop","index":1}"#,
        #"{"type":"content_block_stop"}"#, #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{}}"#,
        #"{"type":"message_delta"}"#, #"{"type":"message_stop"}"#, #"{"type":"error","error":{"type":"x"}}"#,
        #"{"type":"error"}"#, "[DONE]", "{}", "7", "{",
    ]

    private static let chunks = [
        #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#,
        #"{"choices":[{"delta":{"content":"x\n"}}]}"#,
        #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}}]}"#,
        #"{"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"arguments":"{\"\u0001"}}]}}]}"#,
        #"{"choices":[{"delta":{"tool_calls":[7,null,{"index":-1}]}}]}"#, #"{"choices":[{"delta":{"refusal":"no"}}]}"#,
        #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#, #"{"choices":[{"finish_reason":"error"}]}"#,
        #"{"choices":[],"usage":{"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":5}}}"#, #"{"choices":7}"#,
        #"{"error":{"message":"m","code":502}}"#, #"{"error":"text"}"#, "[DONE]", "[]", "nonsense",
    ]

    private func stream(of parts: [String], _ random: inout Random) -> [UInt8] {
        var out: [UInt8] = []
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            if random.chance(10) { out += ": comment\r\n\r\n".utf8 }
            if random.chance(20) { out += "event: message_stop\n".utf8 }
            out += "data: \(random.pick(parts))\n\n".utf8
        }
        return mutated(out, &random, percent: 40)
    }

    /// Bytes changed, doubled or lost in some of the cases.
    private func mutated(_ bytes: [UInt8], _ random: inout Random, percent: Int) -> [UInt8] {
        var out = bytes
        guard random.chance(percent) else { return out }
        for _ in 0..<Int.random(in: 1...4, using: &random) where !out.isEmpty {
            let place = Int.random(in: 0..<out.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: out[place] = UInt8.random(in: 0...255, using: &random)
            case 1: out.remove(at: place)
            case 2: out.insert(contentsOf: out[place...].prefix(20), at: place)
            default: out = Array(out[..<place])
            }
        }
        return out
    }

    private func pieces(of bytes: [UInt8], _ random: inout Random) -> [[UInt8]] {
        var out: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...40, using: &random))
            out.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return out
    }

    /// Every event whole, every datum an object or the mark of the end, and nothing behind an end.
    private func check(_ bytes: [UInt8], isEnd: (String, JSONValue?) -> Bool) throws {
        var splitter = EventStream()
        var hasEnded = false
        for event in try splitter.feed(bytes) {
            #expect(!hasEnded)
            guard let data = event.data else { continue }
            let text = String(decoding: data, as: UTF8.self)
            let value = text == "[DONE]" ? nil : try JSONValue(data)
            #expect(value == nil || value?.members != nil)
            if isEnd(text, value) { hasEnded = true }
        }
        #expect(!splitter.hasRemainder)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func streams(seed: UInt64) throws {
        var random = Random(state: seed)
        for _ in 0..<Self.rounds {
            let anthropic = stream(of: Self.events, &random)
            var translator = AnthropicStreamTranslator(includeUsage: random.chance(50), id: "c", created: 7, model: "g")
            var twin = translator
            let chunks = pieces(of: anthropic, &random).flatMap { translator.feed($0) }
            #expect(chunks == twin.feed(anthropic))
            try check(chunks) { text, value in text == "[DONE]" || value?["error"] != nil }
            #expect(translator.isDone == chunks.suffix(14).elementsEqual("data: [DONE]\n\n".utf8))

            let openAI = random.chance(30) ? chunks : stream(of: Self.chunks, &random)
            var writer = AnthropicEventWriter(id: "m", model: "g")
            var other = writer
            let events = pieces(of: openAI, &random).flatMap { writer.feed($0) } + writer.end()
            #expect(events == other.feed(openAI) + other.end())
            try check(events) { _, value in ["error", "message_stop"].contains(value?["type"]?.text ?? "") }
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func answers(seed: UInt64) throws {
        let message =
            Array(
                #"{"type":"message","content":[{"type":"text","text":"a"},{"type":"tool_use","id":"i","name":"f","input":{"x":[1]}}],"#
                    .utf8
            ) + Array(#""stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}"#.utf8)
        let completion = try AnthropicAnswer(message, id: "c", created: 7, model: "g").body
        var random = Random(state: seed)
        for _ in 0..<Self.rounds {
            if let answer = try? AnthropicAnswer(
                mutated(message, &random, percent: 100),
                id: "c",
                created: 7,
                model: "g"
            ) {
                #expect(throws: Never.self) { try JSONValue(answer.body) }
            }
            if let answer = try? AnthropicMessage(mutated(completion, &random, percent: 100), id: "m", model: "g") {
                #expect(throws: Never.self) { try JSONValue(answer.body) }
            }
        }
    }

    // MARK: Requests

    private func chat(_ random: inout Random) -> String {
        let contents = [
            #""text""#, #""""#, #"" \n""#, "null", #"[{"type":"text","text":"p"}]"#, #"[{"type":"text","text":""}]"#,
            "[]",
            #"[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]"#, "7",
            #"[{"type":"input_audio"}]"#,
        ]
        let arguments = [#""{}""#, #""{\"a\":1}""#, #""{""#, #""""#, "null", "7"]
        let ids = [#""a""#, #""b!""#, #""""#, "null"]
        var messages: [String] = []
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let content = random.pick(contents)
            switch Int.random(in: 0..<9, using: &random) {
            case 0: messages.append(#"{"role":"system","content":\#(content)}"#)
            case 1...3: messages.append(#"{"role":"user","content":\#(content)}"#)
            case 4: messages.append(#"{"role":"assistant","content":\#(content)}"#)
            case 5, 6:
                let calls = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    #"{"id":\#(random.pick(ids)),"function":{"name":"f.\#(random.pick(["x", "y"]))","#
                        + #""arguments":\#(random.pick(arguments))}}"#
                }
                messages.append(
                    #"{"role":"assistant","content":\#(content),"tool_calls":[\#(calls.joined(separator: ","))]}"#
                )
            default: messages.append(#"{"role":"tool","tool_call_id":\#(random.pick(ids)),"content":\#(content)}"#)
            }
        }
        let extras = [
            "", #","temperature":9e99"#, #","reasoning_effort":"low""#, #","stop":[1,"x"]"#,
            #","tool_choice":"required""#,
            #","tools":[{"type":"function","function":{"name":"f.x","parameters":{"$ref":"\#("#")"}}}]"#,
            #","response_format":{"type":"json_schema","json_schema":{"schema":{"type":"string","minLength":1}}}"#,
        ]
        return
            #"{"model":"g","messages":[\#(messages.joined(separator: ","))]\#(random.pick(extras))\#(random.pick(extras))}"#
    }

    /// What Anthropic's validator asks of a conversation.
    private func check(_ request: AnthropicRequest, prefill: Bool) throws {
        let body = try JSONValue(request.body)
        let turns = try #require(body["messages"]?.elements)
        #expect(turns.first?["role"] == "user")
        #expect(prefill || turns.last?["role"] == "user")
        for (turn, next) in zip(turns, turns.dropFirst()) { #expect(turn["role"] != next["role"]) }
        var ids: Set<String> = []
        for (index, turn) in turns.enumerated() {
            let blocks = try #require(turn["content"]?.elements)
            #expect(!blocks.isEmpty)
            for block in blocks {
                #expect(block["type"] != "text" || block["text"]?.text?.contains { !$0.isWhitespace } == true)
            }
            let called = blocks.compactMap { $0["type"] == "tool_use" ? $0["id"]?.text : nil }
            for id in called { #expect(ids.insert(id).inserted) }
            let answers = index + 1 < turns.count ? turns[index + 1]["content"]?.elements ?? [] : []
            let answered = answers.prefix { $0["type"] == "tool_result" }.compactMap { $0["tool_use_id"]?.text }
            #expect(answered.sorted() == called.sorted())
            if !called.isEmpty { #expect(body["tools"] != nil) }
        }
        #expect(request.degraded.allSatisfy { !$0.isEmpty && !$0.contains { ",\r\n ".contains($0) } })
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func requests(seed: UInt64) throws {
        var random = Random(state: seed)
        let models = ["claude-haiku-4-5", "claude-opus-4-8", "claude-sonnet-5-5", "claude-3-haiku-20240307", "x"]
        var written = 0
        for _ in 0..<Self.rounds {
            let body = mutated(Array(chat(&random).utf8), &random, percent: 15)
            let model = random.pick(models)
            guard let chat = try? ChatRequest(body) else { continue }
            let request = try? AnthropicRequest(
                chat: chat,
                model: model,
                capabilities: .of(model: model),
                stream: false,
                defaultMaxTokens: 10
            )
            if let request {
                written += 1
                try check(request, prefill: AnthropicCapabilities.of(model: model).takesPrefill)
                let back = try? OpenAIRequest(
                    messages: ChatRequest(request.body),
                    model: "m",
                    provider: "openai",
                    stream: true
                )
                if let back { #expect(throws: Never.self) { try JSONValue(back.body) } }
            }
            if let other = try? OpenAIRequest(messages: chat, model: "m", provider: "groq", stream: false) {
                #expect(throws: Never.self) { try JSONValue(other.body) }
            }
        }
        #expect(written > Self.rounds / 8)
    }
}
