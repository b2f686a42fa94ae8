import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A port that can stop listening and listen again, and the connections that it accepted.
final class Listener: Sendable {
    private let host: String
    private let logger: Logger
    private let group = MultiThreadedEventLoopGroup.singleton
    private let state = Mutex(State())

    private struct State {
        var port = 0
        /// What was asked for last.
        var isWanted = true
        var isStopped = false
        var server: (any Channel)?
        var connections: [ObjectIdentifier: any Channel] = [:]
        /// The last change of the port, and every one before it.
        var transition: EventLoopFuture<Void>?
        var makeHandler: (@Sendable () -> ProviderConnection)?
    }

    init(host: String, logger: Logger) {
        self.host = host
        self.logger = logger
    }

    var port: Int { state.withLock { $0.port } }

    func start(port: Int, _ makeHandler: @escaping @Sendable () -> ProviderConnection) async throws {
        state.withLock { $0.makeHandler = makeHandler }
        let server = try await bootstrap.bind(host: host, port: port).get()
        state.withLock {
            $0.server = server
            $0.port = server.localAddress?.port ?? port
        }
    }

    func listens(_ isWanted: Bool) {
        let changed = state.withLock { state in
            guard state.isWanted != isWanted, !state.isStopped else { return false }
            state.isWanted = isWanted
            let before = state.transition ?? group.next().makeSucceededVoidFuture()
            state.transition = before.flatMap { self.change() }
            return true
        }
        if changed, !isWanted { closeConnections() }
    }

    func settle() async {
        guard let transition = state.withLock({ $0.transition }) else { return }
        try? await transition.get()
    }

    func stop() async {
        let transition = state.withLock { state in
            state.isStopped = true
            state.isWanted = false
            let before = state.transition ?? group.next().makeSucceededVoidFuture()
            let last = before.flatMap { self.change() }
            state.transition = last
            return last
        }
        try? await transition.get()
        for connection in state.withLock({ Array($0.connections.values) }) { try? await connection.close() }
        state.withLock { $0.makeHandler = nil }
    }

    /// Brings the port to what is wanted now; runs after every earlier change.
    private func change() -> EventLoopFuture<Void> {
        let (isWanted, server, port) = state.withLock { ($0.isWanted, $0.server, $0.port) }
        if !isWanted, let server {
            state.withLock { $0.server = nil }
            return server.close().recover { _ in }.map { self.closeConnections() }
        }
        if isWanted, server == nil {
            return bootstrap.bind(host: host, port: port)
                .map { opened in self.state.withLock { $0.server = opened } }
                .flatMapError { error in self.bindLater(error) }
        }
        return group.next().makeSucceededVoidFuture()
    }

    /// Somebody took the port meanwhile: tries again until it is free or no longer wanted.
    private func bindLater(_ error: any Error) -> EventLoopFuture<Void> {
        logger.warning(
            "simulated provider can't listen on port \(port) again; it tries on",
            metadata: ["error": "\(error)"]
        )
        return group.next().scheduleTask(in: .milliseconds(250)) {}.futureResult.flatMap { self.change() }
    }

    private func closeConnections() {
        for connection in state.withLock({ Array($0.connections.values) }) { connection.close(promise: nil) }
    }

    private var bootstrap: ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.admit(channel) }
            }
    }

    private func admit(_ channel: any Channel) throws {
        let makeHandler = state.withLock { state in
            guard state.isWanted else { return nil as (@Sendable () -> ProviderConnection)? }
            state.connections[ObjectIdentifier(channel)] = channel
            return state.makeHandler
        }
        guard let makeHandler else { return channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(channel)) }
        }
        try channel.pipeline.syncOperations.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        )
        try channel.pipeline.syncOperations.addHandler(makeHandler())
    }
}
