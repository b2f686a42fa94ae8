extension Drill {
    /// Writes a line: into the journal, into the state, and as an effect.
    mutating func emit(
        _ kind: JournalRecord.Kind,
        _ turn: inout Turn,
        at moment: Moment? = nil,
        who: String? = nil,
        role: DrillRole? = nil,
        subject: String = "",
        text: String = "",
        fields: [String: String] = [:]
    ) {
        let moment = moment ?? turn.moment
        let record = JournalRecord(
            number: records.count,
            elapsed: moment.elapsed,
            wall: moment.wall,
            kind: kind,
            who: who,
            role: role,
            subject: subject,
            text: text,
            fields: fields
        )
        take(record)
        turn.effects.append(.write(record))
    }

    /// The one place where the state changes.
    mutating func take(_ record: JournalRecord) {
        records.append(record)
        switch record.kind {
        case .opened, .note, .todo, .decision, .declined, .problem: break
        case .crew: DrillRole(rawValue: record.subject).map { crew[$0] = record.text }
        case .phase: enter(record)
        case .ticked: mark(record.subject, .ticked, record)
        case .confirmed: mark(record.subject, .confirmed, record)
        case .skipped: mark(record.subject, .skipped, record)
        case .correction: marks[record.subject] = nil
        case .hold: hold = Hold(reason: record.text, since: record.elapsed)
        case .release: hold = nil
        case .finding: takeFinding(record)
        case .findingClosed:
            if let index = findings.firstIndex(where: { $0.id == record.subject }) {
                findings[index].closedBy = plan.id
            }
        case .evidence: takeEvidence(record)
        case .intent: takeIntent(record)
        case .restore: takeRestore(record)
        case .abort: end(.aborted, record)
        case .stop: end(.stopped, record)
        case .restart: if phase.kind != .closeout { end(.interrupted, record) }
        case .signed: takeSignature(record)
        case .closed:
            closedAt = record.moment
            mark(record.subject, .confirmed, record)
        }
    }

    private mutating func mark(_ id: String, _ how: Mark.How, _ record: JournalRecord) {
        marks[id] = Mark(how: how, who: record.who, value: record.text, at: record.moment)
    }

    private mutating func enter(_ record: JournalRecord) {
        guard let kind = Script.Phase.Kind(rawValue: record.subject) else { return }
        phaseStarts[kind] = record.moment
        // It is about to carry everything: what it answered minutes ago does not count.
        if kind == .induce { readings[.secondaryAnswers] = nil }
    }

    private mutating func takeFinding(_ record: JournalRecord) {
        findings.append(
            Finding(
                id: record.subject,
                text: record.text,
                owner: record.fields["owner"] ?? "",
                kind: record.fields["kind"].flatMap(Finding.Kind.init) ?? .process,
                due: record.fields["due"] ?? ""
            )
        )
    }

    private mutating func takeEvidence(_ record: JournalRecord) {
        guard let evidence = Evidence(rawValue: record.subject) else { return }
        let reading = Reading(holds: record.fields["holds"] == "yes", value: record.text)
        readings[evidence] = Sensed(reading: reading, since: record.elapsed)
    }

    private mutating func takeIntent(_ record: JournalRecord) {
        let stage = record.fields["stage"].flatMap { Int($0) } ?? 0
        if stage == 0 {
            for evidence in Evidence.allCases where evidence.isOfFault { readings[evidence] = nil }
        }
        let end = leaseEnd ?? record.elapsed + plan.maxFault
        fault = .leased(stage: stage, since: record.elapsed, end: end)
        if marks[record.subject] == nil { mark(record.subject, .confirmed, record) }
    }

    private mutating func takeRestore(_ record: JournalRecord) {
        fault = .out(Removal(rawValue: record.subject) ?? .asked, at: record.moment)
        for evidence in Evidence.allCases where evidence.isOfRecovery { readings[evidence] = nil }
        askedAt = nil
        for step in plan.script.steps {
            if step.act == .restore {
                if marks[step.id] == nil { mark(step.id, .confirmed, record) }
                return
            }
            if marks[step.id] == nil { mark(step.id, .notReached, record) }
        }
    }

    private mutating func takeSignature(_ record: JournalRecord) {
        guard let role = record.role, let name = record.who else { return }
        signatures[role] = Signature(name: name, at: record.moment)
        mark(record.subject, .confirmed, record)
    }

    /// Goes on with the closeout, whatever was still to come.
    private mutating func end(_ ending: Ending, _ record: JournalRecord) {
        if self.ending == nil { self.ending = ending }
        hold = nil
        for phase in plan.script.phases where phase.kind != .closeout {
            for step in phase.steps where marks[step.id] == nil { mark(step.id, .notReached, record) }
        }
        if phaseStarts[.closeout] == nil { phaseStarts[.closeout] = record.moment }
    }
}
