/// What is known at one evaluation: figures of live traffic, and the state of routes and keys.
///
/// Counts that can't be (negative ones, more good than valid) are thrown away: rules that divide them then have no data.
package struct AlertInputs: Equatable, Sendable {
    /// One trailing window, ending now.
    package struct Window: Equatable, Sendable {
        package let length: Duration
        package var indicators: Indicators

        package init(_ length: Duration, _ indicators: Indicators) {
            self.length = length
            self.indicators = indicators
        }
    }

    /// One feature's trailing window `AlertRule.Drift.recent`, and the seven days before that.
    package struct Feature: Equatable, Sendable {
        package let name: String
        package var recent: EventCounts
        package var before: EventCounts

        package init(_ name: String, recent: EventCounts, before: EventCounts) {
            self.name = name
            self.recent = recent
            self.before = before
        }
    }

    /// An amount of money for a period; nano-dollars.
    package struct Money: Equatable, Sendable {
        /// `feature summarise`, `tenant acme`.
        package let name: String
        package var spent: Int64
        package var amount: Int64

        package init(_ name: String, spent: Int64, amount: Int64) {
            self.name = name
            self.spent = spent
            self.amount = amount
        }
    }

    /// A model group that its primary doesn't serve now.
    package struct Failover: Equatable, Sendable {
        package let group: String
        package let primary: String
        /// Nil when nobody serves it.
        package let serving: String?

        package init(group: String, primary: String, serving: String?) {
            self.group = group
            self.primary = primary
            self.serving = serving
        }
    }

    /// A key that is out of use because a provider refused it; its name, never the key.
    package struct RefusedKey: Equatable, Sendable {
        package let name: String
        package let provider: String

        package init(_ name: String, provider: String) {
            self.name = name
            self.provider = provider
        }
    }

    package let objectives: Objectives
    package var windows: [Window]
    package var features: [Feature] = []
    package var money: [Money] = []
    /// All that hold now: a group that isn't here is served by its primary.
    package var failovers: [Failover] = []
    /// All that hold now: a key that isn't here is in use.
    package var refusedKeys: [RefusedKey] = []
    /// The drill that runs; what fires meanwhile says so.
    package var drill: String?

    package init(objectives: Objectives, windows: [Window] = []) {
        self.objectives = objectives
        self.windows = windows
    }

    /// Nil where the window wasn't handed in, or has counts that can't be.
    func indicators(over length: Duration) -> Indicators? {
        guard let index = index(of: length) else { return nil }
        let indicators = windows[index].indicators
        return indicators.counts.isPossible ? indicators : nil
    }

    /// The same for those who need no more of it: whole indicators are large, and a book reads them a dozen times a tick.
    func budget(over length: Duration, target: Double? = nil) -> ErrorBudget? {
        guard let index = index(of: length) else { return nil }
        let good = windows[index].indicators.counts.good
        let valid = windows[index].indicators.counts.valid
        guard 0 <= good, good <= valid else { return nil }
        return ErrorBudget(good: good, valid: valid, target: target ?? objectives.success)
    }

    private func index(of length: Duration) -> Int? {
        var index = 0
        while index < windows.count {
            if windows[index].length == length { return index }
            index += 1
        }
        return nil
    }
}

extension EventCounts {
    /// Nothing negative, and no part larger than its whole, among what rules divide.
    var isPossible: Bool {
        0 <= good && good <= valid && 0 <= latencyFast && latencyFast <= latencySamples && priced >= 0 && cost >= 0
            && metered >= 0 && tokensIn >= 0 && tokensOut >= 0
    }
}
