extension EngineSnapshot {
    /// A drill as its screen shows it.
    ///
    /// Times are seconds since the drill opened, on a clock that nobody sets, unless the name says otherwise.
    package struct DrillView: Codable, Equatable, Sendable {
        package var id = ""
        package var title = ""
        /// Deployment that is broken.
        package var target = ""
        /// Deployment that should take over; empty where the engine does not say.
        package var secondary = ""
        /// The providers are simulated.
        package var isSimulated = false
        package var startedAt: Int64 = 0
        package var elapsed = 0.0
        /// Of the whole script.
        package var planned = 1_800.0
        package var isOver = false
        /// `aborted`, `stopped`, `interrupted`; nil while the script runs or where it ran to its end.
        package var ending: String?
        package var isFaultIn = false
        package var wasInduced = false
        /// Until the router ends the fault by itself; nil where none is in.
        package var leaseLeft: Double?
        /// Lead, operator, scribe.
        package var crew: [Member] = []
        package var phases: [Phase] = []
        /// Of the phase under way.
        package var steps: [Step] = []
        /// The one that is open; nil after the last.
        package var step: Step?
        /// Its place among all, from 1.
        package var number = 0
        package var count = 0
        /// What the console itself senses of it at this moment.
        package var sensed = ""
        /// How long that has held, and must hold.
        package var held: Double?
        package var holdGoal: Double?
        /// What is asked after it.
        package var next = ""
        package var isLate = false
        /// The word to type before the fault goes in.
        package var asksFor: String?
        /// What stands above the script: a hold, an end, an unverified restore.
        package var notice: String?
        package var isOnHold = false
        /// Something outside the router was not seen to work again: filing takes a reason.
        package var needsReason = false
        /// The last step that a person confirmed, which may be undone.
        package var undoable: String?
        package var stops: [Stop] = []
        package var timings: [Timing] = []
        /// Users' figures of the quarter of an hour before the fault went in; nil until they are read.
        package var before: Figures?
        /// Users' figures of the last five minutes; nil where the engine keeps none.
        package var now: Figures?
        /// Of users since the fault went in; with the verdict as the report has them: while it was in, and the lost ones
        /// until the drill was closed.
        package var requests = 0
        package var failedOver = 0
        package var bySecondary = 0
        package var lost = 0
        package var findings: [Finding] = []
        /// Oldest first, the last hundred.
        package var timeline: [Entry] = []
        /// Where the report was written; nil until then.
        package var report: String?
        package var verdict: String?
        /// The rules behind the verdict and what was seen; empty until then.
        package var checks: [Check] = []
        package init() {}

        /// The headline numbers over a short stretch.
        package struct Figures: Codable, Equatable, Sendable {
            /// Seconds.
            package var p95: Double?
            package var success: Double?
            /// Nano-dollars a request.
            package var cost: Double?
            /// Share of the error budget that is left.
            package var budget: Double?
            package var requests = 0
            package init() {}
        }

        /// One rule of the verdict.
        package struct Check: Codable, Equatable, Sendable {
            package var rule: String
            package var seen: String
            /// Nil where nothing was seen by which to judge.
            package var isMet: Bool?
            package init(rule: String, seen: String, isMet: Bool?) {
                self.rule = rule
                self.seen = seen
                self.isMet = isMet
            }
        }

        package struct Member: Codable, Equatable, Sendable {
            /// `lead`, `operator`, `scribe`.
            package var role: String
            package var name: String?
            package init(role: String, name: String? = nil) {
                self.role = role
                self.name = name
            }
        }

        package struct Phase: Codable, Equatable, Sendable {
            package enum State: String, Codable, Sendable { case done, current, ahead, notReached }
            package var title: String
            package var state: State
            package var plannedFrom: Double
            package var plannedTo: Double
            package var start: Double?
            package var end: Double?
            package init(
                title: String,
                state: State,
                plannedFrom: Double,
                plannedTo: Double,
                start: Double? = nil,
                end: Double? = nil
            ) {
                self.title = title
                self.state = state
                self.plannedFrom = plannedFrom
                self.plannedTo = plannedTo
                self.start = start
                self.end = end
            }
        }

        package struct Step: Codable, Equatable, Sendable {
            package enum Kind: String, Codable, Sendable { case sensed, confirm, act }
            package enum Answer: String, Codable, Sendable { case nothing, text, number, choice }
            package enum State: String, Codable, Sendable { case open, done, skipped, notReached }
            package var id: String
            package var role: String
            package var kind: Kind
            package var text: String
            package var expected: String
            package var why = ""
            package var ifItFails = ""
            package var state = State.open
            /// What was answered, or is seen.
            package var value = ""
            package var answer = Answer.nothing
            package var unit = ""
            package var choices: [String] = []
            /// `induce`, `restore`, `sign`, `file`; nil where it does nothing.
            package var act: String?
            /// When it was done or skipped; nil until then.
            package var at: Double?
            package init(id: String, role: String, kind: Kind, text: String, expected: String) {
                self.id = id
                self.role = role
                self.kind = kind
                self.text = text
                self.expected = expected
            }
        }

        package struct Stop: Codable, Equatable, Sendable {
            package var text: String
            package var value: String
            package var isBroken: Bool
            package init(text: String, value: String, isBroken: Bool) {
                self.text = text
                self.value = value
                self.isBroken = isBroken
            }
        }

        package struct Timing: Codable, Equatable, Sendable {
            package var name: String
            package var seconds: Double?
            package init(name: String, seconds: Double? = nil) {
                self.name = name
                self.seconds = seconds
            }
        }

        package struct Finding: Codable, Equatable, Sendable {
            package var id: String
            package var text: String
            package var owner: String
            package var due: String
            package var isOpen: Bool
            /// `mitigate`, `prevent`, `detect`, `process`; empty where the engine does not say.
            package var kind = ""
            package init(id: String, text: String, owner: String, due: String, isOpen: Bool) {
                self.id = id
                self.text = text
                self.owner = owner
                self.due = due
                self.isOpen = isOpen
            }
        }

        package struct Entry: Codable, Equatable, Sendable {
            package var at: Double
            /// `auto` for what was sensed, else a person's word: `note`, `todo`, `done`.
            package var source: String
            package var text: String
            package init(at: Double, source: String, text: String) {
                self.at = at
                self.source = source
                self.text = text
            }
        }
    }

    /// Earlier drills, how boring they have become, and the scenarios of the next one.
    package struct DrillHistoryView: Codable, Equatable, Sendable {
        package struct Row: Codable, Equatable, Sendable {
            package var id: String
            package var at: Int64
            package var scenario: String
            package var provider: String
            package var person: String
            /// `pass`, `pass with findings`, `fail`, `aborted`, `open`.
            package var verdict: String
            /// Seconds to the first failed-over success.
            package var failover: Double?
            package var lost: Int
            package init(
                id: String,
                at: Int64,
                scenario: String,
                provider: String,
                person: String,
                verdict: String,
                failover: Double? = nil,
                lost: Int = 0
            ) {
                self.id = id
                self.at = at
                self.scenario = scenario
                self.provider = provider
                self.person = person
                self.verdict = verdict
                self.failover = failover
                self.lost = lost
            }
        }

        package struct Scenario: Codable, Equatable, Sendable {
            package var id: String
            package var title: String
            package var expectation: String
            /// Where a recorded incident comes from; empty for a plain fault.
            package var source: String
            /// Drills of it so far.
            package var count: Int
            /// How the last of them ended, as in a row of the history; nil where there was none.
            package var last: String?
            /// Why it can't be run here; nil where it can.
            package var problem: String?
            package init(
                id: String,
                title: String,
                expectation: String,
                source: String = "",
                count: Int = 0,
                last: String? = nil,
                problem: String? = nil
            ) {
                self.id = id
                self.title = title
                self.expectation = expectation
                self.source = source
                self.count = count
                self.last = last
                self.problem = problem
            }
        }

        /// What can be broken: a primary with another deployment to fail over to.
        package struct Target: Codable, Equatable, Sendable {
            /// Model group.
            package var group: String
            /// Deployment.
            package var id: String
            package var provider: String
            /// Deployment that should take over.
            package var secondary: String
            package init(group: String, id: String, provider: String, secondary: String) {
                self.group = group
                self.id = id
                self.provider = provider
                self.secondary = secondary
            }
        }

        /// Newest first, 50 at most.
        package var rows: [Row] = []
        /// The first is what is broken unless another is chosen; empty where the engine offers no choice.
        package var targets: [Target] = []
        package var scenarios: [Scenario] = []
        package var streak = 0
        package var boringStreak = 3
        /// `weekly`, `monthly`, `quarterly`.
        package var cadence = "weekly"
        /// Nil before the first drill.
        package var daysSinceLast: Int?
        package var openFindings = 0
        /// Seconds that every drill takes, where the engine leaves no choice.
        package var fixedLength: Double?
        package init() {}

        package var isBoring: Bool { streak >= boringStreak }
    }
}

/// What a person does in a drill.
package struct DrillCommand: Codable, Equatable, Sendable {
    /// The person's name.
    package var by: String
    package var action: Action

    package enum Action: Codable, Equatable, Sendable {
        /// Compressed: the script in a sixth of its time, in the demo only. `group` is the one whose primary is broken; nil: the
        /// first.
        case open(scenario: String, isCompressed: Bool, group: String? = nil)
        case assign(role: String, to: String)
        case confirm(step: String, value: String)
        case act(step: String, typed: String)
        case restore
        case undo(step: String, reason: String)
        case skip(step: String, reason: String)
        case hold(reason: String)
        case release
        /// `kind` is `note`, `todo` or `decision`; `pressedAt` UTC milliseconds at which the key was pressed.
        case note(kind: String, text: String, pressedAt: Int64)
        /// `kind` is `mitigate`, `prevent`, `detect` or `process`; `due` is written as 2026-12-04.
        case finding(text: String, owner: String, kind: String, due: String)
        case closeFinding(id: String)
        case abort(reason: String)
    }

    package init(by: String, _ action: Action) {
        self.by = by
        self.action = action
    }
}
