import Console
import Engine
import NIOCore
import NIOPosix
import Routing
import SLO
import Settings
import Simulator
import Storage
import Testing
import Upstream

/// A client that leaves, in each phase: the attempt is cancelled at once, and what it cost is booked.
struct DepartureTests {
    /// What keeps the request in its phase, and whether it is streamed.
    static let phases: [(ProviderFault, Bool)] = [
        (.hang, false), (.hang, true), (.hangAfterHeaders, true), (.roleDeltaThenSilence, true),
    ]

    @Test("before content", arguments: phases)
    func beforeContent(fault: ProviderFault, stream: Bool) async throws {
        var plan = House.Plan()
        // Whoever waits for longer than that has seen a failure.
        plan.adjust = { $0.objectives.latencyP95 = .seconds(60) }
        try await House.with(plan) { house in
            house.primary.inject(fault)
            let request = house.open(stream: stream)
            try await house.until { house.primary.callCount == 1 }
            request.cancel()
            try await house.until { house.primary.calls.first?.ending == .peerHungUp }
            let record = try await house.onlyRecord()
            #expect(record.outcome == .cancelled && !record.valid)
            // The provider has read the prompt, at least.
            #expect(record.cost ?? 0 > 0 && record.costIsEstimated)
            #expect(house.secondary.callCount == 0)
            #expect(house.engine.snapshot().providers.allSatisfy { $0.breaker == "closed" })
        }
    }

    /// Connected, but the handshake never ends: nothing was sent, and nothing is billed.
    @Test func whileConnecting() async throws {
        let accepted = AsyncStream.makeStream(of: Void.self)
        let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                accepted.continuation.yield()
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        var plan = House.Plan()
        plan.connectTimeout = .seconds(60)
        plan.primaryURL = "https://127.0.0.1:\(silent.localAddress?.port ?? 0)/v1"
        try await House.with(plan) { house in
            let request = house.open(stream: true)
            for await _ in accepted.stream { break }
            request.cancel()
            let record = try await house.onlyRecord()
            #expect(record.outcome == .cancelled && record.cost == 0 && !record.costIsEstimated)
        }
        try await silent.close()
    }

    @Test func midStream() async throws {
        try await House.with(House.Plan(latency: ClientTests.pace)) { house in
            let request = house.open(stream: true)
            try await ClientTests.readContent(of: request)
            request.cancel()
            try await house.until { house.primary.calls.first?.ending == .peerHungUp }
            let record = try await house.onlyRecord()
            #expect(record.outcome == .cancelled && record.valid && record.good)
            #expect(record.cost ?? 0 > 0 && record.costIsEstimated && record.tokensOut ?? 0 > 0)
        }
    }

    /// Both ask to come back in a few seconds, and the client has gone by then.
    @Test func duringAWait() async throws {
        try await House.with { house in
            for provider in [house.primary, house.secondary] { provider.inject(.rateLimited(retryAfter: 10)) }
            let request = house.open(stream: true)
            try await house.until { house.secondary.callCount == 1 }
            let left = ContinuousClock.now
            request.cancel()
            let record = try await house.onlyRecord()
            #expect(record.outcome == .cancelled && record.cost == 0)
            #expect(ContinuousClock.now - left < .milliseconds(8_500), "it was noticed only when the wait was over")
            #expect(house.primary.callCount == 1)
        }
    }

    @Test func duringAHedge() async throws {
        var plan = House.Plan()
        plan.adjust = { $0.policy.hedgeAfter = .milliseconds(20) }
        try await House.with(plan) { house in
            for provider in [house.primary, house.secondary] { provider.inject(.hang) }
            let request = house.open(stream: true)
            try await house.until { house.secondary.callCount == 1 }
            request.cancel()
            for provider in [house.primary, house.secondary] {
                try await house.until { provider.calls.first?.ending == .peerHungUp }
            }
            let record = try await house.onlyRecord()
            #expect(record.outcome == .cancelled && record.attempts == 2)
            #expect(record.attemptRecords.allSatisfy { $0.detail?.contains("booked at") == true })
        }
    }
}
