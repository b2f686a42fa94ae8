import Engine
import Routing
import SLO
import Settings
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The process's environment and the places that follow from it.
struct Surroundings {
    let environment = ProcessInfo.processInfo.environment
    let currentDirectory = FileManager.default.currentDirectoryPath

    var home: String { environment["HOME"] ?? "/" }

    /// By this name the user takes part in drills.
    var person: String { environment["USER"] ?? environment["LOGNAME"] ?? "" }

    func locate(_ options: CommonOptions) -> ConfigLocation {
        locateConfig(
            option: options.config,
            environment: environment,
            currentDirectory: currentDirectory,
            fileExists: { FileManager.default.fileExists(atPath: $0) }
        )
    }

    /// Reads the config for serving: warnings are printed, errors end the command.
    func config(_ options: CommonOptions, purpose: ConfigPurpose = .serve, isQuiet: Bool = false) throws -> NinesConfig
    {
        let location = locate(options)
        guard let path = location.path else {
            throw Failure(
                "there is no config (looked for \(location.searched.joined(separator: ", "))). 'nines init' writes one, 'nines demo' needs none."
            )
        }
        let loaded = loadConfig(path: path, environment: environment, purpose: purpose, home: home)
        for diagnostic in loaded.diagnostics where !isQuiet || diagnostic.severity == .error {
            printError("\(diagnostic)")
        }
        guard let config = loaded.config else {
            throw Failure("the config has errors\(purpose == .serve ? "; nothing was started" : "")")
        }
        return config
    }

    func database(_ options: CommonOptions, _ config: NinesConfig?) throws -> String {
        guard let path = locateDatabase(option: options.db, config: config, environment: environment) else {
            throw Failure("no place for the database: set --db, nines.database or HOME")
        }
        return path
    }

    /// The config and its ledger, to look something up; with `--db` the file alone is enough, and the promise is the one
    /// that stands in it.
    ///
    /// Where nothing was served yet, there is no file: then the ledger is an empty one. `window` replaces that of the
    /// objectives.
    func ledgerToRead(_ options: CommonOptions, window: Duration? = nil) throws -> LedgerReport {
        let hasConfig = locate(options).path != nil
        var config =
            hasConfig || options.db == nil ? try self.config(options, purpose: .check, isQuiet: true) : nil
        let path = try database(options, config)
        let exists = FileManager.default.fileExists(atPath: path)
        guard exists || options.db == nil else {
            throw Failure("there is no database \(path): set --db, or --config to the config that names it")
        }
        if !exists { printError("warning: there is no database \(path) yet: nothing was served") }
        var objectives = config?.objectives
        if objectives == nil, window != nil { objectives = try Ledger.openToRead(path: path).objectives }
        if let window { objectives?.window = window }
        let ledger = try Ledger.openToRead(path: exists ? path : ":memory:", objectives: objectives)
        config = config ?? NinesConfig()
        config?.objectives = ledger.objectives
        return LedgerReport(config: config ?? NinesConfig(), ledger: ledger)
    }

    /// The control socket of the engine that listens on `port`.
    func socket(port: Int, database: String) -> String {
        if let runtime = environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/") {
            return "\(runtime)/nines/\(port).sock"
        }
        let folder = URL(fileURLWithPath: database).deletingLastPathComponent().path
        return "\(folder)/\(port).sock"
    }

    /// `BYPASS_ROUTER` as a use of the switch; nil where it is not set.
    func bypassOverride() throws -> Bool? {
        switch environment["BYPASS_ROUTER"]?.lowercased() {
        case nil, "": nil
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        case .some(let text): throw Failure("BYPASS_ROUTER is '\(text)': set it to true or false, or unset it")
        }
    }
}
