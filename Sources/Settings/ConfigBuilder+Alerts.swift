extension ConfigBuilder {
    mutating func readAlerts(_ section: Section?) {
        guard let section else { return }
        let usual = NinesConfig.Alerts()
        config.alerts.latency = rule(section, "latency", over: usual.latency) { $0.duration("threshold") }
        config.alerts.success = rule(section, "success", over: usual.success) { $0.share("threshold") }
        config.alerts.cost = rule(section, "cost", over: usual.cost) { $0.nanodollars("threshold") }
        config.alerts.burnRate = section.flag("burn_rate") ?? usual.burnRate
        config.alerts.drift = drift(section)
        config.alerts.budget = budgetShares(section) ?? usual.budget
        config.alerts.failover = severity(section, "failover", over: usual.failover)
        config.alerts.keyRevoked = severity(section, "key_revoked", over: usual.keyRevoked)
        config.alerts.clearAfter = section.duration("clear_after") ?? usual.clearAfter
    }

    private func rule<Threshold>(
        _ alerts: Section,
        _ key: String,
        over usual: NinesConfig.Alerts.Rule<Threshold>,
        threshold: (Section) -> Threshold?
    ) -> NinesConfig.Alerts.Rule<Threshold> {
        var rule = usual
        if alerts.isOff(key) { rule.severity = nil }
        guard let section = alerts.section(key) else { return rule }
        rule.window = section.duration("for") ?? rule.window
        rule.severity = severity(section, "severity", over: rule.severity)
        rule.threshold = threshold(section)
        return rule
    }

    private func drift(_ alerts: Section) -> NinesConfig.Alerts.Drift? {
        guard !alerts.isOff("drift") else { return nil }
        var drift = NinesConfig.Alerts.Drift()
        guard let section = alerts.section("drift") else { return drift }
        guard let severity = severity(section, "severity", over: drift.severity) else { return nil }
        drift.severity = severity
        drift.ratio = section.number("ratio") ?? drift.ratio
        drift.baseline = section.duration("baseline") ?? drift.baseline
        return drift
    }

    private func budgetShares(_ alerts: Section) -> [Double]? {
        guard !alerts.isOff("budget") else { return [] }
        return alerts.list("budget").map { fields in Set(fields.compactMap(\.share)).sorted() }
    }

    /// Nil where the text is `off`.
    private func severity(
        _ section: Section,
        _ key: String,
        over usual: NinesConfig.Alerts.Severity?
    ) -> NinesConfig.Alerts.Severity? {
        section.text(key).map(NinesConfig.Alerts.Severity.init) ?? usual
    }

    mutating func readErrorBudget(_ section: Section?) {
        guard let section else { return }
        var policy = NinesConfig.ErrorBudgetPolicy()
        policy.caution = section.share("caution") ?? policy.caution
        policy.freeze = section.share("freeze") ?? policy.freeze
        policy.postmortem = section.share("postmortem") ?? policy.postmortem
        config.errorBudget = policy
        if policy.caution >= policy.freeze, let field = section["caution"] ?? section["freeze"] {
            reader.error(field.place, "error_budget: caution must come before freeze")
        }
    }
}
