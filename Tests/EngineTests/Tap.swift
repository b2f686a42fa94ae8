import Routing
import Synchronization
import Upstream

/// Keeps what the engine sends, and answers in the provider's place where a test says so.
final class Tap: Upstream {
    private let inner: any Upstream
    private let state = Mutex(State())

    private struct State {
        var sent: [UpstreamRequest] = []
        var answers: [(type: String, body: String)] = []
    }

    init(_ inner: any Upstream) { self.inner = inner }

    /// Everything sent so far.
    var sent: [UpstreamRequest] { state.withLock { $0.sent } }

    /// Answers the next request with status 200 and `body`, an event stream or JSON.
    func answerNext(_ body: String, isStream: Bool) {
        state.withLock { $0.answers.append((isStream ? "text/event-stream" : "application/json", body)) }
    }

    func open(_ request: UpstreamRequest) -> any UpstreamExchange {
        let answer = state.withLock { state in
            state.sent.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else { return inner.open(request) }
        let pieces = answer.body.split(separator: "\n\n", omittingEmptySubsequences: false)
        let bytes = pieces.dropLast().map { Array("\($0)\n\n".utf8) } + [Array((pieces.last ?? "").utf8)]
        return Canned(
            [.head(status: 200, headers: [HeaderField("content-type", answer.type)])]
                + bytes.filter { !$0.isEmpty }.map { .bytes($0) } + [.end(TransferTimings())]
        )
    }
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
