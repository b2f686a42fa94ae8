import Dispatch
import Drills
import Exports
import FrontDoor
import Guardrails
import Routing
import SLO
import Settings
import Storage
import Synchronization
import Upstream
import Wire

// Requests of a drill's own: tiny, tagged `drill`, bounded in rate and cost, and no part of the objectives.

extension Engine {
    /// On the desk's queue; each is answered by the evidence of its name.
    func start(_ probe: Drill.Probe) {
        guard let target = desk.book.withLock({ $0.drill?.plan.target }) else { return }
        if probe == .pagers { return testPagers() }
        let name = probe == .secondary ? target.secondary : target.deployment
        guard let deployment = table.deployments[DeploymentID(name)] else { return }
        Task.detached { [self] in
            let begun = ContinuousClock.now
            let reading = await ask(deployment)
            let seen = ContinuousClock.now
            desk.queue.async { [self] in
                guard probe == .primary, reading.holds else {
                    handle(.sensed(probe.evidence, reading), seen: seen)
                    return
                }
                primaryAnswered(deployment, reading.value, begun: begun, seen: seen)
            }
        }
    }

    private static let question =
        "\"max_tokens\":16,\"messages\":[{\"role\":\"user\",\"content\":\"Answer with one word: ready.\"}]"

    /// Asks one deployment past the router's choice, with its own key, and through whatever fault is in.
    private func ask(_ deployment: Deployment) async -> Reading {
        let start = ContinuousClock.now
        let wall = wallMilliseconds()
        var record = RequestRecord(id: Self.makeRequestID(at: wall), at: wall)
        record.feature = "drill"
        record.traffic = .drill
        record.drill = desk.openID
        record.attempts = 1
        record.provider = deployment.provider
        record.deployment = deployment.id.name
        defer {
            record.totalMicros = (ContinuousClock.now - start).microseconds
            record.good = record.outcome == .complete
            ledger.record(record)
            let settled = record
            desk.book.withLock { book in
                book.meter.add(settled, at: .now, secondary: "", isTagged: false)
            }
        }
        do {
            let body = "{\"model\":\"\(deployment.id.name)\",\(Self.question)}"
            let tampering = faults.tampering(with: deployment, now: .now)
            let dialect = try Dialect(
                ChatRequest(Array(body.utf8)),
                for: tampering?.changed(deployment) ?? deployment,
                id: record.id,
                created: wall / 1_000
            )
            let key = deployment.credential?.secret
            let request = UpstreamRequest(
                url: dialect.url,
                headers: dialect.headers(key: tampering.map { $0.key(key) } ?? key, isStream: false),
                body: dialect.body,
                connectTimeout: config.policy.connectTimeout,
                timeout: config.policy.timeout
            )
            let exchange = tampering?.open(request, to: deployment, upstream) ?? upstream.open(request)
            let answer = try await exchange.collect(limit: 1 << 20)
            record.status = answer.status
            let time = Words.length(ContinuousClock.now - start)
            guard answer.status == 200, let facts = try? dialect.answer(answer.body).facts, facts.error == nil else {
                record.outcome = .lost
                return Reading(holds: false, value: "\(deployment.id) answered \(answer.status) after \(time)")
            }
            let usage = facts.usage
            record.tokensIn = usage?.input
            record.tokensOut = usage?.output
            let counts = TokenCounts(
                input: usage?.input ?? body.utf8.count / 4,
                output: usage?.output ?? 16,
                cacheRead: usage?.cacheRead ?? 0,
                cacheWrite: usage?.cacheWrite ?? 0
            )
            record.cost = table.prices(of: deployment)?.cost(of: counts, at: wall)
            return Reading(holds: true, value: "\(deployment.id) answered in \(time)")
        } catch {
            record.outcome = .lost
            record.status = 0
            let why = (error as? TransportError)?.detail ?? "\(error)"
            return Reading(holds: false, value: redacted("\(deployment.id): \(why)", secrets: table.secrets))
        }
    }

    // MARK: Traffic where there is too little

    private static let mostProbes = 10_000

    /// Once a second: as many as users leave out, through the router as theirs go.
    func sendProbes() {
        let rate = config.drill.probeRate
        guard rate > 0 else { return }
        let count = desk.book.withLock { book -> Int in
            guard let drill = book.drill, drill.ending == nil, !drill.isOver,
                ![.brief, .closeout].contains(drill.phase.kind), book.meter.probeSpend < config.drill.probeBudget,
                // A drill that was forgotten, or a model without a price, must not be asked for ever.
                book.elapsed < drill.plan.stopRules.longestDrill, book.meter.probes < Self.mostProbes
            else { return 0 }
            let live = Double(book.meter.sum(of: .seconds(10), isLive: true, now: .now).requests) / 10
            // No more than a few at once, where they hang.
            let count = min(Int((rate - live).rounded(.up)), 8 - book.probesUnderWay)
            book.probesUnderWay += max(0, count)
            return max(0, count)
        }
        for _ in 0..<count {
            Task.detached { [self] in
                await sendProbe()
                desk.book.withLock { $0.probesUnderWay -= 1 }
            }
        }
    }

    private func sendProbe() async {
        let (group, isStream) = desk.book.withLock { book -> (String?, Bool) in
            book.nextProbeIsStream.toggle()
            let target = book.drill?.plan.target.deployment
            let group = config.groups.first { group in group.deployments.contains { $0.id.name == target } }
            return (group?.name, book.nextProbeIsStream)
        }
        guard let group else { return }
        let body = "{\"model\":\(jsonString(group)),\"stream\":\(isStream),\(Self.question)}"
        let request = InboundRequest(path: "/v1/chat/completions", body: Array(body.utf8))
        let response = await serve(request, .chat, traffic: .drill)
        guard case .stream(let write) = response.body else { return }
        var nobody: any BodyWriter = Nobody()
        try? await write(&nobody)
    }

    /// Takes a stream to its end.
    private struct Nobody: BodyWriter {
        @concurrent mutating func write(_ bytes: [UInt8]) async throws {}
    }

    // MARK: Pagers

    /// Sends every pager a test, and notes what they had before.
    private func testPagers() {
        let names = config.pagers.filter { $0.sink != .terminal }.map(\.name)
        let stats = (try? ledger.outbox()) ?? []
        let before = Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, stats.first { $0.sink == name }?.delivered ?? 0)
            }
        )
        desk.book.withLock { $0.pagersBefore = before }
        guard let id = desk.book.withLock({ $0.drill?.plan.id }), !names.isEmpty else { return }
        let now = wallMilliseconds()
        for state in [AlertNotice.State.triggered, .resolved] {
            var notice = AlertNotice(
                id: "\(id)/test/\(state)",
                dedupKey: "\(id)/test",
                rule: "drill",
                severity: .ticket,
                state: state,
                title: "[DRILL] a test: a drill is about to begin",
                startedAt: now,
                at: now
            )
            notice.drill = id
            notice.isTest = true
            tell(notice)
        }
    }

    /// Whether the test arrived; nil before it was sent.
    var pagerReading: Reading? {
        guard let before = desk.book.withLock({ $0.pagersBefore }) else { return nil }
        if before.isEmpty { return Reading(holds: true, value: "none is configured: the screen is the pager") }
        let stats = (try? ledger.outbox()) ?? []
        let missing = before.keys.sorted().filter { name in
            (stats.first { $0.sink == name }?.delivered ?? 0) <= (before[name] ?? 0)
        }
        guard let first = missing.first else {
            return Reading(holds: true, value: before.keys.sorted().joined(separator: ", "))
        }
        let error = stats.first { $0.sink == first }?.error
        return Reading(holds: false, value: "\(first): \(error ?? "no answer yet")")
    }

    // MARK: A key at its provider

    /// Switches the key off or on, after whatever was asked before; `report` gives the event that the drill is told, from
    /// the problem or nil.
    func switchKey(
        of target: DrillTarget,
        isOn: Bool,
        _ report: @escaping @Sendable (String?) -> Drill.Event
    ) {
        guard let admin = config.drill.admin[target.provider] else {
            let problem = "nines.drill.admin.\(target.provider) is not in the config"
            desk.queue.async { [self] in handle(report(problem)) }
            return
        }
        let before = desk.keySwitch.withLock { $0 }
        let task = Task.detached { [self] in
            await before?.value
            var problem: String?
            do throws(TransportError) {
                let status = try await upstream.collect(admin.request(isOn: isOn), limit: 1 << 16).status
                if !(200..<300).contains(status) { problem = "the admin interface answered \(status)" }
            } catch {
                problem = redacted(error.detail, secrets: table.secrets + [admin.key.secret.reveal()])
            }
            let event = report(problem)
            await desk.run { [self] in _ = handle(event) }
        }
        desk.keySwitch.withLock { $0 = task }
    }

    /// Waits for a key that is being switched, for an orderly end of the process; one that would not go on is tried once
    /// more.
    ///
    /// - Returns: what is left for a person to do; nil where nothing is.
    @discardableResult
    package func settleKeys() async -> String? {
        await desk.keySwitch.withLock { $0 }?.value
        guard let (plan, why) = keyLeftOff else { return nil }
        await desk.run { [self] in for event in takeOut(why) { handle(event) } }
        await desk.keySwitch.withLock { $0 }?.value
        guard keyLeftOff != nil else { return nil }
        return "\(plan.id): the key of \(plan.target.provider) is still switched off: "
            + "\(Fault.revokeKey(.byHand).undo), or start Nines again"
    }

    /// The drill that switched a key off at its provider and was not told that it is on again.
    private var keyLeftOff: (DrillPlan, Drill.Removal)? {
        guard let drill = desk.book.withLock({ $0.drill }), case .out(let why, _) = drill.fault,
            drill.plan.scenario.faults.contains(.revokeKey(.atProvider)), !drill.isOver, !drill.holds(.faultOut)
        else { return nil }
        return (drill.plan, why)
    }
}

extension NinesConfig.KeyAdmin {
    /// Anthropic: "Update API key"; OpenRouter: "Update an API key".
    fileprivate func request(isOn: Bool) -> UpstreamRequest {
        let json = HeaderField("content-type", "application/json")
        var request: UpstreamRequest
        switch form {
        case .anthropic:
            request = UpstreamRequest(
                url: "\(apiBase)/v1/organizations/api_keys/\(keyID)",
                headers: [
                    json, HeaderField("x-api-key", key.secret.reveal()), HeaderField("anthropic-version", "2023-06-01"),
                ],
                body: Array("{\"status\":\"\(isOn ? "active" : "inactive")\"}".utf8)
            )
        case .openrouter:
            request = UpstreamRequest(
                method: "PATCH",
                url: "\(apiBase)/keys/\(keyID)",
                headers: [json, HeaderField("authorization", "Bearer \(key.secret.reveal())")],
                body: Array("{\"disabled\":\(!isOn)}".utf8)
            )
        }
        (request.connectTimeout, request.timeout) = (.seconds(5), .seconds(10))
        return request
    }
}
