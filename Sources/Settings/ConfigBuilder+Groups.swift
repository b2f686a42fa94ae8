import Guardrails
import Routing

extension ConfigBuilder {
    /// Collects the deployments into groups, in the order of the file, with their prices.
    mutating func makeGroups() {
        var members: [String: [DeploymentEntry]] = [:]
        for entry in entries { members[entry.group, default: []].append(entry) }
        var done: Set<String> = []
        for (name, place, _) in namedGroups where done.insert(name).inserted {
            guard let group = members[name] else {
                // Where a deployment was wrong, that has been said.
                if namedGroups.allSatisfy({ $0.name != name || $0.isBlocked }) {
                    reader.error(place, "model group \(quoted(name)) has no deployment left")
                }
                continue
            }
            checkDraw(group)
            config.groups.append(ModelGroup(name: name, deployments: group.map(deployment)))
            for entry in group { config.prices[DeploymentID(entry.id)] = price(of: entry) }
        }
    }

    private func deployment(_ entry: DeploymentEntry) -> Deployment {
        let parameters = entry.parameters
        return Deployment(
            id: DeploymentID(entry.id),
            provider: entry.providerName,
            format: entry.provider.format,
            model: entry.model,
            apiBase: entry.apiBase,
            credential: entry.credential,
            order: entry.order?.value,
            weight: entry.weight?.value,
            timeout: parameters.duration("timeout"),
            streamTimeout: parameters.duration("stream_timeout"),
            numRetries: parameters.integer("num_retries"),
            cooldown: entry.info?.duration("cooldown_time") ?? parameters.duration("cooldown_time"),
            extraBody: entry.extraBody,
            extraHeaders: entry.headers,
            contextWindow: entry.info?.integer("max_input_tokens"),
            region: parameters.text("region_name")
        )
    }

    private func price(of entry: DeploymentEntry) -> TokenPrice? {
        func cost(_ key: String) -> Int64? { entry.parameters.nanodollars(key) ?? entry.info?.nanodollars(key) }
        // Half a price is none: what is missing would count as free.
        guard let input = cost("input_cost_per_token"), let output = cost("output_cost_per_token") else { return nil }
        return TokenPrice(
            input: input,
            output: output,
            cacheRead: cost("cache_read_input_token_cost"),
            cacheWrite: cost("cache_creation_input_token_cost")
        )
    }

    /// Warns of weights and orders that don't do what they seem to, once per group.
    private mutating func checkDraw(_ group: [DeploymentEntry]) {
        guard let first = group.first, group.count > 1 else { return }
        let name = quoted(first.group)
        if let ordered = group.first(where: { $0.order != nil }), let order = ordered.order {
            if let other = group.first(where: { $0.order == nil }) {
                reader.warning(
                    order.place,
                    "order: \(name) has it here but not for \(quoted(other.id)), which is tried last"
                )
            }
            let tiers = Dictionary(grouping: group) { $0.order?.value }
            let idle = group.first { $0.weight != nil && tiers[$0.order?.value]?.count == 1 }
            if let weight = idle?.weight {
                reader.warning(
                    weight.place,
                    "weight never acts: it draws among deployments of one order, and \(name) has one deployment at this order"
                )
            }
        }
        if let weighted = group.first(where: { ($0.weight?.value ?? 0) > 0 }), let weight = weighted.weight,
            let other = group.first(where: { $0.weight == nil && $0.order?.value == weighted.order?.value })
        {
            reader.warning(
                weight.place,
                "weight: \(name) has it here but not for \(quoted(other.id)), which is then never drawn first"
            )
        }
    }
}

// MARK: - Names of groups

extension ConfigBuilder {
    /// The group that a name or alias stands for; nil, and said, where it is none.
    mutating func group(_ name: String, at place: Place, _ key: String) -> String? {
        if let target = config.aliases[name] { return target }
        let names = namedGroups.map(\.name)
        if names.contains(name) { return name }
        let near =
            nearest(to: name, among: names + config.aliases.keys.sorted()).map { "; did you mean '\($0)'?" } ?? ""
        reader.error(place, "\(key): there is no model group \(quoted(name))\(near)")
        return nil
    }

    /// `{alias: group}` or `{alias: {model: group}}`.
    mutating func readAliases(_ router: Section?) {
        guard case .raw(let node)? = router?["model_group_alias"]?.value else { return }
        guard case .map(let entries) = node.content else {
            reader.error(
                node.place,
                "model_group_alias: expected a mapping such as {gpt-4: assistant}, found \(node.found)"
            )
            return
        }
        for entry in entries {
            guard let target = aliasTarget(entry) else { continue }
            guard !namedGroups.contains(where: { $0.name == entry.key }) else {
                reader.error(entry.place, "model_group_alias: \(quoted(entry.key)) is a model group already")
                continue
            }
            let names = namedGroups.map(\.name)
            guard names.contains(target.name) else {
                let near = nearest(to: target.name, among: names).map { "; did you mean '\($0)'?" } ?? ""
                reader.error(target.place, "model_group_alias: there is no model group \(quoted(target.name))\(near)")
                continue
            }
            config.aliases[entry.key] = target.name
        }
    }

    private mutating func aliasTarget(_ entry: YAMLNode.Entry) -> (name: String, place: Place)? {
        var node = entry.value
        if case .map(let fields) = node.content {
            for field in fields where !["model", "hidden"].contains(field.key) {
                reader.warning(field.place, "unknown key \(quoted(field.key)) in model_group_alias")
            }
            if let hidden = fields.first(where: { $0.key == "hidden" }) {
                reader.warning(hidden.place, "'hidden' in model_group_alias is read and ignored: every alias is listed")
            }
            if let model = fields.first(where: { $0.key == "model" }) { node = model.value }
        }
        guard case .scalar(let name, _) = node.content, !node.isNull else {
            reader.error(node.place, "model_group_alias: expected the name of a model group, found \(node.found)")
            return nil
        }
        return (name, node.place)
    }
}
