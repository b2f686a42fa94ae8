package import Routing

/// The way out: sends one request to one deployment and gives its answer as it comes.
///
/// The one seam between the engine and the network. `CurlUpstream` is the real one; tests of the engine may script another.
package protocol Upstream: Sendable {
    /// Starts the request at once and returns without waiting for anything.
    func open(_ request: UpstreamRequest) -> any UpstreamExchange
}

/// One HTTP request, ready for the wire.
package struct UpstreamRequest: Sendable {
    package var method: String
    /// Absolute, `http://` or `https://`.
    package var url: String
    package var headers: [HeaderField]
    package var body: [UInt8]
    /// Name lookup, connecting and TLS together.
    package var connectTimeout: Duration
    /// The whole exchange, to the last byte.
    package var timeout: Duration
    /// A Unix domain socket to connect to in place of the URL's host (`nines attach`); nil for the network.
    package var unixSocket: String?
    /// A connection of its own, closed afterwards.
    ///
    /// A pooled one may break before any byte of the answer, which over TLS leads to one more sending (`Resending`):
    /// unwanted where the receiver can't tell a repeat.
    package var usesOwnConnection = false

    package init(
        method: String = "POST",
        url: String,
        headers: [HeaderField] = [],
        body: [UInt8] = [],
        connectTimeout: Duration = .seconds(2),
        timeout: Duration = .seconds(30),
        unixSocket: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.unixSocket = unixSocket
    }
}

/// An answer under way.
///
/// One reader; `next()` is never called twice at once.
package protocol UpstreamExchange: Sendable {
    /// What has come since the last call, waiting until there is something; nil after the end.
    ///
    /// The first event is `head` (interim 1xx answers are dropped). Bytes that came together are given together, so that
    /// a short answer takes one call. Cancelling the waiting task cancels the exchange.
    /// - Throws: `TransportError`, once; after it, nil.
    func next() async throws(TransportError) -> [UpstreamEvent]?
    /// Stops at once and closes the connection unless the answer was complete; harmless after the end, from any thread.
    func cancel()
    /// Whether a connection was there and the request went out, so that the other side may be at work.
    var wasSent: Bool { get }
}

package enum UpstreamEvent: Sendable, Equatable {
    /// Status and headers, names in lower case, in the order they came.
    case head(status: Int, headers: [HeaderField])
    /// Part of the body, decoded from any transfer or content coding; never empty.
    case bytes([UInt8])
    /// The answer is complete as HTTP understands it.
    case end(TransferTimings)
}

/// Where the time of one exchange went, from libcurl's clocks; microseconds from its start.
package struct TransferTimings: Sendable, Equatable {
    package var connected: Int
    package var firstByte: Int
    package var total: Int
    /// True where a pooled connection carried it.
    package var reusedConnection: Bool
    package init(connected: Int = 0, firstByte: Int = 0, total: Int = 0, reusedConnection: Bool = false) {
        self.connected = connected
        self.firstByte = firstByte
        self.total = total
        self.reusedConnection = reusedConnection
    }
}

/// Why no complete answer came over the network.
package struct TransportError: Error, Sendable, Equatable {
    package enum Kind: String, Sendable, Equatable {
        /// The host's name has no address.
        case dns
        /// Nobody accepts connections there.
        case refused
        /// No connection within `connectTimeout`.
        case connectTimeout
        /// The TLS handshake or the certificate failed.
        case tls
        /// The connection broke before any byte of the answer, or within it.
        case reset
        /// The answer ended before its length or its last chunk.
        case truncated
        /// `timeout` ran out.
        case timeout
        /// The reader cancelled.
        case cancelled
        /// The URL, a header or the answer is not HTTP.
        case malformed
    }
    package let kind: Kind
    /// libcurl's own words, for a person; no header, no key.
    package let detail: String
    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}
