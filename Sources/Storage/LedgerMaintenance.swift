import GRDB

/// A time for which no promise is kept, declared before it began.
package struct MaintenanceWindow: Sendable, Equatable {
    package let id: String
    /// UTC milliseconds; `to` is not part of it.
    package let from: Int64
    package let to: Int64
    package let reason: String
    package let declared: Int64
    /// When it was called off; what lay before that stays excluded.
    package let cancelled: Int64?

    /// Whether a request accepted at a time is excluded.
    package func covers(_ time: Int64) -> Bool { from <= time && time < min(to, cancelled ?? to) }
}

/// Why a maintenance window can't be declared.
package enum MaintenanceRefusal: Error, Equatable, CustomStringConvertible {
    case inThePast
    case endsBeforeItBegins

    package var description: String {
        switch self {
        case .inThePast: "maintenance must be declared before it begins: give a later start"
        case .endsBeforeItBegins: "maintenance must end after it begins: give a later end"
        }
    }
}

/// Requests are excluded when they are settled (`RequestRecord.maintenance`), and never afterwards: so that a figure
/// that was shown stays, and sums, views and rows agree without looking at this table.
extension Ledger {
    /// Declares a window, synced; throws `MaintenanceRefusal`, or `LedgerError`.
    @discardableResult
    package func declareMaintenance(
        id: String,
        from: Int64,
        to: Int64,
        reason: String,
        now: Int64
    ) throws -> MaintenanceWindow {
        guard from >= now else { throw MaintenanceRefusal.inThePast }
        guard to > from else { throw MaintenanceRefusal.endsBeforeItBegins }
        try syncedTransaction { db in
            let sql = "INSERT INTO maintenance (id, starts, ends, reason, declared) VALUES (?, ?, ?, ?, ?)"
            try db.execute(sql: sql, arguments: [id, from, to, reason, now])
        }
        return MaintenanceWindow(id: id, from: from, to: to, reason: reason, declared: now, cancelled: nil)
    }

    /// Calls off what is left of a window; false where there is none of that id, or nothing is left.
    package func cancelMaintenance(id: String, now: Int64) throws(LedgerError) -> Bool {
        try syncedTransaction { db in
            let sql = "UPDATE maintenance SET cancelled = ? WHERE id = ? AND ends > ? AND cancelled IS NULL"
            try db.execute(sql: sql, arguments: [now, id, now])
            return db.changesCount > 0
        }
    }

    /// Windows that end after a time, in the order of their starts; with 0 all.
    package func maintenance(endingAfter time: Int64 = 0) throws(LedgerError) -> [MaintenanceWindow] {
        try read { db in
            let sql = """
                SELECT id, starts, ends, reason, declared, cancelled FROM maintenance WHERE ends > ? ORDER BY starts, id
                """
            return try Row.fetchAll(db, sql: sql, arguments: [time]).map {
                MaintenanceWindow(id: $0[0], from: $0[1], to: $0[2], reason: $0[3], declared: $0[4], cancelled: $0[5])
            }
        }
    }
}

enum MaintenanceTable {
    static let sql = """
        -- Declared windows. What they excluded is marked in `request`, and counted as `excluded` in the rollups.
        CREATE TABLE maintenance (
            id TEXT PRIMARY KEY,
            starts INTEGER NOT NULL,
            ends INTEGER NOT NULL CHECK (ends > starts),
            reason TEXT NOT NULL,
            declared INTEGER NOT NULL CHECK (declared <= starts),
            cancelled INTEGER
        ) WITHOUT ROWID;

        """
}
