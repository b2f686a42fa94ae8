import Crypto
package import Drills
package import SLO
import Settings
package import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the ledger keeps of a drill beside its journal.
package struct DrillFile: Codable, Sendable {
    package var plan: DrillPlan
    package var surroundings: Closeout.Surroundings
    package var budgetBefore: BudgetFigures
    /// When the report was made; nil until then.
    package var budgetAfter: BudgetFigures?
    /// Nil until the drill is closed out.
    package var outcome: DrillOutcome?
    /// The rules behind the verdict; nil until then.
    package var checks: [DrillVerdict.Check]?
    /// Open ones and closed ones, as the drill left them.
    package var findings: [Finding] = []
    /// Users' requests while the fault was in, as the report has them; nil until then.
    package var during: PeriodFigures?
    /// Where the report stands; empty until its folder could be written.
    package var paths: [String] = []

    var openFindings: [Finding] { findings.filter { $0.closedBy == nil } }

    /// Over what stood at the opening: the journal's first line holds it, so that the chain covers the plan too.
    package var seal: String {
        struct Opening: Encodable {
            let plan: DrillPlan
            let surroundings: Closeout.Surroundings
            let budgetBefore: BudgetFigures
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let opening = Opening(plan: plan, surroundings: surroundings, budgetBefore: budgetBefore)
        return fingerprint(String(decoding: (try? encoder.encode(opening)) ?? Data(), as: UTF8.self), bytes: 32)
    }
}

/// The drills of a ledger: their files, journals and reports.
package struct DrillArchive: Sendable {
    package let ledger: Ledger

    package init(_ ledger: Ledger) { self.ledger = ledger }

    /// SHA-256, for the journal's chain and the reports' checksums.
    @Sendable package static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// One drill as it was written.
    package struct Stored: Sendable {
        package let row: DrillRow
        package let file: DrillFile
        package let entries: [JournalEntry]
        package var drill: Drill { Drill(plan: file.plan, records: entries.map(\.record)) }
    }

    /// Times that no drill has: a line that was changed outside Nines.
    package struct ImpossibleTime: Error, CustomStringConvertible {
        let line: Int
        package var description: String { "line \(line) of its journal has a time that no drill has" }
    }

    /// Nil where there is none of that id.
    /// - Throws: where the ledger can't be read, or what it holds is no drill.
    package func stored(_ id: String) throws -> Stored? {
        guard let row = try ledger.drill(id: id) else { return nil }
        let entries = try ledger.drillEvents(id).map { event in
            let record = try JSONDecoder().decode(JournalRecord.self, from: Data(event.body.utf8))
            // A year, and the year 33658: what is reckoned with them stays far from any limit.
            guard (.zero ... .seconds(31_536_000)).contains(record.elapsed),
                (0...1_000_000_000_000_000).contains(record.wall)
            else { throw ImpossibleTime(line: event.ordinal) }
            return JournalEntry(record: record, previous: event.previousHash, hash: event.hash)
        }
        return Stored(row: row, file: try file(of: row), entries: entries)
    }

    package func file(of row: DrillRow) throws -> DrillFile {
        try JSONDecoder().decode(DrillFile.self, from: Data(row.body.utf8))
    }

    /// Every drill that was closed out.
    package func outcomes() throws -> [DrillOutcome] {
        try ledger.drills(limit: 1_000).compactMap { try? file(of: $0).outcome }
    }

    /// What the last drill that was closed out left open; each carries on those of the one before.
    package func openFindings() throws -> [Finding] {
        let last = try ledger.drills(limit: 1_000).lazy.compactMap { try? file(of: $0) }.first { $0.outcome != nil }
        return last?.openFindings ?? []
    }

    /// How the drill itself says that it stands.
    func row(_ file: DrillFile, _ drill: Drill) -> DrillRow {
        row(
            file,
            state: drill.isOver ? drill.ending?.rawValue ?? "completed" : "running",
            started: drill.records.first?.wall ?? 0,
            ended: drill.closedAt?.wall
        )
    }

    func row(_ file: DrillFile, state: String, started: Int64, ended: Int64?) -> DrillRow {
        let body = (try? JSONEncoder().encode(file)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return DrillRow(
            id: file.plan.id,
            started: started,
            ended: ended,
            title: file.plan.scenario.title,
            state: state,
            body: body
        )
    }

    func event(_ entry: JournalEntry, of drill: String) -> DrillEvent {
        let body = (try? JSONEncoder().encode(entry.record)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return DrillEvent(
            drill: drill,
            ordinal: entry.record.number + 1,
            at: entry.record.wall,
            kind: entry.record.kind.rawValue,
            body: body,
            previousHash: entry.previous,
            hash: entry.hash
        )
    }

    /// The report, made of the journal and the ledger's rows alone.
    package func closeout(_ stored: Stored, objectives: Objectives, now: Int64) throws -> Closeout {
        let drill = stored.drill
        return Closeout(
            drill,
            entries: stored.entries,
            figures: try figures(drill, stored.file, objectives, now: now),
            surroundings: stored.file.surroundings,
            hash: Self.hash
        )
    }

    // MARK: What the ledger says

    private func figures(_ drill: Drill, _ file: DrillFile, _ objectives: Objectives, now: Int64) throws
        -> LedgerFigures
    {
        var figures = LedgerFigures(
            successTarget: objectives.success,
            latencyTarget: objectives.latencyP95,
            costTarget: objectives.costPerRequest
        )
        let end = drill.closedAt?.wall ?? now
        let headline = try ledger.headline(now: end)
        let budget = headline.budget
        (figures.window, figures.exhaustedIn) = (objectives.window, headline.timeToExhaustion)
        try add(alertsTo: &figures, drill, until: end)
        figures.budgetBefore = file.budgetBefore
        figures.budgetAfter = file.budgetAfter ?? BudgetFigures(bad: budget.bad, allowed: budget.allowed)
        guard let periods = Timings(drill).periods(now: now) else { return figures }
        var sums = (before: PeriodSum(), during: PeriodSum(), after: PeriodSum())
        let opened = drill.records.first?.wall ?? 0
        let secondary = drill.plan.target.secondary
        var curve = Curve(from: periods.before.lowerBound, to: periods.after.upperBound)
        let latest = end + Timings.lateness.microseconds / 1_000
        var bookmark = Ledger.Bookmark(since: periods.before.lowerBound)
        while true {
            let (page, next) = try ledger.requests(after: bookmark)
            bookmark = next
            for record in page where record.at < periods.after.upperBound {
                if record.traffic == .drill, record.at >= opened { figures.probeSpend += record.cost ?? 0 }
                guard record.traffic == .live, record.at + record.totalMicros / 1_000 <= latest else { continue }
                curve.add(record)
                if periods.before.contains(record.at) { sums.before.add(record, secondary: secondary) }
                if periods.after.contains(record.at) { sums.after.add(record, secondary: secondary) }
                guard periods.during.contains(record.at) else { continue }
                sums.during.add(record, secondary: secondary)
                if figures.evidence.count < 5, record.failedOver || !record.good { figures.evidence.append(record.id) }
            }
            if page.isEmpty || page.last.map({ $0.at >= periods.after.upperBound }) ?? true { break }
        }
        figures.before = sums.before.figures
        figures.during = sums.during.figures
        figures.after = sums.after.figures
        figures.curve = curve.points(opened: opened)
        return figures
    }

    private func add(alertsTo figures: inout LedgerFigures, _ drill: Drill, until end: Int64) throws {
        let opened = drill.records.first?.wall ?? 0
        for event in try ledger.alertEvents(since: opened, limit: 1_000).reversed() where event.at <= end {
            let effect = try? JSONDecoder().decode(AlertEffect.self, from: Data(event.body.utf8))
            let isOwn = effect?.drill == drill.plan.id
            let known = figures.alerts.lastIndex { $0.alert == event.key && $0.resolved == nil }
            switch effect?.kind {
            case .fire? where isOwn: figures.alerts.append(AlertCourse(alert: event.key, fired: event.at))
            case .fire?: figures.foreignAlerts.append(event.key)
            case .update(.noData)?: figures.alertsWithoutData.append(event.key)
            case .update(.acknowledged(let person))?:
                guard let known else { break }
                (figures.alerts[known].acknowledged, figures.alerts[known].acknowledgedBy) = (event.at, person)
            case .resolve?: if let known { figures.alerts[known].resolved = event.at }
            case nil: break
            }
        }
    }
}

/// Sums up one stretch.
private struct PeriodSum {
    private var sum = PeriodFigures()
    private var latency = LatencyHistogram()

    mutating func add(_ record: RequestRecord, secondary: String) {
        sum.requests += 1
        if record.deployment == secondary { sum.bySecondary += 1 }
        if record.outcome == .lost { sum.failed += 1 }
        if record.outcome == .cut { sum.cut += 1 }
        if record.failedOver { sum.failedOver += 1 } else if record.attempts > 1 { sum.retried += 1 }
        if record.cache == .stale { sum.stale += 1 }
        if record.valid { sum.valid += 1 }
        if record.good { sum.good += 1 }
        if let micros = record.latencyMicros { latency.add(microseconds: micros) }
        if let cost = record.cost {
            sum.spend += cost
            sum.priced += 1
        }
    }

    var figures: PeriodFigures {
        var figures = sum
        figures.p50 = latency.quantile(0.5)
        figures.p95 = latency.quantile(0.95)
        figures.p99 = latency.quantile(0.99)
        return figures
    }
}

/// The report's curves: at most 120 points.
private struct Curve {
    private struct Point {
        var latency = LatencyHistogram()
        var valid = 0
        var good = 0
    }
    private let from: Int64
    private let step: Int64
    private var byIndex: [Int64: Point] = [:]

    init(from: Int64, to: Int64) {
        self.from = from
        step = max(10_000, (to - from) / 120)
    }

    mutating func add(_ record: RequestRecord) {
        var point = byIndex[(record.at - from) / step] ?? Point()
        if let micros = record.latencyMicros { point.latency.add(microseconds: micros) }
        if record.valid { point.valid += 1 }
        if record.good { point.good += 1 }
        byIndex[(record.at - from) / step] = point
    }

    func points(opened: Int64) -> [CurvePoint] {
        byIndex.sorted { $0.key < $1.key }.map { index, point in
            CurvePoint(
                at: .milliseconds(from + index * step + step / 2 - opened),
                p95: point.latency.quantile(0.95),
                success: point.valid > 0 ? Double(point.good) / Double(point.valid) : nil
            )
        }
    }
}
