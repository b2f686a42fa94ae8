import Guardrails

/// The keys under `nines.features` and `nines.cache`.
let featureKeys =
    keys(
        at: "nines.features.*",
        [
            read("max_cost_per_request", .money, "", "Worst-case cost of one request"),
            read("max_input_tokens", .tokens, "", "Longest prompt"),
            read("max_output_tokens", .tokens, "", "Longest answer"),
            read("budget", .section, "", "Spend over time"),
            read(
                "on_exceed",
                .list(of: .choice(LadderStep.allCases.map(\.rawValue))),
                "",
                "What is tried in turn when a limit is passed"
            ),
            read("cheaper", .name, "", "The model group or alias that `cheaper` goes to"),
            read(
                "stream_failure",
                .choice(["error", "continue"]),
                "error",
                "What a client gets when a stream breaks"
            ),
            read(
                "prompt_caching",
                .off(or: .choice(Feature.PromptCaching.allCases.map(\.rawValue))),
                "off",
                "How long Anthropic is asked to keep tools and system prompt in its own cache"
            ),
            read(
                "policy_failover",
                .flag,
                "false",
                "`true` asks elsewhere when a provider's content policy refuses"
            ),
            read("cache", .off(or: .section), "as nines.cache", "Cached answers of this feature"),
        ]
    )
    + keys(at: "nines.features.*.budget", budgetKeys)
    + keys(at: "nines.features.*.cache", cachePolicyKeys)

let budgetKeys = [
    required("amount", .money, "The most that is spent"),
    required("per", .period, "In each stretch of this length; also `hour`, `day`, `week`, `month` (30 days)"),
]

let cacheKeys = keys(
    at: "nines.cache",
    cachePolicyKeys + [
        read("max_size", .size, "512MB", "Size on disk"),
        read("max_entry_size", .size, "1MB", "A larger answer is not stored"),
    ]
)

/// The same for all features and for one, where what holds for all is the default.
private let cachePolicyKeys: [KeyEntry] = [
    read("enabled", .flag, "true", "Whether answers are cached: `true` where the section stands at all"),
    read("ttl", .anyDuration, "24h", "How long an answer is fresh"),
    read(
        "stale_while_revalidate",
        .off(or: .anyDuration),
        "off",
        "Beyond `ttl`: how long it is served while a new one is fetched"
    ),
    read(
        "stale_if_error",
        .off(or: .anyDuration),
        "7d",
        "Beyond `ttl`: how long it may stand in when every route fails"
    ),
    read(
        "level",
        .choice(NinesConfig.CachePolicy.Level.allCases.map(\.rawValue)),
        "safe",
        "How prompts are made alike: `safe` evens out Unicode forms and blanks at line ends, `aggressive` also case and inner blanks"
    ),
]
