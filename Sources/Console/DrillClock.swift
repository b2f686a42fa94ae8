// The clock and the plan: how far the drill is, and how far it should be.

extension Screen {
    mutating func drawClock(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(
            rect,
            border: .border,
            title: Line("clock", .title),
            right: Line("of \(Clock.stopwatch(drill.planned))", .muted),
            bottom: rect.height < 8 ? lease(drill, isShort: true) : Line()
        )
        let inner = rect.inset(2, 1)
        let isRoomy = inner.height >= 8
        let time = Clock.stopwatch(elapsed(drill))
        let large = Figures.rows(time, .large, glyphs)
        let isLarge = isRoomy && Text.width(large.first ?? "") + 4 <= inner.width
        var figure = isLarge ? large : Figures.rows(time, .small, glyphs)
        if Text.width(figure.first ?? "") + 3 > inner.width { figure = [time] }
        let top = inner.y + (isRoomy && figure.count + 4 < inner.height ? 1 : 0)
        canvas.put("T+", .muted, inner.x, top)
        for (y, row) in figure.enumerated() {
            canvas.put(row, .strong, inner.x + (isRoomy ? 4 : 3), top + y, width: inner.width - 3)
        }
        var lines = [pace(drill, inner.width)]
        if isRoomy {
            lines.append(wallClock(inner.width))
            lines.append(lease(drill, isShort: inner.width < 25))
        }
        let y = inner.y + inner.height - lines.count
        canvas.put(lines, in: Rect(x: inner.x, y: y, width: inner.width, height: lines.count))
    }

    private func pace(_ drill: EngineSnapshot.DrillView, _ width: Int) -> Line {
        let left = drill.planned - elapsed(drill)
        var line = Line(left < 0 ? "over " : "left ", .muted)
        line.add(Clock.stopwatch(abs(left)), left < 0 ? .warning : .text)
        // What has ended keeps to no plan.
        guard drill.ending == nil else { return line }
        let behind = drill.behind(at: elapsed(drill))
        let time = Clock.stopwatch(abs(behind))
        let words =
            behind >= 1
            ? [
                Line("▲ \(time) behind plan", .warning), Line("▲ +\(time) late", .warning),
                Line("▲ +\(time)", .warning),
            ]
            : behind <= -1 ? [Line("● \(time) early", .ok), Line("● -\(time)", .ok)] : [Line("● on plan", .ok)]
        line.space(2)
        line.add(words.first { line.width + $0.width <= width } ?? words[words.count - 1])
        return line
    }

    private func wallClock(_ width: Int) -> Line {
        var line = Line("wall ", .muted)
        line.add(Clock.seconds(now), .text)
        line.add(" UTC", .muted)
        return line
    }

    /// What ends the fault if nobody does.
    private func lease(_ drill: EngineSnapshot.DrillView, isShort: Bool) -> Line {
        guard let left = drill.leaseLeft else {
            if drill.isFaultIn { return Line("the lease is over", .muted) }
            if drill.needsReason { return Line("the key is not verified", .warning) }
            return Line(drill.wasInduced ? "the fault is out" : "no fault is in", .muted)
        }
        let time = left - (elapsed(drill) - drill.elapsed)
        var line = Line(isShort ? "restores " : "restores itself ", .muted)
        line.add("in " + Clock.stopwatch(time), time < 60 ? .warning : .text)
        return line
    }

    // MARK: The plan

    mutating func drawPlan(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        let inner = rect.inset(2, 1)
        let isList = inner.height >= drill.phases.count
        let title = Line(
            Text.clip(drill.title, to: max(8, rect.width - (isList ? 34 : drill.isSimulated ? 18 : 13))),
            .title
        )
        guard isList else {
            canvas.box(
                rect,
                border: .border,
                title: title,
                right: Line(drill.isSimulated ? "simulated" : "LIVE", .muted)
            )
            return drawPlanInColumns(rect.inset(1, 1), drill)
        }
        canvas.box(rect, border: .border, title: title, right: Line("planned  actual   delta", .muted))
        let now = elapsed(drill)
        for (index, phase) in drill.phases.enumerated() {
            canvas.put(phaseLine(index, phase, inner.width, now), inner.x, inner.y + index, width: inner.width)
        }
    }

    /// Two columns of phases, for low screens.
    private mutating func drawPlanInColumns(_ inner: Rect, _ drill: EngineSnapshot.DrillView) {
        let rows = (drill.phases.count + 1) / 2
        let width = (inner.width - 1) / 2
        for (index, phase) in drill.phases.enumerated() where rows > 0 {
            var line = mark(phase)
            line.column("\(index + 1) \(phase.title)", min(13, width - 2), role(phase))
            if phase.state == .current {
                line.right(Line("to " + Clock.stopwatch(phase.plannedTo), .key), in: width)
            } else if let end = phase.end {
                line.right(delta(end - phase.plannedTo), in: width)
            } else {
                line.right(Line(Clock.stopwatch(phase.plannedTo), .muted), in: width)
            }
            canvas.put(line, inner.x + index / rows * (width + 1), inner.y + index % rows, width: width)
        }
    }

    private func mark(_ phase: EngineSnapshot.DrillView.Phase) -> Line {
        switch phase.state {
        case .done: Line("✓ ", .ok)
        case .current: Line("▶ ", .key)
        case .ahead: Line("· ", .muted)
        case .notReached: Line("- ", .muted)
        }
    }

    private func role(_ phase: EngineSnapshot.DrillView.Phase) -> Role {
        phase.state == .current ? .strong : phase.state == .done ? .text : .muted
    }

    private func delta(_ seconds: Double) -> Line {
        Line((seconds <= -1 ? "-" : "+") + Clock.stopwatch(abs(seconds)), seconds >= 1 ? .warning : .muted)
    }

    private func phaseLine(_ index: Int, _ phase: EngineSnapshot.DrillView.Phase, _ width: Int, _ now: Double) -> Line {
        var line = mark(phase)
        line.column("\(index + 1) \(phase.title)", 14, role(phase))
        // The times stand under their heads, which end one cell before the edge.
        let times = 29
        let about = Self.aboutPhase[phase.title] ?? ""
        let room = width - line.width - times
        let hasAbout = room >= 46 && !about.isEmpty
        if hasAbout { line.column(about, 36, .muted) }
        let track = hasAbout ? min(40, room - 38) : min(24, room - 2)
        if track >= 6 { line.add(bar(progress(phase, now), track, phase.state == .notReached ? .border : .graph)) }
        line.tab(to: width - times)
        line.column(
            Clock.stopwatch(phase.plannedFrom) + "–" + Clock.stopwatch(phase.plannedTo),
            11,
            .muted,
            toRight: true
        )
        switch phase.state {
        case .current: line.column("now", 9, .key, toRight: true)
        case .ahead: break
        case .notReached: line.column("—", 9, .muted, toRight: true)
        case .done:
            guard let end = phase.end else { break }
            line.column(Clock.stopwatch(end), 9, .text, toRight: true)
            line.right(delta(end - phase.plannedTo), in: width - 1)
        }
        return line
    }

    private func progress(_ phase: EngineSnapshot.DrillView.Phase, _ now: Double) -> Double {
        switch phase.state {
        case .done: 1
        case .current: (now - (phase.start ?? now)) / max(1, phase.plannedTo - phase.plannedFrom)
        case .ahead, .notReached: 0
        }
    }

    private static let aboutPhase = [
        "brief": "roles, hypothesis, stop rules",
        "pre-checks": "is it safe to break it?",
        "baseline": "what normal looks like",
        "induce": "the operator breaks the primary",
        "observe": "failover, alert, figures in target",
        "restore": "the fault out, the primary back",
        "verify": "everything as it was before",
        "closeout": "findings, signatures, report",
    ]
}
