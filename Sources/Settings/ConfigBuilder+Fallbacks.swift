import Routing

extension ConfigBuilder {
    /// Puts the fallbacks into the groups: a group's own, else those of `*`, else the default ones.
    mutating func readFallbacks(_ router: Section?, _ library: Section?) {
        let own = explicitFallbacks((router?["fallbacks"] ?? library?["fallbacks"]))
        let defaults = defaultFallbacks(router?["default_fallbacks"] ?? library?["default_fallbacks"])
        config.groups = config.groups.map { group in
            let names = own[group.name] ?? own["*"] ?? defaults
            return ModelGroup(
                name: group.name,
                deployments: group.deployments,
                fallbacks: names.filter { $0 != group.name }
            )
        }
    }

    private mutating func defaultFallbacks(_ field: Field?) -> [String] {
        guard case .list(let items)? = field?.value else { return [] }
        var names: [String] = []
        for item in items {
            guard let text = item.text, let name = group(text, at: item.place, "default_fallbacks") else { continue }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private mutating func explicitFallbacks(_ field: Field?) -> [String: [String]] {
        guard case .raw(let node)? = field?.value else { return [:] }
        guard case .list(let items) = node.content else {
            wrongFallbacks(node)
            return [:]
        }
        var fallbacks: [String: [String]] = [:]
        var places: [String: Place] = [:]
        for item in items {
            guard case .map(let entries) = item.content else {
                wrongFallbacks(item)
                continue
            }
            for entry in entries {
                let source = entry.key == "*" ? "*" : group(entry.key, at: entry.place, "fallbacks")
                let targets = targets(entry.value)
                guard let source else { continue }
                fallbacks[source, default: []] += targets.filter { fallbacks[source]?.contains($0) != true }
                if places[source] == nil { places[source] = entry.place }
            }
        }
        warnOfCycle(fallbacks, places)
        return fallbacks
    }

    private mutating func targets(_ node: YAMLNode) -> [String] {
        let nodes: [YAMLNode] = if case .list(let items) = node.content { items } else { [node] }
        var names: [String] = []
        for node in nodes {
            guard case .scalar(let text, _) = node.content, !node.isNull else {
                reader.error(node.place, "fallbacks: expected the name of a model group, found \(node.found)")
                continue
            }
            if let name = group(text, at: node.place, "fallbacks"), !names.contains(name) { names.append(name) }
        }
        return names
    }

    private mutating func wrongFallbacks(_ node: YAMLNode) {
        reader.error(
            node.place,
            "fallbacks: expected a list such as [{assistant: [assistant-mini]}], found \(node.found)"
        )
    }

    /// Says once where following the fallbacks comes back to a group.
    private mutating func warnOfCycle(_ fallbacks: [String: [String]], _ places: [String: Place]) {
        for (start, place) in places.sorted(by: { $0.value < $1.value }) {
            guard let cycle = cycle(from: start, fallbacks) else { continue }
            reader.warning(
                place,
                "fallbacks: \(cycle.joined(separator: " -> ")) is a cycle; a request tries each group once"
            )
            return
        }
    }

    /// The way from a group back to itself, both ends included; nil where there is none.
    private func cycle(from start: String, _ fallbacks: [String: [String]]) -> [String]? {
        var trails = [[start]]
        var seen: Set<String> = []
        while let trail = trails.popLast(), let last = trail.last {
            for next in fallbacks[last] ?? [] {
                if next == start { return trail + [next] }
                if seen.insert(next).inserted { trails.append(trail + [next]) }
            }
        }
        return nil
    }
}
