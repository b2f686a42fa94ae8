import Routing
import Wire

/// How one chat request is said to one deployment, and how its answers become the client's format again.
///
/// An OpenAI-compatible deployment gets the client's own bytes with another model name; Anthropic's format is translated
/// both ways, and what it can't hold is named in `degraded`.
struct Dialect: Sendable {
    /// For answers that the client set no limit: Anthropic wants one.
    static let defaultMaxTokens = 4_096

    let url: String
    let body: [UInt8]
    /// What was left out or changed, by OpenAI's names.
    let degraded: [String]
    private let deployment: Deployment
    private let translation: Translation?

    private struct Translation: Sendable {
        let toolNames: [String: String]
        let includeUsage: Bool
        let id: String
        let created: Int64
    }

    /// The request as `deployment` takes it; `id` and `created` (seconds since 1970) go into translated answers.
    /// - Throws: where the deployment's format can't hold it.
    init(_ chat: ChatRequest, for deployment: Deployment, id: String, created: Int64) throws(Untranslatable) {
        self.deployment = deployment
        guard deployment.format == .anthropic else {
            url = "\(deployment.apiBase)/chat/completions"
            body = chat.body(model: deployment.model, extra: deployment.extraMembers)
            degraded = []
            translation = nil
            return
        }
        let request = try AnthropicRequest(
            chat: chat,
            model: deployment.model,
            capabilities: .of(model: deployment.model),
            stream: chat.stream,
            defaultMaxTokens: Self.defaultMaxTokens,
            extra: deployment.extraMembers
        )
        url = "\(deployment.apiBase)/v1/messages"
        body = request.body
        degraded = request.degraded
        translation = Translation(
            toolNames: request.toolNames,
            includeUsage: chat.wantsUsage,
            id: "chatcmpl-\(id)",
            created: created
        )
    }

    func headers(key: Secret?, isStream: Bool) -> [HeaderField] {
        var headers = [
            HeaderField("content-type", "application/json"),
            HeaderField("accept", isStream ? "text/event-stream" : "application/json"),
        ]
        // Compression would hold a stream's small pieces back.
        if isStream { headers.append(HeaderField("accept-encoding", "identity")) }
        switch deployment.format {
        case .openAI: if let key { headers.append(HeaderField("authorization", "Bearer \(key.reveal())")) }
        case .anthropic:
            headers.append(HeaderField("anthropic-version", "2023-06-01"))
            if let key { headers.append(HeaderField("x-api-key", key.reveal())) }
        }
        return headers + deployment.extraHeaders
    }

    /// Reads the deployment's stream and gives the client's.
    func streamReader() -> ChatStreamReader {
        guard let translation else { return ChatStreamReader() }
        return ChatStreamReader(
            translator: AnthropicStreamTranslator(
                toolNames: translation.toolNames,
                includeUsage: translation.includeUsage,
                id: translation.id,
                created: translation.created,
                model: deployment.model
            )
        )
    }

    /// A whole answer of status 200 in the client's format, and what matters of it.
    func answer(_ body: [UInt8]) throws(JSONError) -> (body: [UInt8], facts: ChatAnswer) {
        guard let translation else { return (body, try ChatAnswer(body)) }
        let answer = try AnthropicAnswer(
            body,
            toolNames: translation.toolNames,
            id: translation.id,
            created: translation.created,
            model: deployment.model
        )
        return (answer.body, answer.facts)
    }

    /// The provider's error document in the client's format.
    func errorDocument(_ body: [UInt8], status: Int) -> [UInt8] {
        translation == nil ? body : Array(openAIError(fromAnthropic: body, status: status).utf8)
    }
}

extension ChatRequest {
    /// The client asked for the usage chunk of a stream.
    fileprivate var wantsUsage: Bool {
        (try? JSONValue(body))?["stream_options"]?["include_usage"] == .bool(true)
    }
}

extension Deployment {
    /// `extra_body` without its braces; nil where there is none.
    var extraMembers: String? {
        guard let extraBody, extraBody.count > 2 else { return nil }
        return String(extraBody.dropFirst().dropLast())
    }
}
