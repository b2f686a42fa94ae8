/// Where the panes of a drill under way stand.
struct DrillLayout: Equatable {
    var clock: Rect
    var plan: Rect
    var step: Rect
    var timeline: Rect?
    var live: Rect?
    /// Places for the panes that Tab turns over.
    var sides: [Rect] = []
    var isLow = false

    /// Low: the step over the whole width, the timeline and one pane below; those give way to a long list of steps.
    ///
    /// From 30 rows and 100 columns on the step stands beside the timeline, and the live figures beside the side pane; from
    /// 160 columns and 36 rows on nothing is hidden.
    init(_ body: Rect, phases: Int, steps: Int) {
        isLow = body.height < 28 || body.width < 100
        let top = body.height < 28 ? 6 : phases + (body.width < 160 || body.height < 44 ? 2 : 3)
        let clockWidth = body.width < 70 ? 26 : body.width < 100 ? 28 : body.width < 160 ? 38 : 58
        clock = Rect(x: body.x, y: body.y, width: clockWidth, height: top)
        plan = Rect(x: body.x + clockWidth, y: body.y, width: body.width - clockWidth, height: top)
        let rest = Rect(x: body.x, y: body.y + top, width: body.width, height: body.height - top)
        step = rest
        if isLow {
            stack(rest, steps)
        } else {
            grid(rest, isWide: body.width >= 160 && body.height >= 36)
        }
    }

    private mutating func stack(_ rest: Rect, _ steps: Int) {
        let wanted = steps > 8 ? steps + 7 : 9
        let below = min(12, rest.height - wanted)
        guard below >= 6 else { return }
        let side = max(30, rest.width * 9 / 20)
        step.height -= below
        let y = step.y + step.height
        timeline = Rect(x: rest.x, y: y, width: rest.width - side, height: below)
        sides = [Rect(x: rest.x + rest.width - side, y: y, width: side, height: below)]
    }

    private mutating func grid(_ rest: Rect, isWide: Bool) {
        let foot = max(11, min(14, rest.height / 3))
        let side = isWide ? rest.width * 11 / 50 : rest.width * 2 / 5
        let middle = isWide ? rest.width * 7 / 25 : 0
        step = Rect(x: rest.x, y: rest.y, width: rest.width - side - middle, height: rest.height - foot)
        let y = step.y + step.height
        live = Rect(x: rest.x, y: y, width: step.width, height: foot)
        guard isWide else {
            timeline = Rect(x: step.width, y: step.y, width: side, height: step.height)
            sides = [Rect(x: step.width, y: y, width: side, height: foot)]
            return
        }
        let x = step.width + middle
        // Room for every stop rule of the default set, where there is some.
        let upper = min(13, step.height / 2)
        timeline = Rect(x: step.width, y: step.y, width: middle, height: step.height)
        sides = [
            Rect(x: x, y: step.y, width: side, height: upper),
            Rect(x: x, y: step.y + upper, width: side, height: step.height - upper),
            Rect(x: step.width, y: y, width: middle, height: foot),
            Rect(x: x, y: y, width: side, height: foot),
        ]
    }
}

extension EngineSnapshot.DrillView {
    /// Where it stands, in words.
    var word: String {
        if isOver { return "CLOSED" }
        if isOnHold { return "ON HOLD" }
        if isFaultIn { return "FAULT IN" }
        if needsReason { return "NOT VERIFIED: SWITCH THE KEY ON" }
        if let ending { return ending.uppercased() }
        return wasInduced ? "FAULT OUT" : "NOTHING BROKEN"
    }

    var badge: Line {
        if isOver { return Line("✓ CLOSED", .ok) }
        if isOnHold { return Line("◆ ON HOLD", .warning) }
        if isFaultIn { return Screen.badge("■", "FAULT IN", .critical) }
        if ending != nil || needsReason { return Line("▲ " + word, .warning) }
        return wasInduced ? Line("● FAULT OUT", .ok) : Line("○ " + word, .muted)
    }

    /// Who holds a role; nil where nobody does.
    func holder(_ role: String) -> String? { crew.first { $0.role == role }?.name }

    var isClosingOut: Bool { phases.last?.state == .current }

    var canAbort: Bool { !isOver && ending == nil && !isClosingOut }

    /// Seconds behind the plan at a moment, negative when ahead: what a phase hasn't used up of its own time isn't late.
    func behind(at elapsed: Double) -> Double {
        guard let phase = phases.first(where: { $0.state == .current }) else { return elapsed - planned }
        return max((phase.start ?? elapsed) - phase.plannedFrom, elapsed - phase.plannedTo)
    }
}

extension Screen {
    /// The drill: its clock, its plan, whose step it is and what is seen of it, and the panes beside.
    mutating func drawDrill(_ body: Rect) {
        guard let snapshot else { return drawWaiting(body) }
        guard let drill = snapshot.drill, !state.isChoosingDrill else { return drawDrillStart(body, snapshot) }
        if drill.isOver { return drawDrillEnd(body, drill, snapshot) }
        let layout = DrillLayout(body, phases: drill.phases.count, steps: drill.steps.count)
        drawClock(layout.clock, drill)
        drawPlan(layout.plan, drill)
        drawStep(layout.step, drill, isLow: layout.isLow)
        if let rect = layout.timeline { drawTimeline(rect, drill) }
        if let rect = layout.live { drawLive(rect, drill, snapshot) }
        let offered = ConsoleState.DrillSide.allCases.filter { layout.live == nil || $0 != .live }
        drillSides = layout.sides.count == 1 ? offered : []
        let first = state.drillSide.flatMap { offered.contains($0) ? $0 : nil } ?? usual(drill, offered)
        let order = layout.sides.count == 1 ? [first] : offered
        shownSide = layout.sides.isEmpty ? nil : layout.sides.count == 1 ? first : .findings
        for (rect, side) in zip(layout.sides, order) { drawSide(rect, side, drill, snapshot) }
    }

    /// What is wanted beside the step, as long as nobody chose: the findings while closing out, else what may go wrong.
    private func usual(_ drill: EngineSnapshot.DrillView, _ offered: [ConsoleState.DrillSide])
        -> ConsoleState.DrillSide
    {
        drill.isClosingOut ? .findings : drill.wasInduced || !offered.contains(.live) ? .stops : .live
    }

    /// Between two snapshots the clock goes on, as long as they come.
    func elapsed(_ drill: EngineSnapshot.DrillView) -> Double {
        drill.elapsed + (isStale || drill.isOver ? 0 : Double(max(0, now - (snapshot?.takenAt ?? now))) / 1000)
    }

    private mutating func drawSide(
        _ rect: Rect,
        _ side: ConsoleState.DrillSide,
        _ drill: EngineSnapshot.DrillView,
        _ snapshot: EngineSnapshot
    ) {
        switch side {
        case .live: drawLive(rect, drill, snapshot)
        case .stops: drawStops(rect, drill)
        case .measured: drawMeasured(rect, drill)
        case .findings: drawFindings(rect, drill)
        case .history: drawHistory(rect, snapshot.drills)
        }
    }

    /// A named row, broken where it is longer than there is room.
    func named(_ name: String, _ text: String, _ width: Int, _ role: Role = .text, indent: Int = 8) -> [Line] {
        guard !text.isEmpty else { return [] }
        return Text.wrap(text, to: max(8, width - indent)).enumerated().map { index, piece in
            var line = Line()
            line.column(index == 0 ? name : "", indent, .muted)
            line.add(piece, role)
            return line
        }
    }

    /// A key and what it does.
    func key(_ key: String, _ words: String, _ role: Role = .strong) -> Line {
        var line = Line(key, .key)
        line.add("  " + words, role)
        return line
    }

    /// A share as a bar of `width` cells.
    func bar(_ share: Double, _ width: Int, _ role: Role = .graph) -> Line {
        let filled = max(0, min(width, Numbers.whole(share * Double(width) + 0.5)))
        var line = Line(String(repeating: "━", count: filled), role)
        line.add(String(repeating: "─", count: max(0, width - filled)), .border)
        return line
    }
}
