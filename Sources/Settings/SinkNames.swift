import Routing

/// Names of sinks, under which the outbox keeps what waits for them.
enum SinkNames {
    /// The type alone where it stands alone; of several each has a digest of its mark behind it, so that neither their order
    /// nor one that comes or goes beside them gives one's mail to another.
    static func of(_ sinks: [(type: String, mark: String)]) -> [String] {
        sinks.reduce(into: []) { names, sink in
            let isAlone = sinks.filter { $0.type == sink.type }.count == 1
            let name = isAlone ? sink.type : "\(sink.type)-\(digest(sink.mark))"
            let numbered = [name] + (2...(names.count + 2)).map { "\(name)-\($0)" }
            names.append(numbered.first { !names.contains($0) } ?? name)
        }
    }

    /// Six hexadecimal digits of the 32-bit FNV-1a hash.
    private static func digest(_ text: String) -> String {
        let hash = text.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return String(String(hash | 1 << 31, radix: 16).suffix(6))
    }
}

extension NinesConfig.Pager {
    /// What tells it from others of its type, without a secret.
    ///
    /// It is where it goes, and which variable holds its key; Slack's path is a key.
    var mark: String {
        switch sink {
        case .pagerDuty(let key, let url): "\(url.address(withPath: true)) \(key.reference)"
        case .slack(let url): url.address(withPath: false)
        case .ntfy(let url, _), .webhook(let url, _): url.address(withPath: true)
        case .terminal: ""
        }
    }
}

extension NinesConfig.Export {
    /// What tells it from others of its type, without a secret.
    var mark: String {
        switch service {
        case .langfuse(let publicKey, _, _): "\(host) \(publicKey)"
        case .helicone(let key): "\(host) \(key.reference)"
        }
    }
}

extension Credential {
    /// The variable that holds it; nothing where the file does, since its name then is its place in the file.
    fileprivate var reference: String { name.contains("[") ? "" : name }
}

extension Secret {
    /// Host, path and no query; addresses with a user are refused where they are read.
    fileprivate func address(withPath: Bool) -> String {
        let parts = reveal().prefix { $0 != "?" && $0 != "#" }.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropFirst(2).prefix(withPath ? .max : 1).joined(separator: "/")
    }
}
