import Console
import FrontDoor
import Routing
import Settings
import Storage
import Synchronization
import Wire

extension Engine {
    /// The cache step: a stored answer, a share in one that is under way, or else a provider's, which is then stored.
    ///
    /// A stored answer costs nothing: no cap is asked, and none is charged.
    func throughCache(_ asking: Asking, _ journey: Journey) async -> OutboundResponse {
        var journey = journey
        switch cache.slot(for: asking, journey) {
        case nil: return await travel(asking, journey)
        case .failure(let refused)?:
            journey.caching.why = refused.reason
            return await travel(asking, journey)
        case .success(let slot)?:
            (journey.caching.use, journey.caching.slot) = (.miss, slot)
            return await answer(asking, slot, journey)
        }
    }

    private func answer(_ asking: Asking, _ slot: CacheSlot, _ journey: Journey) async -> OutboundResponse {
        var journey = journey
        if let found = cache.find(slot, journey) {
            switch found.freshness {
            case .fresh: return give(found, as: .hit, journey)
            case .whileRevalidating:
                renew(asking, slot, journey)
                return give(found, as: .stale, journey)
            case .ifError: journey.caching.spare = found
            case .expired: break
            }
        }
        // Whoever has a limit of its own, may be put off, or must have a new answer, shares with nobody.
        let isAlone = asking.ownLimit != nil || asking.mayBeDeferred || slot.control.mustBeNew
        let place = isAlone ? cache.startAlone() : cache.joinOrStart(slot)
        if place.isFirst {
            let asked = journey
            place.answer.made(by: Task { [self] in await make(place, asking, slot, asked) })
        }
        return await read(place.answer, place.reader, journey, isFirst: place.isFirst)
    }

    /// Has an answer made for all who read it.
    private func make(_ place: CacheDesk.Place, _ asking: Asking, _ slot: CacheSlot, _ journey: Journey) async {
        let shared = place.answer
        defer { cache.close(slot, shared) }
        var journey = journey
        journey.departure = shared.departure
        journey.caching.shared = shared
        let response: OutboundResponse
        if let (found, use) = await storedMeanwhile(place.others, asking, slot, &journey) {
            response = give(found, as: use, journey)
        } else if journey.departure.isGone {
            response = departed(journey)
        } else {
            response = await travel(asking, journey)
        }
        shared.begin(response)
        guard case .stream(let produce) = response.body else { return shared.end() }
        var writer: any BodyWriter = SharedWriter(answer: shared)
        do {
            try await produce(&writer)
            shared.end()
        } catch {
            shared.end(isBroken: true)
        }
    }

    /// What other requests have stored since the first look, those that are under way in another shape included: these are
    /// waited for, in turn.
    ///
    /// Bounded, since whoever asked for a stream gets nothing of a whole answer before its end: no longer than its own call
    /// might take to begin to speak, or to answer, and no longer than half of its deadline.
    private func storedMeanwhile(
        _ others: [(answer: SharedAnswer, reader: SharedAnswer.Reader)],
        _ asking: Asking,
        _ slot: CacheSlot,
        _ journey: inout Journey
    ) async -> (FoundAnswer, CacheUse)? {
        var others = others[...]
        defer { for other in others { other.answer.leave(other.reader) } }
        if let found = cache.find(slot, journey), found.freshness == .fresh { return (found, .hit) }
        guard !others.isEmpty else { return nil }
        let (begun, policy, primary) = (ContinuousClock.now, config.policy, asking.groups[0].primary)
        let limit =
            slot.isStream
            ? primary?.streamTimeout ?? policy.streamTimeout : primary?.timeout ?? policy.timeout
        let end = begun + min(limit, policy.deadline / 2)
        defer { journey.caching.waited = .now - begun }
        while let (answer, reader) = others.popFirst() {
            await wait(for: answer, reader, until: end, journey.departure)
            let found = cache.find(slot, journey, awaited: answer.record)
            if let found, found.freshness == .fresh { return (found, .joined) }
        }
        return nil
    }

    private func wait(
        for other: SharedAnswer,
        _ reader: SharedAnswer.Reader,
        until end: ContinuousClock.Instant,
        _ departure: Departure
    ) async {
        let timer = Task {
            try? await Task.sleep(until: end)
            reader.leave()
        }
        departure.onLeave { reader.leave() }
        await other.outlast(reader)
        departure.onLeave(nil)
        timer.cancel()
    }

    /// Fetches a new answer behind the back of a client that was given the old one: no client's request, so a probe to the
    /// ledger, but paid for all the same.
    private func renew(_ asking: Asking, _ slot: CacheSlot, _ journey: Journey) {
        let hasRoute = router.withLock { state in
            asking.groups.flatMap(\.deployments).contains { deployment in
                if case .out = state.breakers.admission(of: deployment, now: uptime) { false } else { true }
            }
        }
        guard hasRoute else { return }
        let place = cache.joinOrStart(slot)
        guard place.isFirst else { return place.answer.leave(place.reader) }
        var own = Journey(
            id: Self.makeRequestID(at: wallMilliseconds()),
            request: asking.request,
            wallTime: wallMilliseconds(),
            tenant: journey.tenant,
            feature: journey.feature,
            group: journey.group,
            endpoint: journey.endpoint,
            isStream: journey.isStream,
            mode: journey.mode,
            traffic: .probe,
            drill: journey.drill
        )
        (own.caching.use, own.caching.slot) = (.miss, slot)
        router.withLock { [own] in _ = $0.underWay.insert(own.id) }
        place.answer.made(by: Task { [self, own] in await make(place, asking, slot, own) })
    }

    // MARK: Answers from the cache

    /// A stored answer as the client asked for it, whole or as a stream.
    ///
    /// One that was stored while the request waited for it (`joined`) has no age, and saved no time.
    func give(_ found: FoundAnswer, as use: CacheUse, _ journey: Journey) -> OutboundResponse {
        var journey = journey
        journey.caching.use = use
        journey.caching.avoidedCost = found.entry.cost
        journey.caching.formerMicros = use == .joined ? nil : found.entry.latencyMicros
        journey.degraded = found.degraded + journey.terms.degraded
        let (id, created) = (journey.id, journey.wallTime / 1_000)
        let body =
            journey.isStream
            ? found.answer.stream(id: id, created: created, includesUsage: journey.caching.slot?.wantsUsage ?? false)
            : found.answer.whole(id: id, created: created)
        var headers: [(name: String, value: String)] = [
            ("content-type", journey.isStream ? "text/event-stream" : "application/json"),
            ("x-nines-request-id", journey.id), ("x-nines-deployment", found.entry.deployment),
            ("x-nines-provider", found.entry.provider),
        ]
        if use != .joined { headers.append(("age", String(found.age.components.seconds))) }
        // RFC 9111 gave the field up, but it is what a page can show.
        if use == .stale { headers.append(("warning", "110 - \"Response is Stale\"")) }
        if journey.isStream {
            headers.append(("cache-control", "no-cache"))
        } else {
            headers.append(("x-nines-cost-usd", "0"))
        }
        var ending = Ending(outcome: .complete, status: 200)
        ending.firstToken = journey.elapsed
        settle(journey, ending)
        return OutboundResponse(status: 200, headers: headers + ninesHeaders(journey, nil), body: .bytes(body))
    }

    /// The answer from before, where no route could give a new one and it is not too old.
    func staleAnswer(_ end: RequestPlan.GiveUp, _ journey: Journey) -> OutboundResponse? {
        guard !end.isRequestFault, let spare = journey.caching.spare else { return nil }
        let isUnsupported = journey.attempts.allSatisfy { $0.failure == FailureClass.unsupported.rawValue }
        guard journey.attempts.isEmpty || !isUnsupported else { return nil }
        // What was done to the request for its price was not done to this answer.
        var journey = journey
        journey.terms.degraded = []
        return give(spare, as: .stale, journey)
    }

    /// Stores the answer that a journey ended with, and tells those who share it how it was booked.
    func keep(_ record: inout RequestRecord, _ journey: Journey, _ ending: Ending) {
        guard let shared = journey.caching.shared, let slot = journey.caching.slot else { return }
        if ending.outcome == .complete, journey.caching.use == .miss {
            let isTampered = record.deployment.map(journey.caching.tampered.contains) ?? false
            let refusal = isTampered ? .drill : cache.keep(shared, body: ending.body, slot, of: record)
            record.cacheWhy = refusal?.rawValue
        }
        shared.settled(record)
    }

    func purgeCache(tenant: String?, feature: String?) -> CommandReply {
        do throws(LedgerError) {
            let count = try ledger.purgeCache(tenant: tenant, feature: feature)
            hub.kick()
            return CommandReply(ok: true, message: Self.purged(count))
        } catch {
            return CommandReply(ok: false, message: "nothing was deleted: \(error)")
        }
    }

    /// `1 stored answer deleted`.
    package static func purged(_ count: Int) -> String {
        "\(count) stored answer\(count == 1 ? "" : "s") deleted"
    }

    // MARK: Answers under way

    /// One client's part of an answer that is made for it, or for another.
    private func read(
        _ shared: SharedAnswer,
        _ reader: SharedAnswer.Reader,
        _ journey: Journey,
        isFirst: Bool
    ) async -> OutboundResponse {
        journey.departure.onLeave { reader.leave() }
        guard var response = await shared.head(reader) else {
            shared.leave(reader)
            return isFirst ? OutboundResponse(status: 499, body: .bytes([])) : departed(journey)
        }
        var journey = journey
        if !isFirst {
            let use = CacheUse(rawValue: response.header("x-nines-cache") ?? "")
            journey.caching.use = use == .hit || use == .stale ? use ?? .joined : .joined
            response.replaceHeader("x-nines-request-id", with: journey.id)
            response.replaceHeader("x-nines-cache", with: journey.caching.use.rawValue)
            response.replaceHeader("x-nines-cost-usd", with: "0")
        }
        guard case .stream = response.body else {
            shared.leave(reader)
            if !isFirst { settleJoined(shared, journey, status: response.status, firstToken: nil) }
            return response
        }
        response.body = .stream { [self, journey] writer in
            var firstToken: Duration?
            var isHere = false
            defer {
                shared.leave(reader)
                if !isFirst { settleJoined(shared, journey, status: 200, firstToken: firstToken, isHere: isHere) }
            }
            var count = 0
            while let (bytes, isOver) = try await shared.more(after: count, reader) {
                firstToken = firstToken ?? journey.elapsed
                count += bytes.count
                if !bytes.isEmpty { try await writer.write(bytes) }
                if isOver {
                    isHere = true
                    return
                }
            }
            throw BrokenAnswer()
        }
        return response
    }

    /// Books a request that was given another's answer, which ended for it as for that one.
    private func settleJoined(
        _ shared: SharedAnswer,
        _ journey: Journey,
        status: Int,
        firstToken: Duration?,
        isHere: Bool = true
    ) {
        var journey = journey
        let record = shared.record
        var ending = Ending(outcome: .cancelled, status: status)
        if isHere, let record {
            // That the one who asked left says nothing of those who stayed.
            ending.outcome = record.outcome == .cancelled ? .complete : record.outcome
            ending.error = record.error
            journey.degraded = record.degraded
        } else if !journey.departure.isGone {
            (ending.outcome, ending.error) = (.cut, record?.error ?? "Nines was stopped")
        }
        ending.firstToken = firstToken
        if ending.outcome == .complete { journey.caching.avoidedCost = record?.avoidedCost ?? record?.cost }
        settle(journey, ending)
    }
}

extension FoundAnswer {
    /// What the deployment that gave it could not take.
    fileprivate var degraded: [String] {
        entry.headers == "[]" ? [] : (try? JSONValue(Array(entry.headers.utf8)).strings) ?? []
    }
}

extension OutboundResponse {
    fileprivate func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// Where the answer has it.
    fileprivate mutating func replaceHeader(_ name: String, with value: String) {
        for index in headers.indices where headers[index].name == name { headers[index].value = value }
    }
}
