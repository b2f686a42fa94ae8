/// The keys of a LiteLLM proxy config, as LiteLLM 1.109 documents and reads them.
let liteLLMKeys: [KeyReference] =
    topKeys + modelKeys + parameterKeys + modelInfoKeys + routerKeys + providerBudgetKeys + libraryKeys + generalKeys

private let topKeys = keys(
    at: "",
    [
        required("model_list", .list(of: .section), "The deployments; at least one"),
        read("router_settings", .section, "", "The router's limits; wins over the same key in `litellm_settings`"),
        read("litellm_settings", .section, "", "The same limits, with lower precedence"),
        read("general_settings", .section, "", "What callers need"),
        read("environment_variables", .named(.text), "", "Set before the rest is read, over the real environment"),
        read("nines", .section, "", "What is ours"),
        refused("include", "one file holds the whole config: copy the included files into it"),
    ] + ignored("callback_settings", because: "callbacks do not run here; exports go under nines.exports")
)

private let modelKeys = keys(
    at: "model_list[]",
    [
        required("model_name", .name, "What clients send as `model`; equal names form one model group"),
        required("litellm_params", .section, "Where the deployment is and how it is used"),
        read("model_info", .section, "", "What is known of it"),
    ]
)

private let noBudgets = "budgets are those of features, tenants, deployments and providers"
private let noTags = "requests are not routed by tag"
private let unchanged = "requests travel as they came, except for the model's name"
private let inputPrice = "Price of an input token, over the shipped table; also under `model_info`"

private let priceKeys: [KeyEntry] = [
    read("input_cost_per_token", .price, "", inputPrice),
    read("output_cost_per_token", .price, "", "Price of an output token"),
    read("cache_read_input_token_cost", .price, "", "Price of an input token from the provider's prompt cache"),
    read("cache_creation_input_token_cost", .price, "", "Price of an input token written to it"),
]

private let parameterKeys = keys(
    at: "model_list[].litellm_params",
    [
        required("model", .name, "`provider/model`; `openai/NAME` with `api_base` is any OpenAI-compatible endpoint"),
        read("api_key", .secret, "os.environ/PREFIX_API_KEY", "The provider's key, best as `os.environ/NAME`"),
        read(
            "api_base",
            .address(),
            "the provider's own",
            "For OpenAI-compatible endpoints with `/v1`, for Anthropic the root"
        ),
        read("organization", .text, "", "Sent as `OpenAI-Organization`"),
        later("region_name", .name, "", "Where it runs: deployments of one provider and region fail together"),
        read("api_version", .text, "", "Without effect: Azure's `/openai/v1` endpoint needs none"),
        read("weight", .number, "", "Share of first attempts among the deployments of one `order`"),
        read("order", .integer(-1_000_000...1_000_000), "", "Lowest first; also under `model_info`"),
        read("timeout", .seconds(allowsZero: false), "the router's", "Limit of one attempt"),
        read(
            "stream_timeout",
            .seconds(allowsZero: false),
            "the router's",
            "Limit to the first content token of a stream"
        ),
        read("num_retries", .integer(0...100), "the router's", "Immediate retries at this deployment"),
        read("cooldown_time", .seconds(allowsZero: true), "the router's", "How long it stays out; 0 never benches it"),
        read("extra_body", .raw("mapping of fields"), "", "Fields added to every request body, as they are"),
        read("extra_headers", .named(.text), "", "Headers added to every request"),
        read("headers", .named(.text), "", "The same as `extra_headers`"),
        read("max_budget", .money, "", "The most that this deployment spends in each `budget_duration`"),
        read("budget_duration", .period, "", "Such as `1d` or `30d`"),
    ] + priceKeys
        + ignored("rpm", "tpm", because: "rates do not steer the draw here; use weight")
        + ignored("max_retries", because: "num_retries counts retries")
        + ignored("tags", "tag_regex", because: noTags)
        + ignored("drop_params", because: unchanged)
        + ignored("mock_response", because: "nothing is mocked; try 'nines demo'")
        + ignored("keepalive_seconds", because: "connections are kept alive by themselves")
)

private let modelInfoKeys = keys(
    at: "model_list[].model_info",
    [
        read("id", .name, "the provider's name", "The deployment's id on screen and in headers; unique"),
        read("order", .integer(-1_000_000...1_000_000), "", "As in `litellm_params`, which wins"),
        read("cooldown_time", .seconds(allowsZero: true), "", "As in `litellm_params`; wins over it"),
        read("max_input_tokens", .tokens, "", "Largest prompt that the model takes"),
        read("blocked", .flag, "false", "`true` leaves the deployment out"),
    ] + priceKeys
        + ignored(
            "allowed_fails",
            "allowed_fails_policy",
            because: "one limit holds for all: router_settings.allowed_fails"
        )
        + ignored(
            "mode",
            "base_model",
            "max_tokens",
            "max_output_tokens",
            "supports_*",
            because: "it is only descriptive"
        )
        + ignored("disable_background_health_check", because: "there are no background calls that cost money")
)

private let ownPolicy = "each kind of failure has its own remedy already"
private let otherPolicies = ignored(
    "context_window_fallbacks",
    "content_policy_fallbacks",
    because: "fallbacks by kind of error are not in effect in this version"
)

private let fallbackKeys: [KeyEntry] = [
    read("num_retries", .integer(0...100), "1", "Immediate retries at the same deployment; failover is not counted"),
    read(
        "allowed_fails",
        .integer(0...1_000_000),
        "3",
        "So many failures in a row are borne; the next benches the deployment"
    ),
    read(
        "fallbacks",
        .raw("list such as [{assistant: [assistant-mini]}]"),
        "",
        "Other groups to try when a whole group has failed"
    ),
    read("default_fallbacks", .list(of: .name), "", "The same for groups without an entry in `fallbacks`"),
]

private let routerKeys = keys(
    at: "router_settings",
    fallbackKeys + [
        read("timeout", .seconds(allowsZero: false), "30", "Limit of one attempt"),
        read(
            "stream_timeout",
            .seconds(allowsZero: false),
            "2",
            "From an attempt's start to its first content token, for streams"
        ),
        read("cooldown_time", .seconds(allowsZero: true), "30", "How long a benched deployment stays out"),
        read("model_group_alias", .raw("mapping such as {gpt-4: assistant}"), "", "Other names for groups"),
        read("routing_strategy", .text, "simple-shuffle", "Anything else is taken as `simple-shuffle`"),
        read(
            "enable_weighted_failover",
            .flag,
            "true",
            "Always on: a failed draw goes on to the deployments not yet tried"
        ),
        read("provider_budget_config", .named(.section), "", "The most that each provider's deployments spend"),
    ] + otherPolicies
        + ignored("retry_after", because: "there is no back-off while another deployment is healthy")
        + ignored("retry_policy", "model_group_retry_policy", "allowed_fails_policy", because: ownPolicy)
        + ignored("disable_cooldowns", because: "cooldowns are always on; cooldown_time: 0 benches nothing")
        + ignored("max_fallbacks", because: "every listed fallback is tried once, within nines.routing.deadline")
        + ignored(
            "enable_mid_stream_fallback_continuation",
            because: "nines.features decides what happens to a broken stream"
        )
        + ignored("fallback_on_unsupported_params", because: "a request at fault is not sent elsewhere")
        + ignored(
            "enable_pre_call_checks",
            "optional_pre_call_checks",
            because: "checks before the call are not in effect in this version"
        )
        + ignored("enable_tag_filtering", "tag_filtering_match_any", because: noTags)
        + ignored("default_max_parallel_requests", "routing_groups", because: "it has no counterpart here")
        + ignored("redis_*", "cache_responses", because: "there is no Redis: state is in the process and its database")
        + ignored(
            "enable_health_check_routing",
            "health_check_staleness_threshold",
            because: "live traffic tells what is healthy"
        )
)

private let providerBudgetKeys = keys(
    at: "router_settings.provider_budget_config.*",
    [
        read("budget_limit", .money, "", "The amount"),
        read("time_period", .period, "", "In each stretch of this length"),
        read("max_budget", .money, "", "The same as `budget_limit`"),
        read("budget_duration", .period, "", "The same as `time_period`"),
    ]
)

private let libraryKeys = keys(
    at: "litellm_settings",
    fallbackKeys + [
        read("request_timeout", .seconds(allowsZero: false), "30", "As `router_settings.timeout`")
    ] + otherPolicies
        + ignored("drop_params", "modify_params", because: unchanged)
        + ignored("cache", "cache_params", because: "the cache is set under nines.cache")
        + ignored("max_budget", "budget_duration", because: noBudgets)
        + ignored("tag_budget_config", because: "budgets are set under nines.features")
        + ignored(
            "callbacks",
            "success_callback",
            "failure_callback",
            because: "callbacks do not run here; exports go under nines.exports"
        )
        + ignored("turn_off_message_logging", "redact_messages_in_exceptions", because: "messages are never logged")
)

private let ownAlerts = "alerts are set under nines.alerts and nines.pagers"

private let generalKeys = keys(
    at: "general_settings",
    [read("master_key", .secret, "", "Required of callers where set, best as `os.environ/NAME`")]
        + ignored(
            "alerting",
            "alerting_threshold",
            "alerting_args",
            "alert_types",
            "alert_type_config",
            "alert_to_webhook_url",
            because: ownAlerts
        )
        + ignored(
            "background_health_checks",
            "health_check_interval",
            because: "live traffic tells what is healthy; no call is made that costs money"
        )
        + ignored("cancel_on_disconnect", because: "it is always on")
        + ignored(
            "max_request_size_mb",
            "max_parallel_requests",
            "global_max_parallel_requests",
            because: "the front door's limits are fixed in this version"
        )
        + ignored("completion_model", because: "a request names its model group itself")
        + ignored("include_call_id_in_error_body", because: "the request id is in a header of every answer")
        + ignored("database_url", because: "there is one SQLite file: nines.database")
)
