/// What the drills have shown so far.
package struct KitDrills: Sendable {
    /// One drill that was closed out.
    package struct Drill: Sendable {
        package var id: String
        package var title: String
        /// When it began, UTC milliseconds.
        package var at: Int64
        /// As its report says it: `pass`.
        package var verdict: String
        package var isPassed: Bool
        /// From the fault to the first failed-over success; nil where none was seen.
        package var failover: Duration?
        /// User requests that failed while the fault was in.
        package var failed: Int?

        package init(
            id: String,
            title: String,
            at: Int64,
            verdict: String,
            isPassed: Bool,
            failover: Duration? = nil,
            failed: Int? = nil
        ) {
            self.id = id
            self.title = title
            self.at = at
            self.verdict = verdict
            self.isPassed = isPassed
            self.failover = failover
            self.failed = failed
        }
    }

    /// What a drill found and nobody has mended yet.
    package struct Finding: Sendable {
        package var text: String
        package var owner: String?
        /// `2026-12-04`.
        package var due: String?

        package init(text: String, owner: String? = nil, due: String? = nil) {
            self.text = text
            self.owner = owner
            self.due = due
        }
    }

    /// Nil where there was none yet.
    package var last: Drill?
    /// Passed without a break, up to the last.
    package var streak: Int
    package var findings: [Finding]

    package init(last: Drill?, streak: Int, findings: [Finding] = []) {
        self.last = last
        self.streak = streak
        self.findings = findings
    }
}

/// The script that the drill mode runs, in words.
package struct KitScript: Sendable {
    package struct Phase: Sendable {
        package var title: String
        package var planned: Duration
        package var steps: [Step]

        package init(title: String, planned: Duration, steps: [Step]) {
            self.title = title
            self.planned = planned
            self.steps = steps
        }
    }

    package struct Step: Sendable {
        package var role: String
        /// The challenge, and the response that is expected.
        package var text: String
        package var expected: String
        package var why: String
        package var ifItFails: String
        /// Late after that.
        package var timeout: Duration?
        /// Nines ticks it by itself.
        package var isSensed: Bool

        package init(
            role: String,
            text: String,
            expected: String,
            why: String,
            ifItFails: String,
            timeout: Duration? = nil,
            isSensed: Bool = false
        ) {
            self.role = role
            self.text = text
            self.expected = expected
            self.why = why
            self.ifItFails = ifItFails
            self.timeout = timeout
            self.isSensed = isSensed
        }
    }

    /// A name and what it means: a role, a fault.
    package struct Entry: Sendable {
        package var name: String
        package var text: String

        package init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    package var title: String
    package var version: Int
    package var roles: [Entry]
    /// Ways to induce a failure.
    package var faults: [Entry]
    /// When the router takes the fault out by itself, a sentence each.
    package var stopRules: [String]
    /// What makes a drill count toward the streak, a sentence each.
    package var streakRules: [String] = []
    /// Of the error budget: below that none begins.
    package var leastBudget = 0.0
    /// Of what is left of the error budget when it begins: beyond that, and beyond `fewestFailures`, it stops by itself.
    package var mostOfBudget = 0.0
    package var fewestFailures = 0
    /// How a person does.
    package var abort: String
    package var phases: [Phase]

    package init(
        title: String,
        version: Int,
        roles: [Entry],
        faults: [Entry],
        stopRules: [String],
        abort: String,
        phases: [Phase]
    ) {
        self.title = title
        self.version = version
        self.roles = roles
        self.faults = faults
        self.stopRules = stopRules
        self.abort = abort
        self.phases = phases
    }
}
