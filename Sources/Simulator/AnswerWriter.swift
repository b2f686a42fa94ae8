/// One answer before it has a wire format.
struct Draft: Sendable {
    /// Begins after the format's prefix; unique within a provider.
    var id: String
    var model: String
    /// Unix seconds; derived from the arrival number, so that runs repeat.
    var created: Int
    var promptTokens: Int
    /// One a token; plain ASCII, escaped for JSON already.
    var pieces: [String]
    /// True where the token limit ended it.
    var isCutShort: Bool
    var includesUsage: Bool
    /// The request marks something for the provider's cache, for so long (`5m`, `1h`); nil where it marks nothing.
    var cacheLifetime: String?

    var text: String { pieces.joined() }
}

/// How one wire format writes an answer: as a document, or as the events of a stream.
protocol AnswerWriter: Sendable {
    /// What comes before the first content.
    var opening: String { get }
    /// One piece; `index` is its place among all.
    func event(piece: String, at index: Int) -> String
    /// From the finish reason on.
    var closing: String { get }
    /// The last word without a finish reason.
    var done: String { get }
    /// A sign of life that carries nothing.
    var keepAlive: String { get }
    /// The whole answer to a request that doesn't stream.
    var document: String { get }
    /// An event whose data is `json`, whatever that is.
    func event(error json: String) -> String
}

struct OpenAIWriter: AnswerWriter {
    private let draft: Draft
    private let beforeChoices: String
    private let afterChoices: String

    init(_ draft: Draft) {
        self.draft = draft
        beforeChoices =
            #"data: {"id":"chatcmpl-\#(draft.id)","object":"chat.completion.chunk","created":\#(draft.created),"#
            + #""model":\#(quoted(draft.model)),"service_tier":"default","system_fingerprint":"fp_simulated","choices":"#
        afterChoices = (draft.includesUsage ? #","usage":null}"# : "}") + "\n\n"
    }

    var opening: String { chunk(delta: #"{"role":"assistant","content":"","refusal":null}"#) }
    func event(piece: String, at index: Int) -> String { chunk(delta: #"{"content":"\#(piece)"}"#) }
    var closing: String {
        let usageChunk = draft.includesUsage ? beforeChoices + #"[],"usage":\#(usage)}"# + "\n\n" : ""
        return chunk(delta: "{}", finish: "\"\(finish)\"") + usageChunk + done
    }
    var done: String { "data: [DONE]\n\n" }
    var keepAlive: String { ": keep-alive\n\n" }
    func event(error json: String) -> String { "data: \(json)\n\n" }

    var document: String {
        #"{"id":"chatcmpl-\#(draft.id)","object":"chat.completion","created":\#(draft.created),"#
            + #""model":\#(quoted(draft.model)),"choices":[{"index":0,"message":{"role":"assistant","#
            + #""content":"\#(draft.text)","refusal":null,"annotations":[]},"logprobs":null,"#
            + #""finish_reason":"\#(finish)"}],"usage":\#(usage),"service_tier":"default","#
            + #""system_fingerprint":"fp_simulated"}"#
    }

    private var finish: String { draft.isCutShort ? "length" : "stop" }

    private var usage: String {
        let completion = draft.pieces.count
        return #"{"prompt_tokens":\#(draft.promptTokens),"completion_tokens":\#(completion),"#
            + #""total_tokens":\#(draft.promptTokens + completion),"#
            + #""prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"#
            + #""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#
            + #""accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#
    }

    private func chunk(delta: String, finish: String = "null") -> String {
        beforeChoices + #"[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]"# + afterChoices
    }
}

struct AnthropicWriter: AnswerWriter {
    private let draft: Draft

    init(_ draft: Draft) { self.draft = draft }

    var opening: String {
        let message =
            #"{"id":"msg_\#(draft.id)","type":"message","role":"assistant","model":\#(quoted(draft.model)),"#
            + #""content":[],"stop_reason":null,"stop_sequence":null,"usage":\#(usage(output: 1))}"#
        return event("message_start", #","message":\#(message)"#)
            + event("content_block_start", #","index":0,"content_block":{"type":"text","text":""}"#)
            + keepAlive
    }
    func event(piece: String, at index: Int) -> String {
        event("content_block_delta", #","index":0,"delta":{"type":"text_delta","text":"\#(piece)"}"#)
    }
    var closing: String {
        let delta = #","delta":{"stop_reason":"\#(stopReason)","stop_sequence":null}"#
        return event("content_block_stop", #","index":0"#)
            + event("message_delta", delta + #","usage":{"output_tokens":\#(draft.pieces.count)}"#)
            + done
    }
    var done: String { event("message_stop") }
    var keepAlive: String { event("ping") }
    func event(error json: String) -> String { "event: error\ndata: \(json)\n\n" }

    var document: String {
        #"{"id":"msg_\#(draft.id)","type":"message","role":"assistant","model":\#(quoted(draft.model)),"#
            + #""content":[{"type":"text","text":"\#(draft.text)"}],"stop_reason":"\#(stopReason)","#
            + #""stop_sequence":null,"usage":\#(usage(output: draft.pieces.count))}"#
    }

    private var stopReason: String { draft.isCutShort ? "max_tokens" : "end_turn" }

    private func usage(output: Int) -> String {
        // Where anything is marked, all but one token is written.
        let written = draft.cacheLifetime == nil ? 0 : draft.promptTokens - 1
        let hour = draft.cacheLifetime == "1h" ? written : 0
        return #"{"input_tokens":\#(draft.promptTokens - written),"cache_creation_input_tokens":\#(written),"#
            + #""cache_creation":{"ephemeral_5m_input_tokens":\#(written - hour),"#
            + #""ephemeral_1h_input_tokens":\#(hour)},"cache_read_input_tokens":0,"#
            + #""output_tokens":\#(output),"service_tier":"standard"}"#
    }

    private func event(_ type: String, _ fields: String = "") -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\"\(fields)}\n\n"
    }
}
