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
extension DrillTests {
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
