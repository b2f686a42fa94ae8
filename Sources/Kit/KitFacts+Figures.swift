import Mustache
import SLO

extension KitFacts {
    /// Who, when, over what.
    static func frame(_ input: KitInput) -> [String: Any] {
        let objectives = input.objectives
        let windowBegins = input.now - Int64(objectives.window / .milliseconds(1))
        let requests = input.headline?.window.counts.requests
        return [
            "made": KitText.moment(input.now), "version": input.version, "tenant": input.tenant ?? false,
            "window": KitText.span(objectives.window), "young": input.isYoung,
            "caps": caps(input.features),
            "demo": input.isDemo,
            "latency_is_first_token": objectives.latencyOf == .firstToken,
            "budget_share": KitText.share(1 - objectives.success),
            "period": [
                "unread": input.headline == nil, "empty": requests == 0,
                "partial": (requests ?? 0) > 0 && (input.ledgerBegins ?? .min) > windowBegins,
                "begins": input.ledgerBegins.map(KitText.date) ?? "",
            ] as [String: Any],
            "client_papers": papers(isForClients: true), "team_papers": papers(isForClients: false),
            "manifest": PaperManifest.path,
        ]
    }

    private static func papers(isForClients: Bool) -> [[String: Any]] {
        PaperKind.allCases.filter { $0.isForClients == isForClients }
            .map { ["title": $0.title, "address": "\($0.rawValue).md", "about": $0.about] }
    }

    /// What only people know; what nobody said is a blank that shows.
    static func blanks(_ blanks: KitBlanks) -> [String: Any] {
        var facts: [String: Any] = [:]
        for (name, value, words) in blanks.all { facts[name] = value ?? blank(words) }
        let credits = blanks.credits.map { ["below": KitText.share($0.below), "credit": KitText.share($0.credit)] }
        facts["credits"] = list(credits).merging(["first": credits.first?["below"] ?? ""]) { $1 }
        return facts
    }

    /// Strong in the paper, wherever it stands; a value itself could not be.
    static func blank(_ words: String) -> Any {
        let text = "[fill in: \(words)]"
        return (try? MustacheTemplate(string: "**\(text)**")) ?? text
    }

    /// The three numbers that are promised.
    static func objectives(_ input: KitInput) -> [String: Any] {
        let (objectives, headline) = (input.objectives, input.headline)
        let counts = headline?.window.counts
        let kind =
            objectives.latencyOf == .firstToken
            ? "first token; complete answer where not streamed" : "complete answer"
        let success = figure(
            "Success",
            target: KitText.share(objectives.success),
            headline?.successStanding,
            value: headline?.window.successRate.map { KitText.percent($0) },
            samples: counts.map { KitText.plural($0.valid, "request") }
        )
        let latency = figure(
            "Latency, 95th percentile (\(kind))",
            target: KitText.seconds(objectives.latencyP95),
            headline?.latencyStanding,
            value: headline?.window.p95(target: objectives.latencyP95).map(KitText.seconds),
            samples: counts.map { KitText.plural($0.latencySamples, "request") }
        )
        let cost = figure(
            "Cost of a request, mean",
            target: KitText.dollars(objectives.costPerRequest),
            headline?.costStanding,
            value: headline?.window.costPerRequest.map(KitText.roundedDollars),
            samples: counts.map { KitText.plural($0.priced, "request") }
        )
        return ["success": success, "latency": latency, "cost": cost, "objectives": [success, latency, cost]]
    }

    private static func figure(
        _ name: String,
        target: String,
        _ standing: Standing?,
        value: String?,
        samples: String?
    ) -> [String: Any] {
        ["name": name, "target": target, "value": value ?? "", "samples": samples ?? "none known"]
            .merging(states(standing)) { $1 }
    }

    /// Whether a figure may be quoted, and how it stands.
    private static func states(_ standing: Standing?) -> [String: Any] {
        let words =
            switch standing {
            case nil: "not known"
            case .noData: "no data"
            case .tooFew: "too few to say"
            case .ok: "met"
            case .warning: "met, narrowly"
            case .critical: "missed"
            }
        return [
            "standing": words, "quotable": standing?.isQuotable ?? false, "few": standing == .tooFew,
            "none": standing == nil || standing == .noData,
        ]
    }

    /// The error budget, who spent it, and what follows.
    static func budget(_ input: KitInput) -> [String: Any] {
        let budget = input.headline?.budget
        let standing = budget.map { Standing.success($0) }
        let spent = KitText.percent(budget?.burnRate ?? 0, places: 1, .up)
        let isOverspent = (budget?.remaining ?? 0) < 0
        let policy = input.policy
        // Below so many requests a pace is chance.
        let isPaced = (input.headline?.lastSixHours.valid ?? 0) >= Standing.fewestRequests
        let burn = isPaced ? input.headline?.burnRate6h : nil
        let exhausted = burn == nil ? nil : input.headline?.timeToExhaustion
        let facts: [String: Any] = [
            "allowed": KitText.allowance(budget?.allowed ?? 0),
            "bad": KitText.count(budget?.bad ?? 0),
            "samples": KitText.plural(budget?.valid ?? 0, "request"), "spent": spent,
            "left": KitText.percent(budget?.remaining ?? 0, places: 1), "overspent": isOverspent,
            "times": KitText.fixed(budget?.burnRate ?? 0, 1, .up),
            "calm": burn == 0, "burn": burn.flatMap { $0 > 0 ? KitText.fixed($0, 1, .up) : nil } ?? false,
            "exhausted": exhausted.flatMap { $0 > .zero ? KitText.atLeast($0) : nil } ?? false,
        ]
        let allowed = (budget?.allowed ?? 0) * policy.postmortem
        let isQuotable = standing?.isQuotable ?? false
        let verdict = input.headline.map { policy.verdict($0.budget, recent: $0.recentBudget) }
        let stance = ["open": "go ahead", "caution": "go ahead with care", "frozen": "frozen"]
        // What is overspent, or can't be told yet, stands in the sentence before.
        let reasons = isQuotable && !isOverspent ? verdict?.reasons.joined(separator: "; ") : nil
        return [
            "budget": facts.merging(states(standing)) { $1 },
            "causes": shares(input.failuresByCause, of: budget, rest: "not put down to a cause"),
            "spent_by_feature": shares(input.failuresByFeature, of: budget, rest: "not put down to a feature"),
            "postmortem_failures": isQuotable
                ? "from \(KitText.plural(Int(allowed + 1e-6) + 1, "failed request")) on at today's traffic"
                : "how many failed requests that is can't be said yet",
            "policy": [
                "caution": KitText.share(policy.caution), "freeze": KitText.share(policy.freeze),
                "postmortem": KitText.share(policy.postmortem),
                // Changes stop by the budget of all clients together.
                "stance": input.tenant == nil ? verdict.flatMap { stance[$0.stance.rawValue] } ?? false : false,
                "reasons": reasons ?? false,
            ] as [String: Any],
        ]
    }

    /// None where the budget can't be quoted: shares of it could not be, either.
    private static func shares(_ failures: [String: Int], of budget: ErrorBudget?, rest name: String) -> [String: Any] {
        guard let budget, Standing.success(budget).isQuotable else { return list([]) }
        let rest = budget.bad - failures.values.reduce(0, +)
        let all = failures.merging(rest > 0 && !failures.isEmpty ? [name: rest] : [:]) { $0 + $1 }
        return list(
            budget.shares(all).map {
                ["name": $0.name, "bad": KitText.count($0.bad), "share": KitText.percent($0.ofBudget, places: 1, .up)]
            }
        )
    }

    /// Time that is not as other time: gaps, and declared maintenance.
    static func stretches(_ input: KitInput) -> [String: Any] {
        let begins = input.now - Int64(input.objectives.window / .milliseconds(1))
        let gaps = input.gaps.filter { $0.to > begins && $0.from < input.now }
        let total = gaps.covered(of: TimeSpan(from: begins, to: input.now))
        let unpriced = input.headline?.window.counts.unpriced ?? 0
        let maintenance = input.maintenance.map {
            ["from": KitText.moment($0.span.from), "to": KitText.moment($0.span.to), "reason": $0.reason]
        }
        return [
            "gaps": [
                "any": !gaps.isEmpty, "one": gaps.count == 1, "count": KitText.count(gaps.count),
                "total": KitText.long(total),
            ] as [String: Any],
            "maintenance": list(maintenance), "maintenance_longest": KitText.span(MaintenancePlan.longest),
            "kept": input.retention.map { ["rows": KitText.span($0.requests), "days": KitText.span($0.days)] } ?? false,
            "unpriced": unpriced > 0 ? KitText.plural(unpriced, "request") : false,
            "excluded": ["known": (input.excluded ?? 0) > 0, "count": KitText.plural(input.excluded ?? 0, "request")]
                as [String: Any],
        ]
    }

    static var taxonomy: [String: Any] {
        [
            "taxonomy": EventClass.allCases.map {
                [
                    "event": $0.event, "valid": $0.isValid ? "yes" : "no", "good": $0.isGood ? "yes" : "no",
                    "note": $0.note,
                ]
            },
            "footnotes": EventClass.footnotes.map { ["text": $0] },
        ]
    }
}

extension Standing {
    /// Enough was measured to say so.
    fileprivate var isQuotable: Bool { self != .noData && self != .tooFew }
}

extension KitBlanks {
    /// Every blank: its fact, its value, and what is to be filled in.
    var all: [(fact: String, value: String?, words: String)] {
        [
            ("company", company, "company"), ("service", service, "service"), ("owner", owner, "owner"),
            ("escalation", escalation, "who settles disputes"), ("contact", contact, "where incidents are reported"),
            ("effective", effective, "date of entry into force"), ("review", review, "date of review"),
            ("claim_within", claimWithin.map(KitText.span), "time for claims"),
            ("maintenance_notice", maintenanceNotice.map(KitText.span), "notice of maintenance"),
        ]
    }
}
