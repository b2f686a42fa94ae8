/// The keys under `nines.alerts`, `nines.error_budget`, `nines.pagers` and `nines.exports`.
let alertKeys = ruleKeys + budgetPolicyKeys + pagerKeys + exportKeys

private let severities = NinesConfig.Alerts.Severity.allCases.reversed().map(\.rawValue)
private let loudness = ValueType.choice(severities + ["off"])

private let ruleKeys =
    keys(
        at: "nines.alerts",
        [
            read("latency", .off(or: .section), "", "When answers are too slow"),
            read("success", .off(or: .section), "", "When too few requests succeed"),
            read("cost", .off(or: .section), "", "When requests are too dear"),
            read("burn_rate", .flag, "on", "Alerts on how fast the error budget burns"),
            read("drift", .off(or: .section), "", "When a feature's tokens or cost leave their own past"),
            read(
                "budget",
                .off(or: .list(of: .portion)),
                "[80%, 100%]",
                "Shares of a spending budget at which it alerts"
            ),
            read("failover", loudness, "ticket", "When a group is served by another than its primary"),
            read("key_revoked", loudness, "page", "When a provider refuses a key"),
            read(
                "clear_after",
                .anyDuration,
                "5m",
                "How long all must be well before an alert resolves; a failover and a refused key take a minute at most"
            ),
        ]
    )
    + [
        ("latency", "15m", ValueType.duration(.milliseconds(1)...(.seconds(3600)))), ("success", "5m", .share()),
        ("cost", "15m", .money),
    ]
    .flatMap { objective, window, threshold in
        keys(
            at: "nines.alerts.\(objective)",
            [
                read(
                    "for",
                    .duration(.seconds(60)...(.seconds(86_400))),
                    window,
                    "The trailing window that is looked at"
                ),
                read("severity", loudness, "page", "How loudly"),
                read("threshold", threshold, "the objective", "What must not be passed"),
            ]
        )
    }
    + keys(
        at: "nines.alerts.drift",
        [
            read("ratio", .numberWithin(1.1...100), "1.5", "The mean of the last six hours over that of the baseline"),
            read("baseline", .duration(.seconds(86_400)...(.seconds(90 * 86_400))), "7d", "What it is compared with"),
            read("severity", loudness, "ticket", "How loudly"),
        ]
    )

private let budgetPolicyKeys = keys(
    at: "nines.error_budget",
    [
        read("caution", .portion, "50%", "Spent so far, changes are made with care"),
        read("freeze", .portion, "100%", "Spent so far, changes stop"),
        read("postmortem", .portion, "20%", "Spent by one incident, it needs a postmortem"),
    ]
)

private let pagerKeys = keys(
    at: "nines.pagers[]",
    [
        required("type", .choice(PagerType.allCases.map(\.rawValue)), "What it is"),
        read("severity", .choice(severities), "ticket", "The least that goes there: `page` keeps tickets away"),
        read("routing_key", .secret, "", "PagerDuty's integration key"),
        read(
            "url",
            .secretAddress,
            "",
            "Slack's, ntfy's or the webhook's address; PagerDuty's where it is not the usual"
        ),
        read("token", .secret, "", "ntfy's access token, where the topic needs one"),
        read("secret", .secret, "", "Signs what the webhook gets"),
    ]
)

private let exportKeys = keys(
    at: "nines.exports[]",
    [
        required("type", .choice(ExportType.allCases.map(\.rawValue)), "What it is"),
        read("host", .address(), "the service's own", "Its address"),
        read("public_key", .text, "", "Langfuse's public key"),
        read("secret_key", .secret, "", "Langfuse's secret key"),
        read("key", .secret, "", "Helicone's key"),
        read(
            "mode",
            .choice(NinesConfig.Export.LangfuseMode.allCases.map(\.rawValue)),
            "otlp",
            "`legacy` for a self-hosted Langfuse 3"
        ),
        read("prompts", .flag, "false", "`true` is refused: no prompt is kept, so that none can be sent"),
    ]
)
