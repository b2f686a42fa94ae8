import HTTPTypes

/// Which web pages may call, and how a browser learns it (the Fetch standard's CORS protocol).
///
/// Only listed origins get an answer, each its own: never `*`, and never leave to send cookies. What any other origin asks
/// is served as ever and its browser keeps the answer from the page.
struct CrossOrigin: Sendable {
    /// `https://app.example.com`; empty leaves every answer as it is.
    let origins: Set<String>

    /// The answer to a listed origin's question beforehand; nil for any other request.
    func preflight(_ request: HTTPRequest) -> OutboundResponse? {
        let fields = request.headerFields
        guard request.method == .options, fields[.accessControlRequestMethod] != nil, isListed(fields) else {
            return nil
        }
        var headers: [(name: String, value: String)] = [
            ("access-control-allow-methods", "GET, POST, DELETE"),
            // Ten minutes: what a list that was shortened may lag behind.
            ("access-control-max-age", "600"),
        ]
        if let asked = fields[.accessControlRequestHeaders] { headers.append(("access-control-allow-headers", asked)) }
        return OutboundResponse(status: 204, headers: headers, body: .bytes([]))
    }

    /// `response` with what lets the page of a listed origin read it.
    func allowing(_ response: OutboundResponse, for fields: HTTPFields) -> OutboundResponse {
        guard !origins.isEmpty else { return response }
        var response = response
        // A cache between must not give one origin's answer to another.
        response.headers.append(("vary", "origin"))
        guard let origin = fields[.origin], isListed(fields) else { return response }
        let own = response.headers.map { $0.name.lowercased() }.filter { $0.hasPrefix("x-nines-") }
        let exposed = Self.exposed + own
        response.headers.append(("access-control-allow-origin", origin))
        response.headers.append(("access-control-expose-headers", exposed.joined(separator: ", ")))
        return response
    }

    private func isListed(_ fields: HTTPFields) -> Bool { fields[.origin].map(origins.contains) ?? false }

    private static let exposed = ["age", "warning", "retry-after", "x-should-retry", "x-request-id", "request-id"]
}
