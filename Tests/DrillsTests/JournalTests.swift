import Testing

@testable import Drills

struct JournalTests {
    private func entries() throws -> [JournalEntry] {
        var world = Rehearsal()
        while try world.doStep() {}
        return Journal.entries(world.written, hash: toyHash)
    }

    @Test func anyChangeShowsAtItsLine() throws {
        let entries = try entries()
        #expect(Journal.verify(entries, hash: toyHash) == nil)
        for index in entries.indices {
            let record = entries[index].record
            var other = entries
            let changed = JournalRecord(
                number: record.number,
                elapsed: record.elapsed,
                wall: record.wall + 1,
                kind: record.kind,
                who: record.who,
                role: record.role,
                subject: record.subject,
                text: record.text,
                fields: record.fields
            )
            other[index] = JournalEntry(record: changed, previous: entries[index].previous, hash: entries[index].hash)
            #expect(Journal.verify(other, hash: toyHash)?.index == index)
            // Whoever recomputes that line's hash breaks the next one.
            other[index] = Journal.entry(changed, after: index > 0 ? entries[index - 1] : nil, hash: toyHash)
            #expect(Journal.verify(other, hash: toyHash)?.index == (index + 1 < entries.count ? index + 1 : nil))
            var shorter = entries
            shorter.remove(at: index)
            #expect(Journal.verify(shorter, hash: toyHash)?.index == (index + 1 < entries.count ? index : nil))
        }
    }

    @Test func textsCantImitateFields() {
        func record(_ subject: String, _ text: String, _ fields: [String: String] = [:]) -> [UInt8] {
            JournalRecord(number: 0, elapsed: .zero, wall: 0, kind: .note, subject: subject, text: text, fields: fields)
                .canonicalBytes
        }
        #expect(record("a", "b") != record("ab", ""))
        #expect(record("", "1:a") != record("", "1", ["a": ""]))
        #expect(record("", "x", ["a": "b"]) == record("", "x", ["a": "b"]))
        #expect(String(decoding: record("é", "b"), as: UTF8.self) == "1:01:01:04:note0:0:2:é1:b")
    }

    @Test func timesComeFromTheJournalAlone() throws {
        var world = Rehearsal()
        try world.reach("induce")
        try world.doStep()
        let start = world.now
        for (evidence, seconds) in [
            (Evidence.faultIn, 0), (.failureSeen, 0.2), (.failoverSeen, 0.3), (.alertFired, 5),
            (.alertAcknowledged, 20),
        ] {
            world.now = start + seconds
            try world.send(.sensed(evidence, yes()))
        }
        try world.send(.sensed(.successInTarget, no()), after: 5)
        try world.send(.sensed(.successInTarget, yes()), after: 35)
        try world.send(.restore(by: "raj"), after: 30)
        try world.send(.sensed(.primaryAnswers, yes()), after: 1.5)
        try world.send(.sensed(.alertResolved, yes()), after: 8.5)
        let times = Timings(world.written)
        #expect(
            times.rows.map { $0.time.map(Words.length) } == [
                "200 ms", "300 ms", "5.00 s", "20.0 s", "1 min 00 s", "1 min 30 s", "1.50 s", "10.0 s",
            ]
        )
        let periods = try #require(times.periods(now: friday + 3_600_000))
        let induced = friday + Int64(start * 1_000)
        #expect(periods.before == induced - 900_000..<induced)
        #expect(periods.during.count == 90_000 && periods.after.upperBound == friday + 3_600_000)
    }
}
