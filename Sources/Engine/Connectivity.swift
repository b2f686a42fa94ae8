import Routing

/// Whether any provider can be reached, judged from what attempts and probes meet: offline is when no host answers.
///
/// A host answers when any HTTP answer comes from it, a refusal included. Hosts of this machine don't count where there
/// are others: a local model answers with the network gone.
struct Connectivity: Sendable {
    /// Base addresses, one a host.
    let hosts: [String: String]
    /// Since they last answered.
    private(set) var unreachable: Set<String> = []
    /// When the first of them could not be reached, in UTC milliseconds.
    private var firstFailure: Int64?
    /// UTC milliseconds; nil while some host may answer.
    private(set) var offlineSince: Int64?
    /// When it last ended, in UTC milliseconds; nil where it never began.
    private(set) var onlineSince: Int64?
    /// Some request found none of its routes: whoever can should ask the other hosts.
    private(set) var isInDoubt = false

    init(_ deployments: some Sequence<Deployment>) {
        let all = Dictionary(deployments.map { (host(of: $0.apiBase), $0.apiBase) }, uniquingKeysWith: { $1 })
        let outside = all.filter { !isLocal($0.key) }
        hosts = outside.isEmpty ? all : outside
    }

    /// The network is there; true where that is news.
    mutating func answered(_ apiBase: String, at now: Int64) -> Bool {
        guard hosts[host(of: apiBase)] != nil else { return false }
        defer {
            if offlineSince != nil { onlineSince = now }
            unreachable = []
            (firstFailure, offlineSince, isInDoubt) = (nil, nil, false)
        }
        return offlineSince != nil
    }

    /// The host could not be reached; true where none can and that is news.
    mutating func failed(_ apiBase: String, at now: Int64) -> Bool {
        let name = host(of: apiBase)
        guard hosts[name] != nil else { return false }
        unreachable.insert(name)
        firstFailure = firstFailure ?? now
        guard offlineSince == nil, unreachable.count == hosts.count else { return false }
        offlineSince = firstFailure
        return true
    }

    /// A request found no route.
    mutating func doubt() { isInDoubt = !unreachable.isEmpty && offlineSince == nil }

    /// What should be asked now: hosts not known to be out where there is doubt, all while offline.
    var questions: [String] {
        guard isInDoubt || offlineSince != nil else { return [] }
        return hosts.filter { offlineSince != nil || !unreachable.contains($0.key) }.values.sorted()
    }
}

/// `api.openai.com:443` of `https://api.openai.com:443/v1`.
private func host(of address: String) -> String {
    var rest = address[...]
    if let scheme = rest.firstIndex(of: ":"), rest[scheme...].hasPrefix("://") {
        rest = rest[rest.index(scheme, offsetBy: 3)...]
    }
    return String(rest.prefix { $0 != "/" })
}

private func isLocal(_ host: String) -> Bool {
    host.hasPrefix("127.") || host.hasPrefix("localhost") || host.hasPrefix("[::1]")
}
