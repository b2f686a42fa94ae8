/// When the things that are timed happened; from the journal alone.
package struct Timings: Codable, Equatable, Sendable {
    /// The fault went in: the moment its intent was written, or the router confirmed it.
    package let induced: Moment?
    package let detected: Moment?
    package let failedOver: Moment?
    package let alerted: Moment?
    package let acknowledged: Moment?
    /// The success rate was back in target, or never left it and the first failed-over answer came.
    package let mitigated: Moment?
    /// The fault was taken out; where a key was switched off outside the router, seen to be on again, or else asked for.
    package let restored: Moment?
    package let removal: Drill.Removal?
    /// The primary answered again.
    package let recovered: Moment?
    package let alertResolved: Moment?
    package let closed: Moment?
    /// The fault ended with the process that held it, at a moment that nobody wrote down.
    private let isEndUnknown: Bool

    package init(_ drill: Drill) { self.init(drill.records, isExternal: drill.plan.scenario.isExternal) }

    /// `isExternal` is the scenario's.
    init(_ records: [JournalRecord], isExternal: Bool = false) {
        let seen = { (evidence: Evidence) in
            records.first {
                $0.kind == .evidence && $0.subject == evidence.rawValue && $0.fields["holds"] == "yes"
            }?.moment
        }
        let intent = records.first { $0.kind == .intent }
        let restore = records.first { $0.kind == .restore }
        // The intent that could not be written, or the fault that was refused: nothing went in.
        let isRefused = records.contains { $0.kind == .stop && ["journal", "fault"].contains($0.subject) }
        induced = intent == nil ? nil : seen(.faultIn) ?? (isRefused ? nil : intent?.moment)
        detected = seen(.failureSeen)
        failedOver = seen(.failoverSeen)
        alerted = seen(.alertFired)
        acknowledged = seen(.alertAcknowledged)
        mitigated = Self.mitigated(records, from: intent, to: restore) ?? seen(.failoverSeen)
        restored = (isExternal ? seen(.faultOut) : nil) ?? restore?.moment
        removal = restore.flatMap { Drill.Removal(rawValue: $0.subject) }
        isEndUnknown = removal == .restart && !isExternal
        recovered = seen(.primaryAnswers)
        alertResolved = seen(.alertResolved)
        closed = records.last { $0.kind == .closed }?.moment
    }

    /// The last return into the target while the fault was in, if the target had been left.
    private static func mitigated(_ records: [JournalRecord], from: JournalRecord?, to: JournalRecord?) -> Moment? {
        guard let from else { return nil }
        let end = to?.number ?? Int.max
        let changes = records.filter {
            $0.kind == .evidence && $0.subject == Evidence.successInTarget.rawValue && $0.number > from.number
                && $0.number < end
        }
        guard changes.contains(where: { $0.fields["holds"] == "no" }) else { return nil }
        return changes.last { $0.fields["holds"] == "yes" }?.moment
    }

    private func since(_ start: Moment?, _ end: Moment?) -> Duration? {
        guard let start, let end else { return nil }
        return max(.zero, end - start)
    }

    package var timeToDetect: Duration? { since(induced, detected) }
    package var timeToFailover: Duration? { since(induced, failedOver) }
    package var timeToAlert: Duration? { since(induced, alerted) }
    package var timeToAcknowledge: Duration? { since(induced, acknowledged) }
    package var timeToMitigate: Duration? { since(induced, mitigated) }
    /// How long the fault was in; nil also where it ended with the process.
    package var timeToRestore: Duration? { isEndUnknown ? nil : since(induced, restored) }
    /// From the restore to the primary's first answer.
    package var timeToRecover: Duration? { since(restored, recovered) }
    package var timeToResolve: Duration? { since(restored, alertResolved) }

    /// Name, time and when it ended, in the order in which a drill goes; and what to say where there is no time.
    package var rows: [(name: String, time: Duration?, at: Moment?, otherwise: String)] {
        let rows: [(String, Duration?, Moment?)] = [
            ("time to detect", timeToDetect, detected),
            ("time to first failed-over success", timeToFailover, failedOver),
            ("time to alert", timeToAlert, alerted), ("time to acknowledge", timeToAcknowledge, acknowledged),
            ("time to mitigation", timeToMitigate, mitigated), ("fault in for", timeToRestore, restored),
            ("restore to recovery", timeToRecover, recovered),
            ("restore to alert resolved", timeToResolve, alertResolved),
        ]
        return rows.map { name, time, at in
            let isUntilTheEnd = isEndUnknown && name == "fault in for"
            return (name, time, at, isUntilTheEnd ? "until the program ended" : "not seen")
        }
    }

    /// A request that was under way at the close still counts if it ended within this time of it.
    package static let lateness: Duration = .seconds(30)

    /// Which stretches of the ledger to sum up, in UTC milliseconds: a quarter of an hour before, the fault, and after it.
    ///
    /// - Parameter now: for a drill that is not closed.
    /// - Returns: nil where nothing was induced.
    package func periods(now: Int64) -> (before: Range<Int64>, during: Range<Int64>, after: Range<Int64>)? {
        guard let induced else { return nil }
        let end = max(closed?.wall ?? now, induced.wall)
        let out = min(max(restored?.wall ?? end, induced.wall), end)
        return (induced.wall - 900_000..<induced.wall, induced.wall..<out, out..<end)
    }
}
