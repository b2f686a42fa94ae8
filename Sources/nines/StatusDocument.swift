import Console

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON as commands print it: sorted, with snake case names, times as ISO 8601.
func documentText(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}

/// `nines status --json`: names that scripts may rely on.
///
/// Shares are fractions of 1, money is dollars, times are ISO 8601 in UTC; what is not known is left out.
struct StatusDocument: Encodable {
    let time: String
    let engine: Engine
    let mode: String
    let modeSince: String?
    let windowSeconds: Int
    /// Whose figures these are; empty for all.
    let part: String
    let requests: Int
    let success: Success
    let latency: Latency
    let cost: Cost
    let errorBudget: Budget
    let cache: Cache?
    let providers: [Provider]
    let alerts: [AlertDocument]
    let sinks: [Sink]
    let drill: String?
    let warnings: [String]

    struct Engine: Encodable {
        let running: Bool
        let version: String?
        let listen: String?
        let startedAt: String?
        let inFlight: Int?
    }
    struct Success: Encodable {
        let verdict: String
        let rate: Double?
        let target: Double
        let valid: Int
        let lost: Int
        let saved: Int
    }
    struct Latency: Encodable {
        let verdict: String
        let of: String
        let p95Seconds: Double?
        let targetSeconds: Double
        let underTarget: Double?
        let samples: Int
    }
    struct Cost: Encodable {
        let verdict: String
        let perRequestUsd: Double?
        let targetUsd: Double
        let todayUsd: Double
        let samples: Int
        let unpriced: Int
    }
    struct Budget: Encodable {
        let verdict: String
        let remaining: Double?
        let failures: Int
        let allowed: Double
        let exhaustedInSeconds: Double?
        let policy: String
        let reason: String
        let burnRates: [Burn]
        let spentBy: [Spender]
        let maintenance: [Maintenance]
    }
    struct Burn: Encodable {
        let windowSeconds: Int
        let rate: Double?
        let pagesAt: Double?
    }
    struct Spender: Encodable {
        let kind: String
        let name: String
        let failures: Int
        let share: Double
    }
    struct Maintenance: Encodable {
        let from: String
        let to: String
        let reason: String
    }
    /// The response cache over 24 hours, and what waits for the network; left out where there is neither, and of a part.
    struct Cache: Encodable {
        let enabled: Bool
        let hits: Int
        let stale: Int
        let joined: Int
        let misses: Int
        let hitRate: Double?
        let savedUsd: Double
        let entries: Int
        let bytes: Int
        let limit: Int
        let deferredWaiting: Int
    }
    struct Provider: Encodable {
        let deployment: String
        let provider: String
        let model: String
        let group: String
        let primary: Bool
        let state: String
        let breaker: String
        let share: Double
        let p95Seconds: Double?
        let okRate: Double?
        let attempts: Int
        let errors: Int
        let outBecause: String?
        let lastFailure: String?
    }
    struct Sink: Encodable {
        let name: String
        let waiting: Int
        let failed: Int
        let problem: String?
    }

    init(_ status: StatusText) {
        let snapshot = status.snapshot
        let headline = snapshot.headline
        time = timeText(snapshot.takenAt)
        engine = Engine(
            running: status.isLive,
            version: status.isLive ? snapshot.version : nil,
            listen: status.isLive ? snapshot.listen : nil,
            startedAt: status.isLive ? timeText(snapshot.startedAt) : nil,
            inFlight: status.isLive ? snapshot.inFlight : nil
        )
        mode = status.mode
        let since = snapshot.offlineSince ?? snapshot.modeSince
        modeSince = since > 0 ? timeText(since) : nil
        windowSeconds = status.windowSeconds
        part = status.part
        requests = snapshot.requestsTotal
        success = Success(
            verdict: headline.success.verdict.name,
            rate: headline.success.rate,
            target: headline.success.target,
            valid: headline.success.valid,
            lost: headline.success.lost,
            saved: headline.success.saved
        )
        latency = Latency(
            verdict: headline.latency.verdict.name,
            of: headline.latency.of,
            p95Seconds: headline.latency.p95,
            targetSeconds: headline.latency.target,
            underTarget: headline.latency.underTarget,
            samples: headline.latency.samples
        )
        cost = Cost(
            verdict: headline.cost.verdict.name,
            perRequestUsd: headline.cost.perRequest.map { $0 / 1e9 },
            targetUsd: headline.cost.target / 1e9,
            todayUsd: Double(headline.cost.today) / 1e9,
            samples: headline.cost.samples,
            unpriced: headline.cost.unpriced
        )
        errorBudget = Budget(headline.budget, snapshot.budget)
        cache = status.part.isEmpty ? snapshot.cache.map(Cache.init) : nil
        providers = snapshot.providers.map(Provider.init)
        alerts = snapshot.alerts.map(AlertDocument.init)
        sinks = snapshot.sinks.map { Sink(name: $0.name, waiting: $0.waiting, failed: $0.failed, problem: $0.problem) }
        drill = snapshot.drill?.id
        warnings = snapshot.warnings
    }
}

extension StatusDocument.Budget {
    fileprivate init(_ headline: EngineSnapshot.Headline.Budget, _ view: EngineSnapshot.BudgetView) {
        verdict = headline.verdict.name
        remaining = headline.remaining
        failures = headline.failures
        allowed = headline.allowed
        exhaustedInSeconds = headline.exhaustedIn
        policy = view.policy.rawValue
        reason = view.reason
        burnRates = view.burns.map {
            StatusDocument.Burn(windowSeconds: $0.window, rate: $0.rate, pagesAt: $0.limit)
        }
        spentBy = view.spenders.map {
            StatusDocument.Spender(kind: $0.kind, name: $0.name, failures: $0.failures, share: $0.share)
        }
        maintenance = view.maintenance.map {
            StatusDocument.Maintenance(from: timeText($0.from), to: timeText($0.to), reason: $0.reason)
        }
    }
}

extension StatusDocument.Cache {
    fileprivate init(_ view: EngineSnapshot.CacheView) {
        enabled = view.isEnabled
        (hits, stale, joined, misses) = (view.hits, view.stale, view.joined, view.misses)
        hitRate = view.hitRate
        savedUsd = Double(view.savedCost) / 1e9
        (entries, bytes, limit) = (view.entries, view.bytes, view.limit)
        deferredWaiting = view.waiting
    }
}

extension StatusDocument.Provider {
    fileprivate init(_ row: EngineSnapshot.ProviderRow) {
        deployment = row.id
        provider = row.provider
        model = row.model
        group = row.group
        primary = row.isPrimary
        state = snakeCase(row.state.rawValue)
        breaker = row.breaker
        share = row.share
        p95Seconds = row.p95
        okRate = row.okRate
        attempts = row.attempts
        errors = row.errors
        outBecause = row.outBecause
        lastFailure = row.lastFailure
    }
}

/// One alert as JSON documents have it.
struct AlertDocument: Encodable {
    let id: String
    let title: String
    let severity: String
    let state: String
    let since: String?
    let value: String
    let threshold: String
    let samples: Int
    let windowSeconds: Int
    let text: String
    let mutedUntil: String?

    init(_ row: EngineSnapshot.AlertRow) {
        id = row.id
        title = row.title
        severity = row.severity.rawValue
        state = snakeCase(row.state.rawValue)
        since = row.since > 0 ? timeText(row.since) : nil
        value = row.value
        threshold = row.threshold
        samples = row.samples
        windowSeconds = row.window
        text = row.text
        mutedUntil = row.mutedUntil.map(timeText)
    }
}

extension EngineSnapshot.Verdict {
    /// `ok`, `warning`, `critical`, `no_data`, `too_few`.
    fileprivate var name: String { snakeCase(rawValue) }
}

private func snakeCase(_ word: String) -> String {
    word.reduce(into: "") { out, letter in out += letter.isUppercase ? "_\(letter.lowercased())" : String(letter) }
}
