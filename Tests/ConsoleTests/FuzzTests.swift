import Testing

@testable import Console

/// Ten thousand random keys, resizes, snapshots and waits: nothing traps, and no bypass comes of anything but `b`, then `y`.
@Test(arguments: [1, 2, 3, 4] as [UInt64])
func randomKeys(seed: UInt64) {
    var random = SeededNumbers(state: seed)
    var keys: [Key] = [
        .enter, .escape, .tab, .backTab, .backspace, .up, .down, .left, .right, .pageUp, .pageDown, .home, .end,
        .control("c"),
        .control("l"), .control("z"), .control("u"), .paste("by"), .paste("y"), .wheel(up: true), .wheel(up: false),
        .click(column: 30, row: 9), .click(column: 70, row: 30),
    ]
    keys += (0x20...0x7E).compactMap { Unicode.Scalar($0) }.map { .character(Character($0)) }
    keys += Array(repeating: ["b", "y", "x", "d", "!", "?", "5", "7"] as [Key], count: 6).joined()
    let snapshots =
        [
            sampleSnapshot(isDemo: true), sampleOutage(), hostileSnapshot(), sampleOffline(),
        ] + SampleStep.allCases.map(sampleDrill)
    var state = console(sampleSnapshot())
    var size = Size(columns: 80, rows: 24)
    var now = sampleNow
    var previous: Key?
    var bypasses = 0
    for round in 0..<2_500 {
        // A `y` follows a `b` often enough for the rule to be put to the test.
        let key = previous == "b" && random.next() % 2 == 0 ? "y" : keys[Int(random.next() % UInt64(keys.count))]
        now += Int64(random.next() % 4_000)
        let effects = state.handle(key, now: now)
        if effects.contains(.send(.bypass(true))) {
            bypasses += 1
            // By its key, or by its name in the palette.
            #expect(key == "y" && (previous == "b" || previous == .enter), "round \(round)")
        }
        previous = key
        if random.next() % 16 == 0 {
            size = Size(columns: 20 + Int(random.next() % 200), rows: 5 + Int(random.next() % 55))
        }
        if random.next() % 20 == 0 {
            var snapshot = snapshots[Int(random.next() % UInt64(snapshots.count))]
            snapshot.takenAt = now
            state.receive(snapshot)
        }
        if random.next() % 90 == 0 { state.lost(reason: "gone", at: now) }
        if random.next() % 4 == 0 {
            let frame = state.frame(size: size, now: now)
            #expect(frame.rows.count == size.rows)
            #expect(frame.rows.allSatisfy { $0.reduce(0) { $0 + $1.text.unicodeScalars.count } == size.columns })
        }
    }
    #expect(bypasses > 0)
}
