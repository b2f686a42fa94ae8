import Testing

@testable import Drills

/// A drill that went well, and what each thing that goes otherwise makes of it.
struct VerdictTests {
    /// A whole drill whose crew and evidence did what they should, but for the step in `except`.
    static func rehearsed(
        _ scenario: Scenario = Scenario.builtIn[0],
        except id: String = "",
        _ other: (inout Rehearsal) throws(Drill.Refusal) -> Void = { _ throws(Drill.Refusal) in }
    ) throws -> Drill {
        var world = Rehearsal(plan(scenario))
        while let step = world.drill.step, !world.drill.isOver {
            if step.id == id, world.drill.mark(of: step) == nil {
                try other(&world)
                if world.drill.step?.id == id, try world.doStep(after: 1) {}
            } else {
                try world.doStep(after: 1)
            }
        }
        return world.drill
    }

    static func figures(_ change: (inout LedgerFigures) -> Void = { _ in }) -> LedgerFigures {
        var figures = LedgerFigures(successTarget: 0.995, latencyTarget: .milliseconds(2_500), costTarget: 15_000_000)
        for period in [\LedgerFigures.before, \.during, \.after] {
            figures[keyPath: period].requests = 400
            figures[keyPath: period].valid = 400
            figures[keyPath: period].good = 400
            figures[keyPath: period].p50 = .milliseconds(900)
            figures[keyPath: period].p95 = .milliseconds(1_840)
            figures[keyPath: period].p99 = .milliseconds(2_300)
            figures[keyPath: period].spend = 2_840_000_000
            figures[keyPath: period].priced = 400
        }
        figures.during.failedOver = 63
        figures.during.retried = 2
        figures.budgetBefore = BudgetFigures(bad: 26, allowed: 100)
        figures.budgetAfter = BudgetFigures(bad: 26, allowed: 101)
        change(&figures)
        return figures
    }

    @Test func allWell() throws {
        let verdict = DrillVerdict(try Self.rehearsed(), Self.figures(), journalIsWhole: true)
        #expect(verdict.checks.filter { $0.isMet == false }.map(\.rule) == [])
        #expect(verdict.outcome == .pass)
    }

    static let figureCases: [(String, LedgerFigures, DrillVerdict.Outcome)] = [
        ("a request lost during", figures { $0.during.failed = 1 }, .fail),
        ("a stream cut after", figures { $0.after.cut = 1 }, .fail),
        ("success not back", figures { $0.after.good = 390 }, .fail),
        ("too few after to say", figures { ($0.after.valid, $0.after.good) = (10, 5) }, .pass),
        ("slow during", figures { $0.during.p95 = .milliseconds(2_501) }, .passWithFindings),
        ("too few during", figures { $0.during.requests = 19 }, .passWithFindings),
        (
            "nothing measured", LedgerFigures(successTarget: 0.995, latencyTarget: .seconds(2), costTarget: 1),
            .passWithFindings
        ),
    ]

    @Test("what the ledger says", arguments: figureCases)
    func ledger(name: String, figures: LedgerFigures, outcome: DrillVerdict.Outcome) throws {
        #expect(DrillVerdict(try Self.rehearsed(), figures, journalIsWhole: true).outcome == outcome, "\(name)")
    }

    @Test func aJournalThatWasChangedFails() throws {
        #expect(DrillVerdict(try Self.rehearsed(), Self.figures(), journalIsWhole: false).outcome == .fail)
    }

    /// At which step, what happens instead, and what it makes of the drill.
    static let events: [(step: String, event: Drill.Event, outcome: DrillVerdict.Outcome, rule: String)] = [
        ("failover", .tick, .fail, "a failed-over request succeeded within 10.0 s"),
        ("alert", .skip(step: "alert", reason: "no pager", by: "ana"), .passWithFindings, "the alert fired"),
        (
            "acknowledged", .skip(step: "acknowledged", reason: "asleep", by: "raj"), .passWithFindings,
            "it was acknowledged"
        ),
        (
            "alert-resolved", .skip(step: "alert-resolved", reason: "slow", by: "ana"), .passWithFindings,
            "it resolved by itself"
        ),
        ("primary", .skip(step: "primary", reason: "gone", by: "raj"), .fail, "the primary answered after the restore"),
        (
            "detected", .leaseExpired, .passWithFindings,
            "the fault was taken out by its own step, or the replay was over"
        ),
        (
            "summary", .finding("slow", owner: "raj", kind: .detect, due: "2026-12-04", by: "ana"), .passWithFindings,
            "nobody found anything to mend"
        ),
        (
            "sign-scribe", .skip(step: "sign-scribe", reason: "left", by: "ana"), .passWithFindings,
            "lead, operator and scribe signed"
        ),
        ("detected", .abort(reason: "enough", by: "ana"), .aborted, "the script ran to its end"),
        ("detected", .incident("anthropic fails"), .aborted, "the script ran to its end"),
        ("go", .abort(reason: "no-go", by: "ana"), .aborted, "something was broken"),
    ]

    @Test("what the journal says", arguments: events)
    func journal(step: String, event: Drill.Event, outcome: DrillVerdict.Outcome, rule: String) throws {
        let drill = try Self.rehearsed(except: step) { (world) throws(Drill.Refusal) in
            // Eleven seconds: more than the target of a failover.
            try world.send(event, after: event == .tick ? 11 : 1)
        }
        let verdict = DrillVerdict(drill, Self.figures(), journalIsWhole: true)
        #expect(verdict.outcome == outcome)
        #expect(
            verdict.checks.contains { $0.isMet == false && $0.rule == rule },
            "\(verdict.checks.filter { $0.isMet == false })"
        )
    }

    @Test(
        "what a drill leaves of the budget means",
        arguments: [
            (0, BudgetFigures.Policy.normal), (75, .normal), (76, .caution), (99, .caution), (100, .freeze),
            (150, .freeze),
        ]
    )
    func policy(bad: Int, policy: BudgetFigures.Policy) {
        #expect(BudgetFigures(bad: bad, allowed: 100).policy == policy)
    }

    @Test func spendAndBudgetAreTheDrillsOwn() {
        let figures = Self.figures {
            $0.during.failed = 3
            $0.after.cut = 1
            $0.during.spend = 4_000_000_000
            $0.budgetAfter = BudgetFigures(bad: 20, allowed: 200)
        }
        #expect(figures.lost == 4 && figures.budgetSpent == 0.02)
        #expect(figures.extraSpend == 1_160_000_000)
        #expect(BudgetFigures(bad: 0, allowed: 0).policy == nil)
    }
}
