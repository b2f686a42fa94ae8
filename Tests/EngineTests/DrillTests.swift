import Console
import Drills
import Engine
import FrontDoor
import Logging
import NIOPosix
import Routing
import Settings
import Simulator
import Storage
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Drills over real sockets: two simulated providers, users who go on asking, one person at the keys.
struct DrillTests {
    private static func folder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString)").path
    }

    private func stored(_ house: House) throws -> DrillArchive.Stored {
        let archive = DrillArchive(house.ledger)
        let id = try #require(try house.ledger.drills().first?.id)
        return try #require(try archive.stored(id))
    }

    @Test(
        "whatever breaks, nobody's request is lost, and it is whole again",
        arguments: [
            "revoke-key", "block-host", "dns-failure", "slow-first-token", "rate-limited", "server-error",
            "overloaded", "model-not-found",
        ]
    )
    func ways(scenario: String) async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var plan = House.Plan.failing(scenario == "slow-first-token" ? "timeout" : "")
        plan.drillDirectory = folder
        plan.primaryModels = ["gpt-5.4-mini"]
        try await House.with(plan) { house in
            var crew = DrillCrew(house)
            crew.isStreaming = scenario == "slow-first-token"
            try await crew.open(scenario)
            #expect(try await house.ask().headers["x-nines-mode"] == "live")
            try await crew.goOn(to: "effective")
            let during = try await house.ask(stream: crew.isStreaming)
            #expect(during.isComplete)
            #expect(during.headers["x-nines-deployment"] == "two")
            #expect(during.headers["x-nines-mode"] == "drill")
            if scenario == "revoke-key" { #expect(house.primary.calls.last?.status == 401, "the provider itself refuses") }
            try await crew.goOn()
            let after = try await house.ask()
            #expect(after.headers["x-nines-deployment"] == "one")
            let drill = try #require(house.engine.snapshot().drill)
            #expect(drill.isOver && drill.lost == 0)
            try await house.until { house.engine.snapshot().drill?.report != nil }
            let stored = try stored(house)
            #expect(Journal.verify(stored.entries, hash: DrillArchive.hash) == nil)
            let times = Timings(stored.drill.records)
            #expect(times.timeToDetect != nil && times.timeToFailover != nil && times.timeToRecover != nil)
            #expect(stored.file.outcome?.lost == 0)
            #expect(stored.file.paths.count == 3)
            for path in stored.file.paths {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(Checksum.verify(text, hash: DrillArchive.hash) == .intact)
                #expect(!text.contains("sk-"))
            }
        }
    }

    /// Every step senses what it waits for, but for the alert, which takes a minute to resolve.
    @Test func aWholeDrillAloneIsAPass() async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var plan = House.Plan(drillDirectory: folder)
        plan.drillSpeed = 120
        plan.adjust = { $0.alerts.clearAfter = .zero }
        try await House.with(plan) { house in
            var crew = DrillCrew(house)
            crew.skips = ["acknowledged", "alert-resolved"]
            for _ in 0..<10 { _ = try await house.ask() }
            try await crew.open("revoke-key", isCompressed: true)
            try await crew.goOn()
            try await house.until { house.engine.snapshot().drill?.report != nil }
            let checks = try #require(try stored(house).file.outcome)
            #expect([.pass, .passWithFindings].contains(checks.verdict))
            #expect(house.engine.snapshot().drills.rows.first?.verdict.hasPrefix("pass") == true)
        }
    }

    @Test func streamsThatAreCutSayThatTheyAre() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("mid-stream-cut")
            try await crew.goOn(to: "effective")
            #expect(try await house.ask(stream: true).isToldBroken)
            await crew.send(.abort(reason: ""))
            #expect(try await house.ask(stream: true).isComplete)
        }
    }

    @Test func aShareIsAShare() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("partial-errors")
            try await crew.goOn(to: "effective")
            for _ in 0..<40 { #expect(try await house.ask().isComplete) }
            #expect(house.primary.callCount > 10)
            #expect(house.engine.snapshot().drill?.lost == 0)
        }
    }

    @Test("an abort and a shutdown restore at once", arguments: [false, true])
    func abortAndShutdownRestoreFirst(isShutdown: Bool) async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "failover")
            if isShutdown { house.engine.restoreAll() } else { await crew.send(.abort(reason: "enough")) }
            #expect(house.engine.faults.left(.now) == nil)
            #expect(try await house.ask().headers["x-nines-deployment"] == "one")
            let drill = try #require(house.engine.snapshot().drill)
            #expect(drill.ending == "aborted" && !drill.isFaultIn)
            let again = await crew.send(.act(step: "induce", typed: ""))
            #expect(!again.ok, "an aborted drill can't be resumed")
            try await crew.goOn()
            #expect(house.engine.snapshot().drill?.isOver == true)
        }
    }

    /// As after a `kill -9` before each step of the script: another engine over the same ledger.
    @Test func aCrashAtAnyStepIsTakenUpRestored() async throws {
        try await House.with { house in
            var engine = house.engine
            for step in Script.friday.steps.map(\.id) {
                let crew = DrillCrew(house, engine: engine)
                try await crew.open("revoke-key")
                try await crew.goOn(to: step)
                let isCloseout = engine.snapshot().drill?.phases.last?.state == .current
                engine = Engine(
                    config: engine.config,
                    ledger: house.ledger,
                    upstream: house.tap,
                    loops: MultiThreadedEventLoopGroup.singleton,
                    identity: EngineIdentity(version: "test", startedAt: wallMilliseconds(), listen: ""),
                    seed: 1,
                    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
                )
                engine.restoreSwitches(override: nil)
                let drill = try #require(engine.snapshot().drill, "\(step)")
                #expect(!drill.isFaultIn && !drill.isOver, "\(step)")
                #expect(engine.faults.left(.now) == nil)
                #expect(drill.ending == (isCloseout ? nil : "interrupted"), "\(step)")
                #expect(Journal.verify(try stored(house).entries, hash: DrillArchive.hash) == nil)
                try await DrillCrew(house, engine: engine).goOn()
                #expect(engine.snapshot().drill?.isOver == true, "\(step)")
                #expect(try house.ledger.openDrills().isEmpty)
            }
        }
    }

    @Test func theLeaseEndsWithNobodyAttached() async throws {
        var plan = House.Plan()
        plan.adjust = { $0.drill.maxFault = .seconds(5) }
        try await House.with(plan) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "failover")
            let watch = Task { await house.engine.watchDrills() }
            try await house.until { house.engine.snapshot().drill?.isFaultIn == false }
            watch.cancel()
            #expect(try await house.ask().headers["x-nines-deployment"] == "one")
            #expect(house.engine.snapshot().drill?.timeline.contains { $0.text.contains("lease ran out") } == true)
        }
    }

    @Test func ofTwoConsolesThatPressAtOnceOneIsTold() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "hypothesis")
            let action = DrillCommand.Action.confirm(step: "hypothesis", value: "as always")
            let replies = await withTaskGroup { group in
                for _ in 0..<8 { group.addTask { await crew.send(action) } }
                return await group.reduce(into: [CommandReply]()) { $0.append($1) }
            }
            #expect(replies.count(where: \.ok) == 1)
            #expect(replies.contains { $0.message.contains("done already, by ana") })
            #expect(try stored(house).entries.count(where: { $0.record.subject == "hypothesis" }) == 1)
        }
    }

    @Test func aReportWithoutAFolderIsKeptAndWrittenLater() async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A file stands where the folder should be.
        try Data().write(to: URL(fileURLWithPath: folder))
        try await House.with(House.Plan(drillDirectory: folder)) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            await crew.send(.abort(reason: ""))
            try await crew.goOn()
            try await house.until { house.engine.snapshot().events.contains { $0.text.contains("written later") } }
            let id = try stored(house).row.id
            #expect(try house.ledger.papers(drill: id).count == 3)
            try FileManager.default.removeItem(atPath: folder)
            house.engine.fileReportsNow()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 3)
            #expect(try stored(house).file.paths.count == 3)
        }
    }

    @Test func noDrillWithoutSomewhereToGo() async throws {
        var plan = House.Plan()
        plan.adjust = { config in
            config.groups = config.groups.map { ModelGroup(name: $0.name, deployments: [$0.deployments[0]]) }
        }
        try await House.with(plan) { house in
            let reply = await DrillCrew(house).send(.open(scenario: "revoke-key", isCompressed: false))
            #expect(!reply.ok && reply.message.contains("second deployment"))
            let drills = try house.ledger.drills()
            #expect(drills.isEmpty)
        }
    }

    @Test func aSecondaryThatDiesTooStopsTheDrill() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "failover")
            house.secondary.inject(.revokedKey)
            _ = try await house.ask()
            try await house.until { house.engine.snapshot().drill?.isFaultIn == false }
            #expect(house.engine.snapshot().drill?.ending == "stopped")
            #expect(try await house.ask().headers["x-nines-deployment"] == "one")
        }
    }
}

struct FaultBoardTests {
    private let one = Deployment(
        id: DeploymentID("one"),
        provider: "one",
        format: .openAI,
        model: "m",
        apiBase: "http://127.0.0.1:1",
        credential: Credential(name: "KEY", secret: Secret("sk-one"))
    )

    private func lease(_ fault: Fault, share: Double = 1) -> Lease {
        Lease(
            drill: "d",
            stage: 0,
            mix: [Scenario.Ingredient(fault, share: share)],
            target: DrillTarget(provider: "one", deployment: "one", credential: "KEY", secondary: "two"),
            length: .seconds(10)
        )
    }

    @Test func aLeaseEndsByTheClockAlone() {
        let board = FaultBoard(seed: 1)
        let now = ContinuousClock.now
        board.put(lease(.modelNotFound), address: nil, until: now + .seconds(10))
        #expect(board.tampering(with: one, now: now + .milliseconds(9_999)) != nil)
        #expect(board.tampering(with: one, now: now + .seconds(10)) == nil)
        #expect(board.left(now + .seconds(10)) == nil)
        board.put(lease(.modelNotFound), address: nil, until: now + .seconds(20))
        board.clear()
        #expect(board.tampering(with: one, now: now) == nil)
    }

    @Test("a share of the attempts is met", arguments: [0.1, 0.25, 0.9])
    func share(share: Double) {
        let board = FaultBoard(seed: 7)
        let now = ContinuousClock.now
        board.put(lease(.status(500), share: share), address: nil, until: now + .seconds(10))
        let met = (0..<2_000).count { _ in board.tampering(with: one, now: now) != nil }
        #expect(abs(Double(met) / 2_000 - share) < 0.04)
    }
}
