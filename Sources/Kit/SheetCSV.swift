import Guardrails
import SLO

/// The guardrail sheet for a spreadsheet: one row a feature and route, money in dollars, shares as fractions.
///
/// An empty cell is a figure that isn't known.
func sheetCSV(_ input: KitInput) -> String {
    let head = [
        "feature", "group", "deployment", "model", "input_usd_per_million", "output_usd_per_million", "price_from",
        "price_source", "input_tokens", "output_tokens", "measured_requests", "cost_usd", "cost_uncached_usd",
        "share_of_target", "output_in_target", "cost_30d_usd", "budget_usd", "budget_period_days", "share_of_budget",
        "warn_at_usd", "on_exceed", "failover_difference_usd",
    ]
    let rows = input.features.flatMap { feature in
        feature.sheet.rows(target: input.objectives.costPerRequest).map { cells($0, of: feature) }
    }
    return ([head] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
}

private func cells(_ row: SheetRow, of feature: KitFeature) -> [String] {
    let price = row.route.price?.price(forInput: row.inputTokens)
    let isKnown = feature.figures == .quotable
    let known = { (text: String?) in isKnown ? text ?? "" : "" }
    return [
        Markup.csv(row.feature), Markup.csv(row.route.group), Markup.csv(row.route.deployment),
        Markup.csv(row.route.model), amount(price?.input), amount(price?.output),
        row.route.price?.from.map(KitText.date) ?? "", Markup.csv(row.route.price?.source ?? ""),
        known(String(row.inputTokens)), known(String(row.outputTokens)),
        feature.isPlanned ? "" : String(feature.metered),
        known(amount(row.cost)), known(amount(row.costWithoutCache)), known(row.shareOfTarget.map(fraction)),
        known(row.outputInTarget.map(String.init)), known(amount(row.costOf30Days)), amount(row.budget?.amount),
        row.budget.map { fraction(Double($0.period) / 86_400_000) } ?? "", known(row.shareOfBudget.map(fraction)),
        amount(row.warnAt), row.onExceed.map(\.rawValue).joined(separator: " "), known(amount(row.failoverDifference)),
    ]
}

private func amount(_ nano: Int64?) -> String {
    nano.map { KitText.dollars($0).filter { $0 != "$" && $0 != "," } } ?? ""
}

private func fraction(_ value: Double) -> String { KitText.trimmed(KitText.fixed(value, 4)).filter { $0 != "," } }
