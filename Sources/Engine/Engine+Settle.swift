import Console
import FrontDoor
import Guardrails
import Logging
import Routing
import SLO
import Settings
import Storage
import Synchronization
import Wire

extension Engine {
    /// Books a journey's end: the ledger, the live figures, one request less under way.
    @discardableResult
    func settle(_ journey: Journey, _ ending: Ending) -> RequestRecord {
        var (record, byRoute) = record(of: journey, journey.caching.shared?.seen(ending, journey) ?? ending)
        keep(&record, journey, ending)
        journey.departure.onLeave(nil)
        router.withLock { _ = $0.underWay.remove(journey.id) }
        book(record, journey, byRoute: byRoute, outbox: exported(record, ending.servedBy))
        if !config.exports.isEmpty { deliveries.expect() }
        telemetry.note(record)
        noteForDrill(journey, record)
        return record
    }

    /// Valid and good as the taxonomy has it (`EventClass`); beside it what each provider and each deployment was paid.
    private func record(of journey: Journey, _ ending: Ending) -> (RequestRecord, byRoute: [SpendOwner: Int64]) {
        let total = (journey.caching.shared?.firstLeft ?? .now) - journey.acceptedAt
        var record = RequestRecord(id: journey.id, at: journey.wallTime)
        record.tenant = journey.tenant
        record.feature = journey.feature
        record.group = journey.group
        record.traffic = journey.traffic
        record.mode = journey.mode
        record.format = journey.endpoint.api == .anthropic ? .anthropic : .openAI
        record.stream = journey.isStream
        record.deployment = ending.servedBy?.id.name
        record.provider = ending.servedBy?.provider
        record.attempts = journey.attempts.count
        record.failedOver = ending.servedBy.map(journey.isFailover) ?? false
        record.outcome = ending.outcome
        record.status = ending.status
        record.totalMicros = total.microseconds
        record.firstTokenMicros = journey.isStream ? ending.firstToken?.microseconds : nil
        record.maintenance = maintenance(at: journey.wallTime)
        var facts = EventFacts(
            ending: .init(ending.outcome),
            isStream: journey.isStream,
            firstContent: ending.firstToken,
            total: total
        )
        facts.source = EventFacts.Source(journey.caching.use)
        facts.isInMaintenance = record.maintenance != nil
        let event = EventClass(facts, target: config.objectives.latencyP95)
        (record.valid, record.good) = (event.isValid, event.isGood)
        record.latencyMicros = facts.latencySample(config.objectives)?.microseconds
        record.degraded = ending.servedBy == nil && !journey.caching.isServed ? [] : journey.degraded
        record.cache = journey.caching.use
        record.cacheWhy = journey.caching.why?.rawValue
        record.avoidedCost = journey.caching.avoidedCost
        record.avoidedMicros = journey.caching.savedMicros(total: total)
        record.drill = journey.drill
        record.error = ending.error
        let isCleanFirst = journey.attempts.count == 1 && ending.outcome == .complete
        record.attemptRecords = isCleanFirst ? [] : journey.attempts
        let byRoute = price(&record, journey, ending)
        return (record, byRoute)
    }

    /// The answer, and what failed, cancelled and outrun attempts may have cost beside it: a total is never exact then.
    private func price(
        _ record: inout RequestRecord,
        _ journey: Journey,
        _ ending: Ending
    ) -> [SpendOwner: Int64] {
        var expenses = journey.expenses
        if let deployment = ending.servedBy, !ending.isBooked, ending.outcome != .rejected, ending.outcome != .lost {
            let isWhole = ending.outcome == .complete
            let spent = Spent(usage: ending.usage, contentBytes: ending.contentBytes, isWhole: isWhole)
            expenses.append(
                Expense(deployment: deployment, attempt: journey.attempts.count, spent: spent, isAnswer: true)
            )
        }
        record.cost = 0
        var byRoute: [SpendOwner: Int64] = [:]
        for expense in expenses {
            learn(journey, expense)
            let tokens = expense.spent.tokens(requestBytes: journey.requestBytes)
            let counts = TokenCounts(
                input: tokens.input,
                output: tokens.output,
                cacheRead: tokens.cacheRead,
                cacheWrite: tokens.cacheWrite - tokens.cacheWriteLong,
                cacheWriteLong: tokens.cacheWriteLong
            )
            let cost = table.prices(of: expense.deployment)?.cost(of: counts, at: record.at)
            // One unknown price makes the sum unknown.
            record.cost = record.cost.flatMap { sum in cost.map { sum + $0 } }
            for owner in [SpendOwner.provider(expense.deployment.provider), .deployment(expense.deployment.id.name)] {
                byRoute[owner, default: 0] += cost ?? 0
            }
            if expense.isAnswer {
                record.tokensIn = (record.tokensIn ?? 0) + tokens.input
                record.tokensOut = (record.tokensOut ?? 0) + tokens.output
                guard expense.spent.usage != nil else { continue }
                record.tokensCacheRead = (record.tokensCacheRead ?? 0) + tokens.cacheRead
                record.tokensCacheWrite = (record.tokensCacheWrite ?? 0) + tokens.cacheWrite
            } else if let cost, record.attemptRecords.indices.contains(expense.attempt - 1) {
                let detail = record.attemptRecords[expense.attempt - 1].detail
                record.attemptRecords[expense.attempt - 1].detail =
                    (detail.map { "\($0); " } ?? "") + "booked at $\(dollars(cost)), estimated"
            }
        }
        let isExact = ending.outcome == .complete && expenses.allSatisfy { $0.isAnswer && $0.spent.usage != nil }
        record.costIsEstimated = !expenses.isEmpty && !(isExact && expenses.count == 1)
        return byRoute
    }

    // MARK: What the operator should hear of

    func noteSuccess(_ deployment: Deployment, closedBreaker: Bool, begun: ContinuousClock.Instant) {
        noteReachable(deployment.apiBase)
        noteDrillSuccess(deployment, begun: begun)
        guard closedBreaker else { return }
        alerts.kick()
        router.withLock { _ = $0.stillFailing.remove(deployment.id) }
        say(.good, "\(deployment.id) answers again: back in service", kind: "recovered")
        hub.kick()
    }

    func noteFailure(_ deployment: Deployment, _ failure: AttemptFailure, opened: Breakers.Key?, wasProbe: Bool) {
        noteNetwork(deployment, failure)
        if !failure.kind.isClientFault { telemetry.noteFailure(deployment.id, failure, at: wallMilliseconds()) }
        noteDrillFailure(deployment, failure, opened: opened != nil, wasProbe: wasProbe)
        guard let opened else { return }
        alerts.kick()
        if wasProbe {
            // Once an outage: the probes that follow show in the provider's row.
            guard router.withLock({ $0.stillFailing.insert(deployment.id).inserted }) else { return hub.kick() }
            say(.warning, "\(deployment.id) still fails (\(failure.summary)); probes go on", kind: "probe")
        } else {
            let what: String
            switch opened {
            case .credential(let name):
                what = "key \(name) refused by \(deployment.provider) (\(failure.summary)): benched"
            case .endpoint: what = "\(deployment.provider) can't be reached (\(failure.summary)): cooling down"
            case .region(let region, let provider):
                what = "\(provider) does not serve \(region) (\(failure.summary)): cooling down"
            case .model, .deployment: what = "\(deployment.id) fails (\(failure.summary)): cooling down"
            }
            say(.critical, what, kind: "benched")
        }
        hub.kick()
    }

    /// One line for the screen and the ledger's event table.
    func say(_ weight: EngineSnapshot.Event.Weight, _ text: String, kind: String) {
        let now = wallMilliseconds()
        telemetry.add(EngineSnapshot.Event(at: now, weight: weight, text: text))
        ledger.append(EventRecord(at: now, kind: kind, text: text))
        logger.notice("\(text)")
    }
}

extension EventFacts.Source {
    init(_ use: CacheUse) {
        self =
            switch use {
            case .off, .miss: .provider
            case .hit: .hit
            case .joined: .joined
            case .stale: .stale
            }
    }
}

extension EventFacts.Ending {
    init(_ outcome: RequestOutcome) {
        self =
            switch outcome {
            case .complete: .complete
            case .cut: .cut
            case .lost: .lost
            case .rejected: .rejected
            case .cancelled: .cancelled
            }
    }
}

extension AttemptFailure {
    /// `401 invalid_api_key` where the provider names a code, else `timeout: no content token within the limit`.
    var summary: String {
        let head = status.map(String.init) ?? kind.rawValue
        let code = detail.prefix { $0 != ":" }
        if status != nil, !code.contains(" ") {
            let isNumber = code.allSatisfy(\.isNumber)
            return "\(head) \(isNumber ? kind.rawValue[...] : code)"
        }
        return detail.isEmpty ? head : "\(head): \(detail.prefix(60))"
    }
}
