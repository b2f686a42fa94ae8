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
        readCache(nines)
        for (name, _, field) in nines.named("features") ?? [] {
            guard case .section(let section) = field.value else { continue }
            readFeature(name, section)
        }
        config.corsOrigins = (nines.section("cors")?.list("origins") ?? []).compactMap {
            guard case .address(let origin) = $0.value else { return nil }
            return origin.text
        }
        readAlerts(nines.section("alerts"))
        readErrorBudget(nines.section("error_budget"))
        readRetention(nines.section("retention"))
        readKit(nines.section("kit"))
        readPagers(nines.list("pagers") ?? [])
        readExports(nines.list("exports") ?? [])
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
            var tenant = NinesConfig.Tenant(id: name, key: credential)
            tenant.name = section.text("name")
            tenant.budget = budget(ofTenant: section)
            config.tenants.append(tenant)
        }
    }

    private mutating func readRouting(_ routing: Section?) {
        config.policy.deadline = routing?.duration("deadline") ?? config.policy.deadline
        config.policy.idleTimeout = routing?.duration("idle_timeout") ?? config.policy.idleTimeout
        config.policy.hedgeAfter = routing?.duration("hedge_after")
        config.policy.failBack = routing?.text("fail_back").flatMap(FailBack.init) ?? config.policy.failBack
    }

    private mutating func readDrill(_ section: Section?) {
        guard let section else { return }
        var drill = NinesConfig.DrillSettings()
        drill.directory = section.text("directory").map(absolute)
        drill.targetFailover = section.duration("target_failover") ?? drill.targetFailover
        drill.maxFault = section.duration("max_fault") ?? drill.maxFault
        drill.minBudget = section.share("min_budget") ?? drill.minBudget
        drill.team = team(section.list("team") ?? [])
        drill.probeRate = section.number("probe_rps") ?? drill.probeRate
        drill.probeBudget = section.nanodollars("probe_budget") ?? drill.probeBudget
        drill.maxSpend = section.nanodollars("max_spend")
        if let cap = drill.maxSpend, cap < drill.probeBudget, let field = section["max_spend"] {
            reader.warning(field.place, "max_spend: less than probe_budget: the drill's own requests can stop it")
        }
        drill.scripts = section.text("scripts").map(absolute)
        drill.incidents = section.text("incidents").map(absolute)
        drill.admin = admins(section.section("admin"))
        config.drill = drill
    }

    private mutating func team(_ fields: [Field]) -> [String] {
        var names: [String] = []
        for field in fields {
            guard let name = field.text else { continue }
            if names.contains(name) {
                reader.warning(field.place, "team: \(quoted(name)) stands here twice")
            } else {
                names.append(name)
            }
        }
        return names
    }

    private func admins(_ section: Section?) -> [String: NinesConfig.KeyAdmin] {
        var admins: [String: NinesConfig.KeyAdmin] = [:]
        for (name, field) in section?.fields ?? [:] {
            guard let form = NinesConfig.KeyAdmin.Form(rawValue: name), case .section(let admin) = field.value,
                let key = admin.secret("key"),
                let apiBase = admin.address("api_base")?.text ?? Provider.named(name)?.apiBase
            else { continue }
            // An unset variable leaves it as empty as the key.
            let keyID = admin.text("key_id") ?? ""
            admins[name] = NinesConfig.KeyAdmin(form: form, key: key, keyID: keyID, apiBase: apiBase)
        }
        return admins
    }

    /// Single requests are kept for the whole window where the file does not say.
    private mutating func readRetention(_ section: Section?) {
        let window = config.objectives.window
        var retention = NinesConfig.Retention()
        retention.requests = section?.duration("requests") ?? max(retention.requests, window)
        retention.rollups = section?.duration("rollups") ?? retention.rollups
        config.retention = retention
        if retention.rollups < window, let field = section?["rollups"] {
            reader.error(
                field.place,
                "rollups: \(retention.rollups.shortText) is shorter than the window of the objectives, \(window.shortText)"
            )
        }
        if retention.requests < window, let field = section?["requests"] {
            reader.warning(
                field.place,
                "requests: \(retention.requests.shortText) is shorter than the window of the objectives, "
                    + "\(window.shortText): its figures can then not be recomputed from single requests"
            )
        }
    }
}
