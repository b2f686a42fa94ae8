// What a snapshot says of objectives, alerts and caps.

extension EngineSnapshot {
    /// The headline numbers over one window.
    package struct WindowView: Codable, Equatable, Sendable {
        package var seconds: Int
        package var headline: Headline
        package init(seconds: Int, headline: Headline) {
            self.seconds = seconds
            self.headline = headline
        }
    }

    /// The error budget of the SLO's window: its course, its pace, who spent it, and what follows from that.
    package struct BudgetView: Codable, Equatable, Sendable {
        package enum Policy: String, Codable, Sendable { case open, caution, frozen }

        /// How fast it was spent over one window, and the pace at which somebody is alerted.
        package struct Burn: Codable, Equatable, Sendable {
            /// Seconds.
            package var window: Int
            /// Nil without traffic.
            package var rate: Double?
            package var limit: Double?
            package init(window: Int, rate: Double?, limit: Double? = nil) {
                self.window = window
                self.rate = rate
                self.limit = limit
            }
        }

        /// Who spent it.
        package struct Spender: Codable, Equatable, Sendable {
            /// `feature`, `provider` or `tenant`.
            package var kind: String
            package var name: String
            /// Bad requests.
            package var failures: Int
            /// Of all bad requests.
            package var share: Double
            package init(kind: String, name: String, failures: Int, share: Double) {
                self.kind = kind
                self.name = name
                self.failures = failures
                self.share = share
            }
        }

        package struct Maintenance: Codable, Equatable, Sendable {
            package var from: Int64
            package var to: Int64
            package var reason: String
            package init(from: Int64, to: Int64, reason: String) {
                self.from = from
                self.to = to
                self.reason = reason
            }
        }

        package var policy = Policy.open
        /// Why the policy is what it is; empty while it is open.
        package var reason = ""
        package var burns: [Burn] = []
        package var spenders: [Spender] = []
        /// What was left at the end of each stretch of `burnDownStep` seconds, oldest first; nil before the first request.
        package var burnDown: [Double?] = []
        package var burnDownStep = 86_400
        /// Declared maintenance, under way or to come.
        package var maintenance: [Maintenance] = []
        package init() {}
    }

    /// One alert rule and how it stands.
    package struct AlertRow: Codable, Equatable, Sendable {
        package enum State: String, CaseIterable, Codable, Sendable {
            case firing, acknowledged, muted, ok
            /// Nothing was measured in the window.
            case noData
            /// Too few samples to say.
            case tooFew
        }
        package enum Severity: String, Codable, Sendable { case page, ticket, info }

        package var id: String
        /// `p95 latency over target`.
        package var title: String
        package var severity: Severity
        package var state: State
        /// Since when it is in this state.
        package var since: Int64
        /// `3.12 s`, with its unit; empty where none was measured.
        package var value: String
        /// `≤ 2.50 s`.
        package var threshold: String
        package var samples: Int
        /// Seconds that were looked at; 0 for what happens at a moment.
        package var window: Int
        /// What it means and what to do.
        package var text: String
        package var mutedUntil: Int64?
        /// It fired and is not breached any more: what ends it; nil where it is breached, or never fired.
        package var clearing: String?
        package init(
            id: String,
            title: String,
            severity: Severity,
            state: State,
            since: Int64,
            value: String = "",
            threshold: String = "",
            samples: Int = 0,
            window: Int = 0,
            text: String = "",
            mutedUntil: Int64? = nil,
            clearing: String? = nil
        ) {
            self.id = id
            self.title = title
            self.severity = severity
            self.state = state
            self.since = since
            self.value = value
            self.threshold = threshold
            self.samples = samples
            self.window = window
            self.text = text
            self.mutedUntil = mutedUntil
            self.clearing = clearing
        }
    }

    /// A budget that a feature, a tenant or a provider may spend in a period.
    package struct CapRow: Codable, Equatable, Sendable {
        /// `feature`, `tenant`, `provider` or `deployment`.
        package var kind: String
        package var name: String
        package var limit: Int64
        package var spent: Int64
        /// Held for requests that are under way.
        package var reserved: Int64
        package var resetsAt: Int64?
        package init(kind: String, name: String, limit: Int64, spent: Int64, reserved: Int64, resetsAt: Int64?) {
            self.kind = kind
            self.name = name
            self.limit = limit
            self.spent = spent
            self.reserved = reserved
            self.resetsAt = resetsAt
        }
    }

    /// How often one thing was done to a feature's requests.
    package struct DegradationRow: Codable, Equatable, Sendable {
        package var feature: String
        /// As in `x-nines-degraded`: `truncate`, `cheaper`, ...; or `rejected`.
        package var what: String
        package var requests: Int
        package init(feature: String, what: String, requests: Int) {
            self.feature = feature
            self.what = what
            self.requests = requests
        }
    }

    /// How well the prompts of one model are estimated before it has counted them.
    package struct EstimatorRow: Codable, Equatable, Sendable {
        /// `openai/gpt-5.4-mini`.
        package var model: String
        /// Reports that it has learnt from.
        package var samples: Int
        /// Mean absolute error as a share of what was reported; recent ones weigh more.
        package var error: Double
        /// Tokens reported for one by the rule of thumb.
        package var ratio: Double
        package init(model: String, samples: Int, error: Double, ratio: Double) {
            self.model = model
            self.samples = samples
            self.error = error
            self.ratio = ratio
        }
    }

    /// A pager or an export, and what waits for it.
    package struct SinkRow: Codable, Equatable, Sendable {
        package var name: String
        package var waiting: Int
        package var failed: Int
        /// Why the last delivery failed; nil while all is well.
        package var problem: String?
        package init(name: String, waiting: Int, failed: Int, problem: String?) {
            self.name = name
            self.waiting = waiting
            self.failed = failed
            self.problem = problem
        }
    }
}

extension EngineSnapshot.AlertRow.State {
    /// Whether somebody ought to look.
    package var isLoud: Bool { self == .firing }
}
