import Guardrails
import Mustache
import SLO

/// All that a template can name, one list for all of them.
///
/// Whatever isn't known has a fact that says so: a name that isn't here is a template's mistake, and is kept in `misses`.
struct KitFacts: MustacheParent {
    final class Misses { var names: [String] = [] }

    private var facts: [String: Any]
    let misses = Misses()

    func child(named name: String) -> Any? {
        if facts[name] == nil { misses.names.append(name) }
        return facts[name]
    }

    func with(_ more: [String: Any]) -> Self {
        var copy = self
        copy.facts.merge(more) { $1 }
        return copy
    }

    init(_ input: KitInput, plots: [PlotFile]) {
        let warnings = warnings(about: input)
        let parts: [[String: Any]] = [
            Self.frame(input), Self.blanks(input.blanks), Self.objectives(input), Self.budget(input),
            Self.stretches(input), Self.taxonomy, Self.alerts(input), Self.failover(input), Self.drills(input.drills),
            Self.script(input.script), Self.files(input),
            ["features": Self.list(input.features.map { Self.feature($0, target: input.objectives.costPerRequest) })],
            ["plots": Self.list(plots.map { ["title": $0.title, "address": $0.path] })],
            ["warnings": Self.list(warnings.map { ["text": $0.text] })],
            ["contradictions": Self.list(warnings.filter { $0.kind == .contradiction }.map { ["text": $0.text] })],
        ]
        facts = parts.reduce(into: [:]) { facts, part in facts.merge(part) { $1 } }
    }

    static func list(_ items: [[String: Any]]) -> [String: Any] {
        ["any": !items.isEmpty, "list": items, "count": KitText.count(items.count)]
    }
}
