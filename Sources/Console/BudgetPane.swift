extension ConsoleState {
    /// The window that was chosen; nil for that of the objectives.
    var shownWindow: EngineSnapshot.WindowView? {
        guard let window else { return nil }
        return shown?.windows.first { $0.seconds == window }
    }
}

extension Screen {
    /// The error budget in full: how it went over the window, how fast it burns, who spent it, and what follows.
    mutating func drawBudgetZoom(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let indicator = Indicator(.budget, snapshot, glyphs: glyphs)
        let inner = frame(.budget, rect, right: badge(indicator.verdict), bottom: Line("Esc goes back", .muted))
            .inset(1, 0)
        let head = drawFigure(
            indicator,
            Rect(x: inner.x, y: inner.y + 1, width: inner.width / 2, height: 4),
            inner.height >= 24 ? .large : .small
        )
        let column = inner.x + max(32, inner.width / 3)
        let facts = [policyLine(snapshot.budget)] + indicator.facts + maintenance(snapshot.budget)
        canvas.put(
            Array(facts.prefix(head + 1)),
            in: Rect(x: column, y: inner.y + 1, width: inner.x + inner.width - column, height: head + 1)
        )
        let top = inner.y + head + 3
        let tables = min(max(5, snapshot.budget.burns.count + 2), max(0, inner.height - head - 8))
        let plot = Rect(x: inner.x, y: top, width: inner.width, height: inner.y + inner.height - top - tables - 1)
        drawBurnDown(plot, snapshot)
        let foot = Rect(x: inner.x, y: plot.y + plot.height + 1, width: inner.width, height: tables)
        drawBurns(Rect(x: foot.x, y: foot.y, width: min(34, foot.width), height: foot.height), snapshot.budget)
        guard foot.width >= 72 else { return }
        drawSpenders(
            Rect(x: foot.x + 38, y: foot.y, width: foot.width - 38, height: foot.height),
            snapshot.budget
        )
    }

    private func policyLine(_ budget: EngineSnapshot.BudgetView) -> Line {
        switch budget.policy {
        case .open: return Line("● OPEN  changes may ship", .ok)
        case .caution: return Line("▲ CAUTION  " + budget.reason, .warning)
        case .frozen:
            var line = Self.badge("■", "FREEZE", .critical)
            line.add("  " + budget.reason, .text)
            return line
        }
    }

    private func maintenance(_ budget: EngineSnapshot.BudgetView) -> [Line] {
        budget.maintenance.prefix(2).map { window in
            let span = "\(Clock.weekday(window.from)) \(Clock.minutes(window.from)) to \(Clock.minutes(window.to)) UTC"
            return Line("maintenance \(span): \(window.reason)", .muted)
        }
    }

    /// What was left, over the whole window: full height is all of it, and below the dotted line it is overspent.
    private mutating func drawBurnDown(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let budget = snapshot.budget
        guard rect.height > 2, !budget.burnDown.isEmpty else { return }
        let plot = Rect(x: rect.x, y: rect.y, width: rect.width - 8, height: rect.height - 1)
        let capacity = Graph.capacity(columns: plot.width)
        let values = Array(budget.burnDown.suffix(capacity))
        let least = values.compactMap { $0 }.min() ?? 0
        let range = (least >= 0 ? 0 : least >= -0.25 ? -0.25 : -1)...1.0
        let stretch = max(1, Double(2 * plot.width) / Double(max(1, values.count)))
        Graph(values: values, target: 0, bad: .below, range: range, stretch: stretch).draw(on: &canvas, in: plot)
        let (x, last) = (plot.x + plot.width + 1, plot.y + plot.height - 1)
        canvas.put("100 %", .muted, x, plot.y, width: 7)
        canvas.put(Numbers.fixed(range.lowerBound * 100, 0) + " %", .muted, x, last, width: 7)
        let span = "-" + Numbers.span(seconds: Double(budget.burnDownStep * values.count))
        canvas.put(span, .muted, plot.x, last + 1)
        canvas.put("now", .muted, plot.x + plot.width - 3, last + 1)
    }

    private mutating func drawBurns(_ rect: Rect, _ budget: EngineSnapshot.BudgetView) {
        var head = Line()
        head.column("burn over", 12, .muted)
        head.column("rate", 10, .muted, toRight: true)
        head.column("alert at", 11, .muted, toRight: true)
        let lines = budget.burns.map { burn in
            var line = Line()
            line.column(Numbers.span(seconds: Double(burn.window)), 12)
            let isOver = burn.limit.map { (burn.rate ?? 0) > $0 } ?? false
            line.column(Numbers.burn(burn.rate), 10, isOver ? .graphOver : .text, toRight: true)
            line.column(burn.limit.map { Numbers.burn($0) } ?? "", 11, .muted, toRight: true)
            return line
        }
        canvas.put([head] + lines, in: rect)
    }

    private mutating func drawSpenders(_ rect: Rect, _ budget: EngineSnapshot.BudgetView) {
        let name = max(8, min(24, rect.width - 26))
        var lines = [Line("who spent it", .muted)]
        if budget.spenders.isEmpty { lines.append(Line("nobody yet", .muted)) }
        for spender in budget.spenders {
            var line = Line()
            line.column(spender.kind, 10, .muted)
            line.column(Text.clip(spender.name, to: name - 1), name)
            line.column(Numbers.short(spender.failures), 8, toRight: true)
            line.column(Numbers.percent(spender.share, 0), 7, .muted, toRight: true)
            lines.append(line)
        }
        canvas.put(lines, in: rect)
    }

    /// Spend by feature, tenant and provider, the caps, and what they led to.
    mutating func drawSpendZoom(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let inner = frame(.spend, rect, right: Line("24 h", .muted), bottom: Line("Esc goes back", .muted)).inset(1, 0)
        let tables = [
            ("by feature", snapshot.spend), ("by tenant", snapshot.spendByTenant),
            ("by provider", snapshot.spendByProvider),
        ]
        let across = inner.width >= 110 ? 3 : inner.width >= 70 ? 2 : 1
        let most = tables.prefix(across).map { $0.1.count }.max() ?? 0
        let height = max(5, min(most + 3, inner.height - (snapshot.caps.isEmpty ? 4 : 8)))
        let width = (inner.width - 3 * (across - 1)) / across
        for (index, table) in tables.prefix(across).enumerated() {
            let x = inner.x + index * (width + 3)
            canvas.put(table.0, .title, x, inner.y)
            drawSpendTable(Rect(x: x, y: inner.y + 1, width: width, height: height - 1), table.1)
        }
        let below = Rect(x: inner.x, y: inner.y + height + 1, width: inner.width, height: inner.height - height - 1)
        canvas.put(capLines(snapshot, width: below.width) + degradationLines(snapshot), in: below)
    }

    private func capLines(_ snapshot: EngineSnapshot, width: Int) -> [Line] {
        var lines = [Line("caps", .title)]
        if snapshot.caps.isEmpty {
            lines.append(Line("none is configured: nines.features.NAME.budget sets one", .muted))
        }
        let bar = max(0, min(30, width - 62))
        for cap in snapshot.caps.prefix(12) {
            let used = cap.limit > 0 ? Double(cap.spent &+ cap.reserved) / Double(cap.limit) : 0
            let role: Role = used >= 1 ? .graphOver : used >= 0.8 ? .warning : .graph
            var line = Line()
            line.column(cap.kind, 9, .muted)
            line.column(Text.clip(cap.name, to: 17), 18)
            let filled = max(0, min(bar, Numbers.whole(used * Double(bar) + 0.5)))
            line.add(String(repeating: "━", count: filled), role)
            line.add(String(repeating: "─", count: bar - filled), .border)
            line.column(Numbers.money(cap.spent) + " of " + Numbers.money(cap.limit), 22, toRight: true)
            line.column(Numbers.percent(used, 0), 7, role == .graph ? .muted : role, toRight: true)
            let resets = cap.resetsAt.map { "  resets " + Clock.since($0, now: now) } ?? ""
            if line.width + Text.width(resets) <= width { line.add(resets, .muted) }
            lines.append(line)
        }
        return lines
    }

    private func degradationLines(_ snapshot: EngineSnapshot) -> [Line] {
        guard !snapshot.degradations.isEmpty else { return [] }
        return [Line(), Line("what caps and formats led to", .title)]
            + snapshot.degradations.prefix(12).map { row in
                var line = Line()
                line.column(Text.clip(row.feature, to: 17), 18)
                line.column(row.what, 24, row.what == "rejected" ? .warning : .text)
                line.add(Numbers.count(row.requests) + (row.requests == 1 ? " request" : " requests"), .muted)
                return line
            }
    }
}
