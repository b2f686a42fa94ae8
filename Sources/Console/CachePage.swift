// The cache: what it answers and saves, what is served while nothing can be reached, and what waits until something can.

extension Screen {
    mutating func drawCache(_ body: Rect, _ cache: EngineSnapshot.CacheView?) {
        guard let cache else {
            return drawPage(
                body,
                title: "cache",
                lines: [
                    Line(), Line("No feature keeps answers, and no request is deferred.", .strong), Line(),
                    Line("nines: { cache: { ttl: 24h } } in the config turns the cache on.", .muted),
                ]
            )
        }
        let head = cacheLines(cache, body.width - 6)
        let hasTrend = cache.trend.contains { $0 != nil } && body.height >= 24
        let height = min(body.height - 5, head.count + 3 + (hasTrend ? 5 : 0))
        let rect = Rect(x: body.x, y: body.y, width: body.width, height: height)
        canvas.box(
            rect,
            border: .border,
            title: Line("cache", .title),
            right: Line("last \(Numbers.span(seconds: Double(cache.window)))", .muted)
        )
        let inner = rect.inset(3, 1)
        canvas.put([Line()] + head, in: inner)
        if hasTrend {
            let plot = Rect(x: inner.x, y: inner.y + head.count + 2, width: inner.width, height: 4)
            let stretch = max(1, Double(2 * plot.width) / Double(max(1, cache.trend.count)))
            Graph(values: cache.trend, target: 0, bad: .below, range: 0...1, stretch: stretch).draw(
                on: &canvas,
                in: plot
            )
        }
        drawDeferred(Rect(x: body.x, y: body.y + height, width: body.width, height: body.height - height), cache)
    }

    private func cacheLines(_ cache: EngineSnapshot.CacheView, _ width: Int) -> [Line] {
        var lines = [networkLine(cache)]
        if !cache.serving.isEmpty { lines += named("serves", cache.serving, width, indent: 11) }
        guard cache.isEnabled else { return lines + [Line("no feature keeps answers", .muted)] }
        var hits = Line()
        hits.column("hit rate", 11, .muted)
        hits.add(Numbers.percent(cache.hitRate, 1), .strong)
        hits.space(2)
        hits.add(bar(cache.hitRate ?? 0, min(30, max(0, width - 24))))
        let asked = [
            ("hits", cache.hits), ("stale", cache.stale), ("joined", cache.joined), ("misses", cache.misses),
        ]
        var saved = Line()
        saved.column("saved", 11, .muted)
        saved.add(Numbers.money(cache.savedCost), .strong)
        saved.add(" and ", .muted)
        saved.add(Numbers.span(seconds: cache.savedTime / 1000), .strong)
        saved.add(" of waiting", .muted)
        var provider = Line()
        provider.column("", 11)
        provider.add(Numbers.money(cache.providerSavedCost), .text)
        provider.add(" more by the providers' prompt caches", .muted)
        var size = Line()
        size.column("entries", 11, .muted)
        size.add(Numbers.count(cache.entries), .text)
        size.add(" · \(Numbers.bytes(cache.bytes)) of \(Numbers.bytes(cache.limit))", .muted)
        return lines + [hits]
            + named(
                "requests",
                Text.joined(asked.map { "\(Numbers.count($0.1)) \($0.0)" }, width: width - 11),
                width,
                indent: 11
            ) + [saved, provider, size]
    }

    private func networkLine(_ cache: EngineSnapshot.CacheView) -> Line {
        var line = Line()
        line.column("network", 11, .muted)
        let since = cache.since > 0 ? "  since " + Clock.since(cache.since, now: now) : ""
        switch cache.mode {
        case .live: line.add("● REACHED", .ok)
        case .offline: line.add(Self.badge("■", "OFFLINE", .critical))
        }
        line.add(since, .muted)
        return line
    }

    private mutating func drawDeferred(_ rect: Rect, _ cache: EngineSnapshot.CacheView) {
        var right = Line("\(Numbers.count(cache.waiting)) of \(Numbers.count(cache.waitingLimit)) wait", .muted)
        if let oldest = cache.oldest { right.add(", oldest \(Numbers.span(seconds: age(of: oldest)))", .text) }
        var bottom = Line()
        if !cache.deferred.isEmpty {
            bottom.add("c", .key)
            bottom.add(" cancels the marked one", .muted)
        }
        canvas.box(rect, border: .focus, title: Line("deferred requests", .title), right: right, bottom: bottom)
        let inner = rect.inset(2, 1)
        guard !cache.deferred.isEmpty else {
            let text =
                "None waits. With x-nines-defer: allow a client's request is kept while nothing can be reached, and sent later."
            return canvas.put([Line()] + Text.wrap(text, to: inner.width).map { Line($0, .muted) }, in: inner)
        }
        let chosen = min(state.deferredIndex, cache.deferred.count - 1)
        let room = max(1, inner.height - 1)
        let first = max(0, min(chosen - room / 2, cache.deferred.count - room))
        var head = Line("  ", .muted)
        deferredColumns(&head, "feature", "tenant", "age", "state", inner.width, .muted)
        let rows = cache.deferred.enumerated().dropFirst(first).prefix(room).map { index, request in
            let isChosen = index == chosen
            var line = Line(isChosen ? "▶ " : "  ", .key)
            deferredColumns(
                &line,
                request.feature,
                request.tenant,
                Numbers.span(seconds: age(of: request.at)),
                request.state,
                inner.width,
                isChosen ? .selection : .text
            )
            return line
        }
        canvas.put([head] + rows, in: inner)
        visibleRows = room
        cursor = Size(columns: inner.x, rows: inner.y + 1 + chosen - first)
    }

    private func deferredColumns(
        _ line: inout Line,
        _ feature: String,
        _ tenant: String,
        _ age: String,
        _ word: String,
        _ width: Int,
        _ role: Role
    ) {
        let name = min(28, (width - 22) / 2)
        line.column(Text.clip(feature, to: name - 1), name, role)
        line.column(Text.clip(tenant, to: name - 1), name, role)
        line.column(age, 7, role, toRight: true)
        line.column("  " + word, 13, role)
    }

    private func age(of time: Int64) -> Double { Double(max(0, now - time)) / 1000 }

    /// The cache in a few rows, for the dashboard.
    mutating func drawCacheSummary(_ rect: Rect, _ cache: EngineSnapshot.CacheView) {
        var title = Line("C ", .key)
        title.add("cache", .title)
        canvas.box(rect, border: .border, title: title, right: Line("hit " + Numbers.percent(cache.hitRate, 1), .ok))
        let inner = rect.inset(2, 1)
        var saved = Line("saved ", .muted)
        saved.add(Numbers.money(cache.savedCost), .text)
        saved.add(" · \(Numbers.span(seconds: cache.savedTime / 1000))", .text)
        var entries = Line("entries ", .muted)
        entries.add("\(Numbers.count(cache.entries)) · \(Numbers.bytes(cache.bytes))", .text)
        var waiting = Line("deferred ", .muted)
        waiting.add(Numbers.count(cache.waiting), cache.waiting > 0 ? .warning : .muted)
        canvas.put([saved, entries, waiting], in: inner)
    }

    /// The bar that stands on every screen while no provider can be reached.
    mutating func drawOfflineBar(row: Int, _ cache: EngineSnapshot.CacheView) {
        canvas.fill(Rect(x: 0, y: row, width: size.columns, height: 1), " ", .critical)
        let span = state.isFrozen ? "" : " for " + Numbers.span(seconds: age(of: cache.since))
        let head = " ■ OFFLINE\(span)  "
        let text = cache.serving.isEmpty ? "no provider can be reached" : "serving " + cache.serving
        let end = (cache.waiting > 0 ? "\(Numbers.count(cache.waiting)) deferred  " : "") + "C shows it "
        let room = size.columns - Text.width(head) - Text.width(end) - 1
        canvas.put(head + Text.clipWords(text, to: room), .critical, 0, row)
        canvas.put(end, .critical, size.columns - Text.width(end), row)
    }
}
