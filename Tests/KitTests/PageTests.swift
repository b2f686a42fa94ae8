import Kit
import SLO
import Testing

/// The pages as a browser and a printer get them.
struct PageTests {
    @Test(
        "pages are well formed, link to what is there, and need nothing else",
        arguments: GoldenTests.inputs.map(\.name)
    )
    func pages(name: String) throws {
        let input = try #require(GoldenTests.inputs.first { $0.name == name }).input
        let papers = try papers(input, templates: KitTemplates())
        let paths = Set(papers.flatMap(\.files).map(\.path))
        for file in papers.flatMap(\.files) where file.path.hasSuffix(".html") {
            let page = WellFormed(file.text)
            #expect(page.mistakes == [], "\(file.path)")
            #expect(Set(page.links).subtracting(paths).sorted() == [], "\(file.path)")
            #expect(page.sources == [], "\(file.path)")
            #expect(!file.text.contains("url(") && !file.text.contains("@import"), "\(file.path)")
        }
    }

    @Test("drawings are well formed", arguments: GoldenTests.inputs.map(\.name))
    func drawings(name: String) throws {
        let input = try #require(GoldenTests.inputs.first { $0.name == name }).input
        for file in try papers(input, templates: KitTemplates()).flatMap(\.files) where file.path.hasSuffix(".svg") {
            #expect(WellFormed(file.text).mistakes == [], "\(file.path)")
        }
    }

    @Test("Markdown links to what is there", arguments: GoldenTests.inputs.map(\.name))
    func links(name: String) throws {
        let input = try #require(GoldenTests.inputs.first { $0.name == name }).input
        let papers = try papers(input, templates: KitTemplates())
        let paths = Set(papers.flatMap(\.files).map(\.path))
        for paper in papers {
            // What was escaped is no link: its bracket has a backslash before it.
            let text = paper.markdown.split(separator: "```").first?.replacing("\\](", with: "") ?? ""
            let targets = text.split(separator: "](").dropFirst().map { String($0.prefix { $0 != ")" }) }
            #expect(Set(targets).subtracting(paths).sorted() == [], "\(paper.name)")
        }
    }

    /// A client who reads of a paper asks for it.
    @Test("papers for clients link to and speak of no other papers", arguments: GoldenTests.inputs.map(\.name))
    func clients(name: String) throws {
        let input = try #require(GoldenTests.inputs.first { $0.name == name }).input
        let papers = try papers(input, templates: KitTemplates())
        let (clients, team) = (
            PaperKind.allCases.filter(\.isForClients), PaperKind.allCases.filter { !$0.isForClients }
        )
        let sent = clients.map(\.rawValue)
        let paths = Set(papers.filter { sent.contains($0.name) }.flatMap(\.files).map(\.path))
        #expect(sent == ["slo-one-pager", "sow-clause", "proposal-language"])
        for paper in papers where sent.contains(paper.name) {
            #expect(Set(WellFormed(paper.html).links).subtracting(paths) == [], "\(paper.name)")
            let cited =
                team.flatMap { [$0.rawValue, $0.title.lowercased()] } + ["guardrail sheet", "operating procedure"]
            // The style is that of all papers.
            let text = paper.markdown + (paper.html.split(separator: "</style>").last ?? "")
            #expect(cited.filter { text.lowercased().contains($0) } == [], "\(paper.name)")
        }
    }

    @Test(
        "what is wrong is found",
        arguments: [
            "<p>a</b></p>", "<p>a", "a & b", "a < b", "a > b", "<p class=a></p>", "<p id=\"a\" id=\"b\"></p>", "&nope;",
            "<p",
        ]
    )
    func checker(html: String) { #expect(WellFormed(html).mistakes != []) }

    @Test func noNameIsObeyed() throws {
        for paper in try papers(Sample.hostile, templates: KitTemplates()) {
            #expect(!paper.html.contains("<script"), "\(paper.name)")
            #expect(!paper.html.contains("<b>"), "\(paper.name)")
            #expect(!paper.html.contains("href=\"javascript"), "\(paper.name)")
            #expect(!paper.html.contains("<h1>f"), "\(paper.name)")
            // Escaped, but for the config's block of code.
            let escaped = paper.markdown.split(separator: "```").first ?? ""
            #expect(escaped.ranges(of: "<script").count == escaped.ranges(of: "\\<script").count, "\(paper.name)")
        }
    }

    /// The one-pager sells a number; who serves it may change on any day.
    @Test func theOnePagerNamesNoModel() throws {
        let paper = try #require(
            try papers(Sample.full, templates: KitTemplates()).first { $0.name == "slo-one-pager" }
        )
        for word in ["gpt", "claude", "openai", "house-model", "local"] {
            #expect(!paper.markdown.lowercased().contains(word), "\(word)")
            #expect(!paper.html.lowercased().contains(word), "\(word)")
        }
    }

    @Test(
        "which latency is meant stands in the papers that promise one",
        arguments: ["slo-one-pager", "sow-clause", "proposal-language"]
    )
    func latency(name: String) throws {
        var input = Sample.full
        for (kind, words) in [(.firstToken, "**first token**"), (.total, "streamed or not")]
            as [(Objectives.LatencyKind, String)]
        {
            input.objectives.latencyOf = kind
            let paper = try #require(try papers(input, templates: KitTemplates()).first { $0.name == name })
            #expect(paper.markdown.contains(words), "\(kind)")
        }
    }
}
