import CCurl
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
internal import Routing

/// One easy handle and the exchange that it carries: used on the libcurl thread only, and again for the next exchange.
///
/// What no request changes is set once; `start` sets the rest. libcurl's callbacks collect into `batch`, and the thread hands
/// that to the reader once libcurl has no more to say, so that head, bytes and end of a short answer arrive together.
final class CurlTransfer {
    /// Bytes of body that may wait for the reader before the connection is paused; one write of libcurl's, 16 KB, comes on top.
    static let bufferLimit = 256 << 10
    /// Small writes are joined up to this size, so that a chunked answer does not become an event a chunk.
    private static let joinedSize = 16 << 10

    let easy: UnsafeMutableRawPointer
    private(set) var exchange: CurlExchange?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let touched: TouchedTransfers
    private var isTouched = false
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var decodes = false
    private var unixSocket: String?

    private var head = HeadParser()
    private var batch: [UpstreamEvent] = []
    private var tail: [UInt8] = []
    private var batchSize = 0
    /// Why a callback stopped the transfer, in place of libcurl's "failed writing".
    private var refusal: String?

    /// - Returns: nil when libcurl has no memory for a handle, or lacks an option that we cannot do without.
    init?(_ configuration: CurlUpstream.Configuration, touched: TouchedTransfers) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.touched = touched
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard setUp(configuration) == CURLE_OK else { return nil }
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// The transfer that `easy` belongs to.
    static func owning(_ easy: UnsafeMutableRawPointer) -> CurlTransfer? {
        ccurl_get_pointer(easy, CURLINFO_PRIVATE).map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Makes the handle ready to carry `exchange`; the caller adds it to the multi handle.
    func start(_ exchange: CurlExchange) -> CURLcode {
        self.exchange = exchange
        errorText[0] = 0
        return prepare(exchange.request)
    }

    /// Hands what has been collected to the reader.
    func flush(_ outcome: CurlExchange.Outcome = .more) {
        isTouched = false
        if !tail.isEmpty { batch.append(.bytes(tail)) }
        exchange?.deliver(batch, size: batchSize, outcome: outcome)
        batch = []
        tail = []
        batchSize = 0
    }

    /// Hands over what is left, and the end that `code` stands for.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK else { return flush(.failed(failure(code))) }
        guard head.isComplete else { return flush(.failed(TransportError(.malformed, "the answer has no head"))) }
        if !tail.isEmpty { batch.append(.bytes(tail)) }
        tail = []
        batch.append(.end(timings))
        flush(.complete)
    }

    /// Forgets the exchange, for the next one.
    func recycle() {
        exchange = nil
        head = HeadParser()
        batch = []
        tail = []
        batchSize = 0
        refusal = nil
        // The body and the headers hold what people wrote, and keys.
        ccurl_set_string(easy, CURLOPT_COPYPOSTFIELDS, nil)
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, nil)
        curl_slist_free_all(headers)
        headers = nil
    }

    /// Connections that libcurl made for the exchange: 0 where a pooled one carried it.
    var connectionsMade: Int { ccurl_get_long(easy, CURLINFO_NUM_CONNECTS) }

    private var timings: TransferTimings {
        let connected = ccurl_get_offset(easy, CURLINFO_APPCONNECT_TIME_T)
        return TransferTimings(
            connected: Int(connected > 0 ? connected : ccurl_get_offset(easy, CURLINFO_CONNECT_TIME_T)),
            firstByte: Int(ccurl_get_offset(easy, CURLINFO_STARTTRANSFER_TIME_T)),
            total: Int(ccurl_get_offset(easy, CURLINFO_TOTAL_TIME_T)),
            reusedConnection: connectionsMade == 0
        )
    }

    private func failure(_ code: CURLcode) -> TransportError {
        if let refusal { return TransportError(.malformed, refusal) }
        let text = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        return TransportError(
            TransportError.Kind(code, connected: ccurl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T) > 0),
            text
        )
    }

    // MARK: what libcurl calls

    private func touch() {
        guard !isTouched else { return }
        isTouched = true
        touched.transfers.append(self)
    }

    /// - Returns: what libcurl's header callback must return.
    fileprivate func receiveHeader(_ line: UnsafeBufferPointer<UInt8>) -> Int {
        switch head.read(line) {
        case .more: break
        case .refused(let reason):
            refusal = reason
            return -1
        case .head(let status, let headers):
            batch.append(.head(status: status, headers: decodes ? headers.describingDecodedBody() : headers))
            touch()
        }
        return line.count
    }

    /// - Returns: what libcurl's write callback must return.
    fileprivate func receiveBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let exchange else { return -1 }
        if exchange.mustPause(pending: batchSize, limit: Self.bufferLimit) { return Int(CURL_WRITEFUNC_PAUSE) }
        if !tail.isEmpty, tail.count + bytes.count > Self.joinedSize {
            batch.append(.bytes(tail))
            tail = []
        }
        tail += bytes
        batchSize += bytes.count
        touch()
        return bytes.count
    }

    // MARK: options

    /// What no request changes.
    private func setUp(_ configuration: CurlUpstream.Configuration) -> CURLcode {
        let this = Unmanaged.passUnretained(self).toOpaque()
        let options = OptionSetter(easy)
        options.set(CURLOPT_PRIVATE, this)
        options.set(CURLOPT_ERRORBUFFER, errorText)
        options.set(CURLOPT_WRITEFUNCTION, receiveBodyBytes)
        options.set(CURLOPT_WRITEDATA, this)
        options.set(CURLOPT_HEADERFUNCTION, receiveHeaderLine)
        options.set(CURLOPT_HEADERDATA, this)
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        options.set(CURLOPT_NOSIGNAL, 1)
        // Without it, removing a handle joins its resolver thread, and one stuck name server stops every transfer.
        options.set(CURLOPT_QUICK_EXIT, 1)
        options.set(CURLOPT_DNS_CACHE_TIMEOUT, 60)
        options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        options.set(CURLOPT_HTTP09_ALLOWED, 0)
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_TCP_NODELAY, 1)
        options.set(CURLOPT_TCP_KEEPALIVE, 1)
        // Below the 60 s after which common load balancers drop an idle connection.
        options.set(CURLOPT_MAXAGE_CONN, 50)
        // Old connections go, so that a provider's moved address is found.
        options.set(CURLOPT_MAXLIFETIME_CONN, 600)
        options.set(CURLOPT_USERAGENT, configuration.userAgent)
        let environment = ProcessInfo.processInfo.environment
        options.set(CURLOPT_NOPROXY, CurlUpstream.Configuration.directHosts(environment))
        if let proxy = configuration.proxy { options.set(CURLOPT_PROXY, proxy) }
        if let file = configuration.certificateFile(environment) { options.set(CURLOPT_CAINFO, file) }
        return options.outcome
    }

    /// What each request brings.
    private func prepare(_ request: UpstreamRequest) -> CURLcode {
        let options = OptionSetter(easy)
        options.set(CURLOPT_URL, request.url)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.wholeMilliseconds)
        options.set(CURLOPT_TIMEOUT_MS, request.timeout.wholeMilliseconds)
        prepareMethod(request, options)
        headers = request.headerList()
        options.set(CURLOPT_HTTPHEADER, headers)
        let asksItself = request.headers.contains { $0.name.lowercased() == "accept-encoding" }
        if decodes == asksItself {
            decodes.toggle()
            options.set(CURLOPT_ACCEPT_ENCODING, decodes ? "" : nil)
        }
        if unixSocket != request.unixSocket {
            unixSocket = request.unixSocket
            options.set(CURLOPT_UNIX_SOCKET_PATH, unixSocket)
        }
        return options.outcome
    }

    private func prepareMethod(_ request: UpstreamRequest, _ options: OptionSetter) {
        let hasBody = !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method)
        if hasBody {
            options.set(CURLOPT_POST, 1)
            options.setOffset(CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
            options.set(CURLOPT_COPYPOSTFIELDS, request.body)
        } else {
            options.set(CURLOPT_HTTPGET, 1)
            if request.method == "HEAD" { options.set(CURLOPT_NOBODY, 1) }
        }
        let implied = hasBody ? "POST" : "GET"
        options.set(CURLOPT_CUSTOMREQUEST, request.method == implied || request.method == "HEAD" ? nil : request.method)
    }
}

/// The transfers for which libcurl called back since the last flush.
final class TouchedTransfers {
    var transfers: [CurlTransfer] = []

    func flush() {
        guard !transfers.isEmpty else { return }
        for transfer in transfers { transfer.flush() }
        transfers.removeAll(keepingCapacity: true)
    }
}

private func receiveHeaderLine(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    receive(bytes, size * count, context) { $0.receiveHeader($1) }
}

private func receiveBodyBytes(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    receive(bytes, size * count, context) { $0.receiveBody($1) }
}

private func receive(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?,
    _ consume: (CurlTransfer, UnsafeBufferPointer<UInt8>) -> Int
) -> Int {
    guard let bytes, let context else { return count }
    return bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
        consume(
            Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue(),
            UnsafeBufferPointer(start: $0, count: count)
        )
    }
}
