import Guardrails
import SLO

extension KitFeature {
    /// Whether the mean tokens may be quoted.
    enum Figures { case quotable, few, none }

    var figures: Figures {
        if isPlanned || metered >= Standing.fewestRequests { return .quotable }
        return metered == 0 ? .none : .few
    }

    /// What happens beyond a limit, in this order; where no step helps, the request is refused.
    var steps: [LadderStep] { sheet.limits.ladder.prefix { $0 != .reject } + [.reject] }

    fileprivate var ladder: [String] {
        steps.map { step in
            switch step {
            case .truncate: "drop the oldest turns and shorten the answer"
            case .cheaper: cheaper.map { "ask \($0) instead" } ?? "ask a cheaper model instead"
            case .cached: "answer from the cache"
            case .reject: "refuse with a clear error"
            }
        }
    }

    fileprivate var limits: String {
        let limits = sheet.limits
        let parts = [
            limits.maxCostPerRequest.map { "\(KitText.dollars($0)) a request" },
            limits.maxInputTokens.map { "\(KitText.count($0)) tokens in" },
            limits.maxOutputTokens.map { "\(KitText.count($0)) tokens out" },
        ]
        let known = parts.compactMap(\.self)
        return known.isEmpty ? "none" : "at most " + known.joined(separator: ", ")
    }

    /// Whether anything bounds what it may cost.
    var isCapped: Bool {
        let limits = sheet.limits
        return sheet.budget != nil || limits.maxCostPerRequest != nil || limits.maxInputTokens != nil
            || limits.maxOutputTokens != nil
    }

    fileprivate var budget: String {
        sheet.budget.map { "\(KitText.dollars($0.amount)) every \(KitText.span(.milliseconds($0.period)))" } ?? "none"
    }
}

extension KitFacts {
    /// Which features have caps, and by which steps one that is reached is met.
    static func caps(_ features: [KitFeature]) -> [String: Any] {
        let capped = features.filter(\.isCapped)
        let steps = capped.flatMap(\.steps)
        let words: [(LadderStep, String)] = [
            (.truncate, "a shorter prompt"), (.cheaper, "a cheaper model"), (.cached, "a kept answer"),
            (.reject, "a clear refusal"),
        ]
        return [
            "any": !capped.isEmpty, "all": capped.count == features.count,
            "steps": KitText.listed(words.filter { steps.contains($0.0) }.map(\.1), "or"),
        ]
    }

    static func feature(_ feature: KitFeature, target: Int64) -> [String: Any] {
        let sheet = feature.sheet
        let rows = sheet.rows(target: target)
        return [
            "name": sheet.name, "limits": feature.limits, "budget": feature.budget,
            "warn_at": rows.first?.warnAt.map(KitText.dollars) ?? false,
            "ladder": feature.ladder.joined(separator: "; "),
            "quotable": feature.figures == .quotable, "few": feature.figures == .few, "none": feature.figures == .none,
            "samples": KitText.plural(feature.metered, "request"),
            "origin": feature.isPlanned ? "as planned" : "the mean of \(KitText.plural(feature.metered, "request"))",
            "input": KitText.count(sheet.inputTokens), "output": KitText.count(sheet.outputTokens),
            "requests": KitText.plural(sheet.requests, "request"), "hits": KitText.percent(sheet.cacheHits, places: 0),
            "routed": !rows.isEmpty, "costed": !rows.isEmpty && feature.figures == .quotable, "rows": rows.map(row),
        ]
    }

    private static func row(_ row: SheetRow) -> [String: Any] {
        let price = row.route.price?.price(forInput: row.inputTokens)
        let unknown = "unknown"
        // With a price, a limit that isn't there means that the input alone is too dear.
        let noRoom = price == nil ? unknown : "none"
        return [
            "group": row.route.group, "deployment": row.route.deployment, "model": row.route.model,
            "price_in": price.map { KitText.dollars($0.input) } ?? unknown,
            "price_out": price.map { KitText.dollars($0.output) } ?? unknown,
            "price_from": row.route.price.map { $0.from.map(KitText.date) ?? "no date given" } ?? unknown,
            "price_source": row.route.price?.source ?? unknown,
            "cost": row.cost.map { KitText.roundedDollars(Double($0)) } ?? unknown,
            "cost_uncached": row.costWithoutCache.map { KitText.roundedDollars(Double($0)) } ?? unknown,
            "of_target": row.shareOfTarget.map { KitText.percent($0, places: 0, .up) } ?? unknown,
            "output_fits": row.outputInTarget.map(KitText.count) ?? noRoom,
            "cost_30d": row.costOf30Days.map { KitText.roundedDollars(Double($0)) } ?? unknown,
            "of_budget": row.budget == nil
                ? "no budget" : row.shareOfBudget.map { KitText.percent($0, places: 0, .up) } ?? unknown,
            "difference": row.failoverDifference.map { ($0 > 0 ? "+" : "") + KitText.roundedDollars(Double($0)) }
                ?? unknown,
        ]
    }
}
