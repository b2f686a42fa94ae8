import Testing

@testable import Kit

/// Figures are cut against us, never for us.
struct TextTests {
    @Test(
        "shares are cut",
        arguments: [(0.99999, "99.99 %"), (1, "100.00 %"), (0.9987, "99.87 %"), (-0.125, "-12.50 %")]
    )
    func percent(fraction: Double, text: String) { #expect(KitText.percent(fraction) == text) }

    @Test(
        "costs are rounded up",
        arguments: [
            (2_140_000, "$0.00214"), (2_140_001, "$0.00215"), (1_500_000_000, "$1.50"), (-2_000_000, "-$0.002"),
            (0, "$0"),
            (12_345_678_901_234, "$12,345.68"),
        ] as [(Double, String)]
    )
    func costs(nano: Double, text: String) { #expect(KitText.roundedDollars(nano) == text) }

    @Test(
        "what was set is exact",
        arguments: [(15_000_000, "$0.015"), (50_000_000_000, "$50"), (4_500_000_000, "$4.50"), (-1, "-$0.000000001")]
            as [(Int64, String)]
    )
    func dollars(nano: Int64, text: String) { #expect(KitText.dollars(nano) == text) }

    @Test(
        "latencies are rounded up",
        arguments: [
            (.milliseconds(2_500), "2.5 s"), (.microseconds(2_500_001), "2.51 s"), (.microseconds(611_200), "612 ms"),
            (.seconds(120), "120 s"),
        ] as [(Duration, String)]
    )
    func seconds(duration: Duration, text: String) { #expect(KitText.seconds(duration) == text) }

    @Test(
        "spans",
        arguments: [
            (.seconds(30 * 86_400), "30 days"), (.seconds(86_400), "24 hours"), (.seconds(900), "15 minutes"),
            (.seconds(1), "1 second"),
            (.seconds(90), "90 seconds"),
        ] as [(Duration, String)]
    )
    func spans(duration: Duration, text: String) { #expect(KitText.span(duration) == text) }

    @Test(
        "moments",
        arguments: [
            (0, "1970-01-01 00:00"), (-60_000, "1969-12-31 23:59"), (1_709_164_800_000, "2024-02-29 00:00"),
        ] as [(Int64, String)]
    )
    func moments(milliseconds: Int64, text: String) { #expect(KitText.moment(milliseconds) == text) }

    @Test(
        "pairs of backticks are code, all else is text",
        arguments: [
            ("run `a_b *c*` and *go*", "run `a_b *c*` and \\*go\\*"), ("one ` alone", "one \\` alone"),
            ("`a | b`", "\\`a \\| b\\`"), ("an ``empty one", "an \\`\\`empty one"), ("`a\\`", "\\`a\\\\\\`"),
        ]
    )
    func prose(text: String, markdown: String) { #expect(Markup.prose(text) == markdown) }

    @Test("numbers that are none", arguments: [Double.nan, .infinity, 1e300])
    func noNumber(value: Double) { #expect(KitText.fixed(value, 2) == "?") }

    @Test(
        "stretches",
        arguments: [
            (.seconds(48 * 3_600), "48 h"), (.seconds(7_441), "2 h 05 min"), (.seconds(61), "2 min"), (.zero, "0 min"),
        ] as [(Duration, String)]
    )
    func stretches(duration: Duration, text: String) { #expect(KitText.long(duration) == text) }
}
