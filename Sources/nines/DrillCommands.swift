import ArgumentParser
import Drills
import Engine
import Routing
import SLO
import Settings
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `nines drill`: a person runs a drill in the console; the rest reads what drills left.
struct DrillCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Break the primary on purpose, watch the failover, restore, report.",
        subcommands: [Open.self, List.self, Show.self, Report.self, Verify.self, Procedure.self, Scenarios.self],
        defaultSubcommand: Open.self
    )

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open the console in drill mode.")
        @OptionGroup var options: CommonOptions
        func run() async throws { try await Run.openConsole(options, inDrill: true) }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every drill, and how boring they have become.")
        @OptionGroup var options: CommonOptions

        func run() throws {
            let shelf = try DrillShelf(options)
            let rows = try shelf.archive.ledger.drills(limit: 1_000)
            guard !rows.isEmpty else {
                return print("no drill yet: 'nines drill' opens one, 'nines demo' is a safe place")
            }
            for row in rows { print(shelf.line(row)) }
            let history = DrillHistory(try shelf.archive.outcomes(), team: Set(shelf.team))
            print("")
            let next = history.isBoring ? "boring, as it should be" : "\(DrillHistory.boringStreak) make it boring"
            print("streak \(history.streak); \(next); \(history.cadence.rawValue) from here")
            if let days = history.daysSinceLast(now: wallMilliseconds()) { print("\(days) days since the last one") }
            print("a drill adds to the streak where")
            for rule in history.streakRules { print("  - \(rule)") }
            if let line = history.failoverLine { print("\n\(line)") }
            print("")
            for line in shelf.coverage(history) { print(shown(line)) }
            print("")
            let findings = try shelf.archive.openFindings()
            print(findings.isEmpty ? "no open finding" : "open findings")
            let today = String(timeText(wallMilliseconds()).prefix(10))
            for finding in findings {
                let due = "due \(finding.due)" + (finding.isOverdue(on: today) ? ", OVERDUE" : "")
                print(shown("  \(finding.id)  \(finding.text)  (\(finding.owner), \(due))"))
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "One drill: its verdict, its times, its timeline.")
        @OptionGroup var options: CommonOptions
        @Argument(help: "As 'nines drill list' names it.") var id: String

        func run() throws {
            let shelf = try DrillShelf(options)
            let stored = try shelf.stored(id)
            print(shelf.line(stored.row))
            let times = Timings(stored.drill)
            for row in times.rows {
                let seconds = row.time.map { "\(($0 / .milliseconds(1)).rounded() / 1_000) s" }
                print("  \(row.name): \(seconds ?? row.otherwise)")
            }
            print("")
            for record in stored.drill.records { print(Engine.timelineLine(record).oneLine(limit: 2_000)) }
        }
    }

    struct Report: ParsableCommand {
        enum Format: String, ExpressibleByArgument, CaseIterable { case md, json, html }
        static let configuration = CommandConfiguration(abstract: "Print a drill's closeout report.")
        @OptionGroup var options: CommonOptions
        @Argument(help: "As 'nines drill list' names it.") var id: String
        @Option(help: "md, json or html.") var format = Format.md

        func run() throws {
            let shelf = try DrillShelf(options)
            let stored = try shelf.stored(id)
            // As it was filed, to the byte, else as it stands now.
            if let filed = try shelf.archive.ledger.papers(drill: id)["\(id).\(format.rawValue)"] {
                return print(filed, terminator: "")
            }
            let closeout = try shelf.archive.closeout(stored, objectives: shelf.objectives, now: wallMilliseconds())
            let text =
                switch format {
                case .md: closeout.markdown
                case .json: closeout.json
                case .html: closeout.html
                }
            print(text, terminator: "")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a drill's journal and its reports against their checksums."
        )
        @OptionGroup var options: CommonOptions
        @Argument(help: "As 'nines drill list' names it.") var id: String

        func run() throws {
            let shelf = try DrillShelf(options)
            let stored = try shelf.stored(id)
            var isIntact = true
            func say(_ what: String, _ problem: String?) {
                print("\(what): \(problem ?? "intact")")
                isIntact = isIntact && problem == nil
            }
            let broken = Journal.verify(stored.entries, hash: DrillArchive.hash)
            say("journal, \(stored.entries.count) lines", broken.map { "line \($0.index + 1): \($0.reason)" })
            if stored.row.ended != nil, stored.entries.last?.record.kind != .closed {
                say("end of the journal", "the drill is over and its last line is not there")
            }
            // Lines of earlier versions have none.
            if let opened = stored.entries.first?.record, let seal = opened.fields["seal"] {
                let isSame = seal == stored.file.seal && opened.fields["drill"] == id
                say("plan", isSame ? nil : "not the one that the journal was begun with")
            }
            let papers = try shelf.archive.ledger.papers(drill: id)
            for (name, text) in papers.sorted(by: { $0.key < $1.key }) { say("\(name) in the database", problem(text)) }
            // A journal whose last lines were cut off is a whole chain: the report knows how long it was.
            if let report = papers["\(id).json"], let last = stored.entries.last {
                let isSame = report.contains(last.seal)
                say("journal and report", isSame ? nil : "the report was made of another journal: lines are missing")
            }
            if let outcome = stored.file.outcome {
                let report = try papers["\(id).json"].map { try Filed($0) }
                let isSame = report?.id == outcome.id && report?.verdict == outcome.verdict
                say("outcome", isSame ? nil : "not what the report says")
            }
            for path in stored.file.paths {
                let text = try? String(contentsOfFile: path, encoding: .utf8)
                let name = URL(fileURLWithPath: path).lastPathComponent
                let isOther = text != nil && text != papers[name]
                say(path, text.map { problem($0) ?? (isOther ? "not what was filed" : nil) } ?? "not there")
            }
            if papers.isEmpty { print("no report yet: the drill is not closed out") }
            guard isIntact else { throw ExitCode.failure }
        }

        /// What a report says of itself.
        private struct Filed: Decodable {
            private struct Drill: Decodable { let id: String }
            private struct Verdict: Decodable { let outcome: DrillVerdict.Outcome }
            private let drill: Drill
            private let verdictTree: Verdict
            var id: String { drill.id }
            var verdict: DrillVerdict.Outcome { verdictTree.outcome }

            private enum CodingKeys: String, CodingKey {
                case drill
                case verdictTree = "verdict"
            }

            init(_ text: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }
        }

        private func problem(_ text: String) -> String? {
            switch Checksum.verify(text, hash: DrillArchive.hash) {
            case .intact: nil
            case .altered: "changed after it was written"
            case .absent: "without a checksum"
            }
        }
    }

    struct Procedure: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sop",
            abstract: "Print the script of the drill, step by step."
        )

        enum Format: String, ExpressibleByArgument, CaseIterable { case md, json }
        @OptionGroup var options: CommonOptions
        @Option(help: "md; or json, to copy and change for nines.drill.scripts.") var format = Format.md

        func run() throws {
            let config = try configIfAny(options)
            let library = saidLibrary(config)
            if format == .json { return try printForm(ScriptForm(library.script)) }
            print(try drillProcedure(library.script, config: config ?? NinesConfig(), now: wallMilliseconds()))
        }
    }

    struct Scenarios: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scenario",
            abstract: "Name the scenarios; print one as the file that nines.drill.incidents reads, to copy and change."
        )
        @OptionGroup var options: CommonOptions
        @Argument(help: "As the list without it names it.") var id: String?

        func run() throws {
            let scenarios = saidLibrary(try configIfAny(options)).scenarios
            guard let id else {
                let width = scenarios.map(\.id.count).max() ?? 0
                for scenario in scenarios { print(shown("\(padded(scenario.id, width + 2))\(scenario.title)")) }
                return
            }
            guard let scenario = scenarios.first(where: { $0.id == id }) else {
                throw Failure("there is no scenario '\(id)': 'nines drill scenario' names them")
            }
            try printForm(ScenarioForm(scenario))
        }
    }
}

private func configIfAny(_ options: CommonOptions) throws -> NinesConfig? {
    let surroundings = Surroundings()
    guard surroundings.locate(options).path != nil else { return nil }
    return try surroundings.config(options, purpose: .check, isQuiet: true)
}

/// What a drill is made of; what is wrong with the team's own files is said.
private func saidLibrary(_ config: NinesConfig?) -> DrillLibrary {
    let library = DrillLibrary(config?.drill ?? .init())
    for problem in library.problems { printError(problem) }
    return library
}

private func printForm(_ form: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(form), as: UTF8.self))
}

/// The drills of the database that the options name.
private struct DrillShelf {
    let archive: DrillArchive
    let objectives: Objectives
    let team: [String]
    private let config: NinesConfig?

    init(_ options: CommonOptions) throws {
        let surroundings = Surroundings()
        let config = try configIfAny(options)
        var path = try surroundings.database(options, config)
        // Whoever only tried the demo means its drills.
        if config == nil, options.db == nil, !FileManager.default.fileExists(atPath: path) {
            path = DemoWorld.Place.lastDatabase(surroundings) ?? path
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure("there is no database \(path): no drill was run there")
        }
        archive = DrillArchive(try Ledger.openToRead(path: path))
        objectives = config?.objectives ?? Objectives()
        team = config?.drill.team ?? []
        self.config = config
    }

    /// Every scenario with the primaries of the config, and whatever else was tried.
    func coverage(_ history: DrillHistory) -> [String] {
        let known = DrillLibrary(config?.drill ?? .init()).scenarios.map(\.id)
        let primaries = config?.groups.compactMap { $0.primary?.provider } ?? []
        return history.coverageTable(
            scenarios: unique(known + history.outcomes.map(\.scenario)),
            providers: unique(primaries + history.outcomes.map(\.provider))
        )
    }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    func stored(_ id: String) throws -> DrillArchive.Stored {
        guard let stored = try archive.stored(id) else {
            throw Failure("there is no drill '\(id)': 'nines drill list' names them")
        }
        return stored
    }

    func line(_ row: DrillRow) -> String {
        let outcome = (try? archive.file(of: row))?.outcome
        let failover = outcome?.timeToFailover.map {
            "failover \($0.components.seconds * 1_000 + $0.components.attoseconds / 1_000_000_000_000_000) ms"
        }
        let words = [
            row.id, row.title, outcome?.verdict.words ?? (row.ended == nil ? "open" : row.state), failover,
            outcome.map { "\($0.lost) lost" }, outcome.map { "operator \($0.operator)" },
        ]
        return words.compactMap(\.self).joined(separator: "  ")
    }
}
