import GRDB

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One drill, as the list shows it.
package struct DrillRow: Sendable, Equatable {
    package var id: String
    /// UTC milliseconds.
    package var started: Int64
    /// Nil while it is open: also when a crash interrupted it and nobody closed it out.
    package var ended: Int64?
    package var title: String
    /// `running`, `completed`, `aborted`, `interrupted`: a word of the drills'.
    package var state: String
    /// JSON: everything else.
    package var body: String

    package init(id: String, started: Int64, ended: Int64? = nil, title: String, state: String, body: String = "{}") {
        self.id = id
        self.started = started
        self.ended = ended
        self.title = title
        self.state = state
        self.body = body
    }
}

/// One line of a drill's journal.
package struct DrillEvent: Sendable, Equatable {
    package var drill: String
    /// Counted from 1 without gaps.
    package var ordinal: Int
    /// UTC milliseconds.
    package var at: Int64
    package var kind: String
    /// JSON.
    package var body: String
    /// The hash of the line before, and of this one over it: the writer's doing, kept as it is.
    package var previousHash: [UInt8]
    package var hash: [UInt8]

    package init(
        drill: String,
        ordinal: Int,
        at: Int64,
        kind: String,
        body: String,
        previousHash: [UInt8],
        hash: [UInt8]
    ) {
        self.drill = drill
        self.ordinal = ordinal
        self.at = at
        self.kind = kind
        self.body = body
        self.previousHash = previousHash
        self.hash = hash
    }
}

/// Everything here is synced: it survives a power cut from the moment that the call returns.
extension Ledger {
    /// Adds a drill, or says how it stands now.
    package func save(_ drill: DrillRow) throws(LedgerError) {
        try syncedTransaction { db in try DrillTables.upsert(drill, in: db) }
    }

    /// Appends lines to a journal, and with them says how the drill stands, all or nothing: intent goes here before it acts.
    ///
    /// Fails where an ordinal is taken or left out: two consoles that write at once can't break the chain. Lines are never
    /// changed or deleted, which the file itself sees to.
    package func append(_ events: [DrillEvent], drill: DrillRow? = nil) throws(LedgerError) {
        try syncedTransaction { db in
            if let drill { try DrillTables.upsert(drill, in: db) }
            for event in events { try DrillTables.insert(event, in: db) }
        }
    }

    /// The last drills, newest first.
    package func drills(limit: Int = 100) throws(LedgerError) -> [DrillRow] {
        try read { db in
            try DrillTables.drills(db, "ORDER BY started DESC, id DESC LIMIT ?", [limit])
        }
    }

    /// One drill; nil when there is none of that id.
    package func drill(id: String) throws(LedgerError) -> DrillRow? {
        try read { db in try DrillTables.drills(db, "WHERE id = ?", [id]).first }
    }

    /// Drills that nobody closed, oldest first.
    package func openDrills() throws(LedgerError) -> [DrillRow] {
        try read { db in try DrillTables.drills(db, "WHERE ended IS NULL ORDER BY started", []) }
    }

    /// A drill's journal in order.
    package func drillEvents(_ drill: String) throws(LedgerError) -> [DrillEvent] {
        try read { db in try DrillTables.events(db, "WHERE drill = ? ORDER BY ordinal", [drill]) }
    }

    /// The last line of a journal; nil before the first.
    package func lastDrillEvent(_ drill: String) throws(LedgerError) -> DrillEvent? {
        try read { db in try DrillTables.events(db, "WHERE drill = ? ORDER BY ordinal DESC LIMIT 1", [drill]).first }
    }

    /// Keeps a paper of a drill (`closeout.md`), also while its folder can't be written; a second one of that name replaces it.
    package func savePaper(drill: String, name: String, text: String) throws(LedgerError) {
        try syncedTransaction { db in
            let sql = """
                INSERT INTO drill_paper (drill, name, text) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET text = excluded.text
                """
            try db.execute(sql: sql, arguments: [drill, name, text])
        }
    }

    /// A drill's papers by name.
    package func papers(drill: String) throws(LedgerError) -> [String: String] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT name, text FROM drill_paper WHERE drill = ?",
                arguments: [drill]
            )
            return Dictionary(rows.map { ($0[0], $0[1]) }) { $1 }
        }
    }
}

enum DrillTables {
    static let sql = """
        CREATE TABLE drill (
            id TEXT PRIMARY KEY,
            started INTEGER NOT NULL,
            ended INTEGER,
            title TEXT NOT NULL,
            state TEXT NOT NULL,
            body TEXT NOT NULL
        ) WITHOUT ROWID;
        -- The journal: append-only, each line with the hash of the one before.
        CREATE TABLE drill_event (
            drill TEXT NOT NULL,
            ordinal INTEGER NOT NULL,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL,
            previous_hash BLOB NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (drill, ordinal)
        ) WITHOUT ROWID;
        CREATE TRIGGER drill_event_in_order BEFORE INSERT ON drill_event
            WHEN NEW.ordinal <> 1 + (SELECT coalesce(max(ordinal), 0) FROM drill_event WHERE drill = NEW.drill)
            BEGIN SELECT raise(ABORT, 'a drill''s journal has one line after the other'); END;
        CREATE TRIGGER drill_event_unchanged BEFORE UPDATE ON drill_event
            BEGIN SELECT raise(ABORT, 'a drill''s journal is never changed'); END;
        CREATE TRIGGER drill_event_kept BEFORE DELETE ON drill_event
            BEGIN SELECT raise(ABORT, 'a drill''s journal is never deleted'); END;
        CREATE TABLE drill_paper (
            drill TEXT NOT NULL,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (drill, name)
        ) WITHOUT ROWID;

        """

    static func upsert(_ drill: DrillRow, in db: Database) throws {
        let sql = """
            INSERT INTO drill (id, started, ended, title, state, body) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET started = excluded.started, ended = excluded.ended, title = excluded.title,
                state = excluded.state, body = excluded.body
            """
        try db.execute(
            sql: sql,
            arguments: [drill.id, drill.started, drill.ended, drill.title, drill.state, drill.body]
        )
    }

    static func insert(_ event: DrillEvent, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO drill_event VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                event.drill, event.ordinal, event.at, event.kind, event.body, event.previousHash.asData,
                event.hash.asData,
            ]
        )
    }

    static func drills(_ db: Database, _ rest: String, _ arguments: StatementArguments) throws -> [DrillRow] {
        let sql = "SELECT id, started, ended, title, state, body FROM drill \(rest)"
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map {
            DrillRow(id: $0[0], started: $0[1], ended: $0[2], title: $0[3], state: $0[4], body: $0[5])
        }
    }

    static func events(_ db: Database, _ rest: String, _ arguments: StatementArguments) throws -> [DrillEvent] {
        let sql = "SELECT drill, ordinal, at, kind, body, previous_hash, hash FROM drill_event \(rest)"
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map {
            DrillEvent(
                drill: $0[0],
                ordinal: $0[1],
                at: $0[2],
                kind: $0[3],
                body: $0[4],
                previousHash: Array($0[5] as Data),
                hash: Array($0[6] as Data)
            )
        }
    }
}
