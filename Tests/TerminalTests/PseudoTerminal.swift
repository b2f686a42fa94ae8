import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// A program in a pseudo-terminal of its own: the test is its screen and its keyboard.
final class PseudoTerminal {
    struct GaveUp: Error, CustomStringConvertible {
        let description: String
    }

    /// Far more than any machine needs: it only ends a test that would hang.
    static let patience = 60

    let process: pid_t
    /// Everything that the program wrote so far.
    private(set) var output: [UInt8] = []
    /// The modes that it found.
    let modesAtStart: [UInt8]
    private var keyboard: Int32
    private var status: Int32?

    /// Starts `terminal-probe`, or that inside the shell that `script` is for, with nothing in its environment but these.
    init(
        _ environment: [String: String] = [:],
        columns: UInt16 = 80,
        rows: UInt16 = 24,
        script: String? = nil
    ) throws {
        let base = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]
        let variables = base.merging(environment) { _, new in new }
        let probe = try Self.probe()
        guard let program = strdup(script == nil ? probe : "/bin/sh") else { throw GaveUp(description: "no memory") }
        let words = script.map { ["/bin/sh", "-m", "-c", $0, probe] } ?? [probe]
        let arguments = words.map { strdup($0) } + [nil]
        let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + settings + [program] { free(text) } }
        var modes = try Self.peculiarModes()
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        var master: Int32 = -1
        var slave: Int32 = -1
        guard openpty(&master, &slave, nil, &modes, &size) == 0 else {
            throw GaveUp(description: "no pseudo-terminal: error \(errno)")
        }
        defer { close(slave) }
        for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var path = [CChar](repeating: 0, count: 256)
        guard ttyname_r(slave, &path, path.count) == 0 else {
            throw GaveUp(description: "the pseudo-terminal has no name")
        }
        let child = try Self.spawn(program, arguments, settings, terminal: path)
        process = child
        keyboard = master
        modesAtStart = Self.bytes(of: modes)
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        hangUp()
    }

    // MARK: The terminal

    /// Reads until the program has written this, after what `from` counts.
    @discardableResult
    func see(_ text: String, from start: Int = 0) throws -> Int {
        let wanted = Array(text.utf8)
        let deadline = time(nil) + Self.patience
        while true {
            if let end = output.position(after: wanted, from: start) { return end }
            guard time(nil) < deadline, read(timeout: 1000) != .ended else {
                throw GaveUp(
                    description:
                        "never saw \(text); what came last: \(String(decoding: output.suffix(1000), as: UTF8.self).debugDescription)"
                )
            }
        }
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(keyboard, bytes, bytes.count)
    }

    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
    }

    /// Puts modes in force that are neither the program's nor those that it found, as a shell would.
    func cook() {
        var modes = termios()
        tcgetattr(keyboard, &modes)
        modes.c_lflag |= tcflag_t(ICANON | ECHO)
        tcsetattr(keyboard, TCSANOW, &modes)
    }

    /// Closes the terminal under the program.
    func hangUp() {
        if keyboard >= 0 { close(keyboard) }
        keyboard = -1
    }

    enum Reading { case some, nothing, ended }

    @discardableResult
    func read(timeout: Int32) -> Reading {
        var entry = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, timeout) > 0 else { return .nothing }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        #if canImport(Darwin)
            let count = Darwin.read(keyboard, &buffer, buffer.count)
        #else
            let count = Glibc.read(keyboard, &buffer, buffer.count)
        #endif
        guard count > 0 else { return .ended }
        output += buffer.prefix(count)
        return .some
    }

    /// Reads to the end, then how the program ended: its exit code, or minus the signal that killed it.
    func end() throws -> Int32 {
        let deadline = time(nil) + Self.patience
        while keyboard >= 0, read(timeout: 1000) != .ended {
            guard time(nil) < deadline else { throw GaveUp(description: "still runs") }
        }
        var word: Int32 = 0
        while waitpid(process, &word, WNOHANG) == 0 {
            guard time(nil) < deadline else { throw GaveUp(description: "closed its terminal and still runs") }
            poll(nil, 0, 5)
        }
        status = word
        return word & 0x7F == 0 ? (word >> 8) & 0xFF : -(word & 0x7F)
    }

    // MARK: What is in force

    /// The terminal's modes now, as bytes.
    var modes: [UInt8] {
        var modes = termios()
        tcgetattr(keyboard, &modes)
        return Self.bytes(of: modes)
    }

    /// Private modes that the program has switched, by number, and whether they are on now.
    var privateModes: [Int: Bool] {
        var result: [Int: Bool] = [:]
        for piece in output.split(separator: 0x1B) where piece.starts(with: "[?".utf8) {
            let body = piece.dropFirst(2)
            let numbers = body.prefix { (0x30...0x3B).contains($0) }
            guard let final = body.dropFirst(numbers.count).first else { continue }
            guard final == UInt8(ascii: "h") || final == UInt8(ascii: "l") else { continue }
            for number in String(decoding: numbers, as: UTF8.self).split(separator: ";") {
                if let number = Int(number) { result[number] = final == UInt8(ascii: "h") }
            }
        }
        return result
    }

    /// Starts a program whose controlling terminal is the one at `path`.
    ///
    /// Not `forkpty`: between fork and exec of a process with threads the Swift runtime may wait for a lock that nobody holds.
    private static func spawn(
        _ program: UnsafeMutablePointer<CChar>,
        _ arguments: [UnsafeMutablePointer<CChar>?],
        _ environment: [UnsafeMutablePointer<CChar>?],
        terminal path: UnsafePointer<CChar>
    ) throws -> pid_t {
        #if canImport(Darwin)
            var attributes: posix_spawnattr_t?
            var actions: posix_spawn_file_actions_t?
            let newSession = Int16(POSIX_SPAWN_SETSID)
        #else
            var attributes = posix_spawnattr_t()
            var actions = posix_spawn_file_actions_t()
            let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, which glibc shows to GNU sources only.
        #endif
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        // The thread that spawns may block signals, and the process ignore some.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGHUP, SIGPIPE, SIGTERM, SIGTSTP] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes,
            newSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        )
        // The first terminal that the leader of a session opens controls it.
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
        var child: pid_t = 0
        let error = posix_spawn(&child, program, &actions, &attributes, arguments, environment)
        guard error == 0 else { throw GaveUp(description: "no process: error \(error)") }
        return child
    }

    /// Modes of a cooked terminal with one byte that no default has.
    private static func peculiarModes() throws -> termios {
        var master: Int32 = -1
        var slave: Int32 = -1
        guard openpty(&master, &slave, nil, nil, nil) == 0 else { throw GaveUp(description: "no pseudo-terminal") }
        defer {
            close(master)
            close(slave)
        }
        var modes = termios()
        tcgetattr(slave, &modes)
        withUnsafeMutableBytes(of: &modes.c_cc) { $0[Int(VERASE)] = 0x05 }
        return modes
    }

    private static func bytes(of modes: termios) -> [UInt8] {
        var modes = modes
        return withUnsafeBytes(of: &modes.c_iflag) { Array($0) } + withUnsafeBytes(of: &modes.c_oflag) { Array($0) }
            + withUnsafeBytes(of: &modes.c_lflag) { Array($0) } + withUnsafeBytes(of: &modes.c_cc) { Array($0) }
    }

    /// The probe is built beside the tests.
    private static func probe() throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let folders =
            CommandLine.arguments.map { $0.split(separator: "/").dropLast().joined(separator: "/") }
            + CommandLine.arguments.map { $0.split(separator: "/").dropLast(4).joined(separator: "/") }
            + [root + "/.build/debug", root + "/.build/release"]
        for folder in folders where access("/\(folder)/terminal-probe", X_OK) == 0 {
            return "/\(folder)/terminal-probe"
        }
        throw GaveUp(description: "terminal-probe is not beside the tests")
    }
}

extension [UInt8] {
    /// The place after the first occurrence of `pattern`.
    func position(after pattern: [UInt8], from start: Int = 0) -> Int? {
        guard count >= start + pattern.count else { return nil }
        return (start...(count - pattern.count)).first { self[$0..<($0 + pattern.count)].elementsEqual(pattern) }
            .map { $0 + pattern.count }
    }

    func contains(_ text: String) -> Bool { position(after: Array(text.utf8)) != nil }

    /// How often `text` occurs.
    func count(of text: String) -> Int {
        var place = 0
        var found = 0
        while let next = position(after: Array(text.utf8), from: place) {
            place = next
            found += 1
        }
        return found
    }
}
