package import Guardrails

/// A feature's line of figures for the guardrail sheet.
package struct KitFeature: Sendable {
    package var sheet: SheetFeature
    /// Requests behind the mean tokens; below 20 they are too few to quote, 0 means that nothing was measured.
    package var metered: Int
    /// Whether the tokens are a plan instead of a measurement.
    package var isPlanned: Bool
    /// The model group of the ladder's step `cheaper`.
    package var cheaper: String?

    package init(sheet: SheetFeature, metered: Int, isPlanned: Bool = false, cheaper: String? = nil) {
        self.sheet = sheet
        self.metered = max(0, metered)
        self.isPlanned = isPlanned
        self.cheaper = cheaper
    }
}
