import Guardrails
import Kit
import SLO
import Testing

/// What papers say, and leave out, where the service is not as it should be.
struct StateTests {
    struct State: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let change: @Sendable (inout KitInput) -> Void
        /// By paper: what stands there, and what must not.
        var says: [(paper: String, text: String)] = []
        var leavesOut: [(paper: String, text: String)] = []
        var warns: [String] = []
    }

    static let states: [State] = [
        State(
            testDescription: "an overspent budget",
            change: { $0.headline = headline(valid: 12_000, bad: 1_000) },
            says: [
                ("slo-one-pager", "1,000 did: the budget is overspent, at 16.7 times what it allows."),
                ("error-budget-policy", "Changes today: **frozen**.\n"),
                ("error-budget-policy", "(from 13 failed requests on at today's traffic)"),
            ],
            leavesOut: [("error-budget-policy", "-1566")]
        ),
        State(
            testDescription: "a budget that lasts for days",
            change: { $0.headline = headline(valid: 1_000, bad: 3) },
            says: [
                ("slo-one-pager", "at that pace it is gone in 20 days."),
                ("error-budget-policy", "(from 2 failed requests on at today's traffic)"),
            ]
        ),
        State(
            testDescription: "a client without traffic beside others with some",
            change: { input in
                (input.tenant, input.headline) = ("acme", Sample.empty.headline)
                input.days = []
            },
            says: [
                ("slo-one-pager", "In that window no request came: nothing was measured."),
                ("slo-one-pager", "that goes by the requests of all clients together"),
                ("error-budget-policy", "Whether changes may ship goes by the budget of all clients together"),
            ],
            leavesOut: [("slo-one-pager", "ledger is empty"), ("error-budget-policy", "Changes today")]
        ),
        State(
            testDescription: "prices that are not known",
            change: { input in
                input.headline = headline(valid: 1_000, bad: 0, unpriced: 400)
                for index in input.features[0].sheet.routes.indices {
                    input.features[0].sheet.routes[index].price = nil
                }
            },
            says: [
                ("slo-one-pager", "400 requests had no known price and are not in the mean cost."),
                ("proposal-language", "400 requests had no known price and are not in the mean cost."),
            ],
            warns: ["The price of openai-1 and local is unknown; summarise uses them."]
        ),
        State(
            testDescription: "a drill that was aborted",
            change: { input in
                let last = KitDrills.Drill(
                    id: "d",
                    title: "Revoke the key",
                    at: Sample.now - 40 * Sample.day,
                    verdict: "aborted",
                    isPassed: false,
                    failed: 0
                )
                input.drills = KitDrills(last: last, streak: 0)
            },
            says: [
                ("slo-one-pager", "closed out as: aborted.\nWhile it lasted, no user request failed.\n"),
                ("slo-one-pager", "without findings: 0."),
            ],
            leavesOut: [("slo-one-pager", "is practised"), ("proposal-language", "is practised")],
            warns: ["The last drill was closed out as: aborted.", "The last drill was 40 days ago."]
        ),
        State(
            testDescription: "no cap, no cache, no alert",
            change: { ($0.features, $0.cache, $0.alerts) = ([], nil, []) },
            says: [
                ("slo-one-pager", "No alert on these objectives is on."), ("sow-clause", "No feature has a cap."),
                ("cache-recipe", "It is off in the config that runs; to turn it on:"),
            ],
            leavesOut: [("slo-one-pager", "cache"), ("slo-one-pager", " cap"), ("proposal-language", " cap")]
        ),
        State(
            testDescription: "one feature with a cap and one without, and a ladder of one step",
            change: { input in
                input.features[0].sheet.limits.ladder = [.cheaper]
                input.features[1].sheet.limits = FeatureLimits()
            },
            says: [
                (
                    "proposal-language",
                    "Some features have a cap, and what happens when it is reached is decided in advance: "
                        + "a cheaper model or a clear refusal."
                ),
                ("guardrail-sheet", "in this order: ask assistant-mini instead; refuse with a clear error."),
            ],
            leavesOut: [("proposal-language", "a kept answer"), ("slo-one-pager", "a shorter prompt")]
        ),
        State(
            testDescription: "several gaps",
            change: {
                $0.gaps = [1, 3].map {
                    TimeSpan(from: Sample.now - $0 * Sample.day, to: Sample.now - $0 * Sample.day + 60_000)
                }
            },
            says: [("slo-one-pager", "In 2 stretches of the window (2 min together) nothing was measured")]
        ),
        State(
            testDescription: "evidence that goes before the claim comes, and maintenance on short notice",
            change: { input in
                input.retention = KitRetention(requests: .seconds(35 * 86_400), days: .seconds(400 * 86_400))
                input.maintenance[0].declared = input.maintenance[0].span.from - 60_000
            },
            says: [("sow-clause", "The row of a request is kept for 35 days, the sums of each day for 400 days.")],
            warns: [
                "A claim may come 61 days after a request, whose row is kept for 35 days: raise nines.retention.requests, or "
                    + "shorten nines.kit.claim_within.",
                "Maintenance on 2026-11-20 was declared later than 3 days before it: by the clause it counts in full, the "
                    + "figures leave it out.",
            ]
        ),
    ]

    @Test("papers in each state", arguments: states)
    func papersSay(state: State) throws {
        var input = Sample.full
        state.change(&input)
        let made = Dictionary(
            uniqueKeysWithValues: try papers(input, templates: KitTemplates()).map { ($0.name, $0.markdown) }
        )
        for (paper, text) in state.says { #expect(made[paper]?.contains(text) == true, "\(paper): \(text)") }
        for (paper, text) in state.leavesOut { #expect(made[paper]?.contains(text) == false, "\(paper): \(text)") }
        let told = Set(warnings(about: input).map(\.text))
        #expect(Set(state.warns).subtracting(told) == [])
    }

    @Test func aWholeInputHasNoSuchWarning() {
        #expect(warnings(about: Sample.full).map(\.text) == ["The price of local is unknown; summarise uses it."])
    }

    private static func headline(valid: Int, bad: Int, unpriced: Int = 0) -> Headline {
        var counts = EventCounts()
        (counts.requests, counts.valid, counts.good) = (valid, valid, valid - bad)
        (counts.priced, counts.unpriced) = (valid - unpriced, unpriced)
        (counts.cost, counts.latencySamples, counts.latencyFast) = (valid * 1_000_000, valid, valid)
        return Headline(
            objectives: Objectives(),
            window: Indicators(counts: counts),
            lastHour: counts,
            lastSixHours: counts
        )
    }
}
