extension Screen {
    /// The bar that stands on every other screen while a drill is open.
    mutating func drawDrillBar(row: Int, _ drill: EngineSnapshot.DrillView) {
        canvas.fill(Rect(x: 0, y: row, width: size.columns, height: 1), " ", .bar)
        var end = Line("d", .bar)
        end.add(drill.ending == nil ? " shows it" : " closes it out", .bar)
        end.add(drill.isFaultIn ? "  ! aborts " : " ", .bar)
        var line = Line(" ◆ DRILL ", .bar)
        line.add(barText(drill, room: size.columns - line.width - end.width - 2), .bar)
        canvas.put(line, 0, row, width: size.columns)
        canvas.put("◆", .drill, 1, row)
        if line.width + end.width < size.columns { canvas.put(end, size.columns - end.width, row, width: end.width) }
    }

    private func barText(_ drill: EngineSnapshot.DrillView, room: Int) -> String {
        // A run that a crash or a quit broke off: the first thing to see after the next start.
        if drill.ending == "interrupted" {
            let state =
                drill.needsReason
                ? drill.word.lowercased() : drill.wasInduced ? "everything is restored" : "nothing was broken"
            return Text.joined(["interrupted", state, "it waits to be closed out"], width: room)
        }
        let time = state.isFrozen ? "" : "T+" + Clock.stopwatch(elapsed(drill))
        let left = drill.leaseLeft.map { "restores in " + Clock.stopwatch($0) } ?? ""
        return Text.joined([time, drill.word.lowercased(), left, drill.title], width: room)
    }

    /// The header of the drill's screen: what is broken, who holds which role, and what time it is.
    func drillHeader(_ drill: EngineSnapshot.DrillView, room: Int) -> [Line] {
        let names = Set(drill.crew.map { $0.name ?? "" })
        var crew = Line()
        if names.count == 1, let name = drill.crew.first?.name {
            crew.add(Text.clip(name, to: 20), .text)
            crew.add(" holds all roles", .muted)
        } else {
            for member in drill.crew {
                crew.add((crew.width > 0 ? " · " : "") + member.role + " ", .muted)
                crew.add(member.name.map { Text.clip($0, to: 16) } ?? "nobody", member.name == nil ? .warning : .text)
            }
        }
        return [drill.badge, crew]
    }
}
