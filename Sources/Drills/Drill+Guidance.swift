/// What a screen shows of a drill: whose step it is, what is expected, what is sensed, what comes next.
package struct Guidance: Equatable, Sendable {
    /// Nil after the last step.
    package let step: Script.Step?
    package let phase: Script.Phase.Kind
    /// Position among all steps, from 1.
    package let number: Int
    package let count: Int
    /// Who holds the step's role.
    package let holder: String?
    /// What Nines sees of it at this moment; empty for what only a person can know.
    package let sensed: String
    /// How long the evidence has held, and must hold; nil where once is enough.
    package let held: Held?
    /// The step's challenge that comes after this one.
    package let next: String
    /// Of the step's timeout.
    package let isLate: Bool
    /// Word to type before the fault goes in.
    package let asksFor: String?
    /// In words, where something stands above the script: a hold, an end, an unverified restore.
    package let notice: String?

    package struct Held: Equatable, Sendable {
        package let time: Duration
        package let goal: Duration
    }
}

/// One phase in the plan: how long it should take and took.
package struct PhasePace: Equatable, Sendable {
    package enum State: Equatable, Sendable { case done, current, ahead, notReached }
    package let kind: Script.Phase.Kind
    package let state: State
    /// Since the start.
    package let planned: Range<Duration>
    package let start: Duration?
    /// When the next phase began.
    package let end: Duration?

    /// Against the plan, positive when late; nil before it ended, and where it was cut short.
    package var delta: Duration? { state == .done ? end.map { $0 - planned.upperBound } : nil }
}

extension Drill {
    package func guidance(at now: Duration) -> Guidance {
        let steps = plan.script.steps
        let step = step
        let index = step.flatMap { step in steps.firstIndex { $0.id == step.id } } ?? steps.count
        let following = index + 1 < steps.count ? steps[(index + 1)...].first { marks[$0.id] == nil } : nil
        return Guidance(
            step: step,
            phase: phase.kind,
            number: min(index + 1, steps.count),
            count: steps.count,
            holder: step.flatMap { crew[$0.role] },
            sensed: step.map(sensed) ?? "",
            held: step.flatMap { held($0, now) },
            next: following?.text ?? "the drill is over",
            isLate: step.map { isLate($0, now) } ?? false,
            asksFor: step?.act == .induce ? plan.typedConfirmation : nil,
            notice: notice(now)
        )
    }

    // Inlined, both end Swift 6.3's optimiser with an ownership error.
    @inline(never)
    private func sensed(_ step: Script.Step) -> String {
        step.evidence.map { reading(of: $0)?.value ?? "not seen yet" } ?? ""
    }

    @inline(never)
    private func held(_ step: Script.Step, _ now: Duration) -> Guidance.Held? {
        guard case .sensed(let evidence, let holding) = step.kind, holding > .zero else { return nil }
        return Guidance.Held(time: held(evidence, at: now) ?? .zero, goal: holding)
    }

    /// From the step before on, or from the phase's start.
    private func isLate(_ step: Script.Step, _ now: Duration) -> Bool {
        guard let timeout = step.timeout else { return false }
        let before = phase.steps.prefix { $0.id != step.id }.compactMap { marks[$0.id]?.at.elapsed }.max()
        return now - (before ?? phaseStarts[phase.kind]?.elapsed ?? .zero) > timeout
    }

    private func notice(_ now: Duration) -> String? {
        if let hold { return "on hold for \(Words.clock(now - hold.since)): \(hold.reason)" }
        if case .out = fault, plan.scenario.isExternal, !holds(.primaryAnswers) {
            return "changed outside the router and not verified: \(plan.scenario.faults.first?.undo ?? "")"
        }
        if case .out = fault, !holds(.faultOut) { return "the fault is being taken out" }
        let state = wasInduced ? "everything is restored" : "nothing was broken"
        switch ending {
        case nil where !wasInduced && worked(now) > plan.stopRules.longestDrill:
            return "\(Words.clock(plan.stopRules.longestDrill)) have passed: abort with ! then y, and open a new drill"
        case nil: return nil
        case .aborted: return "aborted: \(state); close it out"
        case .stopped: return "stopped: \(records.last { $0.kind == .stop }?.text ?? ""); \(state)"
        case .interrupted: return "interrupted: the program ended; \(state); close it out"
        }
    }

    package func pace() -> [PhasePace] {
        let current = phase.kind
        let kinds = plan.script.phases.map(\.kind)
        let currentIndex = kinds.firstIndex(of: current) ?? 0
        return plan.script.phases.enumerated().map { index, phase in
            let start = phaseStarts[phase.kind]?.elapsed
            let isCurrent = index == currentIndex && !isOver
            let later = kinds[(index + 1)...].lazy.compactMap { phaseStarts[$0]?.elapsed }.first
            let from = plan.script.plannedStart(of: phase.kind)
            return PhasePace(
                kind: phase.kind,
                state: start == nil
                    ? (index < currentIndex ? .notReached : .ahead)
                    : isCurrent ? .current : isCutShort(phase) ? .notReached : .done,
                planned: from..<(from + phase.planned),
                start: start,
                end: start == nil || isCurrent ? nil : later ?? closedAt?.elapsed
            )
        }
    }

    /// An early end came before what the phase is for: its act, or else its last step.
    private func isCutShort(_ phase: Script.Phase) -> Bool {
        let aim = phase.steps.first { $0.act == .induce || $0.act == .restore } ?? phase.steps.last
        return aim.flatMap { marks[$0.id] }?.how == .notReached
    }

    /// How far behind the plan; negative when ahead of it.
    ///
    /// What a phase has not used up of its own time does not count as late.
    package func behind(at now: Duration) -> Duration {
        let phase = phase
        let planned = plan.script.plannedStart(of: phase.kind)
        let started = (phaseStarts[phase.kind]?.elapsed ?? now) - planned
        return max(started, now - planned - phase.planned)
    }
}
