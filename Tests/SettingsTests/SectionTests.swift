import Guardrails
import Routing
import Settings
import Testing

/// The sections under `nines:` beyond the objectives: what they come to and what is wrong with them.
struct SectionTests {
    @Test func silenceMeansTheDefaults() throws {
        let config = try #require(load(oneDeployment).config)
        #expect(config.cache == NinesConfig.Cache() && !config.cache.policy.isEnabled)
        #expect(config.alerts == NinesConfig.Alerts())
        #expect(config.alerts.latency.window == .seconds(900) && config.alerts.latency.severity == .page)
        #expect(config.alerts.success.window == .seconds(300) && config.alerts.success.severity == .page)
        #expect(config.alerts.cost.window == .seconds(900) && config.alerts.cost.severity == .page)
        #expect(config.alerts.burnRate && config.alerts.drift?.ratio == 1.5 && config.alerts.budget == [0.8, 1])
        #expect(config.errorBudget == NinesConfig.ErrorBudgetPolicy())
        #expect(config.retention == NinesConfig.Retention())
        #expect(config.pagers.isEmpty && config.exports.isEmpty && config.features.isEmpty)
    }

    @Test func cacheAndItsFeatures() throws {
        let config = try #require(
            under(
                """
                cache: { ttl: 1h, stale_while_revalidate: 10m, stale_if_error: off, level: exact, max_size: 1MB, max_entry_size: 64KB }
                features:
                  a: { cache: { ttl: 5m, stale_while_revalidate: off, stale_if_error: 1d, level: aggressive } }
                  b: { cache: off }
                  c: { cache: { enabled: false } }
                  d: {}
                """
            )
        )
        var policy = NinesConfig.CachePolicy()
        policy.isEnabled = true
        policy.ttl = .seconds(3600)
        policy.staleWhileRevalidate = .seconds(600)
        policy.staleIfError = nil
        policy.level = .exact
        #expect(config.cache.policy == policy)
        #expect(config.cache.maxSize == 1_000_000 && config.cache.maxEntrySize == 64_000)
        let features = Dictionary(uniqueKeysWithValues: config.features.map { ($0.name, $0.cache) })
        #expect(features["d"] == policy)
        #expect(features["b"]?.isEnabled == false && features["c"]?.isEnabled == false)
        policy.ttl = .seconds(300)
        policy.staleWhileRevalidate = nil
        policy.staleIfError = .seconds(86_400)
        policy.level = .aggressive
        #expect(features["a"] == policy)
    }

    @Test(
        "the cache is on where its section stands",
        arguments: [("{}", true), ("{ ttl: 1h }", true), ("{ enabled: false }", false), ("off", false)]
    )
    func cacheSwitch(written: String, isEnabled: Bool) {
        #expect(under("cache: \(written)")?.cache.policy.isEnabled == isEnabled)
    }

    @Test func smallCachesHaveSmallEntries() {
        #expect(under("cache: { max_size: 10KB }")?.cache.maxEntrySize == 10_000)
    }

    @Test func everyKeyOfAFeature() throws {
        let text = """
            features:
              a:
                budget: { amount: $5, per: day }
                on_exceed: [cheaper, reject]
                cheaper: chat
                stream_failure: continue
                prompt_caching: 1h
                policy_failover: true
            """
        var expected = Feature(name: "a")
        expected.budget = NinesConfig.Budget(amount: 5_000_000_000, period: .seconds(86_400))
        expected.onExceed = [.cheaper, .reject]
        expected.cheaper = "chat"
        expected.streamFailure = .resume
        expected.promptCaching = .oneHour
        expected.policyFailover = true
        #expect(under(text)?.features == [expected])
    }

    @Test(
        "budgets are for a length",
        arguments: [
            ("hour", 3600), ("day", 86_400), ("week", 604_800), ("month", 2_592_000), ("30d", 2_592_000),
            ("1mo", 2_592_000), ("90s", 90),
        ]
    )
    func period(written: String, seconds: Int) {
        let budget = under("features: { a: { budget: { amount: 1, per: \(written) } } }")?.features.first?.budget
        #expect(budget?.period == .seconds(seconds))
    }

    @Test func budgetsOfTenantsDeploymentsAndProviders() throws {
        let text = """
            model_list:
              - model_name: chat
                litellm_params: { model: openai/a, api_key: os.environ/K, max_budget: 10, budget_duration: 1d }
              - model_name: chat
                litellm_params: { model: anthropic/a, api_key: os.environ/K }
            router_settings:
              provider_budget_config:
                openai: { budget_limit: 0.5, time_period: 1h }
                anthropic: { max_budget: $7, budget_duration: 7d }
            nines:
              tenants:
                - { id: a, key: os.environ/K, max_budget: 3, budget_duration: 30d }
                - { id: b, key: os.environ/K2, budget: { amount: $4, per: week } }
                - { id: c, key: os.environ/MASTER }
            """
        let loaded = load(text)
        #expect(lines(loaded) == [])
        let config = try #require(loaded.config)
        func dollars(_ amount: Double, _ hours: Int) -> NinesConfig.Budget {
            NinesConfig.Budget(amount: Int64(amount * 1e9), period: .seconds(hours * 3600))
        }
        #expect(config.deploymentBudgets == [DeploymentID("openai"): dollars(10, 24)])
        #expect(config.providerBudgets == ["openai": dollars(0.5, 1), "anthropic": dollars(7, 168)])
        #expect(config.tenants.map(\.budget) == [dollars(3, 720), dollars(4, 168), nil])
    }

    @Test func everyKeyOfTheAlerts() throws {
        let alerts = try #require(
            under(
                """
                alerts:
                  latency: { for: 10m, severity: ticket, threshold: 3s }
                  success: { for: 2m, threshold: 99% }
                  cost: { severity: off, threshold: $0.02 }
                  burn_rate: off
                  drift: { ratio: 2, baseline: 14d, severity: page }
                  budget: [100%, 50%, 50%]
                  failover: page
                  key_revoked: off
                  clear_after: 1m
                """
            )
        ).alerts
        #expect(alerts.latency.window == .seconds(600) && alerts.latency.severity == .ticket)
        #expect(alerts.latency.threshold == .seconds(3))
        #expect(alerts.success.window == .seconds(120) && alerts.success.threshold == 0.99)
        #expect(alerts.success.severity == .page)
        #expect(alerts.cost.severity == nil && alerts.cost.threshold == 20_000_000)
        #expect(alerts.drift?.ratio == 2 && alerts.drift?.baseline == .seconds(14 * 86_400))
        #expect(alerts.drift?.severity == .page)
        #expect(!alerts.burnRate && alerts.budget == [0.5, 1])
        #expect(alerts.failover == .page && alerts.keyRevoked == nil && alerts.clearAfter == .seconds(60))
    }

    @Test func alertsCanBeOff() {
        let alerts = under("alerts: { latency: off, drift: off, budget: off, failover: off }")?.alerts
        #expect(alerts?.latency.severity == nil && alerts?.drift == nil && alerts?.budget == [])
        #expect(alerts?.failover == nil && alerts?.success.severity == .page)
        #expect(under("alerts: { drift: { severity: off } }")?.alerts.drift == nil)
    }

    @Test func pagersOfEveryType() throws {
        let pagers = try #require(
            under(
                """
                pagers:
                  - { type: pagerduty, routing_key: os.environ/K, severity: page }
                  - { type: slack, url: os.environ/HOOK }
                  - { type: ntfy, url: "https://ntfy.sh/topic", token: os.environ/K2 }
                  - { type: webhook, url: "https://example.com/hook?a=b", secret: os.environ/MASTER }
                  - { type: webhook, url: "http://127.0.0.1:9000" }
                  - { type: terminal }
                """
            )
        ).pagers
        #expect(pagers.map(\.name) == ["pagerduty", "slack", "ntfy", "webhook-6ee454", "webhook-657e35", "terminal"])
        #expect(pagers.map(\.leastSeverity) == [.page, .ticket, .ticket, .ticket, .ticket, .ticket])
        let key = Credential(name: "K", secret: Secret("key-one"))
        let usual = Secret("https://events.pagerduty.com/v2/enqueue")
        #expect(
            pagers.map(\.sink) == [
                .pagerDuty(routingKey: key, url: usual),
                .slack(url: Secret("https://hooks.example.com/services/T/B/X")),
                .ntfy(
                    url: Secret("https://ntfy.sh/topic"),
                    token: Credential(name: "K2", secret: Secret("key-two"))
                ),
                .webhook(
                    url: Secret("https://example.com/hook?a=b"),
                    secret: Credential(name: "MASTER", secret: Secret("key-master"))
                ),
                .webhook(url: Secret("http://127.0.0.1:9000"), secret: nil),
                .terminal,
            ]
        )
    }

    @Test func exportsOfEveryType() throws {
        let exports = try #require(
            under(
                """
                exports:
                  - { type: langfuse, public_key: pk, secret_key: os.environ/K }
                  - { type: langfuse, host: "http://127.0.0.1:3000/", public_key: pk, secret_key: os.environ/K, mode: legacy, prompts: false }
                  - { type: helicone, key: os.environ/K2 }
                """
            )
        ).exports
        let key = Credential(name: "K", secret: Secret("key-one"))
        #expect(exports.map(\.name) == ["langfuse-0e8e16", "langfuse-8ccd96", "helicone"])
        #expect(
            exports.map(\.host) == [
                "https://cloud.langfuse.com", "http://127.0.0.1:3000", "https://api.worker.helicone.ai",
            ]
        )
        #expect(
            exports.map(\.service) == [
                .langfuse(publicKey: "pk", secretKey: key, mode: .otlp),
                .langfuse(publicKey: "pk", secretKey: key, mode: .legacy),
                .helicone(key: Credential(name: "K2", secret: Secret("key-two"))),
            ]
        )
    }

    @Test func aSinkKeepsItsNameWhateverStandsBesideIt() throws {
        let two = "{ type: webhook, url: \"https://example.com/two?key=1\" }"
        let slack = "{ type: slack, url: os.environ/HOOK }"
        func names(_ sinks: String...) throws -> [String] {
            try #require(under("pagers: [\(sinks.joined(separator: ", "))]")).pagers.map(\.name)
        }
        let one = "{ type: webhook, url: \"https://example.com/one\" }"
        let three = "{ type: webhook, url: \"https://example.com/three\" }"
        let all = try names(one, two, slack, three)
        #expect(Set(all).count == 4 && all[2] == "slack")
        #expect(try names(three, two) == [all[3], all[1]])
        // The query may hold a key.
        #expect(try names(one, two.replacing("key=1", with: "key=2")) == [all[0], all[1]])
        #expect(try names(two) == ["webhook"])
        #expect(try names(two, two) == [all[1], all[1] + "-2"])
    }

    @Test func promptsThatNobodyKeepsAreNotPromised() {
        let text = "exports: [{ type: helicone, key: os.environ/K, prompts: true }]"
        #expect(lines(loadUnder(text)).contains { $0.contains("error: prompts: true is not supported") })
    }

    @Test func everyKeyOfTheDrill() throws {
        let drill = try #require(
            under(
                """
                drill:
                  team: [Ada, Grace]
                  probe_rps: 0.5
                  probe_budget: $2
                  max_spend: $5
                  scripts: ./scripts
                  incidents: ~/incidents
                  admin:
                    anthropic: { key: os.environ/K, key_id: apikey_01 }
                    openrouter: { key: os.environ/K2, key_id: abc, api_base: "http://127.0.0.1:9000/api/v1" }
                """
            )
        ).drill
        #expect(drill.team == ["Ada", "Grace"])
        #expect(drill.probeRate == 0.5 && drill.probeBudget == 2_000_000_000 && drill.maxSpend == 5_000_000_000)
        #expect(drill.scripts == "/etc/nines/scripts" && drill.incidents == "/home/ada/incidents")
        #expect(
            drill.admin == [
                "anthropic": NinesConfig.KeyAdmin(
                    form: .anthropic,
                    key: Credential(name: "K", secret: Secret("key-one")),
                    keyID: "apikey_01",
                    apiBase: "https://api.anthropic.com"
                ),
                "openrouter": NinesConfig.KeyAdmin(
                    form: .openrouter,
                    key: Credential(name: "K2", secret: Secret("key-two")),
                    keyID: "abc",
                    apiBase: "http://127.0.0.1:9000/api/v1"
                ),
            ]
        )
    }

    @Test func policyAndRetention() {
        let config = under(
            "error_budget: { caution: 75%, freeze: 90%, postmortem: 0.1 }\nretention: { requests: 90d, rollups: 200d }"
        )
        #expect(config?.errorBudget.caution == 0.75 && config?.errorBudget.freeze == 0.9)
        #expect(config?.errorBudget.postmortem == 0.1)
        #expect(config?.retention.requests == .seconds(90 * 86_400))
        #expect(config?.retention.rollups == .seconds(200 * 86_400))
        #expect(under("slo: { window: 90d }")?.retention.requests == .seconds(90 * 86_400))
    }

    @Test func everyKeyOfTheKit() throws {
        let text = """
            kit:
              company: Example Ltd
              service: Assistant
              owner: Ada
              escalation: Grace
              contact: support@example.com
              effective: 2028-02-29
              review: 2028-03-01
              claim_within: 30d
              maintenance_notice: 72h
              credits: [{ below: 99%, credit: 25% }, { below: 99.5%, credit: 10% }]
            tenants: [{ id: a, name: Acme Corp, key: os.environ/K }]
            """
        let config = try #require(under(text))
        var kit = NinesConfig.Kit()
        kit.company = "Example Ltd"
        kit.service = "Assistant"
        kit.owner = "Ada"
        kit.escalation = "Grace"
        kit.contact = "support@example.com"
        kit.effective = "2028-02-29"
        kit.review = "2028-03-01"
        kit.claimWithin = .seconds(30 * 86_400)
        kit.maintenanceNotice = .seconds(3 * 86_400)
        kit.credits = [.init(below: 0.995, credit: 0.1), .init(below: 0.99, credit: 0.25)]
        #expect(config.kit == kit)
        #expect(config.tenants.map(\.name) == ["Acme Corp"])
    }

    @Test("what is wrong with a section", arguments: wrongSections)
    func wrong(text: String, expected: [String]) {
        let loaded = loadUnder(text)
        #expect(lines(loaded) == expected)
        #expect((loaded.config == nil) == expected.contains { $0.contains(" error: ") })
    }

    /// Whatever is right or wrong with it, nothing shows a key or an address that is one.
    @Test(
        "secrets are never shown",
        arguments: ["https://hooks.example.com/hush", "hush", "'hush hush'", "os.environ/HUSH", "[hush]"]
    )
    func secrets(value: String) {
        let text = """
            pagers:
              - { type: pagerduty, routing_key: \(value), url: \(value) }
              - { type: slack, url: \(value) }
              - { type: ntfy, url: \(value), token: \(value) }
              - { type: webhook, url: \(value), secret: \(value) }
            exports:
              - { type: langfuse, public_key: pk, secret_key: \(value) }
              - { type: helicone, key: \(value) }
            drill: { admin: { anthropic: { key: \(value), key_id: a }, openrouter: { key: \(value), key_id: a } } }
            tenants: [{ id: a, key: \(value) }]
            """
        for hush in ["hush", "hush hush", "https://hooks.example.com/hush", "ftp://hush"] {
            let loaded = loadUnder(text, environment: ["K": "key", "HUSH": hush])
            var dumped = ""
            dump(loaded, to: &dumped)
            let shown = "\(loaded) \(String(reflecting: loaded)) \(dumped)"
            #expect(!shown.contains("hush"))
        }
    }
}

private func loadUnder(
    _ text: String,
    environment: [String: String] = [
        "K": "key-one", "K2": "key-two", "MASTER": "key-master", "HOOK": "https://hooks.example.com/services/T/B/X",
    ]
) -> LoadedConfig {
    let indented = text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return load("\(oneDeployment)nines:\n\(indented)\n", environment: environment)
}

/// The config of a text under `nines:`, which begins on line 5 in column 3; nothing may be wrong with it.
private func under(_ text: String) -> NinesConfig? {
    let loaded = loadUnder(text)
    #expect(lines(loaded) == [])
    return loaded.config
}

private let wrongSections: [(String, [String])] = [
    // Cache.
    (
        "cache: { ttl: 24 }",
        [
            "5:17: error: ttl: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1ms to 400d, found '24'"
        ]
    ),
    (
        "cache: { level: safest, tll: 1h }",
        [
            "5:19: error: level: expected exact, safe or aggressive, found 'safest'",
            "5:27: warning: unknown key 'tll' in cache; did you mean 'ttl'?",
        ]
    ),
    (
        "cache: maybe",
        ["5:10: error: cache: expected off, or a mapping of keys, found 'maybe'"]
    ),
    (
        "cache: { max_size: 1MB, max_entry_size: 2MB }",
        ["5:43: error: max_entry_size: one answer can't be larger than the whole cache, max_size"]
    ),
    (
        "cache: { stale_if_error: never }",
        [
            "5:28: error: stale_if_error: expected off, or a duration such as 250ms, 2s, 15m, 24h or 30d, from 1ms to 400d, found 'never'"
        ]
    ),
    // Features.
    (
        "features: { a: { prompt_caching: 10m, policy_failover: maybe } }",
        [
            "5:36: error: prompt_caching: expected 5m, 1h or off, found '10m'",
            "5:58: error: policy_failover: expected true or false, found 'maybe'",
        ]
    ),
    (
        "features: { a: { promt_caching: 5m, cache: { max_size: 1MB } } }",
        [
            "5:20: warning: unknown key 'promt_caching' in features.a; did you mean 'prompt_caching'?",
            "5:48: warning: unknown key 'max_size' in cache; it belongs in nines.cache",
        ]
    ),
    (
        "features: { a: { budget: { amount: $5 } } }",
        ["5:28: error: missing 'per' in budget"]
    ),
    (
        "features: { a: { budget: { amount: free, per: 2mo1 } } }",
        [
            "5:38: error: amount: expected an amount above 0 such as $0.015, found 'free'",
            "5:49: error: per: expected a duration such as 24h or 30d, or hour, day, week or month, from 1s to 400d, found '2mo1'",
        ]
    ),
    (
        "features: { a: { on_exceed: [cached] } }",
        ["5:31: warning: on_exceed: 'cached' never has an answer: the cache is off for feature 'a'; set nines.cache"]
    ),
    ("features: { a: { on_exceed: [cached], cache: {} } }", []),
    (
        "cache: {}\nfeatures: { a: { on_exceed: [cached], cache: off } }",
        [
            "6:31: warning: on_exceed: 'cached' never has an answer: the cache is off for feature 'a'; set nines.cache"
        ]
    ),
    (
        "features: { a: { cheaper: 3 } }",
        [
            "5:29: error: cheaper: there is no model group '3'"
        ]
    ),
    // Tenants.
    (
        "tenants: [{ id: a, key: os.environ/K, max_budget: 3 }]",
        ["5:53: warning: max_budget has no effect without budget_duration: there is no cap"]
    ),
    (
        "tenants: [{ id: a, key: os.environ/K, max_budget: 3, budget_duration: 1d, budget: { amount: 1, per: 1d } }]",
        [
            "5:53: error: max_budget: this tenant has a budget already; give one of the two"
        ]
    ),
    (
        "tenants: [{ id: a, key: os.environ/K, budget_duration: 0s, max_budgets: 1 }]",
        [
            "5:13: warning: budget_duration has no effect without max_budget: there is no cap",
            "5:58: error: budget_duration: expected a duration such as 24h or 30d, or hour, day, week or month, from 1s to 400d, found '0s'",
            "5:62: warning: unknown key 'max_budgets' in tenants[0]; did you mean 'max_budget'?",
        ]
    ),
    // Alerts.
    (
        "alerts: { latency: { for: 10s, severity: shout, threshold: 99% } }",
        [
            "5:29: error: for: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1m to 1d, found '10s'",
            "5:44: error: severity: expected page, ticket or off, found 'shout'",
            "5:62: error: threshold: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1ms to 1h, found '99%'",
        ]
    ),
    (
        "alerts: { success: { threshold: 100% }, cost: { threshold: 1s } }",
        [
            "5:35: error: threshold: expected a share above 0% and below 100%, such as 99.5%, found '100%'",
            "5:62: error: threshold: expected an amount above 0 such as $0.015, found '1s'",
        ]
    ),
    (
        "alerts: { drift: { ratio: 1, baseline: 1h, sevrity: page } }",
        [
            "5:29: error: ratio: expected a number from 1.1 to 100, found '1'",
            "5:42: error: baseline: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1d to 90d, found '1h'",
            "5:46: warning: unknown key 'sevrity' in drift; did you mean 'severity'?",
        ]
    ),
    (
        "alerts: { drift: on, budget: 80%, failover: loud, key_revoked: [page] }",
        [
            "5:20: error: drift: expected off, or a mapping of keys, found 'on'",
            "5:32: error: budget: expected off, or a list of shares, found '80%'",
            "5:47: error: failover: expected page, ticket or off, found 'loud'",
            "5:66: error: key_revoked: expected page, ticket or off, found a list",
        ]
    ),
    (
        "alerts: { budget: [0%, 120%], burn_rate: 14 }",
        [
            "5:22: error: budget[0]: expected a share above 0% and up to 100%, such as 80%, found '0%'",
            "5:26: error: budget[1]: expected a share above 0% and up to 100%, such as 80%, found '120%'",
            "5:44: error: burn_rate: expected true or false, found '14'",
        ]
    ),
    ("alerts: { latncy: off }", ["5:13: warning: unknown key 'latncy' in alerts; did you mean 'latency'?"]),
    (
        "error_budget: { caution: 100% }",
        [
            "5:28: error: error_budget: caution must come before freeze"
        ]
    ),
    (
        "error_budget: { freeze: 40%, postmortm: 1 }",
        [
            "5:27: error: error_budget: caution must come before freeze",
            "5:32: warning: unknown key 'postmortm' in error_budget; did you mean 'postmortem'?",
        ]
    ),
    // Pagers and exports.
    (
        "pagers: [{ type: pagerduty }, { type: slack }, { type: ntfy }, { type: webhook }, { type: terminal }, {}]",
        [
            "5:12: error: pager of type pagerduty needs routing_key", "5:33: error: pager of type slack needs url",
            "5:50: error: pager of type ntfy needs url", "5:66: error: pager of type webhook needs url",
            "5:105: error: missing 'type' in pagers[5]",
        ]
    ),
    (
        "pagers: [{ type: terminal, url: 'https://a.example' }, { type: slack, url: os.environ/HOOK, secret: os.environ/K }]",
        [
            "5:35: warning: url has no effect: pager of type terminal does not take it",
            "5:103: warning: secret has no effect: pager of type slack does not take it",
        ]
    ),
    (
        "pagers: [{ type: slack, url: 'https://hooks.example.com/T' }]",
        [
            "5:32: warning: url lets its holder post: put it in an environment variable and write os.environ/NAME"
        ]
    ),
    (
        "pagers: [{ type: ntfy, url: 'https://ntfy.sh/' }]",
        ["5:31: error: url: expected an address with its topic, such as https://ntfy.sh/my-topic"]
    ),
    (
        "pagers: [{ type: webhook, url: example.com/hook }, { type: webhook, url: os.environ/K, severity: low }]",
        [
            "5:34: error: url: expected an address that starts with http:// or https://, such as os.environ/NAME holds, found something else",
            "5:76: error: url: expected an address that starts with http:// or https://, such as os.environ/NAME holds, found something else",
            "5:100: error: severity: expected page or ticket, found 'low'",
        ]
    ),
    (
        "pagers: [{ type: slcak, rl: a }]",
        [
            "5:20: error: type: expected pagerduty, slack, ntfy, webhook or terminal, found 'slcak'",
            "5:27: warning: unknown key 'rl' in pagers[0]; did you mean 'url'?",
        ]
    ),
    (
        "exports: [{ type: helicone, mode: legacy }, { type: langfuse, secret_key: os.environ/K }]",
        [
            "5:13: error: export of type helicone needs key",
            "5:37: warning: mode has no effect: export of type helicone does not take it",
            "5:47: error: export of type langfuse needs public_key",
        ]
    ),
    (
        "exports: [{ type: langfuse, public_key: pk, secret_key: os.environ/K, mode: grpc, host: cloud, promts: true }]",
        [
            "5:79: error: mode: expected otlp or legacy, found 'grpc'",
            "5:91: error: host: expected an address that starts with http:// or https://, such as https://api.example.com/v1, found 'cloud'",
            "5:98: warning: unknown key 'promts' in exports[0]; did you mean 'prompts'?",
        ]
    ),
    // Drill.
    (
        "drill: { team: [Ada, Ada], probe_rps: 100, probe_budget: some }",
        [
            "5:24: warning: team: 'Ada' stands here twice",
            "5:41: error: probe_rps: expected a number from 0 to 50, found '100'",
            "5:60: error: probe_budget: expected an amount above 0 such as $0.015, found 'some'",
        ]
    ),
    (
        "drill: { max_spend: $0.20 }",
        ["5:23: warning: max_spend: less than probe_budget: the drill's own requests can stop it"]
    ),
    (
        "drill: { admin: { openai: {}, anthropic: { key: os.environ/K } } }",
        ["5:21: warning: unknown key 'openai' in admin", "5:44: error: missing 'key_id' in anthropic"]
    ),
    (
        "drill: { scripts: ~bob/x, incident: ./i }",
        [
            "5:21: error: scripts: expected a path, found '~bob/x'",
            "5:29: warning: unknown key 'incident' in drill; did you mean 'incidents'?",
        ]
    ),
    // Kit.
    (
        "kit: { effective: 2027-02-29, review: soon, compny: a }",
        [
            "5:21: error: effective: expected a date such as 2027-01-31, found '2027-02-29'",
            "5:41: error: review: expected a date such as 2027-01-31, found 'soon'",
            "5:47: warning: unknown key 'compny' in kit; did you mean 'company'?",
        ]
    ),
    (
        "kit: { effective: 2027-03-01, review: 2027-02-28 }",
        ["5:41: error: review: 2027-02-28 is not after effective, 2027-03-01"]
    ),
    (
        "kit: { credits: [{ below: 99.5%, credit: 25% }, { below: 99%, credit: 10% }, { below: 98% }] }",
        [
            "5:51: error: credits: a lower rate must give back more than a higher one",
            "5:80: error: missing 'credit' in credits[2]",
        ]
    ),
    // Retention.
    (
        "retention: { requests: 7d, rollups: 20d }",
        [
            "5:26: warning: requests: 7d is shorter than the window of the objectives, 30d: its figures can then not be recomputed from single requests",
            "5:39: error: rollups: 20d is shorter than the window of the objectives, 30d",
        ]
    ),
    (
        "retention: { requests: 1h, rolups: 400d }",
        [
            "5:26: error: requests: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1d to 400d, found '1h'",
            "5:30: warning: unknown key 'rolups' in retention; did you mean 'rollups'?",
        ]
    ),
]
