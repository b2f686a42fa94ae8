/// How many tokens a provider will count for a prompt.
package struct TokenEstimate: Hashable, Sendable {
    /// The likely count.
    package let expected: Int
    /// What it is unlikely to pass; at least `expected`.
    package let worst: Int
}

/// What one model has taught: how its tokens compare with nominal ones.
///
/// Nominal tokens are what a rule of thumb makes of a prompt's bytes (`ChatRequest.promptSize`); the ratio to what the
/// provider reports differs by tokenizer and by language, and moves when prompts change, so that old reports fade.
package struct TokenCalibration: Codable, Equatable, Sendable {
    /// Each report weighs so much of the one after it, so that about the last fifty count (ours).
    private static let fading = 0.98
    /// Nominal tokens that speak for a ratio of 1 before the first report (ours).
    private static let prior = 200.0
    /// No tokenizer is further off than this, whatever is reported (ours).
    private static let ratios = 0.25...4.0

    private var reported = 0.0
    private var nominal = 0.0
    /// Reports so far.
    package private(set) var samples = 0
    /// Mean absolute error of the estimates, each made before its report was known, as a share of the report; recent ones
    /// weigh more.
    ///
    /// 0 before the first report.
    package private(set) var meanError = 0.0
    /// The largest recent shortfall as a share of the estimate, fading half as fast as the rest; before the first report the true count may be twice as much.
    private var shortfall = 1.0

    package init() {}

    /// Reported over nominal tokens.
    package var ratio: Double {
        let ratio = (reported + Self.prior) / (nominal + Self.prior)
        return ratio.isFinite ? min(max(ratio, Self.ratios.lowerBound), Self.ratios.upperBound) : 1
    }

    package func estimate(nominal: Int) -> TokenEstimate {
        let expected = Double(max(0, nominal)) * ratio
        let margin = shortfall.isFinite ? min(max(shortfall * 1.5, 0.05), 3) : 3
        return TokenEstimate(expected: Self.whole(expected), worst: Self.whole(expected * (1 + margin) + 16))
    }

    /// Takes in what the provider counted for a prompt of so many nominal tokens; reports below 1 teach nothing.
    package mutating func learn(nominal prompt: Int, reported tokens: Int) {
        guard prompt > 0, tokens > 0 else { return }
        let count = Double(min(tokens, 1_000_000_000))
        let expected = Double(prompt) * ratio
        let error = (count - expected).magnitude / count
        samples = min(samples + 1, 1_000_000_000)
        // As a plain mean until there are as many reports as fade.
        meanError += (error - meanError) * max(1 - Self.fading, 1 / Double(samples))
        shortfall = max(shortfall * Self.fading.squareRoot(), (count - expected) / expected)
        reported = reported * Self.fading + count
        nominal = nominal * Self.fading + Double(prompt)
    }

    private static func whole(_ tokens: Double) -> Int { Int(min(tokens, 1e15) + 0.5) }
}

/// Estimates by model, each calibrated by its own reports.
package struct TokenEstimator: Codable, Equatable, Sendable {
    /// Models that are kept apart; more are not calibrated (ours).
    private static let limit = 1_000

    package private(set) var models: [String: TokenCalibration] = [:]

    package init() {}

    package func calibration(of model: String) -> TokenCalibration { models[model] ?? TokenCalibration() }

    /// Takes in what the provider counted for a prompt to `model`.
    ///
    /// Leave out prompts with images or files: what these count is a flat guess.
    package mutating func learn(model: String, nominal: Int, reported: Int) {
        guard models[model] != nil || models.count < Self.limit else { return }
        models[model, default: TokenCalibration()].learn(nominal: nominal, reported: reported)
    }
}
