import Foundation
import SLO
import Storage
import Testing

/// Commands that read the ledger, without an engine.
struct LedgerCommandTests {
    private static let now = Int64(Date().timeIntervalSince1970 * 1_000)

    /// A program with a config and a ledger of so many requests, the first of which were lost.
    private func with(
        requests: Int = 1_000,
        lost: Int = 0,
        _ prepare: (Ledger) throws -> Void = { _ in },
        _ body: (Program) throws -> Void
    ) async throws {
        let program = try Program()
        defer { program.close() }
        try Data(CommandTests.goodConfig.utf8).write(to: program.folder.appendingPathComponent("nines.yaml"))
        let path = program.folder.appendingPathComponent("nines/nines.db").path
        let ledger = try Ledger.open(path: path, objectives: Objectives())
        for number in 0..<requests { ledger.record(Self.request(number, isLost: number < lost)) }
        try prepare(ledger)
        try await ledger.flush()
        try body(program)
    }

    private static func request(_ number: Int, isLost: Bool) -> RequestRecord {
        var record = RequestRecord(id: "req_\(number)", at: now - 3_600_000 + Int64(number))
        record.tenant = number.isMultiple(of: 2) ? "acme" : "globex"
        record.feature = "summarise, \"all\""
        record.group = "assistant"
        record.attempts = 1
        record.totalMicros = 400_000
        record.tags = ["beta", "=1+1"]
        if isLost {
            (record.outcome, record.status, record.good) = (.lost, 503, false)
            record.error = "nobody answered"
        } else {
            (record.deployment, record.provider) = ("one", "openai")
            (record.latencyMicros, record.cost) = (400_000, 2_000_000)
            (record.tokensIn, record.tokensOut) = (100, 20)
        }
        return record
    }

    // MARK: cache

    @Test func theCacheIsCountedAndPurgedWithoutAnEngine() async throws {
        func prepare(_ ledger: Ledger) throws {
            for (key, tenant) in [(1, "acme"), (2, "globex"), (3, "globex")] as [(UInt8, String)] {
                let body = [UInt8](repeating: 0, count: 1_000)
                ledger.store(
                    CacheEntry(key: [key], tenant: tenant, feature: "chat", created: Self.now, ttl: 1, body: body)
                )
            }
            var record = Self.request(2_000, isLost: false)
            (record.cache, record.cost, record.deployment, record.latencyMicros) = (.hit, 0, nil, nil)
            (record.avoidedCost, record.avoidedMicros) = (2_000_000, 399_000)
            ledger.record(record)
            record = Self.request(2_001, isLost: false)
            record.cacheWhy = "tools"
            ledger.record(record)
            for id in ["req_waits", "req_done"] {
                let request = DeferredRequest(
                    id: id,
                    tenant: "acme",
                    feature: "chat",
                    at: Self.now,
                    expires: Self.now + 86_400_000,
                    path: "/v1/chat/completions",
                    body: []
                )
                _ = try ledger.deferRequest(request)
                var record = Self.request(2_002, isLost: true)
                record.id = id
                ledger.record(record)
            }
            let headers = #"{"x-nines-request-id":"req_2000"}"#
            try ledger.finishDeferred(id: "req_done", status: 200, headers: headers, body: [])
        }
        try await with(requests: 10, prepare) { program in
            let stats = try program.run(["cache", "stats"]).out
            #expect(stats.contains("3 stored answers, 3.6 KB of 512.0 MB"), "\(stats)")
            // The config has no cache, but there was one when that was answered.
            #expect(stats.contains("1 hit, 0 joined, 0 stale"), "\(stats)")
            #expect(try program.run(["cache", "purge", "--tenant", "globex"]).out == "2 stored answers deleted\n")
            let document = try program.run(["cache", "stats", "--json"]).out
            #expect(document.contains("\"entries\" : 1"), "\(document)")
            #expect(try program.run(["cache", "deferred"]).out.contains("req_waits"))
            let hit = try program.run(["explain", "req_2000"]).out
            #expect(hit.contains("the cache") && hit.contains("hit; saved $0.0020 and 0.40 s"), "\(hit)")
            #expect(try program.run(["explain", "req_2001"]).out.contains("off, not asked: tools"))
            // One that was put off is lost in the ledger; what came of it stands beside that.
            for (id, text) in [("req_waits", "waiting, not sent yet"), ("req_done", "answered with 200 at")] {
                let explained = try program.run(["explain", id]).out
                #expect(explained.contains("lost") && explained.contains(text), "\(explained)")
            }
            #expect(try program.run(["explain", "req_done"]).out.contains("by req_2000"))
        }
    }

    // MARK: status

    @Test func statusNeedsNoEngine() async throws {
        try await with(lost: 3) { program in
            let text = try program.run(["status"]).out
            #expect(text.contains("mode      LIVE  no engine of this config runs"))
            #expect(text.contains("window    30d, 1000 requests"))
            #expect(text.contains("success   99.70 %   OK       target 99.50 %, lost 3, saved 0, n 1000"))
            #expect(text.contains("budget    40.00 %"))
            #expect(text.contains("burn      5m -  1h"))
            #expect(text.contains("spent by  provider no route 100.00 % (3)"))
            #expect(text.contains("policy    caution: "))
            let line = try program.run(["status", "--line"]).out
            #expect(line.hasPrefix("mode=live  p95=0.4") && line.split(separator: "\n").count == 1)
            let part = try program.run(["status", "--tenant", "acme", "--window", "2h", "--json"])
            let document = try #require(try JSONSerialization.jsonObject(with: Data(part.out.utf8)) as? [String: Any])
            #expect(document["requests"] as? Int == 500)
            #expect(document["window_seconds"] as? Int == 7_200)
            #expect(document["part"] as? String == "tenant acme")
            #expect((document["engine"] as? [String: Any])?["running"] as? Bool == false)
            #expect((document["success"] as? [String: Any])?["lost"] as? Int == 2)
            #expect((document["cost"] as? [String: Any])?["per_request_usd"] as? Double == 0.002)
        }
    }

    @Test func theFileAloneIsEnough() async throws {
        try await with(lost: 3) { program in
            try FileManager.default.removeItem(at: program.folder.appendingPathComponent("nines.yaml"))
            let database = ["--db", "nines/nines.db"]
            #expect(try program.run(["status"] + database).out.contains("n 1000"))
            #expect(try program.run(["gate"] + database).code == 0)
            #expect(try program.run(["alerts", "list"] + database).code == 0)
            #expect(try program.run(["export"] + database).out.split(separator: "\r\n").count == 1_001)
        }
    }

    // MARK: gate

    /// Lost of 1,000, of which five spend the budget; exit code; how the answer begins.
    static let gates: [(Int, Int32, String)] = [
        (0, 0, "open: 100.0 % of the error budget left"), (4, 0, "open, with caution: 20.0 % of the error budget left"),
        (5, 3, "frozen: 0.0 % of the error budget left"), (9, 3, "frozen: -80.0 % of the error budget left"),
    ]

    @Test("the gate", arguments: gates)
    func gate(lost: Int, code: Int32, text: String) async throws {
        try await with(lost: lost) { program in
            let gate = try program.run(["gate"])
            #expect(gate.code == code)
            #expect(gate.out.hasPrefix(text), "\(gate.out)")
            let json = try program.run(["gate", "--json"])
            #expect(json.code == code && json.out.contains("\"open\" : \(code == 0)"))
        }
    }

    @Test func aDrillFreezes() async throws {
        let drill = DrillRow(id: "drl_1", started: Self.now, title: "revoke the key", state: "running")
        try await with({ try $0.save(drill) }) { program in
            let gate = try program.run(["gate"])
            #expect(gate.code == 3)
            #expect(gate.out.hasPrefix("frozen: drill running: drl_1"))
        }
    }

    @Test func whereNothingWasServedNothingIsFrozen() throws {
        let program = try Program()
        defer { program.close() }
        _ = try program.run(["init"])
        let gate = try program.run(["gate"])
        #expect(gate.code == 0 && gate.out == "open: no requests yet\n")
        #expect(gate.err.contains("there is no database"))
        let status = try program.run(["status"])
        #expect(status.code == 0 && status.out.contains("NO DATA"))
        #expect(try program.run(["gate", "--db", "elsewhere.db"]).code == 1)
        #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("nines").path))
    }

    // MARK: maintenance

    @Test func maintenanceIsDeclaredListedAndCancelled() async throws {
        try await with { program in
            let added = try program.run(
                ["maintenance", "add", "--from", "+10m", "--to", "+2h", "--reason", "database move"]
            )
            #expect(added.code == 0, "\(added.err)")
            let id = String(added.out.prefix { $0 != ":" })
            let listed = try program.run(["maintenance", "list"]).out
            #expect(listed.contains(id) && listed.contains("declared") && listed.contains("database move"))
            #expect(try program.run(["status"]).out.contains("database move"))
            #expect(try program.run(["maintenance", "cancel", id]).code == 0)
            #expect(try program.run(["maintenance", "list", "--json"]).out.contains("\"state\" : \"cancelled\""))
            #expect(try program.run(["maintenance", "cancel", id]).code == 1)
            #expect(!(try program.run(["status"]).out.contains("database move")))
        }
    }

    /// Start, end, reason; exit code; what the refusal says.
    static let refusals: [(String, String, String, Int32, String)] = [
        ("2020-01-31T22:00Z", "+1h", "late", 1, "before it begins"), ("+1h", "+5h", "long", 1, "4 h at most"),
        ("2999-01-01", "+1h", "far", 1, "a year ahead"), ("+1h", "+0m", "short", 1, "end after it begins"),
        ("+1h", "+1h", " ", 1, "needs a reason"), ("tomorrow", "+1h", "words", 64, "--from 'tomorrow'"),
        ("+1h", "2027-02-30T10:00Z", "date", 64, "--to"), ("+1h", "2027-02-20T24:30Z", "hour", 64, "--to"),
    ]

    @Test("a refused window", arguments: refusals)
    func refusal(from: String, to: String, reason: String, code: Int32, text: String) throws {
        let program = try Program()
        defer { program.close() }
        _ = try program.run(["init"])
        let result = try program.run(["maintenance", "add", "--from", from, "--to", to, "--reason", reason])
        #expect(result.code == code)
        #expect(result.err.contains(text), "\(result.err)")
    }

    /// The same moment, written in different ways.
    @Test(arguments: ["T22:00Z", "T22:00", "T22:00:00Z", "T23:30:00+01:30", "T17:00-05:00"])
    func timesAreISO8601(text: String) throws {
        let program = try Program()
        defer { program.close() }
        _ = try program.run(["init"])
        let day = Date(timeIntervalSinceNow: 5 * 86_400).formatted(.iso8601.year().month().day())
        let result = try program.run(["maintenance", "add", "--from", day + text, "--to", "+1h", "--reason", "move"])
        #expect(result.out.contains("\(day)T22:00:00Z to \(day)T23:00:00Z"), "\(result.out)\(result.err)")
    }

    // MARK: export

    @Test func exportHasEveryRowAndTag() async throws {
        // More than one page.
        try await with(requests: 2_500, lost: 1) { program in
            let lines = try program.run(["export"]).out.split(separator: "\r\n")
            #expect(lines.count == 2_501)
            #expect(lines[0].hasPrefix("id,time,tenant,feature,model_group,provider,"))
            #expect(
                lines[2].hasPrefix("req_1,")
                    && lines[2].contains(",globex,\"summarise, \"\"all\"\"\",assistant,openai,")
            )
            #expect(lines[2].contains(",100,20,") && lines[2].contains(",0.002,"))
            let json = try program.run(["export", "--format", "json", "--tenant", "acme", "-o", "rows.json"])
            #expect(json.code == 0 && json.out.isEmpty)
            let file = program.folder.appendingPathComponent("rows.json")
            let rows = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]]
            )
            #expect(rows.count == 1_250)
            #expect(rows[0]["outcome"] as? String == "lost" && rows[0]["cost_usd"] is NSNull)
            #expect(rows[1]["tokens_in"] as? Int == 100 && rows[1]["tags"] as? String == "beta,=1+1")
            #expect(try program.run(["export", "--since", "5m"]).out.split(separator: "\r\n").count == 1)
            #expect(try program.run(["export", "--since", "soon"]).code == 64)
            #expect(try program.run(["export", "-o", "/dev/null/rows"]).code == 1)
        }
    }

    @Test func theObjectivesAreOpenSLO() async throws {
        try await with { program in
            let text = try program.run(["export", "--since", "30d", "--format", "openslo"]).out
            #expect(text.contains("apiVersion: \"openslo/v1\"") && text.contains("target: 0.995"))
            #expect(text.contains("FROM sli_day"))
        }
    }
}
