import FrontDoor
import NIOCore
import Routing
import Settings
import Storage
import Synchronization
import Wire

extension Engine {
    /// The life of a request to a model: identify, cache, guard, plan, attempt until one speaks, commit, settle.
    ///
    /// What is not `live` traffic is our own, and needs no key.
    func serve(_ request: InboundRequest, _ endpoint: Endpoint, traffic: Traffic = .live) async -> OutboundResponse {
        guard !switches.withLock({ $0.isDraining }) else { return refuse(.draining, api: endpoint.api) }
        let chat: ChatRequest
        let journey: Journey
        let groups: [ModelGroup]
        switch identify(request, endpoint, traffic) {
        case .refused(let response): return response
        case .accepted(let request, let found, let started):
            chat = request
            groups = found
            journey = started
        }
        router.withLock { _ = $0.underWay.insert(journey.id) }
        if journey.mode == .bypass, let primary = groups[0].primary {
            return await bypass(request, chat, primary, journey)
        }
        return await throughCache(Asking(request, chat, groups), journey)
    }

    /// Asks deployments until one answers, as far as caps allow.
    func travel(_ asking: Asking, _ journey: Journey) async -> OutboundResponse {
        var (chat, groups, journey) = (asking.chat, asking.groups, journey)
        if let refusal = admit(&chat, &groups, &journey) { return refusal }
        var course = course(of: chat, groups, journey, ownLimit: asking.ownLimit)
        switch await travel(&course) {
        case .answer(let answer, let attempt): return whole(answer, attempt.deployment, course.journey)
        case .speaking(let stream, let attempt): return relay(stream, attempt, course)
        case .rejected(let answer, let deployment): return rejected(answer, deployment, course.journey)
        case .gaveUp(let end):
            network.withLock { $0.doubt() }
            if let stale = staleAnswer(end, course.journey) { return stale }
            if let accepted = await deferred(asking, end, course.journey) { return accepted }
            return giveUp(end, course.journey, ownLimit: course.hasOwnLimit)
        case .departed: return departed(course.journey)
        }
    }

    private enum Identified {
        case refused(OutboundResponse)
        case accepted(ChatRequest, [ModelGroup], Journey)
    }

    private func identify(_ request: InboundRequest, _ endpoint: Endpoint, _ traffic: Traffic) -> Identified {
        let caller = traffic != .live ? .anyone : table.caller(key: request.key)
        if caller == .refused { return .refused(refuse(.wrongKey, api: endpoint.api)) }
        let id = Self.makeRequestID(at: wallMilliseconds())
        let chat: ChatRequest
        do throws(ChatRequest.Problem) {
            chat = try ChatRequest(request.body, endpoint: endpoint)
        } catch {
            return .refused(refuse(.badRequest(error), requestID: id, api: endpoint.api))
        }
        guard let groups = table.groups(for: chat.model) else {
            let error = GatewayError.unknownModel(String(chat.model.prefix(100)), table.modelNames)
            return .refused(refuse(error, requestID: id, api: endpoint.api))
        }
        var tenant = request.header(.tenant).map(known) ?? "default"
        if case .tenant(let fixed) = caller { tenant = fixed }
        let isBypassOn = switches.withLock { $0.isBypassOn }
        let journey = Journey(
            id: id,
            request: request,
            wallTime: wallMilliseconds(),
            tenant: tenant,
            feature: (request.header(.feature) ?? chat.tags.first).map(known) ?? "default",
            group: groups[0].name,
            endpoint: endpoint,
            isStream: chat.stream,
            mode: isBypassOn ? .bypass : .routed,
            traffic: traffic,
            drill: desk.openID
        )
        return .accepted(chat, groups, journey)
    }

    /// A name that a client gave, as it is booked: cleaned, and `other` once a thousand different ones were seen, so that
    /// nobody can grow the ledger's series without end; those of the config are always known.
    private func known(_ text: String) -> String {
        let name = label(text)
        return names.withLock { names in
            if names.contains(name) { return name }
            guard names.count < 1_000 else { return "other" }
            names.insert(name)
            return name
        }
    }

    // MARK: Answers

    private func whole(_ answer: WholeAnswer, _ deployment: Deployment, _ journey: Journey) -> OutboundResponse {
        var ending = Ending(
            outcome: .complete,
            status: 200,
            servedBy: deployment,
            usage: answer.facts?.usage,
            contentBytes: answer.facts?.contentBytes ?? 0,
            firstToken: journey.elapsed
        )
        ending.body = answer.body
        let record = settle(journey, ending)
        var headers = headers(journey, deployment, provider: answer.headers)
        if let cost = record.cost { headers.append(("x-nines-cost-usd", dollars(cost))) }
        return OutboundResponse(status: 200, headers: headers, body: .bytes(answer.body))
    }

    /// The provider's own word on a request that is at fault.
    private func rejected(_ answer: WholeAnswer, _ deployment: Deployment, _ journey: Journey) -> OutboundResponse {
        let error = journey.attempts.last?.detail
        settle(journey, Ending(outcome: .rejected, status: answer.status, servedBy: deployment, error: error))
        let headers = headers(journey, deployment, provider: answer.headers) + [("x-should-retry", "false")]
        return OutboundResponse(status: answer.status, headers: headers, body: .bytes(answer.body))
    }

    /// Answers that no route served it.
    ///
    /// `ownLimit`: the client asked for less time than the config gives; that it ran out is nobody's failure.
    private func giveUp(_ end: RequestPlan.GiveUp, _ journey: Journey, ownLimit: Bool) -> OutboundResponse {
        let lines =
            journey.errorLines
            + end.skipped.map {
                GatewayError.Attempt(
                    deployment: $0.deployment.name,
                    failure: "skipped: \($0.cause?.kind.rawValue ?? "being probed")",
                    status: $0.cause?.status,
                    milliseconds: 0
                )
            }
        let reasons = lines.map { line in
            "\(line.deployment): \(line.failure)\(line.status.map { " (\($0))" } ?? "")"
        }
        if end.isRequestFault {
            let detail = journey.attempts.last?.detail ?? "the provider refused the request"
            settle(journey, Ending(outcome: .rejected, status: 400, error: detail))
            let error = GatewayError(status: 400, type: "invalid_request_error", message: detail)
            return refuse(error, requestID: journey.id, api: journey.endpoint.api)
        }
        let skipped = end.skipped.map { $0.cause?.kind.rawValue ?? "probing" }
        let kinds = Set(journey.attempts.compactMap(\.failure) + skipped)
        if kinds == ["unsupported"] {
            let detail = journey.attempts.last?.detail ?? ""
            settle(journey, Ending(outcome: .rejected, status: 400, error: detail))
            return refuse(.unsupported(detail), requestID: journey.id, api: journey.endpoint.api)
        }
        let isHopeless =
            !kinds.isEmpty
            && kinds.isSubset(of: ["credential", "billing", "permission", "region", "model", "unsupported"])
        let error = GatewayError(
            status: 503,
            type: "service_unavailable_error",
            code: end.isDeadlineOver ? "deadline_exceeded" : "all_routes_failed",
            message: "No deployment of '\(journey.group)' could answer. " + reasons.joined(separator: "; ") + ".",
            retryAfterSeconds: end.retryAfter.map { max(1, Int($0.inSeconds.rounded(.up))) },
            isRetryable: !isHopeless,
            attempts: lines
        )
        let outcome: RequestOutcome = end.isDeadlineOver && ownLimit ? .rejected : .lost
        settle(journey, Ending(outcome: outcome, status: 503, error: reasons.joined(separator: "; ")))
        var response = refuse(error, requestID: journey.id, api: journey.endpoint.api)
        response.headers += ninesHeaders(journey, nil)
        return response
    }

    func departed(_ journey: Journey) -> OutboundResponse {
        // A stop that can't wait takes the connection away as a client's leaving does.
        let isOurs = Task.isCancelled
        settle(
            journey,
            Ending(outcome: isOurs ? .lost : .cancelled, status: 499, error: isOurs ? "Nines was stopped" : nil)
        )
        return OutboundResponse(status: 499, body: .bytes([]))
    }

    /// The provider's headers that mean something to a client, ours behind them.
    func headers(
        _ journey: Journey,
        _ deployment: Deployment,
        provider: [HeaderField]
    ) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for field in provider where isForwarded(field.name) { headers.append((field.name, field.value)) }
        headers.append(("x-nines-request-id", journey.id))
        return headers + ninesHeaders(journey, deployment)
    }

    func ninesHeaders(_ journey: Journey, _ deployment: Deployment?) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [
            ("x-nines-attempts", String(journey.attempts.count)),
            ("x-nines-failover", deployment.map(journey.isFailover) == true ? "true" : "false"),
            ("x-nines-cache", journey.caching.use.rawValue),
            ("x-nines-mode", journey.mode == .bypass ? "bypass" : journey.drill != nil ? "drill" : "live"),
        ]
        if !journey.degraded.isEmpty {
            headers.append(("x-nines-degraded", journey.degraded.joined(separator: ",")))
        }
        if let deployment {
            headers.append(("x-nines-deployment", deployment.id.name))
            headers.append(("x-nines-provider", deployment.provider))
        }
        return headers
    }

    private func isForwarded(_ name: String) -> Bool {
        name == "content-type" || name == "x-request-id" || name == "request-id" || name == "retry-after"
            || name.hasPrefix("x-ratelimit-") || name.hasPrefix("openai-") || name.hasPrefix("anthropic-")
    }

    // MARK: Counting

    func changeInFlight(by change: Int, of deployment: DeploymentID) {
        router.withLock { $0.inFlight[deployment, default: 0] += change }
    }
}

/// A tenant's or feature's name as it may stand in the ledger: 64 plain characters at most.
private func label(_ text: String) -> String {
    let kept = text.unicodeScalars.prefix(64).map { scalar -> Character in
        let isPlain =
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.:/@ ".unicodeScalars.contains(scalar)
        return isPlain ? Character(scalar) : "_"
    }
    return kept.isEmpty ? "default" : String(kept)
}

/// Nano-dollars as dollars, to the last digit: `0.0049125`.
func dollars(_ nano: Int64) -> String {
    let fraction = String(nano % 1_000_000_000)
    let digits = String(repeating: "0", count: 9 - fraction.count) + fraction
    let trimmed = digits.reversed().drop { $0 == "0" }.reversed()
    return "\(nano / 1_000_000_000)\(trimmed.isEmpty ? "" : ".")\(String(trimmed))"
}

extension GatewayError {
    fileprivate static let draining = GatewayError(
        status: 503,
        type: "service_unavailable_error",
        code: "shutting_down",
        message: "Nines is shutting down. Requests under way finish; send new ones to its successor.",
        retryAfterSeconds: 1,
        isRetryable: true
    )

    fileprivate static func unsupported(_ detail: String) -> GatewayError {
        GatewayError(
            status: 400,
            type: "invalid_request_error",
            code: "unsupported_by_deployment",
            message: "No deployment of this model can take the request: \(detail)."
        )
    }

    fileprivate static func badRequest(_ problem: ChatRequest.Problem) -> GatewayError {
        GatewayError(status: 400, type: "invalid_request_error", message: problem.message, parameter: problem.parameter)
    }
}
