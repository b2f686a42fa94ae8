import Foundation
import Logging
import Testing

@testable import Simulator

let silentLogger = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })
let goodKey = "sk-good-key-0001"

extension SimulatedProviderConfiguration {
    static func checked(_ format: Format = .openAI, latency: LatencyProfile = .zero) -> Self {
        SimulatedProviderConfiguration(
            name: "test",
            format: format,
            acceptedKeys: [goodKey],
            seed: 7,
            latency: latency
        )
    }
}

extension SimulatedProvider {
    var port: Int { URL(string: baseURL)?.port ?? 0 }

    /// Sends one request on a new connection and reads what comes until the provider ends it.
    func ask(_ request: String) throws -> WireAnswer { try ask(request, untilSilentAfter: { _ in false }) }

    /// As `ask`; once the answer so far satisfies `hasCome`, a short silence ends the reading too.
    func ask(_ request: String, untilSilentAfter hasCome: (WireAnswer) -> Bool) throws -> WireAnswer {
        let client = try RawClient(port: port)
        client.send(request)
        var (text, end) =
            hasCome(WireAnswer("", .silent)) ? ("", .silent) : client.read { hasCome(WireAnswer($0, .silent)) }
        if end == .silent {
            let (rest, last) = client.read(patience: .milliseconds(200))
            text += rest
            end = last
        }
        return WireAnswer(text, end)
    }
}

/// Starts a provider for `body` and stops it whatever happens.
func withProvider(
    _ configuration: SimulatedProviderConfiguration = .checked(),
    _ body: (SimulatedProvider) async throws -> Void
) async throws {
    let provider = try await SimulatedProvider.start(configuration, logger: silentLogger)
    do { try await body(provider) } catch {
        await provider.stop()
        throw error
    }
    await provider.stop()
}

/// Bytes of a request; the connection closes behind the answer unless `keepsAlive`.
func post(
    _ path: String,
    _ body: String,
    key: String? = goodKey,
    keyHeader: String = "authorization: Bearer ",
    keepsAlive: Bool = false
) -> String {
    let lines = [
        "POST \(path) HTTP/1.1", "host: localhost", "content-type: application/json",
        "content-length: \(body.utf8.count)", keepsAlive ? nil : "connection: close", key.map { keyHeader + $0 },
    ]
    return lines.compactMap { $0 }.joined(separator: "\r\n") + "\r\n\r\n" + body
}

func chat(stream: Bool = false, extra: String = "", key: String? = goodKey, keepsAlive: Bool = false) -> String {
    post(
        "/v1/chat/completions",
        #"{"model":"m-1","messages":[{"role":"user","content":"Say something please"}],"stream":\#(stream)\#(extra)}"#,
        key: key,
        keepsAlive: keepsAlive
    )
}

func message(stream: Bool = false, key: String? = goodKey) -> String {
    post(
        "/v1/messages",
        #"{"model":"c-1","max_tokens":200,"messages":[{"role":"user","content":"Say something"}],"stream":\#(stream)}"#,
        key: key,
        keyHeader: "x-api-key: "
    )
}

func get(_ path: String, key: String? = goodKey) -> String {
    let auth = key.map { "authorization: Bearer \($0)\r\n" } ?? ""
    return "GET \(path) HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\(auth)\r\n"
}

/// Gives way until `condition` holds; records an issue after two minutes.
func eventually(_ comment: Comment, _ condition: () -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(120)
    while !condition() {
        guard ContinuousClock.now < limit else {
            Issue.record(comment)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
