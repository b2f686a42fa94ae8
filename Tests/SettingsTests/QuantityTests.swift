import Testing

@testable import Settings

struct QuantityTests {
    @Test(
        "durations",
        arguments: [
            ("250ms", .milliseconds(250)), ("2s", .seconds(2)), ("2.5s", .milliseconds(2500)), ("15m", .seconds(900)),
            ("24h", .seconds(86_400)), ("30d", .seconds(2_592_000)), ("1w", .seconds(604_800)), ("0s", .zero),
            ("2", nil),
            ("-2s", nil), ("s", nil), ("2 s", .seconds(2)), ("2  s", nil), ("1e300s", nil), ("2x", nil), ("nans", nil),
            ("99999999999d", nil), ("", nil),
        ] as [(String, Duration?)]
    )
    func durations(text: String, expected: Duration?) {
        #expect(parseDuration(text) == expected)
    }

    @Test(
        "amounts",
        arguments: [
            ("$0.015", 15_000_000), ("0.015", 15_000_000), ("$50", 50_000_000_000), ("1e-9", 1), ("$1e-10", 0),
            ("$9223372036", 9_223_372_036_000_000_000), ("$9223372037", nil), ("$", nil), ("$$1", nil), ("1$", nil),
            ("0x10", nil), ("1_000", nil), ("$inf", nil), ("$-1", -1_000_000_000), ("1e99999999999", nil),
        ] as [(String, Int64?)]
    )
    func amounts(text: String, expected: Int64?) {
        #expect(parseMoney(text) == expected)
    }

    @Test(
        "shares",
        arguments: [
            ("99.5%", 0.995), ("0.995", 0.995), ("25%", 0.25), ("100%", nil), ("0%", nil), ("99.5", nil), ("-1%", nil),
            ("%", nil),
        ] as [(String, Double?)]
    )
    func shares(text: String, expected: Double?) {
        #expect(parseShare(text, withEnds: false) == expected)
    }

    @Test(
        "sizes",
        arguments: [
            ("512MB", 512_000_000), ("1.5GB", 1_500_000_000), ("1KiB", 1024), ("10 mb", 10_000_000), ("7B", 7),
            ("0MB", nil),
            ("512", nil), ("9999999TB", nil), ("-1MB", nil),
        ] as [(String, Int64?)]
    )
    func sizes(text: String, expected: Int64?) {
        #expect(parseSize(text) == expected)
    }

    @Test(
        "JSON of YAML scalars",
        arguments: [
            ("1", "1"), ("-1.50", "-1.50"), ("+1", "1"), (".5", "0.5"), ("5.", "5.0"), ("1e5", "1e5"),
            ("007", "\"007\""),
            (".inf", "\".inf\""), ("0x10", "\"0x10\""), ("Yes", "true"), ("off", "false"), ("~", "null"),
            ("'1'", "\"1\""),
            (#""a\"\\\u0001\t""#, #""a\"\\\u0001\t""#), ("é", "\"é\""), ("[1, {a: b}]", #"[1,{"a":"b"}]"#),
            ("{}", "{}"),
        ]
    )
    func json(yaml: String, expected: String) throws {
        let node = try #require(try parseYAML(yaml))
        #expect(jsonText(node) == expected)
    }
}
