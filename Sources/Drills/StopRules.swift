/// When a drill stops by itself: checked all the while a fault is in.
///
/// The idea is that of AWS FIS's stop conditions; the numbers, and the counts below which a ratio proves nothing, are ours.
package struct StopRules: Codable, Equatable, Sendable {
    /// Success rate of the last five minutes, a fraction.
    package var lowestSuccess = 0.95
    package var fewestRequests = 20
    /// Failures of the drill over the failures that the rest of the budget allows.
    package var mostOfBudget = 0.1
    /// As many may fail while any budget is left: one spends a tenth of a young ledger's, and proves nothing.
    package var fewestFailures = 5
    /// Multiple of the latency target.
    package var mostLatency = 3.0
    /// Multiple of the cost target.
    package var mostCost = 2.0
    /// Nano-dollars that the drill may spend; nil: no limit.
    package var spendCap: Int64?
    /// Attempts at the secondary that fail by no fault of the request.
    package var mostSecondaryErrors = 0.2
    package var fewestAttempts = 10
    package var effectiveWithin: Duration = .seconds(60)
    package var longestDrill: Duration = .seconds(1_800)

    package init() {}

    package enum Rule: String, Codable, CaseIterable, Sendable {
        case success, failures, latency, cost, spend
        case secondary, ineffective, overtime, alert
    }

    /// How far a rule is from stopping the drill.
    package struct Reading: Equatable, Sendable {
        package let rule: Rule
        /// `success under 95.00 %`.
        package let text: String
        /// `99.81 %`; a dash where nothing was measured.
        package let value: String
        package let isBroken: Bool
    }

    /// Every rule with its present value, in a fixed order.
    package func readings(_ now: StopFigures) -> [Reading] {
        let isEnough = now.requests >= fewestRequests
        let success = now.requests > 0 ? Double(now.good) / Double(now.requests) : nil
        let failureLimit =
            now.allowedFailures > 0 ? max(now.allowedFailures * mostOfBudget, Double(fewestFailures)) : 0
        let secondary = now.secondaryAttempts > 0 ? Double(now.secondaryErrors) / Double(now.secondaryAttempts) : nil
        return [
            reading(.success, "success under \(Words.percent(lowestSuccess))", success.map { Words.percent($0) }) {
                isEnough && (success ?? 1) < lowestSuccess
            },
            reading(
                .failures,
                "over \(fewestFailures) lost, \(Words.percent(mostOfBudget, 0)) of budget left",
                "\(now.drillFailures) of \(Words.grouped(Words.decimal(failureLimit, 1)))"
            ) { Double(now.drillFailures) > failureLimit },
            reading(
                .latency,
                "p95 over \(Words.length(now.latencyTarget * mostLatency))",
                now.latency.map(Words.length)
            ) { isEnough && (now.latency ?? .zero) > now.latencyTarget * mostLatency },
            reading(
                .cost,
                "cost per request over \(Words.money(Double(now.costTarget) * mostCost))",
                now.costPerRequest.map(Words.money)
            ) { isEnough && (now.costPerRequest ?? 0) > Double(now.costTarget) * mostCost },
            reading(
                .spend,
                spendCap.map { "drill spend over \(Words.money(Double($0)))" } ?? "drill spend, without a cap",
                Words.money(Double(now.drillSpend))
            ) { spendCap.map { now.drillSpend > $0 } ?? false },
            reading(
                .secondary,
                "secondary errors over \(Words.percent(mostSecondaryErrors, 0))",
                secondary.map { Words.percentAtMost($0, 1) }
            ) { now.secondaryAttempts >= fewestAttempts && (secondary ?? 0) > mostSecondaryErrors },
            reading(
                .ineffective,
                "no effect within \(Words.length(effectiveWithin))",
                now.isEffective ? "seen" : Words.length(now.sinceInduced)
            ) { !now.isEffective && now.sinceInduced > effectiveWithin },
            reading(.overtime, "longer than \(Words.clock(longestDrill))", Words.clock(now.elapsed)) {
                now.elapsed > longestDrill
            },
            reading(.alert, "an alert that is not the drill's", now.foreignAlert ?? "none") { now.foreignAlert != nil },
        ]
    }

    private func reading(_ rule: Rule, _ text: String, _ value: String?, _ isBroken: () -> Bool) -> Reading {
        Reading(rule: rule, text: text, value: value ?? "—", isBroken: isBroken())
    }
}

/// The present figures that the stop rules look at.
package struct StopFigures: Equatable, Sendable {
    /// Valid requests of users in the last five minutes, and the good among them.
    package var requests = 0
    package var good = 0
    /// p95 of the last five minutes; nil without a sample.
    package var latency: Duration?
    package var latencyTarget: Duration
    /// Mean of the last five minutes, nano-dollars.
    package var costPerRequest: Double?
    /// Nano-dollars.
    package var costTarget: Int64
    /// Users' requests that failed since the fault went in.
    package var drillFailures = 0
    /// Failures that what was left of the budget allowed when the drill began.
    package var allowedFailures = 0.0
    /// Nano-dollars since the drill opened: probes, and what failing over costs more.
    package var drillSpend: Int64 = 0
    /// Since the fault went in.
    package var secondaryAttempts = 0
    package var secondaryErrors = 0
    package var sinceInduced = Duration.zero
    /// The fault was seen to do something; true for faults that nothing shows.
    package var isEffective = false
    /// Of the drill.
    package var elapsed = Duration.zero
    /// Title of an alert that the drill doesn't explain.
    package var foreignAlert: String?

    package init(latencyTarget: Duration, costTarget: Int64) {
        self.latencyTarget = latencyTarget
        self.costTarget = costTarget
    }
}
