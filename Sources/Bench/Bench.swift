import ArgumentParser

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nines-bench",
        abstract: "Measures nines against a direct call, in the same run and on the same machine.",
        subcommands: [Measure.self, Upstream.self, Keeper.self],
        defaultSubcommand: Measure.self
    )
}

struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run every measurement and print what came of it.")

    @Option(help: ArgumentHelp("The nines binary to measure.", valueName: "path"))
    var nines = ".build/release/nines"
    @Flag(help: "Fewer and shorter rounds: under 40 seconds.")
    var quick = false
    @Option(
        help: ArgumentHelp("Measure one part only: \(Part.allValueStrings.joined(separator: ", ")).", valueName: "part")
    )
    var only: Part?

    enum Part: String, ExpressibleByArgument, CaseIterable { case requests, start, console }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
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
