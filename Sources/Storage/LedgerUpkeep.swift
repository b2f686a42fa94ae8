import GRDB
import SLO

/// How long what is kept; a window can be shown as far back as its rows reach.
package struct Retention: Sendable, Equatable {
    /// Request rows with their attempts, and events: what the numbers are made of, for `explain` and exports.
    package var requests: Duration = .seconds(30 * 86_400)
    /// Rollups by the minute; at least these eight days, since windows up to seven are exact to the minute.
    package var minutes: Duration = .seconds(8 * 86_400)
    /// By the hour; at least twice the objectives' window, which the burn-down needs.
    package var hours: Duration = .seconds(92 * 86_400)
    /// By the day, and alerts, gaps and maintenance.
    package var days: Duration = .seconds(400 * 86_400)

    package init() {}
}

/// What is kept beside the requests, and for how long requests are kept.
extension Ledger {
    /// A durable value; nil when it was never set.
    package func setting(_ key: String) throws(LedgerError) -> String? {
        try read { db in try String.fetchOne(db, sql: "SELECT value FROM setting WHERE key = ?", arguments: [key]) }
    }

    /// Sets a durable value, or with nil removes it; on return it is on the disk, and survives a power cut.
    package func set(_ key: String, value: String?) throws(LedgerError) {
        try syncedTransaction { db in
            if let value {
                let sql = "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
                try db.execute(sql: sql, arguments: [key, value])
            } else {
                try db.execute(sql: "DELETE FROM setting WHERE key = ?", arguments: [key])
            }
        }
    }

    /// Deletes what `retention` no longer wants kept, and returns how many requests went; to be called every hour or so.
    ///
    /// Never in long transactions: the writer gets its turns between.
    @discardableResult
    package func upkeep(now: Int64, keeping retention: Retention = Retention()) throws(LedgerError) -> Int {
        let spare = Duration.seconds(86_400)
        try prune(.minute, before: now - max(retention.minutes, Span.longestByTheMinute + spare).milliseconds)
        try prune(.hour, before: now - max(retention.hours, objectives.window * 2 + spare).milliseconds)
        try prune(.day, before: now - max(retention.days, objectives.window * 2 + spare).milliseconds)
        let oldest = now - retention.days.milliseconds
        for table in ["alert_event WHERE at", "gap WHERE until", "maintenance WHERE ends"] {
            try write { db in try db.execute(sql: "DELETE FROM \(table) < ?", arguments: [oldest]) }
        }
        _ = try deleteInParts("deferred_request", where: "expires < ?1", arguments: [now])
        return try prune(before: now - retention.requests.milliseconds)
    }

    /// Deletes requests, their attempts and events from before a time; the rollups stay, and with them every number.
    ///
    /// In small transactions, so that the writer gets its turns between them. Returns how many requests went.
    @discardableResult
    package func prune(before time: Int64) throws(LedgerError) -> Int {
        let pruned = try deleteInParts("request_row", key: "number", where: "at < ?1", arguments: [time])
        try write { db in try db.execute(sql: "DELETE FROM event WHERE at < ?", arguments: [time]) }
        return pruned
    }

    /// Deletes rollups of one grain that ended before a time: windows that reach further back get shorter.
    func prune(_ grain: Grain, before time: Int64) throws(LedgerError) {
        let start = grain.start(of: max(time, 0) / 1_000)
        for series in try read({ try Int64.fetchAll($0, sql: "SELECT id FROM series") }) {
            for table in [grain.counts, grain.latencies] {
                try write { db in
                    try db.cachedStatement(sql: "DELETE FROM \(table) WHERE series = ? AND start < ?")
                        .execute(arguments: [series, start])
                }
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

    /// The promise as the file has it, the usual one where it has none.
    static func notedObjectives(_ db: Database) throws -> Objectives {
        var objectives = Objectives()
        let rows = try Row.fetchAll(db, sql: "SELECT name, value FROM objective WHERE value IS NOT NULL")
        let values: [String: DatabaseValue] = Dictionary(rows.map { ($0["name"], $0["value"]) }) { $1 }
        func value<Value: DatabaseValueConvertible>(_ name: String) -> Value? {
            values[name].flatMap { Value.fromDatabaseValue($0) }
        }
        objectives.window = value("window_s").map { Duration.seconds($0 as Int64) } ?? objectives.window
        objectives.success = value("success") ?? objectives.success
        objectives.latencyP95 = value("latency_p95_s").map { Duration.seconds($0 as Double) } ?? objectives.latencyP95
        objectives.latencyOf = value("latency_of").flatMap(Objectives.LatencyKind.init) ?? objectives.latencyOf
        objectives.costPerRequest = value("cost_nano_per_request") ?? objectives.costPerRequest
        return objectives
    }
}
