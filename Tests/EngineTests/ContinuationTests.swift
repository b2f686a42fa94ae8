import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing

/// `stream_failure: continue`: a broken answer goes on elsewhere, and reads as one.
struct ContinuationTests {
    private static let pace = LatencyProfile(
        medianFirstToken: .zero,
        firstTokenSigma: 0,
        tokensPerSecond: 20,
        medianAnswerTokens: 16,
        answerSigma: 0
    )

    private static func plan(secondary: SimulatedProviderConfiguration.Format = .openAI) -> House.Plan {
        var plan = House.Plan(latency: pace, secondaryFormat: secondary)
        plan.secondaryLatency = .zero
        plan.adjust = { config in
            var feature = Feature(name: "default")
            feature.streamFailure = .resume
            config.features = [feature]
            config.policy.idleTimeout = .milliseconds(500)
        }
        return plan
    }

    static let faults: [ProviderFault] = [
        .cutAfter(chunks: 3), .cleanEndWithoutFinish(afterChunks: 3), .doneWithoutFinish(afterChunks: 3),
        .errorEventAfter(chunks: 3), .malformedChunkAfter(chunks: 3), .stallAfter(chunks: 3),
    ]

    @Test(
        "one answer, whatever broke it",
        arguments: faults,
        [SimulatedProviderConfiguration.Format.openAI, .anthropic]
    )
    func oneAnswer(fault: ProviderFault, format: SimulatedProviderConfiguration.Format) async throws {
        try await House.with(Self.plan(secondary: format)) { house in
            house.primary.inject(fault)
            let reply = try await house.ask(stream: true)
            #expect(reply.isComplete, "\(reply.text)")
            #expect(!reply.text.contains("\"error\""))
            #expect(values(of: "id", in: reply.text).count == 1, "\(reply.text)")
            #expect(values(of: "model", in: reply.text).count == 1, "\(reply.text)")
            #expect(reply.text.components("\"role\":\"assistant\"") == 1)
            let record = try #require(try await house.record(of: reply))
            #expect(record.outcome == .complete && record.good && record.failedOver)
            #expect(record.degraded.contains("continued"))
            #expect(record.attemptRecords.map(\.failure) == ["mid_stream", nil])
            #expect(record.attemptRecords.map(\.why) == ["first", "continue"])
            #expect(record.costIsEstimated && record.cost ?? 0 > 0)
            #expect(house.secondary.callCount == 1)
        }
    }

    @Test func theRestIsAskedWithWhatIsLeftOfTheFeaturesLimit() async throws {
        var plan = Self.plan()
        let adjust = plan.adjust
        plan.adjust = { config in
            adjust(&config)
            config.features[0].maxOutputTokens = 600
        }
        try await House.with(plan) { house in
            house.primary.inject(.cutAfter(chunks: 3))
            #expect(try await house.ask(stream: true).isComplete)
            let limits = house.tap.sent.map { sent in
                sent.text.split(separator: "_tokens\":").dropFirst().first.flatMap { Int($0.prefix(while: \.isNumber)) }
            }
            #expect(limits.count == 2 && limits[0] == 600)
            let rest = try #require(limits.last ?? nil)
            #expect((1..<600).contains(rest))
        }
    }

    @Test func whereNobodyCanGoOnTheBreakIsTold() async throws {
        try await House.with(Self.plan()) { house in
            house.primary.inject(.cutAfter(chunks: 3))
            house.secondary.inject(.revokedKey)
            let reply = try await house.ask(stream: true)
            #expect(reply.text.contains("\"code\":\"stream_interrupted\""))
            #expect(reply.text.contains("\"deployment\":\"two\",\"class\":\"credential\""))
            #expect(!reply.text.contains("[DONE]") && !reply.text.contains("\"finish_reason\":\"stop\""))
            let record = try #require(try await house.record(of: reply))
            #expect(record.outcome == .cut && !record.degraded.contains("continued"))
            #expect(record.attemptRecords.map(\.failure) == ["mid_stream", "credential"])
        }
    }

    @Test func aFeatureThatDidNotAskGetsTheBreak() async throws {
        var plan = Self.plan()
        plan.adjust = { config in
            var asked = Feature(name: "chat")
            asked.streamFailure = .resume
            config.features = [asked, Feature(name: "default")]
        }
        try await House.with(plan) { house in
            house.primary.inject(.cutAfter(chunks: 3))
            let other = try await house.ask(stream: true)
            #expect(other.text.contains("stream_interrupted"))
            let chat = try await house.ask(stream: true, headers: [HeaderField("x-nines-feature", "chat")])
            #expect(chat.isComplete, "\(chat.text)")
        }
    }

    private func values(of key: String, in text: String) -> Set<Substring> {
        Set(text.split(separator: "\"\(key)\":\"").dropFirst().map { $0.prefix { $0 != "\"" } })
    }
}

extension String {
    /// How often `piece` is in it.
    fileprivate func components(_ piece: String) -> Int { ranges(of: piece).count }
}
