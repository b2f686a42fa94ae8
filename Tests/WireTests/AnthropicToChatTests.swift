import Testing

@testable import Wire

private func translated(_ messages: String, provider: String = "openai", model: String = "gpt-4.1") throws
    -> OpenAIRequest
{
    try OpenAIRequest(
        messages: ChatRequest(Array(messages.utf8)),
        model: model,
        provider: provider,
        stream: false
    )
}

/// A request by Anthropic's client without `model` and `max_tokens`, and what it becomes, likewise.
struct ToChatCase: CustomTestStringConvertible {
    let testDescription: String
    let members: String
    let expected: String
    var degraded: [String] = []
    var model = "gpt-4.1"

    init(
        _ name: String,
        _ members: String,
        _ expected: String,
        degraded: [String] = [],
        model: String = "gpt-4.1"
    ) {
        testDescription = name
        self.members = members
        self.expected = expected
        self.degraded = degraded
        self.model = model
    }
}

private let hi = #""messages":[{"role":"user","content":"Hi"}]"#
private let tool = #"{"name":"f","input_schema":{"type":"object"}}"#
private let function = #"{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}"#

struct AnthropicToChatTests {
    private static let cases: [ToChatCase] = [
        ToChatCase("text", hi, hi),
        ToChatCase(
            "system",
            #""system":[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}},{"type":"text","text":"B"}],\#(hi)"#,
            #""messages":[{"role":"system","content":"A\n\nB"},{"role":"user","content":"Hi"}]"#
        ),
        ToChatCase(
            "system in the middle stays there",
            #""messages":[{"role":"user","content":"Hi"},{"role":"system","content":"A"},{"role":"user","content":"B"}]"#,
            #""messages":[{"role":"user","content":"Hi"},{"role":"system","content":"A"},{"role":"user","content":"B"}]"#
        ),
        ToChatCase(
            "images and documents",
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}},
            {"type":"image","source":{"type":"url","url":"https://a.test/b"}},
            {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA"},"title":"t.pdf"},
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"},"title":"T"},
            {"type":"search_result","source":"https://a.test","title":"S","content":[{"type":"text","text":"y"}]}]}]
            """,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},
            {"type":"image_url","image_url":{"url":"https://a.test/b"}},
            {"type":"file","file":{"filename":"t.pdf","file_data":"data:application/pdf;base64,AA"}},
            {"type":"text","text":"T\\n\\nx"},{"type":"text","text":"S https://a.test\\ny"}]}]
            """
        ),
        ToChatCase(
            "calls and results",
            """
            "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[
            {"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"Well"},
            {"type":"tool_use","id":"t1","name":"f","input":{"x":1.50}},{"type":"tool_use","id":"t2","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"1"},
            {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"2"},
            {"type":"image","source":{"type":"url","url":"https://a.test/b"}}]},{"type":"text","text":"And?"}]}],
            "tools":[\(tool)]
            """,
            """
            "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Well","tool_calls":[
            {"id":"t1","type":"function","function":{"name":"f","arguments":"{\\"x\\":1.50}"}},
            {"id":"t2","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"t1","content":"1"},{"role":"tool","tool_call_id":"t2","content":"2"},
            {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.test/b"}},
            {"type":"text","text":"And?"}]}],"tools":[\(function)]
            """,
            degraded: ["tool_result.is_error", "tool_result.content"]
        ),
        ToChatCase(
            "a prefill",
            #""messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"{"}]"#,
            #""messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"{"},{"role":"user","content":"#
                + #""Go on with your last message exactly where it stops. Repeat nothing of it."}]"#,
            degraded: ["prefill"]
        ),
        ToChatCase(
            "any tool, one at a time",
            #"\#(hi),"tools":[\#(tool)],"tool_choice":{"type":"any","disable_parallel_tool_use":true}"#,
            #"\#(hi),"tools":[\#(function)],"tool_choice":"required","parallel_tool_calls":false"#
        ),
        ToChatCase(
            "one tool",
            #"\#(hi),"tools":[\#(tool)],"tool_choice":{"type":"tool","name":"f"}"#,
            #"\#(hi),"tools":[\#(function)],"tool_choice":{"type":"function","function":{"name":"f"}}"#
        ),
        ToChatCase(
            "no tool",
            #"\#(hi),"tools":[\#(tool)],"tool_choice":{"type":"none"}"#,
            #"\#(hi),"tools":[\#(function)],"tool_choice":"none""#
        ),
        ToChatCase(
            "sampling and stops",
            #"\#(hi),"temperature":0.50,"top_p":0.9,"top_k":4,"stop_sequences":["a","b","c","d","e"]"#,
            #"\#(hi),"temperature":0.50,"top_p":0.9,"stop":["a","b","c","d"]"#,
            degraded: ["top_k", "stop_sequences"]
        ),
        ToChatCase(
            "a model that reasons",
            #"\#(hi),"temperature":0.5,"top_p":1,"stop_sequences":["a"],"thinking":{"type":"enabled","budget_tokens":5000}"#,
            #"\#(hi),"reasoning_effort":"medium""#,
            degraded: ["temperature", "stop_sequences"],
            model: "gpt-5.5"
        ),
        ToChatCase(
            "effort",
            #"\#(hi),"output_config":{"effort":"max"}"#,
            #"\#(hi),"reasoning_effort":"high""#,
            degraded: ["output_config.effort"],
            model: "o4-mini"
        ),
        ToChatCase(
            "no reasoning to be had",
            #"\#(hi),"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}"#,
            hi,
            degraded: ["thinking", "output_config.effort"]
        ),
        ToChatCase(
            "schema",
            #"\#(hi),"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"#
                + #""integer"}},"required":["a"],"additionalProperties":false}}}"#,
            #"\#(hi),"response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"#
                + #""type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}}}"#
        ),
        ToChatCase(
            "an open schema",
            #"\#(hi),"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{}}}}}"#,
            #"\#(hi),"response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":false,"schema":{"#
                + #""type":"object","properties":{"a":{}}}}}"#,
            degraded: ["output_config.format"]
        ),
        ToChatCase("user", #"\#(hi),"metadata":{"user_id":"u"}"#, #"\#(hi),"user":"u""#),
        ToChatCase(
            "what has no equal",
            #"\#(hi),"speed":"fast","service_tier":"auto","inference_geo":"us","cache_control":{"type":"ephemeral"}"#,
            hi,
            degraded: ["speed", "inference_geo"]
        ),
    ]

    @Test(arguments: cases)
    func isWrittenAs(_ row: ToChatCase) throws {
        let result = try translated(#"{"model":"g","max_tokens":9,\#(row.members)}"#, model: row.model)
        let text = #"{"model":"\#(row.model)","max_completion_tokens":9,\#(row.expected)}"#
        #expect(try String(decoding: result.body, as: UTF8.self) == JSONValue(Array(text.utf8)).rendered)
        #expect(result.degraded == row.degraded)
    }

    @Test(arguments: [
        #""container":"c""#, #""mcp_servers":[]"#, #""tools":[{"type":"web_search_20260209","name":"web_search"}]"#,
        #""max_tokens":0"#, #""tools":[\#(tool)],"tool_choice":{"type":"??"}"#,
    ])
    func routeIsSkippedFor(_ members: String) {
        #expect(throws: Untranslatable.self) { try translated(#"{"model":"g",\#(hi),\#(members)}"#) }
    }

    @Test(arguments: [
        #"{"type":"image","source":{"type":"file","file_id":"f"}}"#, #"{"type":"container_upload"}"#,
        #"{"type":"document","source":{"type":"url","url":"https://a.test"}}"#,
    ])
    func blockIsRefused(_ block: String) {
        #expect(throws: Untranslatable.self) {
            try translated(#"{"model":"g","messages":[{"role":"user","content":[\#(block)]}]}"#)
        }
    }

    @Test func otherProvidersKeepTheOlderNames() throws {
        let text = #"{"model":"g","max_tokens":9,\#(hi),"metadata":{"user_id":"u"}}"#
        let groq = try OpenAIRequest(
            messages: ChatRequest(Array(text.utf8)),
            model: "m",
            provider: "groq",
            stream: true,
            extra: #""x":1"#
        )
        #expect(
            String(decoding: groq.body, as: UTF8.self)
                == #"{"model":"m","max_tokens":9,\#(hi),"user":"u","stream":true,"stream_options":{"include_usage":true},"x":1}"#
        )
        let mistral = try translated(text, provider: "mistral", model: "m")
        #expect(String(decoding: mistral.body, as: UTF8.self) == #"{"model":"m","max_tokens":9,\#(hi)}"#)
    }

    @Test(arguments: [
        ("openai", "toolu_1", "toolu_1"), ("openai", String(repeating: "x", count: 41), "call00001"),
        ("mistral", "toolu_1", "call00001"),
    ])
    func callIDs(_ provider: String, _ id: String, _ sent: String) throws {
        let calls = #"{"role":"assistant","content":[{"type":"tool_use","id":"\#(id)","name":"f","input":{}}]}"#
        let results = #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(id)","content":"x"}]}"#
        let result = try translated(#"{"model":"g","messages":[\#(calls),\#(results)]}"#, provider: provider)
        let messages = try JSONValue(result.body)["messages"]?.elements
        #expect(messages?.first?["tool_calls"]?.elements?.first?["id"]?.text == sent)
        #expect(messages?.last?["tool_call_id"]?.text == sent)
    }

    @Test func longToolNamesAreShortened() throws {
        let long = String(repeating: "x", count: 100)
        let result = try translated(#"{"model":"g",\#(hi),"tools":[{"name":"\#(long)","input_schema":{}}]}"#)
        #expect(result.toolNames == [String(repeating: "x", count: 64): long])
    }
}

struct AnthropicMessageTests {
    private func message(_ completion: String, names: [String: String] = [:]) throws -> AnthropicMessage {
        try AnthropicMessage(Array(completion.utf8), toolNames: names, id: "msg_1", model: "g")
    }

    @Test func everything() throws {
        let result = try message(
            #"""
            {"choices":[{"index":0,"message":{"role":"assistant","content":"Hi","tool_calls":[
            {"id":"a","type":"function","function":{"name":"s","arguments":"{\"x\":1.0}"}},
            {"id":"b","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":"tool_calls"}],
            "usage":{"prompt_tokens":100,"completion_tokens":5,"prompt_tokens_details":
            {"cached_tokens":60,"cache_write_tokens":30}}}
            """#,
            names: ["s": "long"]
        )
        let expected =
            #"{"id":"msg_1","type":"message","role":"assistant","model":"g","content":[{"type":"text","text":"Hi"},"#
            + #"{"type":"tool_use","id":"a","name":"long","input":{"x":1.0}},{"type":"tool_use","id":"b","name":"f","#
            + #""input":{}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"#
            + #""cache_creation_input_tokens":30,"cache_read_input_tokens":60,"output_tokens":5}}"#
        #expect(String(decoding: result.body, as: UTF8.self) == expected)
        #expect(result.facts.usage == TokenUsage(input: 100, output: 5, cacheRead: 60, cacheWrite: 30))
    }

    @Test(arguments: [
        (#""stop""#, #""end_turn""#), (#""length""#, #""max_tokens""#), (#""content_filter""#, #""refusal""#),
        (#""function_call""#, #""tool_use""#), (#""error""#, "null"), ("null", "null"),
    ])
    func stopReason(_ finish: String, _ stop: String) throws {
        let result = try message(
            #"{"choices":[{"message":{"content":null,"refusal":"No."},"finish_reason":\#(finish)}]}"#
        )
        #expect(String(decoding: result.body, as: UTF8.self).contains(#""stop_reason":\#(stop),"#))
        #expect(String(decoding: result.body, as: UTF8.self).contains(#"[{"type":"text","text":"No."}]"#))
    }

    @Test func errors() throws {
        let result = try message(#"{"error":{"code":502,"message":"Provider returned error"}}"#)
        let expected =
            #"{"type":"error","error":{"type":"api_error","message":"Provider returned error","#
            + #""details":{"error_code":"502"}}}"#
        #expect(String(decoding: result.body, as: UTF8.self) == expected)
        #expect(
            anthropicError(
                fromOpenAI: Array(#"{"error":{"message":"No key","code":"x"}}"#.utf8),
                status: 401,
                requestID: "r"
            )
                == #"{"type":"error","error":{"type":"authentication_error","message":"No key","#
                + #""details":{"error_code":"x"}},"request_id":"r"}"#
        )
    }

    @Test func gatewayError() throws {
        let error = GatewayError(
            status: 503,
            type: "server_error",
            code: "no_route",
            message: "None left.",
            attempts: [.init(deployment: "a", failure: "timeout", status: nil, milliseconds: 12)]
        )
        #expect(
            error.anthropicBody(requestID: "r")
                == #"{"type":"error","error":{"type":"overloaded_error","message":"None left.","details":"#
                + #"{"error_code":"no_route"},"nines":{"request_id":"r","attempts":[{"deployment":"a","class":"timeout","#
                + #""status":null,"ms":12}]}},"request_id":"r"}"#
        )
    }
}
