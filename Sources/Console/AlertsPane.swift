extension Screen {
    /// The alert rules, loudest first: how each stands, and what that rests on as far as there is room.
    mutating func drawAlerts(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let rows = snapshot.alerts
        let isFocused = state.focus == .alerts
        let firing = rows.count { $0.state.isLoud }
        let hint = Line(firing > 0 ? "\(firing) firing" : rows.isEmpty ? "" : "quiet", firing > 0 ? .warning : .muted)
        let inner = frame(.alerts, rect, right: hint)
        guard !rows.isEmpty else {
            canvas.put(Line("no alert rule is on", .muted), inner.x, inner.y, width: inner.width)
            return
        }
        let columns = AlertColumns(inner.width)
        let hasHead = columns.threshold > 0 && inner.height > 3
        if hasHead { canvas.put(alertHead(columns), inner.x, inner.y, width: inner.width) }
        let sinks = state.isZoomed ? sinkLines(snapshot) : []
        let top = inner.y + (hasHead ? 1 : 0)
        let room = max(1, inner.height - (hasHead ? 1 : 0) - (sinks.isEmpty ? 0 : sinks.count + 1))
        visible(.alerts, room)
        let index = min(max(0, state.alertIndex), rows.count - 1)
        let first = max(0, min(isFocused ? index - room + 1 : 0, rows.count - room))
        for (offset, row) in rows.dropFirst(first).prefix(room).enumerated() {
            let y = top + offset
            canvas.put(alertLine(row, columns), inner.x, y, width: inner.width)
            hits.append(
                .init(
                    rect: Rect(x: inner.x, y: y, width: inner.width, height: 1),
                    target: .alert(first + offset)
                )
            )
            if isFocused, first + offset == index {
                canvas.repaint(Rect(x: rect.x + 1, y: y, width: rect.width - 2, height: 1), .selection)
                cursor = Size(columns: inner.x, rows: y)
            }
        }
        let used = min(rows.count, room) + 1
        if state.isZoomed, room > used {
            let text = Text.wrap(rows[index].text, to: min(100, inner.width - 2)).map { Line($0) }
            canvas.put(text, in: Rect(x: inner.x, y: top + used, width: inner.width, height: room - used))
        }
        let foot = Rect(x: inner.x, y: inner.y + inner.height - sinks.count, width: inner.width, height: sinks.count)
        canvas.put(sinks, in: foot)
    }

    /// State and title always; the value next, then what it is measured by.
    private struct AlertColumns {
        var state = 2
        var value = 0
        var threshold = 0
        var samples = 0
        var window = 0
        var since = 0
        var title: Int

        init(_ width: Int) {
            var room = width - 2 - 14
            func take(_ cells: Int) -> Int {
                guard room >= cells else { return 0 }
                room -= cells
                return cells
            }
            value = take(8)
            if take(8) > 0 { state = 10 }
            threshold = take(12)
            samples = take(9)
            window = take(8)
            since = take(8)
            title = 14 + room
        }
    }

    private func alertHead(_ columns: AlertColumns) -> Line {
        var line = Line()
        line.column("state", columns.state, .muted)
        line.column("alert", columns.title, .muted)
        line.column("value", columns.value, .muted, toRight: true)
        line.column("threshold", columns.threshold, .muted, toRight: true)
        line.column("n", columns.samples, .muted, toRight: true)
        line.column("over", columns.window, .muted, toRight: true)
        line.column("since", columns.since, .muted, toRight: true)
        return line
    }

    private func alertLine(_ row: EngineSnapshot.AlertRow, _ columns: AlertColumns) -> Line {
        var line = Line()
        let badge = row.badge
        if columns.state > 2 {
            line.add(badge)
            line.space(columns.state - badge.width)
        } else {
            line.column(String(badge.runs.first?.text ?? ""), 2, row.role.plain)
        }
        let isCalm = row.state == .ok || row.state == .noData || row.state == .tooFew
        line.column(Text.clip(row.title, to: columns.title - 1), columns.title, isCalm ? .muted : .strong)
        // What is measured over no window has no value.
        line.column(
            row.value.isEmpty && row.window > 0 ? "—" : row.value,
            columns.value,
            isCalm ? .text : row.role.plain,
            toRight: true
        )
        line.column(row.threshold, columns.threshold, .muted, toRight: true)
        line.column(row.window == 0 ? "" : Numbers.count(row.samples), columns.samples, .muted, toRight: true)
        line.column(
            row.window == 0 ? "" : Numbers.span(seconds: Double(row.window)),
            columns.window,
            .muted,
            toRight: true
        )
        line.column(row.since == 0 ? "" : Clock.since(row.since, now: now), columns.since, .muted, toRight: true)
        return line
    }

    /// Where alerts go, and whether they get there.
    private func sinkLines(_ snapshot: EngineSnapshot) -> [Line] {
        guard !snapshot.sinks.isEmpty else {
            return [Line("no pager is configured: alerts show on this screen", .muted)]
        }
        return snapshot.sinks.prefix(6).map { sink in
            var line = Line(sink.problem == nil ? "● " : "▲ ", sink.problem == nil ? .ok : .warning)
            line.column(Text.clip(sink.name, to: 23), 24)
            line.add(sink.waiting == 0 ? "nothing waits" : "\(Numbers.count(sink.waiting)) waiting", .muted)
            if sink.failed > 0 { line.add("  \(Numbers.count(sink.failed)) given up", .warning) }
            if let problem = sink.problem { line.add("  " + problem, .muted) }
            return line
        }
    }

    /// One alert in full.
    mutating func drawAlertDetail(_ rect: Rect, _ row: EngineSnapshot.AlertRow?) {
        guard let row else { return drawPage(rect, title: "alert", lines: [Line("it is gone", .muted)]) }
        var lines = [Line()]
        func fact(_ name: String, _ value: Line) {
            var line = Line()
            line.column(name, 16, .muted)
            line.add(value)
            lines.append(line)
        }
        fact("state", row.badge)
        if row.since > 0 {
            let age = Numbers.span(seconds: Double(max(0, now - row.since)) / 1000)
            fact("since", Line(Clock.since(row.since, now: now) + "  for " + age))
        }
        if let until = row.mutedUntil { fact("muted until", Line(Clock.since(until, now: now) + " UTC")) }
        fact("severity", Line(row.severity.rawValue))
        lines.append(Line())
        if !row.value.isEmpty { fact("value", Line(row.value, .strong)) }
        if !row.threshold.isEmpty { fact("threshold", Line(row.threshold)) }
        if row.window > 0 {
            fact("measured over", Line(Numbers.span(seconds: Double(row.window))))
            fact("samples", Line(Numbers.count(row.samples)))
        }
        if let clearing = row.clearing { fact("clearing", Line(clearing, .warning)) }
        lines.append(Line())
        lines += Text.wrap(row.text, to: min(100, rect.width - 6)).map { Line($0) }
        lines += [Line(), Line("a acknowledges it, m mutes it, Esc goes back", .muted)]
        drawPage(rect, title: row.title, lines: lines)
    }
}

extension EngineSnapshot.AlertRow {
    /// `p95 latency over target: 3.12 s, target ≤ 2.50 s, n 812`.
    var summary: String {
        let facts = [value, threshold, window == 0 ? "" : "n \(Numbers.count(samples))"].filter { !$0.isEmpty }
        return (facts.isEmpty ? title : title + ": " + facts.joined(separator: ", "))
            + (clearing == nil ? "" : ", clearing")
    }

    var badge: Line {
        if clearing != nil, state == .firing { return Line("▲ CLEARS", .warning) }
        return Screen.badge(glyph, state == .firing ? severity.rawValue.uppercased() : state.word, role)
    }

    private var glyph: String {
        switch state {
        case .firing: severity == .page ? "■" : "▲"
        case .acknowledged: "◆"
        case .ok: "●"
        case .muted, .tooFew: "◇"
        case .noData: "○"
        }
    }

    var role: Role {
        switch state {
        case .firing where clearing != nil: .warning
        case .firing: severity == .page ? .critical : .warning
        case .acknowledged: .warning
        case .ok: .ok
        case .muted, .tooFew, .noData: .muted
        }
    }
}

extension EngineSnapshot.AlertRow.State {
    var word: String {
        switch self {
        case .firing: "FIRING"
        case .acknowledged: "ACK"
        case .muted: "MUTED"
        case .ok: "OK"
        case .noData: "NO DATA"
        case .tooFew: "TOO FEW"
        }
    }
}
