import Foundation
import Testing

@testable import Guardrails

struct TokenEstimatorTests {
    @Test func beforeTheFirstReportTheRuleOfThumbHoldsAndTheMarginIsWide() {
        let fresh = TokenCalibration()
        #expect(fresh.estimate(nominal: 1_000).expected == 1_000)
        #expect(fresh.estimate(nominal: 1_000).worst == 2_516)
        #expect(fresh.estimate(nominal: 0) == TokenEstimate(expected: 0, worst: 16))
        #expect(fresh.estimate(nominal: -5).expected == 0)
        #expect(fresh.samples == 0 && fresh.meanError == 0)
    }

    @Test("it learns a tokenizer's ratio", arguments: [0.7, 1.0, 1.35, 2.5])
    func learns(ratio: Double) {
        var random = Seeded(7)
        var calibration = TokenCalibration()
        var passed = 0
        for round in 0..<400 {
            let nominal = 50 + random.below(5_000)
            let noise = 0.9 + Double(random.below(200)) / 1_000
            let reported = Int(Double(nominal) * ratio * noise)
            let estimate = calibration.estimate(nominal: nominal)
            if round >= 20, reported > estimate.worst { passed += 1 }
            calibration.learn(nominal: nominal, reported: reported)
        }
        #expect((calibration.ratio / ratio - 1).magnitude < 0.03)
        #expect(calibration.samples == 400)
        // Noise of up to a tenth either way: a twentieth on average.
        #expect((0.03...0.08).contains(calibration.meanError))
        #expect(passed <= 2)
        let estimate = calibration.estimate(nominal: 10_000)
        #expect(Double(estimate.worst) < Double(estimate.expected) * 1.25)
    }

    @Test func itFollowsAChangeOfPrompts() {
        var calibration = TokenCalibration()
        for _ in 0..<500 { calibration.learn(nominal: 1_000, reported: 1_000) }
        for _ in 0..<150 { calibration.learn(nominal: 1_000, reported: 1_600) }
        #expect((calibration.ratio - 1.6).magnitude < 0.05)
        #expect(calibration.estimate(nominal: 1_000).worst >= 1_600)
    }

    @Test(
        "nonsense neither traps nor takes over",
        arguments: [Int.min, -1, 0, 1, 1_000_000_000, Int.max],
        [
            Int.min, -1, 0, 1, Int.max,
        ]
    )
    func nonsense(reported: Int, nominal: Int) {
        var calibration = TokenCalibration()
        for _ in 0..<50 { calibration.learn(nominal: nominal, reported: reported) }
        #expect((0.25...4).contains(calibration.ratio))
        for prompt in [Int.min, 0, 1, Int.max] {
            let estimate = calibration.estimate(nominal: prompt)
            #expect(estimate.expected >= 0 && estimate.worst >= estimate.expected)
        }
        #expect(calibration.meanError.isFinite)
    }

    @Test func modelsLearnApartAndAreBounded() {
        var estimator = TokenEstimator()
        estimator.learn(model: "a", nominal: 10_000, reported: 20_000)
        #expect(estimator.calibration(of: "a").ratio > 1.9)
        #expect(estimator.calibration(of: "b").ratio == 1)
        for index in 0..<2_000 { estimator.learn(model: "\(index)", nominal: 1, reported: 1) }
        #expect(estimator.models.count == 1_000)
        estimator.learn(model: "a", nominal: 10_000, reported: 20_000)
        #expect(estimator.calibration(of: "a").samples == 2)
    }

    @Test func itOutlivesStorage() throws {
        var estimator = TokenEstimator()
        for count in 1...50 { estimator.learn(model: "m", nominal: 100, reported: 100 + count) }
        #expect(try JSONDecoder().decode(TokenEstimator.self, from: JSONEncoder().encode(estimator)) == estimator)
    }
}
