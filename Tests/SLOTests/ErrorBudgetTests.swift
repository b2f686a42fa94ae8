import SLO
import Testing

struct ErrorBudgetTests {
    @Test(
        "good, valid -> allowed, burn rate, remaining, at 99.5 %",
        arguments: [
            (good: 1_000, valid: 1_000, allowed: 5.0, burn: 0.0, remaining: 1.0),
            (good: 995, valid: 1_000, allowed: 5.0, burn: 1.0, remaining: 0.0),
            (good: 980, valid: 1_000, allowed: 5.0, burn: 4.0, remaining: -3.0),
            (good: 99_875, valid: 100_000, allowed: 500.0, burn: 0.25, remaining: 0.75),
            (good: 0, valid: 10, allowed: 0.05, burn: 200.0, remaining: -199.0),
        ]
    )
    func arithmetic(good: Int, valid: Int, allowed: Double, burn: Double, remaining: Double) throws {
        let budget = ErrorBudget(good: good, valid: valid, target: 0.995)
        #expect(abs(budget.allowed - allowed) < 1e-9)
        #expect(abs(try #require(budget.burnRate) - burn) < 1e-9)
        #expect(abs(try #require(budget.remaining) - remaining) < 1e-9)
    }

    @Test func anExactlySpentBudgetIsZero() {
        for thousands in 1...200 {
            let budget = ErrorBudget(good: 995 * thousands, valid: 1_000 * thousands, target: 0.995)
            #expect(budget.remaining == 0)
        }
    }

    @Test func withoutTrafficThereIsNoNumber() {
        let budget = ErrorBudget(good: 0, valid: 0, target: 0.995)
        #expect(budget.burnRate == nil)
        #expect(budget.remaining == nil)
        #expect(budget.timeToExhaustion(window: .seconds(30), burnRate: 1) == nil)
    }

    @Test("targets at and beyond the ends stay finite", arguments: [-1.0, 0, 1, 2])
    func ends(target: Double) throws {
        let budget = ErrorBudget(good: 9, valid: 10, target: target)
        #expect(try #require(budget.burnRate).isFinite)
    }

    @Test(
        "hours to exhaustion of a 720 h window",
        arguments: [
            (good: 1_000, burn: 1.0, hours: nil),
            (good: 1_000, burn: 14.4, hours: 50.0),
            (good: 1_000, burn: 0.0, hours: nil),
            (good: 1_000, burn: nil, hours: nil),
            (good: 998, burn: 0.5, hours: nil),
            (good: 998, burn: 6.0, hours: 72.0),
            (good: 995, burn: 0.5, hours: 0.0),
            (good: 900, burn: nil, hours: 0.0),
        ] as [(good: Int, burn: Double?, hours: Double?)]
    )
    func exhaustion(good: Int, burn: Double?, hours: Double?) {
        let budget = ErrorBudget(good: good, valid: 1_000, target: 0.995)
        let left = budget.timeToExhaustion(window: .seconds(720 * 3_600), burnRate: burn).map { $0 / .seconds(3_600) }
        #expect((left == nil) == (hours == nil))
        if let left, let hours { #expect(abs(left - hours) < 1e-6) }
    }

    @Test func indicatorsAnswerOnlyWhatWasMeasured() {
        var indicators = Indicators()
        #expect(indicators.successRate == nil)
        #expect(indicators.fastShare == nil)
        #expect(indicators.costPerRequest == nil)
        indicators.counts.valid = 4
        indicators.counts.good = 3
        indicators.counts.priced = 2
        indicators.counts.cost = 5
        #expect(indicators.successRate == 0.75)
        #expect(indicators.costPerRequest == 2.5)
        #expect(indicators.counts.bad == 1)
        #expect(indicators.budget(target: 0.5).remaining == 0.5)
    }
}
