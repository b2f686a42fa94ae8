import Console
import Engine
import Routing
import Simulator
import Storage
import Testing
import Wire

/// Completions, responses and embeddings: the same failover, to whoever speaks them.
struct EndpointTests {
    static let endpoints: [Endpoint] = [.completions, .responses, .embeddings]
    static let streamed: [Endpoint] = [.completions, .responses]

    @Test("served, and the usage is booked", arguments: endpoints, [false, true])
    func served(endpoint: Endpoint, stream: Bool) async throws {
        try await House.with { house in
            let reply = try await house.ask(endpoint, stream: stream)
            #expect(reply.isComplete, "\(reply.status) \(reply.text)")
            #expect(house.primary.calls.last?.path == "/v1\(endpoint.path)")
            let record = try #require(try await house.record(of: reply))
            #expect(record.tokensIn == 3 && record.tokensOut == (endpoint == .embeddings ? 0 : 16))
            #expect(!record.costIsEstimated && record.outcome == .complete)
        }
    }

    @Test("not streamed: complete, and as few attempts as can be", arguments: endpoints, FailoverTests.faults)
    func document(endpoint: Endpoint, fault: (ProviderFault, String, Int)) async throws {
        try await expectRescue(endpoint, fault, stream: false)
    }

    @Test(
        "streamed: complete, and as few attempts as can be",
        arguments: streamed,
        FailoverTests.faults + FailoverTests.streamFaults
    )
    func stream(endpoint: Endpoint, fault: (ProviderFault, String, Int)) async throws {
        try await expectRescue(endpoint, fault, stream: true)
    }

    private func expectRescue(
        _ endpoint: Endpoint,
        _ row: (fault: ProviderFault, kind: String, calls: Int),
        stream: Bool
    ) async throws {
        try await House.with(House.Plan.failing(row.kind)) { house in
            house.primary.inject(row.fault)
            await house.primary.settle()
            let reply = try await house.ask(endpoint, stream: stream)
            #expect(reply.isComplete, "\(reply.status) \(reply.text)")
            #expect(reply.headers["x-nines-deployment"] == "two")
            #expect(house.primary.callCount == row.calls)
            let record = try #require(try await house.record(of: reply))
            #expect(record.attemptRecords.first?.failure == row.kind)
        }
    }

    @Test(
        "after the first content: an error event, and no regular end",
        arguments: streamed,
        [
            ProviderFault.cutAfter(chunks: 3), .cleanEndWithoutFinish(afterChunks: 3), .errorEventAfter(chunks: 3),
            .malformedChunkAfter(chunks: 3),
        ]
    )
    func broken(endpoint: Endpoint, fault: ProviderFault) async throws {
        try await House.with(House.Plan(latency: House.Plan.slow)) { house in
            house.primary.inject(fault)
            let reply = try await house.ask(endpoint, stream: true)
            #expect(reply.isToldBroken, "\(reply.text.suffix(600))")
            if endpoint == .responses {
                // Four events open it, three have content.
                #expect(reply.text.contains("event: error\ndata: {\"type\":\"error\",\"sequence_number\":7,"))
            }
        }
    }

    @Test("a deployment of another format is no choice", arguments: endpoints)
    func skipped(endpoint: Endpoint) async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic)) { house in
            let reply = try await house.ask(endpoint)
            #expect(reply.isComplete && reply.headers["x-nines-deployment"] == "two")
            #expect(reply.headers["x-nines-failover"] == "false")
            #expect(house.primary.callCount == 0)
        }
    }

    @Test("where nobody speaks it, the client is told", arguments: endpoints)
    func unspoken(endpoint: Endpoint) async throws {
        try await House.with(House.Plan(primaryFormat: .anthropic, secondaryFormat: .anthropic)) { house in
            let reply = try await house.ask(endpoint)
            #expect(reply.status == 400 && reply.text.contains("/v1\(endpoint.path)"), "\(reply.text)")
            #expect(reply.text.contains("unsupported_by_deployment"))
        }
    }

    @Test("a provider without that path is passed over and stays in service", arguments: endpoints)
    func unserved(endpoint: Endpoint) async throws {
        try await House.with { house in
            house.primary.inject(.pathNotFound)
            let reply = try await house.ask(endpoint)
            #expect(reply.isComplete && reply.headers["x-nines-deployment"] == "two")
            let record = try #require(try await house.record(of: reply))
            #expect(record.attemptRecords.first?.failure == "unsupported" && !record.failedOver)
            #expect(house.engine.snapshot().providers.first?.breaker == "closed")
            house.secondary.inject(.pathNotFound)
            let none = try await house.ask(endpoint)
            #expect(none.status == 400 && none.text.contains("/v1\(endpoint.path) is not served"), "\(none.text)")
        }
    }

    @Test("the bypass reaches them too", arguments: endpoints)
    func bypass(endpoint: Endpoint) async throws {
        try await House.with { house in
            _ = house.engine.perform(.bypass(true))
            let reply = try await house.ask(endpoint, stream: true)
            #expect(reply.isComplete && reply.headers["x-nines-mode"] == "bypass")
        }
    }
}
