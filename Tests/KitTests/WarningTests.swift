import Guardrails
import Kit
import SLO
import Testing

struct WarningTests {
    private func texts(_ input: KitInput, _ kind: KitWarning.Kind) -> [String] {
        warnings(about: input).filter { $0.kind == kind }.map(\.text)
    }

    @Test func aWholeInputHasNoContradiction() { #expect(texts(Sample.full, .contradiction) == []) }

    @Test func missedTargetsAreSaid() {
        var input = Sample.full
        input.objectives.success = 0.9999
        input.objectives.latencyP95 = .milliseconds(900)
        input.objectives.costPerRequest = 5_000_000
        input.headline = input.headline.map {
            var window = $0.window
            window.counts.latencyFast = window.counts.latencySamples / 2
            return Headline(
                objectives: input.objectives,
                window: window,
                lastHour: $0.lastHour,
                lastSixHours: $0.lastSixHours
            )
        }
        let found = texts(input, .contradiction)
        #expect(found.contains { $0.hasPrefix("The success target is 99.99 %, but the ledger has 99.6") }, "\(found)")
        #expect(
            found.contains { $0.hasPrefix("The latency target is a p95 of 900 ms, but the ledger has ") },
            "\(found)"
        )
        #expect(
            found.contains { $0.hasPrefix("The cost target is $0.005 a request, but the ledger has $0.00") },
            "\(found)"
        )
    }

    @Test func aFigureOfTooFewIsNoContradiction() {
        var input = Sample.few
        input.objectives.success = 0.9999
        #expect(texts(input, .contradiction) == [])
        #expect(texts(input, .unproven).contains("12 requests so far: too few to quote the success rate."))
    }

    @Test(
        "promises that contradict each other",
        arguments: [
            ([(0.999, 0.1)], "Credits begin below 99.9 %, above the success target of 99.5 %"),
            ([(0.95, 0.1), (0.99, 0.2)], "The ladder of credits"),
            ([(0.99, 0.2), (0.95, 0.1)], "The ladder of credits"),
        ] as [([(Double, Double)], String)]
    )
    func credits(ladder: [(Double, Double)], start: String) {
        var input = Sample.full
        input.blanks.credits = ladder.map { .init(below: $0.0, credit: $0.1) }
        #expect(texts(input, .contradiction).contains { $0.hasPrefix(start) })
    }

    @Test func dates() {
        var input = Sample.full
        input.blanks.review = "2026-01-01"
        #expect(
            texts(input, .contradiction) == ["The review on 2026-01-01 comes before the papers hold, on 2027-01-01."]
        )
        #expect(texts(input, .blank) == ["The date of review, 2026-01-01, has passed."])
    }

    @Test func aBudgetThatCanNotLast() {
        var input = Sample.full
        input.features[0].sheet.requests = 90_000
        #expect(
            texts(input, .contradiction).contains {
                $0.hasPrefix("The month's requests of summarise on openai-1 would spend")
            }
        )
        // Too few requests behind the mean prove nothing.
        input.features[0].metered = 12
        #expect(texts(input, .contradiction) == [])
    }

    @Test func anEmptyLedgerAndAnEmptyConfig() {
        let found = warnings(about: Sample.empty).map(\.text)
        #expect(found.contains("Nothing was measured of the success rate."))
        #expect(found.contains { $0.hasPrefix("No drill has been held") })
        #expect(found.contains { $0.hasPrefix("Marked blanks, to be filled in under nines.kit: company, service") })
    }

    @Test func whatCouldNotBeReadIsSaid() {
        let found = warnings(about: KitInput(now: Sample.now, version: "1", objectives: Objectives())).map(\.text)
        #expect(found.contains("The ledger could not be read: no figure is measured."))
    }
}
