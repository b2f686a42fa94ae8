/// What may be done when a request passes a limit.
package enum LadderStep: String, Sendable, Hashable, Codable, CaseIterable {
    /// Drop the oldest turns, and shorten the answer where that is not enough.
    case truncate
    /// Ask the feature's cheaper model group.
    case cheaper
    /// Answer from the cache.
    case cached
    case reject
}

/// What one feature may use.
package struct FeatureLimits: Sendable, Hashable {
    /// Nano-dollars.
    package var maxCostPerRequest: Int64?
    package var maxInputTokens: Int?
    package var maxOutputTokens: Int?
    /// Tried in this order; what follows `reject`, and what an empty list leaves, is a rejection.
    package var ladder: [LadderStep]

    package init(
        maxCostPerRequest: Int64? = nil,
        maxInputTokens: Int? = nil,
        maxOutputTokens: Int? = nil,
        ladder: [LadderStep] = []
    ) {
        self.maxCostPerRequest = maxCostPerRequest
        self.maxInputTokens = maxInputTokens
        self.maxOutputTokens = maxOutputTokens
        self.ladder = ladder
    }
}

/// One deployment that might serve the request, as far as money goes.
package struct GuardedRoute: Sendable {
    package var deployment: String
    package var provider: String
    /// Nil where the price is unknown: such a route passes every cap on money, since losing the request would be worse than
    /// an unknown cost, and holds nothing.
    package var price: PriceRow?
    /// Of the deployment's model.
    package var calibration: TokenCalibration

    package init(deployment: String, provider: String, price: PriceRow?, calibration: TokenCalibration = .init()) {
        self.deployment = deployment
        self.provider = provider
        self.price = price
        self.calibration = calibration
    }

    /// The caps that close this route alone.
    var owners: [SpendOwner] { [.provider(provider), .deployment(deployment)] }
}

/// A request before its first attempt, as far as money goes.
package struct GuardedRequest: Sendable {
    /// Who pays: the feature, the tenant, everybody; routes add themselves.
    package var owners: [SpendOwner]
    package var limits: FeatureLimits
    /// Nominal tokens of the prompt (`ChatRequest.promptSize`).
    package var prompt: Int
    /// The same of the shortest prompt that truncation could leave; `prompt` where nothing can be dropped.
    package var shortestPrompt: Int
    /// The client's own limit of output tokens, for one choice.
    package var requestedOutput: Int?
    /// Output tokens where neither the client nor the feature has a limit and money is bounded: the answer is then limited to
    /// them, as without a limit there is no worst case.
    package var defaultOutput: Int
    /// Answers asked for at once (`n`).
    package var choices: Int
    /// Attempts that may be billed at the same time: 2 where the request may be hedged.
    package var attempts: Int
    /// Whether the request may ask for an hour in the provider's cache.
    package var longCache: Bool
    /// Deployments that may serve it.
    package var routes: [GuardedRoute]
    /// The cheaper group and its deployments, where there is one.
    package var cheaper: (group: String, routes: [GuardedRoute])?
    /// Whether the cache holds an answer, stale or not.
    package var hasCachedAnswer: Bool

    package init(
        owners: [SpendOwner],
        limits: FeatureLimits,
        prompt: Int,
        shortestPrompt: Int? = nil,
        requestedOutput: Int? = nil,
        defaultOutput: Int = 4_096,
        choices: Int = 1,
        attempts: Int = 1,
        longCache: Bool = false,
        routes: [GuardedRoute],
        cheaper: (group: String, routes: [GuardedRoute])? = nil,
        hasCachedAnswer: Bool = false
    ) {
        self.owners = owners
        self.limits = limits
        self.prompt = max(0, prompt)
        self.shortestPrompt = min(max(0, shortestPrompt ?? prompt), self.prompt)
        self.requestedOutput = requestedOutput
        self.defaultOutput = max(1, defaultOutput)
        self.choices = max(1, choices)
        self.attempts = max(1, attempts)
        self.longCache = longCache
        self.routes = routes
        self.cheaper = cheaper
        self.hasCachedAnswer = hasCachedAnswer
    }
}

/// What becomes of a request.
package enum GuardDecision: Sendable, Equatable {
    /// It goes on, changed by `actions` in their order.
    case allow(Allowance)
    /// Answer from the cache.
    case cached
    case reject(Violation)
}

/// How a request goes on.
package struct Allowance: Sendable, Equatable {
    /// One change to the request.
    package enum Action: Sendable, Hashable {
        /// Drop the oldest turns until so many nominal tokens are left.
        case truncate(to: Int)
        /// Ask that group instead.
        case cheaper(group: String)
        /// Set or lower the limit of output tokens, for one choice.
        case limitOutput(to: Int)
    }

    package var actions: [Action]
    /// Deployments that a cap closes to this request.
    package var closed: [String]
    /// The most it may cost by owner, in nano-dollars: to reserve.
    package var amounts: [SpendOwner: Int64]
    /// What `x-nines-degraded` says; a limit that the client didn't ask to pass is no degradation.
    package var degraded: [String]
}

/// A limit that a request passes, with its numbers.
package enum Violation: Sendable, Hashable {
    /// Estimated input tokens against the feature's limit.
    case inputTokens(limit: Int, estimated: Int)
    /// The most that the request may cost against the feature's limit for one, in nano-dollars.
    case costPerRequest(limit: Int64, worst: Int64)
    /// The most that the request may cost, in nano-dollars, against a budget.
    case budget(SpendStanding, worst: Int64)

    /// When the request would fit again, UTC milliseconds; nil where waiting doesn't help.
    package var resetsAt: Int64? {
        guard case .budget(let standing, let worst) = self, worst <= standing.cap.amount else { return nil }
        return standing.window.upperBound
    }

    /// One sentence for the client: what the limit is, and what the request would take.
    package var message: String {
        switch self {
        case .inputTokens(let limit, let estimated):
            return "The prompt has about \(estimated) tokens; this feature takes at most \(limit)."
        case .costPerRequest(let limit, let worst):
            return "The request could cost \(dollars(worst)); this feature allows \(dollars(limit)) a request."
        case .budget(let standing, let worst):
            let cap = standing.cap
            let end = resetsAt.map { " The budget is whole again at \(utcText($0))." } ?? ""
            return "The budget of \(cap.owner) is \(dollars(cap.amount)) every \(periodText(cap.period)): "
                + "\(dollars(standing.spent)) is spent, \(dollars(standing.reserved)) is held for requests under way, "
                + "and this request could cost \(dollars(worst)).\(end)"
        }
    }
}
