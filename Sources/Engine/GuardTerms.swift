import Guardrails
import Routing
import Wire

/// What the guard step found of a request, allowed it and holds for it.
struct GuardTerms: Sendable {
    /// The prompt that goes out; nil where nobody measured it: past the router, and where only tokens are counted.
    var prompt: PromptSize?
    /// Held until the request is settled.
    var reservation: Reservation?
    /// Output tokens of one choice, at most.
    var outputLimit: Int?
    /// What a cap led to, in the words of `x-nines-degraded`.
    var degraded: [String] = []
}

extension Deployment {
    /// The field in which it reads the limit of an answer: OpenAI's own newer models take `max_completion_tokens` alone,
    /// most others only the older name.
    func outputField(of endpoint: Endpoint) -> ChatRequest.OutputField {
        switch endpoint {
        case .responses: .maxOutputTokens
        case .chat where provider == "openai" || provider == "azure": .maxCompletionTokens
        case .chat, .messages, .countTokens, .completions, .embeddings: .maxTokens
        }
    }
}
