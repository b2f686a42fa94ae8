package import Guardrails
package import Routing
package import Settings

/// What the config means for requests, made once: who may call, and where each model name leads.
package struct RouteTable: Sendable {
    package let config: NinesConfig
    private let groups: [String: ModelGroup]
    private let tenantOfKey: [String: String]
    /// Of every deployment, by id.
    package let deployments: [DeploymentID: Deployment]
    /// Every key in the config, to redact.
    let secrets: [String]
    private let prices: PriceTable

    /// `imported` prices stand in for the shipped ones of the same models.
    package init(_ config: NinesConfig, imported: [PriceRow] = []) {
        self.config = config
        let prices = PriceTable.shipped.replacing(with: imported)
        self.prices = prices
        let known = config.groups.map { $0.withWindows(of: prices) }
        groups = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let all = known.flatMap(\.deployments)
        deployments = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        tenantOfKey = Dictionary(
            config.tenants.map { ($0.key.secret.reveal(), $0.id) },
            uniquingKeysWith: { first, _ in first }
        )
        secrets =
            all.compactMap { $0.credential?.secret.reveal() } + Array(tenantOfKey.keys)
            + [config.masterKey?.secret.reveal()].compactMap { $0 }
    }

    /// The group that answers to `model`, and after it its fallbacks; nil where no such model is offered.
    func groups(for model: String) -> [ModelGroup]? {
        guard let group = groups[model] ?? config.aliases[model].flatMap({ groups[$0] }) else { return nil }
        return [group] + group.fallbacks.compactMap { groups[$0] }
    }

    /// Names that clients may send, groups first, in the order of the file.
    package var modelNames: [String] { config.groups.map(\.name) + config.aliases.keys.sorted() }

    /// Who calls, as far as keys say.
    enum Caller: Equatable {
        /// The key belongs to this tenant, whatever the request says.
        case tenant(String)
        /// The master key, or no key is asked for: the request may name a tenant.
        case anyone
        case refused
    }

    /// Who sends `key`, the bearer token or `x-api-key`; nil where the request carries none.
    func caller(key: String?) -> Caller {
        guard config.masterKey != nil || !tenantOfKey.isEmpty else { return .anyone }
        guard let key else { return .refused }
        if let tenant = tenantOfKey[key] { return .tenant(tenant) }
        if let master = config.masterKey?.secret.reveal(), key == master { return .anyone }
        return .refused
    }

    /// What tokens cost at `deployment`: the config's own price, else an imported or the shipped one; nil where none knows.
    package func prices(of deployment: Deployment) -> PriceHistory? {
        if let price = config.prices[deployment.id] {
            return PriceHistory(fixed: price, provider: deployment.provider, model: deployment.model, source: "config")
        }
        return prices.history(provider: deployment.provider, model: deployment.model)
    }

    /// The whole table, without the config's own prices.
    package var priceRows: [PriceRow] { prices.rows }

    /// Deployments whose requests cost nobody knows what, at that moment (UTC milliseconds), in the order of the file.
    package func unpriced(at now: Int64) -> [Deployment] {
        config.groups.flatMap(\.deployments).filter { prices(of: $0)?.row(at: now) == nil }
    }
}

extension ModelGroup {
    /// The same, with the longest inputs that the price table knows where the config says nothing.
    fileprivate func withWindows(of prices: PriceTable) -> ModelGroup {
        let deployments = deployments.map { deployment in
            var deployment = deployment
            deployment.contextWindow =
                deployment.contextWindow
                ?? prices.contextWindow(provider: deployment.provider, model: deployment.model)
            return deployment
        }
        return ModelGroup(name: name, deployments: deployments, fallbacks: fallbacks)
    }
}
