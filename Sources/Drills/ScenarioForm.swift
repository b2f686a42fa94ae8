/// A scenario or incident profile as it stands in a file: plain words, minutes and shares, for any coder.
package struct ScenarioForm: KeyedForm, Equatable, Sendable {
    package var id: String?
    package var title: String?
    package var happened: String?
    package var source: String?
    package var lesson: String?
    package var assumed: String?
    package var stages: [Stage]?

    fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
        case id, title, happened, source, lesson, assumed, stages
    }

    package struct Stage: Codable, Equatable, Sendable {
        /// None on the last stage: until someone restores.
        package var minutes: Double?
        /// None or empty: a stage in which all goes well.
        package var faults: [Ingredient]?

        fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
            case minutes, faults
        }
    }

    /// `fault` names the kind; the other fields are its figures.
    package struct Ingredient: Codable, Equatable, Sendable {
        package var fault: String?
        /// 0 to 1; none: all.
        package var share: Double?
        package var at: String?
        /// `router`, `provider` or `hand` of `revoke_key`; `refused`, `black_hole` or `dns` of `block_host`.
        package var how: String?
        package var seconds: Double?
        package var status: Int?
        package var chunks: Int?

        fileprivate enum CodingKeys: String, CodingKey, CaseIterable {
            case fault, share, at, how, seconds, status, chunks
        }
    }

    package static var keys: [String: [String]] {
        [
            "": CodingKeys.allCases.map(\.rawValue), "stages[]": Stage.CodingKeys.allCases.map(\.rawValue),
            "stages[].faults[]": Ingredient.CodingKeys.allCases.map(\.rawValue),
        ]
    }

    package init(_ scenario: Scenario) {
        id = scenario.id
        title = scenario.title
        happened = scenario.incident?.happened
        source = scenario.incident?.source
        lesson = scenario.incident?.lesson
        assumed = scenario.incident?.assumed
        stages = scenario.stages.map { stage in
            Stage(minutes: stage.length.map { $0.inSeconds / 60 }, faults: stage.mix.map(Ingredient.init))
        }
    }
}

/// Names of the faults in a file.
fileprivate enum FaultName: String, CaseIterable {
    case revokeKey = "revoke_key"
    case blockHost = "block_host"
    case slowFirstToken = "slow_first_token"
    case status
    case cutMidStream = "cut_mid_stream"
    case modelNotFound = "model_not_found"
    case garbledAnswer = "garbled_answer"

    /// The only key beside `share` and `at` that means anything with it.
    var figure: ScenarioForm.Ingredient.CodingKeys? {
        switch self {
        case .revokeKey, .blockHost: .how
        case .slowFirstToken: .seconds
        case .status: .status
        case .cutMidStream: .chunks
        case .modelNotFound, .garbledAnswer: nil
        }
    }
}

extension ScenarioForm.Ingredient {
    fileprivate init(_ part: Scenario.Ingredient) {
        self.init(share: part.share, at: part.place.rawValue)
        switch part.fault {
        case .revokeKey(let how): set(.revokeKey, how: how.rawValue)
        case .blockHost(let how): set(.blockHost, how: how.rawValue)
        case .slowFirstToken(let delay): set(.slowFirstToken, seconds: delay.inSeconds)
        case .status(let status): set(.status, status: status)
        case .cutMidStream(let chunks): set(.cutMidStream, chunks: chunks)
        case .modelNotFound: set(.modelNotFound)
        case .garbledAnswer: set(.garbledAnswer)
        }
    }

    private mutating func set(
        _ name: FaultName,
        how: String? = nil,
        seconds: Double? = nil,
        status: Int? = nil,
        chunks: Int? = nil
    ) {
        (fault, self.how, self.seconds, self.status, self.chunks) = (name.rawValue, how, seconds, status, chunks)
    }

    fileprivate func read(_ place: String, _ reader: inout FormReader) -> Scenario.Ingredient? {
        let share = share ?? 1
        if !(share > 0 && share <= 1) { reader.complain("\(place).share", "\(share) is not above 0 and at most 1") }
        let at: Scenario.Place? = at == nil ? .primary : reader.word(at, "\(place).at")
        guard let fault = readFault(place, &reader), let at else { return nil }
        if let problem = fault.problem { reader.complain(place, problem) }
        if fault.isExternal && at != .primary {
            reader.complain("\(place).at", "only the primary's key can be switched off")
        }
        return Scenario.Ingredient(fault, share: share, at: at)
    }

    private func readFault(_ place: String, _ reader: inout FormReader) -> Fault? {
        let name: FaultName? = reader.word(fault, "\(place).fault")
        guard let name else { return nil }
        for figure in figures where figure != name.figure {
            reader.complain("\(place).\(figure.rawValue)", "means nothing with fault '\(name.rawValue)'")
        }
        switch name {
        case .revokeKey:
            let how: Fault.Revocation? = how == nil ? .inRouterMemory : reader.word(how, "\(place).how")
            return how.map { .revokeKey($0) }
        case .blockHost:
            let how: Fault.Block? = how == nil ? .refused : reader.word(how, "\(place).how")
            return how.map { .blockHost($0) }
        case .slowFirstToken:
            return reader.time(seconds, .seconds, "\(place).seconds", in: 0.001...300).map { .slowFirstToken($0) }
        case .status:
            if status == nil { reader.complain("\(place).status", "is missing; expected 400 to 599") }
            return status.map { .status($0) }
        case .cutMidStream: return .cutMidStream(afterChunks: chunks ?? 3)
        case .modelNotFound: return .modelNotFound
        case .garbledAnswer: return .garbledAnswer
        }
    }

    private var figures: [CodingKeys] {
        let given: [(CodingKeys, Bool)] = [
            (.how, how != nil), (.seconds, seconds != nil), (.status, status != nil), (.chunks, chunks != nil),
        ]
        return given.filter(\.1).map(\.0)
    }
}

extension ScenarioForm {
    /// The scenario that it describes.
    ///
    /// - Throws: every problem at once, each with its place.
    package func scenario() throws(FormError) -> Scenario {
        var reader = FormReader()
        let id = reader.line(id, "id")
        let title = reader.line(title, "title")
        let stages = self.stages ?? []
        if !stages.contains(where: { !($0.faults ?? []).isEmpty }) {
            reader.complain("stages", "expected at least one stage with a fault")
        }
        let read = stages.enumerated().map { index, stage in
            stage.read("stages[\(index)]", isLast: index == stages.count - 1, &reader)
        }
        if stages.count > 1, read.contains(where: { $0.mix.contains { $0.fault.isExternal } }) {
            reader.complain("stages", "a key switched off outside the router can't be one of several stages")
        }
        try reader.finish()
        return Scenario(id: id, title: title, stages: read, incident: incident)
    }

    private var incident: Scenario.Incident? {
        guard happened != nil || source != nil else { return nil }
        return Scenario.Incident(
            happened: (happened ?? "").oneLine(),
            source: (source ?? "").oneLine(),
            lesson: (lesson ?? "").oneLine(),
            assumed: (assumed ?? "").oneLine()
        )
    }
}

extension ScenarioForm.Stage {
    fileprivate func read(_ place: String, isLast: Bool, _ reader: inout FormReader) -> Scenario.Stage {
        let length =
            minutes == nil && isLast
            ? nil : reader.time(minutes, .minutes, "\(place).minutes", in: 0.1...100_000)
        let mix = (faults ?? []).enumerated().compactMap { index, fault in
            fault.read("\(place).faults[\(index)]", &reader)
        }
        for where_ in Scenario.Place.allCases {
            let sum = mix.filter { $0.place == where_ }.reduce(0) { $0 + $1.share }
            if sum > 1.000_001 {
                reader.complain("\(place).faults", "shares at \(where_.rawValue) add up to more than 1")
            }
        }
        return Scenario.Stage(length: length, mix: mix)
    }
}
