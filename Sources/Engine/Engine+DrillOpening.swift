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
        guard let target = drillTarget(for: scenario, group: group) else {
            let whose = group.map { "'\($0.prefix(100))' is no model group with" } ?? "no model group has"
            return CommandReply(ok: false, message: "\(whose) a second deployment: nothing could fail over")
        }
        let plan = plan(scenario, target, isCompressed: isCompressed && demo != nil)
        if let obstacle = plan.problem ?? hindrance(scenario, target) ?? obstacle(to: plan) {
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
        let (drill, effects) = Drill.open(plan, by: by, at: moment, warning: warning, seal: file.seal)
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

    /// Why the config lets that fault have no good end; nil where it does.
    func hindrance(_ scenario: Scenario, _ target: DrillTarget) -> String? {
        if scenario.faults.contains(.revokeKey(.atProvider)), config.drill.admin[target.provider] == nil {
            return "needs nines.drill.admin.\(target.provider) in the config"
        }
        guard let secondary = table.deployments[DeploymentID(target.secondary)], meets(scenario, target)(secondary)
        else { return nil }
        return "it would break \(target.secondary) too, which lives on the same key, host or provider: "
            + "nothing could fail over; the group needs a deployment of its own there"
    }

    /// Which deployments the faults of that scenario meet, apart from what they do to the secondary on purpose.
    private func meets(_ scenario: Scenario, _ target: DrillTarget) -> (Deployment) -> Bool {
        let mix = scenario.stages.flatMap(\.mix).filter { $0.place != .secondary }
        let lease = Lease(drill: "", stage: 0, mix: mix, target: target, length: .zero)
        let address = table.deployments[DeploymentID(target.deployment)]?.apiBase
        return { deployment in mix.contains { lease.meets(deployment, $0, address: address) } }
    }

    /// The primary of the group of that name, or of the first one, that has someone to fail over to.
    ///
    /// Its secondary is the first that the scenario leaves alone, where there is one.
    func drillTarget(for scenario: Scenario? = nil, group name: String? = nil) -> DrillTarget? {
        for group in config.groups where name == nil || group.name == name {
            guard let primary = group.primary else { continue }
            let targets = group.inOrder.filter { $0.id != primary.id }.map { second in
                let target = DrillTarget(
                    provider: primary.provider,
                    deployment: primary.id.name,
                    credential: primary.credential?.name,
                    secondary: second.id.name
                )
                return (target, second)
            }
            let apart = targets.first { target, second in
                scenario.map { !meets($0, target)(second) } ?? (second.credential != primary.credential)
            }
            if let (target, _) = apart ?? targets.first { return target }
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
        let isMet = meets(plan.scenario, plan.target)
        return router.withLock { state in
            config.groups.filter { group in
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
