import NIOCore
import NIOHTTP1

/// What a connection does with one request, in order.
struct Script: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        case send(ByteBuffer)
        case wait(Duration)
        /// Sends this again and again until the peer leaves.
        case sendForever(ByteBuffer, every: Duration)
        /// Silence until the peer leaves.
        case hang
        /// The answer is whole; the connection serves the next request.
        case finish
        /// FIN, whatever was promised.
        case close
        /// RST.
        case reset
    }

    private(set) var steps: [Step] = []
    /// Of the answer's head; nil before one was sent.
    private(set) var status: Int?
    private var isChunked = false

    mutating func wait(_ time: Duration) {
        if time > .zero { steps.append(.wait(time)) }
    }

    /// The head of a document; `length` may lie.
    mutating func head(_ status: Int, type: String = "application/json", length: Int, headers: [String]) {
        head(status, ["content-type: \(type)", "content-length: \(length)"] + headers)
    }

    /// The head of a stream whose length nobody knows yet.
    mutating func streamHead(headers: [String]) {
        isChunked = true
        let fields = [
            "content-type: text/event-stream; charset=utf-8", "cache-control: no-cache", "transfer-encoding: chunked",
        ]
        head(200, fields + headers)
    }

    /// Part of the body: one HTTP chunk in a stream, bare bytes in a document.
    mutating func body(_ text: String) {
        send(framed(text))
    }

    /// The same part of a stream again and again, until the peer leaves.
    mutating func bodyForever(_ text: String, every pause: Duration) {
        steps.append(.sendForever(ByteBuffer(string: framed(text)), every: pause))
    }

    /// Ends a stream as HTTP wants it, a document by its length.
    mutating func finish() {
        if isChunked { send("0\r\n\r\n") }
        steps.append(.finish)
    }

    mutating func end(with step: Step) { steps.append(step) }

    /// The answer `status` with `body`, whole.
    static func document(_ status: Int, _ body: String, headers: [String]) -> Script {
        var script = Script()
        script.head(status, length: body.utf8.count, headers: headers)
        script.body(body)
        script.finish()
        return script
    }

    private mutating func head(_ status: Int, _ fields: [String]) {
        self.status = status
        let reason = HTTPResponseStatus(statusCode: status).reasonPhrase
        send("HTTP/1.1 \(status) \(reason)\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    /// A chunk of no bytes would end the body.
    private func framed(_ text: String) -> String {
        isChunked && !text.isEmpty ? String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n" : text
    }

    /// Bytes with no wait between them leave in one write.
    private mutating func send(_ text: String) {
        guard case .send(var bytes)? = steps.last else { return steps.append(.send(ByteBuffer(string: text))) }
        steps.removeLast()
        bytes.writeString(text)
        steps.append(.send(bytes))
    }
}
