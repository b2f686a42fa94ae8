import Console
import Drills
import Engine
import GRDB
import Routing
import Settings
import Simulator
import Testing

@testable import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Drills over real sockets: two simulated providers, users who go on asking, one person at the keys.
struct DrillTests {
    static func folder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString)").path
    }

    func stored(_ house: House) throws -> DrillArchive.Stored { try stored(house.ledger) }

    func stored(_ ledger: Ledger) throws -> DrillArchive.Stored {
        let archive = DrillArchive(ledger)
        let id = try #require(try ledger.drills().first?.id)
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
            if scenario == "revoke-key" {
                #expect(house.primary.calls.last?.status == 401, "the provider itself refuses")
            }
            try await crew.goOn()
            let after = try await house.ask()
            #expect(after.headers["x-nines-deployment"] == "one")
            let drill = try #require(house.engine.snapshot().drill)
            #expect(drill.isOver && drill.lost == 0)
            try await house.until { house.engine.snapshot().drill?.report != nil }
            let stored = try stored(house)
            #expect(Journal.verify(stored.entries, hash: DrillArchive.hash) == nil)
            let times = Timings(stored.drill)
            #expect(times.timeToDetect != nil && times.timeToFailover != nil && times.timeToRecover != nil)
            #expect(stored.file.outcome?.lost == 0)
            let (shown, reported) = (house.engine.snapshot().drill, try #require(stored.file.during))
            #expect(shown?.requests == reported.requests && shown?.bySecondary == reported.bySecondary)
            #expect(reported.requests > 0 && shown?.before != nil)
            #expect(stored.file.paths.count == 3)
            for path in stored.file.paths {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(Checksum.verify(text, hash: DrillArchive.hash) == .intact)
                #expect(!text.contains("sk-"))
            }
        }
    }

    /// Every step senses what it waits for; the alert resolves as soon as `clear_after` lets it.
    @Test func aWholeDrillAloneIsAPass() async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var plan = House.Plan(drillDirectory: folder)
        plan.drillSpeed = 120
        plan.adjust = { $0.alerts.clearAfter = .zero }
        try await House.with(plan) { house in
            var crew = DrillCrew(house)
            crew.skips = ["acknowledged"]
            for _ in 0..<10 { _ = try await house.ask() }
            try await crew.open("revoke-key", isCompressed: true)
            try await crew.goOn()
            try await house.until { house.engine.snapshot().drill?.report != nil }
            let checks = try #require(try stored(house).file.outcome)
            #expect([.pass, .passWithFindings].contains(checks.verdict))
            #expect(house.engine.snapshot().drills.rows.first?.verdict.hasPrefix("pass") == true)
        }
    }

    @Test func aBlackHoleHoldsUntilTheConnectLimit() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("black-hole")
            try await crew.goOn(to: "effective")
            #expect(try await house.ask().headers["x-nines-deployment"] == "two")
            try await house.ledger.flush()
            let attempts = try house.ledger.recentRequests().flatMap(\.attemptRecords).filter { $0.deployment == "one" }
            let swallowed = attempts.filter { $0.failure == "unreachable" }
            let limit = house.engine.config.policy.connectTimeout
            #expect(!swallowed.isEmpty)
            #expect(swallowed.allSatisfy { .microseconds($0.totalMicros) >= limit }, "\(swallowed)")
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

    @Test func aStreamOutlivesTheFault() async throws {
        try await House.with(House.Plan(streamTimeout: .seconds(60))) { house in
            let crew = DrillCrew(house)
            try await crew.open("mid-stream-cut")
            try await crew.goOn(to: "induce")
            #expect(await crew.send(.act(step: "induce", typed: "")).ok)
            house.tap.isClosed = true
            let sent = house.tap.sent.count
            async let answer = house.ask(stream: true)
            try await house.until { house.tap.sent.count > sent }
            await crew.send(.abort(reason: ""))
            house.tap.isClosed = false
            let whole = try await answer
            #expect(whole.isComplete && whole.headers["x-nines-deployment"] == "one")
        }
    }

    @Test func anAnswerBegunBeforeTheRestoreProvesNothing() async throws {
        try await House.with(House.Plan(streamTimeout: .seconds(60))) { house in
            let crew = DrillCrew(house)
            try await crew.open("server-error")
            try await crew.goOn(to: "induce")
            house.tap.isClosed = true
            let calls = house.primary.callCount
            async let old = house.ask(stream: true)
            try await house.until { house.primary.callCount > calls }
            #expect(await crew.send(.act(step: "induce", typed: "")).ok)
            house.primary.inject(.revokedKey)
            await crew.send(.abort(reason: ""))
            house.tap.isClosed = false
            let answer = try await old
            #expect(answer.isComplete && answer.headers["x-nines-deployment"] == "one")
            await house.engine.lookAtDrill()
            let timeline = try #require(house.engine.snapshot().drill?.timeline)
            #expect(!timeline.contains { $0.text.hasPrefix("the primary answers") })
        }
    }

    @Test func nothingIsBrokenWhileNinesIsBeingStopped() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "induce")
            house.engine.drain()
            let reply = await crew.send(.act(step: "induce", typed: ""))
            #expect(!reply.ok && reply.message.contains("is being stopped"))
        }
    }

    /// As left by a program that ended between a drill's last line and its row.
    @Test func aDrillThatOnlyItsJournalClosedIsClosed() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            await crew.send(.abort(reason: ""))
            try await crew.goOn()
            try await house.until { house.engine.snapshot().drill?.report != nil }
            var (row, file) = (try stored(house).row, try stored(house).file)
            (file.outcome, file.checks, file.paths) = (nil, nil, [])
            (row.ended, row.state) = (nil, "running")
            row.body = String(decoding: try JSONEncoder().encode(file), as: UTF8.self)
            try house.ledger.save(row)
            let engine = try DrillCrew.another(house)
            engine.restoreSwitches(override: nil)
            let stored = try stored(engine.ledger)
            #expect(stored.row.ended != nil && stored.row.state == "aborted" && stored.file.outcome != nil)
            try await DrillCrew(house, engine: engine).open("revoke-key")
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

    /// As after a `kill -9` before that step: another engine over the same ledger.
    @Test("a crash at any step is taken up restored", arguments: Script.friday.steps.map(\.id))
    func crash(step: String) async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: step)
            let engine = try DrillCrew.another(house)
            let isCloseout = try stored(engine.ledger).drill.phase.kind == .closeout
            engine.restoreSwitches(override: nil)
            let drill = try #require(engine.snapshot().drill)
            #expect(!drill.isFaultIn && !drill.isOver)
            #expect(engine.faults.left(.now) == nil)
            #expect(drill.ending == (isCloseout ? nil : "interrupted"))
            try await DrillCrew(house, engine: engine).goOn()
            #expect(engine.snapshot().drill?.isOver == true)
            let entries = try stored(engine.ledger).entries
            #expect(Journal.verify(entries, hash: DrillArchive.hash) == nil)
            let open = try engine.ledger.openDrills()
            #expect(open.isEmpty)
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

    @Test func whatIsUnderWayAtTheCloseIsInTheReport() async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await House.with(House.Plan(drillDirectory: folder)) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "effective")
            await crew.send(.abort(reason: ""))
            house.tap.isClosed = true
            async let late = house.ask(stream: true)
            try await house.until { house.engine.snapshot().inFlight == 1 }
            try await crew.goOn()
            #expect(house.engine.snapshot().drill?.report == nil)
            house.tap.isClosed = false
            #expect(try await late.isComplete)
            try await house.until { house.engine.snapshot().drill?.report != nil }
            // Made again of what the ledger holds now.
            _ = try await house.ask()
            try await house.ledger.flush()
            let archive = DrillArchive(house.ledger)
            let again = try archive.closeout(
                try stored(house),
                objectives: house.ledger.objectives,
                now: wallMilliseconds()
            )
            #expect(again.figures.after.requests > 0)
            let papers = try house.ledger.papers(drill: try stored(house).row.id)
            #expect(Dictionary(again.papers.map { ($0.name, $0.text) }, uniquingKeysWith: { $1 }) == papers)
        }
    }

    /// Lines that somebody changed in the file: the program starts all the same, and a new drill can be opened.
    @Test(
        "a damaged journal",
        arguments: ["\"wall\":-9223372036854775808", "\"elapsed\":[9223372036854775807,0]", "x"]
    )
    func damaged(line: String) async throws {
        try await House.with { house in
            try await DrillCrew(house).open("revoke-key")
            let engine = try DrillCrew.another(house)
            let id = try #require(try engine.ledger.openDrills().first?.id)
            try await engine.ledger.database.write { db in
                try db.execute(sql: "DROP TRIGGER drill_event_unchanged")
                let key = line.prefix { $0 != ":" }
                try db.execute(
                    sql:
                        "UPDATE drill_event SET body = CASE WHEN ?1 = 'x' THEN 'x' ELSE json_set(body, ?2, json(?3)) END",
                    arguments: [
                        line, "$.\(key.filter(\.isLetter))", line == "x" ? "0" : String(line.dropFirst(key.count + 1)),
                    ]
                )
            }
            engine.restoreSwitches(override: nil)
            #expect(engine.snapshot().events.contains { $0.text.contains("\(id) was open and can't be read") })
            try await DrillCrew(house, engine: engine).open("revoke-key")
        }
    }

    @Test func whatIsTypedIsKeptWithoutKeys() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            await crew.send(.note(kind: "note", text: "is it sk-primary?", pressedAt: wallMilliseconds()))
            let timeline = try #require(house.engine.snapshot().drill?.timeline)
            #expect(timeline.contains { $0.text.contains("is it ") })
            #expect(try stored(house).entries.allSatisfy { !$0.record.text.contains("sk-primary") })
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

    @Test("no drill that breaks the secondary with the primary", arguments: ["revoke-key", "block-host"])
    func whatTheyShare(scenario: String) async throws {
        var plan = House.Plan()
        plan.adjust = { config in
            let (one, two) = (config.groups[0].deployments[0], config.groups[0].deployments[1])
            let twin = Deployment(
                id: two.id,
                provider: "one",
                format: one.format,
                model: "gpt-5.4",
                apiBase: one.apiBase,
                credential: one.credential,
                order: 2
            )
            config.groups[0] = ModelGroup(name: "assistant", deployments: [one, twin])
        }
        try await House.with(plan) { house in
            let crew = DrillCrew(house)
            let reply = await crew.send(.open(scenario: scenario, isCompressed: false))
            #expect(!reply.ok && reply.message.contains("would break two too"), "\(reply.message)")
            let listed = house.engine.snapshot().drills.scenarios.first { $0.id == scenario }
            #expect(listed?.problem == reply.message)
            try await crew.open("slow-first-token")
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
    /// One slow answer is no incident; the next one is.
    @Test func aSecondaryThatHangsStopsTheDrillAtItsSecondTimeout() async throws {
        var plan = House.Plan()
        plan.adjust = { config in
            let (one, two) = (config.groups[0].deployments[0], config.groups[0].deployments[1])
            let hasty = Deployment(
                id: two.id,
                provider: two.provider,
                format: two.format,
                model: two.model,
                apiBase: two.apiBase,
                credential: two.credential,
                order: two.order,
                timeout: .milliseconds(1_500)
            )
            config.groups = [ModelGroup(name: "assistant", deployments: [one, hasty])]
        }
        try await House.with(plan) { house in
            let crew = DrillCrew(house)
            for _ in 0..<5 { _ = try await house.ask() }
            try await house.ledger.flush()
            try await crew.open("revoke-key")
            try await crew.goOn(to: "detected")
            house.secondary.inject(.hang)
            #expect(try await house.ask().status == 503)
            await house.engine.lookAtDrill()
            #expect(house.engine.snapshot().drill?.isFaultIn == true)
            try await house.until(awaiting: { _ = try? await house.ask() }) {
                house.engine.snapshot().drill?.isFaultIn == false
            }
            let drill = try #require(house.engine.snapshot().drill)
            #expect(drill.ending == "stopped" && drill.timeline.contains { $0.text.hasPrefix("two fails too") })
        }
    }

    @Test(
        "another group on the same key or host is in the way only while it is used",
        arguments: ["revoke-key", "block-host"]
    )
    func groupWithNowhereToGo(scenario: String) async throws {
        var plan = House.Plan()
        plan.adjust = { config in
            let one = config.groups[0].deployments[0]
            let mini = Deployment(
                id: DeploymentID("mini"),
                provider: "one",
                format: one.format,
                model: "gpt-5.4-nano",
                apiBase: one.apiBase,
                credential: one.credential
            )
            config.groups.append(ModelGroup(name: "assistant-mini", deployments: [mini]))
        }
        try await House.with(plan) { house in
            let crew = DrillCrew(house)
            let warning = "while the fault is in, requests to 'assistant-mini' would fail"
            let idle = await crew.send(.open(scenario: scenario, isCompressed: false))
            #expect(idle.ok && idle.message.contains(warning))
            #expect(house.engine.snapshot().drill?.timeline.contains { $0.text == warning } == true)
            await crew.send(.abort(reason: ""))
            try await crew.goOn()
            #expect(try await house.ask(model: "assistant-mini").isComplete)
            try await house.ledger.flush()
            let used = await crew.send(.open(scenario: scenario, isCompressed: false))
            #expect(!used.ok && used.message.contains("give 'assistant-mini' a second deployment"))
        }
    }
}
