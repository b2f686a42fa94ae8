/// An error that the gateway itself answers, in the shape of the API that was called.
package struct GatewayError: Error, Equatable, Sendable {
    package var status: Int
    package var type: String
    package var code: String?
    package var message: String
    package var parameter: String?
    /// Seconds after which another try makes sense; nil says nothing.
    package var retryAfterSeconds: Int?
    /// False where a retry can't mend it: answers then carry `x-should-retry: false`.
    package var isRetryable: Bool
    /// One line an attempt, already redacted.
    package var attempts: [Attempt]

    package struct Attempt: Equatable, Sendable {
        package var deployment: String
        package var failure: String
        package var status: Int?
        package var milliseconds: Int
        package init(deployment: String, failure: String, status: Int?, milliseconds: Int) {
            self.deployment = deployment
            self.failure = failure
            self.status = status
            self.milliseconds = milliseconds
        }
    }

    package init(
        status: Int,
        type: String,
        code: String? = nil,
        message: String,
        parameter: String? = nil,
        retryAfterSeconds: Int? = nil,
        isRetryable: Bool = false,
        attempts: [Attempt] = []
    ) {
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.parameter = parameter
        self.retryAfterSeconds = retryAfterSeconds
        self.isRetryable = isRetryable
        self.attempts = attempts
    }

    /// `{"error": {...}}` as OpenAI writes it, with `error.nines` where attempts were made.
    package func openAIBody(requestID: String? = nil) -> String {
        func optional(_ text: String?) -> String { text.map(jsonString) ?? "null" }
        var out = "{\"error\":{\"message\":\(jsonString(message)),\"type\":\(jsonString(type))"
        out += ",\"param\":\(optional(parameter)),\"code\":\(optional(code))"
        if requestID != nil || !attempts.isEmpty {
            let lines = attempts.map { attempt in
                "{\"deployment\":\(jsonString(attempt.deployment)),\"class\":\(jsonString(attempt.failure))"
                    + ",\"status\":\(attempt.status.map(String.init) ?? "null"),\"ms\":\(attempt.milliseconds)}"
            }
            out += ",\"nines\":{\"request_id\":\(optional(requestID)),\"attempts\":[\(lines.joined(separator: ","))]}"
        }
        return out + "}}"
    }
}
