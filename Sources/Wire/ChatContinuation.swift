/// A chat answer while it streams, so that where it breaks off another deployment can go on with it.
///
/// Chunks of the first deployment pass as they are and are read; those of a later one become part of the same answer: one
/// id, one model, one role, usage added up. Holds the text so far, and nothing else of the answer: tool calls, refusals,
/// audio and more than one choice can't be continued.
package struct ChatContinuation: Sendable {
    /// What the client is asked to repeat nothing of, where a model does not go on from the assistant's own turn.
    static let instruction =
        "Your previous message was cut off. Continue it exactly where it stopped: begin with the very next character, repeat nothing, add no introduction."

    /// What the model has said so far.
    package private(set) var text = ""
    /// Whether a later deployment speaks now.
    package private(set) var isContinued = false
    private var isPlainText = true
    private var splitter = EventStream()
    /// `id`, `created`, `model` and `system_fingerprint` as the first chunk had them.
    private var identity: [JSONValue.Member] = []
    /// Tokens of the deployments that broke off.
    private var usedBefore = TokenUsage(input: 0, output: 0)
    /// White space at the seam stands once: a turn that ends with some is sent without it.
    private var skipsBlanks = false

    private static let identityKeys = ["id", "created", "model", "system_fingerprint"]

    /// Nil where an answer to `request` could not be continued: another endpoint than chat is called, more than one choice is asked for, audio, or JSON.
    package init?(_ request: ChatRequest) {
        guard request.endpoint == .chat, request.stream, let tree = try? JSONValue(request.body),
            tree["n"]?.integer ?? 1 == 1,
            tree["modalities"]?.elements?.contains("audio") != true,
            // A model that must write a document begins a new one.
            tree["response_format"] == nil || tree["response_format"]?["type"] == "text"
        else { return nil }
    }

    /// Whether what came so far can be continued: text, and text alone.
    package var isPossible: Bool { isPlainText && !text.isEmpty }

    /// The next bytes for the client: whole events of OpenAI's format in, the same out, as one answer.
    package mutating func pass(_ bytes: [UInt8]) -> [UInt8] {
        guard let events = try? splitter.feed(bytes) else {
            isPlainText = false
            return bytes
        }
        return events.flatMap { pass($0) }
    }

    /// Tokens of the answer so far: as the deployments that broke off reported them, at least four bytes of text each.
    package var usedOutput: Int { max(usedBefore.output, text.utf8.count / 4) }

    /// What comes from now on is another deployment's; `used` is what the one that broke off took.
    package mutating func resume(used: TokenUsage) {
        isContinued = true
        splitter = EventStream()
        usedBefore.input += used.input
        usedBefore.output += used.output
        skipsBlanks = text.last?.isWhitespace ?? false
    }

    /// The body of the request that goes on: the text so far as the assistant's turn, and, unless the model continues such
    /// a turn by itself (`takesPrefill`), the instruction to do so.
    ///
    /// A limit on the answer's tokens is cut by what was said.
    package func body(of request: ChatRequest, takesPrefill: Bool) -> [UInt8] {
        guard var tree = try? JSONValue(request.body), var messages = tree["messages"]?.elements else {
            return request.body
        }
        let reasons = tree["reasoning_effort"] != nil || tree["thinking"] != nil
        messages.append(["role": "assistant", "content": .string(trimmed(text))])
        if !takesPrefill || reasons { messages.append(["role": "user", "content": .string(Self.instruction)]) }
        tree = tree.setting("messages", to: .array(messages))
        for key in ["max_tokens", "max_completion_tokens"] {
            guard let limit = tree[key]?.integer, limit > 0 else { continue }
            tree = tree.setting(key, to: .integer(max(1, limit - usedOutput)))
        }
        return tree.bytes
    }

    // MARK: Chunks

    private mutating func pass(_ event: EventStream.Event) -> [UInt8] {
        guard let data = event.data, let chunk = try? JSONValue(data), chunk.members != nil else { return event.raw }
        let delta = read(chunk)
        guard isContinued else { return event.raw }
        guard let joined = join(chunk, delta) else { return [] }
        return Array("data: ".utf8) + joined.bytes + Array("\n\n".utf8)
    }

    /// Notes what the chunk says; gives its text.
    private mutating func read(_ chunk: JSONValue) -> String {
        if identity.isEmpty, !isContinued {
            identity = Self.identityKeys.compactMap { key in chunk[key].map { JSONValue.Member(key, $0) } }
        }
        let choices = chunk["choices"]?.elements ?? []
        for choice in choices {
            let delta = choice["delta"]
            let isOther = ["tool_calls", "function_call", "refusal", "audio"].contains { delta?[$0] != nil }
            if isOther || choice["index"]?.integer ?? 0 != 0 { isPlainText = false }
        }
        var piece = choices.first?["delta"]?["content"]?.text ?? ""
        if skipsBlanks, !piece.isEmpty {
            piece = String(piece.drop { $0.isWhitespace })
            if !piece.isEmpty { skipsBlanks = false }
        }
        text += piece
        return piece
    }

    /// A later deployment's chunk as one of the first answer; nil where nothing of it is new.
    private func join(_ chunk: JSONValue, _ piece: String) -> JSONValue? {
        var joined = chunk.removing("system_fingerprint")
        for member in identity { joined = joined.setting(member.key, to: member.value) }
        if let usage = chunk["usage"] { joined = joined.setting("usage", to: added(usage)) }
        guard let choice = chunk["choices"]?.elements?.first, let delta = choice["delta"] else { return joined }
        var said = delta.removing("role")
        if delta["content"]?.text != nil { said = said.setting("content", to: .string(piece)) }
        let isEmpty = (said.members ?? []).allSatisfy { $0.value == .null || $0.value == "" }
        if isEmpty, choice["finish_reason"] == nil, chunk["usage"] == nil { return nil }
        return joined.setting("choices", to: [choice.setting("delta", to: said)])
    }

    private func added(_ usage: JSONValue) -> JSONValue {
        var sum = usage
        for (key, before) in [
            ("prompt_tokens", usedBefore.input), ("completion_tokens", usedBefore.output),
            ("total_tokens", usedBefore.input + usedBefore.output),
        ] {
            // A provider may say anything: sums stay far from where they would overflow.
            guard let count = usage[key]?.integer, (0...1_000_000_000).contains(count) else { continue }
            sum = sum.setting(key, to: .integer(count + before))
        }
        return sum
    }

    private func trimmed(_ text: String) -> String {
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(text[...last])
    }
}
