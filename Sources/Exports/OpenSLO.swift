package import SLO
import Wire

/// How each indicator is read from the ledger: one SQL statement with one number each.
package struct IndicatorQueries: Sendable {
    /// Requests that count, and those of them served as promised; they only rise.
    package var valid: String
    package var good: String
    /// Latency samples, and those of them within the target; they only rise.
    package var timed: String
    package var fast: String
    /// Mean cost of a request over the window, in dollars.
    package var meanCost: String

    package init(valid: String, good: String, timed: String, fast: String, meanCost: String) {
        self.valid = valid
        self.good = good
        self.timed = timed
        self.fast = fast
        self.meanCost = meanCost
    }
}

/// The objectives as OpenSLO v1 documents, in YAML.
///
/// A service, an objective each for success and latency (95 of 100 requests within the target), and burn-rate alerts on
/// the error budget. OpenSLO has no objective on a mean, so cost is an indicator with its limit in an annotation.
/// Names are made to RFC 1123 (63 characters of `a-z0-9-`).
package func openSLO(_ objectives: Objectives, service: String, queries: IndicatorQueries) -> String {
    let name = documentName(service)
    let burns = burnAlerts.map { (name: documentName("\(name)-burn-\($0.window)"), alert: $0) }
    let success = ratio(
        documentName(name + "-success"),
        "Share of requests served as promised",
        service: name,
        (good: queries.good, total: queries.valid),
        target: objectives.success,
        objectives: objectives,
        policies: burns.map(\.name)
    )
    let seconds = fixed(objectives.latencyP95 / .seconds(1), places: 3)
    let latency = ratio(
        documentName(name + "-latency"),
        "Share of requests within \(seconds) s (\(objectives.latencyOf.rawValue))",
        service: name,
        (good: queries.fast, total: queries.timed),
        target: 0.95,
        objectives: objectives,
        policies: []
    )
    let documents =
        [
            document("Service", name, "LLM failover router", ["description": "Requests to language models"]),
            success, latency, cost(documentName(name + "-cost"), objectives, queries),
        ] + burns.flatMap { [policy($0.name, $0.alert), condition($0.name, $0.alert)] } + [target]
    return documents.map { "---\n" + yaml($0) }.joined()
}

/// Google SRE Workbook, "Alerting on SLOs", table 5-8: long windows of the recommended pairs and what burns in them.
private let burnAlerts: [BurnAlert] = [
    BurnAlert(rate: "14.4", window: "1h", after: "5m", severity: "page"),
    BurnAlert(rate: "6", window: "6h", after: "30m", severity: "page"),
    BurnAlert(rate: "3", window: "1d", after: "2h", severity: "ticket"),
    BurnAlert(rate: "1", window: "3d", after: "6h", severity: "ticket"),
]

private struct BurnAlert {
    let rate: String
    let window: String
    let after: String
    let severity: String
}

private func document(
    _ kind: String,
    _ name: String,
    _ title: String,
    annotations: [JSONValue.Member] = [],
    _ spec: JSONValue
) -> JSONValue {
    var metadata: [JSONValue.Member] = [.init("name", .string(name)), .init("displayName", .string(title))]
    if !annotations.isEmpty { metadata.append(.init("annotations", .object(annotations))) }
    return ["apiVersion": "openslo/v1", "kind": .string(kind), "metadata": .object(metadata), "spec": spec]
}

private func ratio(
    _ name: String,
    _ title: String,
    service: String,
    _ queries: (good: String, total: String),
    target: Double,
    objectives: Objectives,
    policies: [String]
) -> JSONValue {
    let metric: JSONValue = [
        "counter": .bool(true), "good": source(queries.good), "total": source(queries.total),
    ]
    var spec: [JSONValue.Member] = [
        .init("description", .string(title)),
        .init("service", .string(service)),
        .init(
            "indicator",
            ["metadata": ["name": .string(documentName(name + "-ratio"))], "spec": ["ratioMetric": metric]]
        ),
        .init("timeWindow", [["duration": .string(window(objectives.window)), "isRolling": .bool(true)]]),
        .init("budgetingMethod", "Occurrences"),
        .init("objectives", [["displayName": .string(title), "target": .real(target)]]),
    ]
    if !policies.isEmpty {
        spec.append(.init("alertPolicies", .array(policies.map { ["alertPolicyRef": .string($0)] })))
    }
    return document("SLO", name, title, .object(spec))
}

private func cost(_ name: String, _ objectives: Objectives, _ queries: IndicatorQueries) -> JSONValue {
    document(
        "SLI",
        name,
        "Mean cost of a request, in dollars",
        annotations: [
            .init("nines/limit-usd", .string(dollars(nano: objectives.costPerRequest))),
            .init("nines/window", .string(window(objectives.window))),
        ],
        ["thresholdMetric": source(queries.meanCost)]
    )
}

private func policy(_ name: String, _ alert: BurnAlert) -> JSONValue {
    document(
        "AlertPolicy",
        name,
        "Budget burns at \(alert.rate) times the rate that lasts",
        [
            "alertWhenNoData": .bool(false), "alertWhenResolved": .bool(true), "alertWhenBreaching": .bool(true),
            "conditions": [["conditionRef": .string(name)]],
            "notificationTargets": [["targetRef": "nines-pagers"]],
        ]
    )
}

private func condition(_ name: String, _ alert: BurnAlert) -> JSONValue {
    let condition: JSONValue = [
        "kind": "burnrate", "op": "gt", "threshold": .number(alert.rate), "lookbackWindow": .string(alert.window),
        "alertAfter": .string(alert.after),
    ]
    return document(
        "AlertCondition",
        name,
        "Burn rate over \(alert.window)",
        ["severity": .string(alert.severity), "condition": condition]
    )
}

private let target = document(
    "AlertNotificationTarget",
    "nines-pagers",
    "The pagers of Nines",
    ["target": "nines", "description": "Whatever the config lists under nines.pagers"]
)

private func source(_ query: String) -> JSONValue {
    ["metricSource": ["type": "SQLite", "spec": ["query": .string(query)]]]
}

/// OpenSLO counts in whole minutes, hours and days.
private func window(_ duration: Duration) -> String {
    let minutes = max(1, duration.components.seconds / 60)
    if minutes % 1_440 == 0 { return "\(minutes / 1_440)d" }
    return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes)m"
}

private func documentName(_ text: String) -> String {
    let letters = text.lowercased().unicodeScalars.map { scalar in
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
    }
    let words = letters.split(separator: "-").map { String($0) }.joined(separator: "-")
    let name = String(words.prefix(63))
    return name.isEmpty ? "nines" : name.last == "-" ? String(name.dropLast()) : name
}
