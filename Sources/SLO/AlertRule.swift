/// How loudly an alert speaks: a page wakes someone, a ticket waits for the morning.
package enum Severity: String, Sendable, Codable, CaseIterable { case page, ticket }

/// One thing that must not go unnoticed: what is looked at, and how loudly.
///
/// "For 15 minutes" means: at each evaluation (every 60 s and on events) the trailing 15 minutes are judged, and a breach
/// fires at once. It does not mean that every evaluation of 15 minutes must find a breach: that would take 30.
package struct AlertRule: Equatable, Sendable {
    package enum Check: Equatable, Sendable {
        /// Good over valid requests is under the target; a fraction, nil for the objective's own.
        case success(over: Duration, target: Double?)
        /// Fewer than 95 of 100 samples are within the target, which is to say that the p95 is over it.
        ///
        /// Nil for the objective's own, which is counted exactly; any other is read from the histogram, as if up to 1 % off.
        case latency(over: Duration, target: Duration?)
        /// The mean cost of a request is over the target; nano-dollars, nil for the objective's own.
        case cost(over: Duration, target: Int64?)
        /// Both windows burn the budget faster than `factor`; the short one is there to end the alert soon.
        case burnRate(long: Duration, short: Duration, factor: Double)
        /// So much of the error budget is spent; a fraction.
        case budgetSpent(Double, over: Duration)
        /// So much of an amount of money is spent, one alert a budget; a fraction.
        case moneySpent(Double)
        /// A feature's mean is at least `factor` times that of its own past, one alert a feature.
        case drift(Drift, factor: Double)
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
        case .success(let window, _), .cost(let window, _), .latency(let window, _), .budgetSpent(_, let window):
            [window]
        case .burnRate(let long, let short, _): [long, short]
        case .drift, .moneySpent, .failover, .keyRefused: []
        }
    }

    /// What of a feature may drift, with the numbers that make it one.
    package enum Drift: String, Sendable, Codable, CaseIterable {
        /// Mean tokens, in and out, of requests whose provider reported them.
        case tokens
        /// Mean cost of requests whose price is known.
        case cost

        /// The trailing window that is compared with the time before it.
        package static let recent: Duration = .seconds(6 * 3_600)
        /// Lengths of answers scatter: below so many, half again as much is chance.
        package static let fewestRecent = 50
        package static let fewestBefore = 200
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

/// What the config decides about alerts; a severity of nil is off.
package struct AlertSettings: Equatable, Sendable {
    package struct Mission<Target: Equatable & Sendable>: Equatable, Sendable {
        /// The trailing window that is judged.
        package var over: Duration
        package var severity: Severity? = .page
        /// Nil for the objective's own.
        package var target: Target?

        package init(over: Duration) {
            self.over = over
        }
    }

    package var latency = Mission<Duration>(over: .seconds(900))
    package var success = Mission<Double>(over: .seconds(300))
    package var cost = Mission<Int64>(over: .seconds(900))
    package var burnRate = true
    /// Shares of the error budget, and of each budget of money, at which to alert.
    package var budgetShares = [0.8, 1]
    package var drift: Severity? = .ticket
    package var driftFactor = 1.5
    /// A failover is the router at work: it can wait for the morning.
    package var failover: Severity? = .ticket
    /// A refused key is mended by nobody but a person.
    package var keyRefused: Severity? = .page
    /// At most a minute for what holds or doesn't: a failover, a refused key.
    package var clearFor: Duration = .seconds(300)

    package init() {}
}

extension AlertRule {
    /// Every rule that is on, in the order in which a screen lists them.
    package static func all(_ settings: AlertSettings, objectives: Objectives) -> [Self] {
        let (latency, success, cost) = (settings.latency, settings.success, settings.cost)
        let mission = [
            rule("latency", latency.severity, .latency(over: latency.over, target: latency.target)),
            rule("success", success.severity, .success(over: success.over, target: success.target)),
            rule("cost", cost.severity, .cost(over: cost.over, target: cost.target)),
        ]
        let budgets = settings.budgetShares.map {
            Self("budget_\(Figures.decimal($0 * 100, places: 0))", .ticket, .budgetSpent($0, over: objectives.window))
        }
        let drifts = [
            rule("drift_tokens", settings.drift, .drift(.tokens, factor: settings.driftFactor)),
            rule("drift_cost", settings.drift, .drift(.cost, factor: settings.driftFactor)),
        ]
        var rules =
            mission.compactMap(\.self) + (settings.burnRate ? burnRates : []) + budgets + drifts.compactMap(\.self)
        for index in rules.indices { rules[index].clearFor = settings.clearFor }
        // What holds or doesn't needs no figure to settle.
        let soon = min(settings.clearFor, .seconds(60))
        let events = [
            rule("failover", settings.failover, .failover, clearFor: soon),
            rule("key_refused", settings.keyRefused, .keyRefused, clearFor: soon),
        ]
        let money = settings.budgetShares.map {
            Self("spend_\(Figures.decimal($0 * 100, places: 0))", .ticket, .moneySpent($0), clearFor: .zero)
        }
        return rules + events.compactMap(\.self) + money
    }

    private static func rule(
        _ name: String,
        _ severity: Severity?,
        _ check: Check,
        clearFor: Duration = .seconds(300)
    ) -> Self? {
        severity.map { Self(name, $0, check, clearFor: clearFor) }
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
