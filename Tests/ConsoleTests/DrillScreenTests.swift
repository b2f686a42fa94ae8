import Testing

@testable import Console

/// The screens of drills and of the cache, whole and in what they must never leave out.
struct DrillScreenTests {
    private static func person(
        _ snapshot: EngineSnapshot,
        _ columns: Int,
        _ rows: Int,
        _ keys: [Key] = ["d"],
        glyphs: GlyphSet = .unicode
    )
        -> String
    {
        let size = Size(columns: columns, rows: rows)
        var state = ConsoleState(options: ConsoleOptions(glyphs: glyphs, person: "ana"))
        state.receive(snapshot)
        _ = state.frame(size: size, now: sampleNow)
        for key in keys {
            _ = state.handle(key, now: sampleNow)
            _ = state.frame(size: size, now: sampleNow)
        }
        return text(state.frame(size: size, now: sampleNow))
    }

    private static func choosing(clean: Int = 1) -> EngineSnapshot {
        var snapshot = sampleSnapshot(isDemo: true)
        snapshot.drills = sampleHistory(clean: clean)
        snapshot.drills.targets = [
            .init(group: "assistant", id: "openai", provider: "openai", secondary: "anthropic"),
            .init(group: "assistant-mini", id: "mistral", provider: "mistral", secondary: "openai"),
        ]
        return snapshot
    }

    struct Scene: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var snapshot: EngineSnapshot
        var columns: Int
        var rows: Int
        var keys: [Key]
        var expected: String
    }

    static let scenes: [Scene] = [
        scene("start", choosing(), 80, 24, ["d"], DrawnDrills.start80x24),
        scene("roles", sampleDrill(.roles), 80, 24, ["d"], DrawnDrills.roles80x24),
        scene("checks", sampleDrill(.checks), 80, 24, ["d"], DrawnDrills.checks80x24),
        scene("observe", sampleDrill(), 80, 24, ["d"], DrawnDrills.observe80x24),
        scene("sign", sampleDrill(.sign), 80, 24, ["d"], DrawnDrills.sign80x24),
        scene("over", sampleDrill(.over), 80, 24, ["d"], DrawnDrills.over80x24),
        scene("interrupted", sampleDrill(.interrupted), 80, 24, [], DrawnDrills.interrupted80x24),
        scene("observe", sampleDrill(), 120, 40, ["d"], DrawnDrills.observe120x40),
        scene("boring", choosing(clean: 5), 120, 40, ["d", .tab], DrawnDrills.history120x40),
        scene("over", sampleDrill(.over), 120, 40, ["d"], DrawnDrills.over120x40),
        scene("observe", sampleDrill(), 200, 50, ["d"], DrawnDrills.observe200x50),
        scene("cache", sampleOffline(), 80, 24, ["C"], DrawnDrills.cache80x24),
        scene("offline", sampleOffline(), 120, 40, [], DrawnDrills.offline120x40),
    ]

    private static func scene(
        _ name: String,
        _ snapshot: EngineSnapshot,
        _ columns: Int,
        _ rows: Int,
        _ keys: [Key],
        _ expected: String
    ) -> Scene {
        Scene(
            testDescription: "\(name) \(columns)x\(rows)",
            snapshot: snapshot,
            columns: columns,
            rows: rows,
            keys: keys,
            expected: expected
        )
    }

    @Test("whole screens", arguments: scenes)
    func whole(scene: Scene) {
        let screen = Self.person(scene.snapshot, scene.columns, scene.rows, scene.keys)
        #expect(screen == scene.expected)
    }

    @Test func inASCII() {
        #expect(Self.person(sampleDrill(), 80, 24, glyphs: .ascii) == DrawnDrills.observeASCII80x24)
    }

    static let sizes = [(60, 16), (80, 24), (90, 45), (120, 40), (130, 30), (160, 45), (200, 50)]

    /// Whoever looks must see whose step it is, what to press, the clock, and how to stop.
    @Test("what is on every drill screen", arguments: SampleStep.allCases)
    func always(place: SampleStep) {
        let snapshot = sampleDrill(place)
        for (columns, rows) in Self.sizes {
            let screen = Self.person(snapshot, columns, rows)
            guard place != .over else {
                #expect(screen.contains("PASS WITH FINDINGS"), "\(columns)x\(rows)")
                continue
            }
            for words in [snapshot.drill?.step?.role.uppercased() ?? "", "of 30:00", "T+"] {
                #expect(screen.contains(words), "\(place) \(columns)x\(rows) \(words)")
            }
            // What has ended can't be aborted.
            let canAbort = ![.sign, .file, .stopped, .interrupted].contains(place)
            #expect(screen.contains("! abort") == canAbort, "\(place) \(columns)x\(rows)")
            if snapshot.drill?.isFaultIn == true { #expect(screen.contains("FAULT IN") && screen.contains("07:4")) }
        }
    }

    @Test("panes of a drill fill the body and don't overlap")
    func layout() {
        for columns in stride(from: 60, through: 220, by: 3) {
            for rows in stride(from: 13, through: 60, by: 2) {
                for steps in [1, 7, 10, 30] {
                    let body = Rect(x: 0, y: 1, width: columns, height: rows)
                    let layout = DrillLayout(body, phases: 8, steps: steps)
                    let rects =
                        [layout.clock, layout.plan, layout.step] + [layout.timeline, layout.live].compactMap { $0 }
                        + layout.sides
                    #expect(rects.reduce(0) { $0 + $1.width * $1.height } == columns * rows, "\(columns)x\(rows)")
                    #expect(rects.allSatisfy { $0.width >= 24 && $0.height >= 5 }, "\(columns)x\(rows) \(steps)")
                }
            }
        }
    }

    @Test(
        "the drill stands on every other screen",
        arguments: [[], ["?"], ["5", "5"], ["C"], ["7", "j", .enter]] as [[Key]]
    )
    func bar(keys: [Key]) {
        #expect(Self.person(sampleDrill(), 80, 24, keys).contains("◆ DRILL T+12:47 · fault in · restores in 07:4"))
    }

    @Test func anInterruptedDrillIsTheFirstThingSeen() {
        let screen = Self.person(sampleDrill(.interrupted), 80, 24, [])
        #expect(screen.contains("◆ DRILL interrupted · everything is restored"))
        #expect(screen.contains("d closes it out"))
    }

    @Test func tooSmallStillSaysWhatIsBrokenAndHowToStop() {
        #expect(Self.person(sampleDrill(), 50, 12, []).contains("◆ DRILL T+12:47 fault in, ! aborts"))
        #expect(Self.person(sampleDrill(), 50, 12, ["!"]).contains("abort the drill: y does it"))
    }

    @Test func failingChecksSayHowToMendThem() {
        var snapshot = sampleDrill(.checks)
        snapshot.drill?.steps[8].ifItFails = "see nines alerts test"
        let screen = Self.person(snapshot, 120, 40)
        #expect(screen.contains("sees 0 requests in 5 minutes"))
        #expect(screen.contains("mend it: send traffic, or set nines.drill.probe_rps"))
        #expect(screen.contains("mend it: see nines alerts test"))
        #expect(screen.contains("2 of 9 are missing"))
    }

    @Test func aScenarioShowsHowItsLastDrillEnded() {
        let screen = Self.person(Self.choosing(), 120, 40)
        for row in [
            "✓ Revoke the primary's key", "◇ Block the host: refused", "▲ Slow first token", "· A region is gone",
        ] {
            #expect(screen.contains(row), "\(row)")
        }
        for word in ["pass   3×", "aborted   3×", "findings   3×", "never      "] {
            #expect(screen.contains(word), "\(word)")
        }
    }

    @Test func whoIsEarlyIsToldByHowMuch() {
        var snapshot = sampleDrill()
        for index in snapshot.drill?.phases.indices ?? 0..<0 where snapshot.drill?.phases[index].state == .current {
            snapshot.drill?.phases[index].start = 470
        }
        #expect(Self.person(snapshot, 120, 40).contains("● 02:10 early"))
    }

    @Test func aPathIsBrokenAtTheEdgeOnly() {
        var snapshot = sampleDrill(.over)
        snapshot.drill?.report = "~/our drills/of this year/drill-1.md"
        #expect(Self.person(snapshot, 80, 24).contains("│ ~/our drills/of this year/drill-1.md "))
        // Forty cells a row.
        snapshot.drill?.report = "~/" + String(repeating: "a-", count: 19) + "drill-1.md"
        let screen = Self.person(snapshot, 80, 24)
        #expect(screen.contains("a-a-a-a- │") && screen.contains("│ drill-1.md "))
    }

    @Test func aBrokenStopRuleIsSaidFirst() {
        var snapshot = sampleDrill()
        snapshot.drill?.stops[5].isBroken = true
        let screen = Self.person(snapshot, 80, 24)
        #expect(screen.contains("guard ■ secondary errors over 20 %: 0.0 %"))
        #expect(screen.contains("■ secondary errors over 20 %"))
    }

    @Test func threeConsolesSeeWhoseStepItIs() {
        var snapshot = sampleDrill(.answer)
        snapshot.drill?.crew = [
            .init(role: "lead", name: "ana"), .init(role: "operator", name: "bo"), .init(role: "scribe", name: "cy"),
        ]
        let screen = Self.person(snapshot, 120, 40)
        #expect(screen.contains("lead ana · operator bo · scribe cy"))
        #expect(screen.contains("cy's step"))
        snapshot.drill?.crew[2].name = "ana"
        #expect(Self.person(snapshot, 120, 40).contains("your step, ana"))
    }

    @Test("where there is no colour the words are there", arguments: [GlyphSet.unicode, .ascii])
    func words(glyphs: GlyphSet) {
        let cases: [(EngineSnapshot, [Key], String)] = [
            (sampleDrill(), ["d"], "FAULT IN"), (sampleDrill(.induce), ["d"], "NOTHING BROKEN"),
            (sampleDrill(.sign), ["d"], "FAULT OUT"), (sampleDrill(.stopped), ["d"], "STOPPED"),
            (sampleDrill(.interrupted), ["d"], "INTERRUPTED"), (sampleOffline(), [], "OFFLINE since 13:41"),
            (sampleOffline(), [], "serving stored answers"),
        ]
        for (snapshot, keys, word) in cases {
            #expect(Self.person(snapshot, 80, 24, keys, glyphs: glyphs).contains(word))
        }
    }

    @Test("a key that is not seen to work again is not called restored", arguments: [SampleStep.sign, .interrupted])
    func unverified(step: SampleStep) {
        var snapshot = sampleDrill(step)
        snapshot.drill?.needsReason = true
        #expect(Self.person(snapshot, 80, 24, ["d"]).contains("NOT VERIFIED: SWITCH THE KEY ON"))
        let bar = Self.person(snapshot, 80, 24, [])
        #expect(bar.contains("not verified: switch the key on") && !bar.contains("everything is restored"))
    }

    @Test func withoutACacheThePageSaysSo() {
        #expect(Self.person(sampleSnapshot(), 80, 24, ["C"]).contains("No feature keeps answers"))
        var off = sampleOffline()
        off.cache?.isEnabled = false
        #expect(Self.person(off, 80, 24, ["C"]).contains("no feature keeps answers"))
    }
}
