import CNcurses

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Standard error while the console owns the terminal: away from the screen, nothing lost.
struct ErrorStream {
    private let original: Int32
    private let file: Int32
    private let isLog: Bool

    /// Sends it to a log, or with nil to a file without a name that is repeated when the screen is closed.
    ///
    /// Nil where standard error is not a terminal or no file can be had: it stays as it is then.
    init?(log: String?) {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        let opened = log.map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) } ?? Self.nameless()
        guard opened >= 0 else { return nil }
        let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            closeDescriptor(opened)
            return nil
        }
        original = copy
        file = opened
        isLog = log != nil
        dup2(file, STDERR_FILENO)
        let notice = log.map { "nines crashed; what it wrote last is in \($0)\n" } ?? "nines crashed\n"
        cnc_guard_set_errors(original, isLog ? -1 : file, notice)
    }

    /// Gives standard error back, and repeats what was said meanwhile where there is no log.
    func close() {
        cnc_guard_set_errors(-1, -1, "")
        dup2(original, STDERR_FILENO)
        if !isLog { replay() }
        closeDescriptor(original)
        closeDescriptor(file)
    }

    private func replay() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var place: off_t = 0
        while case let count = pread(file, &buffer, buffer.count, place), count > 0 {
            place += off_t(count)
            _ = write(STDERR_FILENO, buffer, count)
        }
    }

    private static func nameless() -> Int32 {
        guard let stream = tmpfile() else { return -1 }
        defer { fclose(stream) }
        return fcntl(fileno(stream), F_DUPFD_CLOEXEC, 0)
    }
}
