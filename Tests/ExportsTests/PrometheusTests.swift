import Exports
import SLO
import Testing

/// The text format's own rules, as a reader of it applies them.
private struct Exposition {
    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }
    struct Broken: Error { let line: String }
    var types: [String: String] = [:]
    var helps: [String: String] = [:]
    var samples: [Sample] = []
    /// Families in the order of their first sample; a family in two places is an error.
    var order: [String] = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Broken(line: "no line feed at the end") }
        for line in text.split(separator: "\n") {
            if let help = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/) {
                guard helps.updateValue(String(help.2), forKey: String(help.1)) == nil else {
                    throw Broken(line: String(line))
                }
            } else if let type = line.wholeMatch(of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/) {
                guard types.updateValue(String(type.2), forKey: String(type.1)) == nil else {
                    throw Broken(line: String(line))
                }
            } else {
                try read(String(line))
            }
        }
    }

    private mutating func read(_ line: String) throws {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(.*)\})? ([^ ]+)/) else {
            throw Broken(line: line)
        }
        let value = ["+Inf": Double.infinity, "-Inf": -.infinity, "NaN": .nan][match.4] ?? Double(match.4)
        guard let value else { throw Broken(line: line) }
        let name = String(match.1)
        let labels = try Self.labels(String(match.3 ?? ""))
        guard !samples.contains(where: { $0.name == name && $0.labels == labels }) else { throw Broken(line: line) }
        samples.append(Sample(name: name, labels: labels, value: value))
        let family = family(of: name)
        if order.last != family {
            guard !order.contains(family), types[family] != nil, helps[family] != nil else { throw Broken(line: line) }
            order.append(family)
        }
    }

    func family(of name: String) -> String {
        for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
            let base = String(name.dropLast(suffix.count))
            if types[base] == "histogram" { return base }
        }
        return name
    }

    private static func labels(_ text: String) throws -> [String: String] {
        var rest = Substring(text)
        var labels: [String: String] = [:]
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)",?/) else {
                throw Broken(line: text)
            }
            let value = String(match.2).replacing(/\\(.)/) { $0.1 == "n" ? "\n" : String($0.1) }
            guard labels.updateValue(value, forKey: String(match.1)) == nil else { throw Broken(line: text) }
            rest = rest[match.range.upperBound...]
        }
        return labels
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }?.value
    }
}

struct PrometheusTests {
    static let metrics: Metrics = {
        var fast = LatencyHistogram()
        for milliseconds in [40, 90, 300, 2_400, 2_700, 200_000] { fast.add(microseconds: Int64(milliseconds) * 1_000) }
        var metrics = Metrics()
        metrics.version = "1.2.3"
        metrics.startedAt = noon
        metrics.objectives.latencyP95 = .milliseconds(2_550)
        metrics.requests = [
            .init(
                tenant: "acme",
                feature: "say \"hi\"\n\\o/",
                group: "assistant",
                provider: "openai",
                outcome: "complete",
                servedFrom: "provider",
                count: 10,
                good: 9,
                cost: 15_000_001,
                tokensIn: 100,
                tokensOut: 20
            )
        ]
        metrics.latency = [("assistant", fast)]
        metrics.deployments = [
            .init(
                name: "a",
                provider: "openai",
                isUp: true,
                attempts: [("success", 9), ("timeout", 1)],
                firstToken: fast
            )
        ]
        metrics.successRate = 0.9
        metrics.burnRates = [("5m", 20), ("1h", .nan)]
        metrics.alertsFiring = [("page", 1)]
        metrics.deliveries = [.init(health: SinkHealth(id: "slack"), waiting: 3)]
        return metrics
    }()

    private static func exposition(_ metrics: Metrics = metrics) throws -> Exposition {
        try Exposition(prometheusText(metrics.families))
    }

    @Test func theTextFollowsTheFormat() throws {
        let exposition = try Self.exposition()
        #expect(exposition.order.count > 20)
        for (name, type) in exposition.types {
            #expect(name.hasPrefix("nines_"))
            #expect(name.hasSuffix("_total") == (type == "counter"), "\(name)")
        }
    }

    @Test func histogramsAreCumulativeWithABucketAtTheTarget() throws {
        let exposition = try Self.exposition()
        let buckets = exposition.samples.filter { $0.name == "nines_request_latency_seconds_bucket" }
        let bounds = buckets.map { Double($0.labels["le"] ?? "") ?? .infinity }
        #expect(bounds == bounds.sorted())
        #expect(bounds.contains(2.55) && bounds.contains(2.5))
        #expect(buckets.last?.labels["le"] == "+Inf")
        #expect(buckets.map(\.value) == [1, 2, 2, 3, 3, 4, 4, 5, 5, 5, 5, 5, 6])
        #expect(exposition.value("nines_request_latency_seconds_count") == 6)
        let sum = try #require(exposition.value("nines_request_latency_seconds_sum"))
        #expect(abs(sum - 205.53) < 2.1)
    }

    @Test func aTargetAmongTheUsualBoundsIsNotDoubled() {
        let bounds = LatencyBuckets(LatencyHistogram(), target: .milliseconds(2_500)).bounds
        #expect(bounds.count == Set(bounds).count && bounds.contains(2.5))
    }

    @Test func labelsAndValuesSurvive() throws {
        let exposition = try Self.exposition()
        let labels = ["feature": "say \"hi\"\n\\o/", "outcome": "complete", "served_from": "provider"]
        #expect(exposition.value("nines_requests_total", labels) == 10)
        #expect(exposition.value("nines_cost_usd_total") == 0.015000001)
        #expect(exposition.value("nines_tokens_total", ["class": "output"]) == 20)
        #expect(exposition.value("nines_burn_rate", ["window": "1h"])?.isNaN == true)
        #expect(exposition.value("nines_sli_success_ratio", ["window": "30d"]) == 0.9)
        #expect(exposition.value("nines_error_budget_remaining_ratio") == nil, "unknown is not 0")
        #expect(exposition.value("nines_outbox_items", ["sink": "slack"]) == 3)
        #expect(exposition.value("nines_build_info", ["version": "1.2.3"]) == 1)
    }

    @Test func twoThousandFeaturesAreFiftyAndOthers() throws {
        var metrics = Self.metrics
        let row = metrics.requests[0]
        metrics.requests = (0..<2_000).map { number in
            var row = row
            row.feature = "made-up-\(number)"
            row.tenant = "t-\(number % 3)"
            return row
        }
        let counts = try Self.exposition(metrics).samples.filter { $0.name == "nines_requests_total" }
        #expect(Set(counts.map { $0.labels["feature"] }).count == 51)
        #expect(counts.reduce(0) { $0 + $1.value } == 20_000)
        #expect(counts.contains { $0.labels["feature"] == "other" })
    }

    @Test func nothingYetIsStillAScrape() throws {
        let exposition = try Self.exposition(Metrics())
        #expect(exposition.value("nines_requests_in_flight") == 0)
        #expect(exposition.types["nines_requests_total"] == nil)
    }
}
