import Logging
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A log for whoever has no console: on standard error.
func errorLogger(_ level: Logger.Level) -> Logger {
    var logger = Logger(label: "nines", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = level
    return logger
}

func fileLogger(_ path: String) -> Logger { Logger(label: "nines", factory: { FileLog(label: $0, path: path) }) }

/// The log while the console owns the terminal: one line an entry, appended to a file beside the database.
struct FileLog: LogHandler {
    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]
    private let descriptor: Int32

    /// A file that can't be opened costs the log, not the program.
    init(label: String, path: String) { descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        guard descriptor >= 0 else { return }
        let line = "\(Date().formatted(.iso8601)) \(event.level) \(event.message)\n"
        line.withCString { text in _ = write(descriptor, text, strlen(text)) }
    }
}
