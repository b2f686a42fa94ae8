import Routing
import SLO

extension ConfigBuilder {
    /// Reads what stands under `nines:`.
    mutating func readNines(_ nines: Section) {
        if case .listen(let host, let port)? = nines["listen"]?.value {
            config.host = host
            config.port = port
        }
        config.database = nines.text("database").map(absolute)
        config.theme = nines.text("theme") ?? config.theme
        readObjectives(nines.section("slo"))
        readTenants(nines.list("tenants") ?? [])
        readRouting(nines.section("routing"))
        readDrill(nines.section("drill"))
        for (name, _, field) in nines.named("features") ?? [] {
            guard case .section(let section) = field.value else { continue }
            readFeature(name, section)
        }
        config.corsOrigins = (nines.section("cors")?.list("origins") ?? []).compactMap {
            guard case .address(let origin) = $0.value else { return nil }
            return origin.text
        }
        checkPagers(nines.list("pagers") ?? [])
        checkExports(nines.list("exports") ?? [])
    }

    private mutating func readObjectives(_ slo: Section?) {
        guard let slo else { return }
        var objectives = Objectives()
        let latency = slo.section("latency")
        objectives.window = slo.duration("window") ?? objectives.window
        objectives.success = slo.share("success") ?? objectives.success
        objectives.latencyP95 = latency?.duration("p95") ?? objectives.latencyP95
        objectives.latencyOf = latency?.text("of").flatMap(Objectives.LatencyKind.init) ?? objectives.latencyOf
        objectives.costPerRequest = slo.nanodollars("cost_per_request") ?? objectives.costPerRequest
        config.objectives = objectives
    }

    private mutating func readTenants(_ fields: [Field]) {
        var keys: [Secret: String] = [:]
        if let master = config.masterKey, !master.secret.isEmpty { keys[master.secret] = "general_settings.master_key" }
        for field in fields {
            guard case .section(let section) = field.value, let id = section["id"], let name = id.text else { continue }
            guard !config.tenants.contains(where: { $0.id == name }) else {
                reader.error(id.place, "id: \(quoted(name)) is the id of another tenant already")
                continue
            }
            guard let key = section["key"], let credential = section.secret("key") else { continue }
            if !credential.secret.isEmpty,
                let owner = keys.updateValue("tenant \(quoted(name))", forKey: credential.secret)
            {
                reader.error(key.place, "key: tenant \(quoted(name)) has the same key as \(owner)")
            }
            config.tenants.append(NinesConfig.Tenant(id: name, key: credential))
        }
    }

    private mutating func readRouting(_ routing: Section?) {
        config.policy.deadline = routing?.duration("deadline") ?? config.policy.deadline
        config.policy.idleTimeout = routing?.duration("idle_timeout") ?? config.policy.idleTimeout
        config.hedgeAfter = routing?.duration("hedge_after")
        config.failBack = routing?.text("fail_back").flatMap(NinesConfig.FailBack.init) ?? config.failBack
    }

    private mutating func readDrill(_ section: Section?) {
        guard let section else { return }
        var drill = NinesConfig.DrillSettings()
        drill.directory = section.text("directory").map(absolute)
        drill.targetFailover = section.duration("target_failover") ?? drill.targetFailover
        drill.maxFault = section.duration("max_fault") ?? drill.maxFault
        drill.minBudget = section.share("min_budget") ?? drill.minBudget
        config.drill = drill
    }

    private mutating func readFeature(_ name: String, _ section: Section) {
        var feature = Feature(name: name)
        feature.maxCostPerRequest = section.nanodollars("max_cost_per_request")
        feature.maxInputTokens = section.integer("max_input_tokens")
        feature.maxOutputTokens = section.integer("max_output_tokens")
        if let budget = section.section("budget"), let amount = budget.nanodollars("amount"),
            let period = budget.duration("per")
        {
            feature.budget = Feature.Budget(amount: amount, period: period)
        }
        feature.onExceed = section.texts("on_exceed").compactMap(Feature.Step.init)
        feature.streamFailure = section.text("stream_failure").flatMap(Feature.StreamFailure.init) ?? .error
        if let cheaper = section["cheaper"], let target = cheaper.text {
            feature.cheaper = group(target, at: cheaper.place, "cheaper")
        } else if feature.onExceed.contains(.cheaper), !section.given.contains("cheaper"),
            let steps = section["on_exceed"]
        {
            reader.error(
                steps.place,
                "on_exceed: 'cheaper' needs a group to go to: set cheaper in feature \(quoted(name))"
            )
        }
        config.features.append(feature)
    }

    private mutating func checkPagers(_ fields: [Field]) {
        let needs = ["pagerduty": ["routing_key"], "slack": ["url"], "ntfy": ["url"], "webhook": ["url"]]
        checkNeeds(fields, needs, "pager")
    }

    private mutating func checkExports(_ fields: [Field]) {
        checkNeeds(fields, ["langfuse": ["public_key", "secret_key"], "helicone": ["key"]], "export")
    }

    private mutating func checkNeeds(_ fields: [Field], _ needs: [String: [String]], _ kind: String) {
        for field in fields {
            guard case .section(let section) = field.value, let type = section.text("type") else { continue }
            for key in needs[type] ?? [] where !section.given.contains(key) {
                reader.error(section.place, "\(kind) of type \(type) needs \(key)")
            }
        }
    }
}
