// Until it's boring: the streak, what was tried where, how the failover times went.

extension Screen {
    mutating func drawHistory(_ rect: Rect, _ history: EngineSnapshot.DrillHistoryView, border: Role = .border) {
        canvas.box(rect, border: border, title: Line("until it's boring", .title), right: Line(history.cadence, .muted))
        let inner = rect.inset(2, 1)
        var rest = inner
        func below(_ rows: Int) {
            rest.y += rows
            rest.height -= rows
        }
        let facts = streakLines(history, inner.width)
        canvas.put(facts, in: rest)
        below(facts.count)
        let times = history.rows.reversed().map(\.failover)
        if rest.height >= 12, times.count(where: { $0 != nil }) > 1 {
            let rows = rest.height >= 26 ? 5 : 3
            drawFailovers(Rect(x: rest.x, y: rest.y + 1, width: rest.width, height: rows + 1), times)
            below(rows + 2)
        }
        let matrix = matrixLines(history, inner.width)
        let wantsMatrix = rest.height >= 10 && !matrix.isEmpty
        let drills = drillLines(history, inner.width)
        let share =
            wantsMatrix ? max(3, min(drills.count + 1, rest.height - matrix.count - 1, rest.height)) : rest.height
        canvas.put([Line()] + drills.prefix(max(0, share - 1)), in: rest)
        guard wantsMatrix else { return }
        below(share)
        let room = max(0, rest.height - 1)
        var lines = Array(matrix.prefix(room))
        if matrix.count > room, room > 1 {
            lines[room - 1] = Line("and \(matrix.count - room + 1) more: Tab shows them", .muted)
        }
        canvas.put([Line()] + lines, in: rest)
    }

    private func streakLines(_ history: EngineSnapshot.DrillHistoryView, _ width: Int) -> [Line] {
        var lines: [Line] = []
        if history.isBoring {
            lines.append(Line("✓ BORING: \(history.streak) clean drills in a row", .ok))
            lines += Text.wrap("Nothing new to see every week: now \(history.cadence).", to: width).map {
                Line($0, .muted)
            }
        } else {
            var line = Line("streak  ", .muted)
            for place in 0..<max(0, min(12, history.boringStreak)) {
                line.add(place < history.streak ? "● " : "○ ", place < history.streak ? .ok : .muted)
            }
            line.add(" \(history.streak) of \(history.boringStreak) to boring", .strong)
            lines.append(line)
        }
        let days = history.daysSinceLast
        let word = days.map { $0 == 0 ? "today" : $0 == 1 ? "yesterday" : "\($0) days ago" } ?? "never"
        let age = days ?? .max
        var last = Line("last    ", .muted)
        last.add(
            (age >= 90 ? "■ " : age >= 30 ? "▲ " : "● ") + word,
            age >= 90 ? .graphOver : age >= 30 ? .warning : .text
        )
        let open = Line(
            "\(history.openFindings) open finding" + (history.openFindings == 1 ? "" : "s"),
            history.openFindings > 0 ? .warning : .muted
        )
        last.right(open, in: width)
        return lines + [last]
    }

    /// The times to the first failed-over success, oldest first.
    private mutating func drawFailovers(_ rect: Rect, _ times: [Double?]) {
        let known = times.compactMap { $0 }
        guard let newest = known.last, let slowest = known.max() else { return }
        var line = Line("failover ", .muted)
        line.add(Numbers.elapsed(milliseconds: newest * 1000), .strong)
        line.add(", slowest ", .muted)
        line.add(Numbers.elapsed(milliseconds: slowest * 1000), .text)
        line.right(Line("\(known.count) drills", .muted), in: rect.width)
        canvas.put(line, rect.x, rect.y, width: rect.width)
        let top = Numbers.niceCeiling(slowest)
        let stretch = max(1, Double(2 * rect.width) / Double(max(2, times.count)))
        Graph(values: times, target: 0, bad: .below, range: 0...top, stretch: stretch)
            .draw(on: &canvas, in: Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: rect.height - 1))
    }

    private func drillLines(_ history: EngineSnapshot.DrillHistoryView, _ width: Int) -> [Line] {
        if history.rows.isEmpty { return [Line("no drill yet: the first is hardest", .muted)] }
        let isNarrow = width < 56
        return history.rows.flatMap { row in
            var line = Line()
            let date = Clock.date(row.at)
            line.column(date, 11, .muted)
            let mark = DrillMark(row.verdict)
            line.add(mark.glyph + " ", mark.role)
            line.column(mark.word, isNarrow ? 9 : 10, mark.role)
            line.column(Numbers.elapsed(milliseconds: row.failover.map { $0 * 1000 }), 7, toRight: true)
            guard !isNarrow else { return [line, Line("  " + Text.clipWords(row.scenario, to: width - 2), .text)] }
            line.space(2)
            line.add(Text.clipWords(row.scenario, to: width - line.width), .text)
            return [line]
        }
    }

    /// Scenario by provider: how the last drill of each pair went, and how many there were.
    private func matrixLines(_ history: EngineSnapshot.DrillHistoryView, _ width: Int) -> [Line] {
        let targets = history.targets.map(\.provider) + history.rows.map(\.provider)
        var providers: [String] = []
        for name in targets where !name.isEmpty && !providers.contains(name) { providers.append(name) }
        guard !providers.isEmpty else { return [] }
        let cell = width < 44 ? 9 : 11
        let shown = providers.prefix(max(1, min(6, (width - 24) / cell)))
        let name = min(44, width - shown.count * cell)
        // Half a matrix misleads: Tab shows it whole.
        guard shown.count == providers.count || width >= 70 else { return [] }
        var head = Line()
        head.column("tried", name, .muted)
        for provider in shown { head.column(Text.clip(provider, to: cell - 1), cell, .muted) }
        // What was tried comes first, so that it is never cut off.
        let names = history.scenarios.map(\.title)
        let other = Set(history.rows.map(\.scenario)).subtracting(names).sorted()
        let tried = (names + other).map { title in (title, history.rows.filter { $0.scenario == title }) }
        let rows = tried.filter { !$0.1.isEmpty } + tried.filter { $0.1.isEmpty }
        return [head]
            + rows.map { title, drills in
                var line = Line()
                line.column(Text.clipWords(title, to: name - 1), name, drills.isEmpty ? .muted : .text)
                for provider in shown {
                    let own = drills.filter { $0.provider == provider }
                    guard let last = own.first else {
                        line.column("· never", cell, .muted)
                        continue
                    }
                    let mark = DrillMark(last.verdict)
                    line.column("\(mark.glyph) \(own.count)×", cell, mark.role)
                }
                return line
            }
    }
}

/// How a drill ended, told by shape and word as well as by colour.
struct DrillMark {
    let glyph: String
    let role: Role
    let word: String

    /// Of a verdict as a row of the history has it; nil where there was no drill.
    init(_ verdict: String?) {
        (glyph, role, word) =
            switch verdict {
            case nil: ("·", .muted, "never")
            case "pass"?: ("✓", .ok, "pass")
            case "pass with findings"?: ("▲", .warning, "findings")
            case "fail"?: ("■", .graphOver, "fail")
            case "open"?: ("○", .muted, "open")
            case let other?: ("◇", .warning, other)
            }
    }
}
