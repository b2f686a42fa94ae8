extension Screen {
    /// Under 60 x 16: what there is and what it takes, and the words that an operator must not lose.
    mutating func drawTooSmall() {
        var lines: [Line] = []
        if isBypassed { lines.append(Line(" ◆ BYPASS: no failover, b ends it", .bypass)) }
        let (have, need) = ("\(size.columns)x\(size.rows)", "needs \(Self.least.columns)x\(Self.least.rows)")
        lines.append(Line(size.columns < 31 ? " \(have), \(need)" : " \(have) is too small: \(need)", .strong))
        var status = Line(" ")
        status.add(mode)
        lines.append(status)
        if let drill = state.latest?.drill, !drill.isOver {
            var line = Line(" ◆ DRILL ", .drill)
            line.add("T+\(Clock.stopwatch(elapsed(drill))) \(drill.word.lowercased())", .strong)
            if drill.canAbort {
                line.add(", ", .strong)
                line.add("!", .key)
                line.add(" aborts", .text)
            }
            lines.append(line)
        }
        if let headline = snapshot?.headline {
            lines.append(word("p95", Numbers.seconds(headline.latency.p95), headline.latency.verdict))
            lines.append(word("success", Numbers.percent(headline.success.rate), headline.success.verdict))
            lines.append(word("budget", Numbers.percent(headline.budget.remaining, 1), headline.budget.verdict))
        }
        var quit = Line(" ")
        quit.add("q", .key)
        quit.add(" quit", .text)
        lines.append(quit)
        if lines.count > 5 { lines = joinedFigures(lines) }
        // The way out stays in sight, whatever else has to go.
        if lines.count > size.rows { lines = Array(lines.prefix(max(0, size.rows - 1))) + [quit] }
        canvas.put(lines, in: Rect(x: 0, y: 0, width: size.columns, height: size.rows))
        if case .bypass? = state.overlay { drawSmallQuestion("bypass: y does it, Esc cancels") }
        if case .confirm(let what, _)? = state.overlay {
            drawSmallQuestion((what == .abort ? "abort the drill: " : "") + "y does it, Esc cancels")
        }
        if case .quit? = state.overlay { drawSmallQuestion("q quits, Esc stays") }
    }

    private mutating func drawSmallQuestion(_ text: String) {
        canvas.fill(Rect(x: 0, y: size.rows - 1, width: size.columns, height: 1))
        canvas.put(Line(" " + text, .strong), 0, size.rows - 1, width: size.columns)
    }

    private func word(_ name: String, _ value: String, _ verdict: EngineSnapshot.Verdict) -> Line {
        var line = Line(" " + name + " ", .muted)
        line.add(value + " ", .strong)
        line.add(isStale ? "◇ STALE" : verdict.glyph + " " + verdict.word, isStale ? .muted : verdict.role)
        return line
    }

    /// The three figures in one row, where it is wide enough.
    private func joinedFigures(_ lines: [Line]) -> [Line] {
        var joined = lines
        let first = lines.count - 4
        for index in 1...2 {
            joined[first].space(1)
            joined[first].add(lines[first + index])
        }
        joined.removeSubrange((first + 1)...(first + 2))
        return joined[first].width <= size.columns ? joined : lines
    }
}
