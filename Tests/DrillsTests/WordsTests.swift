import Testing

@testable import Drills

struct WordsTests {
    @Test(
        "a moment in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_795_788_000_250, "2026-11-27T14:00:00.250Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func stamp(wall: Int64, text: String) {
        #expect(Words.stamp(wall) == text)
    }

    @Test(
        "a length of time",
        arguments: [
            (0, "0 ms"), (999, "999 ms"), (1_000, "1.00 s"), (9_999, "10.00 s"), (12_340, "12.3 s"),
            (60_000, "1 min 00 s"), (3_661_000, "61 min 01 s"),
        ]
    )
    func length(milliseconds: Int, text: String) {
        #expect(Words.length(.milliseconds(milliseconds)) == text)
    }

    @Test func numbers() {
        #expect(Words.percent(0.998_14) == "99.81 %" && Words.percent(-0.005, 1) == "-0.5 %")
        // Cut: what misses its target never reads as the target.
        #expect(Words.percent(0.999_96) == "99.99 %" && Words.percent(1) == "100.00 %")
        #expect(Words.percent(0.994_96, 1) == "99.4 %" && Words.percent(0.29, 0) == "29 %")
        #expect(Words.percent(-16.392, 1) == "-1,639.2 %")
        #expect(Words.percentAtMost(0.010_01) == "1.01 %" && Words.percentAtMost(0.01) == "1.00 %")
        #expect(Words.money(1_234_500_000_000) == "$1,234.50" && Words.grouped("-123456.7") == "-123,456.7")
        #expect(Words.money(9_300_000) == "$0.0093" && Words.money(-12_345_000_000) == "-$12.35")
        #expect(Words.delta(.seconds(21)) == "+0:21" && Words.delta(.seconds(-85)) == "-1:25")
        #expect(Words.decimal(.infinity, 1) == "?" && Words.decimal(-0.001, 2) == "0.00")
        #expect(Words.clock(.seconds(425)) == "07:05")
    }

    @Test func whatIsPastedIsOneLine() {
        #expect("  a\n\tb\u{7}c\r\nd  ".oneLine() == "a  b·c d")
        #expect(String(repeating: "é", count: 600).oneLine().count == 500)
    }
}
