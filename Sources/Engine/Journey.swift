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
    let traffic: Traffic
    /// For estimates where a provider reports no usage.
    let requestBytes: Int
    let drill: String?
    var departure: Departure
    /// What the cache did, or has left to do.
    var caching = Caching()
    /// What the guard step allowed; what it holds is settled with the journey.
    var terms = GuardTerms()
    /// What of the client's own headers goes on to providers that speak its format.
    let passedHeaders: [HeaderField]
    /// What the deployment that is asked can't take and was left out or changed.
    var degraded: [String] = []
    /// What attempts that did not give the whole answer may have cost.
    var expenses: [Expense] = []
    /// The answer broke off and another deployment goes on with it.
    var isContinued = false
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
        traffic: Traffic = .live,
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
        self.traffic = traffic
        self.requestBytes = request.body.count
        self.drill = drill
        self.departure = request.departure
        self.passedHeaders = [
            ("anthropic-version", request.header(.anthropicVersion)),
            ("anthropic-beta", request.header(.anthropicBeta)),
        ].compactMap { name, value in value.map { HeaderField(name, $0) } }
    }

    var elapsed: Duration { ContinuousClock.now - acceptedAt }

    /// Opens the record of the next attempt, and gives its number.
    @discardableResult
    mutating func begin(_ deployment: Deployment, why: RequestPlan.Reason) -> Int {
        firstDeployment = firstDeployment ?? deployment.id
        var record = AttemptRecord(
            ordinal: attempts.count + 1,
            deployment: deployment.id.name,
            provider: deployment.provider
        )
        record.startMicros = elapsed.microseconds
        record.why = isContinued && why != .retry ? "continue" : why.rawValue
        attempts.append(record)
        return record.ordinal
    }

    /// Closes the record of an attempt: the one with that number, else the last.
    mutating func end(
        _ number: Int? = nil,
        status: Int?,
        firstToken: Duration? = nil,
        failure: AttemptFailure? = nil
    ) {
        let index = (number ?? attempts.count) - 1
        guard attempts.indices.contains(index) else { return }
        // Who can't take the request was no choice: that another serves it is no failover.
        if failure?.kind == .unsupported, firstDeployment?.name == attempts[index].deployment { firstDeployment = nil }
        attempts[index].status = status ?? failure?.status
        attempts[index].firstTokenMicros = firstToken.map { $0.microseconds - attempts[index].startMicros }
        attempts[index].totalMicros = elapsed.microseconds - attempts[index].startMicros
        attempts[index].failure = failure?.kind.rawValue
        attempts[index].detail = failure?.detail
    }

    /// Closes the record of an attempt that another one outran: nobody's failure.
    mutating func outrun(_ number: Int) {
        end(number, status: nil)
        attempts[number - 1].failure = AttemptRecord.hedgedOut
        attempts[number - 1].detail = "another deployment spoke first"
    }

    /// Books what the attempt with that number may have cost.
    mutating func spend(_ spent: Spent?, on deployment: Deployment, attempt number: Int, isAnswer: Bool = false) {
        guard let spent else { return }
        expenses.append(Expense(deployment: deployment, attempt: number, spent: spent, isAnswer: isAnswer))
    }

    /// Whether that `deployment` answered is owed to the first choice's failure; a hedge that was faster is none.
    func isFailover(to deployment: Deployment) -> Bool {
        !caching.isServed && deployment.id != firstDeployment && attempts.first?.failure != AttemptRecord.hedgedOut
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

/// What an attempt that was not needed, broke off or failed late may have cost.
struct Expense: Sendable {
    let deployment: Deployment
    /// Number of the attempt.
    let attempt: Int
    let spent: Spent
    /// Its content is part of what the client got.
    let isAnswer: Bool
}

/// What one attempt used, as far as it is known.
struct Spent: Sendable, Equatable {
    /// What the provider reported; nil where it had not come to that.
    var usage: TokenUsage?
    var contentBytes = 0
    /// The answer came to its end: what was reported is all.
    var isWhole = false

    /// What was reported; of an answer that broke off at least that, and at least what was seen; four bytes a token, OpenAI's rule of thumb for English.
    func tokens(requestBytes: Int) -> TokenUsage {
        let seen = (contentBytes + 3) / 4
        guard var usage else { return TokenUsage(input: requestBytes / 4, output: seen) }
        if !isWhole { usage.output = max(usage.output, seen) }
        return usage
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
    /// The answer's parts stand among the journey's expenses already.
    var isBooked = false
    /// Accept to first content token.
    var firstToken: Duration?
    var error: String?
    /// A whole answer from a provider; of a stream nothing.
    var body: [UInt8]?
}

extension Duration {
    /// Whole microseconds, cut.
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
    /// Seconds as a fraction.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
