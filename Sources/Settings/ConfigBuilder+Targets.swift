import Routing

/// Where a deployment's requests go.
struct Target {
    let provider: Provider
    let name: String
    let model: String
    let apiBase: String
    let host: String
    /// The file itself says where.
    let isOwnBase: Bool
}

extension ConfigBuilder {
    /// Resolves `provider/model` and `api_base`; nil where that was wrong, and said.
    mutating func target(_ written: String, _ parameters: Section, _ place: Place) -> Target? {
        guard !written.contains("*") else {
            reader.error(
                place,
                "model: expected the name of one model, found \(quoted(written)): wildcards are not supported"
            )
            return nil
        }
        let hasBase = parameters.given.contains("api_base")
        guard let split = splitModel(written, hasBase: hasBase, place) else { return nil }
        if hasBase {
            // One that is wrong or refers to an unset variable has been reported.
            return parameters.address("api_base").map { target(split, at: $0) }
        }
        guard let apiBase = split.provider.apiBase else {
            reader.error(place, "model: '\(split.name)/' needs api_base, such as \(split.provider.example)")
            return nil
        }
        return Target(
            provider: split.provider,
            name: split.name,
            model: split.model,
            apiBase: apiBase,
            host: apiBase.contains("//127.") ? "127.0.0.1" : "",
            isOwnBase: false
        )
    }

    private func target(_ split: SplitModel, at address: WebAddress) -> Target {
        var text = address.text
        if address.path.isEmpty { text += split.provider.pathWhenNone }
        // Anthropic's base is the root, whichever of the two spellings of LiteLLM is used.
        if split.provider.format == .anthropic {
            for ending in ["/v1/messages", "/v1"] where text.hasSuffix(ending) { text.removeLast(ending.count) }
        }
        return Target(
            provider: split.provider,
            name: split.name,
            model: split.model,
            apiBase: text,
            host: address.host,
            isOwnBase: text != split.provider.apiBase
        )
    }

    private typealias SplitModel = (provider: Provider, name: String, model: String)

    private mutating func splitModel(_ written: String, hasBase: Bool, _ place: Place) -> SplitModel? {
        guard let slash = written.firstIndex(of: "/") else {
            if let provider = Provider.guessed(fromModel: written) { return (provider, provider.name, written) }
            reader.error(
                place,
                "model: expected provider/model, found \(quoted(written)); providers: \(Self.providerNames)"
            )
            return nil
        }
        let prefix = String(written[..<slash])
        let model = String(written[written.index(after: slash)...])
        guard !prefix.isEmpty, !model.isEmpty else {
            reader.error(place, "model: expected provider/model, found \(quoted(written))")
            return nil
        }
        if let provider = Provider.named(prefix) { return (provider, provider.name, model) }
        guard hasBase else {
            let near =
                nearest(to: prefix, among: Provider.known.map(\.name))
                .map { "; did you mean '\($0)'?" } ?? "."
            reader.error(
                place,
                "model: unknown provider \(quoted(prefix))\(near) Known: \(Self.providerNames); "
                    + "any OpenAI-compatible endpoint is openai/NAME with api_base"
            )
            return nil
        }
        reader.warning(
            place,
            "model: unknown provider \(quoted(prefix)) is taken as OpenAI-compatible and asked for \(quoted(model)); "
                + "write openai/\(written) if the whole is the model's name"
        )
        return (Provider(prefix, nil, keyVariables: []), prefix, model)
    }

    private static var providerNames: String { enumerated(Provider.known.map(\.name), "and") }

    /// The key of a deployment: the file's, else the provider's own variable, else none.
    mutating func credential(_ parameters: Section, _ target: Target, _ place: Place) -> Credential? {
        if parameters.given.contains("api_key") { return parameters.secret("api_key") }
        let variables = target.provider.keyVariables
        for name in variables {
            guard let value = reader.variable(name) else { continue }
            if target.isOwnBase, !isLoopback(target.host) {
                reader.warning(
                    place,
                    "no api_key: what \(name) holds is sent to \(target.host); give api_key to say which key is meant"
                )
            }
            return Credential(name: name, secret: Secret(value))
        }
        guard target.provider.needsKey, !isLoopback(target.host) else { return nil }
        let wanted = variables.first.map { "give api_key or set \($0)" } ?? "give api_key"
        reader.missing(place, "no key for '\(target.name)': \(wanted)")
        return variables.first.map { Credential(name: $0, secret: Secret("")) }
    }
}
