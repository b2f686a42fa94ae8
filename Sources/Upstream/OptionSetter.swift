import CCurl
internal import Routing

/// Sets options of one easy handle and keeps the first error.
final class OptionSetter {
    private let easy: UnsafeMutableRawPointer
    private(set) var outcome = CURLE_OK

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    func set(_ option: CURLoption, _ value: String?) { note(ccurl_set_string(easy, option, value)) }
    func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(easy, option, value)) }
    func setOffset(_ option: CURLoption, _ value: Int) { note(ccurl_set_offset(easy, option, curl_off_t(value))) }
    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) { note(ccurl_set_pointer(easy, option, value)) }
    /// libcurl copies the bytes.
    func set(_ option: CURLoption, _ value: [UInt8]) { note(ccurl_set_bytes(easy, option, value)) }
    func set(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        note(ccurl_set_list(easy, option, value))
    }
    func set(_ option: CURLoption, _ value: @escaping curl_write_callback) {
        note(ccurl_set_write(easy, option, value))
    }

    private func note(_ code: CURLcode) {
        if outcome == CURLE_OK { outcome = code }
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
