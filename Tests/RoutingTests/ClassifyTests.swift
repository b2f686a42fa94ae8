import Testing

@testable import Routing

/// One row a line of the providers' error pages: what is seen, and whose fault it is.
struct ClassifyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int
        var type: String?
        var code: String?
        var message: String?
        let expected: FailureClass
        init(
            _ name: String,
            _ status: Int,
            type: String? = nil,
            code: String? = nil,
            _ message: String? = nil,
            is expected: FailureClass
        ) {
            (self.name, self.status, self.type, self.code, self.message, self.expected) = (
                name, status, type, code, message, expected
            )
        }
        var testDescription: String { "\(name): \(status) is \(expected)" }
        var seen: FailureClass { classify(status: status, type: type, code: code, message: message) }
    }

    static let providers = [
        Row(
            "OpenAI, bad key",
            401,
            type: "invalid_request_error",
            code: "invalid_api_key",
            "Incorrect API key provided: sk-...***.",
            is: .credential
        ),
        Row("OpenAI, address not allowed", 401, is: .credential),
        Row("OpenAI, country", 403, code: "unsupported_country_region_territory", is: .region),
        Row(
            "OpenAI, rate",
            429,
            type: "requests",
            code: "rate_limit_exceeded",
            "Rate limit reached for",
            is: .rateLimited
        ),
        Row("OpenAI, rate, older", 429, type: "tokens", is: .rateLimited),
        Row("OpenAI, ramp", 429, type: "rate_limit_error", code: "slow_down", is: .rateLimited),
        Row("OpenAI, ramp, older", 503, type: "rate_limit_error", code: "slow_down", is: .rateLimited),
        Row(
            "OpenAI, out of credit",
            429,
            type: "insufficient_quota",
            code: "insufficient_quota",
            "You exceeded your current quota",
            is: .billing
        ),
        Row(
            "OpenAI, out of credit, newer",
            429,
            type: "insufficient_quota",
            code: "credit_balance_exhausted",
            is: .billing
        ),
        Row(
            "OpenAI, organisation's cap",
            429,
            type: "insufficient_quota",
            code: "organization_spend_limit_exceeded",
            is: .billing
        ),
        Row("OpenAI, project's cap", 429, code: "project_spend_limit_exceeded", is: .billing),
        Row("OpenAI, usage cap", 429, code: "organization_usage_limit_exceeded", is: .billing),
        Row("OpenAI, context", 400, type: "invalid_request_error", code: "context_length_exceeded", is: .context),
        Row(
            "OpenAI, context, no code",
            400,
            type: "invalid_request_error",
            "This model's maximum context length is 8192 tokens",
            is: .context
        ),
        Row(
            "OpenAI, context, newer",
            400,
            type: "invalid_request_error",
            "Your input exceeds the context window of this model",
            is: .context
        ),
        Row(
            "OpenAI, model",
            404,
            type: "invalid_request_error",
            code: "model_not_found",
            "The model `x` does not exist",
            is: .model
        ),
        Row("OpenAI, no access", 403, type: "invalid_request_error", code: "model_not_found", is: .model),
        Row("OpenAI, policy", 400, type: "invalid_request_error", code: "content_policy_violation", is: .policy),
        Row("OpenAI, prompt", 400, type: "invalid_request_error", code: "invalid_prompt", is: .policy),
        Row("OpenAI, biology", 400, code: "bio_policy", is: .policy),
        Row(
            "OpenAI, overloaded",
            503,
            type: "service_unavailable_error",
            code: "server_is_overloaded",
            is: .overloaded
        ),
        Row(
            "OpenAI, server",
            500,
            type: "server_error",
            "The server had an error processing your request",
            is: .server
        ),
        Row("OpenAI, server with code", 500, type: "server_error", code: "server_error", is: .server),
        Row("OpenAI's edge", 502, type: "cf_bad_gateway", code: "502", "Bad gateway.", is: .server),
        Row("OpenAI's edge, 503", 503, type: "cf_service_unavailable", code: "503", is: .server),
        Row("OpenAI's edge, shedding", 429, type: "come back later", is: .rateLimited),
        Row("Anthropic, bad key", 401, type: "authentication_error", "invalid x-api-key", is: .credential),
        Row(
            "Anthropic, empty balance",
            400,
            type: "invalid_request_error",
            "Your credit balance is too low to access the Anthropic API",
            is: .billing
        ),
        Row(
            "Anthropic, own cap",
            400,
            type: "invalid_request_error",
            "You have reached your specified API usage limits. You will regain access on",
            is: .billing
        ),
        Row(
            "Anthropic, workspace's cap",
            400,
            type: "invalid_request_error",
            "You have reached your specified workspace API usage limits.",
            is: .billing
        ),
        Row("Anthropic, card", 402, type: "billing_error", "There's an issue with your billing", is: .billing),
        Row("Anthropic, tier cap", 429, type: "rate_limit_error", code: "enforced_spend_limit_reached", is: .billing),
        Row(
            "Anthropic, contract cap",
            429,
            type: "rate_limit_error",
            code: "contract_spend_limit_reached",
            is: .billing
        ),
        Row(
            "Anthropic, rate",
            429,
            type: "rate_limit_error",
            "This request would exceed the rate limit for your organization",
            is: .rateLimited
        ),
        Row("Anthropic, growth", 429, type: "rate_limit_error", code: "ramp_limit_exceeded", is: .rateLimited),
        Row("Anthropic, overloaded", 529, type: "overloaded_error", "Overloaded", is: .overloaded),
        Row("Anthropic, server", 500, type: "api_error", "Internal server error", is: .server),
        Row("Anthropic, timeout", 504, type: "timeout_error", is: .timeout),
        Row(
            "Anthropic, context",
            400,
            type: "invalid_request_error",
            "prompt is too long: 210000 tokens > 200000 maximum",
            is: .context
        ),
        Row("Anthropic, too big", 413, type: "request_too_large", is: .request),
        Row("Anthropic, model", 404, type: "not_found_error", "model: claude-x", is: .model),
        Row("Anthropic, permission", 403, type: "permission_error", is: .permission),
        Row("Anthropic, on hold", 400, type: "invalid_request_error", code: "organization_on_hold", is: .credential),
        Row("Anthropic, customer key disabled", 400, code: "cmek_key_disabled", is: .permission),
        Row("Anthropic, customer key blocked", 400, code: "cmek_key_network_blocked", is: .permission),
        Row("Anthropic, customer key away", 503, code: "cmek_key_unreachable", is: .overloaded),
        Row("Anthropic, customer key's context", 503, code: "cmek_context_unavailable", is: .overloaded),
        Row(
            "Anthropic, output filter",
            400,
            type: "invalid_request_error",
            "Output blocked by content filtering policy",
            is: .policy
        ),
        Row(
            "Anthropic, removed parameter",
            400,
            type: "invalid_request_error",
            "`temperature` is deprecated for this model",
            is: .request
        ),
        Row(
            "Gemini, bad key",
            400,
            type: "INVALID_ARGUMENT",
            code: "API_KEY_INVALID",
            "API key not valid. Please pass a valid API key.",
            is: .credential
        ),
        Row(
            "Gemini, bad key, no reason",
            400,
            type: "INVALID_ARGUMENT",
            code: "400",
            "API key not valid. Please pass a valid API key.",
            is: .credential
        ),
        Row(
            "Gemini, expired key",
            400,
            type: "INVALID_ARGUMENT",
            code: "400",
            "API key expired. Please renew the API key.",
            is: .credential
        ),
        Row("Gemini, key's rights", 403, type: "PERMISSION_DENIED", code: "403", is: .permission),
        Row(
            "Gemini, region",
            400,
            type: "FAILED_PRECONDITION",
            code: "400",
            "User location is not supported for the API use.",
            is: .region
        ),
        Row(
            "Gemini, billing off",
            400,
            type: "FAILED_PRECONDITION",
            code: "400",
            "Gemini API free tier is not available in your country.",
            is: .permission
        ),
        Row("Gemini, prepaid empty", 402, type: "RESOURCE_EXHAUSTED", code: "402", is: .billing),
        Row(
            "Gemini, quota",
            429,
            type: "RESOURCE_EXHAUSTED",
            code: "429",
            "You exceeded your current quota",
            is: .rateLimited
        ),
        Row(
            "Gemini, model",
            404,
            type: "NOT_FOUND",
            code: "404",
            "models/x is not found for API version v1beta",
            is: .model
        ),
        // The page says that the client left; a client that is still here did not.
        Row("Gemini, cancelled", 499, type: "CANCELLED", code: "499", is: .server),
        Row("Gemini, server", 500, type: "INTERNAL", code: "500", is: .server),
        Row("Gemini, overloaded", 503, type: "UNAVAILABLE", code: "503", "The model is overloaded", is: .overloaded),
        Row("Gemini, deadline", 504, type: "DEADLINE_EXCEEDED", code: "504", is: .timeout),
        Row(
            "Gemini, context",
            400,
            type: "INVALID_ARGUMENT",
            code: "400",
            "The input token count exceeds the maximum number of tokens allowed 1048576.",
            is: .context
        ),
        Row(
            "Azure, bad key",
            401,
            code: "401",
            "Access denied due to invalid subscription key or wrong API endpoint.",
            is: .credential
        ),
        Row(
            "Azure, deployment",
            404,
            code: "DeploymentNotFound",
            "The API deployment for this resource does not exist.",
            is: .model
        ),
        Row(
            "Azure, filter",
            400,
            code: "content_filter",
            "The response was filtered due to the prompt triggering",
            is: .policy
        ),
        Row("Azure, filter, inner code", 400, code: "ResponsibleAIPolicyViolation", is: .policy),
        Row("Azure, rate", 429, code: "429", is: .rateLimited),
        Row(
            "Groq, bad key",
            401,
            type: "invalid_request_error",
            code: "invalid_api_key",
            "Invalid API Key",
            is: .credential
        ),
        Row(
            "Groq, rate",
            429,
            type: "tokens",
            code: "rate_limit_exceeded",
            "Rate limit reached for model `x`",
            is: .rateLimited
        ),
        Row(
            "Groq, one request over the rate",
            413,
            type: "tokens",
            code: "rate_limit_exceeded",
            "Request too large for model `x`",
            is: .rateLimited
        ),
        Row(
            "Groq, retired",
            400,
            type: "invalid_request_error",
            code: "model_decommissioned",
            "The model `x` has been decommissioned",
            is: .model
        ),
        Row(
            "Mistral, capacity",
            429,
            type: "service_tier_capacity_exceeded",
            code: "3505",
            "Service tier capacity exceeded for this model.",
            is: .overloaded
        ),
        Row("Mistral, validation", 422, "field required", is: .request),
        Row("OpenRouter, bad key", 401, code: "401", "No auth credentials found", is: .credential),
        Row("OpenRouter, out of credit", 402, code: "402", "Insufficient credits", is: .billing),
        Row("OpenRouter, in-flight budget", 402, code: "in_flight_budget_exhausted", is: .rateLimited),
        Row("OpenRouter, too dear", 402, code: "weight_exceeds_budget", is: .request),
        Row("OpenRouter, moderation", 403, code: "flagged_input", is: .policy),
        Row("OpenRouter, rate", 429, code: "rate_limit_exceeded", is: .rateLimited),
        Row("OpenRouter, upstream down", 502, code: "provider_unavailable", "Provider returned error", is: .overloaded),
    ]

    @Test("what providers say", arguments: providers)
    func provider(row: Row) {
        let seen = classification(status: row.status, type: row.type, code: row.code, message: row.message)
        #expect(seen.kind == row.expected && seen.isKnown)
        #expect(row.seen == row.expected)
    }

    /// No spelling of a code that says nothing may hide what the rest of the answer says: absent, empty, the status again.
    @Test(
        "codes that say no more than the status",
        arguments: providers.filter { $0.code == nil || $0.code == "\($0.status)" }
    )
    func emptyCodes(row: Row) {
        for code in [nil, "", "\(row.status)", "null", "none of ours"] {
            #expect(classify(status: row.status, type: row.type, code: code, message: row.message) == row.expected)
        }
    }

    @Test(
        "a 4xx that nobody knows is the caller's, and is counted",
        arguments: [
            (400, nil, nil, false), (400, "", "E_17", false), (400, "strange_error", nil, false),
            (400, "invalid_request_error", nil, true), (400, "INVALID_ARGUMENT", "400", true), (406, nil, nil, false),
            (412, nil, nil, false), (413, nil, nil, true), (415, nil, nil, false), (418, nil, nil, false),
            (422, nil, nil, true), (423, nil, nil, false), (428, nil, nil, false), (431, nil, nil, false),
        ] as [(Int, String?, String?, Bool)]
    )
    func unclassified(status: Int, type: String?, code: String?, isKnown: Bool) {
        let seen = classification(status: status, type: type, code: code, message: "something or other")
        #expect(seen == (.request, isKnown))
    }

    @Test("every other status is known", arguments: [200, 302, 401, 403, 404, 408, 409, 429, 451, 500, 503, 529, 599])
    func statusIsKnown(status: Int) {
        #expect(classification(status: status, type: nil, code: nil, message: nil).isKnown)
    }

    @Test(
        "a status alone",
        arguments: [
            (204, .badAnswer), (206, .badAnswer), (301, .badAnswer), (304, .badAnswer), (400, .request),
            (401, .credential), (402, .billing),
            (403, .permission), (404, .model), (405, .model), (406, .request), (408, .timeout), (409, .server),
            (410, .model), (413, .request),
            (415, .request), (418, .request), (421, .server), (422, .request), (425, .server), (429, .rateLimited),
            (431, .request),
            (451, .region), (499, .server), (500, .server), (501, .server), (502, .server), (503, .overloaded),
            (504, .server),
            (520, .server), (524, .server), (529, .overloaded), (599, .server), (999, .server), (0, .badAnswer),
            (-1, .badAnswer),
        ] as [(Int, FailureClass)]
    )
    func status(status: Int, expected: FailureClass) {
        #expect(classify(status: status, type: nil, code: nil, message: nil) == expected)
        #expect(classify(status: status, type: "", code: "none of ours", message: "whatever") == expected)
    }

    /// Providers quote what the client sent, so a client could bench everybody's key with a sentence.
    @Test(
        "a text that the client put there benches nobody",
        arguments: [
            "Invalid value: 'API key not valid'. Supported values are: 'none'",
            "Unknown field 'your credit balance is too low'",
            "'User location is not supported' is no role", "model x: you have reached your specified",
            "has been decommissioned", "429",
        ]
    )
    func echo(message: String) {
        for status in [400, 413, 422] {
            let kind = classify(status: status, type: "invalid_request_error", code: nil, message: message)
            #expect(kind.scope == .none && !kind.failsOver)
        }
    }
}
