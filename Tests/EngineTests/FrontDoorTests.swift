import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing

struct FrontDoorTests {
    /// Body, status, and what the error names.
    static let badBodies: [(String, Int, String)] = [
        ("", 400, "empty"),
        ("not json", 400, "not valid JSON"),
        ("[1,2]", 400, "a JSON object"),
        ("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", 400, "'model'"),
        ("{\"model\":\"assistant\"}", 400, "'messages'"),
        ("{\"model\":\"assistant\",\"messages\":[{}],\"stream\":\"yes\"}", 400, "'stream'"),
        ("{\"model\":\"nope\",\"messages\":[{}]}", 404, "'nope'"),
    ]

    @Test("a body that is no request is told what is wrong with it", arguments: badBodies)
    func badBody(body: String, status: Int, names: String) async throws {
        try await House.with { house in
            let reply = try await house.ask(body: body)
            #expect(reply.status == status)
            #expect(reply.text.hasPrefix("{\"error\":{\"message\":"))
            #expect(reply.text.contains(names), "\(reply.text)")
            #expect(house.primary.callCount == 0)
        }
    }

    @Test func keysDecideWhoCalls() async throws {
        var plan = House.Plan()
        plan.tenants = [NinesConfig.Tenant(id: "acme", key: Credential(name: "ACME_KEY", secret: Secret("key-acme")))]
        plan.masterKey = Credential(name: "MASTER", secret: Secret("key-master"))
        try await House.with(plan) { house in
            let keyless = try await house.ask()
            #expect(keyless.status == 401)
            let wrong = try await house.ask(headers: [HeaderField("authorization", "Bearer wrong")])
            #expect(wrong.status == 401 && wrong.headers["x-nines-request-id"]?.hasPrefix("req_") == true)
            let tenant = try await house.ask(headers: [
                HeaderField("authorization", "Bearer key-acme"), HeaderField("x-nines-tenant", "somebody-else"),
            ])
            let fixed = try await house.record(of: tenant)
            #expect(fixed?.tenant == "acme")
            let master = try await house.ask(headers: [
                HeaderField("x-api-key", "key-master"), HeaderField("x-nines-tenant", "bolt"),
                HeaderField("x-nines-feature", "chat"),
            ])
            let record = try await house.record(of: master)
            #expect(record?.tenant == "bolt" && record?.feature == "chat")
        }
    }

    /// Method, path, status, and a piece of the answer.
    static let paths: [(String, String, Int, String)] = [
        ("GET", "/v1/models", 200, "\"id\":\"assistant\""),
        ("GET", "/models/assistant", 200, "\"id\":\"assistant\""),
        ("GET", "/v1/models/assist%61nt", 200, "\"id\":\"assistant\""),
        ("GET", "/v1/models/%zz", 404, "model_not_found"),
        ("GET", "/v1/models/nope", 404, "model_not_found"),
        ("POST", "/chat/completions", 200, "\"finish_reason\":\"stop\""),
        ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
        ("POST", "/v1/nothing", 404, "unknown_url"),
        // Without a script of the program's.
        ("GET", "/sw.js", 404, "unknown_url"),
        ("GET", "/health/liveliness", 200, "alive"),
        ("GET", "/health/readiness", 200, "ready"),
    ]

    @Test("each path answers in its own way", arguments: paths)
    func path(method: String, path: String, status: Int, piece: String) async throws {
        try await House.with { house in
            let reply = try await house.ask(path: path, method: method)
            #expect(reply.status == status)
            #expect(reply.text.contains(piece), "\(reply.text)")
        }
    }

    @Test func tooLargeABodyIsRefused() async throws {
        try await House.with { house in
            let reply = try await house.ask(body: String(repeating: "x", count: 33 << 20))
            #expect(reply.status == 413)
            #expect(reply.text.contains("request_too_large"))
        }
    }

    @Test func headersTellTheStory() async throws {
        try await House.with { house in
            let reply = try await house.ask()
            #expect(reply.headers["x-nines-deployment"] == "one")
            #expect(reply.headers["x-nines-provider"] == "one")
            #expect(reply.headers["x-nines-attempts"] == "1")
            #expect(reply.headers["x-nines-failover"] == "false")
            #expect(reply.headers["x-nines-cache"] == "off")
            #expect(reply.headers["x-nines-mode"] == "live")
            #expect(reply.headers["x-nines-cost-usd"]?.hasPrefix("0.0") == true)
            let record = try #require(try await house.record(of: reply))
            #expect(record.cost ?? 0 > 0)
        }
    }

    @Test func drainingRefusesWhatIsNew() async throws {
        try await House.with { house in
            house.engine.drain()
            let reply = try await house.ask()
            #expect(reply.status == 503)
            #expect(reply.text.contains("shutting_down"))
        }
    }
}
