import GRDB

/// A time in which Nines could measure nothing: neither good nor bad.
package struct Gap: Sendable, Equatable {
    package enum Reason: String, Sendable {
        /// It was stopped in order.
        case stopped
        /// It died: a crash, `kill -9`, a power cut.
        case died
        /// The machine slept, or the program was suspended.
        case asleep
    }

    /// UTC milliseconds; `until` is later.
    package let since: Int64
    package let until: Int64
    package let why: Reason
}

/// One start of the program.
package struct Run: Sendable, Equatable {
    package let id: String
    /// Of the program; a demo's ends with `demoMark`.
    package let version: String
    package let started: Int64
    /// When it was last seen alive, within the beat's interval.
    package let lastBeat: Int64
    /// When it was stopped in order; nil while it runs, and when it died.
    package let stopped: Int64?

    package static let demoMark = " demo"
    package var isDemo: Bool { version.hasSuffix(Self.demoMark) }
}

/// Gaps are found by a beat that is missed: call `beat` every some seconds.
extension Ledger {
    /// Shorter silences are no gaps.
    package static let shortestGap = Duration.seconds(90)

    /// Notes a start, and returns the gap before it.
    ///
    /// For the one process that serves: not for commands that only read. A clock set back since makes no gap.
    @discardableResult
    package func beginRun(id: String, version: String, now: Int64) throws(LedgerError) -> Gap? {
        try transaction { db in
            let last = try Row.fetchOne(db, sql: "SELECT beat, stopped FROM run ORDER BY number DESC LIMIT 1")
            let sql = "INSERT INTO run (id, version, started, beat) VALUES (?, ?, ?, ?)"
            try db.execute(sql: sql, arguments: [id, version, now, now])
            try db.execute(sql: "DELETE FROM run WHERE number <= (SELECT max(number) FROM run) - 1000")
            guard let last else { return nil }
            let stopped: Int64? = last["stopped"]
            return try Self.note(since: stopped ?? last["beat"], until: now, stopped == nil ? .died : .stopped, in: db)
        }
    }

    /// Notes that the run is alive; returns the gap since its last beat when the machine slept.
    @discardableResult
    package func beat(run: String, now: Int64) throws(LedgerError) -> Gap? {
        try transaction { db in
            let last = try Int64.fetchOne(db, sql: "SELECT beat FROM run WHERE id = ?", arguments: [run])
            try db.execute(sql: "UPDATE run SET beat = ? WHERE id = ?", arguments: [now, run])
            return try last.flatMap { try Self.note(since: $0, until: now, .asleep, in: db) }
        }
    }

    /// Notes an orderly stop.
    package func endRun(id: String, now: Int64) throws(LedgerError) {
        try transaction { db in
            try db.execute(sql: "UPDATE run SET beat = ?, stopped = ? WHERE id = ?", arguments: [now, now, id])
        }
    }

    /// The last run; nil in a new file.
    package func lastRun() throws(LedgerError) -> Run? {
        try read { db in
            let sql = "SELECT id, version, started, beat, stopped FROM run ORDER BY number DESC LIMIT 1"
            return try Row.fetchOne(db, sql: sql)
                .map { Run(id: $0[0], version: $0[1], started: $0[2], lastBeat: $0[3], stopped: $0[4]) }
        }
    }

    /// Gaps that reach into a time, oldest first.
    package func gaps(from: Int64, to: Int64) throws(LedgerError) -> [Gap] {
        try read { db in
            let sql = "SELECT since, until, why FROM gap WHERE until > ? AND since < ? ORDER BY since"
            return try Row.fetchAll(db, sql: sql, arguments: [from, to]).map {
                Gap(since: $0[0], until: $0[1], why: Gap.Reason(rawValue: $0[2]) ?? .died)
            }
        }
    }

    private static func note(since: Int64, until: Int64, _ why: Gap.Reason, in db: Database) throws -> Gap? {
        guard until - since >= shortestGap.milliseconds else { return nil }
        let sql = "INSERT INTO gap (since, until, why) VALUES (?, ?, ?)"
        try db.execute(sql: sql, arguments: [since, until, why.rawValue])
        return Gap(since: since, until: until, why: why)
    }
}

enum RunTables {
    static let sql = """
        -- Starts of the program; `beat` is when each was last seen alive.
        CREATE TABLE run (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            version TEXT NOT NULL,
            started INTEGER NOT NULL,
            beat INTEGER NOT NULL,
            stopped INTEGER
        );
        -- Times in which nothing could be measured: neither failures nor success.
        CREATE TABLE gap (id INTEGER PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL, why TEXT NOT NULL);
        CREATE INDEX gap_until ON gap (until);

        """
}
