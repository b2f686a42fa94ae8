#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a pager is told about one alert: made by the engine, kept in the outbox, said in each pager's own form.
///
/// Never holds a prompt, an answer or a key.
package struct AlertNotice: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        case triggered, acknowledged, resolved
    }
    /// How loud: `page` wakes somebody, `ticket` waits for the morning, `info` is for the record.
    package enum Severity: String, Sendable, Codable, CaseIterable {
        case page, ticket, info
    }
    /// What `value` and `threshold` are numbers of.
    package enum Unit: String, Sendable, Codable, CaseIterable {
        case seconds
        /// A share, 0...1.
        case ratio
        /// Dollars.
        case usd
        /// A multiple, such as a burn rate.
        case factor
        case count
    }

    /// One a notice: what a receiver tells a second delivery by.
    package var id: String
    /// One an alert, from its trigger to its resolution: one for each rule and scope.
    package var dedupKey: String
    /// The rule's name: `latency`, `burn_rate`.
    package var rule: String
    package var severity: Severity
    package var state: State
    /// One line.
    package var title: String
    /// More, where there is more to say.
    package var text = ""
    package var unit = Unit.count
    package var value: Double?
    package var threshold: Double?
    /// Requests that the value was computed from.
    package var samples: Int?
    /// What the rule looked back over.
    package var windowSeconds: Int?
    /// The alert is that there was nothing to judge by.
    package var hasNoData = false
    /// When the alert began; UTC milliseconds.
    package var startedAt: Int64
    /// When this notice was made; UTC milliseconds.
    package var at: Int64
    /// An `https://` or `http://` address to read on.
    package var link: String?
    /// The drill under way: marks the notice and lowers its loudness.
    package var drill: String?
    /// Made by `nines alerts test`.
    package var isTest = false

    package init(
        id: String,
        dedupKey: String,
        rule: String,
        severity: Severity,
        state: State,
        title: String,
        startedAt: Int64,
        at: Int64
    ) {
        self.id = id
        self.dedupKey = dedupKey
        self.rule = rule
        self.severity = severity
        self.state = state
        self.title = title
        self.startedAt = startedAt
        self.at = at
    }
}

extension AlertNotice {
    /// The notice as it is kept in the outbox; a value that is no number is left out.
    package var payload: [UInt8] {
        var notice = self
        if value?.isFinite == false { notice.value = nil }
        if threshold?.isFinite == false { notice.threshold = nil }
        return encoded(notice)
    }

    /// Nil where `payload` is no notice.
    package init?(payload: [UInt8]) {
        guard let notice = try? JSONDecoder().decode(Self.self, from: Data(payload)) else { return nil }
        self = notice
    }
}

/// `value` as JSON; empty where it holds a number that JSON has no form for.
func encoded(_ value: some Encodable) -> [UInt8] {
    (try? JSONEncoder().encode(value)).map(Array.init) ?? []
}
