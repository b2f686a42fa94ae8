extension Screen {
    /// A column of the requests table; the lower the rank, the longer it stays as the pane gets narrow.
    private struct Column {
        var title: String
        var width: Int
        var rank: Int
        var isRight = false
        var cell: (EngineSnapshot.RequestRow) -> (String, Role)
    }

    /// The live requests: one a row, newest first.
    mutating func drawRequests(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let rows = state.filteredRequests
        let inner = frame(.requests, rect, right: followHint, bottom: requestCount(rows.count, snapshot))
        let area = Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: inner.height - 1)
        guard !rows.isEmpty else { return drawNoRequests(inner, snapshot) }
        let columns = columns(inner.width, snapshot.requests)
        canvas.put(header(columns), inner.x, inner.y, width: inner.width)
        visible(.requests, area.height)
        let selected = state.selectedRequestID.flatMap { id in rows.firstIndex { $0.id == id } }
        // The selected row stays where it is on the screen while newer ones come in above it.
        let line = min(state.selectedLine, max(0, area.height - 1))
        let first = max(0, min((selected ?? 0) - line, rows.count - area.height))
        for (y, row) in rows.dropFirst(first).prefix(max(0, area.height)).enumerated() {
            canvas.put(requestLine(row, columns), area.x, area.y + y, width: area.width)
            let place = Rect(x: rect.x + 1, y: area.y + y, width: rect.width - 2, height: 1)
            hits.append(.init(rect: place, target: .request(id: row.id, line: y)))
            guard first + y == selected else { continue }
            canvas.repaint(place, .selection)
            if state.focus == .requests { cursor = Size(columns: area.x, rows: area.y + y) }
        }
    }

    private var followHint: Line {
        var line = Line()
        if !state.filter.isEmpty {
            line.add("filter ", .muted)
            line.add(Text.clip(state.filter, to: 24), .strong)
            line.add(" · ", .muted)
        }
        if state.isFollowing {
            line.add("following", .muted)
            line.add(" ●", isStale ? .muted : .ok)
        } else {
            line.add("f", .key)
            line.add(" follows again", .muted)
        }
        return line
    }

    private func requestCount(_ shown: Int, _ snapshot: EngineSnapshot) -> Line {
        guard !state.filter.isEmpty else { return Line() }
        return Line("\(Numbers.count(shown)) of \(Numbers.count(snapshot.requests.count))", .muted)
    }

    private mutating func drawNoRequests(_ inner: Rect, _ snapshot: EngineSnapshot) {
        if !snapshot.requests.isEmpty {
            canvas.put(
                Line("no request holds that; Esc clears the filter", .muted),
                inner.x,
                inner.y,
                width: inner.width
            )
            return
        }
        let export = "export OPENAI_BASE_URL=http://\(snapshot.listen)/v1"
        let lines = [Line("waiting for the first request", .text), Line(), Line(export, .strong)]
        canvas.put(lines, in: inner.height >= 5 ? inner.inset(0, 1) : inner)
        if inner.height < 3 {
            var line = Line("waiting for the first request · ", .text)
            line.add(export, .strong)
            canvas.put(line, inner.x, inner.y, width: inner.width)
        }
    }

    private func header(_ columns: [Column]) -> Line {
        var line = Line()
        for (index, column) in columns.enumerated() {
            if index > 0 { line.space(2) }
            line.column(column.title, column.width, .muted, toRight: column.isRight)
        }
        return line
    }

    private func requestLine(_ row: EngineSnapshot.RequestRow, _ columns: [Column]) -> Line {
        var line = Line()
        for (index, column) in columns.enumerated() {
            if index > 0 { line.space(2) }
            let (text, role) = column.cell(row)
            // Only the words themselves stand out, not the cell around them.
            guard role == .critical || role == .bypass else {
                line.column(text, column.width, role, toRight: column.isRight)
                continue
            }
            line.add(Text.clip(text, to: column.width), role)
            line.space(column.width - Text.width(text))
        }
        return line
    }

    /// The columns that fit, in their order on the screen; the last takes what is left.
    private func columns(_ width: Int, _ rows: [EngineSnapshot.RequestRow]) -> [Column] {
        // Over all rows, not only the ones in sight, so that nothing shifts while they scroll.
        func widest(_ least: Int, _ most: Int, _ text: (EngineSnapshot.RequestRow) -> String) -> Int {
            max(least, min(most, rows.map { Text.width(text($0)) }.max() ?? 0))
        }
        let most = width >= 120 ? 16 : 10
        var all: [Column] = [
            Column(title: "time", width: width >= 70 ? 12 : 8, rank: 0) {
                (width >= 70 ? Clock.millis($0.at) : Clock.seconds($0.at), .muted)
            },
            Column(title: "tenant", width: widest(6, most) { $0.tenant }, rank: 7) { ($0.tenant, .text) },
            Column(title: "feature", width: widest(7, most) { $0.feature }, rank: 3) { ($0.feature, .text) },
            Column(title: "by", width: widest(6, most) { $0.servedBy ?? "" }, rank: 1) {
                ($0.servedBy ?? "nobody", Self.servedRole($0))
            },
        ]
        if width >= 140 {
            all.append(Column(title: "group", width: widest(5, most) { $0.group }, rank: 10) { ($0.group, .muted) })
        }
        all += [
            Column(title: "ttft", width: 7, rank: 6, isRight: true) {
                (Numbers.elapsed(milliseconds: $0.firstToken), .text)
            },
            Column(title: "total", width: 7, rank: 2, isRight: true) {
                (Numbers.elapsed(milliseconds: $0.total), .text)
            },
            Column(title: "tokens", width: 14, rank: 8) { (Self.tokens($0), .muted) },
            Column(title: "cost", width: 7, rank: 5, isRight: true) {
                ($0.cost.map { Numbers.price(Double($0)) } ?? "—", .text)
            },
        ]
        if width >= 130 {
            all.append(Column(title: "tries", width: 5, rank: 11, isRight: true) { (String($0.attempts), .muted) })
        }
        all.append(Column(title: "note", width: width >= 60 ? 17 : 14, rank: 4) { ($0.note, $0.noteRole) })
        var room = width + 2
        var kept: Set<Int> = []
        for column in all.sorted(by: { $0.rank < $1.rank }) where column.width + 2 <= room {
            room -= column.width + 2
            kept.insert(column.rank)
        }
        var columns = all.filter { kept.contains($0.rank) }
        if let last = columns.indices.last, columns[last].title == "note" { columns[last].width += max(0, room) }
        return columns
    }

    private static func servedRole(_ row: EngineSnapshot.RequestRow) -> Role {
        switch row.outcome {
        case .savedByFailover: .warning
        case .lost, .cut: .graphOver
        case .rejected, .cancelled: .muted
        case .ok: .ok
        }
    }

    private static func tokens(_ row: EngineSnapshot.RequestRow) -> String {
        guard row.tokensIn != nil || row.tokensOut != nil else { return "—" }
        let (sent, received) = (row.tokensIn.map(Numbers.count) ?? "—", row.tokensOut.map(Numbers.count) ?? "—")
        return Text.fit(sent, 6, toRight: true) + " → " + Text.fit(received, 5, toRight: true)
    }

    /// The life of one request.
    mutating func drawRequestDetail(_ rect: Rect, _ row: EngineSnapshot.RequestRow?, id: String) {
        guard let row else {
            let text = "older than what the console holds; nines explain \(id) reads it from the ledger"
            return drawPage(rect, title: "request \(id)", lines: [Line(), Line(text, .muted)])
        }
        let story = RequestStory(row)
        var lines = [Line()]
        for fact in story.facts {
            if fact.name.isEmpty { lines.append(Line()) }
            for (index, piece) in Text.wrap(fact.value, to: max(20, rect.width - 20)).enumerated() {
                var line = Line()
                line.column(index == 0 ? fact.name : "", 14, .muted)
                line.add(piece, role(of: fact, row))
                lines.append(line)
            }
        }
        lines.append(Line())
        lines.append(Line(row.attempts == 1 ? "1 attempt" : "\(row.attempts) attempts", .title))
        for (index, attempt) in story.attempts.enumerated() {
            let isLast = index == story.attempts.count - 1
            let isGood = isLast && [.ok, .savedByFailover].contains(row.outcome)
            for (part, piece) in Text.wrap(attempt, to: max(20, rect.width - 10)).enumerated() {
                var line = Line(part > 0 ? "    " : isGood ? "  ● " : "  ▲ ", isGood ? .ok : .warning)
                line.add(piece)
                lines.append(line)
            }
        }
        drawPage(rect, title: "request \(row.id)", lines: lines)
    }

    private func role(of fact: RequestStory.Fact, _ row: EngineSnapshot.RequestRow) -> Role {
        switch fact.name {
        case "outcome": row.outcome == .savedByFailover ? .ok : Self.servedRole(row)
        case "answered by" where row.servedBy == nil: .graphOver
        case "bypass": .bypass
        default: .text
        }
    }
}
