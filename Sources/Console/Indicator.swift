/// One of the four headline numbers, as text and as a curve: what its pane and its full view have in common.
struct Indicator {
    let pane: Pane
    let verdict: EngineSnapshot.Verdict
    /// `1.84`, and what stands before and after it.
    var figure = "—"
    var prefix = ""
    var unit = ""
    var target = ""
    /// The target in few cells.
    var shortTarget = ""
    /// In fewer still.
    var tinyTarget = ""
    /// Beside the target; a few words.
    var aside = Line()
    /// The row below, the more important first.
    var facts: [Line] = []
    /// What is counted, in sentences.
    var explanation: [String] = []
    var targetValue = 0.0
    var bad = Graph.Bad.above

    var value: String { prefix + figure + (unit.isEmpty ? "" : " " + unit) }

    init(_ pane: Pane, _ snapshot: EngineSnapshot, glyphs: GlyphSet) {
        self.pane = pane
        let headline = snapshot.headline
        switch pane {
        case .success:
            verdict = headline.success.verdict
            describe(headline.success, glyphs)
        case .cost:
            verdict = headline.cost.verdict
            describe(headline.cost, glyphs)
        case .budget:
            verdict = headline.budget.verdict
            describe(headline.budget, headline.success.target, days: snapshot.windowDays)
        default:
            verdict = headline.latency.verdict
            describe(headline.latency, glyphs)
        }
    }

    private mutating func describe(_ latency: EngineSnapshot.Headline.Latency, _ glyphs: GlyphSet) {
        if let p95 = latency.p95 { (figure, unit) = Numbers.latency(p95) }
        target = "target \(glyphs.atMost) \(Numbers.seconds(latency.target))"
        shortTarget = "\(glyphs.atMost) \(Numbers.seconds(latency.target))"
        if let share = latency.underTarget { aside = Line(Numbers.percent(share, 1) + " in", .muted) }
        facts = [Line(latency.of, .muted), Self.sample(latency.samples)]
        explanation = [
            "95 of 100 requests had their \(latency.of) within this time, counted from the moment a request was accepted, failed attempts included.",
            "What the router answers itself and what a client broke off has no latency here. The dotted line is the target.",
        ]
        (targetValue, bad) = (latency.target, .above)
    }

    private mutating func describe(_ success: EngineSnapshot.Headline.Success, _ glyphs: GlyphSet) {
        if let rate = success.rate { (figure, unit) = (Numbers.percentFigure(rate), "%") }
        target = "target \(glyphs.atLeast) \(Numbers.percent(success.target))"
        shortTarget = "\(glyphs.atLeast) \(Numbers.percent(success.target))"
        facts = [
            Line("\(Numbers.short(success.lost)) lost", success.lost > 0 ? .text : .muted),
            Line("\(Numbers.short(success.saved)) saved", success.saved > 0 ? .ok : .muted),
            Self.sample(success.valid),
        ]
        explanation = [
            "Good answers out of valid requests. Valid: all but the client's own mistakes and what the client broke off. Good: complete and correct in form.",
            "Lost: valid and not good, whatever the reason. Saved: good, though the first attempt had failed; a plain proxy would have lost it.",
        ]
        (targetValue, bad) = (success.target, .below)
    }

    private mutating func describe(_ cost: EngineSnapshot.Headline.Cost, _ glyphs: GlyphSet) {
        if let mean = cost.perRequest { (prefix, figure) = ("$", Numbers.priceFigure(mean)) }
        target = "target \(glyphs.atMost) \(Numbers.price(cost.target))"
        shortTarget = "\(glyphs.atMost) \(Numbers.price(cost.target))"
        facts = [Line("today \(Numbers.money(cost.today))", .text), Self.sample(cost.samples)]
        if cost.unpriced > 0 { facts.insert(Line("\(Numbers.short(cost.unpriced)) unpriced", .warning), at: 1) }
        explanation = [
            "The mean price of a request, failed attempts that were billed included. Today: everything since midnight UTC.",
            "Unpriced: requests to a model whose price is unknown; they are not in the mean.",
        ]
        (targetValue, bad) = (cost.target, .above)
    }

    private mutating func describe(_ budget: EngineSnapshot.Headline.Budget, _ target: Double, days: Int) {
        if let remaining = budget.remaining { (figure, unit) = (Numbers.percentFigure(remaining, 1), "%") }
        self.target = "burn 1 h \(Numbers.burn(budget.burn1h))  6 h \(Numbers.burn(budget.burn6h))"
        shortTarget = "1h \(Numbers.burn(budget.burn1h)) 6h \(Numbers.burn(budget.burn6h))"
        tinyTarget = "6h \(Numbers.burn(budget.burn6h))"
        let allowed =
            budget.allowed < 10
            ? Numbers.fixed(budget.allowed, 1, truncating: true) : Numbers.short(Numbers.whole(budget.allowed))
        guard budget.remaining != nil else {
            facts = [Line("no traffic yet", .muted)]
            return explain(budgetOf: target, days: days)
        }
        facts = [Line("\(Numbers.short(budget.failures)) of \(allowed) failed", .muted)]
        if let seconds = budget.exhaustedIn {
            facts.append(Line(seconds > 0 ? "lasts \(Numbers.span(seconds: seconds))" : "gone", .text))
        }
        explain(budgetOf: target, days: days)
    }

    private mutating func explain(budgetOf target: Double, days: Int) {
        explanation = [
            "A target of \(Numbers.percent(target)) allows 1 failure in \(Numbers.count(Numbers.whole(1 / max(1e-6, 1 - target) + 0.5))). This is the share of the allowed failures of \(days) days that is left; below 0 it is overspent.",
            "Burn: how fast it is being spent; at 1.0\u{00D7} it lasts exactly the window. Lasts: at the pace of the last 6 hours.",
        ]
        (targetValue, bad) = (0, .below)
    }

    private static func sample(_ count: Int) -> Line { Line("n \(Numbers.count(count))", .muted) }

    /// The longest form of the target that fits.
    func target(width: Int) -> String {
        [target, shortTarget, tinyTarget].first { Text.width($0) <= width } ?? ""
    }

    /// The curve's points in a trend.
    func points(_ trend: EngineSnapshot.Trend) -> [Double?] {
        switch pane {
        case .success: trend.success
        case .cost: trend.cost
        case .budget: trend.budget
        default: trend.p95
        }
    }

    /// The values at the edges of the graph: the target is always inside, and the edges move in big steps only.
    func range(_ values: [Double?]) -> ClosedRange<Double> {
        let known = values.compactMap { $0 }
        switch pane {
        case .success:
            // In multiples of what the target allows: 98.5 %, 95 %, 80 %, 0 % for a target of 99.5 %.
            let allowed = max(1e-6, 1 - targetValue)
            let worst = 1 - (known.min() ?? 1)
            let depth = [3, 10, 40].map { $0 * allowed }.first { $0 >= worst } ?? 1
            return max(0, 1 - depth)...1
        case .budget:
            let least = known.min() ?? 0
            return (least >= 0 ? 0 : least >= -0.25 ? -0.25 : -1)...1
        default:
            // One wild value doesn't flatten the rest: it is drawn at the edge.
            let wanted = max(targetValue * 1.2, min(known.max() ?? 0, targetValue * 4))
            return 0...Numbers.niceCeiling(wanted)
        }
    }

    /// A value of this indicator on an axis.
    func label(_ value: Double) -> String {
        switch pane {
        case .success: Numbers.percentFigure(value, value >= 0.9 ? 1 : 0) + " %"
        case .budget: Numbers.fixed(value * 100, 0) + " %"
        case .cost: Numbers.price(value)
        default: value == 0 ? "0" : Numbers.seconds(value)
        }
    }
}
