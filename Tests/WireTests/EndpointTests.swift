import Testing

@testable import Wire

struct EndpointTests {
    @Test(
        "a path names its endpoint, with or without /v1",
        arguments: [
            ("/v1/chat/completions", Endpoint.chat), ("/chat/completions", .chat), ("/v1/messages", .messages),
            ("/messages", .messages), ("/v1/messages/count_tokens", .countTokens), ("/v1/completions", .completions),
            ("/responses", .responses), ("/v1/embeddings", .embeddings), ("/v1/models", nil), ("/v1/v1/messages", nil),
            ("/v1/messages/", nil), ("", nil),
        ]
    )
    func path(path: String, endpoint: Endpoint?) { #expect(Endpoint(path: path) == endpoint) }

    @Test func onlyConversationsNeedMessages() throws {
        let bare = Array(#"{"model":"m","stream":true,"max_output_tokens":5}"#.utf8)
        for endpoint in Endpoint.allCases {
            let request = try? ChatRequest(bare, endpoint: endpoint)
            #expect((request == nil) == [.chat, .messages, .countTokens].contains(endpoint))
            #expect(request.map { $0.stream == endpoint.streams && $0.maxOutputTokens == 5 } ?? true)
        }
    }

    /// A whole answer, whether it is complete, and its usage.
    static let answers: [(Endpoint, String, Bool, TokenUsage?)] = [
        (
            .responses,
            #"{"status":"completed","error":null,"output":[{"type":"message"}],"usage":{"input_tokens":7,"#
                + #""input_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"output_tokens":5}}"#,
            true, TokenUsage(input: 7, output: 5, cacheRead: 3, cacheWrite: 2)
        ),
        (.responses, #"{"status":"incomplete","output":[]}"#, true, nil),
        (.responses, #"{"status":"queued","output":[]}"#, true, nil),
        (.responses, #"{"output":[{"type":"message"}]}"#, true, nil),
        (.responses, #"{"status":"cancelled","output":[]}"#, false, nil),
        (.responses, #"{}"#, false, nil),
        (
            .embeddings, #"{"data":[{"embedding":"AAAA"}],"usage":{"prompt_tokens":4}}"#, true,
            TokenUsage(input: 4, output: 0)
        ),
        (.embeddings, #"{"data":[]}"#, false, nil),
        (.completions, #"{"choices":[{"index":0,"text":"a","finish_reason":"length"}]}"#, true, nil),
        (.completions, #"{"choices":[{"index":0,"text":"a","finish_reason":null}]}"#, false, nil),
        (
            .messages, #"{"content":[],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}}"#, true,
            TokenUsage(input: 1, output: 2)
        ),
        (.messages, #"{"content":[],"stop_reason":null}"#, false, nil),
        (.countTokens, #"{"input_tokens":12}"#, true, TokenUsage(input: 0, output: 0)),
        (.countTokens, #"{"tokens":12}"#, false, TokenUsage(input: 0, output: 0)),
    ]

    @Test("a whole answer is complete or is not", arguments: answers)
    func answer(endpoint: Endpoint, body: String, isComplete: Bool, usage: TokenUsage?) throws {
        let facts = try endpoint.facts(of: Array(body.utf8))
        #expect(facts.isComplete == isComplete && facts.usage == usage && facts.error == nil)
    }

    @Test(
        "an error under status 200 is seen",
        arguments: [
            (Endpoint.responses, #"{"status":"failed","error":{"code":"server_error","message":"m"}}"#),
            (.responses, #"{"error":{"code":"server_error","message":"m"}}"#),
            (.embeddings, #"{"error":{"code":"server_error","message":"m"}}"#),
            (.completions, #"{"error":{"code":"server_error","message":"m"}}"#),
            (.messages, #"{"type":"error","error":{"type":"server_error","message":"m"}}"#),
            (.countTokens, #"{"type":"error","error":{"type":"server_error","message":"m"}}"#),
        ]
    )
    func errorInBody(endpoint: Endpoint, body: String) throws {
        let error = try #require(try endpoint.facts(of: Array(body.utf8)).error)
        #expect((error.code ?? error.type) == "server_error" && error.message == "m")
    }

    @Test("what is no object is no answer", arguments: Endpoint.allCases, ["", "[]", "\"x\"", "{\"a\":"])
    func noAnswer(endpoint: Endpoint, body: String) {
        #expect(throws: JSONError.self) { try endpoint.facts(of: Array(body.utf8)) }
    }

    /// One event of a response's stream: content, end, error.
    static let events: [(String, Bool, Bool, String?)] = [
        (#"{"type":"response.created","response":{"status":"in_progress","output":[]}}"#, false, false, nil),
        (#"{"type":"response.output_item.added","item":{"type":"message"}}"#, false, false, nil),
        (#"{"type":"response.output_item.added","item":{"type":"reasoning"}}"#, false, false, nil),
        (#"{"type":"response.output_item.added","item":{"type":"web_search_call"}}"#, true, false, nil),
        (#"{"type":"response.output_text.delta","delta":""}"#, false, false, nil),
        (#"{"type":"response.output_text.delta","delta":"a"}"#, true, false, nil),
        (#"{"type":"response.refusal.delta","delta":"a"}"#, true, false, nil),
        (#"{"type":"response.function_call_arguments.delta","delta":"{"}"#, true, false, nil),
        (#"{"type":"response.reasoning_summary_text.delta","delta":"a"}"#, true, false, nil),
        (#"{"type":"response.output_text.done","text":"a"}"#, false, false, nil),
        (#"{"type":"response.completed","response":{"status":"completed","output":[{}]}}"#, false, true, nil),
        (#"{"type":"response.incomplete","response":{"status":"incomplete"}}"#, false, true, nil),
        (
            #"{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded"}}}"#, false, false,
            "rate_limit_exceeded"
        ),
        (#"{"type":"error","code":"server_error","message":"m","param":null}"#, false, false, "server_error"),
        (#"{"type":"error","error":{"code":"server_error"}}"#, false, false, "server_error"),
        (#"{"error":{"code":"server_error"}}"#, false, false, "server_error"),
    ]

    @Test("an event of a response's stream", arguments: events)
    func event(event: String, hasContent: Bool, isEnd: Bool, code: String?) throws {
        let facts = try ChatAnswer(responseEvent: Array(event.utf8))
        #expect(facts.hasContent == hasContent && facts.isComplete == isEnd && facts.error?.code == code)
    }

    @Test func anErrorEventIsOfItsFormat() throws {
        let error = GatewayError(status: 502, type: "server_error", code: "stream_interrupted", message: "m")
        func event(_ endpoint: Endpoint) -> String {
            String(decoding: endpoint.errorEvent(error, requestID: "r", after: 4), as: UTF8.self)
        }
        #expect(event(.chat) == "data: \(error.openAIBody(requestID: "r"))\n\n")
        #expect(event(.messages).hasPrefix("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\""))
        let response = event(.responses)
        #expect(response.hasPrefix("event: error\ndata: {\"type\":\"error\",\"sequence_number\":4,\"code\":\"stream_"))
        #expect(response.contains("\"error\":{\"message\":\"m\"") && response.contains("\"request_id\":\"r\""))
    }
}

struct AnthropicCacheMarksTests {
    /// Body of the client, and what is sent, with the model `m` named `n`.
    static let bodies: [(String, String)] = [
        (
            #"{"model":"m","system":"S","messages":[1.0]}"#,
            #"{"model":"n","system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[1.0]}"#
        ),
        (
            #"{"model":"m","tools":[{"name":"a"},{"name":"b"}],"messages":[1]}"#,
            #"{"model":"n","tools":[{"name":"a"},{"name":"b","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[1]}"#
        ),
        // Nothing to mark, or marked already: the client's bytes.
        (#"{"model": "m", "system": "", "messages": [1e0]}"#, #"{"model": "n", "system": "", "messages": [1e0]}"#),
        (
            #"{"model":"m", "system":"S","messages":[{"cache_control":{}}]}"#,
            #"{"model":"n", "system":"S","messages":[{"cache_control":{}}]}"#
        ),
    ]

    @Test("the stable blocks are marked, unless the client marks its own", arguments: bodies)
    func marked(body: String, sent: String) throws {
        let request = try ChatRequest(Array(body.utf8), endpoint: .messages)
        #expect(String(decoding: request.body(model: "n", extra: nil, cacheLifetime: "1h"), as: UTF8.self) == sent)
        #expect(request.body(model: "n", extra: nil, cacheLifetime: nil) == request.body(model: "n"))
    }

    @Test func whatIsWrittenForAnHourIsCounted() throws {
        let body = """
            {"content":[],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2,"cache_read_input_tokens":4,\
            "cache_creation_input_tokens":9,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":7}}}
            """
        let usage = try Endpoint.messages.facts(of: Array(body.utf8)).usage
        #expect(usage == TokenUsage(input: 14, output: 2, cacheRead: 4, cacheWrite: 9, cacheWriteLong: 7))
    }
}
