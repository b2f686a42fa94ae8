/// What went wrong with one attempt, by who must act on it.
///
/// What follows from each stands in the README's fault table.
package enum FailureClass: String, CaseIterable, Sendable, Codable {
    /// The key is refused.
    case credential
    /// The account can't pay, or a spend limit is reached: waiting does not help.
    case billing
    /// Too many requests for now.
    case rateLimited = "rate_limited"
    /// The provider has no room: 503, 529.
    case overloaded
    /// The provider broke: other 5xx.
    case server
    /// The host's name has no address, or nobody accepts connections, or TLS fails.
    case unreachable
    /// The connection broke before a complete answer.
    case reset
    /// Nothing, or no content, within the limit.
    case timeout
    /// The model is unknown or retired there, or the key may not use it.
    case model
    /// The key or the organisation may not do this.
    case permission
    /// The provider does not serve from here, or to here.
    case region
    /// The prompt is longer than the model's window.
    case context
    /// The provider refuses the content.
    case policy
    /// The request is at fault, whoever serves it.
    case request
    /// The deployment's format can't hold this request: nothing was sent.
    case unsupported
    /// Status 200 with an answer that is none: HTML, cut or empty JSON, an empty stream, an error in the body.
    case badAnswer = "bad_answer"
    /// The stream broke after content had reached the client.
    case midStream = "mid_stream"
    /// The client went away.
    case cancelled
}

/// How wide a failure reaches, so that a breaker opens no wider.
package enum BreakerScope: Sendable, Equatable {
    /// `region`: of one provider. `model`: one model with one credential at one address.
    case credential, region, endpoint, model, deployment, none
}

extension FailureClass {
    /// Whether the same deployment is worth one immediate retry.
    package var isRetryable: Bool {
        switch self {
        case .server, .overloaded, .reset, .badAnswer: true
        case .credential, .billing, .rateLimited, .unreachable, .timeout, .model, .permission, .region, .context,
            .policy, .request, .unsupported, .midStream, .cancelled:
            false
        }
    }

    /// Whether any other deployment may do better.
    ///
    /// Not so for `context`, `policy` and `midStream`, which the plan goes on from under conditions of their own.
    package var failsOver: Bool {
        switch self {
        case .credential, .billing, .rateLimited, .overloaded, .server, .unreachable, .reset, .timeout, .model,
            .permission, .region, .unsupported, .badAnswer:
            true
        case .context, .policy, .request, .midStream, .cancelled: false
        }
    }

    package var scope: BreakerScope {
        switch self {
        case .credential, .billing: .credential
        case .region: .region
        case .unreachable: .endpoint
        case .rateLimited, .model: .model
        case .overloaded, .server, .reset, .timeout, .permission, .badAnswer, .midStream: .deployment
        case .context, .policy, .request, .unsupported, .cancelled: .none
        }
    }

    /// Whether one such failure is enough to stop sending requests there.
    package var benchesAtOnce: Bool {
        switch self {
        case .credential, .billing, .rateLimited, .unreachable, .timeout, .model, .permission, .region: true
        case .overloaded, .server, .reset, .badAnswer, .midStream, .context, .policy, .request, .unsupported,
            .cancelled:
            false
        }
    }

    /// Whether the client, not a provider, is at fault: such requests are not valid events of the success SLI.
    package var isClientFault: Bool {
        switch self {
        case .context, .policy, .request, .cancelled: true
        case .credential, .billing, .rateLimited, .overloaded, .server, .unreachable, .reset, .timeout, .model,
            .permission, .region, .unsupported, .badAnswer, .midStream:
            false
        }
    }

    /// Whether time alone may mend it, so that one that is cooling down is worth a try where nobody else is left.
    package var isPassing: Bool {
        switch self {
        case .overloaded, .server, .unreachable, .reset, .timeout, .badAnswer, .midStream: true
        case .credential, .billing, .rateLimited, .model, .permission, .region, .context, .policy, .request,
            .unsupported, .cancelled:
            false
        }
    }
}

/// One failed attempt, as far as the router's decisions go.
package struct AttemptFailure: Error, Equatable, Sendable {
    package var kind: FailureClass
    package var status: Int?
    /// The provider's `retry-after`; nil without one.
    package var retryAfter: Duration?
    /// What it was, for people: one line, without any key.
    package var detail: String

    package init(_ kind: FailureClass, status: Int? = nil, retryAfter: Duration? = nil, detail: String) {
        self.kind = kind
        self.status = status
        self.retryAfter = retryAfter
        self.detail = detail
    }

    /// A `retry-after` up to this is waited for at the same deployment, once: cheaper than another connection and a cold
    /// prompt cache elsewhere.
    package static let briefWait: Duration = .milliseconds(250)

    /// How long to wait for the same deployment; nil where the next one is the better choice.
    var briefWait: Duration? {
        guard kind == .rateLimited, let retryAfter, retryAfter <= Self.briefWait else { return nil }
        return max(retryAfter, .zero)
    }

    var benchesAtOnce: Bool { kind.benchesAtOnce && briefWait == nil }
}
