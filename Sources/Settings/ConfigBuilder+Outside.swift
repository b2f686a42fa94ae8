import Routing

/// The kinds of pagers, with what each needs and takes.
enum PagerType: String, CaseIterable {
    case pagerduty, slack, ntfy, webhook, terminal

    var needed: [String] {
        switch self {
        case .pagerduty: ["routing_key"]
        case .slack, .ntfy, .webhook: ["url"]
        case .terminal: []
        }
    }

    var taken: [String] {
        switch self {
        case .pagerduty: ["url"]
        case .slack, .terminal: []
        case .ntfy: ["token"]
        case .webhook: ["secret"]
        }
    }

    /// Nil where a key that it needs is wrong or absent.
    func sink(_ section: Section) -> NinesConfig.Pager.Sink? {
        let url = section.secret("url")?.secret
        switch self {
        case .pagerduty:
            return section.secret("routing_key").map {
                .pagerDuty(routingKey: $0, url: url ?? Secret("https://events.pagerduty.com/v2/enqueue"))
            }
        case .slack: return url.map { .slack(url: $0) }
        case .ntfy: return url.map { .ntfy(url: $0, token: section.secret("token")) }
        case .webhook: return url.map { .webhook(url: $0, secret: section.secret("secret")) }
        case .terminal: return .terminal
        }
    }
}

/// The kinds of exports, with what each needs and takes.
enum ExportType: String, CaseIterable {
    case langfuse, helicone

    var needed: [String] {
        switch self {
        case .langfuse: ["public_key", "secret_key"]
        case .helicone: ["key"]
        }
    }

    var taken: [String] {
        switch self {
        case .langfuse: ["host", "mode", "prompts"]
        case .helicone: ["host", "prompts"]
        }
    }

    private var usualHost: String {
        switch self {
        case .langfuse: "https://cloud.langfuse.com"
        case .helicone: "https://api.worker.helicone.ai"
        }
    }

    func export(_ section: Section) -> NinesConfig.Export? {
        guard let service = service(section) else { return nil }
        let host = section.address("host")?.text ?? usualHost
        return NinesConfig.Export(name: rawValue, service: service, host: host)
    }

    private func service(_ section: Section) -> NinesConfig.Export.Service? {
        switch self {
        case .langfuse:
            // The public key of an unset variable is as empty as a secret one.
            guard section.given.contains("public_key"), let secret = section.secret("secret_key") else { return nil }
            let publicKey = section.text("public_key") ?? ""
            return .langfuse(publicKey: publicKey, secretKey: secret, mode: section.choice("mode") ?? .otlp)
        case .helicone:
            return section.secret("key").map { .helicone(key: $0) }
        }
    }
}

extension ConfigBuilder {
    mutating func readPagers(_ fields: [Field]) {
        for field in fields {
            guard case .section(let section) = field.value, let type: PagerType = section.choice("type") else {
                continue
            }
            checkKeys(section, "pager of type \(type.rawValue)", needed: type.needed, taken: type.taken + ["severity"])
            checkAddress(section, type)
            guard let sink = type.sink(section) else { continue }
            var pager = NinesConfig.Pager(name: type.rawValue, sink: sink)
            pager.leastSeverity = section.choice("severity") ?? pager.leastSeverity
            config.pagers.append(pager)
        }
        let names = SinkNames.of(config.pagers.map { ($0.name, $0.mark) })
        for index in config.pagers.indices { config.pagers[index].name = names[index] }
    }

    mutating func readExports(_ fields: [Field]) {
        for field in fields {
            guard case .section(let section) = field.value, let type: ExportType = section.choice("type") else {
                continue
            }
            checkKeys(section, "export of type \(type.rawValue)", needed: type.needed, taken: type.taken)
            if section.flag("prompts") == true {
                reader.error(
                    section["prompts"]?.place ?? section.place,
                    "prompts: true is not supported: Nines keeps no prompts, so that none can be sent; take it out"
                )
            }
            if let export = type.export(section) { config.exports.append(export) }
        }
        let names = SinkNames.of(config.exports.map { ($0.name, $0.mark) })
        for index in config.exports.indices { config.exports[index].name = names[index] }
    }

    private mutating func checkKeys(_ section: Section, _ owner: String, needed: [String], taken: [String]) {
        for key in needed where !section.given.contains(key) {
            reader.error(section.place, "\(owner) needs \(key)")
        }
        for key in section.given.sorted() where !(needed + taken + ["type"]).contains(key) {
            reader.warning(section[key]?.place ?? section.place, "\(key) has no effect: \(owner) does not take it")
        }
    }

    /// Slack's address is a key; an ntfy address without its topic reaches nobody.
    private mutating func checkAddress(_ section: Section, _ type: PagerType) {
        guard let url = section["url"], let credential = section.secret("url"), !credential.secret.isEmpty else {
            return
        }
        if type == .slack, credential.name == url.path {
            reader.warning(
                url.place,
                "url lets its holder post: put it in an environment variable and write os.environ/NAME"
            )
        }
        if type == .ntfy, credential.secret.reveal().split(separator: "/", omittingEmptySubsequences: false).count < 4 {
            reader.error(url.place, "url: expected an address with its topic, such as https://ntfy.sh/my-topic")
        }
    }
}
