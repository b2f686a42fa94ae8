/// Takes an `http` or `https` address apart.
///
/// - Throws: what was expected. Refused: other schemes, blanks, a user name or password, a fragment, a port out of range,
///   a query unless `hasQuery`, a path where an origin is asked for.
func parseAddress(
    _ text: String,
    isOrigin: Bool,
    hasQuery: Bool,
    _ expectation: String
) throws(Expected) -> WebAddress {
    let scheme = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }
    guard let scheme, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw Expected(expectation) }
    var rest = text.dropFirst(scheme.count)
    guard !rest.contains("#"), hasQuery || !rest.contains("?") else {
        throw Expected("an address without '?' and '#'")
    }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    rest = rest.dropFirst(authority.count)
    guard !authority.contains("@") else { throw Expected("an address without a user name or password") }
    let (host, _) = try hostAndPort(authority, defaultPort: 0, expectation)
    while rest.last == "/" { rest.removeLast() }
    guard !isOrigin || rest.isEmpty else { throw Expected(expectation) }
    return WebAddress(text: "\(scheme)\(authority)\(rest)", host: host, path: String(rest))
}

/// `127.0.0.1:4000`, `[::1]:4000`, `localhost:4000`; a port alone means loopback.
func parseListen(_ text: String, _ expectation: String) throws(Expected) -> Value {
    if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
        return .listen(host: "127.0.0.1", port: try port(text[...]))
    }
    let (host, port) = try hostAndPort(text[...], defaultPort: 4000, expectation)
    return .listen(host: host, port: port)
}

private func hostAndPort(
    _ text: Substring,
    defaultPort: Int,
    _ expectation: String
) throws(Expected) -> (host: String, port: Int) {
    var host = text
    var portText: Substring?
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
        host = text[text.index(after: text.startIndex)..<end]
        let after = text[text.index(after: end)...]
        guard host.contains(":"), after.isEmpty || after.hasPrefix(":") else { throw Expected(expectation) }
        if !after.isEmpty { portText = after.dropFirst() }
        guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { throw Expected(expectation) }
    } else {
        if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
        }
        let isHost = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
        guard isHost, !host.isEmpty else { throw Expected(expectation) }
    }
    return (host.lowercased(), try portText.map(port) ?? defaultPort)
}

private func port(_ text: Substring) throws(Expected) -> Int {
    guard let port = Int(text), (1...65_535).contains(port) else { throw Expected("a port from 1 to 65535") }
    return port
}
