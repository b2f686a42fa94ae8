/// Decides whether a request may go on, and changed how.
///
/// A request fits where the most that it can cost does: the estimate's worst case in, the whole limit of its answer out. A
/// limit of output that the client itself sets is kept as long as the ladder doesn't say otherwise; where it sets none, the
/// answer's limit is chosen to fit. A route that is too dear is closed to the request and the others stay open.
struct Guard {
    /// An answer limited to fewer tokens is no answer (ours).
    static let leastOutput = 64

    let request: GuardedRequest
    /// Caps of the request's owners and of all its routes' owners.
    let standings: [SpendStanding]

    /// What is being tried.
    private struct Shape {
        var isCheaper = false
        var prompt: Int
        var output: Int
    }

    private struct Fit {
        var amounts: [SpendOwner: Int64]
        var closed: [String]
    }

    func decision() -> GuardDecision {
        let asked = Shape(prompt: request.prompt, output: output)
        if let fitting = fitting(asked, truncating: false) { return allow(fitting) }
        var tried: Set<LadderStep> = []
        for step in request.limits.ladder {
            if step == .reject { break }
            if step == .cached, request.hasCachedAnswer { return .cached }
            if let fitting = climb(step, asked, tried) { return allow(fitting) }
            tried.insert(step)
        }
        return .reject(violation(of: asked))
    }

    /// The request after that step, alone or else with the steps tried before.
    private func climb(_ step: LadderStep, _ asked: Shape, _ tried: Set<LadderStep>) -> Shape? {
        var cheaper = asked
        cheaper.isCheaper = true
        let hasCheaper = request.cheaper?.routes.isEmpty == false
        switch step {
        case .truncate:
            return fitting(asked, truncating: true)
                ?? (hasCheaper && tried.contains(.cheaper) ? fitting(cheaper, truncating: true) : nil)
        case .cheaper:
            guard hasCheaper else { return nil }
            return fitting(cheaper, truncating: false)
                ?? (tried.contains(.truncate) ? fitting(cheaper, truncating: true) : nil)
        case .cached, .reject:
            return nil
        }
    }

    // MARK: What is asked for

    private var isMoneyBounded: Bool { request.limits.maxCostPerRequest != nil || !standings.isEmpty }

    /// Output tokens of one choice, at first.
    private var output: Int {
        let asked = request.requestedOutput.map { max(1, $0) } ?? request.limits.maxOutputTokens
        return min(asked ?? request.defaultOutput, max(1, request.limits.maxOutputTokens ?? .max))
    }

    private func routes(_ shape: Shape) -> [GuardedRoute] {
        shape.isCheaper ? request.cheaper?.routes ?? [] : request.routes
    }

    // MARK: What fits

    /// `shape` where it fits, else with less of what may be given up: the answer's length where the client set none, and
    /// where `truncating` first the prompt's and then the answer's.
    private func fitting(_ shape: Shape, truncating: Bool) -> Shape? {
        if fit(shape) != nil { return shape }
        guard truncating else { return request.requestedOutput == nil ? withShorterAnswer(shape) : nil }
        var shortest = shape
        shortest.prompt = request.shortestPrompt
        guard fit(shortest) != nil else { return withShorterAnswer(shortest) }
        let prompt = largest(in: shortest.prompt...shape.prompt) { prompt in
            var shorter = shape
            shorter.prompt = prompt
            return fit(shorter) != nil
        }
        shortest.prompt = prompt
        return shortest
    }

    private func withShorterAnswer(_ shape: Shape) -> Shape? {
        var shorter = shape
        shorter.output = min(Self.leastOutput, shape.output)
        guard fit(shorter) != nil else { return nil }
        shorter.output = largest(in: shorter.output...shape.output) { output in
            var shorter = shape
            shorter.output = output
            return fit(shorter) != nil
        }
        return shorter
    }

    /// The largest number in `range` that `holds`, where its first does and none does beyond one that doesn't.
    private func largest(in range: ClosedRange<Int>, _ holds: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low + 1) / 2
            if holds(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// What to hold, where at least one route may serve `shape`.
    private func fit(_ shape: Shape) -> Fit? {
        if let limit = request.limits.maxInputTokens, tokens(shape).expected > limit { return nil }
        var fit = Fit(amounts: [:], closed: [])
        let routes = routes(shape)
        for route in routes {
            guard let worst = worst(shape, on: route) else { continue }
            guard tightest(for: route, worst) == nil else {
                fit.closed.append(route.deployment)
                continue
            }
            for owner in request.owners + route.owners { fit.amounts[owner] = max(fit.amounts[owner] ?? 0, worst) }
        }
        return fit.closed.count < routes.count || routes.isEmpty ? fit : nil
    }

    /// The dearest that `shape` can become on a route, in nano-dollars; nil where the price is unknown.
    private func worst(_ shape: Shape, on route: GuardedRoute) -> Int64? {
        guard let price = route.price else { return nil }
        let input = route.calibration.estimate(nominal: shape.prompt).worst
        let (output, isAbsurd) = shape.output.multipliedReportingOverflow(by: request.choices)
        let one = price.worstCost(input: input, output: isAbsurd ? .max : output, longCache: request.longCache)
        let (all, overflow) = one.multipliedReportingOverflow(by: Int64(request.attempts))
        return overflow ? .max : all
    }

    /// The limit on money with the least room that a request of this cost passes on a route.
    private func tightest(for route: GuardedRoute, _ worst: Int64) -> Violation? {
        var found: (room: Int64, violation: Violation)?
        if let limit = request.limits.maxCostPerRequest, worst > limit {
            found = (limit, .costPerRequest(limit: limit, worst: worst))
        }
        let owners = request.owners + route.owners
        for standing in standings where owners.contains(standing.cap.owner) && worst > standing.remaining {
            if standing.remaining < found?.room ?? .max {
                found = (standing.remaining, .budget(standing, worst: worst))
            }
        }
        return found?.violation
    }

    private func tokens(_ shape: Shape) -> TokenEstimate {
        let estimates = routes(shape).map { $0.calibration.estimate(nominal: shape.prompt) }
        return estimates.max { $0.expected < $1.expected } ?? TokenCalibration().estimate(nominal: shape.prompt)
    }

    // MARK: Answers

    private func allow(_ shape: Shape) -> GuardDecision {
        var allowance = Allowance(actions: [], closed: [], amounts: [:], degraded: [])
        if shape.prompt < request.prompt {
            allowance.actions.append(.truncate(to: shape.prompt))
            allowance.degraded.append(LadderStep.truncate.rawValue)
        }
        if shape.isCheaper, let group = request.cheaper?.group {
            allowance.actions.append(.cheaper(group: group))
            allowance.degraded.append(LadderStep.cheaper.rawValue)
        }
        let isLimited = isMoneyBounded || request.limits.maxOutputTokens != nil
        if isLimited, shape.output < request.requestedOutput ?? .max {
            allowance.actions.append(.limitOutput(to: shape.output))
            if request.requestedOutput != nil { allowance.degraded.append("max_tokens") }
        }
        if let fit = fit(shape) { (allowance.closed, allowance.amounts) = (fit.closed, fit.amounts) }
        return .allow(allowance)
    }

    /// Why `shape` fits nowhere: as the cheapest of its routes has it.
    private func violation(of shape: Shape) -> Violation {
        let estimated = tokens(shape).expected
        if let limit = request.limits.maxInputTokens, estimated > limit {
            return .inputTokens(limit: limit, estimated: estimated)
        }
        let costs = routes(shape).compactMap { route in worst(shape, on: route).map { (route, $0) } }
        let cheapest = costs.min { $0.1 < $1.1 }
        return cheapest.flatMap { tightest(for: $0.0, $0.1) } ?? .costPerRequest(limit: 0, worst: cheapest?.1 ?? 0)
    }
}

extension SpendBook {
    /// Decides about a request and, where it goes on, holds what it may cost: one step, so that no other comes between.
    package mutating func admit(
        _ request: GuardedRequest,
        at milliseconds: Int64
    ) -> (decision: GuardDecision, reservation: Reservation?) {
        let routes = request.routes + (request.cheaper?.routes ?? [])
        let owners = Set(request.owners + routes.flatMap(\.owners))
        let decision = Guard(request: request, standings: standings(of: owners, at: milliseconds)).decision()
        guard case .allow(let allowance) = decision else { return (decision, nil) }
        return (decision, reserve(allowance.amounts, at: milliseconds))
    }
}
