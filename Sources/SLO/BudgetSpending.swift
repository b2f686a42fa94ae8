/// Who spent an error budget: one provider, feature, tenant or incident.
package struct BudgetShare: Equatable, Sendable {
    package let name: String
    /// Failures.
    package let bad: Int
    /// Of all failures; a fraction.
    package let ofSpent: Double
    /// Of the whole budget; over 1 where this one alone overspent it.
    package let ofBudget: Double

    /// Of an incident: whether it alone spent more than the policy lets pass.
    package func needsPostmortem(_ policy: BudgetPolicy) -> Bool { ofBudget > policy.postmortem }
}

extension ErrorBudget {
    /// The windows in which the burn rate is shown.
    package static let burnWindows: [Duration] = [
        .seconds(300), .seconds(3_600), .seconds(6 * 3_600), .seconds(3 * 86_400),
    ]

    /// Shares of the failures by name, largest first; names without failures are left out.
    ///
    /// One failure may be put down to several names (a provider and an incident), so shares need not add up to 1.
    package func shares(_ failures: [String: Int]) -> [BudgetShare] {
        failures.filter { $0.value > 0 }
            .map { name, bad in
                BudgetShare(
                    name: name,
                    bad: bad,
                    ofSpent: self.bad > 0 ? Double(bad) / Double(self.bad) : 0,
                    ofBudget: allowed > 0 ? Double(bad) / allowed : 0
                )
            }
            .sorted { ($1.bad, $0.name) < ($0.bad, $1.name) }
    }

    /// What was left after each step of a window, as a fraction of the whole window's budget; nil in a gap.
    ///
    /// The last value is `remaining` of the window: the allowance is that of all its traffic from the start, so that the
    /// line only falls.
    package static func burnDown(_ steps: [EventCounts?], target: Double) -> [Double?] {
        let valid = steps.reduce(0) { $0 + ($1?.valid ?? 0) }
        var bad = 0
        return steps.map { step in
            guard let step else { return nil }
            bad += step.bad
            return ErrorBudget(good: valid - bad, valid: valid, target: target).remaining
        }
    }
}
