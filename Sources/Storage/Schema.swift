import GRDB
import SLO

/// The tables of the ledger, and how a file of an earlier version becomes one of this version.
///
/// Times of rows are UTC milliseconds (`at`), those of rollups UTC seconds (`start`, aligned to their minute, hour or day);
/// money is nano-dollars. Names stand once, in `series`; the view `request` puts them beside each row again.
enum Schema {
    /// `NINE` in the file's header, so that nobody's address book is mistaken for a ledger.
    static let applicationID = 0x4E49_4E45
    /// One per feature, in the order in which they came; what is released is never changed.
    private static let steps: [(name: String, run: @Sendable (Database) throws -> Void)] = [
        (
            "1: requests, rollups, settings, events",
            { db in
                try db.execute(sql: names + rows + Grain.allCases.map(rollup).joined() + rest)
                try fillBuckets(db)
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            }
        ),
        ("2: sums by tenant, feature, group, provider", { db in try db.execute(sql: Sums.migration) }),
        ("3: alerts", { db in try db.execute(sql: AlertTables.sql) }),
        ("4: maintenance", { db in try db.execute(sql: MaintenanceTable.sql) }),
        ("5: outbox", { db in try db.execute(sql: OutboxTables.sql) }),
        ("6: reservations", { db in try db.execute(sql: reservations) }),
        ("7: runs and gaps", { db in try db.execute(sql: RunTables.sql) }),
        ("8: response cache", { db in try db.execute(sql: CacheTable.sql) }),
        ("9: drills", { db in try db.execute(sql: DrillTables.sql) }),
        ("10: deferred requests", { db in try db.execute(sql: DeferredTable.sql) }),
        ("11: views", { db in try Views.replace(db) }),
        (
            "12: why the cache was not used",
            { db in
                try db.execute(sql: "ALTER TABLE request_row ADD COLUMN cache_why TEXT")
                try Views.replace(db)
            }
        ),
        ("13: when deferred answers were fetched", { db in try db.execute(sql: DeferredTable.addFetched) }),
    ]
    static let version = steps.count

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, step) in steps.enumerated() {
            // No step breaks a reference; looking for some would take long in a file of years.
            migrator.registerMigration(step.name, foreignKeyChecks: .immediate) { db in
                try step.run(db)
                try db.execute(sql: "PRAGMA user_version = \(index + 1)")
            }
        }
        return migrator
    }

    /// Throws unless the file is empty or a ledger that this version understands; changes nothing.
    static func check(_ db: Database, path: String) throws {
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard tables > 0 else { return }
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
        guard application == applicationID else {
            throw LedgerError(.foreign, path: path, detail: "application_id \(application ?? 0)")
        }
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let isSuperseded = try migrator.hasBeenSuperseded(db)
        guard found <= version, !isSuperseded else {
            throw LedgerError(.newer, path: path, detail: "schema \(found), this one knows \(version)")
        }
    }

    private static let names = """
        -- Whose traffic a rollup row counts. Empty text: no such thing, or not told apart.
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            -- 'total': all requests of one traffic class, so that a headline reads one series and not thousands.
            -- 'request': requests by everything below. 'attempt': attempts at one deployment.
            -- The three count the same events: never add them up.
            scope TEXT NOT NULL,
            traffic TEXT NOT NULL,       -- live, probe, drill; only live counts for the objectives
            mode TEXT NOT NULL,          -- routed, bypass
            tenant TEXT NOT NULL,
            feature TEXT NOT NULL,
            grp TEXT NOT NULL,           -- model group
            deployment TEXT NOT NULL,    -- who answered
            provider TEXT NOT NULL,
            UNIQUE (scope, traffic, mode, tenant, feature, grp, deployment, provider)
        );

        """

    private static let rows = """
        -- One row a client request; read it through the view `request`.
        CREATE TABLE request_row (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            at INTEGER NOT NULL,
            series INTEGER NOT NULL REFERENCES series (id),
            format TEXT NOT NULL,
            stream INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            failed_over INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            status INTEGER NOT NULL,
            valid INTEGER NOT NULL,
            good INTEGER NOT NULL,
            first_token_us INTEGER,
            total_us INTEGER NOT NULL,
            latency_us INTEGER,
            tokens_in INTEGER,
            tokens_out INTEGER,
            tokens_cache_read INTEGER,
            tokens_cache_write INTEGER,
            cost_nano INTEGER,
            cost_is_estimated INTEGER NOT NULL,
            cache TEXT NOT NULL,
            degraded TEXT,
            drill TEXT,
            error TEXT
        );
        CREATE INDEX request_row_at ON request_row (at);

        -- Every attempt of a request whose first attempt was not a plain success; read it through the view `attempt`.
        CREATE TABLE attempt_row (
            request INTEGER NOT NULL REFERENCES request_row (number) ON DELETE CASCADE,
            ordinal INTEGER NOT NULL,
            deployment TEXT NOT NULL,
            provider TEXT NOT NULL,
            status INTEGER,
            failure TEXT,
            start_us INTEGER NOT NULL,
            first_token_us INTEGER,
            total_us INTEGER NOT NULL,
            detail TEXT,
            why TEXT NOT NULL,
            PRIMARY KEY (request, ordinal)
        ) WITHOUT ROWID;

        """

    /// Series come first in the keys: a window of one series is one range, however many others there are.
    private static func rollup(_ grain: Grain) -> String {
        """
        -- Events a \(grain) and series; hours and days repeat what the minutes hold, summed.
        CREATE TABLE \(grain.counts) (
            series INTEGER NOT NULL REFERENCES series (id),
            start INTEGER NOT NULL,
            \(CountColumn.all.prefix(CountColumn.first).map { "\($0.name) INTEGER NOT NULL" }.joined(separator: ",\n    ")),
            PRIMARY KEY (series, start)
        ) WITHOUT ROWID;
        -- Latency samples a \(grain), series and bucket of `latency_bucket`.
        CREATE TABLE \(grain.latencies) (
            series INTEGER NOT NULL REFERENCES series (id),
            start INTEGER NOT NULL,
            bucket INTEGER NOT NULL,
            n INTEGER NOT NULL,
            PRIMARY KEY (series, start, bucket)
        ) WITHOUT ROWID;

        """
    }

    private static let rest = """
        -- What a bucket number means: all latencies in it are within 1 % of `us`, in microseconds.
        CREATE TABLE latency_bucket (bucket INTEGER PRIMARY KEY, us REAL NOT NULL);
        -- The promise as of the last start.
        CREATE TABLE objective (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        -- What outlives a restart, such as the bypass.
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
        CREATE INDEX event_at ON event (at);

        """

    /// Nothing is written here: the sums of money set aside are in memory.
    private static let reservations = """
        CREATE TABLE spend_reservation (
            request TEXT NOT NULL,
            cap TEXT NOT NULL,
            period INTEGER NOT NULL,
            amount_nano INTEGER NOT NULL,
            run TEXT NOT NULL,
            PRIMARY KEY (request, cap)
        ) WITHOUT ROWID;
        CREATE INDEX spend_reservation_cap ON spend_reservation (cap, period);

        """

    private static func fillBuckets(_ db: Database) throws {
        var insert = try RowStatement(db, sql: "INSERT INTO latency_bucket VALUES (?, ?)")
        for bucket in 0...LatencyHistogram.lastBucket {
            insert.start()
            try insert.bind(bucket)
            try insert.bind(LatencyHistogram.microseconds(bucket: bucket))
            try insert.execute()
        }
    }
}
