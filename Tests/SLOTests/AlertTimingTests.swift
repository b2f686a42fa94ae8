import Foundation
import SLO
import Testing

/// Requests and failures by the second (or the minute), and trailing windows over them in constant time.
private struct Timeline {
    /// Good requests of a minute before the first step; steps are seconds where there are any.
    private let perMinuteBefore: Int
    private var valid = [0]
    private var bad = [0]

    init(perMinuteBefore: Int = 0) {
        self.perMinuteBefore = perMinuteBefore
    }

    mutating func add(valid: Int, bad: Int) {
        self.valid.append((self.valid.last ?? 0) + valid)
        self.bad.append((self.bad.last ?? 0) + bad)
    }

    /// The last `length` steps.
    func last(_ length: Int) -> (valid: Int, bad: Int) {
        let end = valid.count - 1
        let start = max(0, end - length)
        let before = perMinuteBefore == 0 ? 0 : max(0, length - end) * perMinuteBefore / 60
        return (valid[end] - valid[start] + before, bad[end] - bad[start])
    }
}

private func inputs(_ book: AlertBook) -> AlertInputs {
    AlertInputs(objectives: Objectives(), windows: book.windows.map { AlertInputs.Window($0, Indicators()) })
}

extension Timeline {
    /// Whether any window has changed; a month that only grows and lost no more than before counts as unchanged.
    @discardableResult
    func fill(_ inputs: inout AlertInputs, stepsPerMinute: Int) -> Bool {
        var hasChanged = false
        for index in inputs.windows.indices {
            let seconds = Int(inputs.windows[index].length.components.seconds)
            let (valid, bad) = last(seconds * stepsPerMinute / 60)
            let before = inputs.windows[index].indicators.counts.valid
            let badBefore = before - inputs.windows[index].indicators.counts.good
            guard valid != before || bad != badBefore else { continue }
            hasChanged = hasChanged || bad != badBefore || seconds < 30 * 86_400
            var counts = EventCounts()
            counts.valid = valid
            counts.good = valid - bad
            counts.latencySamples = valid - bad
            counts.latencyFast = valid - bad
            counts.priced = valid - bad
            counts.cost = (valid - bad) * 10_000_000
            inputs.windows[index].indicators.counts = counts
        }
        return hasChanged
    }
}

struct AlertTimingTests {
    /// Seconds after the first failure by which each rule must have fired, evaluation every 60 s, and before which the burn
    /// of both windows is not there yet.
    @Test(
        "a full outage after a good month fires in time, whatever the tick's phase",
        arguments: [1, 7, 30, 59, 60],
        [10, 120]
    )
    func outage(phase: Int, perMinute: Int) {
        let rules = AlertRule.all(AlertSettings(), objectives: Objectives())
        var book = AlertBook(rules: rules)
        var inputs = inputs(book)
        var timeline = Timeline(perMinuteBefore: perMinute)
        let gap = 60 / min(perMinute, 60)
        let each = max(1, perMinute / 60)
        var firedAfter: [String: Int] = [:]
        for second in 1...2_400 {
            let requests = second.isMultiple(of: gap) ? each : 0
            timeline.add(valid: requests, bad: requests)
            guard second % 60 == phase % 60 else { continue }
            timeline.fill(&inputs, stepsPerMinute: 60)
            let now = Moment(wall: Int64(second) * 1_000, uptime: .seconds(second))
            for notice in book.evaluate(inputs, now: now).effects {
                #expect(notice.kind == .fire)
                #expect(firedAfter.updateValue(second, forKey: notice.rule) == nil, "fires once")
            }
        }
        let limits = [
            ("success", 0, 300), ("burn_rate_1h", 259, 259), ("burn_rate_6h", 648, 648), ("burn_rate_1d", 1_296, 1_296),
            ("burn_rate_3d", 1_296, 1_296),
        ]
        for (rule, earliest, due) in limits {
            let seconds = firedAfter[rule] ?? .max
            #expect(earliest <= seconds && seconds <= due + 60 + gap, "\(rule) after \(seconds) s")
        }
    }

    /// All rules on, evaluated each minute in which any window changed.
    @Test(
        "a year at 50 requests in 5 minutes and 99.9 % true success pages at most once",
        arguments: [1, 2] as [UInt64]
    )
    func year(seed: UInt64) {
        let rules = AlertRule.all(AlertSettings(), objectives: Objectives())
        var book = AlertBook(rules: rules)
        var inputs = inputs(book)
        var timeline = Timeline()
        var failures = Failures(probability: 0.001, seed: seed)
        var pages = 0
        var firing = 0
        var evaluations = 0
        var bad = 0
        for minute in 1...525_600 {
            let failed = failures.among(10)
            bad += failed
            timeline.add(valid: 10, bad: failed)
            let hasChanged = timeline.fill(&inputs, stepsPerMinute: 1)
            // The same counts again change no alert that is quiet: only time is saved.
            guard hasChanged || firing > 0 else { continue }
            let now = Moment(wall: Int64(minute) * 60_000, uptime: .seconds(60 * minute))
            evaluations += 1
            for notice in book.evaluate(inputs, now: now).effects {
                firing += notice.kind == .fire ? 1 : notice.kind == .update(.noData) ? 0 : -1
                pages += notice.kind == .fire && notice.severity == .page ? 1 : 0
            }
        }
        #expect(pages <= 1)
        #expect(evaluations > 50_000)
        #expect((4_900...5_600).contains(bad), "the draws are those of 99.9 %: \(bad)")
    }
}

/// Independent failures, by the gaps between them: a draw a failure instead of one a request.
private struct Failures {
    private let probability: Double
    private var generator: SeededGenerator
    private var next: Int

    init(probability: Double, seed: UInt64) {
        self.probability = probability
        generator = SeededGenerator(state: seed)
        next = 0
        next = gap()
    }

    mutating func among(_ requests: Int) -> Int {
        var failed = 0
        next -= requests
        while next < 0 {
            failed += 1
            next += 1 + gap()
        }
        return failed
    }

    /// Successes before the next failure: geometric.
    private mutating func gap() -> Int {
        Int(log(1 - Double.random(in: 0..<1, using: &generator)) / log(1 - probability))
    }
}
