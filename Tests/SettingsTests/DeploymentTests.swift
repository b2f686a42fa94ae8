import Guardrails
import Routing
import Settings
import Testing

struct DeploymentTests {
    @Test("what a model and an address come to", arguments: targets)
    func target(model: String, base: String?, expected: String) throws {
        let deployment = try #require(deployments("model: \(model)\(base.map { ", api_base: \"\($0)\"" } ?? "")").first)
        #expect(
            "\(deployment.provider) \(deployment.format.rawValue) \(deployment.model) \(deployment.apiBase)" == expected
        )
    }

    @Test("a model that can't be placed", arguments: misplacedModels)
    func misplaced(parameters: String, expected: [String]) {
        #expect(lines(load(list("{ \(parameters), api_key: os.environ/K }"))) == expected)
    }

    @Test("where a key comes from", arguments: keys)
    func key(parameters: String, environment: [String: String], name: String?, expected: [String]) {
        let loaded = load(list("{ \(parameters) }"), environment: environment)
        #expect(loaded.config?.groups.first?.deployments.first?.credential?.name == name)
        #expect(lines(loaded) == expected)
    }

    @Test func unsetVariablesAreErrorsWhenServing() {
        let text = list("{ model: openai/a, api_key: os.environ/NONE }", "{ model: groq/a }")
        let expected = [
            "3:49: error: api_key: the environment variable NONE is not set",
            "5:30: error: no key for 'groq': give api_key or set GROQ_API_KEY",
        ]
        #expect(lines(load(text, purpose: .serve)) == expected)
        #expect(lines(load(text)) == expected.map { $0.replacing("error", with: "warning") })
        #expect(load(text).config != nil)
    }

    @Test("an unset variable anywhere is a warning when checking", arguments: ["api_base", "weight", "timeout"])
    func unsetVariablesAreWarningsWhenChecking(key: String) {
        let loaded = load(list("{ model: openai/a, api_key: os.environ/K, \(key): os.environ/NONE }"))
        #expect(loaded.config != nil)
        #expect(loaded.diagnostics.map(\.message) == ["\(key): the environment variable NONE is not set"])
    }

    @Test func keysAreTrimmedAndNeverShown() {
        let text = list("{ model: openai/a, api_key: os.environ/K }")
        let trimmed = load(text, environment: ["K": " key-one\n"]).config?.groups.first?.deployments.first
        #expect(trimmed?.credential?.secret.reveal() == "key-one")
        let broken = load(text, environment: ["K": "key\none"])
        #expect(
            lines(broken) == [
                "3:49: error: api_key: expected a key without blanks or line breaks, such as os.environ/NAME, found something else"
            ]
        )
        #expect(!"\(load(text))".contains("key-one"))
    }

    @Test func idsAreReadableAndUnique() {
        let text = list(
            "{ model: openai/a, api_key: os.environ/K }",
            "{ model: openai/b, api_key: os.environ/K }",
            "{ model: openai/b, api_key: os.environ/K }",
            "{ model: anthropic/c, api_key: os.environ/K }, model_info: { id: openai }",
            "{ model: openai/b, api_key: os.environ/K }",
        )
        let ids = load(text).config?.groups.flatMap(\.deployments).map(\.id.name)
        #expect(ids == ["openai/a", "openai/b", "openai/b-2", "openai", "openai/b-3"])
    }

    @Test func twoDeploymentsWithOneIDAreAnError() {
        let text = list(
            "{ model: openai/a, api_key: os.environ/K }, model_info: { id: one }",
            "{ model: openai/b, api_key: os.environ/K }, model_info: { id: one }",
        )
        #expect(lines(load(text)) == ["7:23: error: id: 'one' is the id of another deployment already"])
    }

    @Test func blockedDeploymentsAreLeftOut() {
        let blocked = "{ model: openai/a, api_key: os.environ/K }, model_info: { blocked: true }"
        let two = load(list(blocked, "{ model: groq/a, api_key: os.environ/K }"))
        #expect(lines(two) == ["4:28: warning: this deployment is blocked and left out"])
        #expect(two.config?.groups.first?.deployments.map(\.provider) == ["groq"])
        #expect(
            lines(load(list(blocked))).contains("2:17: error: model group 'chat' has no deployment left")
        )
    }

    @Test("weights and orders that don't do what they seem to", arguments: draws)
    func draw(parameters: [String], expected: [String]) {
        let all = parameters.map { "{ model: openai/a, api_key: os.environ/K\($0.isEmpty ? "" : ", ")\($0) }" }
        #expect(lines(load(list(all))) == expected)
    }

    @Test("dollars per token become nano-dollars per million, exactly", arguments: prices)
    func price(written: String, expected: Int64) {
        let text = list(
            "{ model: openai/a, api_key: os.environ/K, input_cost_per_token: \(written), output_cost_per_token: 0 }"
        )
        #expect(load(text).config?.prices == [DeploymentID("openai"): TokenPrice(input: expected, output: 0)])
    }

    @Test func everyParameterArrives() throws {
        let text = """
            model_list:
              - model_name: chat
                litellm_params:
                  model: openai/org/name
                  api_key: os.environ/K
                  api_base: https://llm.example.com/v1/
                  organization: acme
                  region_name: eu-west-1
                  weight: 0.5
                  order: 2
                  timeout: 10
                  stream_timeout: 1500ms
                  num_retries: 0
                  cooldown_time: 5
                  cache_read_input_token_cost: 1e-7
                  extra_body: { provider: { only: [a, 'b'] }, on: yes, ratio: .5, text: "1\\n", none: ~, who: os.environ/K2 }
                  extra_headers: { X-Title: nines }
                model_info:
                  id: main
                  cooldown_time: 7
                  max_input_tokens: 8000
                  input_cost_per_token: 0.000001
                  output_cost_per_token: 0.000002
            """
        let loaded = load(text)
        #expect(lines(loaded) == [])
        let expected = Deployment(
            id: DeploymentID("main"),
            provider: "openai",
            format: .openAI,
            model: "org/name",
            apiBase: "https://llm.example.com/v1",
            credential: Credential(name: "K", secret: Secret("key-one")),
            order: 2,
            weight: 0.5,
            timeout: .seconds(10),
            streamTimeout: .milliseconds(1500),
            numRetries: 0,
            cooldown: .seconds(7),
            extraBody:
                #"{"provider":{"only":["a","b"]},"on":true,"ratio":0.5,"text":"1\n","none":null,"who":"key-two"}"#,
            extraHeaders: [HeaderField("OpenAI-Organization", "acme"), HeaderField("X-Title", "nines")],
            contextWindow: 8000,
            region: "eu-west-1"
        )
        #expect(loaded.config?.groups == [ModelGroup(name: "chat", deployments: [expected])])
        let price = TokenPrice(input: 1_000_000_000, output: 2_000_000_000, cacheRead: 100_000_000)
        #expect(loaded.config?.prices == [DeploymentID("main"): price])
    }

    private func deployments(_ parameters: String) -> [Deployment] {
        load(list("{ \(parameters), api_key: os.environ/K }")).config?.groups.flatMap(\.deployments) ?? []
    }
}

/// A config whose deployments all belong to `chat`; one takes two lines, three with `model_info`, from line 2.
private func list(_ parameters: String...) -> String { list(parameters) }

private func list(_ parameters: [String]) -> String {
    "model_list:\n"
        + parameters.map {
            "  - model_name: chat\n    litellm_params: \($0.replacing(", model_info:", with: "\n    model_info:"))\n"
        }
        .joined()
}

private let targets: [(String, String?, String)] = [
    ("openai/gpt-5.4", nil, "openai openai gpt-5.4 https://api.openai.com/v1"),
    ("gpt-5.4", nil, "openai openai gpt-5.4 https://api.openai.com/v1"),
    ("claude-haiku-4-5", nil, "anthropic anthropic claude-haiku-4-5 https://api.anthropic.com"),
    ("anthropic/claude", "https://proxy.example/v1/", "anthropic anthropic claude https://proxy.example"),
    ("openrouter/meta/llama", nil, "openrouter openai meta/llama https://openrouter.ai/api/v1"),
    ("groq/a", nil, "groq openai a https://api.groq.com/openai/v1"),
    ("mistral/a", nil, "mistral openai a https://api.mistral.ai/v1"),
    ("deepseek/a", nil, "deepseek openai a https://api.deepseek.com/v1"),
    ("together_ai/a/b", nil, "together_ai openai a/b https://api.together.xyz/v1"),
    ("gemini/a", nil, "gemini openai a https://generativelanguage.googleapis.com/v1beta/openai"),
    ("ollama/a", nil, "ollama openai a http://127.0.0.1:11434/v1"),
    ("ollama_chat/a", "http://box:11434", "ollama openai a http://box:11434/v1"),
    ("azure/a", "https://r.openai.azure.com/", "azure openai a https://r.openai.azure.com/openai/v1"),
    ("openai/a", "http://[::1]:8000/v1", "openai openai a http://[::1]:8000/v1"),
    ("strange/a", "https://strange.example/v1", "strange openai a https://strange.example/v1"),
]

private let known =
    "openai, anthropic, openrouter, groq, mistral, deepseek, together_ai, gemini, ollama, azure, hosted_vllm, "
    + "lm_studio and litellm_proxy"

private let misplacedModels: [(String, [String])] = [
    (
        "model: opnai/a",
        [
            "3:30: error: model: unknown provider 'opnai'; did you mean 'openai'? Known: \(known); "
                + "any OpenAI-compatible endpoint is openai/NAME with api_base"
        ]
    ),
    ("model: llama", ["3:30: error: model: expected provider/model, found 'llama'; providers: \(known)"]),
    ("model: openai/", ["3:30: error: model: expected provider/model, found 'openai/'"]),
    (
        "model: openai/*",
        ["3:30: error: model: expected the name of one model, found 'openai/*': wildcards are not supported"]
    ),
    (
        "model: azure/a",
        ["3:30: error: model: 'azure/' needs api_base, such as https://RESOURCE.openai.azure.com/openai/v1"]
    ),
    (
        "model: meta/llama, api_base: 'https://a.example'",
        [
            "3:30: warning: model: unknown provider 'meta' is taken as OpenAI-compatible and asked for 'llama'; "
                + "write openai/meta/llama if the whole is the model's name"
        ]
    ),
]

private let keys: [(String, [String: String], String?, [String])] = [
    ("model: openai/a, api_key: os.environ/K", ["K": "k"], "K", []),
    (
        "model: openai/a, api_key: k", [:], "model_list[0].litellm_params.api_key",
        ["3:49: warning: api_key stands in the file: put it in an environment variable and write os.environ/NAME"]
    ),
    ("model: openai/a", ["OPENAI_API_KEY": "k"], "OPENAI_API_KEY", []),
    ("model: together_ai/a", ["TOGETHER_AI_API_KEY": "k"], "TOGETHER_AI_API_KEY", []),
    (
        "model: openai/a", ["OPENAI_API_KEY": ""], "OPENAI_API_KEY",
        ["3:30: warning: no key for 'openai': give api_key or set OPENAI_API_KEY"]
    ),
    ("model: openai/a, api_base: 'http://127.0.0.1:1/v1'", [:], nil, []),
    ("model: openai/a, api_base: 'http://localhost:1/v1'", ["OPENAI_API_KEY": "k"], "OPENAI_API_KEY", []),
    (
        "model: openai/a, api_base: 'https://a.example/v1'", ["OPENAI_API_KEY": "k"], "OPENAI_API_KEY",
        [
            "3:30: warning: no api_key: what OPENAI_API_KEY holds is sent to a.example; give api_key to say which key is meant"
        ]
    ),
    ("model: ollama/a", [:], nil, []),
]

private let draws: [([String], [String])] = [
    (["weight: 9", "weight: 1"], []),
    (["order: 1", "order: 2"], []),
    (["order: 1, weight: 9", "order: 1, weight: 1", "order: 2"], []),
    (
        ["order: 1, weight: 9", "order: 2, weight: 1"],
        [
            "3:81: warning: weight never acts: it draws among deployments of one order, and 'chat' has one deployment at this order"
        ]
    ),
    (["order: 1", ""], ["3:70: warning: order: 'chat' has it here but not for 'openai/a', which is tried last"]),
    (
        ["weight: 1", ""],
        ["3:71: warning: weight: 'chat' has it here but not for 'openai/a', which is then never drawn first"]
    ),
]

private let prices: [(String, Int64)] = [
    ("0.00000015", 150_000_000),
    ("1.5e-7", 150_000_000),
    ("0", 0),
    ("0.000000123456789", 123_456_789),
    ("1e-15", 1),
    ("4e-16", 0),
    ("5e-16", 1),
]
