import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Knows whether a client is still there, and tells one listener the moment it leaves.
///
/// A client that closes its sending side counts as gone: HTTP libraries do so only when they close the connection.
package final class Departure: Sendable {
    private struct State {
        var isGone = false
        var listener: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    package init() {}

    package var isGone: Bool { state.withLock { $0.isGone } }

    /// Calls `listener` once when the client leaves, at once where it has left; the last listener set counts, nil ends it.
    package func onLeave(_ listener: (@Sendable () -> Void)?) {
        let isGone = state.withLock { state in
            state.listener = listener
            return state.isGone
        }
        if isGone { listener?() }
    }

    /// The client has left, or nobody waits any more for what stands in for one.
    package func leave() {
        let listener = state.withLock { state in
            state.isGone = true
            defer { state.listener = nil }
            return state.listener
        }
        listener?()
    }
}

/// The body did not arrive in time.
struct BodyDeadlineExceeded: Error {}

/// Sits in a connection's pipeline: notices the client's leaving, bodies that never end and answers that nobody reads;
/// sends a head and the first bytes of its body together.
final class ConnectionWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let registry: DepartureRegistry
    private let bodyDeadline: TimeAmount
    private let writeDeadline: TimeAmount
    private var isBodyOpen = false
    private var timer: Scheduled<Void>?
    private var stall: Scheduled<Void>?
    private var holdsHead = false

    init(registry: DepartureRegistry, bodyDeadline: TimeAmount, writeDeadline: TimeAmount) {
        self.registry = registry
        self.bodyDeadline = bodyDeadline
        self.writeDeadline = writeDeadline
    }

    func handlerAdded(context: ChannelHandlerContext) {
        registry.add(context.channel)
        // Small pieces of a stream must not wait for each other.
        _ = try? context.channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
        HTTP1Manners.install(in: context.pipeline, bodyLimit: Door.bodyLimit)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: isBodyOpen = true
        case .body: break
        case .end:
            isBodyOpen = false
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most bodies are whole within one read: only the others are worth a timer.
        if isBodyOpen, timer == nil {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            timer = context.eventLoop.scheduleTask(in: bodyDeadline) {
                bound.value.fireErrorCaught(BodyDeadlineExceeded())
            }
        }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stall?.cancel()
            stall = nil
        } else if stall == nil {
            let channel = context.channel
            stall = context.eventLoop.scheduleTask(in: writeDeadline) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Every answer has a body or an end, and nothing answers before it has some of it.
        holdsHead =
            if case .head(let head) = unwrapOutboundIn(data) { head.status.kind != .informational } else { false }
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        if !holdsHead { context.flush() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { registry.leave(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        stall?.cancel()
        registry.leave(context.channel)
        registry.remove(context.channel)
        context.fireChannelInactive()
    }
}

/// The departure of each open connection, found by its channel.
final class DepartureRegistry: Sendable {
    private let departures = Mutex<[ObjectIdentifier: Departure]>([:])

    func add(_ channel: any Channel) { departures.withLock { $0[ObjectIdentifier(channel)] = Departure() } }
    func remove(_ channel: any Channel) { departures.withLock { $0[ObjectIdentifier(channel)] = nil } }
    func leave(_ channel: any Channel) { of(channel).leave() }

    /// A connection that is not registered is closed already.
    func of(_ channel: any Channel) -> Departure {
        if let departure = departures.withLock({ $0[ObjectIdentifier(channel)] }) { return departure }
        let gone = Departure()
        gone.leave()
        return gone
    }
}
