import Testing

@testable import Console

struct KeyTests {
    @Test(
        "a key's effect",
        arguments: [
            (["b", "y"], [Effect.send(.bypass(true))]),
            (["b", .enter], []),
            (["b", .escape], []),
            (["b", "n"], []),
            (["b", "j", "y"], []),
            (["b", .paste("y")], []),
            (["b", .click(column: 60, row: 20), "y"], []),
            (["y"], []),
            (["j", "y"], [.copy("14:03:27.400 req-1000 acme summarise assistant openai 200")]),
            ([.control("l")], [.redraw]),
            ([.control("z")], []),
            (["x"], []),
            (["c"], []),
            (["!"], []),
            (["q"], []),
            (["q", "q"], [.quit]),
            (["q", "y"], [.quit]),
            (["q", .escape, "j"], []),
            ([.control("c"), .control("c")], [.quit]),
            (["d"], []),
            ([.paste("by")], []),
        ] as [([Key], [Effect])]
    )
    func effects(keys: [Key], expected: [Effect]) {
        var state = console(sampleSnapshot())
        var effects: [Effect] = []
        for key in keys { effects = state.handle(key, now: sampleNow) }
        if case .copy(let start)? = expected.first, case .copy(let text)? = effects.first {
            #expect(text.hasPrefix(start))
        } else {
            #expect(effects == expected)
        }
    }

    @Test(
        "a key that can't act says why",
        arguments: [
            ([.control("z")], "Ctrl-Z would stop the router: use nines serve and nines attach, or tmux"),
            (["x"], "only the demo breaks its primary"),
            (["c"], "choose a deployment first"),
            (["5", "c"], "openai is in use: there is no cooldown to clear"),
            (["!"], "no drill is open"),
            (["f"], "already following"),
            (["y"], "nothing is selected"),
            (["1", "j"], "nothing to move in here"),
            (["w"], "that key does nothing here; ? lists the keys"),
            ([.paste("q")], "pasted text is ignored"),
        ] as [([Key], String)]
    )
    func reasons(keys: [Key], expected: String) {
        #expect(drawn(sampleSnapshot(), 120, 40, keys: keys).contains(expected))
    }

    @Test func theBypassBoxSaysWhatItDoes() {
        let box = drawn(sampleSnapshot(), 120, 40, keys: ["b"])
        for sentence in [
            "every request goes straight to the primary openai", "no cache, no retry, no failover",
            "still counted in the ledger", "it stays until you end it, restarts included", "▶ Cancel",
        ] { #expect(box.contains(sentence)) }
    }

    @Test func theBoxClosesItselfAndALateAnswerDoesNothing() {
        var state = console(sampleSnapshot(), keys: ["b"])
        let size = Size(columns: 120, rows: 40)
        #expect(text(state.frame(size: size, now: sampleNow + 29_900)).contains("closes in 0 s"))
        #expect(!text(state.frame(size: size, now: sampleNow + 30_000)).contains("bypass the router"))
        #expect(state.handle("y", now: sampleNow + 30_000) == [])
        #expect(text(state.frame(size: size, now: sampleNow + 30_000)).contains("closed by itself"))
    }

    @Test func theScreenWaitsForTheEnginesWord() {
        let size = Size(columns: 120, rows: 40)
        var state = console(sampleSnapshot(), keys: ["b", "y"])
        #expect(text(state.frame(size: size, now: sampleNow + 100)).contains("bypass requested…"))
        #expect(text(state.frame(size: size, now: sampleNow + 100)).contains("● LIVE"))
        #expect(
            text(state.frame(size: size, now: sampleNow + 5_100)).contains("no answer: the engine still reports LIVE")
        )
        var snapshot = sampleSnapshot()
        snapshot.mode = .bypass
        state.receive(snapshot)
        let after = text(state.frame(size: size, now: sampleNow + 5_200))
        #expect(after.contains("◆ BYPASS since"))
        #expect(after.contains("the bypass is on"))
    }

    @Test func bypassEndsByTheSameTwoKeys() {
        var snapshot = sampleSnapshot()
        snapshot.mode = .bypass
        var state = console(snapshot, keys: ["b"])
        #expect(text(state.frame(size: Size(columns: 120, rows: 40), now: sampleNow)).contains("end the bypass"))
        #expect(state.handle("y", now: sampleNow) == [.send(.bypass(false))])
    }

    @Test func aBoxWhoseQuestionIsSettledCloses() {
        var state = console(sampleSnapshot(), keys: ["b"])
        var snapshot = sampleSnapshot()
        snapshot.mode = .bypass
        state.receive(snapshot)
        #expect(state.handle("y", now: sampleNow) == [])
    }

    @Test(arguments: ["b", "x", "d", "c", "!"] as [Key])
    func readOnlySendsNothing(key: Key) {
        var snapshot = sampleOutage(isDemo: true)
        snapshot.drill = sampleDrill().drill
        var state = console(snapshot, readOnly: true, keys: ["5"])
        var effects = state.handle(key, now: sampleNow)
        for next in ["y", "1", .enter, "y"] as [Key] { effects += state.handle(next, now: sampleNow) }
        #expect(!effects.contains { if case .send = $0 { true } else { false } })
        #expect(drawnReadOnly(snapshot, key).contains("read-only"))
    }

    private func drawnReadOnly(_ snapshot: EngineSnapshot, _ key: Key) -> String {
        var state = console(snapshot, readOnly: true, keys: ["5", key])
        return text(state.frame(size: Size(columns: 120, rows: 40), now: sampleNow))
    }

    @Test func nothingIsSentToAnEngineThatIsGone() {
        var state = console(sampleSnapshot(), isAttached: true)
        state.lost(reason: "socket closed", at: sampleNow)
        #expect(state.handle("b", now: sampleNow) == [])
        #expect(state.handle("y", now: sampleNow) == [])
        #expect(text(state.frame(size: Size(columns: 120, rows: 40), now: sampleNow)).contains("nothing"))
    }

    @Test func anAttachedConsoleLeavesAndSuspendsAtOnce() {
        var state = console(sampleSnapshot(), isAttached: true)
        #expect(state.handle(.control("z"), now: sampleNow) == [.suspend])
        #expect(state.handle("q", now: sampleNow) == [.quit])
    }

    @Test func quittingAsksOnlyWhereSomethingWouldEnd() {
        var snapshot = sampleSnapshot()
        snapshot.inFlight = 0
        var idle = console(snapshot)
        #expect(idle.handle("q", now: sampleNow) == [.quit])
        snapshot.drill = sampleDrill().drill
        #expect(drawn(snapshot, 80, 24, keys: ["q"]).contains("A drill has its fault in"))
    }

    @Test func theDemosMenuBreaksAndMends() {
        var state = console(sampleSnapshot(isDemo: true), keys: ["x"])
        #expect(state.handle("2", now: sampleNow) == [.send(.demoFault("overloaded"))])
        state.receive(sampleOutage(isDemo: true))
        _ = state.handle("x", now: sampleNow)
        #expect(text(state.frame(size: Size(columns: 80, rows: 24), now: sampleNow)).contains("1  mend it"))
        #expect(state.handle(.enter, now: sampleNow) == [.send(.demoFault(nil))])
    }

    @Test func clearingACooldownSendsTheIDAsItCame() {
        var snapshot = sampleOutage()
        snapshot.providers[1].id = "anthropic\u{4E2D}"
        var state = console(snapshot, keys: ["5", "j", "c"])
        #expect(state.handle("y", now: sampleNow) == [.send(.clearCooldown(deployment: "anthropic\u{4E2D}"))])
    }

    @Test func theThemePickerPreviewsAndPutsBack() {
        var state = console(sampleSnapshot(), keys: ["t", "j"])
        #expect(state.theme == "cvd-light")
        _ = state.handle(.escape, now: sampleNow)
        #expect(state.theme == "cvd-dark")
        for key in ["t", "j", "j", .enter] as [Key] { _ = state.handle(key, now: sampleNow) }
        #expect(state.theme == "high-contrast")
    }

    @Test func aFrozenDisplayStandsStill() {
        var state = console(sampleSnapshot(), keys: ["p"])
        let size = Size(columns: 120, rows: 40)
        let first = state.frame(size: size, now: sampleNow)
        for second in 1...40 {
            var snapshot = sampleOutage()
            snapshot.takenAt += Int64(second) * 1000
            snapshot.sequence += second
            state.receive(snapshot)
            #expect(state.frame(size: size, now: sampleNow + Int64(second) * 1000) == first)
        }
        #expect(text(first).contains("FROZEN since 14:03:27"))
        _ = state.handle("p", now: sampleNow + 41_000)
        #expect(text(state.frame(size: size, now: sampleNow + 41_000)).contains("BENCHED"))
    }

    @Test func theFilterCountsAndTurnsRound() {
        #expect(drawn(sampleSnapshot(), 120, 40, keys: ["/", "S", "A", "V", "E"]).contains("7 of 60"))
        #expect(drawn(sampleSnapshot(), 120, 40, keys: ["/", "!", .paste("saved"), .enter]).contains("53 of 60"))
        #expect(drawn(sampleSnapshot(), 120, 40, keys: ["/", "%", .enter]).contains("no request holds that"))
        #expect(!drawn(sampleSnapshot(), 120, 40, keys: ["/", "%", .enter, .escape]).contains("filter %"))
    }

    @Test func aSelectedRequestStandsStillWhileNewerOnesCome() {
        let size = Size(columns: 120, rows: 40)
        var state = console(sampleSnapshot(), size, keys: ["j", "j", "j"])
        let before = state.frame(size: size, now: sampleNow).rows.firstIndex { $0.contains { $0.role == .selection } }
        var snapshot = sampleSnapshot()
        for number in 0..<5 {
            var row = snapshot.requests[0]
            row.id = "new-\(number)"
            snapshot.requests.insert(row, at: 0)
        }
        state.receive(snapshot)
        let after = state.frame(size: size, now: sampleNow)
        #expect(after.rows.firstIndex { $0.contains { $0.role == .selection } } == before)
        #expect(state.selectedRequestID == "req-998")
        _ = state.handle("g", now: sampleNow)
        #expect(state.isFollowing)
    }

    @Test func digitsFocusThenOpenAndEscComesBack() {
        var state = console(sampleSnapshot(), keys: ["6"])
        #expect(state.focus == .events && !state.isZoomed)
        _ = state.handle("6", now: sampleNow)
        #expect(state.isZoomed)
        #expect(state.handle(.escape, now: sampleNow) == [])
        #expect(!state.isZoomed)
        for _ in 0..<5 { #expect(state.handle(.escape, now: sampleNow) == []) }
    }

    @Test func aPaneWithNoRoomOpensInFull() {
        var state = console(sampleSnapshot(), Size(columns: 80, rows: 24))
        _ = state.handle("8", now: sampleNow)
        #expect(text(state.frame(size: Size(columns: 80, rows: 24), now: sampleNow)).contains("8 spend by feature"))
        #expect(state.isZoomed)
        // Pressed again it stays: the dashboard has no place for it.
        _ = state.handle("8", now: sampleNow)
        #expect(state.isZoomed && state.focus == .spend)
        _ = state.handle(.escape, now: sampleNow)
        #expect(!state.isZoomed)
    }

    @Test func aClickFocusesAndSelects() {
        var state = console(sampleSnapshot())
        _ = state.handle(.click(column: 90, row: 15), now: sampleNow)
        #expect(state.focus == .events)
        _ = state.handle(.click(column: 10, row: 25), now: sampleNow)
        #expect(state.focus == .requests)
        #expect(state.selectedRequestID == "req-998")
    }

    @Test func theWindowChangesByTheSteps() {
        var state = console(sampleSnapshot())
        #expect(text(state.frame(size: Size(columns: 120, rows: 40), now: sampleNow)).contains("30 d window"))
        _ = state.handle("-", now: sampleNow)
        #expect(state.window == 86_400)
        _ = state.handle("-", now: sampleNow)
        _ = state.handle("-", now: sampleNow)
        #expect(state.window == 3_600)
        let frame = text(state.frame(size: Size(columns: 80, rows: 24), now: sampleNow))
        #expect(frame.contains("60 m window") && frame.contains("2.10 s"))
        _ = state.handle("=", now: sampleNow)
        _ = state.handle("+", now: sampleNow)
        #expect(state.window == nil)
        _ = state.handle("-", now: sampleNow)
        _ = state.handle("0", now: sampleNow)
        #expect(state.window == nil)
    }

    @Test func anAlertIsChosenAcknowledgedAndMuted() {
        var state = console(spentSnapshot())
        _ = state.handle("a", now: sampleNow)
        #expect(state.message?.text == "choose an alert first: 9, then j and k")
        _ = state.handle("9", now: sampleNow)
        #expect(state.focus == .alerts)
        #expect(state.handle("a", now: sampleNow) == [.send(.acknowledge(alert: "latency", by: "operator"))])
        _ = state.handle("m", now: sampleNow)
        #expect(state.handle("2", now: sampleNow) == [.send(.mute(alert: "latency", seconds: 3_600))])
        #expect(state.overlay == nil)
        _ = state.handle("m", now: sampleNow)
        #expect(state.handle("8", now: sampleNow) == [] && state.overlay == nil)
        _ = state.handle("j", now: sampleNow)
        _ = state.handle("a", now: sampleNow)
        #expect(state.message?.text == "success rate isn't firing: there is nothing to acknowledge")
        _ = state.handle("k", now: sampleNow)
        _ = state.handle(.enter, now: sampleNow)
        #expect(state.detail == .alert(id: "latency"))
        #expect(state.handle("a", now: sampleNow) == [.send(.acknowledge(alert: "latency", by: "operator"))])
    }

    @Test func aPageIsAnnouncedOnce() {
        var state = ConsoleState(options: ConsoleOptions())
        #expect(state.receive(sampleSnapshot()) == [])
        let announced: [Effect] = [.bell, .notify("nines: p95 latency: 3.12 s, ≤ 2.50 s, n 812")]
        #expect(state.receive(spentSnapshot()) == announced)
        #expect(state.receive(spentSnapshot()) == [])
        #expect(state.receive(sampleSnapshot()) == [])
        #expect(state.receive(spentSnapshot()) == announced)
    }

    @Test func theHelpListsEveryCommandAndEveryKeyHasOne() {
        let state = console(sampleSnapshot())
        let lines = state.helpText(width: 100)
        for entry in CommandEntry.all {
            #expect(lines.contains { $0.contains(entry.label) && $0.contains(entry.help.prefix(30)) })
        }
        #expect(Set(CommandEntry.all.map(\.command)) == Set(Command.allCases))
        let keys = CommandEntry.all.reduce(0) { $0 + $1.keys.count }
        #expect(CommandEntry.byKey.count + CommandEntry.byDrillKey.count == keys)
    }

    @Test func theHelpSaysWhyAKeyIsOff() {
        #expect(drawn(sampleSnapshot(), 120, 60, keys: ["?"]).contains("not now: only the demo breaks its primary"))
    }
}

extension ConsoleState {
    fileprivate func helpText(width: Int) -> [String] {
        Screen(state: self, size: Size(columns: width + 6, rows: 40), now: sampleNow)
            .helpLines(width: width).map { $0.runs.map(\.text).joined() }
    }
}
