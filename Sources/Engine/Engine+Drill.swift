import Console
import Drills
import Routing
import SLO
import Settings
import Storage
import Synchronization

/// The drill under way, if any, and what surrounds it.
struct DrillBook: Sendable {
    var drill: KeyDrill?
    var openedAt = ContinuousClock.now
    var openedWall: Int64 = 0
    var leaseEnd: ContinuousClock.Instant?
    var budgetBefore: Double?
    var reportPath: String?

    /// Id for the tags of requests, while a drill is open.
    var openID: String? { drill.flatMap { $0.isOver || $0.phase == .aborted || $0.phase == .restored ? nil : $0.id } }
}

extension Engine {
    /// The ledger's setting that names a fault put in and not yet taken out: what a crash leaves behind.
    static let openFaultKey = "drill.fault"

    /// Carries a person's wish out.
    func drill(_ command: EngineCommand.Drill) -> CommandReply {
        switch command {
        case .open: return openDrill()
        case .induce: return person(.induce)
        case .restore: return person(.restore)
        case .abort: return person(.abort)
        case .close: return person(.close)
        }
    }

    /// What was sensed goes to the drill, if one is open; cheap when none is.
    func senseDrill(_ event: KeyDrill.Event) {
        let effects = drills.withLock { book -> [KeyDrill.Effect] in
            guard let openedAt = book.drill.map({ _ in book.openedAt }) else { return [] }
            return (try? book.drill?.handle(event, at: ContinuousClock.now - openedAt)) ?? []
        }
        _ = carryOut(effects)
    }

    func noteForDrill(_ journey: Journey, _ record: RequestRecord) {
        guard let id = journey.drill, drills.withLock({ $0.openID == id }) else { return }
        let wasLost = record.outcome == .lost || record.outcome == .cut
        senseDrill(.requestSettled(wasFailedOver: record.failedOver && record.good, wasLost: wasLost))
    }

    func noteDrillFailure(_ deployment: Deployment, _ failure: AttemptFailure) {
        guard failure.kind == .credential, let drill = drills.withLock({ $0.drill }) else { return }
        if deployment.credential?.name == drill.credential { senseDrill(.refusalSeen) }
    }

    func noteDrillSuccess(_ deployment: Deployment) {
        guard let drill = drills.withLock({ $0.drill }), drill.phase == .restoring else { return }
        if deployment.id.name == drill.target { senseDrill(.primaryAnswered) }
    }

    /// Ends a lease that ran out.
    ///
    /// The fault itself ended at that moment: `FaultBoard` looks at the clock.
    func checkLease() {
        let hasExpired = drills.withLock { book in book.leaseEnd.map { $0 <= .now } ?? false }
        if hasExpired { senseDrill(.leaseExpired) }
    }

    /// Takes every fault out, for an orderly end of the process.
    package func restoreAll() {
        if drills.withLock({ $0.drill?.isFaultIn ?? false }) { _ = person(.abort) }
    }

    /// Says so where an earlier run ended with a fault in.
    ///
    /// Faults live in memory, so it is out already.
    func reportInterruptedDrill() {
        guard let left = try? ledger.setting(Self.openFaultKey) else { return }
        say(
            .warning,
            "an earlier run ended during a drill (\(left)); its fault ended with it, nothing is revoked now",
            kind: "drill"
        )
        try? ledger.set(Self.openFaultKey, value: nil)
    }

    private func openDrill() -> CommandReply {
        guard let group = config.groups.first(where: { $0.deployments.count > 1 }), let target = group.primary else {
            return CommandReply(ok: false, message: "no model group has a second deployment: nothing could fail over")
        }
        guard let credential = target.credential else {
            return CommandReply(ok: false, message: "\(target.id) has no key that could be revoked")
        }
        if let obstacle = drillObstacle(credential.name) { return CommandReply(ok: false, message: obstacle) }
        let budget = (try? ledger.headline(now: wallMilliseconds()))?.budget.remaining
        let opened = drills.withLock { book -> Bool in
            guard book.drill?.isOver ?? true else { return false }
            book = DrillBook()
            book.openedWall = wallMilliseconds()
            book.budgetBefore = budget
            book.drill = KeyDrill(
                id: "drill-\(book.openedWall / 1_000)",
                target: target.id.name,
                credential: credential.name
            )
            return true
        }
        guard opened else { return CommandReply(ok: true, message: "the drill is open already") }
        say(.info, "drill opened: revoke \(credential.name), the key of \(target.id)", kind: "drill")
        hub.kick()
        return CommandReply(ok: true, message: "drill opened: nothing is broken yet")
    }

    /// Why the key can't be revoked now without losing requests or the point; nil where it can.
    private func drillObstacle(_ credential: String) -> String? {
        if switches.withLock({ $0.isBypassOn }) {
            return "no drill with the bypass on: there would be no failover to see; end it with b"
        }
        // Other groups may live on the same key, and would have to do without it too.
        let exposed = router.withLock { state in
            config.groups.first { group in
                let reachable = (table.groups(for: group.name) ?? []).flatMap(\.deployments)
                return group.deployments.contains { $0.credential?.name == credential }
                    && !reachable.contains {
                        $0.credential?.name != credential && state.breakers.admission(of: $0, now: uptime) == .admitted
                    }
            }
        }
        if let exposed {
            return
                "group '\(exposed.name)' has no healthy deployment with another key than \(credential): it would lose requests"
        }
        let budget = (try? ledger.headline(now: wallMilliseconds()))?.budget.remaining
        if let budget, budget < config.drill.minBudget {
            let left = Int((budget * 100).rounded(.down))
            return "\(left) % of the error budget is left, under drill.min_budget: no drill now"
        }
        return nil
    }

    private func person(_ event: KeyDrill.Event) -> CommandReply {
        if event == .induce, let drill = drills.withLock({ $0.drill }), let obstacle = drillObstacle(drill.credential) {
            return CommandReply(ok: false, message: obstacle)
        }
        enum Outcome {
            case effects([KeyDrill.Effect], KeyDrill)
            case refused(String)
        }
        let outcome = drills.withLock { book -> Outcome in
            guard var drill = book.drill, !drill.isOver else { return .refused("no drill is open: d opens one") }
            do throws(KeyDrill.Refusal) {
                let effects = try drill.handle(event, at: ContinuousClock.now - book.openedAt)
                book.drill = drill
                return .effects(effects, drill)
            } catch {
                return .refused(error.reason)
            }
        }
        guard case .effects(let effects, let drill) = outcome else {
            guard case .refused(let reason) = outcome else { return CommandReply(ok: false, message: "") }
            return CommandReply(ok: false, message: reason)
        }
        let problem = carryOut(effects)
        hub.kick()
        if let problem { return CommandReply(ok: false, message: problem) }
        return CommandReply(ok: true, message: drill.timeline.last?.text ?? "done")
    }

    /// - Returns: what went wrong, in words; nil when all was done.
    private func carryOut(_ effects: [KeyDrill.Effect]) -> String? {
        var problem: String?
        for effect in effects {
            guard let drill = drills.withLock({ $0.drill }) else { return nil }
            switch effect {
            case .revokeKey: problem = revoke(drill) ?? problem
            case .restoreKey: restore(drill)
            case .writeReport: problem = fileReport() ?? problem
            case .end: drills.withLock { $0.drill = nil }
            }
        }
        return problem
    }

    private func revoke(_ drill: KeyDrill) -> String? {
        do throws(LedgerError) {
            // The intent is on disk before anything breaks.
            try ledger.set(Self.openFaultKey, value: "\(drill.id): \(drill.credential) revoked")
        } catch {
            drills.withLock { $0.drill = nil }
            return "nothing was revoked: the intent could not be written (\(error))"
        }
        let expiry = ContinuousClock.now + config.drill.maxFault
        drills.withLock { $0.leaseEnd = expiry }
        faults.revoke(credential: drill.credential, until: expiry)
        say(.warning, "drill: key \(drill.credential) revoked in the router's memory", kind: "drill")
        return nil
    }

    private func restore(_ drill: KeyDrill) {
        faults.restore(credential: drill.credential)
        drills.withLock { $0.leaseEnd = nil }
        router.withLock { state in
            for deployment in table.deployments.values where deployment.credential?.name == drill.credential {
                state.breakers.clear(deployment)
            }
        }
        try? ledger.set(Self.openFaultKey, value: nil)
        say(.good, "drill: key \(drill.credential) restored", kind: "drill")
    }

    private func fileReport() -> String? {
        let book = drills.withLock { $0 }
        guard let drill = book.drill else { return nil }
        let report = DrillReport(
            drill: drill,
            openedAt: book.openedWall,
            version: identity.version,
            isDemo: demo != nil,
            targetFailover: config.drill.targetFailover,
            budgetBefore: book.budgetBefore,
            budgetAfter: (try? ledger.headline(now: wallMilliseconds()))?.budget.remaining
        )
        let directory = config.drill.directory ?? "drills"
        do {
            let path = try writeReport(report.markdown, named: "\(drill.id).md", in: directory)
            drills.withLock { $0.reportPath = path }
            say(.info, "drill report written: \(path)", kind: "drill")
            return nil
        } catch {
            ledger.append(EventRecord(at: wallMilliseconds(), kind: "drill-report", text: report.markdown))
            let problem =
                "the report could not be written to \(directory) (\(error)); it is kept in the ledger's event table"
            say(.warning, problem, kind: "drill")
            return problem
        }
    }

    /// What a console shows of it.
    func drillView() -> EngineSnapshot.DrillView? {
        let book = drills.withLock { $0 }
        guard let drill = book.drill else { return nil }
        let since = { (from: Duration?, to: Duration?) -> Double? in
            guard let from, let to else { return nil }
            return (to - from).inSeconds
        }
        return EngineSnapshot.DrillView(
            id: drill.id,
            title: "revoke the primary's key",
            phase: EngineSnapshot.DrillView.Phase(rawValue: drill.phase.rawValue) ?? .ready,
            target: drill.target,
            credential: drill.credential,
            startedAt: book.openedWall,
            elapsed: (ContinuousClock.now - book.openedAt).inSeconds,
            leaseLeft: drill.isFaultIn ? book.leaseEnd.map { max(0, ($0 - .now).inSeconds) } : nil,
            timeToDetect: since(drill.inducedAt, drill.detectedAt),
            timeToFailover: since(drill.inducedAt, drill.failedOverAt),
            timeToRecover: since(drill.restoredAt, drill.recoveredAt),
            requests: drill.requests,
            failedOver: drill.failedOver,
            lost: drill.lost,
            timeline: drill.timeline.map { "T+\(clockText($0.at)) \($0.source)  \($0.text)" },
            report: book.reportPath
        )
    }
}

/// `07:05`, minutes and seconds.
func clockText(_ time: Duration) -> String {
    let seconds = time.components.seconds
    let pad = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(pad(seconds / 60)):\(pad(seconds % 60))"
}
