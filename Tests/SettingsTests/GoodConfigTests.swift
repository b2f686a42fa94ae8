import Guardrails
import Routing
import SLO
import Settings
import Testing

struct GoodConfigTests {
    @Test func tutorialNeedsOnlyItsKeys() throws {
        let environment = ["OPENAI_API_KEY": "a", "ANTHROPIC_API_KEY": "b"]
        #expect(lines(load(tutorial, environment: environment, purpose: .serve)) == [])
        #expect(
            lines(load(tutorial, environment: [:])) == [
                "5:16: warning: api_key: the environment variable OPENAI_API_KEY is not set",
                "10:16: warning: api_key: the environment variable ANTHROPIC_API_KEY is not set",
            ]
        )
        let config = try #require(load(tutorial, environment: environment).config)
        #expect(config.groups.map(\.name) == ["app-chat"])
        #expect(config.groups[0].deployments.map(\.weight) == [9, 1])
        #expect(config.policy == RoutingPolicy())
    }

    @Test func starterNeedsOnlyItsKeys() throws {
        let loaded = load(starterConfig, environment: [:])
        #expect(loaded.config != nil)
        #expect(loaded.diagnostics.map(\.severity) == [.warning, .warning])
        #expect(loaded.diagnostics.allSatisfy { $0.message.hasSuffix("_API_KEY is not set") })
        let served = load(
            starterConfig,
            environment: ["OPENAI_API_KEY": "a", "ANTHROPIC_API_KEY": "b"],
            purpose: .serve
        )
        #expect(served.diagnostics == [])
        #expect(served.config?.groups[0].primary?.provider == "openai")
    }

    /// A newcomer takes the `# ` away from any of its lines.
    @Test func starterIsRightWithoutItsComments() throws {
        let text = starterConfig.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in line.replacing(/^( *)# (?= *(- )?(\{|[a-z_]+:(?!.*:$)))/) { "\($0.output.1)" } }
            .joined(separator: "\n")
        let loaded = load(text, environment: [:])
        let config = try #require(loaded.config)
        #expect(loaded.diagnostics.allSatisfy { isNotice($0) || $0.message.hasSuffix(" is not set") })
        #expect(config.pagers.count == 5 && config.exports.count == 2 && config.features.count == 2)
        #expect(config.cache.policy.isEnabled && config.drill.team.count == 3 && config.drill.admin.count == 1)
        #expect(config.tenants.count == 1 && config.deploymentBudgets.count == 1 && !config.corsOrigins.isEmpty)
        #expect(!text.contains(/\n *# *[a-z_]+: [\[{]/))
    }

    /// The sample of the README, every key under `nines:` included.
    @Test func sampleHasNoError() throws {
        let loaded = load(sample, environment: [:])
        let config = try #require(loaded.config)
        #expect(
            loaded.diagnostics.filter { !$0.message.contains("is not set") && !isNotice($0) }.map(\.message) == [
                "weight never acts: it draws among deployments of one order, and 'assistant' has one deployment at this order"
            ]
        )
        #expect(config.groups.map(\.name) == ["assistant", "assistant-mini"])
        #expect(config.groups.flatMap(\.deployments).map(\.id.name) == ["openai", "anthropic", "openai/gpt-5.4-nano"])
        #expect(config.host == "127.0.0.1" && config.port == 4000)
        #expect(config.database == "/home/ada/.local/state/nines/nines.db")
        #expect(config.masterKey?.name == "NINES_MASTER_KEY" || config.masterKey == nil)
        #expect(config.policy == RoutingPolicy())
        #expect(config.objectives.success == 0.995)
        #expect(config.objectives.latencyP95 == .milliseconds(2500))
        #expect(config.objectives.costPerRequest == 15_000_000)
        #expect(config.objectives.window == .seconds(30 * 86_400))
        #expect(config.drill.directory == "/etc/nines/drills")
        #expect(config.drill.maxFault == .seconds(600))
        #expect(config.drill.minBudget == 0.25)
        #expect(config.corsOrigins == ["https://app.example.com"])
        #expect(config.policy.hedgeAfter == nil && config.policy.failBack == .ramp)
        var summarise = Feature(name: "summarise")
        summarise.maxCostPerRequest = 20_000_000
        summarise.maxInputTokens = 8000
        summarise.maxOutputTokens = 600
        summarise.budget = NinesConfig.Budget(amount: 50_000_000_000, period: .seconds(30 * 86_400))
        summarise.onExceed = [.truncate, .cheaper, .cached, .reject]
        summarise.cheaper = "assistant-mini"
        summarise.cache.isEnabled = true
        var rest = Feature(name: "default")
        rest.maxOutputTokens = 4000
        rest.cache.isEnabled = true
        #expect(config.features == [summarise, rest])
    }

    @Test func sampleServesWithItsVariables() throws {
        let names = sample.matches(of: /os\.environ\/([A-Z_]+)/).map { String($0.output.1) }
        // Fit for a key and for an address.
        let environment = Dictionary(names.map { ($0, "https://example.com/\($0)") }, uniquingKeysWith: { a, _ in a })
        let loaded = load(sample, environment: environment, purpose: .serve)
        let config = try #require(loaded.config)
        #expect(config.tenants.map(\.key.name) == ["ACME_KEY"])
        #expect(config.masterKey?.name == "NINES_MASTER_KEY")
        #expect(config.pagers.map(\.name) == ["pagerduty", "slack", "ntfy", "webhook"])
        #expect(config.exports.map(\.name) == ["langfuse", "helicone"])
        #expect(!loaded.diagnostics.contains { $0.message.contains("is not set") })
    }

    @Test func routerSettingsWinOverLiteLLMSettings() {
        let both = """
            router_settings: { num_retries: 3, timeout: 12, stream_timeout: 4s, cooldown_time: 0 }
            litellm_settings: { num_retries: 5, request_timeout: 99, allowed_fails: 7 }
            """
        var expected = RoutingPolicy()
        expected.numRetries = 3
        expected.timeout = .seconds(12)
        expected.streamTimeout = .seconds(4)
        expected.cooldown = .zero
        expected.allowedFails = 7
        #expect(load(oneDeployment + both).config?.policy == expected)
    }

    @Test(
        "the deadline leaves room for the longest attempt",
        arguments: [
            ("{ timeout: 30 }", 75), ("{ timeout: 10 }", 75), ("{ timeout: 600 }", 1500),
        ]
    )
    func deadline(router: String, seconds: Int) {
        #expect(load(oneDeployment + "router_settings: \(router)").config?.policy.deadline == .seconds(seconds))
    }

    @Test func fallbacksAndAliasesFindTheirGroups() {
        let text = """
            model_list:
              - { model_name: a, litellm_params: { model: openai/a, api_key: os.environ/K } }
              - { model_name: b, litellm_params: { model: openai/b, api_key: os.environ/K } }
              - { model_name: c, litellm_params: { model: openai/c, api_key: os.environ/K } }
            router_settings:
              model_group_alias: { gpt-4: a, gpt-3: { model: b } }
              fallbacks: [{ gpt-4: [gpt-3, c] }]
              default_fallbacks: [c, a]
            """
        let loaded = load(text)
        #expect(lines(loaded) == [])
        #expect(loaded.config?.aliases == ["gpt-4": "a", "gpt-3": "b"])
        #expect(loaded.config?.groups.map(\.fallbacks) == [["b", "c"], ["c", "a"], ["a"]])
    }

    @Test func anchorsAliasesAndMergeKeysWork() {
        let text = """
            model_list:
              - model_name: a
                litellm_params: &base { model: openai/a, api_key: os.environ/K, timeout: 5, order: 1 }
              - model_name: a
                litellm_params:
                  <<: *base
                  order: 2
            """
        let deployments = load(text).config?.groups.first?.deployments
        #expect(lines(load(text)) == [])
        #expect(deployments?.map(\.order) == [1, 2])
        #expect(deployments?.map(\.timeout) == [.seconds(5), .seconds(5)])
    }

    @Test func environmentVariablesOfTheFileComeFirst() {
        let text =
            oneDeployment
            + "environment_variables: { K: os.environ/K2, LIMIT: 8 }\nrouter_settings: { timeout: os.environ/LIMIT }"
        let config = load(text).config
        #expect(config?.groups.first?.deployments.first?.credential?.secret.reveal() == "key-two")
        #expect(config?.policy.timeout == .seconds(8))
    }

    @Test(
        "listening",
        arguments: [
            ("127.0.0.1:4100", "127.0.0.1", 4100), ("'[::1]:4000'", "::1", 4000), ("localhost:1", "localhost", 1),
            ("4200", "127.0.0.1", 4200), ("localhost", "localhost", 4000),
        ]
    )
    func listen(written: String, host: String, port: Int) {
        let config = load(oneDeployment + "nines: { listen: \(written) }").config
        #expect(config?.host == host && config?.port == port)
    }

    @Test func listeningBeyondLoopbackNeedsAKey() {
        let open = oneDeployment + "nines: { listen: '0.0.0.0:4000' }\n"
        #expect(load(open).config == nil)
        #expect(load(open + "general_settings: { master_key: os.environ/MASTER }").config?.host == "0.0.0.0")
    }

    @Test(
        "paths are absolute",
        arguments: [
            ("~/a/b", "/home/ada/a/b"), ("./drills", "/etc/nines/drills"), ("drills", "/etc/nines/drills"),
            ("/d", "/d"),
            ("../d", "/etc/nines/../d"), ("\"~\"", "/home/ada"), (".", "/etc/nines"),
        ]
    )
    func path(written: String, expected: String) {
        #expect(load(oneDeployment + "nines: { drill: { directory: \(written) } }").config?.drill.directory == expected)
    }
}

private let sample = """
    model_list:                       # LiteLLM's format
      - model_name: assistant
        litellm_params:
          model: openai/gpt-5.4-mini
          api_key: os.environ/OPENAI_API_KEY
          weight: 9
          order: 1
      - model_name: assistant
        litellm_params:
          model: anthropic/claude-haiku-4-5
          api_key: os.environ/ANTHROPIC_API_KEY
          weight: 1
          order: 2
      - model_name: assistant-mini
        litellm_params: { model: openai/gpt-5.4-nano, api_key: os.environ/OPENAI_API_KEY }
    router_settings:
      num_retries: 1
      timeout: 30                     # seconds, one attempt; nines.routing.deadline bounds all of them
      stream_timeout: 2               # seconds to the first content token
      allowed_fails: 3
      cooldown_time: 30
    general_settings:
      master_key: os.environ/NINES_MASTER_KEY

    nines:
      listen: 127.0.0.1:4000
      database: ~/.local/state/nines/nines.db
      theme: cvd-dark
      slo:
        window: 30d
        success: 99.5%
        latency: { p95: 2.5s, of: first_token }   # first_token for streams, total for the rest; or total for all
        cost_per_request: $0.015
      tenants:
        - { id: acme, key: os.environ/ACME_KEY }
      features:
        summarise:
          max_cost_per_request: $0.02
          max_input_tokens: 8000
          max_output_tokens: 600
          budget: { amount: $50, per: 30d }
          on_exceed: [truncate, cheaper, cached, reject]
          cheaper: assistant-mini
          stream_failure: error       # or continue
        default: { max_output_tokens: 4000 }   # features that nobody named
      cache: { ttl: 24h, stale_if_error: 7d, max_size: 512MB }
      routing: { hedge_after: off, fail_back: ramp, deadline: 75s, idle_timeout: 20s }
      alerts:
        latency: { for: 15m, severity: page }
        success: { for: 5m, severity: page }
        cost:    { for: 15m, severity: page }
        burn_rate: on
      pagers:
        - { type: pagerduty, routing_key: os.environ/PD_KEY }
        - { type: slack, url: os.environ/SLACK_URL }
        - { type: ntfy, url: "https://ntfy.sh/my-topic" }
        - { type: webhook, url: "https://example.com/hook", secret: os.environ/HOOK_SECRET }
      exports:
        - { type: langfuse, host: "https://cloud.langfuse.com", public_key: os.environ/LANGFUSE_PUBLIC_KEY, secret_key: os.environ/LANGFUSE_SECRET_KEY }
        - { type: helicone, key: os.environ/HELICONE_API_KEY }
      drill: { directory: ./drills, target_failover: 10s, max_fault: 10m, min_budget: 25% }
      cors: { origins: ["https://app.example.com"] }
    """
