extension NinesConfig {
    /// What the papers for clients and team say that no ledger knows; what is nil stays a marked blank.
    package struct Kit: Sendable, Hashable {
        /// Below a success rate, so much of the month's fee is credited; both fractions.
        package struct Credit: Sendable, Hashable {
            package var below: Double
            package var credit: Double

            package init(below: Double, credit: Double) {
                self.below = below
                self.credit = credit
            }
        }

        /// Who promises.
        package var company: String?
        /// What is promised for.
        package var service: String?
        /// Who answers for the objectives.
        package var owner: String?
        /// Who settles a dispute about the error budget.
        package var escalation: String?
        /// Where a client reports an incident.
        package var contact: String?
        /// `2027-01-31`.
        package var effective: String?
        package var review: String?
        /// How long after a miss a claim may be made.
        package var claimWithin: Duration?
        /// How long before it maintenance is declared.
        package var maintenanceNotice: Duration?
        /// From the highest rate down.
        package var credits: [Credit] = []
        /// Where the team's own templates are; absolute.
        package var templates: String?
        package init() {}
    }
}
