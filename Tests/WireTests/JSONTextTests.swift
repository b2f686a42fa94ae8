import Foundation
import Testing

@testable import Wire

struct JSONTextTests {
    @Test(
        "a string means",
        arguments: [
            (#""""#, ""), (#""plain é 😀""#, "plain é 😀"), (#""\"\\\/""#, #""\/"#),
            (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u65E5""#, "Aé日"), (#""\uD83D\ude00""#, "😀"), (#""\u0000""#, "\u{0}"),
            // Half a pair is nothing; what stands beside it survives.
            (#""\ud83d""#, "\u{FFFD}"), (#""\ude00""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"),
            (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
            (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"),
            (#""\ud83d\n""#, "\u{FFFD}\n"),
        ]
    )
    func text(json: String, expected: String) throws { #expect(try meaning(json).text == expected) }

    @Test(
        "a number as an integer",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("9223372036854775807", Int.max), ("12.0", 12), ("1e3", 1000),
            ("1.5e1", 15), ("-2.50e2", -250), ("0.5", nil), ("1e-1", nil), ("9223372036854775808", nil), ("1e300", nil),
            ("1e999", nil), ("9007199254740993.0", nil), ("\"1\"", nil), ("null", nil), ("true", nil), ("[1]", nil),
        ] as [(String, Int?)]
    )
    func integer(json: String, expected: Int?) throws { #expect(try meaning(json).integer == expected) }

    @Test(
        "written as JSON",
        arguments: [
            ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
            ("/é😀", #""/é😀""#), ("\r\n", #""\r\n""#), ("e\u{301}", "\"e\u{301}\""),
        ]
    )
    func written(text: String, json: String) { #expect(jsonString(text) == json) }

    @Test func everyStringComesBack() throws {
        var random = Seeded(2)
        for _ in 0..<3_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<random.below(12) {
                let bound = random.pick([0x30, 0x100, 0x3000, 0x110000])
                if let scalar = Unicode.Scalar(UInt32(random.below(bound))) { scalars.append(scalar) }
            }
            let text = String(scalars)
            let json = jsonString(text)
            #expect(try meaning(json).text == text)
            let theirs = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String
            #expect(theirs.map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}
