#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The calls of the operating system that differ between platforms, or that Swift makes awkward.

func errorText(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}

/// `close`, for types that have a method of that name.
func closeDescriptor(_ descriptor: Int32) { close(descriptor) }

/// Milliseconds of a clock that never jumps.
func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

/// The terminal that this program was started on, opened anew so that its flags are ours alone.
///
/// - Returns: nil where there is none.
func openTerminal() -> Int32? {
    let named = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].compactMap(terminalPath)
    #if canImport(Darwin)
        // poll() refuses /dev/tty there.
        let paths = named + ["/dev/tty"]
    #else
        let paths = ["/dev/tty"] + named
    #endif
    for path in paths {
        let descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { continue }
        guard isatty(descriptor) == 1 else {
            close(descriptor)
            continue
        }
        return descriptor
    }
    return nil
}

private func terminalPath(_ descriptor: Int32) -> String? {
    guard isatty(descriptor) == 1 else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let base = buffer.baseAddress, ttyname_r(descriptor, base, buffer.count) == 0 else { return nil }
        return String(cString: base)
    }
}

/// Columns and rows as the terminal tells them; nil where it does not know.
func terminalSize(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
}

/// What `poll` says of one descriptor; 0 when the time is up or a signal came.
///
/// `timeout` is milliseconds; -1 waits for ever.
func wait(on descriptor: Int32, for events: Int16, timeout: Int32) -> Int16 {
    var entry = pollfd(fd: descriptor, events: events, revents: 0)
    return poll(&entry, 1, timeout) > 0 ? entry.revents : 0
}

/// A pipe whose ends never block and are not inherited.
func makePipe() throws(TerminalError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .system(doing: "cannot make a pipe", code: errno) }
    for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
    }
    return (ends[0], ends[1])
}
