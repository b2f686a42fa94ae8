import CCurl
import Synchronization

/// The network through libcurl's multi interface: pooled connections, HTTP/2 over TLS, on threads of its own.
///
/// Nothing here blocks the Swift pool. Redirects are not followed: a 3xx is an answer like another. Proxies come from the
/// environment (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`), but never stand before a loopback host.
package final class CurlUpstream: Upstream {
    package struct Configuration: Sendable {
        /// One serves thousands of exchanges; more only where one core does not keep up with TLS.
        package var threads: Int
        /// 0: as many as there are exchanges at once.
        package var maxConnectionsPerHost: Int
        /// Connections kept open between exchanges, a thread.
        package var maxIdleConnections: Int
        package var userAgent: String
        /// PEM file of the certificates to trust in place of the system's; nil: `SSL_CERT_FILE` where it is set.
        package var caFile: String?
        /// In place of the proxy that the environment names; "" for none.
        package var proxy: String?

        package init(
            threads: Int = 1,
            maxConnectionsPerHost: Int = 0,
            maxIdleConnections: Int = 256,
            userAgent: String = "nines",
            caFile: String? = nil,
            proxy: String? = nil
        ) {
            self.threads = max(threads, 1)
            self.maxConnectionsPerHost = max(maxConnectionsPerHost, 0)
            self.maxIdleConnections = max(maxIdleConnections, 1)
            self.userAgent = userAgent
            self.caFile = caFile
            self.proxy = proxy
        }
    }

    /// Counts since the start.
    package struct Statistics: Sendable, Equatable {
        /// Exchanges under way.
        package let inFlight: Int
        /// Exchanges begun.
        package let started: Int
        /// Connections made.
        package let opened: Int
        /// Complete answers that came over a pooled connection.
        package let reused: Int
    }

    private let mailboxes: [Mailbox]
    private let counters = TransferCounters()

    /// Starts the threads.
    ///
    /// - Throws: `CurlUnavailable` when libcurl cannot be set up.
    package init(configuration: Configuration = Configuration()) throws {
        guard globalSetUp == CURLE_OK else { throw CurlUnavailable(String(cString: curl_easy_strerror(globalSetUp))) }
        mailboxes = (0..<configuration.threads).map { _ in Mailbox() }
        for mailbox in mailboxes { try CurlThread.start(configuration, mailbox: mailbox, counters: counters) }
    }

    deinit {
        for mailbox in mailboxes { mailbox.stop() }
    }

    package func open(_ request: UpstreamRequest) -> any UpstreamExchange {
        let mailbox = mailboxes[counters.started() % mailboxes.count]
        let exchange = CurlExchange(request, mailbox: mailbox)
        if let defect = request.defect {
            counters.ended()
            exchange.deliver([], size: 0, outcome: .failed(defect))
        } else if !mailbox.post(.start(exchange)) {
            counters.ended()
            exchange.deliver([], size: 0, outcome: .failed(.stopping))
        }
        return exchange
    }

    /// Ends every exchange with `cancelled`, closes every connection, and returns when the threads have freed what they held.
    package func shutdown() async {
        for mailbox in mailboxes { mailbox.stop() }
        for mailbox in mailboxes { await mailbox.waitUntilOver() }
    }

    package var statistics: Statistics { counters.statistics }
}

/// libcurl could not be set up, which leaves no way out to any provider.
package struct CurlUnavailable: Error, CustomStringConvertible {
    package let description: String
    init(_ reason: String) { description = "libcurl cannot be set up: \(reason)" }
}

extension TransportError {
    static let stopping = TransportError(.cancelled, "the network side is shutting down")
}

/// Counts kept by the threads and read by anyone.
final class TransferCounters: Sendable {
    private let startedCount = Atomic(0)
    private let endedCount = Atomic(0)
    private let openedCount = Atomic(0)
    private let reusedCount = Atomic(0)

    /// - Returns: how many had been started before.
    func started() -> Int { startedCount.wrappingAdd(1, ordering: .relaxed).oldValue }
    func ended() { endedCount.wrappingAdd(1, ordering: .relaxed) }

    /// Notes an exchange that made `connections`.
    func connected(_ connections: Int, succeeded: Bool) {
        if connections == 0, succeeded { reusedCount.wrappingAdd(1, ordering: .relaxed) }
        openedCount.wrappingAdd(connections, ordering: .relaxed)
    }

    var statistics: CurlUpstream.Statistics {
        let ended = endedCount.load(ordering: .relaxed)
        let started = startedCount.load(ordering: .relaxed)
        return .init(
            inFlight: max(started - ended, 0),
            started: started,
            opened: openedCount.load(ordering: .relaxed),
            reused: reusedCount.load(ordering: .relaxed)
        )
    }
}

/// Once a process, before any thread uses libcurl.
private let globalSetUp = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
