import Console
import Settings

/// A snapshot in plain lines: for people, logs and screen readers.
struct StatusText {
    let snapshot: EngineSnapshot
    /// Whether an engine runs that knows of providers.
    var isLive = true
    /// Whose figures these are: `tenant acme`; empty for all.
    var part = ""
    var windowSeconds: Int

    init(_ snapshot: EngineSnapshot) {
        self.snapshot = snapshot
        windowSeconds = snapshot.windowDays * 86_400
    }

    var text: String {
        (modeLines + headlineLines + budgetLines + providerLines + cacheLines + alertLines + sinkLines
            + snapshot.warnings.map { row("warning", $0) }).map(shown).joined(separator: "\n")
    }

    /// `live`, `offline`, `bypass` or `drill`.
    var mode: String { snapshot.offlineSince == nil ? snapshot.mode.rawValue : "offline" }

    private var modeLines: [String] {
        let mode = self.mode.uppercased() + (snapshot.isDemo ? " (demo)" : "")
        let engine = isLive ? snapshot.listen : "no engine of this config runs"
        let of = part.isEmpty ? "" : " of \(part)"
        let drill = snapshot.drill.map { [row("drill", "\($0.id): \($0.title)")] } ?? []
        return [
            row("mode", "\(mode)  \(engine)"),
            row("window", "\(Duration.seconds(windowSeconds).shortText), \(snapshot.requestsTotal) requests\(of)"),
        ] + drill + networkLines
    }

    private var networkLines: [String] {
        guard let cache = snapshot.cache else { return [] }
        var lines: [String] = []
        if cache.mode == .offline {
            lines.append(row("network", "no provider can be reached since \(timeText(cache.since)): \(cache.serving)"))
        }
        if let oldest = cache.oldest, cache.waiting > 0 {
            lines.append(row("deferred", "\(cache.waiting) waiting, the oldest since \(timeText(oldest))"))
        }
        return lines
    }

    private var cacheLines: [String] {
        guard part.isEmpty, let cache = snapshot.cache, cache.isEnabled else { return [] }
        let counts = "\(cache.hits) hits, \(cache.joined) joined, \(cache.stale) stale, \(cache.misses) misses in 24 h"
        return [row("cache", "\(percent(cache.hitRate))  \(counts), saved \(dollars(Double(cache.savedCost)))")]
    }

    private var headlineLines: [String] {
        let (latency, success, cost) = (
            snapshot.headline.latency, snapshot.headline.success, snapshot.headline.cost
        )
        let unpriced = cost.unpriced > 0 ? ", \(cost.unpriced) of unknown price" : ""
        return [
            line(
                "p95",
                seconds(latency.p95),
                latency.verdict,
                "target \(seconds(latency.target)), \(percent(latency.underTarget)) under it, \(latency.of), n \(latency.samples)"
            ),
            line(
                "success",
                percent(success.rate),
                success.verdict,
                "target \(percent(success.target)), lost \(success.lost), saved \(success.saved), n \(success.valid)"
            ),
            line(
                "cost",
                dollars(cost.perRequest),
                cost.verdict,
                "target \(dollars(cost.target)) a request, today \(dollars(Double(cost.today))), n \(cost.samples)\(unpriced)"
            ),
        ]
    }

    private var budgetLines: [String] {
        let budget = snapshot.headline.budget
        let view = snapshot.budget
        let end = budget.exhaustedIn.map { $0 > 0 ? "spent in \(rough($0)) at this rate" : "spent" } ?? "lasts"
        let left = "left; \(budget.failures) failures of \(fixed(budget.allowed, 1)) allowed; \(end)"
        var lines = [line("budget", percent(budget.remaining), budget.verdict, left)]
        if !view.burns.isEmpty {
            let burns = view.burns.map {
                "\(Duration.seconds($0.window).shortText) \($0.rate.map { fixed($0, 1) } ?? "-")"
            }
            lines.append(row("burn", burns.joined(separator: "  ")))
        }
        if !view.spenders.isEmpty {
            let spenders = view.spenders.map { "\($0.kind) \($0.name) \(percent($0.share)) (\($0.failures))" }
            lines.append(row("spent by", spenders.joined(separator: ", ")))
        }
        if part.isEmpty {
            lines.append(row("policy", view.policy.rawValue + (view.reason.isEmpty ? "" : ": \(view.reason)")))
        }
        return lines
            + view.maintenance.map { row("closed", "\(timeText($0.from)) to \(timeText($0.to)): \($0.reason)") }
    }

    private var providerLines: [String] {
        snapshot.providers.map { provider in
            let word = provider.state == .coolingDown ? "cooling down" : provider.state.rawValue
            let state = word + (provider.isPrimary ? ", primary" : "")
            let failure = provider.lastFailure.map { "  last: \($0)" } ?? ""
            return row(
                "provider",
                "\(provider.id) [\(provider.group)]  \(state)  p95 \(seconds(provider.p95))  ok \(percent(provider.okRate))\(failure)"
            )
        }
    }

    private var alertLines: [String] {
        let loud = snapshot.alerts.filter { [.firing, .acknowledged, .muted].contains($0.state) }
        guard !snapshot.alerts.isEmpty, loud.isEmpty else { return loud.map { row("alert", alertText($0)) } }
        return [row("alerts", "none of \(snapshot.alerts.count) fires")]
    }

    private var sinkLines: [String] {
        snapshot.sinks.map { sink in
            let failed = sink.failed > 0 ? ", \(sink.failed) given up" : ""
            return row("sink", "\(sink.name)  \(sink.problem ?? "ok"), \(sink.waiting) waiting\(failed)")
        }
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
        let firing = snapshot.alerts.count { $0.state == .firing }
        let alerts = firing > 0 ? ["alerts=\(firing)"] : []
        return (["mode=\(mode)"] + parts + alerts + serving).joined(separator: "  ")
    }

    private func row(_ name: String, _ rest: String) -> String { padded(name, 10) + rest }

    private func line(_ name: String, _ value: String, _ verdict: EngineSnapshot.Verdict, _ rest: String) -> String {
        row(name, padded(value, 9) + " " + padded(word(verdict), 9) + rest)
    }

    /// `3 d`, `5 h`, `12 min`.
    private func rough(_ seconds: Double) -> String {
        for (unit, length) in [("d", 86_400.0), ("h", 3_600)] where seconds >= length {
            return "\(fixed(seconds / length, 1)) \(unit)"
        }
        return "\(Int(seconds / 60)) min"
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
    /// Cut, never rounded up: what is under its target must not read as the target.
    private func percent(_ value: Double?) -> String {
        value.map { "\(fixed(($0 * 10_000 + 1e-6).rounded(.down) / 100, 2)) %" } ?? "-"
    }
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

/// `firing page  success  98.1 % against 99.5 %, n 1200, since 2027-01-31T22:00:00Z`: one alert in one line.
func alertText(_ alert: EngineSnapshot.AlertRow) -> String {
    var state =
        switch alert.state {
        case .noData: "no data"
        case .tooFew: "too few samples"
        case .firing, .acknowledged, .muted, .ok: alert.state.rawValue
        }
    if alert.state == .firing { state = "\(alert.clearing == nil ? "FIRING" : "CLEARING") \(alert.severity.rawValue)" }
    var parts: [String] = []
    if !alert.value.isEmpty { parts.append("\(alert.value) against \(alert.threshold)") }
    if alert.samples > 0 { parts.append("n \(alert.samples)") }
    if alert.since > 0 { parts.append("since \(timeText(alert.since))") }
    if let end = alert.mutedUntil { parts.append("muted until \(timeText(end))") }
    return "\(padded(state, 16))\(padded(alert.id, 24))  " + parts.joined(separator: ", ")
}

/// One line whose names from outside can do nothing to a terminal.
func shown(_ line: String) -> String {
    String(String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.generalCategory.isPlain ? $0 : "?" }))
}

extension Unicode.GeneralCategory {
    fileprivate var isPlain: Bool {
        ![.control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned].contains(self)
    }
}

func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
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
