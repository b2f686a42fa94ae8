import HTTPTypes
package import Wire

/// One request as it reached the door: head and whole body.
package struct InboundRequest: Sendable {
    package let method: String
    /// Without the query.
    package let path: String
    package let body: [UInt8]
    /// When its head had been read.
    package let acceptedAt: ContinuousClock.Instant
    /// Whether the client is still there.
    package let departure: Departure
    private let fields: HTTPFields

    init(
        method: String,
        path: String,
        fields: HTTPFields,
        body: [UInt8],
        acceptedAt: ContinuousClock.Instant,
        departure: Departure
    ) {
        self.method = method
        self.path = path
        self.fields = fields
        self.body = body
        self.acceptedAt = acceptedAt
        self.departure = departure
    }

    /// One of our own, behind which no client waits.
    package init(path: String, headers: [(name: HeaderName, value: String)] = [], body: [UInt8]) {
        var fields = HTTPFields()
        for header in headers { fields[header.name.field] = header.value }
        self.init(
            method: "POST",
            path: path,
            fields: fields,
            body: body,
            acceptedAt: .now,
            departure: Departure()
        )
    }

    /// A header's value, names in any case; nil where it is absent.
    package func header(_ name: HeaderName) -> String? { fields[name.field] }

    /// The API that the client speaks: by the path, elsewhere by the header that Anthropic's clients always send.
    package var api: ClientAPI { ClientAPI(path: path, fields: fields) }

    /// Every header, in the order they came, names as the client wrote them.
    package var headers: [(name: String, value: String)] { fields.map { ($0.name.rawName, $0.value) } }
}

extension ClientAPI {
    init(path: String, fields: HTTPFields) {
        self =
            Endpoint(path: path)?.api
            ?? (fields[HeaderName.anthropicVersion.field] == nil ? .openAI : .anthropic)
    }
}

/// The headers that Nines reads.
package enum HeaderName: Sendable {
    case authorization, apiKey, feature, tenant, timeoutMilliseconds, anthropicVersion, anthropicBeta, cacheControl,
        deferral

    fileprivate var field: HTTPField.Name {
        switch self {
        case .authorization: .authorization
        case .apiKey: Self.apiKeyField
        case .feature: Self.featureField
        case .tenant: Self.tenantField
        case .timeoutMilliseconds: Self.timeoutField
        case .anthropicVersion: Self.anthropicVersionField
        case .anthropicBeta: Self.anthropicBetaField
        case .cacheControl: .cacheControl
        case .deferral: Self.deferralField
        }
    }

    private static let apiKeyField = name("x-api-key")
    private static let featureField = name("x-nines-feature")
    private static let tenantField = name("x-nines-tenant")
    private static let timeoutField = name("x-nines-timeout-ms")
    private static let deferralField = name("x-nines-defer")
    private static let anthropicVersionField = name("anthropic-version")
    private static let anthropicBetaField = name("anthropic-beta")

    /// The names above are valid tokens; `.accept` stands in for what can't happen.
    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .accept }
}

/// What goes back to the client.
package struct OutboundResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Written piece by piece; throwing cuts the connection.
        case stream(@concurrent @Sendable (inout any BodyWriter) async throws -> Void)
    }
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: Body

    package init(status: Int, headers: [(name: String, value: String)] = [], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func json(_ text: String, status: Int = 200, headers: [(name: String, value: String)] = []) -> Self {
        Self(status: status, headers: [("content-type", "application/json")] + headers, body: .bytes(Array(text.utf8)))
    }
}

/// Writes a response's body as it is made.
package protocol BodyWriter {
    /// Waits while the client reads too slowly. Throws when it is gone.
    @concurrent mutating func write(_ bytes: [UInt8]) async throws
}

/// Answers requests; one call a request, many at once.
package protocol Gateway: Sendable {
    func answer(_ request: InboundRequest) async -> OutboundResponse
}
