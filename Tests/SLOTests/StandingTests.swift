import SLO
import Testing

struct StandingTests {
    @Test(
        "success: good of valid at 99.5 %",
        arguments: [
            (0, 0, .noData),
            (0, 19, .tooFew), (19, 19, .tooFew),
            (20, 20, .ok), (19, 20, .tooFew), (17, 20, .tooFew), (16, 20, .critical),
            (196, 199, .tooFew), (195, 199, .critical), (199, 199, .ok),
            (200, 200, .ok), (199, 200, .warning), (198, 200, .critical),
            (9_970, 10_000, .ok), (9_962, 10_000, .warning), (9_950, 10_000, .warning), (9_949, 10_000, .critical),
        ] as [(Int, Int, Standing)]
    )
    func success(good: Int, valid: Int, standing: Standing) {
        #expect(Standing.success(ErrorBudget(good: good, valid: valid, target: 0.995)) == standing)
    }

    @Test(
        "latency: samples within the target",
        arguments: [
            (0, 0, .noData), (99, 99, .tooFew), (0, 99, .tooFew),
            (100, 100, .ok), (97, 100, .ok), (96, 100, .warning), (95, 100, .warning), (94, 100, .critical),
            (0, 100, .critical),
        ] as [(Int, Int, Standing)]
    )
    func latency(fast: Int, samples: Int, standing: Standing) {
        #expect(Standing.latency(fast: fast, samples: samples) == standing)
    }

    @Test(
        "cost: nano-dollars a request, samples, against 0.015 dollars",
        arguments: [
            (nil, 0, .noData), (nil, 50, .noData), (20_000_000, 19, .tooFew),
            (13_500_000, 20, .ok), (13_500_001, 20, .warning), (15_000_000, 20, .warning), (15_000_001, 20, .critical),
        ] as [(Double?, Int, Standing)]
    )
    func cost(perRequest: Double?, samples: Int, standing: Standing) {
        #expect(Standing.cost(perRequest: perRequest, samples: samples, target: 15_000_000) == standing)
    }

    @Test(
        "budget: bad of 100,000, and bad of the last hours' 1,000",
        arguments: [
            (bad: 0, recent: 0, standing: .ok), (bad: 100, recent: 6, standing: .ok),
            (bad: 100, recent: 50, standing: .warning),
            (bad: 376, recent: 0, standing: .warning), (bad: 501, recent: 0, standing: .critical),
        ] as [(bad: Int, recent: Int, standing: Standing)]
    )
    func budget(bad: Int, recent: Int, standing: Standing) {
        let whole = ErrorBudget(good: 100_000 - bad, valid: 100_000, target: 0.995)
        let hours = ErrorBudget(good: 1_000 - recent, valid: 1_000, target: 0.995)
        #expect(Standing.budget(whole, recent: hours) == standing)
    }

    @Test func aFewRecentFailuresDoNotWarn() {
        let whole = ErrorBudget(good: 99_700, valid: 100_000, target: 0.995)
        let hours = ErrorBudget(good: 30, valid: 33, target: 0.995)
        #expect(Standing.budget(whole, recent: hours) == .ok)
    }
}
