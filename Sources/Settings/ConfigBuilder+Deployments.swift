import Guardrails
import Routing

/// A deployment under way: what the file says of it, before all ids are known.
struct DeploymentEntry {
    let group: String
    let provider: Provider
    /// The prefix as written, which names the provider even where it is none that we know.
    let providerName: String
    let model: String
    let apiBase: String
    let credential: Credential?
    let parameters: Section
    let info: Section?
    let extraBody: String?
    let headers: [HeaderField]
    var id = ""

    /// Also under `model_info`.
    var order: (value: Int, place: Place)? {
        for section in [parameters, info] {
            if let section, let order = section.integer("order"), let field = section["order"] {
                return (order, field.place)
            }
        }
        return nil
    }

    var weight: (value: Double, place: Place)? {
        guard let weight = parameters.number("weight"), let field = parameters["weight"] else { return nil }
        return (weight, field.place)
    }
}

extension ConfigBuilder {
    mutating func readModelList(_ top: Section) {
        guard let list = top.list("model_list"), let place = top["model_list"]?.place else { return }
        // What was wrong with an entry has been reported.
        if list.isEmpty, !reader.hasErrors {
            reader.error(place, "model_list is empty: it needs at least one deployment")
        }
        for field in list {
            guard case .section(let section) = field.value else { continue }
            if let name = section["model_name"], let text = name.text {
                namedGroups.append((text, name.place, section.section("model_info")?.flag("blocked") == true))
            }
            readModel(section)
        }
        giveIDs()
    }

    private mutating func readModel(_ section: Section) {
        guard let parameters = section.section("litellm_params") else { return }
        let extraBody = extraBody(parameters)
        let headers = headers(parameters)
        let info = section.section("model_info")
        if info?.flag("blocked") == true {
            reader.warning(info?["blocked"]?.place ?? section.place, "this deployment is blocked and left out")
            return
        }
        guard let model = parameters["model"], let written = model.text,
            let target = target(written, parameters, model.place), let group = section.text("model_name")
        else { return }
        entries.append(
            DeploymentEntry(
                group: group,
                provider: target.provider,
                providerName: target.name,
                model: target.model,
                apiBase: target.apiBase,
                credential: credential(parameters, target, model.place),
                parameters: parameters,
                info: info,
                extraBody: extraBody,
                headers: headers
            )
        )
        checkPrices(parameters, info)
        noteVersion(parameters)
    }

    private mutating func noteVersion(_ parameters: Section) {
        guard let version = parameters["api_version"] else { return }
        reader.warning(
            version.place,
            "api_version has no effect: Azure's /openai/v1 endpoint needs none, others have none"
        )
    }

    private func headers(of section: Section, _ key: String) -> [(name: String, place: Place, field: Field)] {
        section.named(key) ?? []
    }

    private mutating func headers(_ parameters: Section) -> [HeaderField] {
        var fields: [HeaderField] = []
        if let organization = parameters.text("organization") {
            fields.append(HeaderField("OpenAI-Organization", organization))
        }
        let ours = ["host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding"]
        for (name, place, field) in headers(of: parameters, "extra_headers") + headers(of: parameters, "headers") {
            let isToken = name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
            guard isToken, !ours.contains(name.lowercased()) else {
                let reason = isToken ? "a header that the router does not set itself" : "a header's name"
                reader.error(place, "extra_headers: expected \(reason), found \(quoted(name))")
                continue
            }
            if let value = field.text { fields.append(HeaderField(name, value)) }
        }
        return fields
    }

    private mutating func extraBody(_ parameters: Section) -> String? {
        guard case .raw(let node)? = parameters["extra_body"]?.value else { return nil }
        guard case .map = node.content else {
            reader.error(node.place, "extra_body: expected a mapping of fields, found \(node.found)")
            return nil
        }
        return jsonText(resolved(node, "extra_body"))
    }

    /// The tree with every `os.environ/NAME` replaced by a text.
    private mutating func resolved(_ node: YAMLNode, _ path: String) -> YAMLNode {
        switch node.content {
        case .scalar(let text, _):
            guard text.environmentReference != nil else { return node }
            let value = reader.resolved(text, at: node.place, path) ?? ""
            return YAMLNode(place: node.place, content: .scalar(value, isPlain: false))
        case .list(let items):
            return YAMLNode(place: node.place, content: .list(items.map { resolved($0, path) }))
        case .map(let entries):
            let fields = entries.map {
                YAMLNode.Entry(key: $0.key, place: $0.place, value: resolved($0.value, "\(path).\($0.key)"))
            }
            return YAMLNode(place: node.place, content: .map(fields))
        }
    }

    private mutating func checkPrices(_ parameters: Section, _ info: Section?) {
        let field = { (key: String) in parameters[key] ?? info?[key] }
        let (input, output) = ("input_cost_per_token", "output_cost_per_token")
        for (key, other) in [(input, output), (output, input)] where field(other) == nil {
            guard let given = field(key) else { continue }
            let advice = "the price table counts; add \(other), as 0 where it is free"
            reader.warning(given.place, "\(key) has no effect without \(other): \(advice)")
        }
    }
}

// MARK: - Ids

extension ConfigBuilder {
    /// The given ids first; then the provider's name, with the model and a number where it is taken.
    private mutating func giveIDs() {
        var taken: Set<String> = []
        for index in entries.indices {
            guard let id = entries[index].info?["id"], let text = id.text else { continue }
            entries[index].id = text
            if !taken.insert(text).inserted {
                reader.error(id.place, "id: \(quoted(text)) is the id of another deployment already")
            }
        }
        for index in entries.indices where entries[index].id.isEmpty {
            let entry = entries[index]
            let long = "\(entry.providerName)/\(entry.model)"
            let numbered = (2...(entries.count + 2)).lazy.map { "\(long)-\($0)" }
            let id = ([entry.providerName, long] + numbered).first { !taken.contains($0) } ?? long
            taken.insert(id)
            entries[index].id = id
        }
    }
}
