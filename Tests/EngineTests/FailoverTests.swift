import Console
import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing

/// Every failure on a real socket, with the secondary well: the client gets a complete answer and never knows.
struct FailoverTests {
    /// Fault of the primary, its class in the ledger, and how often the primary is asked by the first request.
    static let faults: [(ProviderFault, String, Int)] = [
        (.revokedKey, "credential", 1),
        (.forbidden, "region", 1),
        (.billing, "billing", 1),
        (.emptyBalance, "billing", 1),
        (.quotaExhausted, "billing", 1),
        (.rateLimited(retryAfter: 30), "rate_limited", 1),
        (.rateLimited(retryAfter: nil), "rate_limited", 1),
        (.serverError(status: 500), "server", 2),
        (.serverError(status: 502), "server", 2),
        (.serverError(status: 503), "server", 2),
        (.overloaded, "overloaded", 2),
        (.modelNotFound, "model", 1),
        (.refuseConnections, "unreachable", 0),
        (.reset, "reset", 2),
        (.closeWithoutAnswer, "reset", 2),
        (.hang, "timeout", 1),
        (.emptyBody, "bad_answer", 2),
        (.html200, "bad_answer", 2),
    ]

    static let streamFaults: [(ProviderFault, String, Int)] = [
        (.hangAfterHeaders, "timeout", 1),
        (.roleDeltaThenSilence, "timeout", 1),
        (.slowFirstToken(.seconds(60)), "timeout", 1),
        (.keepAlivesThenAnswer(.seconds(60)), "timeout", 1),
        (.emptyStream, "bad_answer", 2),
        (.errorEventFirst, "server", 2),
        (.cutAfter(chunks: 0), "reset", 2),
        (.malformedChunkAfter(chunks: 0), "bad_answer", 2),
    ]

    @Test("not streamed: complete, and as few attempts as can be", arguments: faults)
    func document(fault: ProviderFault, kind: String, calls: Int) async throws {
        try await expectRescue(fault, kind, calls, stream: false)
    }

    @Test("streamed: complete, and as few attempts as can be", arguments: faults + streamFaults)
    func stream(fault: ProviderFault, kind: String, calls: Int) async throws {
        try await expectRescue(fault, kind, calls, stream: true)
    }

    private func expectRescue(_ fault: ProviderFault, _ kind: String, _ calls: Int, stream: Bool) async throws {
        try await House.with(House.Plan.failing(kind)) { house in
            house.primary.inject(fault)
            await house.primary.settle()
            let reply = try await house.ask(stream: stream)
            #expect(reply.isComplete, "\(reply.status) \(reply.text)")
            #expect(reply.headers["x-nines-deployment"] == "two")
            #expect(reply.headers["x-nines-failover"] == "true")
            #expect(house.primary.callCount == calls)
            let record = try #require(try await house.record(of: reply))
            #expect(record.good && record.failedOver)
            #expect(record.attemptRecords.first?.failure == kind)
            #expect(record.attemptRecords.last?.failure == nil)
        }
    }

    @Test("weights 9 and 1, one retry, no order: the tutorial's config loses nothing", arguments: [false, true])
    func tutorialConfigFailsOver(stream: Bool) async throws {
        try await House.with(House.Plan(isTutorial: true)) { house in
            house.primary.inject(.serverError(status: 503))
            for _ in 0..<12 {
                let reply = try await house.ask(stream: stream)
                #expect(reply.isComplete)
            }
            house.primary.inject(nil)
            house.secondary.inject(.revokedKey)
            let names = try #require(house.engine.config.groups.first).deployments.map(\.id.name)
            for name in names { _ = house.engine.perform(.clearCooldown(deployment: name)) }
            for _ in 0..<12 {
                let reply = try await house.ask(stream: stream)
                #expect(reply.isComplete)
            }
        }
    }

    @Test func revokedKeyIsTriedOnceThenBenched() async throws {
        try await House.with { house in
            house.primary.inject(.revokedKey)
            for _ in 0..<10 {
                let reply = try await house.ask()
                #expect(reply.isComplete)
            }
            #expect(house.primary.callCount == 1)
            #expect(house.secondary.callCount == 10)
            let snapshot = house.engine.snapshot()
            #expect(snapshot.providers.first?.state == .benched)
            #expect(snapshot.events.contains { $0.text.contains("ONE_KEY") && !$0.text.contains("sk-") })
        }
    }

    @Test func oneProbeBringsThePrimaryBack() async throws {
        try await House.with(House.Plan(cooldown: .milliseconds(1))) { house in
            house.primary.inject(.revokedKey)
            _ = try await house.ask()
            house.primary.inject(nil)
            let reply = try await house.ask()
            #expect(reply.headers["x-nines-deployment"] == "one")
            #expect(house.engine.snapshot().providers.first?.state != .benched)
        }
    }

    @Test(
        "a client's own fault is answered by the provider, not shopped around",
        arguments: [
            ProviderFault.badRequest, .contentPolicy, .contextTooLong,
        ]
    )
    func clientFault(fault: ProviderFault) async throws {
        try await House.with { house in
            house.primary.inject(fault)
            let reply = try await house.ask()
            #expect(reply.status == 400)
            #expect(reply.headers["x-should-retry"] == "false")
            #expect(house.secondary.callCount == 0)
            let record = try #require(try await house.record(of: reply))
            #expect(!record.valid)
        }
    }

    @Test func everyRouteOutSaysWhyAndShowsNoKey() async throws {
        try await House.with { house in
            house.primary.inject(.revokedKey)
            house.secondary.inject(.serverError(status: 500))
            let reply = try await house.ask()
            #expect(reply.status == 503)
            #expect(reply.text.contains("\"deployment\":\"one\",\"class\":\"credential\",\"status\":401"))
            #expect(reply.text.contains("\"deployment\":\"two\",\"class\":\"server\",\"status\":500"))
            #expect(!reply.text.contains("sk-"))
            #expect(reply.headers["retry-after"] != nil)
        }
    }

    /// What breaks after content must never look whole.
    @Test(
        "after the first content: an error event, no finish reason, no end mark",
        arguments: [
            ProviderFault.cutAfter(chunks: 3), .cleanEndWithoutFinish(afterChunks: 3),
            .doneWithoutFinish(afterChunks: 3),
            .errorEventAfter(chunks: 3), .malformedChunkAfter(chunks: 3),
        ]
    )
    func brokenStream(fault: ProviderFault) async throws {
        try await House.with(House.Plan(latency: House.Plan.slow)) { house in
            house.primary.inject(fault)
            let reply = try await house.ask(stream: true)
            #expect(reply.status == 200)
            #expect(reply.text.contains("\"code\":\"stream_interrupted\""))
            #expect(!reply.text.contains("[DONE]"))
            #expect(!reply.text.contains("\"finish_reason\":\"stop\""))
            #expect(house.secondary.callCount == 0)
            let record = try #require(try await house.record(of: reply))
            #expect(record.outcome == .cut && record.valid && !record.good && record.costIsEstimated)
        }
    }

    /// Nothing of them can be saved, but the next ones can.
    @Test func aProviderThatCutsEveryStreamIsGivenUp() async throws {
        let pace = LatencyProfile(
            medianFirstToken: .zero,
            firstTokenSigma: 0,
            tokensPerSecond: 20,
            medianAnswerTokens: 16,
            answerSigma: 0
        )
        try await House.with(House.Plan(latency: pace)) { house in
            house.primary.inject(.cutAfter(chunks: 3))
            for _ in 0..<4 {
                let reply = try await house.ask(stream: true)
                #expect(reply.text.contains("stream_interrupted"))
            }
            let reply = try await house.ask(stream: true)
            #expect(reply.isComplete && reply.headers["x-nines-deployment"] == "two")
        }
    }

    @Test func manyStreamsWhileThePrimaryDies() async throws {
        try await House.with(House.Plan(latency: .zero)) { house in
            let replies = try await withThrowingTaskGroup(of: House.Reply.self) { group in
                for number in 0..<100 {
                    if number == 50 { house.primary.inject(.serverError(status: 503)) }
                    group.addTask { try await house.ask(stream: true) }
                }
                var replies: [House.Reply] = []
                for try await reply in group { replies.append(reply) }
                return replies
            }
            #expect(replies.count == 100)
            #expect(replies.count { $0.isComplete } == 100)
        }
    }
}
