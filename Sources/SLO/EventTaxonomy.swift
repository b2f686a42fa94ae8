/// What counts as valid and as good: the written taxonomy behind every figure, one case a row.
///
/// The help screen, the README and the papers print `allCases`; the engine asks `init(_:)`. Both are this one table.
/// A request counts once, however many attempts it took. Cached, joined and stale answers are good, but are no samples of
/// latency or of the mean cost: otherwise hits would hide a slow or a dear provider.
package enum EventClass: String, Sendable, Codable, CaseIterable {
    case complete
    case hit, joined, stale
    case leftReading = "left_reading"
    case leftLate = "left_late"
    case leftEarly = "left_early"
    case cut, lost
    case rejected, capped
    case maintenance

    /// Decides from what happened; `target` is the latency that was promised.
    ///
    /// A declared maintenance window comes before everything else. A client that leaves before any content has seen a
    /// failure if it had waited longer than `target`, and nothing that could be judged if it had not.
    package init(_ facts: EventFacts, target: Duration) {
        guard !facts.isInMaintenance else {
            self = .maintenance
            return
        }
        switch facts.ending {
        case .complete: self = Self(completeFrom: facts.source)
        case .cut: self = .cut
        case .lost: self = .lost
        case .rejected: self = .rejected
        case .capped: self = .capped
        case .cancelled:
            self = facts.firstContent != nil ? .leftReading : facts.total > target ? .leftLate : .leftEarly
        }
    }

    private init(completeFrom source: EventFacts.Source) {
        switch source {
        case .provider: self = .complete
        case .hit: self = .hit
        case .joined: self = .joined
        case .stale: self = .stale
        }
    }

    /// Counts for the objectives.
    package var isValid: Bool {
        switch self {
        case .complete, .hit, .joined, .stale, .leftReading, .leftLate, .cut, .lost: true
        case .leftEarly, .rejected, .capped, .maintenance: false
        }
    }

    /// Was served as promised; never without `isValid`.
    package var isGood: Bool {
        switch self {
        case .complete, .hit, .joined, .stale, .leftReading: true
        case .leftLate, .cut, .lost, .leftEarly, .rejected, .capped, .maintenance: false
        }
    }

    /// Its answer came from a provider for this request, so that its latency and its cost say something about one.
    package var isProvidersAnswer: Bool { self == .complete || self == .leftReading }

    /// The event, as a row of the taxonomy names it.
    package var event: String {
        switch self {
        case .complete: "whole answer from a provider, after however many failovers"
        case .hit: "whole answer from a fresh cache entry"
        case .joined: "whole answer shared with an identical request under way"
        case .stale: "old answer from the cache, because no provider could give a new one"
        case .leftReading: "the client left while it was reading, with no error so far"
        case .leftLate: "the client left before any content, after the latency target"
        case .leftEarly: "the client left before any content, within the latency target"
        case .cut: "broke off after content had been sent"
        case .lost: "every route failed: rate limits, refused keys and empty balances included"
        case .rejected: "the client's own mistake: bad request, too long on every route, content policy"
        case .capped: "refused by a cap that the config sets"
        case .maintenance: "accepted in a maintenance window that was declared before it began"
        }
    }

    /// Why, or how it is shown; one line.
    package var note: String {
        switch self {
        case .complete: "once a request, not once an attempt"
        case .hit, .joined: "no sample of latency or mean cost; shown apart"
        case .stale: "good for the client, bad for the provider; no sample of latency or mean cost; shown apart"
        case .leftReading: "its time to first content is a sample; its total time is not, since it never ended"
        case .leftLate: "it saw a failure"
        case .leftEarly: "nothing that could be judged"
        case .cut: "never dressed up as complete"
        case .lost: "those during a drill included, where the traffic is live"
        case .rejected, .capped: "counted on a line of its own"
        case .maintenance: "the excluded count is shown"
        }
    }

    /// What is no event of the objectives at all, and what a gap is; sentences for below the table.
    package static let footnotes = [
        "Drill and probe traffic is judged by the same table and stands apart, in series of its own; live requests that"
            + " fail during a drill count.",
        "A deferred request counts as lost when it comes, since its client got no answer then; the answer that it gets"
            + " later is probe traffic and mends no figure.",
        "While Nines sleeps or is down there are no events: a gap is neither failure nor success.",
    ]
}

/// How one client request went, as far as the taxonomy asks.
package struct EventFacts: Equatable, Sendable {
    package enum Ending: String, Sendable, CaseIterable {
        case complete
        /// Broke after content had been sent.
        case cut
        /// No route answered.
        case lost
        /// The client's own mistake.
        case rejected
        /// A guardrail's cap refused it.
        case capped
        /// The client left.
        case cancelled
    }

    /// Where a complete answer came from.
    package enum Source: String, Sendable, CaseIterable { case provider, hit, joined, stale }

    package var ending: Ending
    package var source = Source.provider
    package var isStream: Bool
    /// From accept to the first content that the client got; nil where it got none, or all at once.
    package var firstContent: Duration?
    /// From accept to the end.
    package var total: Duration
    /// Accepted inside a declared window.
    package var isInMaintenance = false

    package init(ending: Ending, isStream: Bool, firstContent: Duration?, total: Duration) {
        self.ending = ending
        self.isStream = isStream
        self.firstContent = firstContent
        self.total = total
    }

    /// What the latency objective counts for this request; nil where it is no sample.
    ///
    /// Time to first content for streams where the objective asks for that, else the time to the whole answer.
    package func latencySample(_ objectives: Objectives) -> Duration? {
        let event = EventClass(self, target: objectives.latencyP95)
        guard event.isProvidersAnswer else { return nil }
        if objectives.latencyOf == .firstToken, isStream { return firstContent }
        return event == .complete ? total : nil
    }
}
