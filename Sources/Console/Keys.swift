extension ConsoleState {
    /// How long a box that asks stays open, and how long a silent engine is given, in milliseconds.
    static let boxLife: Int64 = 30_000
    static let patience: Int64 = 5_000

    /// One key: changes where the user is, and says what the loop has to do.
    package mutating func handle(_ key: Key, now: Int64) -> [Effect] {
        lastNow = now.asTime
        if case .bypass(_, let at)? = pending, lastNow - at >= Self.patience { pending = nil }
        // A `y` that was meant for a box that has closed must not mean anything else.
        if closeOldBox(), key == .character("y") { return quietly("the box had closed by itself: nothing was done") }
        if key == .control("l") { return [.redraw] }
        if overlay != nil { return handleOverlay(key) }
        if entry != nil { return handleEntry(key) }
        if isTypingFilter { return handleFilter(key) }
        switch key {
        case .paste: return quietly("pasted text is ignored here")
        case .click(let column, let row): return click(column, row)
        case .wheel(let up):
            move(by: up ? -3 : 3)
            return []
        default: break
        }
        guard let command = (isInDrill ? CommandEntry.byDrillKey[key] : nil) ?? CommandEntry.byKey[key] else {
            return quietly("that key does nothing here; ? lists the keys")
        }
        if let reason = obstacle(to: command) { return quietly(reason) }
        return perform(command, key)
    }

    /// What the entry's key does, whatever that key means on this screen.
    mutating func run(_ entry: CommandEntry) -> [Effect] {
        if let reason = obstacle(to: entry.command) { return quietly(reason) }
        return perform(entry.command, entry.keys[0])
    }

    mutating func quietly(_ text: String) -> [Effect] {
        say(text, .muted)
        return []
    }

    /// Boxes that ask close themselves.
    ///
    /// Returns whether one just did.
    private mutating func closeOldBox() -> Bool {
        guard let openedAt = overlay?.openedAt, lastNow - openedAt >= Self.boxLife else { return false }
        overlay = nil
        return true
    }

    private mutating func perform(_ command: Command, _ key: Key) -> [Effect] {
        switch command {
        case .help: overlay = .help(top: 0)
        case .quit: return quit()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .freeze where isInDrill: return quietly("a drill can't be frozen: its clock goes on")
        case .freeze: toggleFreeze()
        case .theme:
            overlay = .themes(index: options.themeNames.firstIndex(of: theme) ?? 0, original: theme)
        case .copy: return copy()
        case .bypass: overlay = .bypass(on: latest?.mode != .bypass, openedAt: lastNow)
        case .breakPrimary:
            hasBrokenPrimary = true
            overlay = .demo(index: 0)
        case .drill: return openDrill()
        case .abort: overlay = .confirm(.abort, openedAt: lastNow)
        case .clear: askToClear()
        case .acknowledge:
            guard let alert = isInDrill ? firingAlert : selectedAlert else { return [] }
            say("acknowledging \(alert.title)…")
            return [.send(.acknowledge(alert: alert.id, by: person))]
        case .mute: overlay = selectedAlert.map { .mute(alert: $0.id, index: 0) }
        case .shorter: changeWindow(by: -1)
        case .longer: changeWindow(by: 1)
        case .auto:
            window = nil
            say("window: that of the objectives")
        case .note, .todo, .decide, .find, .closeFinding, .undo, .skip, .hold, .roles, .side, .speed, .dashboard:
            return performInDrill(command)
        case .palette: overlay = .palette(CommandPalette())
        case .cache:
            leaveDetail()
            detail = .cache
        default: return navigate(command, key)
        }
        return []
    }

    private mutating func navigate(_ command: Command, _ key: Key) -> [Effect] {
        switch command {
        case .back: goBack()
        case .open: return open()
        case .pane where isInDrill: return quietly("v goes to the panes; the drill goes on")
        case .pane: if case .character(let digit) = key { choosePane(digit) }
        case .right where isInDrill: moveAside(by: 1)
        case .left where isInDrill: moveAside(by: -1)
        case .nextPane, .right: step(1)
        case .previousPane, .left: step(-1)
        case .up: move(by: -1)
        case .down: move(by: 1)
        case .pageUp: move(by: -max(1, visibleRows - 1))
        case .pageDown: move(by: max(1, visibleRows - 1))
        case .first: moveToFirst()
        case .last: move(by: 1_000_000)
        case .filter:
            leaveDetail()
            focus = .requests
            isTypingFilter = true
        case .follow:
            focus = .requests
            followNewest()
        default: break
        }
        return []
    }

    // MARK: Panes

    private mutating func leaveDetail() {
        detail = nil
        detailTop = 0
        isInDrill = false
    }

    private mutating func choosePane(_ digit: Character) {
        guard let number = digit.wholeNumberValue, let pane = Pane(rawValue: number) else { return }
        let isAgain = pane == focus && detail == nil && !isInDrill
        leaveDetail()
        if isAgain {
            // What has no place beside the others stays in full; Esc goes back.
            isZoomed = !isZoomed || !dashboardPanes.contains(pane)
        } else if !visiblePanes.contains(pane), !isZoomed {
            isZoomed = true
        }
        focus = pane
    }

    private mutating func step(_ direction: Int) {
        leaveDetail()
        let panes = Pane.allCases.filter { isZoomed || visiblePanes.isEmpty || visiblePanes.contains($0) }
        guard let place = panes.firstIndex(of: focus) else {
            focus = panes.first ?? .requests
            return
        }
        focus = panes[(place + direction + panes.count) % panes.count]
    }

    private mutating func open() -> [Effect] {
        if isInDrill { return advanceDrill() }
        if detail != nil { return quietly("this is all there is; Esc goes back") }
        switch focus {
        case .requests where selectedRequestID != nil: detail = selectedRequestID.map { .request(id: $0) }
        case .providers where isZoomed && selectedProvider != nil: detail = .provider(index: providerIndex)
        case .alerts where isZoomed || visiblePanes.contains(.alerts) && selectedAlert?.state.isLoud == true:
            detail = selectedAlert.map { .alert(id: $0.id) }
        case .providers where selectedProvider != nil: detail = .provider(index: providerIndex)
        default: isZoomed.toggle()
        }
        return []
    }

    private mutating func goBack() {
        if detail != nil {
            detail = nil
            detailTop = 0
        } else if isInDrill, isChoosingDrill, drillSide != nil {
            drillSide = nil
        } else if isInDrill {
            isInDrill = false
            detailTop = 0
            if isDrillOpen { say("the drill goes on; d takes you back to it", .drill) }
        } else if !filter.isEmpty {
            filter = ""
        } else if isZoomed {
            isZoomed = false
        } else if selectedRequestID != nil {
            followNewest()
        } else {
            message = nil
        }
    }

    private mutating func followNewest() {
        selectedRequestID = nil
        selectedLine = 0
    }

    private mutating func moveToFirst() {
        if detail == nil, !isInDrill, focus == .requests { return followNewest() }
        move(by: -1_000_000)
    }

    mutating func move(by rows: Int) {
        if isInDrill { return moveInDrill(by: rows) }
        if detail == .cache, let count = shown?.cache?.deferred.count, count > 0 {
            deferredIndex = clamp(deferredIndex + rows, count: count)
            return
        }
        if detail != nil {
            detailTop = max(0, min(detailTop + rows, 10_000))
            return
        }
        switch focus {
        case .requests: moveRequest(by: rows)
        case .providers: providerIndex = clamp(providerIndex + rows, count: shown?.providers.count ?? 0)
        case .events: eventIndex = clamp(eventIndex + rows, count: shown?.events.count ?? 0)
        case .alerts: alertIndex = clamp(alertIndex + rows, count: shown?.alerts.count ?? 0)
        default: say("nothing to move in here: Tab or a digit goes to another pane", .muted)
        }
    }

    private func clamp(_ index: Int, count: Int) -> Int { max(0, min(index, count - 1)) }

    private mutating func moveRequest(by rows: Int) {
        let requests = filteredRequests
        guard !requests.isEmpty else { return say("there is no request to select", .muted) }
        let current = selectedRequestID.flatMap { id in requests.firstIndex { $0.id == id } }
        // The first press selects the newest; it doesn't skip it.
        let index = clamp(current.map { $0 + rows } ?? (rows > 1 ? rows - 1 : 0), count: requests.count)
        selectedLine = max(0, min(selectedLine + index - (current ?? 0), visibleRows - 1))
        selectedRequestID = requests[index].id
    }

    /// The windows from the shortest to that of the objectives, which is last and nil.
    private mutating func changeWindow(by direction: Int) {
        let windows: [Int?] = (shown?.windows.map(\.seconds) ?? []) + [nil]
        let next = (windows.firstIndex(of: window) ?? windows.count - 1) + direction
        guard windows.indices.contains(next) else {
            return say(direction < 0 ? "this is the shortest window" : "this is the window of the objectives", .muted)
        }
        window = windows[next]
        let name = window.map { Numbers.span(seconds: Double($0)) } ?? "that of the objectives"
        say("window: \(name)" + (window == nil ? "" : "; 0 goes back to that of the objectives"))
    }

    private mutating func toggleFreeze() {
        if frozenAt == nil {
            (frozenAt, held) = (lastNow, latest)
            message = nil
        } else {
            (frozenAt, held) = (nil, nil)
        }
    }

    private mutating func copy() -> [Effect] {
        guard let text = selectedText else { return [] }
        say("copied: " + text, .ok)
        return [.copy(text)]
    }

    private mutating func click(_ column: Int, _ row: Int) -> [Effect] {
        guard let hit = hits.last(where: { $0.rect.contains(column: column, row: row) }) else { return [] }
        switch hit.target {
        case .pane(let pane): focus = pane
        case .request(let id, let line):
            focus = .requests
            (selectedRequestID, selectedLine) = (id, line)
        case .provider(let index):
            focus = .providers
            providerIndex = index
        case .event(let index):
            focus = .events
            eventIndex = index
        case .alert(let index):
            focus = .alerts
            alertIndex = index
        }
        return []
    }

    // MARK: Acts

    private mutating func askToClear() {
        if detail == .cache {
            overlay = selectedDeferred.map { request in
                let text = "\(request.feature) of \(request.tenant)"
                return .confirm(.cancelDeferred(id: request.id, text: text), openedAt: lastNow)
            }
            return
        }
        guard let provider = selectedProvider else { return }
        let index = shown?.providers.firstIndex { $0.id == provider.id } ?? providerIndex
        let id = deploymentIDs.indices.contains(index) ? deploymentIDs[index] : provider.id
        overlay = .confirm(.clearCooldown(id: id, name: provider.id), openedAt: lastNow)
    }

    private mutating func openDrill() -> [Effect] {
        if isInDrill { return quietly("this is the drill; Esc goes back to the panes") }
        leaveDetail()
        isInDrill = true
        (frozenAt, held) = (nil, nil)
        return []
    }

    mutating func quit() -> [Effect] {
        if quitReasons.isEmpty { return [.quit] }
        overlay = .quit
        return []
    }

    /// What leaving would break off; empty where nothing depends on this console.
    var quitReasons: [String] {
        guard !options.isAttached, let latest else { return [] }
        var reasons: [String] = []
        if latest.inFlight > 0 {
            let requests = latest.inFlight == 1 ? "1 request is" : "\(Numbers.count(latest.inFlight)) requests are"
            reasons.append(
                "\(requests) in flight, with time to finish."
            )
        }
        if latest.mode == .bypass { reasons.append("The bypass is on, and stays on for the next start.") }
        if isFaultIn { reasons.append("A drill has its fault in: leaving restores it first.") }
        return reasons
    }
}
