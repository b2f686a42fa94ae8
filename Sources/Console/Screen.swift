extension ConsoleState {
    /// Draws what the user sees.
    ///
    /// Remembers what it showed, for clicks and pages; `now` is UTC milliseconds.
    package mutating func frame(size: Size, now: Int64) -> Frame {
        lastNow = now.asTime
        // The loop never asks for more; the bound keeps a broken size from taking the memory.
        let bounded = Size(columns: max(0, min(size.columns, 1000)), rows: max(0, min(size.rows, 500)))
        var screen = Screen(state: self, size: bounded, now: lastNow)
        screen.draw()
        visibleRows = screen.visibleRows
        visiblePanes = screen.visiblePanes
        if !isZoomed, !visiblePanes.isEmpty { dashboardPanes = visiblePanes }
        hits = screen.hits
        (drillSides, shownSide) = (screen.drillSides, screen.shownSide)
        detailTop = min(detailTop, screen.lastTop)
        if case .help(let top)? = overlay { overlay = .help(top: min(top, screen.lastTop)) }
        return Frame(
            size: bounded,
            rows: screen.canvas.rows(),
            cursorPlace: screen.cursor,
            title: screen.title
        )
    }
}

/// One frame in the making: the state, the time, the canvas, and what to remember of it.
struct Screen {
    let state: ConsoleState
    let size: Size
    /// The time on display: the moment of freezing while frozen.
    let now: Int64
    /// The time that boxes count by.
    let realNow: Int64
    /// What is shown, with the headline of the window that was chosen.
    private(set) var snapshot: EngineSnapshot?
    var canvas: Canvas

    var cursor: Size?
    var visibleRows = 1
    var visiblePanes: Set<Pane> = []
    /// Seconds that the trends reach back.
    var shownSpan: Int?
    var hits: [ConsoleState.Hit] = []
    var drillSides: [ConsoleState.DrillSide] = []
    var shownSide: ConsoleState.DrillSide?
    /// The last row that a scrolled page may start with.
    var lastTop = 10_000

    static let least = Size(columns: 60, rows: 16)

    init(state: ConsoleState, size: Size, now: Int64) {
        self.state = state
        self.size = size
        self.now = state.frozenAt ?? now
        realNow = now
        canvas = Canvas(size: size, glyphs: state.options.glyphs)
        snapshot = state.shown
        // The budget is that of the objectives' window, whatever else is looked at.
        if let window = state.shownWindow, let budget = snapshot?.headline.budget {
            snapshot?.headline = window.headline
            snapshot?.headline.budget = budget
        }
    }

    var glyphs: GlyphSet { canvas.glyphs }

    /// Seconds since the snapshot was taken.
    var age: Int64 { max(0, now - (snapshot?.takenAt ?? now)) / 1000 }
    /// Whether the figures are too old to be believed.
    var isStale: Bool { snapshot != nil && (age > 5 || isOffline) }
    var isOffline: Bool { state.lost.map { $0.at <= now } ?? false }
    /// The bypass shows at once, even on a frozen display.
    var isBypassed: Bool { state.latest?.mode == .bypass }

    /// The terminal's title: it changes with the mode only.
    var title: String {
        switch state.latest?.mode {
        case .bypass?: "nines BYPASS"
        case .drill?: "nines DRILL"
        default: (state.latest?.isDemo == true ? "nines demo" : "nines") + firingTitle
        }
    }

    private var firingTitle: String {
        let firing = state.latest?.alerts.count { $0.state.isLoud } ?? 0
        return firing == 0 ? "" : firing == 1 ? " (1 alert)" : " (\(firing) alerts)"
    }

    mutating func draw() {
        guard size.columns >= Self.least.columns, size.rows >= Self.least.rows else { return drawTooSmall() }
        var top = 1
        if isBypassed {
            drawBypassBar(row: top)
            top += 1
        }
        if isFrozenByPolicy {
            drawFreezeBar(row: top)
            top += 1
        }
        if let cache = state.latest?.cache, cache.mode == .offline, state.lost == nil {
            drawOfflineBar(row: top, cache)
            top += 1
        }
        if let drill = state.latest?.drill, !drill.isOver, !state.isInDrill {
            drawDrillBar(row: top, drill)
            top += 1
        }
        let footer = size.rows >= 32 ? 3 : 2
        let body = Rect(x: 0, y: top, width: size.columns, height: size.rows - top - footer)
        drawBody(body)
        drawHeader(row: 0)
        drawFooter(Rect(x: 0, y: body.y + body.height, width: size.columns, height: footer))
        drawOverlay(body)
    }

    private mutating func drawBody(_ body: Rect) {
        if case .help(let top)? = state.overlay { return drawHelp(body, top: top) }
        if state.isInDrill { return drawDrill(body) }
        guard let snapshot else { return drawWaiting(body) }
        switch state.detail {
        case .request(let id)?: drawRequestDetail(body, snapshot.requests.first { $0.id == id }, id: id)
        case .provider?: drawProviderDetail(body, state.selectedProvider)
        case .alert?: drawAlertDetail(body, state.selectedAlert)
        case .cache?: drawCache(body, snapshot.cache)
        case nil:
            if state.isZoomed { drawPane(state.focus, body, snapshot) } else { drawDashboard(body, snapshot) }
        }
        // Old figures are shown, but none of them loud.
        if isStale {
            canvas.repaint(body, .muted, only: [.text, .strong, .ok, .warning, .critical, .graph, .graphOver, .title])
        }
    }

    mutating func drawWaiting(_ body: Rect) {
        let (glyph, text) =
            state.lost.map { ("■", "the engine can't be reached: " + $0.reason) } ?? ("○", "waiting for the engine…")
        let box = body.centered(min(body.width - 4, max(40, Text.width(text) + 8)), 5)
        canvas.box(box, border: .border, title: Line("nines", .title))
        let inner = box.inset(3, 1)
        canvas.put(Line(glyph + " " + text, .strong), inner.x, inner.y + 1, width: inner.width)
    }

    /// A pane's frame with its number, title and what stands at the right of its top edge; returns the inside.
    mutating func frame(_ pane: Pane, _ rect: Rect, right: Line = Line(), bottom: Line = Line()) -> Rect {
        visiblePanes.insert(pane)
        hits.append(.init(rect: rect, target: .pane(pane)))
        let isFocused = state.focus == pane && state.overlay == nil
        let room = rect.width - 6 - (right.width > 0 ? right.width + 1 : 0)
        var title = Line(String(pane.rawValue) + " ", .key)
        title.add(Text.width(pane.title) + 2 <= room ? pane.title : pane.shortTitle, .title)
        canvas.box(rect, border: isFocused ? .focus : .border, title: title, right: right, bottom: bottom)
        if isFocused, cursor == nil { cursor = Size(columns: rect.x + 2, rows: rect.y) }
        return rect.inset(2, 1)
    }

    /// Draws one pane into a rectangle.
    mutating func drawPane(_ pane: Pane, _ rect: Rect, _ snapshot: EngineSnapshot) {
        switch pane {
        case .latency, .success, .cost, .budget:
            if !state.isZoomed {
                drawHeadline(pane, rect, snapshot)
            } else if pane == .budget {
                drawBudgetZoom(rect, snapshot)
            } else {
                drawHeadlineZoom(pane, rect, snapshot)
            }
        case .providers: drawProviders(rect, snapshot)
        case .events: drawEvents(rect, snapshot)
        case .requests: drawRequests(rect, snapshot)
        case .spend: if state.isZoomed { drawSpendZoom(rect, snapshot) } else { drawSpend(rect, snapshot) }
        case .alerts: drawAlerts(rect, snapshot)
        }
    }
}
