import GRDB

/// Something to be sent to the outside, handed over to be sent until it arrives.
package struct OutboxItem: Sendable, Equatable {
    /// Name of who gets it: `pagerduty`, `langfuse`, ...
    package var sink: String
    /// What it is: a word of the sink's worker.
    package var kind: String
    /// Items of one sink and key are sent in the order of handing over: an alert's trigger before its resolve.
    ///
    /// Nil: in any order.
    package var dedup: String?
    /// JSON, free of secrets.
    package var body: String
    /// UTC milliseconds.
    package var at: Int64

    package init(sink: String, kind: String, dedup: String? = nil, body: String, at: Int64) {
        self.sink = sink
        self.kind = kind
        self.dedup = dedup
        self.body = body
        self.at = at
    }
}

/// An item that waits to be sent.
package struct WaitingItem: Sendable, Equatable {
    package let id: Int64
    package let item: OutboxItem
    /// Tries so far that failed.
    package let attempts: Int
}

/// How one sink does.
package struct OutboxStats: Sendable, Equatable {
    package let sink: String
    package var waiting = 0
    /// UTC milliseconds since when the oldest waits.
    package var oldest: Int64?
    package var delivered = 0
    /// Given up.
    package var failed = 0
    /// Pushed out by newer ones, because the sink did not keep up.
    package var dropped = 0
    package var lastDelivery: Int64?
    /// Why the last try failed; nil once one succeeded.
    package var error: String?
}

/// One worker at a time reads and settles the items of a sink; delivery is at least once.
extension Ledger {
    /// Hands over an item; like a request it is in the file after the next batch.
    package func enqueue(_ item: OutboxItem) { add(.outbox(item)) }

    /// The oldest items of a sink, in the order in which they were handed over, up to the first whose time is still to come.
    ///
    /// A wait of more than two hours is not believed, since a clock that was set back would make it one.
    package func due(sink: String, now: Int64, limit: Int = 50) throws(LedgerError) -> [WaitingItem] {
        try read { db in
            let sql = """
                SELECT id, kind, dedup, body, at, attempts, next_at FROM outbox
                WHERE sink = ? AND failed_at IS NULL ORDER BY id LIMIT ?
                """
            let rows = try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: [sink, limit])
            return rows.prefix { row in
                let next: Int64 = row["next_at"]
                return next <= now || next > now + OutboxTables.longestWait
            }
            .map { row in
                WaitingItem(
                    id: row["id"],
                    item: OutboxItem(
                        sink: sink,
                        kind: row["kind"],
                        dedup: row["dedup"],
                        body: row["body"],
                        at: row["at"]
                    ),
                    attempts: row["attempts"]
                )
            }
        }
    }

    /// They arrived.
    package func delivered(_ ids: [Int64], now: Int64) throws(LedgerError) {
        try transaction { db in
            for id in ids {
                guard let sink = try OutboxTables.sink(of: id, in: db) else { continue }
                try db.execute(sql: "DELETE FROM outbox WHERE id = ?", arguments: [id])
                try OutboxTables.count("delivered", of: sink, in: db)
                try db.execute(
                    sql: "UPDATE outbox_sink SET last_at = ?, error = NULL WHERE sink = ?",
                    arguments: [now, sink]
                )
            }
        }
    }

    /// They did not arrive, and are tried again at a time, at most two hours from now.
    package func retry(_ ids: [Int64], at time: Int64, now: Int64, error: String) throws(LedgerError) {
        try transaction { db in
            for id in ids {
                guard let sink = try OutboxTables.sink(of: id, in: db) else { continue }
                try db.execute(
                    sql: "UPDATE outbox SET attempts = attempts + 1, next_at = ?, error = ? WHERE id = ?",
                    arguments: [min(time, now + OutboxTables.longestWait), error, id]
                )
                try OutboxTables.note(error, of: sink, in: db)
            }
        }
    }

    /// They never will arrive; the last thousand of a sink are kept for the operator to see.
    package func giveUp(_ ids: [Int64], now: Int64, error: String) throws(LedgerError) {
        try transaction { db in
            var sinks: Set<String> = []
            for id in ids {
                guard let sink = try OutboxTables.sink(of: id, in: db) else { continue }
                sinks.insert(sink)
                try db.execute(
                    sql: "UPDATE outbox SET failed_at = ?, error = ? WHERE id = ?",
                    arguments: [now, error, id]
                )
                try OutboxTables.count("failed", of: sink, in: db)
                try OutboxTables.note(error, of: sink, in: db)
            }
            for sink in sinks { try OutboxTables.forgetFailed(sink, in: db) }
        }
    }

    /// What waits for sinks other than these never will arrive: nobody asks for it.
    package func giveUpAll(but sinks: Set<String>, now: Int64) throws(LedgerError) {
        let lost = try read { db in
            try Row.fetchAll(db, sql: "SELECT id, sink FROM outbox WHERE failed_at IS NULL")
                .filter { !sinks.contains($0["sink"]) }.map { $0["id"] as Int64 }
        }
        // The writer gets its turns between.
        for start in stride(from: 0, to: lost.count, by: 500) {
            let some = Array(lost[start..<min(start + 500, lost.count)])
            try giveUp(some, now: now, error: "the config has no sink of this name")
        }
    }

    /// Every sink that ever had an item, in the order of names.
    package func outbox() throws(LedgerError) -> [OutboxStats] {
        try read { db in
            let sql = """
                SELECT s.*, count(o.id) AS waiting, min(o.at) AS oldest FROM outbox_sink AS s
                LEFT JOIN outbox AS o ON o.sink = s.sink AND o.failed_at IS NULL GROUP BY s.sink ORDER BY s.sink
                """
            return try Row.fetchAll(db, sql: sql).map { row in
                OutboxStats(
                    sink: row["sink"],
                    waiting: row["waiting"],
                    oldest: row["oldest"],
                    delivered: row["delivered"],
                    failed: row["failed"],
                    dropped: row["dropped"],
                    lastDelivery: row["last_at"],
                    error: row["error"]
                )
            }
        }
    }
}

enum OutboxTables {
    /// Items of one sink that wait at most.
    static let mostWaiting = 10_000
    static let mostFailed = 1_000
    static let longestWait: Int64 = 7_200_000

    static let sql = """
        -- What is to be sent to the outside: alerts, exports. What arrived is deleted, and counted in `outbox_sink`.
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sink TEXT NOT NULL,
            kind TEXT NOT NULL,
            dedup TEXT,                  -- of one sink and key in the order of ids
            body TEXT NOT NULL,
            at INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL,    -- not before
            failed_at INTEGER,           -- given up
            error TEXT
        );
        CREATE INDEX outbox_waiting ON outbox (sink, id) WHERE failed_at IS NULL;
        CREATE INDEX outbox_failed ON outbox (sink, id) WHERE failed_at IS NOT NULL;
        CREATE TABLE outbox_sink (
            sink TEXT PRIMARY KEY,
            delivered INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            dropped INTEGER NOT NULL DEFAULT 0,
            last_at INTEGER,
            error TEXT
        ) WITHOUT ROWID;

        """

    /// Whose a waiting item is; nil where it is gone.
    static func sink(of id: Int64, in db: Database) throws -> String? {
        try String.fetchOne(
            try db.cachedStatement(sql: "SELECT sink FROM outbox WHERE id = ? AND failed_at IS NULL"),
            arguments: [id]
        )
    }

    static func insert(_ item: OutboxItem, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO outbox (sink, kind, dedup, body, at, next_at) VALUES (?, ?, ?, ?, ?, 0)"
        )
        .execute(arguments: [item.sink, item.kind, item.dedup, item.body, item.at])
    }

    /// Makes the sink known, and drops its oldest items where too many wait.
    static func bound(_ sink: String, in db: Database) throws {
        try db.execute(sql: "INSERT INTO outbox_sink (sink) VALUES (?) ON CONFLICT DO NOTHING", arguments: [sink])
        let waiting = try Int.fetchOne(
            try db.cachedStatement(sql: "SELECT count(*) FROM outbox WHERE sink = ? AND failed_at IS NULL"),
            arguments: [sink]
        )
        guard let waiting, waiting > mostWaiting else { return }
        try db.execute(
            sql: """
                DELETE FROM outbox WHERE id IN
                    (SELECT id FROM outbox WHERE sink = ? AND failed_at IS NULL ORDER BY id LIMIT ?)
                """,
            arguments: [sink, waiting - mostWaiting]
        )
        try db.execute(
            sql: "UPDATE outbox_sink SET dropped = dropped + ? WHERE sink = ?",
            arguments: [waiting - mostWaiting, sink]
        )
    }

    static func count(_ column: String, of sink: String, in db: Database) throws {
        try db.execute(sql: "UPDATE outbox_sink SET \(column) = \(column) + 1 WHERE sink = ?", arguments: [sink])
    }

    static func note(_ error: String, of sink: String, in db: Database) throws {
        try db.execute(sql: "UPDATE outbox_sink SET error = ? WHERE sink = ?", arguments: [error, sink])
    }

    static func forgetFailed(_ sink: String, in db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM outbox WHERE id IN
                    (SELECT id FROM outbox WHERE sink = ? AND failed_at IS NOT NULL ORDER BY id DESC LIMIT -1 OFFSET ?)
                """,
            arguments: [sink, mostFailed]
        )
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
