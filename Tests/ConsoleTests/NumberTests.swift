import Testing

@testable import Console

struct NumberTests {
    @Test(arguments: [
        (0.612, "612 ms"), (0.9994, "999 ms"), (0.9996, "1.00 s"), (1.84, "1.84 s"), (9.994, "9.99 s"),
        (12.34, "12.3 s"),
        (99.96, "100 s"), (0, "0 ms"),
    ])
    func latencies(value: Double, expected: String) { #expect(Numbers.seconds(value) == expected) }

    @Test(arguments: [(2.4, "2 ms"), (99.4, "99 ms"), (612, "0.61 s"), (1920, "1.92 s"), (123_456, "123 s")])
    func requestTimes(value: Double, expected: String) { #expect(Numbers.elapsed(milliseconds: value) == expected) }

    @Test(
        "100 % means every one",
        arguments: [
            (1.0, "100.00 %"), (0.99999, "99.99 %"), (0.9987, "99.87 %"), (0.995, "99.50 %"), (0, "0.00 %"),
            (-0.134, "-13.40 %"), (-9.588_235, "-958.83 %"),
        ]
    )
    func percents(value: Double, expected: String) { #expect(Numbers.percent(value) == expected) }

    @Test(arguments: [
        (7_100_000, "$0.0071"), (4_900_000, "$0.0049"), (420_000, "$.00042"), (0, "$0.0000"), (1_500_000_000, "$1.50"),
        (123_456_000_000, "$123"),
    ])
    func prices(value: Double, expected: String) { #expect(Numbers.price(value) == expected) }

    @Test(arguments: [
        (0, "$0.00"), (4_900_000, "$0.0049"), (420_000, "$.00042"), (10_000_000, "$0.01"), (14_200_000_000, "$14.20"),
    ])
    func money(value: Int64, expected: String) { #expect(Numbers.money(value) == expected) }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1204, "1,204"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func counts(value: Int, expected: String) { #expect(Numbers.count(value) == expected) }

    @Test(arguments: [(980, "980"), (9_999, "10.0k"), (12_480, "12k"), (3_400_000, "3.4M")])
    func shortCounts(value: Int, expected: String) { #expect(Numbers.short(value) == expected) }

    @Test(arguments: [(48, "48 s"), (720, "12 m"), (18_000, "5 h"), (2_678_400, "31 d")])
    func spans(value: Double, expected: String) { #expect(Numbers.span(seconds: value) == expected) }

    @Test(arguments: [(0.0, 1.0), (2.5, 3.0), (3, 3), (3.01, 4), (0.015, 0.015), (0.0172, 0.02), (9, 10), (1200, 1500)])
    func niceCeilings(value: Double, expected: Double) { #expect(abs(Numbers.niceCeiling(value) - expected) < 1e-9) }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
    func nothingTraps(value: Double) {
        _ = Numbers.seconds(value)
        _ = Numbers.percent(value)
        _ = Numbers.price(value)
        _ = Numbers.span(seconds: value)
        #expect(Numbers.whole(value).magnitude <= 1_000_000_000_000_000)
        #expect(Numbers.niceCeiling(value) > 0)
    }

    @Test func timeOfDayIsUTC() {
        #expect(Clock.millis(sampleNow) == "14:03:27.412")
        #expect(Clock.weekday(sampleNow) == "Mon")
        #expect(Clock.since(sampleNow - 86_400_000, now: sampleNow) == "Sun 14:03")
        #expect(Clock.stopwatch(767) == "12:47")
        #expect(Clock.stopwatch(3_767) == "1:02:47")
    }
}

struct TextTests {
    @Test(
        "only plain cells are left",
        arguments: [
            ("gpt-5.4", "gpt-5.4"), ("a\u{1B}[31mb", "a[31mb"), ("a\nb\tc", "a b c"), ("r\u{202E}l", "rl"),
            ("z\u{200B}w", "zw"),
            ("e\u{301}", "e"), ("\u{4E2D}\u{6587}", "??"), ("\u{1F600}!", "?!"), ("caf\u{E9}", "caf\u{E9}"),
            ("\u{FEFF}x", "x"),
            ("\u{5D0}", "?"),
        ]
    )
    func cleaning(raw: String, expected: String) { #expect(Text.clean(raw) == expected) }

    @Test func longTextIsCut() {
        #expect(Text.clean(String(repeating: "\u{E9}", count: 9_000)).unicodeScalars.count == 400)
    }

    @Test(arguments: [("anthropic", 6, "anthr…"), ("openai", 6, "openai"), ("x", 0, "")])
    func clipping(text: String, width: Int, expected: String) { #expect(Text.clip(text, to: width) == expected) }

    @Test func wrappingKeepsEveryWord() {
        #expect(Text.wrap("one two  three abcdefgh", to: 5) == ["one", "two", "three", "abcde", "fgh"])
        #expect(Text.wrap("", to: 5) == [])
    }

    @Test(arguments: [("openai 401", "OPENAI", true), ("openai", "openai 4", false), ("x", "", true)])
    func holding(text: String, part: String, expected: Bool) { #expect(Text.holds(text, part) == expected) }
}
