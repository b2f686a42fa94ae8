import Console
import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing
import Wire

/// A client that speaks Anthropic's format, with deployments of either.
struct AnthropicClientTests {
    /// The other provider always speaks the other format.
    static let crossings: [(SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format)] = [
        (.openAI, .anthropic), (.anthropic, .openAI),
    ]

    @Test("each format serves, streamed and not", arguments: crossings, [false, true])
    func served(
        formats: (SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format),
        stream: Bool
    ) async throws {
        try await House.with(House.Plan(primaryFormat: formats.0, secondaryFormat: formats.1)) { house in
            let reply = try await house.ask(.messages, stream: stream)
            #expect(reply.isComplete, "\(reply.status) \(reply.text)")
            #expect(reply.text.hasPrefix(stream ? "event: message_start\n" : "{\"id\":\"msg_"), "\(reply.text)")
            #expect(reply.headers["x-nines-deployment"] == "one" && reply.headers["x-nines-failover"] == "false")
            let record = try #require(try await house.record(of: reply))
            #expect(record.format == .anthropic && record.outcome == .complete && !record.costIsEstimated)
            #expect(record.tokensOut == 16 && record.tokensIn ?? 0 > 0 && record.cost ?? 0 > 0)
        }
    }

    @Test("not streamed: complete, and as few attempts as can be", arguments: FailoverTests.faults, crossings)
    func document(
        fault: (ProviderFault, String, Int),
        formats: (SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format)
    ) async throws {
        try await expectRescue(fault, formats, stream: false)
    }

    @Test(
        "streamed: complete, and as few attempts as can be",
        arguments: FailoverTests.faults + FailoverTests.streamFaults,
        crossings
    )
    func stream(
        fault: (ProviderFault, String, Int),
        formats: (SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format)
    ) async throws {
        try await expectRescue(fault, formats, stream: true)
    }

    private func expectRescue(
        _ row: (fault: ProviderFault, kind: String, calls: Int),
        _ formats: (SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format),
        stream: Bool
    ) async throws {
        try await House.with(House.Plan.failing(row.kind, formats)) { house in
            house.primary.inject(row.fault)
            await house.primary.settle()
            let reply = try await house.ask(.messages, stream: stream)
            #expect(reply.isComplete, "\(reply.status) \(reply.text)")
            #expect(reply.headers["x-nines-deployment"] == "two" && reply.headers["x-nines-failover"] == "true")
            #expect(house.primary.callCount == row.calls)
            let record = try #require(try await house.record(of: reply))
            #expect(record.good && record.failedOver)
            // Anthropic's one error event and its 503 are about its load, and its 403 is about the key.
            let own: [ProviderFault: String] = [
                .errorEventFirst: "overloaded", .serverError(status: 503): "overloaded", .forbidden: "permission",
            ]
            let kind = formats.0 == .anthropic ? own[row.fault] ?? row.kind : row.kind
            #expect(record.attemptRecords.first?.failure == kind)
        }
    }

    @Test(
        "after the first content: an error event, no stop reason, no end",
        arguments: [
            ProviderFault.cutAfter(chunks: 3), .cleanEndWithoutFinish(afterChunks: 3),
            .doneWithoutFinish(afterChunks: 3), .errorEventAfter(chunks: 3), .malformedChunkAfter(chunks: 3),
        ],
        crossings
    )
    func broken(
        fault: ProviderFault,
        formats: (SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format)
    ) async throws {
        let plan = House.Plan(latency: House.Plan.slow, primaryFormat: formats.0, secondaryFormat: formats.1)
        try await House.with(plan) { house in
            house.primary.inject(fault)
            let reply = try await house.ask(.messages, stream: true)
            #expect(reply.isToldBroken, "\(reply.text.suffix(600))")
            let events = reply.text.split(separator: "\n\n").map { $0.prefix { $0 != "\n" } }
            #expect(events.first == "event: message_start" && events.last == "event: error", "\(events)")
            #expect(events.count { $0 == "event: error" } == 1)
            let record = try #require(try await house.record(of: reply))
            #expect(record.outcome == .cut && record.costIsEstimated)
        }
    }

    @Test("a client's own fault comes back in Anthropic's shape", arguments: crossings)
    func clientFault(
        formats: (SimulatedProviderConfiguration.Format, SimulatedProviderConfiguration.Format)
    ) async throws {
        try await House.with(House.Plan(primaryFormat: formats.0, secondaryFormat: formats.1)) { house in
            house.primary.inject(.badRequest)
            let reply = try await house.ask(.messages)
            #expect(reply.status == 400 && reply.headers["x-should-retry"] == "false")
            #expect(reply.text.hasPrefix("{\"type\":\"error\",\"error\":{"), "\(reply.text)")
            #expect(reply.text.contains("\"type\":\"invalid_request_error\""))
            #expect(house.secondary.callCount == 0)
        }
    }

    @Test func everyRouteOutSaysWhy() async throws {
        try await House.with(House.Plan(secondaryFormat: .anthropic)) { house in
            house.primary.inject(.revokedKey)
            house.secondary.inject(.overloaded)
            let reply = try await house.ask(.messages)
            #expect(reply.status == 503 && reply.headers["retry-after"] != nil)
            #expect(
                reply.text.hasPrefix("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\""),
                "\(reply.text)"
            )
            #expect(reply.text.contains("\"deployment\":\"one\",\"class\":\"credential\",\"status\":401"))
            #expect(reply.text.contains("\"deployment\":\"two\",\"class\":\"overloaded\",\"status\":529"))
            #expect(!reply.text.contains("sk-"))
        }
    }

    /// Path, method, headers, body; status and what the error says.
    static let refusals: [(path: String, method: String, body: String, status: Int, says: String)] = [
        ("/v1/messages", "POST", "", 400, "invalid_request_error"),
        ("/v1/messages", "POST", "{\"model\":\"assistant\"}", 400, "'messages'"),
        ("/messages", "POST", "{\"model\":\"nope\",\"messages\":[{}]}", 404, "not_found_error"),
        ("/v1/messages", "GET", "", 405, "not allowed"),
        ("/v1/messages", "POST", String(repeating: "x", count: 33 << 20), 413, "request_too_large"),
        ("/v1/messages/count_tokens", "POST", "{\"model\":\"assistant\",\"messages\":[{}]}", 400, "count_tokens"),
        ("/v1/messages/batches", "POST", "{}", 404, "not_found_error"),
        ("/v1/models/nope", "GET", "", 404, "not_found_error"),
    ]

    @Test("what this door refuses has Anthropic's shape", arguments: refusals)
    func refused(row: (path: String, method: String, body: String, status: Int, says: String)) async throws {
        try await House.with { house in
            let reply = try await house.ask(
                body: row.body,
                path: row.path,
                method: row.method,
                headers: [HeaderField("anthropic-version", "2023-06-01")]
            )
            #expect(reply.status == row.status && reply.headers["x-should-retry"] == "false")
            #expect(reply.text.hasPrefix("{\"type\":\"error\",\"error\":{"), "\(reply.text)")
            #expect(reply.text.contains(row.says), "\(reply.text)")
        }
    }

    @Test func keysComeInAnthropicsHeaderToo() async throws {
        let plan = House.Plan(
            tenants: [NinesConfig.Tenant(id: "acme", key: Credential(name: "ACME", secret: Secret("key-acme")))],
            primaryFormat: .anthropic
        )
        try await House.with(plan) { house in
            let wrong = try await house.ask(.messages, headers: [HeaderField("x-api-key", "wrong")])
            #expect(wrong.headers["x-nines-request-id"]?.hasPrefix("req_") == true)
            #expect(wrong.status == 401 && wrong.text.contains("\"type\":\"authentication_error\""))
            for isBypassOn in [false, true] {
                _ = house.engine.perform(.bypass(isBypassOn))
                let reply = try await house.ask(.messages, headers: [HeaderField("x-api-key", "key-acme")])
                #expect(reply.isComplete, "\(reply.text)")
                let record = try #require(try await house.record(of: reply))
                #expect(record.tenant == "acme")
            }
        }
    }

    @Test func modelsAreListedInTheShapeOfTheirReader() async throws {
        try await House.with { house in
            let anthropic = [HeaderField("anthropic-version", "2023-06-01")]
            let list = try await house.ask(path: "/v1/models", method: "GET", headers: anthropic)
            #expect(
                list.text.hasPrefix(
                    "{\"data\":[{\"type\":\"model\",\"id\":\"assistant\",\"display_name\":\"assistant\""
                )
            )
            #expect(list.text.hasSuffix("\"has_more\":false,\"first_id\":\"assistant\",\"last_id\":\"assistant\"}"))
            let model = try await house.ask(path: "/v1/models/assistant", method: "GET", headers: anthropic)
            #expect(model.text.hasPrefix("{\"type\":\"model\",\"id\":\"assistant\""))
        }
    }

    @Test("the bypass is the primary alone", arguments: [false, true])
    func bypass(stream: Bool) async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic)) { house in
            _ = house.engine.perform(.bypass(true))
            let good = try await house.ask(.messages, stream: stream)
            #expect(good.isComplete && good.headers["x-nines-mode"] == "bypass")
            let record = try #require(try await house.record(of: good))
            #expect(record.tokensOut == 16 && record.outcome == .complete)
            house.primary.inject(.revokedKey)
            let refused = try await house.ask(.messages, stream: stream)
            #expect(refused.status == 401 && refused.text.contains("invalid x-api-key"))
        }
    }

    @Test func theBypassRefusesAPrimaryOfTheOtherFormat() async throws {
        try await House.with { house in
            _ = house.engine.perform(.bypass(true))
            let reply = try await house.ask(.messages)
            #expect(reply.status == 400 && reply.text.contains("\"error_code\":\"bypass_format\""), "\(reply.text)")
            #expect(house.primary.callCount == 0)
        }
    }

    @Test func tokensAreCountedByWhomeverCan() async throws {
        try await House.with(House.Plan(secondaryFormat: .anthropic)) { house in
            let reply = try await house.ask(.countTokens)
            #expect(reply.isComplete && reply.headers["x-nines-deployment"] == "two", "\(reply.text)")
            #expect(reply.headers["x-nines-failover"] == "false")
            let record = try #require(try await house.record(of: reply))
            #expect(record.cost == 0 && !record.costIsEstimated)
        }
    }
}
