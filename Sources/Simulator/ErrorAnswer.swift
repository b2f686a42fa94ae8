/// An answer that is an error: status, headers of its own, body.
///
/// The bodies are the providers' own, as OpenAI, Anthropic and OpenRouter sent them in 2026: routers decide by them.
struct ErrorAnswer: Sendable, Equatable {
    var status: Int
    var headers: [String] = []
    var body: String

    /// The envelope of OpenAI; `code` is JSON as it goes on the wire, since some of its codes are integers and some null.
    static func openAI(
        _ status: Int,
        _ type: String,
        code: String = "null",
        _ message: String,
        headers: [String] = []
    ) -> ErrorAnswer {
        ErrorAnswer(status: status, headers: headers, body: openAIBody(type, code: code, message))
    }

    static func openAIBody(_ type: String, code: String = "null", _ message: String) -> String {
        #"{"error":{"message":\#(quoted(message)),"type":"\#(type)","param":null,"code":\#(code)}}"#
    }

    /// The envelope of Anthropic; `detail` is its `error_code`.
    static func anthropic(
        _ status: Int,
        _ type: String,
        _ message: String,
        detail: String? = nil,
        request: String,
        headers: [String] = []
    ) -> ErrorAnswer {
        let details = detail.map { #"{"error_code":"\#($0)"}"# } ?? "null"
        let error = #"{"details":\#(details),"type":"\#(type)","message":\#(quoted(message))}"#
        return ErrorAnswer(
            status: status,
            headers: headers,
            body: #"{"type":"error","error":\#(error),"request_id":"\#(request)"}"#
        )
    }
}
