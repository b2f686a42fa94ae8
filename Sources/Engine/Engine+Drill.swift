package import Console
import Dispatch
import Drills
import Exports
import Logging
import Routing
import SLO
import Settings
import Storage
import Synchronization
import Wire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// A drill breaks things on purpose. `Drills` decides; this carries out, on the desk's queue, in the order given.

extension Engine {
    /// Carries a person's wish out, and waits for it without holding a thread.
    package func performDrill(_ command: DrillCommand) async -> CommandReply {
        let asked = ContinuousClock.now
        let isOut = restoreFirst(command)
        return await desk.run { [self] in
            defer { if isOut { desk.book.withLock { $0.restoresAsked -= 1 } } }
            return drill(command, asked: asked)
        }
    }

    /// Who aborts or restores must not wait behind a ledger that can't be written.
    ///
    /// - Returns: whether the fault is out already, and only its line is to come.
    private func restoreFirst(_ command: DrillCommand) -> Bool {
        let isAllowed = desk.book.withLock { book -> Bool in
            let isAllowed: Bool
            switch command.action {
            case .abort, .restore: isAllowed = true
            case .act(let id, _):
                guard let drill = book.drill, let step = drill.step, step.id == id, step.act == .restore else {
                    return false
                }
                isAllowed = drill.crew[step.role] == command.by
            default: isAllowed = false
            }
            if isAllowed { book.restoresAsked += 1 }
            return isAllowed
        }
        if isAllowed { faults.clear() }
        return isAllowed
    }

    private func drill(_ command: DrillCommand, asked: ContinuousClock.Instant) -> CommandReply {
        var command = command
        command.by = command.by.oneLine(limit: 80)
        let by = command.by
        guard !by.isEmpty else { return CommandReply(ok: false, message: "who is it? A drill needs a name") }
        if case .open(let scenario, let isCompressed, let group) = command.action {
            return openDrill(scenario, isCompressed: isCompressed, group: group, by: by)
        }
        guard let drill = desk.book.withLock({ $0.drill }) else {
            return CommandReply(ok: false, message: "no drill is open: d opens one")
        }
        guard let event = event(command, drill) else {
            return CommandReply(ok: false, message: "there is no such role or kind of note")
        }
        if case .assign(_, let name, _) = event, let problem = stranger(name) {
            return CommandReply(ok: false, message: problem)
        }
        if case .act(let step, _, _) = event, drill.plan.script.steps.first(where: { $0.id == step })?.act == .induce,
            let obstacle = obstacle(to: drill.plan)
        {
            return CommandReply(ok: false, message: obstacle)
        }
        if let refusal = handle(event, seen: asked) { return CommandReply(ok: false, message: refusal.reason) }
        hub.kick()
        return reply(since: drill)
    }

    /// What came of a command, in the words of its own lines.
    private func reply(since before: Drill) -> CommandReply {
        let news = (desk.book.withLock { $0.drill } ?? before).records.dropFirst(before.records.count)
        // What stopped the drill meanwhile is the answer, whatever was asked for.
        if let stop = news.last(where: { $0.kind == .stop }) {
            return CommandReply(ok: false, message: "stopped: \(DrillWords.entry(stop).text)")
        }
        return CommandReply(ok: true, message: news.last { $0.who != nil }.map { DrillWords.entry($0).text } ?? "done")
    }

    private func event(_ command: DrillCommand, _ drill: Drill) -> Drill.Event? {
        let by = command.by
        // A journal is for ever, and a key is pasted in a moment.
        let plain = { (text: String) in redacted(text, secrets: self.table.secrets, limit: .max) }
        switch command.action {
        case .open: return nil
        case .assign(let role, let name): return DrillRole(rawValue: role).map { .assign($0, to: name, by: by) }
        case .confirm(let step, let value): return .confirm(step: step, value: plain(value), by: by)
        case .act(let step, let typed): return .act(step: step, typed: plain(typed), by: by)
        case .restore: return .restore(by: by)
        case .undo(let step, let reason): return .undo(step: step, reason: plain(reason), by: by)
        case .skip(let step, let reason): return .skip(step: step, reason: plain(reason), by: by)
        case .hold(let reason): return .hold(reason: plain(reason), by: by)
        case .release: return .release(by: by)
        case .note(let kind, let text, let pressedAt):
            let now = wallMilliseconds()
            let ago = now - min(max(0, pressedAt), now)
            let elapsed = desk.book.withLock { $0.elapsed } - .milliseconds(ago)
            let pressed = Drills.Moment(elapsed: elapsed, wall: now - ago)
            return Drill.NoteKind(rawValue: kind).map { .note($0, plain(text), pressed: pressed, by: by) }
        case .finding(let text, let owner, let kind, let due):
            return Finding.Kind(rawValue: kind).map { .finding(plain(text), owner: owner, kind: $0, due: due, by: by) }
        case .closeFinding(let id): return .closeFinding(id: id, by: by)
        case .abort(let reason): return .abort(reason: plain(reason), by: by)
        }
    }

    /// Why that name can hold no role; nil where it can.
    private func stranger(_ name: String) -> String? {
        let team = config.drill.team
        guard !team.isEmpty, !team.contains(name) else { return nil }
        return "\(name.prefix(40)) is not of the team (nines.drill.team): \(team.joined(separator: ", "))"
    }

    // MARK: Events and effects

    /// One event, which happened when it was `seen`, and all that comes of it; on the desk's queue.
    ///
    /// - Returns: why it changes nothing; nil where it was taken.
    @discardableResult
    func handle(_ event: Drill.Event, seen: ContinuousClock.Instant = .now) -> Drill.Refusal? {
        let (known, openedAt) = desk.book.withLock { ($0.drill, $0.openedAt) }
        guard var drill = known else { return Drill.Refusal("no drill is open: d opens one") }
        let wall = wallMilliseconds() - (ContinuousClock.now - seen).microseconds / 1_000
        let effects: [Drill.Effect]
        do throws(Drill.Refusal) {
            effects = try drill.handle(event, at: Drills.Moment(elapsed: seen - openedAt, wall: wall))
        } catch {
            return error
        }
        desk.keep(drill)
        guard !effects.isEmpty else { return nil }
        if let problem = carryOut(effects) { handle(.journalFailed(problem)) }
        hub.kick()
        return nil
    }

    /// - Returns: why lines could not be written; nil where all were.
    func carryOut(_ effects: [Drill.Effect]) -> String? {
        var followUps: [(event: Drill.Event, at: ContinuousClock.Instant)] = []
        var lines: [JournalRecord] = []
        var problem: String?
        func flush() {
            guard !lines.isEmpty else { return }
            problem = write(lines) ?? problem
            lines = []
        }
        for effect in effects {
            if case .write(let record) = effect {
                lines.append(record)
                continue
            }
            // Nothing stays broken while a ledger makes it wait.
            if case .restore(let why) = effect {
                followUps += takeOut(why).map { ($0, .now) }
                continue
            }
            flush()
            switch effect {
            case .write, .restore: break
            // The intent is on disk before anything breaks.
            case .induce(let lease): if problem == nil { followUps += induce(lease).map { ($0, .now) } }
            case .probe(let probe): start(probe)
            case .tellPagers(let text): tellPagers(text)
            case .writeReport: startReport()
            case .end: end()
            }
        }
        flush()
        for (event, at) in followUps { handle(event, seen: at) }
        return problem
    }

    /// Seals lines into the chain and syncs them, those that had to wait first.
    private func write(_ records: [JournalRecord]) -> String? {
        let (file, entries, drill) = desk.book.withLock { book -> (DrillFile?, [JournalEntry], Drill?) in
            for record in records {
                let entry = Journal.entry(record, after: book.last, hash: DrillArchive.hash)
                book.last = entry
                book.unwritten.append(entry)
            }
            return (book.file, book.unwritten, book.drill)
        }
        guard let file, let drill, let first = entries.first else { return nil }
        let archive = DrillArchive(ledger)
        // Its first and its last line change how the drill stands: both are written at once, or neither.
        let row = first.record.number == 0 || drill.isOver ? archive.row(file, drill) : nil
        do throws(LedgerError) {
            try ledger.append(entries.map { archive.event($0, of: file.plan.id) }, drill: row)
            desk.book.withLock { $0.unwritten.removeFirst(entries.count) }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Tries again what the ledger would not take.
    func writeWaiting() { if desk.book.withLock({ !$0.unwritten.isEmpty }) { _ = write([]) } }

    /// The same for a drill that is over, and makes the report that waited for it.
    ///
    /// - Returns: whether all of it is written now.
    @discardableResult
    func writeEnd() -> Bool {
        guard desk.book.withLock({ !$0.unwritten.isEmpty }) else { return true }
        guard write([]) == nil else { return false }
        startReport()
        return true
    }

    private func induce(_ lease: Lease) -> [Drill.Event] {
        let target = table.deployments[DeploymentID(lease.target.deployment)]
        // However long its line took to be written: the journal names this end.
        let end = desk.book.withLock { book in book.drill?.leaseEnd.map { book.openedAt + $0 } }
        faults.put(lease, address: target?.apiBase, until: min(.now + lease.length, end ?? .now + lease.length))
        if lease.stage == 0 { beginMeter() }
        say(.warning, "drill: \(lease.target.deployment): \(lease.title)", kind: "drill")
        let faults = lease.mix.map(\.fault)
        if faults.contains(.revokeKey(.byHand)) { return [] }
        let lasts = "\(lease.title), for \(Int(lease.length.inSeconds)) s at most"
        if faults.contains(.revokeKey(.atProvider)) {
            switchKey(of: lease.target, isOn: false) { problem in
                problem.map { .faultRefused($0) } ?? .sensed(.faultIn, Reading(holds: true, value: lasts))
            }
            return []
        }
        return [.sensed(.faultIn, Reading(holds: true, value: lasts))]
    }

    /// What was before the fault is read once it is in: who breaks something doesn't wait for the ledger.
    private func beginMeter() {
        let now = wallMilliseconds()
        desk.book.withLock { $0.meter.begin(at: now) }
        desk.queue.async { [self] in
            guard let before = try? ledger.indicators(now: now, window: DrillMeter.baseline) else { return }
            let sum = DrillMeter.Sum(before, target: config.objectives.latencyP95)
            desk.book.withLock { $0.meter.before = sum }
        }
    }

    func takeOut(_ why: Drill.Removal) -> [Drill.Event] {
        faults.clear()
        guard let plan = desk.book.withLock({ $0.drill?.plan }) else { return [] }
        let isOut = faults.left(.now) == nil
        let out = Reading(holds: isOut, value: isOut ? "nothing is left in the router" : "it is still in the router")
        if plan.scenario.faults.contains(.revokeKey(.atProvider)) {
            switchKey(of: plan.target, isOn: true) { [self] problem in
                if problem == nil { letServe(plan, why) }
                return .sensed(.faultOut, problem.map { Reading(holds: false, value: $0) } ?? out)
            }
            return []
        }
        // What a person broke by hand is whole when the primary answers.
        guard !plan.scenario.isExternal else { return [] }
        letServe(plan, why)
        return [.sensed(.faultOut, out)]
    }

    /// Nothing is broken any more: whatever the fault had benched may serve again.
    func letServe(_ plan: DrillPlan, _ why: Drill.Removal) {
        let target = table.deployments[DeploymentID(plan.target.deployment)]
        let lease = Lease(
            drill: plan.id,
            stage: 0,
            mix: plan.scenario.stages.flatMap(\.mix),
            target: plan.target,
            length: .zero
        )
        router.withLock { state in
            for deployment in table.deployments.values
            where lease.mix.contains(where: { lease.meets(deployment, $0, address: target?.apiBase) }) {
                state.breakers.clear(deployment)
                state.stillFailing.remove(deployment.id)
            }
        }
        alerts.kick()
        say(.good, "drill: the fault is out, \(why.words)", kind: "drill")
    }

    /// One notice to every pager: it begins with the fault, and ends with it.
    private func tellPagers(_ text: String) {
        guard let drill = desk.book.withLock({ $0.drill }) else { return }
        let now = wallMilliseconds()
        var notice = AlertNotice(
            id: "\(drill.plan.id)/\(drill.records.count)",
            dedupKey: drill.plan.id,
            rule: "drill",
            severity: .ticket,
            state: drill.isFaultIn ? .triggered : .resolved,
            title: text,
            startedAt: drill.inducedAt?.wall ?? now,
            at: now
        )
        notice.drill = drill.plan.id
        tell(notice)
    }

    func tell(_ notice: AlertNotice) {
        let payload = String(decoding: notice.payload, as: UTF8.self)
        for pager in config.pagers where pager.sink != .terminal {
            ledger.enqueue(
                OutboxItem(sink: pager.name, kind: "alert", dedup: notice.dedupKey, body: payload, at: notice.at)
            )
        }
        deliveries.wake()
    }

    private func end() {
        let (drill, isWritten) = desk.book.withLock { ($0.drill, $0.unwritten.isEmpty) }
        guard let drill else { return }
        if !isWritten {
            say(.warning, "the end of \(drill.plan.id) can't be written yet: it is tried again", kind: "drill")
        }
        say(.info, "drill closed: \(drill.plan.id)", kind: "drill")
    }
}
