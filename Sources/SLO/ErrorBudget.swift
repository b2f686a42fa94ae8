/// How much may still go wrong in a window before the promise is broken.
///
/// Counts of events, never rates: budgets of several windows or series add up.
/// Formulae: Google SRE Workbook, "Alerting on SLOs".
package struct ErrorBudget: Equatable, Sendable {
    package let good: Int
    package let valid: Int
    /// Good over valid that was promised; a fraction.
    package let target: Double

    /// A target of 1 leaves no budget to divide by: it counts as one failure in a million.
    package init(good: Int, valid: Int, target: Double) {
        self.good = good
        self.valid = valid
        self.target = min(max(target, 0), 0.999_999)
    }

    package var bad: Int { valid - good }

    /// Failures that the target allows at this traffic.
    package var allowed: Double { Double(valid) * (1 - target) }

    /// Observed error ratio over the allowed one: 1 spends the budget exactly within the window; nil without traffic.
    package var burnRate: Double? {
        guard valid > 0 else { return nil }
        let rate = Double(bad) / allowed
        // 5 of 1,000 at 99.5 % is exactly 1, were it not for binary fractions.
        return abs(rate - 1) < 1e-9 ? 1 : rate
    }

    /// What is left, as a fraction of the whole: 1 untouched, 0 spent, below 0 overspent; nil without traffic.
    package var remaining: Double? { burnRate.map { 1 - $0 } }

    /// When the budget of `window` is spent if errors go on at `burnRate`; nil where that is not within the window.
    ///
    /// `remaining * window / burnRate`; zero when it is spent already. Later than the window means never: by then what
    /// was spent today is forgotten.
    package func timeToExhaustion(window: Duration, burnRate: Double?) -> Duration? {
        guard let remaining else { return nil }
        guard remaining > 0 else { return .zero }
        guard let burnRate, burnRate > 0, remaining / burnRate < 1 else { return nil }
        return window * (remaining / burnRate)
    }
}
