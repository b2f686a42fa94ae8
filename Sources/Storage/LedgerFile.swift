import GRDB

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Opens the file behind a ledger, making it and its folders where missing.
enum LedgerFile {
    /// Seconds to wait for another program's lock.
    static let patience = 5.0

    static func open(path: String, patience: Double) throws(LedgerError) -> any DatabaseWriter {
        do {
            let database: any DatabaseWriter
            if path == ":memory:" {
                database = try DatabaseQueue(configuration: configuration(path: path, patience: patience))
            } else {
                try prepare(path)
                database = try DatabasePool(path: path, configuration: configuration(path: path, patience: patience))
            }
            if try !database.read(Schema.migrator.hasCompletedMigrations) { try Schema.migrator.migrate(database) }
            return database
        } catch {
            throw LedgerError(error, path: path)
        }
    }

    private static func configuration(path: String, patience: Double) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        // The screen, an export, and answers from the cache, which must not wait for them.
        configuration.maximumReaderCount = 4
        configuration.label = "nines.ledger"
        configuration.prepareDatabase { db in
            // Before WAL mode is set, which writes: a file that isn't ours stays as it is.
            if !db.configuration.readonly { try Schema.check(db, path: path) }
            // Where a plain fsync does not reach the disk (macOS), ask for more.
            try db.execute(sql: "PRAGMA fullfsync = ON")
            // KiB a connection: the sums that the screen asks for are small, and the system keeps pages too.
            try db.execute(sql: "PRAGMA cache_size = -512")
        }
        return configuration
    }

    /// Makes the file readable by its owner alone; SQLite gives its companions (`-wal`, `-shm`) the same mode.
    private static func prepare(_ path: String) throws(LedgerError) {
        try makeFolder(of: path)
        let file = Self.create(path)
        if file >= 0 { close(file) }
        guard file >= 0 || errno == EEXIST else { throw unreachable(path, at: path) }
    }

    private static func create(_ path: String) -> Int32 {
        #if canImport(Darwin)
            Darwin.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        #elseif canImport(Glibc)
            Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        #elseif canImport(Musl)
            Musl.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        #endif
    }

    private static func makeFolder(of path: String) throws(LedgerError) {
        for end in path.indices where path[end] == "/" && end > path.startIndex {
            let folder = String(path[..<end])
            guard mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
            // A folder that is there may say EROFS or EACCES rather than EEXIST.
            let reason = errno
            guard access(folder, F_OK) != 0 else { continue }
            errno = reason
            throw unreachable(path, at: folder)
        }
    }

    private static func unreachable(_ path: String, at place: String) -> LedgerError {
        LedgerError(.unreachable, path: path, detail: "\(place): \(String(cString: strerror(errno)))")
    }
}

/// UTC milliseconds since 1970.
func wallClockMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
}
