import Mustache

extension KitFacts {
    static func drills(_ drills: KitDrills?) -> [String: Any] {
        let last: [String: Any]? = drills?.last.map { drill in
            [
                "title": drill.title, "date": KitText.date(drill.at), "verdict": drill.verdict,
                "failover": drill.failover.map(KitText.seconds) ?? false,
                "failed": drill.failed.map { $0 == 0 ? "no user request" : KitText.plural($0, "user request") }
                    ?? false,
                "streak": KitText.count(drills?.streak ?? 0),
            ]
        }
        let findings = (drills?.findings ?? []).map {
            ["text": $0.text, "owner": $0.owner ?? "nobody yet", "due": $0.due ?? "no date yet"]
        }
        return [
            "drills": [
                "unread": drills == nil, "none": drills != nil && last == nil, "last": last ?? false,
                "passed": drills?.last?.isPassed ?? false,
                "findings": list(findings),
            ] as [String: Any]
        ]
    }

    static func script(_ script: KitScript?) -> [String: Any] {
        guard let script else { return ["script": ["known": false]] }
        let entries = { (entries: [KitScript.Entry]) in entries.map { ["name": $0.name, "text": prose($0.text)] } }
        var starts = Duration.zero
        let phases: [[String: Any]] = script.phases.map { phase in
            defer { starts += phase.planned }
            return [
                "title": phase.title, "starts": KitText.long(starts), "planned": KitText.span(phase.planned),
                "steps": steps(phase.steps),
            ]
        }
        return [
            "script": [
                "known": true, "title": script.title, "version": KitText.count(script.version),
                "planned": KitText.span(script.phases.reduce(.zero) { $0 + $1.planned }),
                "roles": entries(script.roles), "faults": entries(script.faults),
                "stop_rules": script.stopRules.map { ["text": prose($0)] },
                "streak_rules": script.streakRules.map { ["text": prose($0)] },
                "least_budget": KitText.share(script.leastBudget),
                "most_of_budget": KitText.share(script.mostOfBudget),
                "fewest_failures": KitText.plural(script.fewestFailures, "failed request"), "abort": script.abort,
                "phases": phases,
            ] as [String: Any]
        ]
    }

    /// A text of the drill's, whose commands stand between backticks; a value itself would have them escaped.
    private static func prose(_ text: String) -> Any {
        guard text.contains("`"), !text.contains("{{") else { return text }
        return (try? MustacheTemplate(string: Markup.prose(text))) ?? text
    }

    /// A reason that stands in the step above is not said again.
    private static func steps(_ steps: [KitScript.Step]) -> [[String: Any]] {
        zip(steps, [nil] + steps.map(\.why)).map { step, above in
            Self.step(step).merging(step.why == above ? ["why": "as above"] : [:]) { $1 }
        }
    }

    private static func step(_ step: KitScript.Step) -> [String: Any] {
        [
            "role": step.role, "text": prose(step.text), "expected": prose(step.expected), "why": prose(step.why),
            "if_it_fails": prose(step.ifItFails), "within": step.timeout.map(KitText.span) ?? false,
            "sensed": step.isSensed,
        ]
    }
}
