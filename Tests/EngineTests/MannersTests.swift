import NIOCore
import NIOPosix
import Testing

/// What HTTP/1 asks of a server, seen on a bare connection.
struct MannersTests {
    private static let body = House.body(stream: false)
    private static let streamBody = House.body(stream: true)

    private static func request(_ fields: String, version: String = "1.1", body: String = body) -> String {
        "POST /v1/chat/completions HTTP/\(version)\r\nhost: x\r\n\(fields)content-length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// What is sent, how the answer begins, and a piece of it; the connection must end by itself.
    static let closing: [(String, String, String)] = [
        (request("Connection: Close\r\n"), "HTTP/1.1 200 ", "connection: close"),
        (request("", version: "1.0"), "HTTP/1.0 200 ", "\"finish_reason\":\"stop\""),
        (request("", version: "1.0", body: streamBody), "HTTP/1.0 200 ", "data: [DONE]"),
        (request("connection: keep-alive\r\n", version: "1.0", body: streamBody), "HTTP/1.0 200 ", "connection: close"),
        (request("expect: 100-continue\r\nconnection: close\r\n"), "HTTP/1.1 100 ", "HTTP/1.1 200 "),
        ("nonsense\r\n\r\n", "HTTP/1.1 400 ", "malformed_request"),
        (request("x-large: LARGE\r\n"), "HTTP/1.1 431 ", "headers_too_large"),
        (
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 400 ", "malformed_request"
        ),
        (
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n",
            "HTTP/1.1 413 ", "request_too_large"
        ),
    ]

    @Test("answered in words, and closed", arguments: closing)
    func closes(sent: String, start: String, piece: String) async throws {
        try await House.with { house in
            let text = sent.replacing("LARGE", with: String(repeating: "x", count: 100_000))
            let answer = try await exchange(text, with: house)
            #expect(answer.hasPrefix(start), "\(answer.prefix(200))")
            #expect(answer.contains(piece), "\(answer)")
        }
    }

    @Test func anAnswerToHeadHasNoBody() async throws {
        try await House.with { house in
            let head = "HEAD /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\r\n"
            let last = "GET /health/liveliness HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
            let answer = try await exchange(head + last, with: house)
            #expect(answer.hasPrefix("HTTP/1.1 405 "))
            #expect(!answer.contains("error"), "\(answer)")
            #expect(answer.hasSuffix("{\"status\":\"alive\"}"))
        }
    }

    /// Sends `text` and reads until the door ends the connection.
    private func exchange(_ text: String, with house: House) async throws -> String {
        let port = Int(house.url.split(separator: ":").last ?? "") ?? 0
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ByteBuffer()
            for try await var piece in inbound { answer.writeBuffer(&piece) }
            return String(buffer: answer)
        }
    }
}
