import Engine
import Guardrails
import Kit
import Routing
import SLO
import Settings

/// The guardrail sheet's line of each feature, as config, price table and ledger have it.
struct FeatureSheets {
    let config: NinesConfig
    let prices: RouteTable

    /// `counts` were taken over `measured`, `group` is where most of them went; nil: the first of the config.
    ///
    /// The month's requests are reckoned from at least a whole day: the first minutes of a ledger say nothing of a month.
    func feature(_ name: String, counts: EventCounts, group: String?, over measured: Duration, now: Int64) -> KitFeature
    {
        let settings = config.features.first { $0.name == name } ?? config.features.first { $0.name == "default" }
        let metered = max(1, counts.metered)
        let days = max(1, measured / .seconds(86_400))
        var limits = FeatureLimits(ladder: settings?.onExceed ?? [])
        limits.maxCostPerRequest = settings?.maxCostPerRequest
        limits.maxInputTokens = settings?.maxInputTokens
        limits.maxOutputTokens = settings?.maxOutputTokens
        let sheet = SheetFeature(
            name: name.isEmpty ? "no feature named" : name,
            limits: limits,
            budget: settings?.budget.map { budget in
                SpendCap(owner: .feature(name), amount: budget.amount, period: budget.period)
            },
            inputTokens: counts.tokensIn / metered,
            outputTokens: counts.tokensOut / metered,
            requests: Int(Double(counts.requests) * 30 / days),
            cacheHits: counts.tokensIn > 0 ? Double(counts.tokensCacheRead) / Double(counts.tokensIn) : 0,
            routes: routes(from: group, cheaper: settings?.cheaper, now: now)
        )
        return KitFeature(sheet: sheet, metered: counts.metered, cheaper: settings?.cheaper)
    }

    /// The group and its fallbacks as they are tried, then the cheaper one.
    private func routes(from name: String?, cheaper: String?, now: Int64) -> [SheetFeature.Route] {
        guard let group = config.groups.first(where: { $0.name == name }) ?? config.groups.first else { return [] }
        let names = [group.name] + group.fallbacks + [cheaper].compactMap(\.self)
        var seen: Set<String> = []
        let groups = names.filter { seen.insert($0).inserted }
            .compactMap { name in config.groups.first { $0.name == name } }
        return groups.flatMap { group in
            group.inOrder.map { deployment in
                SheetFeature.Route(
                    group: group.name,
                    deployment: deployment.id.name,
                    model: deployment.model,
                    price: prices.prices(of: deployment)?.row(at: now)
                )
            }
        }
    }
}
