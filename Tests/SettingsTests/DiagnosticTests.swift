import Settings
import Testing

struct DiagnosticTests {
    @Test("what is wrong with a whole file", arguments: wholeFiles)
    func wholeFile(text: String, expected: [String]) {
        let loaded = load(text)
        #expect(lines(loaded) == expected)
        #expect((loaded.config == nil) == expected.contains { $0.contains(" error: ") })
    }

    @Test("what is wrong with a part, after one good deployment", arguments: parts)
    func part(text: String, expected: [String]) {
        let loaded = load(oneDeployment + text)
        #expect(lines(loaded) == expected)
        #expect((loaded.config == nil) == expected.contains { $0.contains(" error: ") })
    }

    @Test("what is wrong with a value of a deployment", arguments: parameters)
    func parameter(text: String, expected: [String]) {
        let yaml = """
            model_list:
              - model_name: chat
                litellm_params:
                  model: openai/a
                  api_key: os.environ/K
                  \(text)
            """
        #expect(lines(load(yaml)) == expected)
    }

    @Test func oneRunSaysEverything() {
        let text = """
            model_list:
              - model_name: chat
                litellm_params:
                  model: openai/gpt-4o
                  api_key: sk-abcdef
                  wieght: 9
                  api_base: os.environ/BASE
              - model_name: chat
                weight: 3
                litellm_params: {model: vertex_ai/gemini-pro}
            router_settings:
              timeout: two
              fallbacks: [{chat: [caht]}]
            litellm_settings:
              drop_params: true
            nines:
              slo: {success: 99.5, latency: {p95: 2.5}}
              listen: 0.0.0.0:99999
            """
        #expect(
            lines(load(text)) == [
                "5:16: warning: api_key stands in the file: put it in an environment variable and write os.environ/NAME",
                "6:7: warning: unknown key 'wieght' in litellm_params; did you mean 'weight'?",
                "7:17: warning: api_base: the environment variable BASE is not set",
                "9:5: warning: unknown key 'weight' in model_list[1]; it belongs in model_list[].litellm_params",
                "10:29: error: model: unknown provider 'vertex_ai'. Known: \(providers); "
                    + "any OpenAI-compatible endpoint is openai/NAME with api_base",
                "12:12: error: timeout: expected a number of seconds above 0 and at most 400d, found 'two'",
                "13:23: error: fallbacks: there is no model group 'caht'; did you mean 'chat'?",
                "15:3: warning: 'drop_params' in litellm_settings is read and ignored: requests travel as they came, "
                    + "except for the model's name",
                "17:18: error: success: expected a share above 0% and below 100%, such as 99.5%, found '99.5'",
                "17:39: error: p95: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1ms to 1h, found '2.5'",
                "18:11: error: listen: expected a port from 1 to 65535, found '0.0.0.0:99999'",
            ]
        )
    }

    @Test func formIsFileLineColumn() {
        let diagnostic = Diagnostic(severity: .error, file: "a.yaml", line: 3, column: 7, message: "no")
        #expect(diagnostic.description == "a.yaml:3:7: error: no")
    }
}

private let providers =
    "openai, anthropic, openrouter, groq, mistral, deepseek, together_ai, gemini, ollama, azure, hosted_vllm, "
    + "lm_studio and litellm_proxy"

private let wholeFiles: [(String, [String])] = [
    ("", ["1:1: error: the config is empty: 'nines init' writes one to start from"]),
    ("# nothing\n", ["1:1: error: the config is empty: 'nines init' writes one to start from"]),
    ("~", ["1:1: error: the config is empty: 'nines init' writes one to start from"]),
    (
        "- a\n- b\n",
        ["1:1: error: expected a mapping of keys (model_list, router_settings, nines, ...), found a list"]
    ),
    ("hello", ["1:1: error: expected a mapping of keys (model_list, router_settings, nines, ...), found 'hello'"]),
    ("nines: {}", ["1:1: error: missing 'model_list' in the config"]),
    ("model_list: []", ["1:13: error: model_list is empty: it needs at least one deployment"]),
    (
        "model_list:",
        [
            "1:1: error: model_list: expected a list of mappings, found nothing"
        ]
    ),
    ("model_list: 3", ["1:13: error: model_list: expected a list of mappings, found '3'"]),
    ("model_list: [3]", ["1:14: error: model_list[0]: expected a mapping of keys, found '3'"]),
    ("model_list: [~]", ["1:14: error: model_list[0]: expected a mapping of keys, found nothing"]),
    (
        "model_list:\n  - litellm_params: {}\n",
        [
            "2:5: error: missing 'model_name' in model_list[0]",
            "2:21: error: missing 'model' in litellm_params",
        ]
    ),
    ("model_list:\n  - model_name: chat\n", ["2:5: error: missing 'litellm_params' in model_list[0]"]),
    (
        "model_list:\n  - model_name:\n    litellm_params: { model: openai/a, api_key: os.environ/K }\n",
        ["2:5: error: model_name: expected a name of at most 128 printable ASCII characters, found nothing"]
    ),
    (
        "a: [1, 2\nb: 3\n",
        ["2:2: error: invalid YAML: while parsing a flow sequence of line 1, did not find expected ',' or ']'"]
    ),
    (
        "a:\n\tb: 1\n",
        [
            "2:1: error: invalid YAML: while scanning for the next token of line 2, found character that cannot start "
                + "any token; YAML is indented with spaces, this is a tab"
        ]
    ),
    ("a: 1\na: 2\n", ["1:1: error: 'a' stands more than once in one mapping; first here"]),
    (
        "a: 1\n---\nb: 2\n",
        ["2:1: error: invalid YAML: expected a single document in the stream of line 1, but found another document"]
    ),
    ("a: *nobody\n", ["1:4: error: invalid YAML: found undefined alias"]),
    ("? [a, b]\n: c\n", ["1:3: error: expected a key that is a text, found a list or a mapping"]),
    ("<<: 3\n", ["1:5: error: expected a mapping to merge, found '3'"]),
    (
        "a: " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
        ["1:68: error: nested deeper than 64 levels"]
    ),
    ("a: \u{1}\n", ["1:4: error: invalid YAML: control characters are not allowed"]),
]

private let parts: [(String, [String])] = [
    // Unknown, ignored, refused.
    (
        "router_setings: {}",
        ["4:1: warning: unknown key 'router_setings' in the config; did you mean 'router_settings'?"]
    ),
    ("colour: red", ["4:1: warning: unknown key 'colour' in the config"]),
    ("master_key: a", ["4:1: warning: unknown key 'master_key' in the config; it belongs in general_settings"]),
    (
        "include: [a.yaml]",
        ["4:1: error: 'include' is not supported: one file holds the whole config: copy the included files into it"]
    ),
    (
        "callback_settings: { a: 1 }",
        [
            "4:1: warning: 'callback_settings' in the config is read and ignored: callbacks do not run here; exports go under nines.exports"
        ]
    ),
    (
        "router_settings: { redis_host: a, redis_port: 1, num_retires: 2 }",
        [
            "4:20: warning: 'redis_host' in router_settings is read and ignored: there is no Redis: state is in the process and its database",
            "4:50: warning: unknown key 'num_retires' in router_settings; did you mean 'num_retries'?",
        ]
    ),
    ("router_settings:\n", ["4:1: warning: router_settings has no value: it is as if it were not there"]),
    ("router_settings: [1]\n", ["4:18: error: router_settings: expected a mapping of keys, found a list"]),
    // Limits.
    (
        "router_settings: { timeout: two }",
        ["4:29: error: timeout: expected a number of seconds above 0 and at most 400d, found 'two'"]
    ),
    (
        "router_settings: { cooldown_time: -1 }",
        ["4:35: error: cooldown_time: expected a number of seconds of at least 0 and at most 400d, found '-1'"]
    ),
    (
        "router_settings: { cooldown_time: .inf }",
        ["4:35: error: cooldown_time: expected a number of seconds of at least 0 and at most 400d, found '.inf'"]
    ),
    (
        "router_settings: { timeout: .nan }",
        ["4:29: error: timeout: expected a number of seconds above 0 and at most 400d, found '.nan'"]
    ),
    (
        "router_settings: { timeout: 1e300 }",
        ["4:29: error: timeout: expected a number of seconds above 0 and at most 400d, found '1e300'"]
    ),
    (
        "router_settings: { timeout: true }",
        ["4:29: error: timeout: expected a number of seconds above 0 and at most 400d, found 'true'"]
    ),
    (
        "router_settings: { num_retries: 1.5 }",
        ["4:33: error: num_retries: expected a whole number from 0 to 100, found '1.5'"]
    ),
    (
        "router_settings: { num_retries: 99999999999999999999 }",
        ["4:33: error: num_retries: expected a whole number from 0 to 100, found '99999999999999999999'"]
    ),
    (
        "router_settings: { num_retries: [1] }",
        ["4:33: error: num_retries: expected a whole number from 0 to 100, found a list"]
    ),
    (
        "router_settings: { timeout: os.environ/K }",
        ["4:29: error: timeout: expected a number of seconds above 0 and at most 400d, found something else in K"]
    ),
    (
        "router_settings: { timeout: os.environ/ }",
        ["4:29: error: timeout: expected os.environ/NAME, found 'os.environ/'"]
    ),
    (
        "router_settings: { routing_strategy: least-busy, enable_weighted_failover: false }",
        [
            "4:38: warning: routing_strategy: 'least-busy' is not supported: order and weight decide, as with simple-shuffle",
            "4:76: warning: enable_weighted_failover is always on here: a failed draw goes on to the deployments not yet tried",
        ]
    ),
    (
        "router_settings: { timeout: 90 }\nnines: { routing: { deadline: 75s } }",
        ["5:31: warning: deadline: 75s is shorter than the timeout of one attempt, 90s, which then never acts"]
    ),
    // Fallbacks and aliases.
    (
        "router_settings: { fallbacks: [{ chat: [chta] }] }",
        ["4:41: error: fallbacks: there is no model group 'chta'; did you mean 'chat'?"]
    ),
    (
        "litellm_settings: { fallbacks: [{ other: [chat] }] }",
        ["4:35: error: fallbacks: there is no model group 'other'"]
    ),
    (
        "router_settings: { default_fallbacks: [nowhere] }",
        ["4:40: error: default_fallbacks: there is no model group 'nowhere'"]
    ),
    (
        "router_settings: { fallbacks: chat }",
        ["4:31: error: fallbacks: expected a list such as [{assistant: [assistant-mini]}], found 'chat'"]
    ),
    (
        "router_settings: { fallbacks: [{ chat: [{ model: x }] }] }",
        ["4:41: error: fallbacks: expected the name of a model group, found a mapping"]
    ),
    (
        "router_settings: { fallbacks: [{ chat: chat }] }",
        ["4:34: warning: fallbacks: chat -> chat is a cycle; a request tries each group once"]
    ),
    (
        "router_settings: { model_group_alias: { gpt: nowhere } }",
        ["4:46: error: model_group_alias: there is no model group 'nowhere'"]
    ),
    (
        "router_settings: { model_group_alias: { chat: chat } }",
        ["4:41: error: model_group_alias: 'chat' is a model group already"]
    ),
    (
        "router_settings: { model_group_alias: { gpt: { hidden: true } } }",
        [
            "4:46: error: model_group_alias: expected the name of a model group, found a mapping",
            "4:48: warning: 'hidden' in model_group_alias is read and ignored: every alias is listed",
        ]
    ),
    // Callers.
    (
        "general_settings: { master_key: sk-1234 }",
        ["4:33: warning: master_key stands in the file: put it in an environment variable and write os.environ/NAME"]
    ),
    (
        "general_settings: { master_key: os.environ/NONE }",
        ["4:33: warning: master_key: the environment variable NONE is not set"]
    ),
    (
        "general_settings: { master_key: [a] }",
        ["4:33: error: master_key: expected a key without blanks or line breaks, such as os.environ/NAME, found a list"]
    ),
    (
        "environment_variables: { SOME_TOKEN: abc }",
        ["4:38: warning: 'SOME_TOKEN' looks like a secret and stands in the file: set it in the environment"]
    ),
    (
        "nines: { listen: 0.0.0.0:4000 }",
        [
            "4:18: error: listen: 0.0.0.0 can be reached from other machines and no key is required of callers: "
                + "set general_settings.master_key or nines.tenants, or listen on 127.0.0.1"
        ]
    ),
    (
        "nines: { listen: '127.0.0.1:70000' }",
        ["4:18: error: listen: expected a port from 1 to 65535, found '127.0.0.1:70000'"]
    ),
    (
        "nines: { listen: ':4000' }",
        ["4:18: error: listen: expected a host and a port such as 127.0.0.1:4000, found ':4000'"]
    ),
    (
        "nines:\n  tenants:\n    - { id: a, key: os.environ/K }\n    - { id: a, key: os.environ/K2 }\n    - { id: b, key: os.environ/K }",
        [
            "7:13: error: id: 'a' is the id of another tenant already",
            "8:21: error: key: tenant 'b' has the same key as tenant 'a'",
        ]
    ),
    (
        "general_settings: { master_key: os.environ/MASTER }\nnines: { tenants: [{ id: a, key: os.environ/MASTER }] }",
        ["5:34: error: key: tenant 'a' has the same key as general_settings.master_key"]
    ),
    ("nines: { tenants: [{ id: a }] }", ["4:20: error: missing 'key' in tenants[0]"]),
    // Objectives and the rest of ours.
    (
        "nines: { slo: { success: 99.5 } }",
        ["4:26: error: success: expected a share above 0% and below 100%, such as 99.5%, found '99.5'"]
    ),
    (
        "nines: { slo: { success: 100% } }",
        ["4:26: error: success: expected a share above 0% and below 100%, such as 99.5%, found '100%'"]
    ),
    (
        "nines: { slo: { window: 30 } }",
        ["4:25: error: window: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1h to 400d, found '30'"]
    ),
    (
        "nines: { slo: { window: 1000d } }",
        ["4:25: error: window: expected a duration such as 250ms, 2s, 15m, 24h or 30d, from 1h to 400d, found '1000d'"]
    ),
    (
        "nines: { slo: { cost_per_request: $-1 } }",
        ["4:35: error: cost_per_request: expected an amount above 0 such as $0.015, found '$-1'"]
    ),
    (
        "nines: { slo: { latency: { p99: 1s, of: tokens } } }",
        [
            "4:28: warning: unknown key 'p99' in latency; did you mean 'p95'?",
            "4:41: error: of: expected first_token or total, found 'tokens'",
        ]
    ),
    ("nines: { drill: { directory: ~bob/drills } }", ["4:30: error: directory: expected a path, found '~bob/drills'"]),
    ("nines: { routing: { hedge_after: 800ms, fail_back: immediate } }", []),
    ("nines: { routing: { hedge_after: off, fail_back: ramp } }", []),
    (
        "nines: { routing: { hedge_after: soon } }",
        [
            "4:34: error: hedge_after: expected off, or a duration such as 250ms, 2s, 15m, 24h or 30d, from 1ms to 1h, found 'soon'"
        ]
    ),
    (
        "nines: { cache: { max_size: 512 } }",
        [
            "4:29: error: max_size: expected a size such as 512MB, found '512'"
        ]
    ),
    (
        "nines: { features: { a: { cheaper: chatt, on_exceed: [cheaper, panic] } } }",
        [
            "4:36: error: cheaper: there is no model group 'chatt'; did you mean 'chat'?",
            "4:64: error: on_exceed[1]: expected truncate, cheaper, cached or reject, found 'panic'",
        ]
    ),
    (
        "nines: { features: { a: { on_exceed: [cheaper] } } }",
        [
            "4:38: error: on_exceed: 'cheaper' needs a group to go to: set cheaper in feature 'a'"
        ]
    ),
    (
        "nines: { pagers: [{ type: slack }, { type: sms }] }",
        [
            "4:19: error: pager of type slack needs url",
            "4:44: error: type: expected pagerduty, slack, ntfy, webhook or terminal, found 'sms'",
        ]
    ),
    (
        "nines: { exports: [{ type: langfuse, public_key: pk }] }",
        [
            "4:20: error: export of type langfuse needs secret_key"
        ]
    ),
    (
        "nines: { cors: { origins: ['https://a.example/path'] } }",
        [
            "4:28: error: origins[0]: expected an origin such as https://app.example.com, found 'https://a.example/path'"
        ]
    ),
    (
        "nines: { alerts: { latency: { for: 15m, severity: shout } } }",
        [
            "4:51: error: severity: expected page, ticket or off, found 'shout'"
        ]
    ),
]

private let parameters: [(String, [String])] = [
    ("wieght: 9", ["6:7: warning: unknown key 'wieght' in litellm_params; did you mean 'weight'?"]),
    (
        "temperature: 0.5",
        ["6:7: warning: unknown key 'temperature' in litellm_params; it is not sent to the provider, extra_body is"]
    ),
    ("weight: -1", ["6:15: error: weight: expected a number of at least 0, found '-1'"]),
    ("weight: .nan", ["6:15: error: weight: expected a number of at least 0, found '.nan'"]),
    ("weight: 1e999", ["6:15: error: weight: expected a number of at least 0, found '1e999'"]),
    ("weight: yes", ["6:15: error: weight: expected a number of at least 0, found 'yes'"]),
    ("weight:", ["6:7: warning: weight has no value: it is as if it were not there"]),
    ("order: first", ["6:14: error: order: expected a whole number from -1000000 to 1000000, found 'first'"]),
    (
        "rpm: 100",
        ["6:7: warning: 'rpm' in litellm_params is read and ignored: rates do not steer the draw here; use weight"]
    ),
    (
        "api_base: localhost:8000",
        [
            "6:17: error: api_base: expected an address that starts with http:// or https://, such as https://api.example.com/v1, "
                + "found 'localhost:8000'"
        ]
    ),
    (
        "api_base: http://a:70000/v1",
        ["6:17: error: api_base: expected a port from 1 to 65535, found 'http://a:70000/v1'"]
    ),
    (
        "api_base: https://me:pw@a/v1",
        ["6:17: error: api_base: expected an address without a user name or password, found a text of 18 characters"]
    ),
    (
        "api_base: https://a/v1?k=1",
        ["6:17: error: api_base: expected an address without '?' and '#', found 'https://a/v1?k=1'"]
    ),
    (
        "api_version: '2024-10-21'",
        ["6:20: warning: api_version has no effect: Azure's /openai/v1 endpoint needs none, others have none"]
    ),
    (
        "input_cost_per_token: cheap",
        [
            "6:29: error: input_cost_per_token: expected a number of US dollars per token of at least 0, such as 0.00000015, found 'cheap'"
        ]
    ),
    (
        "input_cost_per_token: 1e-7",
        [
            "6:29: warning: input_cost_per_token has no effect without output_cost_per_token: the price table counts; add output_cost_per_token, as 0 where it is free"
        ]
    ),
    ("extra_body: [1]", ["6:19: error: extra_body: expected a mapping of fields, found a list"]),
    ("extra_headers: { 'a b': c }", ["6:24: error: extra_headers: expected a header's name, found 'a b'"]),
    (
        "extra_headers: { Host: c }",
        ["6:24: error: extra_headers: expected a header that the router does not set itself, found 'Host'"]
    ),
    (
        #"extra_headers: { X-A: "a\r\nb" }"#,
        ["6:29: error: extra_headers.X-A: expected a text on one line, found a text of 3 characters"]
    ),
]
