/// The limits of one feature of the client's product, and what is done when one is passed.
package struct Feature: Sendable, Hashable {
    /// One rung of the ladder of degradations.
    package enum Step: String, Sendable, Hashable, CaseIterable {
        case truncate, cheaper, cached, reject

        static let allNames = allCases.map(\.rawValue)
    }

    /// What a client gets when a stream breaks after content was sent.
    package enum StreamFailure: String, Sendable, Hashable {
        case error
        case resume = "continue"
    }

    package struct Budget: Sendable, Hashable {
        /// Nano-dollars.
        package var amount: Int64
        package var period: Duration
        package init(amount: Int64, period: Duration) {
            self.amount = amount
            self.period = period
        }
    }

    /// Unique; `default` stands for every feature that the file does not name.
    package var name: String
    /// Nano-dollars.
    package var maxCostPerRequest: Int64?
    package var maxInputTokens: Int?
    package var maxOutputTokens: Int?
    package var budget: Budget?
    /// Tried in this order.
    package var onExceed: [Step] = []
    /// The model group that `cheaper` goes to; set where `onExceed` has it.
    package var cheaper: String?
    package var streamFailure = StreamFailure.error

    package init(name: String) { self.name = name }
}
