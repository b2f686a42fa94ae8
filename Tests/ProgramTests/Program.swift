import Foundation

/// The built `nines`, run as people run it, with files of its own.
struct Program {
    struct Failed: Error, CustomStringConvertible { let description: String }

    /// Removed by `close`.
    let folder: URL

    init() throws {
        // Short, since a socket's path may have a hundred characters.
        folder = URL(fileURLWithPath: "/tmp/nines-test-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func close() { try? FileManager.default.removeItem(at: folder) }

    /// Beside the test bundle or this process.
    static func path() throws -> String {
        let arguments = CommandLine.arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        for start in arguments + [URL(fileURLWithPath: FileManager.default.currentDirectoryPath + "/.build/debug")] {
            var place = start
            for _ in 0..<4 {
                let candidate = place.appendingPathComponent("nines").path
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue,
                    FileManager.default.isExecutableFile(atPath: candidate)
                {
                    return candidate
                }
                place = place.deletingLastPathComponent()
            }
        }
        throw Failed(description: "nines is not beside the tests")
    }

    var environment: [String: String] {
        [
            "HOME": folder.path, "XDG_STATE_HOME": folder.path, "XDG_RUNTIME_DIR": folder.path, "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "dumb",
        ]
    }

    /// Runs it to its end.
    func run(_ arguments: [String], environment extra: [String: String] = [:]) throws -> Ended {
        try execute(try Self.path(), arguments, in: folder, environment: environment.merging(extra) { $1 })
    }
}

/// A program that runs beside the test until it is stopped.
struct Running {
    private let process: pid_t
    private let folder: URL

    /// What it says goes to a file in the program's folder.
    init(_ program: Program, _ arguments: [String], environment extra: [String: String] = [:]) throws {
        folder = program.folder
        process = try start(
            try Program.path(),
            arguments,
            in: folder,
            environment: program.environment.merging(extra) { $1 },
            out: folder.appendingPathComponent("out.log").path,
            err: folder.appendingPathComponent("err.log").path
        )
    }

    /// What it said to standard error so far.
    var said: String {
        (try? String(contentsOf: folder.appendingPathComponent("err.log"), encoding: .utf8)) ?? ""
    }

    /// Asks it to end, or ends it, and waits until it has.
    @discardableResult
    func stop(by signal: Int32 = SIGTERM) -> Int32 {
        kill(process, signal)
        return end(of: process)
    }
}

/// Waits for what must come; two minutes at most.
func wait(for what: String, _ condition: () async throws -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(120)
    while try await !condition() {
        guard ContinuousClock.now < limit else { throw Program.Failed(description: "there never was \(what)") }
        try await Task.sleep(for: .milliseconds(50))
    }
}

/// A process that has ended.
struct Ended {
    let code: Int32
    let out: String
    let err: String
}

/// Output goes through files: a pipe's end would be inherited by whatever starts at the same moment, and never close.
private func execute(
    _ path: String,
    _ arguments: [String],
    in folder: URL? = nil,
    environment: [String: String]? = nil
) throws -> Ended {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("nines-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = [scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err")]
    for file in files { try Data().write(to: file) }
    let code = try spawn(path, arguments, in: folder, environment: environment, out: files[0].path, err: files[1].path)
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Ended(code: code, out: texts[0], err: texts[1])
}

/// A terminal window: tmux on a socket of its own.
struct Window {
    private let socket = "nines-\(UInt32.random(in: 0 ... .max))"
    /// Holds the program's process id.
    private let processFile: URL

    static var isAvailable: Bool { (try? tmux(["-V"])) != nil }

    init(_ program: Program, size: (columns: Int, rows: Int), arguments: [String], environment: [String: String] = [:])
        throws
    {
        let variables = program.environment.merging(["TERM": "tmux-256color"]) { $1 }.merging(environment) { $1 }
        processFile = program.folder.appendingPathComponent("pid-\(socket)")
        let noted = ["sh", "-c", "echo $$ > '\(processFile.path)'; exec \"$@\"", "sh"]
        let inner = noted + ["env", "-i"] + variables.map { "\($0)=\($1)" } + [try Program.path()] + arguments
        // The shell stays when the program ends, and tells how.
        let script = "\"$@\"; echo \"ended $?\"; stty -a | grep -o -- ' -\\?icanon'; exec sleep 600"
        let size = ["-x", String(size.columns), "-y", String(size.rows)]
        try run(["-f", "/dev/null", "new-session", "-d"] + size + ["-s", "w", "sh", "-c", script, "sh"] + inner)
        try run(["set", "-g", "status", "off"])
        try run(["resize-window", "-t", "w"] + size)
    }

    func press(_ keys: String...) throws { for key in keys { try run(["send-keys", "-t", "w", key]) } }

    var text: String { (try? run(["capture-pane", "-p", "-t", "w"])) ?? "" }
    /// With its colours as escape codes.
    var styled: String { (try? run(["capture-pane", "-e", "-p", "-t", "w"])) ?? "" }

    func signal(_ number: Int32) throws {
        let text = try String(contentsOf: processFile, encoding: .utf8)
        guard let process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), kill(process, number) == 0
        else {
            throw Program.Failed(description: "no process '\(text)' to signal")
        }
    }

    func resize(_ columns: Int, _ rows: Int) throws {
        try run(["resize-window", "-t", "w", "-x", String(columns), "-y", String(rows)])
    }

    func close() { _ = try? run(["kill-server"]) }

    /// Waits until the screen says so; two minutes at most.
    func waits(for what: String, _ condition: (String) -> Bool) async throws -> String {
        let limit = ContinuousClock.now + .seconds(120)
        while true {
            let screen = text
            if condition(screen) { return screen }
            guard ContinuousClock.now < limit else {
                throw Program.Failed(description: "the screen never showed \(what):\n\(screen)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String { try Self.tmux(["-L", socket] + arguments) }

    private static func tmux(_ arguments: [String]) throws -> String { try shell("/usr/bin/env", ["tmux"] + arguments) }
}

private func shell(_ path: String, _ arguments: [String]) throws -> String {
    let ended = try execute(path, arguments)
    guard ended.code == 0 else {
        throw Program.Failed(description: "\(arguments.joined(separator: " ")): \(ended.code) \(ended.err)")
    }
    return ended.out
}

/// Starts a program and waits for it, and for it alone: Foundation's `Process` would wait for the server that tmux leaves.
private func spawn(
    _ path: String,
    _ arguments: [String],
    in folder: URL?,
    environment: [String: String]?,
    out: String,
    err: String
) throws -> Int32 {
    end(of: try start(path, arguments, in: folder, environment: environment, out: out, err: err))
}

/// The exit code, or minus the number of the signal that ended it.
private func end(of process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
}

private func start(
    _ path: String,
    _ arguments: [String],
    in folder: URL?,
    environment: [String: String]?,
    out: String,
    err: String
) throws -> pid_t {
    // A folder of its own and a clean environment, without touching this process's.
    let place = folder.map { ["-C", $0.path] } ?? []
    let variables = environment.map { ["-i"] + $0.map { "\($0)=\($1)" } } ?? []
    var words: [UnsafeMutablePointer<CChar>?] = (["/usr/bin/env"] + place + variables + [path] + arguments).map {
        strdup($0)
    }
    words.append(nil)
    defer { words.forEach { free($0) } }
    #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        let inherited = _NSGetEnviron().pointee
    #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        let inherited = environ
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT, 0o600)
    // Swift's threads block signals that a program expects to get.
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process = pid_t()
    let problem = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, words, inherited)
    guard problem == 0 else { throw Program.Failed(description: "can't start \(path): \(problem)") }
    return process
}
