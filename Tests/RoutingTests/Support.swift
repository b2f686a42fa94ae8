@testable import Routing

func deployment(
    _ id: String,
    order: Int? = nil,
    weight: Double? = nil,
    key: String? = nil,
    base: String? = nil,
    retries: Int? = nil,
    cooldown: Duration? = nil,
    window: Int? = nil,
    region: String? = nil
) -> Deployment {
    Deployment(
        id: DeploymentID(id),
        provider: "openai",
        format: .openAI,
        model: "m",
        apiBase: base ?? "https://\(id).test/v1",
        credential: Credential(name: key ?? "KEY_\(id)", secret: Secret("s")),
        order: order,
        weight: weight,
        numRetries: retries,
        cooldown: cooldown,
        contextWindow: window,
        region: region
    )
}

func failure(_ kind: FailureClass, retryAfter: Duration? = nil) -> AttemptFailure {
    AttemptFailure(kind, retryAfter: retryAfter, detail: "test")
}

extension FailureClass {
    /// Classes that an attempt can end with before content, each with another deployment to go to.
    static let failingOver = allCases.filter(\.failsOver)
}
