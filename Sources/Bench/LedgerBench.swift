import SLO
import Storage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Measures the ledger by itself: how fast its writer is, and how fast it answers once it is full.
struct LedgerMeasure {
    var path = ""
    var requests = 1_000_000
    /// Before that, as fast as they settle.
    var settled = 100_000
    var days: Int64 = 30

    /// Fills a new file with requests spread evenly over the last days, then asks for what the screen shows.
    func run() async throws {
        let now = Int64(time(nil)) * 1_000
        let ledger = try Ledger.open(path: path, objectives: Objectives())
        let writer = Task { await ledger.run() }
        try await Self.measure(settled, "settled at 10,000 a second") {
            let start = ContinuousClock.now
            for number in 0..<settled {
                ledger.record(Self.request(-number - 1, at: now + Int64(number / 10)))
                if number % 100 == 99 { try await Task.sleep(until: start + .microseconds(number * 100)) }
            }
            while ledger.health.backlog > 0 { try await Task.sleep(for: .milliseconds(1)) }
        }
        writer.cancel()
        await writer.value
        try await Self.measure(requests, "filled in") {
            for number in 0..<requests {
                let age = days * 86_400_000 * Int64(requests - number) / Int64(requests)
                ledger.record(Self.request(number, at: now - age))
                if number % 50_000 == 49_999 { try await ledger.flush() }
            }
            try await ledger.flush()
        }
        try Self.measure("headline") { _ = try ledger.headline(now: now) }
        try Self.measure("spendByFeature 24 h") { _ = try ledger.spendByFeature(now: now) }
        try Self.measure("spendByFeature 30 d") {
            _ = try ledger.spendByFeature(now: now, window: .seconds(30 * 86_400))
        }
        try Self.measure("deployments 15 min") { _ = try ledger.deployments(now: now) }
        for entries in [1_000, 100_000] { try await lookUp(ledger, among: entries, now: now) }
        try Self.measure("open") { _ = try Ledger.open(path: path, objectives: Objectives()) }
    }

    /// Stored answers of two kilobytes, and how long one of them takes to be found, or found missing.
    private func lookUp(_ ledger: Ledger, among entries: Int, now: Int64) async throws {
        func key(_ number: Int) -> [UInt8] {
            let mixed = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
            return withUnsafeBytes(of: mixed.byteSwapped) { Array($0) } + [UInt8](repeating: 0, count: 24)
        }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 2_000)
        for number in 0..<entries {
            ledger.store(
                CacheEntry(key: key(number), tenant: "acme", feature: "chat", created: now, ttl: 1, body: body)
            )
            if number % 5_000 == 4_999 { try await ledger.flush() }
        }
        try await ledger.flush()
        for (what, offset) in [("found", 0), ("missing", entries)] {
            let clock = ContinuousClock()
            var times = (0..<2_000).map { turn in
                clock.measure { _ = ledger.cached(key(offset + turn * 7_919 % entries), tenant: "acme", now: now) }
            }
            times.sort()
            print("one of \(entries) stored answers, \(what): median \(times[1_000]), p99 \(times[1_980])")
        }
    }

    private static func measure(_ count: Int, _ what: String, _ body: () async throws -> Void) async throws {
        let before = (clock(), ContinuousClock.now)
        try await body()
        let processor = Double(clock() - before.0) / Double(CLOCKS_PER_SEC)
        let elapsed = (ContinuousClock.now - before.1) / .seconds(1)
        let rates = [elapsed, processor].map { Int(Double(count) / max($0, 1e-6)) }
        print("\(what): \(count) requests, \(rates[0]) a second, \(rates[1]) a second of processor time")
    }

    private static func measure(_ what: String, _ body: () throws -> Void) throws {
        let clock = ContinuousClock()
        var times: [Duration] = []
        for _ in 0..<9 { times.append(try clock.measure(body)) }
        times.sort()
        print("\(what): median \(times[4]), worst \(times[8])")
    }

    /// Ten tenants, ten features, two providers, one in fifty saved by a failover; the same every time.
    private static func request(_ number: Int, at: Int64) -> RequestRecord {
        var dice = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        func roll(_ sides: UInt64) -> Int {
            dice ^= dice >> 30
            dice = dice &* 0xBF58_476D_1CE4_E5B9
            dice ^= dice >> 27
            return Int(dice % sides)
        }
        let provider = roll(10) == 0 ? "anthropic" : "openai"
        var request = RequestRecord(id: "req_\(number)_0123456789abcdef", at: at)
        request.tenant = "tenant-\(roll(10))"
        request.feature = "feature-\(roll(10))"
        request.group = "assistant"
        request.stream = true
        request.deployment = "\(provider)/some-model-name"
        request.provider = provider
        request.attempts = 1
        request.latencyMicros = Int64(200_000 + roll(1_000_000) + roll(1_000_000) * roll(20) / 10)
        request.firstTokenMicros = request.latencyMicros
        request.totalMicros = (request.latencyMicros ?? 0) + 2_000_000
        request.tokensIn = 200 + roll(2_000)
        request.tokensOut = 50 + roll(500)
        request.cost = Int64(1_000_000 + roll(20_000_000))
        request.cache = .miss
        guard roll(50) == 0 else { return request }
        var refused = AttemptRecord(ordinal: 1, deployment: "openai/some-model-name", provider: "openai")
        (refused.status, refused.failure, refused.totalMicros) = (503, "overloaded", 40_000)
        refused.why = "first by order"
        var answered = AttemptRecord(ordinal: 2, deployment: "\(provider)/some-model-name", provider: provider)
        (answered.status, answered.startMicros, answered.totalMicros) = (200, 41_000, request.totalMicros - 41_000)
        answered.firstTokenMicros = (request.latencyMicros ?? 0) - 41_000
        answered.why = "failover: overloaded"
        request.attemptRecords = [refused, answered]
        (request.attempts, request.failedOver) = (2, true)
        return request
    }
}
