import Testing

@testable import Wire

struct ProviderErrorBodyTests {
    @Test(
        "every envelope",
        arguments: [
            (
                "OpenAI",
                #"{"error":{"message":"Incorrect API key","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
                "invalid_request_error", "invalid_api_key", "Incorrect API key"
            ),
            (
                "OpenAI, no code", #"{"error":{"message":"oops","type":"server_error","param":null,"code":null}}"#,
                "server_error", nil, "oops"
            ),
            (
                "OpenAI's edge", #"{"error":{"message":"Bad gateway.","type":"cf_bad_gateway","code":502}}"#,
                "cf_bad_gateway", "502", "Bad gateway."
            ),
            ("OpenAI's edge, shedding", #"{"status":"come back later"}"#, "come back later", nil, nil),
            (
                "Anthropic",
                #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}"#,
                "overloaded_error", nil, "Overloaded"
            ),
            (
                "Anthropic, no details", #"{"type":"error","error":{"details":null,"type":"api_error","message":"m"}}"#,
                "api_error", nil, "m"
            ),
            (
                "Anthropic, details",
                #"{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached","x":[1]}}}"#,
                "rate_limit_error", "enforced_spend_limit_reached", "m"
            ),
            (
                "Gemini",
                #"{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"@type":"t","reason":"API_KEY_INVALID","metadata":{"reason":"no"}},{"@type":"LocalizedMessage"}]}}"#,
                "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid."
            ),
            (
                "Gemini, no reason",
                #"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"@type":"RetryInfo","retryDelay":"43s"}]}}"#,
                "RESOURCE_EXHAUSTED", "429", "m"
            ),
            (
                "Gemini's OpenAI endpoint", #"[{"error":{"code":404,"message":"m","status":"NOT_FOUND"}}]"#,
                "NOT_FOUND", "404", "m"
            ),
            (
                "Gemini, interactions", #"{"event_type":"error","error":{"code":"invalid_request","message":"m"}}"#,
                nil, "invalid_request", "m"
            ),
            ("Azure", #"{"error":{"code":"DeploymentNotFound","message":"m"}}"#, nil, "DeploymentNotFound", "m"),
            ("Azure, key", #"{"error":{"code":"401","message":"Access denied"}}"#, nil, "401", "Access denied"),
            (
                "Azure, filter",
                #"{"error":{"message":"m","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true}}}}}"#,
                nil, "content_filter", "m"
            ),
            (
                "Azure, inner code alone",
                #"{"error":{"innererror":{"code":"ResponsibleAIPolicyViolation"},"message":"m","code":null}}"#, nil,
                "ResponsibleAIPolicyViolation", "m"
            ),
            (
                "Mistral",
                #"{"object":"error","message":"Service tier capacity exceeded","type":"service_tier_capacity_exceeded","param":null,"code":"3505"}"#,
                "service_tier_capacity_exceeded", "3505", "Service tier capacity exceeded"
            ),
            (
                "FastAPI list",
                #"{"detail":[{"loc":["body","x"],"msg":"field required","type":"value_error.missing"},{"msg":"second"}]}"#,
                nil, nil, "field required"
            ),
            ("FastAPI text", #"{"detail":"Unauthorized"}"#, nil, nil, "Unauthorized"),
            (
                "OpenRouter", #"{"error":{"code":402,"message":"Insufficient credits"},"user_id":"u"}"#, nil, "402",
                "Insufficient credits"
            ),
            (
                "OpenRouter, reason",
                #"{"error":{"message":"m","code":402,"metadata":{"reason":"in_flight_budget_exhausted"}}}"#, nil,
                "in_flight_budget_exhausted", "m"
            ),
            (
                "OpenRouter, reason first",
                #"{"error":{"metadata":{"error_type":"provider_unavailable","raw":"{}"},"code":502,"message":"m"}}"#,
                nil, "provider_unavailable", "m"
            ),
            (
                "OpenRouter, moderation",
                #"{"error":{"code":403,"message":"m","metadata":{"reasons":["x"],"flagged_input":"…","provider_name":"p"}}}"#,
                nil, "flagged_input", "m"
            ),
            ("Ollama", #"{"error":"model 'x' not found"}"#, nil, nil, "model 'x' not found"),
            ("a flag and a text", #"{"error":true,"message":"m","code":7}"#, nil, "7", "m"),
            ("a null and a text", #"{"error":null,"message":"m"}"#, nil, nil, "m"),
            ("cut off", #"{"error":{"type":"overloaded_error","message":"Over"#, "overloaded_error", nil, nil),
            ("text behind it", "{\"error\":\"m\"}\n<!-- served by edge -->", nil, nil, "m"),
        ] as [(String, String, String?, String?, String?)]
    )
    func envelope(name: String, body: String, type: String?, code: String?, message: String?) {
        #expect(ProviderErrorBody(Array(body.utf8)) == ProviderErrorBody(type: type, code: code, message: message))
    }

    @Test(
        "what says nothing",
        arguments: [
            "", "null", "[]", "[[]]", "{}", "7", "<html>502</html>", "upstream error", #"{"error":{}}"#,
            #"{"detail":[7]}"#, #"{"message":{"a":1}}"#,
        ]
    )
    func nothing(body: String) { #expect(ProviderErrorBody(Array(body.utf8)) == nil) }

    @Test(
        "values are bounded",
        arguments: [
            #"{"error":"%"}"#, #"{"error":{"message":"%","code":"%","type":"%"}}"#, #"{"detail":[{"msg":"%"}]}"#,
            #"{"error":{"details":{"error_code":"%"}}}"#, #"{"message":"%"}"#, #"{"detail":"%"}"#,
        ]
    )
    func bounded(shape: String) throws {
        let long = "e" + String(repeating: "\u{301}", count: 50_000)
        let body = try #require(ProviderErrorBody(Array(shape.replacing("%", with: long).utf8)))
        for value in [body.type, body.code, body.message] { #expect(value?.utf8.count ?? 0 <= 4_000) }
    }
}
