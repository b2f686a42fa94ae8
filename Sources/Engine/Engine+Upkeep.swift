import Console
import Logging
import SLO
import Settings
import Storage
import Synchronization

extension Engine {
    /// Between two signs of life in the ledger, and two looks at what other programs wrote into it.
    private static let beat: Duration = .seconds(10)
    private static let beatsBetweenUpkeep = 360

    /// Says that the engine is alive, sees what was declared meanwhile, and forgets what is too old; until cancelled.
    package func keepHouse() async {
        let run = "\(identity.startedAt)-\(UInt32.random(in: 0 ... .max))"
        note { () throws(LedgerError) in
            let version = identity.version + (demo == nil ? "" : Run.demoMark)
            if let gap = try ledger.beginRun(id: run, version: version, now: wallMilliseconds()) { say(gap) }
        }
        var beats = 0
        while !Task.isCancelled {
            note { () throws(LedgerError) in
                let now = wallMilliseconds()
                let windows = try ledger.maintenance(endingAfter: now - 86_400_000)
                maintenance.withLock { $0 = windows }
                if let gap = try ledger.beat(run: run, now: now) { say(gap) }
                trimCache(now: now)
                if beats.isMultiple(of: Self.beatsBetweenUpkeep) { forget(now: now) }
            }
            beats += 1
            try? await Task.sleep(for: Self.beat)
        }
        note { () throws(LedgerError) in try ledger.endRun(id: run, now: wallMilliseconds()) }
    }

    /// Deletes what is too old, in a task of its own: in a large file that takes longer than a sign of life may be late.
    private func forget(now: Int64) {
        Task.detached(executorPreference: WaitingExecutor("upkeep"), priority: .background) { [self] in
            note { () throws(LedgerError) in
                try ledger.upkeep(now: now, keeping: Storage.Retention(config.retention))
                try ledger.giveUpAll(but: Set(config.pagers.map(\.name) + config.exports.map(\.name)), now: now)
            }
        }
    }

    private func trimCache(now: Int64) {
        Task.detached(executorPreference: WaitingExecutor("upkeep"), priority: .background) { [self] in
            note { () throws(LedgerError) in try cache.trim(now: now) }
        }
    }

    private func note(_ work: () throws(LedgerError) -> Void) {
        do throws(LedgerError) { try work() } catch { logger.error("upkeep of the ledger: \(error)") }
    }

    private func say(_ gap: Gap) {
        let seconds = (gap.until - gap.since) / 1_000
        let why =
            switch gap.why {
            case .stopped: "Nines was not running"
            case .died: "Nines had died"
            case .asleep: "the machine slept"
            }
        say(.info, "\(why) for \(seconds) s: a gap, neither failure nor success", kind: "gap")
    }

    /// The declared maintenance that a request accepted at that time falls into.
    func maintenance(at time: Int64) -> String? {
        maintenance.withLock { windows in windows.first { $0.covers(time) }?.id }
    }
}

extension Storage.Retention {
    init(_ config: NinesConfig.Retention) {
        self.init()
        requests = config.requests
        days = config.rollups
        hours = min(hours, days)
    }
}
