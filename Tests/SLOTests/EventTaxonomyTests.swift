import SLO
import Testing

struct EventTaxonomyTests {
    private static let target = Objectives().latencyP95

    @Test(
        "ending, source, seconds to first content and in all -> event, valid/good, latency sample of first token and of total",
        arguments: [
            (.complete, .provider, 0.5, 9, .complete, "1/1", 0.5, 9),
            (.complete, .hit, nil, 0.01, .hit, "1/1", nil, nil),
            (.complete, .joined, 0.2, 2, .joined, "1/1", nil, nil),
            (.complete, .stale, nil, 4, .stale, "1/1", nil, nil),
            (.cut, .provider, 0.5, 3, .cut, "1/0", nil, nil), (.lost, .provider, nil, 30, .lost, "1/0", nil, nil),
            (.rejected, .provider, nil, 1, .rejected, "0/0", nil, nil),
            (.capped, .provider, nil, 0, .capped, "0/0", nil, nil),
            (.cancelled, .provider, nil, 2.5, .leftEarly, "0/0", nil, nil),
            (.cancelled, .provider, nil, 2.501, .leftLate, "1/0", nil, nil),
            (.cancelled, .provider, 0.5, 2, .leftReading, "1/1", 0.5, nil),
            (.cancelled, .provider, 3.5, 20, .leftReading, "1/1", 3.5, nil),
        ]
            as [(EventFacts.Ending, EventFacts.Source, Double?, Double, EventClass, String, Double?, Double?)]
    )
    func decides(
        ending: EventFacts.Ending,
        source: EventFacts.Source,
        first: Double?,
        total: Double,
        event: EventClass,
        counts: String,
        ofFirstToken: Double?,
        ofTotal: Double?
    ) {
        var facts = EventFacts(
            ending: ending,
            isStream: true,
            firstContent: first.map { .seconds($0) },
            total: .seconds(total)
        )
        facts.source = source
        let found = EventClass(facts, target: Self.target)
        #expect(found == event)
        #expect("\(found.isValid ? 1 : 0)/\(found.isGood ? 1 : 0)" == counts)
        var objectives = Objectives()
        #expect(facts.latencySample(objectives) == ofFirstToken.map { .seconds($0) })
        objectives.latencyOf = .total
        #expect(facts.latencySample(objectives) == ofTotal.map { .seconds($0) })
        facts.isInMaintenance = true
        #expect(EventClass(facts, target: Self.target) == .maintenance)
        #expect(facts.latencySample(objectives) == nil)
    }

    @Test func whatIsNoStreamCountsItsTotal() {
        let facts = EventFacts(ending: .complete, isStream: false, firstContent: nil, total: .seconds(2))
        #expect(facts.latencySample(Objectives()) == .seconds(2))
    }

    @Test func nothingIsGoodWithoutBeingValid() {
        for event in EventClass.allCases {
            #expect(event.isValid || !event.isGood)
            #expect(event.isGood || !event.isProvidersAnswer)
            #expect(!event.event.isEmpty && !event.note.isEmpty)
        }
        #expect(Set(EventClass.allCases.map(\.event)).count == EventClass.allCases.count)
    }
}
