import Foundation
import Testing

@testable import Drills

/// A drill as its crew lives it.
struct DrillStoryTests {
    @Test func theWholeScript() throws {
        var world = Rehearsal()
        var phases: [String] = []
        while try world.doStep() {
            let phase = world.drill.phase.kind.rawValue
            if phases.last != phase { phases.append(phase) }
            if phase == "observe" { #expect(world.routerFault?.length == .seconds(600)) }
        }
        #expect(
            phases == ["brief", "pre_checks", "baseline", "induce", "observe", "restore", "verify", "closeout"]
        )
        #expect(world.drill.isOver && world.drill.ending == nil && world.reports == 1 && world.wrongs.isEmpty)
        #expect(world.drill.signatures.mapValues(\.name) == [.lead: "ana", .operator: "raj", .scribe: "sam"])
        #expect(world.probes == [.secondary, .restorePath, .pagers, .secondary, .primary])
        #expect(
            world.told == [
                "[DRILL] drill-7: Revoke the primary's key, openai; out again within 10 min 00 s",
                "[DRILL] drill-7: the fault is taken out, as asked",
            ]
        )
    }

    @Test func onePersonMayHoldAllThreeRoles() throws {
        var world = Rehearsal()
        for role in DrillRole.allCases { try world.send(.assign(role, to: "ana", by: "ana")) }
        while try world.doStep() {}
        #expect(world.drill.isOver && DrillRole.allCases.allSatisfy { world.drill.crew[$0] == "ana" })
    }

    /// Where the drill stands, who tries what, and what they are told.
    static let refusals: [(step: String, event: Drill.Event, reason: String)] = [
        (
            "roles", .confirm(step: "roles", value: "", by: "ana"),
            "Nines senses this by itself: all three roles are held"
        ),
        (
            "hypothesis", .confirm(step: "hypothesis", value: "x", by: "raj"),
            "this is for the lead, ana; raj is operator"
        ),
        ("hypothesis", .confirm(step: "hypothesis", value: " ", by: "ana"), "answer with the value"),
        ("hypothesis", .confirm(step: "stop-rules", value: "", by: "raj"), "not yet: first “What do we expect"),
        ("hypothesis", .skip(step: "hypothesis", reason: " ", by: "ana"), "skipping needs a reason"),
        ("stop-rules", .confirm(step: "hypothesis", value: "x", by: "ana"), "is done already, by ana"),
        (
            "stop-rules", .confirm(step: "stop-rules", value: "", by: "eve"),
            "this is for the operator, raj; eve holds no role"
        ),
        ("bypass-off", .skip(step: "bypass-off", reason: "no time", by: "ana"), "a pre-check can't be skipped"),
        ("go", .confirm(step: "go", value: "perhaps", by: "ana"), "answer with GO or NO-GO"),
        ("baseline-read", .restore(by: "raj"), "nothing is broken"),
        ("baseline-read", .release(by: "ana"), "the drill is not on hold"),
        ("baseline-read", .hold(reason: "coffee", by: "sam"), "this is for the lead, ana; sam is scribe"),
        ("baseline-read", .assign(.operator, to: "eve", by: "eve"), "only the lead (ana) or raj"),
        ("induce", .act(step: "induce", typed: "", by: "sam"), "this is for the operator, raj; sam is scribe"),
        ("induce", .confirm(step: "induce", value: "", by: "raj"), "this step acts"),
        ("induce", .skip(step: "induce", reason: "x", by: "raj"), "an act can't be skipped"),
        ("induce", .undo(step: "roles", reason: "x", by: "ana"), "only what a person confirmed can be undone"),
        ("detected", .confirm(step: "detected", value: "soon", by: "sam"), "answer with a number in s"),
        ("detected", .undo(step: "hypothesis", reason: "x", by: "ana"), "something was done since"),
        ("detected", .act(step: "induce", typed: "", by: "raj"), "is done already, by raj"),
        ("summary", .note(.note, " ", pressed: moment(0), by: "sam"), "nothing was written"),
        (
            "summary", .finding("slow", owner: " ", kind: .detect, due: "2026-12-04", by: "ana"),
            "a finding needs an owner"
        ),
        ("summary", .finding("slow", owner: "raj", kind: .detect, due: "soon", by: "ana"), "'soon' is no date"),
        ("summary", .closeFinding(id: "x", by: "ana"), "there is no finding x"),
    ]

    @Test("what can't be done now, and why", arguments: refusals)
    func refusal(step: String, event: Drill.Event, reason: String) throws {
        var world = Rehearsal()
        try world.reach(step)
        let before = world.drill
        do throws(Drill.Refusal) {
            try world.send(event)
            Issue.record("not refused")
        } catch {
            #expect(error.reason.contains(reason), "\(error.reason)")
        }
        #expect(world.drill == before)
    }

    @Test("a pre-check that fails blocks the start and says how to mend it", arguments: Evidence.preChecks)
    func preCheck(evidence: Evidence) throws {
        var world = Rehearsal()
        try world.reach("induce")
        try world.send(.sensed(evidence, no("it does not")))
        do throws(Drill.Refusal) {
            try world.send(.act(step: "induce", typed: "", by: "raj"))
            Issue.record("not refused")
        } catch {
            #expect(error.reason == "pre-check failed: \(evidence.words) (it does not). To mend it: \(evidence.mend)")
        }
        #expect(!world.isBroken && world.failingPreChecks == [evidence])
    }

    @Test func aNoGoIsRecordedAndGoesNoFurther() throws {
        var world = Rehearsal()
        try world.reach("go")
        try world.send(.confirm(step: "go", value: "NO-GO", by: "ana"))
        #expect(world.drill.step?.id == "go" && world.written.last?.kind == .declined)
    }

    @Test func theHoldKeepsTheFaultOut() throws {
        var world = Rehearsal()
        try world.reach("induce")
        try world.send(.hold(reason: "phone", by: "ana"))
        #expect(world.drill.guidance(at: .seconds(world.now + 5)).notice == "on hold for 00:05: phone")
        #expect(throws: Drill.Refusal.self) { try world.send(.act(step: "induce", typed: "", by: "raj")) }
        try world.send(.release(by: "ana"), after: 30)
        #expect(world.written.last?.text == "held for 30.0 s")
        try world.doStep()
        #expect(world.isBroken)
    }

    @Test func aHoldIsNoWorkingTime() throws {
        var world = Rehearsal()
        try world.reach("induce")
        try world.send(.hold(reason: "fire alarm", by: "ana"))
        try world.send(.release(by: "ana"), after: 1_900)
        try world.doStep()
        try world.send(.tick, after: 5)
        #expect(world.isBroken)
    }

    @Test func anUndoIsACorrectionAndErasesNothing() throws {
        var world = Rehearsal()
        try world.reach("stop-rules")
        let before = world.written
        try world.send(.undo(step: "hypothesis", reason: "wrong sentence", by: "ana"))
        #expect(world.drill.step?.id == "hypothesis")
        #expect(world.written.dropLast() == before[...] && world.written.last?.kind == .correction)
    }

    @Test func aRestoreIsPossibleAtOnceAndSkipsWhatWasToCome() throws {
        var world = Rehearsal()
        try world.reach("detected")
        try world.send(.restore(by: "sam"))
        #expect(!world.isBroken && world.drill.phase.kind == .restore && world.drill.ending == nil)
        #expect(world.drill.marks["detected"]?.how == .notReached)
        while try world.doStep() {}
        #expect(world.drill.isOver)
    }

    @Test(
        "every way out takes the fault out first",
        arguments: [
            (Drill.Event.abort(reason: "enough", by: "sam"), Drill.Ending.aborted, Drill.Removal.abort),
            (.incident("anthropic answers 529"), .stopped, .stop), (.faultRefused("no admin key"), .stopped, .stop),
            (.journalFailed("disk full"), .stopped, .stop), (.restarted, .interrupted, .restart),
        ]
    )
    func wayOut(event: Drill.Event, ending: Drill.Ending, removal: Drill.Removal) throws {
        var world = Rehearsal()
        try world.reach("detected")
        let effects = try world.drill.handle(event, at: moment(world.now))
        #expect(effects.first == .restore(removal))
        world.carryOut(effects)
        #expect(world.drill.ending == ending && world.drill.phase.kind == .closeout && !world.isBroken)
        #expect(throws: Drill.Refusal.self) { try world.send(.act(step: "induce", typed: "", by: "raj")) }
        while try world.doStep() {}
        #expect(world.drill.isOver && world.reports == 1)
    }

    @Test func theLeaseEndsTheFaultAndTheDrillGoesOn() throws {
        var world = Rehearsal()
        try world.reach("detected")
        let induced = try #require(world.drill.inducedAt).elapsed
        let left = Duration.seconds(600) - (.seconds(world.now) - induced)
        try world.send(.tick, after: Double(left.components.seconds) - 1)
        #expect(world.drill.isFaultIn)
        try world.send(.tick, after: 2)
        #expect(!world.drill.isFaultIn && world.drill.ending == nil && world.drill.phase.kind == .restore)
        #expect(Timings(world.written).removal == .lease)
    }

    @Test func whatWorksNotYetIsTriedAgain() throws {
        var world = Rehearsal()
        try world.reach("fault-out")
        world.probes = []
        for _ in 0..<30 { try world.send(.tick, after: 1) }
        #expect(world.probes == [.primary, .primary, .primary])
        try world.send(.sensed(.faultOut, yes()))
        try world.send(.sensed(.primaryAnswers, yes()))
        world.probes = []
        for _ in 0..<30 { try world.send(.tick, after: 1) }
        #expect(world.probes.isEmpty)
    }

    @Test(
        "what a probe found broken before the fault is probed again",
        arguments: [Drill.Probe.secondary, .restorePath]
    )
    func aFailedPreCheckIsProbedAgain(probe: Drill.Probe) throws {
        var world = Rehearsal()
        try world.reach("go")
        try world.send(.sensed(probe.evidence, no("a blip")))
        world.probes = []
        for _ in 0..<25 { try world.send(.tick, after: 1) }
        #expect(world.probes == [probe, probe, probe])
        try world.send(.sensed(probe.evidence, yes()))
        world.probes = []
        for _ in 0..<25 { try world.send(.tick, after: 1) }
        #expect(world.probes.isEmpty)
    }

    @Test func thePrimaryIsAskedOnceItsKeyIsOnAgain() throws {
        var world = Rehearsal(plan(try scenario("revoke-key-at-provider")))
        try world.reach("detected")
        world.probes = []
        try world.send(.restore(by: "raj"))
        try world.send(.sensed(.faultOut, no("the admin interface answered 500")))
        for _ in 0..<25 { try world.send(.tick, after: 1) }
        #expect(world.probes.isEmpty)
        try world.send(.sensed(.faultOut, yes()))
        #expect(world.probes == [.primary])
        #expect(Timings(world.drill).timeToRestore ?? .zero >= .seconds(25))
    }

    @Test func aFaultThatEndedWithTheProgramHasNoLength() throws {
        var world = Rehearsal()
        try world.reach("detected")
        world.passTime(60 * 3_600)
        world.crash()
        let row = Timings(world.drill).rows.first { $0.name == "fault in for" }
        #expect(row?.time == nil && row?.otherwise == "until the program ended")
    }

    @Test func aScenarioThatBreaksTheSecondaryIsNotStoppedByIt() throws {
        #expect(plan(try scenario("multi-2024-06-04")).stopRules.mostSecondaryErrors == 1)
        #expect(plan().stopRules.mostSecondaryErrors == 0.2)
    }

    @Test func whatIsChangedOutsideNeedsTheTypedWordAndAProof() throws {
        var world = Rehearsal(plan(try scenario("revoke-key-at-provider")))
        try world.reach("induce")
        #expect(world.drill.guidance(at: .zero).asksFor == "openai")
        #expect(throws: Drill.Refusal.self) { try world.send(.act(step: "induce", typed: "anthropic", by: "raj")) }
        try world.send(.act(step: "induce", typed: "openai", by: "raj"))
        #expect(world.isExternalOff)
        try world.send(.abort(reason: "", by: "ana"))
        try world.reach("file")
        #expect(throws: Drill.Refusal.self) { try world.send(.act(step: "file", typed: "", by: "sam")) }
        try world.send(.act(step: "file", typed: "the dashboard is down", by: "sam"))
        #expect(world.drill.isOver)
        #expect(world.written.contains { $0.text == "external change not verified: the dashboard is down" })
    }

    @Test func whatWasDoneByHandIsUndoneByHand() throws {
        var world = Rehearsal(plan(try scenario("revoke-key-by-hand")))
        try world.reach("detected")
        try world.send(.abort(reason: "", by: "ana"))
        #expect(
            world.told.last == "[DRILL] drill-7: take the fault out now, because the drill was aborted: "
                + "switch the key on again in the provider's dashboard"
        )
        try world.send(.sensed(.faultOut, yes()))
        let notice = world.drill.guidance(at: .seconds(world.now)).notice
        #expect(notice?.hasPrefix("changed outside the router and not verified") == true)
        try world.send(.sensed(.primaryAnswers, yes()))
        #expect(world.drill.guidance(at: .seconds(world.now)).notice?.hasPrefix("aborted") == true)
    }

    @Test func nothingGoesInAfterHalfAnHour() throws {
        var world = Rehearsal()
        try world.reach("induce")
        try world.send(.tick, after: 1_800)
        #expect(throws: Drill.Refusal.self) { try world.send(.act(step: "induce", typed: "", by: "raj")) }
        #expect(!world.drill.wasInduced)
    }

    @Test func aShareOfTheTrafficOnly() throws {
        var world = Rehearsal(plan(Scenario(id: "a-quarter", title: "", .revokeKey(.inRouterMemory), share: 0.25)))
        try world.reach("detected")
        #expect(world.routerFault?.mix.map(\.share) == [0.25])
        #expect(world.routerFault?.title == "revoke the key for 25 %")
    }

    @Test func aRecordedIncidentGoesThroughItsStagesAndEnds() throws {
        var world = Rehearsal(plan(try scenario("openai-2024-08-16")))
        try world.reach("failover")
        var stages: [Int] = []
        while world.drill.isFaultIn {
            if let lease = world.routerFault, stages.last != lease.stage { stages.append(lease.stage) }
            try world.send(.tick, after: 1)
            if world.now > 3_600 { break }
        }
        #expect(stages == [0, 1, 2] && Timings(world.written).removal == .over)
        let lasted = try #require(Timings(world.written).timeToRestore)
        #expect(lasted > .seconds(355) && lasted < .seconds(370))
    }

    @Test func aNoteIsStampedWhenItsKeyWasPressed() throws {
        var world = Rehearsal()
        try world.reach("detected")
        try world.send(.note(.todo, "why no\npage?\u{1B}[31m", pressed: moment(world.now - 7), by: "sam"))
        let note = try #require(world.written.last)
        #expect(note.moment == moment(world.now - 7) && note.role == .scribe && note.text == "why no page?·[31m")
    }

    @Test func evidenceMustHoldWithoutABreak() throws {
        var world = Rehearsal()
        try world.reach("success-held")
        try world.send(.sensed(.successInTarget, yes("99.9 %")))
        try world.send(.tick, after: 100)
        #expect(
            world.drill.guidance(at: .seconds(world.now)).held
                == Guidance.Held(time: .seconds(100), goal: .seconds(120))
        )
        try world.send(.sensed(.successInTarget, no("99.1 %")))
        try world.send(.sensed(.successInTarget, yes("99.6 %")), after: 5)
        try world.send(.tick, after: 119)
        #expect(world.drill.step?.id == "success-held")
        try world.send(.tick, after: 1)
        #expect(world.drill.step?.id == "latency-held")
    }

    @Test func theScreenKnowsWhoseStepItIs() throws {
        var world = Rehearsal()
        try world.reach("failover")
        let now = Duration.seconds(world.now + 11)
        let guidance = world.drill.guidance(at: now)
        #expect(guidance.step?.role == .operator && guidance.holder == "raj" && guidance.phase == .observe)
        #expect(guidance.sensed == "not seen yet" && guidance.isLate && guidance.notice == nil)
        #expect(guidance.next == "How long until a person knew?")
        #expect("\(guidance.number) of \(guidance.count)" == "19 of 39")
        let states = world.drill.pace().map(\.state)
        #expect(states == [.done, .done, .done, .done, .current, .ahead, .ahead, .ahead])
        #expect(world.drill.behind(at: now) < .zero)
        #expect(world.drill.behind(at: .seconds(1_000)) == .seconds(1_000 - 960))
    }

    @Test func aJournalThatCantBeWrittenIsSaidOnce() throws {
        var world = Rehearsal()
        #expect(try world.drill.handle(.journalFailed("disk full"), at: moment(1)).count == 1)
        #expect(try world.drill.handle(.journalFailed("disk full"), at: moment(2)).isEmpty)
    }

    @Test func aDrillSurvivesBeingStored() throws {
        var world = Rehearsal(plan(try scenario("aws-us-east-1-2025-10-20"), factor: 3))
        while try world.doStep() {}
        let plan = try JSONDecoder().decode(DrillPlan.self, from: JSONEncoder().encode(world.drill.plan))
        let entries = Journal.entries(world.written, hash: toyHash)
        let stored = try JSONDecoder().decode([JournalEntry].self, from: JSONEncoder().encode(entries))
        #expect(plan == world.drill.plan && Journal.verify(stored, hash: toyHash) == nil)
        #expect(Drill(plan: plan, records: stored.map(\.record)).marks == world.drill.marks)
    }

    @Test func aShorterClockShortensEverything() {
        let short = plan(factor: 6)
        #expect(short.script.planned == .seconds(300) && short.maxFault == .seconds(100))
        #expect(short.stopRules.longestDrill == .seconds(300))
        #expect(plan().script.planned == .seconds(1_800))
    }

    @Test func aStepThatIsHeldForLessNamesNoTime() {
        let steps = Script.friday.compressed(by: 6).steps
        #expect(!steps.contains { $0.expected.contains(" FOR ") })
        #expect(steps.count { $0.expected == "IN TARGET, AND HELD" } == 4)
    }
}
