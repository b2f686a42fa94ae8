import GRDB
import SLO
import Testing

@testable import Storage

/// Hours that lag behind their minutes, and what happens when their writer dies.
struct UnsummedTests {
    /// Files of one process are let go, not closed: what a ledger has in memory alone is lost as in a crash.
    private func abandoned(_ scratch: Scratch, _ requests: [RequestRecord], batches: Int) throws {
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        var writer = BatchWriter(objectives: Objectives())
        try write(requests, batches, with: &writer, to: ledger)
    }

    private func write(
        _ requests: [RequestRecord],
        _ batches: Int,
        with writer: inout BatchWriter,
        to ledger: Ledger,
        summing: Bool = false
    ) throws {
        let size = (requests.count + batches - 1) / batches
        for batch in 0..<batches {
            let part = requests.dropFirst(batch * size).prefix(size)
            var copy = writer
            var outcome = BatchWriter.Outcome()
            try ledger.write { db in
                try db.inTransaction {
                    // The same second for all, so that none is due by the clock but the first.
                    outcome = try copy.write(part, to: db, now: now / 1_000, summing: summing)
                    return .commit
                }
            }
            writer = copy
            writer.commit(outcome)
        }
    }

    private let now = wallClockMilliseconds()

    private func traffic(_ prefix: String) -> [RequestRecord] {
        randomRequests(200, before: now, days: 0.05, seed: 41).map {
            var request = $0
            request.id = prefix + request.id
            return request
        }
    }

    /// Every hour is the sum of its minutes, every day that of its hours.
    private func expectConsistent(_ ledger: Ledger, requests: Int, _ comment: Comment) throws {
        for (fine, coarse, scopes) in [(Grain.minute, Grain.hour, "<> 'request'"), (.hour, .day, "<> ''")] {
            for (table, value) in [(\Grain.counts, "n + 3 * good + 5 * cost_nano"), (\Grain.latencies, "n * bucket")] {
                let differences = try ledger.read { db in
                    try Int.fetchOne(
                        db,
                        sql: """
                            WITH s AS (SELECT id FROM series WHERE scope \(scopes)),
                            fine AS (SELECT series, start / \(coarse.rawValue) AS slot, sum(\(value)) AS v
                                FROM \(fine[keyPath: table]) WHERE series IN s GROUP BY 1, 2),
                            coarse AS (SELECT series, start / \(coarse.rawValue) AS slot, sum(\(value)) AS v
                                FROM \(coarse[keyPath: table]) WHERE series IN s GROUP BY 1, 2)
                            SELECT (SELECT count(*) FROM (SELECT * FROM fine EXCEPT SELECT * FROM coarse))
                                + (SELECT count(*) FROM (SELECT * FROM coarse EXCEPT SELECT * FROM fine))
                            """
                    )
                }
                #expect(differences == 0, "\(coarse) \(comment)")
            }
        }
        let total = try ledger.read { db in
            try Int.fetchOne(
                db,
                sql: "SELECT sum(n) FROM sli_day WHERE series IN (SELECT id FROM series WHERE scope = 'total')"
            )
        }
        #expect(total == requests, comment)
    }

    @Test func aWriterSumsWhatItGathered() throws {
        let ledger = try memoryLedger()
        var writer = BatchWriter(objectives: Objectives())
        try write(traffic("a"), 4, with: &writer, to: ledger)
        #expect(writer.hasUnsummed)
        try write(traffic("b"), 1, with: &writer, to: ledger, summing: true)
        #expect(!writer.hasUnsummed)
        try expectConsistent(ledger, requests: 400, "after a write of all")
        #expect(try ledger.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM unsummed_hour") } == 0)
    }

    @Test func whatADeadWriterLeftIsSummedByTheNext() async throws {
        let scratch = try Scratch()
        try abandoned(scratch, traffic("a"), batches: 4)
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        let left = try ledger.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM unsummed_hour") }
        #expect(try #require(left) > 0)
        ledger.record(goodRequest("next", at: now))
        try await ledger.flush()
        try expectConsistent(ledger, requests: 201, "after a repair")
    }

    @Test func twoWritersDoNotCountTwice() throws {
        let ledger = try memoryLedger()
        var first = BatchWriter(objectives: Objectives())
        var second = BatchWriter(objectives: Objectives())
        try write(traffic("a"), 3, with: &first, to: ledger)
        try write(traffic("b"), 3, with: &second, to: ledger)
        try write(traffic("c"), 3, with: &first, to: ledger)
        try write([], 1, with: &first, to: ledger, summing: true)
        try write([], 1, with: &second, to: ledger, summing: true)
        try expectConsistent(ledger, requests: 600, "after two writers")
    }
}
