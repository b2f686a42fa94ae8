import Testing

@testable import Wire

private func request(_ messages: [String], rest: String = "") throws -> ChatRequest {
    try ChatRequest(Array(#"{"model":"m"\#(rest), "messages" : [ \#(messages.joined(separator: " ,\n ")) ] }"#.utf8))
}

private func say(_ role: String, _ text: String) -> String { #"{"role":"\#(role)","content":"\#(text)"}"# }

private let call = #"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","function":{"name":"f"}}]}"#
private let result = #"{"role":"tool","tool_call_id":"c1","content":"42"}"#
private let use = #"{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]}"#
private let answer = #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"42"}]}"#
private let answerAndMore =
    #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"},{"type":"text","text":"and now?"}]}"#

struct TruncationTests {
    /// What is left when as much is dropped as may be: places of the messages given.
    @Test(
        "what is kept at least",
        arguments: [
            ("one turn", [say("user", "a")], [0]),
            ("two", [say("user", "a"), say("assistant", "b"), say("user", "c")], [2]),
            (
                "the answer to come",
                [say("user", "a"), say("assistant", "b"), say("user", "c"), say("assistant", "d")], [2, 3]
            ),
            (
                "the system prompt", [say("system", "s"), say("user", "a"), say("assistant", "b"), say("user", "c")],
                [0, 3]
            ),
            (
                "instructions in between",
                [say("developer", "s"), say("user", "a"), say("system", "t"), say("assistant", "b"), say("user", "c")],
                [0, 2, 4]
            ),
            (
                "tools between turns go with them",
                [say("user", "a"), call, result, say("assistant", "b"), say("user", "c")], [4]
            ),
            (
                "tools of the last turn stay",
                [say("user", "a"), say("assistant", "b"), say("user", "c"), call, result], [2, 3, 4]
            ),
            (
                "a call whose answer comes late", [say("user", "a"), call, say("user", "b"), result, say("user", "c")],
                [4]
            ),
            ("and one that comes last", [say("user", "a"), call, say("user", "b"), result], [0, 1, 2, 3]),
            (
                "two users in a row are one turn",
                [say("user", "a"), say("assistant", "b"), say("user", "c"), say("user", "d")], [2, 3]
            ),
            ("an assistant begins", [say("assistant", "hello"), say("user", "a")], [1]),
            ("nobody asks", [say("assistant", "a"), say("assistant", "b")], [0, 1]),
            ("Anthropic's tools", [say("user", "a"), use, answer, say("assistant", "b"), say("user", "c")], [4]),
            ("a result is no turn of its own", [say("user", "a"), use, answer], [0, 1, 2]),
            ("nor with a question", [say("user", "a"), use, answerAndMore, say("assistant", "b")], [0, 1, 2, 3]),
            (
                "an instruction bars, in Anthropic's format",
                [
                    say("user", "a"), use, answer, say("assistant", "b"), say("user", "c"), say("system", "s"),
                    say("user", "d"),
                ],
                [4, 5, 6]
            ),
            (
                "the same id twice",
                [say("user", "a"), call, result, say("user", "b"), call, result, say("user", "c"), call, result],
                [6, 7, 8]
            ),
            ("an answer to no call", [say("user", "a"), say("assistant", "b"), say("user", "c"), result], [2, 3]),
            ("messages that are none", [say("user", "a"), "7", say("user", "b")], [2]),
        ] as [(String, [String], [Int])]
    )
    func kept(name: String, messages: [String], places: [Int]) throws {
        let whole = try request(messages)
        let shortest = whole.promptSizes.shortest
        let truncation = try #require(whole.truncated(to: shortest.nominalTokens))
        #expect(truncation.request.body.asText == (try request(places.map { messages[$0] })).body.asText)
        #expect(truncation.droppedMessages == messages.count - places.count)
        #expect(truncation.size == shortest)
        #expect(truncation.request.promptSizes.whole == shortest)
        #expect(whole.truncated(to: shortest.nominalTokens - 1) == nil)
    }

    @Test func whatFitsStaysAsItIs() throws {
        let whole = try request([say("user", "a"), say("assistant", "b"), say("user", "c")])
        let truncation = try #require(whole.truncated(to: whole.promptSizes.whole.nominalTokens))
        #expect(truncation.droppedMessages == 0 && truncation.request.body == whole.body)
    }

    @Test func noMoreIsDroppedThanMust() throws {
        let turns = (0..<20).flatMap { [say("user", "question \($0)"), say("assistant", "answer \($0)")] }
        let whole = try request([say("system", "be brief")] + turns + [say("user", "last")])
        let all = whole.promptSizes.whole.nominalTokens
        let truncation = try #require(whole.truncated(to: all - 1))
        #expect(truncation.droppedMessages == 2)
        let half = try #require(whole.truncated(to: all / 2))
        let kept = half.request.body.asText
        #expect(half.size.nominalTokens <= all / 2 && kept.contains("last") && kept.contains("be brief"))
        #expect(half.size.nominalTokens + 14 > all / 2)
    }

    @Test func theRestOfTheBodyStaysByteForByte() throws {
        let body = #"""
            { "stream" : true,"m\u0065ssages":[ {"role":"user","content":"old"} , {"role":"assistant","content":"a"},
              {"role":"\u0075ser","content":"n\u00e9w"}  ], "max_tokens": 1e2, "x":{"messages":[1,2]},"model":"m" }
            """#
        let kept = #"""
            { "stream" : true,"m\u0065ssages":[ {"role":"\u0075ser","content":"n\u00e9w"}  ], "max_tokens": 1e2, "x":{"messages":[1,2]},"model":"m" }
            """#
        let truncation = try ChatRequest(Array(body.utf8)).truncated(to: 12)
        #expect(truncation?.request.body.asText == kept)
    }

    /// Random conversations in both formats: what is left is well-formed and no exchange is torn.
    @Test("properties", arguments: 0..<4)
    func properties(seed: UInt64) throws {
        var random = Seeded(seed)
        for round in 0..<30 {
            let isAnthropic = round % 2 == 0
            let messages = conversation(&random, isAnthropic: isAnthropic)
            let whole = try request(messages, rest: isAnthropic ? #","system":"s","max_tokens":9"# : "")
            let sizes = whole.promptSizes
            #expect(sizes.shortest.nominalTokens <= sizes.whole.nominalTokens)
            var dropped = 0
            for limit in stride(from: sizes.whole.nominalTokens, through: 0, by: -23) {
                guard let truncation = whole.truncated(to: limit) else {
                    #expect(limit < sizes.shortest.nominalTokens)
                    continue
                }
                #expect(truncation.size.nominalTokens <= limit)
                #expect(truncation.droppedMessages >= dropped)
                dropped = truncation.droppedMessages
                try check(truncation.request, of: whole, isAnthropic: isAnthropic)
            }
        }
    }

    private func check(_ request: ChatRequest, of whole: ChatRequest, isAnthropic: Bool) throws {
        let (left, all) = (try messages(request), try messages(whole))
        #expect(left.last == all.last)
        #expect(left.filter { $0["role"] == "system" } == all.filter { $0["role"] == "system" })
        let spoken = left.filter { $0["role"] != "system" }
        if left.count < all.count { #expect(spoken.first?["role"] == "user") }
        var calls: Set<String> = []
        for (index, message) in spoken.enumerated() {
            for call in message["tool_calls"]?.elements ?? [] { calls.insert(call["id"]?.text ?? "") }
            for block in message["content"]?.elements ?? [] where block["type"] == "tool_use" {
                calls.insert(block["id"]?.text ?? "")
            }
            let answers =
                [message["tool_call_id"]?.text].compactMap { $0 }
                + (message["content"]?.elements ?? []).compactMap { $0["tool_use_id"]?.text }
            #expect(calls.isSuperset(of: answers))
            calls.subtract(answers)
            if isAnthropic, index > 0 { #expect(spoken[index - 1]["role"] != message["role"]) }
        }
        #expect(calls.isEmpty)
    }

    private func messages(_ request: ChatRequest) throws -> [JSONValue] {
        try JSONValue(request.body)["messages"]?.elements ?? []
    }

    private func conversation(_ random: inout Seeded, isAnthropic: Bool) -> [String] {
        var out = isAnthropic || random.below(2) == 0 ? [] : [say("system", "rules")]
        for turn in 0...random.below(8) {
            out.append(say("user", "question \(String(repeating: "x ", count: random.below(60)))"))
            for exchange in 0..<random.below(3) {
                let id = random.below(3) == 0 ? "same" : "c\(turn)_\(exchange)"
                if isAnthropic {
                    out.append(
                        #"{"role":"assistant","content":[{"type":"tool_use","id":"\#(id)","name":"f","input":{}}]}"#
                    )
                    out.append(
                        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(id)","content":"r"}]}"#
                    )
                } else {
                    out.append(
                        #"{"role":"assistant","tool_calls":[{"id":"\#(id)","type":"function"},{"id":"\#(id)b"}]}"#
                    )
                    out.append(#"{"role":"tool","tool_call_id":"\#(id)b","content":"r"}"#)
                    out.append(#"{"role":"tool","tool_call_id":"\#(id)","content":"r"}"#)
                }
            }
            out.append(say("assistant", "answer"))
        }
        return out + [say("user", "last")]
    }

    @Test("whatever a body holds, nothing traps", arguments: 0..<4)
    func fuzz(seed: UInt64) throws {
        var random = Seeded(seed)
        for round in 0..<100 {
            let body = try request(conversation(&random, isAnthropic: round % 2 == 0)).body
            let bytes = mutated(body, &random, alphabet: #"{}[]",:\u roleusrtc019"#)
            guard let request = try? ChatRequest(bytes) else { continue }
            let sizes = request.promptSizes
            let truncation = request.truncated(to: sizes.shortest.nominalTokens)
            #expect(truncation != nil)
            let limit = 1 + random.below(100)
            let limited = request.limitingOutput(to: limit, field: random.pick([.maxTokens, .maxCompletionTokens]))
            #expect(limited.maxOutputTokens ?? .max <= limit)
        }
    }
}

struct PromptSizeTests {
    private func size(_ content: String, rest: String = "") throws -> PromptSize {
        try ChatRequest(Array(#"{"model":"m","messages":[{"role":"user","content":\#(content)}]\#(rest)}"#.utf8))
            .promptSizes.whole
    }

    /// The frame, `role`, `user` and `content`, takes 15 bytes.
    @Test(
        "nominal tokens",
        arguments: [
            (#""""#, 4), (#""a""#, 4), (#""ab""#, 5), (#""aaaaaaaaa""#, 6), (#""\n\"\\""#, 5), (#""日本""#, 7),
            (#""\u65e5\u672c""#, 7), (#""\ud83d\ude00""#, 7), (#"[{"type":"text","text":"abcd"}]"#, 8), ("null", 5),
        ]
    )
    func tokens(content: String, nominal: Int) throws {
        #expect(try size(content).nominalTokens == nominal)
    }

    @Test func longTextCountsWhateverItsLetters() throws {
        #expect(try size("\"\(String(repeating: "x", count: 4_000))\"").nominalTokens == 1_004)
    }

    @Test(
        "images, sound and files count flat",
        arguments: [
            #"{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(String(repeating: "iVBO", count: 9_000))"}}"#,
            #"{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}"#,
            #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"\#(String(repeating: "iVB/", count: 9_000))"}}"#,
            #"{"type":"input_audio","input_audio":{"format":"wav","data":"\#(String(repeating: "iV+O", count: 9_000))"}}"#,
            #"{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}"#,
            #"{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,\#(String(repeating: "iVBO", count: 9_000))"}}"#,
        ]
    )
    func attachments(part: String) throws {
        let size = try size("[\(part)]")
        #expect(size.attachments == 1)
        #expect((1_600...1_640).contains(size.nominalTokens))
    }

    @Test func toolsAndTheWantedFormCount() throws {
        let bare = try size(#""a""#)
        let tools = #","tools":[{"type":"function","function":{"name":"look_up","parameters":{"type":"object"}}}]"#
        #expect(try size(#""a""#, rest: tools).nominalTokens > bare.nominalTokens + 10)
        #expect(try size(#""a""#, rest: #","response_format":{"type":"json_schema"}"#) != bare)
        #expect(try size(#""a""#, rest: #","metadata":{"user":"somebody"},"user":"x""#) == bare)
    }
}

struct OutputLimitTests {
    @Test(
        "limits of output in the original bytes",
        arguments: [
            (#"{"model":"m","messages":[1]}"#, #"{"model":"m","messages":[1],"max_tokens":100}"#),
            (#"{"max_tokens": 500 ,"model":"m","messages":[1]}"#, #"{"max_tokens": 100 ,"model":"m","messages":[1]}"#),
            (#"{"model":"m","messages":[1],"max_tokens":50}"#, #"{"model":"m","messages":[1],"max_tokens":50}"#),
            (#"{"model":"m","messages":[1],"max_tokens":1e3}"#, #"{"model":"m","messages":[1],"max_tokens":100}"#),
            (
                #"{"max_completion_tokens":900,"model":"m","messages":[1]}"#,
                #"{"max_completion_tokens":100,"model":"m","messages":[1]}"#
            ),
            (
                #"{"max_tokens":900,"model":"m","messages":[1],"max_completion_tokens":50}"#,
                #"{"max_tokens":100,"model":"m","messages":[1],"max_completion_tokens":50}"#
            ),
            (#"{"max_tokens":null,"model":"m","messages":[1]}"#, #"{"max_tokens":100,"model":"m","messages":[1]}"#),
            (
                #"{"max_completion_tokens":null,"model":"m","messages":[1]}"#,
                #"{"max_completion_tokens":null,"model":"m","messages":[1],"max_tokens":100}"#
            ),
            (
                #"{"max_tokens":7000,"max_tokens":8000,"model":"m","messages":[1]}"#,
                #"{"max_tokens":100,"max_tokens":100,"model":"m","messages":[1]}"#
            ),
            // Thinking has to fit into the limit.
            (
                #"{"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":4000},"model":"m","messages":[1]}"#,
                #"{"max_tokens":100,"thinking":{"type":"disabled"},"model":"m","messages":[1]}"#
            ),
            (
                #"{"thinking":{"budget_tokens":50},"max_tokens":9000,"model":"m","messages":[1]}"#,
                #"{"thinking":{"budget_tokens":50},"max_tokens":100,"model":"m","messages":[1]}"#
            ),
        ]
    )
    func limits(body: String, expected: String) throws {
        let limited = try ChatRequest(Array(body.utf8)).limitingOutput(to: 100, field: .maxTokens)
        #expect(limited.body.asText == expected)
        #expect(limited.maxOutputTokens ?? .max <= 100)
    }

    @Test func thinkingGetsHalf() throws {
        let body = #"{"max_tokens":9000,"thinking":{"budget_tokens": 8000},"model":"m","messages":[1]}"#
        let limited = try ChatRequest(Array(body.utf8)).limitingOutput(to: 4_000, field: .maxTokens)
        #expect(
            limited.body.asText
                == #"{"max_tokens":4000,"thinking":{"budget_tokens": 2000},"model":"m","messages":[1]}"#
        )
    }

    @Test("answers asked for at once", arguments: [("", 1), (#","n":3"#, 3), (#","n":0"#, 1), (#","n":null"#, 1)])
    func choices(member: String, expected: Int) throws {
        let request = try ChatRequest(Array(#"{"model":"m","messages":[1]\#(member)}"#.utf8))
        #expect(request.choices == expected)
    }
}
