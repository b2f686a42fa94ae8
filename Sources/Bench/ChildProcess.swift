#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A program that the bench started, and the one descriptor on which the bench talks with it.
final class ChildProcess {
    enum Channel {
        case none
        /// The bench reads its standard output.
        case output
        /// The bench writes its standard input.
        case keyboard
        /// It runs in a pseudo-terminal that the bench owns.
        case terminal(columns: UInt16, rows: UInt16)
    }

    let id: pid_t
    private var descriptor: Int32
    private var hasEnded = false

    /// `errors` is the file that its standard error is appended to; nil leaves it where ours goes.
    init(_ arguments: [String], environment: [String: String], channel: Channel, errors: String?) throws {
        var plumbing = try Plumbing(channel)
        if let errors { plumbing.appendErrors(to: errors) }
        id = try plumbing.spawn(arguments, environment)
        descriptor = plumbing.ours
    }

    deinit { hangUp() }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        #if canImport(Darwin)
            _ = Darwin.write(descriptor, bytes, bytes.count)
        #else
            _ = Glibc.write(descriptor, bytes, bytes.count)
        #endif
    }

    /// What it writes within `time`; nil once it has closed its end.
    func read(within time: Duration) -> [UInt8]? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(time / .milliseconds(1))) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        #if canImport(Darwin)
            let count = Darwin.read(descriptor, &buffer, buffer.count)
        #else
            let count = Glibc.read(descriptor, &buffer, buffer.count)
        #endif
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    func hangUp() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// Asks it to end, insists after three seconds, and waits.
    func end() {
        guard !hasEnded else { return }
        send(SIGTERM)
        for _ in 0..<300 {
            if hasGone { return hangUp() }
            // A program that can't write can't end.
            if descriptor >= 0 { _ = read(within: .zero) }
            usleep(10_000)
        }
        kill()
    }

    func kill() {
        guard !hasEnded else { return }
        send(SIGKILL)
        hangUp()
        wait()
    }

    private func send(_ number: Int32) {
        #if canImport(Darwin)
            Darwin.kill(id, number)
        #else
            Glibc.kill(id, number)
        #endif
    }

    func wait() {
        guard !hasEnded else { return }
        waitpid(id, nil, 0)
        hasEnded = true
    }

    /// True once it has ended by itself.
    var hasGone: Bool {
        if !hasEnded { hasEnded = waitpid(id, nil, WNOHANG) == id }
        return hasEnded
    }
}

/// The descriptors of a child in the making.
private struct Plumbing {
    private(set) var ours: Int32 = -1
    private var theirs: Int32 = -1
    private var isSession = false
    #if canImport(Darwin)
        private var actions: posix_spawn_file_actions_t?
        private var attributes: posix_spawnattr_t?
    #else
        private var actions = posix_spawn_file_actions_t()
        private var attributes = posix_spawnattr_t()
    #endif

    init(_ channel: ChildProcess.Channel) throws {
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        switch channel {
        case .none:
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
        case .output:
            try pipe(theirEnd: 1)
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, theirs, STDOUT_FILENO)
        case .keyboard:
            try pipe(theirEnd: 0)
            posix_spawn_file_actions_adddup2(&actions, theirs, STDIN_FILENO)
        case .terminal(let columns, let rows): try terminal(columns: columns, rows: rows)
        }
    }

    mutating func appendErrors(to path: String) {
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }

    mutating func spawn(_ arguments: [String], _ environment: [String: String]) throws -> pid_t {
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
            if theirs >= 0 { close(theirs) }
        }
        // What we ignore and block is no business of theirs.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        if isSession { flags |= Self.newSession }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, arguments[0], &actions, &attributes, words, variables)
        guard code == 0 else {
            close(ours)
            throw BenchError("can't start \(arguments[0]): \(String(cString: strerror(code)))")
        }
        return id
    }

    private mutating func pipe(theirEnd: Int) throws {
        var ends: [Int32] = [-1, -1]
        #if canImport(Darwin)
            let code = Darwin.pipe(&ends)
        #else
            let code = Glibc.pipe(&ends)
        #endif
        guard code == 0 else { throw BenchError("no pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (theirs, ours) = (ends[theirEnd], ends[1 - theirEnd])
    }

    /// The child leads a session of its own, so that the terminal it opens first becomes its own.
    private mutating func terminal(columns: UInt16, rows: UInt16) throws {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&ours, &theirs, nil, nil, &size) == 0, let name = ttyname(theirs) else {
            throw BenchError("no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        for end in [ours, theirs] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        isSession = true
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
    }

    #if canImport(Darwin)
        private static let newSession = Int32(POSIX_SPAWN_SETSID)
    #else
        /// `POSIX_SPAWN_SETSID` of spawn.h, which stands behind a feature macro.
        private static let newSession: Int32 = 0x80
    #endif
}
