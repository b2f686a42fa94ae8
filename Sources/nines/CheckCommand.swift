import ArgumentParser
import Engine
import Routing
import Settings
import Upstream

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the config and the drill files, print what is wrong with them. Exit 1 on an error.",
        discussion:
            "With --probe, each deployment is asked for one word as well, with its own key; that costs a few tokens."
    )
    @Flag(help: "Also send one tiny request to each deployment.") var probe = false
    @OptionGroup var options: CommonOptions

    func run() async throws {
        let surroundings = Surroundings()
        let location = surroundings.locate(options)
        guard let path = location.path else {
            throw Failure(
                "there is no config (looked for \(location.searched.joined(separator: ", "))). 'nines init' writes one."
            )
        }
        let environment = surroundings.environment
        let loaded = loadConfig(path: path, environment: environment, purpose: .check, home: surroundings.home)
        for diagnostic in loaded.diagnostics { print("\(diagnostic)") }
        guard let config = loaded.config else { throw ExitCode.failure }
        let drillProblems = DrillLibrary(config.drill).problems
        for problem in drillProblems { print(problem) }
        guard drillProblems.isEmpty else { throw ExitCode.failure }
        let deployments = config.groups.reduce(0) { $0 + $1.deployments.count }
        print("\(path): ok: \(count(config.groups.count, "model group")), \(count(deployments, "deployment"))")
        if probe { try await sendProbes(RouteTable(config)) }
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// All at once; the lines come in the order of the file.
    private func sendProbes(_ table: RouteTable) async throws {
        let upstream = try CurlUpstream()
        var seen: Set<DeploymentID> = []
        let deployments = table.config.groups.flatMap(\.deployments).filter { seen.insert($0.id).inserted }
        let probes = deployments.map { deployment in
            (deployment, Task { await table.probe(deployment, over: upstream, wall: wallMilliseconds()) })
        }
        var hasFailed = false
        let width = deployments.map(\.id.name.count).max() ?? 0
        for (deployment, probe) in probes {
            let answer = await probe.value
            hasFailed = hasFailed || answer.failure != nil
            let time = "\(Int((answer.elapsed / .milliseconds(1)).rounded())) ms"
            print("\(padded(deployment.id.name, width + 2))\(answer.failure.map(words) ?? "ok"), \(time)")
            flushOutput()
        }
        await upstream.shutdown()
        guard !hasFailed else { throw ExitCode.failure }
    }

    private func words(_ failure: AttemptFailure) -> String {
        let status = failure.status.map { " \($0)" } ?? ""
        let detail = failure.detail.isEmpty ? "" : " (\(failure.detail))"
        return "FAILED: \(failure.kind.rawValue)\(status)\(detail)"
    }
}
