extension Screen {
    /// The message row, from 32 rows on a rule, and the keys that work now.
    mutating func drawFooter(_ rect: Rect) {
        drawMessage(row: rect.y)
        if rect.height > 2 { canvas.horizontal(0, rect.y + 1, width: rect.width) }
        drawKeys(row: rect.y + rect.height - 1)
    }

    // MARK: The message row

    private mutating func drawMessage(row: Int) {
        if state.isTypingFilter { return drawFilterField(row: row) }
        if let entry = state.entry { return drawEntryField(row: row, entry) }
        if state.message == nil || now - (state.message?.at ?? 0) >= 8_000, let line = guardLine {
            return canvas.put(line, 1, row, width: size.columns - 2)
        }
        let line = message
        canvas.put(line, 1, row, width: size.columns - 2)
    }

    /// On the drill's screen: whether a stop rule is about to end it.
    private var guardLine: Line? {
        guard state.isInDrill, !state.isFrozen, state.lost == nil, let drill = snapshot?.drill, !drill.isOver,
            drill.isFaultIn || !drill.wasInduced, drill.ending == nil, !drill.stops.isEmpty
        else { return nil }
        var line = Line("guard ", .muted)
        guard let broken = drill.stops.first(where: \.isBroken) else {
            line.add("● \(drill.stops.count) of \(drill.stops.count) stop rules hold", .ok)
            line.add(
                drill.isFaultIn && size.columns >= 78 ? "; a broken one takes the fault out by itself" : "",
                .muted
            )
            return line
        }
        line.add("■ \(broken.text): ", .graphOver)
        line.add(broken.value, .strong)
        return line
    }

    private mutating func drawEntryField(row: Int, _ entry: ConsoleState.Entry) {
        var line = Line(Text.clip(entry.label, to: size.columns / 2) + " › ", .key)
        let room = max(1, size.columns - 3 - line.width)
        line.add(String(entry.text.suffix(room - 1)), .strong)
        canvas.put(line, 1, row, width: size.columns - 2)
        canvas.put("_", .key, 1 + line.width, row)
        cursor = Size(columns: min(1 + line.width, size.columns - 1), rows: row)
    }

    private mutating func drawFilterField(row: Int) {
        var line = Line("/", .key)
        line.add(state.filter, .strong)
        canvas.put(line, 1, row, width: size.columns - 24)
        canvas.put("_", .key, 1 + min(line.width, size.columns - 25), row)
        let rows = state.filteredRequests.count
        let count = "\(rows) of \(snapshot?.requests.count ?? 0)"
        canvas.put(count, .muted, size.columns - 1 - Text.width(count), row)
        cursor = Size(columns: min(1 + line.width, size.columns - 25), rows: row)
    }

    /// The most important of what there is to say.
    private var message: Line {
        if let line = pendingMessage { return line }
        if let message = state.message, now - message.at < 8_000 || state.isFrozen {
            return Line(message.text, message.role)
        }
        if let lost = state.lost, isOffline { return Line("■ the engine can't be reached: \(lost.reason)", .warning) }
        if let alert = state.latest?.alerts.first, alert.state.isLoud, alert.severity == .page {
            var line = Line("■ ", .graphOver)
            line.add(alert.summary, .strong)
            line.add("   9 shows it", .muted)
            return line
        }
        if let warning = snapshot?.warnings.first {
            let more = (snapshot?.warnings.count ?? 1) - 1
            return Line("▲ \(warning)" + (more > 0 ? "  (+\(more) more)" : ""), .warning)
        }
        if let demo = snapshot?.demo, !state.hasBrokenPrimary, !state.isInDrill, snapshot?.drill == nil {
            var line = Line("press ", .muted)
            line.add("x", .key)
            line.add(" to break \(demo.target) and watch the failover", .text)
            return line
        }
        return quietMessage
    }

    private var pendingMessage: Line? {
        switch state.pending {
        case .bypass(let on, let at)?:
            let reported = state.latest?.mode.rawValue.uppercased() ?? "nothing"
            return realNow - at < ConsoleState.patience
                ? Line(on ? "◆ bypass requested…" : "◆ end of the bypass requested…", .strong)
                : Line("▲ no answer: the engine still reports \(reported)", .warning)
        case .drill(let at)? where realNow - at >= ConsoleState.patience:
            return Line("▲ no answer: the engine reports no drill", .warning)
        default: return nil
        }
    }

    private var quietMessage: Line {
        guard let snapshot else { return Line() }
        var line = Line()
        if !visiblePanes.contains(.events), let event = snapshot.events.first {
            line.add(Clock.minutes(event.at) + " ", .muted)
            line.add(event.weight.glyph + " ", event.weight.role.plain)
            line.add(event.text, .text)
            return line
        }
        line.add("listening on ", .muted)
        line.add("http://\(snapshot.listen)/v1", .text)
        line.add(" · ", .muted)
        line.add("\(Numbers.count(snapshot.inFlight)) in flight", .text)
        line.add(" · \(Numbers.count(snapshot.requestsTotal)) requests in \(snapshot.windowDays) d", .muted)
        if let cache = snapshot.cache, cache.hits > 0 { line.add(" · \(Numbers.count(cache.hits)) cache hits", .muted) }
        if !snapshot.version.isEmpty { line.add(" · nines \(snapshot.version)", .muted) }
        return line
    }

    // MARK: The key row

    private mutating func drawKeys(row: Int) {
        var x = 1
        let end = size.columns - 1
        let quit = width(of: ("q", "quit"))
        for (index, item) in keys.enumerated() {
            let isQuit = item.key == "q" && item.word == "quit"
            let reserve = isQuit || index == keys.count - 1 || state.overlay != nil ? 0 : quit + 2
            guard x + width(of: (item.key, item.word)) + reserve <= end else { continue }
            canvas.put(item.key, item.isOff ? .muted : .key, x, row)
            x += Text.width(item.key) + 1
            canvas.put(item.word, item.isOff ? .muted : item.isLoud ? .strong : .text, x, row)
            x += Text.width(item.word) + 2
        }
    }

    private func width(of item: (key: String, word: String)) -> Int { Text.width(item.key) + 1 + Text.width(item.word) }

    private struct FooterKey {
        var key: String
        var word: String
        var isOff = false
        var isLoud = false
    }

    private var keys: [FooterKey] {
        if let overlay = state.overlay { return overlayKeys(overlay) }
        if state.isTypingFilter {
            return [
                .init(key: "Enter", word: "keep"), .init(key: "Esc", word: "clear"),
                .init(key: "!", word: "at the head turns it round"),
            ]
        }
        if state.entry != nil {
            let stop = state.entry?.text.isEmpty == true && state.canAbort
            let act = if case .act? = state.entry?.purpose { "do it" } else { "write it" }
            return [.init(key: "Enter", word: act), .init(key: "Esc", word: "leave it")]
                + (stop ? [.init(key: "!", word: "abort")] : [])
        }
        return (state.isInDrill ? drillCommands : commands).map(item)
    }

    private var drillCommands: [Command] {
        if state.isChoosingDrill {
            let targets = (snapshot?.drills.targets.count ?? 0) > 1 ? [Command.right] : []
            return [.open, .down] + targets + (snapshot?.isDemo == true ? [.speed] : [])
                + [.side, .roles, .back, .help, .quit]
        }
        guard let drill = snapshot?.drill, state.isDrillOpen else { return [.open, .back, .help, .quit] }
        let mending: [Command] = drill.isClosingOut || !state.openFindings.isEmpty ? [.find, .closeFinding] : []
        let firing: [Command] = state.firingAlert == nil ? [] : [.acknowledge]
        return [.open] + (state.canAbort ? [.abort] : []) + firing + mending
            + [.note, .decide, .todo, .undo, .skip, .hold] + (state.drillSides.isEmpty ? [] : [.side])
            + [.help, .dashboard, .roles]
            + (mending.isEmpty ? [.find] : []) + [.quit]
    }

    private func overlayKeys(_ overlay: ConsoleState.Overlay) -> [FooterKey] {
        switch overlay {
        case .help: [.init(key: "j k", word: "scroll"), .init(key: "Esc", word: "close")]
        case .bypass, .confirm: [.init(key: "y", word: "do it"), .init(key: "Esc", word: "cancel")]
        case .themes:
            [.init(key: "j k", word: "choose"), .init(key: "Enter", word: "keep"), .init(key: "Esc", word: "put back")]
        case .mute:
            [
                .init(key: "1-5", word: "do it"), .init(key: "j k Enter", word: "choose"),
                .init(key: "Esc", word: "close"),
            ]
        case .demo:
            [
                .init(key: "1-9", word: "do it"), .init(key: "j k Enter", word: "choose"),
                .init(key: "Esc", word: "close"),
            ]
        case .roles:
            [
                .init(key: "1-5", word: "take it"), .init(key: "j k Enter", word: "choose"),
                .init(key: "Esc", word: "close"),
            ]
        case .finding(let form):
            [
                .init(key: "Tab", word: "next field"),
                .init(key: "Enter", word: form.field == .due ? "write it" : "next field"),
                .init(key: "Esc", word: "leave it"),
            ]
        case .palette:
            [
                .init(key: "Enter", word: "do it"), .init(key: "Up Down", word: "choose"),
                .init(key: "Esc", word: "close"),
            ]
        case .quit: [.init(key: "q", word: "quit"), .init(key: "Esc", word: "stay")]
        }
    }

    /// What the row offers, the more important first; `q` always has its place at the end.
    private var commands: [Command] {
        var list: [Command] = []
        if snapshot?.demo != nil, snapshot?.drill == nil, !state.hasBrokenPrimary { list.append(.breakPrimary) }
        if state.canAbort { list.append(.abort) }
        list += [.help]
        if state.detail != nil || state.isZoomed || !state.filter.isEmpty { list.append(.back) }
        list += [.nextPane, .open, .bypass, .drill]
        if state.focus == .providers || state.detail == .cache { list.append(.clear) }
        if state.detail != .cache, let cache = snapshot?.cache, cache.mode == .offline || cache.waiting > 0 {
            list.append(.cache)
        }
        if state.focus == .alerts { list += [.acknowledge, .mute] }
        list += [.filter, .freeze]
        if state.focus == .requests, !state.isFollowing { list.append(.follow) }
        list += [.theme, .longer]
        if state.selectedText != nil { list.append(.copy) }
        if snapshot?.demo != nil, snapshot?.drill == nil, state.hasBrokenPrimary { list.append(.breakPrimary) }
        return list + [.palette, .quit]
    }

    /// What Enter does on the drill's screen.
    private var stepWord: String {
        if state.isChoosingDrill { return "open it" }
        guard let step = snapshot?.drill?.step else { return "next drill" }
        switch (step.kind, step.act) {
        case (.sensed, _):
            return snapshot?.drill?.number == 1 && snapshot?.drill?.crew.contains { $0.name == nil } == true
                ? "take roles" : "waits"
        case (_, "induce"?): return "break it"
        case (_, "restore"?): return "restore"
        case (_, "sign"?): return "sign"
        case (_, "file"?): return "file"
        default: return step.answer == .nothing ? "confirm" : "answer"
        }
    }

    private func item(_ command: Command) -> FooterKey {
        let entry = CommandEntry.byCommand[command]
        var word = entry?.word ?? command.rawValue
        var key = entry.map { String($0.label.prefix { $0 != " " }) } ?? ""
        switch command {
        case .longer: key = "-+"
        case .bypass where isBypassed: word = "end bypass"
        case .breakPrimary where snapshot?.demo?.fault != nil: word = "mend the primary"
        case .open where state.isInDrill: word = stepWord
        case .right where state.isInDrill: (key, word) = ("h l", "provider")
        case .clear where state.detail == .cache: word = "cancel"
        case .side where state.isChoosingDrill: word = state.drillSide == .history ? "scenarios" : "history"
        case .down where state.isInDrill: (key, word) = ("j k", "choose")
        case .abort: word = "abort"
        case .hold where snapshot?.drill?.isOnHold == true: word = "go on"
        case .freeze where state.isFrozen: word = "go on"
        default: break
        }
        let waits = command == .open && state.isInDrill && word == "waits"
        return FooterKey(
            key: key,
            word: word,
            isOff: waits || state.obstacle(to: command) != nil,
            isLoud: command == .breakPrimary && !state.hasBrokenPrimary
        )
    }
}
