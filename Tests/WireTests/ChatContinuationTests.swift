import Testing

@testable import Wire

/// An answer that breaks off and goes on elsewhere, as the client sees it.
struct ChatContinuationTests {
    private static func request(_ members: String = "") throws -> ChatRequest {
        let body = "{\"model\":\"m\",\"stream\":true,\(members)\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        return try ChatRequest(Array(body.utf8))
    }

    private static func chunk(_ delta: String, id: String = "a", more: String = "\"finish_reason\":null") -> [UInt8] {
        let choice = "{\"index\":0,\"delta\":\(delta),\(more)}"
        return Array("data: {\"id\":\"\(id)\",\"model\":\"model-\(id)\",\"choices\":[\(choice)]}\n\n".utf8)
    }

    private static func broken(_ pieces: [String]) throws -> ChatContinuation {
        var answer = try #require(ChatContinuation(try request()))
        for piece in pieces {
            let bytes = chunk("{\"content\":\(jsonString(piece))}")
            #expect(answer.pass(bytes) == bytes)
        }
        answer.resume(used: TokenUsage(input: 10, output: 3))
        return answer
    }

    @Test func theFirstPartPassesAsItIs() throws {
        var answer = try #require(ChatContinuation(try Self.request()))
        #expect(!answer.isPossible)
        let bytes = Self.chunk("{\"role\":\"assistant\",\"content\":\"\"}") + Self.chunk("{\"content\":\"Once\"}")
        #expect(answer.pass(bytes) == bytes)
        #expect(answer.isPossible && answer.text == "Once")
    }

    /// A later deployment's delta, and what the client gets of it; nil for nothing.
    static let joined: [(String, String?)] = [
        ("{\"role\":\"assistant\",\"content\":\"\"}", nil),
        ("{\"role\":\"assistant\",\"content\":\" upon\"}", "{\"content\":\" upon\"}"),
        ("{\"content\":\" upon\"}", "{\"content\":\" upon\"}"),
        ("{\"tool_calls\":[{\"index\":0}]}", "{\"tool_calls\":[{\"index\":0}]}"),
    ]

    @Test("the later part is one answer with the first", arguments: joined)
    func laterPart(delta: String, expected: String?) throws {
        var answer = try Self.broken(["Once"])
        let out = answer.pass(Self.chunk(delta, id: "b"))
        #expect(
            String(decoding: out, as: UTF8.self) == expected.map { String(decoding: Self.chunk($0), as: UTF8.self) }
                ?? ""
        )
    }

    @Test func blanksAtTheSeamStandOnce() throws {
        var answer = try Self.broken(["Once "])
        #expect(answer.pass(Self.chunk("{\"content\":\" \"}", id: "b")).isEmpty)
        #expect(answer.pass(Self.chunk("{\"content\":\" upon\"}", id: "b")) == Self.chunk("{\"content\":\"upon\"}"))
        #expect(answer.pass(Self.chunk("{\"content\":\" a\"}", id: "b")) == Self.chunk("{\"content\":\" a\"}"))
        #expect(answer.text == "Once upon a")
    }

    @Test func theEndAndTheUsageOfBothPartsCome() throws {
        var answer = try Self.broken(["Once"])
        let end = Self.chunk("{}", id: "b", more: "\"finish_reason\":\"stop\"")
        #expect(answer.pass(end) == Self.chunk("{}", more: "\"finish_reason\":\"stop\""))
        let usage =
            "data: {\"id\":\"b\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":4,\"total_tokens\":24}}\n\n"
        let told = String(decoding: answer.pass(Array(usage.utf8)), as: UTF8.self)
        #expect(told.contains("\"prompt_tokens\":30,\"completion_tokens\":7,\"total_tokens\":37"), "\(told)")
        #expect(told.contains("\"id\":\"a\""))
        #expect(answer.pass(Array("data: [DONE]\n\n".utf8)) == Array("data: [DONE]\n\n".utf8))
    }

    /// What comes first, and whether it may be continued.
    static let deltas: [(String, Bool)] = [
        ("{\"content\":\"x\"}", true), ("{\"reasoning_content\":\"x\"}", false),
        ("{\"content\":\"x\",\"tool_calls\":[{\"index\":0}]}", false), ("{\"refusal\":\"x\"}", false),
    ]

    @Test("text alone is continued", arguments: deltas)
    func possible(delta: String, expected: Bool) throws {
        var answer = try #require(ChatContinuation(try Self.request()))
        _ = answer.pass(Self.chunk(delta))
        #expect(answer.isPossible == expected)
    }

    @Test(
        "one choice of text alone is asked for",
        arguments: [("\"n\":2,", false), ("\"n\":1,", true), ("\"modalities\":[\"text\",\"audio\"],", false)]
    )
    func asked(members: String, expected: Bool) throws {
        #expect((ChatContinuation(try Self.request(members)) != nil) == expected)
    }

    @Test func theRequestGoesOnFromTheText() throws {
        let answer = try Self.broken(["Once upon "])
        let request = try Self.request("\"max_tokens\":100,")
        let asked = String(decoding: answer.body(of: request, takesPrefill: false), as: UTF8.self)
        #expect(asked.contains("\"max_tokens\":97,"))
        #expect(
            asked.contains(
                "{\"role\":\"assistant\",\"content\":\"Once upon\"},{\"role\":\"user\",\"content\":\"Your previous"
            )
        )
        let prefilled = String(decoding: answer.body(of: request, takesPrefill: true), as: UTF8.self)
        #expect(prefilled.hasSuffix("{\"role\":\"assistant\",\"content\":\"Once upon\"}]}"))
        let reasoning = try Self.request("\"reasoning_effort\":\"low\",")
        #expect(
            String(decoding: answer.body(of: reasoning, takesPrefill: true), as: UTF8.self).contains("Your previous")
        )
    }
}
