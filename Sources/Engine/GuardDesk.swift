import Console
import Guardrails
import Routing
import SLO
import Settings
import Storage
import Synchronization

/// What requests may spend, what prompts have taught about tokens, and what caps led to: shared by all requests.
///
/// Decides and holds in one step under one lock. The sums are the ledger's: read at the start, kept in step with each
/// settled request, and compared with the ledger again from time to time.
final class GuardDesk: Sendable {
    private struct State {
        var book: SpendBook
        var estimator: TokenEstimator
        var hasLearnt = false
        var degradations = DegradationLog()
    }

    private let state: Mutex<State>
    private let ledger: Ledger
    /// Features that the config names; all others share the cap of `default`.
    private let features: [String]
    let hasCaps: Bool
    /// What could not be read at the start, for the operator.
    let problems: [String]

    init(_ config: NinesConfig, _ ledger: Ledger, now: Int64) {
        self.ledger = ledger
        features = config.features.map(\.name).filter { $0 != "default" }
        hasCaps = !config.caps.isEmpty
        var problems: [String] = []
        var book = SpendBook(caps: config.caps)
        for (cap, window) in book.windows(at: now) {
            do throws(LedgerError) {
                book.restore(cap, spent: try ledger.spent(under: cap, in: window, features), at: now)
            } catch {
                problems.append("the budget of \(cap.owner) counts from zero: \(error)")
            }
        }
        var estimator = TokenEstimator()
        do {
            estimator = try ledger.tokenEstimator() ?? estimator
        } catch {
            problems.append("token estimates begin anew: \(error)")
        }
        self.problems = problems
        state = Mutex(State(book: book, estimator: estimator))
    }

    var estimator: TokenEstimator { state.withLock { $0.estimator } }

    /// Decides about a request, as the ledger and everybody under way leave room; `now` is when it was accepted.
    func admit(_ request: GuardedRequest, at now: Int64) -> (decision: GuardDecision, reservation: Reservation?) {
        state.withLock { $0.book.admit(request, at: now) }
    }

    /// Puts what was spent in place of what was held, together with `record`, which hands the request to the ledger.
    ///
    /// In one step, so that whoever compares the two never finds a request in one of them alone. `spent` is nil where the
    /// cost is unknown.
    func settle(
        _ reservation: Reservation?,
        spent: [SpendOwner: Int64]?,
        at accepted: Int64,
        record: () -> Void
    ) {
        state.withLock { state in
            record()
            if let reservation {
                state.book.correct(reservation, to: spent)
            } else {
                state.book.book(spent ?? [:], at: accepted)
            }
        }
    }

    func note(_ words: [String], feature: String, at time: Int64) {
        guard !words.isEmpty else { return }
        state.withLock { state in
            for word in words { state.degradations.add(word, feature: feature, at: time) }
        }
    }

    func learn(model: String, nominal: Int, reported: Int) {
        state.withLock { state in
            state.estimator.learn(model: model, nominal: nominal, reported: reported)
            state.hasLearnt = true
        }
    }

    // MARK: Upkeep

    /// Takes in what caps led to in the last day before this run.
    func restoreDegradations(before start: Int64) throws(LedgerError) {
        let day = try ledger.degradations(from: start - DegradationLog.span, to: start)
        state.withLock { state in
            for row in day {
                for word in row.degraded where GuardDesk.words.contains(word) {
                    state.degradations.add(word, feature: row.feature, at: row.hour, requests: row.requests)
                }
            }
        }
    }

    /// Brings the sums of tenants and features back to the ledger's, as far as these prove them wrong.
    ///
    /// What the book held before the ledger was read must be in the ledger's sum, and nothing may be there that the book
    /// does not have after it; requests settled in between say nothing. Providers' and deployments' sums are left alone:
    /// the ledger has a request's whole cost with who answered, the book each attempt's with who made it.
    func compare(now: Int64) async throws(LedgerError) {
        let before = standings(at: now).filter { !$0.cap.owner.isRoute }
        guard !before.isEmpty else { return }
        try await ledger.flush()
        for standing in before {
            let kept = try ledger.spent(under: standing.cap, in: standing.window, features)
            // Nothing in the ledger proves nothing: the name may be counted under `(other)`.
            guard kept > 0 else { continue }
            state.withLock { state in
                let all = state.book.standings(of: [standing.cap.owner], at: now)
                guard let after = all.first(where: { $0.cap == standing.cap }) else { return }
                let drift = kept < standing.spent ? kept - standing.spent : max(0, kept - after.spent)
                if drift != 0 { state.book.restore(standing.cap, spent: after.spent + drift, at: now) }
            }
        }
    }

    /// Keeps in the ledger what was learnt since the last time.
    func save() throws {
        let estimator = state.withLock { state -> TokenEstimator? in
            defer { state.hasLearnt = false }
            return state.hasLearnt ? state.estimator : nil
        }
        if let estimator { try ledger.keep(estimator) }
    }

    // MARK: What a console shows

    private static let words: Set<String> = ["truncate", "cheaper", "max_tokens", "cached", "rejected"]

    func standings(at now: Int64) -> [SpendStanding] { state.withLock { $0.book.standings(at: now) } }

    func degradations(now: Int64) -> [EngineSnapshot.DegradationRow] {
        state.withLock { $0.degradations.rows(now: now) }
    }
}

/// What caps led to, by the hour, for a day.
struct DegradationLog: Sendable {
    /// Milliseconds that are looked back on.
    static let span: Int64 = 86_400_000
    private static let hour: Int64 = 3_600_000

    private struct Key: Hashable {
        let feature: String
        let what: String
    }
    private var hours: [Int64: [Key: Int]] = [:]

    mutating func add(_ what: String, feature: String, at time: Int64, requests: Int = 1) {
        hours[time / Self.hour, default: [:]][Key(feature: feature, what: what), default: 0] += requests
        guard hours.count > 26, let newest = hours.keys.max() else { return }
        hours = hours.filter { $0.key > newest - 26 }
    }

    /// The hour under way and the 23 before it, the most frequent first.
    func rows(now: Int64) -> [EngineSnapshot.DegradationRow] {
        let first = (now - Self.span) / Self.hour
        var sums: [Key: Int] = [:]
        for (hour, counts) in hours where hour > first { sums.merge(counts, uniquingKeysWith: +) }
        return sums.sorted { ($1.value, $0.key.feature, $0.key.what) < ($0.value, $1.key.feature, $1.key.what) }
            .map { EngineSnapshot.DegradationRow(feature: $0.key.feature, what: $0.key.what, requests: $0.value) }
    }
}

extension NinesConfig {
    /// Every cap on spend over time that the file sets.
    var caps: [SpendCap] {
        func cap(_ owner: SpendOwner, _ budget: Budget?) -> SpendCap? {
            budget.map { SpendCap(owner: owner, amount: $0.amount, period: $0.period) }
        }
        return features.compactMap { cap(.feature($0.name), $0.budget) }
            + tenants.compactMap { cap(.tenant($0.id), $0.budget) }
            + providerBudgets.compactMap { cap(.provider($0.key), $0.value) }
            + deploymentBudgets.compactMap { cap(.deployment($0.key.name), $0.value) }
    }
}

extension Ledger {
    /// Nano-dollars spent by the owner of a cap on requests accepted in that stretch; `features` are those with limits of
    /// their own, which don't count under `default`.
    func spent(
        under cap: SpendCap,
        in window: Range<Int64>,
        _ features: [String]
    ) throws(LedgerError) -> Int64 {
        func cost(_ filter: SeriesFilter) throws(LedgerError) -> Int64 {
            try spent(from: window.lowerBound, to: window.upperBound, of: filter)
        }
        switch cap.owner {
        case .feature("default"):
            var rest = try cost(.all)
            for name in features { rest -= try cost(SeriesFilter(feature: name)) }
            return rest
        case .feature(let name): return try cost(SeriesFilter(feature: name))
        case .tenant(let name): return try cost(SeriesFilter(tenant: name))
        case .provider(let name): return try cost(SeriesFilter(provider: name))
        case .deployment(let name): return try cost(SeriesFilter(deployment: name))
        case .all: return try cost(.all)
        }
    }
}
