import Mustache

/// Why the papers can't be made from these templates.
package enum KitError: Error, Equatable, Sendable {
    /// No paper has a template of that name.
    case unknownTemplate(String, known: [String])
    /// It can't be read: the line, and what is wrong.
    case malformed(template: String, line: Int, reason: String)
    /// It names what is no fact.
    case unknownFact(template: String, name: String)

    /// What is wrong, where, and what to do.
    package var text: String {
        switch self {
        case .unknownTemplate(let name, let known):
            "no paper is made from a template called \(name): call it one of \(known.joined(separator: ", "))"
        case .malformed(let template, let line, let reason):
            "the template \(template) can't be read at line \(line): \(reason): compare it with the one that comes with Nines"
        case .unknownFact(let template, let name):
            "the template \(template) asks for \(name), which is no fact: compare it with the one that comes with Nines"
        }
    }
}

/// The papers' texts, in Mustache: those that come with Nines, or a team's own in place of any of them.
package struct KitTemplates: Sendable {
    private let library: MustacheLibrary

    /// What templates are called: `slo-one-pager.md.mustache`.
    package static let names = shipped.keys.sorted()

    /// The texts that come with Nines, by name, for a team to start from.
    package static let shipped: [String: String] = [
        "budget.md.mustache": PackageResources.budget_md_mustache,
        "cache-recipe.md.mustache": PackageResources.cache_recipe_md_mustache,
        "drill-record.md.mustache": PackageResources.drill_record_md_mustache,
        "drill-sop.md.mustache": PackageResources.drill_sop_md_mustache,
        "error-budget-policy.md.mustache": PackageResources.error_budget_policy_md_mustache,
        "figure.md.mustache": PackageResources.figure_md_mustache,
        "guardrail-sheet.md.mustache": PackageResources.guardrail_sheet_md_mustache,
        "index.md.mustache": PackageResources.index_md_mustache,
        "latency-kind.md.mustache": PackageResources.latency_kind_md_mustache,
        "latency.md.mustache": PackageResources.latency_md_mustache,
        "objectives.md.mustache": PackageResources.objectives_md_mustache,
        "page.html.mustache": PackageResources.page_html_mustache,
        "proposal-language.md.mustache": PackageResources.proposal_language_md_mustache,
        "router-config.md.mustache": PackageResources.router_config_md_mustache,
        "scope.md.mustache": PackageResources.scope_md_mustache,
        "slo-one-pager.md.mustache": PackageResources.slo_one_pager_md_mustache,
        "sow-clause.md.mustache": PackageResources.sow_clause_md_mustache,
        "style.css.mustache": PackageResources.style_css_mustache,
        "try.html.mustache": PackageResources.try_html_mustache,
    ].mapValues { String(decoding: $0, as: UTF8.self) }

    /// `own` has a team's texts by the names of those that they replace.
    package init(own: [String: String] = [:]) throws(KitError) {
        MustacheContentTypes.register(MarkdownContent(), named: "MARKDOWN")
        for name in own.keys.sorted() where Self.shipped[name] == nil {
            throw .unknownTemplate(name, known: Self.names)
        }
        var library = MustacheLibrary()
        for (name, text) in Self.shipped.merging(own, uniquingKeysWith: { $1 }) {
            library.register(try Self.parsed(text, name: name), named: Self.short(name))
        }
        self.library = library
    }

    private static func short(_ name: String) -> String { String(name.prefix { $0 != "." }) }

    private static func parsed(_ text: String, name: String) throws(KitError) -> MustacheTemplate {
        let type = name.contains(".md.") ? "MARKDOWN" : name.contains(".html.") ? "HTML" : "TEXT"
        // A partial of one line stands within a line.
        let isOneLine = text.split(separator: "\n").count == 1
        let body = isOneLine ? String(text.prefix { $0 != "\n" }) : text
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:\(type)}}\n\(body)")
        } catch let error as MustacheTemplate.ParserError {
            throw .malformed(
                template: name,
                line: max(
                    1,
                    min(
                        error.context.lineNumber - 1,
                        text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
                    )
                ),
                reason: "\(error.error)"
            )
        } catch {
            throw .malformed(template: name, line: 1, reason: "\(error)")
        }
    }

    /// `name` is a template's name up to its first dot.
    func render(_ name: String, _ facts: KitFacts) throws(KitError) -> String {
        facts.misses.names = []
        let text = library.render(facts, withTemplate: name) ?? ""
        if let missing = facts.misses.names.first { throw .unknownFact(template: name, name: missing) }
        return text
    }
}

/// Values in a line of Markdown.
private struct MarkdownContent: MustacheContentType {
    func escapeText(_ text: String) -> String { Markup.markdown(text) }
}
