/// A script as it stands in a file: plain words and seconds, for any coder.
///
/// Two steps: a coder reads the form, whose fields are all optional, then `script()` says what is wrong with it.
package struct ScriptForm: KeyedForm, Equatable, Sendable {
    package var id: String?
    package var title: String?
    package var version: Int?
    package var phases: [Phase]?

    fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
        case id, title, version, phases
    }

    package struct Phase: Codable, Equatable, Sendable {
        package var phase: String?
        package var minutes: Double?
        package var steps: [Step]?

        fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
            case phase, minutes, steps
        }
    }

    /// One of `evidence`, `confirm` and `act` says of which kind a step is.
    package struct Step: Codable, Equatable, Sendable {
        package var id: String?
        package var role: String?
        package var text: String?
        package var expected: String?
        package var why: String?
        package var ifItFails: String?
        /// Seconds.
        package var timeout: Double?
        package var evidence: String?
        /// Seconds for which the evidence must hold; none: once is enough.
        package var holding: Double?
        /// `nothing`, `text`, `number` (with `unit`) or `choice` (with `choices`).
        package var confirm: String?
        package var unit: String?
        package var choices: [String]?
        package var act: String?

        fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
            case id, role, text, expected, why, timeout, evidence, holding, confirm, unit, choices, act
            case ifItFails = "if_it_fails"
        }
    }

    package static var keys: [String: [String]] {
        [
            "": CodingKeys.allCases.map(\.rawValue), "phases[]": Phase.CodingKeys.allCases.map(\.rawValue),
            "phases[].steps[]": Step.CodingKeys.allCases.map(\.rawValue),
        ]
    }

    package init(_ script: Script) {
        id = script.id
        title = script.title
        version = script.version
        phases = script.phases.map { phase in
            Phase(phase: phase.kind.rawValue, minutes: phase.planned.inSeconds / 60, steps: phase.steps.map(Step.init))
        }
    }
}

extension ScriptForm.Step {
    fileprivate init(_ step: Script.Step) {
        self.init(
            id: step.id,
            role: step.role.rawValue,
            text: step.text,
            expected: step.expected,
            why: step.why,
            ifItFails: step.ifItFails,
            timeout: step.timeout?.inSeconds
        )
        switch step.kind {
        case .sensed(let evidence, let holding):
            self.evidence = evidence.rawValue
            self.holding = holding == .zero ? nil : holding.inSeconds
        case .act(let act): self.act = act.rawValue
        case .confirmed(.nothing): confirm = "nothing"
        case .confirmed(.text): confirm = "text"
        case .confirmed(.number(let unit)): (confirm, self.unit) = ("number", unit)
        case .confirmed(.choice(let choices)): (confirm, self.choices) = ("choice", choices)
        }
    }
}

extension ScriptForm {
    /// The script that it describes.
    ///
    /// - Throws: every problem at once, each with its place.
    package func script() throws(FormError) -> Script {
        var reader = FormReader()
        let id = reader.line(id, "id")
        let title = reader.line(title, "title")
        let phases = (self.phases ?? []).enumerated().map { index, phase in
            phase.read("phases[\(index)]", &reader)
        }
        let script = Script(id: id, title: title, version: version ?? 1, phases: phases.compactMap(\.self))
        if phases.allSatisfy({ $0 != nil }) { check(script, &reader) }
        try reader.finish()
        return script
    }

    private func check(_ script: Script, _ reader: inout FormReader) {
        let kinds = Script.Phase.Kind.allCases
        if script.phases.map(\.kind) != kinds {
            let order = kinds.map(\.rawValue).joined(separator: ", ")
            reader.complain("phases", "expected each once, in this order: \(order)")
        }
        var seen: Set<String> = []
        for (index, phase) in script.phases.enumerated() {
            for (number, step) in phase.steps.enumerated() {
                let place = "phases[\(index)].steps[\(number)]"
                if !seen.insert(step.id).inserted { reader.complain("\(place).id", "'\(step.id)' is used twice") }
                if let home = step.act?.home, home != phase.kind {
                    reader.complain("\(place).act", "'\(step.act?.rawValue ?? "")' belongs into \(home.rawValue)")
                }
            }
        }
        for act in Script.Step.Act.allCases where act != .sign {
            let count = script.steps.count { $0.act == act }
            if count != 1 { reader.complain("phases", "expected one step with act '\(act.rawValue)', found \(count)") }
        }
        for role in DrillRole.allCases where !script.steps.contains(where: { $0.act == .sign && $0.role == role }) {
            reader.complain(
                "phases",
                "expected a step with act 'sign' of the \(role.rawValue): all three sign the report"
            )
        }
        if script.steps.last?.act != .file { reader.complain("phases", "the last step must be the act 'file'") }
        let checks = Set(script.phases.first { $0.kind == .preChecks }?.steps.compactMap(\.evidence) ?? [])
        for check in Evidence.preChecks where !checks.contains(check) {
            reader.complain("phases", "the pre-checks lack evidence '\(check.rawValue)', which keeps a drill safe")
        }
    }
}

extension ScriptForm.Phase {
    fileprivate func read(_ place: String, _ reader: inout FormReader) -> Script.Phase? {
        let kind: Script.Phase.Kind? = reader.word(phase, "\(place).phase")
        let planned = reader.time(minutes, .minutes, "\(place).minutes", in: 0.1...120)
        if (steps ?? []).isEmpty { reader.complain("\(place).steps", "expected at least one step") }
        let steps = (self.steps ?? []).enumerated().map { index, step in
            step.read("\(place).steps[\(index)]", &reader)
        }
        guard let kind, let planned, steps.allSatisfy({ $0 != nil }) else { return nil }
        return Script.Phase(kind: kind, planned: planned, steps: steps.compactMap(\.self))
    }
}

extension ScriptForm.Step {
    fileprivate func read(_ place: String, _ reader: inout FormReader) -> Script.Step? {
        let id = reader.line(id, "\(place).id")
        let role: DrillRole? = reader.word(role, "\(place).role")
        let text = reader.line(text, "\(place).text")
        let expected = reader.line(expected, "\(place).expected")
        let kind = kind(place, &reader)
        let timeout = timeout.flatMap { reader.time($0, .seconds, "\(place).timeout", in: 1...7_200) }
        guard let role, let kind else { return nil }
        return Script.Step(
            id: id,
            role: role,
            kind: kind,
            text: text,
            expected: expected,
            why: (why ?? "").oneLine(),
            ifItFails: (ifItFails ?? "").oneLine(),
            timeout: timeout
        )
    }

    private func kind(_ place: String, _ reader: inout FormReader) -> Script.Step.Kind? {
        guard [evidence, confirm, act].count(where: { $0 != nil }) == 1 else {
            reader.complain(place, "expected exactly one of evidence, confirm and act")
            return nil
        }
        let figures = [
            ("holding", holding != nil, "evidence", evidence != nil),
            ("unit", unit != nil, "confirm: number", confirm == "number"),
            ("choices", choices != nil, "confirm: choice", confirm == "choice"),
        ]
        for (key, isGiven, home, isAtHome) in figures where isGiven && !isAtHome {
            reader.complain("\(place).\(key)", "means nothing without '\(home)'")
        }
        if evidence != nil {
            let evidence: Evidence? = reader.word(evidence, "\(place).evidence")
            let holding = holding.map { reader.time($0, .seconds, "\(place).holding", in: 0...3_600) } ?? .zero
            guard let evidence, let holding else { return nil }
            return .sensed(evidence, holding: holding)
        }
        if act != nil {
            let act: Script.Step.Act? = reader.word(act, "\(place).act")
            return act.map { .act($0) }
        }
        return answer(place, &reader).map { .confirmed($0) }
    }

    private func answer(_ place: String, _ reader: inout FormReader) -> Script.Step.Answer? {
        switch confirm {
        case "nothing": return .nothing
        case "text": return .text
        case "number": return .number(unit: (unit ?? "").oneLine(limit: 12))
        case "choice":
            let choices = (choices ?? []).map { $0.oneLine(limit: 40) }
            if choices.count > 1, Set(choices).count == choices.count, !choices.contains("") { return .choice(choices) }
            reader.complain("\(place).choices", "expected at least two different words; only the first goes on")
        default:
            let given = confirm.map { "'\($0)' is not known; " } ?? ""
            reader.complain("\(place).confirm", given + "expected one of nothing, text, number, choice")
        }
        return nil
    }
}

extension Script.Step.Act {
    /// The phase in which the act must stand.
    fileprivate var home: Script.Phase.Kind {
        switch self {
        case .induce: .induce
        case .restore: .restore
        case .sign, .file: .closeout
        }
    }
}
