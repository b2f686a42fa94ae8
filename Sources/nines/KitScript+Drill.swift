import Drills
import Kit
import SLO
import Settings

extension KitScript {
    /// The script that a drill plays, with the limits that hold for it.
    init(_ script: Script, settings: NinesConfig.DrillSettings, objectives: Objectives) {
        self.init(
            title: script.title,
            version: script.version,
            roles: DrillRole.allCases.map { Entry(name: $0.rawValue, text: $0.duty) },
            faults: Scenario.builtIn.map { Entry(name: $0.title, text: $0.effect) },
            stopRules: Self.stopRules(settings, objectives),
            abort: "! then y",
            phases: script.phases.map { phase in
                Phase(title: phase.kind.title, planned: phase.planned, steps: phase.steps.map(Step.init))
            }
        )
        let rules = StopRules()
        streakRules = DrillHistory([], team: Set(settings.team)).streakRules
        leastBudget = settings.minBudget
        (mostOfBudget, fewestFailures) = (rules.mostOfBudget, rules.fewestFailures)
    }

    private static func stopRules(_ settings: NinesConfig.DrillSettings, _ objectives: Objectives) -> [String] {
        var rules = StopRules()
        rules.spendCap = settings.maxSpend
        let figures = StopFigures(latencyTarget: objectives.latencyP95, costTarget: objectives.costPerRequest)
        // Without a cap there is no rule about spend.
        let readings = rules.readings(figures).filter { $0.rule != .spend || rules.spendCap != nil }
        let seconds = settings.maxFault.components.seconds
        let longest = seconds.isMultiple(of: 60) ? "\(seconds / 60) min" : "\(seconds) s"
        return readings.map(\.text) + ["the fault has been in for \(longest)"]
    }
}

/// The drill's standard operating procedure as Markdown: the paper of `nines kit`, without past drills.
///
/// - Throws: where a template of the team's can't be used, in words.
func drillProcedure(_ script: Script, config: NinesConfig, now: Int64) throws -> String {
    var input = KitInput(now: now, version: ninesVersion, objectives: config.objectives)
    input.script = KitScript(script, settings: config.drill, objectives: config.objectives)
    let own = try ownTemplates(config.kit)
    do throws(KitError) {
        return try Kit.drillProcedure(input, templates: KitTemplates(own: own))
    } catch {
        throw Failure(error.text)
    }
}

extension KitScript.Step {
    fileprivate init(_ step: Script.Step) {
        self.init(
            role: step.role.rawValue,
            text: step.text.prefix(1).uppercased() + step.text.dropFirst(),
            expected: step.expected,
            why: step.why,
            ifItFails: step.ifItFails,
            timeout: step.timeout,
            isSensed: step.isSensed
        )
    }
}

extension DrillRole {
    fileprivate var duty: String {
        switch self {
        case .lead: "runs the clock and decides: go, no-go, abort"
        case .operator: "acts: puts the fault in, takes it out, nothing else"
        case .scribe: "writes down what Nines can't see, and who owns what was found"
        }
    }
}

extension Scenario {
    /// What its faults lead to, and how they end.
    fileprivate var effect: String {
        let faults = stages.flatMap(\.mix).map(\.fault)
        guard let fault = faults.first else { return "" }
        return "\(fault.expectation); to restore: \(fault.undo)"
    }
}

extension KitDrills {
    /// Of drills that were closed out; nothing is said of those that never were.
    init(_ records: [DrillRecord], team: [String]) {
        let records = records.sorted { $0.outcome.at < $1.outcome.at }
        let history = DrillHistory(records.map(\.outcome), team: Set(team))
        let findings = (records.last?.findings ?? []).filter { $0.closedBy == nil }
        self.init(
            last: records.last.map { Drill($0) },
            streak: history.streak,
            findings: findings.map { Finding(text: $0.text, owner: $0.owner, due: $0.due) }
        )
    }
}

/// What the ledger keeps of one drill that was closed out.
struct DrillRecord {
    let title: String
    let outcome: DrillOutcome
    /// As the drill left them, closed ones too.
    let findings: [Finding]
}

extension KitDrills.Drill {
    fileprivate init(_ record: DrillRecord) {
        let outcome = record.outcome
        self.init(
            id: outcome.id,
            title: record.title,
            at: outcome.at,
            verdict: outcome.verdict.words,
            isPassed: [.pass, .passWithFindings].contains(outcome.verdict),
            failover: outcome.timeToFailover,
            failed: outcome.lost
        )
    }
}
