import ArgumentParser

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The program's version, as `--version`, reports and snapshots give it.
let ninesVersion = "0.1.0"

@main
struct Nines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nines",
        abstract: "Two LLM providers behind one URL, and the number you promised, on one screen.",
        version: ninesVersion,
        subcommands: [
            Run.self, Demo.self, Serve.self, Attach.self, Init.self, Check.self, Status.self, Gate.self, Bypass.self,
            Env.self, Alerts.self, Maintenance.self, DrillCommands.self, Explain.self, Export.self, Cache.self,
            Prices.self, Doctor.self,
        ],
        defaultSubcommand: Run.self
    )

    static func main() async {
        // What we write may name tenants and spend: nobody else's business.
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: error)
        }
    }
}

/// What went wrong, in one sentence that says what to do; printed to standard error after `Error: `.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Options that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The config file.", valueName: "path"))
    var config: String?

    @Option(help: ArgumentHelp("The database file.", valueName: "path"))
    var db: String?
}

func printError(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Hands on what `print` holds back where standard output is no terminal.
func flushOutput() { fflush(nil) }
