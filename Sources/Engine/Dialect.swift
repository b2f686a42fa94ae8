import Routing
import Wire

/// How one request is said to one deployment, and how its answers become the client's format again.
///
/// A deployment that speaks the client's format gets the client's own bytes with another model name, and its answers go
/// back as they are. OpenAI's chat and Anthropic's messages are translated into each other; what the other can't hold is
/// named in `degraded`. The other endpoints go to deployments of their own format alone.
struct Dialect: Sendable {
    /// For answers that the client set no limit: Anthropic wants one.
    static let defaultMaxTokens = 4_096

    let url: String
    let body: [UInt8]
    /// What was left out or changed, by the names of the client's format.
    let degraded: [String]
    let endpoint: Endpoint
    private let deployment: Deployment
    private let id: String
    private let passage: Passage

    private enum Passage: Sendable {
        case unchanged
        /// An OpenAI client, an Anthropic deployment.
        case toMessages(toolNames: [String: String], includeUsage: Bool, created: Int64)
        /// An Anthropic client, an OpenAI-compatible deployment.
        case toChat(toolNames: [String: String])
    }

    /// The request as `deployment` takes it; `id` and `created` (seconds since 1970) go into translated answers.
    ///
    /// `cacheLifetime` (`5m` or `1h`) marks the stable blocks for Anthropic's cache, where the client marks none itself.
    /// - Throws: where the deployment's format can't hold it.
    init(
        _ request: ChatRequest,
        for deployment: Deployment,
        id: String,
        created: Int64,
        cacheLifetime: String? = nil
    ) throws(Untranslatable) {
        self.deployment = deployment
        self.id = id
        endpoint = request.endpoint
        switch (request.endpoint, deployment.format) {
        case (_, .anthropic) where request.endpoint.api == .anthropic:
            url = deployment.url(of: request.endpoint)
            body = request.body(model: deployment.model, extra: deployment.extraMembers, cacheLifetime: cacheLifetime)
            degraded = []
            passage = .unchanged
        case (_, .openAI) where request.endpoint.api == .openAI:
            url = deployment.url(of: request.endpoint)
            body = request.body(model: deployment.model, extra: deployment.extraMembers)
            degraded = []
            passage = .unchanged
        case (.chat, _):
            let translated = try AnthropicRequest(
                chat: request,
                model: deployment.model,
                capabilities: .of(model: deployment.model),
                stream: request.stream,
                defaultMaxTokens: Self.defaultMaxTokens,
                cacheLifetime: cacheLifetime,
                extra: deployment.extraMembers
            )
            url = deployment.url(of: .messages)
            body = translated.body
            degraded = translated.degraded
            passage = .toMessages(
                toolNames: translated.toolNames,
                includeUsage: request.wantsUsage,
                created: created
            )
        case (.messages, _):
            let translated = try OpenAIRequest(
                messages: request,
                model: deployment.model,
                provider: deployment.provider,
                stream: request.stream,
                extra: deployment.extraMembers
            )
            url = deployment.url(of: .chat)
            body = translated.body
            degraded = translated.degraded
            passage = .toChat(toolNames: translated.toolNames)
        default: throw Untranslatable(endpoint: request.endpoint)
        }
    }

    /// `client` holds what of the client's own headers goes on to providers of its format.
    func headers(key: Secret?, isStream: Bool, client: [HeaderField] = []) -> [HeaderField] {
        var headers = [
            HeaderField("content-type", "application/json"),
            HeaderField("accept", isStream ? "text/event-stream" : "application/json"),
        ]
        // Compression would hold a stream's small pieces back.
        if isStream { headers.append(HeaderField("accept-encoding", "identity")) }
        switch deployment.format {
        case .openAI: if let key { headers.append(HeaderField("authorization", "Bearer \(key.reveal())")) }
        case .anthropic:
            if case .unchanged = passage { headers += client }
            if !headers.contains(where: { $0.name == "anthropic-version" }) {
                headers.append(HeaderField("anthropic-version", "2023-06-01"))
            }
            if let key { headers.append(HeaderField("x-api-key", key.reveal())) }
        }
        return headers + deployment.extraHeaders
    }

    /// Reads the deployment's stream and gives the client's.
    func streamReader() -> StreamReader {
        switch passage {
        case .unchanged: StreamReader(endpoint)
        case .toMessages(let toolNames, let includeUsage, let created):
            StreamReader(
                endpoint,
                .chunksFromMessages(
                    AnthropicStreamTranslator(
                        toolNames: toolNames,
                        includeUsage: includeUsage,
                        id: "chatcmpl-\(id)",
                        created: created,
                        model: deployment.model
                    )
                )
            )
        case .toChat(let toolNames):
            StreamReader(
                endpoint,
                .messagesFromChunks(
                    AnthropicEventWriter(toolNames: toolNames, id: "msg_\(id)", model: deployment.model)
                )
            )
        }
    }

    /// A whole answer of status 200 in the client's format, and what matters of it.
    func answer(_ body: [UInt8]) throws(JSONError) -> (body: [UInt8], facts: ChatAnswer) {
        switch passage {
        case .unchanged: return (body, try endpoint.facts(of: body))
        case .toMessages(let toolNames, _, let created):
            let answer = try AnthropicAnswer(
                body,
                toolNames: toolNames,
                id: "chatcmpl-\(id)",
                created: created,
                model: deployment.model
            )
            return (answer.body, answer.facts)
        case .toChat(let toolNames):
            let answer = try AnthropicMessage(body, toolNames: toolNames, id: "msg_\(id)", model: deployment.model)
            return (answer.body, answer.facts)
        }
    }

    /// The provider's error document in the client's format.
    func errorDocument(_ body: [UInt8], status: Int) -> [UInt8] {
        switch passage {
        case .unchanged: body
        case .toMessages: Array(openAIError(fromAnthropic: body, status: status).utf8)
        case .toChat: Array(anthropicError(fromOpenAI: body, status: status, requestID: id).utf8)
        }
    }

    /// Whether an error answer says that the deployment does not serve this endpoint at all, rather than this model or this
    /// key: it has no code of a provider's own.
    ///
    /// Chat and messages are what a deployment is for.
    func isUnserved(_ status: Int, _ body: ProviderErrorBody?) -> Bool {
        guard !endpoint.isUniversal, [403, 404, 405, 501].contains(status) else { return false }
        // Under status 418 nothing else decides. Of a path that is not there, too, Anthropic says `not_found_error`.
        let known = classify(status: 418, type: status == 403 ? body?.type : nil, code: body?.code, message: nil)
        return known == .request
    }
}

extension ChatRequest {
    /// The client asked for the usage chunk of a stream.
    fileprivate var wantsUsage: Bool {
        (try? JSONValue(body))?["stream_options"]?["include_usage"] == .bool(true)
    }
}

extension Untranslatable {
    fileprivate init(endpoint: Endpoint) {
        let format = endpoint.api == .openAI ? "Anthropic's" : "OpenAI's"
        self.init("/v1\(endpoint.path)", "a deployment in \(format) format does not serve this endpoint")
    }
}

extension Deployment {
    /// `extra_body` without its braces; nil where there is none.
    var extraMembers: String? {
        guard let extraBody, extraBody.count > 2 else { return nil }
        return String(extraBody.dropFirst().dropLast())
    }

    /// Where requests of that kind go.
    func url(of endpoint: Endpoint) -> String {
        // Anthropic's base is the root, OpenAI's has `/v1` in it.
        format == .anthropic ? "\(apiBase)/v1\(endpoint.path)" : "\(apiBase)\(endpoint.path)"
    }
}
