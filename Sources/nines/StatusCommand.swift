import ArgumentParser
import Console
import Engine
import SLO
import Settings
import Storage
import Upstream

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The numbers, the error budget, alerts and the mode, from the ledger; providers where an engine runs."
    )
    @OptionGroup var options: CommonOptions
    @Flag(help: "The same as JSON.") var json = false
    @Flag(help: "The same in one line, for status bars.") var line = false
    @Option(help: ArgumentHelp("Of one tenant.", valueName: "id")) var tenant: String?
    @Option(help: ArgumentHelp("Of one feature.", valueName: "name")) var feature: String?
    @Option(help: ArgumentHelp("Of one model group.", valueName: "name")) var group: String?
    @Option(help: ArgumentHelp("Of what one provider answered.", valueName: "name")) var provider: String?
    @Option(help: ArgumentHelp("Instead of the objectives' window, such as 1h.", valueName: "duration"))
    var window: String?
    @Option(help: ArgumentHelp("The engine's control socket; its figures alone then.", valueName: "path"))
    var socket: String?

    private var filter: SeriesFilter {
        SeriesFilter(tenant: tenant, feature: feature, group: group, provider: provider)
    }

    func validate() throws {
        if json, line { throw ValidationError("--json and --line exclude each other") }
        if let window, parsedLength(window) == nil {
            throw ValidationError("--window '\(window)' is no duration: give one such as 15m, 1h or 7d")
        }
        if socket != nil, window != nil || filter != .all {
            throw ValidationError("--socket shows what the engine shows: leave out --window and the filters")
        }
    }

    func run() async throws {
        if let socket {
            let client = ControlClient(upstream: try CurlUpstream(), socket: socket)
            let snapshot = try await client.snapshot()
            return show(StatusText(snapshot), seconds: snapshot.windowDays * 86_400)
        }
        let surroundings = Surroundings()
        let report = try surroundings.ledgerToRead(options, window: window.flatMap(parsedLength))
        var snapshot = try report.snapshot(now: wallMilliseconds(), of: filter)
        let path = surroundings.socket(
            port: report.config.port,
            database: try surroundings.database(options, report.config)
        )
        let client = ControlClient(upstream: try CurlUpstream(), socket: path)
        let live = try? await client.snapshot()
        if let live { snapshot.addLive(live) }
        var text = StatusText(snapshot)
        text.isLive = live != nil
        text.part = [("tenant", tenant), ("feature", feature), ("group", group), ("provider", provider)]
            .compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
        show(text, seconds: Int(report.ledger.objectives.window.components.seconds))
    }

    private func show(_ status: StatusText, seconds: Int) {
        var status = status
        status.windowSeconds = seconds
        if json {
            print(documentText(StatusDocument(status)))
        } else {
            print(line ? status.oneLine : status.text)
        }
    }
}

extension EngineSnapshot {
    /// What only a running engine knows.
    fileprivate mutating func addLive(_ live: EngineSnapshot) {
        startedAt = live.startedAt
        version = live.version
        listen = live.listen
        isDemo = live.isDemo
        (mode, modeSince) = (live.mode, live.modeSince)
        routes = live.routes
        providers = live.providers
        inFlight = live.inFlight
        sinks = live.sinks
        drill = live.drill
        caps = live.caps
        warnings = live.warnings
        cache = live.cache
    }
}
