import NIOCore
import NIOPosix

/// One kind of load: so many connections, each with one request at a time.
struct Cell: Hashable, Sendable {
    let connections: Int
    let isStreamed: Bool

    static let all = [
        Cell(connections: 1, isStreamed: false), Cell(connections: 1, isStreamed: true),
        Cell(connections: 32, isStreamed: false), Cell(connections: 32, isStreamed: true),
    ]
}

/// What came of one cell's load on one port.
struct Samples: Sendable {
    /// Nanoseconds from the request's first byte to the answer's last, of every request after the warm-up.
    var totals: [Int64] = []
    /// The same to the first byte of the body.
    var firstBytes: [Int64] = []
    /// Requests, the warm-up's included.
    var served = 0
    /// When the last answer was whole, in nanoseconds of the monotonic clock.
    var lastAt: Int64 = 0
    /// The first failure; the figures mean nothing then.
    var failure: String?

    mutating func add(_ other: Samples) {
        totals += other.totals
        firstBytes += other.firstBytes
        served += other.served
        lastAt = max(lastAt, other.lastAt)
        failure = failure ?? other.failure
    }
}

/// Sends chat completions over keep-alive connections, all on one thread.
struct LoadGenerator {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    /// What a request may take before it counts as failed.
    private static let patience: Duration = .seconds(5)

    /// - Returns: The samples, and the seconds over which they were taken.
    ///
    /// `headers` are lines with their ends.
    func run(
        _ cell: Cell,
        port: Int,
        headers: String = "",
        warmUp: Duration,
        duration: Duration
    ) async -> (samples: Samples, seconds: Double) {
        let begin = monotonicNanoseconds() + warmUp.inNanoseconds
        let plan = LoadPlan(
            request: Self.request(port: port, headers: headers, isStreamed: cell.isStreamed),
            ending: cell.isStreamed ? "data: [DONE]\n\n" : "}",
            begin: begin,
            end: begin + duration.inNanoseconds
        )
        let limit = TimeAmount(warmUp + duration + Self.patience)
        let bootstrap = ClientBootstrap(group: group).channelOption(.tcpOption(.tcp_nodelay), value: 1)
        let running = (0..<cell.connections).map { _ in
            let ended = group.next().makePromise(of: Samples.self)
            bootstrap
                .channelInitializer { channel in
                    let timer = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
                    ended.futureResult.whenComplete { _ in timer.cancel() }
                    return channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(LoadConnection(plan, ended))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .whenFailure { error in ended.succeed(Samples(failure: "no connection: \(error)")) }
            return ended.futureResult
        }
        var all = Samples()
        for future in running {
            do { all.add(try await future.get()) } catch { all.failure = "\(error)" }
        }
        return (all, Double(all.lastAt - begin) / 1e9)
    }

    func stop() async { try? await group.shutdownGracefully() }

    private static func request(port: Int, headers: String, isStreamed: Bool) -> ByteBuffer {
        let body =
            #"{"model":"bench","messages":[{"role":"system","content":"Answer in one sentence."},"#
            + #"{"role":"user","content":"What does a router between two providers cost?"}],"#
            + #""max_tokens":64,"temperature":0.2"# + (isStreamed ? #","stream":true}"# : "}")
        let head =
            "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:\(port)\r\nauthorization: Bearer sk-bench\r\n"
            + "content-type: application/json\r\naccept: */*\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n"
        return ByteBuffer(string: head + body)
    }
}

/// What every connection of one cell does.
private struct LoadPlan: Sendable {
    let request: ByteBuffer
    let ending: String
    /// Requests sent before it warm up.
    let begin: Int64
    /// No request is sent after it.
    let end: Int64
}

private final class LoadConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let plan: LoadPlan
    private let ended: EventLoopPromise<Samples>
    private var reader: ResponseReader
    private var samples = Samples()
    private var sentAt: Int64 = 0
    private var firstByteAt: Int64?
    private var hasEnded = false

    init(_ plan: LoadPlan, _ ended: EventLoopPromise<Samples>) {
        self.plan = plan
        self.ended = ended
        reader = ResponseReader(endsWith: plan.ending)
    }

    func channelActive(context: ChannelHandlerContext) { send(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = monotonicNanoseconds()
        unwrapInboundIn(data).withUnsafeReadableBytes { reader.feed($0) }
        if reader.hasBody, firstByteAt == nil { firstByteAt = now }
        if let fault = reader.fault { return end(context, fault) }
        guard reader.isComplete else { return }
        samples.served += 1
        samples.lastAt = now
        if sentAt >= plan.begin {
            samples.totals.append(now - sentAt)
            samples.firstBytes.append((firstByteAt ?? now) - sentAt)
        }
        if now < plan.end { send(context) } else { end(context, nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { end(context, "the connection closed before the answer") }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(context, "\(error)") }

    private func send(_ context: ChannelHandlerContext) {
        reader.reset()
        firstByteAt = nil
        sentAt = monotonicNanoseconds()
        context.writeAndFlush(wrapOutboundOut(plan.request), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext, _ failure: String?) {
        guard !hasEnded else { return }
        hasEnded = true
        samples.failure = failure
        ended.succeed(samples)
        context.close(promise: nil)
    }
}

func monotonicNanoseconds() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }

extension Duration {
    var inNanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
    var inSeconds: Double { Double(inNanoseconds) / 1e9 }
}
