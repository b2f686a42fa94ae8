import Routing
import Wire

/// Reads a chat stream while it passes: knows whether content has come, what was used, and whether the end is a real one.
///
/// Gives the original bytes back, whole events at a time: what `takeReady` returns may be sent on as it is.
struct ChatStreamReader: Sendable {
    /// Turns another format's events into chat chunks before they are read; nil where they are chat chunks already.
    private var translator: AnthropicStreamTranslator?
    private var splitter = EventStream()
    private var ready: [UInt8] = []
    private var choices: Set<Int> = []
    private var finished: Set<Int> = []
    private(set) var usage: TokenUsage?
    private(set) var contentBytes = 0
    /// Content came, or the model finished without any.
    private(set) var hasSpoken = false
    private(set) var hasDone = false
    private(set) var hasEnded = false
    private(set) var failure: AttemptFailure?

    /// Every choice that began has a finish reason.
    var isComplete: Bool { !choices.isEmpty && choices == finished }

    init(translator: AnthropicStreamTranslator? = nil) { self.translator = translator }

    mutating func feed(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        do {
            let chunks = translator?.feed(bytes) ?? bytes
            for event in try splitter.feed(chunks) { read(event) }
            // The translator knows the counts also where the client did not ask for a usage chunk.
            usage = translator?.usage ?? usage
            if translator?.isMalformed == true { fail("an event is not what Anthropic's format has") }
        } catch {
            failure = AttemptFailure(.badAnswer, status: 200, detail: "an event over 4 MiB")
        }
    }

    /// The transfer is over.
    mutating func finish() { hasEnded = true }

    /// What may be sent on; empties it.
    mutating func takeReady() -> [UInt8] {
        defer { ready.removeAll(keepingCapacity: true) }
        return ready
    }

    private mutating func read(_ event: EventStream.Event) {
        guard failure == nil, !hasDone else { return }
        guard let data = event.data else {
            // A comment keeps the connection alive; before content it says nothing.
            if hasSpoken { ready += event.raw }
            return
        }
        if data.elementsEqual("[DONE]".utf8) {
            guard isComplete else { return fail("the end mark came without a finish reason") }
            hasDone = true
            ready += event.raw
            return
        }
        guard let chunk = try? ChatAnswer(data) else { return fail("a chunk is not JSON") }
        if let error = chunk.error {
            let words = [error.code ?? error.type, error.message].compactMap { $0 }.joined(separator: ": ")
            let kind = classify(
                status: error.code.flatMap(Int.init) ?? 500,
                type: error.type,
                code: error.code,
                message: error.message
            )
            failure = AttemptFailure(kind == .request ? .badAnswer : kind, status: 200, detail: "error event: \(words)")
            return
        }
        choices.formUnion(chunk.choices)
        finished.formUnion(chunk.finished)
        contentBytes += chunk.contentBytes
        usage = chunk.usage ?? usage
        if chunk.hasContent || isComplete { hasSpoken = true }
        ready += event.raw
    }

    private mutating func fail(_ what: String) {
        failure = AttemptFailure(.badAnswer, status: 200, detail: what)
    }
}
