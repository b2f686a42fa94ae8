extension EngineSnapshot.DrillView.Phase {
    var word: String {
        switch self {
        case .ready: "READY"
        case .induced: "FAULT IN"
        case .failedOver: "FAILED OVER"
        case .restoring: "RESTORING"
        case .restored: "RESTORED"
        case .aborted: "ABORTED"
        }
    }

    /// How many of the five steps are behind.
    fileprivate var done: Int {
        switch self {
        case .ready: 1
        case .induced: 2
        case .failedOver: 3
        case .restoring: 4
        case .restored, .aborted: 5
        }
    }
}

extension Screen {
    /// The drill: its clock, its steps, what was measured, what comes next, and whose key it is.
    mutating func drawDrill(_ body: Rect) {
        guard let drill = snapshot?.drill else {
            let box = body.centered(56, 5)
            canvas.box(box, border: .focus, title: Line("drill", .title))
            canvas.put(Line("◆ opening the drill…", .drill), box.x + 3, box.y + 2, width: box.width - 6)
            return
        }
        let isLow = body.height < 26
        let top = isLow ? 7 : 9
        let clock = body.width < 100 ? 28 : 38
        drawClock(Rect(x: body.x, y: body.y, width: clock, height: top), drill)
        drawSteps(Rect(x: body.x + clock, y: body.y, width: body.width - clock, height: top), drill)
        let live = isLow ? 0 : max(8, min(18, body.height - top - 13))
        let middle = body.height - top - live
        let scribe = body.width * 2 / 5
        drawNext(Rect(x: body.x, y: body.y + top, width: body.width - scribe, height: middle), drill)
        drawTimeline(
            Rect(x: body.x + body.width - scribe, y: body.y + top, width: scribe, height: middle),
            drill
        )
        guard live > 0, let snapshot else { return }
        drawLive(Rect(x: body.x, y: body.y + top + middle, width: body.width - scribe, height: live), snapshot, drill)
        drawCounts(Rect(x: body.x + body.width - scribe, y: body.y + top + middle, width: scribe, height: live), drill)
    }

    private mutating func drawClock(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("clock", .title), right: Line("◆ " + drill.phase.word, .drill))
        let inner = rect.inset(3, 1)
        let lift = rect.height > 8 ? 1 : 0
        // Between two snapshots the clock goes on, as long as they come.
        let elapsed =
            drill.elapsed
            + (isStale || drill.phase.done == 5 ? 0 : Double(max(0, now - (snapshot?.takenAt ?? now))) / 1000)
        canvas.put("T+", .muted, inner.x, inner.y + lift)
        let figure = Figures.rows(Clock.stopwatch(elapsed), .small, glyphs)
        let isBig = Text.width(figure.first ?? "") + 4 <= inner.width
        for (y, row) in (isBig ? figure : [Clock.stopwatch(elapsed)]).enumerated() {
            canvas.put(row, .strong, inner.x + 4, inner.y + lift + y, width: inner.width - 4)
        }
        var line = Line()
        if let lease = drill.leaseLeft {
            line.add("restores in ", .muted)
            line.add(Clock.stopwatch(lease), lease < 60 ? .warning : .text)
        } else {
            line.add(drill.phase == .ready ? "no fault is in" : "the fault is out", .muted)
        }
        canvas.put(line, inner.x, rect.y + rect.height - 2 - lift, width: inner.width)
    }

    private mutating func drawSteps(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line(drill.title, .title), right: Line(drill.id, .muted))
        let inner = rect.inset(2, 1)
        let steps: [(String, String, String)] = [
            ("ready", "steady state on the screen", ""),
            (
                "induce", "revoke \(drill.credential)",
                drill.timeToDetect.map { "401 in " + Self.measured($0) } ?? ""
            ),
            ("fail over", "first answer by another", drill.timeToFailover.map { Self.measured($0) } ?? ""),
            (
                "restore", "the key back, a probe",
                drill.timeToRecover.map { "back in " + Self.measured($0) } ?? ""
            ),
            ("close", "the report", drill.report == nil ? "" : "written"),
        ]
        let current = min(drill.phase.done, steps.count - 1)
        let isAborted = drill.phase == .aborted
        let lift = inner.height > 6 ? 1 : 0
        for (index, step) in steps.enumerated() {
            let isDone = index < drill.phase.done && !(isAborted && index > 0)
            let isNow = index == current && !isAborted
            let role: Role = isNow ? .strong : isDone ? .text : .muted
            var line = Line()
            line.column(isDone && !isNow ? "✓" : isNow ? "▶" : "·", 2, isDone && !isNow ? .ok : isNow ? .key : .muted)
            line.column("\(index + 1) \(step.0)", 12, role)
            let result = Line(step.2, .ok)
            line.add(Text.clip(step.1, to: max(0, inner.width - line.width - result.width - 1)), isNow ? .text : .muted)
            line.right(result, in: min(inner.width, 62))
            canvas.put(line, inner.x, inner.y + lift + index, width: inner.width)
        }
    }

    private static func measured(_ seconds: Double) -> String { Numbers.elapsed(milliseconds: seconds * 1000) }

    private mutating func drawNext(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(
            rect,
            border: .focus,
            title: Line("next", .title),
            right: Line("you are lead, operator and scribe", .muted)
        )
        let inner = rect.inset(3, 1)
        let (act, reasons) = next(drill)
        var lines: [Line] = rect.height > 9 ? [Line(), act, Line()] : [act]
        for (name, text) in reasons {
            for (index, piece) in Text.wrap(text, to: max(10, inner.width - 10)).enumerated() {
                var line = Line()
                line.column(index == 0 ? name : "", 10, .muted)
                line.add(piece)
                lines.append(line)
            }
        }
        if isFaultIn(drill) {
            var line = Line("!", .key)
            line.add(" then y aborts and takes the fault out", .muted)
            lines += rect.height > 9 ? [Line(), line] : [line]
        }
        canvas.put(lines, in: inner)
        cursor = Size(columns: inner.x, rows: inner.y)
    }

    private func isFaultIn(_ drill: EngineSnapshot.DrillView) -> Bool {
        [.induced, .failedOver, .restoring].contains(drill.phase)
    }

    private func next(_ drill: EngineSnapshot.DrillView) -> (Line, [(String, String)]) {
        func press(_ text: String) -> Line {
            var line = Line("Enter", .key)
            line.add("  " + text, .strong)
            return line
        }
        switch drill.phase {
        case .ready:
            return (
                press("revokes \(drill.credential) (then y)"),
                [
                    (
                        "expect",
                        "\(drill.target) answers 401 once; the key is benched; the next deployment answers the same request."
                    ),
                    ("why", "a failover that was never seen is a hope. This one is real, and takes no request down."),
                    ("safe", "the key is revoked in the router's memory only, and comes back by itself."),
                ]
            )
        case .induced:
            return (
                Line("◆ watching for the first answer by another deployment…", .drill),
                [
                    ("expect", "it takes as long as the next request; then the step ticks itself."),
                    ("if not", "Enter restores at once."),
                ]
            )
        case .failedOver:
            return (
                press("restores the key"),
                [
                    (
                        "seen",
                        "first answer by another deployment after \(drill.timeToFailover.map(Self.measured) ?? "—")."
                    ),
                    ("check", "p95 and success below: are they still inside their targets?"),
                    ("expect", "one probe succeeds, then the primary serves again."),
                ]
            )
        case .restoring:
            return (
                Line("◆ waiting for the primary's first success…", .drill),
                [("expect", "one request probes it; the others stay where they are until it has answered.")]
            )
        case .restored:
            return (
                press("closes the drill"),
                [
                    ("report", drill.report ?? "being written"),
                    (
                        "result",
                        drill.lost == 0 ? "no request was lost." : "\(drill.lost) requests were lost: find out why."
                    ),
                ]
            )
        case .aborted:
            return (
                press("closes the drill"),
                [
                    ("aborted", "the fault is out, the primary serves again."),
                    ("report", drill.report ?? "being written"),
                ]
            )
        }
    }

    private mutating func drawTimeline(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("timeline", .title))
        let inner = rect.inset(2, 1)
        let lines = drill.timeline.suffix(max(0, inner.height)).flatMap { entry in
            let time = entry.prefix { $0 != " " }
            let rest = Text.wrap(String(entry.dropFirst(time.count)), to: inner.width - Text.width(String(time)) - 1)
            return rest.enumerated().map { index, piece in
                var line = Line()
                line.column(index == 0 ? String(time) : "", Text.width(String(time)) + 1, .muted)
                line.add(piece)
                return line
            }
        }
        canvas.put(Array(lines.suffix(max(0, inner.height))), in: inner)
    }

    private mutating func drawLive(_ rect: Rect, _ snapshot: EngineSnapshot, _ drill: EngineSnapshot.DrillView) {
        canvas.box(
            rect,
            border: .border,
            title: Line("live", .title),
            right: Line("all traffic goes on being counted", .muted)
        )
        let inner = rect.inset(2, 1)
        let each = max(1, inner.height / 4)
        for (index, pane) in [Pane.latency, .success, .cost, .budget].enumerated() {
            let y = inner.y + (inner.height - 4 * each) / 2 + index * each
            let indicator = Indicator(pane, snapshot, glyphs: glyphs)
            var line = Line()
            line.column(pane.shortTitle, 9, .muted)
            line.column(indicator.value, 10, isStale ? .muted : indicator.verdict.figureRole, toRight: true)
            line.space(2)
            line.add(badge(indicator.verdict))
            line.tab(to: 32)
            line.column(pane == .budget ? "" : indicator.shortTarget, 11, .muted)
            canvas.put(line, inner.x, y, width: inner.width)
            let graph = Rect(x: inner.x + 44, y: y, width: inner.width - 44, height: max(1, each - 1))
            if graph.width > 8 { drawTrend(indicator, graph, snapshot) }
        }
    }

    private mutating func drawCounts(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("measured", .title))
        let inner = rect.inset(2, 1)
        func row(_ name: String, _ value: String, _ role: Role = .text) -> Line {
            var line = Line(name, .muted)
            line.right(Line(value, role), in: inner.width)
            return line
        }
        canvas.put(
            [
                row("to the first refusal", drill.timeToDetect.map(Self.measured) ?? "—"),
                row("to the first failed-over answer", drill.timeToFailover.map(Self.measured) ?? "—", .strong),
                row("from restore to the primary's first", drill.timeToRecover.map(Self.measured) ?? "—"),
                row("requests", Numbers.count(drill.requests)),
                row("failed over", Numbers.count(drill.failedOver)),
                row("lost", Numbers.count(drill.lost), drill.lost > 0 ? .critical : .ok),
            ],
            in: inner
        )
    }
}
