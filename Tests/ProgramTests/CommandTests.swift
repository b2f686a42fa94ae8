import Foundation
import Testing

/// The command line, without an engine.
struct CommandTests {
    @Test func initThenCheckThenEnv() throws {
        let program = try Program()
        defer { program.close() }
        #expect(try program.run(["init"]).code == 0)
        #expect(try program.run(["init"]).code == 1)
        let check = try program.run(["check"])
        #expect(check.code == 0)
        #expect(check.out.contains("nines.yaml:"))
        #expect(check.out.contains("warning:"), "the starter's keys are not set here")
        let env = try program.run(["env"])
        #expect(env.out.contains("export OPENAI_BASE_URL='http://127.0.0.1:4000/v1'"))
        let fish = try program.run(["env", "--shell", "fish"])
        #expect(fish.out.contains("set -gx OPENAI_BASE_URL 'http://127.0.0.1:4000/v1'"))
    }

    @Test func theBypassIsDurableWithoutAnEngine() throws {
        let program = try Program()
        defer { program.close() }
        _ = try program.run(["init"])
        #expect(try program.run(["bypass", "status"]).out == "off\n")
        #expect(try program.run(["bypass", "on"]).code == 0)
        #expect(try program.run(["bypass", "status"]).out == "on\n")
        let env = try program.run(["env"]).out
        #expect(env.contains("OPENAI_BASE_URL='https://api.openai.com/v1'"))
        #expect(env.contains("OPENAI_API_KEY=\"$OPENAI_API_KEY\""))
        #expect(try program.run(["env"], environment: ["BYPASS_ROUTER": "false"]).out.contains("127.0.0.1:4000"))
        #expect(try program.run(["bypass", "off"]).code == 0)
        #expect(try program.run(["bypass", "status"]).out == "off\n")
    }

    /// Arguments, files to make first, exit code, and what standard error or output must name.
    static let mistakes: [([String], [String: String], Int32, String)] = [
        (["nonsense"], [:], 64, "nonsense"),
        (["bypass"], [:], 64, "action"),
        (["bypass", "maybe"], [:], 64, "maybe"),
        (["demo", "--rps", "-3"], [:], 64, "--rps"),
        (["check"], [:], 1, "nines init"),
        (["check", "--config", "missing.yaml"], [:], 1, "missing.yaml"),
        (["check"], ["nines.yaml": "model_list: []\n"], 1, "nines.yaml:1:"),
        (["check"], ["nines.yaml": "model_list: [\n"], 1, "nines.yaml:"),
        (["serve"], ["nines.yaml": "model_list: 7\n"], 1, "nines.yaml:1:13: error"),
        (["status", "--socket", "nowhere.sock"], ["nines.yaml": goodConfig], 1, "no engine answers"),
        (["status", "--window", "soon"], ["nines.yaml": goodConfig], 64, "--window 'soon'"),
        (["status", "--db", "nowhere.db"], ["nines.yaml": goodConfig], 1, "there is no database"),
        (["gate", "--db", "nines.yaml"], ["nines.yaml": goodConfig], 1, "nines.yaml"),
        (["alerts", "test"], ["nines.yaml": goodConfig], 1, "nines.pagers"),
        (["alerts", "ack", "latency"], ["nines.yaml": goodConfig], 1, "no engine answers"),
        (["maintenance", "add"], ["nines.yaml": goodConfig], 64, "--from"),
        (["export", "--format", "pdf"], ["nines.yaml": goodConfig], 64, "pdf"),
        (["attach", "--socket", "nowhere.sock"], [:], 1, "nowhere.sock"),
        (["serve", "--db", "/dev/null/x/nines.db"], ["nines.yaml": goodConfig], 1, "/dev/null"),
        (["explain"], [:], 64, "request-id"),
        (["explain", "req_1"], ["nines.yaml": goodConfig], 1, "there is no database"),
        (["explain", "req_1", "--db", "nines.yaml"], ["nines.yaml": goodConfig], 1, "nines.yaml"),
        (["serve", "--db", "nines.yaml"], ["nines.yaml": goodConfig], 1, "nines.yaml"),
        (["check", "--probe"], ["nines.yaml": goodConfig], 1, "openai  FAILED: unreachable"),
        (["replay", "missing.jsonl"], [:], 1, "missing.jsonl"),
        (["replay", "session.jsonl"], ["session.jsonl": "{\n"], 1, "session.jsonl:1"),
        (["replay", "session.jsonl", "--speed", "0"], [:], 64, "--speed"),
        (["prices", "import"], [:], 64, "file"),
        (["prices", "import", "missing.json"], [:], 1, "missing.json"),
        (["prices", "import", "nines.yaml"], ["nines.yaml": goodConfig], 1, "no LiteLLM cost map"),
        (["prices", "import", "map.json"], ["map.json": "{\"a\":{\"mode\":\"chat\"}}"], 1, "nothing was changed"),
    ]

    static let goodConfig = """
        model_list:
          - model_name: assistant
            litellm_params: { model: openai/one, api_base: "http://127.0.0.1:9/v1" }
        """

    @Test func aScenarioIsPrintedCopiedChangedAndChecked() throws {
        let program = try Program()
        defer { program.close() }
        let faults = program.folder.appendingPathComponent("faults")
        try FileManager.default.createDirectory(at: faults, withIntermediateDirectories: true)
        let config = Self.goodConfig + "\nnines: { drill: { incidents: faults } }\n"
        try Data(config.utf8).write(to: program.folder.appendingPathComponent("nines.yaml"))
        let printed = try program.run(["drill", "scenario", "partial-errors"])
        #expect(printed.code == 0)
        let ours = printed.out.replacingOccurrences(of: "partial-errors", with: "our-errors")
        try Data(ours.utf8).write(to: faults.appendingPathComponent("ours.json"))
        #expect(try program.run(["check"]).code == 0)
        #expect(try program.run(["drill", "scenario"]).out.contains("our-errors"))
        try Data(printed.out.utf8).write(to: faults.appendingPathComponent("theirs.json"))
        let typo = ours.replacingOccurrences(of: "\"share\"", with: "\"shar\"")
        try Data(typo.utf8).write(to: faults.appendingPathComponent("ours.json"))
        let check = try program.run(["check"])
        #expect(check.code == 1)
        #expect(check.out.contains("ours.json:9:11: error: unknown key 'shar' in stages[0].faults[0]"), "\(check.out)")
        #expect(check.out.contains("theirs.json:2:10: error: id: 'partial-errors' is in use"), "\(check.out)")
        #expect(try program.run(["drill", "scenario", "our-errors"]).code == 1)
    }

    @Test("a mistake is told in words, and where it is", arguments: mistakes)
    func mistake(arguments: [String], files: [String: String], code: Int32, names: String) throws {
        let program = try Program()
        defer { program.close() }
        for (name, text) in files { try Data(text.utf8).write(to: program.folder.appendingPathComponent(name)) }
        let result = try program.run(arguments)
        #expect(result.code == code, "\(result.out)\(result.err)")
        #expect((result.out + result.err).contains(names), "\(result.out)\(result.err)")
    }

    @Test func explainNamesTheDatabaseThatDoesNotHoldIt() throws {
        let program = try Program()
        defer { program.close() }
        _ = try program.run(["init"])
        // Makes the database.
        #expect(try program.run(["bypass", "off"]).code == 0)
        for arguments in [["explain", "req_mickey0000000001"], ["explain", "nonsense", "--json"]] {
            let result = try program.run(arguments)
            #expect(result.code == 1)
            #expect(result.err.contains("nines/nines.db holds no request '\(arguments[1])'"), "\(result.err)")
        }
    }

    @Test func helpAndVersion() throws {
        let program = try Program()
        defer { program.close() }
        #expect(try program.run(["--version"]).code == 0)
        let commands = [
            "run", "demo", "serve", "attach", "init", "check", "status", "gate", "bypass", "env", "alerts",
            "maintenance", "explain", "export", "prices", "doctor",
        ]
        for command in commands {
            let help = try program.run([command, "--help"])
            #expect(help.code == 0 && help.out.contains("OVERVIEW"))
        }
        #expect(try program.run(["doctor"]).out.contains("console"))
        #expect(try program.run([]).out.contains("nines demo"))
    }
}
