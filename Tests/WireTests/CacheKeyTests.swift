import Foundation
import Testing

@testable import Wire

/// What two requests may differ in and still get one answer.
struct CacheKeyTests {
    static func text(
        _ body: String,
        _ level: CacheLevel = .safe,
        endpoint: Endpoint = .chat,
        tenant: String = "acme",
        feature: String = "f",
        headers: [(name: String, value: String)] = []
    ) throws -> CacheKeyText {
        try CacheKeyText(
            ChatRequest(Array(body.utf8), endpoint: endpoint),
            .init(tenant: tenant, feature: feature, headers: headers),
            level: level,
            nfc: { $0.precomposedStringWithCanonicalMapping }
        )
    }

    static func chat(_ content: String, _ members: String = "") -> String {
        "{\"model\":\"m\",\(members)\"messages\":[{\"role\":\"user\",\"content\":\(content)}]}"
    }

    private static let plain = chat(#""Is it é?\n  yes""#)

    /// Requests that mean the same as `plain`, and the strictest level that says so.
    static let same: [(String, CacheLevel)] = [
        (#"{ "messages" : [ { "content" : "Is it é?\n  yes" , "role":"user"} ], "model" : "m" }"#, .exact),
        (chat(#""Is it \u00e9?\u000a  yes""#), .exact),
        (chat(#""Is it é?\n  yes""#, #""stream":true,"stream_options":{"include_usage":true},"#), .exact),
        (chat(#""Is it é?\n  yes""#, #""user":"u","metadata":{"a":"\ufffd"},"tags":["x"],"store":true,"#), .exact),
        (chat(#""Is it é?\n  yes""#, #""prompt_cache_key":"k","safety_identifier":"s","#), .exact),
        (chat(#""Is it é?\n  yes""#, #""model":"other","model":"m","#), .exact),
        (chat(#""Is it e\u0301?\n  yes""#), .safe),
        (chat(#""Is it é?\r\n  yes""#), .safe),
        (chat(#""Is it é?  \t\n  yes \n\n""#), .safe),
        (chat(#""\r\n \nIs it é?\r  yes""#), .safe),
        (chat(#"[{"type":"text","text":"Is it é?\n  yes"}]"#), .safe),
        (chat(#"[{"type":"text","text":"Is it é?\n  yes","cache_control":{"type":"ephemeral"}}]"#), .safe),
        (chat(#""Is it é?\n  yes""#, #""n":1.0,"stop":null,"presence_penalty":-0.0,"tools":[],"#), .safe),
        (chat(#""Is it é?\n  yes""#, #""response_format":{"type":"text"},"logprobs":false,"#), .safe),
        (chat(#""  is IT É?\n\n yes""#), .aggressive),
    ]

    @Test("variations that hit", arguments: same)
    func hits(body: String, from level: CacheLevel) throws {
        let levels = CacheLevel.allCases
        for (index, other) in levels.enumerated() {
            let isSame = try Self.text(body, other).bytes == Self.text(Self.plain, other).bytes
            #expect(isSame == (index >= levels.firstIndex(of: level) ?? 0), "\(other)")
        }
    }

    /// Requests whose answers may differ from that to `plain`, at every level.
    static let different: [String] = [
        chat(#""Is it é?\n  no""#),
        chat(#""Is it e?\n  yes""#),
        chat(#""Is it é\n  yes""#),
        chat(#""Is it é?\n  yes""#, #""temperature":0,"#),
        chat(#""Is it é?\n  yes""#, #""temperature":1,"#),
        chat(#""Is it é?\n  yes""#, #""seed":7,"#),
        chat(#""Is it é?\n  yes""#, #""stop":["x"],"#),
        chat(#""Is it é?\n  yes""#, #""max_tokens":10,"#),
        chat(#""Is it é?\n  yes""#, #""logprobs":true,"#),
        chat(#""Is it é?\n  yes""#, #""nobody_knows":1,"#),
        chat(#""Is it é?\n  yes""#, #""response_format":{"type":"json_object"},"#),
        chat(#""Is it é?\n  yes""#).replacing("\"m\"", with: "\"m2\""),
        chat(#""Is it é?\n  yes""#).replacing("user", with: "system"),
        chat(#"[{"type":"text","text":"Is it é?"},{"type":"text","text":"  yes"}]"#),
        #"{"model":"m","messages":[{"role":"user","content":"Is it é?\n  yes"},{"role":"user","content":"Is it é?\n  yes"}]}"#,
    ]

    @Test("variations that must not", arguments: different, CacheLevel.allCases)
    func misses(body: String, level: CacheLevel) throws {
        #expect(try Self.text(body, level).bytes != Self.text(Self.plain, level).bytes)
    }

    @Test func caseAndInnerBlanksCountAtTheSafeLevel() throws {
        for other in [#""is it é?\n  yes""#, #""Is it  é?\n  yes""#, #""Is it é?\n yes""#, #""Is it é? yes""#] {
            #expect(try Self.text(Self.chat(other)).bytes != Self.text(Self.plain).bytes)
        }
    }

    @Test func aRepeatedMemberCountsAsItsLast() throws {
        let stop = try Self.text(Self.chat(#""x""#, #""stop":"a","#)).bytes
        #expect(try Self.text(Self.chat(#""x""#, #""stop":"b","stop":["a"],"#)).bytes == stop)
        #expect(try Self.text(Self.chat(#""x""#, #""stop":"a","stop":null,"#)).bytes != stop)
    }

    @Test("who asks and how is part of the key", arguments: CacheLevel.allCases)
    func scope(level: CacheLevel) throws {
        let plain = try Self.text(Self.plain, level).bytes
        #expect(try Self.text(Self.plain, level, tenant: "other").bytes != plain)
        #expect(try Self.text(Self.plain, level, feature: "other").bytes != plain)
        #expect(try Self.text(Self.plain, level, endpoint: .messages).bytes != plain)
        #expect(try Self.text(Self.plain, level, headers: [("anthropic-beta", "x")]).bytes != plain)
        for other in CacheLevel.allCases where other != level {
            #expect(try Self.text(Self.plain, other).bytes != plain)
        }
        // No name can be made to look like another's request.
        #expect(
            try Self.text(Self.plain, level, tenant: "a\",\"feature\":\"b", feature: "c").bytes
                != Self.text(Self.plain, level, tenant: "a", feature: "b").bytes
        )
    }

    @Test func theAssistantsWordsStandAsTheyAre() throws {
        let said = #"{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}"#
        #expect(try Self.text(said).bytes != Self.text(said.replacing("\"y\"", with: "\"y \"")).bytes)
        #expect(try Self.text(said).bytes == Self.text(said.replacing("\"x\"", with: "\"x \"")).bytes)
    }

    @Test func anthropicsSystemPromptIsAText() throws {
        let body = #"{"model":"m","max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":"x"}]}"#
        let marked = #"[{"type":"text","text":"Be brief. ","cache_control":{"type":"ephemeral","ttl":"1h"}}]"#
        let other = body.replacing("\"Be brief.\"", with: marked).replacing(
            "\"model\"",
            with: #""metadata":{},"model""#
        )
        #expect(try Self.text(body, endpoint: .messages).bytes == Self.text(other, endpoint: .messages).bytes)
        let longer = body.replacing("brief", with: "long")
        #expect(try Self.text(body, endpoint: .messages).bytes != Self.text(longer, endpoint: .messages).bytes)
    }

    @Test("only a chat client that asks for usage wants the chunk", arguments: [true, false])
    func usage(isWanted: Bool) throws {
        let body = Self.chat("\"x\"", "\"stream_options\":{\"include_usage\":\(isWanted)},")
        #expect(try Self.text(body).wantsUsage == isWanted)
    }

    static let unsafeRequests: [(String, Endpoint, Uncacheable)] = [
        (chat(#""x""#), .embeddings, .endpoint), (chat(#""x""#), .responses, .endpoint),
        (chat(#""x""#, #""n":2,"#), .chat, .choices),
        (chat(#""x""#, #""tools":[{"type":"function"}],"#), .chat, .tools),
        (chat(#""x""#, #""functions":[{"name":"f"}],"#), .chat, .tools),
        (chat(#""x""#, #""mcp_servers":[{"url":"https://x.example"}],"#), .messages, .tools),
        (chat(#""x""#).replacing("user", with: "tool"), .chat, .tools),
        (chat(#"null,"tool_calls":[{"id":"a"}]"#), .chat, .tools),
        (chat(#"[{"type":"tool_result","tool_use_id":"a"}]"#), .messages, .tools),
        (chat(#""x""#, #""web_search_options":{},"#), .chat, .webSearch),
        (chat(#""x""#, #""modalities":["text","audio"],"#), .chat, .audio),
        (chat(#"[{"type":"image_url","image_url":{"url":"https://a.example/b"}}]"#), .chat, .remoteFile),
        (chat(#"[{"type":"image","source":{"type":"url","url":"https://a.example/b"}}]"#), .messages, .remoteFile),
        (chat(#""a\ud800""#), .chat, .unreadable), (chat("\"a\u{FFFD}\""), .chat, .unreadable),
        (chat(String(repeating: "[", count: 250) + String(repeating: "]", count: 250)), .chat, .unreadable),
    ]

    @Test("what is unsafe to cache says why", arguments: unsafeRequests)
    func saysWhy(body: String, endpoint: Endpoint, why: Uncacheable) throws {
        #expect(throws: why) { try Self.text(body, endpoint: endpoint) }
    }

    @Test func anImageInTheRequestIsPartOfIt() throws {
        let image = #"[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]"#
        let other = image.replacing("AAAA", with: "AAAB")
        #expect(try Self.text(Self.chat(image)).bytes != Self.text(Self.chat(other)).bytes)
    }

    static let numbers: [(String, String)] = [
        ("1", "1e0"), ("1.0", "1e0"), ("10e-1", "1e0"), ("0.1E+1", "1e0"), ("-0", "0"), ("0.000", "0"), ("0e99", "0"),
        ("100", "1e2"), ("-1.50", "-15e-1"), ("9007199254740993", "9007199254740993e0"), ("1e400", "1e400"),
    ]

    @Test("equal numbers have one form", arguments: numbers)
    func number(text: String, form: String) { #expect(canonicalNumber(text) == form) }

    @Test func anExponentOutOfRangeStandsAsItIs() { #expect(canonicalNumber("1e99999999999999999999") == nil) }

    @Test("any document has one text, however it is written", arguments: 0..<300)
    func anyDocument(seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let value = try JSONValue(Array(randomJSON(&random).utf8)).withoutRepeats
        let rewritten = try JSONValue(Array(Self.rewritten(value, &random).utf8))
        #expect(try rewritten.withoutRepeats.canonicalBytes() == value.canonicalBytes())
        let again = try JSONValue(try value.canonicalBytes())
        #expect(try again.canonicalBytes() == value.canonicalBytes())
    }

    /// The same value with other spaces, order, escapes and forms of numbers, and members that a later one overrules.
    private static func rewritten(_ value: JSONValue, _ random: inout Seeded) -> String {
        let space = random.pick(["", " ", "\n", "\t"])
        switch value {
        case .object(let members):
            var texts = members.shuffled(using: &random).map { member in
                "\(space)\(rewritten(.string(member.key), &random)):\(rewritten(member.value, &random))"
            }
            if let first = members.first, random.below(3) == 0 { texts.insert("\(jsonString(first.key)):0", at: 0) }
            return "{\(texts.joined(separator: ","))\(space)}"
        case .array(let elements):
            return "[\(elements.map { space + rewritten($0, &random) }.joined(separator: ","))]"
        case .number(let text):
            guard !text.contains("e"), !text.contains("E") else { return text }
            return random.pick([text, text + "e0", text + "E+0", text.contains(".") ? text + "0" : text + ".0"])
        case .string(let text):
            guard random.below(2) == 0 else { return jsonString(text) }
            let units = text.utf16.map {
                "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16)
            }
            return "\"\(units.joined())\""
        case .null, .bool: return space + value.rendered
        }
    }
}
