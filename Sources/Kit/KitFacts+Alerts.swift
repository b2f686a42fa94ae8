import SLO

extension KitFacts {
    /// Alerts that are on; `promises` are the three on what is promised.
    static func alerts(_ input: KitInput) -> [String: Any] {
        let words = { (rule: AlertRule) in
            [
                "name": rule.name, "severity": rule.severity.rawValue,
                "condition": condition(rule.check, input.objectives),
            ]
        }
        let promises = input.alerts.filter {
            switch $0.check {
            case .success, .latency, .cost: true
            default: false
            }
        }
        return ["alerts": list(input.alerts.map(words)), "promises": list(promises.map(words))]
    }

    /// When an alert fires, as half a sentence.
    private static func condition(_ check: AlertRule.Check, _ objectives: Objectives) -> String {
        switch check {
        case .success(let window, let target):
            return
                "fewer than \(KitText.share(target ?? objectives.success)) of requests succeed over \(KitText.span(window))"
        case .latency(let window, let target):
            let limit = KitText.seconds(target ?? objectives.latencyP95)
            let kind = objectives.latencyOf == .firstToken ? "first token" : "complete answer"
            return "the 95th percentile of latency (\(kind)) is above \(limit) over \(KitText.span(window))"
        case .cost(let window, let target):
            let limit = KitText.dollars(target ?? objectives.costPerRequest)
            return "a request costs more than \(limit) on average over \(KitText.span(window))"
        case .burnRate(let long, let short, let factor):
            let pace = factor == 1 ? "faster" : "more than \(times(factor)) times as fast"
            return "the error budget burns \(pace) \(factor == 1 ? "than" : "as") it may, "
                + "over \(KitText.span(long)) and over \(KitText.span(short))"
        case .budgetSpent(let share, let window):
            return "\(KitText.share(share)) of the error budget of \(KitText.span(window)) is spent"
        case .moneySpent(let share): return "\(KitText.share(share)) of a budget of money is spent"
        case .drift(let drift, let factor):
            let mean = drift == .tokens ? "a request of a feature uses" : "a request of a feature costs"
            return
                "\(mean) at least \(times(factor)) times as \(drift == .tokens ? "many tokens" : "much") as in its own past"
        case .failover: return "a model group is not served by its primary"
        case .keyRefused: return "a provider refuses a key"
        }
    }

    private static func times(_ factor: Double) -> String { KitText.trimmed(KitText.fixed(factor, 1)) }
}
