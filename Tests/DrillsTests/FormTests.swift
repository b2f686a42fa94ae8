import Testing

@testable import Drills

struct FormTests {
    @Test func theScriptThatShipsIsAFormThatReadsBack() throws {
        #expect(try ScriptForm(.friday).script() == .friday)
    }

    @Test("scenarios that ship are forms that read back", arguments: Scenario.builtIn + Scenario.incidents)
    func scenario(scenario: Scenario) throws {
        #expect(try ScenarioForm(scenario).scenario() == scenario)
    }

    @Test func idsAreUnique() {
        let ids = (Scenario.builtIn + Scenario.incidents).map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    static let spoilt: [(String, @Sendable (inout ScriptForm) -> Void)] = [
        ("id: is missing; expected a line of text", { $0.id = " " }),
        (
            "phases[0].phase: 'breif' is not known; expected one of brief, pre_checks, baseline, induce, observe, restore, "
                + "verify, closeout", { $0.phases?[0].phase = "breif" }
        ),
        ("phases[2].minutes: -1 is out of range; expected 0.1 to 120 minutes", { $0.phases?[2].minutes = -1 }),
        (
            "phases[0].steps[1].role: is missing; expected one of lead, operator, scribe",
            { $0.phases?[0].steps?[1].role = nil }
        ),
        (
            "phases[3].steps[1]: expected exactly one of evidence, confirm and act",
            { $0.phases?[3].steps?[1].confirm = "text" }
        ),
        (
            "phases[3].steps[0].evidence: 'x' is not known; expected one of roles_held, ",
            { $0.phases?[3].steps?[0].evidence = "x" }
        ),
        (
            "phases[1].steps[9].choices: expected at least two different words; only the first goes on",
            { $0.phases?[1].steps?[9].choices = ["GO"] }
        ),
        (
            "phases[0].steps[1].confirm: 'words' is not known; expected one of nothing, text, number, choice",
            { $0.phases?[0].steps?[1].confirm = "words" }
        ),
        ("phases[4].steps[1].id: 'failover' is used twice", { $0.phases?[4].steps?[1].id = "failover" }),
        (
            "phases[4].steps[0].timeout: 0 is out of range; expected 1 to 7200 seconds",
            { $0.phases?[4].steps?[0].timeout = 0 }
        ),
        ("phases: expected each once, in this order: brief", { $0.phases?.swapAt(1, 2) }),
        ("phases: expected one step with act 'restore', found 0", { $0.phases?[5].steps?.removeFirst() }),
        ("phases[5].steps[0].act: 'induce' belongs into induce", { $0.phases?[5].steps?[0].act = "induce" }),
        ("phases: the last step must be the act 'file'", { $0.phases?[7].steps?.swapAt(5, 6) }),
        (
            "phases: the pre-checks lack evidence 'bypass_off', which keeps a drill safe",
            { $0.phases?[1].steps?.removeAll { $0.evidence == "bypass_off" } }
        ),
        ("phases[6].steps: expected at least one step", { $0.phases?[6].steps = [] }),
        (
            "phases: expected a step with act 'sign' of the scribe: all three sign the report",
            { $0.phases?[7].steps?.removeAll { $0.id == "sign-scribe" } }
        ),
        (
            "phases[0].steps[1].choices: means nothing without 'confirm: choice'",
            { $0.phases?[0].steps?[1].choices = ["GO", "NO-GO"] }
        ),
        ("phases[0].steps[1].holding: means nothing without 'evidence'", { $0.phases?[0].steps?[1].holding = 5 }),
    ]

    @Test("an error says where it is", arguments: spoilt.indices)
    func script(index: Int) {
        let (expected, spoil) = Self.spoilt[index]
        var form = ScriptForm(.friday)
        spoil(&form)
        do throws(FormError) {
            _ = try form.script()
            Issue.record("taken: \(expected)")
        } catch {
            #expect(error.description.contains(expected), "\(error.description)")
        }
    }

    static let spoiltScenarios: [(String, ScenarioForm.Stage)] = [
        (
            "stages[0].faults[0].fault: 'explode' is not known; expected one of revoke_key",
            .init(faults: [.init(fault: "explode")])
        ),
        (
            "stages[0].faults[0].share: 1.5 is not above 0",
            .init(faults: [.init(fault: "status", share: 1.5, status: 500)])
        ),
        ("stages[0].faults[0]: a status must be from 400", .init(faults: [.init(fault: "status", status: 200)])),
        ("stages[0].faults[0].status: is missing", .init(faults: [.init(fault: "status")])),
        ("stages[0].faults[0].how: 'x' is not known", .init(faults: [.init(fault: "block_host", how: "x")])),
        (
            "stages[0].faults[0].seconds: is missing; expected seconds",
            .init(faults: [.init(fault: "slow_first_token")])
        ),
        (
            "stages[0].faults[0].status: means nothing with fault 'model_not_found'",
            .init(faults: [.init(fault: "model_not_found", status: 503)])
        ),
        (
            "stages[0].minutes: 0 is out of range; expected 0.1 to 100000 minutes",
            .init(minutes: 0, faults: [.init(fault: "model_not_found")])
        ),
        (
            "stages[0].faults: shares at primary add up to more than 1",
            .init(faults: [.init(fault: "model_not_found", share: 0.6), .init(fault: "garbled_answer", share: 0.6)])
        ),
        (
            "stages[0].faults[0].at: only the primary's key can be switched off",
            .init(faults: [.init(fault: "revoke_key", at: "secondary", how: "provider")])
        ),
        ("stages: expected at least one stage with a fault", .init(faults: [])),
    ]

    @Test("an error in a profile says where it is", arguments: spoiltScenarios.indices)
    func profile(index: Int) {
        let (expected, stage) = Self.spoiltScenarios[index]
        var form = ScenarioForm(Scenario.builtIn[0])
        form.stages = [stage]
        do throws(FormError) {
            _ = try form.scenario()
            Issue.record("taken: \(expected)")
        } catch {
            #expect(error.description.contains(expected), "\(error.description)")
        }
    }

    @Test("a compressed incident keeps its shape and fits", arguments: Scenario.incidents)
    func compressed(incident: Scenario) throws {
        let slot = Duration.seconds(600)
        let short = incident.compressed(into: slot)
        #expect(short.stages.map(\.mix) == incident.stages.map(\.mix))
        let stages = short.stages.compactMap(\.length)
        #expect(stages.allSatisfy { $0 >= Fault.shortestLease })
        let length = try #require(short.length)
        #expect(length <= slot + Fault.shortestLease * stages.count)
    }

    @Test func aPlanSaysWhyItCantBeRun() {
        #expect(plan().problem == nil)
        let alone = DrillTarget(provider: "openai", deployment: "a", credential: nil, secondary: "")
        #expect(
            DrillPlan(id: "d", scenario: Scenario.builtIn[0], target: alone).problem
                == "a has no second deployment to fail over to"
        )
        let open = DrillTarget(provider: "ollama", deployment: "a", credential: nil, secondary: "b")
        #expect(
            DrillPlan(id: "d", scenario: Scenario.builtIn[0], target: open).problem
                == "a has no key that could be revoked"
        )
    }
}
