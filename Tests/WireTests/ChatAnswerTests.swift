import Testing

@testable import Wire

private func answer(_ text: String) throws -> ChatAnswer { try ChatAnswer(Array(text.utf8)) }

struct ChatAnswerTests {
    @Test(
        "what counts as content",
        arguments: [
            (#"{"role":"assistant"}"#, false), (#"{"role":"assistant","content":""}"#, false),
            (#"{"role":"assistant","content":"","refusal":null}"#, false), (#"{"content":null}"#, false), ("{}", false),
            (#"{"content":"a"}"#, true), (#"{"content":" "}"#, true), (#"{"c\u006fntent":"a"}"#, true),
            (#"{"refusal":"no"}"#, true),
            (#"{"reasoning_content":"hm"}"#, true), (#"{"reasoning":"hm"}"#, true), (#"{"reasoning":""}"#, false),
            (#"{"audio":{"data":"AA"}}"#, true), (#"{"audio":{ }}"#, false), (#"{"audio":null}"#, false),
            (#"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}"#, true),
            (#"{"tool_calls":[]}"#, false), (#"{"tool_calls":[ ]}"#, false), (#"{"tool_calls":null}"#, false),
            (#"{"function_call":{"name":"f"}}"#, true), (#"{"content":[{"type":"text","text":"a"}]}"#, true),
            (#"{"content":7}"#, false), (#"{"provider_notes":"a","annotations":[1]}"#, false),
        ]
    )
    func content(delta: String, hasContent: Bool) throws {
        for member in ["delta", "message"] {
            let seen = try answer(#"{"choices":[{"index":0,"\#(member)":\#(delta),"finish_reason":null}]}"#)
            #expect(seen.hasContent == hasContent)
            #expect((seen.contentBytes > 0) == hasContent)
        }
    }

    @Test(
        "which choices there are, and whether all are finished",
        arguments: [
            (#"{"choices":[]}"#, [], [], false), ("{}", [], [], false), (#"{"choices":null}"#, [], [], false),
            (#"{"choices":[{"index":0,"finish_reason":"stop"}]}"#, [0], [0], true),
            (#"{"choices":[{"finish_reason":"length"}]}"#, [0], [0], true),
            (#"{"choices":[{"index":0,"finish_reason":null}]}"#, [0], [], false),
            (#"{"choices":[{"index":0}]}"#, [0], [], false),
            (#"{"choices":[{"index":0,"finish_reason":""}]}"#, [0], [], false),
            (#"{"choices":[{"index":0,"finish_reason":"error"}]}"#, [0], [], false),
            (
                #"{"choices":[{"index":0,"finish_reason":"tool_calls"},{"index":1,"finish_reason":null}]}"#, [0, 1],
                [0], false
            ),
            (
                #"{"choices":[{"index":1,"finish_reason":"stop"},{"index":0,"finish_reason":"content_filter"}]}"#,
                [0, 1], [0, 1], true
            ),
            (#"{"choices":[null,7,"x",{"finish_reason":"stop"}]}"#, [0], [0], true),
        ] as [(String, Set<Int>, Set<Int>, Bool)]
    )
    func choices(body: String, seen: Set<Int>, finished: Set<Int>, isComplete: Bool) throws {
        let answer = try answer(body)
        #expect(answer.choices == seen && answer.finished == finished)
        #expect(answer.isComplete == isComplete)
    }

    @Test(
        "usage",
        arguments: [
            (#"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}"#, TokenUsage(input: 10, output: 5)),
            (#"{"prompt_tokens":10.0,"completion_tokens":5e0}"#, TokenUsage(input: 10, output: 5)),
            (#"{"prompt_tokens":0,"completion_tokens":0}"#, TokenUsage(input: 0, output: 0)),
            (
                #"{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3,"audio_tokens":0}}"#,
                TokenUsage(input: 10, output: 5, cacheRead: 4, cacheWrite: 3)
            ),
            (
                #"{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":null}"#,
                TokenUsage(input: 10, output: 5)
            ),
            (
                #"{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":null,"cache_write_tokens":-1}}"#,
                TokenUsage(input: 10, output: 5)
            ),
            (
                #"{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"prompt_tokens":99}}"#,
                TokenUsage(input: 10, output: 5)
            ),
            // What is missing or makes no sense is unknown, not zero.
            ("null", nil), ("{}", nil), ("[]", nil), (#"{"total_tokens":15}"#, nil), (#"{"prompt_tokens":10}"#, nil),
            (#"{"prompt_tokens":10,"completion_tokens":null}"#, nil),
            (#"{"prompt_tokens":-1,"completion_tokens":5}"#, nil),
            (#"{"prompt_tokens":"10","completion_tokens":5}"#, nil),
            (#"{"prompt_tokens":1.5,"completion_tokens":5}"#, nil),
            (#"{"prompt_tokens":10,"completion_tokens":9223372036854775807}"#, nil),
            (#"{"prompt_tokens":1e30,"completion_tokens":5}"#, nil),
        ] as [(String, TokenUsage?)]
    )
    func usage(json: String, expected: TokenUsage?) throws {
        #expect(try answer(#"{"choices":[],"usage":\#(json)}"#).usage == expected)
    }

    @Test(
        "an error in the body",
        arguments: [
            (
                #"{"error":{"message":"m","type":"t","code":502}}"#,
                ProviderErrorBody(type: "t", code: "502", message: "m")
            ),
            (#"{"choices":[],"error":"broke"}"#, ProviderErrorBody(message: "broke")),
            (#"{"error":{}}"#, ProviderErrorBody()), (#"{"error":true}"#, ProviderErrorBody()),
            (#"{"error":null,"choices":[]}"#, nil), (#"{"choices":[{"error":{"message":"inner"}}]}"#, nil),
        ] as [(String, ProviderErrorBody?)]
    )
    func error(body: String, expected: ProviderErrorBody?) throws { #expect(try answer(body).error == expected) }

    @Test(
        "what is no answer",
        arguments: [
            "", "null", "[]", "\"a\"", "<html>", #"{"choices":[}"#, #"{"choices":[]"#, "{} {}", #"{"error":nope}"#,
        ]
    )
    func noAnswer(body: String) { #expect(throws: JSONError.self) { try answer(body) } }

    @Test func contentIsMeasuredWithoutItsQuotes() throws {
        let seen = try answer(
            #"{"choices":[{"delta":{"content":"abc","tool_calls":[{"a":1}]}},{"index":1,"text":"de"}]}"#
        )
        #expect(seen.contentBytes == 3 + 7 + 2)
    }
}
