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
            #expect(try await house.ask().status == 401)
            #expect(try await house.ask(headers: [HeaderField("authorization", "Bearer wrong")]).status == 401)
            let tenant = try await house.ask(headers: [
                HeaderField("authorization", "Bearer key-acme"), HeaderField("x-nines-tenant", "somebody-else"),
            ])
            #expect(try await house.record(of: tenant)?.tenant == "acme")
            let master = try await house.ask(headers: [
                HeaderField("x-api-key", "key-master"), HeaderField("x-nines-tenant", "bolt"),
                HeaderField("x-nines-feature", "chat"),
            ])
            let record = try await house.record(of: master)
            #expect(record?.tenant == "bolt" && record?.feature == "chat")
        }
    }

    @Test func paths() async throws {
        try await House.with { house in
            #expect(try await house.ask(path: "/v1/models", method: "GET").text.contains("\"id\":\"assistant\""))
            #expect(try await house.ask(path: "/models/assistant", method: "GET").status == 200)
            #expect(try await house.ask(path: "/v1/models/nope", method: "GET").status == 404)
            #expect(try await house.ask(path: "/chat/completions").isComplete)
            #expect(try await house.ask(path: "/v1/chat/completions", method: "GET").status == 405)
            #expect(try await house.ask(path: "/v1/nothing").status == 404)
            #expect(try await house.ask(path: "/health/liveliness", method: "GET").status == 200)
            #expect(try await house.ask(path: "/health/readiness", method: "GET").status == 200)
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
            #expect(try await house.record(of: reply)?.cost ?? 0 > 0)
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
