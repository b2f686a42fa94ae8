/// The name of one deployment: unique in a config, safe to show.
package struct DeploymentID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let name: String
    package init(_ name: String) { self.name = name }
    package var description: String { name }
    package static func < (a: Self, b: Self) -> Bool { a.name < b.name }
    package init(from decoder: any Decoder) throws { name = try decoder.singleValueContainer().decode(String.self) }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

/// A value that must never be shown: printing, interpolating or reflecting it gives `***`.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String
    package init(_ value: String) { self.value = value }
    /// The value itself, for the one place that puts it on the wire.
    package func reveal() -> String { value }
    package var isEmpty: Bool { value.isEmpty }
    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A provider's key, and the name under which people know it (the environment variable's, say).
package struct Credential: Hashable, Sendable {
    /// Shown in alerts and on the screen: `OPENAI_API_KEY`.
    package let name: String
    package let secret: Secret
    package init(name: String, secret: Secret) {
        self.name = name
        self.secret = secret
    }
}

/// The wire format that a deployment speaks.
package enum WireFormat: String, Hashable, Sendable, Codable {
    case openAI = "openai"
    case anthropic
}

/// One place that can serve a model: an endpoint, a model name there and a credential.
package struct Deployment: Hashable, Sendable {
    package let id: DeploymentID
    /// The vendor, as the prefix of the model says: `openai`, `anthropic`, `groq`.
    ///
    /// What the screen calls *provider*.
    package var provider: String
    package let format: WireFormat
    /// The model's name at the provider, without prefix.
    package var model: String
    /// Where requests go, without a trailing slash: for OpenAI-compatible endpoints with `/v1`, for Anthropic the root.
    package let apiBase: String
    package let credential: Credential?
    /// Lowest is tried first; nil where the config gives none.
    package let order: Int?
    /// Relative share of first attempts within one `order`; nil where the config gives none.
    package let weight: Double?
    /// Limits of one attempt; nil falls back to the router's.
    package let timeout: Duration?
    package let streamTimeout: Duration?
    package let numRetries: Int?
    package let cooldown: Duration?
    /// Fields added to every request body at top level, as JSON text (`extra_body` in the config); nil for none.
    package let extraBody: String?
    /// Headers added to every request.
    package let extraHeaders: [HeaderField]
    /// Largest prompt that the model takes, in tokens; nil where unknown.
    ///
    /// What one deployment refused as too long goes on only to those that are known to take more.
    package var contextWindow: Int?
    /// What fails together at one provider, `eu-west-1` say; nil where the config names none.
    package var region: String?

    package init(
        id: DeploymentID,
        provider: String,
        format: WireFormat,
        model: String,
        apiBase: String,
        credential: Credential?,
        order: Int? = nil,
        weight: Double? = nil,
        timeout: Duration? = nil,
        streamTimeout: Duration? = nil,
        numRetries: Int? = nil,
        cooldown: Duration? = nil,
        extraBody: String? = nil,
        extraHeaders: [HeaderField] = [],
        contextWindow: Int? = nil,
        region: String? = nil
    ) {
        self.id = id
        self.provider = provider
        self.format = format
        self.model = model
        self.apiBase = apiBase
        self.credential = credential
        self.order = order
        self.weight = weight
        self.timeout = timeout
        self.streamTimeout = streamTimeout
        self.numRetries = numRetries
        self.cooldown = cooldown
        self.extraBody = extraBody
        self.extraHeaders = extraHeaders
        self.contextWindow = contextWindow
        self.region = region
    }
}

/// One HTTP header, name and value.
package struct HeaderField: Hashable, Sendable {
    package let name: String
    package let value: String
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The deployments that answer to one model name.
package struct ModelGroup: Hashable, Sendable {
    /// What clients send as `model`.
    package let name: String
    /// Never empty; in the order of the file.
    package let deployments: [Deployment]
    /// Other groups to try, in order, when every deployment of this one has failed.
    package let fallbacks: [String]

    package init(name: String, deployments: [Deployment], fallbacks: [String] = []) {
        self.name = name
        self.deployments = deployments
        self.fallbacks = fallbacks
    }

    /// As they would be tried with all of them well: the lowest `order`, then the highest `weight`, then as in the file.
    package var inOrder: [Deployment] {
        deployments.enumerated().sorted { a, b in
            (a.element.order ?? .max, -(a.element.weight ?? 0), a.offset)
                < (b.element.order ?? .max, -(b.element.weight ?? 0), b.offset)
        }
        .map(\.element)
    }

    /// Who serves first.
    package var primary: Deployment? { inOrder.first }
}

/// The router's limits: what a request may cost in time and attempts before it is given up.
package struct RoutingPolicy: Hashable, Sendable {
    /// Immediate retries at the same deployment after a 5xx or a reset; failover is not counted.
    package var numRetries = 1
    /// One attempt, from its start to the last byte.
    package var timeout: Duration = .seconds(30)
    /// From an attempt's start to its first content token, for streams.
    package var streamTimeout: Duration = .seconds(2)
    /// Silence between two chunks after the first content token.
    package var idleTimeout: Duration = .seconds(20)
    /// All attempts of one request together, up to the first content token.
    package var deadline: Duration = .seconds(75)
    /// Connecting, TLS included.
    package var connectTimeout: Duration = .seconds(2)
    /// Failures in a row that a deployment may have; the next one benches it.
    package var allowedFails = 3
    /// How long a benched deployment stays out before one probe may try it.
    package var cooldown: Duration = .seconds(30)
    /// How the load comes back to a deployment whose probe succeeded.
    package var failBack = FailBack.ramp
    package var pilotGrace = PilotGrace()
    /// How late the first content token may be before the next deployment is started as well; nil for never.
    package var hedgeAfter: Duration?
    package init() {}
}

/// The longest that anybody holds for the pilot of a credential that is not proven, from when it was sent.
package struct PilotGrace: Hashable, Sendable {
    /// Where nobody has had an answer with it yet: longer than a refusal takes from afar, and paid once at most.
    ///
    /// A request that failed elsewhere never holds so long.
    package var first: Duration = .seconds(2)
    /// Where it has worked before: too short for a person to feel.
    package var later: Duration = .milliseconds(100)
    package init() {}
}

/// How the load comes back to a deployment that works again: in steps, or all at once.
package enum FailBack: String, Sendable, Hashable { case ramp, immediate }
