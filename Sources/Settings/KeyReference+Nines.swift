/// The keys under `nines:`, the ones that LiteLLM does not have.
let ninesKeys: [KeyReference] = ownKeys + objectiveKeys + tenantKeys + featureKeys + serviceKeys + outsideKeys

private let day = Duration.seconds(86_400)
private let second = Duration.seconds(1)

private let ownKeys = keys(
    at: "nines",
    [
        read("listen", .listen, "127.0.0.1:4000", "Where the front door listens; beyond loopback only with a key"),
        read("database", .path, "$XDG_STATE_HOME/nines/nines.db", "The one database file; relative to this file"),
        read("theme", .name, "cvd-dark", "Colours of the console"),
        read("slo", .section, "", "What is promised"),
        read("tenants", .list(of: .section), "", "Who may call, each with a key"),
        read("routing", .section, "", "What LiteLLM has no key for"),
        read("drill", .section, "", "Rehearsals"),
        later("features", .named(.section), "", "Limits of each feature; `default` is for features that nobody named"),
        later("cache", .section, "", "Cached answers"),
        later("alerts", .section, "", "Which deviation alerts, after how long, how loudly"),
        later("pagers", .list(of: .section), "", "Where alerts go"),
        later("exports", .list(of: .section), "", "Where the ledger is copied to"),
        read("cors", .section, "", "Browsers that may call"),
    ]
)

private let objectiveKeys =
    keys(
        at: "nines.slo",
        [
            read(
                "window",
                .duration(.seconds(3600)...ValueType.maxDuration),
                "30d",
                "The rolling window of all objectives"
            ),
            read("success", .share(), "99.5%", "Good over valid requests"),
            read("latency", .section, "", "The latency objective"),
            read("cost_per_request", .money, "$0.015", "Mean cost of a request"),
        ]
    )
    + keys(
        at: "nines.slo.latency",
        [
            read(
                "p95",
                .duration(.milliseconds(1)...(second * 3600)),
                "2.5s",
                "95 of 100 requests are at least as fast"
            ),
            read(
                "of",
                .choice(["first_token", "total"]),
                "first_token",
                "`first_token` for streams and total for the rest, or `total` for all"
            ),
        ]
    )

private let tenantKeys = keys(
    at: "nines.tenants[]",
    [
        required("id", .name, "Unique; shown on the screen and in papers"),
        required("key", .secret, "The key that this tenant calls with, best as `os.environ/NAME`"),
    ]
)

private let featureKeys =
    keys(
        at: "nines.features.*",
        [
            read("max_cost_per_request", .money, "", "Worst-case cost of one request"),
            read("max_input_tokens", .tokens, "", "Longest prompt"),
            read("max_output_tokens", .tokens, "", "Longest answer"),
            read("budget", .section, "", "Spend over time"),
            read(
                "on_exceed",
                .list(of: .choice(Feature.Step.allNames)),
                "",
                "What is tried in turn when a limit is passed"
            ),
            read("cheaper", .name, "", "The model group or alias that `cheaper` goes to"),
            read("stream_failure", .choice(["error", "continue"]), "error", "What a client gets when a stream breaks"),
        ]
    )
    + keys(
        at: "nines.features.*.budget",
        [
            required("amount", .money, "The most that is spent"),
            required("per", .duration(.seconds(60)...ValueType.maxDuration), "In each stretch of this length"),
        ]
    )

private let serviceKeys =
    keys(
        at: "nines.routing",
        [
            read(
                "deadline",
                .duration(.milliseconds(100)...day),
                "75s",
                "All attempts of one request; unset, at least 2.5 times the longest `timeout`"
            ),
            read(
                "idle_timeout",
                .duration(.milliseconds(100)...day),
                "20s",
                "Silence between two chunks after the first content token"
            ),
            later(
                "hedge_after",
                .off(or: .duration(.milliseconds(1)...(second * 3600))),
                "off",
                "A second attempt races a first that is slower than this"
            ),
            later("fail_back", .choice(["ramp", "immediate"]), "ramp", "How load returns to a recovered primary"),
        ]
    )
    + keys(
        at: "nines.drill",
        [
            read("directory", .path, "", "Where closeout reports go; relative to this file"),
            read(
                "target_failover",
                .duration(.milliseconds(100)...day),
                "10s",
                "Time to the first failed-over success that passes"
            ),
            read("max_fault", .duration(second...day), "10m", "Longest lease of a fault"),
            read("min_budget", .share(withEnds: true), "25%", "Error budget below which no drill starts"),
        ]
    )
    + keys(
        at: "nines.cache",
        [
            read("ttl", .anyDuration, "24h", "How long an answer is fresh"),
            read("stale_if_error", .anyDuration, "7d", "How long it may stand in when every route fails"),
            read("max_size", .size, "512MB", "Size on disk"),
        ]
    )
    + keys(
        at: "nines.alerts",
        ["latency", "success", "cost"].map { read($0, .section, "", "When this objective is missed") }
            + [read("burn_rate", .flag, "on", "Alerts on how fast the error budget burns")]
    )
    + ["latency", "success", "cost"].flatMap { objective in
        keys(
            at: "nines.alerts.\(objective)",
            [
                read("for", .anyDuration, objective == "success" ? "5m" : "15m", "How long it must last"),
                read("severity", .choice(["page", "ticket"]), "page", "How loudly"),
            ]
        )
    }

private let outsideKeys =
    keys(
        at: "nines.pagers[]",
        [
            required("type", .choice(["pagerduty", "slack", "ntfy", "webhook"]), "What it is"),
            read("routing_key", .secret, "", "PagerDuty's integration key"),
            read("url", .address(hasQuery: true), "", "Slack's, ntfy's or the webhook's address"),
            read("secret", .secret, "", "Signs what the webhook gets"),
        ]
    )
    + keys(
        at: "nines.exports[]",
        [
            required("type", .choice(["langfuse", "helicone"]), "What it is"),
            read("host", .address(), "the service's own", "Its address"),
            read("public_key", .text, "", "Langfuse's public key"),
            read("secret_key", .secret, "", "Langfuse's secret key"),
            read("key", .secret, "", "Helicone's key"),
        ]
    )
    + keys(
        at: "nines.cors",
        [read("origins", .list(of: .address(isOrigin: true)), "", "Origins such as `https://app.example.com`")]
    )
