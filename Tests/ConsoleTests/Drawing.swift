@testable import Console

/// The state after a snapshot, one frame at that size, and keys, each followed by a frame as in the loop.
func console(
    _ snapshot: EngineSnapshot?,
    _ size: Size = Size(columns: 120, rows: 40),
    glyphs: GlyphSet = .unicode,
    isAttached: Bool = false,
    readOnly: Bool = false,
    keys: [Key] = []
) -> ConsoleState {
    var state = ConsoleState(
        options: ConsoleOptions(glyphs: glyphs, isAttached: isAttached, readOnly: readOnly)
    )
    if let snapshot { state.receive(snapshot) }
    _ = state.frame(size: size, now: sampleNow)
    for key in keys {
        _ = state.handle(key, now: sampleNow)
        _ = state.frame(size: size, now: sampleNow)
    }
    return state
}

/// A frame as text: rows joined, the blanks at their ends cut.
func text(_ frame: Frame) -> String {
    frame.rows.map { row in
        var line = row.map(\.text).joined()
        while line.last == " " { line.removeLast() }
        return line
    }
    .joined(separator: "\n")
}

func drawn(
    _ snapshot: EngineSnapshot?,
    _ columns: Int,
    _ rows: Int,
    glyphs: GlyphSet = .unicode,
    keys: [Key] = []
) -> String {
    let size = Size(columns: columns, rows: rows)
    var state = console(snapshot, size, glyphs: glyphs, keys: keys)
    return text(state.frame(size: size, now: sampleNow))
}

/// A snapshot that tries to break out of every cell.
func hostileSnapshot() -> EngineSnapshot {
    let evil =
        "\u{1B}[2J\u{202E}\u{200B}e\u{301}\u{1F468}\u{200D}\u{1F469}\u{4E2D}\u{6587}\r\n\t\u{7}"
        + String(repeating: "x", count: 900)
    var snapshot = sampleSnapshot(isDemo: true)
    snapshot.takenAt = .max
    snapshot.startedAt = .min
    snapshot.modeSince = .min
    snapshot.windowDays = .max
    snapshot.version = evil
    snapshot.listen = evil
    snapshot.warnings = [evil, ""]
    snapshot.inFlight = .max
    snapshot.requestsTotal = .min
    snapshot.routes = [
        .init(group: evil, primary: evil, serving: nil, servingSince: .min, then: [evil, evil]),
        .init(group: "", primary: "", serving: "", servingSince: .max, then: []),
    ]
    snapshot.headline.latency.p95 = .nan
    snapshot.headline.latency.target = .infinity
    snapshot.headline.latency.of = evil
    snapshot.headline.latency.samples = .max
    snapshot.headline.success.rate = -1e300
    snapshot.headline.success.target = 2
    snapshot.headline.cost.perRequest = 1e300
    snapshot.headline.cost.today = .min
    snapshot.headline.cost.unpriced = .max
    snapshot.headline.budget.remaining = -.infinity
    snapshot.headline.budget.burn1h = 1e300
    snapshot.headline.budget.allowed = .nan
    snapshot.headline.budget.exhaustedIn = .infinity
    snapshot.trends = [
        .init(step: .min, p95: [.nan, nil, .infinity, -1e300, 1e300], success: [-5, 5], cost: [nil], budget: [])
    ]
    snapshot.providers = snapshot.providers.map { row in
        var row = row
        (row.id, row.model, row.breaker, row.lastFailure) = (evil, evil, evil, evil)
        (row.share, row.p95, row.okRate, row.errors) = (.nan, -.infinity, 9e99, .max)
        (row.state, row.until, row.lastFailureAt) = (.coolingDown, .max, .min)
        return row
    }
    snapshot.requests = snapshot.requests.map { row in
        var row = row
        (row.tenant, row.feature, row.servedBy, row.trail) = (evil, evil, evil, [evil, ""])
        (row.at, row.total, row.firstToken, row.tokensIn, row.cost) = (.min, .nan, 1e300, .max, .min)
        return row
    }
    snapshot.events = [.init(at: .max, weight: .critical, text: evil), .init(at: .min, weight: .info, text: "")]
    snapshot.spend = [.init(name: evil, cost: .max, requests: .max), .init(name: "", cost: .min, requests: .min)]
    (snapshot.spendByTenant, snapshot.spendByProvider) = (snapshot.spend, snapshot.spend)
    snapshot.windows = [.init(seconds: .min, headline: snapshot.headline), .init(seconds: .max, headline: .init())]
    snapshot.budget.policy = .frozen
    snapshot.budget.reason = evil
    snapshot.budget.burns = [.init(window: .max, rate: .infinity, limit: .nan), .init(window: .min, rate: nil)]
    snapshot.budget.spenders = [.init(kind: evil, name: evil, failures: .max, share: .nan)]
    snapshot.budget.burnDown = [.nan, nil, -.infinity, 1e300]
    snapshot.budget.maintenance = [.init(from: .max, to: .min, reason: evil)]
    snapshot.alerts = EngineSnapshot.AlertRow.State.allCases.map { state in
        .init(
            id: evil,
            title: evil,
            severity: .page,
            state: state,
            since: .max,
            value: evil,
            threshold: evil,
            samples: .min,
            window: .max,
            text: evil,
            mutedUntil: .min
        )
    }
    snapshot.caps = [.init(kind: evil, name: evil, limit: .min, spent: .max, reserved: .max, resetsAt: .max)]
    snapshot.degradations = [.init(feature: evil, what: evil, requests: .max)]
    snapshot.sinks = [.init(name: evil, waiting: .max, failed: .min, problem: evil)]
    snapshot.drill = sampleDrill().drill
    snapshot.drill?.title = evil
    snapshot.drill?.elapsed = .infinity
    snapshot.drill?.leaseLeft = .nan
    snapshot.drill?.timeline = [evil, "", " "].map { .init(at: .nan, source: $0, text: $0) }
    snapshot.drill?.step?.text = evil
    snapshot.drill?.notice = evil
    snapshot.drill?.secondary = evil
    snapshot.drill?.notice = evil
    snapshot.drill?.step?.id = evil
    snapshot.drill?.steps[0].id = evil
    snapshot.drill?.steps[0].at = .infinity
    snapshot.drill?.stops = [.init(text: evil, value: evil, isBroken: true)]
    snapshot.drill?.findings = [.init(id: evil, text: evil, owner: evil, due: evil, isOpen: true)]
    snapshot.drill?.before?.p95 = .nan
    snapshot.drill?.now?.cost = -.infinity
    snapshot.drill?.crew = [.init(role: evil, name: evil)]
    snapshot.cache = sampleOffline().cache
    snapshot.cache?.serving = evil
    snapshot.cache?.trend = [.nan, 1e300, nil]
    snapshot.cache?.deferred = [.init(id: evil, feature: evil, tenant: evil, at: .min, state: evil)]
    snapshot.cache?.hitRate = .nan
    snapshot.cache?.bytes = .max
    snapshot.cache?.since = .min
    snapshot.drills = sampleHistory()
    snapshot.drills.targets = [
        .init(group: evil, id: evil, provider: evil, secondary: evil),
        .init(group: "", id: "", provider: "", secondary: ""),
    ]
    (snapshot.drills.rows[1].provider, snapshot.drills.rows[1].failover) = (evil, .infinity)
    (snapshot.drills.streak, snapshot.drills.boringStreak) = (.min, .max)
    snapshot.drills.rows[0].scenario = evil
    snapshot.drills.scenarios[0].title = evil
    snapshot.demo?.target = evil
    snapshot.demo?.fault = evil
    return snapshot
}
