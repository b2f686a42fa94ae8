extension Screen {
    /// Spend of the last 24 hours by feature, largest first; a drill under way stands below it.
    mutating func drawSpend(_ rect: Rect, _ snapshot: EngineSnapshot) {
        var rect = rect
        if let drill = snapshot.drill, !state.isZoomed, rect.height >= 13 {
            let height = 7
            drawDrillSummary(
                Rect(x: rect.x, y: rect.y + rect.height - height, width: rect.width, height: height),
                drill
            )
            rect.height -= height
        }
        let inner = frame(.spend, rect, right: Line("24 h", .muted))
        drawSpendTable(inner, snapshot.spend)
    }

    /// Names, bars and sums, largest first, and the total below.
    mutating func drawSpendTable(_ inner: Rect, _ spend: [EngineSnapshot.SpendRow]) {
        let total = spend.reduce(Int64(0)) { $0 &+ $1.cost }
        guard let most = spend.map(\.cost).max(), most > 0 else {
            canvas.put(Line("nothing spent yet", .muted), inner.x, inner.y, width: inner.width)
            return
        }
        let name = min((spend.map { Text.width($0.name) }.max() ?? 0) + 1, inner.width * 2 / 5 + 1, 24)
        let price =
            max(
                7,
                (spend.map { Text.width(Numbers.money($0.cost)) } + [Text.width(Numbers.money(total))]).max()
                    ?? 0
            ) + 1
        let hasRequests = inner.width >= 40
        let bar = max(0, inner.width - name - price - (hasRequests ? 12 : 0))
        let rows = spend.prefix(max(1, inner.height - 2))
        for (index, row) in rows.enumerated() {
            let y = inner.y + index
            let filled = Numbers.whole(Double(row.cost) / Double(most) * Double(bar) + 0.5)
            var line = Line()
            line.column(Text.clip(row.name, to: name - 1), name)
            line.add(String(repeating: "━", count: max(0, min(bar, filled))), .graph)
            line.add(String(repeating: "─", count: max(0, bar - max(0, filled))), .border)
            line.column(Numbers.money(row.cost), price, toRight: true)
            if hasRequests { line.column(Numbers.count(row.requests) + " req", 12, .muted, toRight: true) }
            canvas.put(line, inner.x, y, width: inner.width)
        }
        guard inner.height >= rows.count + 2 else { return }
        var line = Line("total", .muted)
        line.tab(to: name + bar)
        line.column(Numbers.money(total), price, .strong, toRight: true)
        canvas.put(line, inner.x, inner.y + rows.count + 1, width: inner.width)
    }

    private mutating func drawDrillSummary(_ rect: Rect, _ drill: EngineSnapshot.DrillView) {
        canvas.box(rect, border: .border, title: Line("drill", .title), right: Line("d opens it", .muted))
        var lines = [Line("T+\(Clock.stopwatch(drill.elapsed))  ", .strong)]
        lines[0].add("◆ " + drill.word, .drill)
        lines.append(Line(drill.title, .text))
        lines.append(Line("failed over ", .muted))
        lines[2].add(Numbers.count(drill.failedOver), .text)
        lines[2].add("  lost ", .muted)
        lines[2].add(Numbers.count(drill.lost), drill.lost > 0 ? .critical : .text)
        if let lease = drill.leaseLeft { lines.append(Line("restores itself in \(Clock.stopwatch(lease))", .muted)) }
        canvas.put(lines, in: rect.inset(2, 1))
    }
}
