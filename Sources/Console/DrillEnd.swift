// After a drill: the verdict, what was measured, what is to be mended, where the report is.

extension Screen {
    mutating func drawDrillEnd(_ body: Rect, _ drill: EngineSnapshot.DrillView, _ snapshot: EngineSnapshot) {
        let side = body.width < 100 ? body.width * 9 / 20 : min(70, body.width * 2 / 5)
        let left = Rect(x: body.x, y: body.y, width: body.width - side, height: body.height)
        let x = left.x + left.width
        drillSides = []
        let lines = verdictLines(drill, snapshot.drills, left.width - 4, most: left.height - 2)
        var upper = left
        if left.height - lines.count >= 12 { upper.height = lines.count + 3 }
        drawVerdict(upper, drill, lines)
        if upper.height < left.height {
            drawTimeline(
                Rect(x: left.x, y: left.y + upper.height, width: left.width, height: left.height - upper.height),
                drill
            )
        }
        let timings = min(drill.timings.count + 4, body.height - 8)
        drawMeasured(Rect(x: x, y: body.y, width: side, height: timings), drill)
        let rest = Rect(x: x, y: body.y + timings, width: side, height: body.height - timings)
        guard rest.height >= 18 else { return drawFindings(rest, drill) }
        drawFindings(Rect(x: x, y: rest.y, width: side, height: rest.height / 2), drill)
        drawHistory(
            Rect(x: x, y: rest.y + rest.height / 2, width: side, height: rest.height - rest.height / 2),
            snapshot.drills
        )
    }

    private mutating func drawVerdict(_ rect: Rect, _ drill: EngineSnapshot.DrillView, _ lines: [Line]) {
        canvas.box(
            rect,
            border: .focus,
            title: Line(Text.clipWords(drill.title, to: max(0, rect.width - 19)), .title),
            right: Line("took \(Clock.stopwatch(drill.elapsed))", .muted)
        )
        let inner = rect.inset(2, 1)
        canvas.put(lines, in: inner)
        cursor = Size(columns: inner.x, rows: inner.y + 1)
    }

    private func verdictLines(
        _ drill: EngineSnapshot.DrillView,
        _ history: EngineSnapshot.DrillHistoryView,
        _ width: Int,
        most: Int
    ) -> [Line] {
        var lines = [Line(), verdictLine(drill), Line()]
        lines +=
            drill.report.map { copyable("report", $0, width) }
            ?? named("report", "kept in the database; it is written when its folder can be", width)
        lines += copyable("verify", "nines drill verify \(drill.id)", width, .muted)
        let lost =
            !drill.wasInduced
            ? "nothing was broken: not measured"
            : drill.lost == 0 ? "no request was lost" : "\(Numbers.count(drill.lost)) requests were lost: find out why"
        lines += named("lost", lost, width, !drill.wasInduced ? .muted : drill.lost == 0 ? .ok : .warning)
        let streak =
            history.isBoring
            ? "boring: \(history.streak) clean drills in a row; now \(history.cadence)"
            : "\(history.streak) of \(history.boringStreak) to boring"
        lines += named("streak", streak, width, history.isBoring ? .ok : .text)
        lines.append(Line())
        let enter = [key("Enter", "chooses the next drill"), key("Esc", "goes back to the panes", .text)]
        return lines + checkLines(drill, width, most: most - lines.count - enter.count - 1) + enter
    }

    /// What is meant to be copied: in one piece where it fits, else broken at the edge only.
    private func copyable(_ name: String, _ text: String, _ width: Int, _ role: Role = .text) -> [Line] {
        let indent = 8
        if Text.width(text) <= width - indent {
            var line = Line()
            line.column(name, indent, .muted)
            line.add(text, role)
            return [line]
        }
        return [Line(name, .muted)] + Text.cut(text, to: width).map { Line($0, role) }
    }

    private func verdictLine(_ drill: EngineSnapshot.DrillView) -> Line {
        let verdict = drill.verdict ?? ""
        let mark = DrillMark(verdict.isEmpty ? "open" : verdict)
        let role = verdict == "fail" ? .critical : mark.role
        var line = Line(mark.glyph + " ", role.plain)
        line.add(verdict.isEmpty ? "THE VERDICT IS BEING WRITTEN" : verdict.uppercased(), role)
        if let ending = drill.ending, ending != verdict { line.add("  " + ending, .muted) }
        return line
    }

    /// The rules that were not met, then as many of the others as fit; those not judged last.
    private func checkLines(_ drill: EngineSnapshot.DrillView, _ width: Int, most: Int) -> [Line] {
        guard !drill.checks.isEmpty, most > 2 else { return [] }
        let ordered = [false, true, nil].flatMap { isMet in drill.checks.filter { $0.isMet == isMet } }
        let checks = ordered.map { check in
            Text.wrap("\(check.rule): \(check.seen)", to: width - 2).enumerated().map { index, piece in
                let (mark, role): (String, Role) =
                    switch check.isMet {
                    case true?: ("✓ ", .ok)
                    case false?: ("▲ ", .warning)
                    case nil: ("- ", .muted)
                    }
                var line = Line(index == 0 ? mark : "  ", role)
                line.add(piece, check.isMet == false ? .text : .muted)
                return line
            }
        }
        guard checks.joined().count > most - 1 else { return checks.joined() + [Line()] }
        var lines: [Line] = []
        for check in checks {
            guard lines.count + check.count <= most - 2 else { break }
            lines += check
        }
        return lines + [Line("the report has them all", .muted), Line()]
    }
}
