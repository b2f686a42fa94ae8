import SLO
import Testing

/// One rule's book, and inputs in which every window holds the same counts.
private func outcome(_ name: String, _ change: (inout AlertInputs) -> Void) -> (AlertBook, [AlertEffect]) {
    let rules = AlertRule.all(AlertSettings(), objectives: Objectives()).filter { $0.name == name }
    var book = AlertBook(rules: rules)
    var inputs = AlertInputs(objectives: Objectives())
    change(&inputs)
    let notices = book.evaluate(inputs, now: Moment(wall: 1_000, uptime: .seconds(1))).effects
    return (book, notices)
}

private func counts(_ change: (inout EventCounts) -> Void) -> EventCounts {
    var counts = EventCounts()
    change(&counts)
    return counts
}

struct AlertReadingTests {
    private static let windows: [Duration] = [300, 900, 1_800, 3_600, 7_200, 21_600, 86_400, 259_200, 2_592_000].map {
        .seconds($0)
    }

    @Test(
        "bad of valid, in every window: verdict of the rule",
        arguments: [
            ("success", 0, 0, .noData), ("success", 19, 19, .tooFewSamples), ("success", 0, 20, .clear),
            ("success", 3, 20, .tooFewSamples), ("success", 4, 20, .breached), ("success", 3, 199, .tooFewSamples),
            ("success", 1, 200, .near), ("success", 2, 200, .breached), ("success", 45, 10_000, .clear),
            ("success", 46, 10_000, .near), ("success", 50, 10_000, .near), ("success", 51, 10_000, .breached),
            ("burn_rate_1h", 0, 0, .noData), ("burn_rate_1h", 19, 19, .tooFewSamples),
            ("burn_rate_1h", 3, 20, .tooFewSamples), ("burn_rate_1h", 4, 20, .breached),
            ("burn_rate_1h", 72, 1_000, .near), ("burn_rate_1h", 73, 1_000, .breached),
            ("burn_rate_1h", 64, 1_000, .clear),
            ("burn_rate_6h", 30, 1_000, .near), ("burn_rate_6h", 31, 1_000, .breached),
            ("burn_rate_1d", 15, 1_000, .near), ("burn_rate_1d", 16, 1_000, .breached),
            ("burn_rate_3d", 3, 300, .tooFewSamples), ("burn_rate_3d", 4, 300, .breached),
            ("burn_rate_3d", 5, 1_000, .near), ("burn_rate_3d", 6, 1_000, .breached),
            ("budget_80", 3, 600, .tooFewSamples), ("budget_80", 4, 1_000, .breached),
            ("budget_80", 39, 10_000, .near), ("budget_80", 40, 10_000, .breached), ("budget_80", 36, 10_000, .clear),
            ("budget_100", 49, 10_000, .near), ("budget_100", 50, 10_000, .breached),
        ] as [(String, Int, Int, AlertReading.Verdict)]
    )
    func failures(rule: String, bad: Int, valid: Int, verdict: AlertReading.Verdict) {
        let (book, notices) = outcome(rule) { inputs in
            let counts = counts { ($0.valid, $0.good) = (valid, valid - bad) }
            inputs.windows = Self.windows.map { AlertInputs.Window($0, Indicators(counts: counts)) }
        }
        #expect(book.alerts.map(\.alert.reading.verdict) == [verdict])
        #expect(book.alerts.map(\.alert.reading.samples) == [valid])
        #expect(notices.map(\.rule) == (verdict == .breached ? [rule] : []))
    }

    @Test("a burn must be in both windows, and needs traffic in the short one")
    func bothWindows() {
        for (short, verdict) in [((60, 60), .clear), ((0, 0), .noData), ((56, 60), .near), ((55, 60), .breached)]
            as [((good: Int, valid: Int), AlertReading.Verdict)]
        {
            let (book, _) = outcome("burn_rate_1h") { inputs in
                let long = counts { ($0.valid, $0.good) = (600, 500) }
                let short = counts { ($0.valid, $0.good) = (short.valid, short.good) }
                inputs.windows = [
                    .init(.seconds(3_600), Indicators(counts: long)), .init(.seconds(300), Indicators(counts: short)),
                ]
            }
            #expect(book.alerts.map(\.alert.reading.verdict) == [verdict])
        }
    }

    @Test(
        "latency: samples within the target",
        arguments: [
            (0, 0, .noData), (0, 99, .tooFewSamples), (95, 100, .near), (94, 100, .breached), (96, 100, .clear),
        ] as [(Int, Int, AlertReading.Verdict)]
    )
    func latency(fast: Int, samples: Int, verdict: AlertReading.Verdict) {
        let (book, notices) = outcome("latency") { inputs in
            var indicators = Indicators(counts: counts { ($0.latencySamples, $0.latencyFast) = (samples, fast) })
            for _ in 0..<fast { indicators.latency.add(microseconds: 900_000) }
            for _ in fast..<samples { indicators.latency.add(microseconds: 4_000_000) }
            inputs.windows = [.init(.seconds(900), indicators)]
        }
        #expect(book.alerts.map(\.alert.reading.verdict) == [verdict])
        let text = "p95 latency: 4.0 s against 2.5 s over 15 min, 100 samples"
        #expect(notices.map(\.text) == (verdict == .breached ? [text] : []))
    }

    @Test(
        "cost: nano-dollars of 20 requests but where said",
        arguments: [
            (0, 0, .noData), (400_000_000, 19, .tooFewSamples), (270_000_000, 20, .clear), (300_000_000, 20, .near),
            (300_000_001, 20, .breached),
        ] as [(Int, Int, AlertReading.Verdict)]
    )
    func cost(sum: Int, priced: Int, verdict: AlertReading.Verdict) {
        let (book, _) = outcome("cost") { inputs in
            let counts = counts { ($0.cost, $0.priced) = (sum, priced) }
            inputs.windows = [.init(.seconds(900), Indicators(counts: counts))]
        }
        #expect(book.alerts.map(\.alert.reading.verdict) == [verdict])
    }

    @Test(
        "counts that can't be are no data",
        arguments: [
            { $0.good = -1 }, { $0.valid = -5 }, { $0.good = $0.valid + 1 }, { $0.latencyFast = $0.latencySamples + 1 },
            { $0.latencyFast = -1 }, { $0.priced = -20 }, { $0.cost = -1 }, { $0.tokensIn = -9 }, { $0.metered = -9 },
        ] as [@Sendable (inout EventCounts) -> Void]
    )
    func impossible(change: @Sendable (inout EventCounts) -> Void) {
        var counts = counts {
            ($0.valid, $0.latencySamples, $0.priced, $0.metered) = (1_000, 1_000, 1_000, 1_000)
            ($0.cost, $0.tokensIn) = (99_000_000_000, 1)
        }
        change(&counts)
        var book = AlertBook(rules: AlertRule.all(AlertSettings(), objectives: Objectives()))
        var inputs = AlertInputs(objectives: Objectives())
        inputs.windows = book.windows.map { AlertInputs.Window($0, Indicators(counts: counts)) }
        inputs.features = [.init("a", recent: counts, before: counts)]
        inputs.money = [
            .init("a", spent: -5, amount: 10), .init("b", spent: 5, amount: 0), .init("c", spent: 5, amount: -1),
        ]
        _ = book.evaluate(inputs, now: Moment(wall: 0, uptime: .zero))
        #expect(book.alerts.contains { $0.alert.reading.verdict == .noData })
        #expect(book.alerts.allSatisfy { $0.alert.reading.value?.isFinite ?? true })
        #expect(!book.alerts.contains { $0.alert.subject == "a" || $0.alert.subject == "b" || $0.alert.subject == "c" })
    }

    @Test("targets that are no numbers fire nothing", arguments: [Double.nan, .infinity, -.infinity, -1, 2])
    func oddTargets(target: Double) {
        var objectives = Objectives()
        objectives.success = target
        var book = AlertBook(rules: AlertRule.all(AlertSettings(), objectives: objectives))
        var inputs = AlertInputs(objectives: objectives)
        let good = counts { ($0.valid, $0.good) = (1_000, 1_000) }
        inputs.windows = book.windows.map { AlertInputs.Window($0, Indicators(counts: good)) }
        #expect(book.evaluate(inputs, now: Moment(wall: 0, uptime: .zero)).effects == [])
    }

    // MARK: Subjects

    @Test(
        "drift: mean tokens now against before; requests now, requests before",
        arguments: [
            (1_000, 2_000, 49, 2_000, .tooFewSamples), (1_000, 2_000, 50, 199, .tooFewSamples),
            (1_000, 1_499, 50, 200, .near), (1_000, 1_500, 50, 200, .breached), (1_000, 1_350, 50, 200, .clear),
            (1_000, 2_000, 500, 200, .breached), (0, 2_000, 50, 200, .tooFewSamples), (1_000, 0, 50, 200, .clear),
        ] as [(Int, Int, Int, Int, AlertReading.Verdict)]
    )
    func drift(before: Int, now: Int, requests: Int, earlier: Int, verdict: AlertReading.Verdict) {
        for rule in ["drift_tokens", "drift_cost"] {
            let (_, notices) = outcome(rule) { inputs in
                let recent = counts { counts in
                    (counts.metered, counts.tokensOut) = (requests, requests * now)
                    (counts.priced, counts.cost) = (requests, requests * now)
                }
                let past = counts { counts in
                    (counts.metered, counts.tokensIn) = (earlier, earlier * before)
                    (counts.priced, counts.cost) = (earlier, earlier * before)
                }
                inputs.features = [.init("summarise", recent: recent, before: past)]
            }
            #expect(notices.map(\.alert) == (verdict == .breached ? ["\(rule):summarise"] : []))
            #expect(notices.allSatisfy { $0.reading.samples == requests })
        }
    }

    @Test func aProvidersNonsenseDoesNotOverflow() {
        let (_, notices) = outcome("drift_tokens") { inputs in
            let recent = counts { ($0.metered, $0.tokensIn, $0.tokensOut) = (50, .max, .max) }
            let before = counts { ($0.metered, $0.tokensIn, $0.tokensOut) = (250, .max, .max) }
            inputs.features = [.init("a", recent: recent, before: before)]
        }
        #expect(notices.map(\.reading.value) == [5])
    }

    @Test(
        "money: spent of 50 dollars",
        arguments: [(39, []), (40, ["spend_80"]), (50, ["spend_80", "spend_100"])] as [(Int64, [String])]
    )
    func money(dollars: Int64, fired: [String]) {
        var book = AlertBook(rules: AlertRule.all(AlertSettings(), objectives: Objectives()))
        var inputs = AlertInputs(objectives: Objectives())
        inputs.money = [.init("feature summarise", spent: dollars * 1_000_000_000, amount: 50_000_000_000)]
        let notices = book.evaluate(inputs, now: Moment(wall: 0, uptime: .zero)).effects
        #expect(notices.map(\.rule) == fired)
        #expect(
            notices.first?.text
                == (fired.isEmpty ? nil : "money spent (feature summarise): \(dollars * 2).0 % against 80.0 %")
        )
    }

    @Test func routesAndKeysAreNamed() {
        var book = AlertBook(rules: AlertRule.all(AlertSettings(), objectives: Objectives()))
        var inputs = AlertInputs(objectives: Objectives())
        inputs.failovers = [
            .init(group: "assistant", primary: "openai/gpt", serving: "anthropic/claude"),
            .init(group: "mini", primary: "openai/nano", serving: nil),
        ]
        inputs.refusedKeys = [.init("OPENAI_API_KEY", provider: "openai")]
        inputs.drill = "d7"
        let notices = book.evaluate(inputs, now: Moment(wall: 0, uptime: .zero)).effects
        #expect(
            notices.map(\.headline) == [
                "[DRILL] ticket: failover (assistant): served by anthropic/claude in place of openai/gpt",
                "[DRILL] ticket: failover (mini): no deployment serves it",
                "[DRILL] page: key refused (OPENAI_API_KEY): refused by openai",
            ]
        )
    }

    @Test("a client's names stay on one short line", arguments: ["a\nb\u{1B}[2J", String(repeating: "x", count: 500)])
    func names(name: String) throws {
        let (_, notices) = outcome("spend_80") { $0.money = [.init(name, spent: 9, amount: 10)] }
        let subject = try #require(notices.first?.subject)
        #expect(subject.unicodeScalars.count <= 80)
        #expect(!subject.contains { $0.isNewline || $0 == "\u{1B}" })
    }

    @Test func tenThousandDriftingFeaturesAreNoStorm() {
        let (book, notices) = outcome("spend_100") { inputs in
            inputs.money = (0..<10_000).map { .init("feature \($0)", spent: 10, amount: 10) }
        }
        #expect(notices.count == AlertBook.mostSubjects)
        #expect(book.alerts.count == AlertBook.mostSubjects)
    }

    @Test(
        "value and threshold are told apart",
        arguments: [(994_999, "99.4999 % against 99.5000 %"), (920_000, "92.0 % against 99.5 %")]
    )
    func decimals(good: Int, text: String) {
        let (_, notices) = outcome("success") { inputs in
            let counts = counts { ($0.valid, $0.good) = (1_000_000, good) }
            inputs.windows = [.init(.seconds(300), Indicators(counts: counts))]
        }
        #expect(notices.map(\.text) == ["success rate: \(text) over 5 min, 1000000 samples"])
    }

    // MARK: Settings

    @Test func theConfigsTargetsCountInPlaceOfTheObjectives() {
        var settings = AlertSettings()
        (settings.success.target, settings.latency.target, settings.cost.target) = (0.9, .seconds(5), 30_000_000)
        (settings.success.over, settings.success.severity) = (.seconds(600), .ticket)
        var book = AlertBook(rules: AlertRule.all(settings, objectives: Objectives()))
        #expect(book.windows.contains(.seconds(600)) && book.windows == book.windows.sorted())
        for (bad, fired) in [(90, []), (110, ["latency", "success", "cost"])] {
            var inputs = AlertInputs(objectives: Objectives())
            var indicators = Indicators(
                counts: counts { counts in
                    (counts.valid, counts.good) = (1_000, 1_000 - bad)
                    (counts.priced, counts.cost) = (1_000, 1_000 * bad * 300_000)
                }
            )
            for _ in 0..<100 { indicators.latency.add(microseconds: Int64(bad) * 47_000) }
            inputs.windows = [.init(.seconds(600), indicators), .init(.seconds(900), indicators)]
            let effects = book.evaluate(inputs, now: Moment(wall: 0, uptime: .zero)).effects
            #expect(effects.map(\.rule) == fired)
            #expect(effects.allSatisfy { ($0.severity == .ticket) == ($0.rule == "success") })
        }
    }

    @Test func whatIsOffIsNoRule() {
        var settings = AlertSettings()
        (settings.latency.severity, settings.success.severity, settings.cost.severity) = (nil, nil, nil)
        (settings.burnRate, settings.budgetShares) = (false, [0.5])
        (settings.drift, settings.failover) = (nil, nil)
        let rules = AlertRule.all(settings, objectives: Objectives())
        #expect(rules.map(\.name) == ["budget_50", "key_refused", "spend_50"])
    }

    @Test("what holds or doesn't clears within a minute, or sooner", arguments: [(300, 60), (5, 5)])
    func clearing(all: Int, events: Int) {
        var settings = AlertSettings()
        settings.clearFor = .seconds(all)
        let rules = AlertRule.all(settings, objectives: Objectives())
        let cleared = Dictionary(uniqueKeysWithValues: rules.map { ($0.name, $0.clearFor) })
        #expect(cleared["failover"] == .seconds(events) && cleared["key_refused"] == .seconds(events))
        #expect(cleared["success"] == .seconds(all))
    }
}
