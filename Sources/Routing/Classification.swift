/// Sorts an error answer into its class: the provider's code decides before the type, both before the message, all before
/// the status alone; but how a 400's message begins decides before its type.
///
/// A message is read only under the statuses where providers hide something else behind it. Error texts echo what the
/// client sent, so a class that benches somebody follows only from how a message begins.
///
/// Source: the providers' error pages, as of November 2026.
package func classify(status: Int, type: String?, code: String?, message: String?) -> FailureClass {
    classification(status: status, type: type, code: code, message: message).kind
}

/// As `classify`, and whether the answer is a known one.
///
/// Not known is a 4xx of which neither the status nor a word says what it is: the caller's, for want of better, and worth
/// counting, since another class may hide behind it.
package func classification(
    status: Int,
    type: String?,
    code: String?,
    message: String?
) -> (kind: FailureClass, isKnown: Bool) {
    let code = code?.lowercased() ?? ""
    let type = type?.lowercased() ?? ""
    let text = message?.lowercased() ?? ""
    if let kind = classOfCode[code] { return (kind, true) }
    if status == 400, let known = classOfBeginning.first(where: { text.hasPrefix($0.0) }) { return (known.1, true) }
    if let kind = classOfType[type] { return (kind, true) }
    if status == 400 || status == 413 || status == 422, let known = classOfText.first(where: { text.contains($0.0) }) {
        return (known.1, true)
    }
    if let kind = classOfStatus(status) { return (kind, true) }
    return (.request, status == 413 || status == 422 || requestTypes.contains(type))
}

/// Nil for a 4xx that by itself says only that something is wrong with the request.
private func classOfStatus(_ status: Int) -> FailureClass? {
    switch status {
    // A success that is not 200 has no answer in it.
    case ..<400: .badAnswer
    case 401: .credential
    case 402: .billing
    case 403: .permission
    case 451: .region
    // Not served there, or not any more.
    case 404, 405, 410: .model
    case 408: .timeout
    // A lock, a wrong connection, a replay, a client that did not leave: nothing that the request could help.
    case 409, 421, 425, 499: .server
    case 429: .rateLimited
    case 503, 529: .overloaded
    case 500...: .server
    default: nil
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
    "unsupported_country_region_territory": .region, "cmek_key_disabled": .permission,
    "cmek_key_network_blocked": .permission,
    "weight_exceeds_budget": .request,
]

private let classOfType: [String: FailureClass] = [
    "insufficient_quota": .billing, "billing_error": .billing, "authentication_error": .credential,
    "permission_error": .permission, "failed_precondition": .permission, "overloaded_error": .overloaded,
    "service_unavailable_error": .overloaded, "service_tier_capacity_exceeded": .overloaded,
    "rate_limit_error": .rateLimited, "ramp_limit_exceeded": .rateLimited, "timeout_error": .timeout,
    "deadline_exceeded": .timeout, "not_found_error": .model,
    // The network before the provider has no word on how much room there is behind it.
    "cf_bad_gateway": .server, "cf_service_unavailable": .server,
]

/// What providers call a request that is at fault.
private let requestTypes: Set<String> = ["invalid_request_error", "invalid_argument", "request_too_large"]

private let classOfBeginning: [(String, FailureClass)] = [
    ("your credit balance is too low", .billing), ("you have reached your specified", .billing),
    ("api key not valid", .credential), ("api key expired", .credential),
    ("user location is not supported", .region),
]

/// None of these benches anybody.
private let classOfText: [(String, FailureClass)] = [
    ("maximum context length", .context), ("exceeds the context window", .context), ("prompt is too long", .context),
    ("exceeds the maximum number of tokens", .context), ("output blocked by content filtering", .policy),
]
