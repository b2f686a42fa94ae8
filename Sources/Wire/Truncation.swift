/// A conversation without its oldest turns.
package struct Truncation: Sendable {
    package let request: ChatRequest
    /// Messages that were dropped; 0 where all fitted.
    package let droppedMessages: Int
    package let size: PromptSize
}

extension ChatRequest {
    /// The request with as many of its oldest turns dropped as `limit` nominal tokens take; nil where even the shortest
    /// prompt doesn't fit.
    ///
    /// A turn begins with what a user says and goes on to the next such message, so that a tool's results stay with their
    /// call. Kept are system and developer messages, the last turn, and every other byte of the body. Works on OpenAI's and
    /// Anthropic's bodies alike; in Anthropic's an instruction between turns bars dropping what stands before it, for a
    /// conversation there must begin with a user.
    package func truncated(to limit: Int) -> Truncation? {
        let layout = layout
        guard let cut = layout.cuts.first(where: { $0.size.nominalTokens <= limit }) else { return nil }
        let dropped = layout.messages[..<cut.messages].indices.filter { !layout.messages[$0].isInstruction }
        // A message that goes is never the last, so its comma goes with it.
        let edits = dropped.map { index in
            (layout.messages[index].range.lowerBound..<layout.messages[index + 1].range.lowerBound, "")
        }
        guard let request = edits.isEmpty ? self : try? ChatRequest(body(replacing: edits), endpoint: endpoint)
        else { return nil }
        return Truncation(request: request, droppedMessages: dropped.count, size: cut.size)
    }

    /// How long the prompt is (messages, system prompt, tools, the wanted form of the answer; `prompt`, `input` and
    /// `instructions` of the endpoints that have those), whole and with all turns
    /// dropped that may be.
    package var promptSizes: (whole: PromptSize, shortest: PromptSize) {
        let layout = layout
        return (layout.total, layout.cuts.last?.size ?? layout.total)
    }

    private var layout: ConversationLayout {
        body.withUnsafeBufferPointer { bytes in
            var layout = ConversationLayout()
            // The body was read before: it is well-formed.
            try? layout.read(bytes)
            return layout
        }
    }
}

/// Where the messages of a body stand, and what belongs together.
private struct ConversationLayout {
    struct Message {
        let range: Range<Int>
        let size: PromptSize
        var role = ""
        /// Ids of tool calls that it makes, and of those that it answers.
        var calls: [String] = []
        var answers: [String] = []
        /// It answers a call, named or not.
        var isAnswer = false

        var isInstruction: Bool { role == "system" || role == "developer" }
    }

    private(set) var messages: [Message] = []
    /// Everything but the messages.
    private var rest = PromptSize()
    /// The body has Anthropic's system prompt, or blocks that only Anthropic has.
    private var isAnthropic = false

    var total: PromptSize { messages.reduce(rest) { $0 + $1.size } }

    /// How many messages may be cut off the beginning, instructions among them excepted, and what is then left: none first,
    /// and each but the first leaves a user's message to begin with.
    var cuts: [(messages: Int, size: PromptSize)] {
        var left = total
        var cuts = [(messages: 0, size: left)]
        var previous: Message?
        let tied = tiedPlaces
        for (index, message) in messages.enumerated() {
            if message.isInstruction {
                if isAnthropic { break }
                continue
            }
            let begins = message.role == "user" && !message.isAnswer && previous?.role != "user"
            if begins, previous != nil, !tied.contains(index) { cuts.append((index, left)) }
            left = left - message.size
            previous = message
        }
        return cuts
    }

    /// Places between a call and its answer, where nothing may be cut: by index of the message that follows.
    private var tiedPlaces: Set<Int> {
        var tied: Set<Int> = []
        var lastCall: Int?
        var callOfID: [String: Int] = [:]
        for (index, message) in messages.enumerated() {
            if !message.calls.isEmpty {
                lastCall = index
                for id in message.calls { callOfID[id] = index }
            }
            guard message.isAnswer else { continue }
            let asked = message.answers.compactMap { callOfID[$0] }.min() ?? lastCall
            if let asked, asked < index { tied.formUnion(asked + 1...index) }
        }
        return tied
    }

    // MARK: Reading

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
        var scanner = JSONScanner(bytes)
        try scanner.members { (key, scanner) throws(JSONError) in
            if scanner.matches(key, "messages"), scanner.next() == UInt8(ascii: "[") {
                messages = []
                try scanner.elements { (scanner) throws(JSONError) in
                    messages.append(try message(&scanner, bytes))
                }
                return
            }
            let range = try scanner.value().range
            if scanner.matches(key, "system") { isAnthropic = true }
            if Self.isPrompt(key, scanner) { rest = rest + PromptSize(UnsafeBufferPointer(rebasing: bytes[range])) }
        }
    }

    private static func isPrompt(_ key: Range<Int>, _ scanner: JSONScanner) -> Bool {
        scanner.matches(key, "system") || scanner.matches(key, "tools") || scanner.matches(key, "functions")
            || scanner.matches(key, "response_format") || scanner.matches(key, "output_config")
            || scanner.matches(key, "prediction") || scanner.matches(key, "prompt") || scanner.matches(key, "input")
            || scanner.matches(key, "instructions")
    }

    private mutating func message(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> Message {
        var lookahead = scanner
        let range = try scanner.value().range
        var message = Message(range: range, size: PromptSize(UnsafeBufferPointer(rebasing: bytes[range])))
        guard lookahead.next() == UInt8(ascii: "{") else { return message }
        try lookahead.members { (key, scanner) throws(JSONError) in
            if scanner.matches(key, "content"), scanner.next() == UInt8(ascii: "[") {
                try scanner.elements { (scanner) throws(JSONError) in try block(&scanner, bytes, &message) }
            } else if scanner.matches(key, "tool_calls"), scanner.next() == UInt8(ascii: "[") {
                try scanner.elements { (scanner) throws(JSONError) in
                    message.calls.append(try fields(&scanner, bytes).id)
                }
            } else {
                let isCall = scanner.matches(key, "function_call")
                let value = try scanner.value()
                if scanner.matches(key, "role") { message.role = value.text(in: bytes) ?? "" }
                if scanner.matches(key, "tool_call_id") { message.answers.append(value.text(in: bytes) ?? "") }
                if isCall, value.kind == .object { message.calls.append("") }
            }
        }
        if message.role == "tool" || message.role == "function" { message.isAnswer = true }
        return message
    }

    /// A block of content: Anthropic's hold calls and their results.
    private mutating func block(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ message: inout Message
    ) throws(JSONError) {
        let block = try fields(&scanner, bytes)
        if block.type.hasSuffix("tool_use") {
            message.calls.append(block.id)
            isAnthropic = true
        } else if block.type.hasSuffix("tool_result") {
            message.answers.append(block.toolUseID)
            message.isAnswer = true
            isAnthropic = true
        }
    }

    private func fields(
        _ scanner: inout JSONScanner,
        _ bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> (type: String, id: String, toolUseID: String) {
        var found = (type: "", id: "", toolUseID: "")
        guard scanner.next() == UInt8(ascii: "{") else {
            try scanner.value()
            return found
        }
        try scanner.members { (key, scanner) throws(JSONError) in
            let value = try scanner.value()
            if scanner.matches(key, "type") { found.type = value.text(in: bytes) ?? "" }
            if scanner.matches(key, "id") { found.id = value.text(in: bytes) ?? "" }
            if scanner.matches(key, "tool_use_id") { found.toolUseID = value.text(in: bytes) ?? "" }
        }
        return found
    }
}
