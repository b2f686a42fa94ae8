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
    /// The key, the region or the organisation may not do this.
    case permission
    /// The prompt is longer than the model's window.
    case context
    /// The provider refuses the content.
    case policy
    /// The request is at fault, whoever serves it.
    case request
    /// Status 200 with an answer that is none: HTML, cut or empty JSON, an empty stream, an error in the body.
    case badAnswer = "bad_answer"
    /// The stream broke after content had reached the client.
    case midStream = "mid_stream"
    /// The client went away.
    case cancelled
}

/// How wide a failure reaches, so that a breaker opens no wider.
package enum BreakerScope: Sendable, Equatable {
    case credential, endpoint, deployment, none
}

extension FailureClass {
    /// Whether the same deployment is worth one immediate retry.
    package var isRetryable: Bool {
        switch self {
        case .server, .overloaded, .reset, .badAnswer: true
        case .credential, .billing, .rateLimited, .unreachable, .timeout, .model, .permission, .context, .policy,
            .request,
            .midStream, .cancelled:
            false
        }
    }

    /// Whether another deployment may do better.
    package var failsOver: Bool {
        switch self {
        case .credential, .billing, .rateLimited, .overloaded, .server, .unreachable, .reset, .timeout, .model,
            .permission,
            .badAnswer:
            true
        case .context, .policy, .request, .midStream, .cancelled: false
        }
    }

    package var scope: BreakerScope {
        switch self {
        case .credential, .billing: .credential
        case .unreachable: .endpoint
        case .rateLimited, .overloaded, .server, .reset, .timeout, .model, .permission, .badAnswer, .midStream:
            .deployment
        case .context, .policy, .request, .cancelled: .none
        }
    }

    /// Whether one such failure is enough to stop sending requests there.
    package var benchesAtOnce: Bool {
        switch self {
        case .credential, .billing, .rateLimited, .unreachable, .timeout, .model, .permission: true
        case .overloaded, .server, .reset, .badAnswer, .midStream, .context, .policy, .request, .cancelled: false
        }
    }

    /// Whether the client, not a provider, is at fault: such requests are not valid events of the success SLI.
    package var isClientFault: Bool {
        switch self {
        case .context, .policy, .request, .cancelled: true
        default: false
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
}

/// Sorts an error answer into its class: the provider's code decides before the type, both before the status alone.
///
/// A message is read only under the statuses where providers hide something else behind it, since error texts echo prompts.
package func classify(status: Int, type: String?, code: String?, message: String?) -> FailureClass {
    let code = code?.lowercased() ?? ""
    let type = type?.lowercased() ?? ""
    let text = message?.lowercased() ?? ""
    if let known = classOfCode[code] ?? classOfType[type] { return known }
    if status == 400 || status == 403 || status == 404, let known = classOfText.first(where: { text.contains($0.0) })?.1
    {
        return known
    }
    return classOfStatus(status)
}

private func classOfStatus(_ status: Int) -> FailureClass {
    switch status {
    case 401: .credential
    case 402: .billing
    case 403: .permission
    case 404: .model
    case 408, 504: .timeout
    case 429: .rateLimited
    case 503, 529: .overloaded
    case 500...: .server
    case 300..<400: .badAnswer
    default: .request
    }
}

private let classOfCode: [String: FailureClass] = [
    "invalid_api_key": .credential, "organization_on_hold": .credential, "api_key_invalid": .credential,
    "insufficient_quota": .billing, "credit_balance_exhausted": .billing, "organization_spend_limit_exceeded": .billing,
    "project_spend_limit_exceeded": .billing, "organization_usage_limit_exceeded": .billing,
    "enforced_spend_limit_reached": .billing, "contract_spend_limit_reached": .billing,
    "rate_limit_exceeded": .rateLimited, "slow_down": .rateLimited, "ramp_limit_exceeded": .rateLimited,
    "3505": .overloaded, "server_is_overloaded": .overloaded,
    "context_length_exceeded": .context,
    "model_not_found": .model, "deploymentnotfound": .model, "model_decommissioned": .model,
    "content_policy_violation": .policy, "content_filter": .policy, "invalid_prompt": .policy, "bio_policy": .policy,
    "unsupported_country_region_territory": .permission,
]

private let classOfType: [String: FailureClass] = [
    "insufficient_quota": .billing, "billing_error": .billing, "authentication_error": .credential,
    "permission_error": .permission, "overloaded_error": .overloaded, "rate_limit_error": .rateLimited,
    "timeout_error": .timeout,
]

private let classOfText: [(String, FailureClass)] = [
    ("credit balance is too low", .billing), ("you have reached your specified", .billing),
    ("api key not valid", .credential), ("maximum context length", .context), ("exceeds the context window", .context),
    ("prompt is too long", .context), ("output blocked by content filtering", .policy),
    ("has been decommissioned", .model),
    ("user location is not supported", .permission),
]
