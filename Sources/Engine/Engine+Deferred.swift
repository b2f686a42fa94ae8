import Console
import FrontDoor
import Logging
import Routing
import Settings
package import Storage
import Synchronization
import Wire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Bounds of what is put off (ours).
enum Deferral {
    /// Requests that may wait.
    static let most = 1_000
    /// Of them one tenant's, where there are several.
    static let mostOfTenant = most / 4
    /// Bytes of one of them.
    static let mostBytes = 1 << 20
    /// Milliseconds for which a request, and then its answer, is kept.
    static let kept: Int64 = 86_400_000
    /// Sent at once.
    static let batch = 4
    /// Between two looks at whether any is due.
    static let pause: Duration = .seconds(2)
    static let path = "/deferred/"
}

/// What of a request's headers is kept with it.
private struct DeferredHeaders: Codable {
    var version: String?
    var beta: String?
    var cacheControl: String?
}

extension Engine {
    // MARK: Accepting

    /// Accepts for later what no provider can be reached for, where the client allows that; nil where it can't be.
    func deferred(_ asking: Asking, _ end: RequestPlan.GiveUp, _ journey: Journey) async -> OutboundResponse? {
        guard journey.traffic == .live, asking.mayBeDeferred,
            asking.chat.body.count <= Deferral.mostBytes, let tenant = table.owner(of: asking.request),
            isUnreachable(end, journey), !journey.departure.isGone
        else { return nil }
        var request = DeferredRequest(
            id: journey.id,
            tenant: tenant,
            feature: journey.feature,
            at: journey.wallTime,
            expires: journey.wallTime + Deferral.kept,
            path: "/v1\(journey.endpoint.path)",
            body: asking.chat.unstreamed
        )
        let headers = DeferredHeaders(
            version: asking.request.header(.anthropicVersion),
            beta: asking.request.header(.anthropicBeta),
            cacheControl: asking.request.header(.cacheControl)
        )
        request.headers = (try? JSONEncoder().encode(headers)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        // It waits for the disk: no event loop may.
        let isKept = await withTaskExecutorPreference(WaitingExecutor()) { [request] in keep(request) }
        guard isKept else { return nil }
        settle(journey, Ending(outcome: .lost, status: 202, error: "deferred: no provider could be reached"))
        var response = state(of: request)
        response.headers += ninesHeaders(journey, nil)
        return response
    }

    private func keep(_ request: DeferredRequest) -> Bool {
        do throws(LedgerError) {
            return try ledger.deferRequest(
                request,
                most: Deferral.most,
                mostOfTenant: config.tenants.count > 1 ? Deferral.mostOfTenant : Deferral.most
            )
        } catch {
            logger.error("a request could not be deferred: \(error)")
            return false
        }
    }

    /// Whether no provider could be reached, rather than that they fail.
    private func isUnreachable(_ end: RequestPlan.GiveUp, _ journey: Journey) -> Bool {
        guard offlineSince == nil else { return true }
        let kinds = journey.attempts.compactMap(\.failure) + end.skipped.map { $0.cause?.kind.rawValue ?? "" }
        return !kinds.isEmpty && kinds.allSatisfy { $0 == FailureClass.unreachable.rawValue }
    }

    // MARK: Sending

    /// Sends what was deferred whenever somebody can be reached; until cancelled.
    package func watchDeferred() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Deferral.pause)
            await sendDeferred()
        }
    }

    /// Sends some of what waits, the oldest, all at once; nothing while offline.
    package func sendDeferred() async {
        guard offlineSince == nil, !Task.isCancelled, !switches.withLock({ $0.isDraining }) else { return }
        do {
            let due = try ledger.takeDeferred(now: wallMilliseconds(), limit: Deferral.batch)
            await withDiscardingTaskGroup { group in
                for request in due { group.addTask { await self.send(request) } }
            }
        } catch {
            logger.error("deferred requests wait on: \(error)")
        }
    }

    private func send(_ request: DeferredRequest) async {
        do {
            try await answer(request)
        } catch {
            logger.error("deferred request \(request.id) waits on: \(error)")
        }
    }

    private func answer(_ request: DeferredRequest) async throws(LedgerError) {
        guard let endpoint = Endpoint(path: request.path) else { return }
        let kept = try? JSONDecoder().decode(DeferredHeaders.self, from: Data(request.headers.utf8))
        var headers: [(HeaderName, String)] = [(.tenant, request.tenant), (.feature, request.feature)]
        if let version = kept?.version { headers.append((.anthropicVersion, version)) }
        if let beta = kept?.beta { headers.append((.anthropicBeta, beta)) }
        if let control = kept?.cacheControl { headers.append((.cacheControl, control)) }
        let response = await serve(
            InboundRequest(path: request.path, headers: headers, body: request.body),
            endpoint,
            traffic: .probe
        )
        guard let body = await whole(response), !mayComeYet(response) else {
            // Up to a quarter of an hour, until the request expires.
            let pause = Int64(1_000) << Int64(min(request.attempts, 10))
            return try ledger.retryDeferred(id: request.id, at: wallMilliseconds() + pause, now: wallMilliseconds())
        }
        let fields = Dictionary(response.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let text = (try? JSONEncoder().encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        try ledger.finishDeferred(
            id: request.id,
            failed: response.status != 200,
            status: response.status,
            headers: text,
            body: body,
            expires: wallMilliseconds() + Deferral.kept
        )
        hub.kick()
    }

    /// The provider, or the operator, may yet mend it; what the request is at fault for stays.
    private func mayComeYet(_ response: OutboundResponse) -> Bool {
        guard response.status == 429 else { return response.status >= 499 }
        return !response.headers.contains { $0.name == "x-should-retry" && $0.value == "false" }
    }

    /// The body in one piece; nil where it breaks off.
    private func whole(_ response: OutboundResponse) async -> [UInt8]? {
        switch response.body {
        case .bytes(let bytes): return bytes
        case .stream(let produce):
            let (answer, _) = SharedAnswer.start()
            var writer: any BodyWriter = SharedWriter(answer: answer)
            do { try await produce(&writer) } catch { return nil }
            return answer.bytes
        }
    }

    // MARK: Asking for it

    /// The request that had the answer made: its own row is in the ledger; nil before there is one.
    package static func answering(_ request: DeferredRequest) -> String? {
        let fields = try? JSONDecoder().decode([String: String].self, from: Data((request.answerHeaders ?? "").utf8))
        return fields?["x-nines-request-id"]
    }

    /// `GET` and `DELETE` of `/v1/deferred/ID`, for the tenant that sent it.
    func deferral(_ id: String, _ request: InboundRequest) -> OutboundResponse {
        guard let tenant = table.owner(of: request) else { return refuse(.wrongKey, api: request.api) }
        do throws(LedgerError) {
            guard let found = try ledger.deferred(id: id, tenant: tenant) else {
                return refuse(.unknownDeferral, api: request.api)
            }
            guard request.method == "DELETE" else {
                if found.answer != nil, found.fetched == nil { ledger.noteFetched(id: id, at: wallMilliseconds()) }
                return state(of: found)
            }
            guard try ledger.cancelDeferred(id: id, tenant: tenant) else {
                return refuse(.deferralIsOver(found.state.rawValue), api: request.api)
            }
            hub.kick()
            return .json("{\"id\":\(jsonString(id)),\"object\":\"deferred\",\"status\":\"cancelled\"}")
        } catch {
            logger.error("deferred requests can't be read: \(error)")
            return refuse(.deferralUnreadable, api: request.api)
        }
    }

    /// A deferred request as its client is told: the answer, or where to ask for it.
    private func state(of request: DeferredRequest) -> OutboundResponse {
        let url = "/v1\(Deferral.path)\(request.id)"
        let id: (name: String, value: String) = ("x-nines-request-id", request.id)
        if let status = request.answerStatus, let answer = request.answer {
            let fields =
                try? JSONDecoder()
                .decode([String: String].self, from: Data((request.answerHeaders ?? "{}").utf8))
            let kept = (fields ?? [:]).filter { $0.key != id.name }.sorted { $0.key < $1.key }
            return OutboundResponse(
                status: status,
                headers: kept.map { ($0.key, $0.value) } + [id],
                body: .bytes(answer)
            )
        }
        guard request.state == .waiting, request.expires > wallMilliseconds() else {
            let state = request.state == .waiting ? "expired" : request.state.rawValue
            return .json(
                "{\"id\":\(jsonString(request.id)),\"object\":\"deferred\",\"status\":\"\(state)\"}",
                status: 410
            )
        }
        let body =
            "{\"id\":\(jsonString(request.id)),\"object\":\"deferred\",\"status\":\"waiting\",\"url\":\(jsonString(url)),"
            + "\"accepted_at\":\(request.at / 1_000),\"expires_at\":\(request.expires / 1_000)}"
        return .json(body, status: 202, headers: [("location", url), ("retry-after", "30"), id])
    }

    /// The operator's word, whosever request it is.
    func cancelDeferred(_ id: String) -> CommandReply {
        do throws(LedgerError) {
            guard try ledger.cancelDeferred(id: id) else {
                return CommandReply(ok: false, message: "no request '\(id)' waits")
            }
            hub.kick()
            return CommandReply(ok: true, message: "\(id) is not sent any more")
        } catch {
            return CommandReply(ok: false, message: "\(id) could not be cancelled: \(error)")
        }
    }
}

extension GatewayError {
    fileprivate static let unknownDeferral = GatewayError(
        status: 404,
        type: "invalid_request_error",
        code: "deferred_not_found",
        message: "There is no deferred request of that id for this key: it is unknown, another tenant's, or its day is"
            + " over."
    )

    fileprivate static func deferralIsOver(_ state: String) -> GatewayError {
        GatewayError(
            status: 409,
            type: "invalid_request_error",
            code: "deferred_over",
            message: "There is nothing left to cancel: the request is \(state)."
        )
    }

    fileprivate static let deferralUnreadable = GatewayError(
        status: 503,
        type: "service_unavailable_error",
        code: "ledger_unavailable",
        message: "Deferred requests can't be read just now. Ask again later.",
        retryAfterSeconds: 30,
        isRetryable: true
    )
}
