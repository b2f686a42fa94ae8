/// The command palette: a few letters, the commands that hold them, and Enter.
///
/// It opens what a key would open: what asks before it acts, asks here too.
struct CommandPalette: Equatable, Sendable {
    var text = ""
    var index = 0

    /// The commands on offer: those of the drill's screen only where they mean something.
    func entries(inDrill: Bool) -> [CommandEntry] {
        let offered = CommandEntry.all.filter { entry in
            entry.section != .move && ![.pane, .open, .back, .palette].contains(entry.command)
                && (inDrill || entry.section != .drill)
        }
        if text.isEmpty { return offered }
        let named = offered.filter { Text.holds($0.word, text) }
        return named + offered.filter { !Text.holds($0.word, text) && Text.holds($0.help, text) }
    }
}

extension ConsoleState {
    mutating func choose(_ palette: CommandPalette, _ key: Key) -> [Effect] {
        var palette = palette
        let entries = palette.entries(inDrill: isInDrill)
        switch key {
        case .enter:
            overlay = nil
            guard entries.indices.contains(palette.index) else { return quietly("there is no such command") }
            return run(entries[palette.index])
        case .up, .backTab, .wheel(up: true): palette.index -= 1
        case .down, .tab, .wheel(up: false): palette.index += 1
        case .character(let letter):
            (palette.text, palette.index) = (Text.clean(palette.text + String(letter), limit: 40), 0)
        case .paste(let text): (palette.text, palette.index) = (Text.clean(palette.text + text, limit: 40), 0)
        case .backspace: (palette.text, palette.index) = (String(palette.text.dropLast()), 0)
        case .control("u"): palette = CommandPalette()
        case .escape, .control("c"):
            overlay = nil
            return []
        default: break
        }
        palette.index = max(0, min(palette.index, palette.entries(inDrill: isInDrill).count - 1))
        overlay = .palette(palette)
        return []
    }
}

extension Screen {
    mutating func drawPalette(_ body: Rect, _ palette: CommandPalette) {
        let entries = palette.entries(inDrill: state.isInDrill)
        let room = max(1, min(12, body.height - 8))
        let first = max(0, min(palette.index - room / 2, entries.count - room))
        var field = Line(": ", .key)
        field.add(palette.text, .strong)
        field.add("_", .key)
        let width = min(74, body.width - 2) - 6
        var lines = [field, Line()]
        for (index, entry) in entries.enumerated().dropFirst(first).prefix(room) {
            let isChosen = index == palette.index
            let reason = state.obstacle(to: entry.command)
            var line = Line(isChosen ? "▶ " : "  ", .key)
            line.column(entry.word, 20, isChosen ? .selection : reason == nil ? .text : .muted)
            line.column(" " + String(entry.label.prefix { $0 != " " }), 8, reason == nil ? .key : .muted)
            line.add(Text.clipWords(reason.map { "not now: " + $0 } ?? entry.help, to: width - line.width), .muted)
            lines.append(line)
        }
        if entries.isEmpty { lines.append(Line("no command holds this", .muted)) }
        // The box keeps its height while the list gets shorter.
        while lines.count < room + 2 { lines.append(Line()) }
        drawBox(body, title: "command", role: .focus, lines: lines, right: Line("\(entries.count) fit", .muted))
    }
}
