extension Drill {
    /// What can happen to a drill.
    package enum Event: Equatable, Sendable {
        // A person's.
        case assign(DrillRole, to: String, by: String)
        /// Confirms an open-loop step.
        case confirm(step: String, value: String, by: String)
        /// Does a step that acts; `typed` is the word where one is asked for, and for `file` the reason where something
        /// is left unverified.
        case act(step: String, typed: String, by: String)
        /// Takes the fault out, whatever step it is.
        case restore(by: String)
        /// Reopens a step that was confirmed, as a correction.
        case undo(step: String, reason: String, by: String)
        case skip(step: String, reason: String, by: String)
        case hold(reason: String, by: String)
        case release(by: String)
        /// Stamped with the moment at which the key was pressed, which is earlier than the event's own.
        case note(NoteKind, String, pressed: Moment, by: String)
        case finding(String, owner: String, kind: Finding.Kind, due: String, by: String)
        case closeFinding(id: String, by: String)
        case abort(reason: String, by: String)

        // Sensed.
        case sensed(Evidence, Reading)
        /// What the stop rules look at; the drill fills in its own times.
        case figures(StopFigures)
        /// Once a second or so.
        case tick
        /// The router has ended the fault by itself.
        case leaseExpired
        /// The router or the provider would not take the fault.
        case faultRefused(String)
        /// Something else is really broken: another provider fails, say.
        case incident(String)
        /// A line could not be written; the `induce` behind it was not carried out.
        case journalFailed(String)
        /// The program runs again, and this drill was open when it ended.
        case restarted
    }

    package enum NoteKind: String, Codable, Sendable {
        case note, todo, decision
    }

    /// What must be done, in the order given.
    ///
    /// An `induce` after a `write` that failed must not be carried out; everything else must be all the same, so that a
    /// full disk never keeps a fault in.
    package enum Effect: Equatable, Sendable {
        /// Seal it into the chain and sync it.
        case write(JournalRecord)
        /// Break it, under this lease, which replaces the drill's earlier one; answer with `sensed(.faultIn)` or
        /// `faultRefused`.
        case induce(Lease)
        /// Take out whatever this drill put in, and let the primary serve again; answer with `sensed(.faultOut)`.
        /// May come more than once, and where nothing is in. What a person did by hand only they can undo: there the
        /// answer waits until the primary answers.
        case restore(Removal)
        case probe(Probe)
        /// A message for every pager, beginning with `[DRILL]`.
        case tellPagers(String)
        case writeReport
        /// The drill is over.
        case end
    }

    /// What is probed; each is answered by the evidence of its name.
    package enum Probe: String, Sendable {
        case secondary, restorePath, pagers, primary

        package var evidence: Evidence {
            switch self {
            case .secondary: .secondaryAnswers
            case .restorePath: .restorePathProven
            case .pagers: .pagersReached
            case .primary: .primaryAnswers
            }
        }
    }

    /// Why an event changes nothing, in words for the person who caused it.
    package struct Refusal: Error, Equatable, Sendable {
        package let reason: String
        package init(_ reason: String) { self.reason = reason }
    }

    /// One event being handled: its moment and what comes of it.
    struct Turn {
        let moment: Moment
        var effects: [Effect] = []
        init(_ moment: Moment) { self.moment = moment }
        var now: Duration { moment.elapsed }
    }
}
