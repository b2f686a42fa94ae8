/// Whose traffic a request is; only `live` counts for the objectives.
package enum Traffic: String, Sendable, CaseIterable {
    case live, probe, drill
}

/// Whether the router decided who answers, or the bypass did.
package enum RoutingMode: String, Sendable, CaseIterable {
    case routed, bypass
}

/// The API that the client spoke.
package enum ClientFormat: String, Sendable, CaseIterable {
    case openAI = "openai"
    case anthropic
}

/// How a request ended.
package enum RequestOutcome: String, Sendable, CaseIterable {
    case complete
    /// Broke after content had been sent.
    case cut
    /// No route answered.
    case lost
    /// The client's own mistake.
    case rejected
    /// The client left.
    case cancelled
}

/// What the response cache did for a request.
package enum CacheUse: String, Sendable, CaseIterable {
    case off, miss, hit
    /// An old answer, because no provider could give a new one.
    case stale
    /// Another request's answer, which was under way.
    case joined
}

/// One client request, settled.
package struct RequestRecord: Sendable, Equatable {
    /// Unique; a second record of the same id is not counted.
    package var id: String
    /// When it was accepted: UTC milliseconds since 1970.
    ///
    /// It is filed under this time, wherever the clock is now.
    package var at: Int64
    package var tenant = ""
    package var feature = ""
    /// Model group.
    package var group = ""
    package var traffic = Traffic.live
    package var mode = RoutingMode.routed
    package var format = ClientFormat.openAI
    package var stream = false
    /// Who answered; nil when nobody did.
    package var deployment: String?
    package var provider: String?
    package var attempts = 0
    /// Another deployment than the first choice answered.
    package var failedOver = false
    package var outcome = RequestOutcome.complete
    /// HTTP status that the client got.
    package var status = 200
    /// Counts for the success objective.
    package var valid = true
    /// Was served as promised; never without `valid`.
    package var good = true
    /// From accept to the first content token, through failed attempts.
    package var firstTokenMicros: Int64?
    /// From accept to the end.
    package var totalMicros: Int64 = 0
    /// What the latency objective counts for this request; nil where it doesn't count.
    package var latencyMicros: Int64?
    package var tokensIn: Int?
    package var tokensOut: Int?
    package var tokensCacheRead: Int?
    package var tokensCacheWrite: Int?
    /// Nano-dollars, failed attempts that were billed included; nil where the price is unknown.
    package var cost: Int64?
    package var costIsEstimated = false
    package var cache = CacheUse.off
    /// Why the cache was not asked, or the answer not stored: one word; nil where it was, or is off.
    package var cacheWhy: String?
    /// What guardrails changed, in order: `truncate`, `cheaper`; no commas.
    package var degraded: [String] = []
    /// Drill under way.
    package var drill: String?
    /// Declared maintenance that it fell into: it is neither valid nor timed then, but what it cost is spent.
    package var maintenance: String?
    /// The client's own labels.
    package var tags: [String] = []
    /// Nano-dollars and microseconds that an answer from the cache saved; nil where unknown.
    package var avoidedCost: Int64?
    package var avoidedMicros: Int64?
    /// One line, free of secrets.
    package var error: String?
    /// Every attempt in order, unless the first one succeeded: then empty.
    package var attemptRecords: [AttemptRecord] = []

    package init(id: String, at: Int64) {
        self.id = id
        self.at = at
    }

    /// The first attempt failed, and the client never knew.
    package var isSaved: Bool {
        good && cache != .stale
            && (failedOver || (attemptRecords.first?.failure ?? AttemptRecord.hedgedOut) != AttemptRecord.hedgedOut)
    }
}

/// One request to one deployment.
package struct AttemptRecord: Sendable, Equatable {
    /// Counted from 1.
    package var ordinal: Int
    package var deployment: String
    package var provider: String
    /// HTTP status; nil where no answer came.
    package var status: Int?
    /// Failure class; nil for the attempt that succeeded.
    package var failure: String?
    /// Since the request was accepted.
    package var startMicros: Int64 = 0
    /// Since this attempt's start.
    package var firstTokenMicros: Int64?
    package var totalMicros: Int64 = 0
    /// What the provider or the network said, on one line, free of secrets.
    package var detail: String?
    /// Why this deployment was chosen.
    package var why = ""

    /// The `failure` of an attempt that was cancelled because another one spoke first: nobody's fault.
    package static let hedgedOut = "hedged_out"

    package init(ordinal: Int, deployment: String, provider: String) {
        self.ordinal = ordinal
        self.deployment = deployment
        self.provider = provider
    }
}

/// Something that happened, for the operator and the auditor.
package struct EventRecord: Sendable, Equatable {
    /// UTC milliseconds since 1970.
    package var at: Int64
    /// `bypass`, `failover`, `drill`: a word of the caller's.
    package var kind: String
    package var text: String

    package init(at: Int64, kind: String, text: String) {
        self.at = at
        self.kind = kind
        self.text = text
    }
}
