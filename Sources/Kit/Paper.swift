/// One of the papers, as Markdown and as a page that prints.
package struct Paper: Sendable, Equatable {
    /// Without its ending, such as `slo-one-pager`.
    package let name: String
    package let title: String
    package let markdown: String
    /// Whole and alone: no other file is needed to show or print it.
    package let html: String
    /// What lies beside it, by a path relative to it: drawings, a CSV, a config.
    package let extras: [PaperFile]

    /// Everything that is to be written, with paths relative to the folder.
    package var files: [PaperFile] {
        [PaperFile(path: "\(name).md", text: markdown), PaperFile(path: "\(name).html", text: html)] + extras
    }
}

/// One file of the kit.
package struct PaperFile: Sendable, Hashable {
    /// Relative to the folder, with `/` between its parts.
    package let path: String
    package let text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// The papers there are, in the order of the index.
package enum PaperKind: String, CaseIterable, Sendable {
    case onePager = "slo-one-pager"
    case clause = "sow-clause"
    case sheet = "guardrail-sheet"
    case config = "router-config"
    case recipe = "cache-recipe"
    case drill = "drill-sop"
    case policy = "error-budget-policy"
    case proposal = "proposal-language"

    package var title: String {
        switch self {
        case .onePager: "Service level objectives"
        case .clause: "Clause for the statement of work"
        case .sheet: "Budget guardrail sheet"
        case .config: "Router config"
        case .recipe: "Cache recipe"
        case .drill: "Drill: standard operating procedure"
        case .policy: "Error budget policy"
        case .proposal: "Proposal language"
        }
    }

    /// Clients get these, and nothing that these cite or link to is any other.
    package var isForClients: Bool { [.onePager, .clause, .proposal].contains(self) }

    /// For whom, and what for.
    var about: String {
        switch self {
        case .onePager: "what is promised, and how it stands"
        case .clause: "for the contract; a template, not legal advice"
        case .sheet: "what each feature costs on each route, and what happens beyond its cap"
        case .config: "the config that runs, and one to start from"
        case .recipe: "answers that outlast the connection, in the router and in the browser"
        case .drill: "roles, checks, faults, stop rules, the script, the closeout"
        case .policy: "when changes stop, and when they go on"
        case .proposal: "paragraphs to paste, for the engineer, for operations, for the budget holder"
        }
    }
}

/// Writes all papers, the index first.
///
/// Pure: the same input and templates give the same texts. Ask `warnings(about:)` first.
/// - Throws: `KitError` where a template names what is no fact.
package func papers(_ input: KitInput, templates: KitTemplates) throws(KitError) -> [Paper] {
    let plots = plots(of: input)
    let images = Dictionary(plots.map { ($0.path, $0.svg) }) { first, _ in first }
    let facts = KitFacts(input, plots: plots)
    var papers: [Paper] = []
    for (name, title) in [("index", "Index")] + PaperKind.allCases.map({ ($0.rawValue, $0.title) }) {
        let text = try templates.render(name, facts)
        let markdown = text.hasSuffix("\n") ? text : text + "\n"
        let body = MarkdownPage.html(markdown, images: images, link: pageAddress)
        let kind = PaperKind(rawValue: name)
        let page =
            ["name": name, "title": title, "body": body, "internal": kind?.isForClients != true] as [String: Any]
        let html = try templates.render("page", facts.with(page))
        let extras = try extras(of: kind, input: input, plots: plots, facts: facts, templates)
        papers.append(Paper(name: name, title: title, markdown: markdown, html: html, extras: extras))
    }
    return papers
}

/// The drill's standard operating procedure alone, as Markdown: what `papers` has as `drill-sop`, without past drills.
/// - Throws: `KitError` where its template names what is no fact.
package func drillProcedure(_ input: KitInput, templates: KitTemplates) throws(KitError) -> String {
    let none: [String: Any] = [
        "unread": false, "none": false, "last": false, "passed": false, "findings": KitFacts.list([]),
    ]
    return try templates.render(PaperKind.drill.rawValue, KitFacts(input, plots: []).with(["drills": none]))
}

/// A link to another paper's Markdown leads to its page.
private func pageAddress(_ address: String) -> String {
    let names = ["index"] + PaperKind.allCases.map(\.rawValue)
    return names.contains { address == "\($0).md" } ? "\(address.dropLast(3)).html" : address
}

private func extras(
    of kind: PaperKind?,
    input: KitInput,
    plots: [PlotFile],
    facts: KitFacts,
    _ templates: KitTemplates
) throws(KitError) -> [PaperFile] {
    switch kind {
    case .onePager: return plots.map { PaperFile(path: $0.path, text: $0.svg + "\n") }
    case .sheet: return [PaperFile(path: "guardrail-sheet.csv", text: sheetCSV(input))]
    case .config:
        let running = input.config.map {
            PaperFile(path: "router.yaml", text: ConfigText.shown($0, notes: input.configNotes))
        }
        return [running, input.starter.map { PaperFile(path: "starter.yaml", text: $0) }].compactMap(\.self)
    case .recipe:
        guard let worker = input.worker else { return [] }
        let page = PaperFile(path: "try.html", text: try templates.render("try", facts))
        return [PaperFile(path: "sw.js", text: worker.text), page]
    case .clause, .drill, .policy, .proposal, nil: return []
    }
}
