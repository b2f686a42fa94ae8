import Foundation
import Receivers
import Routing
import Testing
import Upstream

/// The program killed at every step of the script, and started again on the same database.
struct DrillCrashTests {
    private static let lanes = 2

    @Test("kill -9 leaves nothing broken behind, at any step", arguments: 0..<lanes)
    func kill(lane: Int) async throws {
        try await Stage.with { stage in
            var (place, patience) = (1 + lane, 10)
            while true {
                try await stage.post("open", ["scenario": "revoke-key", "compressed": true])
                do {
                    try await stage.goOn(to: place)
                } catch is Sick where patience > 0 {
                    patience -= 1
                    try await stage.startAnew()
                    continue
                }
                let before = try #require(try await stage.drill())
                let id = try #require(before["id"] as? String)
                let step = (before["step"] as? [String: Any])?["id"] as? String ?? ""
                stage.kill()
                try await stage.start()
                // The first answer that can be had at all.
                #expect(try await stage.servedBy() == "northwind", "\(step)")
                let drill = try #require(try await stage.drill(), "\(step)")
                #expect(drill["id"] as? String == id)
                #expect(drill["isFaultIn"] as? Bool == false, "\(step)")
                // A step may have ticked between the look and the kill: what was written says how far it was.
                let said = (drill["timeline"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
                let wasClosing = said.prefix { $0 != "the program runs again" }.contains("phase closeout")
                #expect(drill["ending"] as? String == (wasClosing ? nil : "interrupted"), "\(step)")
                try await stage.goOn(to: nil)
                // It waits for the requests under way.
                try await wait(for: "the report") {
                    let report = try await stage.drill()?["report"]
                    return report != nil && !(report is NSNull)
                }
                let verified = try stage.run(["drill", "verify", id])
                #expect(
                    verified.code == 0 && verified.out.contains("journal"),
                    "\(step): \(verified.out)\(verified.err)"
                )
                let list = try stage.run(["drill", "list"])
                #expect(list.code == 0 && list.out.contains(id) && list.out.contains("streak 0"), "\(step)")
                #expect(list.out.contains("northwind") && list.out.contains("never"), "\(list.out)")
                #expect(list.out.contains("open finding"), "\(list.out)")
                place += Self.lanes
                if place > before["count"] as? Int ?? 0 { break }
                // Its alert would fire on for a minute, which no drill begins in.
                try await stage.startAnew()
            }
        }
    }

    @Test func anOrderlyEndRestoresAndSaysSo() async throws {
        try await Stage.with { stage in
            for patience in (0...10).reversed() {
                try await stage.post("open", ["scenario": "revoke-key-at-provider", "compressed": true])
                do {
                    try await stage.goOn { $0["isFaultIn"] as? Bool == true }
                    break
                } catch is Sick where patience > 0 {
                    try await stage.startAnew()
                }
            }
            let id = try #require(try await stage.drill()?["id"] as? String)
            #expect(stage.stop() == 0)
            #expect(!stage.hasLog, "there is a log file where a console owns the terminal alone")
            let shown = try stage.run(["drill", "show", id])
            #expect(shown.out.contains("ABORT"))
            #expect(
                shown.out.contains("the fault is out"),
                "the key is switched on before the program ends: \(shown.out)"
            )
        }
    }

    @Test func theScriptIsPrinted() throws {
        let program = try Program()
        defer { program.close() }
        let sop = try program.run(["drill", "sop"])
        #expect(
            sop.code == 0 && sop.out.contains("pre-checks (3 minutes)")
                && sop.out.contains("Operator, put the fault in.")
        )
        #expect(try program.run(["drill", "show", "no-such-drill"]).code == 1)
    }
}

/// A machine so slow that the demo misses its own targets, in which no drill begins.
private struct Sick: Error {}

/// The demo without a screen, its control socket and its front door.
private final class Stage {
    private let program: Program
    private let client: CurlUpstream
    private let port: Int
    private var database: String
    private var count = 0
    private var process: Running?

    private init(_ program: Program) throws {
        // A port that was free a moment ago.
        let spare = try Receiver([])
        spare.stop()
        port = Int(spare.port)
        client = try CurlUpstream()
        self.program = program
        database = program.folder.appendingPathComponent("demo.db").path
    }

    static func with(_ body: (Stage) async throws -> Void) async throws {
        let program = try Program()
        defer { program.close() }
        let stage = try Stage(program)
        do {
            try await stage.start()
            try await body(stage)
        } catch {
            stage.kill()
            await stage.client.shutdown()
            throw error
        }
        stage.kill()
        await stage.client.shutdown()
    }

    func start() async throws {
        process = try Running(
            program,
            ["demo", "--headless", "--rps", "6", "--drill-factor", "12", "--port", "\(port)", "--db", database]
        )
        try await wait(for: "an answer of the demo") { (try? await self.drill()) != nil }
    }

    /// With an empty database.
    func startAnew() async throws {
        kill()
        count += 1
        database = program.folder.appendingPathComponent("demo-\(count).db").path
        try await start()
    }

    func kill() {
        process?.stop(by: SIGKILL)
        process = nil
    }

    func stop() -> Int32 {
        defer { process = nil }
        return process?.stop() ?? 0
    }

    var hasLog: Bool { FileManager.default.fileExists(atPath: "\(database).log") }

    func run(_ arguments: [String]) throws -> Ended { try program.run(arguments + ["--db", database]) }

    /// Empty where none was opened.
    func drill() async throws -> [String: Any]? {
        let answer = try await call("GET", "/snapshot")
        return answer["drill"] as? [String: Any] ?? [:]
    }

    /// The deployment that answered a user.
    func servedBy() async throws -> String? {
        let body = #"{"model":"assistant","max_tokens":8,"messages":[{"role":"user","content":"hello"}]}"#
        let request = UpstreamRequest(
            url: "http://127.0.0.1:\(port)/v1/chat/completions",
            headers: [HeaderField("content-type", "application/json")],
            body: Array(body.utf8),
            timeout: .seconds(60)
        )
        return try await client.collect(request, limit: 1 << 20).headers.first { $0.name == "x-nines-deployment" }?
            .value
    }

    /// A person's wish; true where it was granted.
    @discardableResult
    func post(_ name: String, _ fields: [String: Any], mayFail: Bool = false) async throws -> Bool {
        let body = try JSONSerialization.data(withJSONObject: fields.merging(["by": "ana"]) { $1 })
        let answer = try await call("POST", "/drill/\(name)", Array(body))
        let isDone = answer["ok"] as? Bool ?? false
        guard isDone || mayFail else { throw Program.Failed(description: "\(name) \(fields): \(answer)") }
        return isDone
    }

    /// What a test does not wait for.
    private static let skips: Set = [
        "baseline", "success-held", "latency-held", "success-back", "latency-back", "alert-resolved", "acknowledged",
    ]

    /// Until the step of that number is open; nil: until the drill is over.
    func goOn(to number: Int?) async throws {
        try await goOn { drill in number.map { drill["number"] as? Int ?? 0 >= $0 } ?? false }
    }

    /// Does what is asked, until `isReached` or the drill is over.
    func goOn(until isReached: ([String: Any]) -> Bool) async throws {
        var (name, since) = ("", ContinuousClock.now)
        while let drill = try await drill(), !isReached(drill), let step = drill["step"] as? [String: Any] {
            let isNew = step["id"] as? String != name
            if isNew { (name, since) = (step["id"] as? String ?? "", .now) }
            if try await perform(step, of: drill) { continue }
            guard isNew || ContinuousClock.now - since < .seconds(30) else { throw Sick() }
            // A snapshot costs the program something.
            try await Task.sleep(for: .milliseconds(150))
        }
    }

    /// - Returns: false where Nines has to sense it.
    private func perform(_ step: [String: Any], of drill: [String: Any]) async throws -> Bool {
        let name = step["id"] as? String ?? ""
        if (drill["crew"] as? [[String: Any]] ?? []).contains(where: { $0["name"] == nil }) {
            for role in ["lead", "operator", "scribe"] { try await post("assign", ["role": role, "name": "ana"]) }
            return true
        }
        switch step["kind"] as? String {
        case "confirm":
            let choices = step["choices"] as? [String] ?? []
            let isNumber = step["answer"] as? String == "number"
            return try await post("confirm", ["step": name, "value": isNumber ? "4" : choices.first ?? "as expected"])
        case "act": return try await post("act", ["step": name, "value": drill["asksFor"] as? String ?? ""])
        default:
            guard Self.skips.contains(name) else { return false }
            return try await post("skip", ["step": name, "reason": "no time"], mayFail: true)
        }
    }

    private func call(_ method: String, _ path: String, _ body: [UInt8] = []) async throws -> [String: Any] {
        var request = UpstreamRequest(
            method: method,
            url: "http://localhost\(path)",
            headers: [HeaderField("content-type", "application/json")],
            body: body,
            timeout: .seconds(60)
        )
        request.unixSocket = program.folder.appendingPathComponent("nines/\(port).sock").path
        let answer = try await client.collect(request, limit: 8 << 20)
        return try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any] ?? [:]
    }
}
