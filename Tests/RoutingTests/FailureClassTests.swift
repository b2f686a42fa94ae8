import Testing

@testable import Routing

struct FailureClassTests {
    struct Policy: Sendable, Equatable {
        let retries: Bool
        let failsOver: Bool
        let scope: BreakerScope
        let benchesAtOnce: Bool
        let isClientFault: Bool
        let isPassing: Bool
    }

    /// No `default`: a new class does not compile until somebody decides what follows from it.
    static func policy(of kind: FailureClass) -> Policy {
        func row(
            _ retries: Bool,
            _ failsOver: Bool,
            _ scope: BreakerScope,
            _ atOnce: Bool,
            client: Bool = false,
            passing: Bool
        ) -> Policy {
            Policy(
                retries: retries,
                failsOver: failsOver,
                scope: scope,
                benchesAtOnce: atOnce,
                isClientFault: client,
                isPassing: passing
            )
        }
        return switch kind {
        //                         retry  elsewhere  breaker     at once             mends by itself
        case .credential: row(false, true, .credential, true, passing: false)
        case .billing: row(false, true, .credential, true, passing: false)
        case .rateLimited: row(false, true, .model, true, passing: false)
        case .overloaded: row(true, true, .deployment, false, passing: true)
        case .server: row(true, true, .deployment, false, passing: true)
        case .unreachable: row(false, true, .endpoint, true, passing: true)
        case .reset: row(true, true, .deployment, false, passing: true)
        case .timeout: row(false, true, .deployment, true, passing: true)
        case .model: row(false, true, .model, true, passing: false)
        case .permission: row(false, true, .deployment, true, passing: false)
        case .region: row(false, true, .region, true, passing: false)
        case .unsupported: row(false, true, .none, false, passing: false)
        case .badAnswer: row(true, true, .deployment, false, passing: true)
        case .midStream: row(false, false, .deployment, false, passing: true)
        case .context: row(false, false, .none, false, client: true, passing: false)
        case .policy: row(false, false, .none, false, client: true, passing: false)
        case .request: row(false, false, .none, false, client: true, passing: false)
        case .cancelled: row(false, false, .none, false, client: true, passing: false)
        }
    }

    @Test("what follows from each class", arguments: FailureClass.allCases)
    func table(kind: FailureClass) {
        let seen = Policy(
            retries: kind.isRetryable,
            failsOver: kind.failsOver,
            scope: kind.scope,
            benchesAtOnce: kind.benchesAtOnce,
            isClientFault: kind.isClientFault,
            isPassing: kind.isPassing
        )
        #expect(seen == Self.policy(of: kind))
    }

    /// What one such failure, met where nobody else can do better, is in the error budget, and where the plan goes.
    @Test(
        "what becomes of a request and the budget",
        arguments: [
            // class, another deployment of the same window, one of a larger window, alone
            (.credential, "served", "served", "lost"), (.billing, "served", "served", "lost"),
            (.rateLimited, "served", "served", "lost"), (.overloaded, "served", "served", "lost"),
            (.server, "served", "served", "lost"), (.unreachable, "served", "served", "lost"),
            (.reset, "served", "served", "lost"), (.timeout, "served", "served", "lost"),
            (.model, "served", "served", "lost"), (.permission, "served", "served", "lost"),
            (.region, "served", "served", "lost"), (.badAnswer, "served", "served", "lost"),
            (.unsupported, "served", "served", "lost"), (.context, "not valid", "served", "not valid"),
            (.policy, "not valid", "not valid", "not valid"), (.request, "not valid", "not valid", "not valid"),
            (.cancelled, "not valid", "not valid", "not valid"), (.midStream, "lost", "lost", "lost"),
        ] as [(FailureClass, String, String, String)]
    )
    func budget(kind: FailureClass, alike: String, larger: String, alone: String) {
        let a = deployment("a", order: 1, window: 8_000)
        let others = [deployment("b", window: 8_000), deployment("b", window: 9_000)]
        for (other, expected) in zip([others[0], others[1], nil], [alike, larger, alone]) {
            let group = ModelGroup(name: "g", deployments: [a] + [other].compactMap { $0 })
            var breakers = Breakers()
            let end = serve([group], &breakers, seed: 1, startedAt: .zero) { $0 == "a" ? failure(kind) : nil }
            #expect((end.served != nil ? "served" : end.end?.isRequestFault == true ? "not valid" : "lost") == expected)
        }
    }

    @Test("the classes hang together", arguments: FailureClass.allCases)
    func law(kind: FailureClass) {
        if kind.isRetryable { #expect(kind.failsOver && !kind.benchesAtOnce) }
        if kind.isClientFault { #expect(!kind.failsOver && kind.scope == .none) }
        if kind.benchesAtOnce { #expect(kind.scope != .none && kind.failsOver) }
    }
}
