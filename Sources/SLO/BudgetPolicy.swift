/// What is done when the error budget runs low, decided in advance.
package struct BudgetPolicy: Equatable, Sendable, Codable {
    /// From this fraction of the budget spent: changes with care.
    package var caution = 0.5
    /// From this fraction spent: no changes but those that mend.
    package var freeze = 1.0
    /// Spent by one incident, it needs a postmortem.
    ///
    /// Source: Google SRE Workbook, "Example Error Budget Policy".
    package var postmortem = 0.2

    package init() {}

    /// How free changes are.
    package enum Stance: String, Sendable, Codable { case open, caution, frozen }

    /// A stance and every reason for it, the weightiest first; never without a reason.
    package struct Verdict: Equatable, Sendable {
        package let stance: Stance
        package let reasons: [String]
    }

    /// The stance that the budget alone asks for.
    ///
    /// Too few requests to say leave it open: a freeze needs proof. `recent`, the last six hours, turns an open stance into
    /// caution when going on like that would spend what is left within a tenth of the window.
    package func verdict(_ budget: ErrorBudget, recent: ErrorBudget) -> Verdict {
        switch Standing.success(budget) {
        case .noData: return Verdict(stance: .open, reasons: ["no requests yet"])
        case .tooFew:
            return Verdict(stance: .open, reasons: ["too few requests to say (\(budget.valid), \(budget.bad) lost)"])
        case .ok, .warning, .critical: break
        }
        guard let remaining = budget.remaining, let spent = budget.burnRate else {
            return Verdict(stance: .open, reasons: ["no requests yet"])
        }
        // Cut, as everywhere: what is left is never rounded up.
        let permille = (remaining * 1_000 + 1e-6).rounded(.down)
        let left = "\(Figures.decimal(permille / 10, places: 1)) % of the error budget left"
        // Half of a budget is exactly 0.5, were it not for binary fractions.
        if spent >= freeze - 1e-9 { return Verdict(stance: .frozen, reasons: [left]) }
        if spent >= caution - 1e-9 { return Verdict(stance: .caution, reasons: [left]) }
        guard Standing.budget(budget, recent: recent) == .warning, let burnRate = recent.burnRate else {
            return Verdict(stance: .open, reasons: [left])
        }
        let burning = "burning \(Figures.decimal(burnRate, places: 1)) times as fast as it may"
        return Verdict(stance: .caution, reasons: [burning, left])
    }

    /// Whether a change may ship: frozen too while a page fires or a drill runs.
    package func gate(
        _ budget: ErrorBudget,
        recent: ErrorBudget,
        firingPages: [String],
        drill: String?
    ) -> Verdict {
        let own = verdict(budget, recent: recent)
        let stops = firingPages.map { "page firing: \($0)" } + (drill.map { ["drill running: \($0)"] } ?? [])
        guard !stops.isEmpty else { return own }
        return Verdict(stance: .frozen, reasons: own.stance == .frozen ? own.reasons + stops : stops + own.reasons)
    }
}
