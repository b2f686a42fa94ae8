import Foundation
import Guardrails
import Kit
import SLO
import Testing

/// A team changes a text without touching code.
struct TemplateTests {
    @Test func aTeamsOwnTextReplacesOurs() throws {
        let own = ["slo-one-pager.md.mustache": "# {{company}}: {{success.value}}\n"]
        let paper = try #require(
            try papers(Sample.full, templates: KitTemplates(own: own)).first { $0.name == "slo-one-pager" }
        )
        #expect(paper.markdown == "# Lindqvist & Co: 99.62 %\n")
        #expect(paper.html.contains("<h1>Lindqvist &amp; Co: 99.62\u{A0}%</h1>"))
    }

    @Test(
        "what is wrong with a template is said",
        arguments: [
            ("nope.md.mustache", "x", KitError.unknownTemplate("nope.md.mustache", known: KitTemplates.names)),
            ("index.md.mustache", "a\n{{nope}}\n", .unknownFact(template: "index", name: "nope")),
            (
                "index.md.mustache", "a\nb\n{{#company}}\n",
                .malformed(template: "index.md.mustache", line: 3, reason: "expectedSectionEnd")
            ),
        ]
    )
    func errors(name: String, text: String, error: KitError) {
        #expect(throws: error) { try papers(Sample.full, templates: KitTemplates(own: [name: text])) }
        #expect(error.text.contains(": "))
    }

    @Test func everyPaperIsMadeFromNothing() throws {
        let bare = KitInput(now: Sample.now, version: "1", objectives: Objectives())
        let made = try papers(bare, templates: KitTemplates())
        #expect(
            made.map(\.name) == [
                "index", "slo-one-pager", "sow-clause", "guardrail-sheet", "router-config", "cache-recipe", "drill-sop",
                "error-budget-policy", "proposal-language",
            ]
        )
        #expect(
            made.allSatisfy {
                !$0.markdown.contains("{{") && !$0.markdown.contains("nil") && !$0.markdown.contains("Optional(")
            }
        )
    }

    @Test func everyPaperSaysWhichLatency() throws {
        for paper in try papers(Sample.full, templates: KitTemplates()) {
            #expect(paper.markdown.contains("Latency means the time to the **first token**"), "\(paper.name)")
        }
    }

    @Test func anOverspentBudgetIsSaidInTimesOfIt() throws {
        var counts = EventCounts()
        (counts.requests, counts.valid, counts.good) = (170, 170, 161)
        var input = Sample.full
        let window = Indicators(counts: counts)
        input.headline = Headline(objectives: Objectives(), window: window, lastHour: counts, lastSixHours: counts)
        let made = try papers(input, templates: KitTemplates())
        let onePager = try #require(made.first { $0.name == "slo-one-pager" }).markdown
        let said = "allows 0.8 of 170 requests to fail. 9 did: the budget is overspent, at 10.6 times what it allows."
        #expect(onePager.contains(said) && !onePager.contains("it is gone in"), "\(onePager)")
        let policy = try #require(made.first { $0.name == "error-budget-policy" }).markdown
        #expect(policy.contains("the target allows 0.8: the budget is overspent, at 10.6 times what it allows."))
        #expect(policy.contains("Changes today: **frozen**.\n") && !policy.contains("-958"), "\(policy)")
    }

    @Test func aDemosFiguresAreCalledThat() throws {
        var input = Sample.full
        input.isDemo = true
        let made = try papers(input, templates: KitTemplates())
        let onePager = try #require(made.first { $0.name == "slo-one-pager" }).markdown
        #expect(onePager.contains("These are figures of a demo"))
    }

    @Test func aFeatureWithoutARouteHasNoTable() throws {
        var input = Sample.full
        for index in input.features.indices { input.features[index].sheet.routes = [] }
        let made = try papers(input, templates: KitTemplates())
        let sheet = try #require(made.first { $0.name == "guardrail-sheet" }).markdown
        #expect(!sheet.contains("| Route |") && sheet.contains("Which routes serve it is not known"))
    }

    @Test func everyTemplateIsInTheProgram() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Kit/Templates")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.standardizedFileURL.path)
        #expect(files.filter { $0 != "sw.js" }.sorted() == KitTemplates.names)
        #expect(files.contains("sw.js"))
    }

    @Test func theProcedureAloneIsThePaperWithoutPastDrills() throws {
        let text = try drillProcedure(Sample.full, templates: KitTemplates())
        let paper = try #require(try papers(Sample.full, templates: KitTemplates()).first { $0.name == "drill-sop" })
        let past = ["The last drill", "Findings still open", "could not be read", "No drill"]
        #expect(!past.contains { text.contains($0) } && paper.markdown.contains(past[0]))
        #expect(text.contains("## Script") && paper.markdown.hasPrefix(text.prefix(200)))
    }

    @Test(
        "no paper promises an old answer that the config never gives",
        arguments: [
            (.seconds(604_800), nil, true, "After that, and for 7 days more", "{ ttl: 24h, stale_if_error: 7d }"),
            (nil, nil, false, "After that none is served", "{ ttl: 24h, stale_if_error: off }"),
            (
                .seconds(604_800), .seconds(3_600), true,
                "For 1 hour more they are served while a new one is fetched.\nOtherwise, until 7 days after",
                "{ ttl: 24h, stale_while_revalidate: 60m, stale_if_error: 7d }"
            ),
        ] as [(Duration?, Duration?, Bool, String, String)]
    )
    func staleAnswers(ifError: Duration?, revalidating: Duration?, isPromised: Bool, words: String, setting: String)
        throws
    {
        var input = Sample.full
        input.cache = KitCache(fresh: .seconds(86_400), staleIfError: ifError, staleWhileRevalidate: revalidating)
        let made = try papers(input, templates: KitTemplates())
        let onePager = try #require(made.first { $0.name == "slo-one-pager" }?.markdown)
        let recipe = try #require(made.first { $0.name == "cache-recipe" }?.markdown)
        #expect(onePager.contains("an earlier answer") == isPromised)
        #expect(recipe.contains(words) && recipe.contains(setting), "\(recipe.prefix(800))")
        #expect(recipe.contains("`x-nines-cache: stale` |") == isPromised)
    }

    @Test func theSameInputGivesTheSamePapers() throws {
        #expect(try papers(Sample.full, templates: KitTemplates()) == papers(Sample.full, templates: KitTemplates()))
    }
}
