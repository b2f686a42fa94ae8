/// The request's own words that an error repeats.
struct ErrorSubject: Sendable {
    var format: SimulatedProviderConfiguration.Format
    var model: String
    /// As the client sent it; only its mask is ever shown.
    var key: String?
    var requestID: String

    /// 401 for a key that isn't accepted, or for none.
    var refusedKey: ErrorAnswer {
        switch (format, key) {
        case (.openAI, let key?):
            .openAI(
                401,
                "invalid_request_error",
                code: #""invalid_api_key""#,
                "Incorrect API key provided: \(masked(key)). You can find your API key at "
                    + "https://platform.openai.com/account/api-keys."
            )
        case (.openAI, nil):
            .openAI(
                401,
                "invalid_request_error",
                "You didn't provide an API key. You need to provide your API key in an Authorization header using "
                    + "Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
            )
        case (.anthropic, _?):
            .anthropic(401, "authentication_error", "invalid x-api-key", request: requestID)
        case (.anthropic, nil):
            .anthropic(401, "authentication_error", "x-api-key header is required", request: requestID)
        }
    }

    /// The request is at fault: 400, 404 or 413.
    func refusedRequest(status: Int, code: String? = nil, _ message: String) -> ErrorAnswer {
        switch format {
        case .openAI:
            .openAI(status, "invalid_request_error", code: code.map { "\"\($0)\"" } ?? "null", message)
        case .anthropic:
            switch status {
            case 404: .anthropic(404, "not_found_error", message, request: requestID)
            case 413: .anthropic(413, "request_too_large", message, request: requestID)
            default: .anthropic(status, "invalid_request_error", message, request: requestID)
            }
        }
    }

    var unknownModel: ErrorAnswer {
        switch format {
        case .openAI:
            refusedRequest(
                status: 404,
                code: "model_not_found",
                "The model `\(model)` does not exist or you do not have access to it."
            )
        case .anthropic: refusedRequest(status: 404, "model: \(model)")
        }
    }

    /// What `fault` answers; nil where it isn't an answer with an error status.
    func answer(to fault: ProviderFault) -> ErrorAnswer? {
        switch fault {
        case .revokedKey: refusedKey
        case .modelNotFound: unknownModel
        case .pathNotFound: refusedRequest(status: 404, "Invalid URL")
        default: format == .openAI ? openAIAnswer(to: fault) : anthropicAnswer(to: fault)
        }
    }

    /// The error that a stream carries after status 200.
    var streamError: String {
        switch format {
        case .openAI: ErrorAnswer.openAIBody("server_error", "The server had an error while processing your request")
        case .anthropic:
            #"{"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}}"#
        }
    }

    private func openAIAnswer(to fault: ProviderFault) -> ErrorAnswer? {
        switch fault {
        case .forbidden:
            .openAI(
                403,
                "request_forbidden",
                code: #""unsupported_country_region_territory""#,
                "Country, region, or territory not supported"
            )
        case .billing:
            // OpenAI has no 402: the envelope is OpenRouter's, which speaks the same format.
            ErrorAnswer(
                status: 402,
                body: #"{"error":{"message":"Insufficient credits. Add more using https://openrouter.ai/credits","#
                    + #""code":402,"metadata":{"limit_source":"openrouter_credits"}}}"#
            )
        case .emptyBalance: .openAI(400, "invalid_request_error", Self.emptyBalance)
        case .quotaExhausted:
            .openAI(
                429,
                "insufficient_quota",
                code: #""insufficient_quota""#,
                "You exceeded your current quota, please check your plan and billing details. For more information on "
                    + "this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."
            )
        case .rateLimited(let seconds):
            .openAI(
                429,
                "requests",
                code: #""rate_limit_exceeded""#,
                "Rate limit reached for \(model) in organization org-simulated on requests per min (RPM): Limit 500, "
                    + "Used 500, Requested 1. Please try again in \(seconds ?? 20)s. Visit "
                    + "https://platform.openai.com/account/rate-limits to learn more.",
                headers: Self.retryAfter(seconds) + ["x-ratelimit-remaining-requests: 0"]
            )
        case .slowDown:
            .openAI(
                429,
                "rate_limit_error",
                code: #""slow_down""#,
                "Your request rate rose too fast. Reduce it, then raise it slowly."
            )
        case .overloaded:
            .openAI(
                503,
                "service_unavailable_error",
                code: #""server_is_overloaded""#,
                "The server is currently overloaded. Please try again later."
            )
        case .serverError(502): .openAI(502, "cf_bad_gateway", code: "502", "Bad gateway.")
        case .serverError(503): .openAI(503, "cf_service_unavailable", code: "503", "Service Unavailable.")
        case .serverError(let status):
            .openAI(
                status,
                "server_error",
                "The server had an error processing your request. Sorry about that! You can retry your request."
            )
        case .contextTooLong:
            .openAI(
                400,
                "invalid_request_error",
                code: #""context_length_exceeded""#,
                "This model's maximum context length is 128000 tokens. However, your messages resulted in 128512 "
                    + "tokens. Please reduce the length of the messages."
            )
        case .contentPolicy:
            .openAI(
                400,
                "invalid_request_error",
                code: #""content_policy_violation""#,
                "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
            )
        case .badRequest:
            .openAI(400, "invalid_request_error", code: #""invalid_value""#, "Invalid value: 'messages[0].role'.")
        default: nil
        }
    }

    private func anthropicAnswer(to fault: ProviderFault) -> ErrorAnswer? {
        func answer(
            _ status: Int,
            _ type: String,
            _ message: String,
            detail: String? = nil,
            headers: [String] = []
        ) -> ErrorAnswer {
            .anthropic(status, type, message, detail: detail, request: requestID, headers: headers)
        }
        return switch fault {
        case .forbidden:
            answer(403, "permission_error", "Your API key does not have permission to use the specified resource.")
        case .billing:
            answer(402, "billing_error", "There's an issue with your billing or payment information.")
        case .emptyBalance: answer(400, "invalid_request_error", Self.emptyBalance)
        case .quotaExhausted:
            answer(
                429,
                "rate_limit_error",
                "Your organization has reached its spend limit.",
                detail: "enforced_spend_limit_reached"
            )
        case .rateLimited(let seconds):
            answer(
                429,
                "rate_limit_error",
                "This request would exceed the rate limit for your organization of 50 requests per minute.",
                headers: Self.retryAfter(seconds)
            )
        case .slowDown:
            answer(
                429,
                "rate_limit_error",
                "Your usage rose too fast. Reduce it, then raise it slowly.",
                detail: "ramp_limit_exceeded",
                headers: Self.retryAfter(10)
            )
        case .overloaded: answer(529, "overloaded_error", "Overloaded")
        case .serverError(504): answer(504, "timeout_error", "Request timed out")
        case .serverError(let status): answer(status, "api_error", "Internal server error")
        case .contextTooLong:
            answer(400, "invalid_request_error", "prompt is too long: 200512 tokens > 200000 maximum")
        case .contentPolicy: answer(400, "invalid_request_error", "Output blocked by content filtering policy")
        case .badRequest:
            answer(400, "invalid_request_error", "messages.0.role: Input should be 'user' or 'assistant'")
        default: nil
        }
    }

    private static let emptyBalance =
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or "
        + "purchase credits."

    private static func retryAfter(_ seconds: Int?) -> [String] { seconds.map { ["retry-after: \($0)"] } ?? [] }

    /// First and last four characters, as OpenAI shows a refused key; nothing of a short one.
    private func masked(_ key: String) -> String {
        key.count < 12 ? "***" : "\(key.prefix(4))***\(key.suffix(4))"
    }
}
