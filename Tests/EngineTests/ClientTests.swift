import Engine
import Routing
import Settings
import Simulator
import Storage
import Testing
import Upstream

/// Many clients at once; one herd after the other, so that other tests keep their time.
@Suite(.serialized)
struct ClientTests {
    /// Slow enough that a stream can be struck while it speaks.
    static let pace = LatencyProfile(
        medianFirstToken: .zero,
        firstTokenSigma: 0,
        tokensPerSecond: 8,
        medianAnswerTokens: 16,
        answerSigma: 0
    )

    /// Reads until the first content is here.
    static func readContent(of exchange: any UpstreamExchange) async throws {
        while let events = try await exchange.next() {
            for case .bytes(let bytes) in events where String(decoding: bytes, as: UTF8.self).contains("\"content\":\"")
            {
                return
            }
        }
    }

    @Test("a refused key is met by one of many who come at once", arguments: [50, 200])
    func herd(count: Int) async throws {
        var plan = House.Plan(cooldown: .seconds(60))
        // Longer than a verdict takes on the busiest machine.
        plan.adjust = { $0.policy.pilotGrace.first = .seconds(30) }
        try await House.with(plan) { house in
            house.primary.inject(.revokedKey)
            let replies = try await ask(count, house)
            #expect(replies.count { $0.isComplete && $0.headers["x-nines-deployment"] == "two" } == count)
            #expect(house.primary.callCount == 1)
        }
    }

    @Test func oneProbeAtATimeAndOneHeals() async throws {
        var plan = House.Plan(cooldown: .milliseconds(1))
        plan.adjust = { $0.policy.failBack = .immediate }
        try await House.with(plan) { house in
            house.primary.inject(.revokedKey)
            _ = try await house.ask()
            for round in 2...4 {
                try await Task.sleep(for: .milliseconds(5))
                _ = try await house.ask()
                #expect(house.primary.callCount == round, "a probe a cooldown")
            }
            house.primary.inject(nil)
            try await Task.sleep(for: .milliseconds(5))
            let probe = try await house.ask()
            #expect(probe.isComplete && probe.headers["x-nines-deployment"] == "one")
            let after = try await ask(20, house)
            #expect(after.count { $0.isComplete && $0.headers["x-nines-deployment"] == "one" } == 20)
        }
    }

    /// Whole, or told that it is not; with `continue`, whole.
    @Test("no stream is lost or garbled when the primary dies", arguments: [Feature.StreamFailure.error, .resume])
    func theyDieTogether(streamFailure: Feature.StreamFailure) async throws {
        var plan = House.Plan(latency: Self.pace)
        plan.secondaryLatency = .zero
        plan.adjust = { config in
            var feature = Feature(name: "default")
            feature.streamFailure = streamFailure
            config.features = [feature]
        }
        try await House.with(plan) { house in
            async let asked = ask(200, house, stream: true)
            // Some have content, some are on their way.
            try await house.until { house.primary.callCount >= 60 }
            try await Task.sleep(for: .milliseconds(500))
            house.primary.inject(.refuseConnections)
            let replies = try await asked
            let whole = replies.count { $0.isComplete && !$0.text.contains("stream_interrupted") }
            let told = replies.count {
                $0.text.contains("stream_interrupted") && !$0.text.contains("[DONE]")
                    && !$0.text.contains("\"finish_reason\":\"stop\"")
            }
            #expect(whole + told == 200)
            #expect(streamFailure == .error ? told > 0 : told == 0, "\(told) of 200 broke off")
            #expect(replies.allSatisfy { reply in reply.text.split(separator: "\n").allSatisfy(isEventLine) })
        }
    }

    @Test func whatIsUnderWayFinishesWhileDraining() async throws {
        try await House.with(House.Plan(latency: Self.pace)) { house in
            async let asked = ask(5, house, stream: true)
            try await house.until { house.primary.callCount == 5 }
            house.engine.drain()
            let refused = try await house.ask()
            #expect(refused.status == 503 && refused.text.contains("shutting_down"))
            let replies = try await asked
            #expect(replies.count { $0.isComplete } == 5)
        }
    }

    private func isEventLine(_ line: Substring) -> Bool {
        line == "data: [DONE]" || line.hasPrefix("data: {") && line.hasSuffix("}")
    }

    private func ask(_ count: Int, _ house: House, stream: Bool = false) async throws -> [House.Reply] {
        try await withThrowingTaskGroup(of: House.Reply.self) { group in
            for _ in 0..<count { group.addTask { try await house.ask(stream: stream) } }
            var replies: [House.Reply] = []
            for try await reply in group { replies.append(reply) }
            return replies
        }
    }
}
