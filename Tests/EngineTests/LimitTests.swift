import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing
import Wire

/// Whose limits cut what, and who is blamed.
struct LimitTests {
    @Test func aStreamThatSpeaksOutlivesTheAttemptsTimeout() async throws {
        var plan = House.Plan()
        plan.timeout = .milliseconds(1_500)
        plan.latency = LatencyProfile(
            medianFirstToken: .milliseconds(1),
            firstTokenSigma: 0,
            tokensPerSecond: 16,
            medianAnswerTokens: 32,
            answerSigma: 0
        )
        try await House.with(plan) { house in
            let reply = try await house.ask(stream: true)
            #expect(reply.isComplete, "\(reply.text.suffix(300))")
            let record = try #require(try await house.record(of: reply))
            // Longer than the primary's timeout of 1.5 s, or the test shows nothing.
            #expect(record.totalMicros > 1_500_000)
            #expect(record.outcome == .complete)
        }
    }

    /// The primary, its keep-alives closer together than the idle limit, never says anything more.
    @Test(
        "keep-alives alone hold a stream no longer than a whole answer may take",
        arguments: [SimulatedProviderConfiguration.Format.openAI, .anthropic]
    )
    func keepAlivesAfterContent(format: SimulatedProviderConfiguration.Format) async throws {
        var plan = House.Plan(primaryFormat: format, secondaryFormat: format)
        plan.timeout = .seconds(5)
        plan.adjust = { $0.policy.idleTimeout = .seconds(3) }
        try await House.with(plan) { house in
            house.primary.inject(.keepAlivesAfter(chunks: 2))
            let reply = try await house.ask(format == .openAI ? .chat : .messages, stream: true)
            #expect(reply.isToldBroken, "\(reply.text)")
            #expect(try await house.record(of: reply)?.attemptRecords.map(\.failure) == ["mid_stream"])
        }
    }

    @Test("a caller's short limit costs the caller alone", arguments: [false, true])
    func callersLimit(stream: Bool) async throws {
        try await House.with { house in
            for provider in [house.primary, house.secondary] {
                provider.inject(.hang)
                await provider.settle()
            }
            let impatient = try await house.ask(stream: stream, headers: [HeaderField("x-nines-timeout-ms", "50")])
            #expect(impatient.status == 503)
            #expect(impatient.text.contains("deadline_exceeded"))
            for provider in [house.primary, house.secondary] {
                provider.inject(nil)
                await provider.settle()
            }
            let next = try await house.ask(stream: stream)
            #expect(next.headers["x-nines-deployment"] == "one")
        }
    }

    /// All that a caller gives would go to a silent primary: half of it is the secondary's.
    @Test func aShortLimitLeavesTimeForTheSecondary() async throws {
        try await House.with { house in
            house.primary.inject(.hang)
            await house.primary.settle()
            let reply = try await house.ask(headers: [HeaderField("x-nines-timeout-ms", "8000")])
            #expect(reply.isComplete)
            #expect(reply.headers["x-nines-deployment"] == "two")
        }
    }
}
