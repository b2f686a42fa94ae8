/// A finding being written: what, which kind, whose, until when.
struct FindingForm: Equatable, Sendable {
    enum Field: Int, CaseIterable, Sendable {
        case text, kind, owner, due

        var label: String {
            switch self {
            case .text: "what"
            case .kind: "kind"
            case .owner: "owner"
            case .due: "due"
            }
        }
    }

    /// What mending it does.
    static let kinds = ["mitigate", "prevent", "detect", "process"]

    var field = Field.text
    var text = ""
    var kind = 0
    var owner: String
    /// `2026-12-04`.
    var due: String

    init(owner: String, due: String) {
        self.owner = owner
        self.due = due
    }

    var kindName: String { Self.kinds[kind] }

    func value(_ field: Field) -> String {
        switch field {
        case .text: text
        case .kind: kindName
        case .owner: owner
        case .due: due
        }
    }

    mutating func edit(_ change: (String) -> String) {
        switch field {
        case .text: text = Text.clean(change(text), limit: 300)
        case .kind: break
        case .owner: owner = Text.clean(change(owner), limit: 80)
        case .due: due = Text.clean(change(due), limit: 10)
        }
    }

    mutating func step(_ direction: Int) {
        let all = Field.allCases
        field = all[(field.rawValue + direction + all.count) % all.count]
    }

    mutating func turnKind(_ direction: Int) { kind = (kind + direction + Self.kinds.count) % Self.kinds.count }

    /// What is missing; nil where it can be sent.
    var problem: String? {
        text.trimmed.isEmpty ? "a finding needs words" : owner.trimmed.isEmpty ? "a finding needs an owner" : nil
    }
}

extension ConsoleState {
    /// A key in the form: Enter goes from field to field and, on the last, writes it.
    mutating func fill(_ form: FindingForm, _ key: Key) -> [Effect] {
        var form = form
        switch key {
        case .enter where form.field == .due: return write(form)
        case .enter, .tab, .down: form.step(1)
        case .backTab, .up: form.step(-1)
        case .right where form.field == .kind, .character(" ") where form.field == .kind: form.turnKind(1)
        case .left where form.field == .kind: form.turnKind(-1)
        case .character(let letter) where form.field == .kind:
            form.kind = FindingForm.kinds.firstIndex { $0.first == letter } ?? form.kind
        case .character(let letter): form.edit { $0 + String(letter) }
        case .paste(let text): form.edit { $0 + text }
        case .backspace: form.edit { String($0.dropLast()) }
        case .control("u"): form.edit { _ in "" }
        case .escape, .control("c"):
            overlay = nil
            return quietly("nothing was written")
        default: break
        }
        overlay = .finding(form)
        return []
    }

    private mutating func write(_ form: FindingForm) -> [Effect] {
        if let problem = form.problem { return quietly(problem) }
        overlay = nil
        if lost != nil { return unreachable() }
        return [
            drill(
                .finding(text: form.text.trimmed, owner: form.owner.trimmed, kind: form.kindName, due: form.due.trimmed)
            )
        ]
    }
}
