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

/// An item that a worker has in hand.
package struct OutboxLease: Sendable, Equatable {
    package let id: Int64
    package let item: OutboxItem
    /// Counted from 1: this try is one of them.
    package let attempt: Int
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

/// Delivery is at least once: a worker that dies with an item in hand leaves it to be sent again when the lease ends.
extension Ledger {
    /// Hands over an item; like a request it is in the file after the next batch.
    package func enqueue(_ item: OutboxItem) { add(.outbox(item)) }

    /// Takes the oldest items that are due, for so long: no one else gets them until then.
    ///
    /// A wait of more than two hours is not believed, since a clock that was set back would make it one.
    package func lease(
        sink: String,
        now: Int64,
        for time: Duration = .seconds(60),
        limit: Int = 50
    ) throws(LedgerError) -> [OutboxLease] {
        guard try read({ db in try Self.hasDue(sink, now: now, in: db) }) else { return [] }
        return try transaction { db in
            let rows = try Row.fetchAll(db, sql: OutboxTables.due, arguments: [sink, now, limit])
            let leases = rows.map { row in
                OutboxLease(
                    id: row["id"],
                    item: OutboxItem(
                        sink: sink,
                        kind: row["kind"],
                        dedup: row["dedup"],
                        body: row["body"],
                        at: row["at"]
                    ),
                    attempt: row["attempts"] + 1
                )
            }
            for lease in leases {
                try db.execute(
                    sql: "UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ?",
                    arguments: [now + min(time.milliseconds, OutboxTables.longestWait), lease.id]
                )
            }
            return leases
        }
    }

    /// Whether and when a sink has something to send: UTC milliseconds; nil when nothing waits.
    package func nextDue(sink: String) throws(LedgerError) -> Int64? {
        try read { db in
            try Int64.fetchOne(
                db,
                sql: "SELECT min(next_at) FROM outbox WHERE sink = ? AND failed_at IS NULL",
                arguments: [sink]
            )
        }
    }

    /// They arrived.
    package func delivered(_ leases: [OutboxLease], now: Int64) throws(LedgerError) {
        try transaction { db in
            for lease in leases {
                try db.execute(sql: "DELETE FROM outbox WHERE id = ?", arguments: [lease.id])
                guard db.changesCount > 0 else { continue }
                try OutboxTables.count("delivered", of: lease.item.sink, in: db)
                try db.execute(
                    sql: "UPDATE outbox_sink SET last_at = ?, error = NULL WHERE sink = ?",
                    arguments: [now, lease.item.sink]
                )
            }
        }
    }

    /// They did not arrive, and are tried again at a time, at most two hours from now.
    package func retry(_ leases: [OutboxLease], at time: Int64, now: Int64, error: String) throws(LedgerError) {
        try transaction { db in
            for lease in leases {
                try db.execute(
                    sql: "UPDATE outbox SET next_at = ?, error = ? WHERE id = ?",
                    arguments: [min(time, now + OutboxTables.longestWait), error, lease.id]
                )
                try OutboxTables.note(error, of: lease.item.sink, in: db)
            }
        }
    }

    /// They never will arrive; the last thousand of a sink are kept for the operator to see.
    package func giveUp(_ leases: [OutboxLease], now: Int64, error: String) throws(LedgerError) {
        try transaction { db in
            for lease in leases {
                try db.execute(
                    sql: "UPDATE outbox SET failed_at = ?, error = ? WHERE id = ?",
                    arguments: [now, error, lease.id]
                )
                try OutboxTables.count("failed", of: lease.item.sink, in: db)
                try OutboxTables.note(error, of: lease.item.sink, in: db)
            }
            for sink in Set(leases.map(\.item.sink)) { try OutboxTables.forgetFailed(sink, in: db) }
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

    private static func hasDue(_ sink: String, now: Int64, in db: Database) throws -> Bool {
        try Row.fetchOne(try db.cachedStatement(sql: OutboxTables.due), arguments: [sink, now, 1]) != nil
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
            next_at INTEGER NOT NULL,    -- not before; in hand until then
            failed_at INTEGER,           -- given up
            error TEXT
        );
        CREATE INDEX outbox_due ON outbox (sink, next_at) WHERE failed_at IS NULL;
        CREATE INDEX outbox_order ON outbox (sink, dedup, id) WHERE failed_at IS NULL AND dedup IS NOT NULL;
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

    /// Arguments: sink, now, limit.
    static let due = """
        SELECT id, kind, dedup, body, at, attempts FROM outbox AS o
        WHERE sink = ?1 AND failed_at IS NULL AND (next_at <= ?2 OR next_at > ?2 + \(longestWait))
            AND (dedup IS NULL OR NOT EXISTS (
                SELECT 1 FROM outbox AS e
                WHERE e.sink = o.sink AND e.dedup = o.dedup AND e.id < o.id AND e.failed_at IS NULL
            ))
        ORDER BY id LIMIT ?3
        """

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
