import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import Synchronization
import Wire

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where a door listens.
package enum DoorAddress: Sendable, Equatable {
    case network(host: String, port: Int)
    /// A Unix domain socket; an existing socket file is replaced.
    case unixSocket(path: String)
}

/// Why a door does not open.
package struct DoorError: Error, CustomStringConvertible {
    package let description: String
}

/// The HTTP listener: reads whole requests within limits, hands them to the gateway, writes its answers.
///
/// Refuses by itself: bodies over `bodyLimit` (413), bodies that take longer than 30 s (408), and new requests while it
/// drains. Requests under way finish as they began.
package struct Door: Sendable {
    /// Largest body, in bytes: chat requests with images stay below it.
    package static let bodyLimit = 32 << 20
    private static let bodyDeadline = TimeAmount.seconds(30)
    /// A client that takes nothing for so long while an answer waits counts as gone.
    private static let writeDeadline = TimeAmount.seconds(60)
    private static let idleTimeout = TimeAmount.seconds(75)

    private let gateway: any Gateway
    private let address: DoorAddress
    private let logger: Logger
    private let crossOrigin: CrossOrigin
    private let registry = DepartureRegistry()
    private let onOpen: @Sendable (Int?) -> Void

    /// A closed door; `onOpen` is called once it listens, with its port.
    ///
    /// `origins` are those of the web pages that may call, as browsers write them.
    package init(
        gateway: any Gateway,
        address: DoorAddress,
        origins: [String] = [],
        logger: Logger,
        onOpen: @escaping @Sendable (Int?) -> Void
    ) {
        self.gateway = gateway
        self.address = address
        self.logger = logger
        self.crossOrigin = CrossOrigin(origins: Set(origins))
        self.onOpen = onOpen
    }

    /// Listens until the service is shut down; then accepts nothing new and waits for the requests under way.
    /// - Throws: `DoorError` where it can't listen.
    package func run() async throws {
        let registry = registry
        let channel = HTTP1Channel(
            responder: { [self] request, writer, channel in try await respond(request, writer, channel) },
            configuration: .init(
                additionalChannelHandlers: [
                    ConnectionWatch(
                        registry: registry,
                        bodyDeadline: Self.bodyDeadline,
                        writeDeadline: Self.writeDeadline
                    )
                ],
                idleTimeout: Self.idleTimeout
            )
        )
        do {
            switch address {
            case .network: try await serve(OnEventLoop(inner: channel))
            // The control socket's answers read the ledger, and no event loop may wait for a disk.
            case .unixSocket: try await serve(channel)
            }
        } catch let error as IOError {
            throw DoorError(description: "can't listen on \(place): \(reason(error))")
        }
    }

    private func serve(_ channel: some ServerChildChannel) async throws {
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(address: bindAddress, backlog: 1024),
            onServerRunning: { [onOpen, address] in
                if case .unixSocket(let path) = address { chmod(path, 0o600) }
                onOpen($0.localAddress?.port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        try await server.run()
    }

    private var bindAddress: BindAddress {
        switch address {
        case .network(let host, let port): .hostname(host, port: port)
        case .unixSocket(let path): .unixDomainSocket(path: path)
        }
    }

    private var place: String {
        switch address {
        case .network(let host, let port): "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }

    private func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case EADDRINUSE: "another program listens there; stop it, or set nines.listen to another port"
        case EACCES: "no permission; ports below 1024 need privileges, set nines.listen to a higher one"
        case EADDRNOTAVAIL: "this machine has no such address; check nines.listen"
        default: "\(error)"
        }
    }

    @concurrent private func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel)
        async throws
    {
        let departure = registry.of(channel)
        let response: OutboundResponse
        if let preflight = crossOrigin.preflight(request.head) {
            response = crossOrigin.allowing(preflight, for: request.headers)
        } else {
            response = crossOrigin.allowing(await answer(request, departure), for: request.headers)
        }
        var head = HTTPResponse(status: HTTPResponse.Status(code: response.status))
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { head.headerFields.append(HTTPField(name: name, value: value)) }
        }
        switch response.body {
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let produce):
            let hasBegun = Atomic(false)
            let body = ResponseBody { inner in
                hasBegun.store(true, ordering: .relaxed)
                var pipe: any BodyWriter = Pipe(inner: inner)
                try await produce(&pipe)
                try await inner.finish(nil)
            }
            do {
                try await writer.write(response: head, body: body)
            } catch {
                // The client left before the head was out: the producer still has to hear of it, to book the end.
                if !hasBegun.load(ordering: .relaxed) {
                    var nobody: any BodyWriter = Nobody()
                    try? await produce(&nobody)
                }
                throw error
            }
        }
        departure.onLeave(nil)
    }

    private func answer(_ request: Request, _ departure: Departure) async -> OutboundResponse {
        let acceptedAt = ContinuousClock.now
        if let length = request.headers[.contentLength].flatMap(Int.init), length > Self.bodyLimit {
            return refusal(.tooLarge, request)
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.bodyLimit)
        } catch is NIOTooManyBytesError {
            return refusal(.tooLarge, request)
        } catch is BodyDeadlineExceeded {
            return refusal(.tooSlow, request)
        } catch {
            return refusal(.malformed, request)
        }
        return await gateway.answer(
            InboundRequest(
                method: request.method.rawValue,
                path: request.uri.path,
                fields: request.headers,
                body: Array(buffer: body),
                acceptedAt: acceptedAt,
                departure: departure
            )
        )
    }

    private enum Refusal { case tooLarge, tooSlow, malformed }

    private func refusal(_ refusal: Refusal, _ request: Request) -> OutboundResponse {
        let error =
            switch refusal {
            case .tooLarge:
                GatewayError(
                    status: 413,
                    type: "invalid_request_error",
                    code: "request_too_large",
                    message: "The body is larger than \(Self.bodyLimit >> 20) MiB. Send less, or link to large content."
                )
            case .tooSlow:
                GatewayError(
                    status: 408,
                    type: "invalid_request_error",
                    code: "request_timeout",
                    message: "The body did not arrive within \(Self.bodyDeadline.nanoseconds / 1_000_000_000) s."
                )
            case .malformed: GatewayError.malformed("its body is cut or wrongly framed")
            }
        return .json(
            error.body(ClientAPI(path: request.uri.path, fields: request.headers)),
            status: error.status,
            headers: [("x-should-retry", "false"), ("connection", "close")]
        )
    }
}

/// Stands in for a client that has left.
private struct Nobody: BodyWriter {
    struct Gone: Error {}
    @concurrent mutating func write(_ bytes: [UInt8]) async throws { throw Gone() }
}

/// Hummingbird's writer behind our protocol.
private struct Pipe: BodyWriter {
    var inner: any ResponseBodyWriter

    @concurrent mutating func write(_ bytes: [UInt8]) async throws { try await inner.write(ByteBuffer(bytes: bytes)) }
}
