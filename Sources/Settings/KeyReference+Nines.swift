/// The keys under `nines:`, the ones that LiteLLM does not have.
let ninesKeys: [KeyReference] =
    ownKeys + objectiveKeys + tenantKeys + featureKeys + serviceKeys + drillKeys + cacheKeys + alertKeys + kitKeys
    + browserKeys

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
        read("features", .named(.section), "", "Limits of each feature; `default` is for features that nobody named"),
        read("cache", .off(or: .section), "off", "Cached answers"),
        read("alerts", .section, "", "Which deviation alerts, after how long, how loudly"),
        read("error_budget", .section, "", "What is done as it is spent"),
        read("retention", .section, "", "How long rows are kept"),
        read("kit", .section, "", "What the papers of `nines kit` say that no ledger knows"),
        read("pagers", .list(of: .section), "", "Where alerts go"),
        read("exports", .list(of: .section), "", "Where the ledger is copied to"),
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

private let tenantKeys =
    keys(
        at: "nines.tenants[]",
        [
            required("id", .name, "Unique; shown on the screen and in papers"),
            required("key", .secret, "The key that this tenant calls with, best as `os.environ/NAME`"),
            read("name", .text, "", "As the papers call this client"),
            read("budget", .section, "", "Spend over time"),
            read("max_budget", .money, "", "The most that is spent in each `budget_duration`"),
            read("budget_duration", .period, "", "As `per` of `budget`, as which both together act"),
        ]
    ) + keys(at: "nines.tenants[].budget", budgetKeys)

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
                "Silence between two chunks after the first content token; with nothing but keep-alives between, `timeout`"
            ),
            read(
                "hedge_after",
                .off(or: .duration(.milliseconds(1)...(second * 3600))),
                "off",
                "A second attempt races a first that is slower than this"
            ),
            read("fail_back", .choice(["ramp", "immediate"]), "ramp", "How load returns to a recovered primary"),
        ]
    )
    + keys(
        at: "nines.retention",
        [
            read(
                "requests",
                .duration(day...ValueType.maxDuration),
                "35d",
                "One row per request and attempt; unset, at least the window of the objectives"
            ),
            read("rollups", .duration(day...ValueType.maxDuration), "400d", "Counts and histograms"),
        ]
    )

private let drillKeys =
    keys(
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
            read("team", .list(of: .name), "", "Who takes part: lead, operator and scribe are chosen from it"),
            read("probe_rps", .numberWithin(0...50), "2", "Requests a second that are added where traffic is thin"),
            read("probe_budget", .money, "$0.50", "What these may cost in one drill"),
            read(
                "max_spend",
                .money,
                "",
                "What a drill may cost in all, its requests and dearer answers, before it is stopped; unset: no limit"
            ),
            read("scripts", .path, "", "The folder of the team's own script, one file; relative to this file"),
            read("incidents", .path, "", "The folder of its own incident profiles; relative to this file"),
            read("admin", .section, "", "For switching a key off at its provider"),
        ]
    )
    + keys(
        at: "nines.drill.admin",
        [
            read("anthropic", .section, "", "Anthropic's Admin API"),
            read("openrouter", .section, "", "OpenRouter's management API"),
        ]
    )
    + ["anthropic", "openrouter"].flatMap { provider in
        keys(
            at: "nines.drill.admin.\(provider)",
            [
                required("key", .secret, "The admin or management key, best as `os.environ/NAME`"),
                required("key_id", .name, "The key that is switched: its id, at OpenRouter its hash"),
                read("api_base", .address(), "the provider's own", "Its address"),
            ]
        )
    }

private let browserKeys = keys(
    at: "nines.cors",
    [read("origins", .list(of: .address(isOrigin: true)), "", "Origins such as `https://app.example.com`")]
)
