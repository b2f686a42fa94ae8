/// How an auditor's tool reads each indicator from the ledger: one SQL statement with one number each.
///
/// Counts only rise while days are kept (`Retention.days`); all are of live traffic.
package enum ObjectiveQueries {
    /// Requests that count, and those of them served as promised.
    package static let valid = sum("valid")
    package static let good = sum("good")
    /// Latency samples, and those of them within the target.
    package static let timed = sum("latency_n")
    package static let fast = sum("latency_fast")
    /// Mean cost of a request over the last 30 days, in dollars.
    package static let meanCost = "SELECT cost_nano_per_request / 1e9 FROM sli_30d"

    private static func sum(_ column: String) -> String {
        """
        SELECT coalesce(sum(\(column)), 0) FROM sli_day \
        WHERE series IN (SELECT id FROM series WHERE scope = 'total' AND traffic = 'live')
        """
    }
}
