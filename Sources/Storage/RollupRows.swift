import GRDB

extension Rollup {
    /// Adds its counts to the rows of a grain, in the order of their keys: neighbours stand on one page.
    func upsert(_ grain: Grain, in db: Database) throws {
        var rows = try RowStatement(db, sql: Self.upsertCounts[grain, default: ""])
        for slot in counts.keys.sorted(by: { ($0.series, $0.start) < ($1.series, $1.start) }) {
            guard let events = counts[slot] else { continue }
            rows.start()
            try rows.bind(slot.series)
            try rows.bind(slot.start)
            for column in CountColumn.all { try rows.bind(events[keyPath: column.path]) }
            try rows.execute()
        }
        var buckets = try RowStatement(db, sql: Self.upsertLatency[grain, default: ""])
        let sorted = latencies.sorted { left, right in
            let (a, b) = (left.key, right.key)
            return (a.slot.series, a.slot.start, a.bucket) < (b.slot.series, b.slot.start, b.bucket)
        }
        for (place, count) in sorted {
            buckets.start()
            try buckets.bind(place.slot.series)
            try buckets.bind(place.slot.start)
            try buckets.bind(place.bucket)
            try buckets.bind(count)
            try buckets.execute()
        }
    }

    private static let upsertCounts = Dictionary(
        uniqueKeysWithValues: Grain.allCases.map { grain in
            let names = CountColumn.all.map(\.name)
            let sql = """
                INSERT INTO \(grain.counts) (series, start, \(names.joined(separator: ", ")))
                VALUES (?, ?, \(names.map { _ in "?" }.joined(separator: ", ")))
                ON CONFLICT (series, start) DO UPDATE SET \(names.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
                """
            return (grain, sql)
        }
    )

    private static let upsertLatency = Dictionary(
        uniqueKeysWithValues: Grain.allCases.map { grain in
            let sql = """
                INSERT INTO \(grain.latencies) (series, start, bucket, n) VALUES (?, ?, ?, ?)
                ON CONFLICT (series, start, bucket) DO UPDATE SET n = n + excluded.n
                """
            return (grain, sql)
        }
    )
}
