import Testing

@testable import Console

/// Whole screens as they are drawn; `DrawnScreens` holds what is expected.
struct ScreenTests {
    @Test func dashboardAt80x24() { #expect(drawn(sampleOutage(), 80, 24) == DrawnScreens.outage80x24) }

    @Test func dashboardAt120x40() { #expect(drawn(sampleSnapshot(), 120, 40) == DrawnScreens.dashboard120x40) }

    @Test func dashboardAt200x50() { #expect(drawn(sampleSnapshot(), 200, 50) == DrawnScreens.dashboard200x50) }

    @Test func dashboardInASCII() {
        #expect(drawn(sampleSnapshot(), 120, 40, glyphs: .ascii) == DrawnScreens.ascii120x40)
    }

    @Test func theSmallestScreen() { #expect(drawn(sampleOutage(), 60, 16) == DrawnScreens.outage60x16) }

    @Test func bypassBox() { #expect(drawn(sampleOutage(), 80, 24, keys: ["b"]) == DrawnScreens.bypassBox80x24) }

    @Test func zoomedSuccess() {
        #expect(drawn(sampleSnapshot(), 100, 30, keys: ["2", "2"]) == DrawnScreens.success100x30)
    }

    @Test func alertsInFull() { #expect(drawn(spentSnapshot(), 80, 24, keys: ["9"]) == DrawnScreens.alerts80x24) }

    @Test func budgetInFull() { #expect(drawn(spentSnapshot(), 80, 24, keys: ["4", "4"]) == DrawnScreens.budget80x24) }

    @Test func spendInFull() { #expect(drawn(spentSnapshot(), 120, 40, keys: ["8", "8"]) == DrawnScreens.spend120x40) }

    @Test func freezeAndAPage() { #expect(drawn(spentSnapshot(), 120, 40) == DrawnScreens.freeze120x40) }

    @Test func lifeOfARequest() {
        #expect(
            drawn(sampleSnapshot(), 80, 24, keys: ["j", "j", "j", "j", "j", .enter]) == DrawnScreens.request80x24
        )
    }

    @Test(
        "too small says so and keeps the words that matter",
        arguments: [
            (
                59, 15,
                """
                 59x15 is too small: needs 60x16
                 ● LIVE
                 p95 2.61 s ▲ WARN
                 success 97.90 % ■ CRIT
                 budget -13.4 % ■ CRIT
                 q quit
                """
            ),
            (
                100, 9,
                """
                 100x9 is too small: needs 60x16
                 ● LIVE
                 p95 2.61 s ▲ WARN  success 97.90 % ■ CRIT  budget -13.4 % ■ CRIT
                 q quit
                """
            ),
            (
                40, 8,
                """
                 40x8 is too small: needs 60x16
                 ● LIVE
                 p95 2.61 s ▲ WARN
                 success 97.90 % ■ CRIT
                 budget -13.4 % ■ CRIT
                 q quit
                """
            ),
            (
                20, 4,
                """
                 20x4, needs 60x16
                 ● LIVE
                 p95 2.61 s ▲ WARN
                 q quit
                """
            ),
        ]
    )
    func tooSmall(columns: Int, rows: Int, expected: String) {
        let lines = drawn(sampleOutage(), columns, rows).split(separator: "\n", omittingEmptySubsequences: true)
        #expect(lines.joined(separator: "\n") == expected)
    }

    @Test func beforeTheFirstRequestItSaysWhatToDo() {
        var snapshot = EngineSnapshot()
        snapshot.takenAt = sampleNow
        snapshot.listen = "127.0.0.1:4000"
        let screen = drawn(snapshot, 80, 24)
        #expect(screen.contains("waiting for the first request"))
        #expect(screen.contains("export OPENAI_BASE_URL=http://127.0.0.1:4000/v1"))
        #expect(screen.contains("○ NO DATA"))
        #expect(screen.contains("no traffic yet"))
    }

    @Test func oldDataIsGreyAndSaysItsAge() {
        var snapshot = sampleOutage()
        snapshot.takenAt = sampleNow - 14_000
        var state = console(snapshot)
        let frame = state.frame(size: Size(columns: 120, rows: 40), now: sampleNow)
        #expect(text(frame).contains("◇ STALE 14 s"))
        let body = frame.rows.dropFirst().dropLast(3).joined()
        #expect(!body.contains { [.critical, .warning, .ok, .graph, .graphOver, .strong].contains($0.role) })
    }

    @Test func aLostEngineIsNamedAndTheLastFiguresStay() {
        var state = console(sampleSnapshot(), isAttached: true)
        state.lost(reason: "connection refused", at: sampleNow)
        let screen = text(state.frame(size: Size(columns: 120, rows: 40), now: sampleNow + 1000))
        #expect(screen.contains("■ NO ENGINE since 14:03:27"))
        #expect(screen.contains("can't be reached: connection refused"))
        #expect(screen.contains("chat"))
        state.receive(sampleSnapshot())
        #expect(!text(state.frame(size: Size(columns: 120, rows: 40), now: sampleNow)).contains("NO ENGINE"))
    }

    @Test(
        "the bypass bar stands on every screen",
        arguments: [[], ["?"], ["t"], ["1", "1"], ["7", "7"], ["p"]] as [[Key]]
    )
    func bypassBar(keys: [Key]) {
        var snapshot = sampleSnapshot()
        snapshot.mode = .bypass
        snapshot.modeSince = sampleNow - 754_000
        for size in [Size(columns: 60, rows: 16), Size(columns: 120, rows: 40), Size(columns: 40, rows: 10)] {
            var state = console(snapshot, size, keys: keys)
            let frame = state.frame(size: size, now: sampleNow)
            #expect(frame.rows.joined().contains { $0.role == .bypass && $0.text.contains("◆ BYPASS") })
            #expect(frame.title == "nines BYPASS")
        }
    }

    @Test func theHeaderShowsTheGroupThatFailedOver() {
        var snapshot = sampleSnapshot()
        snapshot.routes.append(
            .init(group: "embed", primary: "openai", serving: "local", servingSince: sampleNow, then: [])
        )
        let header = drawn(snapshot, 120, 40).prefix { $0 != "\n" }
        #expect(header.contains("embed → local for openai"))
        #expect(header.contains("+1 groups"))
    }

    @Test func theDemoSaysThatItIsOne() {
        #expect(drawn(sampleSnapshot(isDemo: true), 80, 24).contains("DEMO"))
        #expect(drawn(sampleOutage(isDemo: true), 80, 24).contains("DEMO FAULT key revoked"))
        #expect(drawn(sampleSnapshot(isDemo: true), 80, 24).contains("x break the primary"))
    }
}
