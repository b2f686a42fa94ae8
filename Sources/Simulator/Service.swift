/// What a provider does at one path, in one wire format.
enum Service: Sendable {
    case chat, completions, responses, embeddings, messages, countTokens

    /// Nil where nothing is made there.
    init?(_ format: SimulatedProviderConfiguration.Format, path: String) {
        switch (format, path) {
        case (.openAI, "/v1/chat/completions"): self = .chat
        case (.openAI, "/v1/completions"): self = .completions
        case (.openAI, "/v1/responses"): self = .responses
        case (.openAI, "/v1/embeddings"): self = .embeddings
        case (.anthropic, "/v1/messages"): self = .messages
        case (.anthropic, "/v1/messages/count_tokens"): self = .countTokens
        default: return nil
        }
    }

    /// The field that a request can't do without and that `wanted` lacks; nil where it has all.
    func missingField(in wanted: GenerationRequest) -> String? {
        switch self {
        case .chat, .messages, .countTokens: wanted.hasMessages ? nil : "messages"
        case .completions: wanted.hasPrompt ? nil : "prompt"
        case .responses: wanted.hasInput ? nil : "input"
        case .embeddings: wanted.inputs.isEmpty ? "input" : nil
        }
    }

    func writer(_ draft: Draft) -> any AnswerWriter {
        switch self {
        case .chat, .embeddings: OpenAIWriter(draft)
        case .completions: CompletionsWriter(draft)
        case .responses: ResponsesWriter(draft)
        case .messages, .countTokens: AnthropicWriter(draft)
        }
    }
}
