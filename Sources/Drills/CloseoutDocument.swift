extension Closeout {
    /// Its sections, in the order in which a reader asks.
    var document: Document {
        Document(
            title: "Closeout: \(drill.plan.scenario.title)",
            sections: [
                identity, result, charts, timings, impact, budget, faultList, alerts, narrative, findings, checklist,
                timeline, evidence, signOff,
            ],
            footer: "Checksum of this text, its own digits taken as zeros: " + Checksum.zeros
        )
    }

    private var identity: Document.Section {
        let plan = drill.plan
        let people =
            DrillRole.allCases.map { "\($0.rawValue): \(drill.crew[$0] ?? "—")" }
            + ["approved by: \(approver ?? "nobody")"] + observers.map { "observer: \($0)" }
        var rows = [
            ["Drill", plan.id], ["Scenario", "\(plan.scenario.title) (\(plan.scenario.id))"],
            ["Expected", plan.scenario.faults.first?.expectation ?? ""], ["Hypothesis", or(answer("hypothesis"))],
            ["Opened", Words.date(openedAt)], ["Closed", times.closed.map { Words.date($0.wall) } ?? "still open"],
            ["Took", times.closed.map { "\(Words.clock($0.elapsed)) of \(Words.clock(plan.script.planned))" } ?? "—"],
            ["People", people.joined(separator: ", ")],
            ["Environment", surroundings.environment + (plan.isSimulated ? ", simulated providers, real router" : "")],
            [
                "Versions",
                "\(surroundings.version), config \(surroundings.configHash), prices \(surroundings.priceTable), "
                    + "script \(plan.script.id) \(plan.script.version)",
            ],
            ["Status", status + (deviated ? ", deviated" : "")],
        ]
        if let incident = plan.scenario.incident {
            rows += [
                ["Incident replayed", incident.happened], ["Source", incident.source],
                ["Assumed for the replay", or(incident.assumed)], ["Lesson", incident.lesson],
            ]
        }
        return Document.Section("What was drilled", [.table([], rows)])
    }

    private var result: Document.Section {
        let rows = verdict.checks.map { check in
            let met = check.isMet.map { $0 ? "yes" : "NO" } ?? "—"
            return [met, check.rule, check.seen, check.isMet.map { $0 ? "" : check.otherwise.words } ?? "not judged"]
        }
        return Document.Section(
            "Verdict: \(verdict.outcome.words)",
            [
                .line(or(answer("summary"))),
                .line("Each rule, whether it was met, and what it means where it was not; the worst one decides."),
                .table(["Met", "Rule", "Seen", "Otherwise"], rows),
            ]
        )
    }

    private var charts: Document.Section {
        Document.Section(
            "Plan and course",
            [.charts, .table(["Phase", "Planned", "Began", "Ended", "Against plan"], paceRows)]
        )
    }

    private var paceRows: [[String]] {
        drill.pace().map { pace in
            [
                pace.kind.title, Words.clock(pace.planned.lowerBound) + " to " + Words.clock(pace.planned.upperBound),
                pace.start.map(Words.clock) ?? "not reached", pace.end.map(Words.clock) ?? "—",
                pace.delta.map(Words.delta) ?? "—",
            ]
        }
    }

    private var timings: Document.Section {
        let rows = times.rows.map { row in
            [
                row.name.first.map { $0.uppercased() + row.name.dropFirst() } ?? "",
                row.time.map(Words.length) ?? row.otherwise, row.at.map { Words.clock($0.elapsed) } ?? "—",
                row.at.map { Words.stamp($0.wall) } ?? "—",
            ]
        }
        let human = answer("detected")
        let note = human.isEmpty ? [] : [Document.Block.line("A person knew after \(human) s, by their own account.")]
        return Document.Section("Times", [.table(["", "Time", "T+", "UTC"], rows)] + note)
    }

    private var impact: Document.Section {
        guard drill.wasInduced else {
            return Document.Section("Requests and cost", [.line("Not measured: nothing was broken.")])
        }
        let periods = [figures.before, figures.during, figures.after]
        func row(_ name: String, _ value: (PeriodFigures) -> String) -> [String] { [name] + periods.map(value) }
        func time(_ time: Duration?) -> String { time.map(Words.length) ?? "—" }
        return Document.Section(
            "Requests and cost",
            [
                .table(
                    ["", "15 min before", "During", "After"],
                    [
                        row("Requests") { "\($0.requests)" }, row("Failed") { "\($0.failed)" },
                        row("Retried, not failed over") { "\($0.retried)" }, row("Failed over") { "\($0.failedOver)" },
                        row("Answered by the secondary") { "\($0.bySecondary)" },
                        row("Served stale") { "\($0.stale)" }, row("Streams cut") { "\($0.cut)" },
                        row("Success rate") { $0.success.map { Words.percent($0) } ?? "—" },
                        row("p50") { time($0.p50) }, row("p95") { time($0.p95) }, row("p99") { time($0.p99) },
                        row("Cost per request") { $0.costPerRequest.map(Words.money) ?? "—" },
                        row("Spend") { Words.money(Double($0.spend)) },
                    ]
                ),
                .line(
                    "Extra spend by failing over: \(figures.extraSpend.map(Words.money) ?? "not known"); probes of the "
                        + "drill, not counted above: \(Words.money(Double(figures.probeSpend)))."
                ),
            ]
        )
    }

    private var budget: Document.Section {
        func left(_ budget: BudgetFigures) -> String {
            guard let remaining = budget.remaining else { return "no traffic yet" }
            let allowed = Words.grouped(Words.decimal(budget.allowed, 1))
            return "\(Words.percent(remaining, 1)) (\(budget.bad) of \(allowed) failures)"
        }
        let share = figures.budgetSpent.map { ", " + Words.percentAtMost($0) } ?? ", a share that is not known"
        let outage = figures.lost > 0 ? figures.outageEquivalent : nil
        let time = outage.map { ", as by an outage of \(Words.length($0))" } ?? ""
        let spent = drill.wasInduced ? "\(figures.lost) failures\(share)\(time)" : "not measured: nothing was broken"
        let rest = figures.budgetAfter.remaining == nil ? "not known" : "it lasts"
        let hours = figures.exhaustedIn.map { Words.decimal($0.inSeconds / 3_600, 1) }
        var blocks: [Document.Block] = [
            .table(
                [],
                [
                    ["Left when it opened", left(figures.budgetBefore)],
                    ["Left when it closed", left(figures.budgetAfter)], ["Spent by the drill", spent],
                    ["At the rate of the last six hours", hours.map { "spent in \($0) h" } ?? rest],
                    ["Under the policy", figures.budgetAfter.policy?.words ?? "not known"],
                ]
            ),
            .line("Each over the window that ended then: the more traffic it holds, the more failures it allows."),
        ]
        if isOutage {
            blocks.append(
                .line(
                    "More than \(Words.percent(DrillVerdict.largeSpend, 0)) by one cause: the policy asks for a postmortem."
                )
            )
        }
        return Document.Section("Error budget", blocks)
    }

    private var faultList: Document.Section {
        func at(_ moment: Moment?) -> String {
            moment.map { "\(Words.clock($0.elapsed)) (\(Words.time($0.wall)))" } ?? "—"
        }
        func kind(_ fault: FaultLine) -> String {
            (fault.isReal ? "real" : "simulated") + (drill.plan.isSimulated ? ", provider simulated" : "")
        }
        let rows = faults.map { fault in
            [
                fault.title, fault.target, Words.percent(fault.share, 0), kind(fault), at(fault.intended),
                at(fault.effective), at(fault.ended), at(fault.verified),
            ]
        }
        return Document.Section(
            "Faults",
            rows.isEmpty
                ? [.line("Nothing was broken.")]
                : [.table(["Fault", "At", "Share", "Kind", "In", "Effective", "Out", "Seen to work"], rows)]
                    + [.line("Taken out \(times.removal?.words ?? "—").")]
        )
    }

    /// One row an alert; where the ledger has none, what the journal saw.
    private var alertTable: Document.Block {
        func row(_ name: String, _ moment: Moment?, _ evidence: Evidence) -> [String] {
            [name, moment.map { Words.stamp($0.wall) } ?? "not seen", drill.reading(of: evidence)?.value ?? ""]
        }
        guard !figures.alerts.isEmpty else {
            return .table(
                ["Expected", "Seen", "What"],
                [
                    row("fires", times.alerted, .alertFired),
                    row("is acknowledged", times.acknowledged, .alertAcknowledged),
                    row("resolves by itself", times.alertResolved, .alertResolved),
                ]
            )
        }
        func stamp(_ wall: Int64?) -> String { wall.map(Words.stamp) ?? "not seen" }
        return .table(
            ["Alert", "Fired", "Acknowledged", "Resolved"],
            figures.alerts.map { alert in
                let person = alert.acknowledgedBy.map { ", by \($0)" } ?? ""
                return [alert.alert, stamp(alert.fired), stamp(alert.acknowledged) + person, stamp(alert.resolved)]
            }
        )
    }

    private var alerts: Document.Section {
        func list(_ alerts: [String]) -> String { alerts.isEmpty ? "none" : alerts.joined(separator: ", ") }
        let foreign = drill.records.filter { $0.kind == .stop && ["alert", "incident"].contains($0.subject) }
        return Document.Section(
            "Alerts",
            [
                alertTable,
                .line(
                    "Other alerts or incidents meanwhile: "
                        + (foreign.isEmpty ? "none." : foreign.map(\.text).joined(separator: "; "))
                ),
                .line("False pages, fired meanwhile and not by the drill: \(list(figures.foreignAlerts))."),
                .line("Without data meanwhile: \(list(figures.alertsWithoutData))."),
            ]
        )
    }

    private var narrative: Document.Section {
        func lines(_ kind: JournalRecord.Kind) -> [String] {
            drill.records.filter { $0.kind == kind && (kind != .note || $0.who != nil) }.map {
                "T+\(Words.clock($0.elapsed)) \($0.text)" + ($0.who.map { " (\($0))" } ?? "")
            }
        }
        var blocks: [Document.Block] = [
            .line("What went well, what did not: \(or(answer("went")))"),
            .line("Surprises and luck: \(or(answer("surprise")))"),
        ]
        for (title, kind) in [
            ("Decisions", JournalRecord.Kind.decision), ("To do", .todo), ("Notes", .note), ("Holds", .hold),
            ("Skipped", .skipped), ("Corrections", .correction), ("Stopped by", .stop),
        ] where !lines(kind).isEmpty {
            blocks += [.line("\(title):"), .list(lines(kind))]
        }
        return Document.Section("What people wrote", blocks)
    }

    private var findings: Document.Section {
        let rows = drill.findings.map { finding in
            [
                finding.id, finding.text, finding.kind.rawValue, finding.owner, finding.due,
                finding.closedBy.map { "closed by \($0)" } ?? "open",
            ]
        }
        return Document.Section(
            "Findings",
            rows.isEmpty ? [.line("None.")] : [.table(["Id", "Finding", "Kind", "Owner", "Due", "State"], rows)]
        )
    }

    private var checklist: Document.Section {
        let rows = drill.plan.script.steps.map { step in
            let mark = drill.mark(of: step)
            return [
                step.role.rawValue, step.text, mark.map(Self.words) ?? "open", mark?.value ?? "", mark?.doer ?? "",
                mark.map { Words.clock($0.at.elapsed) } ?? "—",
            ]
        }
        return Document.Section("Checklist", [.table(["Role", "Step", "How", "Answer", "By", "T+"], rows)])
    }

    private static func words(_ mark: Drill.Mark) -> String {
        switch mark.how {
        case .ticked: "sensed"
        case .confirmed: "confirmed"
        case .skipped: "skipped"
        case .notReached: "not reached"
        }
    }

    private var timeline: Document.Section {
        // A tick follows the line of its evidence, and stands in the checklist.
        let rows = drill.records.filter { $0.kind != .ticked }.map { record in
            [Words.clock(record.elapsed), Words.time(record.wall), record.who ?? "auto", record.line]
        }
        return Document.Section("Timeline", [.table(["T+", "UTC", "Who", "What"], rows)])
    }

    private var evidence: Document.Section {
        let state = journal.broken.map { "broken at line \($0.index): \($0.reason)" } ?? "whole"
        let requests = figures.evidence.isEmpty ? "—" : figures.evidence.joined(separator: ", ")
        return Document.Section(
            "Evidence",
            [
                .table(
                    [],
                    [
                        ["Journal", "\(journal.count) lines, the chain is \(state)"],
                        ["Its last hash", journal.lastHash],
                        ["Requests", requests], ["Not recorded", Self.notRecorded.joined(separator: "; ")],
                    ]
                )
            ]
        )
    }

    private var signOff: Document.Section {
        let rows = DrillRole.allCases.map { role in
            let signature = drill.signatures[role]
            return [
                role.rawValue, signature?.name ?? drill.crew[role] ?? "—",
                signature.map { Words.date($0.at.wall) } ?? "not signed",
            ]
        }
        return Document.Section("Signed off", [.table(["Role", "Name", "When"], rows)])
    }

    private func or(_ text: String) -> String { text.isEmpty ? "—" : text }
}

extension JournalRecord {
    /// As it reads in a timeline, without time and name.
    package var line: String {
        let detail = text.isEmpty ? "" : ": " + text
        switch kind {
        case .opened: return "drill opened" + detail
        case .crew: return "\(subject) is \(text)"
        case .phase: return "phase \(Script.Phase.Kind(rawValue: subject)?.title ?? subject)"
        case .ticked: return "sensed \(subject)" + detail
        case .confirmed: return "confirmed \(subject)" + detail
        case .declined: return "answered \(subject)" + detail
        case .correction: return "took back \(subject)" + detail
        case .skipped: return "skipped \(subject)" + detail
        case .hold: return "hold" + detail
        case .release: return "hold released" + detail
        case .note, .todo, .decision: return kind.rawValue + detail
        case .finding: return "finding \(subject)" + detail
        case .findingClosed: return "closed finding \(subject)" + detail
        case .evidence:
            return (Evidence(rawValue: subject)?.words(holds: fields["holds"] == "yes") ?? subject) + detail
        case .intent: return "fault in" + detail + (fields["target"].map { " at \($0)" } ?? "")
        case .restore: return "fault taken out, " + text
        case .stop: return "stopped" + detail
        case .abort: return "aborted" + detail
        case .restart: return "interrupted" + detail
        case .problem: return "problem" + detail
        case .signed: return "signed as \(role?.rawValue ?? "")"
        case .closed: return "report filed, drill closed"
        }
    }
}
