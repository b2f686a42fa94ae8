// What stands beside a drill's step: the timeline, and the panes that Tab turns over.

extension Screen {
    mutating func drawTimeline(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(
            rect,
            border: .border,
            title: Line("scribe", .title),
            right: drill.isOver ? Line() : writers(),
            bottom: state.detailTop > 0 ? Line("↓ \(state.detailTop) newer", .key) : Line()
        )
        let inner = rect.inset(2, 1)
        let lines = drill.timeline.flatMap { entryLines($0, inner.width) }
        lastTop = max(0, lines.count - inner.height)
        visibleRows = max(1, inner.height)
        let end = lines.count - min(state.detailTop, lastTop)
        canvas.put(Array(lines[..<end].suffix(max(0, inner.height))), in: inner)
    }

    private func writers() -> Line {
        var line = Line()
        for (letter, word) in [("n", "note"), ("c", "decision"), ("t", "todo")] {
            if line.width > 0 { line.add(" · ", .muted) }
            line.add(letter, .key)
            line.add(" " + word, .muted)
        }
        return line
    }

    private func entryLines(_ entry: EngineSnapshot.DrillView.Entry, _ width: Int) -> [Line] {
        let time = "T+" + Clock.stopwatch(entry.at)
        let indent = Text.width(time) + 1 + 6
        return Text.wrap(entry.text, to: max(8, width - indent)).enumerated().map { index, piece in
            var line = Line()
            line.column(index == 0 ? time : "", Text.width(time) + 1, .muted)
            line.column(index == 0 ? entry.source : "", 6, entry.sourceRole)
            line.add(piece, entry.isAutomatic ? .muted : .text)
            return line
        }
    }

    mutating func drawStops(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        var right = Line()
        if drill.canAbort {
            right.add("!", .key)
            right.add(" then ", .muted)
            right.add("y", .key)
            right.add(" aborts", .muted)
        }
        canvas.box(rect, border: .border, title: Line("stop rules", .title), right: right)
        let inner = rect.inset(2, 1)
        // The broken ones first, so that none of them is cut off.
        let stops = drill.stops.filter(\.isBroken) + drill.stops.filter { !$0.isBroken }
        var lines = stops.flatMap { stopLines($0, inner.width) }
        if lines.count > inner.height { lines = stops.map { stopLine($0, inner.width) } }
        if lines.count > inner.height {
            let hidden = lines.count - inner.height + 1
            lines.removeLast(min(hidden, lines.count))
            lines.append(Line("● and \(hidden) more" + (inner.width < 24 ? "" : " that hold"), .muted))
        }
        if stops.isEmpty {
            let text = "Nothing was measured yet. A rule that breaks takes the fault out first, and asks later."
            lines = Text.wrap(text, to: inner.width).map { Line($0, .muted) }
        }
        canvas.put(lines, in: inner)
    }

    /// Where not all of them would fit otherwise.
    private func stopLine(_ stop: EngineSnapshot.DrillView.Stop, _ width: Int) -> Line {
        let value = Line(Text.clip(stop.value, to: width / 2), stop.isBroken ? .graphOver : .muted)
        var line = Line(stop.isBroken ? "■ " : "● ", stop.isBroken ? .graphOver : .ok)
        line.add(Text.clipWords(stop.text, to: max(8, width - 3 - value.width)))
        line.right(value, in: width)
        return line
    }

    /// A rule and its reading at the right, where it is long in two rows.
    private func stopLines(_ stop: EngineSnapshot.DrillView.Stop, _ width: Int) -> [Line] {
        let value = Line(Text.clip(stop.value, to: width / 2), stop.isBroken ? .graphOver : .muted)
        let pieces = Text.wrap(stop.text, to: max(8, width - 3 - value.width))
        return pieces.enumerated().map { index, piece in
            var line = Line(index > 0 ? "  " : stop.isBroken ? "■ " : "● ", stop.isBroken ? .graphOver : .ok)
            line.add(piece)
            if index == 0 { line.right(value, in: width) }
            return line
        }
    }

    mutating func drawMeasured(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        let source = drill.verdict == nil ? "from the journal" : "as in the report"
        canvas.box(rect, border: .border, title: Line("measured", .title), right: Line(source, .muted))
        canvas.put(measuredLines(drill, rect.width - 4), in: rect.inset(2, 1))
    }

    /// What is known first.
    func measuredLines(_ drill: EngineSnapshot.DrillView, _ width: Int) -> [Line] {
        let known = drill.timings.filter { $0.seconds != nil } + drill.timings.filter { $0.seconds == nil }
        // With the verdict they are the report's: while the fault was in, and what was lost until the drill was closed.
        let isFinal = drill.verdict != nil
        let counts = [
            (isFinal ? "requests, fault in" : "requests since the fault", Numbers.count(drill.requests), Role.text),
            ("failed over", Numbers.count(drill.failedOver), .text),
            ("by the secondary", Numbers.count(drill.bySecondary), .text),
            (isFinal ? "lost, until it closed" : "lost", Numbers.count(drill.lost), drill.lost > 0 ? .critical : .ok),
        ]
        let times = known.map {
            (
                $0.name, Numbers.elapsed(milliseconds: $0.seconds.map { $0 * 1000 }),
                $0.seconds == nil ? Role.muted : .text
            )
        }
        return (counts + times).map { name, value, role in
            var line = Line(Text.clipWords(name, to: max(4, width - Text.width(value) - 1)), .muted)
            line.right(Line(value, role), in: width)
            return line
        }
    }

    mutating func drawFindings(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        var right = Line("F", .key)
        right.add(" new · ", .muted)
        right.add("x", .key)
        right.add(" close", .muted)
        canvas.box(rect, border: .border, title: Line("findings", .title), right: drill.isOver ? Line() : right)
        let inner = rect.inset(2, 1)
        canvas.put(findingLines(drill, inner.width, most: inner.height), in: inner)
    }

    /// The findings, the one to close marked; below them who has signed, once it comes to that.
    func findingLines(_ drill: EngineSnapshot.DrillView, _ width: Int, most: Int) -> [Line] {
        let signatures = drill.isClosingOut || drill.isOver ? signatureLines(drill, isShort: most < 9) : []
        let open = drill.findings.filter(\.isOpen)
        let findings = open + drill.findings.filter { !$0.isOpen }
        let chosen = min(state.findingIndex, open.count - 1)
        var lines: [Line] = []
        for (index, finding) in findings.enumerated() {
            let isChosen = index == chosen && !drill.isOver
            lines += findingLines(finding, isChosen, width)
        }
        if findings.isEmpty {
            let text =
                drill.isOver
                ? "nobody found anything to mend"
                : "nothing to mend so far: F writes a finding, with its owner and its day"
            lines = Text.wrap(text, to: width).map { Line($0, .muted) }
        }
        return Array(lines.prefix(max(0, most - signatures.count))) + signatures
    }

    private func findingLines(_ finding: EngineSnapshot.DrillView.Finding, _ isChosen: Bool, _ width: Int) -> [Line] {
        let about = [finding.kind, finding.owner, finding.isOpen ? "due " + finding.due : "closed"]
        let wrapped = Text.wrap(finding.text, to: max(8, width - 4)).enumerated().map { index, piece in
            var line = Line(index == 0 && isChosen ? "▶ " : "  ", .key)
            line.add(index == 0 ? (finding.isOpen ? "▲ " : "✓ ") : "  ", finding.isOpen ? .warning : .ok)
            line.add(piece, finding.isOpen ? .text : .muted)
            return line
        }
        let facts = Text.wrap(about.filter { !$0.isEmpty }.joined(separator: " · "), to: max(8, width - 4))
        return wrapped + facts.map { Line("    " + $0, .muted) }
    }

    private func signatureLines(_ drill: EngineSnapshot.DrillView, isShort: Bool) -> [Line] {
        let signing = drill.steps.filter { $0.act == "sign" }
        guard !signing.isEmpty else { return [] }
        if isShort {
            let missing = signing.filter { $0.state != .done }.map(\.role)
            return [
                missing.isEmpty ? Line("✓ signed by all", .ok) : Line("□ to sign: " + missing.joined(separator: ", "))
            ]
        }
        return [Line()]
            + signing.map { step in
                var line = Line()
                line.column(step.role, 10, .muted)
                let name = drill.holder(step.role) ?? "nobody"
                switch step.state {
                case .done: line.add("✓ signed by " + (step.value.isEmpty ? name : step.value), .ok)
                case .skipped: line.add("› did not sign: " + step.value, .warning)
                default: line.add("□ \(name) has not signed yet", .text)
                }
                return line
            }
    }

    // MARK: Live

    private struct LiveRow {
        var pane: Pane
        var value: String
        var before: String
        var verdict: EngineSnapshot.Verdict
        var indicator: Indicator
    }

    /// The four numbers now and before the fault, against their targets.
    mutating func drawLive(_ rect: Rect, _ drill: EngineSnapshot.DrillView, _ snapshot: EngineSnapshot) {
        let isSmall = rect.width < 50
        let over = drill.now == nil ? windowText : "5 m"
        canvas.box(
            rect,
            border: .border,
            title: Line("live", .title),
            right: Line(rect.width < 34 ? "now · before" : "now \(over) · before 15 m", .muted)
        )
        let inner = rect.inset(2, 1)
        let rows = liveRows(drill, snapshot)
        let graph = inner.width - 48
        var y = inner.y
        if !isSmall {
            var head = Line()
            head.column("", 8)
            head.column("now", 9, .muted, toRight: true)
            head.column("", 11)
            head.column("before", 9, .muted)
            head.column("target", 10, .muted)
            canvas.put(head, inner.x, y, width: inner.width)
            y += 1
        }
        let counts = drill.wasInduced ? countLine(drill, isSmall) : Line()
        let room = inner.height - (y - inner.y) - (counts.width > 0 ? 1 : 0)
        let each = max(1, room / 4)
        for row in rows where y < inner.y + inner.height {
            canvas.put(liveLine(row, isSmall, inner.width), inner.x, y, width: inner.width)
            let plot = Rect(x: inner.x + 48, y: y, width: graph, height: each)
            if !isSmall, graph > 8 { drawTrend(row.indicator, plot, snapshot) }
            y += each
        }
        canvas.put(counts, inner.x, inner.y + inner.height - 1, width: inner.height > 4 ? inner.width : 0)
    }

    private func countLine(_ drill: EngineSnapshot.DrillView, _ isSmall: Bool) -> Line {
        var line = Line(isSmall ? "req " : "since the fault: requests ", .muted)
        line.add(Numbers.count(drill.requests), .text)
        line.add(" · failed over ", .muted)
        line.add(Numbers.count(drill.failedOver), .text)
        line.add(" · lost ", .muted)
        line.add(Numbers.count(drill.lost), drill.lost > 0 ? .critical : .ok)
        return line
    }

    private func liveLine(_ row: LiveRow, _ isSmall: Bool, _ width: Int) -> Line {
        var line = Line()
        line.column(row.pane.shortTitle, 8, .muted)
        let role: Role = isStale ? .muted : row.verdict.figureRole
        line.column(row.value, 9, role, toRight: true)
        line.space(isSmall ? 1 : 2)
        if isSmall {
            line.add(isStale ? "◇" : row.verdict.glyph, row.verdict.role.plain)
            line.right(Line(row.before, .muted), in: width)
        } else {
            line.add(badge(row.verdict))
            line.tab(to: 28)
            line.column(row.before, 9, .muted)
            line.column(row.pane == .budget ? "" : row.indicator.shortTarget, 10, .muted)
        }
        return line
    }

    private func liveRows(_ drill: EngineSnapshot.DrillView, _ snapshot: EngineSnapshot) -> [LiveRow] {
        let before = drill.before
        return [Pane.latency, .success, .cost, .budget].map { pane in
            let indicator = Indicator(pane, snapshot, glyphs: glyphs)
            var row = LiveRow(
                pane: pane,
                value: indicator.value,
                before: before.map { figure($0, pane) } ?? "—",
                verdict: indicator.verdict,
                indicator: indicator
            )
            guard let now = drill.now, pane != .budget || now.budget != nil else { return row }
            row.value = figure(now, pane)
            if pane != .budget { row.verdict = verdict(now, pane, snapshot.headline) }
            return row
        }
    }

    private func figure(_ figures: EngineSnapshot.DrillView.Figures, _ pane: Pane) -> String {
        switch pane {
        case .success: Numbers.percent(figures.success)
        case .cost: Numbers.price(figures.cost)
        case .budget: Numbers.percent(figures.budget, 1)
        default: Numbers.seconds(figures.p95)
        }
    }

    private func verdict(
        _ now: EngineSnapshot.DrillView.Figures,
        _ pane: Pane,
        _ headline: EngineSnapshot.Headline
    ) -> EngineSnapshot.Verdict {
        let isMet: Bool? =
            switch pane {
            case .success: now.success.map { $0 >= headline.success.target }
            case .cost: now.cost.map { $0 <= headline.cost.target }
            default: now.p95.map { $0 <= headline.latency.target }
            }
        return isMet.map { $0 ? .ok : .critical } ?? .noData
    }
}

extension EngineSnapshot.DrillView.Entry {
    /// What nobody wrote.
    fileprivate var isAutomatic: Bool { ["auto", "seen"].contains(source) }

    fileprivate var sourceRole: Role {
        switch source {
        case "auto", "seen", "crew": .muted
        case "FAULT", "STOP", "ABORT", "WRONG": .graphOver
        case "OUT", "done", "sign": .ok
        case "note", "todo", "dec", "find": .key
        case "undo", "skip", "hold", "no": .warning
        default: source.first?.isUppercase == true ? .drill : .muted
        }
    }
}
