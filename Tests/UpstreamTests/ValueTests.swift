import Routing
import Testing

@testable import Upstream

struct ExchangeBufferTests {
    private let some: [UpstreamEvent] = [.head(status: 200, headers: [])]
    private let more: [UpstreamEvent] = [.bytes([1, 2])]
    private let broken = TransportError(.reset, "broken")

    @Test func readsWhatCameThenTheEndThenNil() {
        var buffer = ExchangeBuffer()
        #expect({ buffer.take() }() == nil)
        buffer.append(some, size: 0)
        buffer.append(more, size: 2)
        buffer.end(nil)
        #expect(buffer.size == 2)
        #expect({ buffer.take() }() == .success(some + more))
        #expect(buffer.size == 0)
        #expect({ buffer.take() }() == .success(nil))
        #expect({ buffer.take() }() == .success(nil))
    }

    @Test func throwsOnceAfterWhatCame() {
        var buffer = ExchangeBuffer()
        buffer.append(some, size: 0)
        buffer.end(broken)
        buffer.append(more, size: 2)
        buffer.end(nil)
        #expect({ buffer.take() }() == .success(some))
        #expect({ buffer.take() }() == .failure(broken))
        #expect({ buffer.take() }() == .success(nil))
    }

    @Test func cancelDropsWhatIsUnreadButNotACompleteAnswer() {
        var buffer = ExchangeBuffer()
        buffer.append(some, size: 0)
        #expect({ buffer.cancel() }())
        #expect({ buffer.take() }() == .failure(TransportError(.cancelled, "cancelled by the reader")))
        var complete = ExchangeBuffer()
        complete.append(some, size: 0)
        complete.end(nil)
        #expect(!{ complete.cancel() }())
        #expect({ complete.take() }() == .success(some))
    }

    @Test func pausesAtTheLimitAndResumesOnce() {
        var buffer = ExchangeBuffer()
        buffer.append(more, size: 2)
        #expect(!{ buffer.pauses(incoming: 7, limit: 10) }())
        #expect(!{ buffer.resumes() }())
        #expect({ buffer.pauses(incoming: 8, limit: 10) }())
        #expect({ buffer.resumes() }())
        #expect(!{ buffer.resumes() }())
    }
}

struct HeadParserTests {
    private func parse(_ lines: [String]) -> HeadParser.Progress {
        var parser = HeadParser()
        var last = HeadParser.Progress.more
        for line in lines where last == .more {
            last = Array(line.utf8).withUnsafeBufferPointer { parser.read($0) }
        }
        return last
    }

    @Test(
        "a head is its status and its fields",
        arguments: [
            (["HTTP/1.1 200 OK\r\n", "A-b: C\r\n", "\r\n"], 200, [HeaderField("a-b", "C")]),
            (["HTTP/2 503 \r\n", "\r\n"], 503, []),
            (["HTTP/1.1 200\n", "a:b\n", "\n"], 200, [HeaderField("a", "b")]),
            (["HTTP/1.1 200 OK\r\n", "a: b\r\n", " \t c\r\n", "\td \r\n", "\r\n"], 200, [HeaderField("a", "b c d")]),
            (
                ["HTTP/1.1 200 OK\r\n", " stray fold\r\n", "no colon\r\n", "e:\r\n", "\r\n"], 200,
                [HeaderField("e", "")]
            ),
            (
                ["HTTP/1.1 100 C\r\n", "x: 1\r\n", "\r\n", "HTTP/1.1 201 M\r\n", "y: 2\r\n", "\r\n"], 201,
                [HeaderField("y", "2")]
            ),
            (
                ["HTTP/1.1 200 OK\r\n", "a: 1\r\n", "a: 2\r\n", "\r\n"], 200,
                [HeaderField("a", "1"), HeaderField("a", "2")]
            ),
        ]
    )
    func head(lines: [String], status: Int, headers: [HeaderField]) {
        #expect(parse(lines) == .head(status: status, headers: headers))
    }

    @Test(
        "what is no head is refused",
        arguments: [["HTTP/1.1 OK\r\n", "\r\n"], ["a: b\r\n", "\r\n"], ["HTTP/1.1 42 X\r\n", "\r\n"]]
    )
    func refuses(lines: [String]) {
        #expect(parse(lines) == .refused("the answer has no valid status"))
    }

    @Test func refusesAHeadOverItsLimit() {
        let line = "a: \(String(repeating: "x", count: 1 << 16))\r\n"
        #expect(parse(["HTTP/1.1 200 OK\r\n"] + Array(repeating: line, count: 3)) == .more)
        #expect(
            parse(["HTTP/1.1 200 OK\r\n"] + Array(repeating: line, count: 4))
                == .refused("the answer's headers are larger than 256 KB")
        )
    }
}

struct OptionTests {
    @Test(
        "loopback joins the hosts that need no proxy",
        arguments: [
            ([:], "localhost,127.0.0.0/8,::1"),
            (["no_proxy": "a.example"], "a.example,localhost,127.0.0.0/8,::1"),
            (["NO_PROXY": "b.example"], "b.example,localhost,127.0.0.0/8,::1"),
            (["no_proxy": "a.example", "NO_PROXY": "b.example"], "a.example,localhost,127.0.0.0/8,::1"),
            (["no_proxy": "*"], "*"),
        ]
    )
    func directHosts(environment: [String: String], expected: String) {
        #expect(HandleOptions(.init(), environment: environment).directHosts == expected)
    }

    @Test func theConfiguredCertificatesWinOverTheEnvironments() {
        let environment = ["SSL_CERT_FILE": "/env.pem"]
        #expect(HandleOptions(.init(), environment: environment).caFile == "/env.pem")
        #expect(HandleOptions(.init(caFile: "/own.pem"), environment: environment).caFile == "/own.pem")
        #expect(HandleOptions(.init(), environment: [:]).caFile == nil)
    }

    @Test(
        "a limit is whole milliseconds, never zero",
        arguments: [
            (Duration.zero, 1), (.seconds(-3), 1), (.microseconds(1), 1), (.milliseconds(250), 250),
            (.microseconds(1500), 2),
            (.seconds(30), 30_000), (.seconds(Int64.max), Int(Int32.max)),
        ]
    )
    func milliseconds(duration: Duration, expected: Int) {
        #expect(duration.wholeMilliseconds == expected)
    }
}
