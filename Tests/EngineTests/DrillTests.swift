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
    private static func folder() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString)").path
    }

    private func stored(_ house: House) throws -> DrillArchive.Stored { try stored(house.ledger) }

    private func stored(_ ledger: Ledger) throws -> DrillArchive.Stored {
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

    // MARK: What outlives the router

    private static func withAdmin(keyID: String = "key_one") -> House.Plan {
        var plan = House.Plan()
        plan.adjust = { config in
            config.drill.admin["one"] = NinesConfig.KeyAdmin(
                form: .anthropic,
                key: Credential(name: "ADMIN_KEY", secret: Secret(House.adminKey)),
                keyID: keyID,
                // The provider's root: its API base ends with /v1.
                apiBase: String(config.groups[0].deployments[0].apiBase.dropLast(3))
            )
        }
        return plan
    }

    @Test("a key that was switched off at its provider is switched on again", arguments: ["restore", "abort", "crash"])
    func revokedAtTheProvider(end: String) async throws {
        try await House.with(Self.withAdmin()) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key-at-provider")
            try await crew.goOn(to: "induce")
            let wrong = await crew.send(.act(step: "induce", typed: "two"))
            #expect(!wrong.ok && wrong.message.contains("type one"))
            #expect(house.engine.snapshot().drill?.wasInduced == false)
            try await crew.goOn(to: "detected")
            #expect(house.primary.calls.contains { $0.status == 401 && $0.keyTail == "mary" }, "its own key is refused")
            var engine = house.engine
            switch end {
            case "restore": try await crew.goOn(to: "fault-out")
            case "abort": await crew.send(.abort(reason: ""))
            default:
                engine = try DrillCrew.another(house)
                engine.restoreSwitches(override: nil)
            }
            await engine.settleKeys()
            await engine.lookAtDrill()
            try await house.until { engine.snapshot().drill?.steps.isEmpty == false }
            try await DrillCrew(house, engine: engine).goOn()
            #expect(engine.snapshot().drill?.timeline.contains { $0.text.hasPrefix("the fault is out") } == true)
            // Who knew of the crash is gone, with what it knew of the key.
            if end != "crash" { #expect(try await house.ask().headers["x-nines-deployment"] == "one") }
        }
    }

    @Test func aKeyThatWouldNotGoOnIsTriedOnceMoreAndTold() async throws {
        try await House.with(Self.withAdmin()) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key-at-provider")
            try await crew.goOn(to: "detected")
            for _ in 0..<2 { house.tap.answerNext("{}", isStream: false, status: 500) }
            house.engine.restoreAll()
            let problem = await house.engine.settleKeys()
            #expect(problem?.contains("the key of one is still switched off") == true)
            let drill = try #require(house.engine.snapshot().drill)
            #expect(drill.needsReason && !house.engine.snapshot().events.contains { $0.text.contains("is out") })
            #expect(await house.engine.settleKeys() == nil)
        }
    }

    @Test func whatTheProviderRefusesIsNoDrill() async throws {
        try await House.with(Self.withAdmin(keyID: "key_of_nobody")) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key-at-provider")
            try await crew.goOn(to: "effective")
            try await house.until { house.engine.snapshot().drill?.ending == "stopped" }
            let timeline = try #require(house.engine.snapshot().drill?.timeline)
            #expect(timeline.contains { $0.text.contains("the admin interface answered 404") })
            #expect(!timeline.contains { $0.text.contains(House.adminKey) })
            #expect(try await house.ask().headers["x-nines-deployment"] == "one")
        }
    }

    @Test func byHandTheFirstRefusalIsSeen() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key-by-hand")
            try await crew.goOn(to: "effective")
            #expect(try await house.ask().headers["x-nines-deployment"] == "one")
            #expect(house.engine.snapshot().drill?.step?.id == "effective")
            house.primary.inject(.revokedKey)
            try await crew.goOn(to: "fault-out")
            await house.engine.lookAtDrill()
            #expect(house.engine.snapshot().drill?.notice?.contains("dashboard") == true)
            house.primary.inject(nil)
            try await crew.goOn()
            #expect(house.engine.snapshot().drill?.isOver == true)
        }
    }

    // MARK: Bad days

    @Test("a ledger that is locked keeps nothing broken", arguments: ["abort", "lease"])
    func lockedLedger(end: String) async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var plan = House.Plan(database: "\(folder)/nines.db")
        if end == "lease" { plan.adjust = { $0.drill.maxFault = .seconds(5) } }
        try await House.with(plan) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "detected")
            var unsafe = Configuration()
            unsafe.allowsUnsafeTransactions = true
            unsafe.busyMode = .timeout(60)
            let other = try DatabaseQueue(path: "\(folder)/nines.db", configuration: unsafe)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM setting") }
            let watch = Task { await house.engine.watchDrills() }
            let abort = Task { if end == "abort" { await crew.send(.abort(reason: "locked")) } }
            try await house.until { house.engine.faults.left(.now) == nil }
            try await house.until { house.engine.snapshot().drill?.isFaultIn == false }
            #expect(try await house.ask().headers["x-nines-deployment"] == "one")
            await abort.value
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            watch.cancel()
            try await crew.goOn()
            let stored = try stored(house)
            #expect(Journal.verify(stored.entries, hash: DrillArchive.hash) == nil)
            #expect(stored.entries.contains { $0.record.kind == .restore })
        }
    }

    @Test func whatALockedLedgerKeptFromClosingIsClosedLater() async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await House.with(House.Plan(database: "\(folder)/nines.db")) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            await crew.send(.abort(reason: ""))
            try await crew.goOn(to: "file")
            var unsafe = Configuration()
            unsafe.allowsUnsafeTransactions = true
            unsafe.busyMode = .timeout(60)
            let other = try DatabaseQueue(path: "\(folder)/nines.db", configuration: unsafe)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM setting") }
            #expect(await crew.send(.act(step: "file", typed: "")).ok)
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect(try stored(house).row.ended == nil)
            await house.engine.lookAtDrill()
            #expect(try stored(house).row.ended != nil)
            try await house.until { house.engine.snapshot().drill?.report != nil }
            #expect(try stored(house).entries.last?.record.kind == .closed)
        }
    }

    /// The intent is not on disk, so nothing breaks; and nobody is told that it did.
    @Test func whatALockedLedgerKeptFromBreakingIsSaidSo() async throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await House.with(House.Plan(database: "\(folder)/nines.db")) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            try await crew.goOn(to: "induce")
            var unsafe = Configuration()
            unsafe.allowsUnsafeTransactions = true
            unsafe.busyMode = .timeout(60)
            let other = try DatabaseQueue(path: "\(folder)/nines.db", configuration: unsafe)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM setting") }
            let reply = await crew.send(.act(step: "induce", typed: ""))
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect(!reply.ok && reply.message.contains("stopped: the journal"), "\(reply.message)")
            await house.engine.lookAtDrill()
            let drill = try stored(house).drill
            #expect(drill.ending == .stopped && Timings(drill).induced == nil)
        }
    }

    @Test func aNameIsOneCleanLineAndATimeIsOfThePast() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            #expect(await crew.send(.open(scenario: "revoke-key", isCompressed: false), by: " \u{1B} ").ok)
            #expect(await !crew.send(.note(kind: "note", text: "t", pressedAt: 0), by: " \n").ok)
            let name = "a\u{1B}[31m\u{202E}na\n" + String(repeating: "x", count: 1_000_000)
            for time in [Int64.min, -1, 0, .max] {
                #expect(await crew.send(.note(kind: "note", text: "t", pressedAt: time), by: name).ok)
            }
            let who = try #require(try stored(house).drill.records.last?.who)
            #expect(who.hasPrefix("a·[31m·na x") && who.count == 80)
        }
    }

    @Test func whoIsNotOfTheTeamHoldsNoRole() async throws {
        var plan = House.Plan()
        plan.adjust = { $0.drill.team = ["ana", "ben"] }
        try await House.with(plan) { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            let reply = await crew.send(.assign(role: "lead", to: "anna"))
            #expect(!reply.ok && reply.message.contains("ana, ben"))
            #expect(await crew.send(.assign(role: "lead", to: "ben")).ok)
        }
    }

    /// Each does his own step, and is told whose it is where it isn't.
    @Test func threePeopleHoldThreeRoles() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("revoke-key")
            for (role, name) in [("lead", "ana"), ("operator", "ben"), ("scribe", "cleo")] {
                await crew.send(.assign(role: role, to: name), by: name)
            }
            let action = DrillCommand.Action.confirm(step: "hypothesis", value: "it fails over")
            let wrong = await crew.send(action, by: "ben")
            #expect(!wrong.ok && wrong.message.contains("for the lead, ana"))
            #expect(await crew.send(action, by: "ana").ok)
            let drill = try #require(house.engine.snapshot().drill)
            #expect(drill.step?.role == "operator" && drill.crew.map(\.name) == ["ana", "ben", "cleo"])
        }
    }

    @Test func aPageThatIsNotTheDrillsStopsIt() async throws {
        try await House.with { house in
            let crew = DrillCrew(house)
            try await crew.open("server-error")
            try await crew.goOn(to: "detected")
            // Nobody broke that key for the drill.
            house.secondary.inject(.revokedKey)
            _ = try await house.ask()
            house.engine.judgeAlerts()
            await house.engine.lookAtDrill()
            try await house.until { house.engine.snapshot().drill?.ending == "stopped" }
            #expect(house.engine.faults.left(.now) == nil)
        }
    }

    @Test func aTeamBringsItsOwnScriptAndScenarios() throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        func write(_ name: String, _ data: Data) throws {
            try data.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        var form = ScriptForm(.friday)
        form.title = "Our Friday"
        try write("friday.json", try JSONEncoder().encode(form))
        try write("monday.json", try JSONEncoder().encode(form))
        try write("half.yaml", Data("id: half\ntitle: Half a drill\nphases: []\n".utf8))
        try write("notes.txt", Data("not read".utf8))
        let incidents = "\(folder)/incidents"
        try FileManager.default.createDirectory(atPath: incidents, withIntermediateDirectories: true)
        let outage = """
            id: our-march
            title: Our outage in March
            stages:
              - minutes: 2
                faults: [{ fault: status, status: 503, share: 0.5 }]
            """
        try write("incidents/march.yml", Data(outage.utf8))
        var settings = NinesConfig.DrillSettings()
        (settings.scripts, settings.incidents) = (folder, incidents)
        let library = DrillLibrary(settings)
        #expect(library.script.title == "Our Friday" && library.script.steps.count == Script.friday.steps.count)
        #expect(library.scenarios.last?.id == "our-march")
        #expect(library.problems.contains { $0.hasPrefix("\(folder)/half.yaml:3:9: error: phases: ") })
        let second = "\(folder)/monday.json: error: left out, since every drill plays \(folder)/friday.json: "
        #expect(library.problems.last == "\(second)keep one of them in that folder")
        settings.scripts = "\(folder)/nowhere"
        #expect(DrillLibrary(settings).problems == ["nines.drill.scripts: \(folder)/nowhere can't be read"])
        #expect(DrillLibrary(settings).script == .friday)
    }

    @Test func aFileThatIsWrongOrTakesAnIDInUseIsLeftOutAndNamed() throws {
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let stage = "stages: [{ faults: [{ fault: status, status: 503"
        let files = [
            "a.yaml": "id: ours\ntitle: First\n\(stage) }] }]\n",
            "b.yaml": "id: ours\ntitle: Second\n\(stage) }] }]\n",
            "c.yaml": "title: Ours\nid: black-hole\n\(stage) }] }]\n",
            "d.yaml": "id: typo\ntitle: Typo\n\(stage), shar: 0.1 }] }]\n",
        ]
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        var settings = NinesConfig.DrillSettings()
        settings.incidents = folder
        let library = DrillLibrary(settings)
        let shipped = Scenario.builtIn + Scenario.incidents
        #expect(library.scenarios.dropLast() == shipped[...] && library.scenarios.last?.title == "First")
        #expect(
            library.problems == [
                "\(folder)/b.yaml:1:5: error: id: 'ours' is in use by \(folder)/a.yaml: give it another",
                "\(folder)/c.yaml:2:5: error: id: 'black-hole' is in use by a scenario that ships: give it another",
                "\(folder)/d.yaml:3:51: error: unknown key 'shar' in stages[0].faults[0]; did you mean 'share'?",
            ]
        )
    }

    @Test func whatIsPrintedIsReadBack() throws {
        let path = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        for scenario in Scenario.builtIn + Scenario.incidents {
            try JSONEncoder().encode(ScenarioForm(scenario)).write(to: URL(fileURLWithPath: path))
            var file = FormFile(path: path)
            let form = file.form(ScenarioForm.self, keys: ScenarioForm.keys)
            #expect(try form?.scenario() == scenario && file.problems.isEmpty, "\(file.problems)")
        }
        try JSONEncoder().encode(ScriptForm(.friday)).write(to: URL(fileURLWithPath: path))
        var file = FormFile(path: path)
        let form = file.form(ScriptForm.self, keys: ScriptForm.keys)
        #expect(try form?.script() == .friday && file.problems.isEmpty, "\(file.problems)")
    }

    @Test func theExampleInTheDocumentationIsAScenario() throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let page = repository.appending(path: "Sources/nines/nines.docc/DrillFiles.md")
        let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
        let path = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let example = try #require(blocks.first { $0.hasPrefix("yaml\nid:") }).dropFirst("yaml".count)
        try Data(example.utf8).write(to: URL(fileURLWithPath: path))
        var file = FormFile(path: path)
        let form = file.form(ScenarioForm.self, keys: ScenarioForm.keys)
        #expect(try form?.scenario().stages.count == 3 && file.problems.isEmpty, "\(file.problems)")
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
