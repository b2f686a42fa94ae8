import Routing

/// What a model's prefix stands for: whom it names, where that is, which key it takes.
struct Provider: Sendable {
    let name: String
    /// Nil where only the config can say.
    let apiBase: String?
    let format: WireFormat
    /// Where a key is looked for when the config gives none, the first that is set.
    let keyVariables: [String]
    let needsKey: Bool
    /// Put after an `api_base` that names a host alone.
    let pathWhenNone: String
    /// What to write as `api_base` where one is needed.
    let example: String

    init(
        _ name: String,
        _ apiBase: String?,
        format: WireFormat = .openAI,
        keyVariables: [String]? = nil,
        needsKey: Bool = true,
        pathWhenNone: String = "",
        example: String = "https://HOST/v1"
    ) {
        self.name = name
        self.apiBase = apiBase
        self.format = format
        self.keyVariables = keyVariables ?? ["\(name.uppercased())_API_KEY"]
        self.needsKey = needsKey
        self.pathWhenNone = pathWhenNone
        self.example = example
    }

    /// Default addresses from each provider's API reference; each but Anthropic's speaks OpenAI's format.
    static let known: [Provider] = [
        Provider("openai", "https://api.openai.com/v1"),
        Provider("anthropic", "https://api.anthropic.com", format: .anthropic),
        Provider("openrouter", "https://openrouter.ai/api/v1"),
        Provider("groq", "https://api.groq.com/openai/v1"),
        Provider("mistral", "https://api.mistral.ai/v1"),
        Provider("deepseek", "https://api.deepseek.com/v1"),
        Provider(
            "together_ai",
            "https://api.together.xyz/v1",
            keyVariables: ["TOGETHERAI_API_KEY", "TOGETHER_AI_API_KEY"]
        ),
        Provider(
            "gemini",
            "https://generativelanguage.googleapis.com/v1beta/openai",
            keyVariables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"]
        ),
        Provider("ollama", "http://127.0.0.1:11434/v1", needsKey: false, pathWhenNone: "/v1"),
        Provider("azure", nil, pathWhenNone: "/openai/v1", example: "https://RESOURCE.openai.azure.com/openai/v1"),
        Provider("hosted_vllm", nil, needsKey: false, example: "http://127.0.0.1:8000/v1"),
        Provider("lm_studio", nil, needsKey: false, example: "http://127.0.0.1:1234/v1"),
        Provider("litellm_proxy", nil, example: "http://127.0.0.1:4000/v1"),
    ]

    /// Other prefixes of LiteLLM for the same endpoint.
    private static let synonyms = ["ollama_chat": "ollama"]

    static func named(_ prefix: String) -> Provider? {
        known.first { $0.name == synonyms[prefix] ?? prefix }
    }

    /// Whose a model without prefix is, where its name leaves no doubt.
    static func guessed(fromModel model: String) -> Provider? {
        if model.hasPrefix("claude-") { return named("anthropic") }
        let openAI = ["gpt-", "chatgpt-", "o1", "o3", "o4", "text-embedding-"]
        return openAI.contains { model.hasPrefix($0) } ? named("openai") : nil
    }
}
