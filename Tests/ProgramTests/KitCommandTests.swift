import Foundation
import SLO
import Storage
import Testing

/// `nines kit`, run as people run it: no engine, a config, a ledger.
struct KitCommandTests {
    private static let now = Int64(Date().timeIntervalSince1970 * 1_000)
    private static let secrets = [
        "sk-literal-in-the-file-0123456789", "T0000/B0000/slack-path", "sk-from-environment-42",
    ]

    private static let config = """
        model_list:
          - model_name: assistant
            litellm_params: { model: openai/gpt-5.4-mini, api_key: \(secrets[0]), order: 1 }
          - model_name: assistant
            litellm_params: { model: anthropic/claude-haiku-4-5, api_key: os.environ/TWO_KEY, order: 2 }
          - model_name: side
            litellm_params: { model: openai/gpt-5.4-nano, api_key: os.environ/TWO_KEY }
        nines:
          tenants: [{ id: acme, name: Acme Industries, key: os.environ/ACME_KEY }]
          features:
            summarise: { max_cost_per_request: $0.02, budget: { amount: $50, per: 30d }, on_exceed: [reject] }
          pagers: [{ type: slack, url: "https://hooks.example.com/\(secrets[1])" }]
          kit: { company: Lindqvist & Co, service: Assistant

        """

    /// A program with a config, whose `nines.kit` goes on with `kit`, and a ledger of so many requests.
    private func with(
        requests: Int = 1_000,
        lost: Int = 3,
        kit: String = "",
        _ prepare: (Ledger) throws -> Void = { _ in },
        _ body: (Place) throws -> Void
    ) async throws {
        let program = try Program()
        defer { program.close() }
        let place = Place(program: program)
        try place.write(Self.config.trimmingCharacters(in: .newlines) + kit + " }\n", to: "nines.yaml")
        if requests > 0 {
            let path = program.folder.appendingPathComponent("nines/nines.db").path
            let ledger = try Ledger.open(path: path, objectives: Objectives())
            for number in 0..<requests { ledger.record(Self.request(number, isLost: number < lost)) }
            try prepare(ledger)
            try await ledger.flush()
        }
        try body(place)
    }

    private struct Place {
        let program: Program

        func kit(_ arguments: String...) throws -> Ended {
            let keys = ["TWO_KEY": KitCommandTests.secrets[2], "ACME_KEY": "sk-acme-0123456789"]
            return try program.run(["kit"] + arguments, environment: keys)
        }

        func read(_ path: String) throws -> String {
            try String(contentsOf: program.folder.appendingPathComponent(path), encoding: .utf8)
        }

        func write(_ text: String, to path: String) throws {
            let url = program.folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }

        func files(_ folder: String) throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: program.folder.appendingPathComponent(folder).path)
        }
    }

    private static func request(_ number: Int, isLost: Bool) -> RequestRecord {
        var record = RequestRecord(id: "req_\(number)", at: now - 3_600_000 + Int64(number))
        (record.tenant, record.feature) = (number.isMultiple(of: 2) ? "acme" : "globex", "summarise")
        (record.group, record.attempts, record.totalMicros) = ("assistant", 1, 400_000)
        if isLost {
            (record.outcome, record.status, record.good) = (.lost, 503, false)
        } else {
            (record.deployment, record.provider) = ("openai", "openai")
            (record.latencyMicros, record.cost) = (400_000, 2_000_000)
            (record.tokensIn, record.tokensOut) = (100, 20)
        }
        return record
    }

    @Test func withoutAConfigThatIsSaidAndFailoverIsNotPromised() async throws {
        let program = try Program()
        defer { program.close() }
        let place = Place(program: program)
        let path = program.folder.appendingPathComponent("a.db").path
        let ledger = try Ledger.open(path: path, objectives: Objectives())
        ledger.record(Self.request(1, isLost: false))
        try await ledger.flush()
        try ledger.beginRun(id: "r1", version: "1.0.0" + Storage.Run.demoMark, now: Self.now)
        let ended = try place.kit("out", "--db", path)
        #expect(ended.code == 0 && ended.err.contains("warning: There is no config"), "\(ended.err)")
        #expect(try place.read("out/index.md").contains("There is no config"))
        let onePager = try place.read("out/slo-one-pager.md")
        #expect(!onePager.contains("the next one answers") && onePager.contains("These are figures of a demo"))
        #expect(try !place.read("out/guardrail-sheet.md").contains("| Route |"))
    }

    @Test func everyFigureIsTheLedgers() async throws {
        let outcome = """
            {"outcome":{"id":"d1","at":\(Self.now - 86_400_000),"scenario":"revoke-key","provider":"openai","operator":"Ada",
             "verdict":"pass","lost":2,"configHash":"c"},
             "findings":[{"id":"f1","text":"the alert was late","owner":"Grace","kind":"detect","due":"2099-01-01"}]}
            """
        let drill = { (ledger: Ledger) in
            let times = (Self.now - 86_400_000, Self.now - 86_000_000)
            try ledger.save(
                DrillRow(
                    id: "d1",
                    started: times.0,
                    ended: times.1,
                    title: "Revoke the key",
                    state: "completed",
                    body: outcome
                )
            )
        }
        try await with(drill) { place in
            let ended = try place.kit("out")
            #expect(ended.code == 0 && ended.out.contains("wrote      out/slo-one-pager.html"), "\(ended.err)")
            #expect(ended.out.contains("wrote      out/SHA256SUMS: check the others"), "\(ended.out)")
            let onePager = try place.read("out/slo-one-pager.md")
            #expect(onePager.contains("| 99.70 % | 1,000 requests | met |"), "\(onePager)")
            #expect(onePager.contains("Promised by Lindqvist & Co"))
            // The group that one provider alone serves has no traffic.
            #expect(onePager.contains("Several model providers stand behind the service"))
            #expect(ended.err.contains("Behind side stands one provider alone; the window has no request there"))
            #expect(try place.read("out/sow-clause.md").contains("The row of a request is kept for 35 days"))
            #expect(onePager.contains("no route answered, 3 (60.0 % of the budget)"))
            #expect(onePager.contains("\"Revoke the key\"") && onePager.contains("2 user requests failed"))
            #expect(
                onePager.contains("Drills passed in a row, without findings: 1.")
                    && onePager.contains("Findings still open: 1.")
            )
            let sheet = try place.read("out/guardrail-sheet.csv").split(separator: "\r\n")
            #expect(sheet.count == 3)
            #expect(sheet[1].hasPrefix("summarise,assistant,openai,gpt-5.4-mini,0.75,4.50,"), "\(sheet[1])")
            // The thousand of one day, thirty times.
            #expect(sheet[1].contains(",100,20,997,") && sheet[1].contains(",4.95,50,30,"), "\(sheet[1])")
            #expect(try place.read("out/drill-sop.md").contains("This is the script that `nines drill` plays"))
            #expect(try place.read("out/try.html").contains("x-nines-offline-copy"))
            for path in try place.files("out") where path != "plots" {
                let text = try place.read("out/\(path)")
                #expect(!Self.secrets.contains { text.contains($0) }, "\(path)")
            }
            #expect(try place.read("out/router.yaml").contains("model: openai/gpt-5.4-mini, api_key: \"[removed]\""))
        }
    }

    @Test func aMissIsToldBeforeAnythingIsWritten() async throws {
        try await with(lost: 20) { place in
            let text = "warning: The success target is 99.5 %, but the ledger has 98.00 % over 1,000 requests."
            #expect(try place.kit("out").err.contains(text))
            let ended = try place.kit("nines.yaml/out")
            #expect(ended.code == 1 && ended.err.contains(text) && ended.err.contains("can't make the folder"))
        }
    }

    @Test func oneClientsPapersHoldItsTrafficAlone() async throws {
        try await with(lost: 3) { place in
            #expect(try place.kit("--tenant", "acme").code == 0)
            let onePager = try place.read("kit-acme/slo-one-pager.md")
            #expect(onePager.contains("to Acme Industries") && onePager.contains("| 99.60 % | 500 requests |"))
            #expect(try place.kit("--tenant", "globex").code == 0)
            #expect(try place.read("kit-globex/slo-one-pager.md").contains("| 99.80 % | 500 requests |"))
            let ended = try place.kit("--tenant", "nobody")
            #expect(ended.code == 1 && ended.err.contains("the tenant 'nobody'; known: acme, globex"), "\(ended.err)")
        }
    }

    @Test func twoClientsPapersNeverShareAFolder() async throws {
        func record(_ ledger: Ledger) {
            for (number, tenant) in ["a/b", "a b"].enumerated() {
                var request = Self.request(number, isLost: false)
                (request.id, request.tenant) = ("req_of_\(number)", tenant)
                ledger.record(request)
            }
        }
        try await with(record) { place throws in
            for tenant in ["a/b", "a b"] { #expect(try place.kit("--tenant", tenant).code == 0) }
            #expect(try place.read("kit-a-b-c14cddc0/slo-one-pager.md").contains("to a/b"))
            #expect(try place.read("kit-a-b-c8687a08/slo-one-pager.md").contains("to a b"))
        }
    }

    @Test func anEmptyLedgerIsSaid() async throws {
        try await with(requests: 0) { place in
            let ended = try place.kit()
            #expect(ended.code == 0 && ended.err.contains("Nothing was measured of the success rate."), "\(ended.err)")
            let onePager = try place.read("kit/slo-one-pager.md")
            #expect(onePager.contains("In that window no request came: nothing was measured."))
        }
    }

    @Test func whatSomebodyEditedStays() async throws {
        try await with { place in
            #expect(try place.kit("out").code == 0)
            let before = Set(try place.files("out"))
            try place.write("our own clause", to: "out/sow-clause.md")
            let ended = try place.kit("out")
            #expect(ended.out.contains("out/sow-clause.new.md, beside sow-clause.md: that one was edited and stays"))
            #expect(try place.read("out/sow-clause.md") == "our own clause")
            #expect(try place.read("out/sow-clause.new.md").hasPrefix("# Service levels"))
            #expect(Set(try place.files("out")).subtracting(before) == ["sow-clause.new.md"])
            #expect(try place.kit("out").code == 0)
            #expect(Set(try place.files("out")).subtracting(before) == ["sow-clause.new.md"])
        }
    }

    @Test func aTeamsTemplatesAreUsed() async throws {
        try await with(kit: ", templates: own") { place in
            let missing = try place.kit("out")
            #expect(missing.code == 1 && missing.err.contains("nines kit --templates"), "\(missing.err)")
            #expect(try place.kit("--templates", "own").code == 0)
            #expect(try place.kit("out").code == 0)
            try place.write("# Ours: {{service}}\n", to: "own/slo-one-pager.md.mustache")
            #expect(try place.kit("out").code == 0)
            #expect(try place.read("out/slo-one-pager.md") == "# Ours: Assistant\n")
            try place.write("{{nonsense}}\n", to: "own/slo-one-pager.md.mustache")
            let wrong = try place.kit("other")
            #expect(wrong.code == 1 && wrong.err.contains("asks for nonsense"), "\(wrong.err)")
            #expect(!FileManager.default.fileExists(atPath: place.program.folder.appendingPathComponent("other").path))
        }
    }

    /// Nobody keeps the superuser from writing.
    @Test(.enabled(if: getuid() != 0)) func aReadOnlyFolderIsNamed() async throws {
        try await with { place in
            let folder = place.program.folder.appendingPathComponent("out").path
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o500]
            )
            let ended = try place.kit("out")
            #expect(ended.code == 1 && ended.err.contains("can't write out/index.md"), "\(ended.err)")
        }
    }
}
