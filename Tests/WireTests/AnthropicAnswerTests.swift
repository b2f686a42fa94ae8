import Testing

@testable import Wire

private func answer(_ message: String, names: [String: String] = [:]) throws -> AnthropicAnswer {
    try AnthropicAnswer(Array(message.utf8), toolNames: names, id: "chatcmpl-1", created: 7, model: "g")
}

struct AnthropicAnswerTests {
    @Test func textsAreJoinedAndUsageAddsUp() throws {
        let result = try answer(
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
            {"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"x"},
            {"type":"text","text":"Hel"},{"type":"text","text":"lo"}],"stop_reason":"end_turn","stop_sequence":null,
            "usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":300,"output_tokens":5,
            "output_tokens_details":{"thinking_tokens":2}}}
            """
        )
        let expected =
            #"{"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"g","choices":[{"index":0,"message":"#
            + #"{"role":"assistant","content":"Hello","refusal":null,"reasoning_content":"hm"},"logprobs":null,"#
            + #""finish_reason":"stop"}],"usage":{"prompt_tokens":330,"completion_tokens":5,"total_tokens":335,"#
            + #""prompt_tokens_details":{"cached_tokens":300,"cache_write_tokens":20,"audio_tokens":0},"#
            + #""completion_tokens_details":{"reasoning_tokens":2,"audio_tokens":0,"accepted_prediction_tokens":0,"#
            + #""rejected_prediction_tokens":0}}}"#
        #expect(String(decoding: result.body, as: UTF8.self) == expected)
        #expect(result.facts.usage == TokenUsage(input: 330, output: 5, cacheRead: 300, cacheWrite: 20))
        #expect(result.facts.isComplete)
        #expect(result.facts.hasContent)
    }

    @Test func toolCallsCountOnlyTools() throws {
        let result = try answer(
            """
            {"type":"message","content":[{"type":"text","text":"Well"},
            {"type":"tool_use","id":"t1","name":"a_b","input":{"x":1.50,"y":["z"]}},
            {"type":"tool_use","id":"t2","name":"f","input":{}}],"stop_reason":"tool_use"}
            """,
            names: ["a_b": "a.b"]
        )
        let choice = try JSONValue(result.body)["choices"]?.elements?.first
        let calls = try JSONValue(
            Array(
                #"""
                [{"id":"t1","type":"function","function":{"name":"a.b","arguments":"{\"x\":1.50,\"y\":[\"z\"]}"}},
                {"id":"t2","type":"function","function":{"name":"f","arguments":"{}"}}]
                """#.utf8
            )
        )
        #expect(choice?["message"]?["tool_calls"] == calls)
        #expect(choice?["message"]?["content"] == "Well")
        #expect(choice?["finish_reason"] == "tool_calls")
    }

    @Test(arguments: [
        ("end_turn", "stop"), ("stop_sequence", "stop"), ("pause_turn", "stop"), ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"), ("tool_use", "tool_calls"), ("refusal", "content_filter"),
        ("something_new", "stop"),
    ])
    func finishReason(_ stop: String, _ finish: String) throws {
        let result = try answer(#"{"type":"message","content":[],"stop_reason":"\#(stop)"}"#)
        let choice = try JSONValue(result.body)["choices"]?.elements?.first
        #expect(choice?["finish_reason"]?.text == finish)
        #expect(choice?["native_finish_reason"]?.text == (stop == "pause_turn" ? stop : nil))
        #expect(result.facts.isComplete)
    }

    @Test(arguments: [
        #"{"type":"message","content":[{"type":"text","text":"x"}],"stop_reason":null}"#,
        #"{"type":"message","stop_reason":"end_turn"}"#, "{}", #"{"content":7}"#,
    ])
    func isIncomplete(_ message: String) throws { #expect(try !answer(message).facts.isComplete) }

    @Test(arguments: ["", "[]", "<html>", #"{"type":"message""#])
    func isNoMessage(_ message: String) { #expect(throws: JSONError.self) { try answer(message) } }

    @Test func errorUnderStatus200() throws {
        let result = try answer(#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#)
        #expect(result.facts.error == ProviderErrorBody(type: "overloaded_error", message: "Overloaded"))
        #expect(!result.facts.isComplete)
    }

    @Test func refusalIsExplained() throws {
        let result = try answer(
            #"{"content":[],"stop_reason":"refusal","stop_details":{"type":"refusal","explanation":"No."}}"#
        )
        let choice = try JSONValue(result.body)["choices"]?.elements?.first
        #expect(choice?["message"]?["refusal"] == "No.")
        #expect(choice?["finish_reason"] == "content_filter")
    }

    @Test(arguments: [
        (
            #"{"type":"error","error":{"type":"rate_limit_error","message":"Slow","details":{"error_code":"ramp_limit_exceeded"}}}"#,
            429,
            #"{"error":{"message":"Slow","type":"rate_limit_error","param":null,"code":"ramp_limit_exceeded"}}"#
        ),
        (
            #"{"type":"error","error":{"type":"invalid_request_error","message":"Bad","details":null},"request_id":"r"}"#,
            400,
            #"{"error":{"message":"Bad","type":"invalid_request_error","param":null,"code":null}}"#
        ),
        (
            "<html>bad gateway</html>", 502,
            #"{"error":{"message":"The provider answered with status 502.","type":"api_error","param":null,"code":null}}"#
        ),
    ])
    func errorForOpenAI(_ body: String, _ status: Int, _ expected: String) {
        #expect(openAIError(fromAnthropic: Array(body.utf8), status: status) == expected)
    }
}
