import GRDB

/// Something that happened to an alert.
package struct AlertEvent: Sendable, Equatable {
    /// UTC milliseconds.
    package var at: Int64
    /// Which alert: the key of its state.
    package var key: String
    /// `fired`, `resolved`, `acknowledged`, `muted`: a word of the alerts'.
    package var kind: String
    /// `page`, `ticket`, `info`.
    package var severity: String
    /// One line; never a prompt.
    package var text: String
    /// JSON: rule, value, threshold, sample size.
    package var body: String

    package init(at: Int64, key: String, kind: String, severity: String, text: String, body: String = "{}") {
        self.at = at
        self.key = key
        self.kind = kind
        self.severity = severity
        self.text = text
        self.body = body
    }
}

extension Ledger {
    /// Writes what became of alerts: a state (JSON; nil removes it), what happened, and whom to tell, all or nothing.
    ///
    /// Synced: an alert that was sent is not sent again after a power cut.
    package func saveAlert(
        key: String,
        state: String?,
        events: [AlertEvent] = [],
        outbox: [OutboxItem] = []
    ) throws(LedgerError) {
        try syncedTransaction { db in
            if let state {
                let sql =
                    "INSERT INTO alert_state (key, state) VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state"
                try db.execute(sql: sql, arguments: [key, state])
            } else {
                try db.execute(sql: "DELETE FROM alert_state WHERE key = ?", arguments: [key])
            }
            for event in events {
                try db.execute(
                    sql: "INSERT INTO alert_event (at, key, kind, severity, text, body) VALUES (?, ?, ?, ?, ?, ?)",
                    arguments: [event.at, event.key, event.kind, event.severity, event.text, event.body]
                )
            }
            for item in outbox { try OutboxTables.insert(item, in: db) }
            for sink in Set(outbox.map(\.sink)) { try OutboxTables.bound(sink, in: db) }
        }
    }

    /// The state of every alert that has one, by key.
    package func alertStates() throws(LedgerError) -> [String: String] {
        try read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT key, state FROM alert_state")
            return Dictionary(rows.map { ($0[0], $0[1]) }) { $1 }
        }
    }

    /// The last events, newest first; of one alert where one is named, since a UTC millisecond where one is given.
    package func alertEvents(
        key: String? = nil,
        since: Int64 = 0,
        limit: Int = 100
    ) throws(LedgerError) -> [AlertEvent] {
        try read { db in
            let sql = """
                SELECT at, key, kind, severity, text, body FROM alert_event WHERE (?1 IS NULL OR key = ?1) AND at >= ?2
                ORDER BY at DESC, id DESC LIMIT ?3
                """
            return try Row.fetchAll(db, sql: sql, arguments: [key, since, limit]).map {
                AlertEvent(at: $0[0], key: $0[1], kind: $0[2], severity: $0[3], text: $0[4], body: $0[5])
            }
        }
    }
}

enum AlertTables {
    static let sql = """
        -- Where each alert stands, as JSON.
        CREATE TABLE alert_state (key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
        -- What happened to alerts.
        CREATE TABLE alert_event (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            key TEXT NOT NULL,
            kind TEXT NOT NULL,
            severity TEXT NOT NULL,
            text TEXT NOT NULL,
            body TEXT NOT NULL
        );
        CREATE INDEX alert_event_at ON alert_event (at);

        """
}
