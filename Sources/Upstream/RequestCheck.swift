internal import Routing

extension UpstreamRequest {
    /// Longest path of a Unix domain socket that every platform takes (`sun_path` of macOS, its closing zero left out).
    private static var longestSocketPath: Int { 103 }

    /// Why this request must not reach the wire; nil for a sound one.
    ///
    /// Names the part and never shows it, since it may hold a key. Refused are:
    ///
    /// - A URL without `http://` or `https://`, or with spaces or control characters;
    /// - a method or a header name that is no token of RFC 9110;
    /// - a header value with CR, LF or NUL, which would write headers of its own;
    /// - a socket path that is too long.
    var defect: TransportError? {
        if !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            return malformed("the URL is not http:// or https://")
        }
        if url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) {
            return malformed("the URL has a space or control character")
        }
        if !method.isToken { return malformed("the method is not a token") }
        for header in headers {
            if !header.name.isToken { return malformed("a header name is not a token") }
            if header.value.utf8.contains(where: { $0 == 0x0d || $0 == 0x0a || $0 == 0 }) {
                return malformed("the value of header \(header.name) has a line break or NUL")
            }
        }
        if let path = unixSocket, path.utf8.count > Self.longestSocketPath || path.isEmpty || path.utf8.contains(0) {
            return malformed("the socket path is empty or longer than \(Self.longestSocketPath) bytes")
        }
        return nil
    }

    private func malformed(_ detail: String) -> TransportError { TransportError(.malformed, detail) }
}

extension String {
    /// One or more `tchar` of RFC 9110, section 5.6.2.
    fileprivate var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
