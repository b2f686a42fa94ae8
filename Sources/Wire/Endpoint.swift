/// The API that a client speaks, which decides the shape of errors and of lists.
package enum ClientAPI: Sendable, Equatable {
    case openAI, anthropic
}

/// What a client may ask of a model, each in one wire format.
package enum Endpoint: Sendable, Equatable, CaseIterable {
    case chat, messages, countTokens, completions, responses, embeddings

    /// The endpoint of that path, with or without `/v1` in front; nil where there is none.
    package init?(path: String) {
        let path = path.hasPrefix("/v1/") ? String(path.dropFirst(3)) : path
        guard let endpoint = Self.allCases.first(where: { $0.path == path }) else { return nil }
        self = endpoint
    }

    /// Without `/v1`.
    package var path: String {
        switch self {
        case .chat: "/chat/completions"
        case .messages: "/messages"
        case .countTokens: "/messages/count_tokens"
        case .completions: "/completions"
        case .responses: "/responses"
        case .embeddings: "/embeddings"
        }
    }

    package var api: ClientAPI {
        switch self {
        case .messages, .countTokens: .anthropic
        case .chat, .completions, .responses, .embeddings: .openAI
        }
    }

    /// Answers may come as a stream; where not, a `stream` in the body means nothing.
    package var streams: Bool {
        switch self {
        case .chat, .messages, .completions, .responses: true
        case .countTokens, .embeddings: false
        }
    }

    /// The body has a conversation in `messages`.
    var takesMessages: Bool {
        switch self {
        case .chat, .messages, .countTokens: true
        case .completions, .responses, .embeddings: false
        }
    }

    /// Whether every provider of this API can be taken to serve it: a 404 then is the model's, else it may be the path's.
    package var isUniversal: Bool { self == .chat || self == .messages }

    /// What a whole answer says.
    ///
    /// - Throws: where `body` is no JSON object.
    package func facts(of body: [UInt8]) throws(JSONError) -> ChatAnswer {
        switch self {
        case .chat, .completions: try ChatAnswer(body)
        case .messages: try AnthropicAnswer(body, id: "", created: 0, model: "").facts
        case .countTokens: try ChatAnswer(tokenCount: body)
        case .responses: try ChatAnswer(response: body)
        case .embeddings: try ChatAnswer(embeddings: body)
        }
    }

    /// What ends a stream that broke: the format's own error event, behind `events` others.
    package func errorEvent(_ error: GatewayError, requestID: String?, after events: Int) -> [UInt8] {
        switch self {
        case .messages, .countTokens: Array("event: error\ndata: \(error.anthropicBody(requestID: requestID))\n\n".utf8)
        case .responses: error.responseEvent(requestID: requestID, sequence: events)
        case .chat, .completions, .embeddings: Array("data: \(error.openAIBody(requestID: requestID))\n\n".utf8)
        }
    }
}

extension GatewayError {
    /// The error's document as the API that was called writes it.
    package func body(_ api: ClientAPI, requestID: String? = nil) -> String {
        switch api {
        case .openAI: openAIBody(requestID: requestID)
        case .anthropic: anthropicBody(requestID: requestID)
        }
    }
}
