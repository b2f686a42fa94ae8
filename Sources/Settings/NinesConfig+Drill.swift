package import Routing

extension NinesConfig {
    package struct DrillSettings: Sendable, Hashable {
        /// Where closeout reports go; absolute.
        package var directory: String?
        package var targetFailover: Duration = .seconds(10)
        /// The longest lease of a fault.
        package var maxFault: Duration = .seconds(600)
        /// Share of the error budget below which no drill starts.
        package var minBudget = 0.25
        /// Who takes part, each once; empty where the file does not say.
        package var team: [String] = []
        /// Requests a second that the console adds where traffic is thin; 0: none.
        package var probeRate = 2.0
        /// What these may cost in one drill, in nano-dollars.
        package var probeBudget: Int64 = 500_000_000
        /// What a drill may cost in all before it is stopped, in nano-dollars; nil: no limit.
        package var maxSpend: Int64?
        /// Where the team's own script is; absolute.
        package var scripts: String?
        /// Where its own incident profiles are; absolute.
        package var incidents: String?
        /// What it takes to switch a key off at its provider, by the provider's name: `anthropic`, `openrouter`.
        package var admin: [String: KeyAdmin] = [:]
        package init() {}
    }

    /// A provider's interface that switches a key off and on again.
    package struct KeyAdmin: Sendable, Hashable {
        /// How the call looks.
        package enum Form: String, Sendable, Hashable { case anthropic, openrouter }

        package var form: Form
        /// The admin (Anthropic) or management (OpenRouter) key.
        package var key: Credential
        /// What the provider calls the key that is switched: its id, at OpenRouter its hash.
        package var keyID: String
        /// As a deployment's `apiBase`, without a trailing slash.
        package var apiBase: String

        package init(form: Form, key: Credential, keyID: String, apiBase: String) {
            self.form = form
            self.key = key
            self.keyID = keyID
            self.apiBase = apiBase
        }
    }
}
