import Foundation
import Testing

/// The demo in a real terminal window.
@Suite(.serialized, .enabled(if: Window.isAvailable, "tmux is not installed"))
struct ScreenTests {
    private func demo(
        _ columns: Int = 120,
        _ rows: Int = 40,
        environment: [String: String] = [:],
        _ body: (Window, Program) async throws -> Void
    ) async throws {
        let program = try Program()
        defer { program.close() }
        let arguments = ["demo", "--port", "0", "--rps", "8"]
        let window = try Window(program, size: (columns, rows), arguments: arguments, environment: environment)
        defer { window.close() }
        _ = try await window.waits(for: "the dashboard") { $0.contains("NINES") && $0.contains("DEMO") }
        try await body(window, program)
    }

    @Test func oneKeyBreaksThePrimaryAndNobodyIsLost() async throws {
        try await demo { window, _ in
            _ = try await window.waits(for: "a request") { $0.contains("northwind") && $0.contains("acme") }
            try window.press("x")
            _ = try await window.waits(for: "the demo's menu") { $0.contains("key revoked") }
            try window.press("1")
            let screen = try await window.waits(for: "the failover") {
                $0.contains("BENCHED") && $0.contains("saved") && $0.contains("NORTHWIND_KEY refused")
            }
            #expect(screen.contains("0 lost"))
            #expect(screen.contains("DEMO FAULT"))
            try window.press("x", "1")
            _ = try await window.waits(for: "the primary's return") { $0.contains("northwind answers again") }
        }
    }

    @Test func quittingAsksAndGivesTheTerminalBack() async throws {
        try await demo { window, _ in
            _ = try await window.waits(for: "traffic") { $0.contains("acme") && $0.contains("northwind") }
            try window.press("q")
            _ = try await window.waits(for: "the question") { $0.contains("in flight") || $0.contains("ended") }
            try window.press("q")
            let screen = try await window.waits(for: "the end") { $0.contains("ended 0") && $0.contains("icanon") }
            #expect(!screen.contains("-icanon"))
        }
    }

    @Test(
        "a signal ends it in order, and the terminal is whole",
        arguments: [SIGTERM, SIGINT, SIGHUP]
    )
    func signal(number: Int32) async throws {
        try await demo { window, _ in
            try window.signal(number)
            let screen = try await window.waits(for: "the end") {
                $0.contains("ended \(128 + number)") && $0.contains("icanon")
            }
            #expect(!screen.contains("-icanon"))
        }
    }

    @Test func bypassBarOnEveryScreen() async throws {
        try await demo { window, _ in
            try window.press("b")
            _ = try await window.waits(for: "the effect box") { $0.contains("Cancel") }
            try window.press("y")
            _ = try await window.waits(for: "the bar") { $0.contains("BYPASS since") }
            try window.press("?")
            _ = try await window.waits(for: "the bar over the help") {
                $0.contains("BYPASS since") && $0.contains("help")
            }
        }
    }

    @Test func aDrillIsOpenedManagedAndAborted() async throws {
        try await demo { window, _ in
            try window.press("d")
            _ = try await window.waits(for: "the choice") { $0.contains("what shall break?") }
            try window.press("Enter")
            _ = try await window.waits(for: "the first step") {
                $0.contains("T+") && $0.contains("NOTHING BROKEN") && $0.contains("nobody holds this role")
            }
            try window.press("Enter")
            _ = try await window.waits(for: "the roles") { $0.contains("which role is yours") }
            try window.press("1")
            _ = try await window.waits(for: "the second step") { $0.contains("holds all roles") }
            try window.press("v")
            _ = try await window.waits(for: "the dashboard") { $0.contains("success rate") && $0.contains("T+") }
            try window.press("!")
            _ = try await window.waits(for: "the question") { $0.contains("abort the drill") }
            try window.press("y", "d")
            _ = try await window.waits(for: "the closeout") {
                $0.contains("ABORTED") && $0.contains("nothing was broken; close it out")
            }
        }
    }

    @Test func everySizeAndNoSizeAtAll() async throws {
        try await demo { window, _ in
            for (columns, rows) in [(80, 24), (200, 50), (60, 16), (40, 10), (20, 5), (300, 80), (1, 1), (120, 40)] {
                try window.resize(columns, rows)
            }
            _ = try await window.waits(for: "the dashboard again") {
                $0.contains("success rate") && $0.contains("requests")
            }
        }
    }

    @Test func noColourAndASCIIWhereAsked() async throws {
        try await demo(environment: ["NO_COLOR": "1"]) { window, _ in
            #expect(window.styled.firstMatch(of: /\u{1B}\[[0-9;]*(3[0-7]|38|4[0-7]|48)[;m]/) == nil)
        }
        try await demo(environment: ["LANG": "C", "LC_ALL": "C"]) { window, _ in
            #expect(window.text.utf8.allSatisfy { $0 < 128 })
        }
    }

    @Test func aRecordedSessionIsShownAgain() async throws {
        let program = try Program()
        defer { program.close() }
        let file = program.folder.appendingPathComponent("session.jsonl")
        let arguments = ["demo", "--port", "0", "--rps", "20", "--record", file.path]
        let recorded = try Window(program, size: (120, 40), arguments: arguments)
        _ = try await recorded.waits(for: "traffic") { $0.contains("acme") && $0.contains("northwind") }
        // The screen is told more often than the file.
        try await wait(for: "two snapshots, the last with traffic") {
            let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
            return lines.count > 2 && String(decoding: lines[lines.count - 2], as: UTF8.self).contains("acme")
        }
        recorded.close()
        // As a kill in the middle of a line leaves it.
        let cut = program.folder.appendingPathComponent("cut.jsonl")
        try (Data(contentsOf: file) + Data("{\"takenAt\":".utf8)).write(to: cut)
        let window = try Window(program, size: (120, 40), arguments: ["replay", cut.path, "--speed", "100"])
        defer { window.close() }
        _ = try await window.waits(for: "the end of the recording") {
            $0.contains("acme") && $0.contains("the recording ends here")
        }
        try window.press("b", "y")
        _ = try await window.waits(for: "that nothing can be changed") { $0.contains("read-only") }
    }
}
