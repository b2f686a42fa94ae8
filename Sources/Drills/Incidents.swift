extension Scenario {
    /// Public incidents to replay, at their real length: `compressed(into:)` fits them into a drill.
    package static let incidents: [Scenario] = [
        openAIDecember2024, openAIJune2025, openAINovember2023, openAIAugust2024, openAIDegraded, anthropicQuality2025,
        anthropicMarch2026, cloudflareNovember2025, awsOctober2025, azureMarch2026, manyJune2024,
    ]

    private static let openAIDecember2024 = Scenario(
        id: "openai-2024-12-11",
        title: "Control planes overloaded, discovery lost",
        stages: [
            stage(2, (.status(503), 0.3)), stage(2, (.status(503), 0.7)),
            stage(136, (.status(503), 0.7), (.blockHost(.blackHole), 0.25)),
            stage(60, (.status(503), 0.5)), stage(62, (.status(503), 0.15)),
        ],
        incident: Incident(
            happened: "2024-12-11 15:16 to 19:38 PST, 4 h 22 min",
            source: "status.openai.com/incidents/ctrsv3lwd797",
            lesson: "nearly everything fails for hours, and comes back by and by",
            assumed: "the mix of errors and the shape of the ramps"
        )
    )

    private static let openAIJune2025 = Scenario(
        id: "openai-2025-06-10",
        title: "A quarter of the calls fail, for half a day",
        stages: [
            stage(129, (.status(500), 0.05)), stage(360, (.status(500), 0.25)), stage(115, (.status(500), 0.1)),
            stage(170, (.status(500), 0.02)),
        ],
        incident: Incident(
            happened: "2025-06-09 23:36 to 2025-06-10 15:00 PDT; the API back at 12:30",
            source: "status.openai.com/incidents/01JXCAW3K3JAE0EP56AEZ7CBG3/write-up",
            lesson: "partial failure: a breaker that waits for consecutive errors never opens",
            assumed: "the shape between the published peaks"
        )
    )

    private static let openAINovember2023 = Scenario(
        id: "openai-2023-11-08",
        title: "502 and 503, then a 429 of no known form",
        stages: [stage(80, (.status(502), 0.73), (.status(503), 0.25)), stage(35, (.status(429), 1))],
        incident: Incident(
            happened: "2023-11-08 05:43 to 07:38 PST, 1 h 55 min",
            source: "apicontext.com, measurements of the OpenAI outage",
            lesson: "listing models stayed healthy throughout: only a real request is a probe",
            assumed: "one success in fifty during the first part"
        )
    )

    private static let openAIAugust2024 = Scenario(
        id: "openai-2024-08-16",
        title: "Two waves",
        stages: [stage(44, (.status(503), 0.9)), stage(39), stage(15, (.status(503), 0.9))],
        incident: Incident(
            happened: "2024-08-16 11:38 to 13:16 PT, two waves of 44 and 15 min",
            source: "status.openai.com/incidents/01JMYB4QKS6C5AQVW4069X4T8T",
            lesson: "failing back too early meets the second wave",
            assumed: "the share of errors within the waves"
        )
    )

    private static let openAIDegraded = Scenario(
        id: "openai-degraded",
        title: "Slower and slower, then time-outs",
        stages: [
            stage(20, (.slowFirstToken(.seconds(3)), 1)),
            stage(40, (.blockHost(.blackHole), 0.2), (.status(429), 0.05), (.status(503), 0.05)),
        ],
        incident: Incident(
            happened: "date and length not published",
            source: "status.openai.com/incidents/01JMYB80MRDHY3W4NZRAPC00WB/write-up",
            lesson: "latency breaks the promise before errors do",
            assumed: "lengths and shares"
        )
    )

    private static let anthropicQuality2025 = Scenario(
        id: "anthropic-2025-08",
        title: "Well-formed answers of poor quality",
        stages: [stage(240, (.garbledAnswer, 0.008)), stage(60, (.garbledAnswer, 0.16))],
        incident: Incident(
            happened: "2025-08-05 to 2025-09-18; 16 % of one model's requests at the worst hour",
            source: "anthropic.com/engineering/a-postmortem-of-three-recent-issues",
            lesson: "success, latency and cost are blind to quality: only an evaluation sees it",
            assumed: "weeks replayed as hours"
        )
    )

    private static let anthropicMarch2026 = Scenario(
        id: "anthropic-2026-03-02",
        title: "Green status page, then one model fails",
        stages: [stage(238, (.status(529), 0.4)), stage(208, (.modelNotFound, 1))],
        incident: Incident(
            happened: "2026-03-02 11:49 to 15:47 UTC and 2026-03-03 06:59 to past 10:27 UTC",
            source: "daillac.com, claude-ai-down",
            lesson: "a breaker must open for a model alone; a status page is not evidence",
            assumed: "status codes and shares; the night between is left out"
        )
    )

    private static let cloudflareNovember2025 = Scenario(
        id: "cloudflare-2025-11-18",
        title: "The CDN before many providers flaps",
        stages: (0..<19).flatMap { _ in
            [
                Stage(length: .seconds(300), mix: [Ingredient(.status(500), share: 0.5, at: .domain)]),
                Stage(length: .seconds(300), mix: []),
            ]
        },
        incident: Incident(
            happened: "2025-11-18 11:20 to 17:06 UTC, core restored at 14:30",
            source: "ilert.com and gncrypto.news on Cloudflare's report",
            lesson: "two providers behind one CDN are one provider",
            assumed: "cycles of five minutes at 50 %, until the core was restored"
        )
    )

    private static let awsOctober2025 = Scenario(
        id: "aws-us-east-1-2025-10-20",
        title: "An empty DNS record for a region",
        stages: [
            Stage(length: .seconds(172 * 60), mix: [Ingredient(.blockHost(.dns), at: .domain)]),
            Stage(length: .seconds(700 * 60), mix: [Ingredient(.status(500), share: 0.15, at: .domain)]),
        ],
        incident: Incident(
            happened: "2025-10-19 23:48 to 2025-10-20 14:20 PDT; DNS until 02:40",
            source: "ernestchiang.com, copy of the AWS summary",
            lesson: "a region is a failure domain; the recovery takes longer than the fault",
            assumed: "15 % errors during the recovery"
        )
    )

    private static let azureMarch2026 = Scenario(
        id: "azure-2026-03-09",
        title: "400 that is the provider's fault",
        stages: [stage(1_212, (.status(400), 0.3), (.status(429), 0.2))],
        incident: Incident(
            happened: "2026-03-09 23:20 to 2026-03-10 19:32 UTC, one model",
            source: "dev.to/gabrielanhaia, openai-outage-postmortem",
            lesson: "a router that never fails over on 400 stays broken",
            assumed: "the shares"
        )
    )

    private static let manyJune2024 = Scenario(
        id: "multi-2024-06-04",
        title: "The others give in under the load that spills over",
        stages: [
            stage(10, (.status(503), 1)),
            Stage(
                length: .seconds(50 * 60),
                mix: [Ingredient(.status(503)), Ingredient(.status(429), share: 0.3, at: .secondary)]
            ),
        ],
        incident: Incident(
            happened: "2024-06-04, from about 02:30 ET",
            source: "techrounder.com; the cause was never proven",
            lesson: "the secondary's rate limit is part of the failover",
            assumed: "lengths and shares"
        )
    )

    private static func stage(_ minutes: Int, _ mix: (Fault, Double)...) -> Stage {
        Stage(length: .seconds(minutes * 60), mix: mix.map { Ingredient($0.0, share: $0.1) })
    }
}
