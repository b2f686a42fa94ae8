import GRDB

/// By what requests are told apart.
package enum Dimension: String, Sendable, CaseIterable {
    case tenant, feature, group
    /// Who answered; empty where nobody did. How a provider did by itself is in `Ledger.deployments`.
    case provider

    var scope: SeriesKey.Scope {
        switch self {
        case .tenant: .tenant
        case .feature: .feature
        case .group: .group
        case .provider: .provider
        }
    }
}

/// Whose requests are meant; nil: everyone's.
///
/// One name is exact to the minute. Several names at once, and a deployment's, are kept by the hour: their windows begin
/// with the hour that they fall into.
package struct SeriesFilter: Sendable, Hashable {
    package var tenant: String?
    package var feature: String?
    package var group: String?
    package var provider: String?
    /// Who answered.
    package var deployment: String?

    package static let all = Self()

    package init(
        tenant: String? = nil,
        feature: String? = nil,
        group: String? = nil,
        provider: String? = nil,
        deployment: String? = nil
    ) {
        self.tenant = tenant
        self.feature = feature
        self.group = group
        self.provider = provider
        self.deployment = deployment
    }

    var names: [(Dimension, String)] {
        [(.tenant, tenant), (.feature, feature), (.group, group), (.provider, provider)].compactMap { dimension, name in
            name.map { (dimension, $0) }
        }
    }
}

/// The series that answer a question, the fewest that do.
struct SeriesChoice {
    /// Condition on `series`, as a list of ids.
    let ids: String
    let arguments: StatementArguments
    /// Finest rows that they have.
    let finest: Grain

    /// Requests of one class of traffic (nil: of all), filtered, and told apart by a dimension where one is named.
    init(_ filter: SeriesFilter, by dimension: Dimension? = nil, traffic: Traffic?) {
        let names = filter.names
        let dimensions = Set(names.map(\.0) + (dimension.map { [$0] } ?? []))
        let isDetail = dimensions.count > 1 || filter.deployment != nil
        let scope = isDetail ? .request : dimensions.first?.scope ?? SeriesKey.Scope.total
        var conditions = ["scope = '\(scope.rawValue)'"]
        var arguments: [String] = []
        if let traffic {
            conditions.append("traffic = ?")
            arguments.append(traffic.rawValue)
        }
        for (dimension, name) in names {
            conditions.append("\(dimension.scope.column) = ?")
            arguments.append(name)
        }
        if let deployment = filter.deployment {
            conditions.append("deployment = ?")
            arguments.append(deployment)
        }
        ids = "(SELECT id FROM series WHERE \(conditions.joined(separator: " AND ")))"
        self.arguments = StatementArguments(arguments)
        finest = scope == .request ? .hour : .minute
    }

    func spans(_ window: Duration, now: Int64) -> [Span] { Span.last(window, now: now, finest: finest) }
}
