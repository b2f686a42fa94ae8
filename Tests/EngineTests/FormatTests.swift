import Console
import Engine
import Routing
import Simulator
import Storage
import Testing

/// An OpenAI client, a primary that speaks OpenAI's format and a secondary that speaks Anthropic's.
struct FormatTests {
    @Test("a failover into the other format is a whole OpenAI answer", arguments: [false, true])
    func failoverCrossesFormats(stream: Bool) async throws {
        try await House.with(House.Plan(secondaryFormat: .anthropic)) { house in
            house.primary.inject(.revokedKey)
            let reply = try await house.ask(stream: stream)
            #expect(reply.isComplete, "\(reply.status) \(reply.text)")
            #expect(reply.headers["x-nines-deployment"] == "two")
            #expect(reply.headers["x-nines-degraded"] == "max_tokens")
            #expect(reply.text.contains(stream ? "chat.completion.chunk" : "\"chat.completion\""))
            #expect(house.secondary.calls.last?.path == "/v1/messages")
            let record = try #require(try await house.record(of: reply))
            #expect(record.tokensOut ?? 0 > 0 && !record.costIsEstimated)
            #expect(record.degraded == ["max_tokens"])
        }
    }

    @Test(
        "Anthropic's failures are seen for what they are",
        arguments: [
            (ProviderFault.revokedKey, "credential"), (.emptyBalance, "billing"), (.overloaded, "overloaded"),
            (.rateLimited(retryAfter: 30), "rate_limited"), (.modelNotFound, "model"), (.errorEventFirst, "overloaded"),
            (.emptyStream, "bad_answer"), (.html200, "bad_answer"),
        ]
    )
    func failures(fault: ProviderFault, kind: String) async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic)) { house in
            house.primary.inject(fault)
            let reply = try await house.ask(stream: true)
            #expect(reply.isComplete)
            let record = try #require(try await house.record(of: reply))
            #expect(record.attemptRecords.first?.failure == kind)
        }
    }

    @Test(
        "after the first content, a break in the other format is told as one",
        arguments: [
            ProviderFault.cutAfter(chunks: 3), .errorEventAfter(chunks: 3), .cleanEndWithoutFinish(afterChunks: 3),
        ]
    )
    func broken(fault: ProviderFault) async throws {
        try await House.with(House.Plan(latency: House.Plan.slow, primaryFormat: .anthropic)) { house in
            house.primary.inject(fault)
            let reply = try await house.ask(stream: true)
            #expect(reply.text.contains("\"code\":\"stream_interrupted\""))
            #expect(!reply.text.contains("[DONE]") && !reply.text.contains("\"finish_reason\":\"stop\""))
        }
    }

    @Test func aClientsFaultIsToldInTheClientsFormat() async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic)) { house in
            house.primary.inject(.badRequest)
            let reply = try await house.ask()
            #expect(reply.status == 400)
            #expect(reply.text.hasPrefix("{\"error\":{"), "\(reply.text)")
        }
    }

    @Test func aRequestThatTheFormatCantHoldSkipsTheRoute() async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic)) { house in
            let two = "{\"model\":\"assistant\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            let reply = try await house.ask(body: two)
            #expect(reply.status == 200)
            #expect(reply.headers["x-nines-deployment"] == "two")
            #expect(house.primary.callCount == 0)
            #expect(house.engine.snapshot().providers.first?.breaker == "closed")
        }
    }

    @Test func theBypassRefusesAFormatThatThePrimaryDoesNotSpeak() async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic)) { house in
            _ = house.engine.perform(.bypass(true))
            let reply = try await house.ask()
            #expect(reply.status == 400 && reply.text.contains("bypass_format"))
            #expect(house.primary.callCount == 0)
        }
    }
}
