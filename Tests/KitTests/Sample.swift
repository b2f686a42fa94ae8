import Guardrails
import Kit
import SLO

/// Inputs that the tests share: a month of traffic with a gap and a quiet day, and the lack of one.
enum Sample {
    static let day: Int64 = 86_400_000
    /// 2026-11-23 09:00 UTC.
    static let now: Int64 = 1_795_424_400_000

    /// Nothing but a config without `nines.kit` and a ledger without a row.
    static let empty = {
        var input = KitInput(now: now, version: "1.0.0", objectives: Objectives())
        input.headline = Headline(
            objectives: input.objectives,
            window: Indicators(),
            lastHour: EventCounts(),
            lastSixHours: EventCounts()
        )
        input.drills = KitDrills(last: nil, streak: 0)
        return input
    }()

    static let full = {
        var input = empty
        input.blanks = blanks
        input.ledgerBegins = now - 60 * day
        input.days = (0..<30).map { index in
            KitDay(start: (now / day - 29 + Int64(index)) * day, indicators: indicators(of: index))
        }
        input.headline = headline(input.days.compactMap(\.indicators))
        input.failuresByCause = ["no route answered": 33, "broke off": 10]
        input.failuresByFeature = ["summarise": 30, "chat": 9]
        input.gaps = [TimeSpan(from: now - 20 * day, to: now - 18 * day)]
        input.maintenance = [
            KitMaintenance(
                span: TimeSpan(from: now - 3 * day, to: now - 3 * day + 3_600_000),
                reason: "new disk",
                declared: now - 9 * day
            )
        ]
        input.retention = KitRetention(requests: .seconds(62 * 86_400), days: .seconds(400 * 86_400))
        input.excluded = 12
        input.alerts = AlertRule.all(AlertSettings(), objectives: input.objectives)
        input.groups = [KitGroup(name: "assistant", providers: ["openai", "local"])]
        input.features = [feature, chat]
        input.cache = KitCache(fresh: .seconds(86_400), staleIfError: .seconds(7 * 86_400))
        input.drills = drills
        input.script = script
        input.config = config
        input.configNotes = [
            "nines.slo.window": "what the promise is about", "router_settings.num_retries": "not failover",
        ]
        input.starter = "model_list: []\n"
        input.worker = .shipped
        return input
    }()

    /// Twelve requests so far.
    static let few = {
        var input = full
        input.days = []
        input.ledgerBegins = now - day
        var counts = EventCounts()
        (counts.requests, counts.valid, counts.good, counts.priced, counts.cost) = (12, 12, 11, 12, 12_000_000)
        (counts.latencySamples, counts.latencyFast) = (12, 12)
        input.headline = headline([Indicators(counts: counts)])
        input.features = [KitFeature(sheet: feature.sheet, metered: 12)]
        return input
    }()

    static let tenant = {
        var input = full
        input.tenant = "acme"
        return input
    }()

    /// Names that are markup wherever they may stand.
    static let hostile = {
        var input = full
        let name = "<script>alert('x')</script> | `a` **b** [c](javascript:d) & \"e\"\n# f {{g}} </style>"
        input.tenant = name
        input.blanks.company = name
        input.blanks.service = name
        input.failuresByCause = [name: 39]
        input.drills?.findings = [KitDrills.Finding(text: name, owner: name)]
        input.maintenance[0].reason = name
        input.features[0].sheet.name = name
        input.features[0].sheet.routes[0].deployment = name
        input.config = "nines: # \(name)\n```\n<b>\n"
        return input
    }()

    private static func headline(_ days: [Indicators]) -> Headline {
        var window = Indicators()
        for day in days {
            window.counts += day.counts
            window.latency.merge(day.latency)
        }
        return Headline(
            objectives: Objectives(),
            window: window,
            lastHour: days.last?.counts ?? EventCounts(),
            lastSixHours: days.last?.counts ?? EventCounts()
        )
    }

    /// Nil in the gap, twelve requests on one day, some hundred on every other.
    private static func indicators(of index: Int) -> Indicators? {
        guard ![10, 11].contains(index) else { return nil }
        let valid = index == 20 ? 12 : 380 + index * 3
        let bad = index == 5 ? 19 : index % 4 == 0 ? 3 : 0
        var day = Indicators()
        (day.counts.requests, day.counts.valid, day.counts.good) = (valid + 5, valid, valid - bad)
        (day.counts.priced, day.counts.cost) = (valid, valid * (9_000_000 + index * 40_000))
        (day.counts.latencySamples, day.counts.latencyFast) = (valid, valid - (valid + 39) / 40)
        for sample in 0..<valid {
            day.latency.add(
                microseconds: sample % 40 == 0 ? 2_900_000 : Int64(600 + sample % 40 * 30 + index * 5) * 1_000
            )
        }
        return day
    }

    private static let blanks = {
        var blanks = KitBlanks()
        (blanks.company, blanks.service, blanks.owner) = ("Lindqvist & Co", "Assistant", "Ada Lindqvist")
        (blanks.escalation, blanks.contact) = ("the managing director", "ops@example.com")
        (blanks.effective, blanks.review) = ("2027-01-01", "2027-06-30")
        (blanks.claimWithin, blanks.maintenanceNotice) = (.seconds(30 * 86_400), .seconds(3 * 86_400))
        blanks.credits = [.init(below: 0.99, credit: 0.1), .init(below: 0.95, credit: 0.25)]
        return blanks
    }()

    private static let price = PriceRow(
        provider: "openai",
        model: "gpt-5.4-mini",
        price: TokenPrice(input: 750_000_000, output: 4_500_000_000, cacheRead: 75_000_000),
        from: 1_772_323_200_000,
        source: "price page, 2026-11-02"
    )

    private static let feature = KitFeature(
        sheet: SheetFeature(
            name: "summarise",
            limits: FeatureLimits(
                maxCostPerRequest: 20_000_000,
                maxInputTokens: 8_000,
                maxOutputTokens: 600,
                ladder: [.truncate, .cheaper, .cached, .reject]
            ),
            budget: SpendCap(owner: .feature("summarise"), amount: 50_000_000_000, period: .seconds(30 * 86_400)),
            inputTokens: 3_200,
            outputTokens: 410,
            requests: 9_000,
            cacheHits: 0.25,
            routes: [
                .init(group: "assistant", deployment: "openai-1", model: "gpt-5.4-mini", price: price),
                .init(group: "assistant", deployment: "local", model: "house-model", price: nil),
            ]
        ),
        metered: 8_712,
        cheaper: "assistant-mini"
    )

    private static let chat = KitFeature(
        sheet: SheetFeature(
            name: "chat",
            limits: FeatureLimits(maxOutputTokens: 4_000),
            inputTokens: 0,
            outputTokens: 0,
            requests: 0,
            routes: [.init(group: "assistant", deployment: "openai-1", model: "gpt-5.4-mini", price: price)]
        ),
        metered: 0
    )

    private static let drills = KitDrills(
        last: .init(
            id: "d-7",
            title: "Friday drill: revoke the key",
            at: now - 3 * day,
            verdict: "pass with findings",
            isPassed: true,
            failover: .milliseconds(1_840),
            failed: 2
        ),
        streak: 0,
        findings: [.init(text: "the alert took two minutes", owner: "Ada", due: "2026-12-04")]
    )

    private static let script = {
        var script = procedure
        script.streakRules = ["the verdict is a pass without findings"]
        (script.leastBudget, script.mostOfBudget, script.fewestFailures) = (0.25, 0.1, 5)
        return script
    }()

    private static let procedure = KitScript(
        title: "Friday drill",
        version: 1,
        roles: [.init(name: "lead", text: "runs the clock and decides"), .init(name: "operator", text: "acts")],
        faults: [
            .init(name: "revoke the key", text: "the provider itself answers 401"),
            .init(name: "block the host", text: "the connection is refused"),
            .init(name: "slow the first token", text: "the stream limit is passed"),
        ],
        stopRules: ["the secondary fails, too", "the fault has been in for 10 minutes"],
        abort: "! then y",
        phases: [
            .init(
                title: "pre-checks",
                planned: .seconds(300),
                steps: [
                    .init(
                        role: "operator",
                        text: "Does the secondary answer?",
                        expected: "YES",
                        why: "it is about to carry everything",
                        ifItFails: "mend it: `nines providers` names it",
                        isSensed: true
                    ),
                    .init(
                        role: "operator",
                        text: "Is no alert firing?",
                        expected: "YES",
                        why: "it is about to carry everything",
                        ifItFails: "wait",
                        isSensed: true
                    ),
                ]
            ),
            .init(
                title: "induce",
                planned: .seconds(60),
                steps: [
                    .init(
                        role: "operator",
                        text: "Put the fault in.",
                        expected: "FAULT IN",
                        why: "a failover that was never seen is a hope",
                        ifItFails: "! then y",
                        timeout: .seconds(60)
                    )
                ]
            ),
        ]
    )

    static let config = """
        model_list:
          - model_name: assistant
            litellm_params: { model: openai/gpt-5.4-mini, api_key: os.environ/OPENAI_API_KEY }
        router_settings:
          num_retries: 1
        nines:
          slo:
            window: 30d
          pagers:
            - { type: slack, url: "https://hooks.example.com/T0/B0/secret" }

        """
}
