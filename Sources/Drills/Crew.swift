/// Who does what in a drill: the lead runs the clock and decides, the operator acts, the scribe writes.
///
/// The roles of an incident (commander, responder, scribe), so that a drill trains them.
package enum DrillRole: String, Codable, CaseIterable, Sendable {
    case lead, `operator`, scribe
}

/// Who holds which role; one person may hold several.
package struct Crew: Codable, Equatable, Sendable {
    private var names: [String: String] = [:]

    package init(_ names: [DrillRole: String] = [:]) {
        for (role, name) in names { self[role] = name }
    }

    /// Name of the holder; blank names count as none.
    package subscript(role: DrillRole) -> String? {
        get { names[role.rawValue] }
        set { names[role.rawValue] = newValue.map { $0.trimmed }.flatMap { $0.isEmpty ? nil : $0 } }
    }

    package var isComplete: Bool { DrillRole.allCases.allSatisfy { self[$0] != nil } }

    /// Roles of a person, in the order lead, operator, scribe; empty for an observer.
    package func roles(of name: String) -> [DrillRole] { DrillRole.allCases.filter { self[$0] == name } }
}
