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
