import GRDB
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An answer that may be given again.
package struct CacheEntry: Sendable, Equatable {
    /// Hash of everything that the answer depends on.
    package var key: [UInt8]
    /// Checked at every read: two tenants never share an entry.
    package var tenant: String
    package var feature: String
    package var group = ""
    /// Who answered.
    package var deployment = ""
    package var provider = ""
    /// UTC milliseconds.
    package var created: Int64
    /// Milliseconds for which it is fresh; whether it may be given later is the reader's choice.
    package var ttl: Int64
    package var status = 200
    /// JSON, of the reader's choice.
    package var headers = "{}"
    package var body: [UInt8]
    /// What the answer cost in nano-dollars, and how long it took, for what a hit saves.
    package var cost: Int64?
    package var latencyMicros: Int64?
    /// Times that it was given again, as of when it was last read from the file.
    package var hits = 0

    package init(key: [UInt8], tenant: String, feature: String, created: Int64, ttl: Int64, body: [UInt8]) {
        self.key = key
        self.tenant = tenant
        self.feature = feature
        self.created = created
        self.ttl = ttl
        self.body = body
    }

    /// Bytes that it counts for.
    package var size: Int { body.count + headers.utf8.count + 200 }
}

/// What is in the cache.
package struct CacheStats: Sendable, Equatable {
    package var entries = 0
    package var bytes = 0
    package let tenant: String
    package let feature: String
}

extension Ledger {
    /// Stores an answer, or replaces it: there at once for this process, in the file after the next batch.
    package func store(_ entry: CacheEntry) {
        wakeAfter { $0.store(entry) }
        recent.withLock { $0.put(entry) }
    }

    /// The answer of that key, if it is the tenant's, fresh or not; nil too where the file can't be read.
    ///
    /// A hit is noted (`hits`, and when it was last used) after the next batch. Takes tens of microseconds.
    package func cached(_ key: [UInt8], tenant: String, now: Int64) -> CacheEntry? {
        if recent.withLock({ $0.isToLook(now) }) {
            let mark = try? database.unsafeRead { db in try CacheTable.purgeMark(db) }
            if let mark { recent.withLock { $0.note(mark: mark) } }
        }
        guard let found = answer(key), found.tenant == tenant else { return nil }
        add(.touch(key: key, at: now))
        return found
    }

    private func answer(_ key: [UInt8]) -> CacheEntry? {
        let (known, purges) = recent.withLock { ($0.find(key), $0.purges) }
        if let known { return known }
        let waiting = backlog.withLock { $0.answer(key) }
        // One statement needs no transaction around it.
        let found = waiting ?? (try? database.unsafeRead { db in try CacheTable.entry(key, in: db) })
        if let found { recent.withLock { $0.keep(found, purges: purges) } }
        return found
    }

    /// Entries and bytes by tenant and feature.
    package func cacheStats() throws(LedgerError) -> [CacheStats] {
        try read { db in
            let sql = """
                SELECT tenant, feature, count(*), sum(size) FROM cache_entry INDEXED BY cache_entry_owner
                GROUP BY tenant, feature ORDER BY tenant, feature
                """
            return try Row.fetchAll(db, sql: sql).map {
                CacheStats(entries: $0[2], bytes: $0[3], tenant: $0[0], feature: $0[1])
            }
        }
    }

    /// Deletes entries of a tenant, a feature, or both, of everyone with neither; returns how many the file had.
    ///
    /// Another program that has the file open gives none of them any more a second later.
    @discardableResult
    package func purgeCache(tenant: String? = nil, feature: String? = nil) throws(LedgerError) -> Int {
        backlog.withLock {
            $0.dropAnswers { ($0.tenant == tenant || tenant == nil) && ($0.feature == feature || feature == nil) }
        }
        defer { recent.withLock { $0.removeAll() } }
        // Only what was named: an index serves no condition that may hold of everything.
        let conditions = [("tenant = ?", tenant), ("feature = ?", feature)].filter { $0.1 != nil }
        let count = try deleteInParts(
            "cache_entry",
            where: conditions.isEmpty ? "TRUE" : conditions.map(\.0).joined(separator: " AND "),
            arguments: StatementArguments(conditions.map(\.1))
        )
        try write { db in try CacheTable.notePurge(db) }
        return count
    }

    /// Deletes what was stored before a time, then the least lately used until the rest fits; returns how many went.
    ///
    /// To be called now and then: between two calls the cache may grow beyond its size.
    @discardableResult
    package func trimCache(toBytes most: Int, olderThan time: Int64 = 0) throws(LedgerError) -> Int {
        var gone = try deleteInParts("cache_entry", where: "created < ?1", arguments: [time])
        defer { if gone > 0 { recent.withLock { $0.removeAll() } } }
        var excess = try read { try CacheTable.size($0) } - most
        while excess > 0 {
            let freed = try transaction { db in
                let least = try Row.fetchAll(db, sql: "SELECT id, size FROM cache_entry ORDER BY used LIMIT 500")
                var freed = 0
                for row in least where freed < excess {
                    try db.execute(sql: "DELETE FROM cache_entry WHERE id = ?", arguments: [row["id"] as Int64])
                    freed += row["size"]
                    gone += 1
                }
                return freed
            }
            guard freed > 0 else { break }
            excess -= freed
        }
        return gone
    }
}

enum CacheTable {
    static let sql = """
        -- Answers that may be given again; times in milliseconds.
        CREATE TABLE cache_entry (
            id INTEGER PRIMARY KEY,
            key BLOB NOT NULL UNIQUE,
            tenant TEXT NOT NULL,
            feature TEXT NOT NULL,
            grp TEXT NOT NULL,
            deployment TEXT NOT NULL,
            provider TEXT NOT NULL,
            created INTEGER NOT NULL,
            ttl INTEGER NOT NULL,
            used INTEGER NOT NULL,
            hits INTEGER NOT NULL,
            size INTEGER NOT NULL,
            cost_nano INTEGER,
            latency_us INTEGER,
            status INTEGER NOT NULL,
            headers TEXT NOT NULL,
            body BLOB NOT NULL
        );
        -- The bodies make the table large: what is asked of all entries is in these.
        CREATE INDEX cache_entry_used ON cache_entry (used, size);
        CREATE INDEX cache_entry_created ON cache_entry (created);
        CREATE INDEX cache_entry_owner ON cache_entry (tenant, feature, size);

        """

    static func upsert(_ entry: CacheEntry, in db: Database) throws {
        let columns = [
            "key", "tenant", "feature", "grp", "deployment", "provider", "created", "ttl", "used", "hits", "size",
            "cost_nano", "latency_us", "status", "headers", "body",
        ]
        let sql = """
            INSERT INTO cache_entry (\(columns.joined(separator: ", ")))
            VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
            ON CONFLICT (key) DO UPDATE SET \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            """
        try db.cachedStatement(sql: sql)
            .execute(
                arguments: [
                    entry.key.asData, entry.tenant, entry.feature, entry.group, entry.deployment, entry.provider,
                    entry.created, entry.ttl, entry.created, entry.hits, entry.size, entry.cost, entry.latencyMicros,
                    entry.status, entry.headers, entry.body.asData,
                ]
            )
    }

    static func entry(_ key: [UInt8], in db: Database) throws -> CacheEntry? {
        // By position: names are looked up anew in every row.
        let statement = try db.cachedStatement(
            sql: """
                SELECT tenant, feature, created, ttl, body, grp, deployment, provider, status, headers, cost_nano,
                    latency_us, hits
                FROM cache_entry WHERE key = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [key.asData]) else { return nil }
        var entry = CacheEntry(
            key: key,
            tenant: row[0],
            feature: row[1],
            created: row[2],
            ttl: row[3],
            body: Array(row[4] as Data)
        )
        entry.group = row[5]
        entry.deployment = row[6]
        entry.provider = row[7]
        entry.status = row[8]
        entry.headers = row[9]
        entry.cost = row[10]
        entry.latencyMicros = row[11]
        entry.hits = row[12]
        return entry
    }

    static func touch(_ key: [UInt8], hits: Int, at: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE cache_entry SET hits = hits + ?, used = ? WHERE key = ?")
            .execute(arguments: [hits, at, key.asData])
    }

    /// Another one after each purge, for other programs that have answers in memory; empty before the first.
    static func purgeMark(_ db: Database) throws -> String {
        let statement = try db.cachedStatement(sql: "SELECT value FROM setting WHERE key = 'cache_purges'")
        return try String.fetchOne(statement) ?? ""
    }

    static func notePurge(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO setting VALUES ('cache_purges', '1') ON CONFLICT DO UPDATE SET value = value + 1
                """
        )
    }

    static func size(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT coalesce(sum(size), 0) FROM cache_entry INDEXED BY cache_entry_used") ?? 0
    }
}
