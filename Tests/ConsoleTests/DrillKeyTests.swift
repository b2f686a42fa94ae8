import Testing

@testable import Console

struct DrillKeyTests {
    private func sent(_ action: DrillCommand.Action) -> [Effect] { [.send(.drill(DrillCommand(by: "ana", action)))] }

    private func state(_ place: SampleStep, keys: [Key] = ["d"]) -> ConsoleState {
        var state = ConsoleState(options: ConsoleOptions(person: "ana"))
        state.receive(sampleDrill(place))
        for key in keys { _ = state.handle(key, now: sampleNow) }
        return state
    }

    @Test(
        "Enter does what the step asks for",
        arguments: [
            (.answer, [.enter, "1", ".", "8", .enter], .confirm(step: "baseline-read", value: "1.8")),
            (.choice, [.enter, "g", .enter], .confirm(step: "go", value: "GO")),
            (.choice, [.enter, "n", .enter], .confirm(step: "go", value: "NO-GO")),
            (.induce, [.enter, "y"], .act(step: "induce", typed: "")),
            (.restore, [.enter], .act(step: "restore", typed: "")),
            (.file, [.enter], .act(step: "file", typed: "")),
            (.observe, ["!", "y"], .abort(reason: "")),
            (.observe, [.escape, "!", "y"], .abort(reason: "")),
            (.observe, ["n", "!", "y"], .abort(reason: "")),
            (.observe, ["?", "!", "y"], .abort(reason: "")),
            (.observe, ["r", "!", "y"], .abort(reason: "")),
            (.observe, ["F", "!", "y"], .abort(reason: "")),
            (.observe, ["b", "!", "y"], .abort(reason: "")),
            (.observe, ["v", "/", "!", "y"], .abort(reason: "")),
            (.observe, ["v", "t", "!", "y"], .abort(reason: "")),
            (.observe, ["v", "C", "!", "y"], .abort(reason: "")),
            (.observe, ["q", "!", "y"], .abort(reason: "")),
            (.observe, [":", "!", "y"], .abort(reason: "")),
            (.observe, [":", "a", "b", "o", "r", "t", .enter, "y"], .abort(reason: "")),
            (.observe, [":", "h", "o", "l", "d", .enter, "a", .enter], .hold(reason: "a")),
            (.sign, ["x", "y"], .closeFinding(id: "drill-20261123-140040-1")),
            (.observe, ["s", "x", .enter], .skip(step: "latency-held", reason: "x")),
            (.observe, ["u", .enter], .undo(step: "detected", reason: "")),
            (.observe, ["H", "a", .enter], .hold(reason: "a")),
            (.observe, ["r", "2"], .assign(role: "lead", to: "ana")),
            (.observe, ["n", .paste("hi\nho"), .enter], .note(kind: "note", text: "hi ho", pressedAt: sampleNow)),
            (.observe, ["t", "a", .enter], .note(kind: "todo", text: "a", pressedAt: sampleNow)),
            (.observe, ["c", "a", .enter], .note(kind: "decision", text: "a", pressedAt: sampleNow)),
            (
                .observe, ["F", "a", .enter, .right, .tab, .control("u"), "b", .enter, .enter],
                .finding(text: "a", owner: "b", kind: "prevent", due: "2026-11-30")
            ),
        ] as [(SampleStep, [Key], DrillCommand.Action)]
    )
    func acts(place: SampleStep, keys: [Key], expected: DrillCommand.Action) {
        var state = state(place)
        var effects: [Effect] = []
        for key in keys { effects += state.handle(key, now: sampleNow) }
        #expect(effects == sent(expected))
    }

    @Test func aDrillCantBeFrozen() {
        #expect(!state(.observe, keys: ["p", "d"]).isFrozen)
        let stays = state(.observe, keys: ["d", "p"])
        #expect(!stays.isFrozen && stays.message?.text.contains("can't be frozen") == true)
    }

    @Test func whereThePaceIsFixedNobodyChoosesIt() {
        var snapshot = sampleDrill(.observe)
        (snapshot.drill, snapshot.isDemo, snapshot.drills.fixedLength) = (nil, true, 60)
        var state = ConsoleState(options: ConsoleOptions(person: "ana"))
        state.receive(snapshot)
        for key in ["d", "f"] as [Key] { _ = state.handle(key, now: sampleNow) }
        #expect(state.isCompressed && state.message?.text.contains("as long") == true)
        let screen = text(state.frame(size: Size(columns: 120, rows: 40), now: sampleNow))
        #expect(screen.contains("every drill takes 01:00 here"))
    }

    @Test(
        "what does nothing",
        arguments: [
            (.observe, [.enter]), (.induce, [.enter, .enter]), (.induce, [.enter, "n"]), (.answer, [.enter, .escape]),
            (.observe, ["n", .enter]), (.observe, ["F", .enter, .enter, .enter, .enter]),
            (.observe, ["F", "a", .escape]),
            (.observe, ["x", "y"]), (.sign, ["x", "n"]), (.observe, [.left, .right, "1", "9"]), (.over, ["n"]),
            (.over, ["!", "y"]), (.stopped, ["!", "y"]), (.sign, ["!", "y"]), (.observe, [.paste("!y")]),
        ] as [(SampleStep, [Key])]
    )
    func nothing(place: SampleStep, keys: [Key]) {
        var state = state(place)
        for key in keys { #expect(state.handle(key, now: sampleNow) == []) }
    }

    @Test func whoIsAloneTakesAllRoles() {
        var state = state(.roles)
        #expect(state.handle(.enter, now: sampleNow) == [])
        let effects = state.handle("1", now: sampleNow)
        #expect(effects == ["lead", "operator", "scribe"].flatMap { sent(.assign(role: $0, to: "ana")) })
    }

    @Test func anotherNameIsTyped() {
        var state = state(.roles, keys: ["d", "r", "5", "b", "o", .enter])
        #expect(
            state.handle("4", now: sampleNow)
                == [.send(.drill(DrillCommand(by: "bo", .assign(role: "scribe", to: "bo"))))]
        )
    }

    /// Nothing goes in by a paste where a word must be typed.
    @Test func theWordIsTypedNotPasted() {
        var snapshot = sampleDrill(.induce)
        snapshot.drill?.asksFor = "openai"
        var state = state(.induce)
        state.receive(snapshot)
        for key in [.enter, .paste("openai")] as [Key] { #expect(state.handle(key, now: sampleNow) == []) }
        for key in "openai" { #expect(state.handle(.character(key), now: sampleNow) == []) }
        #expect(state.handle(.enter, now: sampleNow) == sent(.act(step: "induce", typed: "openai")))
    }

    /// The other console was faster: what was being typed for that step is not sent for the next, nor are the keys that
    /// follow commands.
    @Test func anAnswerToAStepThatIsDoneIsKeptAsANote() {
        var state = state(.answer, keys: ["d", .enter, "9"])
        state.receive(sampleDrill(.restore))
        #expect(state.entry?.purpose == .note(kind: "note") && state.entry?.label.contains("over") == true)
        for key in ["!", "y"] as [Key] { #expect(state.handle(key, now: sampleNow) == []) }
        let note = DrillCommand.Action.note(kind: "note", text: "9!y", pressedAt: sampleNow)
        #expect(state.handle(.enter, now: sampleNow) == sent(note))
        var noting = self.state(.answer, keys: ["d", "n", "9"])
        noting.receive(sampleDrill(.restore))
        #expect(noting.entry?.text == "9")
    }

    @Test func aScenarioIsChosen() {
        var state = ConsoleState(options: ConsoleOptions(person: "ana"))
        var snapshot = sampleSnapshot(isDemo: true)
        snapshot.drills = sampleHistory()
        state.receive(snapshot)
        _ = state.handle("d", now: sampleNow)
        _ = state.handle("j", now: sampleNow)
        #expect(state.handle(.enter, now: sampleNow) == [], "it can't be run here")
        _ = state.handle("k", now: sampleNow)
        #expect(state.handle(.enter, now: sampleNow) == sent(.open(scenario: "revoke-key", isCompressed: true)))
        _ = state.handle("f", now: sampleNow)
        #expect(state.handle(.enter, now: sampleNow) == sent(.open(scenario: "revoke-key", isCompressed: false)))
    }

    @Test func whatBreaksIsChosenToo() {
        var state = ConsoleState(options: ConsoleOptions(person: "ana"))
        var snapshot = sampleSnapshot()
        snapshot.drills = sampleHistory()
        snapshot.drills.targets = ["openai", "mistral"].map {
            .init(group: $0 + "s", id: $0, provider: $0, secondary: "anthropic")
        }
        state.receive(snapshot)
        for key in ["d", .right] as [Key] { _ = state.handle(key, now: sampleNow) }
        #expect(
            state.handle(.enter, now: sampleNow)
                == sent(.open(scenario: "revoke-key", isCompressed: false, group: "mistrals"))
        )
    }

    /// A stray arrow or digit doesn't take the drill off the screen.
    @Test(arguments: [.left, .right, "h", "l", "1", "9"] as [Key])
    func staysOnTheDrill(key: Key) {
        var state = state(.observe)
        _ = state.handle(key, now: sampleNow)
        #expect(state.isInDrill)
    }

    @Test func theTimelineScrollsBackAndForth() {
        var state = state(.observe)
        let size = Size(columns: 80, rows: 24)
        _ = state.frame(size: size, now: sampleNow)
        for _ in 0..<40 {
            _ = state.handle("k", now: sampleNow)
            _ = state.frame(size: size, now: sampleNow)
        }
        #expect(text(state.frame(size: size, now: sampleNow)).contains("T+00:00 auto"))
        for _ in 0..<40 { _ = state.handle("j", now: sampleNow) }
        #expect(text(state.frame(size: size, now: sampleNow)).contains("T+12:10 todo"))
    }

    @Test func aDeferredRequestIsCancelled() {
        var state = console(sampleOffline(), Size(columns: 80, rows: 24), keys: ["C", "j"])
        #expect(state.handle("c", now: sampleNow) == [])
        #expect(state.handle("y", now: sampleNow) == [.send(.cancelDeferred(id: "dr-1"))])
        _ = state.handle("c", now: sampleNow)
        var gone = sampleOffline()
        gone.cache?.deferred = []
        state.receive(gone)
        #expect(state.handle("y", now: sampleNow) == [], "it was sent meanwhile")
    }

    /// In the palette a command keeps its meaning, though its key has another one on the drill's screen.
    @Test func thePaletteKnowsEveryCommand() {
        var state = state(.observe, keys: ["d", ":", "t", "h", "e", "m", "e", .enter])
        if case .themes? = state.overlay {
        } else {
            Issue.record("no theme picker: \(String(describing: state.overlay))")
        }
        var panes = console(sampleSnapshot(), keys: [":", "b", "y", "p", "a", .enter])
        #expect(panes.handle("n", now: sampleNow) == [], "it asks first")
        #expect(
            console(sampleSnapshot(), keys: [":", "z", "z", "z", .enter]).message?.text == "there is no such command"
        )
        #expect(CommandPalette(text: "note").entries(inDrill: false).allSatisfy { $0.section != .drill })
        state.overlay = nil
    }

    @Test func anAlertIsAcknowledgedInTheDrill() {
        var snapshot = sampleDrill()
        snapshot.alerts = sampleAlerts(isFiring: true)
        var state = state(.observe)
        state.receive(snapshot)
        #expect(state.handle("a", now: sampleNow) == [.send(.acknowledge(alert: "latency", by: "ana"))])
    }

    @Test func aFindingIsEdited() {
        var form = FindingForm(owner: "ana", due: "2026-12-04")
        form.edit { _ in "ab\u{1B}[2Jc" }
        #expect(form.text == "ab[2Jc")
        form.step(-1)
        #expect(form.field == .due)
        form.step(2)
        #expect(form.field == .kind)
        form.turnKind(-1)
        #expect(form.kindName == "process")
        form.owner = " "
        #expect(form.problem == "a finding needs an owner")
    }

    @Test func afterADrillTheNextOneIsChosen() {
        var state = state(.over)
        #expect(!state.isChoosingDrill)
        #expect(state.handle(.enter, now: sampleNow) == [])
        #expect(state.isChoosingDrill)
        #expect(state.handle(.enter, now: sampleNow) == sent(.open(scenario: "revoke-key", isCompressed: false)))
        state.receive(sampleDrill(.answer))
        #expect(!state.isChoosingDrill)
    }

    @Test func readOnlyLooksOn() {
        var state = ConsoleState(options: ConsoleOptions(readOnly: true, person: "ana"))
        state.receive(sampleDrill(.restore))
        for key in ["d", .enter, "n", "a", .enter, "!", "y", "r", "1"] as [Key] {
            #expect(!state.handle(key, now: sampleNow).contains { if case .send = $0 { true } else { false } })
        }
    }

    @Test(
        "each pane beside the step is drawn",
        arguments: [
            (0, "stop rules"), (1, "measured"), (2, "findings"), (3, "until it's boring"),
        ]
    )
    func sides(presses: Int, title: String) {
        for size in [Size(columns: 80, rows: 24), Size(columns: 120, rows: 40), Size(columns: 200, rows: 50)] {
            var state = state(.observe)
            _ = state.frame(size: size, now: sampleNow)
            for _ in 0..<presses {
                _ = state.handle(.tab, now: sampleNow)
                _ = state.frame(size: size, now: sampleNow)
            }
            #expect(text(state.frame(size: size, now: sampleNow)).contains(title))
        }
    }

    @Test func theStepSaysWhoseItIs() {
        let screen = drawn(sampleDrill(), 120, 40, keys: ["d"])
        for words in [
            "OPERATOR", "ana's step", "IN TARGET FOR TWO MINUTES", "p95 2.21 s", "held 01:22 of 02:00",
            "Go or no-go to restore?", "ticks itself",
        ] { #expect(screen.contains(words), "\(words)") }
    }
}
