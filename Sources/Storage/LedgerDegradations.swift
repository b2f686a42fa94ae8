import GRDB

/// How many requests of a feature got the same treatment within one hour.
package struct Degradation: Sendable, Equatable {
    package let feature: String
    /// As in `RequestRecord.degraded`, or `rejected` alone for what a cap refused.
    package let degraded: [String]
    /// Its start: UTC milliseconds.
    package let hour: Int64
    package let requests: Int
}

extension Ledger {
    /// How the `error` of a request begins that a cap refused.
    package static let capped = "capped: "

    /// What was degraded, or refused by a cap, from one UTC millisecond up to, not including, another.
    ///
    /// Reads request rows, some hundred thousand a second: not for every look at a screen.
    package func degradations(from: Int64, to: Int64) throws(LedgerError) -> [Degradation] {
        try read { db in
            let sql = """
                SELECT s.feature, coalesce(r.degraded, 'rejected') AS what, r.at / 3600000 AS hour, count(*)
                FROM request_row AS r JOIN series AS s ON s.id = r.series
                WHERE r.at >= ? AND r.at < ?
                    AND (r.degraded IS NOT NULL OR r.outcome = 'rejected' AND substr(r.error, 1, 8) = ?)
                GROUP BY s.feature, what, hour ORDER BY s.feature, what, hour
                """
            return try Row.fetchAll(db, sql: sql, arguments: [from, to, Self.capped]).map {
                let words: String = $0[1]
                let hour: Int64 = $0[2]
                return Degradation(
                    feature: $0[0],
                    degraded: words.split(separator: ",").map(String.init),
                    hour: hour * 3_600_000,
                    requests: $0[3]
                )
            }
        }
    }
}
