import Drills

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One page on one drill, as Markdown.
struct DrillReport: Sendable {
    let drill: KeyDrill
    /// UTC milliseconds.
    let openedAt: Int64
    let version: String
    let isDemo: Bool
    let targetFailover: Duration
    let budgetBefore: Double?
    let budgetAfter: Double?

    /// Pass: failed over within the target, nothing lost, and the primary back.
    ///
    /// Anything less is named.
    var verdict: String {
        if drill.phase == .aborted { return "aborted" }
        var findings: [String] = []
        if let time = elapsed(drill.inducedAt, drill.failedOverAt) {
            if time > targetFailover { findings.append("failover took longer than \(seconds(targetFailover))") }
        } else {
            findings.append("no failed-over success was seen")
        }
        if drill.lost > 0 { findings.append("\(drill.lost) requests were lost") }
        if drill.recoveredAt == nil { findings.append("the primary was not seen to answer again") }
        return findings.isEmpty ? "pass" : "fail: " + findings.joined(separator: "; ")
    }

    var markdown: String {
        let rows: [(String, String)] = [
            ("Drill", drill.id),
            ("Opened", Date(timeIntervalSince1970: Double(openedAt) / 1_000).formatted(.iso8601)),
            ("Fault", "key \(drill.credential) of \(drill.target), revoked in the router's memory"),
            ("Verdict", verdict),
            ("Time to detect", seconds(elapsed(drill.inducedAt, drill.detectedAt))),
            ("Time to first failed-over success", seconds(elapsed(drill.inducedAt, drill.failedOverAt))),
            ("Fault in for", seconds(elapsed(drill.inducedAt, drill.restoredAt))),
            ("Time from restore to the primary's answer", seconds(elapsed(drill.restoredAt, drill.recoveredAt))),
            (
                "Requests while the fault was in",
                "\(drill.requests), failed over \(drill.failedOver), lost \(drill.lost)"
            ),
            ("Error budget left", "\(percent(budgetBefore)) before, \(percent(budgetAfter)) after"),
            ("Nines", version),
        ]
        let table = rows.map { "| \($0.0) | \($0.1) |" }.joined(separator: "\n")
        let timeline = drill.timeline.map { "- T+\(clockText($0.at)) \($0.source): \($0.text)" }.joined(separator: "\n")
        let note = isDemo ? "\nThe providers of this drill were simulated (`nines demo`); the router was real.\n" : ""
        return """
            # Closeout: revoke the primary's key
            \(note)
            | | |
            | --- | --- |
            \(table)

            ## Timeline

            \(timeline)

            """
    }

    private func elapsed(_ from: Duration?, _ to: Duration?) -> Duration? {
        guard let from, let to else { return nil }
        return to - from
    }

    private func seconds(_ time: Duration?) -> String {
        guard let time else { return "not seen" }
        let milliseconds = Int(time.microseconds / 1_000)
        return milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1_000) s"
    }

    private func percent(_ share: Double?) -> String {
        guard let share else { return "no traffic yet" }
        return "\((share * 1_000).rounded() / 10) %"
    }
}

/// Writes `text` to a file of its own; what stands there already is never overwritten.
/// - Returns: the file's absolute path.
func writeReport(_ text: String, named name: String, in directory: String) throws -> String {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let url = URL(fileURLWithPath: directory).appendingPathComponent(name)
    try Data(text.utf8).write(to: url, options: .withoutOverwriting)
    return url.path
}
