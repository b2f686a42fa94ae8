import Testing

@testable import Wire

/// The request as JSON text, with what was degraded.
private func translated(_ chat: String, for model: String = "claude-haiku-4-5", stream: Bool = false) throws
    -> AnthropicRequest
{
    try AnthropicRequest(
        chat: ChatRequest(Array(chat.utf8)),
        model: model,
        capabilities: .of(model: model),
        stream: stream,
        defaultMaxTokens: 4_096
    )
}

/// One row: messages and further members of a chat request, and what they become for a model.
struct RequestCase: CustomTestStringConvertible {
    var testDescription: String
    var model: String
    var messages: String
    var members: String
    /// Behind `model` and `max_tokens`.
    var expected: String
    var degraded: [String]

    init(
        _ name: String,
        model: String = "claude-haiku-4-5",
        messages: String = #"[{"role":"user","content":"Hi"}]"#,
        _ members: String,
        _ expected: String,
        degraded: [String] = []
    ) {
        testDescription = name
        self.model = model
        self.messages = messages
        self.members = members
        self.expected = expected
        self.degraded = degraded
    }

    init(
        _ name: String,
        model: String = "claude-haiku-4-5",
        messages: String = #"[{"role":"user","content":"Hi"}]"#,
        _ expected: String,
        degraded: [String] = []
    ) {
        self.init(name, model: model, messages: messages, "", expected, degraded: degraded)
    }
}

private let hi = #""messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]"#
private let noParameters = #""input_schema":{"type":"object","properties":{}}"#
private let tools = #""tools":[{"type":"function","function":{"name":"f"}}]"#
private let sentTools = #""tools":[{"name":"f",\#(noParameters)}]"#
private let schema = #"{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]}"#

struct AnthropicRequestTests {
    private static let messageCases: [RequestCase] = [
        RequestCase("text", hi),
        RequestCase(
            "system and developer are hoisted in order",
            messages: """
                [{"role":"system","content":"A"},{"role":"developer","content":[{"type":"text","text":"B"}]},
                {"role":"user","content":"Hi"}]
                """,
            #""system":[{"type":"text","text":"A"},{"type":"text","text":"B"}],\#(hi)"#
        ),
        RequestCase(
            "a system message in the middle moves",
            messages: #"[{"role":"user","content":"Hi"},{"role":"system","content":"A"}]"#,
            #""system":[{"type":"text","text":"A"}],\#(hi)"#,
            degraded: ["system_position"]
        ),
        RequestCase(
            "a system message alone is a question",
            messages: #"[{"role":"system","content":"Hi"}]"#,
            hi,
            degraded: ["system_position"]
        ),
        RequestCase(
            "turns of one speaker are one",
            messages: #"[{"role":"user","content":"A"},{"role":"user","content":[{"type":"text","text":"B"}]}]"#,
            #""messages":[{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]}]"#
        ),
        RequestCase(
            "empty texts are dropped, and turns without content with them",
            messages: """
                [{"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"A"}]},
                {"role":"assistant","content":""},{"role":"assistant","content":null},{"role":"user","content":" \\n"},
                {"role":"user","content":"B"}]
                """,
            #""messages":[{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]}]"#
        ),
        RequestCase(
            "nothing but an empty message",
            messages: #"[{"role":"user","content":""}]"#,
            #""messages":[{"role":"user","content":[{"type":"text","text":"(no message)"}]}]"#,
            degraded: ["first_message"]
        ),
        RequestCase(
            "the assistant first",
            messages: #"[{"role":"assistant","content":"A"},{"role":"user","content":"Hi"}]"#,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"(no message)"}]},
            {"role":"assistant","content":[{"type":"text","text":"A"}]},
            {"role":"user","content":[{"type":"text","text":"Hi"}]}]
            """,
            degraded: ["first_message"]
        ),
        RequestCase(
            "a prefill loses the white space at its end",
            messages: #"[{"role":"user","content":"Hi"},{"role":"assistant","content":"The \n"}]"#,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},
            {"role":"assistant","content":[{"type":"text","text":"The"}]}]
            """
        ),
        RequestCase(
            "a prefill where the model takes none",
            model: "claude-opus-4-8",
            messages: #"[{"role":"user","content":"Hi"},{"role":"assistant","content":"The"}]"#,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},
            {"role":"assistant","content":[{"type":"text","text":"The"}]},{"role":"user","content":[{"type":"text",
            "text":"Go on with your last message exactly where it stops. Repeat nothing of it."}]}]
            """,
            degraded: ["prefill"]
        ),
        RequestCase(
            "a refusal in the history, and a name",
            messages: """
                [{"role":"user","content":"A","name":"Ann"},{"role":"assistant","content":null,"refusal":"No."},
                {"role":"user","content":"Hi"}]
                """,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"A"}]},
            {"role":"assistant","content":[{"type":"text","text":"No."}]},
            {"role":"user","content":[{"type":"text","text":"Hi"}]}]
            """,
            degraded: ["name"]
        ),
        RequestCase(
            "images, inline and by address",
            messages: """
                [{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/jpg;base64,AAAA","detail":"low"}},
                {"type":"image_url","image_url":{"url":"https://a.test/b.png"}}]}]
                """,
            """
            "messages":[{"role":"user","content":[
            {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAAA"}},
            {"type":"image","source":{"type":"url","url":"https://a.test/b.png"}}]}]
            """
        ),
        RequestCase(
            "files",
            messages: """
                [{"role":"user","content":[
                {"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}},
                {"type":"file","file":{"file_data":"data:text/csv;base64,SGksIMOkIQ=="}}]}]
                """,
            """
            "messages":[{"role":"user","content":[
            {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"},"title":"a.pdf"},
            {"type":"document","source":{"type":"text","media_type":"text/plain","data":"Hi, ä!"}}]}]
            """
        ),
        RequestCase(
            "cache marks survive on parts and messages",
            messages: """
                [{"role":"system","content":"A","cache_control":{"type":"ephemeral","ttl":"1h"}},
                {"role":"user","content":[{"type":"text","text":"B","cache_control":{"type":"ephemeral"}}]}]
                """,
            #""cache_control":{"type":"ephemeral"}"#,
            """
            "system":[{"type":"text","text":"A","cache_control":{"type":"ephemeral","ttl":"1h"}}],
            "messages":[{"role":"user","content":[{"type":"text","text":"B","cache_control":{"type":"ephemeral"}}]}],
            "cache_control":{"type":"ephemeral"}
            """
        ),
    ]

    private static let parameterCases: [RequestCase] = [
        RequestCase("stop as text", #""stop":"X""#, #"\#(hi),"stop_sequences":["X"]"#),
        RequestCase(
            "stop sequences without the blank ones",
            #""stop":["X","\n"]"#,
            #"\#(hi),"stop_sequences":["X"]"#,
            degraded: ["stop"]
        ),
        RequestCase("temperature", #""temperature":0.70"#, #"\#(hi),"temperature":0.70"#),
        RequestCase("temperature over 1", #""temperature":1.5"#, #"\#(hi),"temperature":1"#, degraded: ["temperature"]),
        RequestCase("top_p", #""top_p":0.9,"top_k":5"#, #"\#(hi),"top_p":0.9,"top_k":5"#),
        RequestCase(
            "temperature and top_p don't go together",
            #""temperature":0,"top_p":0.9"#,
            #"\#(hi),"temperature":0"#,
            degraded: ["top_p"]
        ),
        RequestCase(
            "no sampling on newer models",
            model: "claude-opus-4-7",
            #""temperature":0.2,"top_p":0.9,"top_k":3"#,
            hi,
            degraded: ["temperature", "top_p", "top_k"]
        ),
        RequestCase("the default is no loss", model: "claude-sonnet-5", #""temperature":1.0,"top_p":1"#, hi),
        RequestCase(
            "what has no equal is dropped and named",
            #""logprobs":true,"top_logprobs":2,"logit_bias":{"1":5},"seed":7,"frequency_penalty":0.1,"presence_penalty":1,"#
                + #""verbosity":"low","service_tier":"flex","prediction":{},"made,up":1"#,
            hi,
            degraded: [
                "logprobs", "top_logprobs", "logit_bias", "seed", "frequency_penalty", "presence_penalty", "verbosity",
                "service_tier", "prediction", "other",
            ]
        ),
        RequestCase(
            "neutral values are no loss",
            #""n":1,"logprobs":false,"logit_bias":{},"frequency_penalty":0,"presence_penalty":0.0,"seed":null,"#
                + #""service_tier":"auto","store":true,"metadata":{"a":"b"},"stream_options":{},"modalities":["text"]"#,
            hi
        ),
        RequestCase("user", #""user":"u-17""#, #"\#(hi),"metadata":{"user_id":"u-17"}"#),
        RequestCase("safety_identifier", #""safety_identifier":"u-17""#, #"\#(hi),"metadata":{"user_id":"u-17"}"#),
        RequestCase("no e-mail address", #""user":"ann@example.org""#, hi, degraded: ["user"]),
        RequestCase("no telephone number", #""user":"+49 30 1""#, hi, degraded: ["user"]),
        RequestCase(
            "schema",
            #""response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":\#(schema)}}"#,
            #"\#(hi),"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":"#
                + #"{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}}}"#
        ),
        RequestCase(
            "schema with keywords that are refused",
            #""response_format":{"type":"json_schema","json_schema":{"schema":"#
                + ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"integer","minimum":1}}}}}"##,
            #"\#(hi),"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":"#
                + #"{"a":{"type":"integer","description":"{minimum: 1}"}},"additionalProperties":false}}}"#,
            degraded: ["response_format"]
        ),
        RequestCase(
            "schema where the model takes none",
            model: "claude-sonnet-4-20250514",
            #""response_format":{"type":"json_schema","json_schema":{"schema":\#(schema)}}"#,
            #""system":[{"type":"text","text":"Answer with one JSON value that follows this JSON schema, and with "#
                + #"nothing else: \#(schema.replacing("\"", with: "\\\""))"}],\#(hi)"#,
            degraded: ["response_format"]
        ),
        RequestCase(
            "json_object",
            #""response_format":{"type":"json_object"}"#,
            #""system":[{"type":"text","text":"Answer with one valid JSON object, and with nothing else: no prose, no "#
                + #"code fence."}],\#(hi)"#,
            degraded: ["response_format"]
        ),
        RequestCase("plain text", #""response_format":{"type":"text"}"#, hi),
    ]

    private static let reasoningCases: [RequestCase] = [
        RequestCase(
            "budget",
            #""reasoning_effort":"medium","temperature":0.5"#,
            #"\#(hi),"thinking":{"type":"enabled","budget_tokens":2048}"#,
            degraded: ["temperature"]
        ),
        RequestCase(
            "no budget beside a forced tool",
            #""reasoning_effort":"low",\#(tools),"tool_choice":"required""#,
            #"\#(hi),\#(sentTools),"tool_choice":{"type":"any"}"#,
            degraded: ["reasoning_effort"]
        ),
        RequestCase(
            "effort",
            model: "claude-opus-4-8",
            #""reasoning_effort":"high""#,
            #"\#(hi),"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}"#
        ),
        RequestCase(
            "an effort that the model lacks",
            model: "claude-opus-4-6",
            #""reasoning_effort":"xhigh""#,
            #"\#(hi),"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}"#,
            degraded: ["reasoning_effort"]
        ),
        RequestCase(
            "no reasoning",
            model: "claude-haiku-5-5",
            #""reasoning_effort":"none""#,
            #"\#(hi),"thinking":{"type":"disabled"}"#
        ),
        RequestCase(
            "as little as can be",
            model: "claude-sonnet-5-5",
            #""reasoning_effort":"none""#,
            #"\#(hi),"thinking":{"type":"between_tools"}"#
        ),
        RequestCase(
            "always on",
            model: "claude-opus-5-5",
            #""reasoning_effort":"none""#,
            #"\#(hi),"output_config":{"effort":"low"}"#,
            degraded: ["reasoning_effort"]
        ),
        RequestCase("none where none is the default", #""reasoning_effort":"none""#, hi),
        RequestCase("nonsense", #""reasoning_effort":"hard""#, hi, degraded: ["reasoning_effort"]),
    ]

    private static let toolCases: [RequestCase] = [
        RequestCase(
            "tool",
            """
            "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":\(schema)},
            "cache_control":{"type":"ephemeral"}}]
            """,
            #"\#(hi),"tools":[{"name":"f","description":"d","input_schema":\#(schema),"cache_control":{"type":"ephemeral"}}]"#
        ),
        RequestCase(
            "strict",
            #""tools":[{"type":"function","function":{"name":"f","strict":true}}]"#,
            "\(hi),\(sentTools)",
            degraded: ["tools.strict"]
        ),
        RequestCase(
            "references are resolved",
            ##""tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":"##
                + ##"{"a":{"$ref":"#/$defs/n","description":"x"}},"$defs":{"n":{"type":"integer"}}}}}]"##,
            #"\#(hi),"tools":[{"name":"f","input_schema":{"type":"object","properties":{"a":{"type":"integer","#
                + #""description":"x"}}}}]"#
        ),
        RequestCase(
            "a recursive schema stays",
            ##""tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":"##
                + ##"{"a":{"$ref":"#"},"b":{"$ref":"#/$defs/n"}},"$defs":{"n":{"properties":{"b":{"$ref":"#/$defs/n"}}}}}}}]"##,
            ##"\##(hi),"tools":[{"name":"f","input_schema":{"type":"object","properties":{"a":{"$ref":"#"},"##
                + ##""b":{"$ref":"#/$defs/n"}},"$defs":{"n":{"properties":{"b":{"$ref":"#/$defs/n"}}}}}}]"##
        ),
        RequestCase(
            "alternatives at the top",
            #""tools":[{"type":"function","function":{"name":"f","parameters":{"anyOf":["#
                + #"{"properties":{"a":{"type":"integer"}}},{"properties":{"b":{"type":"string"}}}]}}}]"#,
            #"\#(hi),"tools":[{"name":"f","input_schema":{"properties":{"a":{"type":"integer"},"b":{"type":"string"}},"#
                + #""type":"object"}}]"#,
            degraded: ["tools.parameters"]
        ),
        RequestCase("auto", #"\#(tools),"tool_choice":"auto""#, #"\#(hi),\#(sentTools),"tool_choice":{"type":"auto"}"#),
        RequestCase("none", #"\#(tools),"tool_choice":"none""#, #"\#(hi),\#(sentTools),"tool_choice":{"type":"none"}"#),
        RequestCase(
            "any",
            #"\#(tools),"tool_choice":"required""#,
            #"\#(hi),\#(sentTools),"tool_choice":{"type":"any"}"#
        ),
        RequestCase(
            "one tool, one call",
            #"\#(tools),"tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false"#,
            #"\#(hi),\#(sentTools),"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true}"#
        ),
        RequestCase(
            "one call at a time",
            #"\#(tools),"parallel_tool_calls":false"#,
            #"\#(hi),\#(sentTools),"tool_choice":{"type":"auto","disable_parallel_tool_use":true}"#
        ),
        RequestCase(
            "a forced tool where the model takes none",
            model: "claude-sonnet-5-5",
            #"\#(tools),"tool_choice":{"type":"function","function":{"name":"f"}}"#,
            #""system":[{"type":"text","text":"Call the tool f."}],\#(hi),\#(sentTools),"tool_choice":{"type":"auto"}"#,
            degraded: ["tool_choice"]
        ),
        RequestCase(
            "allowed tools",
            #""tools":[{"type":"function","function":{"name":"e"}},{"type":"function","function":{"name":"f"}}],"#
                + #""tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","#
                + #""tools":[{"type":"function","function":{"name":"f"}}]}}"#,
            #"\#(hi),\#(sentTools),"tool_choice":{"type":"any"}"#
        ),
        RequestCase("a choice without tools", #""tool_choice":"none","parallel_tool_calls":false"#, hi),
        RequestCase(
            "calls and their results, first and in one turn",
            messages: """
                [{"role":"user","content":"Hi"},{"role":"assistant","content":"Well","tool_calls":[
                {"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\": 1.50}"}},
                {"id":"b.1","type":"function","function":{"name":"f","arguments":""}}]},
                {"role":"tool","tool_call_id":"a","content":"1"},{"role":"user","content":"And?"},
                {"role":"tool","tool_call_id":"b.1","content":[{"type":"text","text":"2"}]}]
                """,
            tools,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":[
            {"type":"text","text":"Well"},{"type":"tool_use","id":"a","name":"f","input":{"x":1.50}},
            {"type":"tool_use","id":"b_1","name":"f","input":{}}]},{"role":"user","content":[
            {"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"1"}]},
            {"type":"tool_result","tool_use_id":"b_1","content":[{"type":"text","text":"2"}]},
            {"type":"text","text":"And?"}]}],\(sentTools)
            """
        ),
        RequestCase(
            "arguments that are no JSON object, ids used again, a result too few and one too many",
            messages: """
                [{"role":"user","content":"Hi"},
                {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\\"x\\":"}}]},
                {"role":"tool","tool_call_id":"c","content":"1"},
                {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"[1]"}}]},
                {"role":"tool","tool_call_id":"z","content":"stray"}]
                """,
            tools,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{"arguments":"{\\"x\\":"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"1"}]}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"c_2","name":"f","input":{"arguments":"[1]"}}]},
            {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"c_2","content":"No result.","is_error":true},
            {"type":"text","text":"stray"}]}],\(sentTools)
            """,
            degraded: ["tool_calls.arguments", "tool_results"]
        ),
        RequestCase(
            "a history with calls, but no tools",
            messages: """
                [{"role":"user","content":"Hi"},
                {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},
                {"role":"tool","tool_call_id":"c","content":""}]
                """,
            """
            "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c"}]}],
            \(sentTools),"tool_choice":{"type":"none"}
            """
        ),
    ]

    @Test(arguments: messageCases + parameterCases + reasoningCases + toolCases)
    func isWrittenAs(_ row: RequestCase) throws {
        let members = row.members.isEmpty ? "" : "," + row.members
        let chat = #"{"model":"g","max_tokens":3000,"messages":\#(row.messages)\#(members)}"#
        let result = try translated(chat, for: row.model)
        let expected = try JSONValue(Array(#"{"model":"\#(row.model)","max_tokens":3000,\#(row.expected)}"#.utf8))
        #expect(String(decoding: result.body, as: UTF8.self) == expected.rendered)
        #expect(result.degraded == row.degraded)
    }

    @Test(arguments: [
        ("claude-haiku-4-5", nil, 4_096, true), ("claude-haiku-4-5", 10, 10, false),
        ("claude-haiku-4-5", 100_000, 64_000, true), ("claude-opus-5", 100_000, 100_000, false),
        ("claude-3-haiku-20240307", nil, 4_096, true), ("claude-haiku-4-5", 0, 4_096, true),
    ])
    func limitOfTokens(_ model: String, _ wanted: Int?, _ sent: Int, _ isNoted: Bool) throws {
        let limit = wanted.map { #","max_completion_tokens":\#($0)"# } ?? ""
        let result = try translated(#"{"model":"g","messages":[{"role":"user","content":"Hi"}]\#(limit)}"#, for: model)
        #expect(try JSONValue(result.body)["max_tokens"]?.integer == sent)
        #expect(result.degraded == (isNoted ? ["max_tokens"] : []))
    }

    @Test(arguments: [
        #""n":2"#, #""functions":[]"#, #""function_call":"auto""#, #""modalities":["text","audio"]"#,
        #""web_search_options":{}"#, #""tools":[{"type":"custom","custom":{"name":"x"}}]"#,
        #""tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"custom"}"#,
    ])
    func routeIsSkippedFor(_ members: String) throws {
        #expect(throws: Untranslatable.self) {
            try translated(#"{"model":"g","messages":[{"role":"user","content":"Hi"}],\#(members)}"#)
        }
    }

    @Test(arguments: [
        (#"{"type":"image_url","image_url":{"url":"http://a.test/b.png"}}"#, false),
        (#"{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AA"}}"#, false),
        (#"{"type":"input_audio","input_audio":{}}"#, false), (#"{"type":"file","file":{"file_id":"file-1"}}"#, false),
        (#"{"type":"image_url"}"#, true),
        (#"{"type":"file","file":{"file_data":"data:text/plain;base64,*"}}"#, true),
    ])
    func partIsRefused(_ part: String, _ isMalformed: Bool) {
        let error = #expect(throws: Untranslatable.self) {
            try translated(#"{"model":"g","messages":[{"role":"user","content":[\#(part)]}]}"#)
        }
        #expect(error?.parameter == "messages")
        #expect(error?.isMalformed == isMalformed)
    }

    @Test func toolNamesAreCleanUniqueAndFoundAgain() throws {
        let long = String(repeating: "x", count: 200)
        let result = try translated(
            """
            {"model":"g","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"tools":[
            {"type":"function","function":{"name":"a_b"}},{"type":"function","function":{"name":"a.b"}},
            {"type":"function","function":{"name":"a/b"}},{"type":"function","function":{"name":"\(long)"}},
            {"type":"function","function":{"name":"ä"}}],"tool_choice":{"type":"function","function":{"name":"a/b"}}}
            """
        )
        let body = try JSONValue(result.body)
        let names = body["tools"]?.elements?.compactMap { $0["name"]?.text } ?? []
        #expect(names == ["a_b", "a_b_2", "a_b_3", String(repeating: "x", count: 128), "__"])
        #expect(body["tool_choice"]?["name"] == "a_b_3")
        #expect(names.map { result.toolNames[$0] ?? $0 } == ["a_b", "a.b", "a/b", long, "ä"])
    }

    @Test func streamAndTheDeploymentsOwnMembers() throws {
        let chat = try ChatRequest(
            Array(#"{"model":"g","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}"#.utf8)
        )
        let result = try AnthropicRequest(
            chat: chat,
            model: "claude-opus-5",
            capabilities: .of(model: "claude-opus-5"),
            stream: true,
            defaultMaxTokens: 100,
            extra: #""speed":"fast","max_tokens":7"#
        )
        let expected =
            #"{"model":"claude-opus-5","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],"#
            + #""stream":true,"speed":"fast"}"#
        #expect(String(decoding: result.body, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("", #"{"type":"ephemeral","ttl":"1h"}"#), (#","cache_control":{"type":"ephemeral"}"#, nil),
    ])
    func stableBlocksAreMarkedOnDemand(_ mark: String, _ expected: String?) throws {
        let chat = """
            {"model":"g","max_tokens":5,"messages":[{"role":"system","content":"A"},{"role":"developer","content":"B"},
            {"role":"user","content":"Hi"\(mark)}],\(tools),"response_format":{"type":"json_object"}}
            """
        let result = try AnthropicRequest(
            chat: ChatRequest(Array(chat.utf8)),
            model: "claude-opus-5",
            capabilities: .of(model: "claude-opus-5"),
            stream: false,
            defaultMaxTokens: 100,
            cacheLifetime: "1h"
        )
        let body = try JSONValue(result.body)
        #expect(body["tools"]?.elements?.map { $0["cache_control"]?.rendered } == [expected])
        #expect(body["system"]?.elements?.map { $0["cache_control"]?.rendered } == [nil, expected, nil])
    }

    @Test(arguments: [
        ("claude-3-haiku-20240307", true, true, true, 4_096), ("claude-3-5-haiku-latest", true, true, true, 8_192),
        ("claude-3-7-sonnet-20250219", true, true, true, 64_000),
        ("claude-opus-4-1-20250805", true, true, true, 32_000),
        ("claude-sonnet-4-20250514", true, true, true, 64_000),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", true, true, true, 64_000),
        ("claude-opus-4-5@20251101", true, true, true, 64_000), ("claude-sonnet-4-6", true, true, false, 128_000),
        ("claude-opus-4-7", false, true, false, 128_000), ("claude-opus-5", false, true, false, 128_000),
        ("claude-haiku-5-5", false, true, false, 128_000), ("claude-sonnet-5-5", false, false, false, 128_000),
        ("claude-opus-5-5", false, false, false, 128_000), ("claude-fable-5-1", false, false, false, 128_000),
        ("claude-mythos-preview", false, false, false, 128_000), ("claude-opus-9", false, false, false, 128_000),
        ("claude-saga-6-1", false, false, false, 128_000), ("something-else", false, false, false, 128_000),
        ("claude-99999999999999999999", false, false, false, 128_000),
    ])
    func capabilities(_ model: String, sampling: Bool, forced: Bool, prefill: Bool, output: Int) {
        let row = AnthropicCapabilities.of(model: model)
        #expect(row.takesSampling == sampling)
        #expect(row.takesForcedTools == forced)
        #expect(row.takesPrefill == prefill)
        #expect(row.maxOutputTokens == output)
    }
}
