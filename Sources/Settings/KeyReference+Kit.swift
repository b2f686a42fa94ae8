/// The keys under `nines.kit`.
let kitKeys =
    keys(
        at: "nines.kit",
        [
            read("company", .text, "", "Who promises"),
            read("service", .text, "", "What is promised for"),
            read("owner", .text, "", "Who answers for the objectives"),
            read("escalation", .text, "", "Who settles a dispute about the error budget"),
            read("contact", .text, "", "Where a client reports an incident"),
            read("effective", .date, "", "From when the papers hold, such as `2027-01-31`"),
            read("review", .date, "", "When they are looked at again"),
            read("claim_within", .anyDuration, "", "How long after a miss a claim may be made"),
            read("maintenance_notice", .anyDuration, "", "How long before it maintenance is declared"),
            read("credits", .list(of: .section), "", "What a miss gives back"),
            read("templates", .path, "", "The folder of the team's own templates; relative to this file"),
        ]
    )
    + keys(
        at: "nines.kit.credits[]",
        [
            required("below", .share(), "A success rate below this"),
            required("credit", .portion, "gives back this share of the month's fee"),
        ]
    )
