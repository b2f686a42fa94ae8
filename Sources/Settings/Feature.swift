package import Guardrails

/// The limits of one feature of the client's product, and what is done when one is passed.
package struct Feature: Sendable, Hashable {
    /// What a client gets when a stream breaks after content was sent.
    package enum StreamFailure: String, Sendable, Hashable {
        case error
        case resume = "continue"
    }

    /// How long the provider keeps the marked beginning of a prompt.
    package enum PromptCaching: String, Sendable, Hashable, CaseIterable {
        case fiveMinutes = "5m"
        case oneHour = "1h"
    }

    /// Unique; `default` stands for every feature that the file does not name.
    package var name: String
    /// Nano-dollars.
    package var maxCostPerRequest: Int64?
    package var maxInputTokens: Int?
    package var maxOutputTokens: Int?
    package var budget: NinesConfig.Budget?
    /// Tried in this order.
    package var onExceed: [LadderStep] = []
    /// The model group that `cheaper` goes to; set where `onExceed` has it.
    package var cheaper: String?
    package var streamFailure = StreamFailure.error
    /// Marks tools and system prompt for the provider's own cache; nil leaves requests as they are.
    package var promptCaching: PromptCaching?
    /// Whether a refusal for the provider's content policy is asked again elsewhere.
    package var policyFailover = false
    /// What the file says for this feature, over `nines.cache`.
    package var cache = NinesConfig.CachePolicy()

    package init(name: String) { self.name = name }
}
