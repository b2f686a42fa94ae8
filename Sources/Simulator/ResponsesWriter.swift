/// OpenAI's responses, with numbered events and no end mark but the last of them.
struct ResponsesWriter: AnswerWriter {
    private let draft: Draft

    init(_ draft: Draft) { self.draft = draft }

    var opening: String {
        event("response.created", 0, #""response":\#(response("in_progress", output: "", usage: "null"))"#)
            + event("response.in_progress", 1, #""response":\#(response("in_progress", output: "", usage: "null"))"#)
            + event("response.output_item.added", 2, #""output_index":0,"item":\#(item("in_progress", content: ""))"#)
            + event("response.content_part.added", 3, #"\#(place),"part":\#(part(""))"#)
    }
    func event(piece: String, at index: Int) -> String {
        event("response.output_text.delta", 4 + index, #"\#(place),"delta":"\#(piece)","logprobs":[]"#)
    }
    var closing: String {
        let next = 4 + draft.pieces.count
        let item = item(status, content: part(draft.text))
        return event("response.output_text.done", next, #"\#(place),"text":"\#(draft.text)","logprobs":[]"#)
            + event("response.content_part.done", next + 1, #"\#(place),"part":\#(part(draft.text))"#)
            + event("response.output_item.done", next + 2, #""output_index":0,"item":\#(item)"#)
            + event("response.\(status)", next + 3, #""response":\#(document)"#)
    }
    /// There is none.
    var done: String { "" }
    var keepAlive: String { ": keep-alive\n\n" }
    func event(error json: String) -> String {
        let words = #""code":"server_error","message":"The server had an error while processing your request""#
        return event("error", 0, words + #","param":null"#)
    }
    var document: String {
        let usage =
            #"{"input_tokens":\#(draft.promptTokens),"input_tokens_details":{"cached_tokens":0},"#
            + #""output_tokens":\#(draft.pieces.count),"output_tokens_details":{"reasoning_tokens":0},"#
            + #""total_tokens":\#(draft.promptTokens + draft.pieces.count)}"#
        return response(status, output: item(status, content: part(draft.text)), usage: usage)
    }

    private var status: String { draft.isCutShort ? "incomplete" : "completed" }
    private var place: String { #""item_id":"msg_\#(draft.id)","output_index":0,"content_index":0"# }

    private func part(_ text: String) -> String {
        #"{"type":"output_text","text":"\#(text)","annotations":[],"logprobs":[]}"#
    }

    private func item(_ status: String, content: String) -> String {
        #"{"id":"msg_\#(draft.id)","type":"message","status":"\#(status)","role":"assistant","content":[\#(content)]}"#
    }

    private func response(_ status: String, output: String, usage: String) -> String {
        let why = status == "incomplete" ? #"{"reason":"max_output_tokens"}"# : "null"
        return #"{"id":"resp_\#(draft.id)","object":"response","created_at":\#(draft.created),"status":"\#(status)","#
            + #""error":null,"incomplete_details":\#(why),"instructions":null,"metadata":{},"#
            + #""model":\#(quoted(draft.model)),"output":[\#(output)],"parallel_tool_calls":true,"temperature":1.0,"#
            + #""tool_choice":"auto","tools":[],"top_p":1.0,"usage":\#(usage)}"#
    }

    private func event(_ type: String, _ number: Int, _ fields: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":\(number),\(fields)}\n\n"
    }
}
