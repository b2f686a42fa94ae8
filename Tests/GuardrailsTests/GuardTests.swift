import Testing

@testable import Guardrails

/// A nano-dollar a token in and two out, in a model whose tokens are exactly the nominal ones.
private func route(_ deployment: String, _ provider: String = "openai", price: Int64? = 1) -> GuardedRoute {
    var calibration = TokenCalibration()
    // Thousands of exact reports: the margin is at its least, a twentieth and 16 tokens.
    for _ in 0..<2_000 { calibration.learn(nominal: 1_000, reported: 1_000) }
    let row = price.map {
        PriceRow(
            provider: provider,
            model: deployment,
            price: TokenPrice(input: $0 * 1_000_000, output: $0 * 2_000_000),
            source: "test"
        )
    }
    return GuardedRoute(deployment: deployment, provider: provider, price: row, calibration: calibration)
}

private let chat = SpendOwner.feature("chat")

private func request(
    prompt: Int = 1_000,
    shortest: Int? = nil,
    output: Int? = 100,
    cost: Int64? = nil,
    maxIn: Int? = nil,
    maxOut: Int? = nil,
    ladder: [LadderStep] = [],
    routes: [GuardedRoute] = [route("a")],
    cheaper: [GuardedRoute]? = nil,
    cached: Bool = false
) -> GuardedRequest {
    GuardedRequest(
        owners: [chat],
        limits: FeatureLimits(
            maxCostPerRequest: cost,
            maxInputTokens: maxIn,
            maxOutputTokens: maxOut,
            ladder: ladder
        ),
        prompt: prompt,
        shortestPrompt: shortest,
        requestedOutput: output,
        routes: routes,
        cheaper: cheaper.map { ("mini", $0) },
        hasCachedAnswer: cached
    )
}

/// `degraded` of an allowance, or the word for another decision.
private func outcome(_ request: GuardedRequest, budget: Int64? = nil) -> String {
    var book = SpendBook(caps: budget.map { [SpendCap(owner: chat, amount: $0, period: .seconds(3_600))] } ?? [])
    let (decision, reservation) = book.admit(request, at: 0)
    switch decision {
    case .allow(let allowance):
        if reservation == nil { return "allowed but not held" }
        return (allowance.actions.map { "\($0)" } + allowance.closed.map { "closed \($0)" }).joined(separator: " ")
    case .cached: return "cached"
    case .reject(.inputTokens): return "too long"
    case .reject(.costPerRequest): return "too dear"
    case .reject(.budget): return "over budget"
    }
}

struct GuardTests {
    /// 1,000 nominal tokens are at worst 1,066: with 100 out the request costs at most 1,266.
    @Test(
        "decisions",
        arguments: [
            ("no limits, nothing is done", request(), nil, ""),
            ("no limits, not even on output", request(output: nil), nil, ""),
            ("it fits to the nano-dollar", request(cost: 1_266), nil, ""),
            ("one less, and an empty ladder rejects", request(cost: 1_265), nil, "too dear"),
            ("the budget fits it", request(), 1_266, ""), ("the budget doesn't", request(), 1_265, "over budget"),
            ("the tightest is named", request(cost: 1_200), 1_100, "over budget"),
            ("too long a prompt", request(maxIn: 999), nil, "too long"),
            ("just short enough", request(maxIn: 1_000), nil, ""),
            // Output.
            ("more than the feature allows", request(maxOut: 60), nil, "limitOutput(to: 60)"),
            ("no limit of the client's: the feature's", request(output: nil, maxOut: 60), nil, "limitOutput(to: 60)"),
            ("less than the feature allows", request(maxOut: 600), nil, ""),
            ("money is bounded: so is output", request(output: nil), 1_000_000, "limitOutput(to: 4096)"),
            ("as much as the money lasts", request(output: nil, cost: 2_066), nil, "limitOutput(to: 500)"),
            ("as little as is an answer", request(output: nil, cost: 1_194), nil, "limitOutput(to: 64)"),
            ("less is none", request(output: nil, cost: 1_193), nil, "too dear"),
            // The ladder.
            ("truncated", request(shortest: 100, maxIn: 500, ladder: [.truncate]), nil, "truncate(to: 500)"),
            ("can't be", request(shortest: 501, maxIn: 500, ladder: [.truncate]), nil, "too long"),
            ("for money", request(shortest: 100, cost: 741, ladder: [.truncate]), nil, "truncate(to: 500)"),
            (
                "and the answer shortened", request(shortest: 100, cost: 301, ladder: [.truncate]), nil,
                "truncate(to: 100) limitOutput(to: 90)"
            ),
            ("nothing to drop: the answer", request(cost: 1_206, ladder: [.truncate]), nil, "limitOutput(to: 70)"),
            (
                "cheaper", request(cost: 1_000, ladder: [.cheaper], cheaper: [route("b", price: 0)]), nil,
                #"cheaper(group: "mini")"#
            ),
            ("no cheaper group", request(cost: 1_000, ladder: [.cheaper]), nil, "too dear"),
            ("an empty one", request(cost: 1_000, ladder: [.cheaper], cheaper: []), nil, "too dear"),
            (
                "a cheaper model doesn't shorten a prompt",
                request(maxIn: 999, ladder: [.cheaper], cheaper: [route("b", price: 0)]), nil, "too long"
            ),
            (
                "in order: truncate first",
                request(shortest: 10, cost: 741, ladder: [.truncate, .cheaper], cheaper: [route("b", price: 0)]), nil,
                "truncate(to: 500)"
            ),
            (
                "in order: cheaper first",
                request(shortest: 10, cost: 741, ladder: [.cheaper, .truncate], cheaper: [route("b", price: 0)]), nil,
                #"cheaper(group: "mini")"#
            ),
            (
                "a step that doesn't help is not taken",
                request(cost: 200, ladder: [.truncate, .cheaper], cheaper: [route("b", price: 0)]), nil,
                #"cheaper(group: "mini")"#
            ),
            (
                "both are needed",
                request(
                    shortest: 100,
                    cost: 1_482,
                    ladder: [.truncate, .cheaper],
                    routes: [route("a", price: 9)],
                    cheaper: [route("b", price: 2)]
                ), nil, #"truncate(to: 500) cheaper(group: "mini")"#
            ),
            ("cached", request(cost: 1, ladder: [.truncate, .cached], cached: true), nil, "cached"),
            ("no cached answer", request(cost: 1, ladder: [.cached, .reject]), nil, "too dear"),
            (
                "nothing after reject", request(shortest: 10, maxIn: 500, ladder: [.reject, .truncate]), nil,
                "too long"
            ),
            ("a fitting request is not answered from the cache", request(ladder: [.cached], cached: true), nil, ""),
            // Routes.
            (
                "too dear a route is closed, the other stays open",
                request(cost: 1_266, routes: [route("a"), route("b", price: 2)]), nil, "closed b"
            ),
            (
                "an unknown price passes, and holds nothing",
                request(cost: 1, routes: [route("a", price: nil)]), 0, ""
            ),
            ("no routes: routing says so", request(cost: 1, routes: []), nil, ""),
        ] as [(String, GuardedRequest, Int64?, String)]
    )
    func decisions(name: String, request: GuardedRequest, budget: Int64?, expected: String) {
        #expect(outcome(request, budget: budget) == expected)
    }

    @Test func aProvidersCapClosesItsRoutesAlone() throws {
        var book = SpendBook(caps: [
            SpendCap(owner: .provider("openai"), amount: 2_000, period: .seconds(3_600)),
            SpendCap(owner: .deployment("c"), amount: 0, period: .seconds(3_600)),
        ])
        let asked = request(routes: [route("a"), route("b", "anthropic"), route("c", "groq")])
        let first = book.admit(asked, at: 0)
        let second = book.admit(asked, at: 0)
        guard case .allow(let one) = first.decision, case .allow(let two) = second.decision else {
            Issue.record("both have a route")
            return
        }
        #expect(one.closed == ["c"])
        #expect(two.closed == ["a", "c"])
        #expect(first.reservation?.amounts == [.provider("openai"): 1_266])
        #expect(second.reservation?.amounts == [:])
        #expect(outcome(request(routes: [route("a")])) == "")
    }

    @Test func whatIsHeldIsTheDearestOpenRoute() {
        var book = SpendBook(caps: [SpendCap(owner: chat, amount: 10_000, period: .seconds(3_600))])
        var asked = request(routes: [route("a"), route("b", price: 2), route("c", price: nil)])
        asked.attempts = 2
        let hedged = book.admit(asked, at: 0)
        #expect(hedged.reservation?.amounts == [chat: 5_064])
        asked.attempts = 1
        asked.choices = 3
        // 2 x (1,066 + 2 x 300); on the other route half.
        let many = book.admit(asked, at: 0)
        #expect(many.reservation?.amounts == [chat: 3_332])
        // 1,604 are left, and both would pass them.
        let unpriced = book.admit(asked, at: 0)
        #expect(unpriced.reservation?.amounts == [:])
    }

    /// Forty at once, each of a random size and feature: the budget holds, and whoever is refused did not fit.
    @Test("no cap is passed and nothing that fits is blocked", arguments: 0..<10)
    func concurrent(seed: UInt64) {
        var random = Seeded(seed)
        let routes = [route("a"), route("b", "anthropic", price: 3)]
        let cap = SpendCap(owner: chat, amount: Int64(5_000 + random.below(20_000)), period: .seconds(3_600))
        var book = SpendBook(caps: [cap])
        var open: [Reservation] = []
        for _ in 0..<400 {
            if random.below(3) == 0, !open.isEmpty {
                let reservation = open.remove(at: random.below(open.count))
                book.correct(reservation, to: reservation.amounts.mapValues { $0 / Int64(1 + random.below(4)) })
                continue
            }
            let before = book.standings(at: 0)[0].remaining
            let ladder = random.pick([[], [.truncate], [.cheaper, .truncate], [.cached, .reject]] as [[LadderStep]])
            let asked = request(
                prompt: 100 + random.below(2_000),
                shortest: random.below(100),
                output: random.below(2) == 0 ? nil : 1 + random.below(500),
                ladder: ladder,
                routes: routes
            )
            let (decision, reservation) = book.admit(asked, at: 0)
            switch decision {
            case .allow: #expect(reservation != nil)
            case .cached: Issue.record("there is no cache")
            case .reject:
                let input = routes[0].calibration.estimate(nominal: asked.prompt).worst
                let least = input + 2 * (asked.requestedOutput ?? Guard.leastOutput)
                #expect(Int64(least) > before)
            }
            if let reservation { open.append(reservation) }
            let standing = book.standings(at: 0)[0]
            #expect(standing.spent + standing.reserved <= cap.amount)
            if standing.remaining == 0 { book = SpendBook(caps: [cap]); open = [] }
        }
    }

    @Test("absurd numbers neither trap nor pass", arguments: [Int.min, -1, 0, 1, Int.max])
    func absurd(number: Int) {
        var asked = request(prompt: number, shortest: number, output: number, cost: 10, ladder: LadderStep.allCases)
        asked.choices = number
        asked.attempts = max(1, number)
        let cheap = outcome(asked, budget: .max)
        #expect(cheap == "too dear" || number <= 1)
        asked = request(prompt: number, output: nil, maxIn: number, maxOut: number)
        _ = outcome(asked, budget: .max)
    }

    @Test func whatTheClientIsTold() {
        let cap = SpendCap(owner: chat, amount: 50_000_000_000, period: .seconds(30 * 86_400))
        let standing = SpendStanding(
            cap: cap,
            window: cap.window(at: 1_795_392_000_000),
            spent: 49_990_000_000,
            reserved: 5_000_000
        )
        let violation = Violation.budget(standing, worst: 20_000_000)
        #expect(
            violation.message
                == "The budget of feature chat is $50 every 30d: $49.99 is spent, $0.005 is held for requests under way, "
                + "and this request could cost $0.02. The budget is whole again at 2026-12-03T00:00:00Z."
        )
        #expect(violation.resetsAt == standing.window.upperBound)
        let never = Violation.budget(standing, worst: 50_000_000_001)
        #expect(never.resetsAt == nil && never.message.hasSuffix("could cost $50.000000001."))
        #expect(
            Violation.inputTokens(limit: 8_000, estimated: 9_100).message
                == "The prompt has about 9100 tokens; this feature takes at most 8000."
        )
        #expect(
            Violation.costPerRequest(limit: 20_000_000, worst: 31_500_000).message
                == "The request could cost $0.0315; this feature allows $0.02 a request."
        )
    }

    @Test(
        "moments as text",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_868_799_999, "2000-02-29T23:59:59Z"),
            (1_798_761_600_000, "2027-01-01T00:00:00Z"), (4_107_542_400_000, "2100-03-01T00:00:00Z"),
        ] as [(Int64, String)]
    )
    func moments(milliseconds: Int64, text: String) { #expect(utcText(milliseconds) == text) }

    @Test("any moment has a text", arguments: [Int64.min, .max])
    func extremes(milliseconds: Int64) { #expect(utcText(milliseconds).hasSuffix("Z")) }
}
