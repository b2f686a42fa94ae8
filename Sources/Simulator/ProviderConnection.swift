import NIOCore
import NIOHTTP1

/// One client's connection: reads requests one after another and plays the script that each gets.
///
/// Lives on its channel's event loop; waiting is a scheduled task, so a hang holds no thread. Requests that come while an
/// answer is under way wait their turn.
final class ProviderConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private struct Performing {
        var steps: [Script.Step]
        var next = 0
        var ordinal: Int
        var keepsAlive: Bool
    }

    private struct Received {
        var request: ProviderRequest
        var keepsAlive: Bool
        var isTooLarge = false
    }

    private let provider: SimulatedProvider
    private var reading: Received?
    private var waiting: [Received] = []
    private var performing: Performing?
    private var timer: Scheduled<Void>?

    init(provider: SimulatedProvider) { self.provider = provider }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reading = Received(request: ProviderRequest(head), keepsAlive: head.isKeepAlive)
            if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                context.writeAndFlush(wrapOutboundOut(Self.continueAnswer), promise: nil)
            }
        case .body(var bytes): append(&bytes)
        case .end:
            guard let received = reading else { return }
            reading = nil
            waiting.append(received)
            answerNext(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        if let performing { provider.ended(performing.ordinal, .peerHungUp) }
        performing = nil
        waiting = []
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError, performing == nil {
            context.write(wrapOutboundOut(Self.badRequest), promise: nil)
        }
        closeAfterWriting(context)
    }

    private func append(_ bytes: inout ByteBuffer) {
        guard var received = reading, !received.isTooLarge else { return }
        // So that the body has one owner and grows in place.
        reading = nil
        received.isTooLarge = received.request.body.readableBytes + bytes.readableBytes > Self.bodyLimit
        if received.isTooLarge {
            received.request.body = ByteBuffer()
        } else if received.request.body.readableBytes == 0 {
            received.request.body = bytes
        } else {
            received.request.body.writeBuffer(&bytes)
        }
        reading = received
    }

    private func answerNext(_ context: ChannelHandlerContext) {
        guard performing == nil, !waiting.isEmpty else { return }
        let received = waiting.removeFirst()
        let (ordinal, script) = provider.answer(received.request, isTooLarge: received.isTooLarge)
        performing = Performing(steps: script.steps, ordinal: ordinal, keepsAlive: received.keepsAlive)
        advance(context)
    }

    /// Plays steps up to the next wait.
    private func advance(_ context: ChannelHandlerContext) {
        while let step = takeStep() {
            switch step {
            case .send(let bytes): context.write(wrapOutboundOut(bytes), promise: nil)
            case .wait(let time):
                context.flush()
                return schedule(time, context) { self.advance(context) }
            case .sendForever(let bytes, let pause):
                context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
                performing?.next -= 1
                return schedule(pause, context) { self.advance(context) }
            case .hang: return context.flush()
            case .finish: return finish(context)
            case .close:
                end(.brokenByProvider)
                return closeAfterWriting(context)
            case .reset:
                end(.brokenByProvider)
                return reset(context)
            }
        }
    }

    private func takeStep() -> Script.Step? {
        guard let current = performing, current.next < current.steps.count else { return nil }
        performing?.next += 1
        return current.steps[current.next]
    }

    private func schedule(_ time: Duration, _ context: ChannelHandlerContext, _ task: @escaping () -> Void) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time), task)
    }

    private func finish(_ context: ChannelHandlerContext) {
        let keepsAlive = performing?.keepsAlive ?? false
        // Before the last byte leaves, so that whoever has read the answer finds it in the log.
        end(.complete)
        guard keepsAlive else { return closeAfterWriting(context) }
        context.flush()
        answerNext(context)
    }

    private func end(_ ending: SimulatedProvider.Call.Ending) {
        if let performing { provider.ended(performing.ordinal, ending) }
        performing = nil
    }

    /// FIN behind everything that was written.
    private func closeAfterWriting(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func reset(_ context: ChannelHandlerContext) {
        guard let options = context.channel as? any SocketOptionProvider else { return context.close(promise: nil) }
        options.unsafeSetSocketOption(level: .socket, name: .so_linger, value: Linger()).assumeIsolated()
            .whenComplete { _ in context.close(promise: nil) }
    }

    /// C's `struct linger`, which no module that we import names on Linux: on, for no time, so that closing sends RST.
    private struct Linger {
        var isOn: CInt = 1
        var seconds: CInt = 0
    }

    private static let bodyLimit = 32 << 20
    private static let continueAnswer = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")
    private static let badRequest = ByteBuffer(
        string: "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

extension ProviderRequest {
    fileprivate init(_ head: HTTPRequestHead) {
        self.init(
            method: head.method.rawValue,
            path: head.uri.firstIndex(of: "?").map { String(head.uri[..<$0]) } ?? head.uri,
            key: Self.key(in: head.headers)
        )
    }

    private static func key(in headers: HTTPHeaders) -> String? {
        if let key = headers.first(name: "x-api-key") { return key }
        guard let value = headers.first(name: "authorization"), value.lowercased().hasPrefix("bearer ") else {
            return nil
        }
        return String(value.dropFirst("bearer ".count))
    }
}
