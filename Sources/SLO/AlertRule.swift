/// How loudly an alert speaks: a page wakes someone, a ticket waits for the morning.
package enum Severity: String, Sendable, Codable, CaseIterable { case page, ticket }

/// One thing that must not go unnoticed: what is looked at, and how loudly.
///
/// "For 15 minutes" means: at each evaluation (every 60 s and on events) the trailing 15 minutes are judged, and a breach
/// fires at once. It does not mean that every evaluation of 15 minutes must find a breach: that would take 30.
package struct AlertRule: Equatable, Sendable {
    package enum Check: Equatable, Sendable {
        /// Good over valid requests is under the target.
        case success(over: Duration)
        /// Fewer than 95 of 100 samples are within the target, which is to say that the p95 is over it.
        case latency(over: Duration)
        /// The mean cost of a request is over the target.
        case cost(over: Duration)
        /// Both windows burn the budget faster than `factor`; the short one is there to end the alert soon.
        case burnRate(long: Duration, short: Duration, factor: Double)
        /// So much of the error budget is spent; a fraction.
        case budgetSpent(Double, over: Duration)
        /// So much of an amount of money is spent, one alert a budget; a fraction.
        case moneySpent(Double)
        /// A feature's mean is at least `Drift.factor` times that of its own last seven days, one alert a feature.
        case drift(Drift)
        /// A model group is not served by its primary, one alert a group.
        case failover
        /// A provider refuses a key, one alert a key.
        case keyRefused
    }

    /// In identifiers, on the screen, in pagers: `success`, `burn_rate_1h`.
    package let name: String
    package var severity: Severity
    package let check: Check
    /// Once fired, it must hold clear for so long before it is resolved.
    package var clearFor: Duration = .seconds(300)

    package init(_ name: String, _ severity: Severity, _ check: Check, clearFor: Duration = .seconds(300)) {
        self.name = name
        self.severity = severity
        self.check = check
        self.clearFor = clearFor
    }

    /// A fired alert holds until its value is better than the threshold by this fraction of it.
    package static let margin = 0.1
    /// A fired alert that nothing proves any more, because traffic ceased, is resolved after so long.
    package static let unprovenFor: Duration = .seconds(3_600)

    /// Trailing windows that the rule looks at.
    package var windows: [Duration] {
        switch check {
        case .success(let window), .latency(let window), .cost(let window), .budgetSpent(_, let window): [window]
        case .burnRate(let long, let short, _): [long, short]
        case .drift, .moneySpent, .failover, .keyRefused: []
        }
    }

    /// What may still hold events of a time that the clock was set back to: until this has passed, the rule waits.
    ///
    /// The shortest window, since all windows of a rule must breach; the month of the budget would wait for too long.
    var settling: Duration {
        switch check {
        case .budgetSpent, .drift: .seconds(900)
        default: windows.min() ?? .zero
        }
    }
}

/// What of a feature may drift, with the numbers that make it one.
package enum Drift: String, Sendable, Codable, CaseIterable {
    /// Mean tokens, in and out, of requests whose provider reported them.
    case tokens
    /// Mean cost of requests whose price is known.
    case cost

    package static let recent: Duration = .seconds(6 * 3_600)
    /// Trailing, `recent` included: what it is compared with is this less `recent`.
    package static let week: Duration = .seconds(7 * 86_400)
    package static let factor = 1.5
    /// Means of answers' lengths scatter: below so many, half again as much is chance.
    package static let fewestRecent = 50
    package static let fewestBefore = 200
}

/// What the config decides about alerts.
package struct AlertSettings: Equatable, Sendable {
    package struct Mission: Equatable, Sendable {
        /// The trailing window that is judged.
        package var over: Duration
        package var severity: Severity

        package init(over: Duration, severity: Severity = .page) {
            self.over = over
            self.severity = severity
        }
    }

    package var latency = Mission(over: .seconds(900))
    package var success = Mission(over: .seconds(300))
    package var cost = Mission(over: .seconds(900))
    package var burnRate = true

    package init() {}
}

extension AlertRule {
    /// Every rule, in the order in which a screen lists them.
    package static func all(_ settings: AlertSettings, objectives: Objectives) -> [Self] {
        let mission = [
            Self("latency", settings.latency.severity, .latency(over: settings.latency.over)),
            Self("success", settings.success.severity, .success(over: settings.success.over)),
            Self("cost", settings.cost.severity, .cost(over: settings.cost.over)),
        ]
        let budgets = [
            Self("budget_80", .ticket, .budgetSpent(0.8, over: objectives.window)),
            Self("budget_100", .ticket, .budgetSpent(1, over: objectives.window)),
            Self("spend_80", .ticket, .moneySpent(0.8), clearFor: .zero),
            Self("spend_100", .ticket, .moneySpent(1), clearFor: .zero),
        ]
        let events = [
            // A failover is the router at work; a refused key is mended by nobody but a person.
            Self("failover", .ticket, .failover, clearFor: .seconds(60)),
            Self("key_refused", .page, .keyRefused, clearFor: .seconds(60)),
            Self("drift_tokens", .ticket, .drift(.tokens)),
            Self("drift_cost", .ticket, .drift(.cost)),
        ]
        return mission + (settings.burnRate ? burnRates : []) + budgets + events
    }

    /// Pairs of windows for a budget of 30 days: the factors spend 2, 5, 10 and 10 % of it within the long window.
    ///
    /// Source: Google SRE Workbook, "Alerting on SLOs"; the pair of a day is Sloth's.
    package static let burnRates = [
        Self("burn_rate_1h", .page, .burnRate(long: .seconds(3_600), short: .seconds(300), factor: 14.4)),
        Self("burn_rate_6h", .page, .burnRate(long: .seconds(6 * 3_600), short: .seconds(1_800), factor: 6)),
        Self("burn_rate_1d", .ticket, .burnRate(long: .seconds(86_400), short: .seconds(2 * 3_600), factor: 3)),
        Self("burn_rate_3d", .ticket, .burnRate(long: .seconds(3 * 86_400), short: .seconds(6 * 3_600), factor: 1)),
    ]
}
