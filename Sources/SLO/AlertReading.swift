/// What one rule found at one evaluation.
package struct AlertReading: Equatable, Sendable, Codable {
    package enum Verdict: String, Sendable, Codable {
        /// Nothing was measured.
        case noData = "no data"
        /// Too little to prove anything: see `Standing` for how much is needed.
        case tooFewSamples = "too few samples"
        case clear
        /// Within the threshold, though not by the margin that ends an alert.
        case near
        case breached
    }

    package enum Unit: String, Sendable, Codable {
        /// A fraction, shown as a percentage.
        case share
        case seconds
        case nanoDollars = "nano_dollars"
        /// How many times as much.
        case factor
        /// There is no number: it holds or it doesn't.
        case none
    }

    package var verdict: Verdict
    package var value: Double?
    package var threshold: Double
    package var unit: Unit
    package var samples: Int
    /// The case in words, where name and figures don't say it.
    package var detail: String?

    init(_ verdict: Verdict, _ value: Double? = nil, of threshold: Double, _ unit: Unit, samples: Int = 0) {
        self.verdict = verdict
        self.value = value
        self.threshold = threshold
        self.unit = unit
        self.samples = samples
    }

    /// From how many times as bad as the threshold the value is; a threshold that is just reached breaches only if
    /// `breachesAtOnce`.
    ///
    /// 4 of 5 is exactly 0.8, were it not for binary fractions.
    static func verdict(_ badness: Double, breachesAtOnce: Bool = false) -> Verdict {
        if badness > 1 + 1e-9 || breachesAtOnce && badness >= 1 - 1e-9 { return .breached }
        return badness <= 1 - AlertRule.margin ? .clear : .near
    }
}

extension AlertRule {
    /// Of a rule that is judged as a whole; nil for those with one alert a subject.
    func reading(_ inputs: AlertInputs) -> AlertReading? {
        switch check {
        case .success(let window, let target):
            success(inputs.budget(over: window, target: target), target ?? inputs.objectives.success)
        case .latency(let window, let target):
            latency(inputs.indicators(over: window), target, inputs.objectives.latencyP95)
        case .cost(let window, let target):
            cost(inputs.indicators(over: window), target ?? inputs.objectives.costPerRequest)
        case .burnRate(let long, let short, let factor):
            burnRate(inputs.budget(over: long), inputs.budget(over: short), factor)
        case .budgetSpent(let share, let window): budgetSpent(share, inputs.budget(over: window))
        case .moneySpent, .drift, .failover, .keyRefused: nil
        }
    }

    private func success(_ budget: ErrorBudget?, _ target: Double) -> AlertReading {
        var reading = AlertReading(.noData, of: target, .share)
        guard let budget, budget.valid > 0 else { return reading }
        reading.value = Double(budget.good) / Double(budget.valid)
        reading.samples = budget.valid
        reading.verdict = Self.verdict(Standing.success(budget), badness: budget.burnRate)
        return reading
    }

    private func latency(_ indicators: Indicators?, _ own: Duration?, _ promised: Duration) -> AlertReading {
        let target = own ?? promised
        var reading = AlertReading(.noData, of: target / .seconds(1), .seconds)
        guard let indicators else { return reading }
        let isCounted = target == promised
        let samples = isCounted ? indicators.counts.latencySamples : indicators.latency.samples
        let fast = isCounted ? indicators.counts.latencyFast : indicators.latency.count(atMost: target)
        let p95 = isCounted ? indicators.p95(target: target) : indicators.latency.quantile(Standing.latencyShare)
        reading.value = p95.map { $0 / .seconds(1) }
        reading.samples = samples
        reading.verdict = Self.verdict(
            Standing.latency(fast: fast, samples: samples),
            badness: ErrorBudget(good: fast, valid: samples, target: Standing.latencyShare).burnRate
        )
        return reading
    }

    private func cost(_ indicators: Indicators?, _ target: Int64) -> AlertReading {
        var reading = AlertReading(.noData, of: Double(target), .nanoDollars)
        guard let indicators else { return reading }
        let mean = indicators.costPerRequest
        reading.value = mean
        reading.samples = indicators.counts.priced
        reading.verdict = Self.verdict(
            Standing.cost(perRequest: mean, samples: reading.samples, target: target),
            badness: mean.map { target > 0 ? $0 / Double(target) : 0 }
        )
        return reading
    }

    /// The value is the rate that both windows reach.
    ///
    /// The long window must prove it: 20 requests and, however many there are, 4 failures, since at a factor of 1 and 200
    /// requests a single failure would do. The short one only ends the alert: any traffic in it will do.
    private func burnRate(_ long: ErrorBudget?, _ short: ErrorBudget?, _ factor: Double) -> AlertReading {
        var reading = AlertReading(.noData, of: factor, .factor)
        guard let long else { return reading }
        reading.samples = long.valid
        guard let slow = long.burnRate, let fast = short?.burnRate else { return reading }
        let rate = min(slow, fast)
        reading.value = rate
        reading.verdict = Self.verdict(proving: long, AlertReading.verdict(rate / factor))
        return reading
    }

    /// The same proof as for a burn rate.
    private func budgetSpent(_ share: Double, _ budget: ErrorBudget?) -> AlertReading {
        var reading = AlertReading(.noData, of: share, .share)
        guard let budget, let spent = budget.burnRate else { return reading }
        reading.value = spent
        reading.samples = budget.valid
        reading.verdict = Self.verdict(proving: budget, AlertReading.verdict(spent / share, breachesAtOnce: true))
        return reading
    }

    private static func verdict(proving budget: ErrorBudget, _ verdict: AlertReading.Verdict) -> AlertReading.Verdict {
        if budget.valid < Standing.fewestRequests { return .tooFewSamples }
        return verdict == .breached && budget.bad < Standing.fewestFailures ? .tooFewSamples : verdict
    }

    private static func verdict(_ standing: Standing, badness: Double?) -> AlertReading.Verdict {
        switch standing {
        case .noData: .noData
        case .tooFew: .tooFewSamples
        case .critical: .breached
        case .ok, .warning: badness.map { AlertReading.verdict($0) } ?? .noData
        }
    }
}

/// A reading of one of a rule's subjects: a feature, a group, a key.
struct SubjectReading {
    /// Names may come from clients: one line of at most 80 characters, `(none)` for none.
    let subject: String
    let reading: AlertReading

    init(subject: String, reading: AlertReading) {
        let isPlain = subject.utf8.count <= 80 && subject.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        self.subject = subject.isEmpty ? "(none)" : isPlain ? subject : Self.plain(subject)
        self.reading = reading
    }

    private static func plain(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.prefix(80).map { $0.properties.generalCategory == .control ? "?" : $0 }
            )
        )
    }
}

extension AlertRule {
    /// One a subject that is known now, for rules with one alert a subject; none for the others.
    func subjectReadings(_ inputs: AlertInputs) -> [SubjectReading] {
        switch check {
        case .moneySpent(let share): inputs.money.compactMap { moneySpent(share, $0) }
        case .drift(let drift, let factor):
            inputs.features.map { SubjectReading(subject: $0.name, reading: drift.reading(of: $0, against: factor)) }
        case .failover: inputs.failovers.map(failedOver)
        case .keyRefused: inputs.refusedKeys.map(refused)
        case .success, .latency, .cost, .burnRate, .budgetSpent: []
        }
    }

    /// What a subject reads that the inputs don't hold: clear for what is listed only while it is wrong.
    var absent: AlertReading {
        switch check {
        case .failover, .keyRefused: AlertReading(.clear, of: 1, .none)
        case .moneySpent(let share): AlertReading(.noData, of: share, .share)
        case .drift(_, let factor): AlertReading(.noData, of: factor, .factor)
        case .success, .latency, .cost, .burnRate, .budgetSpent: AlertReading(.noData, of: 1, .none)
        }
    }

    /// A budget of nothing, or less than nothing spent, is no budget.
    private func moneySpent(_ share: Double, _ money: AlertInputs.Money) -> SubjectReading? {
        guard money.amount > 0, money.spent >= 0 else { return nil }
        let spent = Double(money.spent) / Double(money.amount)
        var reading = AlertReading(.clear, spent, of: share, .share)
        reading.verdict = AlertReading.verdict(spent / share, breachesAtOnce: true)
        return SubjectReading(subject: money.name, reading: reading)
    }

    private func failedOver(_ failover: AlertInputs.Failover) -> SubjectReading {
        var reading = AlertReading(.breached, of: 1, .none)
        let primary = failover.primary
        reading.detail = failover.serving.map { "served by \($0) in place of \(primary)" } ?? "no deployment serves it"
        return SubjectReading(subject: failover.group, reading: reading)
    }

    private func refused(_ key: AlertInputs.RefusedKey) -> SubjectReading {
        var reading = AlertReading(.breached, of: 1, .none)
        reading.detail = "refused by \(key.provider)"
        return SubjectReading(subject: key.name, reading: reading)
    }
}

extension AlertRule.Drift {
    func reading(of feature: AlertInputs.Feature, against factor: Double) -> AlertReading {
        var reading = AlertReading(.noData, of: factor, .factor)
        guard feature.recent.isPossible, feature.before.isPossible else { return reading }
        let (sum, count) = total(of: feature.recent)
        let (sumBefore, countBefore) = total(of: feature.before)
        reading.samples = count
        guard count > 0 else { return reading }
        reading.verdict = .tooFewSamples
        guard count >= Self.fewestRecent, countBefore >= Self.fewestBefore, sumBefore > 0 else { return reading }
        let ratio = (sum / Double(count)) / (sumBefore / Double(countBefore))
        reading.value = ratio
        reading.verdict = AlertReading.verdict(ratio / factor, breachesAtOnce: true)
        return reading
    }

    /// As floating point: a provider's nonsense can't overflow it.
    private func total(of counts: EventCounts) -> (sum: Double, count: Int) {
        switch self {
        case .tokens: (Double(counts.tokensIn) + Double(counts.tokensOut), counts.metered)
        case .cost: (Double(counts.cost), counts.priced)
        }
    }
}
