import ArgumentParser
import Engine
import SLO
import Settings
import Storage

struct Maintenance: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Declared windows in which requests don't count for the objectives. The past can't be declared.",
        subcommands: [Add.self, List.self, Cancel.self],
        defaultSubcommand: List.self
    )

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Declare a window, 4 h at most. A running engine knows of it within 10 s.",
            discussion:
                "Times are ISO 8601 (2027-01-31T22:00Z; without an offset UTC), or +30m: from now on, and for --to from the start on."
        )
        @Option(help: ArgumentHelp("When it begins.", valueName: "time")) var from: String
        @Option(help: ArgumentHelp("When it ends.", valueName: "time")) var to: String
        @Option(help: "Why, for whoever reads the figures.") var reason: String
        @OptionGroup var options: CommonOptions

        func validate() throws {
            for (name, text) in [("--from", from), ("--to", to)] where parsedTime(text, from: 0) == nil {
                throw ValidationError("\(name) '\(text)' is no time: give one such as 2027-01-31T22:00Z or +30m")
            }
        }

        func run() throws {
            let surroundings = Surroundings()
            let config = try surroundings.config(options, purpose: .check, isQuiet: true)
            let now = wallMilliseconds()
            let start = parsedTime(from, from: now) ?? now
            let plan: MaintenancePlan
            do throws(MaintenancePlan.Refusal) {
                plan = try MaintenancePlan(
                    from: start,
                    to: parsedTime(to, from: start) ?? start,
                    reason: reason,
                    now: now
                )
            } catch {
                throw Failure(error.text)
            }
            let ledger = try Ledger.open(
                path: try surroundings.database(options, config),
                objectives: config.objectives
            )
            let window = try ledger.declareMaintenance(
                id: "mnt_\(String(UInt32.random(in: 0 ... .max), radix: 36))",
                from: plan.span.from,
                to: plan.span.to,
                reason: plan.reason,
                now: now
            )
            print(
                "\(window.id): \(timeText(window.from)) to \(timeText(window.to)), declared. 'nines maintenance cancel \(window.id)' calls it off."
            )
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every window, also those that are over.")
        @OptionGroup var options: CommonOptions
        @Flag(help: "The same as JSON.") var json = false

        private struct Document: Encodable {
            let id: String
            let from: String
            let to: String
            let state: String
            let reason: String
            let declared: String
            let cancelled: String?
        }

        func run() throws {
            let now = wallMilliseconds()
            let windows = try Surroundings().ledgerToRead(options).ledger.maintenance()
            if json {
                let documents = windows.map {
                    Document(
                        id: $0.id,
                        from: timeText($0.from),
                        to: timeText($0.to),
                        state: $0.state(at: now),
                        reason: $0.reason,
                        declared: timeText($0.declared),
                        cancelled: $0.cancelled.map(timeText)
                    )
                }
                return print(documentText(documents))
            }
            if windows.isEmpty { print("no maintenance was ever declared") }
            for window in windows {
                let span = "\(timeText(window.from)) to \(timeText(window.to))"
                print(shown("\(padded(window.id, 12))\(padded(window.state(at: now), 11))\(span)  \(window.reason)"))
            }
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Call off what is left of a window; what it has excluded so far stays so."
        )
        @Argument(help: "As 'nines maintenance list' has it.") var id: String
        @OptionGroup var options: CommonOptions

        func run() throws {
            let ledger = try Surroundings().ledgerToRead(options).ledger
            guard try ledger.cancelMaintenance(id: id, now: wallMilliseconds()) else {
                throw Failure("there is nothing left to cancel of '\(id)': 'nines maintenance list' has the windows")
            }
            print("\(id) is cancelled")
        }
    }
}

extension MaintenanceWindow {
    fileprivate func state(at now: Int64) -> String {
        if let cancelled { return cancelled <= from ? "cancelled" : "cut short" }
        if now < from { return "declared" }
        return now < to ? "under way" : "over"
    }
}
