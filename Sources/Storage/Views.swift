import GRDB

/// What the screen shows, as an auditor with `sqlite3` can ask for it.
///
/// Written from the minutes alone, or where they aren't kept for as long from the hours alone, without the program's mixture
/// of minutes, hours and days, so that one checks the other.
enum Views {
    /// Drops views of earlier versions and makes those of this one; every change here needs a migration that calls it.
    static func replace(_ db: Database) throws {
        let old = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'view'")
        for name in old { try db.execute(sql: "DROP VIEW \(name)") }
        try db.execute(sql: all)
    }

    private static let all =
        request + attempt + headline + windows + slices.map(slice).joined() + latency + budget + burnDown
        + slices.map(spend).joined() + spendByDay + drift + deployment

    private static let slices: [(name: String, column: String)] = [
        ("tenant", "tenant"), ("feature", "feature"), ("group", "grp"), ("provider", "provider"),
    ]

    private static let request = """
        CREATE VIEW request AS
        -- One row a client request, newest last: SELECT * FROM request WHERE outcome = 'lost';
        SELECT r.id, r.at, strftime('%Y-%m-%dT%H:%M:%fZ', r.at / 1000.0, 'unixepoch') AS time,
            s.tenant, s.feature, s.grp, s.traffic, s.mode, r.format, r.stream,
            nullif(s.deployment, '') AS deployment, nullif(s.provider, '') AS provider, r.attempts, r.failed_over,
            r.outcome, r.status, r.valid, r.good, r.first_token_us, r.total_us, r.latency_us, r.tokens_in, r.tokens_out,
            r.tokens_cache_read, r.tokens_cache_write, r.cost_nano, r.cost_is_estimated, r.cache, r.cache_why, r.degraded,
            r.drill, r.maintenance, r.tags, r.avoided_nano, r.avoided_us, r.error, r.number
        FROM request_row AS r JOIN series AS s ON s.id = r.series;

        """

    private static let attempt = """
        CREATE VIEW attempt AS
        -- Attempts of the requests that did not simply succeed at once.
        SELECT r.id AS request_id, r.at + a.start_us / 1000 AS at, a.ordinal, a.deployment, a.provider, a.status,
            a.failure, a.start_us, a.first_token_us, a.total_us, a.detail, a.why
        FROM attempt_row AS a JOIN request_row AS r ON r.number = a.request;

        """

    // MARK: Indicators

    private static let headline = figures(
        "sli_30d",
        about:
            "The headline over the last 30 days, from a whole hour on: live traffic, the bypass included, drills and probes not.",
        names: "SELECT 'all' AS name, 30 * 86400 AS seconds",
        series: "SELECT 'all' AS name, id FROM series WHERE scope = 'total' AND traffic = 'live'"
    )

    private static let windows = figures(
        "sli_by_window",
        about: "The same over the windows that alerts are judged by, in seconds.",
        grain: .minute,
        columns: ["n.name AS window_s"],
        names:
            "SELECT column1 AS name, column1 AS seconds FROM (VALUES (300), (900), (1800), (3600), (7200), (21600), (86400), (259200))",
        series: "SELECT w.name, s.id FROM name AS w, series AS s WHERE s.scope = 'total' AND s.traffic = 'live'"
    )

    private static func slice(_ slice: (name: String, column: String)) -> String {
        let series = """
            SELECT \(slice.column) AS name, id FROM series WHERE scope = '\(slice.name)' AND traffic = 'live'
            """
        return figures(
            "sli_by_\(slice.name)_30d",
            about: "The headline over the last 30 days of each \(slice.name).",
            columns: ["n.name AS \(slice.column)"],
            names: "SELECT DISTINCT name, 30 * 86400 AS seconds FROM (\(series))",
            series: series
        )
    }

    /// A view of everything measured, of each of some names: `names` gives them and how far back each goes, `series` what
    /// counts them.
    private static func figures(
        _ view: String,
        about: String,
        grain: Grain = .hour,
        columns: [String] = [],
        names: String,
        series: String
    ) -> String {
        let counts = CountColumn.all.map(\.name)
        let percentiles = ["p50", "p95", "p99"].map { rank in
            """
            (SELECT us / 1e6 FROM latency_bucket AS b WHERE b.bucket = p.\(rank)) AS latency_\(rank)_s
            """
        }
        let shown = counts.dropFirst().map { "coalesce(c.\($0), 0) AS \($0)" }
        return """
            CREATE VIEW \(view) AS
            -- \(about)
            -- A latency percentile is the bucket in which that rank falls (nearest rank), within 1 %.
            WITH
                span AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS until),
                name AS (\(names)),
                part AS (
                    SELECT n.name, s.id, span.until, (span.until - n.seconds) / \(grain.rawValue) * \(grain.rawValue) AS since
                    FROM span, name AS n JOIN (\(series)) AS s ON s.name = n.name
                ),
                counts AS (
                    SELECT part.name, \(counts.map { "sum(m.\($0)) AS \($0)" }.joined(separator: ", "))
                    FROM part CROSS JOIN \(grain.counts) AS m
                    WHERE m.series = part.id AND m.start >= part.since AND m.start <= part.until GROUP BY part.name
                ),
                bucket AS (
                    SELECT part.name, m.bucket, sum(m.n) AS n FROM part CROSS JOIN \(grain.latencies) AS m
                    WHERE m.series = part.id AND m.start >= part.since AND m.start <= part.until
                    GROUP BY part.name, m.bucket
                ),
                rank AS (
                    SELECT name, bucket, sum(n) OVER (PARTITION BY name ORDER BY bucket) * 100 AS upto,
                        sum(n) OVER (PARTITION BY name) AS n
                    FROM bucket
                ),
                percentile AS (
                    SELECT name, min(bucket) FILTER (WHERE upto >= n * 50) AS p50,
                        min(bucket) FILTER (WHERE upto >= n * 95) AS p95, min(bucket) FILTER (WHERE upto >= n * 99) AS p99
                    FROM rank GROUP BY name
                )
            SELECT \((columns + ["span.until"]).joined(separator: ", ")),
                coalesce(c.n, 0) AS requests, coalesce(c.valid - c.good, 0) AS bad,
                \(shown.joined(separator: ", ")),
                c.good * 1.0 / nullif(c.valid, 0) AS success_rate,
                (c.good - c.cached_good) * 1.0 / nullif(c.valid - c.hit - c.stale, 0) AS fresh_success_rate,
                \(percentiles.joined(separator: ", ")),
                c.latency_fast * 1.0 / nullif(c.latency_n, 0) AS latency_share_in_target,
                c.cost_nano * 1.0 / nullif(c.cost_n, 0) AS cost_nano_per_request,
                c.cost_nano * 1.0 / nullif(c.cost_n, 0) / 1e9 AS cost_usd_per_request
            FROM span, name AS n LEFT JOIN counts AS c ON c.name = n.name LEFT JOIN percentile AS p ON p.name = n.name
            ORDER BY n.name;

            """
    }

    private static let latency = """
        CREATE VIEW latency_30d AS
        -- How many live requests of the last 30 days took how long, and which share took no longer.
        WITH bucket AS (
            SELECT bucket, sum(n) AS n FROM latency_hour
            WHERE series IN (SELECT id FROM series WHERE scope = 'total' AND traffic = 'live')
                AND start >= strftime('%s', 'now') / 3600 * 3600 - 30 * 86400 AND start <= CAST(strftime('%s', 'now') AS INTEGER)
            GROUP BY bucket
        )
        SELECT bucket, us / 1e6 AS seconds, n, sum(n) OVER (ORDER BY bucket) * 1.0 / sum(n) OVER () AS share
        FROM bucket JOIN latency_bucket USING (bucket) ORDER BY bucket;

        """

    // MARK: Error budget

    private static let budget = """
        CREATE VIEW budget_30d AS
        -- The error budget over the last 30 days: 1 untouched, 0 spent, below 0 overspent.
        -- A burn rate is the observed error ratio over the allowed one.
        WITH
            target AS (SELECT value AS success FROM objective WHERE name = 'success'),
            burn AS (SELECT window_s, bad * 1.0 / nullif(valid, 0) / (1 - success) AS rate FROM sli_by_window, target)
        SELECT s.until, t.success AS target, s.valid, s.bad, s.valid * (1 - t.success) AS allowed,
            1 - (s.bad * 1.0 / nullif(s.valid, 0)) / (1 - t.success) AS remaining,
            (SELECT rate FROM burn WHERE window_s = 300) AS burn_5m,
            (SELECT rate FROM burn WHERE window_s = 3600) AS burn_1h,
            (SELECT rate FROM burn WHERE window_s = 21600) AS burn_6h,
            (SELECT rate FROM burn WHERE window_s = 259200) AS burn_3d
        FROM sli_30d AS s, target AS t;

        """

    private static let burnDown = """
        CREATE VIEW burn_down_30d AS
        -- The error budget at each midnight UTC of the last 30 days, over the 30 days before it.
        WITH RECURSIVE
            target AS (SELECT value AS success FROM objective WHERE name = 'success'),
            midnight AS (
                SELECT strftime('%s', 'now') / 86400 * 86400 AS at, 30 AS days
                UNION ALL SELECT at - 86400, days - 1 FROM midnight WHERE days > 0
            ),
            day AS (
                SELECT start, sum(good) AS good, sum(valid) AS valid FROM sli_day
                WHERE series IN (SELECT id FROM series WHERE scope = 'total' AND traffic = 'live') GROUP BY start
            ),
            sums AS (
                SELECT m.at, coalesce(sum(d.good), 0) AS good, coalesce(sum(d.valid), 0) AS valid
                FROM midnight AS m LEFT JOIN day AS d ON d.start >= m.at - 30 * 86400 AND d.start < m.at GROUP BY m.at
            )
        SELECT at, datetime(at, 'unixepoch') AS time, good, valid,
            1 - ((valid - good) * 1.0 / nullif(valid, 0)) / (1 - success) AS remaining
        FROM sums, target ORDER BY at;

        """

    // MARK: Spend

    private static func spend(_ slice: (name: String, column: String)) -> String {
        """
        CREATE VIEW spend_by_\(slice.name) AS
        -- What each \(slice.name)'s requests cost over the last 24 hours and 30 days, drills and probes included: money is money.
        WITH
            span AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS until),
            sums AS (SELECT s.id, s.\(slice.column) AS name, span.until FROM span, series AS s WHERE s.scope = '\(slice.name)'),
            part AS (
                SELECT name, n, cost_nano, 0 AS n_30d, 0 AS cost_30d, 0 AS unpriced, 0 AS tokens_in, 0 AS tokens_out
                FROM sums CROSS JOIN sli_minute AS m
                WHERE m.series = sums.id AND m.start >= until / 60 * 60 - 86400 AND m.start <= until
                UNION ALL
                SELECT name, 0, 0, n, cost_nano, unpriced, tokens_in, tokens_out FROM sums CROSS JOIN sli_hour AS m
                WHERE m.series = sums.id AND m.start >= until / 3600 * 3600 - 30 * 86400 AND m.start <= until
            )
        SELECT name AS \(slice.column), sum(n) AS requests_24h, sum(cost_nano) AS cost_nano_24h,
            sum(n_30d) AS requests_30d, sum(cost_30d) AS cost_nano_30d, sum(cost_30d) / 1e9 AS cost_usd_30d,
            sum(unpriced) AS unpriced_30d, sum(tokens_in) AS tokens_in_30d, sum(tokens_out) AS tokens_out_30d
        FROM part GROUP BY name ORDER BY cost_nano_30d DESC, name;

        """
    }

    private static let spendByDay = """
        CREATE VIEW spend_by_day AS
        -- What each feature's requests cost a day (UTC).
        SELECT date(d.start, 'unixepoch') AS day, s.feature, sum(d.n) AS requests, sum(d.cost_nano) AS cost_nano,
            sum(d.cost_nano) / 1e9 AS cost_usd
        FROM series AS s CROSS JOIN sli_day AS d WHERE s.scope = 'feature' AND d.series = s.id
        GROUP BY d.start, s.feature ORDER BY d.start, s.feature;

        """

    private static let drift = """
        CREATE VIEW drift AS
        -- Tokens and cost a request of each feature in the last six hours, beside the seven days before them.
        WITH
            span AS (SELECT strftime('%s', 'now') / 60 * 60 - 21600 AS since),
            minute AS (
                SELECT s.feature, m.start >= span.since AS is_recent, m.*
                FROM span, series AS s CROSS JOIN sli_minute AS m
                WHERE s.scope = 'feature' AND s.traffic = 'live' AND m.series = s.id
                    AND m.start >= (span.since - 1 - 7 * 86400) / 60 * 60 AND m.start <= CAST(strftime('%s', 'now') AS INTEGER)
            )
        SELECT feature,
            sum(n * is_recent) AS requests, sum(n * NOT is_recent) AS requests_before,
            sum(tokens_in * is_recent) * 1.0 / nullif(sum(metered * is_recent), 0) AS tokens_in,
            sum(tokens_in * NOT is_recent) * 1.0 / nullif(sum(metered * NOT is_recent), 0) AS tokens_in_before,
            sum(tokens_out * is_recent) * 1.0 / nullif(sum(metered * is_recent), 0) AS tokens_out,
            sum(tokens_out * NOT is_recent) * 1.0 / nullif(sum(metered * NOT is_recent), 0) AS tokens_out_before,
            sum(cost_nano * is_recent) * 1.0 / nullif(sum(cost_n * is_recent), 0) AS cost_nano,
            sum(cost_nano * NOT is_recent) * 1.0 / nullif(sum(cost_n * NOT is_recent), 0) AS cost_nano_before
        FROM minute GROUP BY feature ORDER BY feature;

        """

    // MARK: Deployments

    private static let deployment = """
        CREATE VIEW deployment_24h AS
        -- How each deployment did by itself over the last 24 hours: attempts, not requests; what clients left or got wrong is
        -- not valid.
        SELECT s.deployment, s.provider, sum(m.n) AS attempts, sum(m.valid) AS valid, sum(m.good) AS good,
            sum(m.valid - m.good) AS bad, sum(m.good) * 1.0 / nullif(sum(m.valid), 0) AS success_rate
        FROM series AS s CROSS JOIN sli_minute AS m
        WHERE s.scope = 'attempt' AND s.traffic = 'live' AND m.series = s.id
            AND m.start >= strftime('%s', 'now') / 60 * 60 - 86400 AND m.start <= CAST(strftime('%s', 'now') AS INTEGER)
        GROUP BY s.deployment, s.provider ORDER BY s.deployment, s.provider;

        """
}
