extension Drill {
    /// Moves the drill on.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - moment: when it happened; a time before the last event's counts as that.
    /// - Returns: what must be done now.
    /// - Throws: where a person asks for what can't be done now; the drill is as it was. What was only sensed is never
    ///   refused, and neither is an abort or a restore of what is in.
    package mutating func handle(_ event: Event, at moment: Moment) throws(Refusal) -> [Effect] {
        if isOver {
            guard event.isPersons else { return [] }
            throw Refusal("this drill is over; d opens a new one")
        }
        let last = records.last?.elapsed ?? .zero
        var turn = Turn(moment.elapsed < last ? Moment(elapsed: last, wall: moment.wall) : moment)
        var next = self
        try next.perform(event, &turn)
        next.advance(&turn)
        self = next
        return turn.effects
    }

    private mutating func perform(_ event: Event, _ turn: inout Turn) throws(Refusal) {
        switch event {
        case .assign(let role, let to, let by): try assign(role, to, by, &turn)
        case .confirm(let step, let value, let by): try confirm(step, value, by, &turn)
        case .act(let step, let typed, let by): try act(step, typed, by, &turn)
        case .restore(let by): try restore(by, &turn)
        case .undo(let step, let reason, let by): try undo(step, reason, by, &turn)
        case .skip(let step, let reason, let by): try skip(step, reason, by, &turn)
        case .hold(let reason, let by): try startHold(reason, by, &turn)
        case .release(let by): try release(by, &turn)
        case .note(let kind, let text, let pressed, let by): try note(kind, text, pressed, by, &turn)
        case .finding(let text, let owner, let kind, let due, let by): try find(text, owner, kind, due, by, &turn)
        case .closeFinding(let id, let by): try closeFinding(id, by, &turn)
        case .abort(let reason, let by): abort(reason, by, &turn)
        default: sense(event, &turn)
        }
    }

    private mutating func assign(_ role: DrillRole, _ to: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        let name = to.oneLine(limit: 80)
        guard !name.isEmpty else { throw Refusal("a role needs a name") }
        guard crew[role] != name else { return }
        let isFree = crew[role] == nil || phase.kind == .brief || ending != nil
        guard isFree || crew[.lead] == by || crew[role] == by else {
            throw Refusal("only the lead (\(crew[.lead] ?? "")) or \(crew[role] ?? "") can hand this role over")
        }
        emit(.crew, &turn, who: by, subject: role.rawValue, text: name)
        if crew.isComplete, !holds(.rolesHeld) {
            let names = DrillRole.allCases.map { crew[$0] ?? "" }.joined(separator: ", ")
            emit(.evidence, &turn, subject: Evidence.rolesHeld.rawValue, text: names, fields: ["holds": "yes"])
        }
    }

    private mutating func confirm(_ id: String, _ value: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        let step = try current(id)
        guard case .confirmed(let answer) = step.kind else {
            throw Refusal(
                step.evidence.map { "Nines senses this by itself: \($0.words). If it doesn't come: \(step.ifItFails)" }
                    ?? "this step acts: do it, don't confirm it"
            )
        }
        try authorise(step.role, by)
        let value = value.oneLine()
        switch answer {
        case .nothing: break
        case .text: if value.isEmpty { throw Refusal("answer with the value, not with “done”: \(step.expected)") }
        case .number(let unit):
            guard let number = Double(value), number.isFinite, number >= 0 else {
                throw Refusal("answer with a number\(unit.isEmpty ? "" : " in \(unit)")")
            }
        case .choice(let choices):
            guard choices.contains(value) else { throw Refusal("answer with \(choices.joined(separator: " or "))") }
            if value != choices.first {
                emit(.declined, &turn, who: by, role: step.role, subject: id, text: value)
                return
            }
        }
        emit(.confirmed, &turn, who: by, role: step.role, subject: id, text: value)
    }

    private mutating func act(_ id: String, _ typed: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        let step = try current(id)
        guard let act = step.act else {
            throw Refusal(step.isSensed ? "Nines senses this by itself" : "this step is confirmed, with a value")
        }
        try authorise(step.role, by)
        switch act {
        case .induce: try induce(step, typed, by, &turn)
        case .restore: try restore(by, &turn)
        case .sign: emit(.signed, &turn, who: by, role: step.role, subject: id)
        case .file: try file(step, typed, by, &turn)
        }
    }

    private mutating func induce(_ step: Script.Step, _ typed: String, _ by: String, _ turn: inout Turn) throws(Refusal)
    {
        guard !wasInduced else { throw Refusal("this drill's fault was in already: open a new drill") }
        if let hold { throw Refusal("the drill is on hold (\(hold.reason)): release it first") }
        if let problem = plan.problem { throw Refusal(problem) }
        let longest = plan.stopRules.longestDrill
        guard worked(turn.now) < longest else {
            throw Refusal("\(Words.clock(longest)) have passed: abort this drill with ! then y, and open a new one")
        }
        guard crew.isComplete else { throw Refusal("not every role is held: \(Evidence.rolesHeld.mend)") }
        for check in Evidence.preChecks where !holds(check) {
            let seen = reading(of: check).map { " (\($0.value))" } ?? " (not seen yet)"
            throw Refusal("pre-check failed: \(check.words)\(seen). To mend it: \(check.mend)")
        }
        if let asked = plan.typedConfirmation, typed.trimmed != asked {
            throw Refusal("this changes something outside the router: type \(asked) to do it")
        }
        putIn(stage: 0, step, by, &turn)
        turn.effects.append(
            .tellPagers(
                "[DRILL] \(plan.id): \(plan.scenario.title), \(plan.target.provider); "
                    + "out again within \(Words.length(plan.maxFault))"
            )
        )
    }

    /// The intent first, then the act.
    mutating func putIn(stage: Int, _ step: Script.Step, _ by: String?, _ turn: inout Turn) {
        let lease = plan.lease(stage: stage, now: turn.now, end: leaseEnd ?? turn.now + plan.maxFault)
        emit(
            .intent,
            &turn,
            who: by,
            role: by == nil ? nil : step.role,
            subject: step.id,
            text: lease.title.isEmpty ? "a stage in which nothing fails" : lease.title,
            fields: ["stage": "\(stage)", "target": plan.target.deployment, "lease": Words.length(lease.length)]
        )
        turn.effects.append(.induce(lease))
    }

    private mutating func restore(_ by: String, _ turn: inout Turn) throws(Refusal) {
        guard isFaultIn else { throw Refusal("nothing is broken: there is nothing to restore") }
        takeOut(.asked, by, &turn)
    }

    /// The act first, then the line: no full disk keeps a fault in.
    mutating func takeOut(_ why: Removal, _ by: String?, _ turn: inout Turn) {
        turn.effects.append(.restore(why))
        emit(.restore, &turn, who: by, subject: why.rawValue, text: why.words)
        if !waitsForKey { turn.effects.append(.probe(.primary)) }
        let byHand = plan.scenario.faults.first { !$0.isReversible }
        let news =
            byHand.map { "take the fault out now, \(why.words): \($0.undo)" } ?? "the fault is taken out, \(why.words)"
        turn.effects.append(.tellPagers("[DRILL] \(plan.id): \(news)"))
    }

    private mutating func file(_ step: Script.Step, _ typed: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        let reason = typed.oneLine()
        if wasInduced, plan.scenario.isExternal, !holds(.primaryAnswers) {
            guard !reason.isEmpty else {
                throw Refusal(
                    "the key of \(plan.target.provider) was changed outside the router and not seen to work again: "
                        + "switch it on, or file with a reason"
                )
            }
            emit(.todo, &turn, who: by, role: step.role, text: "external change not verified: \(reason)")
        }
        emit(.closed, &turn, who: by, role: step.role, subject: step.id)
        turn.effects += [.writeReport, .end]
    }

    private mutating func undo(_ id: String, _ reason: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        let steps = plan.script.steps
        guard let index = steps.firstIndex(where: { $0.id == id }), let mark = marks[id] else {
            throw Refusal("nothing is confirmed there")
        }
        guard case .confirmed = steps[index].kind, mark.how == .confirmed || mark.how == .skipped else {
            throw Refusal("only what a person confirmed can be undone")
        }
        guard !steps[index...].contains(where: { $0.act != nil && marks[$0.id] != nil }) else {
            throw Refusal("something was done since that can't be undone: write a note instead")
        }
        try authorise(steps[index].role, by, orLead: true)
        emit(.correction, &turn, who: by, role: steps[index].role, subject: id, text: reason.oneLine())
    }

    private mutating func skip(_ id: String, _ reason: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        let step = try current(id)
        if phase.kind == .preChecks {
            throw Refusal("a pre-check can't be skipped. To mend it: \(step.ifItFails)")
        }
        if step.evidence == .rolesHeld { throw Refusal(Evidence.rolesHeld.mend) }
        if step.act == .file { throw Refusal("a drill ends with its report: file it") }
        if let act = step.act, act != .sign { throw Refusal("an act can't be skipped; ! then y aborts") }
        let reason = reason.oneLine()
        guard !reason.isEmpty else { throw Refusal("skipping needs a reason") }
        try authorise(step.role, by, orLead: true)
        emit(.skipped, &turn, who: by, role: step.role, subject: id, text: reason)
    }

    private mutating func startHold(_ reason: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        if let hold { throw Refusal("on hold already: \(hold.reason)") }
        guard ending == nil else { throw Refusal("there is nothing left to hold") }
        try authorise(.lead, by)
        let reason = reason.oneLine()
        guard !reason.isEmpty else { throw Refusal("a hold needs a reason") }
        emit(.hold, &turn, who: by, role: .lead, text: reason)
    }

    private mutating func release(_ by: String, _ turn: inout Turn) throws(Refusal) {
        guard let hold else { throw Refusal("the drill is not on hold") }
        try authorise(.lead, by)
        emit(.release, &turn, who: by, role: .lead, text: "held for \(Words.length(turn.now - hold.since))")
    }

    private mutating func note(
        _ kind: NoteKind,
        _ text: String,
        _ pressed: Moment,
        _ by: String,
        _ turn: inout Turn
    ) throws(Refusal) {
        let text = text.oneLine()
        guard !text.isEmpty else { throw Refusal("nothing was written") }
        // Never later than now, never before the drill.
        let elapsed = min(max(pressed.elapsed, .zero), turn.now)
        emit(
            JournalRecord.Kind(kind),
            &turn,
            at: Moment(elapsed: elapsed, wall: min(pressed.wall, turn.moment.wall)),
            who: by,
            role: crew.roles(of: by).last,
            text: text
        )
    }

    private mutating func find(
        _ text: String,
        _ owner: String,
        _ kind: Finding.Kind,
        _ due: String,
        _ by: String,
        _ turn: inout Turn
    ) throws(Refusal) {
        let number = records.count { $0.kind == .finding } + 1
        let finding = Finding(id: "\(plan.id)-f\(number)", text: text, owner: owner, kind: kind, due: due)
        if let problem = finding.problem { throw Refusal(problem) }
        emit(
            .finding,
            &turn,
            who: by,
            subject: finding.id,
            text: finding.text,
            fields: ["owner": finding.owner, "kind": kind.rawValue, "due": due]
        )
    }

    private mutating func closeFinding(_ id: String, _ by: String, _ turn: inout Turn) throws(Refusal) {
        guard let finding = findings.first(where: { $0.id == id }) else { throw Refusal("there is no finding \(id)") }
        if let closedBy = finding.closedBy { throw Refusal("\(id) was closed by \(closedBy)") }
        emit(.findingClosed, &turn, who: by, subject: id, text: finding.text)
    }

    private mutating func abort(_ reason: String, _ by: String, _ turn: inout Turn) {
        guard ending == nil, phase.kind != .closeout else { return }
        if isFaultIn { takeOut(.abort, by, &turn) }
        emit(.abort, &turn, who: by, text: reason.oneLine())
    }

    /// The current step, if it is the one meant: of two consoles that press at once, one is told.
    private func current(_ id: String) throws(Refusal) -> Script.Step {
        guard let step else { throw Refusal("every step is done") }
        if step.id == id { return step }
        guard let other = plan.script.steps.first(where: { $0.id == id }) else {
            throw Refusal("there is no step \(id)")
        }
        switch marks[id] {
        case nil: throw Refusal("not yet: first “\(step.text)”")
        case .some(let mark) where mark.how == .notReached: throw Refusal("“\(other.text)” was not reached")
        case .some(let mark): throw Refusal("“\(other.text)” is done already\(mark.who.map { ", by \($0)" } ?? "")")
        }
    }

    private func authorise(_ role: DrillRole, _ name: String, orLead: Bool = false) throws(Refusal) {
        guard let holder = crew[role] else {
            throw Refusal("nobody is \(role.rawValue) yet: \(Evidence.rolesHeld.mend)")
        }
        if holder == name || (orLead && crew[.lead] == name) { return }
        let roles = crew.roles(of: name).map(\.rawValue)
        let who = roles.isEmpty ? "holds no role" : "is " + roles.joined(separator: " and ")
        throw Refusal("this is for the \(role.rawValue), \(holder); \(name) \(who)")
    }
}

extension Drill.Event {
    /// Caused by a person, who is told why it can't be.
    fileprivate var isPersons: Bool {
        switch self {
        case .assign, .confirm, .act, .restore, .undo, .skip, .hold, .release, .note, .finding, .closeFinding: true
        // To abort what is over is nothing.
        case .abort, .sensed, .figures, .tick, .leaseExpired, .faultRefused, .incident, .journalFailed, .restarted:
            false
        }
    }
}

extension Drill.Removal {
    /// In a timeline.
    package var words: String {
        switch self {
        case .asked: "as asked"
        case .lease: "because its lease ran out"
        case .abort: "because the drill was aborted"
        case .stop: "because the drill was stopped"
        case .restart: "because the program had ended"
        case .over: "because the recorded incident is over"
        }
    }
}

extension JournalRecord.Kind {
    fileprivate init(_ kind: Drill.NoteKind) {
        switch kind {
        case .note: self = .note
        case .todo: self = .todo
        case .decision: self = .decision
        }
    }
}
