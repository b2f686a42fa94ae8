import GRDB

/// Something small that is written with the next batch.
enum Errand: Sendable {
    case event(EventRecord)
    case outbox(OutboxItem)
    case store(CacheEntry, serial: Int)
    case touch(key: [UInt8], at: Int64)
    case fetched(id: String, at: Int64)

    /// Writes them in order; the caller opens and ends the transaction.
    static func write(_ errands: [Self], to db: Database) throws {
        var touched: [[UInt8]: (hits: Int, at: Int64)] = [:]
        var sinks: Set<String> = []
        for errand in errands {
            switch errand {
            case .event(let event):
                try db.cachedStatement(sql: "INSERT INTO event (at, kind, text) VALUES (?, ?, ?)")
                    .execute(arguments: [event.at, event.kind, event.text])
            case .outbox(let item):
                try OutboxTables.insert(item, in: db)
                sinks.insert(item.sink)
            case .store(let entry, _): try CacheTable.upsert(entry, in: db)
            case .fetched(let id, let at): try DeferredTable.fetched(id, at: at, in: db)
            case .touch(let key, let at): touched[key, default: (0, at)] = (touched[key, default: (0, at)].hits + 1, at)
            }
        }
        for sink in sinks { try OutboxTables.bound(sink, in: db) }
        for (key, use) in touched { try CacheTable.touch(key, hits: use.hits, at: use.at, in: db) }
    }
}
