/// The four numbers over the objectives' window, and how they stand.
package struct Headline: Equatable, Sendable {
    package let objectives: Objectives
    /// Over the objectives' window.
    package let window: Indicators
    package let lastHour: EventCounts
    package let lastSixHours: EventCounts

    package init(objectives: Objectives, window: Indicators, lastHour: EventCounts, lastSixHours: EventCounts) {
        self.objectives = objectives
        self.window = window
        self.lastHour = lastHour
        self.lastSixHours = lastSixHours
    }

    package var budget: ErrorBudget { window.budget(target: objectives.success) }
    /// Of the last six hours alone.
    package var recentBudget: ErrorBudget { budget(of: lastSixHours) }
    /// Nil without traffic in that hour.
    package var burnRate1h: Double? { budget(of: lastHour).burnRate }
    /// Nil without traffic in those hours.
    package var burnRate6h: Double? { budget(of: lastSixHours).burnRate }
    /// At the burn rate of the last six hours; nil where the budget lasts.
    package var timeToExhaustion: Duration? {
        budget.timeToExhaustion(window: objectives.window, burnRate: burnRate6h)
    }

    package var successStanding: Standing { .success(budget) }
    package var budgetStanding: Standing { .budget(budget, recent: recentBudget) }
    package var latencyStanding: Standing {
        .latency(fast: window.counts.latencyFast, samples: window.counts.latencySamples)
    }
    package var costStanding: Standing {
        .cost(perRequest: window.costPerRequest, samples: window.counts.priced, target: objectives.costPerRequest)
    }

    private func budget(of counts: EventCounts) -> ErrorBudget {
        ErrorBudget(good: counts.good, valid: counts.valid, target: objectives.success)
    }
}
