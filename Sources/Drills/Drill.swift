// Drills: a rehearsed failure, its faults, its journal, its closeout report.
//
// The whole target decides in values. It has no clock, no I/O and no randomness: moments, figures and hashes are handed
// in. It breaks nothing itself: it says what must be done, and the program does it.

/// A drill under way: who must do what now, and what happens when they do.
///
/// Events go in with the moment at which they happened, effects come out, to be carried out in their order. All its state
/// comes from its journal: `init(plan:records:)` rebuilds a drill after a crash.
///
/// Laws, each with a test: a fault goes in only after its intent was written; whatever ends a drill takes the fault out
/// first; after an end nothing goes in again; what Nines senses no person can tick.
package struct Drill: Equatable, Sendable {
    package let plan: DrillPlan
    package internal(set) var records: [JournalRecord] = []
    package internal(set) var crew = Crew()
    package internal(set) var fault = FaultState.never
    /// How the script came to an early end; nil while it runs, and where it ran to its own end.
    package internal(set) var ending: Ending?
    package internal(set) var closedAt: Moment?
    package internal(set) var hold: Hold?
    /// Opened in this drill, and those carried into it, closed ones included.
    package internal(set) var findings: [Finding] = []
    package internal(set) var signatures: [DrillRole: Signature] = [:]
    var marks: [String: Mark] = [:]
    var readings: [Evidence: Sensed] = [:]
    var phaseStarts: [Script.Phase.Kind: Moment] = [:]
    /// When the recovery was last asked about; no part of the journal.
    var askedAt: Duration?
    /// What the stop rules say at present; no part of the journal.
    package internal(set) var stopReadings: [StopRules.Reading] = []

    /// What was done about the fault so far.
    package enum FaultState: Equatable, Sendable {
        case never
        /// Intended, and by now most likely in. `stage` began at `since`; everything is out at `end` at the latest.
        case leased(stage: Int, since: Duration, end: Duration)
        /// Taken out; `Evidence.faultOut` and `.primaryAnswers` say whether that was seen.
        case out(Removal, at: Moment)
    }

    /// Why a fault was taken out.
    package enum Removal: String, Codable, CaseIterable, Sendable {
        case asked, lease, abort, stop, restart
        /// The recorded incident was over.
        case over
    }

    /// An end before the script's own.
    package enum Ending: String, Codable, CaseIterable, Sendable {
        /// A person stopped it.
        case aborted
        /// A stop rule, a real incident or a fault that could not go in stopped it.
        case stopped
        /// The program ended during it.
        case interrupted
    }

    package struct Hold: Equatable, Sendable {
        package let reason: String
        package let since: Duration
    }

    package struct Signature: Codable, Equatable, Sendable {
        package let name: String
        package let at: Moment
    }

    /// How a step came to its end.
    package struct Mark: Equatable, Sendable {
        package enum How: String, Codable, Sendable {
            case ticked, confirmed, skipped
            case notReached = "not_reached"
        }
        package let how: How
        package let who: String?
        package let value: String
        package let at: Moment

        /// Nobody did what was not reached, whoever ended the drill.
        var doer: String? { how == .notReached ? nil : who }
    }

    struct Sensed: Equatable, Sendable {
        var reading: Reading
        /// When it began to hold, or ceased to.
        let since: Duration
    }

    /// Opens one: nothing is broken yet.
    ///
    /// A `warning` stands in the timeline from the start.
    ///
    /// - Returns: the drill and its first effects.
    package static func open(
        _ plan: DrillPlan,
        by name: String,
        at moment: Moment,
        warning: String? = nil,
        seal: String? = nil
    ) -> (drill: Drill, effects: [Effect]) {
        var drill = Drill(plan: plan, records: [])
        var turn = Turn(moment)
        drill.emit(
            .opened,
            &turn,
            who: name.oneLine(limit: 80),
            subject: plan.scenario.id,
            text: plan.scenario.title,
            fields: seal.map { ["drill": plan.id, "seal": $0] } ?? [:]
        )
        if let warning { drill.emit(.note, &turn, text: warning) }
        drill.emit(.phase, &turn, subject: Script.Phase.Kind.brief.rawValue)
        drill.advance(&turn)
        return (drill, turn.effects)
    }

    /// Rebuilds one from what was written; `Event.restarted` comes next.
    package init(plan: DrillPlan, records: [JournalRecord]) {
        self.plan = plan
        findings = plan.carried
        for record in records { take(record) }
    }

    package var isFaultIn: Bool {
        if case .leased = fault { true } else { false }
    }

    package var isOver: Bool { closedAt != nil }

    /// Since the opening, less what it was on hold.
    func worked(_ now: Duration) -> Duration {
        var (worked, since) = (now, Duration?.none)
        for record in records {
            switch record.kind {
            case .hold: since = record.elapsed
            case .release:
                worked -= since.map { record.elapsed - $0 } ?? .zero
                since = nil
            default: break
            }
        }
        return worked - (since.map { now - $0 } ?? .zero)
    }

    /// A fault was put in at least once.
    package var wasInduced: Bool { fault != .never }

    /// When the drill may no longer leave anything broken; nil while nothing is.
    package var leaseEnd: Duration? {
        if case .leased(_, _, let end) = fault { end } else { nil }
    }

    /// Where the fault came in first.
    package var inducedAt: Moment? { records.first { $0.kind == .intent }?.moment }

    /// The phase that holds the first step that is still open.
    package var phase: Script.Phase {
        plan.script.phases.first { phase in phase.steps.contains { marks[$0.id] == nil } }
            ?? plan.script.phases[plan.script.phases.count - 1]
    }

    /// The first step that is still open; nil after the last.
    package var step: Script.Step? { plan.script.steps.first { marks[$0.id] == nil } }

    /// How a step ended; nil while it is open.
    package func mark(of step: Script.Step) -> Mark? { marks[step.id] }

    /// What is known of `evidence` at present; nil where nothing is.
    package func reading(of evidence: Evidence) -> Reading? { readings[evidence]?.reading }

    package func holds(_ evidence: Evidence) -> Bool { readings[evidence]?.reading.holds ?? false }

    /// Since when `evidence` holds without a break, within the present phase; nil where it does not hold.
    package func held(_ evidence: Evidence, at now: Duration) -> Duration? {
        guard let sensed = readings[evidence], sensed.reading.holds else { return nil }
        let start = phaseStarts[phase.kind]?.elapsed ?? .zero
        return max(.zero, now - max(sensed.since, start))
    }
}
