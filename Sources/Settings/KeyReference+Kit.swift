/// The keys under `nines.kit`.
let kitKeys =
    keys(
        at: "nines.kit",
        [
            later("company", .text, "", "Who promises"),
            later("service", .text, "", "What is promised for"),
            later("owner", .text, "", "Who answers for the objectives"),
            later("escalation", .text, "", "Who settles a dispute about the error budget"),
            later("contact", .text, "", "Where a client reports an incident"),
            later("effective", .date, "", "From when the papers hold, such as `2027-01-31`"),
            later("review", .date, "", "When they are looked at again"),
            later("claim_within", .anyDuration, "", "How long after a miss a claim may be made"),
            later("maintenance_notice", .anyDuration, "", "How long before it maintenance is declared"),
            later("credits", .list(of: .section), "", "What a miss gives back"),
        ]
    )
    + keys(
        at: "nines.kit.credits[]",
        [
            required("below", .share(), "A success rate below this"),
            required("credit", .portion, "gives back this share of the month's fee"),
        ]
    )
