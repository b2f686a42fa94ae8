/// What the screen shows, as an auditor with `sqlite3` can ask for it.
///
/// Written from the minutes alone, without the shortcuts that the program takes through hours and days, so that one checks
/// the other.
enum Views {
    static let all = request + attempt + indicators + budget + spend

    private static let request = """
        CREATE VIEW request AS
        -- One row a client request, newest last: SELECT * FROM request WHERE outcome = 'lost';
        SELECT r.id, r.at, strftime('%Y-%m-%dT%H:%M:%fZ', r.at / 1000.0, 'unixepoch') AS time,
            s.tenant, s.feature, s.grp, s.traffic, s.mode, r.format, r.stream,
            nullif(s.deployment, '') AS deployment, nullif(s.provider, '') AS provider, r.attempts, r.failed_over,
            r.outcome, r.status, r.valid, r.good, r.first_token_us, r.total_us, r.latency_us, r.tokens_in, r.tokens_out,
            r.tokens_cache_read, r.tokens_cache_write, r.cost_nano, r.cost_is_estimated, r.cache, r.degraded, r.drill,
            r.error, r.number
        FROM request_row AS r JOIN series AS s ON s.id = r.series;

        """

    private static let attempt = """
        CREATE VIEW attempt AS
        -- Attempts of the requests that did not simply succeed at once.
        SELECT r.id AS request_id, r.at + a.start_us / 1000 AS at, a.ordinal, a.deployment, a.provider, a.status,
            a.failure, a.start_us, a.first_token_us, a.total_us, a.detail, a.why
        FROM attempt_row AS a JOIN request_row AS r ON r.number = a.request;

        """

    private static let indicators = """
        CREATE VIEW sli_30d AS
        -- The headline over the last 30 days, to the minute: live traffic, the bypass included, drills and probes not.
        -- A latency percentile is the bucket in which that rank falls (nearest rank), within 1 %.
        WITH
            span AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS until),
            total AS (SELECT id FROM series WHERE scope = 'total' AND traffic = 'live'),
            counts AS (
                SELECT total(n) AS n, total(valid) AS valid, total(good) AS good, total(saved) AS saved, total(cut) AS cut,
                    total(rejected) AS rejected, total(cancelled) AS cancelled, total(latency_n) AS latency_n,
                    total(latency_fast) AS latency_fast, total(cost_nano) AS cost, total(cost_n) AS cost_n,
                    total(unpriced) AS unpriced
                FROM sli_minute WHERE series IN total AND start <= (SELECT until FROM span)
                    AND start >= (SELECT until / 60 * 60 - 30 * 86400 FROM span)
            ),
            bucket AS (
                SELECT bucket, sum(n) AS n FROM latency_minute WHERE series IN total
                    AND start <= (SELECT until FROM span) AND start >= (SELECT until / 60 * 60 - 30 * 86400 FROM span)
                GROUP BY bucket
            ),
            rank AS (SELECT bucket, sum(n) OVER (ORDER BY bucket) AS upto, sum(n) OVER () AS n FROM bucket)
        SELECT
            (SELECT until FROM span) AS until,
            CAST(n AS INTEGER) AS requests, CAST(valid AS INTEGER) AS valid, CAST(good AS INTEGER) AS good,
            CAST(valid - good AS INTEGER) AS bad, CAST(saved AS INTEGER) AS saved, CAST(cut AS INTEGER) AS cut,
            CAST(rejected AS INTEGER) AS rejected, CAST(cancelled AS INTEGER) AS cancelled,
            good / nullif(valid, 0) AS success_rate,
            CAST(latency_n AS INTEGER) AS latency_n,
            (SELECT us / 1e6 FROM latency_bucket
                WHERE bucket = (SELECT min(bucket) FROM rank WHERE upto * 100 >= n * 50)) AS latency_p50_s,
            (SELECT us / 1e6 FROM latency_bucket
                WHERE bucket = (SELECT min(bucket) FROM rank WHERE upto * 100 >= n * 95)) AS latency_p95_s,
            (SELECT us / 1e6 FROM latency_bucket
                WHERE bucket = (SELECT min(bucket) FROM rank WHERE upto * 100 >= n * 99)) AS latency_p99_s,
            latency_fast / nullif(latency_n, 0) AS latency_share_in_target,
            CAST(cost AS INTEGER) AS cost_nano, CAST(cost_n AS INTEGER) AS cost_n, CAST(unpriced AS INTEGER) AS unpriced,
            cost / nullif(cost_n, 0) AS cost_nano_per_request, cost / nullif(cost_n, 0) / 1e9 AS cost_usd_per_request
        FROM counts;

        """

    private static let budget = """
        CREATE VIEW budget_30d AS
        -- The error budget over the last 30 days: 1 untouched, 0 spent, below 0 overspent.
        -- A burn rate is the observed error ratio over the allowed one.
        WITH
            recent AS (
                SELECT CAST(strftime('%s', 'now') AS INTEGER) - start / 60 * 60 AS age, valid, valid - good AS bad
                FROM sli_minute WHERE series IN (SELECT id FROM series WHERE scope = 'total' AND traffic = 'live')
                    AND start >= strftime('%s', 'now') / 60 * 60 - 6 * 3600 AND start <= CAST(strftime('%s', 'now') AS INTEGER)
            ),
            target AS (SELECT value AS success FROM objective WHERE name = 'success')
        SELECT s.until, t.success AS target, s.valid, s.bad, s.valid * (1 - t.success) AS allowed,
            1 - (s.bad * 1.0 / nullif(s.valid, 0)) / (1 - t.success) AS remaining,
            (SELECT sum(bad) * 1.0 / nullif(sum(valid), 0) FROM recent WHERE age / 60 <= 60) / (1 - t.success) AS burn_1h,
            (SELECT sum(bad) * 1.0 / nullif(sum(valid), 0) FROM recent) / (1 - t.success) AS burn_6h
        FROM sli_30d AS s, target AS t;

        """

    private static let spend = """
        CREATE VIEW spend_by_feature AS
        -- What each feature's requests cost over the last 24 hours and 30 days, drills and probes included: money is money.
        WITH
            span AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS until),
            minute AS (
                SELECT s.feature, m.start >= (SELECT until / 60 * 60 - 86400 FROM span) AS is_today,
                    m.n, m.cost_nano, m.unpriced, m.tokens_in, m.tokens_out
                FROM series AS s JOIN sli_minute AS m ON m.series = s.id
                WHERE s.scope = 'request' AND m.start <= (SELECT until FROM span)
                    AND m.start >= (SELECT until / 60 * 60 - 30 * 86400 FROM span)
            )
        SELECT feature,
            sum(n * is_today) AS requests_24h, sum(cost_nano * is_today) AS cost_nano_24h,
            sum(n) AS requests_30d, sum(cost_nano) AS cost_nano_30d, sum(cost_nano) / 1e9 AS cost_usd_30d,
            sum(unpriced) AS unpriced_30d, sum(tokens_in) AS tokens_in_30d, sum(tokens_out) AS tokens_out_30d
        FROM minute GROUP BY feature ORDER BY cost_nano_30d DESC, feature;

        """
}
