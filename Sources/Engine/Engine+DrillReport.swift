import Console
import Dispatch
import Drills
import Guardrails
import Logging
import SLO
import Settings
import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Engine {
    /// Between two tries to write reports into a folder that can't be written.
    private static let patience: Duration = .seconds(30)

    /// Makes the report once the ledger holds every request of the drill: those under way are waited for, as long as
    /// they count.
    func startReport() {
        guard let id = desk.book.withLock({ $0.drill?.plan.id }) else { return }
        let underWay = router.withLock { $0.underWay }
        let end = ContinuousClock.now + Timings.lateness
        Task.detached { [self] in
            while ContinuousClock.now < end, !router.withLock({ underWay.isDisjoint(with: $0.underWay) }) {
                try? await Task.sleep(for: .milliseconds(50))
            }
            try? await ledger.flush()
            await desk.run { [self] in makeReport(id) }
        }
    }

    /// Makes the reports of drills that were closed out just before an earlier run ended, and files those that had no
    /// folder.
    func finishReports() {
        let archive = DrillArchive(ledger)
        let rows = desk.book.withLock { $0.historyRows }
        for row in rows where row.ended != nil {
            if let file = try? archive.file(of: row), file.outcome == nil { makeReport(row.id) }
        }
        fileReports(desk.book.withLock { $0.unfiled })
    }

    func makeReport(_ id: String) {
        let archive = DrillArchive(ledger)
        do {
            writeWaiting()
            // What is not written to its end yet is reported after that.
            guard var stored = try archive.stored(id), stored.drill.isOver else { return }
            let closeout = try archive.closeout(stored, objectives: config.objectives, now: wallMilliseconds())
            // Kept in the database first: whatever the folder is like, nothing is lost.
            for (name, text) in closeout.papers { try ledger.savePaper(drill: id, name: name, text: text) }
            var file = stored.file
            file.outcome = closeout.outcome
            file.budgetAfter = closeout.figures.budgetAfter
            file.checks = closeout.verdict.checks
            file.findings = stored.drill.findings
            file.during = closeout.figures.during
            try save(file, stored.row)
            stored = DrillArchive.Stored(row: stored.row, file: file, entries: stored.entries)
            try fileReport(stored)
        } catch {
            say(.warning, "the report of \(id) could not be made: \(error)", kind: "drill")
        }
        refreshHistory()
        hub.kick()
    }

    private func save(_ file: DrillFile, _ row: DrillRow) throws {
        let drill = DrillArchive(ledger).row(file, state: row.state, started: row.started, ended: row.ended)
        try ledger.save(drill)
        desk.book.withLock { if $0.file?.plan.id == file.plan.id { $0.file = file } }
    }

    /// Writes the papers into the folder of the config.
    private func fileReport(_ stored: DrillArchive.Stored) throws {
        let id = stored.row.id
        let directory = config.drill.directory ?? "drills"
        do {
            let papers = try ledger.papers(drill: id).sorted { $0.key < $1.key }
            var file = stored.file
            file.paths = try papers.map { try write($0.value, named: $0.key, in: directory) }
            try save(file, stored.row)
            desk.book.withLock { _ = $0.unfiled.remove(id) }
            say(.info, "drill report written: \(file.paths.last ?? directory)", kind: "drill")
        } catch {
            let isNew = desk.book.withLock { book in
                book.lastFiling = .now
                return book.unfiled.insert(id).inserted
            }
            guard isNew else { return }
            let reason = (error as? LedgerError).map { "\($0)" } ?? "that folder can't be written"
            say(
                .warning,
                "the report of \(id) is kept in the database and written later: \(directory): \(reason)",
                kind: "drill"
            )
        }
    }

    /// Tries again, now and then, what had no folder.
    func fileWaitingReports() {
        let (unfiled, last) = desk.book.withLock { ($0.unfiled, $0.lastFiling) }
        guard !unfiled.isEmpty, ContinuousClock.now - last >= Self.patience else { return }
        fileReports(unfiled)
    }

    /// Tries again at once; for the start, and for tests.
    package func fileReportsNow() { desk.queue.sync { fileReports(desk.book.withLock { $0.unfiled }) } }

    private func fileReports(_ ids: Set<String>) {
        for id in ids { if let stored = try? DrillArchive(ledger).stored(id) { try? fileReport(stored) } }
    }

    /// Replaces a file of that name: it is the same report.
    private func write(_ text: String, named name: String, in directory: String) throws -> String {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let url = URL(fileURLWithPath: directory).appendingPathComponent(name)
        try Data(text.utf8).write(to: url, options: .atomic)
        return url.path
    }
}

extension Closeout {
    /// By the names of their files.
    package var papers: [(name: String, text: String)] {
        let id = drill.plan.id
        return [("\(id).html", html), ("\(id).json", json), ("\(id).md", markdown)]
    }
}

/// The shipped price table, for a report to say by which one it reckoned.
enum PriceFingerprint {
    static var text: String { PriceTable.shipped.rows.map { "\($0)" }.sorted().joined(separator: "\n") }
}

/// Enough digits of a hash to compare.
func fingerprint(_ text: String, bytes: Int = 6) -> String {
    let digits = Array("0123456789abcdef")
    return String(
        DrillArchive.hash(Array(text.utf8)).prefix(bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    )
}
