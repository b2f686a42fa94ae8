package import Guardrails
package import Routing
package import SLO

/// The whole configuration, checked and with every default filled in: what one YAML file means.
package struct NinesConfig: Sendable {
    /// The file it came from; nil for one made in memory.
    package var path: String?
    package var host = "127.0.0.1"
    package var port = 4000
    /// Host and port as they stand in a URL: `127.0.0.1:4000`, `[::1]:4000`.
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    /// Whether none but this machine's programs reach the front door.
    package var listensOnLoopback: Bool { isLoopback(host) }
    /// Absolute, `~` expanded; nil where the file names none.
    package var database: String?
    package var theme = "cvd-dark"
    /// In the order of the file; names are unique.
    package var groups: [ModelGroup] = []
    /// Other names for groups: alias to group (`model_group_alias`).
    package var aliases: [String: String] = [:]
    package var policy = RoutingPolicy()
    package var objectives = Objectives()
    /// Required of callers where set (`general_settings.master_key`).
    package var masterKey: Credential?
    package var tenants: [Tenant] = []
    /// Prices that the file sets for a deployment, over the shipped table.
    package var prices: [DeploymentID: TokenPrice] = [:]
    /// Caps over time of single deployments.
    package var deploymentBudgets: [DeploymentID: Budget] = [:]
    /// Caps over time by the provider's name (`Deployment.provider`).
    package var providerBudgets: [String: Budget] = [:]
    package var drill = DrillSettings()
    /// In the order of the file, names are unique; `default` stands for those that it does not name.
    package var features: [Feature] = []
    package var cache = Cache()
    package var alerts = Alerts()
    package var errorBudget = ErrorBudgetPolicy()
    package var pagers: [Pager] = []
    package var exports: [Export] = []
    package var retention = Retention()
    package var kit = Kit()
    /// Origins that a browser may call from.
    package var corsOrigins: [String] = []

    package init() {}

    package struct Tenant: Sendable, Hashable {
        package var id: String
        /// As the papers call this client; nil where the file does not say.
        package var name: String?
        package var key: Credential
        package var budget: Budget?
        package init(id: String, key: Credential) {
            self.id = id
            self.key = key
        }
    }

    /// How long rows are kept.
    package struct Retention: Sendable, Hashable {
        /// One row per request and attempt.
        package var requests: Duration = .seconds(35 * 86_400)
        /// Counts and histograms a minute, hour and day.
        package var rollups: Duration = .seconds(400 * 86_400)
        package init() {}
    }
}
