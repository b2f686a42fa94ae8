import CCurl
internal import Routing

extension OptionSetter {
    /// Everything of `request` but its headers, whose list must outlive the transfer.
    mutating func set(_ request: UpstreamRequest) {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.wholeMilliseconds)
        set(CURLOPT_TIMEOUT_MS, request.timeout.wholeMilliseconds)
        if let path = request.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if request.usesOwnConnection {
            set(CURLOPT_FRESH_CONNECT, 1)
            set(CURLOPT_FORBID_REUSE, 1)
        }
        let hasBody = !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method)
        if hasBody {
            set(CURLOPT_POST, 1)
            setOffset(CURLOPT_POSTFIELDSIZE_LARGE, request.body.count)
            set(CURLOPT_COPYPOSTFIELDS, request.body)
        } else if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        }
        let implied = hasBody ? "POST" : request.method == "HEAD" ? "HEAD" : "GET"
        if request.method != implied { set(CURLOPT_CUSTOMREQUEST, request.method) }
    }
}

extension UpstreamRequest {
    /// The headers as libcurl takes them; the caller frees the list.
    ///
    /// libcurl frames the body and the connection itself: what would contradict it is left out.
    func headerList() -> UnsafeMutablePointer<curl_slist>? {
        // Without the first, libcurl holds a large body back for a 100; without the second, it calls a body a form.
        var list = curl_slist_append(nil, "Expect:")
        var namesType = false
        for header in headers {
            let name = header.name.lowercased()
            guard !Self.framing.contains(name) else { continue }
            if name == "content-type" { namesType = true }
            // "Name:" would remove a header; "Name;" sends it empty.
            list =
                curl_slist_append(list, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
                ?? list
        }
        return namesType ? list : curl_slist_append(list, "Content-Type:") ?? list
    }

    /// Whether the caller decodes the body itself.
    var asksForCodings: Bool { headers.contains { $0.name.lowercased() == "accept-encoding" } }

    private static let framing: Set<String> = [
        "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "expect",
    ]
}

extension [HeaderField] {
    /// Without the headers that describe the coded body, where libcurl decodes it.
    func describingDecodedBody() -> Self {
        guard let coding = first(where: { $0.name == "content-encoding" }), coding.value.lowercased() != "identity"
        else {
            return self
        }
        return filter { $0.name != "content-encoding" && $0.name != "content-length" }
    }
}

extension Duration {
    /// Milliseconds for libcurl, rounded up and at least 1: 0 would mean its own default.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let thousandth: Int64 = 1_000_000_000_000_000
        let milliseconds = min(seconds, 1_000_000_000) * 1000 + (attoseconds + thousandth - 1) / thousandth
        // 2^31 - 1 is the most that libcurl takes where `long` has 32 bits, and 24 days are enough.
        return Int(min(max(milliseconds, 1), Int64(Int32.max)))
    }
}
