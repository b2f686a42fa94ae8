import Foundation
import GRDB
import SLO
import Testing

@testable import Storage

/// Files that are new, broken, taken or forbidden.
struct LedgerFileTests {
    private func open(_ path: String, patience: Double = 0) throws -> Ledger {
        try Ledger.open(path: path, objectives: Objectives(), patience: patience)
    }

    private func refusal(_ path: String) -> LedgerError? {
        #expect(throws: LedgerError.self) { try open(path) }
    }

    private func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func aNewLedgerIsItsOwnersAlone() async throws {
        let scratch = try Scratch()
        let ledger = try open(scratch.path)
        ledger.record(goodRequest())
        try await ledger.flush()
        for companion in ["", "-wal", "-shm"] { #expect(try mode(scratch.path + companion) == 0o600) }
        #expect(try mode((scratch.path as NSString).deletingLastPathComponent) == 0o700)
    }

    @Test func aReaderGoesByThePromiseInTheFile() throws {
        let scratch = try Scratch()
        var promised = Objectives()
        promised.window = .seconds(7 * 86_400)
        promised.success = 0.99
        promised.latencyP95 = .milliseconds(1_250)
        promised.latencyOf = .total
        promised.costPerRequest = 7
        _ = try Ledger.open(path: scratch.path, objectives: promised)
        #expect(try Ledger.openToRead(path: scratch.path).objectives == promised)
        #expect(try Ledger.openToRead(path: scratch.path, objectives: Objectives()).objectives == Objectives())
        #expect(try Ledger.openToRead(path: scratch.path).objectives == promised, "a reader changes nothing")
    }

    @Test(
        "what is no ledger is refused and left as it is",
        arguments: ["hello", String(repeating: "not a database\n", count: 5_000)]
    )
    func notADatabase(content: String) throws {
        let scratch = try Scratch()
        let path = scratch.folder.appending(path: "notes.txt").path
        try Data(content.utf8).write(to: URL(filePath: path))
        let error = refusal(path)
        #expect(error?.kind == .notADatabase)
        #expect(error?.description.contains("\(path) is not an SQLite database") == true)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
    }

    @Test func somebodyElsesDatabaseIsRefused() throws {
        let scratch = try Scratch()
        let path = scratch.folder.appending(path: "addresses.db").path
        try scratch.connect(path).inDatabase { try $0.execute(sql: "CREATE TABLE address (name TEXT)") }
        let before = try Data(contentsOf: URL(filePath: path))
        #expect(refusal(path)?.kind == .foreign)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test(
        "a newer version's ledger is refused",
        arguments: ["PRAGMA user_version = 99", "INSERT INTO grdb_migrations VALUES ('99: from the future')"]
    )
    func newer(sql: String) throws {
        let scratch = try Scratch()
        _ = try open(scratch.path)
        try scratch.connect().inDatabase { try $0.execute(sql: sql) }
        let error = refusal(scratch.path)
        #expect(error?.kind == .newer)
        #expect(error?.description.contains("run that version") == true)
    }

    @Test func aDamagedLedgerIsSaidToBe() throws {
        let scratch = try Scratch()
        _ = try open(scratch.path)
        try scratch.connect().inDatabase { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let file = try FileHandle(forUpdating: URL(filePath: scratch.path))
        try file.seek(toOffset: 100)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 200_000))
        try file.close()
        #expect(refusal(scratch.path)?.kind == .corrupt)
    }

    @Test func aFolderThatCannotBeMade() throws {
        let scratch = try Scratch()
        let file = scratch.folder.appending(path: "file").path
        try Data().write(to: URL(filePath: file))
        let error = refusal(file + "/deeper/nines.db")
        #expect(error?.kind == .unreachable)
        #expect(error?.description.contains("\(file)/deeper") == true)
        #expect(refusal(scratch.folder.path)?.kind == .unreachable)
    }

    /// In a child, since root may write anywhere: it becomes nobody first.
    @Test(arguments: [0o444, 0o000]) func permissions(mode: Int) async throws {
        let scratch = try Scratch()
        _ = try open(scratch.path)
        let state = (scratch.path as NSString).deletingLastPathComponent
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scratch.path)
        for folder in [state, scratch.folder.path] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
        }
        let path = scratch.path
        await #expect(processExitsWith: .success) { [path = path as String, mode = mode as Int] in
            if getuid() == 0 { #expect(setuid(65_534) == 0) }
            let error = #expect(throws: LedgerError.self) {
                try Ledger.open(path: path, objectives: Objectives(), patience: 0)
            }
            let kind = try #require(error).kind
            #expect(mode == 0 ? kind == .unreachable : [.readOnly, .unreachable].contains(kind))
        }
    }

    @Test func aLockedLedgerIsSaidToBe() throws {
        let scratch = try Scratch()
        _ = try open(scratch.path)
        try scratch.connect().inDatabase { db in
            try db.execute(sql: "BEGIN EXCLUSIVE")
            let error = refusal(scratch.path)
            #expect(error?.kind == .locked)
            #expect(error?.description.contains("stop the other program") == true)
            try db.execute(sql: "ROLLBACK")
        }
        _ = try open(scratch.path)
    }

    @Test func aLockLosesNothing() async throws {
        let scratch = try Scratch()
        let ledger = try open(scratch.path)
        ledger.record(goodRequest("before"))
        try await ledger.flush()
        let other = try scratch.connect()
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM setting") }
        ledger.record(goodRequest("while"))
        await #expect(throws: LedgerError.self) { try await ledger.flush() }
        #expect(ledger.health.backlog == 1)
        #expect(ledger.health.error?.contains("locked") == true)
        #expect(try ledger.headline(now: someTime).window.counts.requests == 1)
        #expect(throws: LedgerError.self) { try ledger.set("bypass", value: "on") }
        ledger.record(goodRequest("after"))
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await ledger.flush()
        #expect(ledger.health.error == nil)
        #expect(ledger.health.backlog == 0)
        #expect(try ledger.headline(now: someTime).window.counts.requests == 3)
    }

    @Test func aFullDiskLosesNothing() async throws {
        let scratch = try Scratch()
        let ledger = try open(scratch.path)
        ledger.record(goodRequest("first"))
        try await ledger.flush()
        try ledger.write { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        for number in 0..<5_000 { ledger.record(goodRequest("\(number)")) }
        let error = await #expect(throws: LedgerError.self) { try await ledger.flush() }
        #expect(error?.kind == .full)
        #expect(error?.description.contains("free some space") == true)
        #expect(ledger.health.backlog == 5_000)
        #expect(try ledger.headline(now: someTime).window.counts.requests == 1)
        try ledger.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await ledger.flush()
        #expect(try ledger.headline(now: someTime).window.counts.requests == 5_001)
        #expect(try ledger.recentRequests(limit: 10_000).count == 5_001)
    }

    @Test func twoLedgersShareAFile() async throws {
        let scratch = try Scratch()
        let first = try open(scratch.path, patience: 5)
        let second = try open(scratch.path, patience: 5)
        for number in 0..<200 { (number.isMultiple(of: 2) ? first : second).record(goodRequest("\(number)")) }
        try await first.flush()
        try await second.flush()
        #expect(try first.headline(now: someTime).window.counts.requests == 200)
        try second.set("bypass", value: "on")
        #expect(try first.setting("bypass") == "on")
    }

    /// Everything that was flushed is there after `kill -9` in the middle of writing, rows and sums agree, nothing is damaged.
    @Test func killedInTheMiddle() async throws {
        let scratch = try Scratch()
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let ledger = try Ledger.open(path: path, objectives: Objectives())
            for number in 0..<1_000 { ledger.record(savedRequest("flushed \(number)")) }
            try await ledger.flush()
            let running = Task { await ledger.run() }
            for number in 0... {
                ledger.record(savedRequest("more \(number)"))
                // Two batches have been written by the writer, and the next is under way.
                if number.isMultiple(of: 100), try ledger.headline(now: someTime).window.counts.requests > 3_000 {
                    kill(getpid(), SIGKILL)
                }
            }
            await running.value
        }
        let ledger = try open(path)
        let (integrity, rows, attempts) = try ledger.read { db in
            (
                try String.fetchOne(db, sql: "PRAGMA integrity_check"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM request"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM attempt")
            )
        }
        #expect(integrity == "ok")
        #expect(try #require(rows) > 3_000)
        #expect(attempts == rows.map { 2 * $0 })
        let window = try ledger.headline(now: someTime).window
        #expect(window.counts.requests == rows)
        #expect(window.latency.samples == rows)
        let flushed = try ledger.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM request WHERE id LIKE 'flushed %'")
        }
        #expect(flushed == 1_000)
    }

    /// The same in the middle of storing answers: what is there is whole, and what was deferred is there.
    @Test func killedWhileAnswersAreStored() async throws {
        let scratch = try Scratch()
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let ledger = try Ledger.open(path: path, objectives: Objectives())
            let request = DeferredRequest(
                id: "kept",
                tenant: "acme",
                feature: "chat",
                at: 1,
                expires: .max,
                path: "/v1/messages",
                body: [1]
            )
            _ = try ledger.deferRequest(request)
            let running = Task { await ledger.run() }
            for number in 0... {
                let key = withUnsafeBytes(of: number) { Array($0) }
                let body = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 5_000)
                ledger.store(
                    CacheEntry(key: key, tenant: "acme", feature: "chat", created: 1, ttl: 1, body: body)
                )
                if number.isMultiple(of: 100), try ledger.cacheStats().reduce(0, { $0 + $1.entries }) > 1_000 {
                    kill(getpid(), SIGKILL)
                }
                try await Task.sleep(for: .microseconds(10))
            }
            await running.value
        }
        let ledger = try open(path)
        let (integrity, torn) = try ledger.read { db in
            (
                try String.fetchOne(db, sql: "PRAGMA integrity_check"),
                try Int.fetchOne(db, sql: "SELECT count(*) FROM cache_entry WHERE length(body) <> 5000")
            )
        }
        #expect(integrity == "ok" && torn == 0)
        #expect(try ledger.cacheStats().reduce(0) { $0 + $1.entries } > 1_000)
        let first = try #require(ledger.cached(withUnsafeBytes(of: 7) { Array($0) }, tenant: "acme", now: 2))
        #expect(first.body == [UInt8](repeating: 7, count: 5_000))
        #expect(try ledger.deferred().map(\.id) == ["kept"])
    }
}
