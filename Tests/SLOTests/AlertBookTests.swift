import Foundation
import SLO
import Testing

/// A book, a clock and the state of the world, moved on a minute at a time.
private struct Scene {
    var book = AlertBook(rules: AlertRule.all(AlertSettings(), objectives: Objectives()))
    var inputs = AlertInputs(objectives: Objectives())
    var wall: Int64 = 1_800_000_000_000
    var uptime = Duration.zero
    var log: [String] = []
    var keys: [String] = []
    var gap: AlertClock.Gap?

    /// Of 1,000 requests in the trailing 5 minutes.
    var bad: Int? = 0

    mutating func tick(seconds: Int64 = 60, wallSeconds: Int64? = nil) {
        uptime += .seconds(seconds)
        wall += (wallSeconds ?? seconds) * 1_000
        var counts = EventCounts()
        if let bad { (counts.valid, counts.good) = (1_000, 1_000 - bad) }
        inputs.windows = [.init(.seconds(300), Indicators(counts: counts))]
        let outcome = book.evaluate(inputs, now: Moment(wall: wall, uptime: uptime))
        gap = outcome.gap
        for notice in outcome.effects {
            log.append("\(notice.kind.word) \(notice.alert)")
            keys.append(notice.dedupKey)
        }
    }

    mutating func ticks(_ count: Int) { for _ in 0..<count { tick() } }

    /// As after a kill: what was stored comes back, the uptime begins anew.
    mutating func restart(after seconds: Int64 = 10) throws {
        let stored = try JSONEncoder().encode(book.state)
        book = AlertBook(rules: book.rules, state: try JSONDecoder().decode(AlertBook.State.self, from: stored))
        wall += seconds * 1_000
        uptime = .zero
    }

    var alert: Alert? { book.alerts.first { $0.alert.id == "success" }?.alert }
    var success: Alert.State? { alert?.state }
    var clearing: String? { book.alerts.first { $0.alert.id == "success" }.flatMap { $0.alert.clearing($0.rule) } }
}

extension AlertEffect.Kind {
    fileprivate var word: String {
        switch self {
        case .fire: "fire"
        case .update(.noData): "no data"
        case .update(.acknowledged): "acknowledged"
        case .resolve(let how): how.rawValue
        }
    }
}

struct AlertBookTests {
    @Test func firesOnceAndIsMendedOnceItHeldClear() {
        var scene = Scene()
        scene.ticks(3)
        #expect(scene.success == .ok)
        scene.bad = 100
        scene.ticks(30)
        #expect(scene.log == ["fire success"])
        #expect(scene.success == .firing && scene.clearing == nil)
        scene.bad = 0
        scene.ticks(5)
        #expect(scene.log.count == 1)
        #expect(scene.clearing == "ends once it has held for 5 min")
        scene.tick()
        #expect(scene.log == ["fire success", "mended success"])
        #expect(Set(scene.keys).count == 1)
        #expect(scene.success == .resolved)
        scene.ticks(16)
        #expect(scene.success == .ok)
        scene.bad = 100
        scene.tick()
        #expect(scene.log.count == 3)
        #expect(Set(scene.keys).count == 2, "another episode, another key")
    }

    @Test func nearTheThresholdItHoldsForAnHourAtMost() {
        var scene = Scene()
        scene.bad = 100
        scene.tick()
        scene.bad = 5
        scene.ticks(59)
        #expect(scene.success == .firing)
        #expect(scene.clearing?.hasPrefix("ends once it is better by 10 % of the threshold") == true)
        scene.tick()
        #expect(scene.log == ["fire success", "unproven success"])
    }

    @Test func hoveringAroundTheThresholdIsOneEpisode() {
        var scene = Scene()
        for minute in 0..<600 {
            scene.bad = [6, 5, 4, 3][minute % 4]
            scene.tick()
        }
        #expect(scene.log == ["fire success"])
    }

    @Test func withoutTrafficItSaysSoOnceAndEndsAfterAnHour() {
        var scene = Scene()
        scene.bad = 100
        scene.tick()
        scene.bad = nil
        scene.ticks(59)
        #expect(scene.log == ["fire success", "no data success"])
        #expect(scene.success == .firing)
        let page = "success rate: no data since it fired, so nothing says that it is mended"
        #expect(scene.book.firingPages == [page])
        scene.tick()
        #expect(scene.log == ["fire success", "no data success", "unproven success"])
        #expect(scene.book.firingPages == [])
    }

    @Test func stateNamesSayWhatIsKnown() {
        var scene = Scene()
        scene.bad = nil
        scene.tick()
        #expect(scene.success?.rawValue == "no data")
        scene.bad = 0
        scene.tick()
        #expect(scene.success?.rawValue == "ok")
        #expect(scene.book.firingPages == [])
        scene.bad = 100
        scene.tick()
        #expect(scene.success?.rawValue == "firing")
        #expect(scene.book.firingPages == ["success rate: 90.0 % against 99.5 % over 5 min, 1000 samples"])
    }

    @Test func everyStateHasItsTime() {
        var scene = Scene()
        scene.ticks(3)
        #expect(scene.alert?.since == scene.wall - 120_000)
        scene.bad = 100
        scene.ticks(4)
        #expect(scene.alert?.since == scene.wall - 180_000)
        #expect(scene.alert?.reading.texts?.value == "90.0 %")
        #expect(scene.alert?.reading.texts?.threshold == "99.5 %")
    }

    // MARK: People

    @Test func acknowledgedIsToldOnceAndEndsAsUsual() throws {
        var scene = Scene()
        #expect(throws: AlertRefusal.notFiring) { try scene.book.acknowledge("success", by: "ann", at: 0) }
        #expect(throws: AlertRefusal.unknown("x")) { try scene.book.acknowledge("x", by: "ann", at: 0) }
        scene.bad = 100
        scene.tick()
        let notice = try scene.book.acknowledge("success", by: "ann", at: scene.wall)
        #expect(notice?.kind == .update(.acknowledged(by: "ann")))
        #expect(notice?.dedupKey == scene.keys.first)
        #expect(scene.success == .acknowledged)
        #expect(throws: AlertRefusal.acknowledgedAlready(by: "ann")) {
            try scene.book.acknowledge("success", by: "bob", at: 0)
        }
        scene.ticks(10)
        scene.bad = 0
        scene.ticks(6)
        #expect(scene.log == ["fire success", "mended success"])
        scene.bad = 100
        scene.tick()
        #expect(scene.success == .firing, "another episode is nobody's yet")
    }

    @Test func mutedFromBeforeItIsToldWhenTheMuteEnds() throws {
        var scene = Scene()
        scene.tick()
        try scene.book.mute("success", for: .seconds(600), at: 7)
        scene.bad = 100
        scene.ticks(9)
        #expect(scene.log == [])
        #expect(scene.success == .muted)
        scene.tick()
        #expect(scene.log == ["fire success"])
    }

    @Test func whatBeganAndEndedMutedIsNeverTold() throws {
        var scene = Scene()
        try scene.book.mute("success", for: .seconds(3_600), at: 7)
        scene.bad = 100
        scene.ticks(5)
        scene.bad = 0
        scene.ticks(100)
        #expect(scene.log == [])
    }

    @Test func mutedAfterItFiredItStillEnds() throws {
        var scene = Scene()
        scene.bad = 100
        scene.tick()
        try scene.book.mute("success", for: .seconds(86_400), at: 7)
        scene.bad = nil
        scene.ticks(2)
        scene.bad = 0
        scene.ticks(6)
        #expect(scene.log == ["fire success", "mended success"])
    }

    @Test func acknowledgedWhileMutedStaysSilent() throws {
        var scene = Scene()
        try scene.book.mute("success", for: .seconds(300), at: 7)
        scene.bad = 100
        scene.tick()
        #expect(try scene.book.acknowledge("success", by: "ann", at: 0) == nil)
        scene.ticks(20)
        #expect(scene.log == [])
        try scene.book.unmute("success")
    }

    @Test("mutes have an end", arguments: [Duration.zero, .seconds(-5), .seconds(8 * 86_400)])
    func mutes(length: Duration) {
        var scene = Scene()
        #expect(throws: AlertRefusal.muteOutOfRange) { try scene.book.mute("success", for: length, at: 7) }
    }

    // MARK: Restarts and clocks

    @Test func aRestartWhileFiringPagesNobodyAgain() throws {
        var scene = Scene()
        scene.bad = 100
        scene.tick()
        for pause in [5, 60, 3_600, 9 * 3_600] as [Int64] {
            try scene.restart(after: pause)
            scene.ticks(2)
        }
        #expect(scene.log == ["fire success"])
        _ = try scene.book.acknowledge("success", by: "ann", at: 0)
        try scene.restart()
        scene.tick()
        #expect(scene.success == .acknowledged)
        scene.bad = 0
        scene.ticks(7)
        #expect(scene.log == ["fire success", "mended success"])
        #expect(Set(scene.keys).count == 1)
    }

    @Test func aMuteOutlivesARestartAndRunsOnMeanwhile() throws {
        var scene = Scene()
        scene.tick()
        try scene.book.mute("success", for: .seconds(3_600), at: 7)
        try scene.restart(after: 1_800)
        scene.bad = 100
        scene.tick()
        #expect(scene.success == .muted)
        scene.ticks(29)
        #expect(scene.log == ["fire success"])
    }

    @Test func aSubjectWithoutANameOutlivesARestart() throws {
        var scene = Scene()
        scene.inputs.money = [.init("", spent: 9, amount: 10)]
        scene.tick()
        try scene.restart()
        scene.ticks(3)
        #expect(scene.log == ["fire spend_80:(none)"])
    }

    @Test func aRemovedRuleClosesWhatItHadOpened() throws {
        var scene = Scene()
        scene.bad = 100
        scene.inputs.refusedKeys = [.init("KEY", provider: "openai")]
        scene.tick()
        let rules = scene.book.rules.filter { $0.name != "success" && $0.name != "key_refused" }
        scene.book = AlertBook(rules: rules, state: scene.book.state)
        scene.ticks(3)
        #expect(
            scene.log == [
                "fire success", "fire key_refused:KEY", "rule_removed success", "rule_removed key_refused:KEY",
            ]
        )
    }

    @Test func aGapHoldsNothingClear() {
        var scene = Scene()
        scene.bad = 100
        scene.tick()
        scene.bad = 0
        scene.ticks(3)
        #expect(scene.gap == nil)
        scene.tick(seconds: 7_200)
        #expect(scene.gap?.cause == .sleep)
        #expect(scene.gap?.span.duration == .seconds(7_200))
        #expect(scene.log == ["fire success"])
        scene.ticks(4)
        #expect(scene.log == ["fire success"])
        scene.tick()
        #expect(scene.log == ["fire success", "mended success"])
    }

    @Test func downtimeIsAGapToo() throws {
        var scene = Scene()
        scene.tick()
        try scene.restart(after: 86_400)
        scene.tick()
        #expect(scene.gap?.cause == .downtime)
        #expect(scene.log == [])
    }

    @Test func aWallClockSetForwardIsAGapAndEndsNoMute() throws {
        var scene = Scene()
        scene.tick()
        try scene.book.mute("success", for: .seconds(600), at: 7)
        scene.tick(seconds: 60, wallSeconds: 86_400)
        #expect(scene.gap?.cause == .clock)
        #expect(scene.success == .muted)
    }

    /// Windows then hold events of a time that was judged before.
    @Test func aWallClockSetBackWaitsForItsWindows() {
        var scene = Scene()
        scene.tick()
        scene.bad = 100
        scene.tick(seconds: 60, wallSeconds: -86_400)
        #expect(scene.gap == nil)
        scene.ticks(4)
        #expect(scene.log == [])
        scene.tick()
        #expect(scene.log == ["fire success"])
        scene.bad = 0
        scene.tick(seconds: 60, wallSeconds: -86_400)
        scene.ticks(4)
        #expect(scene.log == ["fire success"])
        scene.ticks(6)
        #expect(scene.log == ["fire success", "mended success"])
    }

    @Test func aClockThatIsCorrectedALittleDelaysNothing() {
        var scene = Scene()
        scene.tick()
        scene.bad = 100
        scene.tick(seconds: 60, wallSeconds: 20)
        #expect(scene.log == ["fire success"])
    }

    // MARK: Events

    @Test func failoverAndKeyFollowWhatHolds() {
        var scene = Scene()
        let failover = AlertInputs.Failover(group: "assistant", primary: "a", serving: "b")
        scene.inputs.failovers = [failover]
        scene.inputs.refusedKeys = [.init("KEY", provider: "openai")]
        // Events come between ticks, more than one a second at times.
        scene.tick(seconds: 0)
        scene.tick(seconds: 0)
        #expect(scene.log == ["fire failover:assistant", "fire key_refused:KEY"])
        for _ in 0..<5 {
            scene.inputs.failovers = []
            scene.tick(seconds: 20)
            scene.inputs.failovers = [failover]
            scene.tick(seconds: 5)
        }
        #expect(scene.log.count == 2, "flapping is one episode")
        scene.inputs.failovers = []
        scene.inputs.refusedKeys = []
        scene.ticks(2)
        #expect(scene.log.suffix(2) == ["mended failover:assistant", "mended key_refused:KEY"])
        scene.ticks(20)
        #expect(scene.book.alerts.allSatisfy { $0.alert.subject.isEmpty }, "forgotten")
    }

    @Test func aRehearsalHasAllThreeInOneEpisode() {
        let notices = AlertEffect.rehearsal(at: 5)
        #expect(notices.map(\.kind.word) == ["fire", "no data", "mended"])
        #expect(Set(notices.map(\.dedupKey)) == ["test@5"])
        #expect(notices.first?.headline == "ticket: success rate: a test of the pagers, nothing is wrong")
    }

    @Test func noticesSurviveStorage() throws {
        for notice in AlertEffect.rehearsal(at: 5) {
            let stored = try JSONEncoder().encode(notice)
            #expect(try JSONDecoder().decode(AlertEffect.self, from: stored) == notice)
        }
    }
}
