/// Whether libcurl may send a request a second time.
///
/// It does so by itself, up to five times, where a pooled connection breaks before any byte of the answer. But the provider
/// may have been at work, and would bill each; and the engine's loop is the only one that retries and counts attempts. So it
/// may once, over TLS and soon: there it is HTTP/2's word that the stream was never begun, or an idle connection that was
/// closed at that moment. All else is a reset.
struct Resending: Sendable {
    /// Longer than a round trip around the globe, shorter than a model's work that is worth anything.
    static let soon: Duration = .milliseconds(500)

    private let isSecure: Bool
    private var firstSent: ContinuousClock.Instant?
    private var isUsed = false
    /// It was asked for and refused.
    private(set) var isRefused = false

    init(url: String) { isSecure = url.hasPrefix("https://") }

    /// Asked each time a connection is there and the request is about to go out.
    mutating func maySend(now: ContinuousClock.Instant) -> Bool {
        guard let firstSent else {
            firstSent = now
            return true
        }
        isRefused = !isSecure || isUsed || now - firstSent > Self.soon
        isUsed = true
        return !isRefused
    }
}
