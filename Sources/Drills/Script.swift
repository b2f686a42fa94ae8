/// What a crew does in a drill, step by step.
///
/// Steps are challenge and response: one asks, one answers with a value. `ScriptForm` is how it stands in a file.
package struct Script: Codable, Equatable, Sendable {
    package let id: String
    package let title: String
    /// The team's own count of changes.
    package let version: Int
    /// In order; every `Phase.Kind` exactly once.
    package let phases: [Phase]

    package struct Phase: Codable, Equatable, Sendable {
        package let kind: Kind
        package let planned: Duration
        package let steps: [Step]

        package enum Kind: String, Codable, CaseIterable, Sendable {
            case brief
            case preChecks = "pre_checks"
            case baseline, induce, observe, restore, verify, closeout

            /// As on the screen.
            package var title: String { self == .preChecks ? "pre-checks" : rawValue }
        }
    }

    package struct Step: Codable, Equatable, Sendable {
        /// Unique in the script.
        package let id: String
        package let role: DrillRole
        package let kind: Kind
        /// The challenge: what is asked.
        package let text: String
        /// The response that is expected.
        package let expected: String
        package let why: String
        package let ifItFails: String
        /// How long it should take; late after that, which is said and changes nothing.
        package let timeout: Duration?

        package enum Kind: Codable, Equatable, Sendable {
            /// Ticks itself once the evidence has held for so long.
            case sensed(Evidence, holding: Duration)
            /// A person confirms it, with a value where one is asked for.
            case confirmed(Answer)
            case act(Act)
        }

        package enum Act: String, Codable, CaseIterable, Sendable {
            /// The fault goes in.
            case induce
            /// The fault goes out.
            case restore
            /// The holder of the step's role signs the closeout.
            case sign
            /// The report is filed and the drill ends.
            case file
        }

        /// What a person answers with.
        package enum Answer: Codable, Equatable, Sendable {
            case nothing
            case text
            /// A number, with its unit as it is shown.
            case number(unit: String)
            /// One of these words; only the first one lets the drill go on.
            case choice([String])
        }
    }

    package init(id: String, title: String, version: Int, phases: [Phase]) {
        self.id = id
        self.title = title
        self.version = version
        self.phases = phases
    }

    package var planned: Duration { phases.reduce(.zero) { $0 + $1.planned } }

    package var steps: [Step] { phases.flatMap(\.steps) }

    /// Since the start, when a phase should begin.
    package func plannedStart(of kind: Phase.Kind) -> Duration {
        phases.prefix { $0.kind != kind }.reduce(.zero) { $0 + $1.planned }
    }

    /// The same steps in less time: every plan, hold and timeout divided by `factor`, none below a second.
    package func compressed(by factor: Double) -> Script {
        guard factor > 1 else { return self }
        let shorter = { (time: Duration) in time == .zero ? .zero : max(.seconds(1), time / factor) }
        return Script(
            id: id,
            title: title,
            version: version,
            phases: phases.map { phase in
                Phase(kind: phase.kind, planned: shorter(phase.planned), steps: phase.steps.map { $0.timed(shorter) })
            }
        )
    }
}

extension Script.Step {
    fileprivate func timed(_ change: (Duration) -> Duration) -> Self {
        var expected = expected
        // Held for less: how long is said beside it.
        if case .sensed(_, let holding) = kind, holding > .zero, let time = expected.firstRange(of: " FOR ") {
            expected = expected[..<time.lowerBound] + ", AND HELD"
        }
        let kind: Kind =
            if case .sensed(let evidence, let holding) = kind { .sensed(evidence, holding: change(holding)) } else {
                kind
            }
        return Self(
            id: id,
            role: role,
            kind: kind,
            text: text,
            expected: expected,
            why: why,
            ifItFails: ifItFails,
            timeout: timeout.map(change)
        )
    }

    /// Nobody confirms it.
    package var isSensed: Bool {
        if case .sensed = kind { true } else { false }
    }

    package var act: Act? {
        if case .act(let act) = kind { act } else { nil }
    }

    // Inlined, it ends Swift 6.3's optimiser with an ownership error.
    @inline(never)
    package var evidence: Evidence? {
        if case .sensed(let evidence, _) = kind { evidence } else { nil }
    }
}
