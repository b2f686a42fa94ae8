import Console
package import Drills
import Routing
import Settings
import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Engine {
    /// One line of a journal as people read it: `T+07:05 seen  failover: two answered after 310 ms`.
    package static func timelineLine(_ record: JournalRecord) -> String {
        let seconds = record.elapsed.components.seconds
        let pad = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
        let (source, text) = DrillWords.entry(record)
        return "T+\(pad(seconds / 60)):\(pad(seconds % 60)) \(source)  \(text)"
    }

    /// What a console shows of the drill; nil where none was opened since the start.
    func drillView() -> EngineSnapshot.DrillView? {
        let (known, openedAt, meter, file) = desk.book.withLock { ($0.drill, $0.openedAt, $0.meter, $0.file) }
        guard let drill = known else { return nil }
        let elapsed = drill.closedAt?.elapsed ?? (ContinuousClock.now - openedAt)
        let plan = drill.plan
        var view = EngineSnapshot.DrillView()
        view.id = plan.id
        view.title = plan.scenario.title
        view.target = plan.target.deployment
        view.secondary = plan.target.secondary
        view.isSimulated = plan.isSimulated
        view.startedAt = drill.records.first?.wall ?? 0
        view.elapsed = elapsed.inSeconds
        view.planned = plan.script.planned.inSeconds
        view.isOver = drill.isOver
        view.ending = drill.ending?.rawValue
        view.isFaultIn = drill.isFaultIn
        view.wasInduced = drill.wasInduced
        view.leaseLeft = drill.leaseEnd.map { max(0, ($0 - elapsed).inSeconds) }
        view.crew = DrillRole.allCases.map { .init(role: $0.rawValue, name: drill.crew[$0]) }
        view.phases = drill.pace().map(EngineSnapshot.DrillView.Phase.init)
        view.steps = drill.phase.steps.map { step(drill, $0) }
        fill(&view, drill.guidance(at: elapsed), drill)
        view.undoable = undoable(drill)?.id
        view.stops = drill.stopReadings.map { .init(text: $0.text, value: $0.value, isBroken: $0.isBroken) }
        view.timings = Timings(drill).rows.map { .init(name: $0.name, seconds: $0.time?.inSeconds) }
        (view.requests, view.lost) = (meter.requests, meter.lost)
        (view.failedOver, view.bySecondary) = (meter.failedOver, meter.bySecondary)
        view.before = meter.before.map { figures($0, file?.budgetBefore) }
        view.now = figures(meter.recent(), nil)
        view.findings = drill.findings.map { finding in
            var row = EngineSnapshot.DrillView.Finding(
                id: finding.id,
                text: finding.text,
                owner: finding.owner,
                due: finding.due,
                isOpen: finding.closedBy == nil
            )
            row.kind = finding.kind.rawValue
            return row
        }
        view.timeline = timeline(drill.records).suffix(100).map { record in
            let (source, text) = DrillWords.entry(record)
            return .init(at: record.elapsed.inSeconds, source: source, text: text)
        }
        // From now on the report is what counts, to the last request.
        if drill.isOver, let during = file?.during, let outcome = file?.outcome {
            (view.requests, view.lost) = (during.requests, outcome.lost)
            (view.failedOver, view.bySecondary) = (during.failedOver, during.bySecondary)
        }
        view.report = drill.isOver ? file?.paths.last.map(fromHome) : nil
        view.verdict = drill.isOver ? file?.outcome?.verdict.words : nil
        view.checks =
            (drill.isOver ? file?.checks : nil)?.map { .init(rule: $0.rule, seen: $0.seen, isMet: $0.isMet) } ?? []
        return view
    }

    /// `~/drills/…`, which a shell takes as it is.
    private func fromHome(_ path: String) -> String {
        guard let home = ProcessInfo.processInfo.environment["HOME"], home.count > 1, path.hasPrefix(home + "/") else {
            return path
        }
        return "~" + path.dropFirst(home.count)
    }

    private func figures(_ sum: DrillMeter.Sum, _ budget: BudgetFigures?) -> EngineSnapshot.DrillView.Figures {
        var figures = EngineSnapshot.DrillView.Figures()
        (figures.p95, figures.success) = (sum.p95?.inSeconds, sum.success)
        (figures.cost, figures.requests) = (sum.cost, sum.requests)
        figures.budget = budget?.remaining
        return figures
    }

    /// Without the ticks that say again what was just seen.
    private func timeline(_ records: [JournalRecord]) -> [JournalRecord] {
        var shown: [JournalRecord] = []
        for record in records {
            let isEcho = record.kind == .ticked && shown.last?.kind == .evidence && shown.last?.text == record.text
            if !isEcho { shown.append(record) }
        }
        return shown
    }

    private func fill(_ view: inout EngineSnapshot.DrillView, _ guidance: Guidance, _ drill: Drill) {
        view.step = guidance.step.map { step(drill, $0) }
        (view.number, view.count) = (guidance.number, guidance.count)
        view.sensed = guidance.sensed
        view.held = guidance.held?.time.inSeconds
        view.holdGoal = guidance.held?.goal.inSeconds
        view.next = guidance.next
        view.isLate = guidance.isLate
        view.asksFor = guidance.asksFor
        view.notice = guidance.notice
        view.isOnHold = drill.hold != nil
        view.needsReason = isUnverified(drill)
    }

    /// Something was changed outside the router and not seen to work again.
    func isUnverified(_ drill: Drill) -> Bool {
        drill.wasInduced && drill.plan.scenario.isExternal && !drill.holds(.primaryAnswers)
    }

    private func step(_ drill: Drill, _ step: Script.Step) -> EngineSnapshot.DrillView.Step {
        var view = EngineSnapshot.DrillView.Step(
            id: step.id,
            role: step.role.rawValue,
            kind: step.isSensed ? .sensed : step.act == nil ? .confirm : .act,
            text: step.text,
            expected: step.expected
        )
        view.why = step.why
        view.ifItFails = step.ifItFails
        view.act = step.act?.rawValue
        if case .confirmed(let answer) = step.kind {
            switch answer {
            case .nothing: view.answer = .nothing
            case .text: view.answer = .text
            case .number(let unit): (view.answer, view.unit) = (.number, unit)
            case .choice(let choices): (view.answer, view.choices) = (.choice, choices)
            }
        }
        if let mark = drill.mark(of: step) {
            view.value = mark.value
            view.at = mark.at.elapsed.inSeconds
            view.state = mark.how == .skipped ? .skipped : mark.how == .notReached ? .notReached : .done
        } else if let reading = step.evidence.flatMap(drill.reading) {
            view.value = reading.value
        }
        return view
    }

    /// The last step that a person confirmed and nothing was done since.
    private func undoable(_ drill: Drill) -> Script.Step? {
        let done = drill.plan.script.steps.filter { drill.mark(of: $0) != nil }
        guard let last = done.last(where: { !$0.isSensed }), last.act == nil else { return nil }
        return last
    }

    func drillHistoryView(now: Int64) -> EngineSnapshot.DrillHistoryView {
        let book = desk.book.withLock { $0 }
        let history = book.history
        var view = EngineSnapshot.DrillHistoryView()
        let byID = Dictionary(history.outcomes.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        view.rows = book.historyRows.prefix(50).map { row in
            let outcome = byID[row.id]
            return .init(
                id: row.id,
                at: row.started,
                scenario: row.title,
                provider: outcome?.provider ?? "",
                person: outcome?.operator ?? "",
                verdict: outcome?.verdict.words ?? (row.ended == nil ? "open" : row.state),
                failover: outcome?.timeToFailover?.inSeconds,
                lost: outcome?.lost ?? 0
            )
        }
        view.streak = history.streak
        view.boringStreak = DrillHistory.boringStreak
        view.cadence = history.cadence.rawValue
        view.daysSinceLast = history.daysSinceLast(now: now)
        view.openFindings = book.openFindings.count
        view.scenarios = scenarioViews(history)
        view.fixedLength = drillFactor.map { library.script.compressed(by: $0).planned.inSeconds }
        view.targets = config.groups.compactMap { group in
            drillTarget(group: group.name).map { target in
                .init(
                    group: group.name,
                    id: target.deployment,
                    provider: target.provider,
                    secondary: target.secondary
                )
            }
        }
        return view
    }

    private func scenarioViews(_ history: DrillHistory) -> [EngineSnapshot.DrillHistoryView.Scenario] {
        library.scenarios.map { scenario in
            let problems = config.groups.compactMap { drillTarget(for: scenario, group: $0.name) }.map { target in
                DrillPlan(id: "", scenario: scenario, target: target).problem ?? hindrance(scenario, target)
            }
            // Where any target will do, opening says which won't.
            let problem = problems.contains(nil) ? nil : problems.first ?? "no model group has a second deployment"
            return .init(
                id: scenario.id,
                title: scenario.title,
                expectation: scenario.faults.first?.expectation ?? "",
                source: scenario.incident.map { "\($0.happened); \($0.source)" } ?? "",
                count: history.outcomes.count { $0.scenario == scenario.id },
                last: history.outcomes.last { $0.scenario == scenario.id }?.verdict.words,
                problem: problem
            )
        }
    }
}

extension EngineSnapshot.DrillView.Phase {
    fileprivate init(_ pace: PhasePace) {
        let state: State =
            switch pace.state {
            case .done: .done
            case .current: .current
            case .ahead: .ahead
            case .notReached: .notReached
            }
        self.init(
            title: pace.kind.title,
            state: state,
            plannedFrom: pace.planned.lowerBound.inSeconds,
            plannedTo: pace.planned.upperBound.inSeconds,
            start: pace.start?.inSeconds,
            end: pace.state == .notReached ? nil : pace.end?.inSeconds
        )
    }
}
