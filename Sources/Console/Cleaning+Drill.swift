extension EngineSnapshot.DrillView {
    /// Ids of steps and findings go back to the engine as they came, and are not drawn.
    func cleaned() -> Self {
        var safe = self
        safe.id = Text.clean(id)
        safe.title = Text.clean(title)
        safe.target = Text.clean(target)
        safe.secondary = Text.clean(secondary)
        safe.startedAt = startedAt.asTime
        safe.elapsed = elapsed.finite
        safe.planned = planned.finite
        safe.ending = ending.map { Text.clean($0) }
        safe.leaseLeft = leaseLeft.finite
        safe.crew = crew.prefix(3).map {
            .init(role: Text.clean($0.role), name: $0.name.map { Text.clean($0, limit: 80) })
        }
        safe.phases = phases.prefix(20).map { $0.cleaned() }
        safe.steps = steps.prefix(50).map { $0.cleaned() }
        safe.step = step?.cleaned()
        (safe.number, safe.count) = (number.asCount, count.asCount)
        safe.sensed = Text.clean(sensed)
        (safe.held, safe.holdGoal) = (held.finite, holdGoal.finite)
        safe.next = Text.clean(next)
        safe.asksFor = asksFor.map { Text.clean($0) }
        safe.notice = notice.map { Text.clean($0) }
        safe.stops = stops.prefix(20).map {
            .init(text: Text.clean($0.text), value: Text.clean($0.value), isBroken: $0.isBroken)
        }
        safe.timings = timings.prefix(20).map { .init(name: Text.clean($0.name), seconds: $0.seconds.finite) }
        (safe.requests, safe.failedOver) = (requests.asCount, failedOver.asCount)
        (safe.bySecondary, safe.lost) = (bySecondary.asCount, lost.asCount)
        safe.findings = findings.prefix(50).map { $0.cleaned() }
        safe.before = before?.cleaned()
        safe.now = now?.cleaned()
        safe.checks = checks.prefix(40).map {
            .init(rule: Text.clean($0.rule), seen: Text.clean($0.seen), isMet: $0.isMet)
        }
        safe.timeline = timeline.suffix(100).map {
            .init(at: $0.at.finite, source: Text.clean($0.source, limit: 8), text: Text.clean($0.text))
        }
        safe.report = report.map { Text.clean($0) }
        safe.verdict = verdict.map { Text.clean($0) }
        return safe
    }
}

extension EngineSnapshot.DrillView.Finding {
    /// The id goes back to the engine as it came.
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.text = Text.clean(text)
        safe.owner = Text.clean(owner, limit: 80)
        safe.due = Text.clean(due, limit: 20)
        safe.kind = Text.clean(kind, limit: 20)
        return safe
    }
}

extension EngineSnapshot.DrillView.Figures {
    fileprivate func cleaned() -> Self {
        var safe = self
        (safe.p95, safe.success) = (p95.finite, success.finite)
        (safe.cost, safe.budget) = (cost.finite, budget.finite)
        safe.requests = requests.asCount
        return safe
    }
}

extension EngineSnapshot.DrillView.Phase {
    fileprivate func cleaned() -> Self {
        Self(
            title: Text.clean(title),
            state: state,
            plannedFrom: plannedFrom.finite,
            plannedTo: plannedTo.finite,
            start: start.finite,
            end: end.finite
        )
    }
}

extension EngineSnapshot.DrillView.Step {
    fileprivate func cleaned() -> Self {
        var safe = self
        safe.role = Text.clean(role)
        safe.text = Text.clean(text)
        safe.expected = Text.clean(expected)
        safe.why = Text.clean(why)
        safe.ifItFails = Text.clean(ifItFails)
        safe.value = Text.clean(value)
        safe.unit = Text.clean(unit)
        safe.choices = choices.prefix(9).map { Text.clean($0) }
        safe.at = at.finite
        return safe
    }
}

extension EngineSnapshot.DrillHistoryView {
    func cleaned() -> Self {
        var safe = self
        safe.rows = rows.prefix(50).map { row in
            Row(
                id: Text.clean(row.id),
                at: row.at.asTime,
                scenario: Text.clean(row.scenario),
                provider: Text.clean(row.provider),
                person: Text.clean(row.person),
                verdict: Text.clean(row.verdict),
                failover: row.failover.finite,
                lost: row.lost.asCount
            )
        }
        // Ids and groups go back to the engine as they came.
        safe.targets = targets.prefix(50).map {
            Target(
                group: $0.group,
                id: Text.clean($0.id),
                provider: Text.clean($0.provider),
                secondary: Text.clean($0.secondary)
            )
        }
        safe.scenarios = scenarios.prefix(100).map { scenario in
            Scenario(
                id: scenario.id,
                title: Text.clean(scenario.title),
                expectation: Text.clean(scenario.expectation),
                source: Text.clean(scenario.source),
                count: scenario.count.asCount,
                last: scenario.last.map { Text.clean($0, limit: 40) },
                problem: scenario.problem.map { Text.clean($0) }
            )
        }
        (safe.streak, safe.boringStreak) = (streak.asCount, boringStreak.asCount)
        safe.cadence = Text.clean(cadence)
        safe.daysSinceLast = daysSinceLast?.asCount
        safe.openFindings = openFindings.asCount
        return safe
    }
}
