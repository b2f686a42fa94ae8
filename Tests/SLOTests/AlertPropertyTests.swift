import Foundation
import SLO
import Testing

/// What holds whatever the traffic, the clocks and the restarts do.
struct AlertPropertyTests {
    /// Random traffic that is good, bad or absent for stretches of an hour or so.
    private struct World {
        var generator: SeededGenerator
        var ratio = 0.0
        var rate = 10
        var hasTrouble = false

        mutating func inputs(_ windows: [Duration]) -> AlertInputs {
            if Int.random(in: 0..<40, using: &generator) == 0 {
                ratio = [0, 0, 0.001, 0.005, 0.006, 0.05, 1].randomElement(using: &generator) ?? 0
                rate = [0, 1, 10, 200].randomElement(using: &generator) ?? 0
                hasTrouble = Bool.random(using: &generator)
            }
            var inputs = AlertInputs(objectives: Objectives())
            inputs.windows = windows.map { AlertInputs.Window($0, Indicators(counts: counts($0))) }
            if hasTrouble {
                inputs.failovers = [.init(group: "g", primary: "a", serving: nil)]
                inputs.refusedKeys = [.init("K", provider: "p")]
                inputs.money = [.init("m", spent: Int64.random(in: 0...20, using: &generator), amount: 10)]
                let (recent, before) = (counts(.seconds(600)), counts(.seconds(3_600)))
                inputs.features = [.init("f", recent: recent, before: before)]
            }
            return inputs
        }

        private mutating func counts(_ window: Duration) -> EventCounts {
            var counts = EventCounts()
            counts.valid = rate * Int(window.components.seconds / 60)
            counts.good = counts.valid - Int(Double(counts.valid) * ratio * Double.random(in: 0...1, using: &generator))
            counts.latencySamples = counts.good
            counts.latencyFast = Int(Double(counts.good) * Double.random(in: 0.9...1, using: &generator))
            counts.priced = counts.good
            counts.cost = counts.good * Int.random(in: 0...20_000_000, using: &generator)
            counts.metered = counts.good
            counts.tokensOut = counts.good * Int.random(in: 0...2_000, using: &generator)
            return counts
        }
    }

    /// Fired before anything else, resolved once and last, and nothing fires anew while it does.
    private func check(_ notices: [AlertEffect], _ note: Comment) {
        var open: [String: String] = [:]
        var closed: Set<String> = []
        for notice in notices {
            #expect(!closed.contains(notice.dedupKey), note)
            switch notice.kind {
            case .fire: #expect(open.updateValue(notice.dedupKey, forKey: notice.alert) == nil, note)
            case .update: #expect(open[notice.alert] == notice.dedupKey, note)
            case .resolve:
                #expect(open.removeValue(forKey: notice.alert) == notice.dedupKey, note)
                closed.insert(notice.dedupKey)
            }
            #expect(notice.text.count < 300 && !notice.text.contains("\n"), note)
        }
    }

    @Test("every episode is told from one end to the other, restarts or not", arguments: 1...6 as ClosedRange<UInt64>)
    func episodes(seed: UInt64) throws {
        let rules = AlertRule.all(AlertSettings(), objectives: Objectives())
        var (steady, restarted) = (AlertBook(rules: rules), AlertBook(rules: rules))
        var world = World(generator: SeededGenerator(state: seed))
        var chance = SeededGenerator(state: seed &+ 99)
        var (told, toldAgain): ([AlertEffect], [AlertEffect]) = ([], [])
        var startedAt = 0
        for minute in 0..<1_500 {
            let inputs = world.inputs(steady.windows)
            let wall = Int64(minute) * 60_000
            if Int.random(in: 0..<50, using: &chance) == 0 {
                let stored = try JSONEncoder().encode(restarted.state)
                restarted = AlertBook(rules: rules, state: try JSONDecoder().decode(AlertBook.State.self, from: stored))
                startedAt = minute
            }
            told += steady.evaluate(inputs, now: Moment(wall: wall, uptime: .seconds(60 * minute))).effects
            toldAgain +=
                restarted.evaluate(
                    inputs,
                    now: Moment(wall: wall, uptime: .seconds(60 * (minute - startedAt)))
                ).effects
        }
        check(told, "seed \(seed)")
        #expect(told.count > 20)
        #expect(told == toldAgain)
    }

    @Test("wild clocks break nothing and raise no storm", arguments: 1...6 as ClosedRange<UInt64>)
    func clocks(seed: UInt64) throws {
        let rules = AlertRule.all(AlertSettings(), objectives: Objectives())
        var book = AlertBook(rules: rules)
        var world = World(generator: SeededGenerator(state: seed))
        var chance = SeededGenerator(state: seed &+ 7)
        var told: [AlertEffect] = []
        var wall: Int64 = 1_800_000_000_000
        var uptime = Duration.zero
        for _ in 0..<1_500 {
            let odd = Int.random(in: 0..<20, using: &chance)
            wall += odd == 0 ? Int64.random(in: -900_000_000...900_000_000, using: &chance) : 60_000
            uptime += .seconds(odd == 1 ? Int64.random(in: 0...9_000, using: &chance) : 60)
            if odd == 2 { uptime = .zero }
            let outcome = book.evaluate(world.inputs(book.windows), now: Moment(wall: wall, uptime: uptime))
            told += outcome.effects
            #expect((outcome.gap?.span.duration ?? .zero) >= .zero)
        }
        for wall in [Int64.min, .max, 0, -1, .max, .min] {
            _ = book.evaluate(world.inputs(book.windows), now: Moment(wall: wall, uptime: uptime))
        }
        // Keys hold the wall time, which may come twice here: only the order is checked.
        var open: Set<String> = []
        for notice in told {
            switch notice.kind {
            case .fire: #expect(open.insert(notice.alert).inserted)
            case .update: #expect(open.contains(notice.alert))
            case .resolve: #expect(open.remove(notice.alert) != nil)
            }
        }
    }
}
