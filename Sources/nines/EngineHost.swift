import Engine
import FrontDoor
import Kit
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals
import Settings
import Storage
import Upstream

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An engine with its doors open, and the order in which all of it ends.
///
/// The end: the front door takes nothing new and waits for what is under way (30 s at most), the control socket and the
/// snapshots follow, the ledger writes what is left.
struct EngineHost: Sendable {
    struct Plan: Sendable {
        var config: NinesConfig
        var database: String
        var socket: String
        var bypassOverride: Bool?
        var seed = UInt64.random(in: 0 ... .max)
        var demo: (any DemoSwitch)?
        /// Of a demo: every drill is so many times faster.
        var drillFactor: Double?
        /// Signals that end it; empty where a console owns them.
        var signals: [UnixSignal] = []
        /// Called when the end begins, before anything is waited for.
        var onStop: @Sendable () -> Void = {}
    }

    /// Streams get so long to finish.
    static let drainLimit: Duration = .seconds(30)

    let engine: Engine
    let upstream: CurlUpstream
    private let group: ServiceGroup
    private let task: Task<Void, any Error>
    private let listener: Task<Void, Never>

    /// Returns once the doors are open.
    /// - Throws: where the database, a port or the socket can't be had, in words.
    static func start(_ plan: Plan, logger: Logger) async throws -> EngineHost {
        let config = plan.config
        // Before anything is touched: the ledger, the switches and the socket may be another engine's.
        guard portIsFree(config.port, host: config.host) else {
            throw Failure(
                "can't listen on \(config.authority): another program listens there; stop it, or set nines.listen to another port"
            )
        }
        try makePrivateFolder(of: plan.socket)
        let ledger = try Ledger.open(path: plan.database, objectives: config.objectives)
        let upstream = try CurlUpstream()
        let engine = Engine(
            config: config,
            ledger: ledger,
            upstream: upstream,
            loops: MultiThreadedEventLoopGroup.singleton,
            identity: EngineIdentity(
                version: ninesVersion,
                startedAt: wallMilliseconds(),
                listen: "\(config.authority)"
            ),
            workerScript: KitWorker.shipped.text,
            seed: plan.seed,
            logger: logger,
            demo: plan.demo,
            drillFactor: plan.drillFactor
        )
        engine.restoreSwitches(override: plan.bypassOverride)
        let (opened, signal) = AsyncThrowingStream.makeStream(of: Void.self)
        let (frontOpened, frontSignal) = AsyncStream.makeStream(of: Void.self)
        let front = Door(
            gateway: engine,
            address: .network(host: config.host, port: config.port),
            origins: config.corsOrigins,
            logger: logger,
            onOpen: { _ in
                signal.yield()
                frontSignal.finish()
            }
        )
        let control = Door(
            gateway: ControlGateway(engine),
            address: .unixSocket(path: plan.socket),
            logger: logger,
            onOpen: { _ in signal.yield() }
        )
        let group = ServiceGroup(
            configuration: configuration(engine, ledger, front, control, frontOpened, plan.onStop, logger)
        )
        let task = Task.detached {
            do {
                try await group.run()
                signal.finish()
            } catch {
                signal.finish(throwing: error)
                throw error
            }
        }
        var doors = opened.makeAsyncIterator()
        for _ in 0..<2 {
            guard try await doors.next() != nil else { throw Failure("the engine ended before it could listen") }
        }
        let signals = await UnixSignalsSequence(trapping: plan.signals)
        let listener = Task.detached {
            var isEnding = false
            for await _ in signals {
                // The second one means it.
                if isEnding { task.cancel() }
                isEnding = true
                await group.triggerGracefulShutdown()
            }
        }
        return EngineHost(engine: engine, upstream: upstream, group: group, task: task, listener: listener)
    }

    private static func configuration(
        _ engine: Engine,
        _ ledger: Ledger,
        _ front: Door,
        _ control: Door,
        _ frontOpened: AsyncStream<Void>,
        _ onStop: @escaping @Sendable () -> Void,
        _ logger: Logger
    ) -> ServiceGroupConfiguration {
        var configuration = ServiceGroupConfiguration(
            services: [
                Part("run") { await ledger.run() },
                Part("keepHouse") { await engine.keepHouse() },
                Part("deliver") { await engine.deliver() },
                Part("watchAlerts") { await engine.watchAlerts() },
                Part("watchDrills") { await engine.watchDrills() },
                Part { await cancelWhenGracefulShutdown { await engine.watchNetwork() } },
                Part("watchDeferred") { await engine.watchDeferred() },
                Part("publishSnapshots") { await engine.publishSnapshots() },
                Part("keepGuards") { await engine.keepGuards() },
                Part {
                    // Its socket replaces one that is there: only whoever has the port may do that.
                    for await _ in frontOpened {}
                    guard !Task.isCancelled else { return }
                    try await withGracefulShutdownHandler {
                        try await control.run()
                    } onGracefulShutdown: {
                        engine.hub.close()
                    }
                },
                Part {
                    try await withGracefulShutdownHandler {
                        try await front.run()
                    } onGracefulShutdown: {
                        onStop()
                        // No console may put in another one after that.
                        engine.drain()
                        engine.restoreAll()
                    }
                },
            ],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = drainLimit
        return configuration
    }

    /// Waits until a signal or `stop` ended it.
    func wait() async throws {
        let result = await task.result
        listener.cancel()
        // Where a part failed, nothing was told to end in order.
        engine.restoreAll()
        if let problem = await engine.settleKeys() { printError(problem) }
        // What was cut off then is booked behind the ledger's own last write.
        try? await engine.ledger.flush()
        await upstream.shutdown()
        // Cancelled: the limit for draining was reached, or a second signal came.
        if case .failure(let error) = result, !(error is CancellationError) { throw error }
    }

    func stop() async {
        await group.triggerGracefulShutdown()
        try? await wait()
    }
}

/// A closure as a service.
private struct Part: Service {
    let body: @Sendable () async throws -> Void
    init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    /// Work beside the requests: on a thread of its own, because it waits for the ledger; cancelled when Nines is stopped.
    init(_ name: String, _ body: @escaping @Sendable () async -> Void) {
        self.body = {
            await withTaskExecutorPreference(WaitingExecutor(name)) { await cancelWhenGracefulShutdown(body) }
        }
    }

    func run() async throws { try await body() }
}

/// The folder of `path`, made where it is missing, for its owner alone.
func makePrivateFolder(of path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    // 104 bytes on macOS, 108 on Linux, the closing zero included.
    guard path.utf8.count < 104 else {
        throw Failure("the control socket's path is too long (\(path)): set XDG_RUNTIME_DIR to a shorter folder")
    }
    guard !FileManager.default.fileExists(atPath: folder) else { return }
    do {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    } catch {
        throw Failure("can't make the folder \(folder) for the control socket: \(error)")
    }
}
