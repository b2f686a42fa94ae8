import ArgumentParser
import Engine
import SLO

struct Gate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "May I ship a change? Exit 0: open; 3: frozen (budget spent, page firing, or drill running).",
        discussion: "Needs no engine: the error budget is read from the ledger, alerts are as they were last judged."
    )
    @OptionGroup var options: CommonOptions
    @Flag(help: "The same as JSON.") var json = false

    private struct Document: Encodable {
        let gate: String
        let open: Bool
        let reasons: [String]
    }

    func run() throws {
        let verdict = try Surroundings().ledgerToRead(options).gate(now: wallMilliseconds())
        let reasons = verdict.reasons.joined(separator: "; ")
        if json {
            print(
                documentText(
                    Document(
                        gate: verdict.stance.rawValue,
                        open: verdict.stance != .frozen,
                        reasons: verdict.reasons
                    )
                )
            )
        } else {
            print(
                verdict.stance == .caution ? "open, with caution: \(reasons)" : "\(verdict.stance.rawValue): \(reasons)"
            )
        }
        guard verdict.stance == .frozen else { return }
        throw ExitCode(3)
    }
}
