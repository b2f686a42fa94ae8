extension EngineSnapshot.DrillView {
    var word: String {
        if isOver { return "CLOSED" }
        if isOnHold { return "ON HOLD" }
        if isFaultIn { return "FAULT IN" }
        if let ending { return ending.uppercased() }
        return wasInduced ? "FAULT OUT" : "READY"
    }

    /// Who holds a role; the role's own name where nobody does.
    func holder(_ role: String) -> String? { crew.first { $0.role == role }?.name }
}

extension Screen {
    /// The drill: its clock, its plan, whose step it is and what is seen of it, and a pane beside.
    mutating func drawDrill(_ body: Rect) {
        guard let snapshot else { return drawWaiting(body) }
        guard let drill = snapshot.drill, !state.isChoosingDrill else { return drawDrillChoice(body, snapshot) }
        let isLow = body.height < 30
        let top = isLow ? 7 : drill.phases.count + 2
        let clock = body.width < 100 ? 28 : 38
        drawClock(Rect(x: body.x, y: body.y, width: clock, height: top), drill)
        drawPlan(Rect(x: body.x + clock, y: body.y, width: body.width - clock, height: top), drill)
        let live = isLow ? 0 : max(11, min(14, body.height - top - 16))
        let middle = body.height - top - live
        let side = max(30, body.width * 2 / 5)
        let left = Rect(x: body.x, y: body.y + top, width: body.width - side, height: middle)
        let right = Rect(x: left.x + left.width, y: left.y, width: side, height: middle)
        drawStep(left, drill)
        if isLow {
            drawSide(right, state.drillSide, drill, snapshot)
            return
        }
        drawSide(right, .timeline, drill, snapshot)
        drawLive(Rect(x: body.x, y: left.y + middle, width: left.width, height: live), snapshot)
        let below = state.drillSide == .timeline ? .stops : state.drillSide
        drawSide(Rect(x: right.x, y: left.y + middle, width: side, height: live), below, drill, snapshot)
    }

    /// Between two snapshots the clock goes on, as long as they come.
    private func elapsed(_ drill: EngineSnapshot.DrillView) -> Double {
        drill.elapsed + (isStale || drill.isOver ? 0 : Double(max(0, now - (snapshot?.takenAt ?? now))) / 1000)
    }

    private mutating func drawClock(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("clock", .title), right: Line("◆ " + drill.word, .drill))
        let inner = rect.inset(2, 1)
        let lift = rect.height > 8 ? 1 : 0
        let time = Clock.stopwatch(elapsed(drill))
        canvas.put("T+", .muted, inner.x, inner.y + lift)
        let figure = Figures.rows(time, .small, glyphs)
        let isBig = Text.width(figure.first ?? "") + 4 <= inner.width
        for (y, row) in (isBig ? figure : [time]).enumerated() {
            canvas.put(row, .strong, inner.x + 4, inner.y + lift + y, width: inner.width - 4)
        }
        let left = drill.planned - elapsed(drill)
        var plan = Line(left < 0 ? "over by " : "left ", .muted)
        plan.add(Clock.stopwatch(abs(left)), left < 0 ? .warning : .text)
        plan.add(" of \(Clock.stopwatch(drill.planned))", .muted)
        canvas.put(plan, inner.x, rect.y + rect.height - 3 - lift, width: inner.width)
        var lease = Line()
        if let time = drill.leaseLeft {
            lease.add("restores itself in ", .muted)
            lease.add(Clock.stopwatch(time), time < 60 ? .warning : .text)
        } else {
            lease.add(drill.isFaultIn ? "the lease is over" : drill.wasInduced ? "the fault is out" : "no fault is in", .muted)
        }
        canvas.put(lease, inner.x, rect.y + rect.height - 2 - lift, width: inner.width)
    }

    // MARK: The plan

    private mutating func drawPlan(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        let title = Text.clip(drill.title, to: max(8, rect.width - 34))
        canvas.box(rect, border: .border, title: Line(title, .title), right: Line(drill.id, .muted))
        let inner = rect.inset(2, 1)
        guard inner.height < drill.phases.count else {
            for (index, phase) in drill.phases.enumerated() {
                canvas.put(phaseLine(index, phase, isWide: inner.width > 44), inner.x, inner.y + index, width: inner.width)
            }
            return
        }
        let rows = (drill.phases.count + 1) / 2
        let width = (inner.width - 1) / 2
        for (index, phase) in drill.phases.enumerated() {
            let x = inner.x + (index / max(1, rows)) * (width + 1)
            canvas.put(phaseLine(index, phase, isWide: false), x, inner.y + index % max(1, rows), width: width)
        }
        var crew = Line()
        for member in drill.crew {
            crew.add(member.role + " ", .muted)
            crew.add((member.name ?? "nobody") + "  ", member.name == nil ? .warning : .text)
        }
        canvas.put(crew, inner.x, inner.y + rows, width: inner.width)
    }

    private func phaseLine(_ index: Int, _ phase: EngineSnapshot.DrillView.Phase, isWide: Bool) -> Line {
        var line = Line()
        switch phase.state {
        case .done: line.column("✓", 2, .ok)
        case .current: line.column("▶", 2, .key)
        case .ahead, .notReached: line.column("·", 2, .muted)
        }
        let role: Role = phase.state == .current ? .strong : phase.state == .done ? .text : .muted
        line.column("\(index + 1) \(phase.title)", 14, role)
        if isWide {
            line.column("\(Clock.stopwatch(phase.plannedFrom))–\(Clock.stopwatch(phase.plannedTo))", 14, .muted)
        }
        switch phase.state {
        case .current: line.add("now", .key)
        case .ahead: if !isWide { line.add(Clock.stopwatch(phase.plannedTo), .muted) }
        case .notReached: line.add("—", .muted)
        case .done:
            guard let end = phase.end else { break }
            let late = end - phase.plannedTo
            if isWide { line.column(Clock.stopwatch(end), 8) }
            line.add((late < 0 ? "-" : "+") + Clock.stopwatch(abs(late)), late > 0 ? .warning : .muted)
        }
        return line
    }

    // MARK: The step

    private mutating func drawStep(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        let phase = drill.phases.first { $0.state == .current }?.title ?? "closed"
        canvas.box(
            rect,
            border: .focus,
            title: Line(phase, .title),
            right: Line(drill.isOver ? "" : "step \(drill.number) of \(drill.count)", .muted)
        )
        let inner = rect.inset(2, 1)
        var lines: [Line] = []
        if let notice = drill.notice {
            lines += Text.wrap(notice, to: inner.width - 2).map { Line("◆ " + $0, .drill) }
        }
        let own = drill.step == nil ? overLines(drill, inner.width) : stepLines(drill, inner.width)
        // The phase's other steps where there is room.
        let room = inner.height - lines.count - own.count - 1
        if drill.step != nil, room > 0 {
            let list = stepList(drill, inner.width)
            if list.count > 1, list.count <= room { lines += list + [Line()] }
        }
        cursor = Size(columns: inner.x, rows: inner.y + min(lines.count, max(0, inner.height - 1)))
        lines += own
        canvas.put(lines, in: inner)
    }

    private func stepList(_ drill: EngineSnapshot.DrillView, _ width: Int) -> [Line] {
        let name = max(16, min(40, width - 34))
        return drill.steps.map { step in
            let isNow = step.id == drill.step?.id
            var line = Line()
            switch step.state {
            case .done: line.column("✓", 2, .ok)
            case .skipped: line.column("›", 2, .warning)
            case .notReached: line.column("·", 2, .muted)
            case .open: line.column(isNow ? "▶" : "", 2, .key)
            }
            line.column(step.kind.glyph, 2, .muted)
            line.column(step.role.uppercased(), 9, isNow ? .strong : .muted)
            line.column(Text.clip(step.text, to: name - 1), name, isNow ? .strong : step.state == .open ? .text : .muted)
            line.add(step.value.isEmpty ? "" : step.value, step.state == .done ? .ok : .muted)
            return line
        }
    }

    private func stepLines(_ drill: EngineSnapshot.DrillView, _ width: Int) -> [Line] {
        guard let step = drill.step else { return [] }
        var head = Line(step.kind.glyph + " ", .muted)
        head.add(step.role.uppercased(), .strong)
        let holder = drill.holder(step.role)
        let isMine = holder == state.person
        head.add(isMine ? "  your step, \(state.person)" : "  " + (holder.map { "\($0)'s step" } ?? "nobody's yet: r"), .text)
        if drill.isLate { head.right(Line("▲ LATE", .warning), in: width) }
        var lines = [head]
        lines += Text.wrap(step.text, to: width).map { Line($0, .strong) }
        lines += row("expect", step.expected, width, .key)
        if step.kind == .sensed {
            var sees = drill.sensed.isEmpty ? "nothing yet" : drill.sensed
            if let held = drill.held, let goal = drill.holdGoal {
                sees += ", held \(Clock.stopwatch(held)) of \(Clock.stopwatch(goal))"
            }
            lines += row("sees", sees, width)
        }
        lines += row("", "", width) + [press(step, drill)]
        if width > 60 { lines.append(Line()) }
        lines += row("why", step.why, width, .muted)
        lines += row("if not", step.ifItFails, width, .muted)
        lines += row("next", drill.next, width, .muted)
        return lines
    }

    private func press(_ step: EngineSnapshot.DrillView.Step, _ drill: EngineSnapshot.DrillView) -> Line {
        if step.kind == .sensed {
            let asksRoles = drill.number == 1 && drill.crew.contains { $0.name == nil }
            guard asksRoles else { return Line("◉ ticks itself: nobody can tick it by hand", .drill) }
            var line = Line("Enter", .key)
            line.add("  takes a role", .strong)
            return line
        }
        var line = Line("Enter", .key)
        let words =
            switch (step.act, step.answer) {
            case ("induce"?, _): "puts the fault in, then y"
            case ("restore"?, _): "takes the fault out"
            case ("sign"?, _): "signs as \(state.person)"
            case ("file"?, _): "files the report and ends the drill"
            case (_, .nothing): "confirms it"
            default: "answers, with the value"
            }
        line.add("  " + words, .strong)
        return line
    }

    private func overLines(_ drill: EngineSnapshot.DrillView, _ width: Int) -> [Line] {
        var lines = [Line()]
        lines += row("verdict", drill.verdict ?? "being written", width, .strong)
        lines += row("report", drill.report ?? "being written; until then it is kept in the database", width)
        lines += row("lost", drill.lost == 0 ? "no request was lost" : "\(drill.lost) requests: find out why", width)
        lines.append(Line())
        var enter = Line("Enter", .key)
        enter.add("  chooses the next drill", .strong)
        return lines + [enter]
    }

    private func row(_ name: String, _ text: String, _ width: Int, _ role: Role = .text) -> [Line] {
        guard !text.isEmpty else { return name.isEmpty ? [Line()] : [] }
        return Text.wrap(text, to: max(8, width - 9)).enumerated().map { index, piece in
            var line = Line()
            line.column(index == 0 ? name : "", 9, .muted)
            line.add(piece, role)
            return line
        }
    }

    // MARK: Beside it

    private mutating func drawSide(
        _ rect: Rect,
        _ side: ConsoleState.DrillSide,
        _ drill: EngineSnapshot.DrillView,
        _ snapshot: EngineSnapshot
    ) {
        switch side {
        case .timeline: drawTimeline(rect, drill)
        case .stops: drawStops(rect, drill)
        case .measured: drawMeasured(rect, drill)
        case .history: drawHistory(rect, snapshot.drills, drill)
        }
    }

    private mutating func drawTimeline(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("scribe", .title), right: Line("n c t write", .muted))
        let inner = rect.inset(1, 1)
        let lines = drill.timeline.suffix(max(0, inner.height)).flatMap { entry in
            let time = Clock.stopwatch(entry.at)
            let indent = 12
            return Text.wrap(entry.text, to: max(4, inner.width - indent)).enumerated().map { index, piece in
                var line = Line()
                line.column(index == 0 ? time : "", 6, .muted)
                line.column(index == 0 ? entry.source : "", 6, entry.source.first?.isUppercase == true ? .drill : .muted)
                line.add(piece)
                return line
            }
        }
        canvas.put(Array(lines.suffix(max(0, inner.height))), in: inner)
    }

    private mutating func drawStops(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("stop rules", .title), right: Line("! then y aborts", .muted))
        let inner = rect.inset(1, 1)
        var lines = drill.stops.map { stop in
            var line = Line(stop.isBroken ? "■ " : "● ", stop.isBroken ? .graphOver : .ok)
            line.add(Text.clip(stop.text, to: max(4, inner.width - 4 - Text.width(stop.value))))
            line.right(Line(stop.value, stop.isBroken ? .strong : .muted), in: inner.width)
            return line
        }
        if lines.isEmpty { lines = [Line("nothing was measured yet", .muted)] }
        canvas.put(lines, in: inner)
    }

    private mutating func drawMeasured(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("measured", .title), right: Line("from the journal", .muted))
        let inner = rect.inset(1, 1)
        var lines = drill.timings.map { timing in
            figure(timing.name, Numbers.elapsed(milliseconds: timing.seconds.map { $0 * 1000 }), inner.width)
        }
        lines.append(
            figure("requests, failed over", "\(Numbers.count(drill.requests)), \(Numbers.count(drill.failedOver))", inner.width)
        )
        lines.append(figure("lost", Numbers.count(drill.lost), inner.width, drill.lost > 0 ? .critical : .ok))
        canvas.put(lines, in: inner)
    }

    private func figure(_ name: String, _ value: String, _ width: Int, _ role: Role = .text) -> Line {
        var line = Line(Text.clip(name, to: max(4, width - Text.width(value) - 1)), .muted)
        line.right(Line(value, role), in: width)
        return line
    }

    private mutating func drawHistory(
        _ rect: Rect,
        _ history: EngineSnapshot.DrillHistoryView,
        _ drill: EngineSnapshot.DrillView?
    ) {
        canvas.box(rect, border: .border, title: Line("until it's boring", .title), right: Line(history.cadence, .muted))
        let inner = rect.inset(1, 1)
        var lines = [streakLine(history)]
        let days = history.daysSinceLast
        var last = Line("last ", .muted)
        last.add(
            days.map { $0 == 0 ? "today" : $0 == 1 ? "yesterday" : "\($0) days ago" } ?? "never",
            (days ?? 90) >= 30 ? .warning : .text
        )
        last.add("  open findings ", .muted)
        last.add("\(history.openFindings)", history.openFindings > 0 ? .warning : .text)
        lines.append(last)
        for finding in drill?.findings ?? [] where finding.isOpen {
            lines.append(Line("▲ \(finding.text), \(finding.owner), \(finding.due)", .warning))
        }
        lines.append(Line())
        for row in history.rows {
            var line = Line()
            line.column(Clock.date(row.at), 11, .muted)
            line.column(row.verdict, 9, row.verdict == "pass" ? .ok : row.verdict == "fail" ? .warning : .muted)
            line.column(row.failover.map { Numbers.elapsed(milliseconds: $0 * 1000) } ?? "—", 8, toRight: true)
            line.space(1)
            line.add(row.scenario)
            lines.append(line)
        }
        if history.rows.isEmpty { lines.append(Line("no drill yet: the first one is the hardest", .muted)) }
        canvas.put(lines, in: inner)
    }

    private func streakLine(_ history: EngineSnapshot.DrillHistoryView) -> Line {
        if history.isBoring { return Line("✓ boring: \(history.streak) clean drills in a row", .ok) }
        var line = Line("streak ", .muted)
        line.add("\(history.streak) of \(history.boringStreak)", .strong)
        line.add(" to boring", .muted)
        return line
    }

    private mutating func drawLive(_ rect: Rect, _ snapshot: EngineSnapshot) {
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

    // MARK: Choosing

    private mutating func drawDrillChoice(_ body: Rect, _ snapshot: EngineSnapshot) {
        let history = snapshot.drills
        let side = body.width < 100 ? body.width * 2 / 5 : min(70, body.width / 2)
        let left = Rect(x: body.x, y: body.y, width: body.width - side, height: body.height)
        drawHistory(Rect(x: left.x + left.width, y: body.y, width: side, height: body.height), history, nil)
        let about = min(9, body.height / 3 + 1)
        drawScenarios(Rect(x: left.x, y: left.y, width: left.width, height: left.height - about), history)
        drawScenario(Rect(x: left.x, y: left.y + left.height - about, width: left.width, height: about), snapshot)
    }

    private mutating func drawScenarios(_ rect: Rect, _ history: EngineSnapshot.DrillHistoryView) {
        canvas.box(
            rect,
            border: .focus,
            title: Line("drill: what shall break?", .title),
            right: Line("\(min(state.scenarioIndex + 1, history.scenarios.count)) of \(history.scenarios.count)", .muted)
        )
        let inner = rect.inset(2, 1)
        let first = max(0, min(state.scenarioIndex - inner.height / 2, history.scenarios.count - inner.height))
        let lines = history.scenarios.enumerated().dropFirst(first).prefix(inner.height).map { index, scenario in
            let isChosen = index == state.scenarioIndex
            var line = Line(isChosen ? "▶ " : "  ", .key)
            let width = max(8, inner.width - 8)
            line.column(
                Text.clip(scenario.title, to: width),
                width,
                isChosen ? .selection : scenario.problem == nil ? .text : .muted
            )
            line.column(scenario.count > 0 ? "\(scenario.count)×" : "", 5, .muted, toRight: true)
            return line
        }
        canvas.put(lines, in: inner)
        cursor = Size(columns: inner.x, rows: inner.y + max(0, state.scenarioIndex - first))
    }

    private mutating func drawScenario(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let scenarios = snapshot.drills.scenarios
        guard scenarios.indices.contains(state.scenarioIndex) else { return }
        let scenario = scenarios[state.scenarioIndex]
        canvas.box(rect, border: .border, title: Line(Text.clip(scenario.title, to: max(0, rect.width - 6)), .title))
        let inner = rect.inset(2, 1)
        var lines: [Line] = []
        if let problem = scenario.problem { lines += row("not now", problem, inner.width, .warning) }
        lines += row("expect", scenario.expectation, inner.width)
        lines += row("as in", scenario.source, inner.width, .muted)
        var enter = Line("Enter", .key)
        enter.add("  opens the drill: nothing breaks yet", .strong)
        lines.append(enter)
        if snapshot.isDemo {
            var speed = Line("f", .key)
            speed.add("  " + (state.isCompressed ? "in five minutes, for a try" : "in its thirty minutes"), .text)
            lines.append(speed)
        }
        canvas.put(lines, in: inner)
    }
}

extension EngineSnapshot.DrillView.Step.Kind {
    fileprivate var glyph: String {
        switch self {
        case .sensed: "◉"
        case .confirm: "□"
        case .act: "◆"
        }
    }
}
