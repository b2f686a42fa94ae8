#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Measures nines against a direct call, in the same run and on the same machine.
@main
enum Bench {
    private static let usage = """
        nines-bench [--nines PATH] [--quick] [--only requests|start|console]
          --nines PATH   the binary to measure (default: .build/release/nines)
          --quick        fewer and shorter rounds: under 40 seconds
          --only PART    one part of the measurements
        nines-bench ledger FILE [REQUESTS]
                         the ledger by itself, in a new file: its writer, and its answers once it is full
        """

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var words = CommandLine.arguments.dropFirst()
            // The two that the bench starts itself.
            if words.first == "upstream" { return try await serveUpstream() }
            if words.first == "keeper", let folder = words.dropFirst().first { return keep(folder) }
            if words.first == "ledger", let path = words.dropFirst().first {
                var measure = LedgerMeasure(path: path)
                if let requests = words.dropFirst(2).first.flatMap({ Int($0) }) { measure.requests = requests }
                return try await measure.run()
            }
            var measure = Measure()
            while let word = words.popFirst() {
                switch word {
                case "--nines": measure.nines = words.popFirst() ?? ""
                case "--quick": measure.quick = true
                case "--only":
                    guard let part = Measure.Part(rawValue: words.popFirst() ?? "") else { throw BenchError(usage) }
                    measure.only = part
                default: throw BenchError(usage)
                }
            }
            try await measure.run()
        } catch {
            print("nines-bench: \(error)")
            exit(1)
        }
    }
}

/// One run of the bench.
struct Measure {
    enum Part: String { case requests, start, console }

    var nines = ".build/release/nines"
    var quick = false
    var only: Part?

    func run() async throws {
        guard access(nines, X_OK) == 0 else {
            throw BenchError("there is no nines binary at \(nines): build it, or name it with --nines")
        }
        let workshop = try Workshop(nines: nines)
        defer { workshop.close() }
        let pace = quick ? Pace.quick : Pace.full
        var targets: [Target] = []
        print("# nines-bench\n\n\(machine())\n")
        if only == nil || only == .requests { targets += try await measureRequests(workshop, pace) }
        if only == nil || only == .start { targets += try await measureStart(workshop, pace) }
        if only == nil || only == .console { targets += try measureConsole(workshop, pace) }
        print("\n## Targets\n")
        for target in targets { print(target.line) }
    }

    private func machine() -> String {
        var load = [0.0, 0.0, 0.0]
        getloadavg(&load, 3)
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return "\(cores) cores, load average at the start \(text(load[0], 1)). Everything runs on this machine, the "
            + "upstream and the load generator included."
    }
}

/// How long and how often things are measured.
struct Pace: Sendable {
    var rounds: Int
    var warmUp: Duration
    var duration: Duration
    var starts: Int
    /// The console's part: to settle, at work, frozen.
    var settling: Duration
    var watching: Duration
    var frozen: Duration

    static let full = Pace(
        rounds: 5,
        warmUp: .milliseconds(200),
        duration: .milliseconds(1200),
        starts: 5,
        settling: .seconds(4),
        watching: .seconds(15),
        frozen: .seconds(5)
    )
    static let quick = Pace(
        rounds: 3,
        warmUp: .milliseconds(100),
        duration: .milliseconds(300),
        starts: 3,
        settling: .seconds(2),
        watching: .seconds(5),
        frozen: .seconds(3)
    )
}

/// Why the bench can't go on, and what to do.
struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
