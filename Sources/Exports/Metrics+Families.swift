import SLO

extension Metrics {
    /// In Prometheus's conventions: base units, `_total` on what only rises, a bucket at the latency target.
    package var families: [MetricFamily] {
        traffic + perDeployment + promise + own
    }

    private var traffic: [MetricFamily] {
        let rows = boundedRequests
        let kinds: [(String, (Requests) -> Int)] = [
            ("input", \.tokensIn), ("output", \.tokensOut), ("cache_read", \.tokensCacheRead),
            ("cache_write", \.tokensCacheWrite),
        ]
        return [
            MetricFamily(
                "nines_requests_total",
                .counter,
                "Client requests, by how they ended.",
                summed(rows.map { row in (row.labels + row.ending, Double(row.count)) })
            ),
            MetricFamily(
                "nines_requests_good_total",
                .counter,
                "Client requests served as promised.",
                summed(rows.map { row in (row.labels, Double(row.good)) })
            ),
            MetricFamily(
                "nines_cost_usd_total",
                .counter,
                "What providers bill, failed attempts included, in dollars.",
                summed(rows.map { row in (row.labels, Double(row.cost)) }).map(\.inDollars)
            ),
            MetricFamily(
                "nines_tokens_total",
                .counter,
                "Tokens by class; input includes what was read from and written to the provider's cache.",
                summed(
                    rows.flatMap { row in
                        kinds.map { (row.labels + [MetricLabel("class", $0.0)], Double($0.1(row))) }
                    }
                )
            ),
            MetricFamily(
                "nines_request_latency_seconds",
                .histogram,
                "What the latency objective counts: time to first content token, or total time.",
                latency.map { entry in
                    let buckets = LatencyBuckets(entry.histogram, target: objectives.latencyP95)
                    return MetricSeries([MetricLabel("group", entry.group)], .histogram(buckets))
                }
            ),
            gauge("nines_requests_in_flight", "Client requests under way.", Double(requestsInFlight)),
            MetricFamily(
                "nines_failovers_total",
                .counter,
                "Requests that another deployment than the first choice answered.",
                [MetricSeries([], failovers)]
            ),
            MetricFamily(
                "nines_cache_requests_total",
                .counter,
                "Client requests that asked the response cache, by what it had for them.",
                cacheRequests.map { MetricSeries([MetricLabel("result", $0.result)], $0.count) }
            ),
        ]
    }

    private var perDeployment: [MetricFamily] {
        [
            MetricFamily(
                "nines_deployment_up",
                .gauge,
                "1 while the deployment takes traffic, 0 while it is out.",
                deployments.map { MetricSeries($0.labels, $0.isUp ? 1 : 0) }
            ),
            MetricFamily(
                "nines_attempts_total",
                .counter,
                "Requests to a deployment, by result: success or the class of the failure.",
                deployments.flatMap { deployment in
                    deployment.attempts.map {
                        MetricSeries(deployment.labels + [MetricLabel("result", $0.result)], $0.count)
                    }
                }
            ),
            MetricFamily(
                "nines_time_to_first_token_seconds",
                .histogram,
                "From an attempt's start to its first content token.",
                deployments.map { deployment in
                    let buckets = LatencyBuckets(deployment.firstToken, target: objectives.latencyP95)
                    return MetricSeries(deployment.labels, .histogram(buckets))
                }
            ),
        ]
    }

    private var promise: [MetricFamily] {
        let window = [MetricLabel("window", windowName)]
        return [
            gauge("nines_slo_success_target_ratio", "The promised share of good requests.", objectives.success),
            gauge(
                "nines_slo_latency_target_seconds",
                "The promised 95th percentile of latency.",
                objectives.latencyP95 / .seconds(1)
            ),
            gauge(
                "nines_slo_cost_target_usd",
                "The promised mean cost of a request, in dollars.",
                Double(objectives.costPerRequest) / 1e9
            ),
            gauge("nines_sli_success_ratio", "Good over valid requests.", successRate, window),
            gauge(
                "nines_error_budget_remaining_ratio",
                "Error budget left: 1 untouched, 0 spent, below 0 overspent.",
                errorBudgetRemaining,
                window
            ),
            MetricFamily(
                "nines_burn_rate",
                .gauge,
                "Observed over allowed error ratio.",
                burnRates.map { MetricSeries([MetricLabel("window", $0.window)], .number($0.rate)) }
            ),
            MetricFamily(
                "nines_alerts_firing",
                .gauge,
                "Alerts that fire now.",
                alertsFiring.map { MetricSeries([MetricLabel("severity", $0.severity)], $0.count) }
            ),
        ]
    }

    private var own: [MetricFamily] {
        func bySink(_ value: (Delivery) -> Int) -> [MetricSeries] {
            deliveries.map { MetricSeries([MetricLabel("sink", $0.health.id)], value($0)) }
        }
        func byResult(_ delivery: Delivery) -> [MetricSeries] {
            [("delivered", delivery.health.delivered), ("dropped", delivery.health.dropped)].map {
                MetricSeries([MetricLabel("sink", delivery.health.id), MetricLabel("result", $0.0)], $0.1)
            }
        }
        return [
            gauge("nines_bypass", "1 while the bypass is on.", bypassIsOn ? 1 : 0),
            gauge("nines_drill_running", "1 while a drill runs.", drillIsRunning ? 1 : 0),
            gauge("nines_offline", "1 while no provider can be reached.", isOffline ? 1 : 0),
            gauge("nines_deferred_waiting", "Requests accepted and not sent yet.", deferredWaiting.map(Double.init)),
            MetricFamily("nines_outbox_items", .gauge, "Notices and calls that wait.", bySink(\.waiting)),
            MetricFamily("nines_deliveries_total", .counter, "Notices and calls.", deliveries.flatMap(byResult)),
            MetricFamily(
                "nines_sink_up",
                .gauge,
                "1 while a pager or an export takes what it is sent.",
                bySink { $0.health.standing == .ok ? 1 : 0 }
            ),
            MetricFamily(
                "nines_build_info",
                .gauge,
                "The version, as a label.",
                [MetricSeries([MetricLabel("version", version)], 1)]
            ),
            gauge("nines_start_time_seconds", "When it started, Unix time.", Double(startedAt) / 1_000),
        ]
    }

    private var boundedRequests: [Requests] {
        var tenants = LabelBound(limit: labelLimit)
        var features = LabelBound(limit: labelLimit)
        return requests.map { row in
            var row = row
            row.tenant = tenants.name(row.tenant)
            row.feature = features.name(row.feature)
            return row
        }
    }

    private var windowName: String {
        let seconds = objectives.window.components.seconds
        return seconds % 86_400 == 0 ? "\(seconds / 86_400)d" : "\(seconds)s"
    }
}

/// Keeps the first names it is asked about and calls the rest `other`.
private struct LabelBound {
    let limit: Int
    private var kept: Set<String> = []
    init(limit: Int) { self.limit = limit }

    mutating func name(_ name: String) -> String {
        if kept.contains(name) { return name }
        guard kept.count < limit else { return "other" }
        kept.insert(name)
        return name
    }
}

/// Rows of the same labels as one series, in the order of their first.
private func summed(_ rows: [([MetricLabel], Double)]) -> [MetricSeries] {
    var sums: [[MetricLabel]: Double] = [:]
    var order: [[MetricLabel]] = []
    for (labels, value) in rows {
        if sums[labels] == nil { order.append(labels) }
        sums[labels, default: 0] += value
    }
    return order.map { MetricSeries($0, .number(sums[$0] ?? 0)) }
}

/// No series where there is no value: an absent number is not zero.
private func gauge(_ name: String, _ help: String, _ value: Double?, _ labels: [MetricLabel] = []) -> MetricFamily {
    MetricFamily(name, .gauge, help, value.map { [MetricSeries(labels, .number($0))] } ?? [])
}

extension Metrics.Requests {
    fileprivate var labels: [MetricLabel] {
        [
            MetricLabel("tenant", tenant), MetricLabel("feature", feature), MetricLabel("group", group),
            MetricLabel("provider", provider),
        ]
    }

    fileprivate var ending: [MetricLabel] { [MetricLabel("outcome", outcome), MetricLabel("served_from", servedFrom)] }
}

extension Metrics.Deployment {
    fileprivate var labels: [MetricLabel] { [MetricLabel("deployment", name), MetricLabel("provider", provider)] }
}

extension MetricSeries {
    /// From nano-dollars, divided once.
    fileprivate var inDollars: MetricSeries {
        guard case .number(let nano) = value else { return self }
        return MetricSeries(labels, .number(nano / 1e9))
    }
}
