import Routing
import Wire

/// Reads a stream while it passes: knows whether content has come, what was used, and whether the end is a real one.
///
/// What `takeReady` returns is the client's format, whole events at a time, and may be sent on as it is: the provider's own
/// bytes where both speak one format.
struct StreamReader: Sendable {
    /// What a provider's events are, and what becomes of them.
    enum Passage: Sendable {
        /// OpenAI's chunks, of chat or of completions, as they come.
        case chunks
        /// OpenAI's response events, as they come.
        case responses
        /// Anthropic's events, as they come; read with the translator's help.
        case messages(AnthropicStreamTranslator)
        /// Anthropic's events become OpenAI's chunks.
        case chunksFromMessages(AnthropicStreamTranslator)
        /// OpenAI's chunks become Anthropic's events.
        case messagesFromChunks(AnthropicEventWriter)
    }

    private let endpoint: Endpoint
    private var passage: Passage
    private var splitter = EventStream()
    private var ready: [UInt8] = []
    /// Anthropic's stop reason, until the end that confirms it.
    private var heldEnd: [UInt8] = []
    private var choices: Set<Int> = []
    private var finished: Set<Int> = []
    private var events = 0
    /// Events that are more than a sign of life.
    private(set) var steps = 0
    /// Part of an event has come, and not its end.
    var isWithinEvent: Bool { splitter.hasRemainder }
    private(set) var usage: TokenUsage?
    private(set) var contentBytes = 0
    /// Content came, or the model finished without any.
    private(set) var hasSpoken = false
    private(set) var hasDone = false
    private(set) var hasEnded = false
    private(set) var failure: AttemptFailure?

    /// Every choice that began has a finish reason.
    var isComplete: Bool { !choices.isEmpty && choices == finished }

    /// A reader of what `endpoint` answers, given to a client of `endpoint`.
    init(_ endpoint: Endpoint, _ passage: Passage) {
        self.endpoint = endpoint
        self.passage = passage
    }

    /// A reader for where both sides speak the format of `endpoint`.
    init(_ endpoint: Endpoint = .chat) {
        switch endpoint {
        case .messages, .countTokens: self.init(endpoint, .messages(.meter))
        case .responses: self.init(endpoint, .responses)
        case .chat, .completions, .embeddings: self.init(endpoint, .chunks)
        }
    }

    mutating func feed(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        do {
            for event in try splitter.feed(bytes) {
                guard failure == nil, !hasDone else { return }
                read(event)
            }
        } catch {
            fail("an event over 4 MiB")
        }
    }

    /// The transfer is over.
    mutating func finish() { hasEnded = true }

    /// What may be sent on; empties it.
    mutating func takeReady() -> [UInt8] {
        defer { ready.removeAll(keepingCapacity: true) }
        return ready
    }

    /// What the client's format wants at the end of a complete answer and the provider left out.
    mutating func closing() -> [UInt8] {
        guard !hasDone else { return [] }
        hasDone = true
        switch passage {
        case .chunks, .chunksFromMessages: return Array("data: [DONE]\n\n".utf8)
        case .messagesFromChunks(var writer): return writer.end()
        case .messages, .responses: return []
        }
    }

    /// The error event of the client's format.
    func errorEvent(_ error: GatewayError, requestID: String) -> [UInt8] {
        endpoint.errorEvent(error, requestID: requestID, after: events)
    }

    // MARK: Events

    private mutating func read(_ event: EventStream.Event) {
        if !event.isKeepAlive { steps += 1 }
        switch passage {
        case .chunks:
            if readChunk(event) { ready += event.raw }
        case .messagesFromChunks(var writer):
            guard readChunk(event) else { return }
            let written = writer.feed(event)
            passage = .messagesFromChunks(writer)
            // An error it would write as the provider's; the one that the client gets is ours.
            if let error = writer.error { fail(error.message ?? "the provider broke off") } else { ready += written }
        case .responses:
            if readResponse(event) { ready += event.raw }
        case .chunksFromMessages(var translator):
            let chunks = translator.feed(event)
            passage = .chunksFromMessages(translator)
            readMessages(chunks, translator) { reader, chunk in reader.ready += chunk.raw }
        case .messages(var translator):
            let chunks = translator.feed(event)
            passage = .messages(translator)
            readMessages(chunks, translator) { _, _ in }
            if failure == nil { pass(event, translator) }
        }
    }

    /// Sends one of Anthropic's events on as it came; what says that all is said waits for the end.
    private mutating func pass(_ event: EventStream.Event, _ translator: AnthropicStreamTranslator) {
        if translator.hasContent { hasSpoken = true }
        if event.data == nil, !hasSpoken { return }
        if translator.hasStopped, !translator.isDone { return fail("the end came without a stop reason") }
        if translator.hasStopReason, !translator.isDone {
            heldEnd += event.raw
        } else {
            ready += heldEnd + event.raw
            heldEnd = []
        }
    }

    private mutating func readMessages(
        _ chunks: [UInt8],
        _ translator: AnthropicStreamTranslator,
        _ body: (inout StreamReader, EventStream.Event) -> Void
    ) {
        if translator.isMalformed { return fail("an event is not what Anthropic's format has") }
        // What the translator writes is whole events, each far below the limit.
        var splitter = EventStream(limit: .max)
        for chunk in (try? splitter.feed(chunks)) ?? [] where readChunk(chunk) { body(&self, chunk) }
        // It knows the counts also where the client did not ask for a usage chunk.
        usage = translator.usage ?? usage
    }

    /// Whether the event may be passed on.
    private mutating func readChunk(_ event: EventStream.Event) -> Bool {
        guard failure == nil, !hasDone else { return false }
        guard let data = event.data else {
            // A comment keeps the connection alive; before content it says nothing.
            return hasSpoken
        }
        if data.elementsEqual("[DONE]".utf8) {
            if isComplete { hasDone = true } else { fail("the end mark came without a finish reason") }
            return hasDone
        }
        guard let chunk = try? ChatAnswer(data) else {
            fail("a chunk is not JSON")
            return false
        }
        return note(chunk)
    }

    private mutating func readResponse(_ event: EventStream.Event) -> Bool {
        guard let data = event.data else { return hasSpoken }
        if data.elementsEqual("[DONE]".utf8) { return false }
        guard let facts = try? ChatAnswer(responseEvent: data) else {
            fail("an event is not JSON")
            return false
        }
        guard note(facts) else { return false }
        events += 1
        hasDone = isComplete
        return true
    }

    /// Whether it is no error.
    private mutating func note(_ facts: ChatAnswer) -> Bool {
        if let error = facts.error {
            let words = [error.code ?? error.type, error.message].compactMap { $0 }.joined(separator: ": ")
            let kind = classify(
                status: error.code.flatMap(Int.init) ?? 500,
                type: error.type,
                code: error.code,
                message: error.message
            )
            failure = AttemptFailure(kind == .request ? .badAnswer : kind, status: 200, detail: "error event: \(words)")
            return false
        }
        choices.formUnion(facts.choices)
        finished.formUnion(facts.finished)
        contentBytes += facts.contentBytes
        usage = facts.usage ?? usage
        if facts.hasContent || isComplete { hasSpoken = true }
        return true
    }

    private mutating func fail(_ what: String) {
        failure = failure ?? AttemptFailure(.badAnswer, status: 200, detail: what)
    }
}

extension EventStream.Event {
    /// A comment, or an event that only says that somebody is there: Anthropic's `ping`, `keepalive` of OpenAI's responses.
    fileprivate var isKeepAlive: Bool { data == nil || name == "ping" || name == "keepalive" }
}

extension AnthropicStreamTranslator {
    /// One whose words nobody reads.
    fileprivate static var meter: AnthropicStreamTranslator {
        AnthropicStreamTranslator(includeUsage: false, id: "", created: 0, model: "")
    }
}
