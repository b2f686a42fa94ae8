import Testing

@testable import Console

/// What must hold at any size, for any snapshot, in any place that keys lead to.
struct EverySizeTests {
    static let snapshots: [EngineSnapshot?] = [
        nil, EngineSnapshot(), sampleOutage(isDemo: true), sampleDrill(), hostileSnapshot(), spentSnapshot(),
        sampleDrill(.checks), sampleDrill(.sign), sampleDrill(.over), sampleOffline(),
    ]
    static let places: [[Key]] = [
        [], ["?"], ["b"], ["t"], ["x"], ["d"], ["d", .enter], ["q"], ["!"], ["1", "1"], ["4", "4"], ["5", .enter],
        ["6", "6", "j"],
        ["7", "j", .enter], ["8", "8"], ["9"], ["9", "9"], ["9", "j", .enter], ["9", "m"], ["-"], ["/", "o", "p"],
        ["p"], ["5", "c"], ["d", .tab], ["d", .tab, .tab], ["d", "F"], ["d", "r"], ["d", "n"], ["C"], ["C", "c"], [":"],
        [":", "d", "r"], ["d", ":", "x", "y", "z"],
    ]

    @Test("every frame is exact", arguments: snapshots.indices)
    func exact(index: Int) {
        for glyphs in [GlyphSet.unicode, .ascii] {
            for columns in stride(from: 20, through: 220, by: 9) {
                let rows = 5 + (columns * 7) % 56
                let place = Self.places[(columns / 9 + index) % Self.places.count]
                check(Self.snapshots[index], Size(columns: columns, rows: rows), glyphs, place)
            }
            for place in Self.places {
                for size in [Size(columns: 60, rows: 16), Size(columns: 104, rows: 33)] {
                    check(Self.snapshots[index], size, glyphs, place)
                }
            }
        }
    }

    private func check(_ snapshot: EngineSnapshot?, _ size: Size, _ glyphs: GlyphSet, _ keys: [Key]) {
        var state = console(snapshot, size, glyphs: glyphs, keys: keys)
        let frame = state.frame(size: size, now: sampleNow)
        #expect(frame.size == size)
        #expect(frame.rows.count == size.rows)
        let scalars = frame.rows.map { $0.flatMap { Array($0.text.unicodeScalars) } }
        #expect(scalars.allSatisfy { $0.count == size.columns }, "\(size) \(keys)")
        #expect(scalars.joined().allSatisfy(Text.isNarrow))
        if glyphs == .ascii {
            #expect(scalars.joined().allSatisfy { (0x20...0x7E).contains($0.value) }, "\(size) \(keys)")
        }
        if let cursor = frame.cursorPlace {
            #expect(cursor.columns >= 0 && cursor.columns < size.columns && cursor.rows >= 0 && cursor.rows < size.rows)
        }
    }

    @Test("no size traps", arguments: [(0, 0), (1, 1), (0, 40), (120, 0), (-3, 7), (5000, 3)])
    func oddSizes(columns: Int, rows: Int) {
        var state = console(sampleSnapshot())
        let frame = state.frame(size: Size(columns: columns, rows: rows), now: sampleNow)
        #expect(frame.rows.count == max(0, rows))
    }

    @Test func panesFillTheBodyAndDoNotOverlap() {
        for columns in stride(from: 60, through: 220, by: 5) {
            for rows in stride(from: 13, through: 60, by: 3) {
                let body = Rect(x: 0, y: 1, width: columns, height: rows)
                var covered = 0
                let layout = DashboardLayout(body, deployments: 2, spenders: rows.isMultiple(of: 2) ? 4 : nil).panes
                for (_, rect) in layout {
                    covered += rect.width * rect.height
                    #expect(rect.width >= 14 && rect.height >= 4, "\(columns)x\(rows)")
                    #expect(rect.x >= 0 && rect.x + rect.width <= columns && rect.y + rect.height <= rows + 1)
                }
                #expect(covered == columns * rows, "\(columns)x\(rows)")
            }
        }
    }
}
