import Synchronization

/// The reader's end of one exchange over libcurl.
///
/// The libcurl thread calls `deliver` and `mustPause`; the reader calls `next` and `cancel`. Continuations are resumed outside
/// the lock.
final class CurlExchange: UpstreamExchange {
    typealias Step = ExchangeBuffer.Step

    private struct State {
        var buffer = ExchangeBuffer()
        var reader: CheckedContinuation<Step, Never>?
        var wasSent = false

        /// The waiting reader and its answer, where there are both.
        mutating func handOver() -> Handover? {
            guard let reader, let step = buffer.take() else { return nil }
            self.reader = nil
            return Handover(reader: reader, step: step, resumesTransfer: buffer.resumes())
        }
    }

    private struct Handover {
        let reader: CheckedContinuation<Step, Never>
        let step: Step
        let resumesTransfer: Bool
    }

    let request: UpstreamRequest
    private let mailbox: Mailbox
    private let state = Mutex(State())

    init(_ request: UpstreamRequest, mailbox: Mailbox) {
        self.request = request
        self.mailbox = mailbox
    }

    // MARK: the reader's side

    func next() async throws(TransportError) -> [UpstreamEvent]? {
        if let step = takeStep(orWait: nil) { return try step.get() }
        let step = await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                if let step = takeStep(orWait: reader) { reader.resume(returning: step) }
            }
        } onCancel: {
            cancel()
        }
        return try step.get()
    }

    func cancel() {
        let (wasOpen, handover) = state.withLock { ($0.buffer.cancel(), $0.handOver()) }
        if wasOpen { mailbox.post(.cancel(self)) }
        handOver(handover)
    }

    var wasSent: Bool { state.withLock { $0.wasSent } }

    /// What is there, or nil after having noted `reader` as waiting.
    private func takeStep(orWait reader: CheckedContinuation<Step, Never>?) -> Step? {
        let (step, resumes) = state.withLock { state in
            let step = state.buffer.take()
            if step == nil { state.reader = reader }
            return (step, step != nil && state.buffer.resumes())
        }
        if resumes { mailbox.post(.resume(self)) }
        return step
    }

    // MARK: the libcurl thread's side

    /// True once nothing more can reach the reader.
    var isEnded: Bool { state.withLock { $0.buffer.isEnded } }

    /// Body bytes that have come and are unread.
    var bufferedBytes: Int { state.withLock { $0.buffer.size } }

    /// True while the connection is held back.
    var isPaused: Bool { state.withLock { $0.buffer.isPaused } }

    /// Whether libcurl must keep what it wants to hand over, `pending` bytes being undelivered already.
    func mustPause(pending: Int, limit: Int) -> Bool {
        state.withLock { $0.buffer.pauses(incoming: pending, limit: limit) }
    }

    /// A connection is there, and the request goes out.
    func noteSending() { state.withLock { $0.wasSent = true } }

    /// Hands `events` to the reader; `outcome` ends the exchange.
    func deliver(_ events: [UpstreamEvent], size: Int, outcome: Outcome = .more) {
        let handover = state.withLock { state in
            state.buffer.append(events, size: size)
            switch outcome {
            case .more: break
            case .complete: state.buffer.end(nil)
            case .failed(let error): state.buffer.end(error)
            }
            return state.handOver()
        }
        handOver(handover)
    }

    enum Outcome {
        case more, complete
        case failed(TransportError)
    }

    private func handOver(_ handover: Handover?) {
        guard let handover else { return }
        handover.reader.resume(returning: handover.step)
        if handover.resumesTransfer { mailbox.post(.resume(self)) }
    }
}
