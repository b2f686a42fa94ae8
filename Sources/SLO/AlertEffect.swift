/// What must be told to the pagers: an effect of an evaluation.
///
/// Holds names and figures, never text of a prompt or an answer. To be stored in the same transaction as the book's state:
/// then a notice is neither lost nor sent twice, whenever the process dies.
package struct AlertEffect: Equatable, Sendable, Codable {
    package enum Kind: Equatable, Sendable, Codable {
        case fire
        case update(Update)
        case resolve(Resolution)
    }

    package enum Update: Equatable, Sendable, Codable {
        case acknowledged(by: String)
        /// It still counts as firing, but traffic has ceased.
        case noData
    }

    package enum Resolution: String, Equatable, Sendable, Codable {
        /// The value held clear.
        case mended
        /// Nothing has proved a breach for `AlertRule.unprovenFor`; not known to be mended.
        case unproven
        /// The config no longer has the rule.
        case ruleRemoved = "rule_removed"
    }

    package let kind: Kind
    /// What acknowledges and mutes it: `success`, `drift_tokens:summarise`.
    package let alert: String
    /// The same for all notices of one episode, and of that one only.
    package let dedupKey: String
    package let rule: String
    /// Feature, group, key or budget; empty for rules of the whole.
    package let subject: String
    package let severity: Severity
    package let reading: AlertReading
    /// Trailing windows in seconds, the long one first; empty where there are none.
    package let windows: [Int64]
    /// UTC milliseconds.
    package let at: Int64
    package let firedAt: Int64
    /// The drill during which it fired.
    package let drill: String?
    /// One line for a person: what, how much, of how many, against what.
    package let text: String

    /// Words for each kind, first in a message.
    package var headline: String {
        let word =
            switch kind {
            case .fire: severity.rawValue
            case .update(.acknowledged(let person)): "acknowledged by \(person)"
            case .update(.noData): "no data any more"
            case .resolve(.mended): "resolved"
            case .resolve(.unproven): "resolved for want of data, not known to be mended"
            case .resolve(.ruleRemoved): "resolved: the rule was removed"
            }
        return (drill == nil ? "" : "[DRILL] ") + "\(word): \(text)"
    }
}

extension AlertEffect {
    /// Without a rule it is about one that the config no longer has.
    init(_ kind: Kind, _ alert: Alert, _ episode: Alert.Episode, _ rule: AlertRule?, at: Int64) {
        self.kind = kind
        self.alert = alert.id
        dedupKey = "\(alert.id)@\(episode.firedAt)"
        self.rule = alert.rule
        subject = alert.subject
        severity = episode.severity
        reading = alert.reading
        windows = (rule?.windows ?? []).map(\.components.seconds)
        self.at = at
        firedAt = episode.firedAt
        drill = episode.drill
        text = rule.map(alert.text) ?? alert.id
    }

    /// Three notices that try out a sink: fired, no data, resolved.
    package static func rehearsal(at now: Int64) -> [Self] {
        var alert = Alert(rule: "test", subject: "")
        alert.reading = AlertReading(.breached, 0.9, of: 0.995, .share, samples: 100)
        alert.reading.detail = "a test of the pagers, nothing is wrong"
        let episode = Alert.Episode(firedAt: now, severity: .ticket, drill: nil)
        let rule = AlertRule("test", .ticket, .success(over: .seconds(300), target: nil))
        return [.fire, .update(.noData), .resolve(.mended)].map { Self($0, alert, episode, rule, at: now) }
    }
}

extension Alert {
    /// What the alert says, in one line: what, how much, against what, over how long and how many.
    package func text(_ rule: AlertRule) -> String {
        let name = subject.isEmpty ? rule.what : "\(rule.what) (\(subject))"
        if let detail = reading.detail { return "\(name): \(detail)" }
        guard let (shown, limit) = reading.texts else { return "\(name): \(reading.verdict.rawValue)" }
        let samples = reading.samples > 0 ? ", \(reading.samples) samples" : ""
        let over = rule.windows.isEmpty ? "" : " over " + rule.windows.map(Figures.duration).joined(separator: " and ")
        return "\(name): \(shown) against \(limit)\(over)\(samples)"
    }
}

extension Alert {
    /// What ends it, where it fired and is not breached any more; nil where it is, or never fired.
    package func clearing(_ rule: AlertRule) -> String? {
        guard episode != nil else { return nil }
        let length = Figures.duration(rule.clearFor)
        switch reading.verdict {
        case .clear: return "ends once it has held for \(length)"
        case .near:
            let margin = Figures.decimal(AlertRule.margin * 100, places: 0)
            return "ends once it is better by \(margin) % of the threshold and has held for \(length)"
        case .noData, .tooFewSamples, .breached: return nil
        }
    }
}

extension AlertReading {
    /// Value and threshold with their unit, told apart where they differ: `99.4 %`, `99.5 %`; nil without a value.
    package var texts: (value: String, threshold: String)? {
        value.map { Figures.pair($0, threshold, unit) }
    }
}

extension AlertRule {
    /// What its value is.
    package var what: String {
        switch check {
        case .latency: "p95 latency"
        case .success: "success rate"
        case .cost: "cost per request"
        case .burnRate: "error budget's burn rate"
        case .budgetSpent: "error budget spent"
        case .moneySpent: "money spent"
        case .drift(.tokens, _): "tokens per request, as times those of its past"
        case .drift(.cost, _): "cost per request, as times that of its past"
        case .failover: "failover"
        case .keyRefused: "key refused"
        }
    }
}

extension Figures {
    /// A value and its threshold, with as many decimals as it takes to tell them apart.
    static func pair(_ value: Double, _ threshold: Double, _ unit: AlertReading.Unit) -> (String, String) {
        for places in 1...5 {
            let texts = (text(value, unit, places), text(threshold, unit, places))
            // Fewer decimals than the threshold itself needs would misquote it.
            let isExact = text(threshold, unit, places + 1) == text(threshold, unit, places, zeros: 1)
            if isExact, texts.0 != texts.1 || value == threshold { return texts }
        }
        return (text(value, unit, 5), text(threshold, unit, 5))
    }

    private static func text(_ value: Double, _ unit: AlertReading.Unit, _ places: Int, zeros: Int = 0) -> String {
        let end = String(repeating: "0", count: zeros)
        return switch unit {
        case .share: decimal(value * 100, places: places) + end + " %"
        case .seconds: decimal(value, places: places) + end + " s"
        case .nanoDollars: "$" + decimal(value / 1e9, places: places) + end
        case .factor, .none: decimal(value, places: places) + end
        }
    }
}
