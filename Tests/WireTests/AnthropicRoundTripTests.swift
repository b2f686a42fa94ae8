import Testing

@testable import Wire

/// What crosses both ways keeps its meaning.
struct AnthropicRoundTripTests {
    @Test func request() throws {
        let chat = """
            {"model":"m","max_tokens":9,"messages":[{"role":"system","content":"S"},{"role":"user","content":[
            {"type":"text","text":"A"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA"}}]},
            {"role":"assistant","content":"B","tool_calls":[
            {"id":"t1","type":"function","function":{"name":"f.1","arguments":"{\\"x\\":1.50}"}}]},
            {"role":"tool","tool_call_id":"t1","content":"R"},{"role":"user","content":"C"}],
            "tools":[{"type":"function","function":{"name":"f.1","description":"d","parameters":{"type":"object",
            "properties":{"x":{"type":"number"}}}}}],"tool_choice":"required","parallel_tool_calls":false,
            "temperature":0.5,"stop":["X"],"response_format":{"type":"json_schema","json_schema":{"name":"answer",
            "strict":true,"schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],
            "additionalProperties":false}}},"user":"u"}
            """
        let there = try AnthropicRequest(
            chat: ChatRequest(Array(chat.utf8)),
            model: "claude-sonnet-4-5",
            capabilities: .of(model: "claude-sonnet-4-5"),
            stream: false,
            defaultMaxTokens: 1
        )
        #expect(there.degraded.isEmpty)
        #expect(there.toolNames == ["f_1": "f.1"])
        let back = try OpenAIRequest(messages: ChatRequest(there.body), model: "m", provider: "groq", stream: false)
        #expect(back.degraded.isEmpty)
        let expected = try JSONValue(Array(chat.replacing("f.1", with: "f_1").utf8))
        #expect(sorted(try JSONValue(back.body)) == sorted(expected))
    }

    @Test func answer() throws {
        let completion = #"""
            {"id":"c","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,"message":{"role":"assistant",
            "content":"Hi","refusal":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f",
            "arguments":"{\"x\":1.50}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,
            "completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":3,"cache_write_tokens":2,
            "audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,
            "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}
            """#
        let there = try AnthropicMessage(Array(completion.utf8), id: "msg", model: "m")
        let back = try AnthropicAnswer(there.body, id: "c", created: 7, model: "m")
        #expect(try JSONValue(back.body) == JSONValue(Array(completion.utf8)))
    }

    @Test func stream() throws {
        func event(_ data: String) throws -> String {
            "event: \(try #require(JSONValue(Array(data.utf8))["type"]?.text))\ndata: \(data)\n\n"
        }
        let story = try [
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
            #"{"type":"content_block_stop","index":1}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":7,"#
                + #""cache_creation_input_tokens":1,"cache_read_input_tokens":2,"output_tokens":4}}"#,
            #"{"type":"message_stop"}"#,
        ].map(event).joined()
        var there = AnthropicStreamTranslator(includeUsage: true, id: "c", created: 7, model: "m")
        var back = AnthropicEventWriter(id: "m", model: "m")
        let out = String(decoding: back.feed(there.feed(Array(story.utf8))), as: UTF8.self)
        #expect(out.hasPrefix("event: message_start\n"))
        #expect(out.hasSuffix(story))
        #expect(there.usage == back.usage)
    }

    /// Members by name: order means nothing in an object.
    private func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(sorted))
        case .object(let members):
            .object(members.map { .init($0.key, sorted($0.value)) }.sorted { $0.key < $1.key })
        default: value
        }
    }
}
