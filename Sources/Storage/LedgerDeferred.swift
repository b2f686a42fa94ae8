import GRDB

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A request that was accepted while no provider could be reached, and its answer once there is one.
package struct DeferredRequest: Sendable, Equatable {
    package enum State: String, Sendable {
        case waiting, done, failed, cancelled
    }

    package var id: String
    package var tenant: String
    package var feature: String
    /// When it was accepted, and until when it or its answer is kept: UTC milliseconds.
    package var at: Int64
    package var expires: Int64
    package var path: String
    /// JSON, free of keys.
    package var headers: String
    package var body: [UInt8]
    package var state = State.waiting
    package var attempts = 0
    /// Of the answer; nil before there is one.
    package var answerStatus: Int?
    package var answerHeaders: String?
    package var answer: [UInt8]?
    /// When the answer was fetched for the first time, in UTC milliseconds; nil before.
    package var fetched: Int64?

    package init(
        id: String,
        tenant: String,
        feature: String,
        at: Int64,
        expires: Int64,
        path: String,
        headers: String = "{}",
        body: [UInt8]
    ) {
        self.id = id
        self.tenant = tenant
        self.feature = feature
        self.at = at
        self.expires = expires
        self.path = path
        self.headers = headers
        self.body = body
    }
}

extension Ledger {
    /// Keeps a request, synced, since the client is told that it was accepted; false where `most` wait already, or
    /// `mostOfTenant` of its tenant's.
    package func deferRequest(
        _ request: DeferredRequest,
        most: Int = 1_000,
        mostOfTenant: Int = .max
    ) throws(LedgerError) -> Bool {
        try syncedTransaction { db in
            let sql = """
                SELECT count(*), coalesce(sum(tenant = ?), 0) FROM deferred_request
                WHERE state = 'waiting' AND expires > ?
                """
            guard let waiting = try Row.fetchOne(db, sql: sql, arguments: [request.tenant, request.at]),
                waiting[0] < most, waiting[1] < mostOfTenant
            else { return false }
            try db.execute(
                sql: """
                    INSERT INTO deferred_request (id, tenant, feature, at, expires, path, headers, body, state)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')
                    """,
                arguments: [
                    request.id, request.tenant, request.feature, request.at, request.expires, request.path,
                    request.headers, request.body.asData,
                ]
            )
            return true
        }
    }

    /// The oldest requests that wait and are due, and counts the try; they are due again when the lease ends.
    package func takeDeferred(
        now: Int64,
        for time: Duration = .seconds(120),
        limit: Int = 10
    ) throws(LedgerError) -> [DeferredRequest] {
        try transaction { db in
            let due = try DeferredTable.requests(
                db,
                "WHERE state = 'waiting' AND expires > ?1 AND (next_at <= ?1 OR next_at > ?1 + ?2) ORDER BY at, id LIMIT ?3",
                [now, OutboxTables.longestWait, limit]
            )
            for request in due {
                try db.execute(
                    sql: "UPDATE deferred_request SET attempts = attempts + 1, next_at = ? WHERE id = ?",
                    arguments: [now + min(time.milliseconds, OutboxTables.longestWait), request.id]
                )
            }
            return due
        }
    }

    /// Ends a request that still waits, with its answer, which is kept until `expires` (UTC milliseconds; nil: as long as
    /// the request would have been); false where it was cancelled meanwhile.
    @discardableResult
    package func finishDeferred(
        id: String,
        failed: Bool = false,
        status: Int,
        headers: String,
        body: [UInt8],
        expires: Int64? = nil
    ) throws(LedgerError) -> Bool {
        try syncedTransaction { db in
            try db.execute(
                sql: """
                    UPDATE deferred_request SET state = ?, answer_status = ?, answer_headers = ?, answer = ?,
                        expires = coalesce(?, expires)
                    WHERE id = ? AND state = 'waiting'
                    """,
                arguments: [failed ? "failed" : "done", status, headers, body.asData, expires, id]
            )
            return db.changesCount > 0
        }
    }

    /// Notes, with the next batch, that the answer was fetched; the first time counts.
    package func noteFetched(id: String, at time: Int64) { add(.fetched(id: id, at: time)) }

    /// Makes a request due at a time, at most two hours from now.
    package func retryDeferred(id: String, at time: Int64, now: Int64) throws(LedgerError) {
        try transaction { db in
            let sql = "UPDATE deferred_request SET next_at = ? WHERE id = ?"
            try db.execute(sql: sql, arguments: [min(time, now + OutboxTables.longestWait), id])
        }
    }

    /// Cancels a request that still waits, if it is the tenant's, or with nil anybody's; false where there is none.
    package func cancelDeferred(id: String, tenant: String? = nil) throws(LedgerError) -> Bool {
        try syncedTransaction { db in
            let sql =
                "UPDATE deferred_request SET state = 'cancelled' WHERE id = ?1 AND (?2 IS NULL OR tenant = ?2) AND state = 'waiting'"
            try db.execute(sql: sql, arguments: [id, tenant])
            return db.changesCount > 0
        }
    }

    /// A tenant's request of that id, or with nil anybody's; nil where there is none, or another's.
    package func deferred(id: String, tenant: String?) throws(LedgerError) -> DeferredRequest? {
        try read { db in
            try DeferredTable.requests(db, "WHERE id = ?1 AND (?2 IS NULL OR tenant = ?2)", [id, tenant]).first
        }
    }

    /// Requests in a state, oldest first, without their bodies and answers, which may be large.
    package func deferred(
        _ state: DeferredRequest.State = .waiting,
        limit: Int = 100
    ) throws(LedgerError) -> [DeferredRequest] {
        try read { db in
            try DeferredTable.requests(
                db,
                "WHERE state = ?1 ORDER BY at, id LIMIT ?2",
                [state.rawValue, limit],
                columns: """
                    id, tenant, feature, at, expires, path, headers, x'' AS body, ?1 AS state, attempts,
                    NULL AS answer_status, NULL AS answer_headers, NULL AS answer, fetched_at
                    """
            )
        }
    }

    /// How many wait, and when the oldest of them was accepted.
    package func waitingDeferred() throws(LedgerError) -> (count: Int, oldest: Int64?) {
        try read { db in
            let sql = "SELECT count(*), min(at) FROM deferred_request WHERE state = 'waiting'"
            guard let row = try Row.fetchOne(db, sql: sql) else { return (0, nil) }
            return (row[0], row[1])
        }
    }
}

enum DeferredTable {
    static let sql = """
        -- Requests accepted while no provider could be reached, and their answers.
        CREATE TABLE deferred_request (
            id TEXT PRIMARY KEY,
            tenant TEXT NOT NULL,
            feature TEXT NOT NULL,
            at INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            path TEXT NOT NULL,
            headers TEXT NOT NULL,
            body BLOB NOT NULL,
            state TEXT NOT NULL,         -- waiting, done, failed, cancelled
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL DEFAULT 0,
            answer_status INTEGER,
            answer_headers TEXT,
            answer BLOB
        );
        CREATE INDEX deferred_request_state ON deferred_request (state, at);

        """

    static let addFetched = "ALTER TABLE deferred_request ADD COLUMN fetched_at INTEGER"

    static func fetched(_ id: String, at time: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE deferred_request SET fetched_at = ? WHERE id = ? AND fetched_at IS NULL")
            .execute(arguments: [time, id])
    }

    static func requests(
        _ db: Database,
        _ rest: String,
        _ arguments: StatementArguments,
        columns: String = "*"
    ) throws -> [DeferredRequest] {
        try Row.fetchAll(db, sql: "SELECT \(columns) FROM deferred_request \(rest)", arguments: arguments).map { row in
            var request = DeferredRequest(
                id: row["id"],
                tenant: row["tenant"],
                feature: row["feature"],
                at: row["at"],
                expires: row["expires"],
                path: row["path"],
                headers: row["headers"],
                body: Array(row["body"] as Data)
            )
            request.state = DeferredRequest.State(rawValue: row["state"]) ?? .failed
            request.attempts = row["attempts"]
            request.answerStatus = row["answer_status"]
            request.answerHeaders = row["answer_headers"]
            request.answer = (row["answer"] as Data?).map(Array.init)
            request.fetched = row["fetched_at"]
            return request
        }
    }
}
