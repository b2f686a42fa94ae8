import GRDB
import SLO

/// What is kept beside the requests, and for how long requests are kept.
extension Ledger {
    /// A durable value; nil when it was never set.
    package func setting(_ key: String) throws(LedgerError) -> String? {
        try read { db in try String.fetchOne(db, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key]) }
    }

    /// Sets a durable value, or with nil removes it; on return it is on the disk, and survives a power cut.
    package func set(_ key: String, value: String?) throws(LedgerError) {
        try write { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            defer { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
            try db.inTransaction(.immediate) {
                if let value {
                    let sql = "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
                    try db.execute(sql: sql, arguments: [key, value])
                } else {
                    try db.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [key])
                }
                return .commit
            }
        }
    }

    /// Deletes requests, their attempts and events from before a time; the rollups stay, and with them every number.
    ///
    /// In small transactions, so that the writer gets its turns between them. Returns how many requests went.
    @discardableResult
    package func prune(before time: Int64) throws(LedgerError) -> Int {
        var pruned = 0
        var last = 0
        repeat {
            last = try write { db in
                try db.execute(
                    sql: """
                        DELETE FROM request_row
                        WHERE number IN (SELECT number FROM request_row WHERE at < ? ORDER BY at LIMIT 2000)
                        """,
                    arguments: [time]
                )
                return db.changesCount
            }
            pruned += last
        } while last > 0
        try write { db in try db.execute(sql: "DELETE FROM event WHERE at < ?", arguments: [time]) }
        return pruned
    }

    /// Deletes rollups from before a time: windows that reach further back get shorter.
    package func pruneRollups(before time: Int64) throws(LedgerError) {
        for table in Grain.allCases.flatMap({ [$0.counts, $0.latencies] }) {
            try write { db in
                // By series, since that is how the keys begin.
                let sql = "DELETE FROM \(table) WHERE series IN (SELECT id FROM series) AND start < ?"
                try db.execute(sql: sql, arguments: [time / 1_000])
            }
        }
    }

    /// Writes the promise into the file, for the views; finds out at once whether the file can be written.
    func noteObjectives() throws(LedgerError) {
        let seconds = objectives.window.components.seconds
        let values: [(String, DatabaseValue)] = [
            ("window_s", seconds.databaseValue),
            ("success", objectives.success.databaseValue),
            ("latency_p95_s", (objectives.latencyP95 / .seconds(1)).databaseValue),
            ("latency_of", objectives.latencyOf.rawValue.databaseValue),
            ("latency_relative_error", LatencyHistogram.relativeError.databaseValue),
            ("cost_nano_per_request", objectives.costPerRequest.databaseValue),
        ]
        try write { db in
            try db.inTransaction(.immediate) {
                for (name, value) in values {
                    let sql = """
                        INSERT INTO objective VALUES (?, ?)
                        ON CONFLICT DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value
                        """
                    try db.execute(sql: sql, arguments: [name, value])
                }
                return .commit
            }
        }
    }
}
