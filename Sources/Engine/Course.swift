import Routing
import Settings
import Wire

/// One request on its way through deployments: what is asked, of whom, and what is left to try.
struct Course: Sendable {
    let chat: ChatRequest
    var plan: RequestPlan
    let runner: AttemptRunner
    var journey: Journey
    /// The client asked for less time than the config gives.
    let hasOwnLimit: Bool
    /// Content that one deployment refuses is offered to the next.
    let shopsRefusals: Bool
    /// How long Anthropic is asked to keep the stable blocks: `5m`, `1h`; nil leaves the request as it is.
    let cacheLifetime: String?
    /// The answer so far, where it may be continued elsewhere.
    var continuation: ChatContinuation?

    /// The provider's own word on a request that is at fault, should nobody take it.
    var rejection: (answer: WholeAnswer, deployment: Deployment)?

    /// What `deployment` is asked: the client's own request, or to go on with the answer so far.
    func request(for deployment: Deployment) -> ChatRequest {
        let asked = asked(of: deployment)
        guard let limit = journey.terms.outputLimit else { return asked }
        // The limit is the whole answer's.
        let used = continuation?.isContinued == true ? continuation?.usedOutput ?? 0 : 0
        return asked.limitingOutput(to: max(1, limit - used), field: deployment.outputField(of: asked.endpoint))
    }

    private func asked(of deployment: Deployment) -> ChatRequest {
        guard let continuation, continuation.isContinued else { return chat }
        let takesPrefill =
            deployment.format == .anthropic && AnthropicCapabilities.of(model: deployment.model).takesPrefill
        return (try? ChatRequest(continuation.body(of: chat, takesPrefill: takesPrefill))) ?? chat
    }
}

extension NinesConfig {
    /// The limits of that feature, else those of `default`; nil where the file has neither.
    func feature(_ name: String) -> Feature? {
        features.first { $0.name == name } ?? features.first { $0.name == "default" }
    }
}

/// What a course came to.
enum Arrival: Sendable {
    case answer(WholeAnswer, RequestPlan.Attempt)
    case speaking(SpeakingStream, RequestPlan.Attempt)
    /// The provider's own word on a request that is at fault.
    case rejected(WholeAnswer, Deployment)
    case gaveUp(RequestPlan.GiveUp)
    case departed
}

/// One attempt under way.
struct Flight: Sendable {
    let attempt: RequestPlan.Attempt
    let dialect: Dialect
    /// Of its record in the journey.
    let number: Int
    let key: Secret?
    /// What a drill does to it.
    let tampering: Tampering?
    var deployment: Deployment { attempt.deployment }
}

/// An attempt that has ended, or spoken.
struct Landing: Sendable {
    let flight: Flight
    let report: AttemptReport
    /// Another one had spoken already.
    let isOutrun: Bool

    /// Whether nobody else's answer can count any more.
    func decides(shopsRefusals: Bool) -> Bool {
        switch report.result {
        case .answer, .speaking: true
        case .failed(let failure, _):
            failure.kind == .cancelled || failure.kind == .request || failure.kind == .policy && !shopsRefusals
        }
    }
}
