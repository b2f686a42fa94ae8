/// OpenAI's text completions: chat without roles.
struct CompletionsWriter: AnswerWriter {
    private let draft: Draft

    init(_ draft: Draft) { self.draft = draft }

    var opening: String { "" }
    func event(piece: String, at index: Int) -> String {
        "data: \(object(text: piece, finish: "null", usage: "null"))\n\n"
    }
    var closing: String {
        "data: \(object(text: "", finish: finish, usage: draft.includesUsage ? usage : "null"))\n\n" + done
    }
    var done: String { "data: [DONE]\n\n" }
    var keepAlive: String { ": keep-alive\n\n" }
    func event(error json: String) -> String { "data: \(json)\n\n" }
    var document: String { object(text: draft.text, finish: finish, usage: usage) }

    private var finish: String { draft.isCutShort ? "\"length\"" : "\"stop\"" }

    private var usage: String {
        let completion = draft.pieces.count
        return #"{"prompt_tokens":\#(draft.promptTokens),"completion_tokens":\#(completion),"#
            + #""total_tokens":\#(draft.promptTokens + completion)}"#
    }

    private func object(text: String, finish: String, usage: String) -> String {
        #"{"id":"cmpl-\#(draft.id)","object":"text_completion","created":\#(draft.created),"#
            + #""model":\#(quoted(draft.model)),"choices":[{"text":"\#(text)","index":0,"logprobs":null,"#
            + #""finish_reason":\#(finish)}],"usage":\#(usage)}"#
    }
}
