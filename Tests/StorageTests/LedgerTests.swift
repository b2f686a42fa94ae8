import GRDB
import SLO
import Testing

@testable import Storage

struct LedgerTests {
    @Test("spend of any stretch, exactly", arguments: [1_000, 10_000, 60_000, 600_000, 3_600_000] as [Int64])
    func spend(length: Int64) async throws {
        let ledger = try memoryLedger()
        var costs: [Int64: Int64] = [:]
        for number in 0..<200 as Range<Int64> {
            var request = goodRequest("\(number)", at: someTime + number * 7_919)
            (request.cost, costs[request.at]) = (number, number)
            ledger.record(request)
        }
        try await ledger.flush()
        for start in stride(from: someTime / length * length, to: someTime + 1_600_000, by: Int(length * 7)) {
            let wanted = costs.filter { (start..<start + length).contains($0.key) }.values.reduce(0, +)
            let filters: [SeriesFilter] = [
                .all, SeriesFilter(tenant: "acme"), SeriesFilter(feature: "summarise"),
                SeriesFilter(provider: "openai"),
                SeriesFilter(deployment: "openai/gpt-5.4-mini"),
            ]
            for filter in filters { #expect(try ledger.spent(from: start, to: start + length, of: filter) == wanted) }
            #expect(try ledger.spent(from: start, to: start + length, of: SeriesFilter(tenant: "globex")) == 0)
        }
    }

    @Test func aRequestComesBackAsItWas() async throws {
        let ledger = try memoryLedger()
        var rejected = goodRequest("r3", at: someTime + 2)
        rejected.traffic = .drill
        rejected.mode = .bypass
        rejected.format = .anthropic
        rejected.outcome = .rejected
        (rejected.valid, rejected.good) = (false, false)
        (rejected.deployment, rejected.provider, rejected.cost, rejected.latencyMicros) = (nil, nil, nil, nil)
        rejected.degraded = ["truncate", "cheaper"]
        rejected.drill = "drill-7"
        rejected.error = "context too long"
        let requests = [goodRequest(at: someTime), savedRequest(at: someTime + 1), rejected]
        for request in requests { ledger.record(request) }
        try await ledger.flush()
        #expect(try ledger.recentRequests() == requests.reversed())
        #expect(try ledger.recentRequests(limit: 1) == [rejected])
        #expect(try ledger.request(id: "r2") == requests[1])
        #expect(try ledger.request(id: "nobody") == nil)
        #expect(ledger.health.corrected == 0)
    }

    @Test func numbersSurviveARestart() async throws {
        let scratch = try Scratch()
        for half in 0..<2 {
            let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
            for number in 0..<50 { ledger.record(goodRequest("\(half)-\(number)")) }
            try await ledger.flush()
        }
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        let headline = try ledger.headline(now: someTime)
        #expect(headline.window.counts.valid == 100)
        #expect(headline.latencyStanding == .ok)
        #expect(headline.window.latency.samples == 100)
        #expect(try ledger.recentRequests().count == 100)
    }

    @Test func anOrderlyStopLosesNothing() async throws {
        let scratch = try Scratch()
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        let running = Task { await ledger.run() }
        for number in 0..<3_000 { ledger.record(goodRequest("\(number)")) }
        ledger.append(EventRecord(at: someTime, kind: "stop", text: "the last word"))
        running.cancel()
        await running.value
        #expect(ledger.health.backlog == 0)
        #expect(try ledger.headline(now: someTime).window.counts.requests == 3_000)
        #expect(try ledger.recentEvents().map(\.text) == ["the last word"])
    }

    @Test func theWriterWritesUnaskedAndAfterARestart() async throws {
        let ledger = try memoryLedger()
        ledger.record(goodRequest("before"))
        for run in 1...2 {
            let running = Task { await ledger.run() }
            for round in 1...3 {
                ledger.record(goodRequest("\(run) \(round)"))
                while ledger.health.backlog > 0 { await Task.yield() }
            }
            #expect(try ledger.recentRequests().count == 1 + 3 * run)
            running.cancel()
            await running.value
        }
    }

    @Test func aRepeatedIdCountsOnce() async throws {
        let ledger = try memoryLedger()
        for _ in 0..<3 { ledger.record(goodRequest("same")) }
        try await ledger.flush()
        ledger.record(goodRequest("same"))
        try await ledger.flush()
        #expect(try ledger.headline(now: someTime).window.counts.requests == 1)
        #expect(ledger.health.repeated == 3)
    }

    @Test func settingsAndEvents() async throws {
        let scratch = try Scratch()
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        #expect(try ledger.setting("bypass") == nil)
        try ledger.set("bypass", value: "on")
        try ledger.set("bypass", value: "off")
        try ledger.set("other", value: "x")
        try ledger.set("other", value: nil)
        for number in 0..<5 {
            ledger.append(EventRecord(at: someTime + Int64(number), kind: "failover", text: "\(number)"))
        }
        try await ledger.flush()
        let again = try Ledger.open(path: scratch.path, objectives: Objectives())
        #expect(try again.setting("bypass") == "off")
        #expect(try again.setting("other") == nil)
        #expect(try again.recentEvents(limit: 2).map(\.text) == ["4", "3"])
    }

    @Test func pruningKeepsEveryNumber() async throws {
        let ledger = try memoryLedger()
        let requests = randomRequests(5_000, before: someTime, days: 20, seed: 3)
        for request in requests { ledger.record(request) }
        try await ledger.flush()
        let before = try ledger.headline(now: someTime)
        let limit = someTime - 10 * 86_400_000
        let old = requests.filter { $0.at < limit }.count
        #expect(try ledger.prune(before: limit) == old)
        #expect(try ledger.prune(before: limit) == 0)
        #expect(try ledger.headline(now: someTime) == before)
        #expect(try ledger.recentRequests(limit: 10_000).count == 5_000 - old)
        let orphans = try ledger.read { db in
            try Int.fetchOne(
                db,
                sql: "SELECT count(*) FROM attempt_row WHERE request NOT IN (SELECT number FROM request_row)"
            )
        }
        #expect(orphans == 0)
        for grain in Grain.allCases { try ledger.prune(grain, before: someTime + 86_400_000) }
        #expect(try ledger.headline(now: someTime).window.counts.requests == 0)
    }

    @Test func spendAndDeployments() async throws {
        let ledger = try memoryLedger()
        ledger.record(goodRequest("1"))
        ledger.record(savedRequest("2"))
        var drill = goodRequest("3")
        drill.traffic = .drill
        drill.feature = "chat"
        drill.cost = 50_000_000
        ledger.record(drill)
        var yesterday = goodRequest("4", at: someTime - 86_400_000 + 1)
        yesterday.cost = nil
        ledger.record(yesterday)
        ledger.record(goodRequest("5", at: someTime - 2 * 86_400_000))
        try await ledger.flush()

        #expect(
            try ledger.spendByFeature(now: someTime) == [
                FeatureSpend(feature: "chat", cost: 50_000_000, requests: 1, unpriced: 0),
                FeatureSpend(feature: "summarise", cost: 8_200_000, requests: 3, unpriced: 1),
            ]
        )
        #expect(try ledger.spentToday(now: someTime) == 58_200_000)

        let deployments = try ledger.deployments(now: someTime)
        #expect(deployments.map(\.deployment) == ["anthropic/claude-haiku-4-5", "openai/gpt-5.4-mini"])
        #expect(deployments.map(\.indicators.counts.requests) == [1, 2])
        #expect(deployments.map(\.indicators.counts.bad) == [0, 1])
        // The second attempt is measured from its own start.
        let bucket = LatencyHistogram.bucket(microseconds: 599_000)
        #expect(deployments[0].indicators.latency.counts == [bucket: 1])
    }

    @Test func trendStepsAreAlignedAndEndNow() async throws {
        let ledger = try memoryLedger()
        let minute: Int64 = 60_000
        let thisMinute = someTime / minute * minute
        for at in [thisMinute, thisMinute + 1, thisMinute - 1, thisMinute - 3 * minute, thisMinute - 9 * minute] {
            ledger.record(goodRequest("\(at)", at: at))
        }
        try await ledger.flush()
        let trend = try ledger.trend(now: someTime, step: .seconds(60), points: 5)
        #expect(trend.map { $0?.counts.requests } == [nil, 1, nil, 1, 2])
        #expect(trend.map { $0?.latency.samples } == [nil, 1, nil, 1, 2])
        let hours = try ledger.trend(now: someTime, step: .seconds(3_600), points: 2)
        #expect(hours.map { $0?.counts.requests } == [nil, 5])
        #expect(try ledger.trend(now: someTime, step: .zero, points: 0).isEmpty)
    }

    @Test func tenThousandFeaturesStillAddUp() async throws {
        let ledger = try memoryLedger()
        for number in 0..<10_000 {
            var request = goodRequest("\(number)")
            request.feature = "feature \(number)"
            ledger.record(request)
        }
        try await ledger.flush()
        #expect(try ledger.headline(now: someTime).window.counts.requests == 10_000)
        #expect(try ledger.spendByFeature(now: someTime).count == 100)
    }

    @Test("a clock that jumps files each request under its own time", arguments: [Int64.min, -1, 0, someTime, .max])
    func clockJumps(at: Int64) async throws {
        let ledger = try memoryLedger()
        ledger.record(goodRequest("jumped", at: at))
        try await ledger.flush()
        let filed = try #require(try ledger.request(id: "jumped")).at
        #expect(try ledger.headline(now: filed).window.counts.requests == 1)
        #expect(try ledger.headline(now: filed + 40 * 86_400_000).window.counts.requests == 0)
        #expect(try ledger.headline(now: 1_000_000_000_000).window.counts.requests == 0)
    }
}
