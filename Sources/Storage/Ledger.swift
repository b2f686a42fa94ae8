import GRDB
package import SLO
import Synchronization

/// The record of every request, and the numbers that are sold: one SQLite file.
///
/// Requests are handed over in memory (`record`) and written by one task (`run`) in batches, each one transaction with all
/// that it adds to the rollups, so that rows and sums never disagree. What survives:
/// - an orderly stop (`run` cancelled and awaited): everything;
/// - `kill -9` or a crash of the program: everything written, and batches are at most about 30 ms apart;
/// - a power cut: never a damaged file; the last batches may be missing, since only checkpoints are synced, but a
///   setting is synced, with all before it, before `set` returns.
///
/// Any number of readers, here or in `sqlite3`, work beside the writer. A file that can't be written is reported in
/// `health`, and requests wait in memory. Decides nothing: what is valid and good comes with the record.
package final class Ledger: Sendable {
    package let path: String
    package let objectives: Objectives
    let database: any DatabaseWriter
    let backlog = Mutex(Backlog())
    let recent = Mutex(RecentAnswers())
    private let writer: Mutex<BatchWriter>
    /// Wakes the running writer; nil while none runs.
    private let wake = Mutex<AsyncStream<Void>.Continuation?>(nil)

    /// Between batches: long enough to gather some, short enough to lose little.
    private static let interval = Duration.milliseconds(30)
    /// After a batch that could not be written.
    private static let retryInterval = Duration.seconds(1)
    /// Requests a transaction.
    private static let batchSize = 2_000
    /// Fewer requests than this in a batch are no load.
    private static let quiet = 50

    init(database: any DatabaseWriter, path: String, objectives: Objectives) {
        self.path = path
        self.objectives = objectives
        self.database = database
        writer = Mutex(BatchWriter(objectives: objectives))
    }

    /// Opens a ledger, making the file (mode 0600) and its folders (0700) where missing; `:memory:` for none.
    ///
    /// Brings a file of an earlier version up to date. Refuses, without changing it, what is not a ledger or comes from a
    /// newer version, and what it can't write to.
    package static func open(path: String, objectives: Objectives) throws(LedgerError) -> Ledger {
        try open(path: path, objectives: objectives, patience: LedgerFile.patience)
    }

    /// Opens a ledger to look something up: the objectives that stand in it stay as they are.
    ///
    /// Figures are judged by `objectives`; nil: by those that stand in the file.
    package static func openToRead(path: String, objectives: Objectives? = nil) throws(LedgerError) -> Ledger {
        let database = try LedgerFile.open(path: path, patience: LedgerFile.patience)
        do {
            let known = try objectives ?? database.read(Self.notedObjectives)
            return Ledger(database: database, path: path, objectives: known)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    static func open(path: String, objectives: Objectives, patience: Double) throws(LedgerError) -> Ledger {
        let database = try LedgerFile.open(path: path, patience: patience)
        let ledger = Ledger(database: database, path: path, objectives: objectives)
        try ledger.noteObjectives()
        return ledger
    }

    /// Hands over a settled request; never waits and never fails.
    ///
    /// Values that can't be true are mended first, and counted in `health`. With the file out of order and 100,000
    /// requests waiting, later ones are lost, and counted too.
    ///
    /// What is to be sent because of it goes into the same transaction, or an earlier one.
    package func record(_ request: RequestRecord, outbox: [OutboxItem] = []) {
        var request = request
        let corrections = request.correct()
        wakeAfter { $0.add(request, corrections: corrections, outbox: outbox) }
    }

    /// Hands over an event; like a request it is in the file after the next batch.
    package func append(_ event: EventRecord) {
        add(.event(event))
    }

    /// Writes what is handed over until the task is cancelled, then once more.
    ///
    /// One task at a time calls it. The first request after a pause is written at once, later ones in batches; without
    /// requests nothing runs. After a failed write it tries again every second.
    package func run() async {
        let (wakes, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        wake.withLock { $0 = continuation }
        // What came before anyone listened.
        continuation.yield()
        for await _ in wakes {
            var pause = Self.interval
            do {
                try await drain(summing: false)
            } catch {
                pause = Self.retryInterval
            }
            try? await Task.sleep(for: pause)
            if !backlog.withLock(\.isEmpty) || writer.withLock(\.hasUnsummed) { continuation.yield() }
        }
        // What fails here is in `health`, and there is no later.
        try? await flush()
    }

    /// Returns when all that was handed over before is in the file.
    package func flush() async throws(LedgerError) {
        try await drain(summing: true)
    }

    private func drain(summing: Bool) async throws(LedgerError) {
        let result = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: self.drain(into: db, summing: summing))
            }
        }
        try result.get()
    }

    package var health: LedgerHealth { backlog.withLock(\.report) }

    func add(_ errand: Errand) { wakeAfter { $0.add(errand) } }

    func wakeAfter(_ add: (inout Backlog) -> Void) {
        let isFirst = backlog.withLock { backlog in
            let wasEmpty = backlog.isEmpty
            add(&backlog)
            return wasEmpty
        }
        if isFirst { wake.withLock { _ = $0?.yield() } }
    }

    /// Runs on the writer's queue: what it takes is written before anyone else's turn.
    private func drain(into db: Database, summing: Bool) -> Result<Void, LedgerError> {
        var batch = backlog.withLock { $0.take() }
        do {
            while !batch.isEmpty || writer.withLock(\.hasUnsummed) {
                let part = batch.requests.prefix(Self.batchSize)
                // In quiet times every batch is summed: little is saved by waiting.
                let isLast = part.count == batch.requests.count
                try write(part, batch.errands, summing: isLast && (summing || part.count < Self.quiet), to: db)
                batch.requests = batch.requests.dropFirst(part.count)
                batch.errands = []
                if isLast { break }
            }
            return .success(())
        } catch {
            let error = LedgerError(error, path: path)
            writer.withLock { $0.rollBack() }
            backlog.withLock { $0.giveBack(batch, because: error) }
            return .failure(error)
        }
    }

    private func write(
        _ requests: ArraySlice<RequestRecord>,
        _ errands: [Errand],
        summing: Bool,
        to db: Database
    ) throws {
        let now = wallClockMilliseconds()
        try writer.withLock { writer in
            var outcome = BatchWriter.Outcome()
            try db.inTransaction(.immediate) {
                try Errand.write(errands, to: db)
                outcome = try writer.write(requests, to: db, now: now / 1_000, summing: summing)
                return .commit
            }
            writer.commit(outcome)
            backlog.withLock { $0.wrote(requests.count, repeated: outcome.repeated, errands: errands, at: now) }
        }
    }

    // MARK: For the other files of the target

    func read<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try database.read(body)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        do {
            return try database.writeWithoutTransaction(body)
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    /// All or nothing; survives a crash of the program, and a power cut once a later write is synced.
    func transaction<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        try write { db in try Self.transaction(db, body) }
    }

    /// All or nothing, and on the disk, with all before it, when it returns.
    func syncedTransaction<Value>(_ body: (Database) throws -> Value) throws(LedgerError) -> Value {
        try write { db in
            // In WAL mode FULL syncs the log at the commit; NORMAL, the writer's, leaves that to the checkpoints.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            defer { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
            return try Self.transaction(db, body)
        }
    }

    private static func transaction<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        var result: Value?
        try db.inTransaction(.immediate) {
            result = try body(db)
            return .commit
        }
        guard let result else { throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "nothing was done") }
        return result
    }

    /// Deletes rows a few at a time, so that the writer gets its turns between; returns how many went.
    func deleteInParts(
        _ table: String,
        key: String = "rowid",
        where condition: String,
        arguments: StatementArguments
    ) throws(LedgerError) -> Int {
        let sql = "DELETE FROM \(table) WHERE \(key) IN (SELECT \(key) FROM \(table) WHERE \(condition) LIMIT 2000)"
        var deleted = 0
        var last = 0
        repeat {
            last = try write { db in
                try db.execute(sql: sql, arguments: arguments)
                return db.changesCount
            }
            deleted += last
        } while last > 0
        return deleted
    }
}
