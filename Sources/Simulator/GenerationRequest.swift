#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a provider reads of a request's body; fields that don't change a simulated answer are passed over.
struct GenerationRequest: Decodable, Sendable {
    var model: String?
    private var messages: [Message]?
    private var system: Text?
    private var stream: Bool?
    private var streamOptions: StreamOptions?
    private var maxTokens: Int?
    private var maxCompletionTokens: Int?
    private var maxOutputTokens: Int?
    private var responseFormat: ResponseFormat?
    /// Of an embeddings request, or of a response.
    private var input: Text?
    /// Of a completion.
    private var prompt: Text?
    var dimensions: Int?
    /// As in `Draft`.
    private(set) var cacheLifetime: String?

    private enum CodingKeys: String, CodingKey {
        case model, messages, system, stream, input, prompt, dimensions
        case streamOptions = "stream_options"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case maxOutputTokens = "max_output_tokens"
        case responseFormat = "response_format"
    }

    private struct Message: Decodable { var content: Text? }
    private struct ResponseFormat: Decodable { var type: String? }
    private struct StreamOptions: Decodable {
        var includeUsage: Bool?
        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    /// - Throws: `DecodingError` where the body is no JSON object or a field has the wrong type.
    init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json))
        let text = String(decoding: json, as: UTF8.self)
        if text.contains("\"cache_control\"") { cacheLifetime = text.contains("\"1h\"") ? "1h" : "5m" }
    }

    var streams: Bool { stream ?? false }
    var includesUsage: Bool { streamOptions?.includeUsage ?? false }
    var tokenLimit: Int? { maxCompletionTokens ?? maxTokens ?? maxOutputTokens }
    var hasMessages: Bool { !(messages ?? []).isEmpty }
    var hasInput: Bool { input != nil }
    var hasPrompt: Bool { prompt != nil }
    var wantsJSON: Bool { responseFormat?.type?.hasPrefix("json") ?? false }
    /// Texts of an embeddings request; empty where there is no input.
    var inputs: [String] { input?.parts ?? [] }

    /// A token is about four bytes of English text.
    var promptTokens: Int {
        let bytes = (messages ?? []).reduce(0) { $0 + ($1.content?.bytes ?? 0) } + (system?.bytes ?? 0)
        return max(1, (bytes + (input?.bytes ?? 0) + (prompt?.bytes ?? 0)) / 4)
    }
}

/// Text as the formats allow it: a string, or a list of strings, of parts with a `text`, or of messages with either in
/// `content`; anything else counts nothing.
private struct Text: Decodable, Sendable {
    var parts: [String]
    var bytes: Int { parts.reduce(0) { $0 + $1.utf8.count } }

    private struct Part: Decodable {
        var text: String?
        var content: Text?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            parts = [text]
        } else if let texts = try? container.decode([String].self) {
            parts = texts
        } else {
            parts = ((try? container.decode([Part].self)) ?? []).flatMap { part in
                (part.text.map { [$0] } ?? []) + (part.content?.parts ?? [])
            }
        }
    }
}

/// `text` as a JSON string, quotation marks included.
func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    return String(decoding: data, as: UTF8.self)
}
