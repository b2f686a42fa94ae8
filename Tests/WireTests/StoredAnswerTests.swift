import Testing

@testable import Wire

/// Answers that are kept, and given again as a document or as a stream.
struct StoredAnswerTests {
    private static let completion = #"""
        {"id":"a","object":"chat.completion","created":1,"model":"gpt","system_fingerprint":"fp","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße, “you”","refusal":null,"reasoning_content":"hm"},"logprobs":{"content":[{"token":"G"},{"token":"r"}],"refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}
        """#
    private static let message = #"""
        {"id":"a","type":"message","role":"assistant","model":"claude","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"redacted_thinking","data":"eA=="},{"type":"text","text":"Grüße","citations":[{"cited_text":"x"}]},{"type":"text","text":"!"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,"cache_read_input_tokens":2,"output_tokens":4}}
        """#

    static let answers: [(Endpoint, String)] = [(.chat, completion), (.messages, message)]

    @Test("a whole answer given as a stream and read back is the same answer", arguments: answers)
    func roundTrip(endpoint: Endpoint, text: String) throws {
        let stored = try StoredAnswer(Array(text.utf8), endpoint: endpoint)
        let stream = stored.stream(id: "b", created: 9, includesUsage: true)
        let read = try StoredAnswer(stream: stream, endpoint: endpoint)
        let expected = try JSONValue(stored.whole(id: "b", created: 9)).canonicalBytes()
        #expect(try read.document.canonicalBytes() == expected, "\(read.body.asText)")
        #expect(try StoredAnswer(stored.body, endpoint: endpoint) == stored)
    }

    @Test("the engine's own readers find a replayed stream complete", arguments: [true, false])
    func chatStream(includesUsage: Bool) throws {
        let stored = try StoredAnswer(Array(Self.completion.utf8), endpoint: .chat)
        let stream = stored.stream(id: "b", created: 9, includesUsage: includesUsage)
        var splitter = EventStream()
        let events = try splitter.feed(stream)
        #expect(!splitter.hasRemainder && events.last?.data == Array("[DONE]".utf8))
        let chunks = try events.dropLast().map { try ChatAnswer($0.data ?? []) }
        #expect(chunks.contains { $0.isComplete } && chunks.contains { $0.hasContent })
        #expect(chunks.compactMap(\.usage) == (includesUsage ? [TokenUsage(input: 3, output: 4)] : []))
        #expect(!stream.asText.contains("\"usage\":null") || includesUsage)
        for event in events.dropLast() {
            let chunk = try JSONValue(event.data ?? [])
            #expect(chunk["id"] == "chatcmpl-b" && chunk["object"] == "chat.completion.chunk")
            #expect(chunk["created"] == .number("9") && chunk["model"] == "gpt")
        }
    }

    @Test func aReplayedMessageTranslatesWhole() throws {
        let stored = try StoredAnswer(Array(Self.message.utf8), endpoint: .messages)
        var translator = AnthropicStreamTranslator(includeUsage: true, id: "x", created: 1, model: "m")
        _ = translator.feed(stored.stream(id: "b", created: 9, includesUsage: false))
        #expect(translator.isDone && !translator.isMalformed && translator.error == nil)
        #expect(translator.usage == TokenUsage(input: 5, output: 4, cacheRead: 2))
    }

    /// Chat chunks as providers send them: pieces, a comment, an empty delta, usage last.
    @Test func aStreamInPiecesBecomesOneDocument() throws {
        let deltas = [#"{"role":"assistant","content":""}"#, #"{"content":"He"}"#, #"{"content":"llo"}"#, "{}"]
        let chunks = deltas.enumerated().map { index, delta in
            let finish = index == 3 ? "\"stop\"" : "null"
            return "data: {\"id\":\"a\",\"created\":1,\"model\":\"gpt\",\"obfuscation\":\"zz\",\"choices\":"
                + "[{\"index\":0,\"delta\":\(delta),\"finish_reason\":\(finish)}],\"usage\":null}\n\n"
        }
        let usage = #"data: {"id":"a","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"# + "\n\n"
        let stream = ": hi\n\n" + chunks.joined() + usage + "data: [DONE]\n\n"
        let stored = try StoredAnswer(stream: Array(stream.utf8), endpoint: .chat)
        let facts = try ChatAnswer(stored.whole(id: "b", created: 2))
        #expect(facts.isComplete && facts.usage == TokenUsage(input: 1, output: 2))
        #expect(stored.document["choices"]?.elements?.first?["message"]?["content"] == "Hello")
        #expect(!stored.body.asText.contains("obfuscation"))
    }

    static let wholes: [(Endpoint, String, String, Uncacheable)] = [
        (.chat, #""stop""#, #""length""#, .unfinished), (.chat, #""stop""#, "null", .unfinished),
        (.chat, #""stop""#, #""content_filter""#, .refusal), (.chat, #""stop""#, #""tool_calls""#, .tools),
        (.chat, #""refusal":null,"r"#, #""refusal":"No.","r"#, .refusal),
        (.chat, #""refusal":null,"r"#, #""tool_calls":[{"id":"a"}],"r"#, .tools),
        (.chat, #""Grüße, “you”""#, #""""#, .notText), (.chat, #""Grüße, “you”""#, "null", .notText),
        (.chat, #""index":0"#, #""index":1"#, .choices), (.chat, #"{"id""#, #"{"error":{},"id""#, .unfinished),
        (.messages, "end_turn", "max_tokens", .unfinished), (.messages, "end_turn", "pause_turn", .unfinished),
        (.messages, "end_turn", "refusal", .refusal), (.messages, "end_turn", "tool_use", .tools),
        (.messages, #"{"type":"text","text":"!"}"#, #"{"type":"tool_use","input":{}}"#, .tools),
        (.messages, #"{"type":"text","text":"!"}"#, #"{"type":"new"}"#, .notText),
        (.messages, #""type":"message""#, #""type":"error""#, .unfinished),
    ]

    @Test("what must not be given again is not stored", arguments: wholes)
    func refused(endpoint: Endpoint, part: String, with other: String, why: Uncacheable) throws {
        let text = (endpoint == .chat ? Self.completion : Self.message).replacing(part, with: other)
        #expect(throws: why) { try StoredAnswer(Array(text.utf8), endpoint: endpoint) }
    }

    @Test("a stream cut anywhere is no answer", arguments: answers)
    func cut(endpoint: Endpoint, text: String) throws {
        let stored = try StoredAnswer(Array(text.utf8), endpoint: endpoint)
        let stream = stored.stream(id: "b", created: 9, includesUsage: true)
        for end in 0..<stream.count {
            #expect(throws: Uncacheable.self, "\(end)") {
                try StoredAnswer(stream: Array(stream[..<end]), endpoint: endpoint)
            }
        }
    }

    @Test("a broken or foreign event keeps a stream out", arguments: answers)
    func foreign(endpoint: Endpoint, text: String) throws {
        let stream = try StoredAnswer(Array(text.utf8), endpoint: endpoint).stream(
            id: "b",
            created: 9,
            includesUsage: true
        )
        let events = [
            "data: {\"error\":{\"message\":\"x\"}}\n\n", "data: {\"type\":\"error\"}\n\n", "data: nonsense\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":99,\"delta\":{}}\n\n",
        ]
        for event in events.dropLast(endpoint == .chat ? 1 : 0) {
            #expect(throws: Uncacheable.self) {
                try StoredAnswer(stream: Array(event.utf8) + stream, endpoint: endpoint)
            }
        }
    }

    @Test("whatever bytes come, nothing breaks", arguments: 0..<200)
    func anyBytes(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let (endpoint, text) = Self.answers[seed % 2]
        let stored = try StoredAnswer(Array(text.utf8), endpoint: endpoint)
        let stream = mutated(
            stored.stream(id: "b", created: 9, includesUsage: true),
            &random,
            alphabet: "{}[]\",:\n0 adtx"
        )
        if let read = try? StoredAnswer(stream: stream, endpoint: endpoint) {
            #expect(try StoredAnswer(read.body, endpoint: endpoint) == read)
        }
    }
}
