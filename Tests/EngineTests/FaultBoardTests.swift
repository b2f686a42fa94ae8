import Console
import Drills
import Engine
import GRDB
import Routing
import Settings
import Simulator
import Testing

@testable import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
struct FaultBoardTests {
    private let one = Deployment(
        id: DeploymentID("one"),
        provider: "one",
        format: .openAI,
        model: "m",
        apiBase: "http://127.0.0.1:1",
        credential: Credential(name: "KEY", secret: Secret("sk-one"))
    )

    private func lease(_ fault: Fault, share: Double = 1) -> Lease {
        Lease(
            drill: "d",
            stage: 0,
            mix: [Scenario.Ingredient(fault, share: share)],
            target: DrillTarget(provider: "one", deployment: "one", credential: "KEY", secondary: "two"),
            length: .seconds(10)
        )
    }

    @Test func aLeaseEndsByTheClockAlone() {
        let board = FaultBoard(seed: 1)
        let now = ContinuousClock.now
        board.put(lease(.modelNotFound), address: nil, until: now + .seconds(10))
        #expect(board.tampering(with: one, now: now + .milliseconds(9_999)) != nil)
        #expect(board.tampering(with: one, now: now + .seconds(10)) == nil)
        #expect(board.left(now + .seconds(10)) == nil)
        board.put(lease(.modelNotFound), address: nil, until: now + .seconds(20))
        board.clear()
        #expect(board.tampering(with: one, now: now) == nil)
    }

    @Test("a share of the attempts is met", arguments: [0.1, 0.25, 0.9])
    func share(share: Double) {
        let board = FaultBoard(seed: 7)
        let now = ContinuousClock.now
        board.put(lease(.status(500), share: share), address: nil, until: now + .seconds(10))
        let met = (0..<2_000).count { _ in board.tampering(with: one, now: now) != nil }
        #expect(abs(Double(met) / 2_000 - share) < 0.04)
    }
}
