import Routing

extension ConfigBuilder {
    /// The cap that two keys make; nil, and said, where one stands without the other.
    mutating func budget(_ section: Section, _ amountKey: String, _ periodKey: String) -> NinesConfig.Budget? {
        for (key, other) in [(amountKey, periodKey), (periodKey, amountKey)]
        where section.given.contains(key) && !section.given.contains(other) {
            // A required one has been reported missing.
            guard KeyReference.find(other, at: section.pattern)?.isRequired != true else { return nil }
            let place = section[key]?.place ?? section.place
            reader.warning(place, "\(key) has no effect without \(other): there is no cap")
        }
        guard let amount = section.nanodollars(amountKey), let period = section.duration(periodKey) else { return nil }
        return NinesConfig.Budget(amount: amount, period: period)
    }

    /// A tenant's, in either spelling.
    mutating func budget(ofTenant section: Section) -> NinesConfig.Budget? {
        let flat = budget(section, "max_budget", "budget_duration")
        guard let nested = section.section("budget") else { return flat }
        if let amount = section["max_budget"] {
            reader.error(amount.place, "max_budget: this tenant has a budget already; give one of the two")
        }
        return budget(nested, "amount", "per")
    }

    mutating func readDeploymentBudgets() {
        for entry in entries {
            config.deploymentBudgets[DeploymentID(entry.id)] = budget(entry.parameters, "max_budget", "budget_duration")
        }
    }

    /// LiteLLM takes its own two names and those of the other budgets.
    mutating func readProviderBudgets(_ router: Section?) {
        let names = Set(entries.map(\.providerName)).sorted()
        for (name, place, field) in router?.named("provider_budget_config") ?? [] {
            guard case .section(let section) = field.value else { continue }
            config.providerBudgets[name] =
                budget(section, "budget_limit", "time_period") ?? budget(section, "max_budget", "budget_duration")
            guard !names.contains(name) else { continue }
            let near = nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            reader.warning(
                place,
                "provider_budget_config: no deployment is of the provider \(quoted(name))\(near)"
            )
        }
    }
}
