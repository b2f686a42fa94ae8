import Console
import Drills
import Routing
import SLO
import Settings
import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// What a new drill is made of, and why it may not begin.

extension Engine {
    /// Half an hour becomes five minutes.
    private static let compression = 6.0

    func openDrill(_ id: String, isCompressed: Bool, group: String?, by: String) -> CommandReply {
        if let last = desk.book.withLock({ $0.drill }) {
            guard last.isOver else {
                return CommandReply(ok: false, message: "\(last.plan.id) is open: close it out first")
            }
            guard writeEnd() else {
                let problem = "the end of \(last.plan.id) can't be written: mend the database"
                return CommandReply(ok: false, message: problem)
            }
        }
        guard let scenario = library.scenarios.first(where: { $0.id == id }) else {
            return CommandReply(ok: false, message: "there is no scenario '\(id)'")
        }
        guard let target = drillTarget(group: group) else {
            let whose = group.map { "'\($0.prefix(100))' is no model group with" } ?? "no model group has"
            return CommandReply(ok: false, message: "\(whose) a second deployment: nothing could fail over")
        }
        let plan = plan(scenario, target, isCompressed: isCompressed && demo != nil)
        if let obstacle = plan.problem ?? missingAdmin(scenario, target) ?? obstacle(to: plan) {
            return CommandReply(ok: false, message: obstacle)
        }
        let budget = (try? ledger.headline(now: wallMilliseconds()))?.budget
        let file = DrillFile(
            plan: plan,
            surroundings: surroundings,
            budgetBefore: BudgetFigures(bad: budget?.bad ?? 0, allowed: budget?.allowed ?? 0)
        )
        let now = wallMilliseconds()
        let exposed = exposedGroups(plan).map { "'\($0)'" }.joined(separator: ", ")
        let warning = exposed.isEmpty ? nil : "while the fault is in, requests to \(exposed) would fail"
        let moment = Drills.Moment(elapsed: .zero, wall: now)
        let (drill, effects) = Drill.open(plan, by: by, at: moment, warning: warning)
        desk.book.withLock { book in
            let kept = book
            book = DrillBook()
            (book.history, book.historyRows, book.openFindings) = (kept.history, kept.historyRows, kept.openFindings)
            (book.unfiled, book.meter) = (kept.unfiled, kept.meter.reopened())
            book.file = file
        }
        desk.keep(drill)
        if let problem = carryOut(effects) {
            desk.keep(nil)
            return CommandReply(ok: false, message: "no drill was opened: its journal can't be written (\(problem))")
        }
        say(.info, "drill opened: \(scenario.title), \(target.deployment)", kind: "drill")
        hub.kick()
        let opened = "drill opened: nothing is broken yet"
        return CommandReply(ok: true, message: warning.map { "\(opened); \($0)" } ?? opened)
    }

    /// Why a key can't be switched off at its provider; nil where it can, or need not.
    func missingAdmin(_ scenario: Scenario, _ target: DrillTarget) -> String? {
        guard scenario.faults.contains(.revokeKey(.atProvider)), config.drill.admin[target.provider] == nil else {
            return nil
        }
        return "needs nines.drill.admin.\(target.provider) in the config"
    }

    /// The primary of the group of that name, or of the first one, that has someone to fail over to.
    func drillTarget(group name: String? = nil) -> DrillTarget? {
        for group in config.groups where name == nil || group.name == name {
            guard let primary = group.primary else { continue }
            let others = group.inOrder.filter { $0.id != primary.id }
            // Another key where there is one: a revoked key must not take both.
            guard let second = others.first(where: { $0.credential != primary.credential }) ?? others.first else {
                continue
            }
            return DrillTarget(
                provider: primary.provider,
                deployment: primary.id.name,
                credential: primary.credential?.name,
                secondary: second.id.name
            )
        }
        return nil
    }

    func plan(_ scenario: Scenario, _ target: DrillTarget, isCompressed: Bool) -> DrillPlan {
        let date = Date(timeIntervalSince1970: Double(wallMilliseconds()) / 1_000).formatted(.iso8601)
        let digits = date.filter(\.isNumber)
        var stopRules = StopRules()
        stopRules.spendCap = config.drill.maxSpend
        return DrillPlan(
            id: unused("drill-\(digits.prefix(8))-\(digits.dropFirst(8).prefix(6))"),
            script: library.script,
            scenario: scenario,
            target: target,
            maxFault: config.drill.maxFault,
            targetFailover: config.drill.targetFailover,
            stopRules: stopRules,
            isSimulated: demo != nil,
            carried: desk.book.withLock { $0.openFindings },
            factor: drillFactor ?? (isCompressed ? Self.compression : 1)
        )
    }

    /// Two drills may be opened within a second.
    private func unused(_ id: String) -> String {
        var (name, number) = (id, 1)
        while (try? ledger.drill(id: name)) != nil {
            number += 1
            name = "\(id)-\(number)"
        }
        return name
    }

    private var surroundings: Closeout.Surroundings {
        let deployments = config.groups.map { group in
            group.inOrder.map { deployment in
                [
                    deployment.id.name, deployment.provider, deployment.model, deployment.apiBase,
                    deployment.credential?.name ?? "", "\(deployment.order ?? 0)", "\(deployment.weight ?? 0)",
                ].joined(separator: " ")
            }.joined(separator: "\n")
        }
        let text = deployments.joined(separator: "\n\n") + "\(config.objectives)\(config.policy)"
        let prices = PriceFingerprint.text
        return Closeout.Surroundings(
            version: "nines \(identity.version)",
            configHash: fingerprint(text),
            priceTable: fingerprint(prices),
            environment: demo == nil ? "live" : "demo"
        )
    }

    /// Why the fault can't go in now without losing requests or the point; nil where it can.
    func obstacle(to plan: DrillPlan) -> String? {
        let (isBypassOn, isDraining) = switches.withLock { ($0.isBypassOn, $0.isDraining) }
        if isDraining { return "no drill now: Nines is being stopped" }
        if isBypassOn {
            return "no drill with the bypass on: there would be no failover to see; end it with b"
        }
        let exposed = exposedGroups(plan)
        guard !exposed.isEmpty else { return nil }
        // What can't be read may be in use.
        let slices = try? ledger.slices(by: .group, now: wallMilliseconds(), window: .seconds(3_600))
        let isBusy = { (name: String) in
            slices?.contains { $0.name == name && $0.counts.requests > 0 } ?? true
        }
        return exposed.first(where: isBusy).map { name in
            "group '\(name)' had requests within the last hour, and has no healthy deployment that this leaves alone: "
                + "it would lose them; give '\(name)' a second deployment, or drill with 'Slow the first token'"
        }
    }

    /// Other groups that live on the same key or host, and would have to do without it too, by name.
    private func exposedGroups(_ plan: DrillPlan) -> [String] {
        let lease = Lease(
            drill: plan.id,
            stage: 0,
            mix: plan.scenario.stages.flatMap(\.mix),
            target: plan.target,
            length: plan.maxFault
        )
        let address = table.deployments[DeploymentID(plan.target.deployment)]?.apiBase
        return router.withLock { state in
            config.groups.filter { group in
                let isMet = { (deployment: Deployment) in
                    lease.mix.contains { lease.meets(deployment, $0, address: address) }
                }
                guard group.deployments.contains(where: isMet),
                    !group.deployments.contains(where: { $0.id.name == plan.target.secondary })
                else { return false }
                let reachable = (table.groups(for: group.name) ?? []).flatMap(\.deployments)
                return !reachable.contains {
                    !isMet($0) && state.breakers.admission(of: $0, now: uptime) == .admitted
                }
            }
        }.map(\.name)
    }
}
