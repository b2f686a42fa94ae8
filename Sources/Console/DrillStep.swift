// The step that is open: whose it is, what is expected, what is sensed, what to press, and what comes next.

extension Screen {
    mutating func drawStep(_ rect: Rect, _ drill: EngineSnapshot.DrillView, isLow: Bool) {
        let phase = drill.phases.first { $0.state == .current }?.title ?? ""
        let index = drill.phases.firstIndex { $0.state == .current }.map { "\($0 + 1) " } ?? ""
        var right = Line()
        if drill.isLate {
            right.add("▲ LATE", .warning)
            right.space(2)
        }
        right.add("step \(drill.number) of \(drill.count)", .muted)
        canvas.box(
            rect,
            border: .focus,
            title: Line(index + phase, .title),
            right: right,
            bottom: rect.width >= 64 ? legend : Line()
        )
        let inner = rect.inset(2, 1)
        var lines = noticeLines(drill, inner.width)
        let list = stepList(drill, inner.width)
        let room = inner.height - lines.count
        // On low screens the list is for the checks, of which many are open at once.
        let isChecking = isChecking(drill)
        let wantsList = !isLow || isChecking || room >= list.count + 9
        var own =
            isChecking
            ? checkLines(drill, inner.width)
            : stepLines(drill, inner.width, isListed: wantsList, most: room - (wantsList ? min(6, list.count) + 1 : 0))
        if !wantsList, room > own.count, let done = list.last(where: { $0.isDone }) { lines.append(done.line) }
        if wantsList, room - own.count > 2 {
            lines += window(list, room - own.count - 1)
            own = [Line()] + own
        }
        cursor = Size(columns: inner.x, rows: inner.y + max(0, min(lines.count, inner.height - 1)))
        canvas.put(lines + own, in: inner)
    }

    private var legend: Line {
        var line = Line("◉ ticks itself", .muted)
        line.add("   □ you confirm   ◆ you act", .muted)
        return line
    }

    private func noticeLines(_ drill: EngineSnapshot.DrillView, _ width: Int) -> [Line] {
        guard let notice = drill.notice else { return [] }
        let role: Role = drill.ending == nil ? .drill : .warning
        let glyph = drill.ending == nil ? "◆ " : "▲ "
        return Text.wrap(notice, to: width - 2).enumerated().map { Line(($0 == 0 ? glyph : "  ") + $1, role) }
    }

    // MARK: The list

    private struct Row {
        var line: Line
        var isNow: Bool
        var isDone: Bool
    }

    /// As many rows as fit, the open step among them.
    private func window(_ rows: [Row], _ count: Int) -> [Line] {
        let now = rows.firstIndex(where: \.isNow) ?? rows.count - 1
        let first = max(0, min(now - count / 2, rows.count - count))
        return rows.dropFirst(first).prefix(max(0, count)).map(\.line)
    }

    private func stepList(_ drill: EngineSnapshot.DrillView, _ width: Int) -> [Row] {
        let names = drill.steps.map { Text.width($0.name) }.max() ?? 0
        let mends = isChecking(drill)
        return drill.steps.flatMap { step in
            let isNow = step.id == drill.step?.id
            let row = Row(
                line: stepRow(step, isNow, min(names, max(8, width / 3)), width),
                isNow: isNow,
                isDone: step.state == .done
            )
            guard mends, step.kind == .sensed, step.state == .open, !step.value.isEmpty, !step.ifItFails.isEmpty else {
                return [row]
            }
            return [row]
                + Text.wrap("mend it: " + step.ifItFails, to: width - 13).map { piece in
                    Row(line: Line(String(repeating: " ", count: 13) + piece, .muted), isNow: false, isDone: false)
                }
        }
    }

    /// Many checks are open at once: the list with what mends each is what is needed.
    private func isChecking(_ drill: EngineSnapshot.DrillView) -> Bool {
        drill.steps.count > 8 && drill.step?.kind == .sensed && !drill.wasInduced
    }

    private func checkLines(_ drill: EngineSnapshot.DrillView, _ width: Int) -> [Line] {
        guard let step = drill.step else { return [] }
        let missing = drill.steps.count { $0.kind == .sensed && $0.state == .open }
        var line = Line("\(missing) of \(drill.steps.count { $0.kind == .sensed }) are missing: ", .strong)
        line.add(whose(drill, step), drill.holder(step.role) == state.person ? .key : .text)
        line.add("; each ticks itself, by no key", .muted)
        return line.width <= width ? [line] : [Line("\(missing) missing; each ticks itself, by no key", .strong)]
    }

    private func stepRow(_ step: EngineSnapshot.DrillView.Step, _ isNow: Bool, _ names: Int, _ width: Int) -> Line {
        var line = Line()
        switch step.state {
        case .done: line.column("✓", 2, .ok)
        case .skipped: line.column("›", 2, .warning)
        case .notReached: line.column("-", 2, .muted)
        case .open: line.column(isNow ? "▶" : "", 2, .key)
        }
        line.column(step.kind.glyph, 2, step.kind == .sensed ? .ok : .warning)
        line.column(step.role.uppercased(), 9, isNow ? .strong : .muted)
        let role: Role = isNow ? .strong : step.state == .open ? .text : .muted
        line.add(Text.clip(step.name, to: names) + " ", role)
        let dots = 13 + names + 3 - line.width
        line.add(String(repeating: glyphs == .ascii ? "." : "·", count: max(0, dots)) + " ", .border)
        let time = step.at.map { "T+" + Clock.stopwatch($0) } ?? ""
        let room = width - line.width - (time.isEmpty ? 0 : Text.width(time) + 1)
        let isBefore = !(snapshot?.drill?.wasInduced ?? false)
        let said = isNow && !isBefore ? step.expected : step.said
        line.add(Text.clipWords(said, to: room), step.saidRole(isNow, isBefore))
        if !time.isEmpty { line.right(Line(time, .muted), in: width) }
        return line
    }

    // MARK: The step

    /// The more important first; what doesn't fit goes from the least important on.
    private func stepLines(_ drill: EngineSnapshot.DrillView, _ width: Int, isListed: Bool, most: Int) -> [Line] {
        guard let step = drill.step else {
            return [Line("every step is done; the report is being written", .strong)]
        }
        var head = Line(step.kind.glyph + " ", step.kind == .sensed ? .ok : .warning)
        head.add(step.role.uppercased(), .strong)
        head.add("  " + whose(drill, step), drill.holder(step.role) == state.person ? .key : .text)
        let must = [head] + Text.wrap("“\(step.text)”", to: width).map { Line($0, .strong) }
        // They are read aloud, and their own pane may be too low for them.
        let rules = step.id == "stop-rules" ? drill.stops.map(\.text).joined(separator: "; ") : ""
        let seen = sees(drill, step, width) + named("rules", rules, width)
        // In the list the open step says what is expected.
        let wantsExpected = !isListed && (rules.isEmpty || most > 8)
        let parts = [
            must, wantsExpected ? named("expect", step.expected, width, .key) : [], seen, [press(step, drill)],
            named("if not", step.ifItFails, width, .muted), named("next", drill.next, width, .muted),
            named("why", step.why, width, .muted),
        ]
        // Shown in this order, left out from the end of `parts`.
        let shown = [0, 1, 2, 3, 6, 4, 5]
        var kept = parts.count
        while kept > 4, parts.prefix(kept).reduce(0, { $0 + $1.count }) > most { kept -= 1 }
        return shown.filter { $0 < kept }.flatMap { parts[$0] }
    }

    private func whose(_ drill: EngineSnapshot.DrillView, _ step: EngineSnapshot.DrillView.Step) -> String {
        guard let holder = drill.holder(step.role) else { return "nobody holds this role: r takes it" }
        return holder == state.person ? "your step, \(holder)" : "\(holder)'s step"
    }

    private func sees(_ drill: EngineSnapshot.DrillView, _ step: EngineSnapshot.DrillView.Step, _ width: Int) -> [Line]
    {
        guard step.kind == .sensed else { return [] }
        guard let held = drill.held, let goal = drill.holdGoal, goal > 0 else {
            return named("sees", drill.sensed.isEmpty ? "nothing yet" : drill.sensed, width)
        }
        var line = Line()
        line.column("sees", 8, .muted)
        line.add(drill.sensed.isEmpty ? "nothing yet" : drill.sensed)
        line.space(2)
        let words = "held \(Clock.stopwatch(held)) of \(Clock.stopwatch(goal))"
        let track = min(24, width - line.width - Text.width(words) - 2)
        if track >= 6 {
            line.add(bar(held / goal, track))
            line.space(2)
        }
        line.add(words, .text)
        return [line]
    }

    /// What the key of this step does.
    func press(_ step: EngineSnapshot.DrillView.Step, _ drill: EngineSnapshot.DrillView) -> Line {
        if state.options.readOnly { return Line("read-only: this console only looks on", .muted) }
        if step.kind == .sensed {
            guard drill.number == 1, drill.crew.contains(where: { $0.name == nil }) else {
                guard step.id == "acknowledged", let alert = state.firingAlert else {
                    return Line("◉ ticks itself when Nines sees it: no key does", .drill)
                }
                return key("a", "acknowledges \(Text.clip(alert.title, to: 30)); or do it where it rang")
            }
            return key("Enter", "takes a role: one person may hold all three")
        }
        switch (step.act, step.answer) {
        case ("induce"?, _):
            let word = drill.asksFor.map { "asks you to type \($0), then breaks it" }
            return key("Enter", word ?? "shows what will happen, then y breaks it")
        case ("restore"?, _): return key("Enter", "takes the fault out")
        case ("sign"?, _): return key("Enter", "signs as \(state.person)")
        case ("file"?, _): return key("Enter", "files the report and ends the drill; F first adds findings")
        case (_, .nothing): return key("Enter", "confirms that it was done")
        case (_, .choice): return key("Enter", "then type " + step.choices.joined(separator: " or "))
        case (_, .number): return key("Enter", "then type the value" + (step.unit.isEmpty ? "" : ", in \(step.unit)"))
        case (_, .text): return key("Enter", "then type the answer; Enter writes it")
        }
    }
}

extension EngineSnapshot.DrillView.Step {
    /// `latency held`.
    fileprivate var name: String { Text.clean(String(id.map { $0 == "-" || $0 == "_" ? " " : $0 }), limit: 24) }

    /// What it was answered with, or is waited for.
    fileprivate var said: String {
        switch state {
        case .done: value.isEmpty ? expected : value
        case .skipped: "skipped" + (value.isEmpty ? "" : ": " + value)
        case .notReached: "not reached"
        case .open: kind == .sensed && !value.isEmpty ? "sees " + value : expected
        }
    }

    fileprivate func saidRole(_ isNow: Bool, _ isBefore: Bool) -> Role {
        switch state {
        case .done: .ok
        case .skipped: .warning
        case .notReached: .muted
        case .open: isBefore && kind == .sensed && !value.isEmpty ? .warning : isNow ? .strong : .muted
        }
    }
}

extension EngineSnapshot.DrillView.Step.Kind {
    var glyph: String {
        switch self {
        case .sensed: "◉"
        case .confirm: "□"
        case .act: "◆"
        }
    }
}
