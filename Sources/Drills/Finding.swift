/// Something to mend, found by a drill; open until a later drill closes it.
package struct Finding: Codable, Equatable, Sendable {
    /// Unique over all drills: the drill's id and a number.
    package let id: String
    package let text: String
    package let owner: String
    package let kind: Kind
    /// `2026-12-04`.
    package let due: String
    package var closedBy: String?

    /// What mending it does.
    package enum Kind: String, Codable, CaseIterable, Sendable {
        case mitigate, prevent, detect, process
    }

    package init(id: String, text: String, owner: String, kind: Kind, due: String, closedBy: String? = nil) {
        self.id = id
        self.text = text.oneLine()
        self.owner = owner.oneLine(limit: 80)
        self.kind = kind
        self.due = due
        self.closedBy = closedBy
    }

    /// Why it can't be taken; nil where it can.
    package var problem: String? {
        if text.isEmpty { return "a finding needs words" }
        if owner.isEmpty { return "a finding needs an owner: nobody's is never mended" }
        guard Self.isDate(due) else { return "'\(due)' is no date; expected one such as 2026-12-04" }
        return nil
    }

    /// Whether it should be done by `today`, which is written as `due` is.
    package func isOverdue(on today: String) -> Bool { closedBy == nil && due < today }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }) else {
            return false
        }
        guard let month = Int(parts[1]), let day = Int(parts[2]) else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }
}
