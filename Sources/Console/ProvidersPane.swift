extension Screen {
    /// The deployments: state in words, speed, success, share, errors, breaker, and why the last attempt failed.
    mutating func drawProviders(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let rows = snapshot.providers
        let isFocused = state.focus == .providers
        let hint = isFocused ? Line("Enter why · c clear cooldown", .muted) : Line("last 15 m", .muted)
        let inner = frame(.providers, rect, right: hint)
        guard !rows.isEmpty else {
            canvas.put(Line("no deployment is configured", .muted), inner.x, inner.y, width: inner.width)
            return
        }
        let columns = Columns(inner.width, rows: rows)
        var y = inner.y
        let hasHead = inner.height > 2
        if hasHead {
            canvas.put(providerHead(columns), inner.x, y, width: inner.width)
            y += 1
        }
        let room = inner.height - (hasHead ? 1 : 0)
        let hasBars = room >= 2 * rows.count && inner.width >= 40
        let each = hasBars ? 2 : 1
        let count = max(1, room / each)
        visible(.providers, count)
        let first = max(0, min(state.providerIndex - count + 1, rows.count - count))
        for index in first..<min(rows.count, first + count) {
            let row = rows[index]
            canvas.put(providerLine(row, columns), inner.x, y, width: inner.width)
            if hasBars { drawShare(row, Rect(x: inner.x + 2, y: y + 1, width: inner.width - 2, height: 1)) }
            hits.append(
                .init(rect: Rect(x: rect.x + 1, y: y, width: rect.width - 2, height: each), target: .provider(index))
            )
            if isFocused, index == min(max(0, state.providerIndex), rows.count - 1) {
                canvas.repaint(Rect(x: rect.x + 1, y: y, width: rect.width - 2, height: 1), .selection)
                cursor = Size(columns: inner.x, rows: y)
            }
            y += each
        }
        drawReasons(Rect(x: inner.x, y: y, width: inner.width, height: inner.y + inner.height - y), rows)
    }

    /// Marker, name, state, p95 and ok always; then as much as leaves the names their room.
    private struct Columns {
        var name: Int
        var hasShare = false
        var hasErrors = false
        var hasBreaker = false
        var hasMedian = false

        init(_ width: Int, rows: [EngineSnapshot.ProviderRow]) {
            let wanted = max(9, min(24, (rows.map { Text.width($0.id) }.max() ?? 0) + 1))
            var room = width - 2 - 15 - 8 - 7 - wanted
            func take(_ cells: Int) -> Bool {
                guard room >= cells else { return false }
                room -= cells
                return true
            }
            hasShare = take(6)
            hasErrors = take(7)
            hasBreaker = take(11)
            hasMedian = take(8)
            name = max(6, wanted + min(room, 12))
        }
    }

    private func providerHead(_ columns: Columns) -> Line {
        var line = Line()
        line.space(2)
        line.column(columns.name > 11 ? "deployment" : "provider", columns.name, .muted)
        line.column("state", 15, .muted)
        if columns.hasMedian { line.column("p50", 8, .muted, toRight: true) }
        line.column("p95", 8, .muted, toRight: true)
        line.column("ok %", 7, .muted, toRight: true)
        if columns.hasShare { line.column("share", 6, .muted, toRight: true) }
        if columns.hasErrors { line.column("errors", 7, .muted, toRight: true) }
        if columns.hasBreaker { line.column("  breaker", 11, .muted) }
        return line
    }

    private func providerLine(_ row: EngineSnapshot.ProviderRow, _ columns: Columns) -> Line {
        var line = Line()
        line.column(isServing(row) ? "▶" : "", 2, .ok)
        line.column(Text.clip(row.id, to: columns.name - 1), columns.name, row.isPrimary ? .strong : .text)
        let state = Self.badge(row.state.glyph, String(stateText(row).dropFirst(2)), row.state.role)
        line.add(state)
        line.space(15 - state.width)
        if columns.hasMedian { line.column(Numbers.seconds(row.p50), 8, .muted, toRight: true) }
        line.column(Numbers.seconds(row.p95), 8, toRight: true)
        line.column(row.okRate.map { Numbers.percentFigure($0) } ?? "—", 7, toRight: true)
        if columns.hasShare { line.column(Numbers.fixed(row.share * 100, 0) + " %", 6, toRight: true) }
        if columns.hasErrors {
            line.column(Numbers.short(row.errors), 7, row.errors > 0 ? .text : .muted, toRight: true)
        }
        if columns.hasBreaker { line.column("  " + row.breaker, 11, row.breaker == "closed" ? .muted : .warning) }
        return line
    }

    private func isServing(_ row: EngineSnapshot.ProviderRow) -> Bool {
        snapshot?.routes.contains { $0.serving == row.id } ?? false
    }

    /// `▲ COOLING 12 s`.
    func stateText(_ row: EngineSnapshot.ProviderRow) -> String {
        if let ramp = row.ramp { return "\(row.state.glyph) RAMPING \(Numbers.fixed(ramp * 100, 0)) %" }
        var text = row.state.glyph + " " + row.state.word
        if row.state == .coolingDown, let until = row.until {
            text += " " + Numbers.span(seconds: Double(max(0, until - now)) / 1000)
        }
        return text
    }

    private mutating func drawShare(_ row: EngineSnapshot.ProviderRow, _ rect: Rect) {
        let filled = Numbers.whole(row.share * Double(rect.width) + 0.5)
        canvas.put(String(repeating: "─", count: rect.width), .border, rect.x, rect.y)
        canvas.put(String(repeating: "━", count: min(rect.width, filled)), .graph, rect.x, rect.y)
    }

    /// Below the rows: what last went wrong, the newest first.
    private mutating func drawReasons(_ rect: Rect, _ rows: [EngineSnapshot.ProviderRow]) {
        let failed = rows.filter { $0.lastFailure != nil }.sorted { ($0.lastFailureAt ?? 0) > ($1.lastFailureAt ?? 0) }
        guard rect.height > 0 else { return }
        // A blank row first, where there is one to spare.
        let top = rect.height > failed.count ? 1 : 0
        for (index, row) in failed.prefix(rect.height - top).enumerated() {
            var line = Line()
            line.space(2)
            line.add(row.lastFailureAt.map { Clock.since($0, now: now) } ?? "", .muted)
            line.space(1)
            line.add(row.id + " ", .text)
            line.add(row.lastFailure ?? "", .muted)
            canvas.put(line, rect.x, rect.y + top + index, width: rect.width)
        }
    }

    mutating func visible(_ pane: Pane, _ rows: Int) {
        if state.focus == pane { visibleRows = max(1, rows) }
    }

    /// One deployment in full.
    mutating func drawProviderDetail(_ rect: Rect, _ row: EngineSnapshot.ProviderRow?) {
        guard let row else { return drawPage(rect, title: "deployment", lines: [Line("it is gone", .muted)]) }
        var lines = [Line()]
        func fact(_ name: String, _ value: Line) {
            var line = Line()
            line.column(name, 16, .muted)
            line.add(value)
            lines.append(line)
        }
        fact("state", Self.badge(row.state.glyph, String(stateText(row).dropFirst(2)), row.state.role))
        fact(
            "since",
            Line(
                Clock.since(row.since, now: now) + "  for "
                    + Numbers.span(seconds: Double(max(0, now - row.since)) / 1000)
            )
        )
        fact("what this means", Line(meaning(row), .muted))
        if let reason = row.outBecause { fact("out because of", Line(reason, .warning)) }
        if let until = row.until {
            let left = Numbers.span(seconds: Double(max(0, until - now)) / 1000)
            fact("probed from", Line("\(Clock.seconds(until)) UTC on, in \(left)"))
        }
        lines.append(Line())
        fact("provider", Line(row.provider))
        fact("model", Line(row.model))
        fact("group", Line(row.group + (row.isPrimary ? "  (its primary)" : "")))
        lines.append(Line())
        fact("p50, p95", Line(Numbers.seconds(row.p50) + ", " + Numbers.seconds(row.p95)))
        fact("ok", Line(Numbers.percent(row.okRate)))
        fact("share", Line(Numbers.percent(row.share, 1)))
        fact("attempts", Line(Numbers.count(row.attempts)))
        fact("errors", Line(Numbers.count(row.errors)))
        fact("in flight", Line(Numbers.count(row.inFlight)))
        fact("breaker", Line(row.breaker, row.breaker == "closed" ? .text : .warning))
        lines.append(Line())
        fact("last failure", Line(row.lastFailure ?? "none", row.lastFailure == nil ? .muted : .text))
        if let at = row.lastFailureAt { fact("at", Line(Clock.since(at, now: now) + " UTC", .muted)) }
        lines.append(Line())
        lines.append(Line("Figures of the last 15 minutes.", .muted))
        drawPage(rect, title: row.id, lines: lines)
    }

    private func meaning(_ row: EngineSnapshot.ProviderRow) -> String {
        switch row.state {
        case _ where row.ramp != nil: "works again: gets a growing share, and all once it has proved itself"
        case .ok: "gets requests as the route says"
        case .degraded: "serves, but slower or with more errors than it should"
        case .coolingDown: "not tried until its time is up; then one request probes it; c lets it be tried now"
        case .benched: "its key was refused: not tried until a probe succeeds; c lets it be tried now"
        case .probing: "one request is finding out whether it works again"
        case .idle: "nothing was sent to it yet"
        }
    }

    /// A framed page of lines that scrolls.
    mutating func drawPage(_ rect: Rect, title: String, lines: [Line], top: Int? = nil) {
        let first = max(0, min(top ?? state.detailTop, lines.count - (rect.height - 2)))
        lastTop = max(0, lines.count - (rect.height - 2))
        visibleRows = max(1, rect.height - 2)
        var more = Line()
        if lastTop > 0 { more.add(first < lastTop ? "↓ more" : "end", .muted) }
        canvas.box(
            rect,
            border: .focus,
            title: Line(title, .title),
            right: Line("Esc goes back", .muted),
            bottom: more
        )
        canvas.put(Array(lines.dropFirst(first)), in: rect.inset(3, 1))
        cursor = Size(columns: rect.x + 2, rows: rect.y)
    }
}
