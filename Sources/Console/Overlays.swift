extension Screen {
    /// The box over the screen, if one is open.
    ///
    /// The help page is a screen of its own.
    mutating func drawOverlay(_ body: Rect) {
        switch state.overlay {
        case .bypass(let on, let openedAt)?: drawBypassBox(body, on: on, openedAt: openedAt)
        case .confirm(let what, let openedAt)?: drawConfirmation(body, what, openedAt: openedAt)
        case .themes(let index, _)?: drawThemes(body, index)
        case .demo(let index)?: drawDemo(body, index)
        case .mute(let alert, let index)?: drawMute(body, alert, index)
        case .roles(let index)?: drawRoles(body, index)
        case .finding(let form)?: drawFinding(body, form)
        case .palette(let palette)?: drawPalette(body, palette)
        case .quit?: drawQuit(body)
        case .help?, nil: break
        }
    }

    /// A cleared box in the middle with lines and, at its foot, its buttons.
    mutating func drawBox(
        _ body: Rect,
        title: String,
        role: Role,
        lines: [Line],
        right: Line = Line(),
        buttons: Line = Line(),
        width: Int = 74
    ) {
        // Air where there is room; on a low screen the lines, then the buttons.
        let foot = buttons.width > 0 ? 2 : 0
        let isRoomy = lines.count + foot + 4 <= body.height
        let rows = isRoomy ? lines.count + foot + 4 : min(body.height, lines.count + min(1, foot) + 2)
        let box = body.centered(min(width, body.width - 2), rows)
        if isQuestion(state.overlay) { canvas.repaint(body, .border, only: Set(Role.allCases).subtracting([.bypass])) }
        canvas.fill(box)
        canvas.box(box, border: role, title: Line(title, .title), right: right)
        let inner = box.inset(3, isRoomy ? 2 : 1)
        canvas.put(Array(lines.prefix(inner.height - min(1, foot))), in: inner)
        let last = inner.y + inner.height - 1
        canvas.put(buttons, inner.x + inner.width - buttons.width, last, width: buttons.width)
        cursor = Size(columns: inner.x, rows: last)
    }

    /// Whether everything behind steps back: not for the themes, whose effect is to be seen.
    private func isQuestion(_ overlay: ConsoleState.Overlay?) -> Bool {
        if case .themes? = overlay { false } else { true }
    }

    /// A named row of a box, broken where it is longer than the box is wide.
    private func row(_ name: String, _ text: String, _ role: Role = .text) -> [Line] {
        Text.wrap(text, to: min(74, size.columns - 2) - 6 - 8).enumerated().map { index, piece in
            var line = Line()
            line.column(index == 0 ? name : "", 8, .muted)
            line.add(piece, role)
            return line
        }
    }

    private func closing(_ openedAt: Int64) -> (line: Line, isOver: Bool) {
        let left = max(0, ConsoleState.boxLife - (realNow - openedAt)) / 1000
        return (Line("closes in \(left) s", .muted), realNow - openedAt >= ConsoleState.boxLife)
    }

    private func buttons(_ act: String) -> Line {
        var line = Line("y", .key)
        line.add(" \(act)   ", .text)
        line.add("▶ Cancel ", .selection)
        return line
    }

    private mutating func drawBypassBox(_ body: Rect, on: Bool, openedAt: Int64) {
        let (note, isOver) = closing(openedAt)
        if isOver { return }
        let routes = state.latest?.routes ?? []
        let primary = routes.count == 1 ? "the primary \(routes[0].primary)" : "its group's primary"
        var lines: [Line] = []
        if on {
            let order = routes.first.map { [$0.serving ?? "nobody"] + $0.then } ?? []
            lines += row("Now", "the router decides" + (order.isEmpty ? "" : ": ") + order.joined(separator: ", then "))
            lines += row("After", "every request goes straight to \(primary)", .strong)
            lines += row("", "no cache, no retry, no failover")
            lines += row("", "still counted in the ledger, marked as bypass")
            lines += primaryInTrouble.map { row("Check", $0, .warning) } ?? []
            lines += row("Back", "b, then y; it stays until you end it, restarts included")
            lines += row("Log", "both switches stand in what happened, with their time")
        } else {
            lines += row("Now", "every request goes straight to \(primary)")
            lines += row("After", "the router decides again, with cache, retry and failover", .strong)
            lines += row("", "requests in flight finish as they began")
        }
        if state.options.readOnly {
            lines += [Line()] + row("", "read-only: this console was started with --read-only", .warning)
        }
        drawBox(
            body,
            title: on ? "◆ bypass the router" : "◆ end the bypass",
            role: .focus,
            lines: lines,
            right: note,
            buttons: state.options.readOnly ? Line("▶ Close ", .selection) : buttons(on ? "bypass" : "end it")
        )
    }

    /// What a bypass would run into now; nil while every primary is well.
    private var primaryInTrouble: String? {
        let troubled = state.latest?.providers.first { $0.isPrimary && $0.state != .ok && $0.state != .idle }
        return troubled.map { "▲ \($0.id) is \($0.state.word.lowercased()): clients will see its errors" }
    }

    private mutating func drawConfirmation(_ body: Rect, _ what: ConsoleState.Confirmation, openedAt: Int64) {
        let (note, isOver) = closing(openedAt)
        if isOver { return }
        let drill = state.latest?.drill
        switch what {
        case .clearCooldown(_, let name):
            drawBox(
                body,
                title: "clear the cooldown of \(Text.clip(name, to: 30))",
                role: .focus,
                lines: [
                    row("After", "the next request of its group may try it at once", .strong),
                    row("", "if it fails again it is out again, and the request fails over"),
                ].flatMap { $0 },
                right: note,
                buttons: buttons("clear")
            )
        case .induce:
            drawBox(
                body,
                title: "◆ \(drill?.title ?? "the drill")",
                role: .focus,
                lines: [
                    row("After", induced(drill), .strong),
                    row("", "the clock of the failover starts, and the stop rules watch"),
                    row("Back", "its own step restores; ! then y aborts; the lease restores by itself"),
                    row("", "and so does every way of leaving, a crash included"),
                ].flatMap { $0 },
                right: note,
                buttons: buttons("break it")
            )
        case .closeFinding(_, let text):
            drawBox(
                body,
                title: "close a finding",
                role: .focus,
                lines: row("What", text, .strong)
                    + row("After", "it counts as mended, in your name; later reports leave it out"),
                right: note,
                buttons: buttons("close it")
            )
        case .cancelDeferred(_, let text):
            drawBox(
                body,
                title: "cancel a deferred request",
                role: .focus,
                lines: row("What", text, .strong)
                    + row("After", "it is never sent; its client is told that it was cancelled"),
                right: note,
                buttons: buttons("cancel the request")
            )
        case .abort:
            drawBox(
                body,
                title: "◆ abort the drill",
                role: .focus,
                lines: [
                    row(
                        "After",
                        (drill?.needsReason == true
                            ? "the key is not verified until it answers again"
                            : drill?.isFaultIn == true ? "the fault is out at once" : "nothing is broken now")
                            + "; the drill can't go on, only be closed out",
                        .strong
                    ),
                    row("", "its timeline and its figures are kept for the report"),
                ].flatMap { $0 },
                right: note,
                buttons: buttons("abort")
            )
        }
    }

    private func induced(_ drill: EngineSnapshot.DrillView?) -> String {
        let target = drill?.target ?? "the primary"
        let second = drill?.secondary ?? ""
        let who = second.isEmpty ? "requests fail over" : "\(second) is to answer"
        return drill?.isSimulated == true ? "\(target) fails, simulated; \(who)" : "\(target) fails, for real; \(who)"
    }

    private mutating func drawFinding(_ body: Rect, _ form: FindingForm) {
        let width = min(74, body.width - 2)
        var place = 0
        var lines: [Line] = []
        for field in FindingForm.Field.allCases {
            let isNow = field == form.field
            var line = Line(isNow ? "▶ " : "  ", .key)
            line.column(field.label, 7, isNow ? .strong : .muted)
            if field == .kind {
                for name in FindingForm.kinds {
                    line.add(name == form.kindName ? "[\(name)]" : " \(name) ", name == form.kindName ? .key : .muted)
                    line.space(1)
                }
            } else {
                let room = width - 6 - line.width - 1
                line.add(String(form.value(field).suffix(max(0, room))), .text)
                if isNow { line.add("_", .key) }
            }
            if isNow { place = lines.count }
            lines.append(line)
        }
        let note = [
            "mitigate: less harm · prevent: never again", "detect: seen sooner · process: people know what to do",
        ]
        lines += [Line()] + note.map { Line("  " + $0, .muted) }
        drawBox(
            body,
            title: "a finding",
            role: .focus,
            lines: lines,
            right: Line("Tab next · Enter on due writes it", .muted)
        )
        cursor = cursor.map { Size(columns: $0.columns, rows: max(0, $0.rows - lines.count + 1 + place)) }
    }

    private mutating func drawThemes(_ body: Rect, _ index: Int) {
        let names = state.options.themeNames
        let room = max(1, body.height - 10)
        let first = max(0, min(index - room / 2, names.count - room))
        let width = 42
        var lines = names.enumerated().dropFirst(first).prefix(room).map { place, name in
            var line = Line()
            line.column((place == index ? "▶ " : "  ") + name, width - 6, place == index ? .selection : .text)
            return line
        }
        var swatch = Line("● OK", .ok)
        swatch.space(2)
        swatch.add("▲ WARN", .warning)
        swatch.space(2)
        swatch.add(Self.badge("■", "CRIT", .critical))
        swatch.space(2)
        swatch.add("◆ DRILL", .drill)
        lines += [Line(), swatch]
        drawBox(
            body,
            title: "theme",
            role: .focus,
            lines: lines,
            right: Line("\(index + 1) of \(names.count)", .muted),
            width: width
        )
    }

    private mutating func drawMute(_ body: Rect, _ alert: String, _ index: Int) {
        let title = state.latest?.alerts.first { $0.id == alert }?.title ?? "the alert"
        var lines = ConsoleState.muteChoices.enumerated().map { place, choice in
            var line = Line(place == index ? "▶ " : "  ", .key)
            line.add("\(place + 1)  ", .key)
            line.add(choice.label, place == index ? .strong : .text)
            return line
        }
        lines += [Line(), Line("Muted, it is still measured and shown; it pages nobody.", .muted)]
        drawBox(body, title: "mute " + Text.clip(title, to: 48), role: .focus, lines: lines)
    }

    private mutating func drawRoles(_ body: Rect, _ index: Int) {
        var lines = state.roleChoices.enumerated().map { place, choice in
            var line = Line(place == index ? "▶ " : "  ", .key)
            line.add("\(place + 1)  ", .key)
            line.add(choice, place == index ? .strong : .text)
            return line
        }
        let crew = state.latest?.drill?.crew ?? []
        lines += [
            Line(),
            Line(crew.map { "\($0.role) \($0.name ?? "nobody")" }.joined(separator: " · "), .muted),
        ]
        drawBox(
            body,
            title: "which role is yours, \(Text.clip(state.person, to: 24))?",
            role: .focus,
            lines: lines,
            width: 64
        )
    }

    private mutating func drawDemo(_ body: Rect, _ index: Int) {
        guard let demo = state.latest?.demo else { return }
        var lines = state.demoChoices.enumerated().map { place, choice in
            var line = Line(place == index ? "▶ " : "  ", .key)
            line.add("\(place + 1)  ", .key)
            line.add(choice.label, place == index ? .strong : .text)
            return line
        }
        if let fault = demo.fault {
            let label = demo.faults.first { $0.id == fault }?.label ?? "a fault"
            var line = Line("▲ in force: ", .warning)
            line.add(label, .text)
            lines = [line, Line()] + lines
        }
        lines += [Line(), Line("Watch 2, 5 and 7: requests fail over; only cut streams are lost.", .muted)]
        drawBox(
            body,
            title: "break the primary: \(Text.clip(demo.target, to: 24))",
            role: .focus,
            lines: lines,
            right: Line("simulated", .muted),
            width: 64
        )
    }

    private mutating func drawQuit(_ body: Rect) {
        var lines = state.quitReasons.map { Line($0, .text) }
        lines.append(Line("The router ends with this console.", .muted))
        var buttons = Line("q", .key)
        buttons.add(" quit   ", .text)
        buttons.add("▶ Stay ", .selection)
        drawBox(body, title: "quit?", role: .focus, lines: lines, buttons: buttons, width: 62)
    }
}
