extension Screen {
    /// One of the four numbers: the figure, its target, what it rests on, and its curve.
    mutating func drawHeadline(_ pane: Pane, _ rect: Rect, _ snapshot: EngineSnapshot) {
        let indicator = Indicator(pane, snapshot, glyphs: glyphs)
        let badge = badge(indicator.verdict)
        let isBig = rect.height >= 9
        let inner = frame(pane, rect, right: isBig ? badge : Line())
        if isBig {
            drawBig(indicator, inner, snapshot)
        } else {
            drawCompact(indicator, rect.width < 18 ? rect.inset(1, 1) : inner, badge, snapshot)
        }
    }

    func badge(_ verdict: EngineSnapshot.Verdict) -> Line {
        isStale ? Line("◇ STALE", .muted) : Self.badge(verdict.glyph, verdict.word, verdict.role)
    }

    /// Glyph and word; where the role is reversed only the word is, so that the glyph keeps its shape.
    static func badge(_ glyph: String, _ word: String, _ role: Role) -> Line {
        var line = Line(glyph + " ", role.plain)
        line.add(word, role)
        return line
    }

    private mutating func drawBig(_ indicator: Indicator, _ inner: Rect, _ snapshot: EngineSnapshot) {
        let isLarge = inner.height >= 13 && inner.width >= 36
        let height = drawFigure(indicator, inner, isLarge ? .large : .small)
        var lines = [Line(indicator.target(width: inner.width), .muted)]
        lines[0].right(indicator.aside, in: inner.width)
        lines.append(facts(indicator, width: inner.width))
        canvas.put(lines, in: Rect(x: inner.x, y: inner.y + height, width: inner.width, height: inner.height - height))
        let top = height + lines.count
        drawTrend(
            indicator,
            Rect(x: inner.x, y: inner.y + top, width: inner.width, height: inner.height - top),
            snapshot,
            hasAxes: isLarge
        )
    }

    /// The figure in big digits, or in a row of text where those don't fit; returns how many rows it took.
    mutating func drawFigure(_ indicator: Indicator, _ rect: Rect, _ scale: Figures.Scale) -> Int {
        let prefix = indicator.prefix.isEmpty ? 0 : 2
        let unit = indicator.unit.isEmpty ? 0 : 1 + Text.width(indicator.unit)
        var rows = Figures.rows(indicator.figure, scale, glyphs)
        if indicator.figure.hasPrefix("0."), prefix + Text.width(rows.first ?? "") + unit > rect.width {
            rows = Figures.rows(String(indicator.figure.dropFirst()), scale, glyphs)
        }
        let role = isStale ? .muted : indicator.verdict.figureRole
        let width = Text.width(rows.first ?? "")
        guard prefix + width + unit <= rect.width else {
            canvas.put(Line(indicator.value, role), rect.x, rect.y + 1, width: rect.width)
            return rows.count
        }
        canvas.put(indicator.prefix, .muted, rect.x, rect.y)
        for (y, row) in rows.enumerated() { canvas.put(row, role, rect.x + prefix, rect.y + y) }
        canvas.put(indicator.unit, .muted, rect.x + prefix + width + 1, rect.y + rows.count - 1)
        return rows.count
    }

    func facts(_ indicator: Indicator, width: Int) -> Line {
        var line = Line()
        for fact in indicator.facts where line.width + fact.width + (line.width > 0 ? 3 : 0) <= width {
            if line.width > 0 { line.add(" · ", .muted) }
            line.add(fact)
        }
        return line
    }

    private mutating func drawCompact(
        _ indicator: Indicator,
        _ inner: Rect,
        _ badge: Line,
        _ snapshot: EngineSnapshot
    ) {
        var value = Line(indicator.value, isStale ? .muted : indicator.verdict.figureRole)
        var second = Line(indicator.target(width: inner.width), .muted)
        if value.width + 1 + badge.width <= inner.width {
            value.right(badge, in: inner.width)
        } else {
            second = badge
            if badge.width + 1 + Text.width(indicator.shortTarget) <= inner.width {
                second.right(Line(indicator.shortTarget, .muted), in: inner.width)
            }
        }
        var lines = [value, second]
        if inner.height > 3 { lines.append(facts(indicator, width: inner.width)) }
        canvas.put(lines, in: inner)
        drawTrend(
            indicator,
            Rect(x: inner.x, y: inner.y + lines.count, width: inner.width, height: inner.height - lines.count),
            snapshot
        )
    }

    /// The finest trend that covers the chosen window with `capacity` points, give or take a quarter; without one, the
    /// time since the start.
    func trend(_ snapshot: EngineSnapshot, capacity: Int) -> EngineSnapshot.Trend? {
        let uptime = max(0, snapshot.takenAt - snapshot.startedAt) / 1000
        let wanted = state.shownWindow.map { Int64($0.seconds) * 4 / 5 } ?? uptime
        return snapshot.trends.first { Int64($0.step) * Int64(capacity) >= wanted } ?? snapshot.trends.last
    }

    /// The curve; with axes, values stand at the right edge and the time below.
    mutating func drawTrend(
        _ indicator: Indicator,
        _ rect: Rect,
        _ snapshot: EngineSnapshot,
        hasAxes: Bool = false,
        stretch: Double = 1
    ) {
        guard rect.height > 0 else { return }
        let gutter = hasAxes ? 8 : 0
        let plot = Rect(
            x: rect.x,
            y: rect.y,
            width: rect.width - gutter,
            height: rect.height - (hasAxes ? 1 : 0)
        )
        let capacity = Graph.capacity(columns: plot.width, stretch: stretch)
        guard let trend = trend(snapshot, capacity: capacity) else { return }
        shownSpan = trend.step * capacity
        let values = Array(indicator.points(trend).suffix(capacity))
        let range = indicator.range(values)
        Graph(values: values, target: indicator.targetValue, bad: indicator.bad, range: range, stretch: stretch)
            .draw(on: &canvas, in: plot)
        guard hasAxes, plot.height > 1 else { return }
        let (x, last) = (plot.x + plot.width + 1, plot.y + plot.height - 1)
        canvas.put(indicator.label(range.upperBound), .muted, x, plot.y, width: gutter - 1)
        canvas.put(indicator.label(range.lowerBound), .muted, x, last, width: gutter - 1)
        let share = (indicator.targetValue - range.lowerBound) / (range.upperBound - range.lowerBound)
        let target = last - Numbers.whole(share * Double(plot.height - 1) + 0.5)
        if target > plot.y, target < last {
            canvas.put(indicator.label(indicator.targetValue), .text, x, target, width: gutter - 1)
        }
        let span = "-" + Numbers.span(seconds: Double(trend.step * capacity))
        canvas.put(span, .muted, plot.x, last + 1)
        canvas.put("now", .muted, plot.x + plot.width - 3, last + 1)
    }

    /// `30 d`, `6 h`.
    var windowText: String {
        state.shownWindow.map { Numbers.span(seconds: Double($0.seconds)) } ?? "\(snapshot?.windowDays ?? 30) d"
    }

    /// The number in full: figure and facts, a large graph with axes, and what is counted.
    mutating func drawHeadlineZoom(_ pane: Pane, _ rect: Rect, _ snapshot: EngineSnapshot) {
        let indicator = Indicator(pane, snapshot, glyphs: glyphs)
        let inner = frame(pane, rect, right: badge(indicator.verdict), bottom: Line("Esc goes back", .muted)).inset(
            1,
            0
        )
        let scale: Figures.Scale = inner.height >= 24 ? .large : .small
        let height =
            drawFigure(indicator, Rect(x: inner.x, y: inner.y + 1, width: inner.width / 2, height: 4), scale) + 2
        var facts = [Line(indicator.target, .text)]
        if indicator.aside.width > 0 { facts[0].add("   " + indicator.aside.runs.map(\.text).joined(), .muted) }
        facts += indicator.facts
        facts.append(Line("over \(windowText), rolling; - and + change it", .muted))
        let column = inner.x + max(32, inner.width / 3)
        canvas.put(
            Array(facts.prefix(height)),
            in: Rect(x: column, y: inner.y + 1, width: inner.x + inner.width - column, height: height)
        )
        let sentences = indicator.explanation.flatMap { Text.wrap($0, to: inner.width) }
        let room = max(0, min(sentences.count, inner.height - height - 6))
        let plot = Rect(
            x: inner.x,
            y: inner.y + height + 1,
            width: inner.width,
            height: inner.height - height - room - 2
        )
        let points = snapshot.trends.map { indicator.points($0).count }.max() ?? 0
        let stretch = max(1, Double(2 * (plot.width - 8)) / Double(max(60, points)))
        drawTrend(indicator, plot, snapshot, hasAxes: true, stretch: stretch)
        canvas.put(
            sentences.prefix(room).map { Line($0, .muted) },
            in: Rect(x: inner.x, y: inner.y + inner.height - room, width: inner.width, height: room)
        )
    }
}
