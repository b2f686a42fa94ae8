import FrontDoor
import Guardrails
import Logging
import Routing
import Settings
import Storage
import Wire

extension Engine {
    /// How often the sums are compared with the ledger, and what was learnt is kept.
    private static let guardPause: Duration = .seconds(60)

    /// The guard step: measures the request, holds what it may cost, and changes it as the feature's ladder says.
    ///
    /// Deployments that a cap closes are left out of `groups`.
    /// - Returns: the refusal, where no step of the ladder makes it fit.
    func admit(
        _ chat: inout ChatRequest,
        _ groups: inout [ModelGroup],
        _ journey: inout Journey
    ) -> OutboundResponse? {
        // Counting tokens costs nothing.
        guard chat.endpoint != .countTokens else { return nil }
        let sizes = chat.promptSizes
        journey.terms.prompt = sizes.whole
        let feature = config.feature(journey.feature)
        guard guards.hasCaps || feature?.limits.isUnbounded == false else { return nil }
        let request = guarded(chat, groups, journey, feature, whole: sizes.whole, shortest: sizes.shortest)
        let (decision, reservation) = guards.admit(request, at: journey.wallTime)
        switch decision {
        case .allow(let allowance):
            journey.terms.reservation = reservation
            apply(allowance, to: &chat, &groups, &journey)
            return nil
        case .cached:
            guard let spare = journey.caching.spare else { return nil }
            journey.terms.degraded = ["cached"]
            return give(spare, as: .stale, journey)
        case .reject(let violation): return refuse(violation, journey)
        }
    }

    private func guarded(
        _ chat: ChatRequest,
        _ groups: [ModelGroup],
        _ journey: Journey,
        _ feature: Feature?,
        whole: PromptSize,
        shortest: PromptSize
    ) -> GuardedRequest {
        let estimator = guards.estimator
        func routes(_ groups: [ModelGroup]) -> [GuardedRoute] {
            groups.flatMap(\.deployments).map {
                GuardedRoute(
                    deployment: $0.id.name,
                    provider: $0.provider,
                    price: table.prices(of: $0)?.row(at: journey.wallTime),
                    calibration: estimator.calibration(of: $0.pricedModel)
                )
            }
        }
        // An embedding has no answer in tokens.
        let isEmbedding = chat.endpoint == .embeddings
        return GuardedRequest(
            owners: owners(of: journey),
            limits: feature?.limits ?? FeatureLimits(),
            prompt: whole.nominalTokens,
            shortestPrompt: shortest.nominalTokens,
            requestedOutput: isEmbedding ? 1 : chat.maxOutputTokens,
            choices: chat.choices,
            attempts: config.policy.hedgeAfter == nil ? 1 : 2,
            longCache: feature?.promptCaching == .oneHour || chat.asksForLongCache,
            routes: routes(groups),
            cheaper: feature?.cheaper.flatMap { name in
                table.groups(for: name).map { (group: name, routes: routes($0)) }
            },
            hasCachedAnswer: journey.caching.spare != nil
        )
    }

    private func apply(
        _ allowance: Allowance,
        to chat: inout ChatRequest,
        _ groups: inout [ModelGroup],
        _ journey: inout Journey
    ) {
        for action in allowance.actions {
            switch action {
            case .truncate(let tokens):
                guard let truncation = chat.truncated(to: tokens) else { continue }
                chat = truncation.request
                journey.terms.prompt = truncation.size
            case .cheaper(let name): groups = table.groups(for: name) ?? groups
            case .limitOutput(let tokens): if chat.endpoint != .embeddings { journey.terms.outputLimit = tokens }
            }
        }
        journey.terms.degraded = allowance.degraded
        journey.degraded = allowance.degraded
        if !allowance.closed.isEmpty {
            let closed = Set(allowance.closed)
            groups = groups.compactMap { $0.without(closed) }
        }
    }

    // MARK: Refusals

    /// The client's error for a limit that no step of the ladder could keep.
    ///
    /// A request that can't fit is the client's to change: 400. A spent budget is 429, as the SDKs' users know an exhausted
    /// quota, but not to be retried: only time helps, and `retry-after` says how much. Where others under way merely hold
    /// what is left, another try soon makes sense.
    private func refuse(_ violation: Violation, _ journey: Journey) -> OutboundResponse {
        let error: GatewayError
        switch violation {
        case .inputTokens:
            error = .tooMuch("max_input_tokens_exceeded", of: journey.feature, violation)
        case .costPerRequest:
            error = .tooMuch("max_cost_per_request_exceeded", of: journey.feature, violation)
        case .budget(let standing, let worst):
            let isHeldByOthers = worst <= standing.cap.amount - standing.spent
            let wait = violation.resetsAt.map { max(1, Int(($0 - journey.wallTime + 999) / 1_000)) }
            error = GatewayError(
                status: 429,
                type: "insufficient_quota",
                code: "budget_exceeded",
                message: violation.message,
                retryAfterSeconds: isHeldByOthers ? 1 : wait,
                isRetryable: isHeldByOthers
            )
        }
        settle(journey, Ending(outcome: .rejected, status: error.status, error: "\(Ledger.capped)\(error.message)"))
        guards.note(["rejected"], feature: journey.feature, at: journey.wallTime)
        var response = refuse(error, requestID: journey.id, api: journey.endpoint.api)
        response.headers += ninesHeaders(journey, nil)
        return response
    }

    // MARK: Settling

    /// Who pays for a request: its feature, or all that nobody named together, and its tenant.
    private func owners(of journey: Journey) -> [SpendOwner] {
        [.feature(config.feature(journey.feature)?.name ?? journey.feature), .tenant(journey.tenant)]
    }

    /// Books what a request cost, in place of what was held for it; `byRoute` is each attempt's cost with its route.
    func book(
        _ record: RequestRecord,
        _ journey: Journey,
        byRoute: [SpendOwner: Int64],
        outbox: [Storage.OutboxItem]
    ) {
        let spent = record.cost.map { cost in
            owners(of: journey).reduce(into: byRoute) { $0[$1] = cost }
        }
        guards.settle(journey.terms.reservation, spent: spent, at: record.at) {
            ledger.record(record, outbox: outbox)
        }
        if !record.degraded.isEmpty { guards.note(journey.terms.degraded, feature: journey.feature, at: record.at) }
    }

    /// Takes in what a provider counted for a prompt that is all text and was answered whole.
    func learn(_ journey: Journey, _ expense: Expense) {
        guard let prompt = journey.terms.prompt, prompt.attachments == 0, !journey.isContinued, expense.isAnswer,
            expense.spent.isWhole, let usage = expense.spent.usage
        else { return }
        let model = expense.deployment.pricedModel
        guards.learn(model: model, nominal: prompt.nominalTokens, reported: usage.input)
    }

    // MARK: Upkeep

    /// Compares with the ledger and keeps what was learnt, every minute until cancelled, and once more then.
    package func keepGuards() async {
        do {
            try guards.restoreDegradations(before: identity.startedAt)
        } catch {
            logger.warning("what caps led to before this start is not known: \(error)")
        }
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.guardPause)
            await compareGuards()
        }
    }

    /// One round of `keepGuards`.
    package func compareGuards() async {
        do {
            try await guards.compare(now: wallMilliseconds())
            try guards.save()
        } catch {
            logger.warning("budgets were not compared with the ledger: \(error)")
        }
    }
}

extension GatewayError {
    fileprivate static func tooMuch(_ code: String, of feature: String, _ violation: Violation) -> GatewayError {
        GatewayError(
            status: 400,
            type: "invalid_request_error",
            code: code,
            message: "Refused by a guardrail of feature '\(feature)'. \(violation.message)"
        )
    }
}

extension Feature {
    var limits: FeatureLimits {
        FeatureLimits(
            maxCostPerRequest: maxCostPerRequest,
            maxInputTokens: maxInputTokens,
            maxOutputTokens: maxOutputTokens,
            ladder: onExceed
        )
    }
}

extension FeatureLimits {
    fileprivate var isUnbounded: Bool { maxCostPerRequest == nil && maxInputTokens == nil && maxOutputTokens == nil }
}

extension ModelGroup {
    /// The group without some of its deployments; nil where none is left.
    fileprivate func without(_ closed: Set<String>) -> ModelGroup? {
        let open = deployments.filter { !closed.contains($0.id.name) }
        return open.isEmpty ? nil : ModelGroup(name: name, deployments: open, fallbacks: fallbacks)
    }
}

extension Deployment {
    /// Under which what its model teaches about tokens is kept.
    var pricedModel: String { "\(provider)/\(model)" }
}

extension ChatRequest {
    /// Whether it may ask for an hour in Anthropic's cache.
    fileprivate var asksForLongCache: Bool { endpoint.api == .anthropic && body.contains(Array("\"1h\"".utf8)) }
}
