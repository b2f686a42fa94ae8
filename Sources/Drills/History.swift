/// What remains of one drill among the others.
package struct DrillOutcome: Codable, Equatable, Sendable {
    package let id: String
    /// UTC milliseconds at which it opened.
    package let at: Int64
    /// Id of its scenario, and the provider that was primary.
    package let scenario: String
    package let provider: String
    package let `operator`: String
    package let verdict: DrillVerdict.Outcome
    package let timeToFailover: Duration?
    /// Users' requests that were lost.
    package let lost: Int
    /// Share of the error budget.
    package let budgetSpent: Double?
    /// Of the router's and the providers' configuration.
    package let configHash: String

    package init(
        id: String,
        at: Int64,
        scenario: String,
        provider: String,
        operator: String,
        verdict: DrillVerdict.Outcome,
        timeToFailover: Duration?,
        lost: Int,
        budgetSpent: Double?,
        configHash: String
    ) {
        self.id = id
        self.at = at
        self.scenario = scenario
        self.provider = provider
        self.operator = `operator`
        self.verdict = verdict
        self.timeToFailover = timeToFailover
        self.lost = lost
        self.budgetSpent = budgetSpent
        self.configHash = configHash
    }
}

/// All drills of a router, and how boring they have become.
package struct DrillHistory: Equatable, Sendable {
    /// Oldest first.
    package let outcomes: [DrillOutcome]
    /// Names that may operate; with more than one, the same operator twice in a row breaks a streak.
    package let team: Set<String>

    package init(_ outcomes: [DrillOutcome], team: Set<String> = []) {
        self.outcomes = outcomes.sorted { $0.at < $1.at }
        self.team = team
    }

    /// What counts toward a streak, as it is printed.
    package var streakRules: [String] {
        var rules = [
            "the verdict is a pass without findings: nothing lost, failover in time, all three alert checks, at most "
                + "\(Words.percent(DrillVerdict.smallSpend, 0)) of the budget, no step skipped",
            "the router's and the providers' configuration is that of the drill before",
        ]
        if team.count > 1 { rules.append("another operator than last time") }
        return rules
    }

    /// Consecutive drills, up to the last one, that hold to the rules.
    package var streak: Int { Self.streak(outcomes, isChained) }

    private static func streak(_ outcomes: [DrillOutcome], _ isChained: (DrillOutcome, DrillOutcome) -> Bool) -> Int {
        var count = 0
        var later: DrillOutcome?
        for outcome in outcomes.reversed() {
            guard outcome.verdict == .pass else { break }
            if let later, !isChained(outcome, later) { break }
            count += 1
            later = outcome
        }
        return count
    }

    private func isChained(_ one: DrillOutcome, _ next: DrillOutcome) -> Bool {
        one.configHash == next.configHash && (team.count < 2 || one.operator != next.operator)
    }

    /// From a streak of three on there is nothing left to see weekly.
    package var isBoring: Bool { streak >= Self.boringStreak }
    package static let boringStreak = 3

    /// How often to drill from now on; each provider or SDK change calls for one besides.
    package enum Cadence: String, Codable, Sendable { case weekly, monthly, quarterly }

    package var cadence: Cadence { streak < Self.boringStreak ? .weekly : streak < 6 ? .monthly : .quarterly }

    /// One cell of the matrix of scenarios and providers.
    package struct Coverage: Equatable, Sendable {
        package let scenario: String
        package let provider: String
        package let count: Int
        /// The last one's; nil where it was never tried.
        package let last: DrillOutcome?
    }

    /// Row by row, every scenario with every provider, tried or not.
    package func coverage(scenarios: [String], providers: [String]) -> [Coverage] {
        scenarios.flatMap { scenario in
            providers.map { provider in
                let own = outcomes.filter { $0.scenario == scenario && $0.provider == provider }
                return Coverage(scenario: scenario, provider: provider, count: own.count, last: own.last)
            }
        }
    }

    /// The same as plain lines, a column for each provider: how often, and how the last one went.
    package func coverageTable(scenarios: [String], providers: [String]) -> [String] {
        guard !providers.isEmpty else { return [] }
        let cells = coverage(scenarios: scenarios, providers: providers).map { cell in
            cell.last.map { "\(cell.count)x, last \($0.verdict.words)" } ?? "never"
        }
        var rows = [["SCENARIO"] + providers]
        for (index, scenario) in scenarios.enumerated() {
            rows.append([scenario] + cells[index * providers.count..<(index + 1) * providers.count])
        }
        let widths = rows[0].indices.map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
        return rows.map { row in
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(padded.joined().reversed().drop { $0 == " " }.reversed())
        }
    }

    /// `failover 310 ms, then 380 ms; slowest 4.79 s`: the last eight, and the slowest of all; nil where no drill saw one.
    package var failoverLine: String? {
        let times = failoverTrend.map(\.time)
        guard let slowest = times.max() else { return nil }
        let last = times.suffix(8).map(Words.length).joined(separator: ", then ")
        return "failover \(last); slowest \(Words.length(slowest))"
    }

    /// Times to the first failed-over success, oldest first; only of drills that saw one.
    package var failoverTrend: [(at: Int64, time: Duration)] {
        outcomes.compactMap { outcome in outcome.timeToFailover.map { (outcome.at, $0) } }
    }

    /// Nil before the first drill.
    package func daysSinceLast(now: Int64) -> Int? {
        outcomes.last.map { Int(max(0, now - $0.at) / 86_400_000) }
    }

    package enum Age: Equatable, Sendable {
        /// Amber from 30 days on, red from 90, or where there never was a drill.
        case fresh, amber, red
    }

    package func age(now: Int64) -> Age {
        switch daysSinceLast(now: now) {
        case nil: .red
        case .some(let days): days >= 90 ? .red : days >= 30 ? .amber : .fresh
        }
    }

    package var operators: Int { Set(outcomes.map(\.operator)).count }
}
