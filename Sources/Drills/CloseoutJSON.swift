extension Closeout {
    /// The same as the page, for programs; the schema's number changes when a member changes its meaning.
    ///
    /// What was not measured is null: a time, a rate, and `met` of a rule that could not be judged.
    var jsonTree: JSONTree {
        .object([
            ("schema", .integer(1)), ("drill", identityTree), ("people", peopleTree),
            ("verdict", verdictTree), ("faults", .array(faults.map(tree))), ("times", timesTree),
            ("service", serviceTree), ("budget", budgetTree), ("alerts", alertsTree),
            ("phases", .array(drill.pace().map(tree))),
            ("findings", .array(drill.findings.map(tree))), ("steps", .array(drill.plan.script.steps.map(tree))),
            ("timeline", .array(drill.records.map(tree))), ("curve", .array(figures.curve.map(tree))),
            ("requests", .array(figures.evidence.map { .string($0) })),
            (
                "journal",
                .object([
                    ("lines", .integer(journal.count)), ("last_hash", .string(journal.lastHash)),
                    ("is_whole", .bool(journal.broken == nil)),
                ])
            ),
            ("not_recorded", .array(Self.notRecorded.map { .string($0) })),
            ("checksum", .string(Checksum.zeros)),
        ])
    }

    private var identityTree: JSONTree {
        let plan = drill.plan
        return .object([
            ("id", .string(plan.id)), ("scenario", .string(plan.scenario.id)), ("title", .string(plan.scenario.title)),
            ("incident_source", .text(plan.scenario.incident?.source)), ("hypothesis", .string(answer("hypothesis"))),
            ("summary", .string(answer("summary"))), ("went", .string(answer("went"))),
            ("surprise", .string(answer("surprise"))),
            ("opened_at", .string(Words.stamp(openedAt))),
            ("closed_at", .text(times.closed.map { Words.stamp($0.wall) })),
            ("elapsed_ms", .milliseconds(times.closed?.elapsed)), ("planned_ms", .milliseconds(plan.script.planned)),
            ("status", .string(status)), ("deviated", .bool(deviated)),
            ("simulated_providers", .bool(plan.isSimulated)),
            ("provider", .string(plan.target.provider)), ("primary", .string(plan.target.deployment)),
            ("secondary", .string(plan.target.secondary)), ("environment", .string(surroundings.environment)),
            ("version", .string(surroundings.version)), ("config_hash", .string(surroundings.configHash)),
            ("price_table", .string(surroundings.priceTable)), ("script", .string(plan.script.id)),
            ("script_version", .integer(plan.script.version)),
        ])
    }

    private var peopleTree: JSONTree {
        .object(
            DrillRole.allCases.map { role in
                let signature = drill.signatures[role]
                return (
                    role.rawValue,
                    .object([
                        ("name", .text(signature?.name ?? drill.crew[role])),
                        ("signed_at", .text(signature.map { Words.stamp($0.at.wall) })),
                    ])
                )
            } + [("approver", .text(approver)), ("observers", .array(observers.map { .string($0) }))]
        )
    }

    private var verdictTree: JSONTree {
        .object([
            ("outcome", .string(verdict.outcome.rawValue)),
            (
                "rules",
                .array(
                    verdict.checks.map { check in
                        .object([
                            ("rule", .string(check.rule)), ("seen", .string(check.seen)),
                            ("met", check.isMet.map { .bool($0) } ?? .null),
                            ("otherwise", .string(check.otherwise.rawValue)),
                        ])
                    }
                )
            ),
        ])
    }

    private var timesTree: JSONTree {
        .object(
            times.rows.map { row in
                (
                    row.name.replacing(" ", with: "_").replacing("-", with: "_"),
                    .object([("ms", .milliseconds(row.time)), ("at", .text(row.at.map { Words.stamp($0.wall) }))])
                )
            } + [("taken_out", .text(times.removal?.rawValue))]
        )
    }

    private var serviceTree: JSONTree {
        let measured = { (period: PeriodFigures) in drill.wasInduced ? tree(period) : JSONTree.null }
        return .object([
            ("before", measured(figures.before)), ("during", measured(figures.during)),
            ("after", measured(figures.after)),
            ("success_target", .decimal(figures.successTarget)),
            ("latency_target_ms", .milliseconds(figures.latencyTarget)),
            ("cost_target_nano", .integer(figures.costTarget)), ("extra_spend_nano", .decimal(figures.extraSpend, 0)),
            ("probe_spend_nano", drill.wasInduced ? .integer(figures.probeSpend) : .null),
        ])
    }

    private var budgetTree: JSONTree {
        .object([
            ("remaining_before", .decimal(figures.budgetBefore.remaining)),
            ("remaining_after", .decimal(figures.budgetAfter.remaining)),
            ("failures", drill.wasInduced ? .integer(figures.lost) : .null),
            ("spent", .decimal(drill.wasInduced ? figures.budgetSpent : nil)),
            ("spent_outage_ms", .milliseconds(drill.wasInduced ? figures.outageEquivalent : nil)),
            ("exhausted_in_ms", .milliseconds(figures.exhaustedIn)),
            ("policy", .text(figures.budgetAfter.policy?.rawValue)),
            ("postmortem_required", .bool(isOutage)),
        ])
    }

    private var alertsTree: JSONTree {
        let seen = { (moment: Moment?, evidence: Evidence) in
            JSONTree.object([
                ("at", .text(moment.map { Words.stamp($0.wall) })), ("what", .text(drill.reading(of: evidence)?.value)),
            ])
        }
        return .object([
            ("fired", seen(times.alerted, .alertFired)), ("acknowledged", seen(times.acknowledged, .alertAcknowledged)),
            ("resolved", seen(times.alertResolved, .alertResolved)),
            ("each", .array(figures.alerts.map(tree))),
            ("false_pages", .array(figures.foreignAlerts.map { .string($0) })),
            ("without_data", .array(figures.alertsWithoutData.map { .string($0) })),
        ])
    }

    private func tree(_ alert: AlertCourse) -> JSONTree {
        .object([
            ("alert", .string(alert.alert)), ("fired_at", .string(Words.stamp(alert.fired))),
            ("acknowledged_at", .text(alert.acknowledged.map(Words.stamp))),
            ("acknowledged_by", .text(alert.acknowledgedBy)),
            ("resolved_at", .text(alert.resolved.map(Words.stamp))),
        ])
    }

    private func tree(_ period: PeriodFigures) -> JSONTree {
        .object([
            ("requests", .integer(period.requests)), ("failed", .integer(period.failed)),
            ("retried", .integer(period.retried)), ("failed_over", .integer(period.failedOver)),
            ("by_secondary", .integer(period.bySecondary)), ("stale", .integer(period.stale)),
            ("cut", .integer(period.cut)), ("valid", .integer(period.valid)),
            ("good", .integer(period.good)), ("success", .decimal(period.success)),
            ("p50_ms", .milliseconds(period.p50)), ("p95_ms", .milliseconds(period.p95)),
            ("p99_ms", .milliseconds(period.p99)), ("spend_nano", .integer(period.spend)),
            ("cost_per_request_nano", .decimal(period.costPerRequest, 0)),
        ])
    }

    private func tree(_ fault: FaultLine) -> JSONTree {
        let stamp = { (moment: Moment?) in JSONTree.text(moment.map { Words.stamp($0.wall) }) }
        return .object([
            ("method", .string(fault.title)), ("target", .string(fault.target)), ("real", .bool(fault.isReal)),
            ("provider_simulated", .bool(drill.plan.isSimulated)), ("share", .decimal(fault.share)),
            ("injected_at", stamp(fault.intended)), ("effective_at", stamp(fault.effective)),
            ("reverted_at", stamp(fault.ended)), ("verified_at", stamp(fault.verified)),
        ])
    }

    private func tree(_ pace: PhasePace) -> JSONTree {
        .object([
            ("phase", .string(pace.kind.rawValue)), ("planned_from_ms", .milliseconds(pace.planned.lowerBound)),
            ("planned_to_ms", .milliseconds(pace.planned.upperBound)), ("from_ms", .milliseconds(pace.start)),
            ("to_ms", .milliseconds(pace.end)),
        ])
    }

    private func tree(_ finding: Finding) -> JSONTree {
        .object([
            ("id", .string(finding.id)), ("text", .string(finding.text)), ("kind", .string(finding.kind.rawValue)),
            ("owner", .string(finding.owner)), ("due", .string(finding.due)), ("closed_by", .text(finding.closedBy)),
        ])
    }

    private func tree(_ step: Script.Step) -> JSONTree {
        let mark = drill.mark(of: step)
        return .object([
            ("id", .string(step.id)), ("role", .string(step.role.rawValue)), ("how", .text(mark?.how.rawValue)),
            ("value", .text(mark?.value)), ("who", .text(mark?.doer)), ("at_ms", .milliseconds(mark?.at.elapsed)),
        ])
    }

    private func tree(_ record: JournalRecord) -> JSONTree {
        .object([
            ("number", .integer(record.number)), ("elapsed_ms", .milliseconds(record.elapsed)),
            ("at", .string(Words.stamp(record.wall))), ("kind", .string(record.kind.rawValue)),
            ("who", .text(record.who)),
            ("role", .text(record.role?.rawValue)), ("subject", .string(record.subject)),
            ("text", .string(record.text)),
            ("fields", .object(record.fields.keys.sorted().map { ($0, .text(record.fields[$0])) })),
        ])
    }

    private func tree(_ point: CurvePoint) -> JSONTree {
        .object([
            ("at_ms", .milliseconds(point.at)), ("p95_ms", .milliseconds(point.p95)),
            ("success", .decimal(point.success)),
        ])
    }
}
