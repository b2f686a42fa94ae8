import CCurl

/// One easy handle and the exchange that it carries: used on the libcurl thread only, and again for the next exchange.
///
/// libcurl's callbacks collect into `batch`, and the thread hands that to the reader once libcurl has no more to say, so
/// that head, bytes and end of a short answer arrive together.
final class CurlTransfer {
    /// Bytes of body that may wait for the reader before the connection is paused; one write of libcurl's, 16 KB, may come
    /// on top.
    static let bufferLimit = 256 << 10
    /// Small writes are joined up to this size, so that a chunked answer does not become an event a chunk.
    private static let joinedSize = 16 << 10

    let easy: UnsafeMutableRawPointer
    private(set) var exchange: CurlExchange?
    private var resending = Resending(url: "")
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let options: HandleOptions
    private let touched: TouchedTransfers
    private var isTouched = false
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var decodes = false

    private var head = HeadParser()
    private var batch: [UpstreamEvent] = []
    private var tail: [UInt8] = []
    private var batchSize = 0
    /// Why a callback stopped the transfer, in place of libcurl's "failed writing".
    private var refusal: String?

    /// - Returns: nil when libcurl has no memory for a handle.
    init?(_ options: HandleOptions, touched: TouchedTransfers) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.options = options
        self.touched = touched
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
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
        let request = exchange.request
        resending = Resending(url: request.url)
        headers = request.headerList()
        decodes = !request.asksForCodings
        let this = Unmanaged.passUnretained(self).toOpaque()
        var setter = OptionSetter(easy)
        setter.set(CURLOPT_PRIVATE, this)
        setter.set(CURLOPT_ERRORBUFFER, errorText)
        setter.set(CURLOPT_WRITEFUNCTION, receiveBodyBytes)
        setter.set(CURLOPT_WRITEDATA, this)
        setter.set(CURLOPT_HEADERFUNCTION, receiveHeaderLine)
        setter.set(CURLOPT_HEADERDATA, this)
        setter.setBeforeRequest(noteSending, this)
        setter.set(CURLOPT_HTTPHEADER, headers)
        if decodes { setter.set(CURLOPT_ACCEPT_ENCODING, "") }
        setter.set(options)
        setter.set(request)
        return setter.outcome
    }

    /// Hands what has been collected to the reader.
    func flush(_ outcome: CurlExchange.Outcome = .more) {
        isTouched = false
        joinTail()
        exchange?.deliver(batch, size: batchSize, outcome: outcome)
        batch = []
        batchSize = 0
    }

    /// Hands over what is left, and the end that `code` stands for.
    func finish(_ code: CURLcode) {
        guard code == CURLE_OK else { return flush(.failed(failure(code))) }
        // libcurl takes a close within the head for the end of an answer.
        guard head.isComplete else {
            return flush(.failed(TransportError(.reset, "the connection closed within the answer's head")))
        }
        joinTail()
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
        // Forgets the body and the key, and clears libcurl's count of retries, which lives as long as the handle: the sixth
        // stale connection of a handle's life would fail its exchange.
        curl_easy_reset(easy)
        curl_slist_free_all(headers)
        headers = nil
    }

    /// Connections that libcurl made for the exchange: 0 where a pooled one carried it.
    var connectionsMade: Int { ccurl_get_long(easy, CURLINFO_NUM_CONNECTS) }

    private func joinTail() {
        guard !tail.isEmpty else { return }
        batch.append(.bytes(tail))
        tail = []
    }

    private var timings: TransferTimings {
        let secured = ccurl_get_offset(easy, CURLINFO_APPCONNECT_TIME_T)
        return TransferTimings(
            connected: Int(secured > 0 ? secured : ccurl_get_offset(easy, CURLINFO_CONNECT_TIME_T)),
            firstByte: Int(ccurl_get_offset(easy, CURLINFO_STARTTRANSFER_TIME_T)),
            total: Int(ccurl_get_offset(easy, CURLINFO_TOTAL_TIME_T)),
            reusedConnection: connectionsMade == 0
        )
    }

    private func failure(_ code: CURLcode) -> TransportError {
        if let refusal { return TransportError(.malformed, refusal) }
        if resending.isRefused { return TransportError(.reset, "a kept connection broke before the answer") }
        let isConnected = ccurl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T) > 0
        let text = errorText[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        return TransportError(TransportError.Kind(code, connected: isConnected), text)
    }

    // MARK: what libcurl calls

    private func touch() {
        guard !isTouched else { return }
        isTouched = true
        touched.transfers.append(self)
    }

    /// - Returns: what libcurl's callback before the request must return.
    fileprivate func sends() -> Int32 {
        exchange?.noteSending()
        return Int32(resending.maySend(now: .now) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT)
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
        if tail.count + bytes.count > Self.joinedSize { joinTail() }
        tail += bytes
        batchSize += bytes.count
        touch()
        return bytes.count
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

private func noteSending(
    _ context: UnsafeMutableRawPointer?,
    _ remote: UnsafeMutablePointer<CChar>?,
    _ local: UnsafeMutablePointer<CChar>?,
    _ remotePort: Int32,
    _ localPort: Int32
) -> Int32 {
    guard let context else { return Int32(CURL_PREREQFUNC_ABORT) }
    return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().sends()
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
