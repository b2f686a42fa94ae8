import SLO
import Testing

struct BudgetPolicyTests {
    private func budget(_ bad: Int, _ valid: Int) -> ErrorBudget {
        ErrorBudget(good: valid - bad, valid: valid, target: 0.995)
    }

    @Test(
        "bad of valid, bad of the last hours' 1,000 -> stance and first reason",
        arguments: [
            (0, 0, 0, .open, "no requests yet"), (3, 19, 0, .open, "too few requests to say (19, 3 lost)"),
            (100, 100_000, 0, .open, "80.0 % of the error budget left"),
            (100, 100_000, 50, .caution, "burning 10.0 times as fast as it may"),
            (249, 100_000, 0, .open, "50.2 % of the error budget left"),
            (250, 100_000, 0, .caution, "50.0 % of the error budget left"),
            (500, 100_000, 0, .frozen, "0.0 % of the error budget left"),
            (9, 170, 0, .frozen, "-958.9 % of the error budget left"),
            (900, 100_000, 0, .frozen, "-80.0 % of the error budget left"),
        ] as [(Int, Int, Int, BudgetPolicy.Stance, String)]
    )
    func stances(bad: Int, valid: Int, recent: Int, stance: BudgetPolicy.Stance, reason: String) {
        let verdict = BudgetPolicy().verdict(budget(bad, valid), recent: budget(recent, 1_000))
        #expect(verdict.stance == stance)
        #expect(verdict.reasons.first == reason)
    }

    @Test func thresholdsAreTheConfigs() {
        var policy = BudgetPolicy()
        (policy.caution, policy.freeze) = (0.2, 0.5)
        #expect(policy.verdict(budget(100, 100_000), recent: budget(0, 0)).stance == .caution)
        #expect(policy.verdict(budget(250, 100_000), recent: budget(0, 0)).stance == .frozen)
    }

    @Test func pagesAndDrillsCloseTheGate() {
        let policy = BudgetPolicy()
        let (good, none) = (budget(0, 1_000), budget(0, 0))
        #expect(policy.gate(good, recent: none, firingPages: [], drill: nil).stance == .open)
        let paged = policy.gate(good, recent: none, firingPages: ["success rate: low"], drill: "d7")
        #expect(paged.stance == .frozen)
        #expect(paged.reasons.prefix(2) == ["page firing: success rate: low", "drill running: d7"])
        let spent = policy.gate(budget(9, 1_000), recent: none, firingPages: ["p"], drill: nil)
        #expect(spent.reasons == ["-80.0 % of the error budget left", "page firing: p"])
    }

    @Test func whoSpentIt() {
        let shares = budget(40, 10_000).shares(["openai": 30, "anthropic": 10, "groq": 0, "odd": -3, "also": 10])
        #expect(shares.map(\.name) == ["openai", "also", "anthropic"])
        #expect(shares.map(\.ofSpent) == [0.75, 0.25, 0.25])
        #expect(shares.map { ($0.ofBudget * 100).rounded() } == [60, 20, 20])
        #expect(budget(0, 0).shares(["a": 1]).map(\.ofBudget) == [0])
        #expect(budget(40, 10_000).shares(["a": 11]).map { $0.needsPostmortem(BudgetPolicy()) } == [true])
        #expect(budget(40, 10_000).shares(["a": 9]).map { $0.needsPostmortem(BudgetPolicy()) } == [false])
    }

    @Test func aBurnDownEndsAtWhatRemains() {
        func day(_ bad: Int) -> EventCounts {
            var counts = EventCounts()
            (counts.valid, counts.good) = (1_000, 1_000 - bad)
            return counts
        }
        let line = ErrorBudget.burnDown([day(0), day(5), nil, day(10), day(20)], target: 0.995)
        #expect(line.map { $0.map { ($0 * 100).rounded() } } == [100, 75, nil, 25, -75])
        #expect(line.last == budget(35, 4_000).remaining)
        #expect(ErrorBudget.burnDown([nil, nil], target: 0.995) == [nil, nil])
    }
}
