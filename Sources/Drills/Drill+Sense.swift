extension Drill {
    /// Takes what nobody asked for.
    mutating func sense(_ event: Event, _ turn: inout Turn) {
        switch event {
        case .sensed(let evidence, let reading): take(evidence, reading, &turn)
        case .figures(let figures): watch(figures, &turn)
        case .tick: tick(&turn)
        case .leaseExpired: if isFaultIn { takeOut(.lease, nil, &turn) }
        case .faultRefused(let reason):
            if isFaultIn { stop("fault", "the fault could not be put in: \(reason.oneLine())", &turn) }
        case .incident(let text): if isRunning { stop("incident", text.oneLine(), &turn) }
        case .journalFailed(let reason):
            if isFaultIn {
                stop("journal", "the journal can't be written: \(reason.oneLine())", &turn)
            } else if records.last?.kind != .problem {
                // Said once: this line can't be written either.
                emit(.problem, &turn, text: "the journal could not be written: \(reason.oneLine())")
            }
        case .restarted: restart(&turn)
        default: break
        }
    }

    /// The script's steps before the closeout still go on.
    private var isRunning: Bool { ending == nil && phase.kind != .closeout }

    private mutating func take(_ evidence: Evidence, _ reading: Reading, _ turn: inout Turn) {
        guard counts(evidence) else { return }
        let before = readings[evidence]?.reading
        if evidence.isLasting, before?.holds == true { return }
        guard before?.holds != reading.holds else {
            readings[evidence]?.reading = reading
            return
        }
        emit(
            .evidence,
            &turn,
            subject: evidence.rawValue,
            text: reading.value,
            fields: ["holds": reading.holds ? "yes" : "no"]
        )
        if evidence == .faultOut, reading.holds, waitsForKey { turn.effects.append(.probe(.primary)) }
    }

    /// The primary can't answer before its key is switched on again, which may take more than one try.
    var waitsForKey: Bool { plan.scenario.faults.contains(.revokeKey(.atProvider)) }

    /// Evidence means something only in its own part of the drill.
    private func counts(_ evidence: Evidence) -> Bool {
        switch evidence {
        case .rolesHeld: return false
        case .faultIn, .failureSeen, .failoverSeen: return isFaultIn
        case .alertFired, .alertAcknowledged: return wasInduced
        case .faultOut, .primaryAnswers, .alertResolved: return wasInduced && !isFaultIn
        default: return true
        }
    }

    private mutating func watch(_ figures: StopFigures, _ turn: inout Turn) {
        var figures = figures
        figures.elapsed = worked(turn.now)
        figures.sinceInduced = isFaultIn ? turn.now - (inducedAt?.elapsed ?? turn.now) : .zero
        // A fault that nothing shows, and a stage in which nothing fails, has no effect to wait for.
        let isVisible = plan.scenario.faults.contains { $0.signature != .unseen }
        figures.isEffective = holds(.failureSeen) || !isVisible
        stopReadings = plan.stopRules.readings(figures)
        guard isFaultIn, let broken = stopReadings.first(where: \.isBroken) else { return }
        stop(broken.rule.rawValue, "\(broken.text): \(broken.value)", &turn)
    }

    /// Restores first, then says why.
    private mutating func stop(_ rule: String, _ text: String, _ turn: inout Turn) {
        if isFaultIn { takeOut(.stop, nil, &turn) }
        emit(.stop, &turn, subject: rule, text: text)
    }

    private mutating func restart(_ turn: inout Turn) {
        if wasInduced, isFaultIn || !holds(.faultOut) { takeOut(.restart, nil, &turn) }
        emit(.restart, &turn, text: "the program runs again")
    }

    private mutating func tick(_ turn: inout Turn) {
        switch fault {
        case .never: if isRunning { askAgain(&turn) }
        case .leased(_, _, let end) where turn.now >= end: takeOut(.lease, nil, &turn)
        case .leased(let stage, let since, _): play(stage, since, &turn)
        case .out: ask(&turn)
        }
    }

    /// Goes on to the recorded incident's next stage once this one is over.
    private mutating func play(_ stage: Int, _ since: Duration, _ turn: inout Turn) {
        guard let length = plan.scenario.stages[stage].length, turn.now >= since + length else { return }
        guard stage + 1 < plan.scenario.stages.count else {
            takeOut(.over, nil, &turn)
            return
        }
        guard let step = plan.script.steps.first(where: { $0.act == .induce }) else { return }
        putIn(stage: stage + 1, step, nil, &turn)
    }

    /// Restores and probes again until both were seen to work.
    private mutating func ask(_ turn: inout Turn) {
        if let askedAt, turn.now - askedAt < Self.patience { return }
        guard case .out(let why, _) = fault, !holds(.faultOut) || !holds(.primaryAnswers) else { return }
        askedAt = turn.now
        if !holds(.faultOut) { turn.effects.append(.restore(why)) }
        if !holds(.primaryAnswers), !waitsForKey || holds(.faultOut) { turn.effects.append(.probe(.primary)) }
    }

    /// Probes again what a pre-check's probe found broken: it may have been mended since.
    private mutating func askAgain(_ turn: inout Turn) {
        if let askedAt, turn.now - askedAt < Self.patience { return }
        let failed = [Probe.secondary, .restorePath].filter { reading(of: $0.evidence)?.holds == false }
        guard !failed.isEmpty else { return }
        askedAt = turn.now
        turn.effects += failed.map { .probe($0) }
    }

    /// Between two attempts at what has not worked yet.
    private static let patience: Duration = .seconds(10)

    /// Ticks what was sensed, and enters the phases that come of it.
    mutating func advance(_ turn: inout Turn) {
        while !isOver {
            let phase = phase
            if phaseStarts[phase.kind] == nil {
                emit(.phase, &turn, subject: phase.kind.rawValue)
                turn.effects += phase.kind.probes.map { .probe($0) }
            }
            let open = phase.steps.filter { marks[$0.id] == nil }
            guard let step = open.first(where: { isSeen($0, turn.now) }), let evidence = step.evidence else { return }
            emit(.ticked, &turn, subject: step.id, text: reading(of: evidence)?.value ?? "")
        }
    }

    private func isSeen(_ step: Script.Step, _ now: Duration) -> Bool {
        guard case .sensed(let evidence, let holding) = step.kind, let held = held(evidence, at: now) else {
            return false
        }
        return held >= holding
    }
}

extension Evidence {
    /// Once seen, it was seen: it happened.
    fileprivate var isLasting: Bool {
        switch self {
        case .failureSeen, .failoverSeen, .alertFired, .alertAcknowledged, .primaryAnswers, .alertResolved,
            .baselineTaken, .faultOut:
            true
        default: false
        }
    }
}

extension Script.Phase.Kind {
    /// What is asked on entering.
    fileprivate var probes: [Drill.Probe] {
        switch self {
        case .preChecks: [.secondary, .restorePath, .pagers]
        case .induce: [.secondary]
        default: []
        }
    }
}
