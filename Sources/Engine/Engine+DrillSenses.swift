import Dispatch
import Drills
import Routing
import SLO
import Settings
import Storage
import Synchronization

// What Nines sees by itself. A request hands over what it saw and goes on.

extension Engine {
    /// Once a second while a drill is open, until cancelled.
    package func watchDrills() async {
        while !Task.isCancelled {
            await lookAtDrill()
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// One look at everything that a drill waits for, and at its stop rules.
    package func lookAtDrill() async {
        await desk.run { [self] in
            fileWaitingReports()
            guard let drill = desk.book.withLock({ $0.drill }) else { return }
            guard !drill.isOver else {
                writeEnd()
                return
            }
            // Before anything that a ledger may hold up.
            let isAsked = desk.book.withLock { $0.restoresAsked > 0 }
            if drill.isFaultIn, !isAsked, faults.left(.now) == nil { handle(.leaseExpired) }
            writeWaiting()
            let now = ContinuousClock.now
            desk.book.withLock { $0.meter.prune(now) }
            for (evidence, reading) in readings(drill) { handle(.sensed(evidence, reading)) }
            if drill.holds(.alertFired), !drill.isFaultIn, !drill.holds(.alertResolved) { lookAtAlerts() }
            handle(.figures(stopFigures(drill)))
            handle(.tick)
            sendProbes()
        }
    }

    /// Sooner than their minute: the drill waits for its alert to resolve.
    private func lookAtAlerts() {
        let seconds = desk.book.withLock { $0.elapsed.components.seconds }
        if demo != nil || seconds.isMultiple(of: 5) { alerts.kick() }
    }

    // MARK: What requests saw

    func noteForDrill(_ journey: Journey, _ record: RequestRecord) {
        let isTagged = journey.drill != nil
        desk.book.withLock { book in
            guard let drill = book.drill, !drill.isOver else { return }
            book.meter.add(record, at: .now, secondary: drill.plan.target.secondary, isTagged: isTagged)
        }
    }

    func noteDrillFailure(_ deployment: Deployment, _ failure: AttemptFailure, opened: Bool, wasProbe: Bool) {
        guard desk.openID != nil else { return }
        let seen = ContinuousClock.now
        desk.queue.async { [self] in
            guard let drill = desk.book.withLock({ $0.drill }), drill.isFaultIn else { return }
            let target = drill.plan.target
            let isTarget =
                deployment.id.name == target.deployment
                || (target.credential != nil && deployment.credential?.name == target.credential)
            guard isTarget else {
                if opened, !faults.meets(deployment, now: seen), isIncident(deployment, failure, target, wasProbe) {
                    handle(.incident("\(deployment.id) fails too: \(failure.summary)"), seen: seen)
                }
                return
            }
            guard !drill.holds(.failureSeen), drill.plan.scenario.faults.contains(where: { $0.explains(failure.kind) })
            else { return }
            // What a person switches off by hand shows by its first refusal only.
            if !drill.holds(.faultIn) {
                handle(.sensed(.faultIn, Reading(holds: true, value: "seen by its first failure")), seen: seen)
            }
            let reading = Reading(holds: true, value: "\(failure.summary) from \(deployment.provider)")
            handle(.sensed(.failureSeen, reading), seen: seen)
        }
    }

    /// Whether the failure that opened the breaker of another deployment is more than a bad moment of it.
    ///
    /// One that passes is left to the stop rule about the secondary's errors. After one time-out a deployment that
    /// nobody can stand in for is asked again: only the second one says that it hangs.
    private func isIncident(
        _ deployment: Deployment,
        _ failure: AttemptFailure,
        _ target: DrillTarget,
        _ wasProbe: Bool
    ) -> Bool {
        if [.credential, .permission, .billing, .unreachable].contains(failure.kind) { return true }
        let drilled = config.groups.first { $0.deployments.contains { $0.id.name == target.deployment } }
        guard let drilled, drilled.deployments.contains(where: { $0.id == deployment.id }) else { return false }
        guard wasProbe || failure.kind != .timeout else { return false }
        return router.withLock { state in
            !drilled.deployments.contains { state.breakers.admission(of: $0, now: uptime) == .admitted }
        }
    }

    func noteDrillFailover(_ deployment: Deployment, after time: Duration) {
        guard desk.openID != nil else { return }
        let seen = ContinuousClock.now
        desk.queue.async { [self] in
            guard let drill = desk.book.withLock({ $0.drill }), drill.holds(.failureSeen), !drill.holds(.failoverSeen)
            else { return }
            let value = "\(deployment.id) answered after \(Words.length(time))"
            handle(.sensed(.failoverSeen, Reading(holds: true, value: value)), seen: seen)
        }
    }

    func noteDrillSuccess(_ deployment: Deployment, begun: ContinuousClock.Instant) {
        // Few are news: the desk must not be given one for every request while its ledger makes it wait.
        guard desk.openID != nil, proves(deployment, begun) else { return }
        let seen = ContinuousClock.now
        desk.queue.async { [self] in
            primaryAnswered(deployment, "\(deployment.id) answered a request", begun: begun, seen: seen)
        }
    }

    /// On the desk's queue.
    ///
    /// What had `begun` before the fault went out proves nothing.
    func primaryAnswered(
        _ deployment: Deployment,
        _ value: String,
        begun: ContinuousClock.Instant,
        seen: ContinuousClock.Instant
    ) {
        guard proves(deployment, begun), let drill = desk.book.withLock({ $0.drill }),
            case .out(let why, _) = drill.fault
        else { return }
        handle(.sensed(.primaryAnswers, Reading(holds: true, value: value)), seen: seen)
        guard drill.plan.scenario.faults.contains(.revokeKey(.byHand)) else { return }
        letServe(drill.plan, why)
        handle(.sensed(.faultOut, Reading(holds: true, value: "seen by its first answer")), seen: seen)
    }

    /// Whether a good answer of `deployment` shows that the primary is back, which nothing has shown before.
    private func proves(_ deployment: Deployment, _ begun: ContinuousClock.Instant) -> Bool {
        desk.book.withLock { book in
            guard let drill = book.drill, case .out(_, let at) = drill.fault else { return false }
            return begun >= book.openedAt + at.elapsed && deployment.id.name == drill.plan.target.deployment
                && !drill.holds(.primaryAnswers)
        }
    }

    // MARK: Readings

    private func readings(_ drill: Drill) -> [(Evidence, Reading)] {
        (drill.wasInduced || drill.ending != nil ? [] : checks(drill)) + indicatorReadings(drill) + alertReadings(drill)
    }

    /// How long figures are taken over: a minute, or less where the script is compressed.
    private func window(_ drill: Drill) -> Duration {
        let planned = drill.plan.script.phases.first { $0.kind == .baseline }?.planned ?? .seconds(120)
        return min(.seconds(60), max(.seconds(5), planned / 2))
    }

    private func checks(_ drill: Drill) -> [(Evidence, Reading)] {
        let isBypassOn = switches.withLock { $0.isBypassOn }
        var readings: [(Evidence, Reading)] = [
            (.bypassOff, Reading(holds: !isBypassOn, value: isBypassOn ? "on" : "off")),
            // `CacheDesk.slot` has none for them.
            (.cacheKeptOut, Reading(holds: true, value: "the drill's own requests pass it by")),
        ]
        let budget = (try? ledger.headline(now: wallMilliseconds()))?.budget.remaining
        readings.append(
            (
                .budgetAboveMinimum,
                Reading(
                    holds: budget.map { $0 >= config.drill.minBudget } ?? true,
                    value: budget.map { "\(Words.percent($0)) left" } ?? "untouched: no traffic yet"
                )
            )
        )
        let others = ((try? ledger.openDrills()) ?? []).filter { $0.id != drill.plan.id }
        readings.append(
            (.noOtherDrill, Reading(holds: others.isEmpty, value: others.first.map { "\($0.id) is open" } ?? "none"))
        )
        if let pagers = pagerReading { readings.append((.pagersReached, pagers)) }
        if let traffic = trafficReading { readings.append((.enoughTraffic, traffic)) }
        let length = window(drill)
        let (sum, elapsed) = desk.book.withLock { ($0.meter.sum(of: length, isLive: nil, now: .now), $0.elapsed) }
        if elapsed >= length, sum.valid >= 5, let success = sum.success {
            let p95 = sum.p95.map { "p95 \(Words.length($0)), " } ?? ""
            let cost = sum.cost.map { ", \(Words.money($0))" } ?? ""
            let value = "\(p95)\(Words.percent(success))\(cost)"
            readings.append((.baselineTaken, Reading(holds: true, value: value)))
        }
        return readings
    }

    /// Figures say nothing before.
    private static let soonest: Duration = .seconds(3)

    /// Counted from the opening on; nil where that says nothing yet.
    private var trafficReading: Reading? {
        let (live, seconds) = desk.book.withLock { book in
            let length = min(.seconds(30), book.elapsed)
            return (book.meter.sum(of: length, isLive: true, now: .now).requests, length.inSeconds)
        }
        guard seconds >= Self.soonest.inSeconds else { return nil }
        let rate = Double(live) / seconds
        let figure = "\((rate * 10).rounded() / 10)/s"
        if rate >= max(0.5, config.drill.probeRate) { return Reading(holds: true, value: figure) }
        guard config.drill.probeRate > 0 else { return Reading(holds: rate >= 0.5, value: figure) }
        return Reading(holds: true, value: "\(figure) of users, tagged probes besides")
    }

    private func indicatorReadings(_ drill: Drill) -> [(Evidence, Reading)] {
        let length = window(drill)
        let (live, all) = desk.book.withLock { book in
            (
                book.meter.sum(of: length, isLive: true, now: .now),
                book.meter.sum(of: length, isLive: nil, now: .now)
            )
        }
        // Too few users say nothing: the probes speak for them.
        let sum = live.valid >= 5 ? live : all
        guard sum.valid >= 5, desk.book.withLock({ $0.elapsed }) >= Self.soonest else { return [] }
        var readings: [(Evidence, Reading)] = []
        if let success = sum.success {
            let holds = success >= config.objectives.success
            readings.append((.successInTarget, Reading(holds: holds, value: Words.percent(success))))
        }
        if let p95 = sum.p95 {
            let holds = p95 <= config.objectives.latencyP95
            readings.append((.latencyInTarget, Reading(holds: holds, value: "p95 \(Words.length(p95))")))
        }
        if let cost = sum.cost {
            let holds = cost <= Double(config.objectives.costPerRequest)
            readings.append((.costInTarget, Reading(holds: holds, value: Words.money(cost))))
        }
        return readings
    }

    private func alertReadings(_ drill: Drill) -> [(Evidence, Reading)] {
        let rows = alerts.book.withLock { $0.alerts }.filter { $0.alert.episode != nil }
        guard drill.wasInduced else {
            let first = rows.first { $0.alert.episode?.drill != drill.plan.id }
            let value = first.map { $0.alert.id } ?? "none fires"
            return [(.noAlertFiring, Reading(holds: first == nil, value: value))]
        }
        let own = rows.filter { $0.alert.episode?.drill == drill.plan.id }
        var readings: [(Evidence, Reading)] = []
        if let first = own.first { readings.append((.alertFired, Reading(holds: true, value: first.alert.id))) }
        let heard = own.lazy.compactMap { row in row.alert.episode?.acknowledgedBy.map { (row.alert.id, $0) } }.first
        if let (alert, person) = heard {
            readings.append((.alertAcknowledged, Reading(holds: true, value: "\(alert), by \(person)")))
        }
        if drill.holds(.alertFired), !drill.isFaultIn {
            let value = own.first.map { "\($0.alert.id) still fires" } ?? "no alert of the drill fires any more"
            readings.append((.alertResolved, Reading(holds: own.isEmpty, value: value)))
        }
        return readings
    }

    private func stopFigures(_ drill: Drill) -> StopFigures {
        var figures = StopFigures(
            latencyTarget: config.objectives.latencyP95,
            costTarget: config.objectives.costPerRequest
        )
        let (meter, file) = desk.book.withLock { ($0.meter, $0.file) }
        let sum = meter.sum(of: .seconds(300), isLive: true, now: .now)
        (figures.requests, figures.good, figures.latency) = (sum.valid, sum.good, sum.p95)
        figures.costPerRequest = sum.cost
        figures.drillFailures = meter.lost
        figures.allowedFailures = file.map { max(0, $0.budgetBefore.allowed - Double($0.budgetBefore.bad)) } ?? 0
        figures.drillSpend = meter.drillSpend
        (figures.secondaryAttempts, figures.secondaryErrors) = (meter.secondaryAttempts, meter.secondaryErrors)
        figures.foreignAlert = foreignAlert(drill)
        return figures
    }

    /// A page that the fault does not explain.
    private func foreignAlert(_ drill: Drill) -> String? {
        alerts.book.withLock { $0.alerts }.map(\.alert).first { alert in
            guard let episode = alert.episode, episode.severity == .page else { return false }
            let isOtherKey = alert.rule == "key_refused" && alert.subject != drill.plan.target.credential
            return episode.drill != drill.plan.id || isOtherKey
        }?.id
    }
}

extension Fault {
    /// Whether a failure of that class is what this fault looks like.
    fileprivate func explains(_ kind: FailureClass) -> Bool {
        switch signature {
        case .keyRefused: [.credential, .permission, .billing].contains(kind)
        case .notReachable: [.unreachable, .timeout, .reset].contains(kind)
        case .noFirstToken: kind == .timeout
        case .rateLimited: [.rateLimited, .billing].contains(kind)
        case .serverError: [.server, .overloaded].contains(kind)
        case .requestRefused: kind != .cancelled
        case .brokenStream: [.midStream, .reset, .badAnswer].contains(kind)
        case .modelNotFound: [.model, .permission, .request].contains(kind)
        case .unseen: false
        }
    }
}

/// A drill's journal in words.
enum DrillWords {
    /// One line of the journal as a timeline shows it: where it comes from, and what it says.
    static func entry(_ record: JournalRecord) -> (source: String, text: String) {
        let (subject, text) = (record.subject, record.text)
        let who = record.who.map { " -\($0)" } ?? ""
        switch record.kind {
        case .opened: return ("auto", "drill opened: \(text)\(who)")
        case .crew: return ("crew", "\(subject) is \(text)")
        case .phase: return ("auto", "phase \(subject.replacing("_", with: "-"))")
        case .ticked: return ("seen", "\(subject): \(text)")
        case .confirmed: return ("done", "\(subject)\(text.isEmpty ? "" : ": \(text)")\(who)")
        case .declined: return ("no", "\(subject): \(text)\(who)")
        case .correction: return ("undo", "\(subject)\(text.isEmpty ? "" : ": \(text)")\(who)")
        case .skipped: return ("skip", "\(subject): \(text)\(who)")
        case .hold: return ("hold", text + who)
        case .release: return ("hold", "released, \(text)\(who)")
        case .note: return ("note", text + who)
        case .todo: return ("todo", text + who)
        case .decision: return ("dec", text + who)
        case .finding: return ("find", text + who)
        case .findingClosed: return ("find", "closed: \(text)\(who)")
        case .evidence:
            let words = Evidence(rawValue: subject)?.words(holds: record.fields["holds"] == "yes") ?? subject
            return ("auto", "\(words): \(text)")
        case .intent: return ("FAULT", text + who)
        case .restore: return ("OUT", "the fault is taken out, \(text)\(who)")
        case .stop: return ("STOP", text)
        case .abort: return ("ABORT", (text.isEmpty ? "aborted" : text) + who)
        case .restart: return ("auto", text)
        case .problem: return ("WRONG", text)
        case .signed: return ("sign", "\(record.role?.rawValue ?? "")\(who)")
        case .closed: return ("auto", "drill closed\(who)")
        }
    }
}
