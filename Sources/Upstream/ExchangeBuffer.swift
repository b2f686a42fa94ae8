/// What has come for one exchange and has not been read: a value, so that the rules of reading are tested without a network.
///
/// The libcurl thread appends and ends, the reader takes and cancels; `CurlExchange` keeps it behind its lock.
struct ExchangeBuffer {
    /// What one `next()` returns or throws.
    typealias Step = Result<[UpstreamEvent]?, TransportError>

    private enum Phase {
        case open
        /// Nothing more will come; the reader gets what is left, then the error where there is one, then nil.
        case ended(TransportError?)
    }

    private var phase = Phase.open
    private var events: [UpstreamEvent] = []
    /// Body bytes in `events`.
    private(set) var size = 0
    /// True from the moment the connection was told to stop sending until the reader has taken what was there.
    private(set) var isPaused = false

    var isEnded: Bool {
        if case .ended = phase { true } else { false }
    }

    /// Everything there is to say now; nil when the reader must wait.
    mutating func take() -> Step? {
        guard events.isEmpty else {
            defer {
                events = []
                size = 0
            }
            return .success(events)
        }
        guard case .ended(let error) = phase else { return nil }
        phase = .ended(nil)
        return error.map { .failure($0) } ?? .success(nil)
    }

    /// Adds `batch`, which holds `size` body bytes; ignored after the end.
    mutating func append(_ batch: [UpstreamEvent], size batchSize: Int) {
        guard !isEnded else { return }
        if events.isEmpty { events = batch } else { events += batch }
        size += batchSize
    }

    /// No more will come; what is unread stays readable.
    mutating func end(_ error: TransportError?) {
        guard !isEnded else { return }
        phase = .ended(error)
    }

    /// Ends with `cancelled` and drops what is unread.
    ///
    /// - Returns: false after the end, where there is nothing to cancel.
    mutating func cancel() -> Bool {
        guard !isEnded else { return false }
        phase = .ended(TransportError(.cancelled, "cancelled by the reader"))
        events = []
        size = 0
        return true
    }

    /// Whether the connection must stop sending, `incoming` bytes on their way to the buffer counted.
    mutating func pauses(incoming: Int, limit: Int) -> Bool {
        guard size + incoming >= limit else { return false }
        isPaused = true
        return true
    }

    /// Clears the pause; true when there was one, and the connection must be told.
    mutating func resumes() -> Bool {
        defer { isPaused = false }
        return isPaused
    }
}
