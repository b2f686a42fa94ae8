import Routing
import Settings
import Testing
import Upstream

/// `GET /metrics`: who may read it, and that made-up names don't make it grow.
struct MetricsTests {
    private static func key(_ name: String) -> Credential { Credential(name: "KEY", secret: Secret(name)) }

    /// Host that is listened on, key that is sent, status.
    @Test(
        "who may read it",
        arguments: [
            ("127.0.0.1", nil, 200), ("::1", nil, 200), ("localhost", "wrong", 200), ("0.0.0.0", nil, 401),
            ("0.0.0.0", "wrong", 401), ("0.0.0.0", "tenant", 401), ("0.0.0.0", "master", 200),
        ] as [(String, String?, Int)]
    )
    func access(host: String, key: String?, status: Int) async throws {
        var plan = House.Plan()
        plan.masterKey = Self.key("master")
        plan.tenants = [NinesConfig.Tenant(id: "acme", key: Self.key("tenant"))]
        plan.adjust = { $0.host = host }
        try await House.with(plan) { house in
            let headers = key.map { [HeaderField("authorization", "Bearer \($0)")] } ?? []
            let reply = try await house.ask(path: "/metrics", method: "GET", headers: headers)
            #expect(reply.status == status)
            #expect(reply.text.contains("nines_build_info") == (status == 200))
            #expect(status != 200 || reply.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        }
    }

    @Test func madeUpNamesAreBounded() async throws {
        try await House.with { house in
            for number in 0..<60 {
                let reply = try await house.ask(headers: [HeaderField("x-nines-feature", "feature-\(number)")])
                #expect(reply.isComplete)
            }
            let text = try await house.ask(path: "/metrics", method: "GET").text
            let rows = text.split(separator: "\n").filter { $0.hasPrefix("nines_requests_total{") }
            #expect(rows.count == 51)
            #expect(rows.contains { $0.contains("feature=\"other\"") && $0.hasSuffix(" 10") })
            #expect(text.contains("nines_attempts_total{deployment=\"one\",provider=\"one\",result=\"success\"} 60"))
        }
    }
}
