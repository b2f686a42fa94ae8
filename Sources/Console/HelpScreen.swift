import SLO

extension Screen {
    /// Every key, what the glyphs say, and what the numbers mean.
    mutating func drawHelp(_ body: Rect, top: Int) {
        drawPage(body, title: "help", lines: helpLines(width: body.width - 6), top: top)
    }

    func helpLines(width: Int) -> [Line] {
        var lines: [Line] = []
        for section in CommandEntry.Section.allCases {
            lines += [Line(), Line(section.rawValue, .title)]
            for entry in CommandEntry.all where entry.section == section {
                lines += helpEntry(entry, width: width)
            }
        }
        lines += [Line(), Line("What the glyphs say", .title)]
        lines += legend
        lines += [Line(), Line("What the numbers mean", .title)]
        for (word, meaning) in Self.glossary { lines += described(word, .strong, meaning, width: width, indent: 16) }
        lines += [Line(), Line("What counts", .title)]
        for event in EventClass.allCases {
            let word = event.isGood ? "good" : event.isValid ? "not good" : "not valid"
            let role: Role = event.isGood ? .ok : event.isValid ? .graphOver : .muted
            lines += described(word, role, "\(event.event): \(event.note)", width: width, indent: 16)
        }
        for note in EventClass.footnotes { lines += described("", .muted, note, width: width, indent: 16, .muted) }
        return lines
    }

    private func helpEntry(_ entry: CommandEntry, width: Int) -> [Line] {
        guard let reason = state.obstacle(to: entry.command) else {
            return described(entry.label, .key, entry.help, width: width, indent: 16)
        }
        return described(entry.label, .muted, entry.help, width: width, indent: 16)
            + described("", .muted, "not now: " + reason, width: width, indent: 16, .muted)
    }

    private func described(
        _ word: String,
        _ role: Role,
        _ text: String,
        width: Int,
        indent: Int,
        _ textRole: Role = .text
    ) -> [Line] {
        Text.wrap(text, to: max(10, width - indent)).enumerated().map { index, piece in
            var line = Line()
            line.column(index == 0 ? "  " + word : "", indent, role)
            line.add(piece, textRole)
            return line
        }
    }

    private var legend: [Line] {
        func line(_ glyph: String, _ role: Role, _ word: String, _ meaning: String) -> Line {
            var line = Line("  ")
            line.column(glyph + " " + word, 14, role)
            line.add(meaning)
            return line
        }
        return [
            line("●", .ok, "OK", "the target is met; a deployment gets requests"),
            line("▲", .warning, "WARN", "near the target; a deployment is degraded or cooling down"),
            line("■", .critical, "CRIT", "the target is missed; a deployment's key was refused"),
            line("◇", .muted, "TOO FEW", "too few samples to say; or old data, or a probe under way"),
            line("○", .muted, "NO DATA", "nothing was measured; or nothing was sent"),
            line("◆", .drill, "BYPASS DRILL", "the router is out of the way, or a drill is on"),
            line("◉", .ok, "", "a drill's step that ticks itself when Nines senses it"),
            line("□", .warning, "", "a drill's step that a person confirms, with a value"),
            line("◆", .warning, "", "a drill's step in which a person acts"),
            line("›", .warning, "", "a drill's step that was skipped, with its reason"),
            line("▶", .ok, "", "gets the next request of its group"),
        ]
    }

    private static let glossary: [(String, String)] = [
        ("valid", "a request that counts: not the client's own mistake, not broken off by the client"),
        ("good", "valid and answered completely, in the right form"),
        ("lost", "valid and not good: every route failed, or the answer broke off"),
        ("saved", "good, though its first attempt had failed: a retry or another deployment answered"),
        (
            "first token",
            "from the moment a request was accepted to its first content, failed attempts included; for answers that aren't streamed, the complete answer"
        ),
        ("p95", "95 of 100 are no slower than this"),
        ("error budget", "the failures that the target allows in the window; what is left of them, in percent"),
        ("burn", "how fast the budget is being spent; at 1.0 it lasts exactly the window"),
        ("cost", "the mean price of a request, from the price table and the tokens that the provider reported"),
        ("hit", "answered from the cache; stale: by an answer past its time; joined: by an identical request's answer"),
        ("deferred", "accepted while no provider could be reached, kept, and sent once one can"),
        ("lease", "how long a drill's fault may be in; the router ends it by itself, whatever becomes of the console"),
        ("bypass", "every request goes straight to its primary: no cache, no retry, no failover; still counted"),
    ]
}
