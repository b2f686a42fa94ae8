extension Screen {
    /// What happened, newest first; long ones are broken where there is room.
    mutating func drawEvents(_ rect: Rect, _ snapshot: EngineSnapshot) {
        let events = snapshot.events
        let isFocused = state.focus == .events
        let inner = frame(.events, rect, right: Line(events.isEmpty ? "" : "newest first", .muted))
        guard !events.isEmpty else {
            canvas.put(Line("nothing yet", .muted), inner.x, inner.y, width: inner.width)
            return
        }
        visible(.events, inner.height)
        let index = min(max(0, state.eventIndex), events.count - 1)
        let first = max(0, index - inner.height + 1)
        let hasSeconds = inner.width >= 56
        let indent = hasSeconds ? 11 : 8
        var y = inner.y
        let end = inner.y + inner.height
        for (place, event) in events.enumerated().dropFirst(first) where y < end {
            let pieces = Text.wrap(event.text, to: max(8, inner.width - indent))
            let rows = min(inner.height >= 6 ? 3 : inner.height == 5 ? 2 : 1, max(1, pieces.count), end - y)
            var head = Line(hasSeconds ? Clock.seconds(event.at) : Clock.minutes(event.at), .muted)
            head.add(" ")
            head.add(event.weight.glyph, event.weight.role.plain)
            head.add(" ")
            let isLoud = event.weight == .critical || event.weight == .warning
            for row in 0..<rows {
                var line = row == 0 ? head : Line(String(repeating: " ", count: indent))
                // The last row that there is room for takes the rest, and the canvas cuts it with its mark.
                let text = row == rows - 1 ? pieces.dropFirst(row).joined(separator: " ") : pieces[row]
                line.add(text, isLoud || place == 0 ? .text : .muted)
                canvas.put(line, inner.x, y + row, width: inner.width)
            }
            hits.append(.init(rect: Rect(x: inner.x, y: y, width: inner.width, height: rows), target: .event(place)))
            if isFocused, place == index {
                canvas.repaint(Rect(x: rect.x + 1, y: y, width: rect.width - 2, height: rows), .selection)
                cursor = Size(columns: inner.x, rows: y)
            }
            y += rows
        }
    }
}
