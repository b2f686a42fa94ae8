@testable import Console

/// Where the sample drill is.
enum SampleStep: CaseIterable {
    case roles, checks, answer, choice, induce, observe, restore, sign, file, over
    /// Broken off by a stop rule, and by a crash.
    case stopped, interrupted

    /// From 0.
    fileprivate var phase: Int {
        switch self {
        case .roles: 0
        case .checks: 1
        case .answer: 2
        case .induce: 3
        case .observe, .choice: 4
        case .restore: 5
        case .sign, .file, .over, .stopped, .interrupted: 7
        }
    }
}

func sampleDrill(_ place: SampleStep = .observe) -> EngineSnapshot {
    var snapshot = sampleSnapshot()
    var drill = EngineSnapshot.DrillView()
    drill.id = "drill-20261123-140040"
    drill.title = "Revoke the primary's key"
    drill.target = "openai"
    drill.secondary = "anthropic"
    drill.startedAt = sampleNow - 767_000
    drill.elapsed = 767
    drill.crew = ["lead", "operator", "scribe"].map { .init(role: $0, name: place == .roles ? nil : "ana") }
    (drill.number, drill.count) = (place == .roles ? 1 : 24, 38)
    drill.phases = samplePhases(current: place.phase, isOver: place == .over)
    drill.step = sampleStep(place)
    drill.steps = sampleSteps(place, open: drill.step)
    if place == .observe { (drill.sensed, drill.held, drill.holdGoal) = ("p95 2.21 s", 82, 120) }
    if place == .checks { drill.sensed = "0 requests in 5 minutes" }
    drill.next = place == .file ? "the drill is over" : "Go or no-go to restore?"
    drill.undoable = "detected"
    drill.wasInduced = ![.roles, .checks, .answer, .induce].contains(place)
    drill.isFaultIn = [.observe, .choice, .restore].contains(place)
    drill.leaseLeft = drill.isFaultIn ? 469 : nil
    drill.stops = sampleStops(isBroken: place == .stopped)
    drill.timings = [
        .init(name: "time to detect", seconds: 0.048), .init(name: "time to failover", seconds: 0.31),
        .init(name: "time to alert", seconds: 5.2), .init(name: "time to acknowledge", seconds: 31),
        .init(name: "time to mitigation"), .init(name: "time to restore"), .init(name: "time to recovery"),
    ]
    (drill.requests, drill.failedOver, drill.bySecondary) = (412, 63, 398)
    drill.timeline = sampleTimeline()
    if drill.wasInduced {
        drill.before = sampleFigures(p95: 1.84, success: 0.9987)
        drill.now = sampleFigures(p95: 2.21, success: 0.9981)
    }
    if place.phase == 7 { drill.findings = sampleFindings() }
    switch place {
    case .over:
        (drill.isOver, drill.verdict, drill.report) = (
            true, "pass with findings", "~/drills/drill-20261123-140040.md"
        )
        drill.checks = [
            .init(rule: "no request of a user was lost", seen: "0 lost", isMet: true),
            .init(rule: "it was acknowledged", seen: "not seen", isMet: false),
        ]
    case .stopped:
        (drill.ending, drill.notice) = ("stopped", "stopped: success under 95.00 %: 93.10 %; everything is restored")
    case .interrupted:
        drill.ending = "interrupted"
        drill.notice = "interrupted: the program ended; everything is restored; close it out"
    default: break
    }
    snapshot.drill = drill
    snapshot.mode = drill.isFaultIn ? .drill : .live
    snapshot.modeSince = sampleNow - 167_000
    snapshot.drills = sampleHistory()
    return snapshot
}

private func samplePhases(current: Int, isOver: Bool) -> [EngineSnapshot.DrillView.Phase] {
    let titles = ["brief", "pre-checks", "baseline", "induce", "observe", "restore", "verify", "closeout"]
    let ends = [120.0, 300, 420, 600, 960, 1_200, 1_500, 1_800]
    return titles.enumerated().map { index, title in
        let isDone = index < current || isOver
        return .init(
            title: title,
            state: isDone ? .done : index == current ? .current : .ahead,
            plannedFrom: index == 0 ? 0 : ends[index - 1],
            plannedTo: ends[index],
            start: index == 0 ? 0 : index <= current ? ends[index - 1] + Double(index * 7) - 15 : nil,
            end: isDone ? ends[index] + Double(index * 7) - 8 : nil
        )
    }
}

private func sampleStops(isBroken: Bool) -> [EngineSnapshot.DrillView.Stop] {
    [
        .init(text: "success under 95.00 %", value: isBroken ? "93.10 %" : "99.81 %", isBroken: isBroken),
        .init(text: "over 5 lost, 10 % of budget left", value: "0 of 4.6", isBroken: false),
        .init(text: "p95 over 7.50 s", value: "2.21 s", isBroken: false),
        .init(text: "cost per request over $0.0300", value: "$0.0093", isBroken: false),
        .init(text: "drill spend, without a cap", value: "$0.0213", isBroken: false),
        .init(text: "secondary errors over 20 %", value: "0.0 %", isBroken: false),
        .init(text: "no effect within 60 s", value: "seen", isBroken: false),
        .init(text: "longer than 30:00", value: "12:47", isBroken: false),
        .init(text: "an alert that is not the drill's", value: "none", isBroken: false),
    ]
}

private func sampleFigures(p95: Double, success: Double) -> EngineSnapshot.DrillView.Figures {
    var figures = EngineSnapshot.DrillView.Figures()
    (figures.p95, figures.success, figures.cost, figures.budget) = (p95, success, 9_300_000, 0.742)
    figures.requests = 412
    return figures
}

private func sampleTimeline() -> [EngineSnapshot.DrillView.Entry] {
    [
        .init(at: 0, source: "auto", text: "drill opened: Revoke the primary's key -ana"),
        .init(at: 40, source: "crew", text: "lead is ana"),
        .init(at: 298, source: "done", text: "go: GO -ana"),
        .init(at: 422, source: "seen", text: "baseline: p95 1.84 s, 99.87 %"),
        .init(at: 636, source: "FAULT", text: "revoke the key -ana"),
        .init(at: 636, source: "auto", text: "the first failure is seen: 401 invalid_api_key from openai"),
        .init(at: 636, source: "seen", text: "failover: anthropic answered after 310 ms"),
        .init(at: 665, source: "note", text: "slack rang on the phone -ana"),
        .init(at: 730, source: "todo", text: "cost alert after failover? -ana"),
    ]
}

private func sampleFindings() -> [EngineSnapshot.DrillView.Finding] {
    var mended = EngineSnapshot.DrillView.Finding(
        id: "drill-20261120-140000-1",
        text: "the pager's number was that of somebody who left",
        owner: "bo",
        due: "2026-11-27",
        isOpen: false
    )
    mended.kind = "process"
    var open = EngineSnapshot.DrillView.Finding(
        id: "drill-20261123-140040-1",
        text: "the cost alert came twenty minutes after the failover",
        owner: "ana",
        due: "2026-12-04",
        isOpen: true
    )
    open.kind = "detect"
    return [mended, open]
}

private func step(
    _ id: String,
    _ role: String,
    _ kind: EngineSnapshot.DrillView.Step.Kind,
    _ text: String,
    _ expected: String,
    value: String = "",
    at: Double? = nil
) -> EngineSnapshot.DrillView.Step {
    var step = EngineSnapshot.DrillView.Step(id: id, role: role, kind: kind, text: text, expected: expected)
    (step.value, step.at) = (value, at)
    if at != nil { step.state = .done }
    return step
}

/// The other steps of the phase, and the open one where it belongs.
private func sampleSteps(_ place: SampleStep, open: EngineSnapshot.DrillView.Step?) -> [EngineSnapshot.DrillView.Step] {
    let before: [EngineSnapshot.DrillView.Step]
    let after: [EngineSnapshot.DrillView.Step]
    switch place {
    case .checks:
        before = [
            ("secondary-answers", "204 ms"), ("budget-above-minimum", "74.2 %"), ("no-alert-firing", "none"),
            ("bypass-off", "off"), ("cache-kept-out", "yes"), ("restore-path-proven", "openai answered"),
            ("no-other-drill", "none"),
        ].map { step($0.0, "operator", .sensed, "", "YES", value: $0.1, at: 130) }
        after = [
            step(
                "pagers-reached",
                "operator",
                .sensed,
                "the pagers took a [DRILL] test?",
                "YES",
                value: "slack: HTTP 500"
            ),
            step("go", "lead", .confirm, "All checks seen: go or no-go?", "GO"),
        ]
    case .observe:
        before = [
            step("failover", "operator", .sensed, "", "SEEN", value: "anthropic answered after 310 ms", at: 636),
            step("detected", "scribe", .confirm, "", "SECONDS", value: "4 s", at: 651),
            step("alert", "lead", .sensed, "", "FIRED", value: "key revoked", at: 641),
            step("acknowledged", "operator", .sensed, "", "ACKNOWLEDGED", value: "ana", at: 667),
            step("success-held", "operator", .sensed, "", "IN TARGET FOR TWO MINUTES", value: "99.81 %", at: 760),
        ]
        after = [step("restore-go", "lead", .confirm, "Go or no-go to restore?", "GO")]
    case .sign, .file, .over, .stopped, .interrupted:
        let signed = ["lead", "operator", "scribe"].enumerated().map { index, role in
            var own = step(
                "sign-\(role)",
                role,
                .act,
                "",
                "SIGNED",
                value: "",
                at: index == 0 || place != .sign ? 1_700 : nil
            )
            own.act = "sign"
            return own
        }
        before =
            [step("summary", "scribe", .confirm, "", "ONE SENTENCE", value: "one 401, nobody noticed", at: 1_600)]
            + signed
        after = []
        if place == .sign { return before }
    default: (before, after) = ([], [])
    }
    return before + [open].compactMap { $0 } + after
}

private func sampleStep(_ place: SampleStep) -> EngineSnapshot.DrillView.Step? {
    var step = EngineSnapshot.DrillView.Step(
        id: "latency-held",
        role: "operator",
        kind: .sensed,
        text: "Read me the latency and how long it has held.",
        expected: "IN TARGET FOR TWO MINUTES"
    )
    step.why = "a slow failover breaks the promise as an error does"
    step.ifItFails = "! then y restores at once; the finding is kept"
    switch place {
    case .roles:
        (step.id, step.role, step.expected) = ("roles", "lead", "THREE ROLES HELD")
        step.text = "Who leads, who operates, who writes?"
    case .observe: break
    case .checks:
        (step.id, step.expected) = ("enough-traffic", "YES")
        step.text = "there is traffic enough to see it?"
        step.value = "0 requests in 5 minutes"
        step.ifItFails = "send traffic, or set nines.drill.probe_rps"
    case .answer: (step.id, step.role, step.kind, step.answer) = ("baseline-read", "scribe", .confirm, .text)
    case .choice:
        (step.id, step.role, step.kind, step.answer) = ("go", "lead", .confirm, .choice)
        step.choices = ["GO", "NO-GO"]
    case .induce:
        (step.id, step.kind, step.act) = ("induce", .act, "induce")
        (step.text, step.expected) = ("Operator, put the fault in.", "FAULT IN")
    case .restore:
        (step.id, step.kind, step.act) = ("restore", .act, "restore")
        (step.text, step.expected) = ("Operator, take the fault out.", "FAULT OUT")
    case .sign:
        (step.id, step.role, step.kind, step.act) = ("sign-operator", "operator", .act, "sign")
        (step.text, step.expected) = ("Operator, do you sign?", "SIGNED")
    case .file, .stopped, .interrupted:
        (step.id, step.role, step.kind, step.act) = ("file", "scribe", .act, "file")
        (step.text, step.expected) = ("File the report.", "FILED")
    case .over: return nil
    }
    return step
}

/// Half a year of Fridays, of which the newest `clean` went well.
func sampleHistory(clean: Int = 1) -> EngineSnapshot.DrillHistoryView {
    var history = EngineSnapshot.DrillHistoryView()
    let titles = ["Revoke the primary's key", "Block the host: refused", "Slow first token"]
    let others = ["pass with findings", "fail", "pass", "aborted"]
    history.rows = (0..<9).map { (index: Int) -> EngineSnapshot.DrillHistoryView.Row in
        let verdict = index < clean ? "pass" : others[index % 4]
        let failover: Double? = index == 7 ? nil : 0.31 + Double(index * index) * 0.07
        return .init(
            id: "drill-\(index)",
            at: sampleNow - Int64(3 + 7 * index) * 86_400_000,
            scenario: titles[index % 3],
            provider: index % 4 == 3 ? "anthropic" : "openai",
            person: index % 2 == 0 ? "ana" : "bo",
            verdict: verdict,
            failover: failover
        )
    }
    history.scenarios = [
        .init(
            id: "revoke-key",
            title: "Revoke the primary's key",
            expectation: "the provider answers 401 once, the key is benched, the next deployment answers",
            count: 3,
            last: "pass"
        ),
        .init(
            id: "revoke-key-at-provider",
            title: "Revoke the key at the provider",
            expectation: "the provider answers 401 once",
            problem: "needs nines.drill.admin.openai in the config"
        ),
        .init(id: "refused", title: "Block the host: refused", expectation: "no connection", count: 3, last: "aborted"),
        .init(
            id: "slow",
            title: "Slow first token",
            expectation: "the stream limit is passed",
            count: 3,
            last: "pass with findings"
        ),
        .init(id: "incident", title: "A region is gone", expectation: "503", source: "2026-05-01; status page"),
    ]
    history.streak = clean
    history.cadence = clean < 3 ? "weekly" : "monthly"
    history.daysSinceLast = 3
    history.openFindings = 1
    return history
}

func sampleOffline() -> EngineSnapshot {
    var snapshot = sampleSnapshot()
    var cache = EngineSnapshot.CacheView()
    (cache.mode, cache.since) = (.offline, sampleNow - 1_320_000)
    cache.serving = "stored answers; the rest is deferred where the client allows it"
    (cache.hits, cache.misses, cache.stale, cache.joined) = (18_204, 10_911, 41, 603)
    cache.hitRate = 0.634
    cache.trend = (0..<96).map { $0 < 10 ? nil : 0.5 + Double($0 % 13) / 40 }
    (cache.entries, cache.bytes, cache.limit) = (18_204, 96_400_000, 512_000_000)
    (cache.savedCost, cache.savedTime, cache.providerSavedCost) = (6_870_000_000, 2_460_000, 1_120_000_000)
    (cache.waiting, cache.oldest, cache.waitingLimit) = (3, sampleNow - 1_200_000, 1_000)
    cache.deferred = [("summarise", "acme"), ("extract", "bolt"), ("chat", "acme")].enumerated().map {
        .init(id: "dr-\($0)", feature: $1.0, tenant: $1.1, at: sampleNow - 1_200_000 + Int64($0) * 200_000)
    }
    snapshot.cache = cache
    return snapshot
}
