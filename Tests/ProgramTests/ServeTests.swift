import Foundation
import Receivers
import Routing
import Testing
import Upstream

/// The built program as it serves, between providers, pagers and a collector that are receivers on loopback.
@Suite(.serialized)
struct ServeTests {
    private static let prompt = "what only the client and the provider may read"
    private static let keys = ["ONE_KEY": "sk-one", "TWO_KEY": "sk-two", "LANGFUSE_KEY": "sk-lf-9"]

    /// A serving program with its providers: the primary refuses its key, the secondary answers.
    private struct Scene {
        let program: Program
        let client: CurlUpstream
        let port: Int

        func ask() async throws -> (status: Int, text: String) {
            let body = #"{"model":"assistant","messages":[{"role":"user","content":"\#(ServeTests.prompt)"}]}"#
            return try await call("POST", "/v1/chat/completions", body)
        }

        func call(_ method: String, _ path: String, _ body: String = "") async throws -> (status: Int, text: String) {
            try await send(method, "http://127.0.0.1:\(port)\(path)", body, socket: nil)
        }

        func control(_ method: String, _ path: String, _ body: String = "") async throws -> (status: Int, text: String)
        {
            let socket = program.folder.appendingPathComponent("nines/\(port).sock").path
            return try await send(method, "http://localhost\(path)", body, socket: socket)
        }

        private func send(_ method: String, _ url: String, _ body: String, socket: String?) async throws -> (
            Int, String
        ) {
            var request = UpstreamRequest(method: method, url: url, body: Array(body.utf8), timeout: .seconds(60))
            request.headers = [HeaderField("content-type", "application/json")]
            request.unixSocket = socket
            let answer = try await client.collect(request, limit: 8 << 20)
            return (answer.status, String(decoding: answer.body, as: UTF8.self))
        }
    }

    private func serve(_ nines: String, _ body: (Scene) async throws -> Void) async throws {
        let refusal = #"{"error":{"message":"Incorrect API key","code":"invalid_api_key"}}"#
        let answer = """
            {"id":"c","object":"chat.completion","created":1,"model":"gpt-5.4","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}
            """
        let json = "content-type: application/json\r\n"
        let primary = try Receiver { _, _ in .answer(401, headers: json, body: refusal) }
        let secondary = try Receiver { _, _ in .answer(200, headers: json, body: answer) }
        // A port that was free a moment ago.
        let spare = try Receiver([])
        spare.stop()
        let program = try Program()
        let client = try CurlUpstream()
        let scene = Scene(program: program, client: client, port: Int(spare.port))
        let config = """
            model_list:
              - model_name: assistant
                litellm_params: { model: openai/gpt-5.4-mini, api_base: "\(primary.url("/v1"))", api_key: os.environ/ONE_KEY, order: 1 }
              - model_name: assistant
                litellm_params: { model: openai/gpt-5.4, api_base: "\(secondary.url("/v1"))", api_key: os.environ/TWO_KEY, order: 2 }
            nines:
              listen: 127.0.0.1:\(spare.port)
            \(nines)
            """
        try Data(config.utf8).write(to: program.folder.appendingPathComponent("nines.yaml"))
        let server = try Running(program, ["serve"], environment: Self.keys)
        func close() async {
            server.stop()
            await client.shutdown()
            primary.stop()
            secondary.stop()
            program.close()
        }
        do {
            try await wait(for: "a server: \(server.said)") { server.said.contains("listens on") }
            try await body(scene)
        } catch {
            let said = server.said
            await close()
            throw Program.Failed(description: "\(error)\n\(said)")
        }
        await close()
    }

    @Test func everyPagerIsToldOnceInTheEnd() async throws {
        let failing = try Receiver([.answer(500)])
        let stalling = try Receiver([.stall])
        let busy = try Receiver([.answer(429, headers: "retry-after: 2\r\n")])
        let receivers = [failing, stalling, busy]
        defer { receivers.forEach { $0.stop() } }
        let pagers = receivers.map { "    - { type: webhook, severity: page, url: \"\($0.url("/hook"))\" }" }
        try await serve("  pagers:\n" + pagers.joined(separator: "\n")) { scene in
            #expect(try await scene.ask().status == 200, "a refused key is no client's trouble")
            try await wait(for: "three told pagers: \(receivers.map(\.received.count))") {
                receivers.allSatisfy { !$0.taken.isEmpty }
            }
            for receiver in receivers {
                #expect(receiver.taken.count == 1 && receiver.received.count == 2)
                let notice = try #require(receiver.taken.first?.body)
                #expect(notice.contains("\"status\":\"firing\"") && notice.contains("ONE_KEY"))
                #expect(!notice.contains("sk-one") && !notice.contains(Self.prompt))
                #expect(
                    receiver.received[0].header("idempotency-key") == receiver.received[1].header("idempotency-key")
                )
            }
            try await theAlertAsOthersSeeIt(scene)
        }
    }

    private func theAlertAsOthersSeeIt(_ scene: Scene) async throws {
        let program = scene.program
        let gate = try program.run(["gate"])
        #expect(gate.code == 3 && gate.out.contains("frozen: page firing: key refused (ONE_KEY)"), "\(gate.out)")
        let status = try program.run(["status"]).out
        #expect(status.contains("mode      LIVE  127.0.0.1:\(scene.port)"))
        #expect(status.contains("alert     FIRING page") && status.contains("benched, primary"))
        #expect(try program.run(["alerts", "list"]).out.contains("fired"))
        // A second terminal needs none of the engine's keys: it attaches, and fails for want of a real terminal alone.
        for command in [[], ["drill"]] {
            let second = try program.run(command)
            #expect(second.code == 1 && !second.err.contains("ONE_KEY"), "\(second.err)")
            #expect(second.err.contains("no console"), "\(second.err)")
        }
        // By the socket, percent-encoded and as it is; by the command.
        #expect(try await scene.control("POST", "/alerts/key_refused:ONE_KEY/ack", "{\"by\":3}").status == 400)
        #expect(try await scene.control("POST", "/alerts/key_refused%3AONE_KEY/ack", "{\"by\":\"ana\"}").status == 200)
        #expect(try await scene.control("POST", "/alerts/key_refused:ONE_KEY/ack").status == 409)
        #expect(try await scene.control("POST", "/alerts/key_refused/nonsense").status == 404)
        #expect(try await scene.control("POST", "/alerts/latency/mute", "{\"seconds\":60}").status == 200)
        #expect(try await scene.control("POST", "/alerts/latency/mute", "{}").status == 400)
        #expect(try program.run(["alerts", "ack", "key_refused:ONE_KEY"]).code == 1)
        #expect(try program.run(["alerts", "mute", "success", "--for", "2h"]).out == "success is muted\n")
        #expect(try program.run(["alerts", "mute", "success", "--for", "8d"]).code == 64)
        let list = try program.run(["alerts", "list"]).out
        #expect(list.contains("acknowledged") && list.contains("muted until"))
    }

    @Test func aRunningEngineForgetsWhatIsPurged() async throws {
        try await serve("  cache: { ttl: 1h }") { scene in
            for _ in 0..<3 { #expect(try await scene.ask().status == 200) }
            func stats() throws -> String { try scene.program.run(["cache", "stats"]).out }
            try await wait(for: "two hits in \(stats())") {
                try stats().contains("2 hits, 0 joined, 0 stale; 1 miss")
            }
            #expect(try stats().contains("1 stored answer,"))
            #expect(
                try scene.program.run(["cache", "purge", "--feature", "other"]).out == "0 stored answers deleted\n"
            )
            let other = scene.program.folder.appendingPathComponent("other.db").path
            #expect(try scene.program.run(["cache", "purge", "--db", other]).err.contains("there is no database"))
            #expect(try scene.program.run(["cache", "purge"]).out == "1 stored answer deleted\n")
            #expect(try await scene.ask().status == 200)
            try await wait(for: "a miss") { try stats().contains("2 hits, 0 joined, 0 stale; 2 misses") }
        }
    }

    @Test func aCollectorGetsOneRecordARequestAndNoPrompt() async throws {
        let collector = try Receiver([.answer(503)])
        defer { collector.stop() }
        let export =
            "  exports: [{ type: langfuse, host: \"\(collector.url(""))\", public_key: pk-lf-1, secret_key: os.environ/LANGFUSE_KEY }]"
        try await serve(export) { scene in
            for _ in 0..<5 { #expect(try await scene.ask().status == 200) }
            func spans() -> Int { collector.taken.reduce(0) { $0 + $1.body.matches(of: /"spanId"/).count } }
            try await wait(for: "five spans") { spans() >= 5 }
            #expect(spans() == 5)
            let bodies = collector.received.map(\.body).joined()
            #expect(!bodies.contains(Self.prompt) && !bodies.contains("Yes.") && !bodies.contains("sk-"))
            #expect(Set(bodies.matches(of: /"spanId":"([0-9a-f]+)"/).map { String($0.1) }).count == 5)
            try await figures(scene)
            try await maintenance(scene)
        }
    }

    private func figures(_ scene: Scene) async throws {
        let worker = try await scene.call("GET", "/sw.js")
        #expect(worker.status == 200 && worker.text.contains("x-nines-offline-copy"))
        let metrics = try await scene.call("GET", "/metrics")
        #expect(metrics.status == 200)
        let lines = metrics.text.split(separator: "\n")
        for expected in [
            "# TYPE nines_requests_total counter",
            "nines_requests_total{tenant=\"default\",feature=\"default\",group=\"assistant\",provider=\"openai\",outcome=\"complete\",served_from=\"provider\"} 5",
            "nines_request_latency_seconds_bucket{group=\"assistant\",le=\"2.5\"} 5", "nines_failovers_total 1",
            "nines_alerts_firing{severity=\"page\"} 1", "nines_sink_up{sink=\"langfuse\"} 1",
            "nines_deliveries_total{sink=\"langfuse\",result=\"delivered\"} 5",
            "nines_sli_success_ratio{window=\"30d\"} 1",
        ] {
            #expect(lines.contains { $0 == expected }, "\(expected) in\n\(metrics.text)")
        }
        #expect(lines.contains { $0.hasPrefix("nines_deployment_up") && $0.hasSuffix(" 0") })
        #expect(lines.contains { $0.contains("result=\"credential\"") && $0.hasSuffix(" 1") })
        #expect(try await scene.call("POST", "/metrics").status == 405)
        let rows = try scene.program.run(["export"]).out.split(separator: "\r\n")
        #expect(rows.count == 6)
        let status = try scene.program.run(["status"]).out
        #expect(status.contains("n 5") && status.contains("sink      langfuse  ok, 0 waiting"))
    }

    /// Declared by one program, seen by the other.
    private func maintenance(_ scene: Scene) async throws {
        let added = try scene.program.run(["maintenance", "add", "--from", "+1s", "--to", "+10m", "--reason", "move"])
        #expect(added.code == 0, "\(added.err)")
        try await wait(for: "a request that maintenance excludes") {
            #expect(try await scene.ask().status == 200)
            let rows = try scene.program.run(["export", "--since", "1m"]).out
            return rows.contains(String(added.out.prefix { $0 != ":" }))
        }
    }

    // MARK: alerts test

    @Test func aTestTellsWhatEachPagerDid() throws {
        let good = try Receiver([])
        let wrong = try Receiver { _, request in .answer(401, body: "no such token T0KEN-OF-THE-HOOK") }
        defer {
            good.stop()
            wrong.stop()
        }
        let program = try Program()
        defer { program.close() }
        let config = """
            \(CommandTests.goodConfig)
            nines:
              pagers:
                - { type: webhook, url: "\(good.url("/hook"))" }
                - { type: ntfy, url: "\(wrong.url("/T0KEN-OF-THE-HOOK"))" }
                - { type: terminal }
            """
        try Data(config.utf8).write(to: program.folder.appendingPathComponent("nines.yaml"))
        let test = try program.run(["alerts", "test"])
        #expect(test.code == 1)
        let lines = test.out.split(separator: "\n")
        #expect(lines.count == 5, "\(test.out)")
        for (line, name) in zip(lines, ["fired", "no data", "resolved"]) {
            #expect(line.hasPrefix("webhook") && line.contains("\(name)") && line.contains("delivered, "))
        }
        #expect(lines.contains { $0.hasPrefix("ntfy") && $0.contains("fired") && $0.contains("not delivered: 401") })
        #expect(!(test.out + test.err).contains("T0KEN"))
        #expect(test.err.contains("ntfy did not take the test"))
        #expect(good.taken.count == 3 && wrong.received.count == 1)
        #expect(good.taken.allSatisfy { $0.body.contains("[TEST]") })
        #expect(try program.run(["alerts", "test", "webhook"]).code == 0)
        #expect(try program.run(["alerts", "test", "slack"]).err.contains("the config has webhook, ntfy, terminal"))
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("nines").path))
    }
}
