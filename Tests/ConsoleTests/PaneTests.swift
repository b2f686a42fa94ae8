import Testing

@testable import Console

/// Single panes and curves, drawn alone.
struct PaneTests {
    private func pane(
        _ pane: Pane,
        _ snapshot: EngineSnapshot,
        _ columns: Int,
        _ rows: Int,
        glyphs: GlyphSet = .unicode
    ) -> String {
        let size = Size(columns: columns, rows: rows)
        var screen = Screen(state: console(snapshot, glyphs: glyphs), size: size, now: sampleNow)
        screen.drawPane(pane, Rect(x: 0, y: 0, width: columns, height: rows), snapshot)
        return text(Frame(size: size, rows: screen.canvas.rows()))
    }

    private func graph(_ values: [Double?], _ glyphs: GlyphSet = .unicode) -> [[Run]] {
        var canvas = Canvas(size: Size(columns: 4, rows: 2), glyphs: glyphs)
        Graph(values: values, target: 3, bad: .above, range: 0...7)
            .draw(on: &canvas, in: Rect(x: 0, y: 0, width: 4, height: 2))
        return canvas.rows()
    }

    @Test func aLineHoldsTogetherAndColoursWhatIsOver() {
        #expect(
            graph([0, 0, 0, 7, 7, 0, 0, 0]) == [
                [Run(" ", .text), Run("⢸⢱", .graphOver), Run(" ", .text)],
                [Run("⣀", .graph), Run("⡸", .graphOver), Run("⢸⣀", .graph)],
            ]
        )
    }

    @Test func aGapStaysAGapAndShowsTheTarget() {
        #expect(graph([6, 6, nil, nil, nil, nil, 1, 1]).map { $0.map(\.text).joined() } == ["⠒   ", "⠁⠁⠁⠤"])
    }

    @Test func fewValuesStandAtTheRight() {
        #expect(graph([1, 1]).map { $0.map(\.text).joined() } == ["    ", "⠁⠁⠁⠤"])
    }

    @Test func strokesInASCII() {
        let rows = graph([0, 0, 7, 7, 3, 3, 0, 0], .ascii).map { $0.map(\.text).joined() }
        #expect(rows == [" '  ", "_.'_"])
    }

    @Test(
        arguments: [
            (Pane.success, [0.999, 1.0] as [Double?], 0.985...1.0), (.success, [0.96], 0.95...1),
            (.success, [0.5], 0...1),
            (.success, [], 0.985...1), (.latency, [1, 2], 0...3), (.latency, [60], 0...10),
            (.cost, [nil], 0...20_000_000),
            (.budget, [0.7], 0...1), (.budget, [-0.1], -0.25...1), (.budget, [-3], -1...1),
        ] as [(Pane, [Double?], ClosedRange<Double>)]
    )
    func edgesAreNiceAndHoldTheTarget(pane: Pane, values: [Double?], expected: ClosedRange<Double>) {
        let indicator = Indicator(pane, sampleSnapshot(), glyphs: .unicode)
        let range = indicator.range(values)
        #expect(abs(range.lowerBound - expected.lowerBound) < 1e-6 * max(1, expected.upperBound))
        #expect(abs(range.upperBound - expected.upperBound) < 1e-6 * max(1, expected.upperBound))
        #expect(range.contains(indicator.targetValue))
    }

    @Test func aSpentBudgetOfFewRequestsIsNotOfNone() {
        var snapshot = sampleSnapshot()
        let budget = (failures: 9, allowed: 0.85)
        (snapshot.headline.budget.failures, snapshot.headline.budget.allowed) = budget
        (snapshot.headline.budget.remaining, snapshot.headline.budget.exhaustedIn) = (1 - 9 / 0.85, 0)
        let indicator = Indicator(.budget, snapshot, glyphs: .unicode)
        #expect(indicator.figure == "-958.9" && indicator.facts == [Line("9 of 0.8 failed", .muted), Line("gone")])
    }

    @Test func bigDigits() {
        #expect(Figures.rows("1.84", .small, .unicode) == ["▀█    █▀█ █ █", " █    █▀█ ▀▀█", "▀▀▀ ▀ ▀▀▀   ▀"])
        #expect(Figures.rows("74.2", .small, .ascii) == [" _         _ ", "  | |_|    _|", "  |   | . |_ "])
        for glyphs in [GlyphSet.unicode, .ascii] {
            for scale in [Figures.Scale.small, .large] {
                let widths = Set(Figures.rows("-0123456789.,:—", scale, glyphs).map(Text.width))
                #expect(widths.count == 1)
            }
        }
    }

    @Test func providers() {
        #expect(
            pane(.providers, sampleOutage(), 72, 9) == """
                ╭─ 5 providers ──────────────────────────────────────────── last 15 m ─╮
                │   deployment  state               p95   ok % share errors  breaker   │
                │   openai      ■ BENCHED        1.71 s  71.00  89 %     11  open      │
                │   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━─────── │
                │ ▶ anthropic   ▲ COOLING 12 s   2.02 s  99.98  11 %      1  half-open │
                │   ━━━━━━━─────────────────────────────────────────────────────────── │
                │   14:02 openai 401 credential: invalid_api_key                       │
                │   12:40 anthropic 529 overloaded                                     │
                ╰──────────────────────────────────────────────────────────────────────╯
                """
        )
    }

    @Test func whoIsOnTheWayBackShowsItsShare() throws {
        var snapshot = sampleSnapshot()
        snapshot.providers[0].state = .ok
        snapshot.providers[0].ramp = 0.25
        #expect(pane(.providers, snapshot, 80, 8).contains("● RAMPING 25 %"))
    }

    @Test func whoIsOutSaysWhyAndUntilWhen() throws {
        var snapshot = sampleSnapshot()
        snapshot.providers[0].state = .benched
        snapshot.providers[0].outBecause = "key OPENAI_API_KEY: 401 invalid_api_key"
        snapshot.providers[0].until = sampleNow + 12_000
        let size = Size(columns: 80, rows: 30)
        var screen = Screen(state: console(snapshot), size: size, now: sampleNow)
        screen.drawProviderDetail(Rect(x: 0, y: 0, width: 80, height: 30), snapshot.providers[0])
        let told = text(Frame(size: size, rows: screen.canvas.rows()))
        #expect(told.contains("out because of  key OPENAI_API_KEY: 401 invalid_api_key"), "\(told)")
        #expect(told.contains("UTC on, in 12 s"), "\(told)")
    }

    @Test func spend() {
        #expect(
            pane(.spend, sampleSnapshot(), 30, 9) == """
                ╭─ 8 spend by feature  24 h ─╮
                │ chat      ━━━━━━━━   $7.90 │
                │ summarise ━━━━────   $4.02 │
                │ extract   ━━──────   $1.61 │
                │ classify  ━───────   $0.67 │
                │                            │
                │ total               $14.20 │
                │                            │
                ╰────────────────────────────╯
                """
        )
    }

    @Test func events() {
        #expect(
            pane(.events, sampleSnapshot(), 44, 7) == """
                ╭─ 6 what happened ───────── newest first ─╮
                │ 13:41 ● openai serves again: probe ok,   │
                │         100 % of the load                │
                │ 13:41 · openai: probe sent               │
                │ 13:38 ● assistant failed over to         │
                │         anthropic in 4 ms: 0 requests l… │
                ╰──────────────────────────────────────────╯
                """
        )
    }

    @Test func anAlertThatOnlyWaitsToEndSaysSo() {
        var snapshot = sampleSnapshot()
        snapshot.alerts = sampleAlerts(isFiring: true)
        #expect(drawn(snapshot, 80, 24, keys: ["9"]).contains("■ PAGE    p95 latency"))
        snapshot.alerts[0].clearing = "ends once it has held for 5 min"
        #expect(drawn(snapshot, 80, 24, keys: ["9"]).contains("▲ CLEARS  p95 latency"))
        let page = drawn(snapshot, 80, 24, keys: ["9", .enter])
        #expect(page.contains("clearing        ends once it has held for 5 min"))
    }

    @Test func colourStandsWhereItMeansSomething() {
        var screen = Screen(state: console(sampleOutage()), size: Size(columns: 28, rows: 11), now: sampleNow)
        screen.drawPane(.success, Rect(x: 0, y: 0, width: 28, height: 11), sampleOutage())
        let rows = screen.canvas.rows()
        #expect(rows[0].contains(Run("CRIT", .critical)))
        #expect(rows[1].contains { $0.role == .graphOver })
        #expect(rows[5].contains { $0.role == .ok && $0.text == "41 saved" })
    }

    @Test func anOverspentBudgetIsDrawnBelowZero() {
        var snapshot = sampleOutage()
        snapshot.trends = [.init(step: 1000, budget: Array(repeating: -0.2, count: 60))]
        let rows = pane(.budget, snapshot, 28, 11).split(separator: "\n")
        #expect(rows[9].contains("⠤") || rows[9].contains("⠒") || rows[9].contains("⣀"))
    }
}
