/// Sorts an error answer into its class: the provider's code decides before the type, both before the message, all before
/// the status alone.
///
/// A message is read only under the statuses where providers hide something else behind it. Error texts echo what the
/// client sent, so a class that benches somebody follows only from how a message begins.
///
/// Source: the providers' error pages, as of November 2026.
package func classify(status: Int, type: String?, code: String?, message: String?) -> FailureClass {
    let code = code?.lowercased() ?? ""
    let type = type?.lowercased() ?? ""
    if let known = classOfCode[code] ?? classOfType[type] { return known }
    let text = message?.lowercased() ?? ""
    if status == 400, let known = classOfBeginning.first(where: { text.hasPrefix($0.0) }) { return known.1 }
    if status == 400 || status == 413 || status == 422, let known = classOfText.first(where: { text.contains($0.0) }) {
        return known.1
    }
    return classOfStatus(status)
}

private func classOfStatus(_ status: Int) -> FailureClass {
    switch status {
    // A success that is not 200 has no answer in it.
    case ..<400: .badAnswer
    case 401: .credential
    case 402: .billing
    case 403, 451: .permission
    // Not served there, or not any more.
    case 404, 405, 410: .model
    case 408: .timeout
    // A lock, a wrong connection, a replay, a client that did not leave: nothing that the request could help.
    case 409, 421, 425, 499: .server
    case 429: .rateLimited
    case 503, 529: .overloaded
    case 500...: .server
    default: .request
    }
}

private let classOfCode: [String: FailureClass] = [
    "invalid_api_key": .credential, "organization_on_hold": .credential, "api_key_invalid": .credential,
    "insufficient_quota": .billing, "credit_balance_exhausted": .billing, "organization_spend_limit_exceeded": .billing,
    "project_spend_limit_exceeded": .billing, "organization_usage_limit_exceeded": .billing,
    "enforced_spend_limit_reached": .billing, "contract_spend_limit_reached": .billing,
    "rate_limit_exceeded": .rateLimited, "slow_down": .rateLimited, "ramp_limit_exceeded": .rateLimited,
    "in_flight_budget_exhausted": .rateLimited,
    "3505": .overloaded, "server_is_overloaded": .overloaded, "provider_unavailable": .overloaded,
    "context_length_exceeded": .context,
    "model_not_found": .model, "deploymentnotfound": .model, "model_decommissioned": .model,
    "content_policy_violation": .policy, "content_filter": .policy, "invalid_prompt": .policy, "bio_policy": .policy,
    "responsibleaipolicyviolation": .policy, "flagged_input": .policy,
    "unsupported_country_region_territory": .permission, "cmek_key_disabled": .permission,
    "cmek_key_network_blocked": .permission,
    "weight_exceeds_budget": .request,
]

private let classOfType: [String: FailureClass] = [
    "insufficient_quota": .billing, "billing_error": .billing, "authentication_error": .credential,
    "permission_error": .permission, "failed_precondition": .permission, "overloaded_error": .overloaded,
    "service_unavailable_error": .overloaded, "service_tier_capacity_exceeded": .overloaded,
    "rate_limit_error": .rateLimited, "ramp_limit_exceeded": .rateLimited, "timeout_error": .timeout,
    "deadline_exceeded": .timeout, "not_found_error": .model,
]

private let classOfBeginning: [(String, FailureClass)] = [
    ("your credit balance is too low", .billing), ("you have reached your specified", .billing),
    ("api key not valid", .credential), ("api key expired", .credential),
    ("user location is not supported", .permission),
]

/// None of these benches anybody.
private let classOfText: [(String, FailureClass)] = [
    ("maximum context length", .context), ("exceeds the context window", .context), ("prompt is too long", .context),
    ("exceeds the maximum number of tokens", .context), ("output blocked by content filtering", .policy),
]
