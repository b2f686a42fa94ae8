extension RequestPlan {
    /// Who is next in a group, or how long to hold for a pilot of that one's credential.
    ///
    /// The first pass leaves those on the way back their share. A request that failed already goes where it is safe: to
    /// nobody on the way back and to no probe, unless, in the second pass, nobody else is left in the group.
    mutating func pick(in group: Int, _ breakers: inout Breakers, _ now: Duration) -> Step? {
        let before = draws
        let tiers = tiers(of: untried(in: group)).map { tier in
            tier.map { (deployment: $0, admission: breakers.admission(of: $0, now: now)) }
        }
        for sparesRamps in [true, false] {
            for tier in tiers {
                let due = tier.first { $0.admission == .probe }?.deployment
                var free = tier.filter { $0.admission == .admitted }.map(\.deployment)
                if sparesRamps { free = free.filter { takesShare($0, breakers, now) } }
                let drawn = draw(free)
                // One whose time is up gets its probe from the next fresh request.
                if let drawn, due == nil || attempts > 0 {
                    if let time = hold(for: drawn, breakers, now) {
                        // The same draw again when it comes back.
                        draws = before
                        return .wait(time)
                    }
                    return .attempt(choose(drawn, isProbe: false, &breakers, now))
                }
                if let due, attempts == 0 || !sparesRamps {
                    return .attempt(choose(due, isProbe: true, &breakers, now))
                }
            }
        }
        return nil
    }

    func untried(in group: Int) -> [Deployment] {
        groups[group].deployments.filter { !tried.contains($0.id) && fits($0) }
    }

    /// By `order`, the lowest first.
    func tiers(of deployments: [Deployment]) -> [[Deployment]] {
        Dictionary(grouping: deployments) { $0.order ?? .max }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// One of `candidates`, by weight; those without one count as 0 where any has one, and are drawn only when alone.
    mutating func draw(_ candidates: [Deployment]) -> Deployment? {
        guard candidates.count > 1 else { return candidates.first }
        let anyWeighted = candidates.contains { ($0.weight ?? 0) > 0 }
        let weights = candidates.map { anyWeighted ? max($0.weight ?? 0, 0) : 1 }
        var point = draws.next() * weights.reduce(0, +)
        for (candidate, weight) in zip(candidates, weights) {
            point -= weight
            if point < 0 { return candidate }
        }
        // Rounding may leave a rest; it never goes to one that must not be drawn.
        return zip(candidates, weights).reversed().first { $0.1 > 0 }?.0
    }

    private mutating func takesShare(_ deployment: Deployment, _ breakers: Breakers, _ now: Duration) -> Bool {
        let share = breakers.share(of: deployment, now: now)
        return share == 1 || attempts == 0 && draws.next() < share
    }
}
