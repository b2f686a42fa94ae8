/// A notice in words, the same for every pager.
struct NoticeText {
    let notice: AlertNotice
    /// UTC milliseconds.
    let sentAt: Int64
    /// Its resolution waits behind it: nobody needs to be woken any more.
    var isOver = false

    /// After this much a notice says that it is late; milliseconds.
    private static let lateAfter: Int64 = 120_000

    /// `[DRILL] Resolved: p95 latency over target`.
    var headline: String {
        let markers = (notice.drill == nil ? "" : "[DRILL] ") + (notice.isTest ? "[TEST] " : "")
        let state =
            switch notice.state {
            case .triggered: ""
            case .acknowledged: "Acknowledged: "
            case .resolved: "Resolved: "
            }
        return markers + state + oneLine(clipped(notice.title, to: 1_024))
    }

    /// The headline with the figures, for where there is one line only.
    var summary: String { figures.map { "\(headline): \($0)" } ?? headline }

    /// What there is to say beyond the headline, without control characters.
    var text: String { withoutControls(clipped(notice.text, to: 8_192)) }

    /// How loud it is in the end.
    var severity: AlertNotice.Severity {
        notice.drill != nil || notice.isTest || isOver ? .info : notice.severity
    }

    /// `2.61 s (limit 2.50 s)`; nil without figures.
    var figures: String? {
        if notice.hasNoData { return "no data" }
        let value = notice.value.map { shown($0, notice.unit) }
        let limit = notice.threshold.map { "limit " + shown($0, notice.unit) }
        guard let value else { return limit }
        return limit.map { "\(value) (\($0))" } ?? value
    }

    /// What stands below the headline, label and value, in order.
    var facts: [(label: String, value: String)] {
        var facts = [("Rule", oneLine(clipped(notice.rule, to: 255))), ("Severity", notice.severity.rawValue)]
        if let figures { facts.append(("Value", figures)) }
        if let samples = notice.samples {
            facts.append(("Samples", "\(samples)" + (notice.windowSeconds.map { " in " + span($0) } ?? "")))
        } else if let window = notice.windowSeconds {
            facts.append(("Window", span(window)))
        }
        facts.append(("Since", shownTime(notice.startedAt)))
        if let drill = notice.drill { facts.append(("Drill", oneLine(drill))) }
        if let late { facts.append(("Late", late)) }
        return facts
    }

    /// Text, then facts, a line each.
    var body: String {
        let lines = facts.map { "\($0.label): \($0.value)" }
        return ((text.isEmpty ? [] : [text]) + lines).joined(separator: "\n")
    }

    /// Its link, where it is a web address.
    var link: String? {
        guard let link = notice.link, link.hasPrefix("https://") || link.hasPrefix("http://"),
            link.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"<>|\"".utf8.contains($0) })
        else { return nil }
        return link
    }

    private var late: String? {
        guard sentAt - notice.at > Self.lateAfter else { return nil }
        return "happened \(shownTime(notice.at))" + (isOver ? ", over since" : "")
    }
}

private func shown(_ number: Double, _ unit: AlertNotice.Unit) -> String {
    switch unit {
    case .seconds: fixed(number, places: 2) + " s"
    case .ratio: fixed(number * 100, places: 2) + " %"
    case .usd: (number < 0 ? "-$" : "$") + fixed(number.magnitude, places: 4)
    case .factor: fixed(number, places: 1) + "x"
    case .count: fixed(number, places: 0)
    }
}

/// `15m`, `3d`, `90s`.
private func span(_ seconds: Int) -> String {
    for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m")] where seconds >= unit && seconds % unit == 0 {
        return "\(seconds / unit)\(name)"
    }
    return "\(seconds)s"
}
