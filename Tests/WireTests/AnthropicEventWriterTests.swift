import Testing

@testable import Wire

private func chunk(_ delta: String, finish: String = "null") -> String {
    #"data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
        + "\n\n"
}

private let usage =
    #"data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":3}}}"#
    + "\n\n"
private let done = "data: [DONE]\n\n"

private let story =
    chunk(#"{"role":"assistant","content":""}"#) + ": keep-alive\n\n" + chunk(#"{"reasoning_content":"hm"}"#)
    + chunk(#"{"content":"Hé"}"#) + chunk(#"{"content":"llo","obfuscation":"x"}"#)
    + chunk(#"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"s","arguments":""}}]}"#)
    + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}"#)
    + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"#)
    + chunk(#"{"tool_calls":[{"index":1,"id":"b","function":{"name":"f","arguments":"{}"}}]}"#)
    + chunk("{}", finish: #""tool_calls""#) + usage + done

private func gist(_ bytes: [UInt8]) throws -> [String] {
    var splitter = EventStream()
    return try splitter.feed(bytes).map { event in
        let value = try JSONValue(#require(event.data))
        #expect(value["type"]?.text == event.name)
        return String(value.removing("type").rendered.dropFirst().dropLast())
    }
}

private let storyGist = [
    #""message":{"id":"m","type":"message","role":"assistant","model":"g","content":[],"stop_reason":null,"#
        + #""stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"#
        + #""output_tokens":0}}"#,
    "", #""index":0,"content_block":{"type":"text","text":""}"#,
    #""index":0,"delta":{"type":"text_delta","text":"Hé"}"#,
    #""index":0,"delta":{"type":"text_delta","text":"llo"}"#, #""index":0"#,
    #""index":1,"content_block":{"type":"tool_use","id":"a","name":"long","input":{}}"#,
    #""index":1,"delta":{"type":"input_json_delta","partial_json":"{\"x\":"}"#,
    #""index":1,"delta":{"type":"input_json_delta","partial_json":"1}"}"#, #""index":1"#,
    #""index":2,"content_block":{"type":"tool_use","id":"b","name":"f","input":{}}"#,
    #""index":2,"delta":{"type":"input_json_delta","partial_json":"{}"}"#, #""index":2"#,
    #""delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":7,"cache_creation_input_tokens":0,"#
        + #""cache_read_input_tokens":3,"output_tokens":4}"#,
    "",
]

struct AnthropicEventWriterTests {
    private func writer() -> AnthropicEventWriter {
        AnthropicEventWriter(toolNames: ["s": "long"], id: "m", model: "g")
    }

    @Test func everythingInOrder() throws {
        var stream = writer()
        #expect(try gist(stream.feed(Array(story.utf8))) == storyGist)
        #expect(stream.usage == TokenUsage(input: 10, output: 4, cacheRead: 3))
        #expect(stream.isDone)
        #expect(stream.end().isEmpty)
    }

    @Test func splitsDoNotMatter() {
        let bytes = Array(story.utf8)
        var whole = writer()
        let expected = whole.feed(bytes)
        for cut in 0...bytes.count {
            var stream = writer()
            #expect(stream.feed(Array(bytes[..<cut])) + stream.feed(Array(bytes[cut...])) == expected)
        }
        var single = writer()
        #expect(bytes.flatMap { single.feed([$0]) } == expected)
    }

    @Test func anEndWithoutItsMarkStillCloses() throws {
        var stream = writer()
        let open = stream.feed(Array(story.utf8.dropLast(done.utf8.count)))
        #expect(!stream.isDone)
        #expect(try gist(open + stream.end()) == storyGist)
        #expect(stream.isDone)
    }

    @Test func aCutStreamNeverStops() throws {
        let cut = Array((chunk(#"{"content":"x"}"#) + done).utf8)
        var stream = writer()
        let out = stream.feed(cut) + stream.end()
        #expect(!String(decoding: out, as: UTF8.self).contains("message_stop"))
        #expect(!stream.isDone)
    }

    @Test func errorsEndEverything() throws {
        var stream = writer()
        let error = #"data: {"error":{"message":"Busy","type":"server_error","code":"overloaded"}}"# + "\n\n"
        let out = try gist(stream.feed(Array((error + story).utf8)))
        #expect(
            out == [#""error":{"type":"api_error","message":"Busy","details":{"error_code":"overloaded"}}"#]
        )
        #expect(stream.error == ProviderErrorBody(type: "server_error", code: "overloaded", message: "Busy"))
        #expect(stream.end().isEmpty)
    }

    @Test(arguments: [
        chunk("{}", finish: #""error""#), "data: {\n\n", "data: []\n\n",
        chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]}"#)
            + chunk(#"{"tool_calls":[{"index":1,"id":"b","function":{"name":"f"}}]}"#)
            + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"#),
    ])
    func isAnError(_ text: String) {
        var stream = writer()
        let out = String(decoding: stream.feed(Array((text + story).utf8)), as: UTF8.self)
        #expect(out.contains("event: error"))
        #expect(!out.contains("message_stop"))
        #expect(stream.error != nil)
    }
}
