import Testing

@testable import Drills

struct HistoryTests {
    private static let day: Int64 = 86_400_000

    private static func outcome(
        _ day: Int64,
        _ verdict: DrillVerdict.Outcome = .pass,
        by name: String = "raj",
        config: String = "c1",
        scenario: String = "revoke-key",
        provider: String = "openai"
    ) -> DrillOutcome {
        DrillOutcome(
            id: "d\(day)",
            at: day * Self.day,
            scenario: scenario,
            provider: provider,
            operator: name,
            verdict: verdict,
            timeToFailover: verdict == .pass ? .milliseconds(100 * day) : nil,
            lost: 0,
            budgetSpent: 0,
            configHash: config
        )
    }

    static let cases: [(String, DrillHistory, streak: Int)] = [
        ("none", DrillHistory([]), 0), ("one", DrillHistory([outcome(1)]), 1),
        ("in any order", DrillHistory([outcome(3), outcome(1), outcome(2)]), 3),
        ("findings break it", DrillHistory([outcome(1), outcome(2, .passWithFindings), outcome(3)]), 1),
        ("so does a failure at the end", DrillHistory([outcome(1), outcome(2, .fail)]), 0),
        ("and an abort", DrillHistory([outcome(1), outcome(2, .aborted)]), 0),
        ("another configuration", DrillHistory([outcome(1), outcome(2, config: "c2"), outcome(3, config: "c2")]), 2),
        ("alone, the operator may stay", DrillHistory([outcome(1), outcome(2)], team: ["raj"]), 2),
        ("in a team, not", DrillHistory([outcome(1), outcome(2)], team: ["raj", "ana"]), 1),
        ("taking turns", DrillHistory([outcome(1), outcome(2, by: "ana"), outcome(3)], team: ["raj", "ana"]), 3),
    ]

    @Test("a streak", arguments: cases)
    func streak(name: String, history: DrillHistory, streak: Int) {
        #expect(history.streak == streak, "\(name)")
    }

    @Test(
        "boring, and how often then",
        arguments: [
            (2, false, DrillHistory.Cadence.weekly), (3, true, .monthly), (5, true, .monthly), (6, true, .quarterly),
        ]
    )
    func boring(count: Int64, isBoring: Bool, cadence: DrillHistory.Cadence) {
        let history = DrillHistory((1...count).map { Self.outcome($0) })
        #expect(history.isBoring == isBoring && history.cadence == cadence)
    }

    @Test(
        "days since the last",
        arguments: [
            (40, DrillHistory.Age.fresh), (41, .amber), (100, .amber), (101, .red),
        ] as [(Int64, DrillHistory.Age)]
    )
    func age(day: Int64, age: DrillHistory.Age) {
        let history = DrillHistory([Self.outcome(11)])
        #expect(history.daysSinceLast(now: day * Self.day) == Int(day) - 11)
        #expect(history.age(now: day * Self.day) == age)
        #expect(DrillHistory([]).age(now: 0) == .red)
    }

    @Test func coverageNamesWhatWasNeverTried() {
        let history = DrillHistory([
            Self.outcome(1), Self.outcome(2, .fail), Self.outcome(3, scenario: "block-host", provider: "anthropic"),
        ])
        let cells = history.coverage(scenarios: ["revoke-key", "block-host"], providers: ["openai", "anthropic"])
        #expect(cells.map(\.count) == [2, 0, 0, 1] && cells.map(\.last?.id) == ["d2", nil, nil, "d3"])
        #expect(history.failoverTrend.map(\.time) == [.milliseconds(100), .milliseconds(300)])
        let table = """
            SCENARIO    openai         anthropic
            revoke-key  2x, last fail  never
            block-host  never          1x, last pass
            """
        #expect(
            history.coverageTable(scenarios: ["revoke-key", "block-host"], providers: ["openai", "anthropic"])
                .joined(separator: "\n") == table
        )
        #expect(history.failoverLine == "failover 100 ms, then 300 ms; slowest 300 ms")
        #expect(DrillHistory([]).failoverLine == nil)
    }
}
