import Testing

@testable import Drills

/// What holds over every sequence of events, likely or not.
struct DrillLawTests {
    static let scenarios = ["revoke-key", "revoke-key-at-provider", "openai-2024-08-16"]

    @Test("no sequence leaves a fault in after an end", arguments: scenarios)
    func random(id: String) throws {
        let scenario = try scenario(id)
        var seen: [String: Int] = [:]
        for seed in 0..<80 {
            var random = Seeded(state: UInt64(seed))
            var world = Rehearsal(plan(scenario))
            let steps = world.drill.plan.script.steps
            for _ in 0..<120 {
                // Mostly what the script asks for, so that every part of it is reached.
                if random.next() % 3 > 0 {
                    world.passTime(Double(random.next() % 20))
                    for check in world.failingPreChecks where world.drill.step?.act == .induce {
                        world.attempt(.sensed(check, yes()))
                    }
                    world.attempt(.release(by: "ana"))
                    do throws(Drill.Refusal) { try world.doStep(after: 0) } catch {}
                } else {
                    disturb(&world, &random, steps)
                }
                check(world, "seed \(seed)")
            }
            let end = world.drill.ending?.rawValue ?? (world.drill.isOver ? "completed" : "open")
            seen[end + (world.drill.wasInduced ? " after a fault" : ""), default: 0] += 1
            finish(&world, "seed \(seed)")
        }
        // Sequences that never break anything prove nothing.
        for end in ["aborted", "stopped", "interrupted", "completed"] {
            #expect(seen["\(end) after a fault", default: 0] > 0, "\(end) of \(seen)")
        }
    }

    private func disturb(_ world: inout Rehearsal, _ random: inout Seeded, _ steps: [Script.Step]) {
        let name = ["ana", "raj", "sam", "eve", ""][Int(random.next() % 5)]
        let step = steps[Int(random.next() % UInt64(steps.count))].id
        let evidence = Evidence.allCases[Int(random.next() % UInt64(Evidence.allCases.count))]
        let rarely = random.next() % 4 == 0
        var figures = StopFigures(latencyTarget: .seconds(2), costTarget: 1)
        if rarely, random.next() % 3 == 0 { (figures.requests, figures.good) = (100, 50) }
        let events: [Drill.Event] = [
            .tick, .sensed(evidence, random.next() % 10 == 0 ? no() : yes()), .figures(figures),
            .confirm(step: step, value: "GO", by: name), .act(step: step, typed: "openai", by: name),
            .skip(step: step, reason: "because", by: name), .undo(step: step, reason: "wrong", by: name),
            .hold(reason: "coffee", by: name), .release(by: name), .restore(by: name),
            .note(.todo, "look at it", pressed: moment(world.now - 2), by: name),
            .assign(.scribe, to: name, by: name),
            .finding("slow", owner: "raj", kind: .detect, due: "2026-12-04", by: name),
            rarely ? .abort(reason: "enough", by: name) : .tick, rarely ? .leaseExpired : .tick,
            rarely ? .incident("anthropic fails") : .tick, rarely ? .faultRefused("no admin key") : .tick,
            rarely ? .journalFailed("disk full") : .tick,
        ]
        if rarely, random.next() % 15 == 0 { world.crash() }
        world.passTime(Double(random.next() % 120))
        world.attempt(events[Int(random.next() % UInt64(events.count))])
    }

    private func check(_ world: Rehearsal, _ comment: String) {
        let drill = world.drill
        if drill.ending != nil || drill.isOver || !drill.isFaultIn, world.isBroken {
            Issue.record("\(comment): a fault is in: \(String(describing: drill.ending)), \(drill.fault)")
        }
        if !world.wrongs.isEmpty { Issue.record("\(comment): \(world.wrongs)") }
        if drill.isOver != (world.ends == 1) || world.reports != world.ends {
            Issue.record("\(comment): over \(drill.isOver), ends \(world.ends), reports \(world.reports)")
        }
        if drill.ending != nil, drill.phase.kind != .closeout { Issue.record("\(comment): goes on after its end") }
        if world.written != drill.records { Issue.record("\(comment): the journal on disk is another one") }
    }

    /// From wherever it stands, an abort leads out, and the journal tells it all again.
    private func finish(_ world: inout Rehearsal, _ comment: String) {
        world.attempt(.abort(reason: "the end", by: "ana"))
        if world.drill.isFaultIn || world.isBroken { Issue.record("\(comment): the abort left a fault in") }
        let again = Drill(plan: world.drill.plan, records: world.written)
        #expect(again.marks == world.drill.marks, "\(comment)")
        #expect(again.fault == world.drill.fault, "\(comment)")
        #expect(again.ending == world.drill.ending, "\(comment)")
        #expect(again.findings == world.drill.findings, "\(comment)")
        #expect(again.signatures == world.drill.signatures, "\(comment)")
        #expect(Journal.verify(Journal.entries(world.written, hash: toyHash), hash: toyHash) == nil, "\(comment)")
    }

    @Test("a crash at every step ends restored and can be closed out", arguments: scenarios)
    func crashes(id: String) throws {
        let scenario = try scenario(id)
        let count = plan(scenario).script.steps.count
        for crashAt in 0..<count {
            var world = Rehearsal(plan(scenario))
            for _ in 0..<crashAt { try world.doStep() }
            let phase = world.drill.phase.kind
            world.crash()
            #expect(!world.isBroken && !world.drill.isFaultIn, "at \(crashAt)")
            #expect(world.drill.ending == (phase == .closeout ? nil : .interrupted), "at \(crashAt)")
            #expect(world.drill.phase.kind == .closeout)
            // Whoever was not there yet is named now.
            for role in DrillRole.allCases where world.drill.crew[role] == nil {
                try world.send(.assign(role, to: "eve", by: "eve"))
            }
            try world.send(.sensed(.primaryAnswers, yes()))
            while try world.doStep() {}
            #expect(world.drill.isOver && world.reports == 1 && world.wrongs.isEmpty, "at \(crashAt): \(world.wrongs)")
        }
    }

    @Test func aDiskThatIsFullKeepsNoFaultIn() throws {
        var world = Rehearsal()
        try world.reach("induce")
        world.canWrite = false
        try world.doStep()
        #expect(!world.isBroken)
        try world.send(.journalFailed("disk full"))
        #expect(world.drill.ending == .stopped && !world.drill.isFaultIn)
    }

    @Test func whatIsSensedCantBeTickedByHand() throws {
        for step in Script.friday.steps where step.isSensed {
            var world = Rehearsal()
            try world.reach(step.id)
            let before = world.drill
            for name in ["ana", "raj", "sam"] {
                world.attempt(.confirm(step: step.id, value: "YES", by: name))
                world.attempt(.act(step: step.id, typed: "", by: name))
            }
            #expect(world.drill == before, "\(step.id)")
        }
    }
}
