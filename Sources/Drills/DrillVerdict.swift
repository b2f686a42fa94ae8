/// How a drill went, by rules that stand in its report.
package struct DrillVerdict: Codable, Equatable, Sendable {
    package let outcome: Outcome
    package let checks: [Check]

    package enum Outcome: String, Codable, CaseIterable, Sendable {
        case pass
        case passWithFindings = "pass_with_findings"
        case fail, aborted

        package var words: String { self == .passWithFindings ? "pass with findings" : rawValue }
    }

    /// One rule and what was seen.
    package struct Check: Codable, Equatable, Sendable {
        package let rule: String
        package let seen: String
        /// Nil where nothing was seen by which to judge.
        package let isMet: Bool?
        /// What it means where it is not met.
        package let otherwise: Outcome
    }

    /// Judges a drill by its journal and the ledger's figures.
    ///
    /// `journalIsWhole` is what `Journal.verify` found.
    package init(_ drill: Drill, _ figures: LedgerFigures, journalIsWhole: Bool) {
        let judge = Judge(drill: drill, figures: figures, times: Timings(drill))
        checks = judge.ends + judge.failures(journalIsWhole) + judge.findings
        let missed = Set(checks.filter { $0.isMet == false }.map(\.otherwise))
        outcome = [.aborted, .fail, .passWithFindings].first(where: missed.contains) ?? .pass
    }

    /// At most this share of the budget for a clean pass.
    package static let smallSpend = 0.01
    /// One outage that takes more calls for a postmortem (Google SRE Workbook, appendix B).
    package static let largeSpend = 0.2
    /// Fewer requests prove nothing.
    package static let fewestRequests = 20
}

private struct Judge {
    let drill: Drill
    let figures: LedgerFigures
    let times: Timings

    private func check(_ rule: String, _ seen: String, _ isMet: Bool?, _ otherwise: DrillVerdict.Outcome)
        -> DrillVerdict.Check
    {
        DrillVerdict.Check(rule: rule, seen: seen, isMet: isMet, otherwise: otherwise)
    }

    /// A rule about the fault, which nothing says anything of where none went in.
    private func ofFault(_ rule: String, _ seen: String, _ isMet: Bool?, _ otherwise: DrillVerdict.Outcome)
        -> DrillVerdict.Check
    {
        drill.wasInduced ? check(rule, seen, isMet, otherwise) : check(rule, "nothing was broken", nil, otherwise)
    }

    private func time(_ time: Duration?) -> String { time.map(Words.length) ?? "not seen" }

    /// What a router can hide from clients by failing over.
    private var expectsFailover: Bool {
        drill.plan.scenario.faults.contains { ![.unseen, .brokenStream].contains($0.signature) }
    }

    private var expectsCuts: Bool { drill.plan.scenario.faults.contains { $0.signature == .brokenStream } }

    var ends: [DrillVerdict.Check] {
        let isBroken = times.induced != nil
        return [
            check("the script ran to its end", drill.ending?.rawValue ?? "it did", drill.ending == nil, .aborted),
            check("something was broken", isBroken ? "it was" : "nothing", isBroken, .aborted),
        ]
    }

    func failures(_ journalIsWhole: Bool) -> [DrillVerdict.Check] {
        let target = drill.plan.targetFailover
        let lost = figures.lost - (expectsCuts ? figures.during.cut : 0)
        var checks: [DrillVerdict.Check] = []
        if expectsFailover {
            checks.append(
                ofFault(
                    "a failed-over request succeeded within \(Words.length(target))",
                    time(times.timeToFailover),
                    times.timeToFailover.map { $0 <= target } ?? false,
                    .fail
                )
            )
        }
        let spent = figures.budgetSpent
        // Few requests prove neither.
        let success = figures.after.valid < DrillVerdict.fewestRequests ? nil : figures.after.success
        return checks + [
            expectsCuts
                ? ofFault(
                    "no request of a user was lost, apart from streams that the fault cut",
                    "\(figures.during.cut) cut, \(lost) others lost",
                    lost == 0,
                    .fail
                ) : ofFault("no request of a user was lost", "\(lost) lost", lost == 0, .fail),
            ofFault("the primary answered after the restore", time(times.timeToRecover), times.recovered != nil, .fail),
            ofFault(
                "afterwards the success rate was at least \(Words.percent(figures.successTarget))",
                figures.after.success.map { Words.percent($0) } ?? "no requests",
                success.map { $0 >= figures.successTarget },
                .fail
            ),
            ofFault(
                "at most \(Words.percent(DrillVerdict.largeSpend, 0)) of the error budget was spent",
                spent.map { Words.percentAtMost($0) } ?? "not known",
                spent.map { $0 <= DrillVerdict.largeSpend },
                .fail
            ),
            check("the journal is whole", journalIsWhole ? "it is" : "it was changed", journalIsWhole, .fail),
        ]
    }

    var findings: [DrillVerdict.Check] {
        let spent = figures.budgetSpent
        let during = figures.during
        let skipped = drill.records.count { $0.kind == .skipped }
        let opened = drill.records.count { $0.kind == .finding }
        let took = times.closed?.elapsed
        let planned = drill.plan.script.planned
        return [
            ofFault("Nines detected the fault", time(times.timeToDetect), times.detected != nil, .passWithFindings),
            ofFault("the alert fired", time(times.timeToAlert), times.alerted != nil, .passWithFindings),
            ofFault("it was acknowledged", time(times.timeToAcknowledge), times.acknowledged != nil, .passWithFindings),
            ofFault("it resolved by itself", time(times.timeToResolve), times.alertResolved != nil, .passWithFindings),
            ofFault(
                "the latency stayed within \(Words.length(figures.latencyTarget)) at p95",
                time(during.p95),
                during.p95.map { $0 <= figures.latencyTarget },
                .passWithFindings
            ),
            ofFault(
                "at least \(DrillVerdict.fewestRequests) requests met the fault",
                "\(during.requests)",
                during.requests >= DrillVerdict.fewestRequests,
                .passWithFindings
            ),
            ofFault(
                "at most \(Words.percent(DrillVerdict.smallSpend, 0)) of the error budget was spent",
                spent.map { Words.percentAtMost($0) } ?? "not known",
                spent.map { $0 <= DrillVerdict.smallSpend },
                .passWithFindings
            ),
            ofFault(
                "the fault was taken out by its own step, or the replay was over",
                times.removal?.words ?? "not taken out",
                times.removal == .asked || times.removal == .over,
                .passWithFindings
            ),
            check("no step was skipped", "\(skipped) skipped", skipped == 0, .passWithFindings),
            check(
                "it took no longer than \(Words.clock(planned))",
                took.map(Words.clock) ?? "not closed",
                took.map { $0 <= planned },
                .passWithFindings
            ),
            check("nobody found anything to mend", "\(opened) opened", opened == 0, .passWithFindings),
            check(
                "lead, operator and scribe signed",
                "\(drill.signatures.count) of \(DrillRole.allCases.count)",
                drill.signatures.count == DrillRole.allCases.count,
                .passWithFindings
            ),
        ]
    }
}
