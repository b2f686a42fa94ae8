/// What Anthropic's error document says, written as OpenAI writes its own; `status` serves where the body says nothing.
///
/// May echo a key, as the original may: redact before showing.
package func openAIError(fromAnthropic body: [UInt8], status: Int) -> String {
    openAIErrorDocument(ProviderErrorBody(body) ?? ProviderErrorBody(), status: status)
}

func openAIErrorDocument(_ error: ProviderErrorBody, status: Int) -> String {
    let document: JSONValue = [
        "error": [
            "message": .string(error.message ?? "The provider answered with status \(status)."),
            "type": .string(error.type ?? anthropicErrorType(status: status)),
            "param": .null,
            "code": error.code.map { .string($0) } ?? .null,
        ]
    ]
    return document.rendered
}

/// What an OpenAI-compatible provider's error document says, written as Anthropic writes its own.
package func anthropicError(fromOpenAI body: [UInt8], status: Int, requestID: String? = nil) -> String {
    let error = ProviderErrorBody(body) ?? ProviderErrorBody()
    return anthropicErrorDocument(
        type: anthropicErrorType(status: status),
        code: error.code,
        message: error.message ?? "The provider answered with status \(status).",
        requestID: requestID
    )
}

func anthropicErrorDocument(type: String, code: String?, message: String, requestID: String?) -> String {
    var document: JSONValue = [
        "type": "error",
        "error": [
            "type": .string(type),
            "message": .string(message),
            "details": code.map { ["error_code": .string($0)] } ?? .null,
        ],
    ]
    if let requestID { document = document.setting("request_id", to: .string(requestID)) }
    return document.rendered
}

/// The type that Anthropic gives an error of that status; its SDKs raise by the status.
func anthropicErrorType(status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 402: "billing_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 503, 529: "overloaded_error"
    case 504: "timeout_error"
    case 400..<500: "invalid_request_error"
    default: "api_error"
    }
}

extension GatewayError {
    /// `{"type":"error","error":{...}}` as Anthropic writes it, with `error.nines` where attempts were made.
    package func anthropicBody(requestID: String? = nil) -> String {
        var details: [JSONValue.Member] = []
        if let code { details.append(.init("error_code", .string(code))) }
        if let parameter { details.append(.init("param", .string(parameter))) }
        var error: [JSONValue.Member] = [
            .init("type", .string(anthropicErrorType(status: status))), .init("message", .string(message)),
            .init("details", details.isEmpty ? .null : .object(details)),
        ]
        if requestID != nil || !attempts.isEmpty {
            let lines: [JSONValue] = attempts.map {
                [
                    "deployment": .string($0.deployment), "class": .string($0.failure),
                    "status": $0.status.map { .integer($0) } ?? .null, "ms": .integer($0.milliseconds),
                ]
            }
            error.append(
                .init("nines", ["request_id": requestID.map { .string($0) } ?? .null, "attempts": .array(lines)])
            )
        }
        var document: JSONValue = ["type": "error", "error": .object(error)]
        if let requestID { document = document.setting("request_id", to: .string(requestID)) }
        return document.rendered
    }
}
