import SLO
import Testing

@testable import Storage

struct RecentAnswersTests {
    private static func entry(_ key: UInt8, _ created: Int64 = 1, bytes: Int = 100) -> CacheEntry {
        CacheEntry(
            key: [key],
            tenant: "t",
            feature: "f",
            created: created,
            ttl: 1,
            body: Array(repeating: 0, count: bytes)
        )
    }

    @Test func whatIsAskedForStaysAndTheRestGoes() {
        var recent = RecentAnswers(most: 10 * Self.entry(0).size)
        recent.put(Self.entry(0))
        for key in 1...99 as ClosedRange<UInt8> {
            recent.put(Self.entry(key))
            #expect(recent.find([0]) != nil)
        }
        let kept = (1...99).count { recent.find([UInt8($0)]) != nil }
        #expect((4...10).contains(kept), "\(kept)")
    }

    @Test func whatIsTooLargeIsNotKeptNorWhatItReplaces() {
        var recent = RecentAnswers(most: 4_000)
        recent.put(Self.entry(1))
        recent.put(Self.entry(1, 2, bytes: 5_000))
        #expect(recent.find([1]) == nil)
    }

    @Test func theFileNeverPutsBackWhatWasReplacedOrPurged() {
        var recent = RecentAnswers()
        let before = recent.purges
        recent.put(Self.entry(1, 5))
        recent.keep(Self.entry(1, 4), purges: before)
        #expect(recent.find([1])?.created == 5)
        recent.removeAll()
        recent.keep(Self.entry(1, 5), purges: before)
        #expect(recent.find([1]) == nil)
        recent.keep(Self.entry(1, 5), purges: recent.purges)
        #expect(recent.find([1]) != nil)
    }

    @Test func anotherProgramsPurgeIsSeenASecondLater() async throws {
        let scratch = try Scratch()
        let ledger = try Ledger.open(path: scratch.path, objectives: Objectives())
        let other = try Ledger.open(path: scratch.path, objectives: Objectives())
        for round in 1...2 as ClosedRange<Int64> {
            ledger.store(Self.entry(1))
            try await ledger.flush()
            #expect(ledger.cached([1], tenant: "t", now: round * 10_000) != nil)
            #expect(try other.purgeCache() == 1)
            #expect(ledger.cached([1], tenant: "t", now: round * 10_000 + 1_000) == nil)
        }
    }

    @Test func purgedAnswersAreGone() async throws {
        let ledger = try memoryLedger()
        ledger.store(Self.entry(1))
        try await ledger.flush()
        #expect(ledger.cached([1], tenant: "t", now: 1) != nil)
        #expect(try ledger.purgeCache(tenant: "t") == 1)
        #expect(ledger.cached([1], tenant: "t", now: 1) == nil)
    }
}
