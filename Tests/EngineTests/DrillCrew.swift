import Console
import Drills
import Engine
import GRDB
import Logging
import NIOPosix
import Testing

@testable import Storage

/// A crew of one at a console: does whatever step is open, while users go on asking.
struct DrillCrew {
    let house: House
    let engine: Engine
    var isStreaming = false
    /// Steps that a test has no time to wait for.
    var skips: Set<String> = [
        "baseline", "success-held", "latency-held", "success-back", "latency-back", "alert-resolved", "acknowledged",
        "alert",
    ]

    init(_ house: House, engine: Engine? = nil) {
        self.house = house
        self.engine = engine ?? house.engine
    }

    /// As after a `kill -9`: an engine that knows nothing but the ledger.
    ///
    /// The ledger as it stands now: the engine before it lives on, and may still write what it was about to.
    static func another(_ house: House) throws -> Engine {
        let ledger = try Ledger.open(path: ":memory:", objectives: house.ledger.objectives)
        try house.ledger.database.backup(to: ledger.database)
        return Engine(
            config: house.engine.config,
            ledger: ledger,
            upstream: house.tap,
            loops: MultiThreadedEventLoopGroup.singleton,
            identity: EngineIdentity(version: "test", startedAt: wallMilliseconds(), listen: ""),
            seed: 1,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    @discardableResult
    func send(_ action: DrillCommand.Action, by: String = "ana") async -> CommandReply {
        await engine.performDrill(DrillCommand(by: by, action))
    }

    func open(_ scenario: String, isCompressed: Bool = false) async throws {
        let reply = await send(.open(scenario: scenario, isCompressed: isCompressed))
        try #require(reply.ok, "\(reply.message)")
    }

    /// Until the step of that id is reached, which what it waits for may have ticked already; nil: until the drill is over.
    func goOn(to id: String? = nil) async throws {
        let order = Script.friday.steps.map(\.id)
        let goal = id.flatMap(order.firstIndex) ?? order.count
        while let drill = engine.snapshot().drill, let step = drill.step, order.firstIndex(of: step.id) ?? 0 < goal {
            if step.id != "roles", drill.crew.contains(where: { $0.name == nil }) { try await takeRoles() }
            switch step.kind {
            case .confirm: try await expect(.confirm(step: step.id, value: answer(step)))
            case .act: try await expect(.act(step: step.id, typed: drill.asksFor ?? ""))
            case .sensed where step.id == "roles": try await takeRoles()
            case .sensed where skips.contains(step.id):
                // It may have come by itself just now.
                await send(.skip(step: step.id, reason: "no time in a test"))
            case .sensed:
                if drill.wasInduced { _ = try await house.ask(stream: isStreaming) }
                engine.judgeAlerts()
                await engine.lookAtDrill()
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private func takeRoles() async throws {
        for role in ["lead", "operator", "scribe"] { try await expect(.assign(role: role, to: "ana")) }
    }

    private func answer(_ step: EngineSnapshot.DrillView.Step) -> String {
        switch step.answer {
        case .nothing: ""
        case .text: "as expected"
        case .number: "4"
        case .choice: step.choices.first ?? ""
        }
    }

    private func expect(_ action: DrillCommand.Action) async throws {
        let reply = await send(action)
        try #require(reply.ok, "\(action): \(reply.message)")
    }
}
