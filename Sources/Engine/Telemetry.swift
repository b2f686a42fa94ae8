import Console
import Routing
import SLO
import Storage
import Synchronization

/// The live side of what the ledger keeps: the last rows, events and fine-grained trends, in memory only.
package final class Telemetry: Sendable {
    /// Seconds a point of the trends that are finer than the ledger's minutes.
    static let steps = [2, 10]
    static let points = 120

    private let state: Mutex<State>

    private struct State {
        var trends: [TrendRing]
        var traffic = TrafficCounts()
        var rows: [EngineSnapshot.RequestRow] = []
        var events: [EngineSnapshot.Event] = []
        /// Provider errors since the start whose class is a guess.
        var unclassified = 0
        var lastFailure: [String: (text: String, at: Int64)] = [:]
    }

    init() {
        state = Mutex(State(trends: Self.steps.map { TrendRing(step: $0, points: Self.points) }))
    }

    func note(_ record: RequestRecord) {
        let row = EngineSnapshot.RequestRow(record)
        state.withLock { state in
            for index in state.trends.indices { state.trends[index].add(record) }
            state.traffic.add(record)
            // The newest stand at the end; cut rarely, by half.
            state.rows.append(row)
            if state.rows.count > 400 { state.rows.removeFirst(200) }
        }
    }

    /// Counts since the start.
    var traffic: TrafficCounts { state.withLock { $0.traffic } }

    func noteFailure(_ deployment: DeploymentID, _ failure: AttemptFailure, at time: Int64) {
        state.withLock { $0.lastFailure[deployment.name] = (failure.summary, time) }
    }

    func noteUnclassified() { state.withLock { $0.unclassified += 1 } }

    func add(_ event: EngineSnapshot.Event) {
        state.withLock { state in
            state.events.append(event)
            if state.events.count > 200 { state.events.removeFirst(100) }
        }
    }

    /// Fills in what an earlier run left in the ledger; rows and events newest first.
    func restore(rows: [RequestRecord], events: [EngineSnapshot.Event]) {
        state.withLock { state in
            state.rows = rows.reversed().map(EngineSnapshot.RequestRow.init) + state.rows
            state.events = events.reversed() + state.events
        }
    }

    func fill(_ snapshot: inout EngineSnapshot, budget: Double?) {
        state.withLock { state in
            snapshot.requests = state.rows.suffix(200).reversed()
            snapshot.events = state.events.suffix(100).reversed()
            if state.unclassified > 0 {
                let what = "\(state.unclassified) provider errors were of no known kind and taken for the caller's own"
                snapshot.warnings.append("\(what): SELECT * FROM attempt WHERE detail LIKE 'unclassified%'")
            }
            for index in state.trends.indices {
                state.trends[index].note(budget: budget, now: snapshot.takenAt)
                snapshot.trends.append(state.trends[index].points(now: snapshot.takenAt))
            }
            for index in snapshot.providers.indices {
                guard let failure = state.lastFailure[snapshot.providers[index].id] else { continue }
                snapshot.providers[index].lastFailure = failure.text
                snapshot.providers[index].lastFailureAt = failure.at
            }
        }
    }
}

/// The last points of a trend, by wall time; a point that nobody measured stays empty.
struct TrendRing: Sendable {
    /// A point's percentile is taken over this many points up to it, so that few samples don't make it jump.
    static let smoothing = 5

    private struct Point {
        var index: Int64 = -1
        var latency = LatencyHistogram()
        var valid = 0
        var good = 0
        var cost: Int64 = 0
        var priced = 0
        var budget: Double?
    }
    let step: Int
    private var ring: [Point]

    init(step: Int, points: Int) {
        self.step = step
        ring = Array(repeating: Point(), count: points + Self.smoothing)
    }

    mutating func add(_ record: RequestRecord) {
        guard record.traffic == .live else { return }
        // Booked when it ended: that is when the operator could know.
        update(at: record.at + record.totalMicros / 1_000) { point in
            if record.valid { point.valid += 1 }
            if record.good { point.good += 1 }
            if let latency = record.latencyMicros { point.latency.add(microseconds: latency) }
            if record.valid, record.cache == .off || record.cache == .miss, let cost = record.cost {
                point.cost &+= cost
                point.priced += 1
            }
        }
    }

    mutating func note(budget: Double?, now: Int64) { update(at: now) { $0.budget = budget } }

    private mutating func update(at time: Int64, _ change: (inout Point) -> Void) {
        let index = time / Int64(step * 1_000)
        let slot = Int(index % Int64(ring.count))
        guard slot >= 0, index >= ring[slot].index else { return }
        if ring[slot].index != index { ring[slot] = Point(index: index) }
        change(&ring[slot])
    }

    func points(now: Int64) -> EngineSnapshot.Trend {
        let last = now / Int64(step * 1_000)
        let count = ring.count - Self.smoothing
        var trend = EngineSnapshot.Trend(step: step)
        for index in (last - Int64(count) + 1)...last {
            var latency = LatencyHistogram()
            var valid = 0, good = 0, cost: Int64 = 0, priced = 0
            for back in 0..<Int64(Self.smoothing) {
                guard let point = point(index - back) else { continue }
                latency.merge(point.latency)
                valid += point.valid
                good += point.good
                cost &+= point.cost
                priced += point.priced
            }
            trend.p95.append(latency.quantile(0.95)?.inSeconds)
            trend.success.append(valid > 0 ? Double(good) / Double(valid) : nil)
            trend.cost.append(priced > 0 ? Double(cost) / Double(priced) : nil)
            // The budget moves slowly: a point without a look at it takes the one before.
            trend.budget.append((0..<3).lazy.compactMap { self.point(index - $0)?.budget }.first)
        }
        return trend
    }

    private func point(_ index: Int64) -> Point? {
        guard index >= 0 else { return nil }
        let point = ring[Int(index % Int64(ring.count))]
        return point.index == index ? point : nil
    }
}
