extension ConfigBuilder {
    mutating func readKit(_ section: Section?) {
        guard let section else { return }
        var kit = NinesConfig.Kit()
        kit.company = section.text("company")
        kit.service = section.text("service")
        kit.owner = section.text("owner")
        kit.escalation = section.text("escalation")
        kit.contact = section.text("contact")
        kit.effective = section.text("effective")
        kit.review = section.text("review")
        kit.claimWithin = section.duration("claim_within")
        kit.maintenanceNotice = section.duration("maintenance_notice")
        kit.credits = credits(section.list("credits") ?? [])
        kit.templates = section.text("templates").map(absolute)
        config.kit = kit
        // Dates of this form sort as texts.
        if let effective = kit.effective, let review = kit.review, review <= effective, let field = section["review"] {
            reader.error(field.place, "review: \(review) is not after effective, \(effective)")
        }
    }

    /// The ladder from the highest rate down; a lower rate that gives back less is an error.
    private mutating func credits(_ fields: [Field]) -> [NinesConfig.Kit.Credit] {
        var steps: [(place: Place, credit: NinesConfig.Kit.Credit)] = []
        for field in fields {
            guard case .section(let section) = field.value, let below = section.share("below"),
                let credit = section.share("credit")
            else { continue }
            steps.append((section.place, NinesConfig.Kit.Credit(below: below, credit: credit)))
        }
        steps.sort { $0.credit.below > $1.credit.below }
        for (higher, lower) in zip(steps, steps.dropFirst()) where lower.credit.credit <= higher.credit.credit {
            reader.error(lower.place, "credits: a lower rate must give back more than a higher one")
        }
        return steps.map(\.credit)
    }
}
