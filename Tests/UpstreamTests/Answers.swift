import Routing
import Synchronization
import Upstream

/// What one exchange gave, to its end.
struct Answer {
    var status: Int?
    var headers: [HeaderField] = []
    var body: [UInt8] = []
    var timings: TransferTimings?
    var error: TransportError?
    /// Calls of `next()` that gave something.
    var steps = 0

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    mutating func add(_ events: [UpstreamEvent]) {
        steps += 1
        for event in events {
            switch event {
            case .head(let status, let headers): (self.status, self.headers) = (status, headers)
            case .bytes(let bytes): body += bytes
            case .end(let timings): self.timings = timings
            }
        }
    }
}

extension UpstreamExchange {
    /// Reads to the end, or until `enough`.
    func answer(until enough: (Answer) -> Bool = { _ in false }) async -> Answer {
        var answer = Answer()
        do {
            while !enough(answer), let events = try await next() { answer.add(events) }
        } catch {
            answer.error = error
        }
        return answer
    }
}

/// Runs `body` with a server and a `CurlUpstream`, and stops both.
func withServer(
    _ script: @escaping @Sendable (ScriptedServer.Connection) -> Void,
    configuration: CurlUpstream.Configuration = .init(),
    _ body: (ScriptedServer, CurlUpstream) async throws -> Void
) async throws {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    let upstream = try CurlUpstream(configuration: configuration)
    try await body(server, upstream)
    await upstream.shutdown()
}

/// Answers every request of a connection with `answer`.
func always(_ answer: String) -> @Sendable (ScriptedServer.Connection) -> Void {
    { connection in
        while connection.request() != nil, connection.send(answer) {}
    }
}

let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/// What scripts saw, for the test to read.
final class Note: Sendable {
    private let content = Mutex("")
    func write(_ text: String) { content.withLock { $0 += text } }
    var text: String { content.withLock { $0 } }
}
