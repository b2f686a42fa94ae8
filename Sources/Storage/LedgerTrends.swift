import GRDB
package import SLO

/// The error budget as it stood at one moment.
package struct BudgetPoint: Sendable, Equatable {
    /// UTC milliseconds: the budget is that of the objectives' window that ended then.
    package let at: Int64
    package let budget: ErrorBudget
}

/// What one name cost, step by step.
package struct SpendTrend: Sendable, Equatable {
    package let name: String
    /// Nano-dollars a step, oldest first.
    package var cost: [Int64]
    package var requests: [Int]
}

extension Ledger {
    /// Consecutive steps of live traffic, oldest first, the one under way last; nil where nothing was settled.
    ///
    /// Steps are aligned to multiples of `step`, which is brought up to whole minutes (of several names, to whole hours).
    package func trend(
        now: Int64,
        step: Duration,
        points: Int,
        of filter: SeriesFilter = .all
    ) throws(LedgerError) -> [Indicators?] {
        let choice = SeriesChoice(filter, traffic: .live)
        let steps = Steps(now: now, step: step, points: points, finest: choice.finest)
        return try read { db in
            var trend = [Indicators?](repeating: nil, count: steps.points)
            let source = "WHERE series IN \(choice.ids) AND start >= ? AND start < ? GROUP BY 1"
            let arguments: StatementArguments =
                [steps.from, steps.seconds] + choice.arguments + [steps.from, steps.end]
            let counts = try Row.fetchCursor(
                db,
                sql: "SELECT (start - ?) / ?, \(CountColumn.sums) FROM \(steps.grain.counts) \(source)",
                arguments: arguments
            )
            while let row = try counts.next() { trend[row[0]] = Indicators(counts: EventCounts(row, from: 1)) }
            let latencies = try Row.fetchCursor(
                db,
                sql: "SELECT (start - ?) / ?, bucket, sum(n) FROM \(steps.grain.latencies) \(source), 2",
                arguments: arguments
            )
            while let row = try latencies.next() { trend[row[0]]?.latency.add(bucket: row[1], count: row[2]) }
            return trend
        }
    }

    /// How the budget burnt down: one point a step over the objectives' window, oldest first, the last one now.
    ///
    /// Each point is the rolling window that ended then, whole steps of it: a window that is no multiple of `step` (brought up
    /// to whole hours) counts as the next longer one. Points from before the ledger began have no valid requests.
    package func burnDown(
        now: Int64,
        step: Duration = .seconds(86_400),
        of filter: SeriesFilter = .all
    ) throws(LedgerError) -> [BudgetPoint] {
        let choice = SeriesChoice(filter, traffic: .live)
        let window = max(objectives.window.components.seconds, 1)
        let seconds = Steps(now: now, step: step, points: 0, finest: .hour).seconds
        let width = Int((window + seconds - 1) / seconds)
        // The step under way ends after now, and makes the last point.
        let steps = Steps(now: now, step: .seconds(seconds), points: 2 * width + 1, finest: .hour)
        return try read { db in
            var good = [Int](repeating: 0, count: steps.points)
            var valid = good
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT (start - ?) / ?, sum(good), sum(valid) FROM \(steps.grain.counts)
                    WHERE series IN \(choice.ids) AND start >= ? AND start < ? GROUP BY 1
                    """,
                arguments: [steps.from, steps.seconds] + choice.arguments + [steps.from, steps.end]
            )
            while let row = try rows.next() { (good[row[0]], valid[row[0]]) = (row[1], row[2]) }
            var points: [BudgetPoint] = []
            var sums = (good: good[..<width].reduce(0, +), valid: valid[..<width].reduce(0, +))
            for end in width..<steps.points {
                let budget = ErrorBudget(good: sums.good, valid: sums.valid, target: objectives.success)
                points.append(BudgetPoint(at: (steps.from + Int64(end) * steps.seconds) * 1_000, budget: budget))
                sums.good += good[end] - good[end - width]
                sums.valid += valid[end] - valid[end - width]
            }
            let counts = try Self.counts(db, choice, choice.spans(objectives.window, now: now))
            let last = ErrorBudget(good: counts.good, valid: counts.valid, target: objectives.success)
            return points + [BudgetPoint(at: now, budget: last)]
        }
    }

    /// What each name cost in consecutive steps, the dearest first, drills and probes included; aligned as in `trend`.
    package func spend(
        by dimension: Dimension,
        now: Int64,
        step: Duration = .seconds(86_400),
        points: Int = 30,
        of filter: SeriesFilter = .all
    ) throws(LedgerError) -> [SpendTrend] {
        let choice = SeriesChoice(filter, by: dimension, traffic: nil)
        let steps = Steps(now: now, step: step, points: points, finest: choice.finest)
        let column = "s.\(dimension.scope.column)"
        return try read { db in
            let none = [Int](repeating: 0, count: steps.points)
            var trends: [String: SpendTrend] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT \(column), (m.start - ?) / ?, sum(m.cost_nano), sum(m.n)
                    FROM series AS s JOIN \(steps.grain.counts) AS m ON m.series = s.id
                    WHERE s.id IN \(choice.ids) AND m.start >= ? AND m.start < ? GROUP BY 1, 2
                    """,
                arguments: [steps.from, steps.seconds] + choice.arguments + [steps.from, steps.end]
            )
            while let row = try rows.next() {
                let name: String = row[0]
                let empty = SpendTrend(name: name, cost: none.map(Int64.init), requests: none)
                trends[name, default: empty].cost[row[1]] = row[2]
                trends[name, default: empty].requests[row[1]] = row[3]
            }
            return trends.values.sorted { left, right in
                let costs = (left.cost.reduce(0, +), right.cost.reduce(0, +))
                return costs.0 == costs.1 ? left.name < right.name : costs.0 > costs.1
            }
        }
    }
}

/// Consecutive steps of equal length, the last of which holds now; UTC seconds.
private struct Steps {
    let seconds: Int64
    let from: Int64
    let end: Int64
    let points: Int
    /// Coarsest rows that no step cuts.
    let grain: Grain

    init(now: Int64, step: Duration, points: Int, finest: Grain) {
        let unit = finest.rawValue
        seconds = max((step.components.seconds + unit - 1) / unit, 1) * unit
        end = (now / 1_000 / seconds + 1) * seconds
        self.points = max(points, 0)
        from = end - seconds * Int64(self.points)
        let seconds = seconds
        grain = Grain.allCases.last { seconds.isMultiple(of: $0.rawValue) } ?? .minute
    }
}
