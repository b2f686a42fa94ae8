import Testing

@testable import Wire

private let messages = #""messages":[{"role":"user","content":"hi"}]"#

struct ChatRequestTests {
    @Test(
        "what is read",
        arguments: [
            (#"{"model":"m","messages":[1]}"#, "m", false, nil, []),
            (#"{"messages":[1],"stream":true,"model":"m"}"#, "m", true, nil, []),
            (#"{"model":"m","messages":[1],"stream":null}"#, "m", false, nil, []),
            (#"{"model":"m","messages":[1],"max_tokens":10}"#, "m", false, 10, []),
            (#"{"model":"m","messages":[1],"max_tokens":10,"max_completion_tokens":20}"#, "m", false, 20, []),
            (#"{"model":"m","messages":[1],"max_completion_tokens":20,"max_tokens":10}"#, "m", false, 20, []),
            (#"{"model":"m","messages":[1],"max_completion_tokens":null,"max_tokens":10.0}"#, "m", false, 10, []),
            (#"{"model":"m","messages":[1],"max_tokens":"10"}"#, "m", false, nil, []),
            (
                #"{"model":"m","messages":[1],"metadata":{"a":[1],"tags":["x","y"]},"tags":["z"]}"#, "m", false, nil,
                ["x", "y", "z"]
            ),
            (#"{"model":"m","messages":[1],"metadata":{"tags":"x"},"tags":{"a":1}}"#, "m", false, nil, []),
            (#"{"model":"m","messages":[1],"metadata":["tags"],"tags":[1,null,"é"]}"#, "m", false, nil, ["é"]),
            (#"{"model":"\u006d\n😀","messages":[1]}"#, "m\n😀", false, nil, []),
            (#"{"user":{"model":"inner","stream":true},"model":"m","messages":[1]}"#, "m", false, nil, []),
            (#"{"mod\u0065l":"m","\u006dessages":[1],"\u0073tream":true}"#, "m", true, nil, []),
            // Of a key given twice the last counts, right or wrong.
            (#"{"model":"a","model":"m","messages":[1]}"#, "m", false, nil, []),
            (#"{"model":7,"model":"m","messages":[],"messages":[1],"stream":"x","stream":true}"#, "m", true, nil, []),
        ] as [(String, String, Bool, Int?, [String])]
    )
    func read(body: String, model: String, stream: Bool, limit: Int?, tags: [String]) throws {
        let request = try ChatRequest(Array(body.utf8))
        #expect(request.model == model)
        #expect(request.stream == stream)
        #expect(request.maxOutputTokens == limit)
        #expect(request.tags == tags)
    }

    @Test(
        "what is refused, and how it is said",
        arguments: [
            ("", "The body is empty, expected a JSON object.", nil),
            ("hello", "The body is not valid JSON: at byte 0, expected a JSON object.", nil),
            ("[1]", "The body is not valid JSON: at byte 0, expected a JSON object.", nil),
            (#"{"model":"m","#, "The body is not valid JSON: at byte 13, expected a key in double quotes.", nil),
            (
                #"{"model":"m",\#(messages)} x"#,
                "The body is not valid JSON: at byte 58, expected the end of the text.", nil
            ),
            ("{}", "Missing required parameter: 'model' must be a string.", "model"),
            (#"{"model":1,"messages":[1]}"#, "Missing required parameter: 'model' must be a string.", "model"),
            (
                #"{"model":"m","model":null,"messages":[1]}"#, "Missing required parameter: 'model' must be a string.",
                "model"
            ),
            (#"{"model":"m"}"#, "Missing required parameter: 'messages' must be a non-empty array.", "messages"),
            (
                #"{"model":"m","messages":[ ]}"#, "Missing required parameter: 'messages' must be a non-empty array.",
                "messages"
            ),
            (
                #"{"model":"m","messages":"hi"}"#, "Missing required parameter: 'messages' must be a non-empty array.",
                "messages"
            ),
            (
                #"{"model":"m","messages":[1],"messages":[]}"#,
                "Missing required parameter: 'messages' must be a non-empty array.", "messages"
            ),
            (
                #"{"model":"m","messages":[1],"stream":"true"}"#, "Invalid type for 'stream': expected a boolean.",
                "stream"
            ),
            (#"{"model":"m","messages":[1],"stream":1}"#, "Invalid type for 'stream': expected a boolean.", "stream"),
        ] as [(String, String, String?)]
    )
    func refused(body: String, message: String, parameter: String?) {
        #expect(throws: ChatRequest.Problem(message: message, parameter: parameter)) {
            try ChatRequest(Array(body.utf8))
        }
    }

    @Test(
        "only the model's bytes change",
        arguments: [
            (#"{"model":"a","messages":[1]}"#, nil, #"{"model":"gpt","messages":[1]}"#),
            (
                " {\n\t\"messages\" : [ 1 ] , \"x\":1.50e0, \"model\" : \"a\" }\r\n", nil,
                " {\n\t\"messages\" : [ 1 ] , \"x\":1.50e0, \"model\" : \"gpt\" }\r\n"
            ),
            (
                #"{"m\u006fdel":"\u0061","messages":["é\u00e9😀"],"é":{"model":"a"}}"#, nil,
                #"{"m\u006fdel":"gpt","messages":["é\u00e9😀"],"é":{"model":"a"}}"#
            ),
            // Every one, so that no provider reads a name that the router didn't choose.
            (
                #"{"model":"a","messages":[1],"\u006dodel":"b"}"#, nil,
                #"{"model":"gpt","messages":[1],"\u006dodel":"gpt"}"#
            ),
            (#"{"model":{"x":[1]},"messages":[1],"model":"b"}"#, nil, #"{"model":"gpt","messages":[1],"model":"gpt"}"#),
            // The operator's fields stand last and count.
            (
                #"{"provider":"mine","model":"a","messages":[1] }"#, #""provider":{"order":["x"]}"#,
                #"{"provider":"mine","model":"gpt","messages":[1] ,"provider":{"order":["x"]}}"#
            ),
            (#"{"model":"a","messages":[1]}"#, "", #"{"model":"gpt","messages":[1]}"#),
        ] as [(String, String?, String)]
    )
    func rewritten(body: String, extra: String?, expected: String) throws {
        #expect(try ChatRequest(Array(body.utf8)).body(model: "gpt", extra: extra).asText == expected)
    }

    @Test func aModelNameIsEscaped() throws {
        let request = try ChatRequest(Array(#"{"model":"a","messages":[1]}"#.utf8))
        #expect(request.body(model: "a\"b\n").asText == #"{"model":"a\"b\n","messages":[1]}"#)
        #expect(try ChatRequest(request.body(model: "a\"b\n")).model == "a\"b\n")
    }

    @Test func bytesThatAreNoUTF8PassUntouched() throws {
        let body = Array(#"{"model":"a","messages":[""#.utf8) + [0xFF, 0xC0, 0x80] + Array(#""]}"#.utf8)
        let expected = Array(#"{"model":"gpt","messages":[""#.utf8) + [0xFF, 0xC0, 0x80] + Array(#""]}"#.utf8)
        #expect(try ChatRequest(body).body(model: "gpt") == expected)
    }

    @Test func tagsAreBounded() throws {
        let tags = (0..<1_000).map { "\"\($0)\"" }.joined(separator: ",")
        let request = try ChatRequest(Array(#"{"model":"a","messages":[1],"tags":[\#(tags)]}"#.utf8))
        #expect(request.tags == (0..<16).map(String.init))
    }

    /// Seconds for what a quadratic reader would take hours for.
    @Test(
        "huge bodies are read in one pass",
        .timeLimit(.minutes(1)),
        arguments: [
            ("a long string", "\"" + String(repeating: "\\u0061x", count: 600_000) + "\""),
            ("many elements", "[" + String(repeating: "1,", count: 1_000_000) + "1]"),
            ("many members", "{" + String(repeating: #""k":1,"#, count: 600_000) + #""k":1}"#),
            ("many models", "1," + String(repeating: #""model":"b","#, count: 300_000) + #""k":1"#),
            ("much space", String(repeating: " \n", count: 2_000_000) + "1"),
            (
                "escaped keys",
                "1," + String(repeating: #""\u006d\u006d\u006d\u006d\u006d":1,"#, count: 100_000) + #""k":1"#
            ),
        ]
    )
    func huge(what: String, value: String) throws {
        let body = Array(#"{"x":\#(value),"model":"a","messages":[1]}"#.utf8)
        let request = try ChatRequest(body)
        #expect(request.model == "a")
        #expect(request.body(model: "b").count == body.count)
    }

    @Test func whateverIsReadStaysReadableWithAnotherModel() throws {
        var random = Seeded(3)
        for _ in 0..<3_000 {
            let noise = randomJSON(&random)
            let text = random.pick([
                #"{"a":\#(noise),"model":"x",\#(messages)}"#, #"{\#(messages),"model":"x","tags":\#(noise)}"#,
                #"{"metadata":\#(noise),"model":"x",\#(messages),"stream":\#(noise)}"#,
                #"{"model":"x","messages":\#(noise),"max_tokens":\#(noise)}"#,
            ])
            let body = mutated(Array(text.utf8), &random, alphabet: #"{}[]",:\ 01tmodel"#)
            guard let request = try? ChatRequest(body) else { continue }
            let changed = try ChatRequest(request.body(model: "y", extra: #""z":[1]"#))
            #expect(changed.model == "y")
            #expect(changed.stream == request.stream && changed.tags == request.tags)
            #expect(try ChatRequest(request.body(model: request.model)).model == request.model)
        }
    }
}
