import ArgumentParser
import Console
import Engine
import SLO
import Settings
import Storage

struct Alerts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How each alert stands, whether the pagers hear of it, and what to do about one.",
        subcommands: [List.self, Test.self, Acknowledge.self, Mute.self],
        defaultSubcommand: List.self
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every alert as it was last judged, and what happened lately. Needs no engine."
        )
        @OptionGroup var options: CommonOptions
        @Flag(help: "The same as JSON.") var json = false

        private struct Document: Encodable {
            let alerts: [AlertDocument]
            let events: [Event]
        }

        private struct Event: Encodable {
            let time: String
            let alert: String
            let kind: String
            let severity: String
            let text: String
        }

        func run() throws {
            let report = try Surroundings().ledgerToRead(options)
            let alerts = try report.alertBook().rows(now: wallMilliseconds())
            let events = try report.ledger.alertEvents(limit: 50)
            if json {
                let past = events.map {
                    Event(time: timeText($0.at), alert: $0.key, kind: $0.kind, severity: $0.severity, text: $0.text)
                }
                return print(documentText(Document(alerts: alerts.map(AlertDocument.init), events: past)))
            }
            for alert in alerts { print(shown(alertText(alert))) }
            guard !events.isEmpty else { return }
            print("\nlately:")
            for event in events { print(shown("\(timeText(event.at))  \(padded(event.kind, 14))\(event.text)")) }
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ack",
            abstract: "Somebody looks after it: nothing but its end is told any more. Needs a running engine."
        )
        @Argument(help: "As 'nines alerts list' has it.") var id: String
        @OptionGroup var options: CommonOptions
        @Option(help: ArgumentHelp("The engine's control socket.", valueName: "path")) var socket: String?

        func run() async throws { try await tell(.acknowledge(alert: id, by: Surroundings().person), options, socket) }
    }

    struct Mute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep an alert from paging for a while; it is judged as ever. Needs a running engine."
        )
        @Argument(help: "As 'nines alerts list' has it.") var id: String
        @OptionGroup var options: CommonOptions
        @Option(name: .customLong("for"), help: ArgumentHelp("Up to 7d; off ends it.", valueName: "duration"))
        var time = "1h"
        @Option(help: ArgumentHelp("The engine's control socket.", valueName: "path")) var socket: String?

        /// Whole seconds; 0 for `off`, nil for what is no such time.
        private var seconds: Int? {
            if time == "off" { return 0 }
            return parsedLength(time).flatMap { length in
                length >= .seconds(1) && length <= Alert.longestMute ? Int(length.components.seconds) : nil
            }
        }

        func validate() throws {
            guard seconds == nil else { return }
            throw ValidationError("--for '\(time)' is no time to mute for: give one from 1s to 7d, or off")
        }

        func run() async throws { try await tell(.mute(alert: id, seconds: seconds ?? 0), options, socket) }
    }
}

private func tell(_ command: EngineCommand, _ options: CommonOptions, _ socket: String?) async throws {
    let reply = try await control(options, socket: socket).perform(command)
    guard reply.ok else { throw Failure(reply.message) }
    print(reply.message)
}
