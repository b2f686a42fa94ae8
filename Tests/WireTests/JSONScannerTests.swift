import Foundation
import Testing

@testable import Wire

/// The grammar of RFC 8259, its edges, and agreement with another parser.
struct JSONScannerTests {
    @Test(
        "valid",
        arguments: [
            "{}", "[]", " [ ] ", "{ }", "null", "true", "false", "0", "-0", "-1", "10", "1.5", "1e5", "1E+5", "1e-5",
            "-0.0e0",
            #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0041\uD83D\uDE00""#, #""\ud800""#, "\"\u{7F}\"", "\"日本\"",
            #"{"":0}"#, #"{"a":{"a":[{}]}}"#, #"{"a":1,"a":2}"#, "[1 , 2\t,\r\n3]", "1e400",
            "123456789012345678901234567890",
            "\t\n\r 1 \t\n\r ",
        ]
    )
    func valid(text: String) { #expect(throws: Never.self) { try scan(text) } }

    @Test(
        "invalid",
        arguments: [
            "", " ", "nul", "nulll", "True", "tru e", "truefalse", "undefined", "NaN", "Infinity", "-", "+1", "01",
            "-01", "1.",
            ".5", "1e", "1e+", "1.e1", "0x10", "1_0", "--1", "1 2", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{",
            "}",
            "{a:1}", "{'a':1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#, #"{1:2}"#,
            #"{"a":1}}"#,
            "\"", "\"a", "\"a\nb\"", "\"\u{0}\"", #""\x""#, #""\"#, #""\u12""#, #""\u12g4""#, #""\U0041""#,
            "\u{FEFF}{}",
            "// {}", "[1]/**/", "\u{B}1", "\u{A0}1",
        ]
    )
    func invalid(text: String) { #expect(throws: JSONError.self) { try scan(text) } }

    @Test(
        "an error says where, and what should stand there",
        arguments: [
            ("", 0, "a JSON value"), ("  ", 2, "a JSON value"), ("[1,]", 3, "a JSON value"), ("[1 2]", 3, "',' or ']'"),
            (#"{"a" 1}"#, 5, "':'"), (#"{"a":1 "b"}"#, 7, "',' or '}'"), ("{a:1}", 1, "a key in double quotes"),
            ("\"a\nb\"", 2, "no raw control character in a string"), ("\"abc", 4, "the closing quote of a string"),
            (#""a\q""#, 3, "a valid escape"), (#""\u12x4""#, 5, "four hexadecimal digits"), ("1.x", 2, "a digit"),
            ("{} x", 3, "the end of the text"), ("-x", 0, "a JSON value"), ("nope", 0, "a JSON value"),
        ]
    )
    func offsets(text: String, offset: Int, expected: String) {
        #expect(throws: JSONError(offset: offset, expected: expected)) { try scan(text) }
    }

    @Test(
        "nesting has a limit, in arrays, objects and both",
        arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")]
    )
    func depth(open: String, close: String) {
        let levels = open.utf8.filter { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }.count
        let most = JSONScanner.depthLimit / levels
        let deep = { (count: Int) in
            String(repeating: open, count: count) + "0" + String(repeating: close, count: count)
        }
        #expect(throws: Never.self) { try scan(deep(most)) }
        #expect(throws: JSONError.self) { try scan(deep(most + 1)) }
        #expect(throws: JSONError.self) { try scan(String(repeating: open, count: 200_000)) }
    }

    /// Darwin's secondary threads have half a megabyte of stack.
    @Test func deepestNestingFitsASmallStack() async {
        let text = String(repeating: "[", count: 512) + "0" + String(repeating: "]", count: 512)
        let isRead = await withCheckedContinuation { (done: CheckedContinuation<Bool, Never>) in
            let thread = Thread { done.resume(returning: (try? scan(text)) != nil) }
            thread.stackSize = 512 << 10
            thread.start()
        }
        #expect(isRead)
    }

    @Test func rangesAreTheValuesThemselves() throws {
        let text = #" { "a" : [ 1 , {} ] , "b\n" : "x" } "#
        var seen: [String] = []
        try Array(text.utf8).withUnsafeBufferPointer { bytes in
            let part = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
            var scanner = JSONScanner(bytes)
            try scanner.members { (key, scanner) throws(JSONError) in
                seen.append(part(key))
                seen.append(part(try scanner.value().range))
            }
            try scanner.end()
        }
        #expect(seen == ["a", "[ 1 , {} ]", #"b\n"#, #""x""#])
    }

    @Test(
        "a key is what it means, not how it is written",
        arguments: [
            ("model", true), (#"\u006dodel"#, true), (#"\u006D\u006F\u0064\u0065\u006C"#, true), ("Model", false),
            ("models", false), ("mode", false), (#"model\u0000"#, false), (#"\\u006dodel"#, false), ("", false),
        ]
    )
    func keys(written: String, isModel: Bool) throws {
        let bytes = Array(#"{"\#(written)":1}"#.utf8)
        let matched = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONError) in
            var scanner = JSONScanner(bytes)
            var matched = false
            try scanner.members { (key, scanner) throws(JSONError) in
                matched = scanner.matches(key, "model")
                try scanner.value()
            }
            return matched
        }
        #expect(matched == isModel)
    }

    @Test func agreesWithFoundationOnRandomDocumentsAndTheirMutations() {
        var random = Seeded(1)
        var counts = (valid: 0, invalid: 0)
        for _ in 0..<4_000 {
            let document = Array(randomJSON(&random).utf8)
            #expect(throws: Never.self, "\(document.asText)") { try scan(document) }
            let mutant = mutated(document, &random, alphabet: #"{}[]",:\ 01-e.tn"#)
            // Foundation also asks for UTF-8, whole surrogate pairs and numbers that a Double holds, takes a comma too
            // many, and reads 16-bit encodings: not our matter.
            guard let text = String(validating: mutant, as: UTF8.self), !mutant.contains(0) else { continue }
            guard !text.contains(#"\ud"#), !text.contains(/,\s*[\]}]/), !text.contains(/[eE][+-]?\d{3}/) else {
                continue
            }
            let theirs = (try? JSONSerialization.jsonObject(with: Data(mutant), options: .fragmentsAllowed)) != nil
            let ours = (try? scan(mutant)) != nil
            if ours { counts.valid += 1 } else { counts.invalid += 1 }
            #expect(ours == theirs, "\(mutant.asText)")
        }
        #expect(counts.valid > 300 && counts.invalid > 300)
    }
}
