extension Screen {
    /// Name, mode in words, who serves, what is shown of which time, and how old it is.
    mutating func drawHeader(row: Int) {
        canvas.put(" NINES ", .bar, 0, row)
        var left = Line(" ")
        left.add(mode)
        if let snapshot { addDemo(to: &left, snapshot) }
        addAlerts(to: &left)
        var parts = serving(now: now)
        let drill = state.isInDrill && !state.isChoosingDrill ? snapshot?.drill : nil
        if let drill { parts = drillHeader(drill, room: size.columns) + parts }
        let room = size.columns - 7
        if drill == nil, let who = parts.first, left.width + 2 + who.width + 2 + clock(detail: 0).width > room {
            parts = serving(now: now, isShort: true)
        }
        // Who serves goes before what is shown of which time, and that before the rest.
        let least = left.width + (parts.first.map { $0.width + 2 } ?? 0)
        let clocks = (0...3).map { clock(detail: drill == nil ? 3 - $0 : 0) }
        let right = clocks.first { least + $0.width + 2 <= room } ?? clocks[3]
        for part in parts {
            guard left.width + part.width + 2 + right.width + 2 <= room else { break }
            left.space(2)
            left.add(part)
        }
        canvas.put(left, 7, row, width: max(0, room - right.width - 1))
        canvas.put(right, size.columns - right.width, row, width: right.width)
    }

    /// `● LIVE` and its likes: glyph, word, colour.
    var mode: Line {
        if let frozenAt = state.frozenAt { return Line("◇ FROZEN since \(Clock.seconds(frozenAt))", .warning) }
        if let lost = state.lost, isOffline { return Line("■ NO ENGINE since \(Clock.seconds(lost.at))", .critical) }
        guard let snapshot else { return Line("○ STARTING", .muted) }
        if isStale { return Line("◇ STALE \(age) s", .warning) }
        if let since = snapshot.offlineSince {
            return Self.badge("■", "OFFLINE since " + Clock.since(since, now: now), .critical)
        }
        return switch snapshot.mode {
        case .live: isFrozenByPolicy ? Self.badge("■", "FREEZE", .critical) : Line("● LIVE", .ok)
        case .bypass: Line("◆ BYPASS", .bypass)
        case .drill: Line("◆ DRILL", .drill)
        }
    }

    private func addDemo(to line: inout Line, _ snapshot: EngineSnapshot) {
        if snapshot.isDemo {
            line.space(2)
            line.add("DEMO", .key)
        }
        guard let demo = snapshot.demo, let fault = demo.fault else { return }
        let label = demo.faults.first { $0.id == fault }?.label ?? "in force"
        line.add(" FAULT ", .warning)
        line.add(Text.clip(String(label.prefix { $0 != ":" }), to: 24), .warning)
    }

    /// The first group that isn't served by its primary, else the first, in parts that may be left out from the end.
    private func serving(now: Int64, isShort: Bool = false) -> [Line] {
        guard let routes = snapshot?.routes,
            let route = routes.first(where: { $0.serving != $0.primary }) ?? routes.first
        else { return [] }
        var who = Line(isShort ? "" : Text.clip(route.group, to: 20) + " ", .text)
        who.add("\(glyphs.arrow) ", .muted)
        if let serving = route.serving {
            if serving == route.primary {
                who.add("primary ", .muted)
                who.add(Text.clip(serving, to: 24), .strong)
            } else {
                who.add(Text.clip(serving, to: 24), .warning)
                who.add(" for ", .muted)
                who.add(Text.clip(route.primary, to: 24), .text)
            }
        } else {
            who.add("■ nobody", .critical)
        }
        let since = Line("since " + Clock.since(route.servingSince, now: now), .muted)
        let others = routes.count > 1 ? Line("+\(routes.count - 1) groups", .muted) : Line()
        let then = route.then.isEmpty ? Line() : Line("then " + route.then.prefix(3).joined(separator: ", "), .muted)
        return [who, since, others, then].filter { $0.width > 0 }
    }

    /// The right end, from the clock alone (0) to everything (3).
    private func clock(detail: Int) -> Line {
        var line = Line()
        if snapshot != nil, detail > (state.shownWindow == nil ? 2 : 0) {
            line.add(windowText, state.shownWindow == nil ? .text : .key)
            line.add(" window  ", .muted)
        }
        if let shownSpan, detail > 1 {
            line.add("trend ", .muted)
            line.add(Numbers.span(seconds: Double(shownSpan)) + "  ")
        }
        if snapshot != nil, detail > 0, !isStale, state.frozenAt == nil { line.add("data \(age) s  ", .muted) }
        if detail > 1 { line.add(Clock.weekday(now) + " ", .text) }
        line.add(Clock.seconds(now), .text)
        line.add(" UTC ", .muted)
        return line
    }

    /// `■ 2 alerts`, and how many somebody has taken.
    private func addAlerts(to line: inout Line) {
        guard let alerts = state.latest?.alerts else { return }
        let firing = alerts.filter { $0.state.isLoud }
        let taken = alerts.count { $0.state == .acknowledged }
        if !firing.isEmpty {
            let isPage = firing.contains { $0.severity == .page }
            line.space(2)
            line.add(
                (isPage ? "■ " : "▲ ") + (firing.count == 1 ? "1 alert" : "\(firing.count) alerts"),
                isPage ? .graphOver : .warning
            )
        }
        if taken > 0 {
            line.space(2)
            line.add("\(taken) acknowledged", .muted)
        }
    }

    /// Whether the error budget's policy says that nothing but repairs may ship.
    var isFrozenByPolicy: Bool { state.latest?.budget.policy == .frozen && state.lost == nil }

    /// The bar that stands on every screen while the error budget is spent.
    mutating func drawFreezeBar(row: Int) {
        canvas.fill(Rect(x: 0, y: row, width: size.columns, height: 1), " ", .critical)
        let reason = state.latest?.budget.reason ?? ""
        var line = Line(" ■ FREEZE  ", .critical)
        line.add(reason.isEmpty ? "the error budget is spent" : reason, .critical)
        canvas.put(line, 0, row, width: size.columns)
        let end = "ship repairs only  4 shows why "
        if line.width + Text.width(end) + 1 <= size.columns {
            canvas.put(end, .critical, size.columns - Text.width(end), row)
        }
    }

    /// The bar that stands on every screen while the router is out of the way.
    mutating func drawBypassBar(row: Int) {
        guard let latest = state.latest else { return }
        canvas.fill(Rect(x: 0, y: row, width: size.columns, height: 1), " ", .bypass)
        let since = "since " + Clock.since(latest.modeSince, now: now)
        // On a frozen display nothing may move.
        let elapsed = state.isFrozen ? "" : "  \(Clock.stopwatch(Double(max(0, now - latest.modeSince)) / 1000))"
        let primary = latest.routes.first?.primary ?? "the primary"
        let wide =
            " ◆ BYPASS \(since)\(elapsed)  every request goes straight to \(Text.clip(primary, to: 24)), no failover"
        let narrow = " ◆ BYPASS \(since)\(elapsed)  no failover"
        let end = "b ends it "
        let text = Text.width(wide) + Text.width(end) + 2 <= size.columns ? wide : narrow
        canvas.put(text, .bypass, 0, row)
        if Text.width(text) + Text.width(end) + 1 <= size.columns {
            canvas.put(end, .bypass, size.columns - Text.width(end), row)
        }
    }
}
