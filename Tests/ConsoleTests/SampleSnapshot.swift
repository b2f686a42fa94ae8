import Console

/// Monday 14:03:27.412 UTC.
let sampleNow: Int64 = 1_795_442_607_412

/// A repeatable series in place of a random one: `SplitMix64`'s step.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1.
    mutating func share() -> Double { Double(next() >> 11) / Double(1 << 53) }
}

/// An afternoon at two providers, twenty minutes after the primary's key was refused for three.
func sampleSnapshot(isDemo: Bool = false) -> EngineSnapshot {
    var snapshot = EngineSnapshot()
    snapshot.sequence = 7
    snapshot.takenAt = sampleNow - 400
    snapshot.startedAt = sampleNow - 900_000
    snapshot.version = "0.1.0"
    snapshot.listen = "127.0.0.1:4000"
    snapshot.isDemo = isDemo
    snapshot.modeSince = sampleNow - 900_000
    snapshot.routes = [
        .init(
            group: "assistant",
            primary: "openai",
            serving: "openai",
            servingSince: sampleNow - 1_340_000,
            then: ["anthropic"]
        )
    ]
    snapshot.headline = sampleHeadline()
    snapshot.trends = [10, 60, 600].map { sampleTrend(step: $0) }
    snapshot.providers = [
        .init(
            id: "openai",
            provider: "openai",
            model: "gpt-5.4-mini",
            group: "assistant",
            isPrimary: true,
            state: .ok,
            since: sampleNow - 1_340_000,
            p50: 0.93,
            p95: 1.71,
            okRate: 0.9991,
            share: 0.89,
            attempts: 1204,
            errors: 11,
            inFlight: 2,
            lastFailure: "401 credential: invalid_api_key",
            lastFailureAt: sampleNow - 1_525_000
        ),
        .init(
            id: "anthropic",
            provider: "anthropic",
            model: "claude-haiku-4-5",
            group: "assistant",
            isPrimary: false,
            state: .ok,
            since: sampleNow - 8_000_000,
            p50: 1.12,
            p95: 2.02,
            okRate: 0.9998,
            share: 0.11,
            attempts: 149,
            errors: 1,
            inFlight: 1,
            lastFailure: "529 overloaded",
            lastFailureAt: sampleNow - 5_000_000
        ),
    ]
    snapshot.requests = sampleRequests()
    snapshot.requestsTotal = 12_480
    snapshot.inFlight = 3
    snapshot.events = sampleEvents()
    snapshot.spend = [
        .init(name: "chat", cost: 7_900_000_000, requests: 1204),
        .init(name: "summarise", cost: 4_020_000_000, requests: 612),
        .init(name: "extract", cost: 1_610_000_000, requests: 431),
        .init(name: "classify", cost: 670_000_000, requests: 980),
    ]
    snapshot.windows = [3_600, 86_400].map { .init(seconds: $0, headline: sampleHeadline(p95: 2.1)) }
    snapshot.alerts = sampleAlerts()
    if isDemo {
        snapshot.demo = .init(
            target: "openai",
            faults: [
                .init(id: "revoked", label: "key revoked: it answers 401"),
                .init(id: "overloaded", label: "overloaded: it answers 503"),
                .init(id: "hang", label: "hang: it accepts and says nothing"),
                .init(id: "slow", label: "slow: the first token takes 20 s"),
            ],
            rate: 4
        )
    }
    return snapshot
}

/// The same afternoon with a spent error budget, a page that fires, and caps.
func spentSnapshot() -> EngineSnapshot {
    var snapshot = sampleSnapshot()
    snapshot.headline.budget.remaining = -0.134
    snapshot.headline.budget.verdict = .critical
    snapshot.budget.policy = .frozen
    snapshot.budget.reason = "error budget overspent by 13.4 %"
    snapshot.budget.burns = [
        .init(window: 300, rate: 0, limit: 14.4), .init(window: 3_600, rate: 16.2, limit: 14.4),
        .init(window: 21_600, rate: 5.1, limit: 6), .init(window: 259_200, rate: 1.3, limit: 1),
    ]
    snapshot.budget.spenders = [
        .init(kind: "provider", name: "openai", failures: 14, share: 0.88),
        .init(kind: "feature", name: "summarise", failures: 9, share: 0.56),
    ]
    snapshot.budget.burnDown = (0..<30).map { $0 < 12 ? nil : 1 - Double($0 - 12) * 0.067 }
    snapshot.budget.maintenance = [
        .init(from: sampleNow + 43_200_000, to: sampleNow + 50_400_000, reason: "database move")
    ]
    snapshot.alerts = sampleAlerts(isFiring: true)
    snapshot.spendByTenant = [.init(name: "acme", cost: 9_000_000_000, requests: 2_100)]
    snapshot.spendByProvider = [.init(name: "openai", cost: 12_000_000_000, requests: 2_900)]
    snapshot.caps = [
        .init(
            kind: "feature",
            name: "summarise",
            limit: 5_000_000_000,
            spent: 4_020_000_000,
            reserved: 200_000_000,
            resetsAt: sampleNow + 3_600_000
        )
    ]
    snapshot.degradations = [.init(feature: "summarise", what: "truncated", requests: 12)]
    snapshot.sinks = [
        .init(name: "pagerduty", waiting: 0, failed: 0, problem: nil),
        .init(name: "slack", waiting: 2, failed: 1, problem: "HTTP 500, next try in 30 s"),
    ]
    return snapshot
}

func sampleAlerts(isFiring: Bool = false) -> [EngineSnapshot.AlertRow] {
    [
        .init(
            id: "latency",
            title: "p95 latency",
            severity: .page,
            state: isFiring ? .firing : .ok,
            since: sampleNow - 120_000,
            value: isFiring ? "3.12 s" : "1.84 s",
            threshold: "≤ 2.50 s",
            samples: 812,
            window: 900,
            text: "95 of 100 requests had their first token within 3.12 s; the target is 2.50 s."
        ),
        .init(
            id: "success",
            title: "success rate",
            severity: .page,
            state: .ok,
            since: sampleNow - 600_000,
            value: "99.87 %",
            threshold: "≥ 99.50 %",
            samples: 274,
            window: 300
        ),
        .init(
            id: "cost",
            title: "cost per request",
            severity: .page,
            state: .tooFew,
            since: 0,
            samples: 12,
            window: 900
        ),
        .init(id: "key", title: "key revoked", severity: .page, state: .ok, since: 0),
    ]
}

func sampleHeadline(p95: Double) -> EngineSnapshot.Headline {
    var headline = sampleHeadline()
    headline.latency.p95 = p95
    return headline
}

func sampleHeadline() -> EngineSnapshot.Headline {
    var headline = EngineSnapshot.Headline()
    headline.latency.verdict = .ok
    headline.latency.p95 = 1.84
    headline.latency.underTarget = 0.982
    headline.latency.samples = 12_480
    headline.success.verdict = .ok
    headline.success.rate = 0.99872
    headline.success.valid = 12_480
    headline.success.lost = 16
    headline.success.saved = 41
    headline.cost.verdict = .ok
    headline.cost.perRequest = 7_100_000
    headline.cost.today = 14_200_000_000
    headline.cost.samples = 12_480
    headline.budget.verdict = .ok
    headline.budget.remaining = 0.742
    headline.budget.burn1h = 0.4
    headline.budget.burn6h = 0.9
    headline.budget.failures = 16
    headline.budget.allowed = 62
    headline.budget.exhaustedIn = 2_678_400
    return headline
}

func sampleTrend(step: Int) -> EngineSnapshot.Trend {
    var numbers = SeededNumbers(state: UInt64(step))
    var trend = EngineSnapshot.Trend(step: step)
    for point in 0..<120 {
        let isOutage = (78..<92).contains(point)
        let isGap = (20..<24).contains(point)
        trend.p95.append(isGap ? nil : (isOutage ? 2.7 : 1.5) + 0.5 * numbers.share())
        trend.success.append(isGap ? nil : (isOutage ? 0.992 : 0.9975) + 0.0025 * numbers.share())
        trend.cost.append(isGap ? nil : 6_500_000 + 1_500_000 * numbers.share() + (isOutage ? 1_500_000 : 0))
        trend.budget.append(0.83 - Double(point) * 0.0003 - (point < 78 ? 0 : Double(min(point, 92) - 78) * 0.004))
    }
    return trend
}

func sampleRequests() -> [EngineSnapshot.RequestRow] {
    var numbers = SeededNumbers(state: 5)
    let tenants = ["acme", "bolt", "cove"]
    let features = ["summarise", "classify", "chat", "extract"]
    return (0..<60).map { index in
        let isSaved = index % 9 == 4
        let isLost = index == 14
        let isRejected = index == 7
        let first = 300 + 700 * numbers.share()
        let served: String? = isLost ? nil : isSaved || index % 6 == 3 ? "anthropic" : "openai"
        var trail = ["\(served ?? "openai") 200 in \(Int(first)) ms"]
        if isSaved { trail.insert("openai 401 credential 12 ms", at: 0) }
        if isLost { trail = ["openai 503 overloaded 40 ms", "anthropic 529 overloaded 61 ms"] }
        if isRejected { trail = ["openai 400 bad request 21 ms"] }
        return .init(
            id: "req-\(1000 - index)",
            at: sampleNow - Int64(index) * 287 - 12,
            tenant: tenants[index % 3],
            feature: features[index % 4],
            group: "assistant",
            servedBy: served,
            outcome: isSaved ? .savedByFailover : isLost ? .lost : isRejected ? .rejected : .ok,
            status: isLost ? 503 : isRejected ? 400 : 200,
            attempts: trail.count,
            stream: index % 4 != 1,
            firstToken: isLost || isRejected ? nil : first,
            total: first + 2000 * numbers.share(),
            tokensIn: isLost ? nil : Int(200 + 1100 * numbers.share()),
            tokensOut: isLost ? nil : Int(4 + 400 * numbers.share()),
            cost: isLost ? nil : Int64(2_000_000 + 6_000_000 * numbers.share()),
            trail: trail
        )
    }
}

func sampleEvents() -> [EngineSnapshot.Event] {
    [
        .init(at: sampleNow - 1_320_000, weight: .good, text: "openai serves again: probe ok, 100 % of the load"),
        .init(at: sampleNow - 1_340_000, weight: .info, text: "openai: probe sent"),
        .init(
            at: sampleNow - 1_524_000,
            weight: .good,
            text: "assistant failed over to anthropic in 4 ms: 0 requests lost, 41 saved"
        ),
        .init(
            at: sampleNow - 1_525_000,
            weight: .critical,
            text: "openai refused its key OPENAI_API_KEY (401 invalid_api_key): benched until a probe succeeds"
        ),
        .init(
            at: sampleNow - 5_000_000,
            weight: .warning,
            text: "anthropic answered 529 overloaded; cooled down for 30 s"
        ),
        .init(at: sampleNow - 9_000_000, weight: .info, text: "started, listening on 127.0.0.1:4000"),
    ]
}

/// The same afternoon while the primary's key is refused.
func sampleOutage(isDemo: Bool = false) -> EngineSnapshot {
    var snapshot = sampleSnapshot(isDemo: isDemo)
    snapshot.routes[0].serving = "anthropic"
    snapshot.routes[0].then = []
    snapshot.routes[0].servingSince = sampleNow - 42_000
    snapshot.providers[0].state = .benched
    snapshot.providers[0].breaker = "open"
    snapshot.providers[0].okRate = 0.71
    snapshot.providers[0].lastFailureAt = sampleNow - 42_000
    snapshot.providers[1].state = .coolingDown
    snapshot.providers[1].until = sampleNow + 12_300
    snapshot.providers[1].breaker = "half-open"
    snapshot.headline.latency.verdict = .warning
    snapshot.headline.latency.p95 = 2.61
    snapshot.headline.success.verdict = .critical
    snapshot.headline.success.rate = 0.97904
    snapshot.headline.success.lost = 262
    snapshot.headline.budget.verdict = .critical
    snapshot.headline.budget.remaining = -0.134
    snapshot.headline.budget.exhaustedIn = nil
    snapshot.headline.cost.verdict = .tooFew
    snapshot.demo?.fault = "revoked"
    return snapshot
}
