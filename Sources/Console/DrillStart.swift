// Before a drill: what shall break, where, and by whom; and how the earlier ones went.

extension Screen {
    mutating func drawDrillStart(_ body: Rect, _ snapshot: EngineSnapshot) {
        let history = snapshot.drills
        drillSides = [.history]
        if state.drillSide == .history { return drawHistory(body, history, border: .focus) }
        let side = body.width < 100 ? body.width * 19 / 40 : min(84, body.width / 2)
        let left = Rect(x: body.x, y: body.y, width: body.width - side, height: body.height)
        drawHistory(Rect(x: left.x + left.width, y: body.y, width: side, height: body.height), history)
        let about = aboutLines(snapshot, left.width - 4)
        let height = min(max(6, about.count + 2), max(6, body.height - 6))
        drawScenarios(Rect(x: left.x, y: left.y, width: left.width, height: left.height - height), history)
        let rect = Rect(x: left.x, y: left.y + left.height - height, width: left.width, height: height)
        let ended = DrillMark(chosen?.last)
        let last = Line("\(ended.glyph) \(ended.word)", ended.role)
        canvas.box(
            rect,
            border: .border,
            title: Line(Text.clip(chosen?.title ?? "drill", to: max(0, rect.width - 7 - last.width)), .title),
            right: chosen == nil ? Line() : last
        )
        canvas.put(about, in: rect.inset(2, 1))
    }

    private var chosen: EngineSnapshot.DrillHistoryView.Scenario? {
        guard let scenarios = snapshot?.drills.scenarios, scenarios.indices.contains(state.scenarioIndex) else {
            return nil
        }
        return scenarios[state.scenarioIndex]
    }

    private mutating func drawScenarios(_ rect: Rect, _ history: EngineSnapshot.DrillHistoryView) {
        let count = history.scenarios.count
        canvas.box(
            rect,
            border: .focus,
            title: Line("what shall break?", .title),
            right: Line("\(min(state.scenarioIndex + 1, count)) of \(count)", .muted)
        )
        let inner = rect.inset(2, 1)
        let first = max(0, min(state.scenarioIndex - inner.height / 2, count - inner.height))
        let lines = history.scenarios.enumerated().dropFirst(first).prefix(inner.height).map { index, scenario in
            let isChosen = index == state.scenarioIndex
            var line = Line(isChosen ? "▶ " : "  ", .key)
            let mark = DrillMark(scenario.last)
            line.add((scenario.problem == nil ? mark.glyph : "-") + " ", scenario.problem == nil ? mark.role : .muted)
            let word = inner.width < 48 ? 0 : 9
            let width = max(8, inner.width - 9 - word)
            let role: Role = isChosen ? .selection : scenario.problem == nil ? .text : .muted
            line.column(Text.clipWords(scenario.title, to: width), width, role)
            line.column(Text.clip(mark.word, to: word), word, mark.role, toRight: true)
            line.column(scenario.count > 0 ? "\(scenario.count)×" : "", 5, .muted, toRight: true)
            return line
        }
        canvas.put(Array(lines), in: inner)
        if count == 0 {
            canvas.put(Line("the engine offers no scenario", .muted), inner.x, inner.y, width: inner.width)
        }
        visibleRows = max(1, inner.height)
        cursor = Size(columns: inner.x, rows: inner.y + max(0, state.scenarioIndex - first))
    }

    /// What the chosen scenario does, to whom, in whose name and how long; then what the keys do.
    private func aboutLines(_ snapshot: EngineSnapshot, _ width: Int) -> [Line] {
        guard let scenario = chosen else { return [] }
        var lines: [Line] = []
        if let problem = scenario.problem { lines += named("not now", problem, width, .warning, indent: 9) }
        lines += named("expect", scenario.expectation, width, indent: 9)
        lines += named("as in", scenario.source, width, .muted, indent: 9)
        let targets = snapshot.drills.targets
        if !targets.isEmpty {
            let target = targets[min(state.targetIndex, targets.count - 1)]
            let text = "\(target.id), then \(target.secondary) answers"
            lines += named("breaks", text, width, .strong, indent: 9)
        }
        lines.append(Line())
        let isPossible = scenario.problem == nil && !state.options.readOnly
        let what =
            isPossible
            ? "opens it; nothing breaks yet" : "can't: " + (state.options.readOnly ? "read-only" : "see above")
        lines.append(key("Enter", what, isPossible ? .strong : .muted))
        if targets.count > 1 {
            lines.append(
                key(
                    "h l",
                    "another provider: \(min(state.targetIndex, targets.count - 1) + 1) of \(targets.count)",
                    .text
                )
            )
        }
        lines.append(key("r", "another name than \(Text.clip(state.person, to: 20))", .text))
        if let length = snapshot.drills.fixedLength {
            lines.append(Line("every drill takes \(Clock.stopwatch(length)) here", .muted))
        } else if snapshot.isDemo {
            lines.append(
                key(
                    "f",
                    state.isCompressed ? "makes it thirty minutes; now five" : "makes it five minutes; now thirty",
                    .text
                )
            )
        }
        return lines
    }
}
