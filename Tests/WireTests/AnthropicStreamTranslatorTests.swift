import Testing

@testable import Wire

private func event(_ data: String) -> String {
    let type = (try? JSONValue(Array(data.utf8)))?["type"]?.text ?? "?"
    return "event: \(type)\ndata: \(data)\n\n"
}

private func translator(usage: Bool = true, names: [String: String] = [:]) -> AnthropicStreamTranslator {
    AnthropicStreamTranslator(toolNames: names, includeUsage: usage, id: "c", created: 7, model: "g")
}

/// What each chunk says: a choice's delta and finish reason, usage, an error, or the text of another line.
private func gist(_ bytes: [UInt8]) throws -> [String] {
    var splitter = EventStream()
    return try splitter.feed(bytes).map { event in
        guard let data = event.data else { return String(decoding: event.raw.dropLast(2), as: UTF8.self) }
        guard let chunk = try? JSONValue(data) else { return String(decoding: data, as: UTF8.self) }
        if let error = chunk["error"] { return "error \(error.rendered)" }
        guard let choice = chunk["choices"]?.elements?.first else { return "usage \(chunk["usage"]?.rendered ?? "")" }
        return (choice["finish_reason"]?.text).map { "finish \($0)" } ?? choice["delta"]?.rendered ?? ""
    }
}

private let start = event(
    #"{"type":"message_start","message":{"id":"msg","role":"assistant","content":[],"usage":{"input_tokens":10,"#
        + #""cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":1}}}"#
)
private let stop = event(#"{"type":"message_stop"}"#)

private let story =
    start + event(#"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#)
    + event(#"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#)
    + event(#"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}"#)
    + event(#"{"type":"content_block_stop","index":0}"#)
    + event(#"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#)
    + event(#"{"type":"ping"}"#)
    + event(#"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hé\n"}}"#)
    + event(#"{"type":"content_block_stop","index":1}"#)
    + event(
        #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"a_b","input":{}}}"#
    )
    + event(#"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"#)
    + event(#"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}}"#)
    + event(#"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#)
    + event(#"{"type":"content_block_stop","index":2}"#)
    + event(
        #"{"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"t2","name":"f","input":{}}}"#
    )
    + event(#"{"type":"content_block_stop","index":3}"#)
    + event(
        #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}"#
    )
    + stop

private let storyGist = [
    #"{"role":"assistant","content":""}"#, #"{"reasoning_content":"hm"}"#, ": keep-alive", #"{"content":"Hé\n"}"#,
    #"{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"a.b","arguments":""}}]}"#,
    #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}"#,
    #"{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"#,
    #"{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"f","arguments":""}}]}"#,
    #"{"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}"#, "finish tool_calls",
    #"usage {"prompt_tokens":15,"completion_tokens":9,"total_tokens":24,"prompt_tokens_details":{"cached_tokens":3,"#
        + #""cache_write_tokens":2,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#
        + #""accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#,
    "[DONE]",
]

struct AnthropicStreamTranslatorTests {
    @Test func everythingOnce() throws {
        var stream = translator(names: ["a_b": "a.b"])
        #expect(try gist(stream.feed(Array(story.utf8))) == storyGist)
        #expect(stream.usage == TokenUsage(input: 15, output: 9, cacheRead: 3, cacheWrite: 2))
        #expect(stream.isUsageFinal)
        #expect(stream.isDone)
    }

    @Test func chunkAsItStands() throws {
        var stream = translator(usage: false)
        let chunk =
            #"data: {"id":"c","object":"chat.completion.chunk","created":7,"model":"g","choices":[{"index":0,"#
            + #""delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}"# + "\n\n"
        #expect(String(decoding: stream.feed(Array(start.utf8)), as: UTF8.self) == chunk)
        var counting = translator(usage: true)
        let counted = chunk.replacing("}]}\n\n", with: "}],\"usage\":null}\n\n")
        #expect(String(decoding: counting.feed(Array(start.utf8)), as: UTF8.self) == counted)
    }

    @Test func splitsDoNotMatter() throws {
        let bytes = Array(story.utf8)
        var whole = translator(names: ["a_b": "a.b"])
        let expected = whole.feed(bytes)
        for cut in 0...bytes.count {
            var stream = translator(names: ["a_b": "a.b"])
            #expect(stream.feed(Array(bytes[..<cut])) + stream.feed(Array(bytes[cut...])) == expected)
        }
        var single = translator(names: ["a_b": "a.b"])
        #expect(bytes.flatMap { single.feed([$0]) } == expected)
    }

    @Test func withoutUsageWhereItIsNotWanted() throws {
        var stream = translator(usage: false)
        let lines = try gist(stream.feed(Array(story.utf8)))
        #expect(!lines.contains { $0.hasPrefix("usage") })
        #expect(stream.usage?.output == 9)
    }

    @Test func aCutStreamNeverFinishes() throws {
        let bytes = Array(story.utf8)
        let end = bytes.count - stop.utf8.count
        for cut in [end, end - 1, end / 2, start.utf8.count] {
            var stream = translator()
            let lines = try gist(stream.feed(Array(bytes[..<cut])))
            #expect(!lines.contains { $0.hasPrefix("finish") || $0 == "[DONE]" })
            #expect(!stream.isDone)
            #expect(stream.usage?.input == 15)
        }
    }

    @Test func anEndWithoutStopReasonIsNone() throws {
        var stream = translator()
        #expect(try gist(stream.feed(Array((start + stop).utf8))) == [#"{"role":"assistant","content":""}"#])
        #expect(!stream.isDone)
    }

    @Test func anErrorEndsEverything() throws {
        var stream = translator()
        let error = event(
            #"{"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}}"#
        )
        let lines = try gist(stream.feed(Array((start + error + story).utf8)))
        #expect(
            lines == [
                #"{"role":"assistant","content":""}"#,
                #"error {"message":"Overloaded","type":"overloaded_error","param":null,"code":null}"#,
            ]
        )
        #expect(stream.error == ProviderErrorBody(type: "overloaded_error", message: "Overloaded"))
        #expect(stream.feed(Array(story.utf8)).isEmpty)
    }

    @Test(arguments: ["data: {\"type\":\n\n", "data: 7\n\n", "data: [DONE]\n\n"])
    func aMalformedEventIsAnError(_ bad: String) throws {
        var stream = translator()
        let lines = try gist(stream.feed(Array((bad + story).utf8)))
        #expect(
            lines == [
                #"error {"message":"The provider's stream is malformed: an event is not JSON.","type":"api_error","#
                    + #""param":null,"code":null}"#
            ]
        )
        #expect(stream.isMalformed)
    }

    @Test func anEndlessEventIsAnError() throws {
        var stream = translator()
        let lines = try gist(stream.feed(Array(repeating: UInt8(ascii: "x"), count: 5 << 20)))
        #expect(lines.count == 1)
        #expect(stream.isMalformed)
    }

    @Test func inputThatCameWithTheStartOfTheBlock() throws {
        var stream = translator()
        let text =
            start
            + event(
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}}"#
            )
            + event(#"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#) + stop
        let lines = try gist(stream.feed(Array(text.utf8)))
        #expect(lines.dropFirst(2).first == #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":1}"}}]}"#)
        #expect(!stream.isUsageFinal)
    }

    @Test func aRefusalAndAPause() throws {
        let refusal = event(
            #"{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","explanation":"No."}}}"#
        )
        var refused = translator(usage: false)
        #expect(
            try gist(refused.feed(Array((refusal + stop).utf8)))
                == [#"{"role":"assistant","content":""}"#, #"{"refusal":"No."}"#, "finish content_filter", "[DONE]"]
        )
        var paused = translator(usage: false)
        let pause = event(#"{"type":"message_delta","delta":{"stop_reason":"pause_turn"}}"#)
        let text = String(decoding: paused.feed(Array((pause + stop).utf8)), as: UTF8.self)
        #expect(text.contains(#""finish_reason":"stop","native_finish_reason":"pause_turn"}"#))
    }

    @Test func typeMayStandInTheEventsNameAlone() throws {
        var stream = translator(usage: false)
        let text =
            "event: content_block_delta\ndata: {\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n"
        #expect(
            try gist(stream.feed(Array(text.utf8))) == [#"{"role":"assistant","content":""}"#, #"{"content":"x"}"#]
        )
    }

    @Test func unknownEventsAndBlocksPassUnseen() throws {
        var stream = translator(usage: false)
        let text =
            event(#"{"type":"novelty"}"#)
            + event(
                #"{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","input":{}}}"#
            )
            + event(
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#
            )
            + event(#"{"type":"content_block_stop","index":0}"#) + ": hello\n\n"
        #expect(try gist(stream.feed(Array(text.utf8))) == [": keep-alive"])
    }
}
