import GRDB

/// Sums of the last hours that the minutes already hold, gathered in memory until they are worth writing.
///
/// The file knows (`unsummed_hour`) which hours miss some, and whose: after a crash the next writer sums those up again
/// (`repair`), from the minutes, and the days from the hours. Should another process do that while this one runs, its
/// marks are gone, and what it gathered is in the file already.
struct UnsummedHours {
    /// What is to be added once the transaction is committed.
    struct Sums {
        fileprivate var hours = Rollup()
        fileprivate var days = Rollup()
        fileprivate var marks: Set<Int64> = []
        fileprivate var isWritten = false
    }

    /// Between two writes.
    private static let interval: Int64 = 1
    /// What is older is written at once, since its minutes may be gone: nothing could be summed up again.
    private static let latest: Int64 = 2 * 3_600

    private let owner = Int64.random(in: .min ... .max)
    private var hours = Rollup()
    private var days = Rollup()
    /// Hours that the file knows to be incomplete.
    private var marks: Set<Int64> = []
    private var lastWrite: Int64 = 0
    private var isRepaired = false

    var isEmpty: Bool { marks.isEmpty }

    /// Must come first in a transaction: what others left or did is summed without this batch.
    mutating func prepare(_ db: Database) throws {
        if !isRepaired { try Self.repair(db) }
        try forgetWhatOthersSummed(db)
    }

    /// Takes a batch's hours, and those by everything that are in the file already but not in the days.
    mutating func add(
        hours new: Rollup,
        ofDetails: Rollup,
        now: Int64,
        summing: Bool,
        to db: Database
    ) throws -> Sums {
        let since = Grain.hour.start(of: max(now - Self.latest, 0))
        var recent = Sums()
        var old = Rollup()
        new.split(from: since, recent: &recent.hours, old: &old)
        var oldDays = old
        var recentDetails = Rollup()
        ofDetails.split(from: since, recent: &recentDetails, old: &oldDays)
        recent.days = recentDetails.coarsened(to: .day)
        try old.upsert(.hour, in: db)
        try oldDays.coarsened(to: .day).upsert(.day, in: db)
        if summing || !(lastWrite...lastWrite + Self.interval).contains(now) {
            try write(adding: recent, to: db)
            recent.isWritten = true
            lastWrite = now
        } else {
            let touched = Set(recent.hours.counts.keys.map(\.start))
            recent.marks = touched.subtracting(marks)
            for start in recent.marks {
                try db.execute(sql: "INSERT INTO unsummed_hour VALUES (?, ?)", arguments: [start, owner])
            }
        }
        return recent
    }

    mutating func commit(_ sums: Sums) {
        isRepaired = true
        if sums.isWritten {
            (hours, days, marks) = (Rollup(), Rollup(), [])
        } else {
            hours.add(sums.hours) { [$0] }
            days.add(sums.days) { [$0] }
            marks.formUnion(sums.marks)
        }
    }

    private func write(adding recent: Sums, to db: Database) throws {
        var hours = recent.hours
        var days = recent.days
        hours.add(self.hours) { [$0] }
        days.add(self.days) { [$0] }
        days.add(hours.coarsened(to: .day)) { [$0] }
        try hours.upsert(.hour, in: db)
        try days.upsert(.day, in: db)
        if !marks.isEmpty { try db.execute(sql: "DELETE FROM unsummed_hour WHERE owner = ?", arguments: [owner]) }
    }

    private mutating func forgetWhatOthersSummed(_ db: Database) throws {
        guard !marks.isEmpty else { return }
        let known = try Int.fetchOne(
            try db.cachedStatement(sql: "SELECT count(*) FROM unsummed_hour WHERE owner = ?"),
            arguments: [owner]
        )
        if known != marks.count { (hours, days, marks) = (Rollup(), Rollup(), []) }
    }

    /// Sums up again what a writer that died left unsummed.
    private static func repair(_ db: Database) throws {
        let hours = try Int64.fetchAll(db, sql: "SELECT DISTINCT start FROM unsummed_hour")
        for hour in hours { try sum(.minute, into: .hour, start: hour, series: "scope <> 'request'", in: db) }
        for day in Set(hours.map(Grain.day.start)) { try sum(.hour, into: .day, start: day, series: "1", in: db) }
        if !hours.isEmpty { try db.execute(sql: "DELETE FROM unsummed_hour") }
    }

    private static func sum(
        _ fine: Grain,
        into coarse: Grain,
        start: Int64,
        series: String,
        in db: Database
    ) throws {
        let ids = "(SELECT id FROM series WHERE \(series))"
        let columns = CountColumn.all.map(\.name)
        let source =
            "WHERE series IN \(ids) AND start >= \(start) AND start < \(start + coarse.rawValue) GROUP BY series"
        try db.execute(
            sql: """
                DELETE FROM \(coarse.counts) WHERE series IN \(ids) AND start = \(start);
                DELETE FROM \(coarse.latencies) WHERE series IN \(ids) AND start = \(start);
                INSERT INTO \(coarse.counts) (series, start, \(columns.joined(separator: ", ")))
                    SELECT series, \(start), \(columns.map { "sum(\($0))" }.joined(separator: ", ")) FROM \(fine.counts) \(source);
                INSERT INTO \(coarse.latencies) (series, start, bucket, n)
                    SELECT series, \(start), bucket, sum(n) FROM \(fine.latencies) \(source), bucket;
                """
        )
    }
}
