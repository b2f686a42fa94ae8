import FrontDoor
import Routing
import Storage
import Wire

/// One request on its way through the engine: who asked for what, and every attempt so far.
struct Journey: Sendable {
    let id: String
    let acceptedAt: ContinuousClock.Instant
    /// UTC milliseconds.
    let wallTime: Int64
    let tenant: String
    let feature: String
    let group: String
    let endpoint: Endpoint
    let isStream: Bool
    let mode: RoutingMode
    /// For estimates where a provider reports no usage.
    let requestBytes: Int
    let drill: String?
    let departure: Departure
    /// What of the client's own headers goes on to providers that speak its format.
    let passedHeaders: [HeaderField]
    /// What the deployment that is asked can't take and was left out or changed.
    var degraded: [String] = []
    private(set) var attempts: [AttemptRecord] = []
    /// The first choice, with which `failedOver` is measured.
    private(set) var firstDeployment: DeploymentID?

    init(
        id: String,
        request: InboundRequest,
        wallTime: Int64,
        tenant: String,
        feature: String,
        group: String,
        endpoint: Endpoint,
        isStream: Bool,
        mode: RoutingMode,
        drill: String?
    ) {
        self.id = id
        self.acceptedAt = request.acceptedAt
        self.wallTime = wallTime
        self.tenant = tenant
        self.feature = feature
        self.group = group
        self.endpoint = endpoint
        self.isStream = isStream
        self.mode = mode
        self.requestBytes = request.body.count
        self.drill = drill
        self.departure = request.departure
        self.passedHeaders = [
            ("anthropic-version", request.header(.anthropicVersion)),
            ("anthropic-beta", request.header(.anthropicBeta)),
        ].compactMap { name, value in value.map { HeaderField(name, $0) } }
    }

    var elapsed: Duration { ContinuousClock.now - acceptedAt }

    /// Opens the record of the next attempt.
    mutating func begin(_ deployment: Deployment, why: RequestPlan.Reason) {
        firstDeployment = firstDeployment ?? deployment.id
        var record = AttemptRecord(
            ordinal: attempts.count + 1,
            deployment: deployment.id.name,
            provider: deployment.provider
        )
        record.startMicros = elapsed.microseconds
        record.why = why.rawValue
        attempts.append(record)
    }

    /// Closes the record of the attempt under way.
    mutating func end(status: Int?, firstToken: Duration? = nil, failure: AttemptFailure? = nil) {
        guard var record = attempts.popLast() else { return }
        // Who can't take the request was no choice: that another serves it is no failover.
        if failure?.kind == .unsupported, firstDeployment?.name == record.deployment { firstDeployment = nil }
        record.status = status ?? failure?.status
        record.firstTokenMicros = firstToken.map { $0.microseconds - record.startMicros }
        record.totalMicros = elapsed.microseconds - record.startMicros
        record.failure = failure?.kind.rawValue
        record.detail = failure?.detail
        attempts.append(record)
    }

    var errorLines: [GatewayError.Attempt] {
        attempts.map {
            GatewayError.Attempt(
                deployment: $0.deployment,
                failure: $0.failure ?? "ok",
                status: $0.status,
                milliseconds: Int($0.totalMicros / 1_000)
            )
        }
    }
}

/// How a journey ended, as the one that saw it knows.
struct Ending: Sendable {
    var outcome: RequestOutcome
    var status: Int
    var servedBy: Deployment?
    var usage: TokenUsage?
    /// Size of the generated content, for an estimate where `usage` is missing.
    var contentBytes = 0
    /// Accept to first content token.
    var firstToken: Duration?
    var error: String?
}

extension Duration {
    /// Whole microseconds, cut.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
    /// Seconds as a fraction.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
