package import Routing

extension Upstream {
    /// Sends `request` and waits for its whole answer, of at most `limit` bytes of body: for small control calls.
    ///
    /// - Throws: what the exchange throws; `malformed` for a longer answer.
    package func collect(
        _ request: UpstreamRequest,
        limit: Int
    ) async throws(TransportError) -> (status: Int, headers: [HeaderField], body: [UInt8]) {
        try await open(request).collect(limit: limit)
    }
}

extension UpstreamExchange {
    /// Waits for the whole answer, of at most `limit` bytes of body.
    ///
    /// - Throws: what the exchange throws; `malformed` for a longer answer.
    package func collect(
        limit: Int
    ) async throws(TransportError) -> (status: Int, headers: [HeaderField], body: [UInt8]) {
        var status = 0
        var headers: [HeaderField] = []
        var body: [UInt8] = []
        while let events = try await next() {
            for event in events {
                switch event {
                case .head(let code, let fields): (status, headers) = (code, fields)
                case .end: break
                case .bytes(let bytes): body += bytes
                }
            }
            guard body.count <= limit else {
                cancel()
                throw TransportError(.malformed, "the answer is longer than \(limit) bytes")
            }
        }
        return (status, headers, body)
    }
}
