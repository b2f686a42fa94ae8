import Routing
import Synchronization
import Upstream

/// Keeps what the engine sends, and answers in the provider's place where a test says so.
final class Tap: Upstream {
    private let inner: any Upstream
    private let state = Mutex(State())

    private struct State {
        var sent: [UpstreamRequest] = []
        var answers: [(status: Int, type: String, body: String)] = []
        var isClosed = false
    }

    init(_ inner: any Upstream) { self.inner = inner }

    /// Everything sent so far.
    var sent: [UpstreamRequest] { state.withLock { $0.sent } }

    /// While it is closed nothing comes from a provider: whoever asks is under way for as long as a test needs.
    var isClosed: Bool {
        get { state.withLock { $0.isClosed } }
        set { state.withLock { $0.isClosed = newValue } }
    }

    /// Answers the next request with `status` and `body`, an event stream or JSON.
    func answerNext(_ body: String, isStream: Bool, status: Int = 200) {
        state.withLock { $0.answers.append((status, isStream ? "text/event-stream" : "application/json", body)) }
    }

    func open(_ request: UpstreamRequest) -> any UpstreamExchange {
        let answer = state.withLock { state in
            state.sent.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { return isClosed ? Held(inner.open(request), self) : inner.open(request) }
        let pieces = answer.body.split(separator: "\n\n", omittingEmptySubsequences: false)
        let bytes = pieces.dropLast().map { Array("\($0)\n\n".utf8) } + [Array((pieces.last ?? "").utf8)]
        return Canned(
            [.head(status: answer.status, headers: [HeaderField("content-type", answer.type)])]
                + bytes.filter { !$0.isEmpty }.map { .bytes($0) } + [.end(TransferTimings())]
        )
    }
}

/// An exchange whose events wait until the tap is open.
private final class Held: UpstreamExchange {
    private let inner: any UpstreamExchange
    private let tap: Tap
    private let isCancelled = Mutex(false)
    init(_ inner: any UpstreamExchange, _ tap: Tap) { (self.inner, self.tap) = (inner, tap) }
    func next() async throws(TransportError) -> [UpstreamEvent]? {
        while tap.isClosed, !isCancelled.withLock(\.self) { try? await Task.sleep(for: .milliseconds(5)) }
        return try await inner.next()
    }
    func cancel() {
        isCancelled.withLock { $0 = true }
        inner.cancel()
    }
    var wasSent: Bool { inner.wasSent }
}

/// An answer whose parts come one at a time, so that what follows the first content finds it sent on.
private final class Canned: UpstreamExchange {
    private let events: Mutex<ArraySlice<UpstreamEvent>>
    init(_ events: [UpstreamEvent]) { self.events = Mutex(events[...]) }
    func next() async throws(TransportError) -> [UpstreamEvent]? { events.withLock { $0.popFirst().map { [$0] } } }
    func cancel() {}
    var wasSent: Bool { true }
}

extension UpstreamRequest {
    var text: String { String(decoding: body, as: UTF8.self) }
    func header(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}
