import Console

/// A snapshot in a dozen plain lines: for people, logs and screen readers.
struct StatusText {
    let snapshot: EngineSnapshot
    init(_ snapshot: EngineSnapshot) { self.snapshot = snapshot }

    var text: String {
        let headline = snapshot.headline
        var lines = [
            "mode      \(snapshot.mode.rawValue.uppercased())\(snapshot.isDemo ? " (demo)" : "")  \(snapshot.listen)"
        ]
        lines.append(
            line(
                "p95",
                seconds(headline.latency.p95),
                headline.latency.verdict,
                "target \(seconds(headline.latency.target)), \(headline.latency.of), n \(headline.latency.samples)"
            )
        )
        lines.append(
            line(
                "success",
                percent(headline.success.rate),
                headline.success.verdict,
                "target \(percent(headline.success.target)), lost \(headline.success.lost), saved \(headline.success.saved), n \(headline.success.valid)"
            )
        )
        lines.append(
            line(
                "cost",
                dollars(headline.cost.perRequest),
                headline.cost.verdict,
                "target \(dollars(headline.cost.target)) a request, n \(headline.cost.samples)"
            )
        )
        lines.append(
            line(
                "budget",
                percent(headline.budget.remaining),
                headline.budget.verdict,
                "left; \(headline.budget.failures) failures"
            )
        )
        for provider in snapshot.providers {
            let state = provider.state.rawValue + (provider.isPrimary ? ", primary" : "")
            let failure = provider.lastFailure.map { "  last: \($0)" } ?? ""
            lines.append(
                "provider  \(provider.id) [\(provider.group)]  \(state)  p95 \(seconds(provider.p95))  ok \(percent(provider.okRate))\(failure)"
            )
        }
        lines += snapshot.warnings.map { "warning   \($0)" }
        return lines.joined(separator: "\n")
    }

    /// The same in one line.
    var oneLine: String {
        let headline = snapshot.headline
        let parts = [
            "p95=\(seconds(headline.latency.p95)) \(word(headline.latency.verdict))",
            "success=\(percent(headline.success.rate)) \(word(headline.success.verdict))",
            "cost=\(dollars(headline.cost.perRequest)) \(word(headline.cost.verdict))",
            "budget=\(percent(headline.budget.remaining)) \(word(headline.budget.verdict))",
        ]
        let serving = snapshot.routes.map { "\($0.group)=\($0.serving ?? "nobody")" }
        return (["mode=\(snapshot.mode.rawValue)"] + parts + serving).joined(separator: "  ")
    }

    private func line(_ name: String, _ value: String, _ verdict: EngineSnapshot.Verdict, _ rest: String) -> String {
        let pad = { (text: String, width: Int) in text + String(repeating: " ", count: max(0, width - text.count)) }
        return pad(name, 10) + pad(value, 10) + pad(word(verdict), 9) + rest
    }

    private func word(_ verdict: EngineSnapshot.Verdict) -> String {
        switch verdict {
        case .ok: "OK"
        case .warning: "WARN"
        case .critical: "CRIT"
        case .noData: "NO DATA"
        case .tooFew: "TOO FEW"
        }
    }

    private func seconds(_ value: Double?) -> String { value.map { "\(fixed($0, 2)) s" } ?? "-" }
    private func percent(_ value: Double?) -> String { value.map { "\(fixed($0 * 100, 2)) %" } ?? "-" }
    private func dollars(_ nano: Double?) -> String { nano.map { "$\(fixed($0 / 1e9, 4))" } ?? "-" }

    private func fixed(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((abs(value) * scale).rounded())
        let fraction = String(scaled % Int64(scale))
        let padded = String(repeating: "0", count: digits - fraction.count) + fraction
        return "\(value < 0 ? "-" : "")\(scaled / Int64(scale)).\(padded)"
    }
}

/// A console's news as lines: each event once, and the numbers every ten seconds.
struct PlainLog {
    private var lastEvent: Int64 = 0
    private var seen: Set<String> = []
    private var lastStatus: Int64?

    mutating func lines(for snapshot: EngineSnapshot) -> [String] {
        var lines: [String] = []
        for event in snapshot.events.reversed() where event.at >= lastEvent {
            if event.at > lastEvent { seen = [] }
            lastEvent = event.at
            if seen.insert(event.text).inserted {
                lines.append("\(clock(event.at))Z \(event.weight.rawValue)  \(event.text)")
            }
        }
        if snapshot.takenAt - (lastStatus ?? 0) >= 10_000 {
            lastStatus = snapshot.takenAt
            lines.append("\(clock(snapshot.takenAt))Z status  \(StatusText(snapshot).oneLine)")
        }
        return lines
    }

    private func clock(_ time: Int64) -> String {
        let pad = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
        let seconds = time / 1_000 % 86_400
        return "\(pad(seconds / 3_600)):\(pad(seconds / 60 % 60)):\(pad(seconds % 60))"
    }
}
