import Testing

@testable import Drills

private func drill() -> KeyDrill { KeyDrill(id: "drill-1", target: "primary", credential: "OPENAI_API_KEY") }

/// What a list of events, a second apart, leads to: phase, effects in order, and the times that were measured.
struct KeyDrillTests {
    struct Story: Sendable, CustomTestStringConvertible {
        let name: String
        let events: [KeyDrill.Event]
        let phase: KeyDrill.Phase
        let effects: [KeyDrill.Effect]
        /// Seconds: induced, detected, failed over, restored, recovered.
        let times: [Int?]
        var isOver = false
        var testDescription: String { name }
    }

    static let stories = [
        Story(name: "nothing yet", events: [], phase: .ready, effects: [], times: [nil, nil, nil, nil, nil]),
        Story(
            name: "the whole drill",
            events: [.induce, .refusalSeen, .failoverSeen, .restore, .primaryAnswered, .close],
            phase: .restored,
            effects: [.revokeKey, .restoreKey, .writeReport, .end],
            times: [1, 2, 3, 4, 5],
            isOver: true
        ),
        Story(
            name: "only the first of each counts",
            events: [
                .induce, .refusalSeen, .refusalSeen, .failoverSeen, .failoverSeen, .restore, .primaryAnswered,
                .primaryAnswered,
            ],
            phase: .restored,
            effects: [.revokeKey, .restoreKey, .writeReport],
            times: [1, 2, 4, 6, 7]
        ),
        Story(
            name: "nothing is sensed before the fault",
            events: [.refusalSeen, .failoverSeen, .primaryAnswered, .leaseExpired],
            phase: .ready,
            effects: [],
            times: [nil, nil, nil, nil, nil]
        ),
        Story(
            name: "while the key is out, the primary's answer is a straggler",
            events: [.induce, .primaryAnswered, .failoverSeen, .primaryAnswered],
            phase: .failedOver,
            effects: [.revokeKey],
            times: [1, nil, 3, nil, nil]
        ),
        Story(
            name: "after the restore nothing of the fault is sensed",
            events: [.induce, .restore, .refusalSeen, .failoverSeen],
            phase: .restoring,
            effects: [.revokeKey, .restoreKey],
            times: [1, nil, nil, 2, nil]
        ),
        Story(
            name: "the lease runs out",
            events: [.induce, .failoverSeen, .leaseExpired, .leaseExpired, .primaryAnswered, .close],
            phase: .restored,
            effects: [.revokeKey, .restoreKey, .writeReport, .end],
            times: [1, nil, 2, 3, 5],
            isOver: true
        ),
        Story(
            name: "aborted with the fault in",
            events: [.induce, .abort, .leaseExpired, .primaryAnswered, .abort, .close],
            phase: .aborted,
            effects: [.revokeKey, .restoreKey, .writeReport, .end],
            times: [1, nil, nil, 2, nil],
            isOver: true
        ),
        Story(
            name: "aborted after the restore",
            events: [.induce, .restore, .abort, .close],
            phase: .aborted,
            effects: [.revokeKey, .restoreKey, .writeReport, .end],
            times: [1, nil, nil, 2, nil],
            isOver: true
        ),
        Story(
            name: "aborted before anything",
            events: [.abort],
            phase: .aborted,
            effects: [.writeReport],
            times: [nil, nil, nil, nil, nil]
        ),
        Story(
            name: "closed before the primary answered",
            events: [.induce, .restore, .close],
            phase: .restoring,
            effects: [.revokeKey, .restoreKey, .writeReport, .end],
            times: [1, nil, nil, 2, nil],
            isOver: true
        ),
        Story(
            name: "opened and closed",
            events: [.close],
            phase: .ready,
            effects: [.end],
            times: [nil, nil, nil, nil, nil],
            isOver: true
        ),
        Story(
            name: "an abort after the end is nothing",
            events: [.close, .abort, .leaseExpired, .primaryAnswered],
            phase: .ready,
            effects: [.end],
            times: [nil, nil, nil, nil, nil],
            isOver: true
        ),
    ]

    @Test("a drill", arguments: stories)
    func story(story: Story) throws {
        var drill = drill()
        var effects: [KeyDrill.Effect] = []
        for (second, event) in story.events.enumerated() {
            effects += try drill.handle(event, at: .seconds(second + 1))
        }
        #expect(drill.phase == story.phase)
        #expect(effects == story.effects)
        #expect(drill.isOver == story.isOver)
        let times = [drill.inducedAt, drill.detectedAt, drill.failedOverAt, drill.restoredAt, drill.recoveredAt]
        #expect(times == story.times.map { $0.map { .seconds($0) } })
    }

    @Test(
        "what a person can't do now, and why",
        arguments: [
            ([], .restore, "nothing is broken: this drill is ready"),
            ([.induce], .induce, "the key was revoked already: this drill is induced"),
            ([.induce], .close, "restore the key first"), ([.induce, .failoverSeen], .close, "restore the key first"),
            ([.induce, .restore], .restore, "nothing is broken: this drill is restoring"),
            ([.induce, .restore], .induce, "the key was revoked already: this drill is restoring"),
            ([.abort], .induce, "the key was revoked already: this drill is aborted"),
            ([.close], .induce, "this drill is over: open a new one"),
            ([.close], .close, "this drill is over: open a new one"),
            ([.close], .restore, "this drill is over: open a new one"),
        ] as [([KeyDrill.Event], KeyDrill.Event, String)]
    )
    func refusals(before: [KeyDrill.Event], event: KeyDrill.Event, reason: String) throws {
        var drill = drill()
        for event in before { _ = try drill.handle(event, at: .seconds(1)) }
        let was = drill
        #expect(throws: KeyDrill.Refusal(reason: reason)) { try drill.handle(event, at: .seconds(2)) }
        #expect(drill == was)
    }

    @Test func requestsCountWhileTheFaultIsIn() throws {
        var drill = drill()
        let settle = { (drill: inout KeyDrill) in
            for (wasFailedOver, wasLost) in [(true, false), (false, true), (false, false)] {
                _ = try drill.handle(.requestSettled(wasFailedOver: wasFailedOver, wasLost: wasLost), at: .seconds(1))
            }
        }
        try settle(&drill)
        #expect(drill.requests == 0)
        _ = try drill.handle(.induce, at: .seconds(1))
        try settle(&drill)
        _ = try drill.handle(.failoverSeen, at: .seconds(1))
        try settle(&drill)
        _ = try drill.handle(.restore, at: .seconds(1))
        try settle(&drill)
        #expect(drill.requests == 6 && drill.failedOver == 2 && drill.lost == 2)
    }

    @Test func theTimelineSaysWhoDidWhat() throws {
        var drill = drill()
        for (second, event) in [
            KeyDrill.Event.induce, .refusalSeen, .failoverSeen, .leaseExpired, .primaryAnswered, .close,
        ].enumerated() {
            _ = try drill.handle(event, at: .seconds(second + 1))
        }
        #expect(
            drill.timeline.map { "\($0.at.components.seconds) \($0.source) \($0.text)" } == [
                "0 auto drill opened: revoke OPENAI_API_KEY, the key of primary",
                "1 oper key OPENAI_API_KEY revoked in the router's memory",
                "2 auto first refusal: primary answers 401, key benched",
                "3 auto first failed-over success",
                "4 auto the lease ran out: key OPENAI_API_KEY restored",
                "5 auto primary answers again",
                "6 oper drill closed",
            ]
        )
    }

    /// The one law, over every sequence of events up to four long and many longer ones.
    @Test func whateverWasRevokedIsRestoredBeforeTheEnd() {
        let events: [KeyDrill.Event] = [
            .induce, .restore, .abort, .close, .refusalSeen, .failoverSeen, .primaryAnswered, .leaseExpired,
            .requestSettled(wasFailedOver: true, wasLost: false),
        ]
        var checked = 0
        for length in 1...4 {
            let count = (0..<length).reduce(1) { product, _ in product * events.count }
            for number in 0..<count {
                var rest = number
                var sequence: [KeyDrill.Event] = []
                for _ in 0..<length {
                    sequence.append(events[rest % events.count])
                    rest /= events.count
                }
                check(sequence)
                checked += 1
            }
        }
        var random = Seeded(state: 7)
        for _ in 0..<2_000 { check((0..<40).map { _ in events[Int(random.next() % UInt64(events.count))] }) }
        #expect(checked == 7_380)
    }

    private func check(_ events: [KeyDrill.Event]) {
        var drill = drill()
        var isRevoked = false
        var ends = 0
        var reports = 0
        for (second, event) in events.enumerated() {
            for effect in (try? drill.handle(event, at: .seconds(second))) ?? [] {
                guard ends == 0 else {
                    Issue.record("an effect after the end: \(events)")
                    return
                }
                switch effect {
                case .revokeKey where isRevoked: Issue.record("revoked twice: \(events)")
                case .revokeKey: isRevoked = true
                case .restoreKey where !isRevoked: Issue.record("restored what was not revoked: \(events)")
                case .restoreKey: isRevoked = false
                case .writeReport where isRevoked: Issue.record("reported with the key out: \(events)")
                case .writeReport: reports += 1
                case .end where isRevoked: Issue.record("ended with the key out: \(events)")
                case .end: ends += 1
                }
            }
            // Whoever asks the drill what is broken hears the truth.
            if drill.isFaultIn != isRevoked { Issue.record("says \(drill.isFaultIn), is \(isRevoked): \(events)") }
        }
        if reports > 1 { Issue.record("\(reports) reports: \(events)") }
        if drill.isOver != (ends == 1) { Issue.record("over without an end: \(events)") }
        // The lease and a close are always enough to get out.
        for event in [KeyDrill.Event.leaseExpired, .close] { _ = try? drill.handle(event, at: .seconds(99)) }
        if drill.isFaultIn || !drill.isOver { Issue.record("no way out: \(events)") }
    }
}
