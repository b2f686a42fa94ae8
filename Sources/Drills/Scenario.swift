/// What is broken in a drill: one fault, or several after one another, as a public incident went.
package struct Scenario: Codable, Equatable, Sendable {
    /// As in the coverage matrix: `revoke-key`.
    package let id: String
    package let title: String
    /// One after another, from the moment of inducing; never empty.
    package let stages: [Stage]
    /// Where a recorded incident comes from.
    package let incident: Incident?

    package struct Stage: Codable, Equatable, Sendable {
        /// How long it lasts; nil until someone restores.
        package let length: Duration?
        /// Shares add up to at most 1 for each place; the rest of the traffic goes well.
        package let mix: [Ingredient]

        package init(length: Duration?, mix: [Ingredient]) {
            self.length = length
            self.mix = mix
        }
    }

    /// One fault and how much of the traffic it meets.
    package struct Ingredient: Codable, Equatable, Sendable {
        package let fault: Fault
        /// Of the requests to `place`: above 0, at most 1.
        package let share: Double
        package let place: Place

        package init(_ fault: Fault, share: Double = 1, at place: Place = .primary) {
            self.fault = fault
            self.share = share
            self.place = place
        }
    }

    /// Which deployments a fault meets.
    package enum Place: String, Codable, CaseIterable, Sendable {
        case primary, secondary
        /// The primary, and whatever fails together with it: same vendor, cloud, region or CDN.
        case domain
    }

    package struct Incident: Codable, Equatable, Sendable {
        /// As its source gives it.
        package let happened: String
        package let source: String
        package let lesson: String
        /// Which parts of the replay are ours rather than the source's; empty where all is sourced.
        package let assumed: String
    }

    package init(id: String, title: String, stages: [Stage], incident: Incident? = nil) {
        self.id = id
        self.title = title
        self.stages = stages
        self.incident = incident
    }

    /// One fault until someone restores.
    package init(id: String, title: String, _ fault: Fault, share: Double = 1) {
        self.init(id: id, title: title, stages: [Stage(length: nil, mix: [Ingredient(fault, share: share)])])
    }

    package var faults: [Fault] { stages.flatMap { $0.mix.map(\.fault) } }

    package var isExternal: Bool { faults.contains(where: \.isExternal) }

    /// Of all stages with a length; nil where the last one is open.
    package var length: Duration? {
        stages.contains { $0.length == nil } ? nil : stages.reduce(.zero) { $0 + ($1.length ?? .zero) }
    }

    /// The same in proportion, to end within `slot`; no stage below `Fault.shortestLease`.
    package func compressed(into slot: Duration) -> Scenario {
        guard let length, length > slot else { return self }
        let factor = length / slot
        return Scenario(
            id: id,
            title: title,
            stages: stages.map { stage in
                Stage(length: stage.length.map { max(Fault.shortestLease, $0 / factor) }, mix: stage.mix)
            },
            incident: incident
        )
    }
}

/// What the router may break, where, and for how long: nothing outlives it.
package struct Lease: Codable, Equatable, Sendable {
    package let drill: String
    /// Counts the stages from 0.
    package let stage: Int
    package let mix: [Scenario.Ingredient]
    package let target: DrillTarget
    /// From the moment that the router takes it.
    package let length: Duration

    package init(drill: String, stage: Int, mix: [Scenario.Ingredient], target: DrillTarget, length: Duration) {
        self.drill = drill
        self.stage = stage
        self.mix = mix
        self.target = target
        self.length = length
    }

    /// `answer 502 for 75 %, answer 503 for 25 %`.
    package var title: String {
        mix.map { part in
            part.fault.title + (part.share < 1 ? " for \(Words.percent(part.share, 0))" : "")
                + (part.place == .secondary ? " at the secondary" : "")
        }.joined(separator: ", ")
    }
}

/// What is broken, by the names of the configuration.
package struct DrillTarget: Codable, Equatable, Sendable {
    package let provider: String
    package let deployment: String
    /// Name of the key, never its value; nil where the deployment needs none.
    package let credential: String?
    /// Deployment that should take over.
    package let secondary: String

    package init(provider: String, deployment: String, credential: String?, secondary: String) {
        self.provider = provider
        self.deployment = deployment
        self.credential = credential
        self.secondary = secondary
    }
}
