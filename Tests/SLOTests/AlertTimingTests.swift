import SLO
import Testing

/// Requests and failures by the second (or the minute), and trailing windows over them in constant time.
private struct Timeline {
    private var valid = [0]
    private var bad = [0]

    mutating func add(valid: Int, bad: Int) {
        self.valid.append((self.valid.last ?? 0) + valid)
        self.bad.append((self.bad.last ?? 0) + bad)
    }

    var steps: Int { valid.count - 1 }

    /// The last `length` steps.
    func last(_ length: Int) -> (valid: Int, bad: Int) {
        let end = valid.count - 1
        let start = max(0, end - length)
        return (valid[end] - valid[start], bad[end] - bad[start])
    }
}

private func inputs(_ book: AlertBook) -> AlertInputs {
    AlertInputs(objectives: Objectives(), windows: book.windows.map { AlertInputs.Window($0, Indicators()) })
}

extension Timeline {
    func fill(_ inputs: inout AlertInputs, stepsPerMinute: Int) {
        for index in inputs.windows.indices {
            let seconds = Int(inputs.windows[index].length.components.seconds)
            let (valid, bad) = last(seconds * stepsPerMinute / 60)
            inputs.windows[index].indicators.counts.valid = valid
            inputs.windows[index].indicators.counts.good = valid - bad
            inputs.windows[index].indicators.counts.latencySamples = valid - bad
            inputs.windows[index].indicators.counts.latencyFast = valid - bad
            inputs.windows[index].indicators.counts.priced = valid - bad
            inputs.windows[index].indicators.counts.cost = (valid - bad) * 10_000_000
        }
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
        var timeline = Timeline()
        let gap = 60 / min(perMinute, 60)
        let each = max(1, perMinute / 60)
        // Three days will do for all windows but the month's.
        let good = 3 * 86_400
        for second in 0..<good { timeline.add(valid: second.isMultiple(of: gap) ? each : 0, bad: 0) }
        var firedAfter: [String: Int] = [:]
        for second in 1...2_400 {
            let requests = second.isMultiple(of: gap) ? each : 0
            timeline.add(valid: requests, bad: requests)
            guard second % 60 == phase % 60 else { continue }
            timeline.fill(&inputs, stepsPerMinute: 60)
            let now = Moment(wall: Int64(good + second) * 1_000, uptime: .seconds(good + second))
            for notice in book.evaluate(inputs, now: now).notices {
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

    /// All rules on, evaluated each minute.
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
        var bad = 0
        for minute in 1...525_600 {
            let failed = failures.among(10)
            bad += failed
            timeline.add(valid: 10, bad: failed)
            timeline.fill(&inputs, stepsPerMinute: 1)
            let now = Moment(wall: Int64(minute) * 60_000, uptime: .seconds(60 * minute))
            for notice in book.evaluate(inputs, now: now).notices where notice.severity == .page {
                if notice.kind == .fire { pages += 1 }
            }
        }
        #expect(pages <= 1)
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

    /// Successes before the next failure: geometric, by a binary search in the powers of the probability of success.
    private mutating func gap() -> Int {
        var left = Double.random(in: 0..<1, using: &generator)
        var successes = 0
        let stay = 1 - probability
        left = 1 - left
        var share = stay
        while share > left {
            successes += 1
            share *= stay
        }
        return successes
    }
}
