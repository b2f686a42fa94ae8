import SLO
import Testing

@testable import Storage

/// A good request with something else about it.
struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let change: @Sendable (inout RequestRecord) -> Void

    init(_ name: String, change: @escaping @Sendable (inout RequestRecord) -> Void) {
        testDescription = name
        self.change = change
    }

    var request: RequestRecord {
        var request = goodRequest()
        change(&request)
        return request
    }
}

/// What must hold of a request that came back.
struct Check: Sendable {
    let holds: @Sendable (RequestRecord) -> Bool
    init(holds: @escaping @Sendable (RequestRecord) -> Bool) { self.holds = holds }
}

struct RollupTests {
    /// `2m 3h 4d` for spans of 2 minutes, 3 hours, 4 days.
    private func spell(_ spans: [Span]) -> String {
        spans.map {
            "\(($0.to - $0.from) / $0.grain.rawValue)\($0.grain == .minute ? "m" : $0.grain == .hour ? "h" : "d")"
        }
        .joined(separator: " ")
    }

    @Test(
        "a window is the coarsest rows that fit",
        arguments: [
            (0, 0, ""), (60, 0, ""), (0, 60, "1m"), (0, 3_540, "59m"), (0, 3_600, "1h"), (60, 3_600, "59m"),
            (3_540, 7_260, "1m 1h 1m"), (0, 86_400, "1d"), (3_600, 86_400, "23h"), (3_540, 7_200, "1m 1h"),
            (82_740, 176_460, "1m 1h 1d 1h 1m"), (86_340, 172_860, "1m 1d 1m"), (60, 86_400 * 3, "59m 23h 2d"),
        ] as [(Int64, Int64, String)]
    )
    func covering(from: Int64, to: Int64, spelled: String) {
        let spans = Span.covering(from: from, to: to)
        #expect(spell(spans) == spelled)
        for (left, right) in zip(spans, spans.dropFirst()) { #expect(left.to == right.from) }
        if let first = spans.first { #expect(first.from == from) }
        if let last = spans.last { #expect(last.to == to) }
    }

    @Test func thirtyDaysAreFewRows() {
        let counts = Span.last(.seconds(30 * 86_400), now: someTime).map { ($0.to - $0.from) / $0.grain.rawValue }
        let rows = counts.reduce(0, +)
        #expect(rows <= 29 + 2 * 23 + 2 * 59)
    }

    /// What a change to a good request does to the counts, as `good/valid` and the count that moves.
    @Test(
        "what counts as what",
        arguments: [
            (Change("complete") { _ in }, "1/1 priced timed fast"),
            (Change("slow") { $0.latencyMicros = 2_500_001 }, "1/1 priced timed"),
            (Change("just in time") { $0.latencyMicros = 2_500_000 }, "1/1 priced timed fast"),
            (Change("failed over") { $0.failedOver = true }, "1/1 saved priced timed fast"),
            (Change("cut") { ($0.outcome, $0.good) = (.cut, false) }, "0/1 cut priced timed fast"),
            (
                Change("lost, nothing tried") { ($0.outcome, $0.good, $0.attempts, $0.cost) = (.lost, false, 0, nil) },
                "0/1 lost timed fast"
            ),
            (
                Change("rejected") { ($0.outcome, $0.valid, $0.good) = (.rejected, false, false) },
                "0/0 rejected timed fast"
            ),
            (
                Change("left, unpriced") { ($0.outcome, $0.valid, $0.good, $0.cost) = (.cancelled, false, false, nil) },
                "0/0 cancelled unpriced timed fast"
            ),
            (Change("unknown price") { $0.cost = nil }, "1/1 unpriced timed fast"),
            (Change("hit") { ($0.cache, $0.cost, $0.latencyMicros, $0.attempts) = (.hit, 0, nil, 0) }, "1/1 hit"),
            (Change("stale") { ($0.cache, $0.cost, $0.latencyMicros) = (.stale, nil, nil) }, "1/1 stale"),
            (Change("degraded") { $0.degraded = ["truncate"] }, "1/1 degraded priced timed fast"),
        ]
    )
    func taxonomy(row: Change, expected: String) {
        let request = row.request
        let counts = request.counts(latencyTarget: 2_500_000)
        let flags: [(String, Int)] = [
            ("saved", counts.saved), ("cut", counts.cut), ("lost", counts.lost), ("rejected", counts.rejected),
            ("cancelled", counts.cancelled), ("hit", counts.hits), ("stale", counts.stale), ("joined", counts.joined),
            ("degraded", counts.degraded), ("priced", counts.priced), ("unpriced", counts.unpriced),
            ("timed", counts.latencySamples), ("fast", counts.latencyFast),
        ]
        let words = ["\(counts.good)/\(counts.valid)"] + flags.filter { $0.1 == 1 }.map(\.0)
        #expect(words.joined(separator: " ") == expected)
        #expect(counts.requests == 1)
    }

    @Test func everyColumnAddsUp() {
        for column in CountColumn.all {
            var counts = EventCounts()
            counts[keyPath: column.path] = 3
            let three = counts
            counts += three
            #expect(counts[keyPath: column.path] == 6, "\(column.name)")
            for other in CountColumn.all where other.path != column.path { #expect(counts[keyPath: other.path] == 0) }
        }
        #expect(
            MemoryLayout<EventCounts>.size == CountColumn.all.count * MemoryLayout<Int>.size,
            "a count without a column"
        )
    }

    @Test(
        "what can't be true is mended",
        arguments: [
            (Change("all well") { _ in }, 0, Check { $0 == goodRequest() }),
            (Change("negative tokens") { $0.tokensIn = -5 }, 1, Check { $0.tokensIn == nil }),
            (
                Change("absurd tokens") { ($0.tokensOut, $0.tokensCacheRead) = (.max, .min) }, 2,
                Check { $0.tokensOut == nil }
            ),
            (Change("negative cost") { $0.cost = -1 }, 1, Check { $0.cost == nil }),
            (Change("absurd cost") { $0.cost = .max }, 1, Check { $0.cost == nil }),
            (
                Change("backward time") { ($0.totalMicros, $0.latencyMicros) = (-1, -9) }, 2,
                Check { $0.totalMicros == 0 && $0.latencyMicros == 0 }
            ),
            (Change("good but not valid") { $0.valid = false }, 1, Check { !$0.good }),
            (
                Change("long name") { $0.feature = String(repeating: "é", count: 5_000) }, 1,
                Check { $0.feature.utf8.count <= 202 }
            ),
            (
                Change("long error") { $0.error = String(repeating: "x", count: 5_000) }, 1,
                Check { $0.error?.utf8.count == 1_000 }
            ),
        ]
    )
    func corrections(row: Change, count: Int, check: Check) async throws {
        let request = row.request
        let ledger = try memoryLedger()
        ledger.record(request)
        try await ledger.flush()
        #expect(check.holds(try #require(try ledger.recentRequests().first)))
        #expect(ledger.health.corrected == count)
    }

    /// SQLite's `sum` fails rather than wrap.
    @Test func sumsOfTheAbsurdStillFit() async throws {
        let ledger = try memoryLedger()
        for number in 0..<10 {
            var request = goodRequest("\(number)")
            request.cost = 1_000_000_000_000
            ledger.record(request)
        }
        try await ledger.flush()
        #expect(try ledger.headline(now: someTime).costStanding == .tooFew)
        #expect(try ledger.spentToday(now: someTime) == 10_000_000_000_000)
    }
}
