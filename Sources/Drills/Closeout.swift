/// The written end of a drill: what was tried, what happened, what it cost, what is to mend, who stands for it.
///
/// Made of the journal and the ledger's figures alone, so that it can be made again.
package struct Closeout: Sendable {
    package let drill: Drill
    package let figures: LedgerFigures
    package let surroundings: Surroundings
    package let times: Timings
    package let verdict: DrillVerdict
    package let journal: JournalSeal
    let faults: [FaultLine]
    private let hash: @Sendable ([UInt8]) -> [UInt8]

    /// What the router was at the time.
    package struct Surroundings: Codable, Equatable, Sendable {
        /// `nines 1.0.0`.
        package var version: String
        /// Of the configuration and of the price table; enough digits to compare.
        package var configHash: String
        package var priceTable: String
        /// `prod-eu`, `laptop`, `demo`.
        package var environment: String

        package init(version: String, configHash: String, priceTable: String, environment: String) {
            self.version = version
            self.configHash = configHash
            self.priceTable = priceTable
            self.environment = environment
        }
    }

    /// By which the journal behind a report is recognised.
    package struct JournalSeal: Equatable, Sendable {
        package let count: Int
        /// Of the last entry, in hexadecimal.
        package let lastHash: String
        package let broken: Journal.Break?
    }

    struct FaultLine {
        let title: String
        let target: String
        /// By the method: the provider itself fails, be it a simulated one.
        let isReal: Bool
        /// Of the requests to what it is about: a fraction.
        let share: Double
        let intended: Moment
        let effective: Moment?
        let ended: Moment?
        let verified: Moment?
    }

    /// Of `drill`, whose sealed journal is `entries`, as stored; `hash` is SHA-256.
    package init(
        _ drill: Drill,
        entries: [JournalEntry],
        figures: LedgerFigures,
        surroundings: Surroundings,
        hash: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.drill = drill
        self.figures = figures
        self.surroundings = surroundings
        self.hash = hash
        times = Timings(drill)
        let isSame = entries.map(\.record) == drill.records
        let broken =
            Journal.verify(entries, hash: hash)
            ?? (isSame ? nil : Journal.Break(index: entries.count, reason: "it is not this drill's journal"))
        journal = JournalSeal(count: entries.count, lastHash: entries.last?.seal ?? "", broken: broken)
        verdict = DrillVerdict(drill, figures, journalIsWhole: broken == nil)
        faults = Self.faults(drill, times)
    }

    private static func faults(_ drill: Drill, _ times: Timings) -> [FaultLine] {
        let intents = drill.records.filter { $0.kind == .intent }
        return intents.enumerated().map { index, intent in
            let isLast = index == intents.count - 1
            let stage = intent.fields["stage"].flatMap { Int($0) } ?? 0
            let mix = drill.plan.scenario.stages.indices.contains(stage) ? drill.plan.scenario.stages[stage].mix : []
            return FaultLine(
                title: intent.text,
                target: intent.fields["target"] ?? drill.plan.target.deployment,
                isReal: !mix.isEmpty && mix.allSatisfy(\.fault.isReal),
                share: min(1, mix.filter { $0.place != .secondary }.reduce(0) { $0 + $1.share }),
                intended: intent.moment,
                effective: index == 0 ? times.detected : nil,
                ended: isLast ? times.restored : intents[index + 1].moment,
                verified: isLast ? times.recovered : nil
            )
        }
    }

    /// For the history.
    package var outcome: DrillOutcome {
        DrillOutcome(
            id: drill.plan.id,
            at: openedAt,
            scenario: drill.plan.scenario.id,
            provider: drill.plan.target.provider,
            operator: drill.crew[.operator] ?? "",
            verdict: verdict.outcome,
            timeToFailover: times.timeToFailover,
            lost: figures.lost,
            budgetSpent: figures.budgetSpent,
            configHash: surroundings.configHash
        )
    }

    /// UTC milliseconds.
    var openedAt: Int64 { drill.records.first?.wall ?? 0 }

    /// The status in the words of Chaos Toolkit's journal.
    var status: String { drill.ending?.rawValue ?? (drill.isOver ? "completed" : "open") }

    /// The steady state did not hold after the drill as it did before.
    var deviated: Bool { figures.after.success.map { $0 < figures.successTarget } ?? false }

    /// Everybody else who wrote something.
    var observers: [String] {
        Set(drill.records.compactMap(\.who)).filter { drill.crew.roles(of: $0).isEmpty }.sorted()
    }

    /// Who said go, before anything was broken; nil where nobody did.
    var approver: String? {
        let steps = drill.plan.script.phases.prefix { $0.kind != .induce }.flatMap(\.steps)
        let go = steps.last { step in
            if case .confirmed(.choice) = step.kind { return drill.marks[step.id]?.how == .confirmed }
            return false
        }
        return go.flatMap { drill.marks[$0.id]?.who }
    }

    /// What reports of this kind hold elsewhere and Nines has no way to know.
    static let notRecorded = [
        "observers who wrote nothing", "the longest queue", "priority and link of a finding", "links to exports",
    ]

    /// What a person answered at `step`; empty where nothing was asked or said.
    func answer(_ step: String) -> String {
        drill.marks[step].map { $0.how == .confirmed ? $0.value : "" } ?? ""
    }

    var isOutage: Bool { (figures.budgetSpent ?? 0) > DrillVerdict.largeSpend }

    package var markdown: String { Checksum.sealed(MarkdownText(document).text, hash: hash) }
    package var html: String { Checksum.sealed(HTMLText(document, chart: CloseoutChart(self)).text, hash: hash) }
    package var json: String { Checksum.sealed(jsonTree.text + "\n", hash: hash) }
}
