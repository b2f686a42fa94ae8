import Console
import Upstream
import Wire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Talks to a running engine over its control socket.
struct ControlClient: Sendable {
    let upstream: CurlUpstream
    let socket: String

    /// Whether an engine answers there.
    func isAlive() async -> Bool {
        guard FileManager.default.fileExists(atPath: socket) else { return false }
        return (try? await snapshot()) != nil
    }

    func snapshot() async throws -> EngineSnapshot {
        try JSONDecoder().decode(EngineSnapshot.self, from: try await call("GET", "/snapshot"))
    }

    func perform(_ command: EngineCommand) async throws -> CommandReply {
        let body = Array(try JSONEncoder().encode(command))
        return try JSONDecoder().decode(CommandReply.self, from: try await call("POST", "/command", body: body))
    }

    private func call(_ method: String, _ path: String, body: [UInt8] = []) async throws -> Data {
        let request = request(method, path, body: body, timeout: .seconds(5))
        do {
            return Data(try await upstream.collect(request, limit: 16 << 20).body)
        } catch {
            // libcurl's words for a refused socket speak of a port 80 that nobody named.
            let reason = error.kind == .refused ? "nobody listens there" : error.detail
            throw Failure("no engine answers on \(socket): \(reason). Start one with 'nines' or 'nines serve'.")
        }
    }

    /// Snapshots as the engine sends them, until the connection ends.
    func follow(_ receive: (EngineSnapshot) -> Void) async throws {
        let exchange = upstream.open(request("GET", "/events", timeout: .seconds(86_400)))
        defer { exchange.cancel() }
        var splitter = EventStream(limit: 16 << 20)
        while let events = try await exchange.next() {
            for case .bytes(let bytes) in events {
                for event in try splitter.feed(bytes) {
                    guard let data = event.data else { continue }
                    receive(try JSONDecoder().decode(EngineSnapshot.self, from: Data(data)))
                }
            }
        }
    }

    private func request(_ method: String, _ path: String, body: [UInt8] = [], timeout: Duration) -> UpstreamRequest {
        UpstreamRequest(
            method: method,
            url: "http://localhost\(path)",
            body: body,
            connectTimeout: .seconds(2),
            timeout: timeout,
            unixSocket: socket
        )
    }
}
