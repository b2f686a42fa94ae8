import Foundation
import Routing
import Testing
import Upstream

@Suite(.timeLimit(.minutes(2)))
struct AnswerTests {
    @Test func aShortAnswerTakesOneStep() async throws {
        try await withServer(always("HTTP/1.1 200 OK\r\nX-Name:  Some Value \r\nContent-Length: 2\r\n\r\nok")) {
            server,
            upstream in
            let answer = await upstream.open(UpstreamRequest(url: server.url(), body: Array("{}".utf8))).answer()
            #expect(answer.status == 200)
            #expect(answer.headers == [HeaderField("x-name", "Some Value"), HeaderField("content-length", "2")])
            #expect(answer.text == "ok")
            #expect(answer.error == nil)
            #expect(answer.steps == 1)
            let timings = try #require(answer.timings)
            #expect(!timings.reusedConnection)
            #expect(
                0 < timings.connected && timings.connected <= timings.firstByte && timings.firstByte <= timings.total
            )
        }
    }

    @Test(
        "an answer is read as HTTP means it",
        arguments: [
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
            ("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", 429, ""),
            ("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", 302, ""),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 200, "abcde"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: t\r\n\r\n", 200, "abc"),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
                200, "x"
            ),
        ]
    )
    func reads(bytes: String, status: Int, text: String) async throws {
        try await withServer(always(bytes)) { server, upstream in
            let answer = await upstream.open(UpstreamRequest(url: server.url())).answer()
            #expect(answer.error == nil)
            #expect(answer.status == status)
            #expect(answer.text == text)
            #expect(answer.header("link") == nil && answer.header("x-trailer") == nil)
        }
    }

    @Test func aBodyWithoutLengthEndsWithItsConnection() async throws {
        try await withServer({ connection in
            _ = connection.request()
            connection.send("HTTP/1.0 200 OK\r\n\r\nall there is")
        }) { server, upstream in
            let answer = await upstream.open(UpstreamRequest(url: server.url())).answer()
            #expect(answer.text == "all there is" && answer.timings != nil)
        }
    }

    @Test func bytesComeWhileTheRestIsHeldBack() async throws {
        let firstRead = Signal()
        try await withServer({ connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            firstRead.wait()
            connection.send("6\r\nsecond\r\n0\r\n\r\n")
            connection.waitUntilClosed()
        }) { server, upstream in
            let exchange = upstream.open(UpstreamRequest(url: server.url()))
            let first = await exchange.answer { !$0.body.isEmpty }
            #expect(first.text == "first" && first.timings == nil)
            firstRead.send()
            let rest = await exchange.answer()
            #expect(rest.text == "second" && rest.timings != nil)
        }
    }

    @Test func gzipIsAskedForAndDecodedAsItFlows() async throws {
        // gzip of "hello", its header and its deflate block apart from its checksum.
        let start: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
        let end: [UInt8] = [0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0]
        let firstRead = Signal()
        try await withServer({ connection in
            let asks = connection.request()?.contains("Accept-Encoding: deflate, gzip") == true
            connection.send("HTTP/1.1 \(asks ? 200 : 406) OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n")
            connection.send(start)
            firstRead.wait()
            connection.send(end)
            connection.waitUntilClosed()
        }) { server, upstream in
            let exchange = upstream.open(UpstreamRequest(url: server.url()))
            let first = await exchange.answer { !$0.body.isEmpty }
            #expect(first.status == 200)
            #expect(first.text == "hello")
            #expect(first.headers == [])
            firstRead.send()
            #expect(await exchange.answer().timings != nil)
        }
    }

    @Test func aCallerThatNamesACodingGetsItRaw() async throws {
        try await withServer({ connection in
            let asked = connection.request()?.contains("Accept-Encoding: gzip\r\n") == true
            connection.send(
                "HTTP/1.1 \(asked ? 200 : 406) OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw"
            )
        }) { server, upstream in
            let request = UpstreamRequest(url: server.url(), headers: [HeaderField("Accept-Encoding", "gzip")])
            let answer = await upstream.open(request).answer()
            #expect(answer.status == 200 && answer.text == "raw" && answer.header("content-encoding") == "gzip")
        }
    }

    @Test func tenMegabytesArriveWhole() async throws {
        let body = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await withServer({ connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
            connection.send(body)
            connection.waitUntilClosed()
        }) { server, upstream in
            let answer = await upstream.open(UpstreamRequest(url: server.url())).answer()
            #expect(answer.body == body)
            #expect(answer.timings != nil)
        }
    }
}

@Suite(.timeLimit(.minutes(2)))
struct RequestTests {
    /// What the server read of `request`.
    private func sent(_ request: (ScriptedServer) -> UpstreamRequest) async throws -> String {
        let seen = Note()
        try await withServer({ connection in
            seen.write(connection.request() ?? "nothing")
            connection.send(ok)
            connection.waitUntilClosed()
        }) { server, upstream in
            let answer = await upstream.open(request(server)).answer()
            #expect(answer.status == 200)
        }
        return seen.text
    }

    @Test func aPostIsSentAsGiven() async throws {
        let text = try await sent { server in
            UpstreamRequest(
                url: server.url("/v1/x?y=z"),
                headers: [
                    HeaderField("Authorization", "Bearer k"), HeaderField("Content-Type", "application/json"),
                    HeaderField("X-Empty", ""), HeaderField("Content-Length", "999"),
                    HeaderField("Expect", "100-continue"),
                    HeaderField("Transfer-Encoding", "chunked"),
                ],
                body: Array(#"{"a":1}"#.utf8)
            )
        }
        #expect(text.hasPrefix("POST /v1/x?y=z HTTP/1.1\r\n"))
        #expect(text.hasSuffix("\r\n\r\n" + #"{"a":1}"#))
        for line in [
            "Authorization: Bearer k", "Content-Type: application/json", "X-Empty:", "Content-Length: 7",
            "User-Agent: nines",
        ] {
            #expect(text.contains("\r\n\(line)\r\n"))
        }
        #expect(!text.contains("Expect") && !text.contains("chunked") && !text.contains("999"))
    }

    @Test func aBodyOfAMegabyteWaitsForNoInterimAnswer() async throws {
        let body = [UInt8](repeating: UInt8(ascii: "b"), count: 1 << 20)
        let text = try await sent { UpstreamRequest(url: $0.url(), body: body) }
        #expect(text.utf8.count > body.count && !text.contains("Expect:"))
        #expect(!text.contains("Content-Type"))
    }

    @Test("a method is sent as named", arguments: ["GET", "POST", "PUT", "DELETE", "HEAD"])
    func method(_ method: String) async throws {
        let seen = Note()
        try await withServer({ connection in
            seen.write(connection.request() ?? "nothing")
            connection.send(method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" : ok)
            connection.waitUntilClosed()
        }) { server, upstream in
            let answer = await upstream.open(UpstreamRequest(method: method, url: server.url())).answer()
            #expect(answer.error == nil && answer.timings != nil)
        }
        #expect(seen.text.hasPrefix("\(method) / HTTP/1.1\r\n"))
    }

    @Test func oneHandleCarriesDifferentRequestsInTurn() async throws {
        let seen = Note()
        try await withServer({ connection in
            while let request = connection.request(), connection.send(ok) { seen.write(request) }
        }) { server, upstream in
            let post = UpstreamRequest(
                url: server.url("/1"),
                headers: [HeaderField("X-Key", "k1")],
                body: Array("body1".utf8)
            )
            for request in [
                post, UpstreamRequest(method: "GET", url: server.url("/2")), UpstreamRequest(url: server.url("/3")),
            ] {
                #expect(await upstream.open(request).answer().status == 200)
            }
            #expect(server.connections == 1)
        }
        let text = seen.text
        let second = try #require(text.firstRange(of: "GET /2"))
        #expect(text[..<second.lowerBound].contains("body1") && text[..<second.lowerBound].contains("X-Key: k1"))
        #expect(!text[second.lowerBound...].contains("body1") && !text[second.lowerBound...].contains("X-Key"))
        #expect(text.contains("POST /3") && text.contains("Content-Length: 0"))
    }

    @Test(
        "what would break HTTP is refused before anything is sent",
        arguments: [
            UpstreamRequest(url: "/", headers: [HeaderField("X", "a\r\nEvil: 1")]),
            UpstreamRequest(url: "/", headers: [HeaderField("X", "a\nEvil: 1")]),
            UpstreamRequest(url: "/", headers: [HeaderField("X", "a\0b")]),
            UpstreamRequest(url: "/", headers: [HeaderField("X: 1\r\nEvil", "a")]),
            UpstreamRequest(url: "/", headers: [HeaderField("", "a")]),
            UpstreamRequest(url: "/a b"),
            UpstreamRequest(url: "/a\r\nEvil: 1"),
            UpstreamRequest(method: "GET / HTTP/1.1\r\nEvil: 1\r\n\r\nGET", url: "/"),
            UpstreamRequest(url: "/", unixSocket: String(repeating: "s", count: 200)),
        ]
    )
    func refusesInjection(_ request: UpstreamRequest) async throws {
        try await withServer(always(ok)) { server, upstream in
            var request = request
            request.url = server.url(request.url)
            let answer = await upstream.open(request).answer()
            #expect(answer.error?.kind == .malformed)
            #expect(answer.error?.detail.contains("Evil") == false)
            #expect(server.connections == 0)
            #expect(upstream.statistics.inFlight == 0)
        }
    }

    @Test(
        "a URL that is none is malformed",
        arguments: ["", "no-scheme", "ftp://127.0.0.1/", "http://", "http://[::1", "http://h:99999/"]
    )
    func refusesURL(_ url: String) async throws {
        let upstream = try CurlUpstream()
        #expect(await upstream.open(UpstreamRequest(url: url)).answer().error?.kind == .malformed)
        await upstream.shutdown()
    }

    @Test func collectReturnsTheWholeAnswerUpToItsLimit() async throws {
        try await withServer(always("HTTP/1.1 201 Made\r\nContent-Length: 5\r\n\r\nhello")) { server, upstream in
            let request = UpstreamRequest(method: "GET", url: server.url())
            let (status, headers, body) = try await upstream.collect(request, limit: 5)
            #expect(status == 201 && headers == [HeaderField("content-length", "5")] && body == Array("hello".utf8))
            await #expect(throws: TransportError(.malformed, "the answer is longer than 4 bytes")) {
                try await upstream.collect(request, limit: 4)
            }
        }
    }

    @Test func aUnixSocketTakesThePlaceOfTheHost() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "up-\(UInt32.random(in: 0 ... .max)).sock"
        ).path
        defer { unlink(path) }
        let server = try ScriptedServer(path: path, always(ok))
        defer { server.stop() }
        // A proxy must not come between, either.
        let upstream = try CurlUpstream(configuration: .init(proxy: "http://127.0.0.1:1"))
        let request = UpstreamRequest(method: "GET", url: "http://localhost/snapshot", unixSocket: path)
        #expect(await upstream.open(request).answer().text == "ok")
        try await withServer(always("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nnetwork")) { network, _ in
            #expect(await upstream.open(UpstreamRequest(url: network.url())).answer().text == "network")
        }
        #expect(await upstream.open(request).answer().text == "ok")
        var nowhere = request
        nowhere.unixSocket = path + "-none"
        #expect(await upstream.open(nowhere).answer().error?.kind == .refused)
        await upstream.shutdown()
    }

    @Test func aProxyStandsBeforeEveryHostButLoopback() async throws {
        let proxy = try ScriptedServer { connection in
            let request = connection.request() ?? ""
            let asksForHost = request.hasPrefix("POST http://provider.invalid/v1 ")
            connection.send("HTTP/1.1 \(asksForHost ? 200 : 500) Proxied\r\nContent-Length: 0\r\n\r\n")
        }
        defer { proxy.stop() }
        try await withServer(always(ok), configuration: .init(proxy: proxy.url())) { server, upstream in
            #expect(await upstream.open(UpstreamRequest(url: "http://provider.invalid/v1")).answer().status == 200)
            #expect(proxy.connections == 1)
            for host in ["127.0.0.1", "127.0.0.2", "localhost"] {
                let answer = await upstream.open(UpstreamRequest(url: "http://\(host):\(server.port)/")).answer()
                #expect(answer.text == "ok" || (host == "127.0.0.2" && answer.error?.kind == .refused))
            }
            #expect(proxy.connections == 1)
        }
    }
}
