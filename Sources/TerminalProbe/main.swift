import Console
import Terminal

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

// Runs a stand-in for the console in the terminal that it is started on, so that tests can press its keys, signal it and
// crash it. Ends with one line, `stopped: REASON`, and exit code 0; 2 where there can be no console.
let environment = ProcessInfo.processInfo.environment
let mailbox = try Mailbox()
var probe = Probe()
let feed = Feed(mailbox: mailbox)
if environment["PROBE_FEED"] != nil { feed.start() }

do {
    let reason = try runConsole(
        &probe,
        mailbox: mailbox,
        options: TerminalOptions(
            color: TerminalOptions.Color(rawValue: environment["PROBE_COLOR"] ?? "") ?? .auto,
            environment: environment
        ),
        styles: { Probe.styles[$0] ?? [:] },
        now: { Int64(Date().timeIntervalSince1970 * 1000) },
        perform: { _ in mailbox.post(.reply(CommandReply(ok: true, message: "done"))) }
    )
    print("stopped: \(reason)")
} catch {
    print("refused: \(error)")
    exit(2)
}
