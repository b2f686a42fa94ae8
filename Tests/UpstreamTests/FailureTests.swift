import CCurl
import Foundation
import Routing
import Testing

@testable import Upstream

@Suite(.timeLimit(.minutes(2)))
struct FailureTests {
    @Test(
        "an answer that breaks says how",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", TransportError.Kind.truncated),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", .truncated),
            ("", .reset),
            ("HTTP/1.1 200 OK\r\nContent-Le", .reset),
            ("garbage\r\n\r\n", .malformed),
            ("<html>no head at all</html>", .malformed),
            ("HTTP/1.1 abc OK\r\n\r\n", .malformed),
            ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", .malformed),
            (
                "HTTP/1.1 200 OK\r\n"
                    + String(repeating: "X-Pad: \(String(repeating: "p", count: 8000))\r\n", count: 40), .malformed
            ),
        ]
    )
    func breaks(answer: String, kind: TransportError.Kind) async throws {
        try await withServer({ connection in
            _ = connection.request()
            connection.send(answer)
        }) { server, upstream in
            let exchange = upstream.open(UpstreamRequest(url: server.url()))
            let read = await exchange.answer()
            #expect(read.error?.kind == kind, "\(String(describing: read.error))")
            #expect(read.error?.detail.isEmpty == false)
            #expect(read.timings == nil)
            let afterwards = try await exchange.next()
            #expect(afterwards == nil)
        }
    }

    @Test(
        "a reset is a reset, before the head and after it",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]
    )
    func reset(afterSending sent: String) async throws {
        let wasRead = Signal()
        try await withServer({ connection in
            _ = connection.request()
            connection.send(sent)
            wasRead.wait()
            connection.reset()
        }) { server, upstream in
            let exchange = upstream.open(UpstreamRequest(url: server.url()))
            if !sent.isEmpty { #expect(await exchange.answer { !$0.body.isEmpty }.text == "half") }
            wasRead.send()
            #expect(await exchange.answer().error?.kind == .reset)
        }
    }

    @Test func nobodyListens() async throws {
        let (socket, port) = try makeListener(path: nil, backlog: 1)
        _ = close(socket)
        let upstream = try CurlUpstream()
        let error = await upstream.open(UpstreamRequest(url: "http://127.0.0.1:\(port)/")).answer().error
        #expect(error?.kind == .refused)
        await upstream.shutdown()
    }

    @Test func nobodyAccepts() async throws {
        let hole = try BlackHole()
        let upstream = try CurlUpstream()
        let request = UpstreamRequest(url: hole.url, connectTimeout: .milliseconds(50), timeout: .seconds(60))
        #expect(await upstream.open(request).answer().error?.kind == .connectTimeout)
        await upstream.shutdown()
    }

    @Test("silence ends at the total timeout", arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"])
    func timeout(afterSending sent: String) async throws {
        try await withServer({ connection in
            _ = connection.request()
            connection.send(sent)
            connection.waitUntilClosed()
        }) { server, upstream in
            let answer = await upstream.open(UpstreamRequest(url: server.url(), timeout: .milliseconds(300))).answer()
            #expect(answer.error?.kind == .timeout)
            #expect(answer.text == (sent.isEmpty ? "" : "half"))
        }
    }

    @Test func aNameWithoutAddress() async throws {
        let upstream = try CurlUpstream()
        // A label of 64 letters is in no name system, which the resolver knows without asking.
        let request = UpstreamRequest(
            url: "http://\(String(repeating: "a", count: 64)).invalid/",
            connectTimeout: .seconds(60),
            timeout: .seconds(60)
        )
        #expect(await upstream.open(request).answer().error?.kind == .dns)
        await upstream.shutdown()
    }

    @Test func aServerWithoutTLS() async throws {
        try await withServer({ connection in
            connection.send("HTTP/1.1 400 Plain\r\n\r\n")
            connection.waitUntilClosed()
        }) { server, upstream in
            let answer = await upstream.open(UpstreamRequest(url: server.url(scheme: "https"))).answer()
            #expect(answer.error?.kind == .tls)
        }
    }

    @Test(
        "each code has its meaning",
        arguments: [
            (CURLE_COULDNT_RESOLVE_HOST, false, TransportError.Kind.dns), (CURLE_COULDNT_RESOLVE_PROXY, false, .dns),
            (CURLE_COULDNT_CONNECT, false, .refused), (CURLE_PROXY, false, .refused),
            (CURLE_OPERATION_TIMEDOUT, false, .connectTimeout), (CURLE_OPERATION_TIMEDOUT, true, .timeout),
            (CURLE_SSL_CONNECT_ERROR, false, .tls), (CURLE_PEER_FAILED_VERIFICATION, false, .tls),
            (CURLE_SSL_CACERT_BADFILE, false, .tls), (CURLE_SSL_CIPHER, false, .tls),
            (CURLE_RECV_ERROR, true, .reset), (CURLE_SEND_ERROR, true, .reset), (CURLE_GOT_NOTHING, true, .reset),
            (CURLE_HTTP2, true, .reset), (CURLE_HTTP2_STREAM, true, .reset),
            (CURLE_PARTIAL_FILE, true, .truncated), (CURLE_ABORTED_BY_CALLBACK, true, .cancelled),
            (CURLE_WEIRD_SERVER_REPLY, true, .malformed), (CURLE_URL_MALFORMAT, false, .malformed),
            (CURLE_UNSUPPORTED_PROTOCOL, false, .malformed), (CURLE_BAD_CONTENT_ENCODING, true, .malformed),
            (CURLE_OUT_OF_MEMORY, false, .reset), (CURLcode(rawValue: 9999), true, .reset),
        ]
    )
    func code(code: CURLcode, connected: Bool, kind: TransportError.Kind) {
        #expect(TransportError.Kind(code, connected: connected) == kind)
    }
}

/// A listener whose queue is full: connecting to it hangs.
struct BlackHole: ~Copyable {
    let url: String
    private let sockets: [Int32]

    init() throws {
        let (listener, port) = try makeListener(path: nil, backlog: 0)
        url = "http://127.0.0.1:\(port)/"
        let fillers = (0..<8).map { _ in socket(AF_INET, streamSocket, 0) }
        for filler in fillers {
            _ = fcntl(filler, F_SETFL, fcntl(filler, F_GETFL) | O_NONBLOCK)
            _ = withAddress(port: port) { connect(filler, $0, $1) }
        }
        sockets = fillers + [listener]
    }

    deinit {
        for socket in sockets { _ = close(socket) }
    }
}
