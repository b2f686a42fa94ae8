import Foundation
import Testing

@testable import Drills

struct CloseoutTests {
    static func closeout(_ drill: Drill, _ figures: LedgerFigures = VerdictTests.figures()) -> Closeout {
        Closeout(
            drill,
            entries: Journal.entries(drill.records, hash: toyHash),
            figures: figures,
            surroundings: .init(
                version: "nines 1.0.0",
                configHash: "3f9a01",
                priceTable: "2026-11-20",
                environment: "laptop"
            ),
            hash: toyHash
        )
    }

    /// With everything that a report can hold: notes, a skip, findings old and new, evidence, curves.
    static func full() throws -> Closeout {
        let carried = [Finding(id: "drill-6-f1", text: "page is late", owner: "raj", kind: .detect, due: "2026-11-20")]
        var world = Rehearsal(plan(carried: carried))
        try world.reach("effective")
        try world.send(.sensed(.failureSeen, yes("401 from openai, key benched")), after: 0.12)
        try world.send(.sensed(.failoverSeen, yes("by anthropic, 0.31 s")), after: 0.31)
        try world.send(.note(.note, "slack | rang <loud>", pressed: moment(world.now + 1), by: "sam"), after: 4)
        try world.send(.note(.decision, "we wait for the p95", pressed: moment(world.now), by: "ana"), after: 2)
        try world.reach("alert")
        try world.send(.skip(step: "alert", reason: "no pager is configured", by: "ana"))
        try world.reach("summary")
        try world.send(
            .finding("no page for a refused key", owner: "sam", kind: .process, due: "2026-12-04", by: "eve")
        )
        try world.send(.closeFinding(id: "drill-6-f1", by: "ana"))
        while try world.doStep() {}
        var figures = VerdictTests.figures()
        figures.evidence = ["req_01", "req_02"]
        for index in 0..<8 {
            let isGap = index == 3
            figures.curve.append(
                CurvePoint(
                    at: .seconds(index * 60 - 60),
                    p95: isGap ? nil : .milliseconds(1_800 + index * 50),
                    success: isGap ? nil : 1 - Double(index) / 1_000
                )
            )
        }
        return closeout(world.drill, figures)
    }

    @Test func markdown() throws {
        let text = try Self.full().markdown
        #expect(text == GoldenReports.markdown)
    }

    /// Numbers that nobody measured are none, and rules about them are neither met nor missed.
    @Test func anAbortBeforeTheFaultJudgesNothingOfIt() throws {
        let drill = try VerdictTests.rehearsed(except: "secondary-still") { (world) throws(Drill.Refusal) in
            try world.send(.abort(reason: "lunch", by: "ana"))
        }
        var figures = LedgerFigures(successTarget: 0.995, latencyTarget: .seconds(2), costTarget: 1)
        figures.budgetAfter = BudgetFigures(bad: 0, allowed: 9.7)
        let closeout = Self.closeout(drill, figures)
        #expect(closeout.verdict.outcome == .aborted)
        let text = closeout.markdown
        for rule in ["afterwards the success", "the latency stayed", "no request of a user", "the alert fired"] {
            #expect(text.contains("| — | \(rule)"), "\(rule)")
        }
        #expect(text.contains("Not measured: nothing was broken.") && text.contains("not measured: nothing was broken"))
        for line in text.split(separator: "\n") where line.contains("| not reached |") {
            #expect(!line.contains("ana"), "\(line)")
        }
        let phases = drill.pace().filter { $0.state == .notReached }.map(\.kind)
        #expect(phases == [.induce, .observe, .restore, .verify])
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(closeout.json.utf8)) as? [String: Any]
        )
        let service = try #require(root["service"] as? [String: Any])
        #expect(service["during"] is NSNull && service["probe_spend_nano"] is NSNull)
    }

    @Test func everyAlertHasARowOfItsOwn() throws {
        let drill = try VerdictTests.rehearsed()
        let figures = VerdictTests.figures {
            var failover = AlertCourse(alert: "failover:assistant", fired: 1_795_788_090_000)
            failover.resolved = 1_795_788_420_000
            var key = AlertCourse(alert: "key_refused:KEY", fired: 1_795_788_091_000)
            (key.acknowledged, key.acknowledgedBy) = (1_795_788_100_000, "raj")
            $0.alerts = [failover, key]
        }
        let closeout = Self.closeout(drill, figures)
        let text = closeout.markdown
        #expect(
            text.contains(
                "| failover:assistant | 2026-11-27T14:01:30.000Z | not seen | 2026-11-27T14:07:00.000Z |\n"
                    + "| key\\_refused:KEY | 2026-11-27T14:01:31.000Z | 2026-11-27T14:01:40.000Z, by raj | not seen |"
            )
        )
        let root = try JSONSerialization.jsonObject(with: Data(closeout.json.utf8)) as? [String: Any]
        let each = (root?["alerts"] as? [String: Any])?["each"] as? [[String: Any]]
        #expect(each?.map { $0["alert"] as? String } == ["failover:assistant", "key_refused:KEY"])
        #expect(each?.last?["acknowledged_by"] as? String == "raj" && each?.last?["resolved_at"] is NSNull)
    }

    @Test func aSpentBudgetIsSoLongAnOutage() {
        let figures = VerdictTests.figures {
            $0.window = .seconds(30 * 86_400)
            $0.during.failed = 101
        }
        #expect(figures.outageEquivalent.map { Int($0.inSeconds.rounded()) } == 216 * 60)
    }

    @Test func json() throws {
        let closeout = try Self.full()
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(closeout.json.utf8)) as? [String: Any]
        )
        #expect(
            root.keys.sorted() == [
                "alerts", "budget", "checksum", "curve", "drill", "faults", "findings", "journal", "not_recorded",
                "people", "phases", "requests", "schema", "service", "steps", "timeline", "times", "verdict",
            ]
        )
        #expect((root["timeline"] as? [Any])?.count == closeout.drill.records.count)
        let times = try #require(root["times"] as? [String: Any])
        let failover = try #require(times["time_to_first_failed_over_success"] as? [String: Any])
        #expect(failover["ms"] as? Int == 430 && failover["at"] as? String == "2026-11-27T14:01:25.430Z")
        let drill = try #require(root["drill"] as? [String: Any])
        #expect(
            drill["opened_at"] as? String == "2026-11-27T14:00:00.000Z" && drill["status"] as? String == "completed"
        )
    }

    @Test(
        "a JSON text is what it was",
        arguments: ["plain", "\"quoted\" \\ back", "tab\tline\nbreak\r", "\u{0}\u{1F}\u{7F}", "é 🙂 \u{2028}"]
    )
    func jsonText(text: String) throws {
        let written = JSONTree.object([(text, .array([.string(text), .null, .decimal(.nan), .decimal(-0.5, 2)]))]).text
        let read = try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: [Any]]
        #expect(read?[text]?.first as? String == text && read?[text]?.last as? Double == -0.5)
    }

    @Test func everyFormIsSealed() throws {
        let closeout = try Self.full()
        for text in [closeout.markdown, closeout.json, closeout.html] {
            #expect(Checksum.verify(text, hash: toyHash) == .intact)
            #expect(Checksum.verify(text.replacing("openai", with: "other"), hash: toyHash) == .altered)
            #expect(Checksum.verify(text + " ", hash: toyHash) == .altered)
        }
        #expect(Checksum.verify("# Closeout", hash: toyHash) == .absent)
        #expect(Checksum.verify("sha256:", hash: toyHash) == .absent)
    }

    @Test func itCanBeMadeAgainFromWhatIsStored() throws {
        let closeout = try Self.full()
        let again = Drill(plan: closeout.drill.plan, records: closeout.drill.records)
        let second = Self.closeout(again, closeout.figures)
        #expect(second.markdown == closeout.markdown && second.json == closeout.json && second.html == closeout.html)
    }

    @Test func aForeignJournalIsNotWhole() throws {
        let drill = try VerdictTests.rehearsed()
        let other = Journal.entries(Array(drill.records.dropLast()), hash: toyHash)
        let closeout = Closeout(
            drill,
            entries: other,
            figures: VerdictTests.figures(),
            surroundings: .init(version: "", configHash: "", priceTable: "", environment: ""),
            hash: toyHash
        )
        #expect(closeout.verdict.outcome == .fail && closeout.journal.broken != nil)
    }

    @Test func theOutcomeGoesIntoTheHistory() throws {
        let outcome = try Self.full().outcome
        #expect(outcome.scenario == "revoke-key" && outcome.provider == "openai" && outcome.operator == "raj")
        #expect(outcome.verdict == .passWithFindings && outcome.at == friday && outcome.lost == 0)
        #expect(outcome.timeToFailover == .milliseconds(430))
    }

    @Test func whatPeopleTypeIsTextAndNothingElse() throws {
        let nasty = "</td><script>alert('x')</script> & \"q\" | [a](javascript:b) `c`"
        var world = Rehearsal()
        try world.reach("hypothesis")
        try world.send(.confirm(step: "hypothesis", value: nasty, by: "ana"))
        try world.send(.note(.todo, nasty, pressed: moment(1), by: nasty))
        while try world.doStep() {}
        let closeout = Self.closeout(world.drill)
        let html = closeout.html
        #expect(
            !html.contains("<script") && !html.contains("alert('") && html.contains("&lt;script&gt;alert(&#39;x&#39;)")
        )
        #expect(balanced(html) == [])
        #expect(!closeout.markdown.contains("<script") && !closeout.markdown.contains("[a]("))
        let rows = closeout.markdown.split(separator: "\n").filter { $0.contains("alert") && $0.hasPrefix("|") }
        #expect(!rows.isEmpty && rows.allSatisfy { $0.replacing("\\|", with: "").count { $0 == "|" } >= 3 })
    }

    @Test func thePageStandsAlone() throws {
        let html = try Self.full().html
        #expect(balanced(html) == [])
        #expect(html.split(separator: "<svg").count == 4 && html.split(separator: "<polyline").count == 5)
        for outside in ["http:", "https:", "src=", "href=", "@import"] {
            #expect(!html.contains(outside), "\(outside)")
        }
        #expect(!html.contains("nan") && !html.contains("inf\""))
    }

    @Test func thePagePrints() throws {
        let html = try Self.full().html
        let style = try #require(html.split(separator: "</style>").first)
        // Nothing after it overrides what paper asks for.
        let print = try #require(style.range(of: "@media print"))
        #expect(style.contains("@page { size: A4;") && style[print.upperBound...].contains("break-inside: avoid"))
        #expect(style.hasSuffix("  thead { display: table-header-group; }\n}\n"), "\(style.suffix(80))")
        #expect(html.contains("<th class=\"short\">T+</th>") && html.contains("<td class=\"short\">operator</td>"))
        #expect(html.contains("<td>Read me the latency and how long it has held.</td>"))
        let hash = try #require(html.split(separator: "<th class=\"short\">Its last hash</th>").last)
        #expect(hash.hasPrefix("<td class=\"long\">"))
        #expect(html.split(separator: "<div class=\"charts\">").last?.contains("<figure>") == true)
    }

    @Test func anAbortedDrillHasItsReportToo() throws {
        let drill = try VerdictTests.rehearsed(except: "go") { (world) throws(Drill.Refusal) in
            try world.send(.abort(reason: "no-go", by: "ana"))
        }
        let figures = LedgerFigures(successTarget: 0.995, latencyTarget: .seconds(2), costTarget: 1)
        let closeout = Self.closeout(drill, figures)
        #expect(closeout.markdown.contains("## Verdict: aborted") && closeout.markdown.contains("Nothing was broken."))
        #expect(closeout.json.contains("\"outcome\": \"aborted\"") && balanced(closeout.html) == [])
    }

    /// Tags that are opened and not closed, or the other way round.
    private func balanced(_ html: String) -> [String] {
        var open: [String] = []
        for part in html.split(separator: "<").dropFirst() {
            let name = part.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
            if name == "!doctype" || name == "meta" || part.prefix(while: { $0 != ">" }).hasSuffix("/") { continue }
            if name.hasPrefix("/") {
                if open.popLast() != String(name.dropFirst()) { return ["\(name)"] }
            } else {
                open.append(String(name))
            }
        }
        return open
    }
}
