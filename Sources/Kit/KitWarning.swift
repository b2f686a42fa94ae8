import Guardrails
import SLO

/// What whoever sends the papers should know first.
package struct KitWarning: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The ledger or the price table says otherwise than a promise.
        case contradiction
        /// A figure is missing or proves nothing yet.
        case unproven
        /// A blank that nobody filled, or a date that has passed.
        case blank
    }

    package let kind: Kind
    /// One sentence.
    package let text: String
}

/// What speaks against sending the papers, the weightiest first; to be shown before anything is written.
package func warnings(about input: KitInput) -> [KitWarning] {
    let contradictions =
        missedTargets(input) + promises(input.blanks, input.objectives)
        + input.features.flatMap {
            money($0, target: input.objectives.costPerRequest)
        }
    return contradictions.map { KitWarning(kind: .contradiction, text: $0) }
        + unproven(input).map { KitWarning(kind: .unproven, text: $0) }
        + blanks(input).map { KitWarning(kind: .blank, text: $0) }
}

private func missedTargets(_ input: KitInput) -> [String] {
    guard let headline = input.headline else { return [] }
    let (objectives, window) = (headline.objectives, headline.window)
    var missed: [String] = []
    if headline.successStanding == .critical, let rate = window.successRate {
        missed.append(
            "The success target is \(KitText.share(objectives.success)), but the ledger has \(KitText.percent(rate)) over "
                + "\(KitText.plural(window.counts.valid, "request"))."
        )
    }
    if headline.latencyStanding == .critical, let p95 = window.p95(target: objectives.latencyP95) {
        missed.append(
            "The latency target is a p95 of \(KitText.seconds(objectives.latencyP95)), but the ledger has "
                + "\(KitText.seconds(p95)) over \(KitText.plural(window.counts.latencySamples, "request"))."
        )
    }
    if headline.costStanding == .critical, let cost = window.costPerRequest {
        missed.append(
            "The cost target is \(KitText.dollars(objectives.costPerRequest)) a request, but the ledger has "
                + "\(KitText.roundedDollars(cost)) over \(KitText.plural(window.counts.priced, "request"))."
        )
    }
    return missed
}

/// Promises that contradict each other.
private func promises(_ blanks: KitBlanks, _ objectives: Objectives) -> [String] {
    var found: [String] = []
    if let first = blanks.credits.map(\.below).max(), first > objectives.success {
        found.append(
            "Credits begin below \(KitText.share(first)), above the success target of "
                + "\(KitText.share(objectives.success)): what is paid for should be looser than what is aimed at."
        )
    }
    let isFalling = zip(blanks.credits, blanks.credits.dropFirst()).allSatisfy {
        $0.below > $1.below && $0.credit < $1.credit
    }
    if !isFalling { found.append("The ladder of credits must give more the lower the rate: mend nines.kit.credits.") }
    if let effective = blanks.effective, let review = blanks.review, review <= effective {
        found.append("The review on \(review) comes before the papers hold, on \(effective).")
    }
    return found
}

/// Promises that the ledger's own rules don't keep.
private func evidence(_ input: KitInput) -> [String] {
    var found: [String] = []
    // A claim is made after the end of a month.
    if let claims = input.blanks.claimWithin, let kept = input.retention?.requests {
        let last = claims + .seconds(31 * 86_400)
        if last > kept {
            found.append(
                "A claim may come \(KitText.span(last)) after a request, whose row is kept for \(KitText.span(kept)): raise "
                    + "nines.retention.requests, or shorten nines.kit.claim_within."
            )
        }
    }
    if let notice = input.blanks.maintenanceNotice {
        let late = input.maintenance.filter { .milliseconds($0.span.from - $0.declared) < notice }
        found += late.map {
            "Maintenance on \(KitText.date($0.span.from)) was declared later than \(KitText.span(notice)) before it: by the "
                + "clause it counts in full, the figures leave it out."
        }
    }
    return found
}

private func money(_ feature: KitFeature, target: Int64) -> [String] {
    guard feature.figures == .quotable else { return [] }
    return feature.sheet.rows(target: target).flatMap { row -> [String] in
        let route = "\(row.feature) on \(row.route.deployment)"
        var found: [String] = []
        if let share = row.shareOfTarget, share > 1, let cost = row.cost {
            found.append(
                "A request of \(route) costs \(KitText.roundedDollars(Double(cost))), more than the target of "
                    + "\(KitText.dollars(target))."
            )
        }
        if let share = row.shareOfBudget, share > 1 {
            found.append(
                "The month's requests of \(route) would spend \(KitText.percent(share, places: 0, .up)) of its budget."
            )
        }
        return found
    }
}

private func unproven(_ input: KitInput) -> [String] {
    failover(input) + measured(input) + evidence(input) + drillWarnings(input)
}

private func failover(_ input: KitInput) -> [String] {
    guard input.groups != nil else {
        return [
            "There is no config: providers, limits and blanks are not known, and what the papers say of failing over is left out."
        ]
    }
    let used = input.usedGroups
    let idle = (input.groups ?? []).filter { group in !used.contains { $0.name == group.name } }
    let rest =
        used.allSatisfy(\.isLone)
        ? "what the papers say of failing over is left out"
        : "the papers promise failing over for the other requests alone"
    return [
        alone(used).map { "Behind \($0) stands one provider alone: \(rest)." },
        alone(idle).map {
            "Behind \($0) stands one provider alone; the window has no request there, and the papers leave it out."
        },
    ].compactMap(\.self)
}

/// Names of groups that one provider alone can stop; nil where there is none.
private func alone(_ groups: [KitGroup]) -> String? {
    let names = groups.filter(\.isLone).map(\.name)
    return names.isEmpty ? nil : KitText.listed(names)
}

private func measured(_ input: KitInput) -> [String] {
    guard let headline = input.headline else { return ["The ledger could not be read: no figure is measured."] }
    let counts = headline.window.counts
    let standings: [(String, Standing, Int)] = [
        ("success rate", headline.successStanding, counts.valid),
        ("latency", headline.latencyStanding, counts.latencySamples), ("cost", headline.costStanding, counts.priced),
    ]
    var found = standings.compactMap { name, standing, samples in
        switch standing {
        case .noData: "Nothing was measured of the \(name)."
        case .tooFew: "\(KitText.plural(samples, "request")) so far: too few to quote the \(name)."
        case .ok, .warning, .critical: nil as String?
        }
    }
    if counts.unpriced > 0 {
        found.append("\(KitText.plural(counts.unpriced, "request")) had no known price and are not in the mean cost.")
    }
    for feature in input.features {
        let unpriced = feature.sheet.routes.filter { $0.price == nil }.map(\.deployment)
        if !unpriced.isEmpty {
            found.append(
                "The price of \(KitText.listed(unpriced)) is unknown; \(feature.sheet.name) uses \(unpriced.count == 1 ? "it" : "them")."
            )
        }
    }
    if input.isYoung, !input.features.isEmpty {
        found.append(
            "The ledger is younger than a day: what a month will cost is reckoned as if it were a day, and is too low."
        )
    }
    return found
}

extension KitInput {
    /// A ledger of less than a day says nothing of a month.
    var isYoung: Bool { ledgerBegins.map { now - $0 < 86_400_000 } ?? false }
}

private func drillWarnings(_ input: KitInput) -> [String] {
    guard let drills = input.drills else { return ["The history of drills could not be read."] }
    guard let last = drills.last else { return ["No drill has been held: failing over was never shown."] }
    let days = (input.now - last.at) / 86_400_000
    var found: [String] = []
    if !last.isPassed { found.append("The last drill was closed out as: \(last.verdict).") }
    if days > 30 { found.append("The last drill was \(days) days ago.") }
    return found
}

private func blanks(_ input: KitInput) -> [String] {
    let empty =
        input.blanks.all.filter { $0.value == nil }.map(\.words)
        + (input.blanks.credits.isEmpty ? ["ladder of credits"] : [])
    var found: [String] = []
    if !empty.isEmpty {
        found.append(
            "Marked blanks, to be filled in under nines.kit: \(empty.joined(separator: ", ")). What the clause marks "
                + "with [decide] is for its parties."
        )
    }
    if let review = input.blanks.review, review < KitText.date(input.now) {
        found.append("The date of review, \(review), has passed.")
    }
    return found
}
