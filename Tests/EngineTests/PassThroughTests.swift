import Console
import Engine
import Routing
import Simulator
import Storage
import Testing
import Upstream
import Wire

/// What reaches a provider, byte by byte, and what comes back.
struct PassThroughTests {
    /// Spaces, key order, forms of numbers, escapes and fields that nobody knows.
    private static let odd = #"{ "nobody":{"knows":[1.50, 1e3, -0, null, "\u00e9"]},"model" : "NAME", MEMBERS }"#

    static let endpoints: [(Endpoint, String)] = [
        (.chat, #""messages":[{"role":"user","content":"x"}], "seed":7.0"#),
        (.messages, #""max_tokens":1E3,"messages":[{"role":"user","content":"x"}], "new_thing":true"#),
        (.countTokens, #""messages":[{"role":"user","content":"x"}]"#),
        (.completions, #""prompt":"x"  "#),
        (.responses, #""input":[{"role":"user","content":"x"}]"#),
        (.embeddings, #""input":["x"],"dimensions":8"#),
    ]

    @Test("one format on both sides: nothing changes but the model's name", arguments: endpoints, [false, true])
    func request(row: (endpoint: Endpoint, members: String), isBypassOn: Bool) async throws {
        let format: SimulatedProviderConfiguration.Format = row.endpoint.api == .openAI ? .openAI : .anthropic
        try await House.with(House.Plan(primaryFormat: format)) { house in
            _ = house.engine.perform(.bypass(isBypassOn))
            let body = Self.odd.replacing("MEMBERS", with: row.members)
            let reply = try await house.ask(row.endpoint, body: body.replacing("NAME", with: "assistant"))
            #expect(reply.isComplete, "\(reply.text)")
            #expect(house.tap.sent.map(\.text) == [body.replacing("NAME", with: "gpt-5.4-mini")])
            #expect(
                house.tap.sent[0].url == "\(house.primary.baseURL)\(format == .openAI ? "" : "/v1")\(row.endpoint.path)"
            )
        }
    }

    /// Whole answers of each format with fields that nobody knows, and streams of them.
    static let answers: [(Endpoint, Bool, String)] = [
        (.chat, false, #"{ "choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"new":1.0}"#),
        (.messages, false, #"{ "content":[{"type":"new"}],"stop_reason":"end_turn","new":1.0}"#),
        (.completions, false, #"{ "choices":[{"index":0,"text":"a","finish_reason":"stop"}],"new":1.0}"#),
        (.responses, false, #"{ "status":"completed","output":[],"new":1.0}"#),
        (.embeddings, false, #"{ "data":[{"embedding":[1e0]}],"new":1.0}"#),
        (
            .messages, true,
            "event: message_start\ndata: {\"type\":\"message_start\", \"message\":{\"new\":1.0}}\n\n"
                + "event: ping\ndata: {\"type\": \"ping\"}\n\n"
                + "event: content_block_start\r\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
                + "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}}\r\n\r\n"
                + "event: new_thing\ndata: {\"type\":\"new_thing\"}\n\n"
                + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
                + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                + "\"usage\":{\"output_tokens\":7}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
        ),
        (
            .responses, true,
            "event: response.created\ndata: {\"type\":\"response.created\", \"response\":{}}\n\n"
                + "event: response.new.delta\ndata: {\"type\":\"response.new.delta\",\"delta\":\"a\"}\n\n"
                + "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"new\":1.0}}\n\n"
        ),
        (
            .completions, true,
            "data: {\"choices\":[{\"index\":0,\"text\":\"a\",\"new\":1.0,\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        ),
    ]

    @Test("and the answer comes back as it is", arguments: answers)
    func answer(endpoint: Endpoint, isStream: Bool, body: String) async throws {
        let format: SimulatedProviderConfiguration.Format = endpoint.api == .openAI ? .openAI : .anthropic
        try await House.with(House.Plan(primaryFormat: format)) { house in
            house.tap.answerNext(body, isStream: isStream)
            let reply = try await house.ask(endpoint, stream: isStream)
            #expect(reply.status == 200 && reply.text == body, "\(reply.text)")
            let record = try #require(try await house.record(of: reply))
            #expect(record.outcome == .complete && record.deployment == "one")
        }
    }

    @Test func theClientsOwnVersionAndBetasReachAnthropicAndNobodyElse() async throws {
        let headers = [
            HeaderField("anthropic-version", "2099-01-01"), HeaderField("anthropic-beta", "a-1,b-2"),
            HeaderField("x-api-key", "client"),
        ]
        for format in [SimulatedProviderConfiguration.Format.anthropic, .openAI] {
            try await House.with(House.Plan(primaryFormat: format)) { house in
                _ = try await house.ask(.messages, headers: headers)
                let sent = try #require(house.tap.sent.first)
                let isAnthropic = format == .anthropic
                #expect(sent.header("anthropic-version") == (isAnthropic ? ["2099-01-01"] : []))
                #expect(sent.header("anthropic-beta") == (isAnthropic ? ["a-1,b-2"] : []))
                #expect(sent.header("x-api-key") == (isAnthropic ? ["sk-primary"] : []))
            }
        }
    }
}

/// An Anthropic client's tools, tool results and images at an OpenAI-compatible deployment, and back.
struct CrossingTests {
    static let conversation = """
        {"model":"assistant","max_tokens":100,"system":[{"type":"text","text":"Be brief."}],"stop_sequences":["END"],\
        "tools":[{"name":"weather","description":"d","input_schema":{"type":"object","properties":{}}}],\
        "tool_choice":{"type":"any","disable_parallel_tool_use":true},"messages":[\
        {"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}},\
        {"type":"text","text":"Here?"}]},\
        {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Oslo"}}]},\
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"Rain"}]}],"stream":STREAM}
        """

    static let call =
        #""tool_calls":[{"index":0,"id":"call_9","type":"function","function":"#
        + #"{"name":"weather","arguments":"{\"city\":\"Bergen\"}"}}]"#

    @Test("tools, tool results and images go over and come back", arguments: [false, true])
    func tools(stream: Bool) async throws {
        try await House.with(House.Plan(secondaryFormat: .anthropic)) { house in
            let choice = #""index":0,"finish_reason":"tool_calls""#
            house.tap.answerNext(
                stream
                    ? "data: {\"choices\":[{\"index\":0,\"delta\":{\(Self.call)}}]}\n\n"
                        + "data: {\"choices\":[{\(choice),\"delta\":{}}]}\n\ndata: [DONE]\n\n"
                    : "{\"choices\":[{\(choice),\"message\":{\"content\":null,\(Self.call)}}]}",
                isStream: stream
            )
            let reply = try await house.ask(
                .messages,
                body: Self.conversation.replacing("STREAM", with: "\(stream)")
            )
            let sent = try #require(house.tap.sent.first)
            #expect(sent.url.hasSuffix("/chat/completions") && sent.header("authorization") == ["Bearer sk-primary"])
            for piece in [
                #"{"role":"system","content":"Be brief."}"#, #""url":"data:image/png;base64,QUJD""#,
                #""id":"toolu_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}"#,
                #"{"role":"tool","tool_call_id":"toolu_1","content":"Rain"}"#, #""tool_choice":"required""#,
                #""parallel_tool_calls":false"#, #""stop":["END"]"#, #""max_tokens":100"#,
            ] {
                #expect(sent.text.contains(piece), "\(piece) is not in \(sent.text)")
            }
            #expect(reply.text.contains(#""type":"tool_use","id":"call_9","name":"weather""#), "\(reply.text)")
            #expect(reply.text.contains(#""stop_reason":"tool_use""#))
            let arguments = stream ? #""partial_json":"{\"city\":\"Bergen\"}""# : #""input":{"city":"Bergen"}"#
            #expect(reply.text.contains(arguments), "\(reply.text)")
            // Only an endpoint of OpenAI's own refuses sampling; what this one can't take is named all the same.
            #expect(reply.headers["x-nines-degraded"] == nil)
        }
    }

    @Test func whatIsLeftOutIsNamed() async throws {
        try await House.with { house in
            let body = """
                {"model":"assistant","max_tokens":9,"top_k":3,"thinking":{"type":"enabled","budget_tokens":2000},\
                "messages":[{"role":"user","content":"x"}]}
                """
            let reply = try await house.ask(.messages, body: body)
            #expect(reply.headers["x-nines-degraded"] == "top_k,thinking")
            let record = try #require(try await house.record(of: reply))
            #expect(record.degraded == ["top_k", "thinking"])
        }
    }

    @Test("what the provider's cache took is booked by class", arguments: [Endpoint.messages, .chat], [false, true])
    func promptCache(endpoint: Endpoint, stream: Bool) async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic)) { house in
            let body = """
                {"model":"assistant","max_tokens":9,"stream":\(stream),"messages":[{"role":"user","content":[\
                {"type":"text","text":"A long text.","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}
                """
            let reply = try await house.ask(endpoint, body: body)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(house.tap.sent[0].text.contains(#""cache_control":{"type":"ephemeral","ttl":"1h"}"#))
            let record = try #require(try await house.record(of: reply))
            #expect(record.tokensIn == 3 && record.tokensCacheWrite == 2 && record.tokensCacheRead == 0)
        }
    }
}

struct CrossOriginTests {
    private static let preflight = [
        HeaderField("access-control-request-method", "POST"),
        HeaderField("access-control-request-headers", "authorization,content-type"),
    ]

    @Test func aListedOriginMayAskAndRead() async throws {
        var plan = House.Plan()
        plan.origins = ["https://app.example.com"]
        try await House.with(plan) { house in
            let origin = HeaderField("origin", "https://app.example.com")
            let before = try await house.ask(method: "OPTIONS", headers: [origin] + Self.preflight)
            #expect(before.status == 204 && before.text.isEmpty)
            #expect(before.headers["access-control-allow-origin"] == "https://app.example.com")
            #expect(before.headers["access-control-allow-methods"] == "GET, POST, DELETE")
            #expect(before.headers["access-control-allow-headers"] == "authorization,content-type")
            for stream in [false, true] {
                let reply = try await house.ask(stream: stream, headers: [origin])
                #expect(reply.isComplete && reply.headers["vary"] == "origin")
                #expect(reply.headers["access-control-allow-origin"] == "https://app.example.com")
                #expect(reply.headers["access-control-allow-credentials"] == nil)
                #expect(reply.headers["access-control-expose-headers"]?.contains("x-nines-deployment") == true)
            }
            let refused = try await house.ask(body: "x", headers: [origin])
            #expect(refused.status == 400 && refused.headers["access-control-allow-origin"] != nil)
        }
    }

    @Test("nobody else gets leave", arguments: [["https://app.example.com"], []], ["https://evil.example", "null"])
    func others(origins: [String], origin: String) async throws {
        var plan = House.Plan()
        plan.origins = origins
        try await House.with(plan) { house in
            let origin = HeaderField("origin", origin)
            let before = try await house.ask(method: "OPTIONS", headers: [origin] + Self.preflight)
            #expect(before.status == 405)
            let reply = try await house.ask(headers: [origin])
            for headers in [before.headers, reply.headers] {
                #expect(!headers.keys.contains { $0.hasPrefix("access-control-") })
            }
        }
    }
}
