import Testing

@testable import Drills

struct StopRuleTests {
    private static func figures(_ change: (inout StopFigures) -> Void) -> StopFigures {
        var figures = StopFigures(latencyTarget: .milliseconds(2_500), costTarget: 15_000_000)
        figures.isEffective = true
        figures.allowedFailures = 100
        change(&figures)
        return figures
    }

    static let cases: [(name: String, figures: StopFigures, rule: StopRules.Rule?)] = [
        ("nothing measured", figures { _ in }, nil),
        ("95 % is enough", figures { ($0.requests, $0.good) = (100, 95) }, nil),
        ("94 % is not", figures { ($0.requests, $0.good) = (100, 94) }, .success),
        ("of 19 nothing follows", figures { ($0.requests, $0.good) = (19, 0) }, nil),
        ("a tenth of the budget left", figures { $0.drillFailures = 10 }, nil),
        ("more than a tenth", figures { $0.drillFailures = 11 }, .failures),
        ("five of a young ledger", figures { ($0.allowedFailures, $0.drillFailures) = (1, 5) }, nil),
        ("six of a young ledger", figures { ($0.allowedFailures, $0.drillFailures) = (1, 6) }, .failures),
        ("no budget, no failure", figures { $0.allowedFailures = 0 }, nil),
        ("no budget, one failure", figures { ($0.allowedFailures, $0.drillFailures) = (0, 1) }, .failures),
        (
            "three times the latency", figures { ($0.requests, $0.good, $0.latency) = (20, 20, .milliseconds(7_500)) },
            nil
        ),
        ("more", figures { ($0.requests, $0.good, $0.latency) = (20, 20, .milliseconds(7_501)) }, .latency),
        ("slow, but few", figures { ($0.requests, $0.good, $0.latency) = (19, 19, .seconds(60)) }, nil),
        ("twice the cost", figures { ($0.requests, $0.good, $0.costPerRequest) = (20, 20, 30_000_000) }, nil),
        ("above it", figures { ($0.requests, $0.good, $0.costPerRequest) = (20, 20, 30_000_001) }, .cost),
        ("spend up to the cap", figures { $0.drillSpend = 500_000_000 }, nil),
        ("spend above the cap", figures { $0.drillSpend = 500_000_001 }, .spend),
        ("a fifth at the secondary", figures { ($0.secondaryAttempts, $0.secondaryErrors) = (10, 2) }, nil),
        ("more of it", figures { ($0.secondaryAttempts, $0.secondaryErrors) = (10, 3) }, .secondary),
        ("few attempts there", figures { ($0.secondaryAttempts, $0.secondaryErrors) = (9, 9) }, nil),
        ("no effect for a minute", figures { ($0.isEffective, $0.sinceInduced) = (false, .seconds(60)) }, nil),
        ("no effect for longer", figures { ($0.isEffective, $0.sinceInduced) = (false, .seconds(61)) }, .ineffective),
        ("half an hour", figures { $0.elapsed = .seconds(1_800) }, nil),
        ("longer", figures { $0.elapsed = .seconds(1_801) }, .overtime),
        ("another alert", figures { $0.foreignAlert = "disk almost full" }, .alert),
    ]

    @Test("a rule and its limit", arguments: cases)
    func rule(name: String, figures: StopFigures, rule: StopRules.Rule?) {
        var rules = StopRules()
        rules.spendCap = 500_000_000
        #expect(rules.readings(figures).first(where: \.isBroken)?.rule == rule, "\(name)")
        #expect(rules.readings(figures).map(\.rule) == StopRules.Rule.allCases)
    }

    /// Its floor is printed with it: a tenth of a young ledger's budget is less than one failure.
    @Test func theRuleAboutFailuresSaysItsFloor() {
        let reading = StopRules().readings(Self.figures { $0.allowedFailures = 1 }).first { $0.rule == .failures }
        #expect(reading?.text == "over 5 lost, 10 % of budget left" && reading?.value == "0 of 5.0")
    }

    @Test func aBrokenRuleStopsTheDrillOnlyWhileAFaultIsIn() throws {
        let bad = Self.figures { ($0.requests, $0.good) = (100, 50) }
        var world = Rehearsal()
        try world.reach("induce")
        try world.send(.figures(bad))
        #expect(world.drill.ending == nil && world.drill.stopReadings.count == StopRules.Rule.allCases.count)
        try world.doStep()
        try world.send(.figures(bad), after: 1)
        #expect(world.drill.ending == .stopped && !world.isBroken)
        #expect(world.written.last { $0.kind == .stop }?.text == "success under 95.00 %: 50.00 %")
    }

    @Test func theDrillKnowsItsOwnTimes() throws {
        var world = Rehearsal()
        try world.reach("effective")
        try world.send(.figures(Self.figures { $0.isEffective = true }), after: 61)
        #expect(world.drill.ending == .stopped)
        #expect(world.written.last { $0.kind == .stop }?.subject == "ineffective")
    }
}
