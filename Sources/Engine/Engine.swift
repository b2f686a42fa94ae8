package import Console
package import FrontDoor
package import Logging
package import NIOCore
import Guardrails
import Routing
package import Settings
package import Storage
import Synchronization
package import Upstream
import Wire

/// The router: takes requests from the front door through routing to a deployment, and books what came of them.
///
/// Refuses to know: how HTTP is read and written (`FrontDoor`, `Upstream`), how rows are kept (`Storage`), how anything
/// looks (`Console`). Shared state is touched briefly under one lock and never across a suspension.
package final class Engine: Gateway {
    package let config: NinesConfig
    package let ledger: Ledger
    let table: RouteTable
    let upstream: any Upstream
    let loops: any EventLoopGroup
    let logger: Logger
    let telemetry: Telemetry
    package let faults: FaultBoard
    let guards: GuardDesk
    let priceProblem: String?
    let identity: EngineIdentity
    /// The service worker that browsers may fetch; nil: none.
    let workerScript: String?
    let startedAt = ContinuousClock.now
    let router: Mutex<RouterState>
    let switches: Mutex<Switches>
    let desk: DrillDesk
    /// Tenants and features that clients have named.
    let names: Mutex<Set<String>>
    let serving = Mutex<[String: ServingSince]>([:])
    package let hub = SnapshotHub()
    let alerts: AlertDesk
    let cache: CacheDesk
    /// Whether providers can be reached.
    let network: Mutex<Connectivity>
    let deliveries: Deliveries
    let slowFigures = Mutex(SlowFigures())
    /// Declared windows, as the ledger had them a moment ago.
    let maintenance = Mutex<[MaintenanceWindow]>([])
    let demo: (any DemoSwitch)?
    let library: DrillLibrary
    /// Every drill is so many times faster, in a demo; nil: as the console asks.
    let drillFactor: Double?

    /// What the router remembers between requests.
    struct RouterState {
        var breakers = Breakers()
        var seed: UInt64
        var inFlight: [DeploymentID: Int] = [:]
        /// Out, and a probe has failed since.
        var stillFailing: Set<DeploymentID> = []
        /// Ids of the requests that are accepted and not settled.
        var underWay: Set<String> = []
    }

    /// What a person may switch.
    struct Switches {
        var isBypassOn = false
        var bypassSince: Int64 = 0
        var isDraining = false
    }

    /// An engine at rest.
    ///
    /// `seed` is that of the weighted draws: random, or fixed where runs must repeat. `demo` is nil outside the demo, in which
    /// every drill may be `drillFactor` times as fast.
    package init(
        config: NinesConfig,
        ledger: Ledger,
        upstream: any Upstream,
        loops: any EventLoopGroup,
        identity: EngineIdentity,
        workerScript: String? = nil,
        seed: UInt64,
        logger: Logger,
        demo: (any DemoSwitch)? = nil,
        drillFactor: Double? = nil
    ) {
        self.config = config
        self.ledger = ledger
        var imported: [PriceRow] = []
        do {
            imported = try ledger.importedPrices()
            priceProblem = nil
        } catch {
            priceProblem = "imported prices are not in effect: \(error); 'nines prices import' takes them in again"
        }
        self.table = RouteTable(config, imported: imported)
        self.network = Mutex(Connectivity(table.deployments.values))
        self.guards = GuardDesk(config, ledger, now: identity.startedAt)
        self.names = Mutex(Set(config.features.map(\.name) + config.tenants.map(\.id)))
        self.upstream = upstream
        self.loops = loops
        self.identity = identity
        self.workerScript = workerScript
        self.logger = logger
        self.demo = demo
        self.drillFactor = demo == nil ? nil : drillFactor
        self.library = DrillLibrary(config.drill)
        self.telemetry = Telemetry()
        self.router = Mutex(RouterState(seed: seed))
        self.switches = Mutex(Switches())
        self.desk = DrillDesk()
        self.faults = FaultBoard(seed: seed)
        self.cache = CacheDesk(table, ledger: ledger, logger: logger)
        self.alerts = AlertDesk(config, state: (try? ledger.alertStates())?[AlertDesk.stateKey])
        self.deliveries = Deliveries(config, ledger: ledger, upstream: upstream, seed: seed, logger: logger)
    }

    var report: LedgerReport { LedgerReport(config: config, ledger: ledger) }

    /// Since the engine started; what breakers reckon with.
    var uptime: Duration { ContinuousClock.now - startedAt }

    /// New requests are refused from now on; those under way go on.
    package func drain() { switches.withLock { $0.isDraining = true } }

    package func answer(_ request: InboundRequest) async -> OutboundResponse {
        // HEAD is GET whose body the door keeps back.
        let method = request.method == "HEAD" ? "GET" : request.method
        if let endpoint = Endpoint(path: request.path) {
            guard method == "POST" else { return refuse(method, "POST", request) }
            return await serve(request, endpoint)
        }
        let path = request.path.hasPrefix("/v1/") ? String(request.path.dropFirst(3)) : request.path
        switch path {
        case "/models", "/metrics", "/health/liveliness", "/health/liveness", "/health/readiness":
            guard method == "GET" else { return refuse(method, "GET, HEAD", request) }
            switch path {
            case "/models": return models(request)
            case "/metrics":
                // It reads the file: no event loop may wait for that.
                return await withTaskExecutorPreference(WaitingExecutor()) { metrics(request) }
            case "/health/readiness": return readiness()
            default: return .json("{\"status\":\"alive\"}")
            }
        case _ where path.hasPrefix(Deferral.path):
            guard method == "GET" || method == "DELETE" else { return refuse(method, "GET, HEAD, DELETE", request) }
            let id = String(path.dropFirst(Deferral.path.count))
            return await withTaskExecutorPreference(WaitingExecutor()) { deferral(id, request) }
        case _ where method == "GET" && path.hasPrefix("/models/"):
            return model(String(path.dropFirst("/models/".count)), request)
        case "/sw.js" where workerScript != nil:
            guard method == "GET" else { return refuse(method, "GET, HEAD", request) }
            return worker(workerScript ?? "")
        default:
            let served = Endpoint.allCases.map { "/v1\($0.path)" }.joined(separator: ", ")
            let error = GatewayError(
                status: 404,
                type: "invalid_request_error",
                code: "unknown_url",
                message: "Unknown path \(request.path). Nines serves \(served), /v1/models and /v1/deferred/{id}."
            )
            return refuse(error, api: request.api)
        }
    }

    /// Browsers look for a newer one at each visit, and let it serve the whole origin that hands it on.
    private func worker(_ script: String) -> OutboundResponse {
        let headers = [
            ("content-type", "text/javascript; charset=utf-8"), ("service-worker-allowed", "/"),
            ("cache-control", "no-cache"),
        ]
        return OutboundResponse(status: 200, headers: headers, body: .bytes(Array(script.utf8)))
    }

    private func refuse(_ method: String, _ allowed: String, _ request: InboundRequest) -> OutboundResponse {
        let error = GatewayError(
            status: 405,
            type: "invalid_request_error",
            code: "method_not_allowed",
            message: "\(method) is not allowed on \(request.path)."
        )
        var response = refuse(error, api: request.api)
        response.headers.append(("allow", allowed))
        return response
    }

    /// An error of our own as an answer, in the shape of the API that was called.
    func refuse(_ error: GatewayError, requestID: String? = nil, api: ClientAPI) -> OutboundResponse {
        // One that never became a journey still has a name, by which its client can ask about it.
        let requestID = requestID ?? Self.makeRequestID(at: wallMilliseconds())
        var headers: [(name: String, value: String)] = [("x-nines-request-id", requestID)]
        if !error.isRetryable { headers.append(("x-should-retry", "false")) }
        if let seconds = error.retryAfterSeconds { headers.append(("retry-after", String(seconds))) }
        return .json(error.body(api, requestID: requestID), status: error.status, headers: headers)
    }

    private func readiness() -> OutboundResponse {
        let isDraining = switches.withLock { $0.isDraining }
        let problem = ledger.health.error
        let status = isDraining ? "draining" : "ready"
        let body = "{\"status\":\"\(status)\",\"ledger\":\(jsonString(problem ?? "ok"))}"
        return .json(body, status: isDraining ? 503 : 200)
    }
}

/// What an engine says of itself.
package struct EngineIdentity: Sendable {
    package var version: String
    /// UTC milliseconds.
    package var startedAt: Int64
    /// `127.0.0.1:4000`.
    package var listen: String
    package init(version: String, startedAt: Int64, listen: String) {
        self.version = version
        self.startedAt = startedAt
        self.listen = listen
    }
}

/// Breaks and mends the demo's primary.
package protocol DemoSwitch: Sendable {
    /// What is wrong now and what can be.
    var view: EngineSnapshot.DemoView { get }
    /// - Returns: false where there is no such fault.
    func inject(_ fault: String?) -> Bool
}

extension GatewayError {
    static let wrongKey = GatewayError(
        status: 401,
        type: "invalid_request_error",
        code: "invalid_api_key",
        message: "This key is not known to Nines. Send a tenant's key, or the master key, as a bearer token."
    )

    static func unknownModel(_ name: String, _ offered: [String]) -> GatewayError {
        GatewayError(
            status: 404,
            type: "invalid_request_error",
            code: "model_not_found",
            message: "The model '\(name)' does not exist here. Offered: \(offered.joined(separator: ", ")).",
            parameter: "model"
        )
    }
}

extension RouteTable {
    /// The tenant to whom what is kept for a request belongs, in its own words; nil where the key is refused.
    ///
    /// Not the name that stands in the ledger, under which tenants with odd or too many names stand together.
    func owner(of request: InboundRequest) -> String? {
        switch caller(key: request.key) {
        case .refused: nil
        case .tenant(let name): name
        case .anyone: request.header(.tenant) ?? "default"
        }
    }
}

extension InboundRequest {
    /// The caller's key: a bearer token, else `x-api-key`.
    var key: String? {
        if let value = header(.authorization) {
            guard value.lowercased().hasPrefix("bearer ") else { return nil }
            return String(value.dropFirst("bearer ".count))
        }
        return header(.apiKey)
    }
}
