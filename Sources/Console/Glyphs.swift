extension GlyphSet {
    /// What stands for one of our own glyphs where only ASCII can be shown; `?` for anything unknown.
    static func ascii(for scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "╭", "╮", "╰", "╯": "+"
        case "─", "—", "–", "·", "╌", "○": "-"
        case "│": "|"
        case "━": "="
        case "●", "✓": "+"
        case "◉": "o"
        case "□": "-"
        case "▲": "!"
        case "■": "X"
        case "◆": "*"
        case "▶", "›", "→": ">"
        case "…": "~"
        case "×": "x"
        case "█": "#"
        case "░": "."
        case "≤": "<"
        case "≥": ">"
        case "↑": "^"
        case "↓": "v"
        case "’": "'"
        case "“", "”": "\""
        default: "?"
        }
    }

    var atMost: String { self == .unicode ? "≤" : "<=" }
    var atLeast: String { self == .unicode ? "≥" : ">=" }
    var arrow: String { self == .unicode ? "→" : "->" }
}

extension Role {
    /// The role for a lone glyph of this one: `critical` is reversed in most themes, and a reversed glyph has another shape.
    var plain: Role { self == .critical ? .graphOver : self }
}

extension EngineSnapshot.Verdict {
    var glyph: String {
        switch self {
        case .ok: "●"
        case .warning: "▲"
        case .critical: "■"
        case .noData: "○"
        case .tooFew: "◇"
        }
    }

    var word: String {
        switch self {
        case .ok: "OK"
        case .warning: "WARN"
        case .critical: "CRIT"
        case .noData: "NO DATA"
        case .tooFew: "TOO FEW"
        }
    }

    var role: Role {
        switch self {
        case .ok: .ok
        case .warning: .warning
        case .critical: .critical
        case .noData, .tooFew: .muted
        }
    }

    /// The role for the figure itself: loud only when there is a reason.
    var figureRole: Role {
        switch self {
        case .ok, .tooFew: .strong
        case .warning: .warning
        case .critical: .graphOver
        case .noData: .muted
        }
    }
}

extension EngineSnapshot.ProviderRow.State {
    var glyph: String {
        switch self {
        case .ok: "●"
        case .degraded, .coolingDown: "▲"
        case .benched: "■"
        case .probing: "◇"
        case .idle: "○"
        }
    }

    var word: String {
        switch self {
        case .ok: "OK"
        case .degraded: "DEGRADED"
        case .coolingDown: "COOLING"
        case .benched: "BENCHED"
        case .probing: "PROBING"
        case .idle: "IDLE"
        }
    }

    var role: Role {
        switch self {
        case .ok: .ok
        case .degraded, .coolingDown, .probing: .warning
        case .benched: .critical
        case .idle: .muted
        }
    }
}

extension EngineSnapshot.Event.Weight {
    var glyph: String {
        switch self {
        case .info: "·"
        case .good: "●"
        case .warning: "▲"
        case .critical: "■"
        }
    }

    var role: Role {
        switch self {
        case .info: .muted
        case .good: .ok
        case .warning: .warning
        case .critical: .critical
        }
    }
}
