import Console
import Dispatch
import Drills
import Logging
import Settings
import Storage
import Synchronization

// A drill at the program's own end, and what an earlier run left open.

extension Engine {
    /// Takes every fault out, for an orderly end of the process.
    package func restoreAll(because reason: String = "Nines was stopped") {
        faults.clear()
        desk.queue.sync {
            guard desk.book.withLock({ $0.drill?.isFaultIn ?? false }) else { return }
            handle(.abort(reason: reason, by: "nines"))
        }
    }

    /// Takes up what an earlier run left open.
    ///
    /// Faults live in memory, so it is restored already; it waits to be closed out.
    func resumeDrills() {
        desk.queue.sync {
            refreshHistory()
            finishReports()
            let archive = DrillArchive(ledger)
            let open = ((try? ledger.openDrills()) ?? []).compactMap { row in
                do {
                    return try archive.stored(row.id)
                } catch {
                    giveUp(row, because: "\(error)")
                    return nil
                }
            }
            for stored in open where stored.drill.isOver { close(stored) }
            guard let stored = open.first(where: { !$0.drill.isOver }), let last = stored.entries.last else { return }
            let drill = stored.drill
            let id = drill.plan.id
            let since = Duration.milliseconds(max(0, wallMilliseconds() - (drill.records.first?.wall ?? 0)))
            desk.book.withLock { book in
                book.file = stored.file
                book.last = last
                // A clock that was set back must not make the drill's own go back.
                book.openedAt = .now - max(since, last.record.elapsed)
            }
            desk.keep(drill)
            handle(.restarted)
            let key = "the key of \(drill.plan.target.provider)"
            let isByHand = drill.plan.scenario.faults.contains(.revokeKey(.byHand))
            let state =
                !isUnverified(drill)
                ? "everything is restored"
                : isByHand ? "NOT VERIFIED: switch \(key) on" : "\(key) is being switched on again"
            say(.warning, "an earlier run ended during \(id); \(state); it waits to be closed out", kind: "drill")
        }
    }

    /// Closes a drill whose journal can't be read: nobody could close it out, and none could be opened after it.
    private func giveUp(_ row: DrillRow, because problem: String) {
        var row = row
        (row.ended, row.state) = (max(row.started, wallMilliseconds()), "interrupted")
        do throws(LedgerError) { try ledger.save(row) } catch { logger.error("drill: \(error)") }
        var news = "\(row.id) was open and can't be read (\(problem)): it is closed without a report"
        if let plan = try? DrillArchive(ledger).file(of: row).plan, plan.scenario.isExternal {
            news += "; NOT VERIFIED: see that the key of \(plan.target.provider) is switched on"
        }
        say(.warning, news, kind: "drill")
    }

    /// Catches up with a journal that says that the drill is over, where its row does not.
    private func close(_ stored: DrillArchive.Stored) {
        do throws(LedgerError) {
            try ledger.save(DrillArchive(ledger).row(stored.file, stored.drill))
            makeReport(stored.row.id)
        } catch {
            logger.error("drill: \(error)")
        }
    }

    func refreshHistory() {
        let archive = DrillArchive(ledger)
        let rows = (try? ledger.drills(limit: 1_000)) ?? []
        let files = rows.compactMap { try? archive.file(of: $0) }
        let history = DrillHistory(files.compactMap(\.outcome), team: Set(config.drill.team))
        desk.book.withLock { book in
            book.history = history
            book.historyRows = rows
            book.openFindings = files.first { $0.outcome != nil }?.openFindings ?? []
            book.unfiled = Set(files.filter { $0.outcome != nil && $0.paths.isEmpty }.map(\.plan.id))
        }
    }
}
