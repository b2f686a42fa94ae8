import NIOCore
import NIOHTTP1
import Wire

/// What HTTP/1 (RFC 9112, RFC 9110) asks of a server and the layers above leave out.
///
/// Closes where either side said so or an old client expects it, speaks 1.0 to clients of 1.0, answers
/// `Expect: 100-continue`, keeps bodies off answers to HEAD, and gives unreadable requests an answer in words.
final class HTTP1Manners: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Exchange {
        var isOld: Bool
        var isBodiless: Bool
        var closes: Bool
    }

    /// Between our refusal and the end of the connection, so that a client that is still sending gets to read it.
    private static let lingering = TimeAmount.seconds(2)

    private let bodyLimit: Int
    /// Requests whose answer is not out yet, oldest first.
    private var exchanges: [Exchange] = []
    private var isInBody = false

    private init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    /// Takes its place behind the decoder, where the protocol version can still be seen.
    static func install(in pipeline: ChannelPipeline, bodyLimit: Int) {
        let operations = pipeline.syncOperations
        guard let decoder = try? operations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        try? operations.addHandler(HTTP1Manners(bodyLimit: bodyLimit), position: .after(decoder))
    }

    // MARK: From the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        switch part {
        case .head(var head):
            isInBody = true
            let exchange = Exchange(
                isOld: head.version.minor == 0,
                isBodiless: head.method == .HEAD,
                closes: !head.isKeepAlive
            )
            // The layers above look for this one spelling.
            if exchange.closes { head.headers.replaceOrAdd(name: "connection", value: "close") }
            if exchanges.isEmpty, expectsContinue(head) { sendContinue(context) }
            exchanges.append(exchange)
            part = .head(head)
        case .body: break
        case .end: isInBody = false
        }
        context.fireChannelRead(wrapInboundOut(part))
    }

    /// A body that would be refused by its length is not asked for.
    private func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        guard head.version.minor > 0, head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" })
        else { return false }
        return head.headers.first(name: "content-length").flatMap(Int.init).map { $0 <= bodyLimit } ?? true
    }

    private func sendContinue(_ context: ChannelHandlerContext) {
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
            promise: nil
        )
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Within a body, or behind other requests, the one that reads them hears of it.
        guard !isInBody, exchanges.isEmpty, context.channel.isActive else { return context.fireErrorCaught(error) }
        let isTooLarge = error as? HTTPParserError == .headerOverflow
        let refusal =
            isTooLarge
            ? GatewayError(
                status: 431,
                type: "invalid_request_error",
                code: "headers_too_large",
                message: "The request's headers are too many or too large: 80 KiB and 1,000 fields are the limit."
            ) : GatewayError.malformed("its head can't be read (\(error))")
        let body = context.channel.allocator.buffer(string: refusal.openAIBody())
        var head = HTTPResponseHead(version: .http1_1, status: isTooLarge ? .requestHeaderFieldsTooLarge : .badRequest)
        head.headers = [
            "content-type": "application/json", "content-length": String(body.readableBytes),
            "x-should-retry": "false", "connection": "close",
        ]
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
    }

    // MARK: To the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard let exchange = exchanges.first else { return context.write(data, promise: promise) }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            // Without a length, only the connection's end tells an old client where the answer ends.
            let isOpenEnded = exchange.isOld && !head.headers.contains(name: "content-length")
            let closes = exchange.closes || isOpenEnded || !head.isKeepAlive
            exchanges[0].closes = closes
            if exchange.isOld { head.version = .http1_0 }
            if closes {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            } else if exchange.isOld {
                head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            if exchange.isBodiless { promise?.succeed() } else { context.write(data, promise: promise) }
        case .end:
            exchanges.removeFirst()
            context.write(data, promise: promise)
            guard exchange.closes else { return }
            context.flush()
            context.close(mode: .output, promise: nil)
        }
    }
}

extension GatewayError {
    /// The request is not HTTP, or not to its end; `reason` completes "because".
    static func malformed(_ reason: String) -> GatewayError {
        GatewayError(
            status: 400,
            type: "invalid_request_error",
            code: "malformed_request",
            message: "This is no valid HTTP request: \(reason)."
        )
    }
}
