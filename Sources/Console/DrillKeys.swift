extension ConsoleState {
    /// What stands beside a drill's step, under the timeline.
    enum DrillSide: Int, CaseIterable, Sendable {
        case live, stops, measured, findings, history
    }

    /// A line being typed for a drill.
    struct Entry: Equatable, Sendable {
        enum Purpose: Equatable, Sendable {
            case answer(step: String, choices: [String])
            /// The word without which nothing goes in, or the reason without which nothing is filed.
            case act(step: String)
            case note(kind: String)
            case skip(step: String)
            case undo(step: String)
            case hold
            case person
        }
        var purpose: Purpose
        /// What is asked: `note`, `why`.
        var label: String
        var text = ""
        /// When the key was pressed; UTC milliseconds.
        var pressedAt: Int64

        /// Its step is over while somebody types: what is typed must be neither lost nor taken for commands.
        mutating func outlive() {
            (purpose, label) = (.note(kind: "note"), "that step is over; keep it as a note")
        }

        /// Whether the drill still asks for it.
        func stillFits(_ drill: EngineSnapshot.DrillView?) -> Bool {
            guard let drill, !drill.isOver else { return purpose == .person }
            switch purpose {
            case .answer(let step, _), .act(let step), .skip(let step): return drill.step?.id == step
            case .undo(let step): return drill.undoable == step
            case .note, .hold, .person: return true
            }
        }
    }

    func drill(_ action: DrillCommand.Action) -> Effect { .send(.drill(DrillCommand(by: person, action))) }

    // MARK: Keys of the drill's screen

    mutating func performInDrill(_ command: Command) -> [Effect] {
        switch command {
        case .note: type(.note(kind: "note"), "note")
        case .todo: type(.note(kind: "todo"), "todo")
        case .decide: type(.note(kind: "decision"), "decision")
        case .find: overlay = .finding(FindingForm(owner: person, due: Clock.date(lastNow + 7 * 86_400_000)))
        case .closeFinding:
            guard let finding = selectedFinding else { return quietly("no finding is open") }
            overlay = .confirm(.closeFinding(id: finding.id, text: finding.text), openedAt: lastNow)
        case .skip:
            guard let step = latest?.drill?.step else { return quietly("every step is done") }
            type(.skip(step: step.id), "skip, because")
        case .undo:
            guard let step = latest?.drill?.undoable else { return quietly("there is no answer to take back") }
            type(.undo(step: step), "take the last answer back, because")
        case .hold:
            if latest?.drill?.isOnHold == true { return [drill(.release)] }
            type(.hold, "hold, because")
        case .roles: if isDrillOpen { overlay = .roles(index: 0) } else { type(.person, "your name") }
        case .side: turnSide()
        case .speed where latest?.drills.fixedLength != nil: return quietly("every drill takes as long here")
        case .speed: isCompressed.toggle()
        case .dashboard:
            isInDrill = false
            if isDrillOpen { say("the drill goes on; d takes you back to it", .drill) }
        default: break
        }
        return []
    }

    private var selectedFinding: EngineSnapshot.DrillView.Finding? {
        let open = openFindings
        return open.isEmpty ? nil : open[min(max(0, findingIndex), open.count - 1)]
    }

    /// The next pane beside the step; before a drill the history in full, and back.
    private mutating func turnSide() {
        if isChoosingDrill {
            drillSide = drillSide == .history ? nil : .history
            return
        }
        guard let place = shownSide.flatMap({ drillSides.firstIndex(of: $0) }) else {
            return say("there is no room for more here: v shows the dashboard", .muted)
        }
        drillSide = drillSides[(place + 1) % drillSides.count]
    }

    /// Rows up or down: through the scenarios, the open findings, or the timeline, whose end is where it starts.
    mutating func moveInDrill(by rows: Int) {
        let place = { (index: Int, count: Int) in max(0, min(index, count - 1)) }
        if isChoosingDrill {
            scenarioIndex = place(scenarioIndex + rows, latest?.drills.scenarios.count ?? 0)
        } else if drillSide == .findings, !openFindings.isEmpty {
            findingIndex = place(findingIndex + rows, openFindings.count)
        } else {
            detailTop = max(0, min(detailTop - rows, 10_000))
        }
    }

    /// Left and right choose what shall break; a stray arrow doesn't leave a drill.
    mutating func moveAside(by direction: Int) {
        let targets = latest?.drills.targets ?? []
        guard isChoosingDrill, targets.count > 1 else { return say("v goes to the panes; the drill goes on", .muted) }
        targetIndex = (min(targetIndex, targets.count - 1) + direction + targets.count) % targets.count
    }

    /// Enter: the step that is open, or the scenario that is chosen.
    mutating func advanceDrill() -> [Effect] {
        if options.readOnly { return quietly("read-only: this console was started with --read-only") }
        if lost != nil { return quietly("the engine can't be reached: nothing was sent") }
        guard let drill = latest?.drill, !drill.isOver || !wantsNewDrill else { return openChosen() }
        if drill.isOver {
            wantsNewDrill = true
            return []
        }
        guard let step = drill.step else { return quietly("every step is done") }
        switch step.kind {
        case .sensed:
            if drill.crew.contains(where: { $0.name == nil }), drill.number == 1 {
                overlay = .roles(index: 0)
                return []
            }
            return quietly("Nines senses this by itself: no key ticks it")
        case .confirm: return answer(step)
        case .act: return act(step, drill)
        }
    }

    private mutating func openChosen() -> [Effect] {
        guard let latest, latest.drills.scenarios.indices.contains(scenarioIndex) else { return [] }
        let scenario = latest.drills.scenarios[scenarioIndex]
        if let problem = scenario.problem { return quietly("\(scenario.title): \(problem)") }
        pending = .drill(at: lastNow)
        // Without a choice the engine's own holds.
        let targets = latest.drills.targets
        let group = targets.count > 1 ? targets[min(targetIndex, targets.count - 1)].group : nil
        let open = DrillCommand.Action.open(
            scenario: scenario.id,
            isCompressed: isCompressed && latest.isDemo,
            group: group
        )
        return [drill(open)]
    }

    private mutating func answer(_ step: EngineSnapshot.DrillView.Step) -> [Effect] {
        switch step.answer {
        case .nothing: return [drill(.confirm(step: step.id, value: ""))]
        case .text: type(.answer(step: step.id, choices: []), step.expected)
        case .number: type(.answer(step: step.id, choices: []), "number" + (step.unit.isEmpty ? "" : " (\(step.unit))"))
        case .choice: type(.answer(step: step.id, choices: step.choices), step.choices.joined(separator: " or "))
        }
        return []
    }

    private mutating func act(_ step: EngineSnapshot.DrillView.Step, _ drill: EngineSnapshot.DrillView) -> [Effect] {
        if step.act == "induce" {
            if let word = drill.asksFor {
                type(.act(step: step.id), "type \(word) to do it")
            } else {
                overlay = .confirm(.induce, openedAt: lastNow)
            }
            return []
        }
        if step.act == "file", drill.needsReason {
            type(.act(step: step.id), "file it unverified, because")
            return []
        }
        return [self.drill(.act(step: step.id, typed: ""))]
    }

    // MARK: Typing

    private mutating func type(_ purpose: Entry.Purpose, _ label: String) {
        message = nil
        entry = Entry(purpose: purpose, label: label, pressedAt: lastNow)
    }

    /// Every key goes into the line, but for a `!` at its head: stopping must be possible from anywhere.
    mutating func handleEntry(_ key: Key) -> [Effect] {
        guard var typed = entry else { return [] }
        switch key {
        case .character("!") where typed.text.isEmpty && canAbort:
            entry = nil
            overlay = .confirm(.abort, openedAt: lastNow)
            return []
        case .character(let character): typed.text = Text.clean(typed.text + String(character), limit: 300)
        case .paste(let text):
            // What changes something outside the router is typed.
            if case .act = typed.purpose { return quietly("pasted text is ignored here") }
            typed.text = Text.clean(typed.text + text, limit: 300)
        case .backspace: if !typed.text.isEmpty { typed.text.removeLast() }
        case .control("u"): typed.text = ""
        case .enter:
            entry = nil
            return submit(typed)
        case .escape, .control("c"):
            entry = nil
            return quietly("nothing was written")
        default: return []
        }
        entry = typed
        return []
    }

    private mutating func submit(_ entry: Entry) -> [Effect] {
        let text = entry.text.trimmed
        if entry.purpose == .person {
            guard !text.isEmpty else { return quietly("a name, please") }
            person = Text.clean(text, limit: 40)
            if isDrillOpen { overlay = .roles(index: 0) } else { say("you are \(person) in drills") }
            return []
        }
        if lost != nil { return unreachable() }
        switch entry.purpose {
        case .answer(let step, let choices): return [drill(.confirm(step: step, value: chosen(text, choices)))]
        case .act(let step): return [drill(.act(step: step, typed: text))]
        case .note(let kind):
            guard !text.isEmpty else { return quietly("nothing was written") }
            return [drill(.note(kind: kind, text: text, pressedAt: entry.pressedAt))]
        case .skip(let step): return [drill(.skip(step: step, reason: text))]
        case .undo(let step): return [drill(.undo(step: step, reason: text))]
        case .hold: return [drill(.hold(reason: text))]
        case .person: return []
        }
    }

    /// The one choice that begins with what was typed, in either case.
    private func chosen(_ text: String, _ choices: [String]) -> String {
        let fitting = choices.filter { !text.isEmpty && $0.lowercased().hasPrefix(text.lowercased()) }
        return fitting.count == 1 ? fitting[0] : text
    }

    // MARK: Roles

    var roleChoices: [String] {
        [
            "all three: \(person) leads, operates and writes", "lead: runs the clock and decides",
            "operator: acts", "scribe: writes", "another name than \(person)",
        ]
    }

    mutating func chooseRole(_ key: Key, _ index: Int) -> [Effect] {
        let chosen: Int
        switch Self.pick(key, index, of: roleChoices.count) {
        case .nothing: return []
        case .moved(let place):
            overlay = .roles(index: place)
            return []
        case .chosen(let place): chosen = place
        }
        overlay = nil
        if lost != nil { return unreachable() }
        let roles = ["lead", "operator", "scribe"]
        switch chosen {
        case 0: return roles.map { drill(.assign(role: $0, to: person)) }
        case 1...3: return [drill(.assign(role: roles[chosen - 1], to: person))]
        case 4:
            type(.person, "your name")
            return []
        default: return []
        }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.prefix(start.count - start.reversed().prefix { $0 == " " }.count))
    }
}
