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
        return Canned([
            .head(status: 200, headers: [HeaderField("content-type", answer.type)]), .bytes(Array(answer.body.utf8)),
            .end(TransferTimings()),
        ])
    }
}

private final class Canned: UpstreamExchange {
    private let events: Mutex<[UpstreamEvent]?>
    init(_ events: [UpstreamEvent]) { self.events = Mutex(events) }
    func next() async throws(TransportError) -> [UpstreamEvent]? {
        events.withLock { events in
            defer { events = nil }
            return events
        }
    }
    func cancel() {}
    var wasSent: Bool { true }
}

extension UpstreamRequest {
    var text: String { String(decoding: body, as: UTF8.self) }
    func header(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}
