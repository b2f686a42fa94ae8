/// Everything that is settled when a drill opens; stored beside its journal, so that it can be rebuilt.
package struct DrillPlan: Codable, Equatable, Sendable {
    package let id: String
    package let script: Script
    package let scenario: Scenario
    package let target: DrillTarget
    /// The longest time that anything stays broken.
    package let maxFault: Duration
    /// From inducing to the first failed-over success.
    package let targetFailover: Duration
    package let stopRules: StopRules
    /// The providers are simulated (`nines demo`).
    package let isSimulated: Bool
    /// Open from earlier drills.
    package let carried: [Finding]

    /// Fits script, scenario and limits together.
    ///
    /// A `factor` above 1 runs the whole script in so much less time, for a demonstration: holds and leases shrink with it.
    /// `maxFault` is brought within `Fault.shortestLease` and `Fault.longestLease`.
    package init(
        id: String,
        script: Script = .friday,
        scenario: Scenario,
        target: DrillTarget,
        maxFault: Duration = Fault.defaultLease,
        targetFailover: Duration = .seconds(10),
        stopRules: StopRules = StopRules(),
        isSimulated: Bool = false,
        carried: [Finding] = [],
        factor: Double = 1
    ) {
        let factor = max(1, factor)
        let longest = min(max(maxFault / factor, Fault.shortestLease), Fault.longestLease)
        self.id = id
        self.script = script.compressed(by: factor)
        let slot = self.script.phases.first { $0.kind == .observe }?.planned ?? longest
        self.scenario = scenario.compressed(into: min(slot, longest))
        self.target = target
        self.maxFault = longest
        self.targetFailover = targetFailover
        var stopRules = stopRules
        // A person has to find the key in a dashboard first.
        if scenario.faults.contains(.revokeKey(.byHand)) { stopRules.effectiveWithin = longest }
        // Its errors are the incident's own.
        if scenario.stages.contains(where: { $0.mix.contains { $0.place == .secondary } }) {
            stopRules.mostSecondaryErrors = 1
        }
        stopRules.longestDrill = max(stopRules.longestDrill / factor, .seconds(120))
        self.stopRules = stopRules
        self.isSimulated = isSimulated
        self.carried = carried
    }

    /// Why it can't be run; nil where it can.
    package var problem: String? {
        if target.secondary.isEmpty || target.secondary == target.deployment {
            return "\(target.deployment) has no second deployment to fail over to"
        }
        for fault in scenario.faults {
            if let problem = fault.problem { return "\(scenario.id): \(problem)" }
            if case .revokeKey = fault, target.credential == nil {
                return "\(target.deployment) has no key that could be revoked"
            }
        }
        return scenario.faults.isEmpty ? "\(scenario.id) breaks nothing" : nil
    }

    /// What a person must type for the fault to go in; nil where pressing the key is enough.
    package var typedConfirmation: String? {
        scenario.faults.lazy.compactMap { [target] in $0.typedConfirmation(provider: target.provider) }.first
    }

    /// What `stage` may break from `now` on, given that everything must be out at `end`.
    func lease(stage: Int, now: Duration, end: Duration) -> Lease {
        let length = scenario.stages[stage].length.map { $0 + Self.grace } ?? maxFault
        return Lease(
            drill: id,
            stage: stage,
            mix: scenario.stages[stage].mix,
            target: target,
            length: min(length, end - now)
        )
    }

    /// A stage's lease outlives it by this, so that the next one takes over without a gap.
    private static let grace: Duration = .seconds(3)
}
