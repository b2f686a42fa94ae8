import Foundation
import Testing
import Upstream

/// TLS against `openssl s_server`, with a certificate made for the test; skipped, visibly, where there is no openssl.
@Suite(.timeLimit(.minutes(2)), .enabled(if: openssl != nil, "needs the openssl command"))
struct TLSTests {
    @Test func aCertificateIsTrustedOnlyWhereItsAuthorityIs() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        try await server.start()
        let request = UpstreamRequest(method: "GET", url: "https://localhost:\(server.port)/", timeout: .seconds(60))

        let trusting = try CurlUpstream(configuration: .init(caFile: server.certificate))
        let answer = await trusting.open(request).answer()
        #expect(answer.status == 200 && answer.timings != nil, "\(String(describing: answer.error))")
        var otherName = request
        otherName.url = "https://127.0.0.1:\(server.port)/"
        #expect(await trusting.open(otherName).answer().error?.kind == .tls)
        await trusting.shutdown()

        let wary = try CurlUpstream()
        #expect(await wary.open(request).answer().error?.kind == .tls)
        await wary.shutdown()

        let misled = try CurlUpstream(configuration: .init(caFile: server.certificate + "-none"))
        #expect(await misled.open(request).answer().error?.kind == .tls)
        await misled.shutdown()
    }

    #if !canImport(Darwin)
        /// Reading hundreds of certificates for each connection would hold up every other transfer.
        @Test func certificatesAreReadOnce() async throws {
            let server = try TLSServer()
            defer { server.stop() }
            try await server.start()
            var request = UpstreamRequest(
                method: "GET",
                url: "https://localhost:\(server.port)/",
                timeout: .seconds(60)
            )
            request.usesOwnConnection = true
            let upstream = try CurlUpstream(configuration: .init(caFile: server.certificate))
            #expect(await upstream.open(request).answer().status == 200)
            try Data().write(to: URL(fileURLWithPath: server.certificate))
            let again = await upstream.open(request).answer()
            #expect(again.status == 200, "\(String(describing: again.error))")
            await upstream.shutdown()
        }
    #endif
}

private let openssl = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/openssl" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

/// An HTTPS server for `localhost` with a certificate of its own.
private final class TLSServer {
    let port: UInt16
    let certificate: String
    private let folder: URL
    private let process = Process()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("certificate.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        let making = Process()
        try run(
            making,
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2"]
                + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        )
        making.waitUntilExit()
        let (listener, port) = try makeListener(path: nil, backlog: 1)
        _ = close(listener)
        self.port = port
        try run(process, ["s_server", "-accept", "\(port)", "-cert", certificate, "-key", key, "-www"])
    }

    /// Returns once the server takes connections.
    func start() async throws {
        while true {
            let probe = socket(AF_INET, streamSocket, 0)
            defer { _ = close(probe) }
            if withAddress(port: port, { connect(probe, $0, $1) }) == 0 { return }
            guard process.isRunning else { throw SocketFailure(call: "openssl s_server") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func stop() {
        // The child inherits a mask that may block the polite signals.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}

private func run(_ process: Process, _ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: openssl ?? "")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
}
