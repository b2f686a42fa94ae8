extension NinesConfig {
    /// The most that may be spent in each stretch of a length.
    package struct Budget: Sendable, Hashable {
        /// Nano-dollars.
        package var amount: Int64
        package var period: Duration

        package init(amount: Int64, period: Duration) {
            self.amount = amount
            self.period = period
        }
    }
}
