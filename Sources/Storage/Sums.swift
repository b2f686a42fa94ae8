/// Series that sum requests by one name, so that a window of one tenant or feature reads one series and not hundreds.
enum Sums {
    /// What `SeriesKey.Scope` of sums is called, and the column of its name.
    private static let scopes = [
        ("tenant", "tenant"), ("feature", "feature"), ("group", "grp"), ("provider", "provider"),
    ]

    /// Adds the columns that came with them, fills the sums from what is there, and drops minutes by everything at once.
    static let migration =
        columns + scopes.map(fill).joined()
            + """
            DELETE FROM sli_minute WHERE series IN (SELECT id FROM series WHERE scope = 'request');
            DELETE FROM latency_minute WHERE series IN (SELECT id FROM series WHERE scope = 'request');
            -- Hours to which a running (or dead) writer has still to add what the minutes hold.
            CREATE TABLE unsummed_hour (start INTEGER NOT NULL, owner INTEGER NOT NULL, PRIMARY KEY (start, owner)) WITHOUT ROWID;

            """

    private static let columns =
        """
        ALTER TABLE request_row ADD COLUMN maintenance TEXT;
        ALTER TABLE request_row ADD COLUMN tags TEXT;
        ALTER TABLE request_row ADD COLUMN avoided_nano INTEGER;
        ALTER TABLE request_row ADD COLUMN avoided_us INTEGER;

        """
        + Grain.allCases.flatMap { grain in
            CountColumn.all.dropFirst(CountColumn.first).prefix(4).map {
                "ALTER TABLE \(grain.counts) ADD COLUMN \($0.name) INTEGER NOT NULL DEFAULT 0;\n"
            }
        }
        .joined()

    private static func fill(scope: String, column: String) -> String {
        let counts = CountColumn.all.prefix(CountColumn.first).map(\.name)
        let tables = Grain.allCases.map { grain in
            """
            INSERT INTO \(grain.counts) (series, start, \(counts.joined(separator: ", ")))
                SELECT sums.id, m.start, \(counts.map { "sum(m.\($0))" }.joined(separator: ", "))
                FROM \(grain.counts) AS m \(join(scope, column)) GROUP BY sums.id, m.start;
            INSERT INTO \(grain.latencies) (series, start, bucket, n)
                SELECT sums.id, m.start, m.bucket, sum(m.n)
                FROM \(grain.latencies) AS m \(join(scope, column)) GROUP BY sums.id, m.start, m.bucket;

            """
        }
        return """
            INSERT INTO series (scope, traffic, mode, tenant, feature, grp, deployment, provider)
                SELECT DISTINCT '\(scope)', traffic, '', \(scopes.map { $0.1 == column ? column : "''" }[0...2].joined(separator: ", ")),
                    '', \(column == "provider" ? column : "''")
                FROM series WHERE scope = 'request';

            """ + tables.joined()
    }

    private static func join(_ scope: String, _ column: String) -> String {
        """
        JOIN series AS s ON s.id = m.series AND s.scope = 'request'
                JOIN series AS sums ON sums.scope = '\(scope)' AND sums.traffic = s.traffic AND sums.\(column) = s.\(column)
        """
    }
}

extension SeriesKey.Scope {
    /// Column of `series` that holds the name by which a scope of sums tells requests apart.
    var column: String { self == .group ? "grp" : rawValue }
}
