/// What the guardrail sheet needs to know of one feature.
package struct SheetFeature: Sendable {
    package var name: String
    package var limits: FeatureLimits
    package var budget: SpendCap?
    /// Mean tokens of a request, and how many there are in 30 days: as measured, or as planned.
    package var inputTokens: Int
    package var outputTokens: Int
    package var requests: Int
    /// Share of the input that the provider's cache is assumed to hold, 0 to 1.
    package var cacheHits: Double
    /// Where its requests may go, the primary first.
    package var routes: [Route]

    package struct Route: Sendable {
        package var group: String
        package var deployment: String
        package var model: String
        /// Nil where the price is unknown.
        package var price: PriceRow?

        package init(group: String, deployment: String, model: String, price: PriceRow?) {
            self.group = group
            self.deployment = deployment
            self.model = model
            self.price = price
        }
    }

    package init(
        name: String,
        limits: FeatureLimits,
        budget: SpendCap? = nil,
        inputTokens: Int,
        outputTokens: Int,
        requests: Int,
        cacheHits: Double = 0,
        routes: [Route]
    ) {
        self.name = name
        self.limits = limits
        self.budget = budget
        self.inputTokens = max(0, inputTokens)
        self.outputTokens = max(0, outputTokens)
        self.requests = max(0, requests)
        self.cacheHits = min(max(0, cacheHits), 1)
        self.routes = routes
    }

    /// One row a route, in their order; `target` is the cost objective in nano-dollars a request, where there is one.
    package func rows(target: Int64?) -> [SheetRow] {
        let primary = routes.first.flatMap { cost(on: $0, hits: cacheHits) }
        return routes.map { route in
            let cost = cost(on: route, hits: cacheHits)
            return SheetRow(
                feature: name,
                route: route,
                inputTokens: inputTokens,
                outputTokens: outputTokens,
                cost: cost,
                costWithoutCache: self.cost(on: route, hits: 0),
                shareOfTarget: share(cost, of: target),
                outputInTarget: target.flatMap { largestOutput(on: route, within: $0) },
                costOf30Days: cost.map { $0.saturatingMultiply(requests) },
                shareOfBudget: shareOfBudget(cost),
                budget: budget,
                warnAt: budget.map { $0.amount / 5 * 4 + $0.amount % 5 * 4 / 5 },
                onExceed: limits.ladder.isEmpty ? [.reject] : limits.ladder,
                failoverDifference: primary.flatMap { first in cost.map { $0.saturatingAdd(-first) } }
            )
        }
    }

    private func cost(on route: SheetFeature.Route, hits: Double) -> Int64? {
        // Beyond 2^53 a Double no longer is the count.
        let read = min(inputTokens, Int(Double(min(inputTokens, 1 << 53)) * hits))
        return TokenCounts(input: inputTokens, output: outputTokens, cacheRead: read).flatMap {
            route.price?.cost(of: $0)
        }
    }

    /// Tokens out that keep a request inside `target`: (target - in x price in) / price out, without cache hits.
    ///
    /// Nil where the price is unknown, where the input alone is dearer, and where output costs nothing.
    private func largestOutput(on route: SheetFeature.Route, within target: Int64) -> Int? {
        guard let price = route.price?.price(forInput: inputTokens), price.output > 0 else { return nil }
        let rest = Int128(target) * 1_000_000 - Int128(inputTokens) * Int128(price.input)
        return rest < 0 ? nil : Int(clamping: rest / Int128(price.output))
    }

    private func share(_ cost: Int64?, of whole: Int64?) -> Double? {
        guard let cost, let whole, whole > 0 else { return nil }
        return Double(cost) / Double(whole)
    }

    /// Of the budget, what the month's requests would spend in one of its periods.
    private func shareOfBudget(_ cost: Int64?) -> Double? {
        guard let budget, let share = share(cost, of: budget.amount) else { return nil }
        return share * Double(requests) * Double(budget.period) / (30 * Double(Guardrails.dayMilliseconds))
    }
}

/// One line of the guardrail sheet: a feature on a route.
package struct SheetRow: Sendable {
    package let feature: String
    /// With the price's source and the day from which it holds.
    package let route: SheetFeature.Route
    package let inputTokens: Int
    package let outputTokens: Int
    /// Nano-dollars of a mean request with the assumed cache hits; nil where the price is unknown.
    package let cost: Int64?
    /// The same where the provider's cache holds nothing: what the assumption is worth.
    package let costWithoutCache: Int64?
    /// Of the cost objective; above 1 the route alone misses it.
    package let shareOfTarget: Double?
    /// The limit of output tokens that keeps a request inside the cost objective.
    package let outputInTarget: Int?
    /// Nano-dollars of 30 days' requests.
    package let costOf30Days: Int64?
    /// Of the feature's budget; above 1 it is spent before its period ends.
    package let shareOfBudget: Double?
    package let budget: SpendCap?
    /// Nano-dollars at which a budget alert goes out: 80 %.
    package let warnAt: Int64?
    package let onExceed: [LadderStep]
    /// What a request costs more here than on the primary, in nano-dollars; below 0: less.
    package let failoverDifference: Int64?
}

extension Int64 {
    fileprivate func saturatingMultiply(_ count: Int) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: Int64(count))
        return overflow ? .max : product
    }
}
