extension Script {
    /// The Friday drill: thirty minutes, three roles, one fault.
    ///
    /// A team copies it as a `ScriptForm` and changes what it likes.
    package static let friday = Script(
        id: "friday",
        title: "Friday drill",
        version: 1,
        phases: [brief, preChecks, baseline, induce, observe, restore, verify, closeout]
    )

    private static let brief = Phase(
        kind: .brief,
        planned: .seconds(120),
        steps: [
            .sensed(
                "roles",
                .lead,
                .rolesHeld,
                "Who leads, who operates, who writes?",
                "THREE ROLES HELD",
                why: "the lead decides, the operator acts, the scribe writes; whoever does two does neither well"
            ),
            .confirm(
                "hypothesis",
                .lead,
                .text,
                "What do we expect to see, and within how long?",
                "ONE SENTENCE",
                why: "a surprise is only seen by who had an expectation",
                ifItFails: Script.Step.nothingIsBroken
            ),
            .confirm(
                "stop-rules",
                .operator,
                .nothing,
                "Read me the stop rules and how to abort.",
                "! THEN Y, FROM ANYWHERE",
                why: "stopping must be the easiest act of all",
                ifItFails: Script.Step.nothingIsBroken
            ),
        ]
    )

    private static let preChecks = Phase(
        kind: .preChecks,
        planned: .seconds(180),
        steps: Evidence.preChecks.map { evidence in
            .sensed(
                evidence.rawValue.replacing("_", with: "-"),
                .operator,
                evidence,
                evidence.words + "?",
                "YES",
                why: "a drill that starts from a sick router teaches nothing and may hurt",
                ifItFails: evidence.mend
            )
        } + [
            .confirm(
                "go",
                .lead,
                .choice(["GO", "NO-GO"]),
                "All checks seen: go or no-go?",
                "GO",
                why: "one person decides, aloud",
                ifItFails: Script.Step.nothingIsBroken
            )
        ]
    )

    private static let baseline = Phase(
        kind: .baseline,
        planned: .seconds(120),
        steps: [
            .sensed(
                "baseline",
                .operator,
                .baselineTaken,
                "Baseline: success, latency, cost?",
                "MEASURED",
                why: "after means nothing without before"
            ),
            .confirm(
                "baseline-read",
                .scribe,
                .text,
                "Read the baseline back.",
                "P95 AND SUCCESS RATE",
                why: "answering with the value proves that the screen was read",
                ifItFails: Script.Step.nothingIsBroken
            ),
        ]
    )

    private static let induce = Phase(
        kind: .induce,
        planned: .seconds(180),
        steps: [
            .sensed(
                "secondary-still",
                .operator,
                .secondaryAnswers,
                "Does the secondary still answer?",
                "YES",
                why: "it is about to carry everything"
            ),
            .act(
                "induce",
                .operator,
                .induce,
                "Operator, put the fault in.",
                "FAULT IN",
                why: "a failover that was never seen is a hope"
            ),
            .sensed(
                "effective",
                .operator,
                .failureSeen,
                "Is the first failure there?",
                "SEEN AND CLASSIFIED",
                why: "a fault in the wrong place looks like a success",
                timeout: .seconds(60)
            ),
        ]
    )

    private static let observe = Phase(
        kind: .observe,
        planned: .seconds(360),
        steps: [
            .sensed(
                "failover",
                .operator,
                .failoverSeen,
                "First failed-over success?",
                "SEEN",
                why: "this is what is being drilled",
                timeout: .seconds(10)
            ),
            .confirm(
                "detected",
                .scribe,
                .number(unit: "s"),
                "How long until a person knew?",
                "SECONDS",
                why: "Nines knows when it noticed; only you know when you did"
            ),
            .sensed(
                "alert",
                .lead,
                .alertFired,
                "Did the alert fire?",
                "FIRED",
                why: "an untested alert is no alert",
                timeout: .seconds(120)
            ),
            .sensed(
                "acknowledged",
                .operator,
                .alertAcknowledged,
                "Did someone acknowledge it?",
                "ACKNOWLEDGED",
                why: "an alert that nobody takes is noise",
                timeout: .seconds(60)
            ),
            .sensed(
                "success-held",
                .operator,
                .successInTarget,
                "Success rate?",
                "IN TARGET FOR TWO MINUTES",
                holding: .seconds(120),
                why: "the secondary must carry the load, not only one request"
            ),
            .sensed(
                "latency-held",
                .operator,
                .latencyInTarget,
                "Read me the latency and how long it has held.",
                "IN TARGET FOR TWO MINUTES",
                holding: .seconds(120),
                why: "a slow failover breaks the promise as an error does"
            ),
            .confirm(
                "restore-go",
                .lead,
                .choice(["GO", "NO-GO"]),
                "Go or no-go to restore?",
                "GO",
                why: "the way back is the second failover"
            ),
        ]
    )

    private static let restore = Phase(
        kind: .restore,
        planned: .seconds(240),
        steps: [
            .act(
                "restore",
                .operator,
                .restore,
                "Operator, take the fault out.",
                "FAULT OUT",
                why: "undo what was done"
            ),
            .sensed(
                "fault-out",
                .operator,
                .faultOut,
                "Is it out?",
                "NOTHING LEFT IN",
                why: "believe the router, not the key",
                timeout: .seconds(10)
            ),
            .sensed(
                "primary",
                .operator,
                .primaryAnswers,
                "Does the primary answer?",
                "ANSWERED",
                why: "a restore is done when it was seen to work",
                timeout: .seconds(60)
            ),
        ]
    )

    private static let verify = Phase(
        kind: .verify,
        planned: .seconds(300),
        steps: [
            .sensed(
                "success-back",
                .operator,
                .successInTarget,
                "Success rate?",
                "IN TARGET FOR A MINUTE",
                holding: .seconds(60),
                why: "after must be as before",
                ifItFails: Script.Step.noteAndSkip
            ),
            .sensed(
                "latency-back",
                .operator,
                .latencyInTarget,
                "Latency?",
                "IN TARGET FOR A MINUTE",
                holding: .seconds(60),
                why: "after must be as before",
                ifItFails: Script.Step.noteAndSkip
            ),
            .sensed(
                "alert-resolved",
                .lead,
                .alertResolved,
                "Did the alert resolve by itself?",
                "RESOLVED",
                why: "an alert that stays on is soon ignored",
                timeout: .seconds(180)
            ),
            .confirm(
                "as-before",
                .lead,
                .choice(["YES", "NO"]),
                "Is everything as it was before?",
                "YES",
                why: "name what is not: it is a finding",
                ifItFails: Script.Step.noteAndSkip
            ),
        ]
    )

    private static let closeout = Phase(
        kind: .closeout,
        planned: .seconds(300),
        steps: [
            .confirm(
                "summary",
                .scribe,
                .text,
                "What happened, in one sentence?",
                "ONE SENTENCE",
                why: "what can't be said in one was not understood",
                ifItFails: Script.Step.leftOut
            ),
            .confirm(
                "went",
                .scribe,
                .text,
                "What went well, what did not, and why?",
                "ONE SENTENCE EACH",
                why: "causes, not culprits",
                ifItFails: Script.Step.leftOut
            ),
            .confirm(
                "surprise",
                .lead,
                .text,
                "What surprised us? Where were we lucky?",
                "ONE SENTENCE, OR: NOTHING",
                why: "luck is the finding that nobody writes down",
                ifItFails: Script.Step.leftOut
            ),
            .act("sign-lead", .lead, .sign, "Lead, do you sign?", "SIGNED", why: "a name stands for it"),
            .act("sign-operator", .operator, .sign, "Operator, do you sign?", "SIGNED", why: "a name stands for it"),
            .act("sign-scribe", .scribe, .sign, "Scribe, do you sign?", "SIGNED", why: "a name stands for it"),
            .act("file", .scribe, .file, "File the report.", "FILED", why: "what isn't filed didn't happen"),
        ]
    )
}

extension Script.Step {
    fileprivate static let restoreAtOnce = "! then y restores at once; the finding is kept"
    fileprivate static let nothingIsBroken = "! then y closes the drill: nothing is broken yet"
    fileprivate static let noteAndSkip = "note the finding, then skip with a reason"
    fileprivate static let leftOut = "skip with a reason: the report says what was left out"

    private static func ifItFails(_ act: Act) -> String {
        switch act {
        case .induce: "! then y aborts, and takes out what went in"
        case .restore: "the lease ends the fault in any case; then find out why the restore did not"
        case .sign: "skip with a reason: the report says who did not sign"
        case .file: "the report is kept in the database and written later"
        }
    }

    fileprivate static func sensed(
        _ id: String,
        _ role: DrillRole,
        _ evidence: Evidence,
        _ text: String,
        _ expected: String,
        holding: Duration = .zero,
        why: String,
        ifItFails: String? = nil,
        timeout: Duration? = nil
    ) -> Self {
        Self(
            id: id,
            role: role,
            kind: .sensed(evidence, holding: holding),
            text: text,
            expected: expected,
            why: why,
            ifItFails: ifItFails ?? evidence.mend,
            timeout: timeout
        )
    }

    fileprivate static func confirm(
        _ id: String,
        _ role: DrillRole,
        _ answer: Answer,
        _ text: String,
        _ expected: String,
        why: String,
        ifItFails: String = restoreAtOnce
    ) -> Self {
        Self(
            id: id,
            role: role,
            kind: .confirmed(answer),
            text: text,
            expected: expected,
            why: why,
            ifItFails: ifItFails,
            timeout: nil
        )
    }

    fileprivate static func act(
        _ id: String,
        _ role: DrillRole,
        _ act: Act,
        _ text: String,
        _ expected: String,
        why: String
    ) -> Self {
        Self(
            id: id,
            role: role,
            kind: .act(act),
            text: text,
            expected: expected,
            why: why,
            ifItFails: ifItFails(act),
            timeout: nil
        )
    }
}
